/* SPDX-License-Identifier: MIT */
#include "work.h"
#include "counter_writer.h"
#include "unchecked.h"
#include <virglcmd/inline.h>

/* The rows that are one packet. */
#define ROW(name, command, member)                                                                 \
    static void name##_plain(struct vcmd_buffer *buf, const struct work_args *args)                \
    {                                                                                              \
        (void)vcmd_##command(buf, &args->member);                                                  \
    }                                                                                              \
    static void name##_counter(struct counter_writer *w, const struct work_args *args)             \
    {                                                                                              \
        counter_##command(w, &args->member);                                                       \
    }

#define INLINE_ROW(name, command, member)                                                          \
    ROW(name, command, member)                                                                     \
    static void name##_inlined(struct vcmd_buffer *buf, const struct work_args *args)              \
    {                                                                                              \
        (void)vcmd_##command##_inline(buf, &args->member);                                         \
    }

INLINE_ROW(clear, clear, clear)
INLINE_ROW(draw, draw_vbo, draw)
ROW(blend, create_blend, blend)
INLINE_ROW(buffers, set_vertex_buffers, two_buffers)
INLINE_ROW(viewport, set_viewport_state, viewport)
INLINE_ROW(constants16, set_constant_buffer, constants16)
INLINE_ROW(constants256, set_constant_buffer, constants256)
ROW(write, resource_inline_write, write)

/* The draw group, of which nothing is known where it is written. */
static void group_plain(struct vcmd_buffer *buf, const struct work_args *args)
{
    (void)vcmd_set_viewport_state(buf, &args->viewport);
    (void)vcmd_set_framebuffer_state(buf, &args->framebuffer);
    (void)vcmd_set_vertex_buffers(buf, &args->one_buffer);
    (void)vcmd_set_constant_buffer(buf, &args->constants16);
    (void)vcmd_bind_shader(buf, &args->vertex_shader);
    (void)vcmd_bind_shader(buf, &args->fragment_shader);
    (void)vcmd_draw_vbo(buf, &args->draw);
}

static void group_inlined(struct vcmd_buffer *buf, const struct work_args *args)
{
    struct vcmd_batch batch = vcmd_batch_begin(buf);

    vcmd_batch_set_viewport_state(&batch, &args->viewport);
    vcmd_batch_set_framebuffer_state(&batch, &args->framebuffer);
    vcmd_batch_set_vertex_buffers(&batch, &args->one_buffer);
    vcmd_batch_set_constant_buffer(&batch, &args->constants16);
    vcmd_batch_bind_shader(&batch, &args->vertex_shader);
    vcmd_batch_bind_shader(&batch, &args->fragment_shader);
    vcmd_batch_draw_vbo(&batch, &args->draw);
    (void)vcmd_batch_end(&batch);
}

static void group_counter(struct counter_writer *w, const struct work_args *args)
{
    counter_set_viewport_state(w, &args->viewport);
    counter_set_framebuffer_state(w, &args->framebuffer);
    counter_set_vertex_buffers(w, &args->one_buffer);
    counter_set_constant_buffer(w, &args->constants16);
    counter_bind_shader(w, &args->vertex_shader);
    counter_bind_shader(w, &args->fragment_shader);
    counter_draw_vbo(w, &args->draw);
}

/* As drivers have it: how many and which stage is in the code, all values come from memory. */
struct known {
    struct vcmd_set_viewport_state viewport;
    struct vcmd_set_framebuffer_state framebuffer;
    struct vcmd_set_vertex_buffers buffers;
    struct vcmd_set_constant_buffer constants;
    struct vcmd_bind_shader vertex, fragment;
};

static inline struct known known_args(const struct work_args *args)
{
    const struct known known = {
        .viewport = {0, 1, args->viewport.viewports},
        .framebuffer = {1, args->framebuffer.zsurf_handle, args->framebuffer.cbuf_handle},
        .buffers = {1, args->one_buffer.buffers},
        .constants = {VCMD_SHADER_VERTEX, 0, 16, args->constants16.data},
        .vertex = {args->vertex_shader.handle, VCMD_SHADER_VERTEX},
        .fragment = {args->fragment_shader.handle, VCMD_SHADER_FRAGMENT},
    };

    return known;
}

static void known_plain(struct vcmd_buffer *buf, const struct work_args *args)
{
    const struct known known = known_args(args);

    (void)vcmd_set_viewport_state(buf, &known.viewport);
    (void)vcmd_set_framebuffer_state(buf, &known.framebuffer);
    (void)vcmd_set_vertex_buffers(buf, &known.buffers);
    (void)vcmd_set_constant_buffer(buf, &known.constants);
    (void)vcmd_bind_shader(buf, &known.vertex);
    (void)vcmd_bind_shader(buf, &known.fragment);
    (void)vcmd_draw_vbo(buf, &args->draw);
}

static void known_inlined(struct vcmd_buffer *buf, const struct work_args *args)
{
    const struct known known = known_args(args);
    struct vcmd_batch batch = vcmd_batch_begin(buf);

    vcmd_batch_set_viewport_state(&batch, &known.viewport);
    vcmd_batch_set_framebuffer_state(&batch, &known.framebuffer);
    vcmd_batch_set_vertex_buffers(&batch, &known.buffers);
    vcmd_batch_set_constant_buffer(&batch, &known.constants);
    vcmd_batch_bind_shader(&batch, &known.vertex);
    vcmd_batch_bind_shader(&batch, &known.fragment);
    vcmd_batch_draw_vbo(&batch, &args->draw);
    (void)vcmd_batch_end(&batch);
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
    {"draw group, counts known", known_plain, known_inlined, group_counter},
    {"draw group, no checks", unchecked_calls, unchecked_line, group_counter},
};
const size_t num_works = sizeof(works) / sizeof(works[0]);
