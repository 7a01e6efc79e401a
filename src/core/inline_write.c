/* SPDX-License-Identifier: MIT */
#include "encode.h"
#include <virglcmd/format.h>
#include <virglcmd/inline_write.h>

#define FIXED_DWORDS   11u /* payload in front of the data */
#define MAX_DATA_BYTES 262096u

_Static_assert(MAX_DATA_BYTES == (VCMD_MAX_PAYLOAD - FIXED_DWORDS) * 4,
               "what a packet has room for behind its fixed dwords");

static const char name[] = "RESOURCE_INLINE_WRITE";

/* The box in blocks, and the distances between them in the data. */
struct plan {
    uint32_t block_width, block_height; /* texels */
    uint32_t block_bytes;
    uint32_t columns, rows, layers; /* blocks */
    uint64_t stride, layer_stride;  /* bytes */
};

/* Divisions are of 32 bits throughout: 64 would need a function of the compiler's library. */
static uint32_t blocks(int32_t texels, uint32_t block)
{
    return ((uint32_t)texels + block - 1) / block;
}

/* Makes the error stick. A bool, so that nothing can go on with half a plan. */
static bool refuse(struct vcmd_buffer *buf, const struct vcmd_rule *rule, uint64_t value,
                   uint64_t limit)
{
    (void)vcmd_reject_over(buf, rule, 0, value, limit);
    return false;
}

static bool check_format(struct vcmd_buffer *buf, const struct vcmd_resource_inline_write *args,
                         struct plan *plan)
{
    static const struct vcmd_rule unknown = {name, "format", 0, VCMD_STATUS_UNKNOWN_VALUE, 0};
    static const struct vcmd_rule unsupported = {name, "format", 0, VCMD_STATUS_UNSUPPORTED, 0};
    const struct vcmd_format_info *info = vcmd_format_info(args->format);

    if (info == NULL)
        return refuse(buf, &unknown, args->format, VCMD_FORMAT_LIMIT - 1);
    if (info->block_bits == 0 || info->block_bits % 8 != 0 || info->block_depth != 1 ||
        info->layout == VCMD_LAYOUT_PLANAR2 || info->layout == VCMD_LAYOUT_PLANAR3)
        return refuse(buf, &unsupported, args->format, 0);
    plan->block_width = info->block_width;
    plan->block_height = info->block_height;
    plan->block_bytes = info->block_bits / 8u;
    return true;
}

/* One side of the box: from first on, size texels. */
struct side {
    const char *first_name, *size_name;
    uint32_t place; /* dword of first; size is three dwords on */
    uint32_t block;
    int32_t first, size;
};

static bool check_side(struct vcmd_buffer *buf, const struct side *side)
{
    const struct vcmd_rule first = {name, side->first_name, side->place, VCMD_STATUS_OUT_OF_RANGE,
                                    0};
    const struct vcmd_rule size = {name, side->size_name, side->place + 3, VCMD_STATUS_OUT_OF_RANGE,
                                   0};

    if (side->first < 0)
        return refuse(buf, &first, (uint64_t)side->first, 0);
    /* The next value that would do is where the next block begins. */
    if ((uint32_t)side->first % side->block != 0)
        return refuse(buf, &first, (uint64_t)side->first,
                      (uint64_t)blocks(side->first, side->block) * side->block);
    if (side->size < 1)
        return refuse(buf, &size, (uint64_t)side->size, 1);
    if (side->first > INT32_MAX - side->size)
        return refuse(buf, &size, (uint64_t)side->size, (uint64_t)(INT32_MAX - side->first));
    return true;
}

static bool check_box(struct vcmd_buffer *buf, const struct vcmd_box *box, const struct plan *plan)
{
    const struct side x = {"box.x", "box.w", 6, plan->block_width, box->x, box->w};
    const struct side y = {"box.y", "box.h", 7, plan->block_height, box->y, box->h};
    const struct side z = {"box.z", "box.d", 8, 1, box->z, box->d};

    return check_side(buf, &x) && check_side(buf, &y) && check_side(buf, &z);
}

