/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "bytes.h"
#include "format.h"
#include "memory.h"

/* A payload is read in steps, so that a size alone never takes memory. */
#define STEP_BYTES 0x100000u

/* A zlib stream cannot become larger than this many times its size (and a little). */
#define MOST_INFLATED UINT64_C(1040)

struct vcmd_capture_reader {
    struct vcmd_capture_source source;
    size_t max_payload;
    uint64_t offset; /* of the next byte of the source */
    struct vcmd_capture_header header;
    struct vcmd_capture_error error;

    struct capture_memory stored;
    struct capture_memory payload;
    struct capture_memory texts;
    bool inflates; /* the stream has been initialised */
    z_stream inflate;
};

/* What a record says of itself. */
struct record_header {
    uint32_t flags;
    uint32_t stored_size;
    uint32_t size;
    uint32_t crc;
};

/* ---- errors ---- */

#if defined(__GNUC__) && !defined(__MINGW32__)
__attribute__((format(printf, 4, 5)))
#endif
static enum vcmd_status
fail(struct vcmd_capture_reader *reader, enum vcmd_status status, uint64_t offset,
     const char *format, ...)
{
    struct vcmd_capture_error *error = &reader->error;
    va_list args;

    error->status = status;
    error->offset = offset;
    va_start(args, format);
    vsnprintf(error->text, sizeof(error->text), format, args);
    va_end(args);
    return status;
}

static enum vcmd_status fail_source(struct vcmd_capture_reader *reader, enum vcmd_status status)
{
    return fail(reader, status, reader->offset, "reading fails: %s", vcmd_status_string(status));
}

static enum vcmd_status fail_memory(struct vcmd_capture_reader *reader, uint64_t offset)
{
    return fail(reader, VCMD_STATUS_NO_MEMORY, offset, "no memory for this record");
}

/* ---- bytes ---- */

static enum vcmd_status get_bytes(struct vcmd_capture_reader *reader, void *bytes, size_t size,
                                  size_t *got)
{
    enum vcmd_status status;

    *got = 0;
    status = reader->source.read(reader->source.user, bytes, size, got);
    if (status != VCMD_STATUS_OK)
        return fail_source(reader, status);
    reader->offset += *got;
    return VCMD_STATUS_OK;
}

/* As many as there are, up to size, into `stored`. */
static enum vcmd_status get_stored(struct vcmd_capture_reader *reader, size_t size,
                                   uint64_t record_offset, size_t *got)
{
    size_t done = 0;

    *got = 0;
    while (done < size) {
        size_t step = size - done < STEP_BYTES ? size - done : STEP_BYTES;
        enum vcmd_status status;
        size_t part;

        if (!capture_memory_reserve(&reader->stored, done + step))
            return fail_memory(reader, record_offset);
        status = get_bytes(reader, reader->stored.bytes + done, step, &part);
        if (status != VCMD_STATUS_OK)
            return status;
        done += part;
        if (part < step)
            break;
    }
    *got = done;
    return VCMD_STATUS_OK;
}

/* ---- the header of the file ---- */

static enum vcmd_status check_header(struct vcmd_capture_reader *reader, const uint8_t *bytes,
                                     size_t got)
{
    size_t common = got < CAPTURE_MAGIC_SIZE ? got : CAPTURE_MAGIC_SIZE;

    if (got == 0)
        return fail(reader, VCMD_STATUS_TRUNCATED, 0, "the file is empty");
    if (memcmp(bytes, capture_magic, common) != 0)
        return fail(reader, VCMD_STATUS_MALFORMED, 0,
                    "this is no capture: it does not begin as one");
    if (got < CAPTURE_HEADER_SIZE)
        return fail(reader, VCMD_STATUS_TRUNCATED, 0,
                    "the file ends after %zu bytes, in its header", got);
    if (vcmd_get_u32(bytes + 12) > VCMD_CAPTURE_MAX_CREATOR)
        return fail(reader, VCMD_STATUS_MALFORMED, 0, "the header of the file is damaged");
    return VCMD_STATUS_OK;
}

static enum vcmd_status read_header(struct vcmd_capture_reader *reader)
{
    uint8_t bytes[CAPTURE_HEADER_SIZE + VCMD_CAPTURE_MAX_CREATOR + sizeof(uint32_t)];
    struct vcmd_capture_header *header = &reader->header;
    enum vcmd_status status;
    size_t got, creator, size;

