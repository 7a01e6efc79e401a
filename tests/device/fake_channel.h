/* SPDX-License-Identifier: MIT */
#ifndef TESTS_DEVICE_FAKE_CHANNEL_H
#define TESTS_DEVICE_FAKE_CHANNEL_H

#include "support.h"

/*
 * A mock: a control channel to a device that does not exist. It decodes the requests, keeps book of
 * contexts, resources and attachments, and answers as told. What a real device would refuse is
 * written down in broken, since the adapter must never send it.
 */
struct fake_channel {
    /* Knobs. */
    uint64_t features;
    uint32_t num_capsets;
    struct vcmd_ctrl_resp_ok_capset_info infos[20];
    size_t capset_given;          /* bytes of a capset that the device sends; 0: all */
    uint32_t fail_type;           /* requests of this type ... */
    uint32_t answer;              /* ... get this answer, and have no effect ... */
    size_t answer_size;           /* ... of so many bytes, at most 24 */
    enum vcmd_status lost;        /* not OK: execute answers this, and nothing reaches the device */
    enum vcmd_status wait_status; /* what waiting for a fence gives */
    bool late;                    /* requests are done, and answered later */
    bool no_memory;

    /* What it has seen. */
    size_t closes, contexts, resources, attached, pieces; /* pieces of memory */
    uint64_t last_fence;
    const char *broken;
};

struct fake_request {
    const void *place;  /* where it was; not to be followed */
    size_t size;        /* bytes */
    uint32_t words[64]; /* the first dwords, in the machine's order */
};

extern struct fake_channel channel;

/* A device with capset 2 of 1376 bytes that answers everything well. Nothing may be open. */
void channel_reset(void);

/* Through the device layer and the adapter. */
enum vcmd_status channel_try_open(struct vcmd_device **device);
struct vcmd_device *channel_open(void);

extern const struct vcmd_channel_ops fake_channel_ops;

/* The last request of a type, never NULL. */
const struct fake_request *channel_last(uint32_t type);

/* Nothing is left on the device, the channel was closed so often, and no rule was broken. */
void assert_channel_clean(size_t closes);

#endif
