/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <virglcmd/enums.h>

#include "rows.h"
#include "writer.h"

/* Data of one record; what is more is cut into pieces of this size. */
#define PIECE_BYTES 0x4000000u

/* ---- rows, one tight behind the other ---- */

static void pack(const struct vcmd_capture_rows *rows, const uint8_t *memory, uint8_t *to)
{
    for (uint32_t layer = 0; layer < rows->layers; layer++) {
        for (uint32_t row = 0; row < rows->rows; row++) {
            memcpy(to, memory + capture_row_offset(rows, layer, row), rows->row_bytes);
            to += rows->row_bytes;
        }
    }
}

/* *data is in the memory or in *packed, which the caller frees. */
static enum vcmd_status gather(const struct vcmd_capture_rows *rows, const uint8_t *memory,
                               size_t size, const void **data, uint8_t **packed)
{
    *packed = NULL;
    *data = memory + rows->offset;
    if (capture_rows_are_one_run(rows))
        return VCMD_STATUS_OK;
    *packed = malloc(size);
    if (!*packed)
        return VCMD_STATUS_NO_MEMORY;
    pack(rows, memory, *packed);
    *data = *packed;
    return VCMD_STATUS_OK;
}

/* ---- memory ---- */

static enum vcmd_status write_piece(struct vcmd_capture_writer *writer, uint32_t resource_id,
                                    uint32_t written_by, const struct vcmd_capture_rows *rows,
                                    const uint8_t *memory)
{
    struct vcmd_capture_record record = {.type = VCMD_CAPTURE_MEMORY};
    size_t size = (size_t)vcmd_capture_rows_size(rows);
    enum vcmd_status status;
    uint8_t *packed;

    record.u.memory = (struct vcmd_capture_memory){
        .resource_id = resource_id, .writer = written_by, .rows = *rows, .size = size};
    status = gather(rows, memory, size, &record.u.memory.data, &packed);
    if (status == VCMD_STATUS_OK)
        status = capture_write_locked(writer, &record);
    free(packed);
    return status;
}

/* The next rows that fit one piece; a row that is too long is cut. Moves *layer, *row and *byte. */
static struct vcmd_capture_rows next_piece(const struct vcmd_capture_rows *rows, uint32_t *layer,
                                           uint32_t *row, uint32_t *byte)
{
    struct vcmd_capture_rows piece = {
        .offset = capture_row_offset(rows, *layer, *row) + *byte,
        .row_bytes = rows->row_bytes - *byte,
        .row_stride = rows->row_stride,
        .rows = 1,
        .layers = 1,
    };

    if (piece.row_bytes > PIECE_BYTES) {
        piece.row_bytes = PIECE_BYTES;
        *byte += PIECE_BYTES;
        return piece;
    }
    if (*byte == 0) {
        piece.rows = PIECE_BYTES / piece.row_bytes;
        if (piece.rows > rows->rows - *row)
            piece.rows = rows->rows - *row;
    }
    *byte = 0;
    *row += piece.rows;
    if (*row == rows->rows) {
        *row = 0;
        (*layer)++;
    }
    return piece;
}

/* Needs the lock; the rows lie in the memory. */
static enum vcmd_status write_rows(struct vcmd_capture_writer *writer, uint32_t resource_id,
                                   uint32_t written_by, const struct vcmd_capture_rows *rows,
                                   const uint8_t *memory)
{
    enum vcmd_status status = VCMD_STATUS_OK;
    uint32_t layer = 0, row = 0, byte = 0;

    if (vcmd_capture_rows_size(rows) <= PIECE_BYTES)
        return write_piece(writer, resource_id, written_by, rows, memory);
    while (layer < rows->layers && status == VCMD_STATUS_OK) {
        struct vcmd_capture_rows piece = next_piece(rows, &layer, &row, &byte);

        status = write_piece(writer, resource_id, written_by, &piece, memory);
    }
    return status;
}

