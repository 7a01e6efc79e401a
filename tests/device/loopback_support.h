/* SPDX-License-Identifier: MIT */
#ifndef TESTS_DEVICE_LOOPBACK_SUPPORT_H
#define TESTS_DEVICE_LOOPBACK_SUPPORT_H

#include "support.h"

/* Opens the loopback with the log of support.h. */
enum vcmd_status loopback_try_open(const char *options, struct vcmd_device **device);
struct vcmd_device *loopback_open(void);

/* For groups of tests that share one device: stage_device. */
extern struct vcmd_device *stage_device;
int stage_setup_group(void **state);
int stage_teardown_group(void **state);

/*
 * A context of stage_device with a buffer for its commands. Errors end the test.
 */
struct stage {
    struct vcmd_context *context;
    struct vcmd_buffer buf;
    uint32_t memory[8192];
};

void stage_begin(struct stage *stage);
void stage_end(struct stage *stage);

/* A resource that is attached to the stage's context. */
struct vcmd_resource *stage_resource(struct stage *stage, const struct vcmd_resource_desc *desc);

/* A texture of one level that can be drawn to and sampled. */
struct vcmd_resource *stage_target(struct stage *stage, uint32_t format, uint32_t width,
                                   uint32_t height);

/* Sends the buffer, waits, and empties it. */
void stage_run(struct stage *stage);

/* Surface `handle` of a level and layer becomes the only colour attachment. */
void stage_draw_to(struct stage *stage, uint32_t handle, const struct vcmd_resource *resource,
                   uint32_t format, uint32_t level, uint32_t layer);

void stage_clear(struct stage *stage, float r, float g, float b, float a);

/* The whole of level 0, from the host. Points into the backing. */
const uint8_t *stage_read(struct stage *stage, struct vcmd_resource *resource);

/* Handles that stage_draw_state takes. */
enum {
    STAGE_BLEND = 100,
    STAGE_DSA,
    STAGE_RASTERIZER,
    STAGE_ELEMENTS,
    STAGE_VERTEX_SHADER,
    STAGE_FRAGMENT_SHADER
};

/*
 * All that a draw needs, but the fragment shader: no blending, no tests, a vertex shader that hands
 * on a position (four floats, the only vertex element), the viewport.
 */
void stage_draw_state(struct stage *stage, uint32_t width, uint32_t height, bool multisample);
void stage_fragment_shader(struct stage *stage, const char *text);

/* vertices: a buffer with count positions. */
void stage_draw(struct stage *stage, const struct vcmd_resource *vertices, uint32_t mode,
                uint32_t count);

/* A vertex buffer with positions from memory. */
struct vcmd_resource *stage_vertices(struct stage *stage, const float (*positions)[4],
                                     uint32_t count);

/* A rectangle over the whole viewport, for VCMD_PRIM_TRIANGLE_STRIP. */
extern const float stage_whole[4][4];

#endif
