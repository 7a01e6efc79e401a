/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <virglcmd/replay.h>
#include <virglcmd/transport.h>
#include <zlib.h>

/*
 * Any bytes as a capture: read, written again, replayed on a device that agrees to everything. The
 * checksums of the input are set right first, or hardly anything would get past them; an input of
 * odd size keeps its own.
 */

#define MAX_PAYLOAD (1u << 20)

#define FUZZ_CHECK(condition)                                                                      \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            (void)fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                  \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* ---- files in memory ---- */

struct file {
    uint8_t *bytes;
    size_t size, position;
};

static enum vcmd_status read_bytes(void *user, void *bytes, size_t size, size_t *got)
{
    struct file *file = user;

    *got = size < file->size - file->position ? size : file->size - file->position;
    if (*got > 0)
        memcpy(bytes, file->bytes + file->position, *got);
    file->position += *got;
    return VCMD_STATUS_OK;
}

static enum vcmd_status write_bytes(void *user, const void *bytes, size_t size)
{
    struct file *file = user;

    file->bytes = realloc(file->bytes, file->size + size);
    FUZZ_CHECK(file->bytes != NULL);
    memcpy(file->bytes + file->size, bytes, size);
    file->size += size;
    return VCMD_STATUS_OK;
}

static struct vcmd_capture_reader *open_file(struct file *file, size_t max_payload)
{
    const struct vcmd_capture_source source = {read_bytes, NULL, file};
    struct vcmd_capture_reader *reader;

    file->position = 0;
    return vcmd_capture_reader_create(&source, max_payload, &reader, NULL) == VCMD_STATUS_OK
               ? reader
               : NULL;
}

/* ---- checksums ---- */

static uint32_t get32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void put_crc(uint8_t *at, const uint8_t *bytes, size_t size)
{
    uint32_t crc = (uint32_t)crc32(0, bytes, (uInt)size);

    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(crc >> (8 * i));
}

static void repair(struct file *file)
{
    size_t at = 28;

    if (file->size < 32 || get32(file->bytes + 12) > 255 ||
        get32(file->bytes + 12) > file->size - 32)
        return;
    memcpy(file->bytes, "\x89VCAP\r\n\x1a\1\0\0\0", 12);
    at += get32(file->bytes + 12);
    put_crc(file->bytes + at, file->bytes, at);
    at += 4;
    while (file->size - at >= 32) {
        uint8_t *record = file->bytes + at;
        size_t stored = get32(record + 8);

        if (stored > file->size - at - 32)
            stored = file->size - at - 32;
        put_crc(record + 24, record + 32, stored);
        put_crc(record + 28, record, 28);
        at += 32 + stored;
    }
}

/* ---- a device that agrees ---- */

static struct {
    uint32_t last_id;
    uint64_t last_fence;
    void *memory[4096];
} null_device;

static void null_close(void *self)
{
    (void)self;
    for (size_t i = 0; i < 4096; i++)
        free(null_device.memory[i]);
    memset(&null_device, 0, sizeof(null_device));
}

static enum vcmd_status null_capset(void *self, uint32_t id, void *bytes, size_t capacity,
                                    size_t *size)
{
    (void)self;
    if (id != 1)
        return VCMD_STATUS_UNSUPPORTED;
    *size = 308;
    if (capacity < *size)
        return VCMD_STATUS_BUFFER_FULL;
    memset(bytes, 0xff, *size);
    return VCMD_STATUS_OK;
}

static enum vcmd_status null_context(void *self, const char *name, uint32_t *id)
{
    (void)self;
    FUZZ_CHECK(strlen(name) < MAX_PAYLOAD);
    *id = ++null_device.last_id;
    return VCMD_STATUS_OK;
}

static void null_destroy(void *self, uint32_t id)
{
    (void)self;
    if (id < 4096) {
        free(null_device.memory[id]);
        null_device.memory[id] = NULL;
    }
}

static enum vcmd_status null_resource(void *self, const struct vcmd_resource_desc *desc,
                                      uint32_t *id, void **memory)
{
    (void)self;
    *memory = NULL;
    *id = null_device.last_id + 1;
    if (*id >= 4096 || desc->backing_size > MAX_PAYLOAD)
        return VCMD_STATUS_NO_MEMORY;
    null_device.last_id++;
    if (desc->backing_size > 0)
        *memory = null_device.memory[*id] = calloc(1, (size_t)desc->backing_size);
    return VCMD_STATUS_OK;
}

