/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "control_private.h"

/* ---- transfers ---- */

/* Both directions have the same arguments, and types of their own. */
#define TRANSFER_ARGS(context_id_, resource_id_, transfer)                                         \
    {                                                                                              \
        .hdr.ctx_id = (context_id_), .box = (transfer)->box, .offset = (transfer)->offset,         \
        .resource_id = (resource_id_), .level = (transfer)->level, .stride = (transfer)->stride,   \
        .layer_stride = (transfer)->layer_stride                                                   \
    }

enum vcmd_status vcmd_control_transfer(void *self, uint32_t context_id, uint32_t resource_id,
                                       uint32_t direction, const struct vcmd_transfer *transfer)
{
    const struct vcmd_ctrl_transfer_to_host_3d to =
        TRANSFER_ARGS(context_id, resource_id, transfer);
    const struct vcmd_ctrl_transfer_from_host_3d from =
        TRANSFER_ARGS(context_id, resource_id, transfer);
    const char *command = "TRANSFER_TO_HOST_3D";
    uint32_t words[32];
    struct vcmd_buffer buf;

    vcmd_buffer_init(&buf, words, 32, 0);
    if (direction == VCMD_TRANSFER_TO_HOST) {
        vcmd_ctrl_transfer_to_host_3d(&buf, &to);
    } else {
        vcmd_ctrl_transfer_from_host_3d(&buf, &from);
        command = "TRANSFER_FROM_HOST_3D";
    }
    return vcmd_control_run(self, command, resource_id, &buf);
}

/* ---- submits ---- */

/* In front of the stream where the caller has left room, else in a copy. */
static enum vcmd_status send(struct vcmd_control_device *device,
                             const struct vcmd_ctrl_submit_3d *args, const struct vcmd_buffer *buf)
{
    size_t stream_bytes = buf->length * sizeof(uint32_t);
    size_t bytes = VCMD_BUFFER_HEADROOM * sizeof(uint32_t) + stream_bytes;
    uint32_t *copy = NULL;
    uint32_t *request;
    struct vcmd_buffer head;
    enum vcmd_status status;

    if (buf->headroom >= VCMD_BUFFER_HEADROOM) {
        request = buf->dwords + (buf->headroom - VCMD_BUFFER_HEADROOM);
    } else {
        request = copy = malloc(bytes);
        if (!copy) {
            vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_NO_MEMORY,
                     "SUBMIT_3D %u: no memory for a copy of the stream", args->hdr.ctx_id);
            return VCMD_STATUS_NO_MEMORY;
        }
        memcpy(copy + VCMD_BUFFER_HEADROOM, vcmd_buffer_stream(buf), stream_bytes);
    }
    vcmd_buffer_init(&head, request, VCMD_BUFFER_HEADROOM, 0);
    status = vcmd_ctrl_submit_3d(&head, args);
    if (status == VCMD_STATUS_OK)
        status = vcmd_control_send_stream(device, args->hdr.ctx_id, request, bytes,
                                          (args->hdr.flags & VCMD_CTRL_FLAG_FENCE) != 0);
    free(copy);
    return status;
}

static enum vcmd_status send_fenced(struct vcmd_control_device *device,
                                    struct vcmd_ctrl_submit_3d *args, const struct vcmd_buffer *buf,
                                    uint64_t *fence)
{
    enum vcmd_status status;

    vcmd_mutex_lock(&device->fence_order);
    /* QEMU compares fence ids with the 32 bits that virglrenderer keeps of them. */
    if (device->last_fence >= UINT32_MAX) {
        vcmd_mutex_unlock(&device->fence_order);
        vcmd_log(
            &device->log, VCMD_LOG_ERROR, VCMD_STATUS_TOO_MANY,
            "SUBMIT_3D of context %u: all 2^32 fence numbers are used up; open the device anew",
            args->hdr.ctx_id);
        return VCMD_STATUS_TOO_MANY;
    }
    args->hdr.flags = VCMD_CTRL_FLAG_FENCE;
    args->hdr.fence_id = ++device->last_fence;
    status = send(device, args, buf);
    vcmd_mutex_unlock(&device->fence_order);
    if (status == VCMD_STATUS_OK)
        *fence = args->hdr.fence_id;
    return status;
}

enum vcmd_status vcmd_control_submit(void *self, uint32_t context_id, struct vcmd_buffer *buf,
                                     uint64_t *fence)
{
    struct vcmd_control_device *device = self;
    struct vcmd_ctrl_submit_3d args = {.hdr.ctx_id = context_id};

    if (buf->length > UINT32_MAX / sizeof(uint32_t)) {
        vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_TOO_LONG,
                 "SUBMIT_3D of context %u: a stream of 4 GiB or more", context_id);
        return VCMD_STATUS_TOO_LONG;
    }
    args.size = (uint32_t)(buf->length * sizeof(uint32_t));
    if (fence)
        return send_fenced(device, &args, buf, fence);
    return send(device, &args, buf);
}

enum vcmd_status vcmd_control_fence_wait(void *self, uint64_t fence, uint64_t timeout_ns)
{
    struct vcmd_control_device *device = self;
    enum vcmd_status status;

    status = device->channel_ops->wait_fence(device->channel, fence, timeout_ns);
    if (status != VCMD_STATUS_OK && status != VCMD_STATUS_TIMEOUT)
        vcmd_log(&device->log, VCMD_LOG_ERROR, status, "fence %llu: %s", (unsigned long long)fence,
                 vcmd_status_string(status));
    return status;
}
