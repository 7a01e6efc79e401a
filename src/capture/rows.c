/* SPDX-License-Identifier: MIT */
#include <virglcmd/capture.h>
#include <virglcmd/enums.h>
#include <virglcmd/format.h>

#include "rows.h"

/* ---- arithmetic that stops at the largest number ---- */

static uint64_t multiply(uint64_t a, uint64_t b)
{
    return b != 0 && a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

static uint64_t add(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

uint64_t vcmd_capture_rows_size(const struct vcmd_capture_rows *rows)
{
    return multiply(multiply(rows->row_bytes, rows->rows), rows->layers);
}

uint64_t vcmd_capture_rows_end(const struct vcmd_capture_rows *rows)
{
    uint64_t end = rows->offset;

    if (vcmd_capture_rows_size(rows) == 0)
        return end;
    end = add(end, multiply(rows->layer_stride, rows->layers - UINT64_C(1)));
    end = add(end, multiply(rows->row_stride, rows->rows - UINT64_C(1)));
    return add(end, rows->row_bytes);
}

uint64_t capture_row_offset(const struct vcmd_capture_rows *rows, uint32_t layer, uint32_t row)
{
    return rows->offset + (uint64_t)layer * rows->layer_stride + (uint64_t)row * rows->row_stride;
}

bool capture_rows_are_one_run(const struct vcmd_capture_rows *rows)
{
    uint64_t layer_bytes = multiply(rows->row_bytes, rows->rows);

    return (rows->rows <= 1 || rows->row_stride == rows->row_bytes) &&
           (rows->layers <= 1 || rows->layer_stride == layer_bytes);
}

/* ---- where a box of texels lies ---- */

struct extent {
    uint64_t width, height, depth;
};

static uint64_t at_level(uint32_t size, uint32_t level)
{
    uint64_t minified = level < 32 ? size >> level : 0;

    return minified > 0 ? minified : 1;
}

static struct extent level_extent(const struct vcmd_resource_desc *desc, uint32_t level)
{
    struct extent extent = {desc->width, 1, 1};

    if (desc->target == VCMD_BUFFER)
        return extent;
    extent.width = at_level(desc->width, level);
    extent.height = at_level(desc->height, level);
    if (desc->target == VCMD_TEXTURE_3D)
        extent.depth = at_level(desc->depth, level);
    else if (desc->array_size > 0)
        extent.depth = desc->array_size;
    else if (desc->target == VCMD_TEXTURE_CUBE || desc->target == VCMD_TEXTURE_CUBE_ARRAY)
        extent.depth = 6;
    return extent;
}

static bool fits(int32_t start, int32_t size, uint64_t limit)
{
    return start >= 0 && size >= 0 && (uint64_t)start + (uint64_t)size <= limit;
}

static bool box_fits(const struct vcmd_box *box, const struct extent *extent)
{
    return fits(box->x, box->w, extent->width) && fits(box->y, box->h, extent->height) &&
           fits(box->z, box->d, extent->depth);
}

static uint64_t blocks(uint64_t texels, uint32_t block)
{
    return (texels + block - 1) / block;
}

/* A buffer counts bytes, whatever format it was given. */
static bool find_block(const struct vcmd_resource_desc *desc, struct vcmd_format_info *block)
{
    const struct vcmd_format_info *info = vcmd_format_info(desc->format);

    if (desc->target == VCMD_BUFFER) {
        *block = (struct vcmd_format_info){.block_bits = 8, .block_width = 1, .block_height = 1};
        return true;
    }
    if (!info || info->block_bits < 8 || info->block_width == 0 || info->block_height == 0)
        return false;
    *block = *info;
    return true;
}

enum vcmd_status vcmd_capture_rows_of_transfer(const struct vcmd_resource_desc *desc,
                                               const struct vcmd_transfer *transfer,
                                               struct vcmd_capture_rows *rows)
{
    const struct extent extent = level_extent(desc, transfer->level);
    const struct vcmd_box *box = &transfer->box;
    struct vcmd_format_info block;
    uint64_t row_bytes, stride, layer_stride, block_bytes;

    if (!find_block(desc, &block))
        return VCMD_STATUS_UNKNOWN_VALUE;
    if (!box_fits(box, &extent) || transfer->level > desc->last_level)
        return VCMD_STATUS_OUT_OF_RANGE;
    block_bytes = block.block_bits / 8u;
    row_bytes = blocks((uint64_t)box->w, block.block_width) * block_bytes;
    stride =
        transfer->stride ? transfer->stride : blocks(extent.width, block.block_width) * block_bytes;
    layer_stride = transfer->layer_stride ? transfer->layer_stride
                                          : stride * blocks(extent.height, block.block_height);
    if (box->d > 1 && layer_stride > UINT32_MAX)
        return VCMD_STATUS_OUT_OF_RANGE;
    if (stride > UINT32_MAX || row_bytes > UINT32_MAX || (box->h > 1 && stride < row_bytes))
        return VCMD_STATUS_OUT_OF_RANGE;
    *rows = (struct vcmd_capture_rows){
        .offset = transfer->offset,
        .row_bytes = (uint32_t)row_bytes,
        .row_stride = (uint32_t)stride,
        .rows = (uint32_t)blocks((uint64_t)box->h, block.block_height),
        .layer_stride = box->d > 1 ? (uint32_t)layer_stride : 0,
        .layers = (uint32_t)box->d,
    };
    return VCMD_STATUS_OK;
}
