/* SPDX-License-Identifier: MIT */
#include <virglcmd/enums.h>
#include <virglcmd/format.h>
#include <virglcmd/formats.h>

#include "layout.h"

/* The unit of a format: a texel, or a block of texels where the format is compressed. */
struct block {
    uint32_t width, height, depth;
    uint32_t bytes;
};

static bool get_block(const struct vcmd_resource_desc *desc, struct block *block)
{
    const struct vcmd_format_info *info = vcmd_format_info(desc->format);

    /* The width of a buffer counts bytes, whatever its format. */
    if (desc->target == VCMD_BUFFER) {
        *block = (struct block){1, 1, 1, 1};
        return true;
    }
    if (!info || info->block_bits == 0 || info->block_bits % 8 != 0)
        return false;
    block->width = info->block_width;
    block->height = info->block_height;
    block->depth = info->block_depth ? info->block_depth : 1;
    block->bytes = info->block_bits / 8;
    return true;
}

static uint32_t minify(uint32_t size, uint32_t level)
{
    uint32_t small = level < 32 ? size >> level : 0;

    return small > 0 ? small : 1;
}

static uint64_t blocks(uint64_t texels, uint32_t block)
{
    return (texels + block - 1) / block;
}

/* A level in texels. Layers of arrays and cubes do not shrink with the level, slices of 3D do. */
static void level_size(const struct vcmd_resource_desc *desc, uint32_t level, uint32_t size[3])
{
    size[0] = minify(desc->width, level);
    size[1] = minify(desc->height, level);
    size[2] = desc->target == VCMD_TEXTURE_3D ? minify(desc->depth, level) : desc->array_size;
}

/* One level without its place. False when a stride does not fit its type. */
static bool level_strides(const struct vcmd_resource_desc *desc, const struct block *block,
                          uint32_t level, struct vcmd_level_layout *layout, uint32_t *layers)
{
    uint32_t size[3];
    uint64_t stride, layer_stride;

    level_size(desc, level, size);
    stride = blocks(size[0], block->width) * block->bytes;
    if (stride > UINT32_MAX)
        return false;
    layer_stride = stride * blocks(size[1], block->height);
    if (layer_stride > UINT32_MAX)
        return false;
    layout->stride = (uint32_t)stride;
    layout->layer_stride = (uint32_t)layer_stride;
    *layers = (uint32_t)blocks(size[2], block->depth);
    return true;
}

/* The bytes of the levels in front of `end`, and the layout of level `end` when there is one. */
static enum vcmd_status walk_levels(const struct vcmd_resource_desc *desc, uint32_t end,
                                    struct vcmd_level_layout *layout, uint32_t *layers)
{
    struct block block;
    uint64_t offset = 0;

    if (!get_block(desc, &block))
        return VCMD_STATUS_UNKNOWN_VALUE;
    for (uint32_t level = 0;; level++) {
        uint64_t bytes;

        layout->offset = offset;
        if (level > desc->last_level)
            return VCMD_STATUS_OK;
        if (!level_strides(desc, &block, level, layout, layers))
            return VCMD_STATUS_OUT_OF_RANGE;
        if (level == end)
            return VCMD_STATUS_OK;
        bytes = (uint64_t)layout->layer_stride * *layers;
        if (bytes > UINT64_MAX - offset)
            return VCMD_STATUS_OUT_OF_RANGE;
        offset += bytes;
    }
}

enum vcmd_status vcmd_layout_level(const struct vcmd_resource_desc *desc, uint32_t level,
                                   struct vcmd_level_layout *layout, uint32_t *layers)
{
    uint32_t unused;

    if (level > desc->last_level)
        return VCMD_STATUS_OUT_OF_RANGE;
    return walk_levels(desc, level, layout, layers ? layers : &unused);
}

enum vcmd_status vcmd_layout_total(const struct vcmd_resource_desc *desc, uint64_t *size)
{
    struct vcmd_level_layout layout = {0};
    uint32_t layers;
    enum vcmd_status status = walk_levels(desc, UINT32_MAX, &layout, &layers);

    *size = layout.offset;
    return status;
}

/* ---- transfers ---- */

void vcmd_transfer_whole(const struct vcmd_resource_desc *desc, struct vcmd_transfer *transfer)
{
    uint32_t size[3];

    level_size(desc, 0, size);
    *transfer = (struct vcmd_transfer){
        .box = {.w = (int32_t)size[0], .h = (int32_t)size[1], .d = (int32_t)size[2]}};
}

static bool fits(int32_t start, int32_t length, uint32_t size)
{
    return start >= 0 && length >= 0 && (int64_t)start + length <= (int64_t)size;
}

static bool box_fits(const struct vcmd_resource_desc *desc, const struct vcmd_transfer *transfer)
{
    const struct vcmd_box *box = &transfer->box;
    uint32_t size[3];

    level_size(desc, transfer->level, size);
    return fits(box->x, box->w, size[0]) && fits(box->y, box->h, size[1]) &&
           fits(box->z, box->d, size[2]);
}

