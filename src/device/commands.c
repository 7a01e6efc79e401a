/* SPDX-License-Identifier: MIT */
#include <virglcmd/enums.h>

#include "device_private.h"
#include "layout.h"

/* ---- moving bytes ---- */

static bool pair_is_attached(struct vcmd_context *context, struct vcmd_resource *resource)
{
    bool attached;

    vcmd_mutex_lock(&context->device->mutex);
    attached = vcmd_resource_is_attached(resource, context);
    vcmd_mutex_unlock(&context->device->mutex);
    return attached;
}

static bool is_empty(const struct vcmd_box *box)
{
    return box->w == 0 || box->h == 0 || box->d == 0;
}

static enum vcmd_status check_transfer(struct vcmd_context *context, struct vcmd_resource *resource,
                                       uint32_t direction, const struct vcmd_transfer *transfer,
                                       const char **why)
{
    enum vcmd_status status;

    if (!pair_is_attached(context, resource)) {
        *why = "the resource is not attached to the context";
        return VCMD_STATUS_NOT_ATTACHED;
    }
    if (!resource->memory) {
        *why = "the resource has no backing";
        return VCMD_STATUS_UNSUPPORTED;
    }
    status = vcmd_transfer_check(&resource->desc, transfer, why);
    if (status == VCMD_STATUS_OK && direction == VCMD_TRANSFER_FROM_HOST &&
        !is_empty(&transfer->box))
        status = vcmd_readback_check(&resource->desc, &context->device->caps, transfer, why);
    return status;
}

static enum vcmd_status send_transfer(struct vcmd_context *context, struct vcmd_resource *resource,
                                      uint32_t direction, const struct vcmd_transfer *transfer)
{
    struct vcmd_device *device = context->device;
    enum vcmd_status status = VCMD_STATUS_OK;

    if (!vcmd_transfer_is_split(&resource->desc, direction, transfer))
        return device->ops->transfer(device->self, context->id, resource->id, direction, transfer);
    for (int32_t i = 0; i < transfer->box.d && status == VCMD_STATUS_OK; i++) {
        struct vcmd_transfer layer;

        vcmd_transfer_layer(&resource->desc, transfer, (uint32_t)i, &layer);
        status = device->ops->transfer(device->self, context->id, resource->id, direction, &layer);
    }
    return status;
}

static enum vcmd_status run_transfer(struct vcmd_context *context, struct vcmd_resource *resource,
                                     uint32_t direction, const struct vcmd_transfer *transfer)
{
    struct vcmd_device *device = context->device;
    struct vcmd_transfer whole;
    const char *why = "";
    enum vcmd_status status;

    if (!transfer) {
        vcmd_transfer_whole(&resource->desc, &whole);
        transfer = &whole;
    }
    status = check_transfer(context, resource, direction, transfer, &why);
    if (status != VCMD_STATUS_OK) {
        vcmd_log(&device->log, VCMD_LOG_ERROR, status,
                 "transfer: resource %u level %u, box %d,%d,%d %dx%dx%d: %s", resource->id,
                 transfer->level, transfer->box.x, transfer->box.y, transfer->box.z,
                 transfer->box.w, transfer->box.h, transfer->box.d, why);
        return status;
    }
    if (is_empty(&transfer->box))
        return VCMD_STATUS_OK;
    return send_transfer(context, resource, direction, transfer);
}

static enum vcmd_status enter_and_transfer(struct vcmd_context *context,
                                           struct vcmd_resource *resource, uint32_t direction,
                                           const struct vcmd_transfer *transfer)
{
    enum vcmd_status status = vcmd_device_enter_pair(context, resource, "transfer");

    if (status != VCMD_STATUS_OK)
        return status;
    status = run_transfer(context, resource, direction, transfer);
    vcmd_device_leave(context->device);
    return status;
}

enum vcmd_status vcmd_transfer_to_host(struct vcmd_context *context, struct vcmd_resource *resource,
                                       const struct vcmd_transfer *transfer)
{
    return enter_and_transfer(context, resource, VCMD_TRANSFER_TO_HOST, transfer);
}

enum vcmd_status vcmd_transfer_from_host(struct vcmd_context *context,
                                         struct vcmd_resource *resource,
                                         const struct vcmd_transfer *transfer)
{
    return enter_and_transfer(context, resource, VCMD_TRANSFER_FROM_HOST, transfer);
}

/* ---- commands and fences ---- */

static uint64_t last_fence(struct vcmd_device *device)
{
    uint64_t fence;

    vcmd_mutex_lock(&device->mutex);
    fence = device->last_fence;
    vcmd_mutex_unlock(&device->mutex);
    return fence;
}

static void remember_fence(struct vcmd_device *device, uint64_t fence)
{
    vcmd_mutex_lock(&device->mutex);
    if (fence > device->last_fence)
        device->last_fence = fence;
    vcmd_mutex_unlock(&device->mutex);
}

static enum vcmd_status submit(struct vcmd_context *context, struct vcmd_buffer *buf,
                               uint64_t *fence)
{
    struct vcmd_device *device = context->device;
    enum vcmd_status status = buf->error.status;

    if (status != VCMD_STATUS_OK) {
        char text[256];

        vcmd_error_format(&buf->error, text, sizeof(text));
        vcmd_log(&device->log, VCMD_LOG_ERROR, status,
                 "submit: context %u: the buffer holds an error: %s", context->id, text);
        return status;
    }
    if (buf->length == 0) {
        if (fence)
            *fence = last_fence(device);
        return VCMD_STATUS_OK;
    }
    status = device->ops->submit(device->self, context->id, buf, fence);
    if (status == VCMD_STATUS_OK && fence)
        remember_fence(device, *fence);
    return status;
}

enum vcmd_status vcmd_submit(struct vcmd_context *context, struct vcmd_buffer *buf, uint64_t *fence)
{
    enum vcmd_status status;

    if (fence)
        *fence = 0;
    if (!context || !buf)
        return VCMD_STATUS_NULL_ARGUMENT;
    if (!vcmd_device_enter(context->device))
        return VCMD_STATUS_DEVICE_CLOSED;
    status = submit(context, buf, fence);
    vcmd_device_leave(context->device);
    return status;
}

static enum vcmd_status fence_wait(struct vcmd_device *device, uint64_t fence, uint64_t timeout_ns)
{
    if (fence == 0)
        return VCMD_STATUS_OK;
    if (fence > last_fence(device)) {
        vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_OUT_OF_RANGE,
                 "fence_wait: no submit gave out fence %llu", (unsigned long long)fence);
        return VCMD_STATUS_OUT_OF_RANGE;
    }
    return device->ops->fence_wait(device->self, fence, timeout_ns);
}

enum vcmd_status vcmd_fence_wait(struct vcmd_device *device, uint64_t fence, uint64_t timeout_ns)
{
    enum vcmd_status status;

    if (!device)
        return VCMD_STATUS_NULL_ARGUMENT;
    if (!vcmd_device_enter(device))
        return VCMD_STATUS_DEVICE_CLOSED;
    status = fence_wait(device, fence, timeout_ns);
    vcmd_device_leave(device);
    return status;
}
