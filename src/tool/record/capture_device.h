/* SPDX-License-Identifier: MIT */
#ifndef VCMD_TOOL_RECORD_CAPTURE_DEVICE_H
#define VCMD_TOOL_RECORD_CAPTURE_DEVICE_H

#include <virglcmd/capture.h>
#include <virglcmd/transport.h>

/*
 * A device that does nothing, under the library's recorder: what was observed is done once more
 * with the recorder, and so the capture of a program is made by the code that records devices.
 */
struct capture_device {
    /* What the operations give out. */
    struct {
        void *bytes;
        size_t size;
    } capsets[2];
    uint32_t next_resource;
    void *next_memory;
    uint64_t fence;

    /* The recorder. */
    const struct vcmd_device_ops *ops;
    void *self;
};

/* The only context. */
#define CAPTURE_CONTEXT 1u

/* With a context. On failure nothing is left; the capsets stay the caller's in any case. */
enum vcmd_status capture_device_open(struct capture_device *device,
                                     struct vcmd_capture_writer *writer, const char *name);
void capture_device_close(struct capture_device *device);

#endif
