/* SPDX-License-Identifier: MIT */
/* POSIX threads, sockets: not in plain C11 */
#define _GNU_SOURCE

#include "device.h"

#include <stdlib.h>
#include <string.h>

#include <virglcmd/enums.h>
#include <virglcmd/format.h>

/* The rows of a box in the backing. Row r of layer l begins at l * layer_stride + r * stride. */
struct rows {
    uint64_t row;    /* bytes of one */
    uint64_t number; /* in a layer */
    uint64_t layers;
    uint64_t stride, layer_stride;
    bool whole; /* the strides are those of the level */
};

static uint64_t blocks(uint64_t texels, uint32_t block)
{
    return block ? (texels + block - 1) / block : texels;
}

static uint32_t minify(uint32_t size, uint32_t level)
{
    uint32_t small = level < 32 ? size >> level : 0;

    return small > 0 ? small : 1;
}

/* The device layer has checked that all of it lies in the backing. */
static void find_rows(const struct vcmd_resource_desc *desc, const struct vcmd_transfer *transfer,
                      struct rows *rows)
{
    const struct vcmd_format_info *info =
        desc->target == VCMD_BUFFER ? NULL : vcmd_format_info(desc->format);
    uint32_t width = info ? info->block_width : 1, height = info ? info->block_height : 1;
    uint32_t depth = info ? info->block_depth : 1, bytes = info ? info->block_bits / 8 : 1;
    uint64_t level_stride = blocks(minify(desc->width, transfer->level), width) * bytes;
    uint64_t level_rows = blocks(minify(desc->height, transfer->level), height);

    rows->row = blocks((uint64_t)transfer->box.w, width) * bytes;
    rows->number = blocks((uint64_t)transfer->box.h, height);
    rows->layers = blocks((uint64_t)transfer->box.d, depth);
    rows->stride = transfer->stride ? transfer->stride : level_stride;
    rows->layer_stride =
        transfer->layer_stride ? transfer->layer_stride : rows->stride * level_rows;
    rows->whole = (rows->number <= 1 && rows->layers <= 1) || rows->stride == level_stride;
    if (rows->layers > 1 && rows->layer_stride != level_stride * level_rows)
        rows->whole = false;
}

/* From the first byte to the last. */
static uint64_t span(const struct rows *rows)
{
    return (rows->layers - 1) * rows->layer_stride + (rows->number - 1) * rows->stride + rows->row;
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

static void scatter(const struct rows *rows, const uint8_t *from, uint8_t *to)
{
    for (uint64_t layer = 0; layer < rows->layers; layer++) {
        for (uint64_t i = 0; i < rows->number; i++) {
            uint64_t at = layer * rows->layer_stride + i * rows->stride;

            memcpy(to + at, from + at, (size_t)rows->row);
        }
    }
}

/* Into memory of its own first: what lies between the rows comes along and means nothing. */
static enum vcmd_status get(struct vtest_device *device, const struct vtest_transfer *payload,
                            const struct rows *rows, uint8_t *memory)
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
                                        const struct rows *rows, uint8_t *memory)
{
    uint64_t size = span(rows);
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

enum vcmd_status vtest_transfer(void *self, uint32_t context_id, uint32_t resource_id,
                                uint32_t direction, const struct vcmd_transfer *transfer)
{
    struct vtest_device *device = self;
    enum vcmd_status status = vtest_begin(device, "transfer");
    struct vtest_resource *resource;
    struct rows rows;

    (void)context_id; /* all contexts are one to the host */
    if (status != VCMD_STATUS_OK)
        return status;
    resource = vtest_find_resource(device, resource_id);
    if (!resource || !resource->memory) {
        vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_UNSUPPORTED,
                 "vtest: transfer: resource %u has no backing", resource_id);
        status = VCMD_STATUS_UNSUPPORTED;
    } else {
        find_rows(&resource->desc, transfer, &rows);
        /* The commands for shared memory have no strides, and not all memory serves them. */
        if (resource->shared && !resource->blob && rows.whole)
            status = transfer_shared(device,
                                     direction == VCMD_TRANSFER_FROM_HOST ? VTEST_TRANSFER_GET2
                                                                          : VTEST_TRANSFER_PUT2,
                                     resource_id, transfer, span(&rows));
        else
            status = transfer_inline(device, direction, resource_id, transfer, &rows,
                                     (uint8_t *)resource->memory + transfer->offset);
    }
    vtest_end_turn(device);
    return status;
}
