/* SPDX-License-Identifier: MIT */
#ifndef VIRGLCMD_INLINE_WRITE_H
#define VIRGLCMD_INLINE_WRITE_H

#include <virglcmd/transfer.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Writes texels or bytes that travel in the stream to a box of a resource; needs no backing. A box
 * of any size: it is cut into as many packets as it takes, by layers, then rows of blocks, then
 * blocks of a row. For single packets see vcmd_resource_inline_write_packet.
 */
struct vcmd_resource_inline_write {
    uint32_t res_handle;   /* not 0 */
    uint32_t level;        /* mip level */
    uint32_t format;       /* enum vcmd_format of the resource: says how large a block is.
                              VCMD_FORMAT_R8_UNORM for buffers */
    struct vcmd_box box;   /* texels of the level; bytes in x and w for a buffer, h and d 1 */
    uint32_t stride;       /* bytes from one row of blocks to the next in data; 0: tight */
    uint32_t layer_stride; /* bytes from one layer to the next in data; 0: tight */
    const void *data;      /* read during the call only */
    size_t data_size;      /* bytes that may be read at data */
};

/*
 * Appends all packets, or nothing. Returns the buffer's status. Formats whose block size is unknown
 * or that have several planes: VCMD_STATUS_UNSUPPORTED. x and y must be multiples of the block.
 */
enum vcmd_status vcmd_resource_inline_write(struct vcmd_buffer *buf,
                                            const struct vcmd_resource_inline_write *args);

/* Dwords that vcmd_resource_inline_write appends; 0 for arguments that it refuses. */
size_t vcmd_resource_inline_write_dwords(const struct vcmd_resource_inline_write *args);

#ifdef __cplusplus
}
#endif

#endif
