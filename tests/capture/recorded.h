/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CAPTURE_RECORDED_H
#define TESTS_CAPTURE_RECORDED_H

#include "fake_device.h"
#include "memory_file.h"

#include <virglcmd/record.h>

/* A fake device that is recorded into memory. Starts zeroed. */
struct recorded {
    struct memory_file file;
    struct vcmd_capture_writer *writer;
    struct vcmd_device *device;
    size_t warnings;
};

void open_recorded(struct recorded *r);

/* Closes the device, and opens the file for reading. */
struct vcmd_capture_reader *finish(struct recorded *r);

/* The next record that is not of the beginning of each capture. */
void next(struct vcmd_capture_reader *reader, struct vcmd_capture_record *record);

/* The same, which must be of that type. */
void expect_type(struct vcmd_capture_reader *reader, struct vcmd_capture_record *record,
                 uint32_t type);

/* A stream of one packet with the value in it; memory has 64 dwords. */
void encode_something(struct vcmd_buffer *buf, uint32_t *memory, uint32_t value);

#endif
