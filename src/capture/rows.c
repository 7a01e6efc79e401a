/* SPDX-License-Identifier: MIT */
#include <virglcmd/capture.h>

#include "rows.h"
#include "shape.h"

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

enum vcmd_status vcmd_capture_rows_of_transfer(const struct vcmd_resource_desc *desc,
                                               const struct vcmd_transfer *transfer,
                                               struct vcmd_capture_rows *rows)
{
    struct vcmd_resource_desc filled = *desc;
    const struct vcmd_box *box = &transfer->box;
    struct vcmd_level level;
    struct vcmd_rows in;

    vcmd_desc_fill_defaults(&filled);
    if (!vcmd_level_of(&filled, transfer->level, &level))
        return VCMD_STATUS_UNKNOWN_VALUE;
    if (!vcmd_box_fits(&filled, transfer) || transfer->level > filled.last_level)
        return VCMD_STATUS_OUT_OF_RANGE;
    vcmd_rows_of(&level, transfer, &in);
    if (in.layers > 1 && in.layer_stride > UINT32_MAX)
        return VCMD_STATUS_OUT_OF_RANGE;
    if (in.stride > UINT32_MAX || in.bytes > UINT32_MAX || (box->h > 1 && in.stride < in.bytes))
        return VCMD_STATUS_OUT_OF_RANGE;
    *rows = (struct vcmd_capture_rows){
        .offset = transfer->offset,
        .row_bytes = (uint32_t)in.bytes,
        .row_stride = (uint32_t)in.stride,
        .rows = (uint32_t)in.number,
        .layer_stride = in.layers > 1 ? (uint32_t)in.layer_stride : 0,
        .layers = (uint32_t)in.layers,
    };
    return VCMD_STATUS_OK;
}
