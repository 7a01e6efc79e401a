/* SPDX-License-Identifier: MIT */
#include "work.h"
#include "counter_writer.h"
#include <virglcmd/inline.h>

const uint32_t work_constants[256] = {1, 2, 3};
const uint8_t work_bytes[4096] = {1, 2, 3};

/* Each row's arguments, made anew for each way of writing them. */
#define CLEAR_ARGS                                                                                 \
    {                                                                                              \
        .buffers = VCMD_CLEAR_COLOR0 | VCMD_CLEAR_DEPTH, .color = {.u = {n, 2, 3, 4}},             \
        .depth = 1.0                                                                               \
    }
#define DRAW_ARGS                                                                                  \
    {                                                                                              \
        .start = n, .count = 3, .mode = VCMD_PRIM_TRIANGLES, .instance_count = 1,                  \
        .max_index = UINT32_MAX                                                                    \
    }
#define VIEWPORT_ARGS                                                                              \
    {                                                                                              \
        .scale = {320, 240, 0.5f}, .translate = {(float)n, 240, 0.5f }                             \
    }
#define BUFFER_ARGS                                                                                \
    {                                                                                              \
        {16, n, 5},                                                                                \
        {                                                                                          \
            32, 64, 6                                                                              \
        }                                                                                          \
    }
#define WRITE_ARGS                                                                                 \
    {                                                                                              \
        .res_handle = n | 1, .format = VCMD_FORMAT_R8_UNORM, .box = {.w = 4096, .h = 1, .d = 1},   \
        .stride = 4096, .data = work_bytes, .data_size = sizeof(work_bytes)                        \
    }
#define BLEND_ARGS                                                                                 \
    {                                                                                              \
        .handle = n | 1, .rt[0] = {                                                                \
            .blend_enable = true,                                                                  \
            .rgb_src_factor = VCMD_BLENDFACTOR_SRC_ALPHA,                                          \
            .rgb_dst_factor = VCMD_BLENDFACTOR_INV_SRC_ALPHA,                                      \
            .alpha_src_factor = VCMD_BLENDFACTOR_ONE,                                              \
            .alpha_dst_factor = VCMD_BLENDFACTOR_INV_SRC_ALPHA,                                    \
            .colormask = VCMD_MASK_RGBA                                                            \
        }                                                                                          \
    }

static void clear_plain(struct vcmd_buffer *buf, uint32_t n)
{
    const struct vcmd_clear args = CLEAR_ARGS;

    (void)vcmd_clear(buf, &args);
}

static void clear_inlined(struct vcmd_buffer *buf, uint32_t n)
{
    const struct vcmd_clear args = CLEAR_ARGS;

    (void)vcmd_clear_inline(buf, &args);
}

static void clear_counter(struct counter_writer *w, uint32_t n)
{
    const struct vcmd_clear args = CLEAR_ARGS;

    counter_clear(w, &args);
}

static void draw_plain(struct vcmd_buffer *buf, uint32_t n)
{
    const struct vcmd_draw_vbo args = DRAW_ARGS;

    (void)vcmd_draw_vbo(buf, &args);
}

static void draw_inlined(struct vcmd_buffer *buf, uint32_t n)
{
    const struct vcmd_draw_vbo args = DRAW_ARGS;

    (void)vcmd_draw_vbo_inline(buf, &args);
}

static void draw_counter(struct counter_writer *w, uint32_t n)
{
    const struct vcmd_draw_vbo args = DRAW_ARGS;

    counter_draw_vbo(w, &args);
}

static void blend_plain(struct vcmd_buffer *buf, uint32_t n)
{
    const struct vcmd_create_blend args = BLEND_ARGS;

    (void)vcmd_create_blend(buf, &args);
}

static void blend_counter(struct counter_writer *w, uint32_t n)
{
    const struct vcmd_create_blend args = BLEND_ARGS;

    counter_create_blend(w, &args);
}

static void buffers_plain(struct vcmd_buffer *buf, uint32_t n)
{
    const struct vcmd_vertex_buffer buffers[2] = BUFFER_ARGS;
    const struct vcmd_set_vertex_buffers args = {2, buffers};

    (void)vcmd_set_vertex_buffers(buf, &args);
}

static void buffers_inlined(struct vcmd_buffer *buf, uint32_t n)
{
    const struct vcmd_vertex_buffer buffers[2] = BUFFER_ARGS;
    const struct vcmd_set_vertex_buffers args = {2, buffers};

    (void)vcmd_set_vertex_buffers_inline(buf, &args);
}

static void buffers_counter(struct counter_writer *w, uint32_t n)
{
    const struct vcmd_vertex_buffer buffers[2] = BUFFER_ARGS;

    counter_vertex_buffers(w, buffers, 2);
}

static void viewport_plain(struct vcmd_buffer *buf, uint32_t n)
{
    const struct vcmd_viewport viewport = VIEWPORT_ARGS;
    const struct vcmd_set_viewport_state args = {0, 1, &viewport};

    (void)vcmd_set_viewport_state(buf, &args);
}

static void viewport_inlined(struct vcmd_buffer *buf, uint32_t n)
{
    const struct vcmd_viewport viewport = VIEWPORT_ARGS;
    const struct vcmd_set_viewport_state args = {0, 1, &viewport};

    (void)vcmd_set_viewport_state_inline(buf, &args);
}

static void viewport_counter(struct counter_writer *w, uint32_t n)
{
    const struct vcmd_viewport viewport = VIEWPORT_ARGS;

    counter_viewport(w, &viewport);
}

static void constants16_plain(struct vcmd_buffer *buf, uint32_t n)
{
    const struct vcmd_set_constant_buffer args = {n & 1, 0, 16, work_constants};

    (void)vcmd_set_constant_buffer(buf, &args);
}

