/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <virglcmd/enums.h>

#include "bytes.h"
#include "format.h"

/* ---- fields by their tables ---- */

static bool is_blob(const struct capture_field *field)
{
    return field->kind == CAPTURE_TEXT || field->kind == CAPTURE_BYTES ||
           field->kind == CAPTURE_DWORDS;
}

static size_t unit_of(const struct capture_field *field)
{
    return field->kind == CAPTURE_DWORDS ? sizeof(uint32_t) : 1;
}

/* By memcpy, since the members have several pointer types. */
const void *capture_blob(const struct vcmd_capture_record *record,
                         const struct capture_field *field)
{
    const void *bytes;

    memcpy(&bytes, (const uint8_t *)record + field->offset, sizeof(bytes));
    return bytes;
}

size_t capture_blob_size(const struct vcmd_capture_record *record,
                         const struct capture_field *field)
{
    size_t size;

    memcpy(&size, (const uint8_t *)record + field->size_offset, sizeof(size));
    return size;
}

void capture_set_blob(struct vcmd_capture_record *record, const struct capture_field *field,
                      const void *bytes, size_t size)
{
    memcpy((uint8_t *)record + field->offset, &bytes, sizeof(bytes));
    memcpy((uint8_t *)record + field->size_offset, &size, sizeof(size));
}

void capture_complete_texts(struct vcmd_capture_record *record)
{
    const struct capture_type *type = capture_find_type(record->type);

    for (size_t i = 0; type && i < type->num_fields; i++) {
        const struct capture_field *field = &type->fields[i];
        const char *text;

        if (field->kind != CAPTURE_TEXT || capture_blob_size(record, field) > 0)
            continue;
        text = capture_blob(record, field);
        if (text)
            capture_set_blob(record, field, text, strlen(text));
    }
}

/* ---- writing ---- */

static size_t fixed_size(const struct capture_type *type)
{
    size_t size = 0;

    for (size_t i = 0; i < type->num_fields; i++)
        size += type->fields[i].kind == CAPTURE_U64 ? sizeof(uint64_t) : sizeof(uint32_t);
    return size;
}

static enum vcmd_status add_blob(const struct vcmd_capture_record *record,
                                 const struct capture_field *field, size_t *size, const char **why)
{
    size_t count = capture_blob_size(record, field);

    if (count > 0 && !capture_blob(record, field)) {
        *why = "bytes are NULL that have a size";
        return VCMD_STATUS_NULL_ARGUMENT;
    }
    if (count > (VCMD_CAPTURE_MAX_PAYLOAD - *size) / unit_of(field)) {
        *why = "the record is larger than 256 MiB";
        return VCMD_STATUS_TOO_LONG;
    }
    *size += count * unit_of(field);
    return VCMD_STATUS_OK;
}

enum vcmd_status capture_payload_size(const struct vcmd_capture_record *record, size_t *size,
                                      const char **why)
{
    const struct capture_type *type = capture_find_type(record->type);
    static const struct capture_field raw = {CAPTURE_BYTES,
                                             offsetof(struct vcmd_capture_record, u.raw.bytes),
                                             offsetof(struct vcmd_capture_record, u.raw.size)};
    enum vcmd_status status = VCMD_STATUS_OK;

    *size = 0;
    if (!type)
        return add_blob(record, &raw, size, why);
    *size = fixed_size(type);
    for (size_t i = 0; i < type->num_fields && status == VCMD_STATUS_OK; i++) {
        if (is_blob(&type->fields[i]))
            status = add_blob(record, &type->fields[i], size, why);
    }
    return status;
}

static uint8_t *put_field(const struct vcmd_capture_record *record,
                          const struct capture_field *field, uint8_t *to)
{
    const uint8_t *member = (const uint8_t *)record + field->offset;
    uint64_t wide;
    uint32_t value;

    if (field->kind == CAPTURE_U64) {
        memcpy(&wide, member, sizeof(wide));
        vcmd_put_u64(to, wide);
        return to + sizeof(wide);
    }
    if (is_blob(field))
        value = (uint32_t)capture_blob_size(record, field);
    else
        memcpy(&value, member, sizeof(value));
    vcmd_put_u32(to, value);
    return to + sizeof(value);
}

void capture_encode_payload(const struct vcmd_capture_record *record, uint8_t *payload)
{
    const struct capture_type *type = capture_find_type(record->type);

    if (!type) {
        if (record->u.raw.size > 0)
            memcpy(payload, record->u.raw.bytes, record->u.raw.size);
        return;
    }
    for (size_t i = 0; i < type->num_fields; i++)
        payload = put_field(record, &type->fields[i], payload);
    for (size_t i = 0; i < type->num_fields; i++) {
        const struct capture_field *field = &type->fields[i];
        size_t size = is_blob(field) ? capture_blob_size(record, field) * unit_of(field) : 0;

        if (size == 0)
            continue;
        memcpy(payload, capture_blob(record, field), size);
        payload += size;
    }
}

