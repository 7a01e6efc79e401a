/* SPDX-License-Identifier: MIT */
/* POSIX threads, sockets: not in plain C11 */
#define _GNU_SOURCE

#include "device.h"

#include <stdlib.h>
#include <string.h>

#include "shape.h"

/* The strides are those of the level, or make no difference. */
static bool is_tight(const struct vcmd_level *level, const struct vcmd_rows *rows)
{
    if (rows->layers > 1 && rows->layer_stride != level->stride * level->rows)
        return false;
    return (rows->number <= 1 && rows->layers <= 1) || rows->stride == level->stride;
}

/* ---- through shared memory ---- */

static enum vcmd_status transfer_shared(struct vtest_device *device, uint32_t command,
                                        uint32_t resource_id, const struct vcmd_transfer *transfer,
                                        uint64_t size)
{
    const struct vtest_transfer2 payload = {
        .res_handle = resource_id,
        .level = transfer->level,
        .x = (uint32_t)transfer->box.x,
        .y = (uint32_t)transfer->box.y,
        .z = (uint32_t)transfer->box.z,
        .width = (uint32_t)transfer->box.w,
        .height = (uint32_t)transfer->box.h,
        .depth = (uint32_t)transfer->box.d,
        .data_size = (uint32_t)size,
        .offset = (uint32_t)transfer->offset,
    };
    enum vcmd_status status =
        vtest_request(device, command, VTEST_TRANSFER2_DWORDS, &payload, sizeof(payload), NULL, 0);

    /* Neither is answered; what comes after them is, when they are done. */
    return status == VCMD_STATUS_OK ? vtest_settle(device) : status;
}

/* ---- through the socket ---- */

static void scatter(const struct vcmd_rows *rows, const uint8_t *from, uint8_t *to)
{
    for (uint64_t layer = 0; layer < rows->layers; layer++) {
        for (uint64_t i = 0; i < rows->number; i++) {
            uint64_t at = layer * rows->layer_stride + i * rows->stride;

            memcpy(to + at, from + at, (size_t)rows->bytes);
        }
    }
}

/* Into memory of its own first: what lies between the rows comes along and means nothing. */
static enum vcmd_status get(struct vtest_device *device, const struct vtest_transfer *payload,
                            const struct vcmd_rows *rows, uint8_t *memory)
{
    uint8_t *bytes = malloc(payload->data_size);
    enum vcmd_status status;

    if (!bytes) {
        vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_NO_MEMORY,
                 "vtest: transfer: no memory for %u bytes", payload->data_size);
        return VCMD_STATUS_NO_MEMORY;
    }
    status = vtest_request(device, VTEST_TRANSFER_GET, VTEST_TRANSFER_DWORDS, payload,
                           sizeof(*payload), NULL, 0);
    if (status == VCMD_STATUS_OK)
        status = vtest_answer_bytes(device, VTEST_TRANSFER_GET, bytes, payload->data_size);
    if (status == VCMD_STATUS_OK)
        scatter(rows, bytes, memory);
    free(bytes);
    return status;
}

static enum vcmd_status transfer_inline(struct vtest_device *device, uint32_t direction,
                                        uint32_t resource_id, const struct vcmd_transfer *transfer,
                                        const struct vcmd_rows *rows, uint8_t *memory)
{
    uint64_t size = vcmd_rows_span(rows);
    const struct vtest_transfer payload = {
        .res_handle = resource_id,
        .level = transfer->level,
        .stride = (uint32_t)rows->stride,
        .layer_stride = (uint32_t)rows->layer_stride,
        .x = (uint32_t)transfer->box.x,
        .y = (uint32_t)transfer->box.y,
        .z = (uint32_t)transfer->box.z,
        .width = (uint32_t)transfer->box.w,
        .height = (uint32_t)transfer->box.h,
        .depth = (uint32_t)transfer->box.d,
        .data_size = (uint32_t)size,
    };

    /* Servers count bytes in an int. */
    if (size > INT32_MAX || rows->stride > UINT32_MAX || rows->layer_stride > UINT32_MAX) {
        vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_UNSUPPORTED,
                 "vtest: transfer: resource %u: %llu bytes are too many for one message, which "
                 "carries up to 2^31-1",
                 resource_id, (unsigned long long)size);
        return VCMD_STATUS_UNSUPPORTED;
    }
    if (direction == VCMD_TRANSFER_FROM_HOST)
        return get(device, &payload, rows, memory);
    return vtest_request(device, VTEST_TRANSFER_PUT,
                         VTEST_TRANSFER_DWORDS + (uint32_t)((size + 3) / 4), &payload,
                         sizeof(payload), memory, (size_t)size);
}

static enum vcmd_status transfer_rows(struct vtest_device *device,
                                      const struct vtest_resource *resource, uint32_t direction,
                                      const struct vcmd_transfer *transfer)
{
    bool from_host = direction == VCMD_TRANSFER_FROM_HOST;
    struct vcmd_level level;
    struct vcmd_rows rows;

    /* The device layer has checked the format, and that all of the box lies in the backing. */
    if (!vcmd_level_of(&resource->desc, transfer->level, &level))
        return VCMD_STATUS_UNKNOWN_VALUE;
    vcmd_rows_of(&level, transfer, &rows);
    /* The commands for shared memory have no strides, and not all memory serves them. */
    if (resource->shared && !resource->blob && is_tight(&level, &rows))
        return transfer_shared(device, from_host ? VTEST_TRANSFER_GET2 : VTEST_TRANSFER_PUT2,
                               resource->id, transfer, vcmd_rows_span(&rows));
    return transfer_inline(device, direction, resource->id, transfer, &rows,
                           (uint8_t *)resource->memory + transfer->offset);
}

enum vcmd_status vtest_transfer(void *self, uint32_t context_id, uint32_t resource_id,
                                uint32_t direction, const struct vcmd_transfer *transfer)
{
    struct vtest_device *device = self;
    enum vcmd_status status = vtest_begin(device, "transfer");
    const struct vtest_resource *resource;

    (void)context_id; /* all contexts are one to the host */
    if (status != VCMD_STATUS_OK)
        return status;
    resource = id_tree_find(&device->resources, resource_id);
    if (!resource || !resource->memory) {
        vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_UNSUPPORTED,
                 "vtest: transfer: resource %u has no backing", resource_id);
        status = VCMD_STATUS_UNSUPPORTED;
    } else {
        status = transfer_rows(device, resource, direction, transfer);
    }
    vtest_end_turn(device);
    return status;
}
