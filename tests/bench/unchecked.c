/* SPDX-License-Identifier: MIT */
#include "unchecked.h"
#include <string.h>

#if defined(__clang__)
#define OUT_OF_LINE __attribute__((noinline))
#else
#define OUT_OF_LINE __attribute__((noinline, noclone))
#endif

static inline uint32_t *viewport(uint32_t *p, const struct vcmd_set_viewport_state *args)
{
    p[0] = 7u << 16 | VCMD_CCMD_SET_VIEWPORT_STATE;
    p[1] = args->start_slot;
    memcpy(p + 2, args->viewports, 24);
    return p + 8;
}

static inline uint32_t *framebuffer(uint32_t *p, const struct vcmd_set_framebuffer_state *args)
{
    p[0] = 3u << 16 | VCMD_CCMD_SET_FRAMEBUFFER_STATE;
    p[1] = 1;
    p[2] = args->zsurf_handle;
    p[3] = args->cbuf_handle[0];
    return p + 4;
}

static inline uint32_t *vertex_buffer(uint32_t *p, const struct vcmd_set_vertex_buffers *args)
{
    p[0] = 3u << 16 | VCMD_CCMD_SET_VERTEX_BUFFERS;
    memcpy(p + 1, args->buffers, 12);
    return p + 4;
}

static inline uint32_t *constants(uint32_t *p, const struct vcmd_set_constant_buffer *args)
{
    p[0] = 18u << 16 | VCMD_CCMD_SET_CONSTANT_BUFFER;
    p[1] = args->shader_type;
    p[2] = args->index;
    memcpy(p + 3, args->data, 64);
    return p + 19;
}

static inline uint32_t *shader(uint32_t *p, const struct vcmd_bind_shader *args)
{
    p[0] = 2u << 16 | VCMD_CCMD_BIND_SHADER;
    p[1] = args->handle;
    p[2] = args->type;
    return p + 3;
}

static inline uint32_t *draw(uint32_t *p, const struct vcmd_draw_vbo *args)
{
    p[0] = 12u << 16 | VCMD_CCMD_DRAW_VBO;
    memcpy(p + 1, args, 48);
    return p + 13;
}

static inline uint32_t *end_of(const struct vcmd_buffer *buf)
{
    return buf->dwords + buf->headroom + buf->length;
}

void unchecked_line(struct vcmd_buffer *buf, const struct work_args *args)
{
    uint32_t *first = end_of(buf);
    uint32_t *p = viewport(first, &args->viewport);

    p = framebuffer(p, &args->framebuffer);
    p = vertex_buffer(p, &args->one_buffer);
    p = constants(p, &args->constants16);
    p = shader(p, &args->vertex_shader);
    p = shader(p, &args->fragment_shader);
    p = draw(p, &args->draw);
    buf->length += (size_t)(p - first);
}

#define FUNCTION(name, type)                                                                       \
    OUT_OF_LINE static void call_##name(struct vcmd_buffer *buf, const struct type *args)          \
    {                                                                                              \
        uint32_t *first = end_of(buf);                                                             \
                                                                                                   \
        buf->length += (size_t)(name(first, args) - first);                                        \
    }

FUNCTION(viewport, vcmd_set_viewport_state)
FUNCTION(framebuffer, vcmd_set_framebuffer_state)
FUNCTION(vertex_buffer, vcmd_set_vertex_buffers)
FUNCTION(constants, vcmd_set_constant_buffer)
FUNCTION(shader, vcmd_bind_shader)
FUNCTION(draw, vcmd_draw_vbo)

void unchecked_calls(struct vcmd_buffer *buf, const struct work_args *args)
{
    call_viewport(buf, &args->viewport);
    call_framebuffer(buf, &args->framebuffer);
    call_vertex_buffer(buf, &args->one_buffer);
    call_constants(buf, &args->constants16);
    call_shader(buf, &args->vertex_shader);
    call_shader(buf, &args->fragment_shader);
    call_draw(buf, &args->draw);
}
