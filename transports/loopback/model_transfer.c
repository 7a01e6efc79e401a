/* SPDX-License-Identifier: MIT */
#include <virglcmd/format.h>
#include <virglrenderer.h>

#include "model_private.h"

/* Declared but not defined by virglrenderer.h. */
struct virgl_box {
    uint32_t x, y, z;
    uint32_t w, h, d;
};

/* The fields of both directions: the two requests differ in their number only. */
struct transfer {
    const char *command;
    uint32_t ctx_id;
    struct vcmd_box box;
    uint64_t offset;
    uint32_t resource_id, level, stride, layer_stride;
};

/*
 * The checks below are the device's own: a guest is not trusted to have made them, even though the
 * device layer of this library makes the same ones.
 */
static uint32_t minify(uint32_t size, uint32_t level)
{
    uint32_t small = level < 32 ? size >> level : 0;

    return small > 0 ? small : 1;
}

static bool fits(int32_t start, int32_t length, uint32_t size)
{
    return start >= 0 && length >= 0 && (int64_t)start + length <= (int64_t)size;
}

/* virglrenderer checks most of this, with 32-bit sums, and takes a negative z for an address. */
static bool box_fits(const struct model_resource *resource, const struct transfer *transfer)
{
    const struct vcmd_ctrl_resource_create_3d *desc = &resource->desc;
    const struct vcmd_box *box = &transfer->box;
    uint32_t layers = desc->array_size;

    if (desc->target == VCMD_TEXTURE_3D)
        layers = minify(desc->depth, transfer->level);
    return fits(box->x, box->w, minify(desc->width, transfer->level)) &&
           fits(box->y, box->h, minify(desc->height, transfer->level)) &&
           fits(box->z, box->d, layers);
}

static uint64_t blocks(uint64_t texels, uint32_t block)
{
    return block > 1 ? (texels + block - 1) / block : texels;
}

/*
 * The bytes of the backing that the box covers, with the host's defaults for the strides. False: a
 * stride is too small, or nothing can be that large.
 */
static bool needed_bytes(const struct model_resource *resource, const struct transfer *transfer,
                         uint64_t *bytes)
{
    const struct vcmd_format_info *info = vcmd_format_info(resource->desc.format);
    uint64_t row, rows, layers, stride, layer_stride, level_rows;
    uint32_t block_bytes;

    *bytes = 0;
    if (!info || info->block_bits < 8)
        return true;
    block_bytes = info->block_bits / 8u;
    row = blocks((uint64_t)transfer->box.w, info->block_width) * block_bytes;
    rows = blocks((uint64_t)transfer->box.h, info->block_height);
    layers = (uint64_t)transfer->box.d;
    level_rows = blocks(minify(resource->desc.height, transfer->level), info->block_height);
    stride = transfer->stride;
    if (stride == 0)
        stride =
            blocks(minify(resource->desc.width, transfer->level), info->block_width) * block_bytes;
    layer_stride = transfer->layer_stride ? transfer->layer_stride : stride * level_rows;
    if (stride < row || layer_stride < stride * rows || layer_stride > UINT32_MAX)
        return false;
    *bytes = (layers - 1) * layer_stride + (rows - 1) * stride + row;
    /* virglrenderer counts them in 32 bits. */
    return *bytes <= UINT32_MAX;
}

static uint32_t check_box(struct device_model *model, const struct model_resource *resource,
                          const struct transfer *transfer)
{
    const uint32_t bad = VCMD_CTRL_RESP_ERR_INVALID_PARAMETER;
    uint64_t bytes;

    if (transfer->level > resource->desc.last_level)
        return model_refuse(model, bad, "%s: resource %u has no level %u", transfer->command,
                            resource->id, transfer->level);
    if (!box_fits(resource, transfer))
        return model_refuse(
            model, bad, "%s: the box %d,%d,%d %dx%dx%d is not inside level %u of resource %u",
            transfer->command, transfer->box.x, transfer->box.y, transfer->box.z, transfer->box.w,
            transfer->box.h, transfer->box.d, transfer->level, resource->id);
    if (!resource->backing)
        return model_refuse(model, bad, "%s: resource %u has no backing", transfer->command,
                            resource->id);
    if (transfer->box.w == 0 || transfer->box.h == 0 || transfer->box.d == 0)
        return 0;
    if (!needed_bytes(resource, transfer, &bytes))
        return model_refuse(model, bad, "%s: stride %u, layer_stride %u do not fit the box",
                            transfer->command, transfer->stride, transfer->layer_stride);
    if (transfer->offset > resource->backing_size ||
        bytes > resource->backing_size - transfer->offset)
        return model_refuse(model, bad,
                            "%s: %llu bytes from offset %llu leave the backing of resource %u, "
                            "which has %llu",
                            transfer->command, (unsigned long long)bytes,
                            (unsigned long long)transfer->offset, resource->id,
                            (unsigned long long)resource->backing_size);
    return 0;
}