/* ---- reading ---- */

static const uint8_t *get_field(struct vcmd_capture_record *record,
                                const struct capture_field *field, const uint8_t *from)
{
    uint8_t *member = (uint8_t *)record + field->offset;
    uint64_t wide;
    uint32_t value;

    if (field->kind == CAPTURE_U64) {
        wide = vcmd_get_u64(from);
        memcpy(member, &wide, sizeof(wide));
        return from + sizeof(wide);
    }
    value = vcmd_get_u32(from);
    if (is_blob(field))
        capture_set_blob(record, field, NULL, value);
    else
        memcpy(member, &value, sizeof(value));
    return from + sizeof(value);
}

/* The sizes are in the record; the pointers are set when all of it is there. */
static enum vcmd_status get_blobs(struct vcmd_capture_record *record,
                                  const struct capture_type *type, const uint8_t *from, size_t left,
                                  const char **why)
{
    for (size_t i = 0; i < type->num_fields; i++) {
        const struct capture_field *field = &type->fields[i];
        size_t count;

        if (!is_blob(field))
            continue;
        count = capture_blob_size(record, field);
        if (count > left / unit_of(field)) {
            *why = "a size in it is larger than the record";
            return VCMD_STATUS_MALFORMED;
        }
        if (count > 0)
            capture_set_blob(record, field, from, count);
        from += count * unit_of(field);
        left -= count * unit_of(field);
    }
    return VCMD_STATUS_OK;
}

enum vcmd_status capture_decode_payload(struct vcmd_capture_record *record, const uint8_t *payload,
                                        size_t size, const char **why)
{
    const struct capture_type *type = capture_find_type(record->type);
    const uint8_t *from = payload;
    enum vcmd_status status;

    memset(&record->u, 0, sizeof(record->u));
    if (!type) {
        record->u.raw.bytes = payload;
        record->u.raw.size = size;
        return VCMD_STATUS_OK;
    }
    if (size < fixed_size(type)) {
        *why = "it is shorter than the fields of its type";
        return VCMD_STATUS_MALFORMED;
    }
    for (size_t i = 0; i < type->num_fields; i++)
        from = get_field(record, &type->fields[i], from);
    status = get_blobs(record, type, from, size - fixed_size(type), why);
    if (status != VCMD_STATUS_OK)
        return status;
    if (capture_check_record(record, why) != VCMD_STATUS_OK)
        return VCMD_STATUS_MALFORMED;
    return VCMD_STATUS_OK;
}

/* ---- what must hold ---- */

static enum vcmd_status check_texts(const struct vcmd_capture_record *record,
                                    const struct capture_type *type, const char **why)
{
    for (size_t i = 0; i < type->num_fields; i++) {
        const struct capture_field *field = &type->fields[i];
        size_t size;

        if (field->kind != CAPTURE_TEXT)
            continue;
        size = capture_blob_size(record, field);
        if (size > VCMD_CAPTURE_MAX_TEXT) {
            *why = "a text in it is longer than 65535 bytes";
            return VCMD_STATUS_TOO_LONG;
        }
        if (size > 0 && memchr(capture_blob(record, field), '\0', size)) {
            *why = "a text in it has a NUL inside";
            return VCMD_STATUS_OUT_OF_RANGE;
        }
    }
    return VCMD_STATUS_OK;
}

static enum vcmd_status check_rows(const struct vcmd_capture_rows *rows, size_t size,
                                   const char **why)
{
    if (size == 0 || size == vcmd_capture_rows_size(rows))
        return VCMD_STATUS_OK;
    *why = "its data has another size than its rows";
    return VCMD_STATUS_OUT_OF_RANGE;
}

static enum vcmd_status check_transfer(const struct vcmd_capture_transfer *transfer,
                                       const char **why)
{
    if (transfer->direction == VCMD_TRANSFER_TO_HOST ||
        transfer->direction == VCMD_TRANSFER_FROM_HOST)
        return check_rows(&transfer->rows, transfer->size, why);
    *why = "its direction is neither 1 nor 2";
    return VCMD_STATUS_UNKNOWN_VALUE;
}

enum vcmd_status capture_check_record(const struct vcmd_capture_record *record, const char **why)
{
    const struct capture_type *type = capture_find_type(record->type);
    enum vcmd_status status;

    if (!type)
        return VCMD_STATUS_OK;
    status = check_texts(record, type, why);
    if (status != VCMD_STATUS_OK)
        return status;
    switch (record->type) {
    case VCMD_CAPTURE_TRANSFER:
        return check_transfer(&record->u.transfer, why);
    case VCMD_CAPTURE_MEMORY:
        if (record->u.memory.writer > VCMD_CAPTURE_BY_HOST) {
            *why = "its writer is neither 0 nor 1";
            return VCMD_STATUS_UNKNOWN_VALUE;
        }
        return check_rows(&record->u.memory.rows, record->u.memory.size, why);
    default:
        return VCMD_STATUS_OK;
    }
}