/* The host's arithmetic, in 64 bits: its own may wrap around. */
static enum vcmd_status check_bytes(const struct vcmd_resource_desc *desc,
                                    const struct vcmd_transfer *transfer,
                                    const struct vcmd_level_layout *layout,
                                    const struct block *block, const char **why)
{
    uint64_t row = blocks((uint64_t)transfer->box.w, block->width) * block->bytes;
    uint64_t rows = blocks((uint64_t)transfer->box.h, block->height);
    uint64_t layers = blocks((uint64_t)transfer->box.d, block->depth);
    uint64_t stride = transfer->stride ? transfer->stride : layout->stride;
    uint64_t level_rows = layout->stride ? layout->layer_stride / layout->stride : 0;
    uint64_t layer_stride = transfer->layer_stride ? transfer->layer_stride : stride * level_rows;
    uint64_t bytes;
    bool fits_backing;

    if (row == 0 || rows == 0 || layers == 0)
        return VCMD_STATUS_OK;
    if (stride % block->bytes != 0) { /* hosts count rows in blocks */
        *why = "stride is not a whole number of the format's blocks";
        return VCMD_STATUS_OUT_OF_RANGE;
    }
    if (stride < row) {
        *why = "stride is smaller than a row of the box";
        return VCMD_STATUS_OUT_OF_RANGE;
    }
    if (layer_stride == 0 || layer_stride < stride * rows) {
        *why = "layer_stride is smaller than the rows of the box";
        return VCMD_STATUS_OUT_OF_RANGE;
    }
    /* Division, because 2^31 layers of 2^63 bytes do not multiply in 64 bits. */
    fits_backing = rows * stride <= INT64_MAX && layers - 1 <= INT64_MAX / layer_stride;
    if (fits_backing) {
        bytes = (layers - 1) * layer_stride + (rows - 1) * stride + row;
        fits_backing = transfer->offset <= desc->backing_size &&
                       bytes <= desc->backing_size - transfer->offset;
    }
    if (!fits_backing) {
        *why = "the box does not fit the backing";
        return VCMD_STATUS_OUT_OF_RANGE;
    }
    return VCMD_STATUS_OK;
}

enum vcmd_status vcmd_transfer_check(const struct vcmd_resource_desc *desc,
                                     const struct vcmd_transfer *transfer, const char **why)
{
    struct vcmd_level_layout layout;
    enum vcmd_status status;
    struct block block;

    if (transfer->level > desc->last_level) {
        *why = "the resource does not have this level";
        return VCMD_STATUS_OUT_OF_RANGE;
    }
    if (!box_fits(desc, transfer)) {
        *why = "the box is not inside the level";
        return VCMD_STATUS_OUT_OF_RANGE;
    }
    status = vcmd_layout_level(desc, transfer->level, &layout, NULL);
    if (status != VCMD_STATUS_OK || !get_block(desc, &block)) {
        *why = "the format has no layout";
        return VCMD_STATUS_UNKNOWN_VALUE;
    }
    return check_bytes(desc, transfer, &layout, &block, why);
}

static bool is_whole_layer(const struct vcmd_resource_desc *desc,
                           const struct vcmd_transfer *transfer)
{
    const struct vcmd_box *box = &transfer->box;
    uint32_t size[3];

    level_size(desc, transfer->level, size);
    return (uint32_t)box->w == size[0] && (uint32_t)box->h == size[1];
}

enum vcmd_status vcmd_readback_check(const struct vcmd_resource_desc *desc,
                                     const struct vcmd_caps *caps,
                                     const struct vcmd_transfer *transfer, const char **why)
{
    const struct vcmd_format_info *info = vcmd_format_info(desc->format);

    if (desc->target == VCMD_BUFFER)
        return VCMD_STATUS_OK;
    if (vcmd_caps_has(caps, VCMD_CAPS_SUPPORTED_READBACK_FORMATS) &&
        !vcmd_caps_has_format(caps, desc->format, VCMD_FORMAT_USE_READBACK)) {
        *why = "the host cannot read textures of this format back";
        return VCMD_STATUS_UNSUPPORTED;
    }
    /* What can be drawn to is read from a framebuffer, the rest by whole images. */
    if (info->colorspace == VCMD_COLORSPACE_ZS ||
        vcmd_caps_has_format(caps, desc->format, VCMD_FORMAT_USE_RENDER) ||
        is_whole_layer(desc, transfer))
        return VCMD_STATUS_OK;
    *why = "the host can read this format back by whole layers only, since it cannot draw to it";
    return VCMD_STATUS_UNSUPPORTED;
}

/* ---- layers ---- */

/* Bytes from row to row and from layer to layer in the backing; needs a good transfer. */
static void backing_strides(const struct vcmd_resource_desc *desc,
                            const struct vcmd_transfer *transfer, uint64_t *stride,
                            uint64_t *layer_stride)
{
    struct vcmd_level_layout layout = {0};
    uint64_t rows;

    (void)vcmd_layout_level(desc, transfer->level, &layout, NULL);
    rows = layout.stride ? layout.layer_stride / layout.stride : 0;
    *stride = transfer->stride ? transfer->stride : layout.stride;
    *layer_stride = transfer->layer_stride ? transfer->layer_stride : *stride * rows;
}

bool vcmd_transfer_is_split(const struct vcmd_resource_desc *desc, uint32_t direction,
                            const struct vcmd_transfer *transfer)
{
    uint64_t stride, layer_stride;

    if (desc->target == VCMD_BUFFER || transfer->box.d <= 1)
        return false;
    if (direction == VCMD_TRANSFER_FROM_HOST || desc->target == VCMD_TEXTURE_CUBE)
        return true;
    backing_strides(desc, transfer, &stride, &layer_stride);
    if (desc->target == VCMD_TEXTURE_1D_ARRAY)
        return layer_stride != stride;
    return stride == 0 || layer_stride % stride != 0;
}

void vcmd_transfer_layer(const struct vcmd_resource_desc *desc,
                         const struct vcmd_transfer *transfer, uint32_t index,
                         struct vcmd_transfer *layer)
{
    uint64_t stride, layer_stride;

    backing_strides(desc, transfer, &stride, &layer_stride);
    *layer = *transfer;
    layer->box.z += (int32_t)index;
    layer->box.d = 1;
    layer->offset += index * layer_stride;
    layer->layer_stride = 0; /* of a single layer: without meaning */
}
