/* SPDX-License-Identifier: MIT */
#include <virglrenderer.h>

#include "model_private.h"
#include "shape.h"

/* Declared but not defined by virglrenderer.h. */
struct virgl_box {
    uint32_t x, y, z;
    uint32_t w, h, d;
};

/* The fields of both directions: the two requests differ in their number only. */
struct request {
    const char *command;
    uint32_t ctx_id, resource_id;
    struct vcmd_transfer transfer;
};

/*
 * The checks below are the device's own: a guest is not trusted to have made them, even though the
 * device layer of this library makes the same ones.
 */

/*
 * The bytes of the backing that the box covers, with the host's defaults for the strides. False: a
 * stride is too small, or nothing can be that large.
 */
static bool needed_bytes(const struct model_resource *resource,
                         const struct vcmd_transfer *transfer, uint64_t *bytes)
{
    struct vcmd_level level;
    struct vcmd_rows rows;

    *bytes = 0;
    if (!vcmd_level_of(&resource->desc, transfer->level, &level))
        return true;
    vcmd_rows_of(&level, transfer, &rows);
    if (rows.stride < rows.bytes || rows.layer_stride < rows.stride * rows.number ||
        rows.layer_stride > UINT32_MAX)
        return false;
    *bytes = vcmd_rows_span(&rows);
    /* virglrenderer counts them in 32 bits. */
    return *bytes <= UINT32_MAX;
}

static bool is_empty(const struct vcmd_box *box)
{
    return box->w == 0 || box->h == 0 || box->d == 0;
}

static uint32_t check_box(struct device_model *model, const struct model_resource *resource,
                          const struct request *request)
{
    const uint32_t bad = VCMD_CTRL_RESP_ERR_INVALID_PARAMETER;
    const struct vcmd_transfer *transfer = &request->transfer;
    const struct vcmd_box *box = &transfer->box;
    uint64_t bytes;

    if (transfer->level > resource->desc.last_level)
        return model_refuse(model, bad, "%s: resource %u has no level %u", request->command,
                            resource->id, transfer->level);
    /* virglrenderer checks most of this, with 32-bit sums, and takes a negative z for an address.
     */
    if (!vcmd_box_fits(&resource->desc, transfer))
        return model_refuse(model, bad,
                            "%s: the box %d,%d,%d %dx%dx%d is not inside level %u of resource %u",
                            request->command, box->x, box->y, box->z, box->w, box->h, box->d,
                            transfer->level, resource->id);
    if (!resource->backing)
        return model_refuse(model, bad, "%s: resource %u has no backing", request->command,
                            resource->id);
    if (is_empty(box))
        return 0;
    if (!needed_bytes(resource, transfer, &bytes))
        return model_refuse(model, bad, "%s: stride %u, layer_stride %u do not fit the box",
                            request->command, transfer->stride, transfer->layer_stride);
    if (transfer->offset > resource->backing_size ||
        bytes > resource->backing_size - transfer->offset)
        return model_refuse(model, bad,
                            "%s: %llu bytes from offset %llu leave the backing of resource %u, "
                            "which has %llu",
                            request->command, (unsigned long long)bytes,
                            (unsigned long long)transfer->offset, resource->id,
                            (unsigned long long)resource->backing_size);
    return 0;
}

/* 0: go ahead. */
static uint32_t check(struct device_model *model, const struct request *request,
                      struct model_context **context)
{
    struct model_resource *resource;
    uint32_t response;

    *context = model_find_context(model, request->command, request->ctx_id);
    if (!*context)
        return VCMD_CTRL_RESP_ERR_INVALID_CONTEXT_ID;
    resource = model_find_resource(model, request->command, request->resource_id);
    if (!resource)
        return VCMD_CTRL_RESP_ERR_INVALID_RESOURCE_ID;
    if (!id_tree_find(&(*context)->attached, resource->id))
        return model_refuse(model, VCMD_CTRL_RESP_ERR_INVALID_RESOURCE_ID,
                            "%s: resource %u is not attached to context %u", request->command,
                            resource->id, (*context)->id);
    response = check_box(model, resource, request);
    if (response != 0)
        return response;
    return model_check_alive(model, *context, request->command);
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
    const struct request checked = {
        "TRANSFER_TO_HOST_3D",
        args->hdr.ctx_id,
        args->resource_id,
        {args->box, args->level, args->stride, args->layer_stride, args->offset}};
    struct virgl_box box = to_virgl_box(&args->box);
    struct model_context *context;
    uint32_t response = check(model, &checked, &context);
    int result;

    if (response != 0)
        return response;
    if (is_empty(&args->box))
        return VCMD_CTRL_RESP_OK_NODATA;
    result = virgl_renderer_transfer_write_iov(args->resource_id, context->id, (int)args->level,
                                               args->stride, args->layer_stride, &box, args->offset,
                                               NULL, 0);
    return model_judge(model, context, checked.command, result);
}

uint32_t model_transfer_from_host(struct device_model *model,
                                  const struct vcmd_ctrl_request *request)
{
    const struct vcmd_ctrl_transfer_from_host_3d *args = &request->transfer_from_host_3d;
    const struct request checked = {
        "TRANSFER_FROM_HOST_3D",
        args->hdr.ctx_id,
        args->resource_id,
        {args->box, args->level, args->stride, args->layer_stride, args->offset}};
    struct virgl_box box = to_virgl_box(&args->box);
    struct model_context *context;
    uint32_t response = check(model, &checked, &context);
    int result;

    if (response != 0)
        return response;
    if (is_empty(&args->box))
        return VCMD_CTRL_RESP_OK_NODATA;
    result =
        virgl_renderer_transfer_read_iov(args->resource_id, context->id, args->level, args->stride,
                                         args->layer_stride, &box, args->offset, NULL, 0);
    return model_judge(model, context, checked.command, result);
}
