/* SPDX-License-Identifier: MIT */
#ifndef VIRGLCMD_BUFFER_H
#define VIRGLCMD_BUFFER_H

#include <virglcmd/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A command buffer over memory of the caller. Every encoder appends one packet to it, or nothing.
 *
 * An encoder that fails leaves the dwords and the length as they were, and the error sticks: each
 * later encoder returns it at once. So a chain of calls can be checked once, at its end:
 *
 *     uint32_t memory[256];
 *     struct vcmd_buffer buf;
 *     vcmd_buffer_init(&buf, memory, 256, 0);
 *     vcmd_set_viewport_state(&buf, &viewport);
 *     vcmd_draw_vbo(&buf, &draw);
 *     if (buf.error.status != VCMD_STATUS_OK)
 *         ...
 *
 * The dwords are little-endian whatever the machine: what a transport needs is their bytes.
 * A buffer is not locked; use one per thread.
 */
struct vcmd_buffer {
    uint32_t *dwords;        /* the caller's memory; the stream starts at dwords + headroom */
    size_t capacity;         /* dwords of memory in all, headroom included */
    size_t headroom;         /* dwords kept free in front of the stream */
    size_t length;           /* dwords of the stream so far, headroom not included */
    struct vcmd_error error; /* the first failure, or status VCMD_STATUS_OK */
};

/*
 * Headroom that suffices for every transport of this library: the virtio-gpu SUBMIT_3D header goes
 * there, so that a submit needs no copy. A smaller headroom works too and costs a copy.
 */
#define VCMD_BUFFER_HEADROOM 8

/*
 * dwords: memory of the caller for at least capacity dwords; it must stay valid and in place as
 * long as the buffer is used. NULL with capacity 0 makes a buffer in which nothing fits.
 * headroom over capacity is cut to capacity.
 */
void vcmd_buffer_init(struct vcmd_buffer *buf, uint32_t *dwords, size_t capacity, size_t headroom);

/* Empties the buffer and forgets the error; the memory stays. */
void vcmd_buffer_reset(struct vcmd_buffer *buf);

/* Dwords that still fit. 0 when the buffer has failed. */
size_t vcmd_buffer_space(const struct vcmd_buffer *buf);

/* The stream: buf->length dwords. */
const uint32_t *vcmd_buffer_stream(const struct vcmd_buffer *buf);

/* One dword in the byte order of the wire: for reading and patching a stream. */
uint32_t vcmd_le32(uint32_t value);

/* The bits of a float, for fields that take raw 32-bit words such as constants. */
uint32_t vcmd_float_bits(float value);

/*
 * Four raw words whose meaning follows from a format: the colour of a clear, a border colour.
 * f for normalised and float formats, i and u for integer formats.
 */
union vcmd_color {
    float f[4];
    int32_t i[4];
    uint32_t u[4];
};

#ifdef __cplusplus
}
#endif

#endif
