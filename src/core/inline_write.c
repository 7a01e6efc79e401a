/* SPDX-License-Identifier: MIT */
#include "encode.h"
#include <virglcmd/format.h>
#include <virglcmd/inline_write.h>

#define FIXED_DWORDS   11u /* payload in front of the data */
#define MAX_DATA_BYTES (((uint64_t)VCMD_MAX_PAYLOAD - FIXED_DWORDS) * 4)

static const char name[] = "RESOURCE_INLINE_WRITE";

/* The box in blocks, and the distances between them in the data. */
struct plan {
    uint32_t block_width, block_height; /* texels */
    uint32_t block_bytes;
    uint64_t columns, rows, layers; /* blocks */
    uint64_t stride, layer_stride;  /* bytes */
};

static uint64_t divide_up(uint64_t a, uint64_t b)
{
    return (a + b - 1) / b;
}

/* Makes the error stick. A bool, so that nothing can go on with half a plan. */
static bool refuse(struct vcmd_buffer *buf, const struct vcmd_rule *rule, uint64_t value)
{
    (void)vcmd_reject(buf, rule, 0, value);
    return false;
}

static bool check_format(struct vcmd_buffer *buf, const struct vcmd_resource_inline_write *args,
                         struct plan *plan)
{
    static const struct vcmd_rule unknown = {name, "format", 0, VCMD_STATUS_UNKNOWN_VALUE,
                                             VCMD_FORMAT_LIMIT - 1};
    static const struct vcmd_rule unsupported = {name, "format", 0, VCMD_STATUS_UNSUPPORTED, 0};
    const struct vcmd_format_info *info = vcmd_format_info(args->format);

    if (info == NULL)
        return refuse(buf, &unknown, args->format);
    if (info->block_bits == 0 || info->block_bits % 8 != 0 || info->block_depth != 1 ||
        info->layout == VCMD_LAYOUT_PLANAR2 || info->layout == VCMD_LAYOUT_PLANAR3)
        return refuse(buf, &unsupported, args->format);
    plan->block_width = info->block_width;
    plan->block_height = info->block_height;
    plan->block_bytes = info->block_bits / 8u;
    return true;
}

static bool check_box(struct vcmd_buffer *buf, const struct vcmd_box *box, const struct plan *plan)
{
    static const struct vcmd_rule rules[] = {
        {name, "box.x", 6, VCMD_STATUS_OUT_OF_RANGE, 0},
        {name, "box.y", 7, VCMD_STATUS_OUT_OF_RANGE, 0},
        {name, "box.z", 8, VCMD_STATUS_OUT_OF_RANGE, 0},
        {name, "box.w", 9, VCMD_STATUS_OUT_OF_RANGE, 1},
        {name, "box.h", 10, VCMD_STATUS_OUT_OF_RANGE, 1},
        {name, "box.d", 11, VCMD_STATUS_OUT_OF_RANGE, 1},
    };

    if (box->x < 0 || (uint32_t)box->x % plan->block_width != 0)
        return refuse(buf, &rules[0], (uint64_t)box->x);
    if (box->y < 0 || (uint32_t)box->y % plan->block_height != 0)
        return refuse(buf, &rules[1], (uint64_t)box->y);
    if (box->z < 0)
        return refuse(buf, &rules[2], (uint64_t)box->z);
    if (box->w < 1 || box->x > INT32_MAX - box->w)
        return refuse(buf, &rules[3], (uint64_t)box->w);
    if (box->h < 1 || box->y > INT32_MAX - box->h)
        return refuse(buf, &rules[4], (uint64_t)box->h);
    if (box->d < 1 || box->z > INT32_MAX - box->d)
        return refuse(buf, &rules[5], (uint64_t)box->d);
    return true;
}

static bool check_data(struct vcmd_buffer *buf, const struct vcmd_resource_inline_write *args,
                       struct plan *plan)
{
    static const struct vcmd_rule rules[] = {
        {name, "res_handle", 1, VCMD_STATUS_OUT_OF_RANGE, 1},
        {name, "data", 12, VCMD_STATUS_NULL_ARGUMENT, 0},
        {name, "stride", 4, VCMD_STATUS_OUT_OF_RANGE, 0},
        {name, "layer_stride", 5, VCMD_STATUS_OUT_OF_RANGE, 0},
        {name, "data_size", 12, VCMD_STATUS_TRUNCATED, 0},
    };
    uint64_t row_bytes = plan->columns * plan->block_bytes;
    uint64_t layer_bytes, end;

    if (args->res_handle == 0)
        return refuse(buf, &rules[0], 0);
    if (args->data == NULL)
        return refuse(buf, &rules[1], 0);
    plan->stride = args->stride != 0 ? args->stride : row_bytes;
    if (plan->stride < row_bytes || plan->stride > UINT32_MAX)
        return refuse(buf, &rules[2], args->stride);
    layer_bytes = (plan->rows - 1) * plan->stride + row_bytes;
    plan->layer_stride = args->layer_stride != 0 ? args->layer_stride : plan->rows * plan->stride;
    if (plan->layers > 1 && plan->layer_stride < layer_bytes)
        return refuse(buf, &rules[3], args->layer_stride);
    /* No product wraps: rows and layers are below 2^31, stride is below 2^32, and a layer_stride
       made of them is only used for as many layers as the data has room for. */
    end = layer_bytes;
    if (plan->layers > 1) {
        if (plan->layer_stride > args->data_size / (plan->layers - 1))
            return refuse(buf, &rules[4], args->data_size);
        end += (plan->layers - 1) * plan->layer_stride;
    }
    if (end > args->data_size)
        return refuse(buf, &rules[4], args->data_size);
    return true;
}