/*
 * Whether the bytes that the plan reads are there. Steps are below 2^31, so a layer_stride of 32
 * bits makes a product that does not wrap. A larger one can only come of rows and stride; no memory
 * holds several such layers.
 */
static bool check_size(struct vcmd_buffer *buf, const struct plan *plan, uint64_t layer_bytes,
                       size_t data_size)
{
    static const struct vcmd_rule rule = {name, "data_size", 12, VCMD_STATUS_TRUNCATED, 0};
    uint64_t steps = plan->layers - 1;

    if (steps != 0 && (plan->layer_stride > data_size || plan->layer_stride > UINT32_MAX))
        return refuse(buf, &rule, data_size, plan->layer_stride);
    if (steps * plan->layer_stride + layer_bytes > data_size)
        return refuse(buf, &rule, data_size, steps * plan->layer_stride + layer_bytes);
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
    };
    uint64_t row_bytes = (uint64_t)plan->columns * plan->block_bytes;
    uint64_t layer_bytes;

    if (args->res_handle == 0)
        return refuse(buf, &rules[0], 0, 1);
    if (args->data == NULL)
        return refuse(buf, &rules[1], 0, 0);
    plan->stride = args->stride != 0 ? args->stride : row_bytes;
    if (plan->stride < row_bytes)
        return refuse(buf, &rules[2], plan->stride, row_bytes);
    if (plan->stride > UINT32_MAX)
        return refuse(buf, &rules[2], plan->stride, UINT32_MAX);
    layer_bytes = (plan->rows - 1) * plan->stride + row_bytes;
    plan->layer_stride = args->layer_stride != 0 ? args->layer_stride : plan->rows * plan->stride;
    if (plan->layers > 1 && plan->layer_stride < layer_bytes)
        return refuse(buf, &rules[3], plan->layer_stride, layer_bytes);
    return check_size(buf, plan, layer_bytes, args->data_size);
}

static bool make_plan(struct vcmd_buffer *buf, const struct vcmd_resource_inline_write *args,
                      struct plan *plan)
{
    memset(plan, 0, sizeof(*plan));
    if (!check_format(buf, args, plan) || !check_box(buf, &args->box, plan))
        return false;
    plan->columns = blocks(args->box.w, plan->block_width);
    plan->rows = blocks(args->box.h, plan->block_height);
    plan->layers = (uint32_t)args->box.d;
    return check_data(buf, args, plan);
}

/* Where the next packet goes: a rectangle of blocks in one layer. */
struct piece {
    uint32_t column, row, layer;
    uint32_t columns, rows;
};

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Whole rows as long as one fits a packet, else a part of a row. */
static void size_piece(const struct plan *plan, struct piece *piece)
{
    uint64_t row_bytes = (uint64_t)plan->columns * plan->block_bytes;

    if (row_bytes <= MAX_DATA_BYTES) {
        uint32_t more = (MAX_DATA_BYTES - (uint32_t)row_bytes) / (uint32_t)plan->stride;

        piece->columns = plan->columns;
        piece->rows = smaller(1 + more, plan->rows - piece->row);
    } else {
        piece->columns = smaller(MAX_DATA_BYTES / plan->block_bytes, plan->columns - piece->column);
        piece->rows = 1;
    }
}

static uint32_t piece_bytes(const struct plan *plan, const struct piece *piece)
{
    return (piece->rows - 1) * (uint32_t)plan->stride + piece->columns * plan->block_bytes;
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

/* In 64 bits: what does not fit any memory must not wrap to something that does. */
static uint64_t all_dwords(const struct plan *plan)
{
    struct piece piece = {0};
    uint64_t dwords = 0;

    do {
        size_piece(plan, &piece);
        dwords += 1 + FIXED_DWORDS + vcmd_dwords_of(piece_bytes(plan, &piece));
    } while (next_piece(plan, &piece));
    return dwords;
}

/* A side of the box in texels: whole blocks, but for the end of the box. */
static int32_t texels(uint32_t first, uint32_t count, uint32_t block, int32_t whole)
{
    uint64_t end = ((uint64_t)first + count) * block;

    if (end > (uint64_t)whole)
        end = (uint64_t)whole;
    return (int32_t)(end - (uint64_t)first * block);
}

static enum vcmd_status write_piece(struct vcmd_buffer *buf,
                                    const struct vcmd_resource_inline_write *args,
                                    const struct plan *plan, const struct piece *piece)
{
    const struct vcmd_box *box = &args->box;
    uint64_t offset = piece->layer * plan->layer_stride + piece->row * plan->stride +
                      (uint64_t)piece->column * plan->block_bytes;
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
        .data_size = piece_bytes(plan, piece),
    };

    return vcmd_resource_inline_write_packet(buf, &packet);
}

