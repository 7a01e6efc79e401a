/* SPDX-License-Identifier: MIT */
#ifndef PARITY_WORLD_H
#define PARITY_WORLD_H

#include <stddef.h>
#include <stdint.h>

#include <virglcmd/packet.h>

#include "random.h"
#include "seed.h"

#define PARITY_OBJECTS      512
#define PARITY_SUB_CONTEXTS 16

/* Beside those of enum vcmd_object_type; below 32, so that kinds can be bits of a word. */
#define PARITY_VIDEO_CODEC  30
#define PARITY_VIDEO_BUFFER 31

struct parity_object {
    uint32_t sub_context, handle;
    uint8_t type;  /* enum vcmd_object_type, or one of the two above */
    uint8_t stage; /* enum vcmd_shader_type, for shaders */
};

/* What the packets of a context so far have left: what the next one can mean. */
struct parity_world {
    const struct parity_resource *resources;
    size_t resource_count;
    struct parity_object objects[PARITY_OBJECTS]; /* when there are more, the last is replaced */
    size_t object_count;
    uint32_t sub_contexts[PARITY_SUB_CONTEXTS]; /* beside 0, which is always there */
    size_t sub_context_count;
    uint32_t sub_context; /* the current one */
    uint32_t next;        /* a number that no object and no sub-context has */
};

/* A new context to which the resources belong; they stay the caller's. */
void parity_world_begin(struct parity_world *world, const struct parity_resource *resources,
                        size_t count);

/* Follows a packet that is taken by the host. Other ones than it knows change nothing. */
void parity_world_see(struct parity_world *world, const uint32_t *packet, size_t length);

/* Any object of the current sub-context whose type is a bit of types; NULL: there is none. */
const struct parity_object *parity_world_object(const struct parity_world *world, uint32_t types,
                                                struct parity_random *random);

/* The newest with that handle in the current sub-context; NULL: there is none. */
const struct parity_object *parity_world_find(const struct parity_world *world, uint32_t handle);

/* The types, as bits, that a handle of a kind can stand for. */
uint32_t parity_handle_types(uint8_t handle_kind);

#endif