    status = get_bytes(reader, bytes, CAPTURE_HEADER_SIZE, &got);
    if (status == VCMD_STATUS_OK)
        status = check_header(reader, bytes, got);
    if (status != VCMD_STATUS_OK)
        return status;
    creator = vcmd_get_u32(bytes + 12);
    status = get_bytes(reader, bytes + CAPTURE_HEADER_SIZE, creator + sizeof(uint32_t), &got);
    if (status != VCMD_STATUS_OK)
        return status;
    size = CAPTURE_HEADER_SIZE + creator;
    if (got < creator + sizeof(uint32_t))
        return fail(reader, VCMD_STATUS_TRUNCATED, 0,
                    "the file ends after %" PRIu64 " bytes, in its header", reader->offset);
    if (vcmd_get_u32(bytes + size) != crc32(0, bytes, (uInt)size))
        return fail(reader, VCMD_STATUS_MALFORMED, 0, "the header of the file is damaged");
    header->major_version = vcmd_get_u16(bytes + 8);
    header->minor_version = vcmd_get_u16(bytes + 10);
    header->unix_time_ns = vcmd_get_u64(bytes + 16);
    memcpy(header->creator, bytes + CAPTURE_HEADER_SIZE, creator);
    if (header->major_version != CAPTURE_MAJOR)
        return fail(reader, VCMD_STATUS_UNSUPPORTED, 0,
                    "the capture has version %" PRIu32 ".%" PRIu32 ", this library reads 1.x",
                    header->major_version, header->minor_version);
    return VCMD_STATUS_OK;
}

/* ---- a record ---- */

static enum vcmd_status inflate_payload(struct vcmd_capture_reader *reader,
                                        const struct record_header *header, uint64_t offset)
{
    z_stream *inflater = &reader->inflate;
    int result;

    if (header->size > header->stored_size * MOST_INFLATED + 64)
        return fail(reader, VCMD_STATUS_MALFORMED, offset,
                    "this record claims to have %" PRIu32 " bytes, more than its %" PRIu32
                    " compressed ones can hold",
                    header->size, header->stored_size);
    if (!capture_memory_reserve(&reader->payload, header->size + (size_t)1))
        return fail_memory(reader, offset);
    if (!reader->inflates && inflateInit(inflater) != Z_OK)
        return fail_memory(reader, offset);
    reader->inflates = true;
    inflateReset(inflater);
    inflater->next_in = reader->stored.bytes;
    inflater->avail_in = header->stored_size;
    inflater->next_out = reader->payload.bytes;
    inflater->avail_out = header->size + 1u;
    result = inflate(inflater, Z_FINISH);
    if (result == Z_MEM_ERROR)
        return fail_memory(reader, offset);
    if (result != Z_STREAM_END || inflater->avail_in != 0 || inflater->total_out != header->size)
        return fail(reader, VCMD_STATUS_MALFORMED, offset,
                    "this record cannot be decompressed to its %" PRIu32 " bytes", header->size);
    return VCMD_STATUS_OK;
}

static enum vcmd_status check_sizes(struct vcmd_capture_reader *reader,
                                    const struct record_header *header, uint64_t offset)
{
    uint32_t stored = header->flags & CAPTURE_STORED_MASK;

    if (stored > CAPTURE_STORED_ZLIB)
        return fail(reader, VCMD_STATUS_UNSUPPORTED, offset,
                    "this record is stored in way %" PRIu32 ", which this library does not know",
                    stored);
    if (header->size > VCMD_CAPTURE_MAX_PAYLOAD || header->stored_size > VCMD_CAPTURE_MAX_PAYLOAD ||
        (stored == CAPTURE_STORED_PLAIN && header->size != header->stored_size))
        return fail(reader, VCMD_STATUS_MALFORMED, offset,
                    "this record has impossible sizes: %" PRIu32 " bytes, %" PRIu32 " stored",
                    header->size, header->stored_size);
    if (header->size > reader->max_payload || header->stored_size > reader->max_payload)
        return fail(reader, VCMD_STATUS_TOO_LONG, offset,
                    "this record has %" PRIu32 " bytes; %zu are allowed", header->size,
                    reader->max_payload);
    return VCMD_STATUS_OK;
}

/* *payload: the decompressed bytes. */
static enum vcmd_status read_payload(struct vcmd_capture_reader *reader,
                                     const struct record_header *header, uint64_t offset,
                                     const uint8_t **payload)
{
    enum vcmd_status status = check_sizes(reader, header, offset);
    size_t got;

    if (status != VCMD_STATUS_OK)
        return status;
    /* Something to point at also for nothing. */
    if (!capture_memory_reserve(&reader->stored, 1))
        return fail_memory(reader, offset);
    status = get_stored(reader, header->stored_size, offset, &got);
    if (status != VCMD_STATUS_OK)
        return status;
    if (got < header->stored_size)
        return fail(reader, VCMD_STATUS_TRUNCATED, offset,
                    "the file ends in the middle of this record, with %zu of its %" PRIu32
                    " bytes; those before it are whole",
                    got, header->stored_size);
    if (crc32(0, reader->stored.bytes, (uInt)got) != header->crc)
        return fail(reader, VCMD_STATUS_MALFORMED, offset,
                    "this record is damaged: its checksum is wrong");
    *payload = reader->stored.bytes;
    if ((header->flags & CAPTURE_STORED_MASK) != CAPTURE_STORED_ZLIB)
        return VCMD_STATUS_OK;
    status = inflate_payload(reader, header, offset);
    *payload = reader->payload.bytes;
    return status;
}

/* Texts are copied, each with a NUL behind it. */
static enum vcmd_status end_texts(struct vcmd_capture_reader *reader,
                                  struct vcmd_capture_record *record)
{
    const struct capture_type *type = capture_find_type(record->type);
    size_t needed = 0, used = 0;