enum vcmd_status vcmd_capture_write_memory(struct vcmd_capture_writer *writer, uint32_t resource_id,
                                           uint32_t written_by,
                                           const struct vcmd_capture_rows *rows, const void *memory,
                                           uint64_t memory_size)
{
    enum vcmd_status status;

    if (!writer || !rows || !memory)
        return VCMD_STATUS_NULL_ARGUMENT;
    if (vcmd_capture_rows_end(rows) > memory_size)
        return VCMD_STATUS_OUT_OF_RANGE;
    if (vcmd_capture_rows_size(rows) == 0)
        return VCMD_STATUS_OK;
    capture_writer_lock(writer);
    status = write_rows(writer, resource_id, written_by, rows, memory);
    capture_writer_unlock(writer);
    return status;
}

/* ---- transfers ---- */

/* Needs the lock. Before it there are already records with its data, or it has none. */
static enum vcmd_status write_without_data(struct vcmd_capture_writer *writer,
                                           struct vcmd_capture_record *record)
{
    record->u.transfer.data = NULL;
    record->u.transfer.size = 0;
    return capture_write_locked(writer, record);
}

static enum vcmd_status write_with_data(struct vcmd_capture_writer *writer,
                                        struct vcmd_capture_record *record, const uint8_t *memory)
{
    struct vcmd_capture_transfer *transfer = &record->u.transfer;
    enum vcmd_status status;
    uint8_t *packed;

    transfer->size = (size_t)vcmd_capture_rows_size(&transfer->rows);
    status = gather(&transfer->rows, memory, transfer->size, &transfer->data, &packed);
    if (status == VCMD_STATUS_OK)
        status = capture_write_locked(writer, record);
    free(packed);
    return status;
}

static enum vcmd_status write_large(struct vcmd_capture_writer *writer,
                                    struct vcmd_capture_record *record, const uint8_t *memory)
{
    const struct vcmd_capture_transfer *transfer = &record->u.transfer;
    uint32_t written_by = transfer->direction == VCMD_TRANSFER_FROM_HOST ? VCMD_CAPTURE_BY_HOST
                                                                         : VCMD_CAPTURE_BY_GUEST;
    struct vcmd_capture_rows rows = transfer->rows;
    enum vcmd_status status;

    /* What came back is there only after the transfer. */
    if (written_by == VCMD_CAPTURE_BY_HOST) {
        status = write_without_data(writer, record);
        return status == VCMD_STATUS_OK
                   ? write_rows(writer, transfer->resource_id, written_by, &rows, memory)
                   : status;
    }
    status = write_rows(writer, transfer->resource_id, written_by, &rows, memory);
    return status == VCMD_STATUS_OK ? write_without_data(writer, record) : status;
}

static enum vcmd_status write_unknown(struct vcmd_capture_writer *writer,
                                      struct vcmd_capture_record *record)
{
    struct vcmd_capture_record comment = {.type = VCMD_CAPTURE_COMMENT};
    enum vcmd_status status;

    comment.u.comment.text = "the data of the next transfer is not here: its box is not in the "
                             "resource, or not in the memory behind it";
    status = capture_write_locked(writer, &comment);
    record->u.transfer.rows = (struct vcmd_capture_rows){0};
    return status == VCMD_STATUS_OK ? write_without_data(writer, record) : status;
}

enum vcmd_status vcmd_capture_write_transfer(struct vcmd_capture_writer *writer,
                                             const struct vcmd_capture_transfer *transfer,
                                             const struct vcmd_resource_desc *desc,
                                             const void *memory, uint64_t memory_size)
{
    struct vcmd_capture_record record = {.type = VCMD_CAPTURE_TRANSFER};
    enum vcmd_status status;

    if (!writer || !transfer || !desc)
        return VCMD_STATUS_NULL_ARGUMENT;
    record.u.transfer = *transfer;
    status = vcmd_capture_rows_of_transfer(desc, &transfer->transfer, &record.u.transfer.rows);
    capture_writer_lock(writer);
    if (status != VCMD_STATUS_OK || !memory ||
        vcmd_capture_rows_end(&record.u.transfer.rows) > memory_size)
        status = write_unknown(writer, &record);
    else if (vcmd_capture_rows_size(&record.u.transfer.rows) > PIECE_BYTES)
        status = write_large(writer, &record, memory);
    else
        status = write_with_data(writer, &record, memory);
    capture_writer_unlock(writer);
    return status;
}
