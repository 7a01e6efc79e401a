/* SPDX-License-Identifier: MIT */
#ifndef VCMD_CAPTURE_RECORD_PRIVATE_H
#define VCMD_CAPTURE_RECORD_PRIVATE_H

#include <virglcmd/record.h>

#include "id_map.h"
#include "lock.h"

struct recorder {
    struct vcmd_capture_writer *writer;
    struct vcmd_log log;
    const struct vcmd_device_ops *inner;
    void *inner_self;

    /* Held while the host does something, so that the order of records is the host's. */
    struct vcmd_mutex mutex;
    bool broken;                     /* a record could not be written, and no more will be */
    struct capture_id_map resources; /* struct recorded_resource */
    size_t num_guest_kept;           /* of those */
    uint64_t num_submits;            /* the one that is being written included */
};

struct recorded_resource {
    struct vcmd_resource_desc desc;
    const void *memory;

    /* The host has no copy of it: what it reads is the memory. */
    bool guest_kept;
    bool memory_known; /* the capture has what was in it when it had this checksum */
    unsigned long checksum;
    uint64_t last_submit; /* the last one that it was looked at for; 0: none */
};

/* All need the mutex. */
void recorder_write(struct recorder *recorder, const struct vcmd_capture_record *record);
void recorder_check(struct recorder *recorder, enum vcmd_status status);

/* Writes what the memory holds that the commands of a stream will read. */
void recorder_write_memory_of_stream(struct recorder *recorder, const struct vcmd_buffer *buf);

#endif
