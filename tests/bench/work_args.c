/* SPDX-License-Identifier: MIT */
#include "work.h"

static uint32_t constants[256] = {1, 2, 3};
static uint8_t bytes[4096] = {1, 2, 3};
static uint32_t colors[8] = {2};
static struct vcmd_viewport viewports[1] = {{{320, 240, 0.5f}, {320, 240, 0.5f}}};
static struct vcmd_vertex_buffer buffers[2] = {{16, 4, 5}, {32, 64, 6}};

/* n is what differs. */
#define ARGS(n)                                                                                    \
    {                                                                                              \
        .clear = {.buffers = VCMD_CLEAR_COLOR0 | VCMD_CLEAR_DEPTH,                                 \
                  .color = {.u = {(n), 2, 3, 4}},                                                  \
                  .depth = 1.0},                                                                   \
        .draw = {.start = (n),                                                                     \
                 .count = 3,                                                                       \
                 .mode = VCMD_PRIM_TRIANGLES,                                                      \
                 .instance_count = 1,                                                              \
                 .max_index = UINT32_MAX},                                                         \
        .blend = {.handle = (n) + 1,                                                               \
                  .rt[0] = {.blend_enable = true,                                                  \
                            .rgb_src_factor = VCMD_BLENDFACTOR_SRC_ALPHA,                          \
                            .rgb_dst_factor = VCMD_BLENDFACTOR_INV_SRC_ALPHA,                      \
                            .alpha_src_factor = VCMD_BLENDFACTOR_ONE,                              \
                            .alpha_dst_factor = VCMD_BLENDFACTOR_INV_SRC_ALPHA,                    \
                            .colormask = VCMD_MASK_RGBA}},                                         \
        .two_buffers = {2, buffers}, .one_buffer = {1, buffers}, .viewport = {0, 1, viewports},    \
        .framebuffer = {1, 3 + (n), colors},                                                       \
        .constants16 = {VCMD_SHADER_VERTEX, 0, 16, constants},                                     \
        .constants256 = {VCMD_SHADER_VERTEX, 0, 256, constants},                                   \
        .vertex_shader = {7 + (n), VCMD_SHADER_VERTEX},                                            \
        .fragment_shader = {9 + (n), VCMD_SHADER_FRAGMENT}, .write = {                             \
            .res_handle = (n) + 1,                                                                 \
            .format = VCMD_FORMAT_R8_UNORM,                                                        \
            .box = {.w = sizeof(bytes), .h = 1, .d = 1},                                           \
            .stride = sizeof(bytes),                                                               \
            .data = bytes,                                                                         \
            .data_size = sizeof(bytes)                                                             \
        }                                                                                          \
    }

struct work_args work_args[2] = {ARGS(0), ARGS(1)};
