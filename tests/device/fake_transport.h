/* SPDX-License-Identifier: MIT */
#ifndef TESTS_DEVICE_FAKE_TRANSPORT_H
#define TESTS_DEVICE_FAKE_TRANSPORT_H

#include "support.h"

/*
 * A mock: a transport without a host. It implements struct vcmd_device_ops itself, fails on demand,
 * and watches that the device layer keeps the promises that transport.h makes to transports.
 */
enum fake_op {
    FAKE_OPEN,
    FAKE_GET_CAPSET,
    FAKE_CONTEXT_CREATE,
    FAKE_RESOURCE_CREATE,
    FAKE_ATTACH,
    FAKE_DETACH,
    FAKE_TRANSFER,
    FAKE_SUBMIT,
    FAKE_FENCE_WAIT,
    FAKE_NUM_OPS
};

struct fake_transport {
    /* Knobs. */
    enum vcmd_status fail[FAKE_NUM_OPS]; /* not OK: the operation does nothing but answer this */
    uint32_t capset_id;                  /* the only one it offers; 0: none */
    size_t capset_size;                  /* bytes of it that the host gives */
    uint32_t max_layers, max_samples;
    uint32_t max_2d, max_3d, max_cube; /* limits in it */
    uint32_t undrawable, unreadable;   /* formats that it denies; it has all others */
    uint64_t reached;                  /* fences up to this one are reached */

    /* What it has seen. */
    size_t calls[FAKE_NUM_OPS];
    size_t opened, contexts, resources, attached; /* alive now */
    char options[64];
    char name[128];                     /* of the last context */
    struct vcmd_resource_desc desc;     /* of the last resource */
    struct vcmd_transfer transfers[16]; /* the last is in number calls[FAKE_TRANSFER] - 1, mod 16 */
    struct vcmd_transfer transfer;      /* the last */
    uint32_t direction;
    size_t stream_length;
    uint64_t fence_waited, timeout;
    const char *broken; /* a promise that was broken, or NULL */
};

extern struct fake_transport fake;

/* Knobs back to a device that works. Nothing may be open. */
void fake_reset(void);

/* Opens a device, never NULL; its log is that of support.h. */
struct vcmd_device *fake_open(void);

extern const struct vcmd_transport fake_transport_entry;

/* Every object is gone, the device is closed, and no promise was broken. */
void assert_fake_clean(void);

#endif
