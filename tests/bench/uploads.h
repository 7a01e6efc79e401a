/* SPDX-License-Identifier: MIT */
#ifndef BENCH_UPLOADS_H
#define BENCH_UPLOADS_H

#include <stdbool.h>
#include <virglcmd/device.h>
#include <virglcmd/virglcmd.h>

/*
 * Frames of many draws, each with vertices that change from frame to frame and travel inside the
 * stream: the whole frame is one submit.
 */
#define UPLOAD_DRAWS 1000
#define UPLOAD_SIZE  64 /* pixels, each side */

enum upload_method {
    UPLOAD_TRANSFER, /* TRANSFER3D from the buffer's own backing */
    UPLOAD_COPY,     /* COPY_TRANSFER3D from a staging buffer */
    UPLOAD_INLINE    /* RESOURCE_INLINE_WRITE: the bytes are in the stream */
};

/* By name; false: there is none. And the best that the host has. */
bool upload_method_by_name(const char *name, enum upload_method *method);
enum upload_method upload_method_best(const struct vcmd_caps *caps);
const char *upload_method_name(enum upload_method method);

struct uploads {
    struct vcmd_device *device;
    struct vcmd_context *context;
    struct vcmd_resource *target, *vertices, *staging;
    enum upload_method method;
    float *source; /* what is uploaded: backing of vertices or staging, or just memory */
    float own[UPLOAD_DRAWS * 12];
    struct vcmd_buffer buf;
    uint32_t *memory;
};

/* Resources and state, for a context of its own; the setup has been submitted. */
enum vcmd_status uploads_create(struct uploads *u, struct vcmd_device *device,
                                enum upload_method method);
void uploads_destroy(struct uploads *u);

/* Draws frame number `frame`, one submit, and waits for it. */
enum vcmd_status uploads_frame(struct uploads *u, uint32_t frame);

/* Reads the picture back: how many of the draws are not where that frame has them. */
enum vcmd_status uploads_check(struct uploads *u, uint32_t frame, uint32_t *wrong);

#endif
