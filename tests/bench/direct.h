/* SPDX-License-Identifier: MIT */
#ifndef BENCH_DIRECT_H
#define BENCH_DIRECT_H

#include <stddef.h>
#include <stdint.h>

/*
 * Frames straight into virglrenderer, in the process of a loopback device: virglrenderer exists
 * once in a process and belongs to one thread, so they run on that thread, in place of the next
 * stream that the device submits. The linker sends the library's calls of virgl_renderer_init and
 * virgl_renderer_submit_cmd through direct.c.
 */

/* What a frame took, in nanoseconds. */
struct direct_times {
    double submit; /* inside virgl_renderer_submit_cmd */
    double whole;  /* of a direct frame: until its fence was reached */
    double begun;  /* when virgl_renderer_submit_cmd was called, on bench_now()'s clock */
};

/* Whether the library's calls come through here: not with shared libraries. */
int direct_is_linked(void);

/* The next stream that the device submits is replaced by this one, with a fence of its own. */
void direct_next(uint32_t *dwords, size_t length);

/* Of the last stream. */
struct direct_times direct_last(void);

#endif