    for (size_t i = 0; type && i < type->num_fields; i++) {
        if (type->fields[i].kind == CAPTURE_TEXT)
            needed += capture_blob_size(record, &type->fields[i]) + 1;
    }
    if (needed == 0)
        return VCMD_STATUS_OK;
    if (!capture_memory_reserve(&reader->texts, needed))
        return fail_memory(reader, record->offset);
    for (size_t i = 0; i < type->num_fields; i++) {
        const struct capture_field *field = &type->fields[i];
        uint8_t *text = reader->texts.bytes + used;
        size_t size;

        if (field->kind != CAPTURE_TEXT)
            continue;
        size = capture_blob_size(record, field);
        if (size > 0)
            memcpy(text, capture_blob(record, field), size);
        text[size] = '\0';
        capture_set_blob(record, field, text, size);
        used += size + 1;
    }
    return VCMD_STATUS_OK;
}

static enum vcmd_status read_record(struct vcmd_capture_reader *reader,
                                    struct vcmd_capture_record *record)
{
    uint8_t bytes[CAPTURE_RECORD_SIZE];
    uint64_t offset = reader->offset;
    struct record_header header;
    enum vcmd_status status;
    const uint8_t *payload = NULL;
    const char *why = "";
    size_t got;

    record->offset = offset;
    status = get_bytes(reader, bytes, sizeof(bytes), &got);
    if (status != VCMD_STATUS_OK || got == 0) /* got 0: the end, and the record says so already */
        return status;
    if (got < sizeof(bytes))
        return fail(reader, VCMD_STATUS_TRUNCATED, offset,
                    "the file ends in the middle of this record; those before it are whole");
    if (vcmd_get_u32(bytes + 28) != crc32(0, bytes, 28) || vcmd_get_u32(bytes) == 0)
        return fail(reader, VCMD_STATUS_MALFORMED, offset,
                    "this record is damaged: its header is wrong");
    header = (struct record_header){vcmd_get_u32(bytes + 4), vcmd_get_u32(bytes + 8),
                                    vcmd_get_u32(bytes + 12), vcmd_get_u32(bytes + 24)};
    status = read_payload(reader, &header, offset, &payload);
    if (status != VCMD_STATUS_OK)
        return status;
    record->type = vcmd_get_u32(bytes);
    record->flags = header.flags & VCMD_CAPTURE_ESSENTIAL;
    record->time_ns = vcmd_get_u64(bytes + 16);
    status = capture_decode_payload(record, payload, header.size, &why);
    if (status != VCMD_STATUS_OK)
        return fail(reader, status, offset, "this record (%s) is wrong: %s",
                    vcmd_capture_type_name(record->type), why);
    return end_texts(reader, record);
}

enum vcmd_status vcmd_capture_read(struct vcmd_capture_reader *reader,
                                   struct vcmd_capture_record *record)
{
    enum vcmd_status status;

    if (record)
        memset(record, 0, sizeof(*record));
    if (!reader || !record)
        return VCMD_STATUS_NULL_ARGUMENT;
    if (reader->error.status != VCMD_STATUS_OK)
        return reader->error.status;
    status = read_record(reader, record);
    if (status != VCMD_STATUS_OK)
        memset(record, 0, sizeof(*record));
    return status;
}

/* ---- life ---- */

enum vcmd_status vcmd_capture_reader_create(const struct vcmd_capture_source *source,
                                            size_t max_payload, struct vcmd_capture_reader **reader,
                                            struct vcmd_capture_error *error)
{
    struct vcmd_capture_error why = {.status = VCMD_STATUS_NO_MEMORY, .text = "no memory"};
    struct vcmd_capture_reader *created = NULL;

    if (reader)
        *reader = NULL;
    if (!reader || !source || !source->read)
        why = (struct vcmd_capture_error){
            .status = VCMD_STATUS_NULL_ARGUMENT,
            .text = "nothing to read from (source, its read) or no place for the reader: NULL"};
    else
        created = calloc(1, sizeof(*created));
    if (created) {
        created->source = *source;
        created->max_payload = max_payload ? max_payload : VCMD_CAPTURE_MAX_PAYLOAD;
        read_header(created);
        why = created->error;
    } else if (source && source->close) {
        source->close(source->user);
    }
    if (error)
        *error = why;
    if (why.status == VCMD_STATUS_OK)
        *reader = created;
    else
        vcmd_capture_reader_close(created);
    return why.status;
}

const struct vcmd_capture_header *vcmd_capture_reader_header(const struct vcmd_capture_reader *r)
{
    return &r->header;
}

const struct vcmd_capture_error *vcmd_capture_reader_error(const struct vcmd_capture_reader *r)
{
    return &r->error;
}

void vcmd_capture_reader_close(struct vcmd_capture_reader *reader)
{
    if (!reader)
        return;
    if (reader->source.close)
        reader->source.close(reader->source.user);
    if (reader->inflates)
        inflateEnd(&reader->inflate);
    capture_memory_free(&reader->stored);
    capture_memory_free(&reader->payload);
    capture_memory_free(&reader->texts);
    free(reader);
}
