/* SPDX-License-Identifier: MIT */
#ifndef VCMD_LOOPBACK_OBJECTS_H
#define VCMD_LOOPBACK_OBJECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include <virglcmd/device.h>

#include "id_tree.h"

/* The device's tables: which contexts, resources and guest memory there are. */

struct model_resource {
    uint32_t id;
    struct vcmd_resource_desc desc; /* but for backing_size */
    struct iovec *backing;          /* virglrenderer reads it too, until it is detached */
    uint32_t num_backing;
    uint64_t backing_size;
};

struct model_context {
    uint32_t id;
    bool dead;               /* virglrenderer ignores whatever it gets for it */
    struct id_tree attached; /* resources, not owned */
    struct model_context *next;
};

/* ---- guest memory ---- */

struct guest_memory {
    void *root;
};

/* Page aligned and zeroed; NULL: no memory. */
void *guest_memory_alloc(struct guest_memory *memory, size_t size);

/*
 * False: start is not the start of a piece. *in_use: the device still uses the piece; the last
 * guest_memory_release will free it.
 */
bool guest_memory_free(struct guest_memory *memory, void *start, bool *in_use);

/*
 * The host's pointer to an address, when length bytes from there lie in one piece, else NULL. The
 * piece stays mapped until the pointer has been released.
 */
void *guest_memory_use(struct guest_memory *memory, uint64_t address, uint32_t length);
void guest_memory_release(struct guest_memory *memory, void *pointer);

/* Frees all that is left. */
void guest_memory_clear(struct guest_memory *memory);

#endif