static void constants16_inlined(struct vcmd_buffer *buf, uint32_t n)
{
    const struct vcmd_set_constant_buffer args = {n & 1, 0, 16, work_constants};

    (void)vcmd_set_constant_buffer_inline(buf, &args);
}

static void constants16_counter(struct counter_writer *w, uint32_t n)
{
    counter_constants(w, n & 1, work_constants, 16);
}

static void constants256_plain(struct vcmd_buffer *buf, uint32_t n)
{
    const struct vcmd_set_constant_buffer args = {n & 1, 0, 256, work_constants};

    (void)vcmd_set_constant_buffer(buf, &args);
}

static void constants256_inlined(struct vcmd_buffer *buf, uint32_t n)
{
    const struct vcmd_set_constant_buffer args = {n & 1, 0, 256, work_constants};

    (void)vcmd_set_constant_buffer_inline(buf, &args);
}

static void constants256_counter(struct counter_writer *w, uint32_t n)
{
    counter_constants(w, n & 1, work_constants, 256);
}

static void write_plain(struct vcmd_buffer *buf, uint32_t n)
{
    const struct vcmd_resource_inline_write args = WRITE_ARGS;

    (void)vcmd_resource_inline_write(buf, &args);
}

static void write_counter(struct counter_writer *w, uint32_t n)
{
    const struct vcmd_resource_inline_write args = WRITE_ARGS;

    counter_inline_write(w, &args);
}

static void group_plain(struct vcmd_buffer *buf, uint32_t n)
{
    const struct vcmd_viewport viewport = VIEWPORT_ARGS;
    const uint32_t color = 2;
    const struct vcmd_vertex_buffer buffers[2] = BUFFER_ARGS;
    const struct vcmd_draw_vbo draw = DRAW_ARGS;
    const struct vcmd_set_viewport_state viewport_args = {0, 1, &viewport};
    const struct vcmd_set_framebuffer_state framebuffer_args = {1, 3, &color};
    const struct vcmd_set_vertex_buffers buffer_args = {1, buffers};
    const struct vcmd_set_constant_buffer constant_args = {0, 0, 16, work_constants};
    const struct vcmd_bind_shader vertex = {7, VCMD_SHADER_VERTEX};
    const struct vcmd_bind_shader fragment = {8, VCMD_SHADER_FRAGMENT};

    (void)vcmd_set_viewport_state(buf, &viewport_args);
    (void)vcmd_set_framebuffer_state(buf, &framebuffer_args);
    (void)vcmd_set_vertex_buffers(buf, &buffer_args);
    (void)vcmd_set_constant_buffer(buf, &constant_args);
    (void)vcmd_bind_shader(buf, &vertex);
    (void)vcmd_bind_shader(buf, &fragment);
    (void)vcmd_draw_vbo(buf, &draw);
}

static void group_inlined(struct vcmd_buffer *buf, uint32_t n)
{
    const struct vcmd_viewport viewport = VIEWPORT_ARGS;
    const uint32_t color = 2;
    const struct vcmd_vertex_buffer buffers[2] = BUFFER_ARGS;
    const struct vcmd_draw_vbo draw = DRAW_ARGS;
    const struct vcmd_set_viewport_state viewport_args = {0, 1, &viewport};
    const struct vcmd_set_framebuffer_state framebuffer_args = {1, 3, &color};
    const struct vcmd_set_vertex_buffers buffer_args = {1, buffers};
    const struct vcmd_set_constant_buffer constant_args = {0, 0, 16, work_constants};
    const struct vcmd_bind_shader vertex = {7, VCMD_SHADER_VERTEX};
    const struct vcmd_bind_shader fragment = {8, VCMD_SHADER_FRAGMENT};

    (void)vcmd_set_viewport_state_inline(buf, &viewport_args);
    (void)vcmd_set_framebuffer_state_inline(buf, &framebuffer_args);
    (void)vcmd_set_vertex_buffers_inline(buf, &buffer_args);
    (void)vcmd_set_constant_buffer_inline(buf, &constant_args);
    (void)vcmd_bind_shader_inline(buf, &vertex);
    (void)vcmd_bind_shader_inline(buf, &fragment);
    (void)vcmd_draw_vbo_inline(buf, &draw);
}

static void group_counter(struct counter_writer *w, uint32_t n)
{
    const struct vcmd_viewport viewport = VIEWPORT_ARGS;
    const struct vcmd_vertex_buffer buffers[2] = BUFFER_ARGS;
    const struct vcmd_draw_vbo draw = DRAW_ARGS;

    counter_viewport(w, &viewport);
    counter_framebuffer(w, 3, 2);
    counter_vertex_buffers(w, buffers, 1);
    counter_constants(w, 0, work_constants, 16);
    counter_bind_shader(w, 7, VCMD_SHADER_VERTEX);
    counter_bind_shader(w, 8, VCMD_SHADER_FRAGMENT);
    counter_draw_vbo(w, &draw);
}

const struct work works[] = {
    {"CLEAR", clear_plain, clear_inlined, clear_counter},
    {"DRAW_VBO", draw_plain, draw_inlined, draw_counter},
    {"BLEND", blend_plain, NULL, blend_counter},
    {"SET_VERTEX_BUFFERS x2", buffers_plain, buffers_inlined, buffers_counter},
    {"SET_VIEWPORT_STATE", viewport_plain, viewport_inlined, viewport_counter},
    {"constants, 16 floats", constants16_plain, constants16_inlined, constants16_counter},
    {"constants, 256 floats", constants256_plain, constants256_inlined, constants256_counter},
    {"inline write, 4 KiB", write_plain, NULL, write_counter},
    {"draw group", group_plain, group_inlined, group_counter},
};
const size_t num_works = sizeof(works) / sizeof(works[0]);
