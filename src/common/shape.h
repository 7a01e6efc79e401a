/* SPDX-License-Identifier: MIT */
#ifndef VCMD_SHAPE_H
#define VCMD_SHAPE_H

#include <virglcmd/device.h>
#include <virglcmd/enums.h>
#include <virglcmd/format.h>

/*
 * What resources are, and where boxes of their texels lie. Inline: the transports, captures and the
 * tool, which are libraries of their own, count the same way.
 *
 * The checker does not use it: it counts as hosts do, in 32 bits that wrap around.
 */

/* ---- descriptions ---- */

/*
 * For the initializer of a struct that describes a resource, from a pointer to another such: the
 * wire, the kernel, virglrenderer and this library have the same names for these fields. vtest has
 * structs without flags.
 */
#define VCMD_DESC_BUT_FLAGS(from)                                                                  \
    .target = (from)->target, .format = (from)->format, .bind = (from)->bind,                      \
    .width = (from)->width, .height = (from)->height, .depth = (from)->depth,                      \
    .array_size = (from)->array_size, .last_level = (from)->last_level,                            \
    .nr_samples = (from)->nr_samples
#define VCMD_DESC(from) VCMD_DESC_BUT_FLAGS(from), .flags = (from)->flags

/* Replaces the zeros that stand for a default, except that of backing_size. */
static inline void vcmd_desc_fill_defaults(struct vcmd_resource_desc *desc)
{
    bool cube = desc->target == VCMD_TEXTURE_CUBE || desc->target == VCMD_TEXTURE_CUBE_ARRAY;

    if (desc->format == 0 && desc->target == VCMD_BUFFER)
        desc->format = VCMD_FORMAT_R8_UNORM;
    if (desc->height == 0)
        desc->height = 1;
    if (desc->depth == 0)
        desc->depth = 1;
    if (desc->array_size == 0)
        desc->array_size = cube ? 6 : 1;
    /* Hosts before 1.0 take a single sample for multisampling. */
    if (desc->nr_samples == 1)
        desc->nr_samples = 0;
}

/* ---- levels ---- */

/* A side of a level, in texels. */
static inline uint32_t vcmd_minify(uint32_t size, uint32_t level)
{
    uint32_t small = level < 32 ? size >> level : 0;

    return small > 0 ? small : 1;
}

/* Layers of arrays and cubes do not shrink with the level, slices of 3D do. */
static inline void vcmd_level_texels(const struct vcmd_resource_desc *desc, uint32_t level,
                                     uint32_t size[3])
{
    size[0] = vcmd_minify(desc->width, level);
    size[1] = vcmd_minify(desc->height, level);
    size[2] = desc->target == VCMD_TEXTURE_3D ? vcmd_minify(desc->depth, level) : desc->array_size;
}

static inline bool vcmd_side_fits(int32_t start, int32_t length, uint32_t size)
{
    return start >= 0 && length >= 0 && (int64_t)start + length <= (int64_t)size;
}

/* The box of the transfer lies in its level, if there is such a level. */
static inline bool vcmd_box_fits(const struct vcmd_resource_desc *desc,
                                 const struct vcmd_transfer *transfer)
{
    const struct vcmd_box *box = &transfer->box;
    uint32_t size[3];

    vcmd_level_texels(desc, transfer->level, size);
    return vcmd_side_fits(box->x, box->w, size[0]) && vcmd_side_fits(box->y, box->h, size[1]) &&
           vcmd_side_fits(box->z, box->d, size[2]);
}

/* ---- blocks: a texel each, or several where the format is compressed ---- */

struct vcmd_block {
    uint32_t width, height, depth; /* texels */
    uint32_t bytes;
};

/* False: the format has no layout that is known. */
static inline bool vcmd_block_of(const struct vcmd_resource_desc *desc, struct vcmd_block *block)
{
    const struct vcmd_format_info *info = vcmd_format_info(desc->format);

    /* The width of a buffer counts bytes, whatever its format. */
    if (desc->target == VCMD_BUFFER) {
        *block = (struct vcmd_block){1, 1, 1, 1};
        return true;
    }
    if (!info || info->block_bits == 0 || info->block_bits % 8 != 0)
        return false;
    *block = (struct vcmd_block){info->block_width, info->block_height,
                                 info->block_depth ? info->block_depth : 1, info->block_bits / 8u};
    return true;
}

static inline uint64_t vcmd_blocks(uint64_t texels, uint32_t block)
{
    return (texels + block - 1) / block;
}

/* A level whose rows follow each other without gaps. */
struct vcmd_level {
    struct vcmd_block block;
    uint64_t stride; /* bytes from one row of blocks to the next */
    uint64_t rows;   /* of blocks, in a layer */
    uint64_t layers; /* of blocks */
};

/* False: as vcmd_block_of. */
static inline bool vcmd_level_of(const struct vcmd_resource_desc *desc, uint32_t index,
                                 struct vcmd_level *level)
{
    uint32_t size[3];

    if (!vcmd_block_of(desc, &level->block))
        return false;
    vcmd_level_texels(desc, index, size);
    level->stride = vcmd_blocks(size[0], level->block.width) * level->block.bytes;
    level->rows = vcmd_blocks(size[1], level->block.height);
    level->layers = vcmd_blocks(size[2], level->block.depth);
    return true;
}

/* ---- the rows of a box ---- */

/* Row r of layer l begins at l * layer_stride + r * stride. */
struct vcmd_rows {
    uint64_t bytes;  /* of one */
    uint64_t number; /* in a layer */
    uint64_t layers;
    uint64_t stride, layer_stride;
};

/* The box has no negative size; level is the transfer's. Zeros of the transfer are replaced. */
static inline void vcmd_rows_of(const struct vcmd_level *level,
                                const struct vcmd_transfer *transfer, struct vcmd_rows *rows)
{
    rows->bytes = vcmd_blocks((uint64_t)transfer->box.w, level->block.width) * level->block.bytes;
    rows->number = vcmd_blocks((uint64_t)transfer->box.h, level->block.height);
    rows->layers = vcmd_blocks((uint64_t)transfer->box.d, level->block.depth);
    rows->stride = transfer->stride ? transfer->stride : level->stride;
    rows->layer_stride =
        transfer->layer_stride ? transfer->layer_stride : rows->stride * level->rows;
}

/* Bytes from the first to the last, of a box that is not empty and fits some memory. */
static inline uint64_t vcmd_rows_span(const struct vcmd_rows *rows)
{
    return (rows->layers - 1) * rows->layer_stride + (rows->number - 1) * rows->stride +
           rows->bytes;
}

#endif
