/* SPDX-License-Identifier: MIT */
#ifndef BENCH_COUNTER_WRITER_H
#define BENCH_COUNTER_WRITER_H

#include "work.h"

/* The commands of the draw group and the other rows, each out of line as in a driver. */
void counter_clear(struct counter_writer *w, const struct vcmd_clear *clear);
void counter_draw_vbo(struct counter_writer *w, const struct vcmd_draw_vbo *draw);
void counter_create_blend(struct counter_writer *w, const struct vcmd_create_blend *blend);
void counter_vertex_buffers(struct counter_writer *w, const struct vcmd_vertex_buffer *buffers,
                            uint32_t count);
void counter_viewport(struct counter_writer *w, const struct vcmd_viewport *viewport);
void counter_framebuffer(struct counter_writer *w, uint32_t depth, uint32_t color);
void counter_constants(struct counter_writer *w, uint32_t stage, const uint32_t *words,
                       uint32_t count);
void counter_bind_shader(struct counter_writer *w, uint32_t handle, uint32_t stage);
void counter_inline_write(struct counter_writer *w, const struct vcmd_resource_inline_write *write);

#endif