static enum vcmd_status null_pair(void *self, uint32_t context, uint32_t resource)
{
    (void)self;
    (void)context;
    (void)resource;
    return VCMD_STATUS_OK;
}

static enum vcmd_status null_transfer(void *self, uint32_t context, uint32_t resource,
                                      uint32_t direction, const struct vcmd_transfer *transfer)
{
    (void)self;
    (void)context;
    (void)resource;
    (void)direction;
    (void)transfer;
    return VCMD_STATUS_OK;
}

static enum vcmd_status null_submit(void *self, uint32_t context, struct vcmd_buffer *buf,
                                    uint64_t *fence)
{
    uint32_t sum = 0;

    (void)self;
    (void)context;
    for (size_t i = 0; i < buf->length; i++)
        sum ^= vcmd_buffer_stream(buf)[i];
    if (fence)
        *fence = ++null_device.last_fence;
    return sum == 0xdeadbeef ? VCMD_STATUS_HOST_UNSPEC : VCMD_STATUS_OK;
}

static enum vcmd_status null_wait(void *self, uint64_t fence, uint64_t timeout_ns)
{
    (void)self;
    (void)fence;
    (void)timeout_ns;
    return VCMD_STATUS_OK;
}

static const struct vcmd_device_ops null_ops = {
    null_close, null_capset, null_context,  null_destroy, null_resource, null_destroy,
    null_pair,  null_pair,   null_transfer, null_submit,  null_wait,
};

static enum vcmd_status null_open(const char *options, const struct vcmd_log *log,
                                  const struct vcmd_device_ops **ops, void **self)
{
    (void)options;
    (void)log;
    *ops = &null_ops;
    *self = &null_device;
    return VCMD_STATUS_OK;
}

/* ---- what is tried ---- */

static void replay(struct file *file, bool keep_going)
{
    static const struct vcmd_transport null_transport = {"null", "agrees", null_open};
    static const struct vcmd_transport *const transports[] = {&null_transport, NULL};
    struct vcmd_capture_reader *reader = open_file(file, MAX_PAYLOAD);
    struct vcmd_replay_options options = {.keep_going = keep_going, .compare = true};
    struct vcmd_replay_picture picture;
    struct vcmd_replay *replay;

    if (!reader)
        return;
    FUZZ_CHECK(vcmd_device_open(&(struct vcmd_device_desc){.transports = transports},
                                &options.device) == VCMD_STATUS_OK);
    FUZZ_CHECK(vcmd_replay_create(&options, &replay) == VCMD_STATUS_OK);
    (void)vcmd_replay_run(replay, reader);
    (void)vcmd_replay_picture(replay, 0, &picture);
    vcmd_replay_destroy(replay);
    vcmd_device_close(options.device);
    vcmd_capture_reader_close(reader);
}

/* What was read can be written, and reads the same again. */
static void copy(struct file *file)
{
    struct vcmd_capture_reader *reader = open_file(file, MAX_PAYLOAD);
    struct file written = {NULL, 0, 0}, again = {NULL, 0, 0};
    struct vcmd_capture_record record;
    struct file *const files[] = {&written, &again};

    for (int i = 0; i < 2 && reader; i++) {
        const struct vcmd_capture_sink sink = {write_bytes, NULL, files[i]};
        struct vcmd_capture_writer *writer;

        FUZZ_CHECK(vcmd_capture_writer_create(&sink, NULL, &writer) == VCMD_STATUS_OK);
        while (vcmd_capture_read(reader, &record) == VCMD_STATUS_OK && record.type != 0) {
            record.time_ns |= 1; /* 0 would take the time of now */
            FUZZ_CHECK(vcmd_capture_write(writer, &record) == VCMD_STATUS_OK);
        }
        FUZZ_CHECK(vcmd_capture_writer_close(writer) == VCMD_STATUS_OK);
        vcmd_capture_reader_close(reader);
        reader = i == 0 ? open_file(&written, MAX_PAYLOAD) : NULL;
    }
    FUZZ_CHECK(written.size == again.size);
    /* The headers have the times of their making. */
    if (written.size > 64)
        FUZZ_CHECK(memcmp(written.bytes + 64, again.bytes + 64, written.size - 64) == 0);
    free(written.bytes);
    free(again.bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct file file = {malloc(size + 1), size, 0};

    FUZZ_CHECK(file.bytes != NULL);
    if (size > 0)
        memcpy(file.bytes, data, size);
    if (size % 2 == 0)
        repair(&file);
    copy(&file);
    replay(&file, (size & 2) != 0);
    free(file.bytes);
    return 0;
}
