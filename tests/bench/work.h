/* SPDX-License-Identifier: MIT */
#ifndef BENCH_WORK_H
#define BENCH_WORK_H

#include <virglcmd/virglcmd.h>

/*
 * A writer of the usual shape: each dword goes through a counter in a struct behind a pointer, and
 * each command is a function of its own. It checks nothing but the room.
 */
struct counter_buffer {
    unsigned int cdw;
    uint32_t *buf;
};

struct counter_writer {
    struct counter_buffer *cbuf;
    unsigned int capacity;
};

/*
 * What the rows of bench_encode write. It comes from a file of its own and is no constant, so that
 * no compiler can know what is in it. Two sets, taken in turns.
 */
struct work_args {
    struct vcmd_clear clear;
    struct vcmd_draw_vbo draw;
    struct vcmd_create_blend blend;
    struct vcmd_set_vertex_buffers two_buffers, one_buffer;
    struct vcmd_set_viewport_state viewport;
    struct vcmd_set_framebuffer_state framebuffer;
    struct vcmd_set_constant_buffer constants16, constants256;
    struct vcmd_bind_shader vertex_shader, fragment_shader;
    struct vcmd_resource_inline_write write;
};

extern struct work_args work_args[2];

/* Rows: pieces of a frame, each written in ways that must give the same dwords. */
struct work {
    const char *name;
    void (*plain)(struct vcmd_buffer *buf, const struct work_args *args);   /* out of line */
    void (*inlined)(struct vcmd_buffer *buf, const struct work_args *args); /* NULL: none */
    void (*counter)(struct counter_writer *w, const struct work_args *args);
};

extern const struct work works[];
extern const size_t num_works;

#endif