/* 0: go ahead. */
static uint32_t check(struct device_model *model, const struct transfer *transfer,
                      struct model_context **context)
{
    struct model_resource *resource;
    uint32_t response;

    *context = model_find_context(model, transfer->command, transfer->ctx_id);
    if (!*context)
        return VCMD_CTRL_RESP_ERR_INVALID_CONTEXT_ID;
    resource = model_find_resource(model, transfer->command, transfer->resource_id);
    if (!resource)
        return VCMD_CTRL_RESP_ERR_INVALID_RESOURCE_ID;
    if (!id_tree_find(&(*context)->attached, resource->id))
        return model_refuse(model, VCMD_CTRL_RESP_ERR_INVALID_RESOURCE_ID,
                            "%s: resource %u is not attached to context %u", transfer->command,
                            resource->id, (*context)->id);
    response = check_box(model, resource, transfer);
    if (response != 0)
        return response;
    return model_check_alive(model, *context, transfer->command);
}

static bool is_empty(const struct vcmd_box *box)
{
    return box->w == 0 || box->h == 0 || box->d == 0;
}

static struct virgl_box to_virgl_box(const struct vcmd_box *box)
{
    struct virgl_box out = {(uint32_t)box->x, (uint32_t)box->y, (uint32_t)box->z,
                            (uint32_t)box->w, (uint32_t)box->h, (uint32_t)box->d};

    return out;
}

uint32_t model_transfer_to_host(struct device_model *model, const struct vcmd_ctrl_request *request)
{
    const struct vcmd_ctrl_transfer_to_host_3d *args = &request->transfer_to_host_3d;
    struct transfer transfer = {"TRANSFER_TO_HOST_3D", args->hdr.ctx_id,  args->box,
                                args->offset,          args->resource_id, args->level,
                                args->stride,          args->layer_stride};
    struct virgl_box box = to_virgl_box(&args->box);
    struct model_context *context;
    uint32_t response = check(model, &transfer, &context);
    int result;

    if (response != 0)
        return response;
    if (is_empty(&args->box))
        return VCMD_CTRL_RESP_OK_NODATA;
    result = virgl_renderer_transfer_write_iov(args->resource_id, context->id, (int)args->level,
                                               args->stride, args->layer_stride, &box, args->offset,
                                               NULL, 0);
    return model_judge(model, context, transfer.command, result);
}

uint32_t model_transfer_from_host(struct device_model *model,
                                  const struct vcmd_ctrl_request *request)
{
    const struct vcmd_ctrl_transfer_from_host_3d *args = &request->transfer_from_host_3d;
    struct transfer transfer = {
        "TRANSFER_FROM_HOST_3D", args->hdr.ctx_id, args->box,    args->offset,
        args->resource_id,       args->level,      args->stride, args->layer_stride};
    struct virgl_box box = to_virgl_box(&args->box);
    struct model_context *context;
    uint32_t response = check(model, &transfer, &context);
    int result;

    if (response != 0)
        return response;
    if (is_empty(&args->box))
        return VCMD_CTRL_RESP_OK_NODATA;
    result =
        virgl_renderer_transfer_read_iov(args->resource_id, context->id, args->level, args->stride,
                                         args->layer_stride, &box, args->offset, NULL, 0);
    return model_judge(model, context, transfer.command, result);
}
