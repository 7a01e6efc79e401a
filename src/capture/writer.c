/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <virglcmd/version.h>
#include <zlib.h>

#include "bytes.h"
#include "clock.h"
#include "format.h"
#include "lock.h"
#include "memory.h"
#include "writer.h"

/* Smaller ones do not get smaller. */
#define LEAST_COMPRESSED 64u

struct vcmd_capture_writer {
    struct vcmd_mutex mutex; /* guards all that follows */
    struct vcmd_capture_sink sink;
    enum vcmd_status status; /* of the sink */
    uint64_t start_ns;
    uint64_t records, bytes;

    struct capture_memory payload; /* before compression */
    struct capture_memory stored;  /* a record as it goes to the sink */
    bool compresses;
    z_stream deflate;
};

/* ---- the sink ---- */

static enum vcmd_status send(struct vcmd_capture_writer *writer, const void *bytes, size_t size)
{
    if (writer->status == VCMD_STATUS_OK)
        writer->status = writer->sink.write(writer->sink.user, bytes, size);
    if (writer->status == VCMD_STATUS_OK)
        writer->bytes += size;
    return writer->status;
}

static enum vcmd_status write_header(struct vcmd_capture_writer *writer, const char *creator)
{
    uint8_t header[CAPTURE_HEADER_SIZE + VCMD_CAPTURE_MAX_CREATOR + sizeof(uint32_t)] = {0};
    size_t length = strlen(creator);
    size_t size;

    if (length > VCMD_CAPTURE_MAX_CREATOR)
        length = VCMD_CAPTURE_MAX_CREATOR;
    memcpy(header, capture_magic, CAPTURE_MAGIC_SIZE);
    vcmd_put_u16(header + 8, CAPTURE_MAJOR);
    vcmd_put_u16(header + 10, CAPTURE_MINOR);
    vcmd_put_u32(header + 12, (uint32_t)length);
    vcmd_put_u64(header + 16, capture_clock_unix());
    for (size_t i = 0; i < length; i++)
        header[CAPTURE_HEADER_SIZE + i] = (uint8_t)creator[i];
    size = CAPTURE_HEADER_SIZE + length;
    vcmd_put_u32(header + size, (uint32_t)crc32(0, header, (uInt)size));
    return send(writer, header, size + sizeof(uint32_t));
}

/* ---- one record ---- */

/* Compresses the payload to behind the record's header. 0: it would not become smaller. */
static size_t compress_payload(struct vcmd_capture_writer *writer, size_t size)
{
    z_stream *deflater = &writer->deflate;

    if (!writer->compresses || size < LEAST_COMPRESSED || deflateReset(deflater) != Z_OK)
        return 0;
    deflater->next_in = writer->payload.bytes;
    deflater->avail_in = (uInt)size;
    deflater->next_out = writer->stored.bytes + CAPTURE_RECORD_SIZE;
    /* A sixteenth less is worth the reader's time. */
    deflater->avail_out = (uInt)(size - size / 16);
    if (deflate(deflater, Z_FINISH) != Z_STREAM_END)
        return 0;
    return (size_t)deflater->total_out;
}

static uint64_t record_time(const struct vcmd_capture_writer *writer,
                            const struct vcmd_capture_record *record)
{
    return record->time_ns ? record->time_ns : capture_clock_now() - writer->start_ns;
}

/* The payload is encoded. */
static enum vcmd_status send_record(struct vcmd_capture_writer *writer,
                                    const struct vcmd_capture_record *record, size_t size)
{
    const struct capture_type *type = capture_find_type(record->type);
    uint32_t flags = type ? type->flags : record->flags & VCMD_CAPTURE_ESSENTIAL;
    uint8_t *header = writer->stored.bytes;
    size_t stored = compress_payload(writer, size);

    if (stored > 0) {
        flags |= CAPTURE_STORED_ZLIB;
    } else {
        stored = size;
        memcpy(header + CAPTURE_RECORD_SIZE, writer->payload.bytes, size);
    }
    vcmd_put_u32(header, record->type);
    vcmd_put_u32(header + 4, flags);
    vcmd_put_u32(header + 8, (uint32_t)stored);
    vcmd_put_u32(header + 12, (uint32_t)size);
    vcmd_put_u64(header + 16, record_time(writer, record));
    vcmd_put_u32(header + 24, (uint32_t)crc32(0, header + CAPTURE_RECORD_SIZE, (uInt)stored));
    vcmd_put_u32(header + 28, (uint32_t)crc32(0, header, 28));
    if (send(writer, header, CAPTURE_RECORD_SIZE + stored) == VCMD_STATUS_OK)
        writer->records++;
    return writer->status;
}

