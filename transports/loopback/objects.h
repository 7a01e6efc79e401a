/* SPDX-License-Identifier: MIT */
#ifndef VCMD_LOOPBACK_OBJECTS_H
#define VCMD_LOOPBACK_OBJECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>
#include <virglcmd/control.h>

/* The device's tables: which contexts, resources and guest memory there are. */

/* A tree of the C library (search.h) over structures that begin with their id. */
struct id_tree {
    void *root;
};

struct model_resource {
    uint32_t id;
    struct vcmd_ctrl_resource_create_3d desc;
    struct iovec *backing; /* virglrenderer reads it too, until it is detached */
    uint32_t num_backing;
    uint64_t backing_size;
};

struct model_context {
    uint32_t id;
    bool dead;               /* virglrenderer ignores whatever it gets for it */
    struct id_tree attached; /* resources, not owned */
    struct model_context *next;
};

/* NULL: unknown. */
void *id_tree_find(const struct id_tree *tree, uint32_t id);

/* False: no memory. An object that is there already stays. */
bool id_tree_add(struct id_tree *tree, void *object);

/* NULL: unknown. */
void *id_tree_remove(struct id_tree *tree, uint32_t id);

/* Takes out any object; NULL when there is none left. */
void *id_tree_pop(struct id_tree *tree);

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
