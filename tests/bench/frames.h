/* SPDX-License-Identifier: MIT */
#ifndef BENCH_FRAMES_H
#define BENCH_FRAMES_H

#include <virglcmd/virglcmd.h>

/*
 * What bench_loopback draws: small triangles over a target, each with 16 constants of its own. The
 * same stream for both ways of submitting it; only the resource ids come from the caller.
 */
#define FRAME_SIZE 64 /* pixels, each side */

/* Dwords that a frame of so many draws takes, with room to spare. */
size_t frame_capacity(size_t draws);

/* Sub-context, objects and state; once. */
void frame_setup(struct vcmd_buffer *buf, uint32_t target, uint32_t vertices);

/* A clear and the draws. */
void frame_draw(struct vcmd_buffer *buf, size_t draws);

/* The bytes of the vertex buffer. */
extern const float frame_vertices[12];

#endif