/*
 * The usual write: texels that are blocks of their own, in one layer, which fit one packet. With
 * one look at everything it costs little more than the copy. False for others, and for bad ones.
 */
static bool is_simple(const struct vcmd_resource_inline_write *args, uint32_t *stride,
                      uint32_t *bytes)
{
    const struct vcmd_format_info *info = vcmd_format_info(args->format);
    const struct vcmd_box *box = &args->box;
    uint64_t row_bytes, all_bytes;

    if (info == NULL || info->layout != VCMD_LAYOUT_PLAIN || info->block_bits == 0 ||
        info->block_bits % 8 != 0 || (info->block_width | info->block_height) != 1 ||
        info->block_depth != 1)
        return false;
    if ((box->x | box->y | box->z) < 0 || box->w < 1 || box->h < 1 || box->d != 1 ||
        box->x > INT32_MAX - box->w || box->y > INT32_MAX - box->h || box->z == INT32_MAX)
        return false;
    row_bytes = (uint64_t)box->w * (info->block_bits / 8u);
    if (row_bytes > MAX_DATA_BYTES || (args->stride != 0 && args->stride < row_bytes))
        return false;
    *stride = args->stride != 0 ? args->stride : (uint32_t)row_bytes;
    all_bytes = (uint64_t)(box->h - 1) * *stride + row_bytes;
    *bytes = (uint32_t)all_bytes;
    return all_bytes <= MAX_DATA_BYTES && all_bytes <= args->data_size && args->data != NULL &&
           args->res_handle != 0;
}

static enum vcmd_status write_simple(struct vcmd_buffer *buf,
                                     const struct vcmd_resource_inline_write *args, uint32_t stride,
                                     uint32_t bytes)
{
    const struct vcmd_resource_inline_write_packet packet = {
        .res_handle = args->res_handle,
        .level = args->level,
        .stride = stride,
        .box = args->box,
        .data = args->data,
        .data_size = bytes,
    };

    return vcmd_resource_inline_write_packet(buf, &packet);
}

size_t vcmd_resource_inline_write_dwords(const struct vcmd_resource_inline_write *args)
{
    struct vcmd_buffer scratch;
    struct plan plan;
    uint64_t dwords;

    vcmd_buffer_init(&scratch, NULL, 0, 0);
    if (args == NULL || !make_plan(&scratch, args, &plan))
        return 0;
    dwords = all_dwords(&plan);
    return dwords <= SIZE_MAX ? (size_t)dwords : 0;
}

enum vcmd_status vcmd_resource_inline_write(struct vcmd_buffer *buf,
                                            const struct vcmd_resource_inline_write *args)
{
    struct piece piece = {0};
    struct plan plan;
    enum vcmd_status status;
    uint32_t stride, bytes;
    uint64_t needed;

    if (!vcmd_encode_begin(buf, args))
        return vcmd_encode_refused(buf, args, name);
    if (is_simple(args, &stride, &bytes))
        return write_simple(buf, args, stride, bytes);
    if (!make_plan(buf, args, &plan))
        return buf->error.status;
    needed = all_dwords(&plan);
    if (needed > vcmd_buffer_space(buf))
        return vcmd_reserve_refused(buf, name, needed < SIZE_MAX ? (size_t)needed : SIZE_MAX);
    do {
        size_piece(&plan, &piece);
        status = write_piece(buf, args, &plan, &piece);
    } while (status == VCMD_STATUS_OK && next_piece(&plan, &piece));
    return status;
}