/* Needs the mutex. */
static enum vcmd_status write_record(struct vcmd_capture_writer *writer,
                                     const struct vcmd_capture_record *given)
{
    struct vcmd_capture_record record = *given;
    enum vcmd_status status = writer->status;
    const char *why;
    size_t size;

    if (status != VCMD_STATUS_OK)
        return status;
    if (record.type == VCMD_CAPTURE_END)
        return VCMD_STATUS_OUT_OF_RANGE;
    capture_complete_texts(&record);
    /* First the sizes: they also say which pointers may be looked through. */
    status = capture_payload_size(&record, &size, &why);
    if (status == VCMD_STATUS_OK)
        status = capture_check_record(&record, &why);
    if (status != VCMD_STATUS_OK)
        return status;
    /* deflate and memcpy want an address also for nothing. */
    if (!capture_memory_reserve(&writer->payload, size + 1) ||
        !capture_memory_reserve(&writer->stored, CAPTURE_RECORD_SIZE + size))
        return VCMD_STATUS_NO_MEMORY;
    capture_encode_payload(&record, writer->payload.bytes);
    return send_record(writer, &record, size);
}

enum vcmd_status vcmd_capture_write(struct vcmd_capture_writer *writer,
                                    const struct vcmd_capture_record *record)
{
    enum vcmd_status status;

    if (!writer || !record)
        return VCMD_STATUS_NULL_ARGUMENT;
    vcmd_mutex_lock(&writer->mutex);
    status = write_record(writer, record);
    vcmd_mutex_unlock(&writer->mutex);
    return status;
}

/* ---- for what writes several records that belong together ---- */

void capture_writer_lock(struct vcmd_capture_writer *writer)
{
    vcmd_mutex_lock(&writer->mutex);
}

void capture_writer_unlock(struct vcmd_capture_writer *writer)
{
    vcmd_mutex_unlock(&writer->mutex);
}

enum vcmd_status capture_write_locked(struct vcmd_capture_writer *writer,
                                      const struct vcmd_capture_record *record)
{
    return write_record(writer, record);
}

/* ---- life ---- */

static enum vcmd_status close_sink(const struct vcmd_capture_sink *sink)
{
    return sink->close ? sink->close(sink->user) : VCMD_STATUS_OK;
}

static void free_writer(struct vcmd_capture_writer *writer)
{
    if (writer->compresses)
        deflateEnd(&writer->deflate);
    capture_memory_free(&writer->payload);
    capture_memory_free(&writer->stored);
    vcmd_mutex_destroy(&writer->mutex);
    free(writer);
}

static struct vcmd_capture_writer *alloc_writer(const struct vcmd_capture_sink *sink, int level)
{
    struct vcmd_capture_writer *writer = calloc(1, sizeof(*writer));

    if (!writer)
        return NULL;
    if (!vcmd_mutex_init(&writer->mutex)) {
        free(writer);
        return NULL;
    }
    writer->sink = *sink;
    writer->start_ns = capture_clock_now();
    if (level < 0)
        return writer;
    if (deflateInit(&writer->deflate, level > 0 ? level : 1) == Z_OK) {
        writer->compresses = true;
        return writer;
    }
    free_writer(writer);
    return NULL;
}

enum vcmd_status vcmd_capture_writer_create(const struct vcmd_capture_sink *sink,
                                            const struct vcmd_capture_writer_options *options,
                                            struct vcmd_capture_writer **writer)
{
    const struct vcmd_capture_writer_options defaults = {0};
    enum vcmd_status status = VCMD_STATUS_OK;

    if (writer)
        *writer = NULL;
    if (!writer || !sink || !sink->write) {
        if (sink)
            close_sink(sink);
        return VCMD_STATUS_NULL_ARGUMENT;
    }
    if (!options)
        options = &defaults;
    if (options->level < -1 || options->level > 9)
        status = VCMD_STATUS_OUT_OF_RANGE;
    else if (!(*writer = alloc_writer(sink, options->level)))
        status = VCMD_STATUS_NO_MEMORY;
    if (status == VCMD_STATUS_OK)
        status = write_header(*writer, options->creator ? options->creator
                                                        : "libvirglcmd " VCMD_VERSION_STRING);
    if (status == VCMD_STATUS_OK)
        return status;
    close_sink(sink);
    if (*writer)
        free_writer(*writer);
    *writer = NULL;
    return status;
}

enum vcmd_status vcmd_capture_writer_close(struct vcmd_capture_writer *writer)
{
    enum vcmd_status status, closed;

    if (!writer)
        return VCMD_STATUS_OK;
    status = writer->status;
    closed = close_sink(&writer->sink);
    free_writer(writer);
    return status != VCMD_STATUS_OK ? status : closed;
}

void vcmd_capture_writer_stats(struct vcmd_capture_writer *writer, uint64_t *records,
                               uint64_t *bytes)
{
    vcmd_mutex_lock(&writer->mutex);
    if (records)
        *records = writer->records;
    if (bytes)
        *bytes = writer->bytes;
    vcmd_mutex_unlock(&writer->mutex);
}

enum vcmd_status vcmd_capture_writer_status(struct vcmd_capture_writer *writer)
{
    enum vcmd_status status;

    vcmd_mutex_lock(&writer->mutex);
    status = writer->status;
    vcmd_mutex_unlock(&writer->mutex);
    return status;
}
