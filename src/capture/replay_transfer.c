/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <string.h>

#include <virglcmd/enums.h>

#include "replay_private.h"
#include "rows.h"

/* ---- rows in memory ---- */

static void unpack(uint8_t *memory, const struct vcmd_capture_rows *rows, const uint8_t *data)
{
    for (uint32_t layer = 0; layer < rows->layers; layer++) {
        for (uint32_t row = 0; row < rows->rows; row++) {
            memcpy(memory + capture_row_offset(rows, layer, row), data, rows->row_bytes);
            data += rows->row_bytes;
        }
    }
}

static enum vcmd_status check_rows(struct vcmd_replay *replay,
                                   const struct replay_resource *resource,
                                   const struct vcmd_capture_rows *rows, size_t size,
                                   const struct vcmd_capture_record *record)
{
    if (size == 0 || (resource->memory && vcmd_capture_rows_end(rows) <= resource->memory_size))
        return VCMD_STATUS_OK;
    return replay_fail(replay, VCMD_STATUS_MALFORMED, record->offset,
                       "the %s has data up to byte %" PRIu64 " of the memory of resource %" PRIu32
                       ", which has %" PRIu64 " bytes",
                       vcmd_capture_type_name(record->type), vcmd_capture_rows_end(rows),
                       resource->id, resource->memory_size);
}

/* ---- comparing ---- */

static void compare_row(struct vcmd_replay_difference *difference, const uint8_t *found,
                        const uint8_t *recorded, uint64_t at, uint32_t size)
{
    if (memcmp(found, recorded, size) == 0)
        return;
    for (uint32_t i = 0; i < size; i++) {
        if (found[i] == recorded[i])
            continue;
        if (difference->bytes == 0) {
            difference->first = at + i;
            difference->found = found[i];
            difference->recorded = recorded[i];
        }
        difference->bytes++;
    }
}

static void compare(struct vcmd_replay *replay, const struct replay_resource *resource,
                    const struct vcmd_capture_rows *rows, const uint8_t *data, size_t size,
                    uint64_t offset)
{
    struct vcmd_replay_difference difference = {
        .offset = offset, .resource_id = resource->id, .size = size};

    for (uint32_t layer = 0; layer < rows->layers; layer++) {
        for (uint32_t row = 0; row < rows->rows; row++) {
            uint64_t at = capture_row_offset(rows, layer, row);

            compare_row(&difference, resource->memory + at, data, at, rows->row_bytes);
            data += rows->row_bytes;
        }
    }
    replay->stats.compared++;
    if (difference.bytes == 0)
        return;
    replay->stats.different++;
    if (replay->options.difference)
        replay->options.difference(replay->options.user, &difference);
}

/* ---- records ---- */

enum vcmd_status replay_memory(struct vcmd_replay *replay, const struct vcmd_capture_record *record)
{
    const struct vcmd_capture_memory *what = &record->u.memory;
    struct replay_resource *resource = replay_find_resource(replay, what->resource_id, record);
    enum vcmd_status status;

    if (!resource)
        return replay->error.status;
    status = check_rows(replay, resource, &what->rows, what->size, record);
    if (status != VCMD_STATUS_OK || what->size == 0)
        return status;
    if (what->writer == VCMD_CAPTURE_BY_GUEST)
        unpack(resource->memory, &what->rows, what->data);
    else if (replay->options.compare)
        compare(replay, resource, &what->rows, what->data, what->size, record->offset);
    return VCMD_STATUS_OK;
}

static enum vcmd_status from_host(struct vcmd_replay *replay, const struct replay_context *context,
                                  struct replay_resource *resource,
                                  const struct vcmd_capture_record *record)
{
    const struct vcmd_capture_transfer *what = &record->u.transfer;
    enum vcmd_status status =
        vcmd_transfer_from_host(context->context, resource->resource, &what->transfer);

    replay->stats.from_host++;
    if (status == VCMD_STATUS_UNSUPPORTED) {
        replay->stats.not_readable++;
        replay_message(replay,
                       "the transfer at byte %" PRIu64 " is not made: this device cannot read "
                       "resource %" PRIu32 " back like that",
                       record->offset, resource->id);
        return VCMD_STATUS_OK;
    }
    if (status != VCMD_STATUS_OK)
        return replay_outcome(replay, status, record);
    if (resource->desc.target != VCMD_BUFFER)
        replay_hold(&replay->read_back, resource);
    if (replay->options.compare && what->size > 0)
        compare(replay, resource, &what->rows, what->data, what->size, record->offset);
    return VCMD_STATUS_OK;
}

enum vcmd_status replay_transfer(struct vcmd_replay *replay,
                                 const struct vcmd_capture_record *record)
{
    const struct vcmd_capture_transfer *what = &record->u.transfer;
    struct replay_context *context = replay_find_context(replay, what->context_id, record);
    struct replay_resource *resource =
        context ? replay_find_resource(replay, what->resource_id, record) : NULL;
    enum vcmd_status status;

    if (!resource)
        return replay->error.status;
    status = check_rows(replay, resource, &what->rows, what->size, record);
    if (status != VCMD_STATUS_OK)
        return status;
    if (what->direction == VCMD_TRANSFER_FROM_HOST)
        return from_host(replay, context, resource, record);
    if (what->size > 0)
        unpack(resource->memory, &what->rows, what->data);
    replay->stats.to_host++;
    return replay_outcome(
        replay, vcmd_transfer_to_host(context->context, resource->resource, &what->transfer),
        record);
}
