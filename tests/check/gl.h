/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CHECK_GL_H
#define TESTS_CHECK_GL_H

#include "world.h"

/* See test_gl.c. */

enum {
    DEPTH = 28,            /* 2D, 64x32, depth and stencil */
    NO_ALPHA = 29,         /* 2D, 64x32, B8G8R8X8 */
    DEPTH_SAMPLES = 30,    /* 2D, 64x32, 4 samples, depth and stencil */
    RECTANGLE = 31,        /* 64x32 */
    SMALL_TEXELS = 32,     /* 2D, 64x32, 16 bits a texel */
    LAYERS = 33,           /* 2D, 64x32, four of them */
    BLOCKS = 34,           /* 2D, 64x32, S3TC */
    CUBES = 36,            /* two of them */
    INTEGERS = 35,         /* 2D, 64x32, R8G8B8A8_SINT */
    SCALED_DEPTH = 37,     /* 2D, 64x32, Z24X8 */
    RECTANGLE_FLOATS = 38, /* 64x32, R11G11B10_FLOAT */
    RECTANGLE_A8 = 39,     /* 64x32 */
    BLOCK_LAYERS = 44,     /* 2D, 64x32, four of them, S3TC */
    /* Handles. */
    ON_SAMPLES = 40,
    ON_DEPTH,
    ON_STAGING,
    OTHER
};

struct gl_case {
    const char *name;
    uint32_t code;
    void (*make)(struct world *w, bool bad);
};

struct gl_group {
    const struct gl_case *cases;
    size_t count;
};

extern const struct gl_group gl_textures, gl_blits;

/* Creates one of a resource; target 0 is its own, levels as in the packet. */
void make_view(struct world *w, uint32_t resource, uint32_t target, uint32_t levels);

#define CASE(code, make)                                                                           \
    {                                                                                              \
#make, VCMD_DIAGNOSTIC_##code, make                                                        \
    }

#define CLEAR(w) PACKET(w, CLEAR, 0, 4, 0, 0, 0, 0, 0, 0, 0)

#endif
