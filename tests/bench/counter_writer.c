/* SPDX-License-Identifier: MIT */
#include "counter_writer.h"
#include <string.h>

/* Every dword goes this way. The store may change the counter, for all the compiler knows. */
static void put(struct counter_buffer *state, uint32_t dword)
{
    state->buf[state->cdw++] = dword;
}

static void put_float(struct counter_writer *w, float value)
{
    uint32_t bits;

    memcpy(&bits, &value, sizeof(bits));
    put(w->cbuf, bits);
}

static void put_header(struct counter_writer *w, uint32_t command, uint32_t object, uint32_t length)
{
    /* A driver would submit and begin again. */
    if (w->cbuf->cdw + length + 1 > w->capacity)
        w->cbuf->cdw = 0;
    put(w->cbuf, command | object << 8 | length << 16);
}

void counter_clear(struct counter_writer *w, const struct vcmd_clear *clear)
{
    uint64_t depth;
    int i;

    memcpy(&depth, &clear->depth, sizeof(depth));
    put_header(w, VCMD_CCMD_CLEAR, 0, 8);
    put(w->cbuf, clear->buffers);
    for (i = 0; i < 4; i++)
        put(w->cbuf, clear->color.u[i]);
    put(w->cbuf, (uint32_t)depth);
    put(w->cbuf, (uint32_t)(depth >> 32));
    put(w->cbuf, clear->stencil);
}

void counter_draw_vbo(struct counter_writer *w, const struct vcmd_draw_vbo *draw)
{
    put_header(w, VCMD_CCMD_DRAW_VBO, 0, 12);
    put(w->cbuf, draw->start);
    put(w->cbuf, draw->count);
    put(w->cbuf, draw->mode);
    put(w->cbuf, draw->indexed);
    put(w->cbuf, draw->instance_count);
    put(w->cbuf, (uint32_t)draw->index_bias);
    put(w->cbuf, draw->start_instance);
    put(w->cbuf, draw->primitive_restart);
    put(w->cbuf, draw->restart_index);
    put(w->cbuf, draw->min_index);
    put(w->cbuf, draw->max_index);
    put(w->cbuf, draw->count_from_so);
}

void counter_create_blend(struct counter_writer *w, const struct vcmd_create_blend *blend)
{
    int i;

    put_header(w, VCMD_CCMD_CREATE_OBJECT, VCMD_OBJECT_BLEND, 11);
    put(w->cbuf, blend->handle);
    put(w->cbuf, (uint32_t)blend->independent_blend_enable | (uint32_t)blend->logicop_enable << 1 |
                     (uint32_t)blend->dither << 2 | (uint32_t)blend->alpha_to_coverage << 3 |
                     (uint32_t)blend->alpha_to_one << 4);
    put(w->cbuf, blend->logicop_func);
    for (i = 0; i < 8; i++)
        put(w->cbuf, (uint32_t)blend->rt[i].blend_enable | blend->rt[i].rgb_func << 1 |
                         blend->rt[i].rgb_src_factor << 4 | blend->rt[i].rgb_dst_factor << 9 |
                         blend->rt[i].alpha_func << 14 | blend->rt[i].alpha_src_factor << 17 |
                         blend->rt[i].alpha_dst_factor << 22 | blend->rt[i].colormask << 27);
}

void counter_set_vertex_buffers(struct counter_writer *w,
                                const struct vcmd_set_vertex_buffers *args)
{
    uint32_t i;

    put_header(w, VCMD_CCMD_SET_VERTEX_BUFFERS, 0, 3 * args->num_buffers);
    for (i = 0; i < args->num_buffers; i++) {
        put(w->cbuf, args->buffers[i].stride);
        put(w->cbuf, args->buffers[i].buffer_offset);
        put(w->cbuf, args->buffers[i].res_handle);
    }
}

void counter_set_viewport_state(struct counter_writer *w,
                                const struct vcmd_set_viewport_state *args)
{
    uint32_t i;
    int k;

    put_header(w, VCMD_CCMD_SET_VIEWPORT_STATE, 0, 1 + 6 * args->num_viewports);
    put(w->cbuf, args->start_slot);
    for (i = 0; i < args->num_viewports; i++) {
        for (k = 0; k < 3; k++)
            put_float(w, args->viewports[i].scale[k]);
        for (k = 0; k < 3; k++)
            put_float(w, args->viewports[i].translate[k]);
    }
}

void counter_set_framebuffer_state(struct counter_writer *w,
                                   const struct vcmd_set_framebuffer_state *args)
{
    uint32_t i;

    put_header(w, VCMD_CCMD_SET_FRAMEBUFFER_STATE, 0, 2 + args->nr_cbufs);
    put(w->cbuf, args->nr_cbufs);
    put(w->cbuf, args->zsurf_handle);
    for (i = 0; i < args->nr_cbufs; i++)
        put(w->cbuf, args->cbuf_handle[i]);
}

void counter_set_constant_buffer(struct counter_writer *w,
                                 const struct vcmd_set_constant_buffer *args)
{
    uint32_t i;

    put_header(w, VCMD_CCMD_SET_CONSTANT_BUFFER, 0, 2 + args->num_dwords);
    put(w->cbuf, args->shader_type);
    put(w->cbuf, args->index);
    for (i = 0; i < args->num_dwords; i++)
        put(w->cbuf, args->data[i]);
}

void counter_bind_shader(struct counter_writer *w, const struct vcmd_bind_shader *args)
{
    put_header(w, VCMD_CCMD_BIND_SHADER, 0, 2);
    put(w->cbuf, args->handle);
    put(w->cbuf, args->type);
}

/* Bulk data is copied there, too. */
void counter_resource_inline_write(struct counter_writer *w,
                                   const struct vcmd_resource_inline_write *write)
{
    uint32_t dwords = (uint32_t)((write->data_size + 3) / 4);

    put_header(w, VCMD_CCMD_RESOURCE_INLINE_WRITE, 0, 11 + dwords);
    put(w->cbuf, write->res_handle);
    put(w->cbuf, write->level);
    put(w->cbuf, 0);
    put(w->cbuf, write->stride);
    put(w->cbuf, write->layer_stride);
    put(w->cbuf, (uint32_t)write->box.x);
    put(w->cbuf, (uint32_t)write->box.y);
    put(w->cbuf, (uint32_t)write->box.z);
    put(w->cbuf, (uint32_t)write->box.w);
    put(w->cbuf, (uint32_t)write->box.h);
    put(w->cbuf, (uint32_t)write->box.d);
    memcpy(w->cbuf->buf + w->cbuf->cdw, write->data, write->data_size);
    w->cbuf->cdw += dwords;
}