static bool make_plan(struct vcmd_buffer *buf, const struct vcmd_resource_inline_write *args,
                      struct plan *plan)
{
    memset(plan, 0, sizeof(*plan));
    if (!check_format(buf, args, plan) || !check_box(buf, &args->box, plan))
        return false;
    plan->columns = divide_up((uint64_t)args->box.w, plan->block_width);
    plan->rows = divide_up((uint64_t)args->box.h, plan->block_height);
    plan->layers = (uint64_t)args->box.d;
    return check_data(buf, args, plan);
}

/* Where the next packet goes: a rectangle of blocks in one layer. */
struct piece {
    uint64_t column, row, layer;
    uint64_t columns, rows;
};

/* Whole rows as long as one fits a packet, else a part of a row. */
static void size_piece(const struct plan *plan, struct piece *piece)
{
    uint64_t row_bytes = plan->columns * plan->block_bytes;

    if (row_bytes <= MAX_DATA_BYTES) {
        uint64_t fit = 1 + (MAX_DATA_BYTES - row_bytes) / plan->stride;
        uint64_t left = plan->rows - piece->row;

        piece->columns = plan->columns;
        piece->rows = fit < left ? fit : left;
    } else {
        uint64_t fit = MAX_DATA_BYTES / plan->block_bytes;
        uint64_t left = plan->columns - piece->column;

        piece->columns = fit < left ? fit : left;
        piece->rows = 1;
    }
}

static uint64_t piece_bytes(const struct plan *plan, const struct piece *piece)
{
    return (piece->rows - 1) * plan->stride + piece->columns * plan->block_bytes;
}

/* Goes on to the next piece; false behind the last. */
static bool next_piece(const struct plan *plan, struct piece *piece)
{
    piece->column += piece->columns;
    if (piece->column >= plan->columns) {
        piece->column = 0;
        piece->row += piece->rows;
    }
    if (piece->row >= plan->rows) {
        piece->row = 0;
        piece->layer++;
    }
    return piece->layer < plan->layers;
}

static size_t all_dwords(const struct plan *plan)
{
    struct piece piece = {0};
    size_t dwords = 0;

    do {
        size_piece(plan, &piece);
        dwords += 1 + FIXED_DWORDS + vcmd_dwords_of((uint32_t)piece_bytes(plan, &piece));
    } while (next_piece(plan, &piece));
    return dwords;
}

/* A side of the box in texels: whole blocks, but for the end of the box. */
static int32_t texels(uint64_t first, uint64_t count, uint32_t block, int32_t whole)
{
    uint64_t end = (first + count) * block;

    if (end > (uint64_t)whole)
        end = (uint64_t)whole;
    return (int32_t)(end - first * block);
}

static enum vcmd_status write_piece(struct vcmd_buffer *buf,
                                    const struct vcmd_resource_inline_write *args,
                                    const struct plan *plan, const struct piece *piece)
{
    const struct vcmd_box *box = &args->box;
    uint64_t offset = piece->layer * plan->layer_stride + piece->row * plan->stride +
                      piece->column * plan->block_bytes;
    struct vcmd_resource_inline_write_packet packet = {
        .res_handle = args->res_handle,
        .level = args->level,
        .stride = (uint32_t)plan->stride,
        .box = {.x = box->x + (int32_t)(piece->column * plan->block_width),
                .y = box->y + (int32_t)(piece->row * plan->block_height),
                .z = box->z + (int32_t)piece->layer,
                .w = texels(piece->column, piece->columns, plan->block_width, box->w),
                .h = texels(piece->row, piece->rows, plan->block_height, box->h),
                .d = 1},
        .data = (const uint8_t *)args->data + offset,
        .data_size = (uint32_t)piece_bytes(plan, piece),
    };

    return vcmd_resource_inline_write_packet(buf, &packet);
}

size_t vcmd_resource_inline_write_dwords(const struct vcmd_resource_inline_write *args)
{
    struct vcmd_buffer scratch;
    struct plan plan;

    vcmd_buffer_init(&scratch, NULL, 0, 0);
    if (args == NULL || !make_plan(&scratch, args, &plan))
        return 0;
    return all_dwords(&plan);
}

enum vcmd_status vcmd_resource_inline_write(struct vcmd_buffer *buf,
                                            const struct vcmd_resource_inline_write *args)
{
    struct piece piece = {0};
    struct plan plan;
    enum vcmd_status status;
    size_t needed;

    if (!vcmd_encode_begin(buf, args, name))
        return vcmd_encode_status(buf);
    if (!make_plan(buf, args, &plan))
        return vcmd_encode_status(buf);
    needed = all_dwords(&plan);
    if (needed > vcmd_buffer_space(buf)) {
        (void)vcmd_reserve_failed(buf, name, needed);
        return vcmd_encode_status(buf);
    }
    do {
        size_piece(&plan, &piece);
        status = write_piece(buf, args, &plan, &piece);
    } while (status == VCMD_STATUS_OK && next_piece(&plan, &piece));
    return status;
}
