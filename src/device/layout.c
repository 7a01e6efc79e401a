/* SPDX-License-Identifier: MIT */
#include "layout.h"

#include "shape.h"

/* One level without its place. False when a stride does not fit its type. */
static bool level_strides(const struct vcmd_level *level, struct vcmd_level_layout *layout)
{
    uint64_t layer_stride = level->stride * level->rows;

    if (level->stride > UINT32_MAX || layer_stride > UINT32_MAX)
        return false;
    layout->stride = (uint32_t)level->stride;
    layout->layer_stride = (uint32_t)layer_stride;
    return true;
}

/* The bytes of the levels in front of `end`, and the layout of level `end` when there is one. */
static enum vcmd_status walk_levels(const struct vcmd_resource_desc *desc, uint32_t end,
                                    struct vcmd_level_layout *layout)
{
    struct vcmd_level level;
    uint64_t offset = 0;

    for (uint32_t i = 0;; i++) {
        uint64_t bytes;

        if (!vcmd_level_of(desc, i, &level))
            return VCMD_STATUS_UNKNOWN_VALUE;
        layout->offset = offset;
        if (i > desc->last_level)
            return VCMD_STATUS_OK;
        if (!level_strides(&level, layout))
            return VCMD_STATUS_OUT_OF_RANGE;
        if (i == end)
            return VCMD_STATUS_OK;
        bytes = layout->layer_stride * level.layers;
        if (bytes > UINT64_MAX - offset)
            return VCMD_STATUS_OUT_OF_RANGE;
        offset += bytes;
    }
}

enum vcmd_status vcmd_layout_level(const struct vcmd_resource_desc *desc, uint32_t level,
                                   struct vcmd_level_layout *layout)
{
    if (level > desc->last_level)
        return VCMD_STATUS_OUT_OF_RANGE;
    return walk_levels(desc, level, layout);
}

enum vcmd_status vcmd_layout_total(const struct vcmd_resource_desc *desc, uint64_t *size)
{
    struct vcmd_level_layout layout = {0};
    enum vcmd_status status = walk_levels(desc, UINT32_MAX, &layout);

    *size = layout.offset;
    return status;
}

/* ---- transfers ---- */

void vcmd_transfer_whole(const struct vcmd_resource_desc *desc, struct vcmd_transfer *transfer)
{
    uint32_t size[3];

    vcmd_level_texels(desc, 0, size);
    *transfer = (struct vcmd_transfer){
        .box = {.w = (int32_t)size[0], .h = (int32_t)size[1], .d = (int32_t)size[2]}};
}

/* The host's arithmetic, in 64 bits: its own may wrap around. */
static enum vcmd_status check_bytes(const struct vcmd_resource_desc *desc,
                                    const struct vcmd_transfer *transfer,
                                    const struct vcmd_level *level, const char **why)
{
    struct vcmd_rows rows;
    bool fits_backing;

    vcmd_rows_of(level, transfer, &rows);
    if (rows.bytes == 0 || rows.number == 0 || rows.layers == 0)
        return VCMD_STATUS_OK;
    if (rows.stride % level->block.bytes != 0) { /* hosts count rows in blocks */
        *why = "stride is not a whole number of the format's blocks";
        return VCMD_STATUS_OUT_OF_RANGE;
    }
    if (rows.stride < rows.bytes) {
        *why = "stride is smaller than a row of the box";
        return VCMD_STATUS_OUT_OF_RANGE;
    }
    if (rows.layer_stride == 0 || rows.layer_stride < rows.stride * rows.number) {
        *why = "layer_stride is smaller than the rows of the box";
        return VCMD_STATUS_OUT_OF_RANGE;
    }
    /* Division, because 2^31 layers of 2^63 bytes do not multiply in 64 bits. */
    fits_backing = rows.number * rows.stride <= INT64_MAX &&
                   rows.layers - 1 <= INT64_MAX / rows.layer_stride &&
                   transfer->offset <= desc->backing_size &&
                   vcmd_rows_span(&rows) <= desc->backing_size - transfer->offset;
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
    struct vcmd_level level;

    if (transfer->level > desc->last_level) {
        *why = "the resource does not have this level";
        return VCMD_STATUS_OUT_OF_RANGE;
    }
    if (!vcmd_box_fits(desc, transfer)) {
        *why = "the box is not inside the level";
        return VCMD_STATUS_OUT_OF_RANGE;
    }
    if (!vcmd_level_of(desc, transfer->level, &level)) {
        *why = "the format has no layout";
        return VCMD_STATUS_UNKNOWN_VALUE;
    }
    if (!level_strides(&level, &layout)) {
        *why = "a layer of the level is larger than 4294967295 bytes, the most that hosts count";
        return VCMD_STATUS_OUT_OF_RANGE;
    }
    return check_bytes(desc, transfer, &level, why);
}

static bool is_whole_layer(const struct vcmd_resource_desc *desc,
                           const struct vcmd_transfer *transfer)
{
    const struct vcmd_box *box = &transfer->box;
    uint32_t size[3];

    vcmd_level_texels(desc, transfer->level, size);
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

/* Of a good transfer. */
static struct vcmd_rows rows_of(const struct vcmd_resource_desc *desc,
                                const struct vcmd_transfer *transfer)
{
    struct vcmd_rows rows = {0};
    struct vcmd_level level;

    if (vcmd_level_of(desc, transfer->level, &level))
        vcmd_rows_of(&level, transfer, &rows);
    return rows;
}

bool vcmd_transfer_is_split(const struct vcmd_resource_desc *desc, uint32_t direction,
                            const struct vcmd_transfer *transfer)
{
    struct vcmd_rows rows;

    if (desc->target == VCMD_BUFFER || transfer->box.d <= 1)
        return false;
    if (direction == VCMD_TRANSFER_FROM_HOST || desc->target == VCMD_TEXTURE_CUBE)
        return true;
    rows = rows_of(desc, transfer);
    if (desc->target == VCMD_TEXTURE_1D_ARRAY)
        return rows.layer_stride != rows.stride;
    return rows.stride == 0 || rows.layer_stride % rows.stride != 0;
}

void vcmd_transfer_layer(const struct vcmd_resource_desc *desc,
                         const struct vcmd_transfer *transfer, uint32_t index,
                         struct vcmd_transfer *layer)
{
    *layer = *transfer;
    layer->box.z += (int32_t)index;
    layer->box.d = 1;
    layer->offset += index * rows_of(desc, transfer).layer_stride;
    layer->layer_stride = 0; /* of a single layer: without meaning */
}
