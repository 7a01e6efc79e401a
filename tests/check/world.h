/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CHECK_WORLD_H
#define TESTS_CHECK_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <virglcmd/virglcmd.h>

/* A checker with a context and resources to make mistakes with, and a stream made by hand. */

#define WORLD_DWORDS 8192
#define WORLD_TOLD   256

enum {
    CONTEXT = 1,
    OTHER_CONTEXT = 2,
    /* Buffers of 256 bytes with backing, unless it says otherwise. */
    VERTICES = 10,
    INDICES = 11,
    CONSTANTS = 12,
    RESULTS = 13, /* bind CUSTOM, 16 bytes */
    BARE = 14,    /* without backing */
    STAGING = 15,
    DETACHED = 16, /* attached to no context */
    /* Textures. */
    TEXTURE = 20,     /* 2D, 64x32, three levels, B8G8R8A8 */
    SAMPLES = 21,     /* 2D, 64x32, 4 samples */
    VOLUME = 22,      /* 3D, 16x16x16 */
    FEW_SAMPLES = 23, /* 2D, 64x32, 2 samples */
    MISSING = 99
};

/* Handles of what world_scene creates. */
enum { ELEMENTS = 1, VERTEX, FRAGMENT, SURFACE, SAMPLER, VIEW, BLEND, QUERY };

struct world {
    struct vcmd_checker *checker;
    void *memory;
    uint32_t dwords[WORLD_DWORDS];
    size_t length;
    struct vcmd_check_result result;         /* of the last submit */
    struct vcmd_diagnostic told[WORLD_TOLD]; /* since the start */
    size_t num_told;
    const struct vcmd_caps *caps;
};

/* limits and caps may be NULL. */
void world_begin(struct world *world, const struct vcmd_check_limits *limits,
                 const struct vcmd_caps *caps);
void world_end(struct world *world);
void world_tell(void *user, const struct vcmd_diagnostic *diagnostic);

/* Appends a packet; with_payload false leaves it out, for headers that lie. */
void world_packet(struct world *world, uint32_t opcode, uint32_t object, const uint32_t *payload,
                  size_t count);
#define PACKET(world, opcode, object, ...)                                                         \
    world_packet(world, VCMD_CCMD_##opcode, object, (const uint32_t[]){__VA_ARGS__},               \
                 sizeof((const uint32_t[]){__VA_ARGS__}) / 4)
#define EMPTY(world, opcode) world_packet(world, VCMD_CCMD_##opcode, 0, NULL, 0)

/* A shader of a stage with a text; announced: bytes, 0 for those of the text with its NUL. */
void world_shader(struct world *world, uint32_t handle, uint32_t stage, const char *text,
                  uint32_t announced);

/* Submits what has been appended. */
void world_submit(struct world *world);

/* Everything that a draw needs, bound and submitted; nothing is wrong with it. */
void world_scene(struct world *world);

/*
 * Whether each fault of the last submit says of its field what the decoder reads there. Adds to
 * *seen how many there were; those that name no field, and the ends of ranges, are left out.
 */
bool world_values_are_true(const struct world *world, size_t *seen);

/* How often a code has been told of. */
size_t world_count(const struct world *world, uint32_t code);
/* The first of a code; NULL when there is none. */
const struct vcmd_diagnostic *world_find(const struct world *world, uint32_t code);

#endif
