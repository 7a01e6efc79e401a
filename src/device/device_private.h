/* SPDX-License-Identifier: MIT */
#ifndef VCMD_DEVICE_PRIVATE_H
#define VCMD_DEVICE_PRIVATE_H

#include <virglcmd/device.h>
#include <virglcmd/transport.h>

#include "lock.h"

/*
 * The device layer: objects, their lives, and the checks that need no host. What talks to the host
 * is behind struct vcmd_device_ops.
 *
 * The mutex guards every field marked with (m). It is never held while an operation of the
 * transport runs: `calls` counts those, so that closing can wait for them.
 */
struct vcmd_device {
    struct vcmd_mutex mutex;
    struct vcmd_cond changed; /* calls, users or gone have changed */

    size_t references; /* (m) the opener's, and one for each context and resource left */
    size_t calls;      /* (m) threads that are inside the transport */
    bool closing;      /* (m) no new calls into the transport */
    bool gone;         /* (m) the transport has been closed */

    const char *transport_name;
    const struct vcmd_device_ops *ops;
    void *self;
    struct vcmd_log log;
    struct vcmd_caps caps;

    uint64_t last_fence;             /* (m) the highest number that a submit gave out */
    struct vcmd_context *contexts;   /* (m) */
    struct vcmd_resource *resources; /* (m) */
};

struct vcmd_context {
    struct vcmd_device *device;
    uint32_t id;
    size_t users; /* (m) threads that detach a resource of theirs from this context just now */
    bool dying;   /* (m) the host forgets it just now, and what is attached to it */
    struct vcmd_context *next, **link; /* (m) */
};

struct vcmd_resource {
    struct vcmd_device *device;
    uint32_t id;
    struct vcmd_resource_desc desc; /* without defaults; backing_size is what there is */
    void *memory;

    /* (m) Most resources are attached to one context, so a small array is the best table. */
    struct vcmd_context **contexts;
    size_t num_contexts, max_contexts;

    struct vcmd_resource *next, **link; /* (m) */
};

/*
 * Brackets around every use of the transport. False: the device is closed, and neither the
 * transport nor the log may be touched.
 */
bool vcmd_device_enter(struct vcmd_device *device);
void vcmd_device_leave(struct vcmd_device *device);

/*
 * The first step of destroying an object: locks, and waits for a close that is under way.
 * True: as vcmd_device_enter. Returns with the mutex locked in both cases.
 */
bool vcmd_device_enter_destroy(struct vcmd_device *device);

/* An object of the device has gone, or its opener. The last one frees the device. */
void vcmd_device_release(struct vcmd_device *device);

/* Enters the device when context and resource are of one; the caller leaves it when this is OK. */
enum vcmd_status vcmd_device_enter_pair(struct vcmd_context *context,
                                        struct vcmd_resource *resource, const char *what);

/* Attach table. Both need the mutex. */
bool vcmd_resource_is_attached(const struct vcmd_resource *resource,
                               const struct vcmd_context *context);
void vcmd_resource_forget_context(struct vcmd_resource *resource,
                                  const struct vcmd_context *context);

#endif
