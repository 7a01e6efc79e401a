/* SPDX-License-Identifier: MIT */
#ifndef TESTS_DEVICE_RAW_DEVICE_H
#define TESTS_DEVICE_RAW_DEVICE_H

#include "support.h"

/*
 * The loopback's device model on its own, without adapter and device layer: raw bytes of control
 * commands in, raw bytes of responses out.
 */
void raw_open(void);
void raw_close(void);

/* The last response: its dwords in the machine's order, and its bytes. */
extern uint32_t raw_words[512];
extern size_t raw_size;

/* What to send: encode into it. */
extern struct vcmd_buffer raw_buf;

/*
 * Sends the first size bytes of raw_buf and expects a response of that type. Errors must come with
 * a line in the log, success without an error there.
 */
void raw_send(size_t size, uint32_t expected, const char *file, int line);

/* Encodes one request by its encoder vcmd_ctrl_NAME and sends it. Fields follow. */
#define raw_run(expected, name, ...)                                                               \
    do {                                                                                           \
        struct vcmd_ctrl_##name raw_args_ = {__VA_ARGS__};                                         \
                                                                                                   \
        vcmd_buffer_reset(&raw_buf);                                                               \
        assert_int_equal(vcmd_ctrl_##name(&raw_buf, &raw_args_), VCMD_STATUS_OK);                  \
        raw_send(raw_buf.length * 4, (expected), __FILE__, __LINE__);                              \
    } while (0)

/* Creates and destroys a resource: whether the device takes it. */
bool raw_create(const struct vcmd_ctrl_resource_create_3d *create);

/* Guest memory. */
void *raw_alloc(size_t size);
void raw_free(void *piece);

enum vcmd_status raw_wait_fence(uint64_t fence, uint64_t timeout_ns);

#endif
