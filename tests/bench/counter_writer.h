/* SPDX-License-Identifier: MIT */
#ifndef BENCH_COUNTER_WRITER_H
#define BENCH_COUNTER_WRITER_H

#include "work.h"

/* The commands of the draw group and the other rows, each out of line as in a driver. */
void counter_clear(struct counter_writer *w, const struct vcmd_clear *clear);
void counter_draw_vbo(struct counter_writer *w, const struct vcmd_draw_vbo *draw);
void counter_create_blend(struct counter_writer *w, const struct vcmd_create_blend *blend);
void counter_set_vertex_buffers(struct counter_writer *w,
                                const struct vcmd_set_vertex_buffers *args);
void counter_set_viewport_state(struct counter_writer *w,
                                const struct vcmd_set_viewport_state *args);
void counter_set_framebuffer_state(struct counter_writer *w,
                                   const struct vcmd_set_framebuffer_state *args);
void counter_set_constant_buffer(struct counter_writer *w,
                                 const struct vcmd_set_constant_buffer *args);
void counter_bind_shader(struct counter_writer *w, const struct vcmd_bind_shader *args);
void counter_resource_inline_write(struct counter_writer *w,
                                   const struct vcmd_resource_inline_write *write);

#endif
