/* SPDX-License-Identifier: MIT */
#include "samples.h"

#include "support.h"

#include <string.h>

static const uint8_t bytes[100] = {1, 2, 3, 250, 0, 7};
static const uint32_t dwords[] = {0x00010203, 0xffffffff, 0, 42};

#define TEXT(string)                                                                               \
    {                                                                                              \
        string, sizeof(string) - 1                                                                 \
    }

const struct vcmd_capture_record samples[] = {
    {.type = VCMD_CAPTURE_COMMENT, .time_ns = 1, .u.comment = TEXT("a comment, \xc3\xa4 too")},
    {.type = VCMD_CAPTURE_INFO,
     .time_ns = 2,
     .u.info = {TEXT("program"), TEXT("gears --frames 2")}},
    {.type = VCMD_CAPTURE_FRAME,
     .time_ns = 3,
     .u.frame = {1, 2, 3, 4, 5, 6, 7, 8, VCMD_CAPTURE_FRAME_TOP_FIRST}},
    {.type = VCMD_CAPTURE_CAPSET, .time_ns = 4, .u.capset = {2, 1, bytes, sizeof(bytes)}},
    {.type = VCMD_CAPTURE_CONTEXT_CREATE, .time_ns = 5, .u.context = {9, 10, TEXT("name")}},
    {.type = VCMD_CAPTURE_RESOURCE_CREATE,
     .time_ns = 6,
     .u.resource = {11, {12, 13, 14, 15, 16, 17, 18, 19, 20, 21, UINT64_C(0x123456789ab)}}},
    {.type = VCMD_CAPTURE_ATTACH, .time_ns = 7, .u.pair = {9, 11}},
    {.type = VCMD_CAPTURE_TRANSFER,
     .time_ns = 8,
     .u.transfer = {9,
                    11,
                    1,
                    {{-1, 2, 3, 4, 5, 6}, 7, 8, 9, UINT64_C(1) << 40},
                    {UINT64_C(1) << 40, 5, 50, 2, 100, 3},
                    bytes,
                    30}},
    {.type = VCMD_CAPTURE_TRANSFER,
     .time_ns = 9,
     .u.transfer = {9, 11, 2, {{1, 2, 3, 4, 5, 6}, 7, 8, 9, 10}, {1, 2, 3, 4, 5, 6}, NULL, 0}},
    {.type = VCMD_CAPTURE_MEMORY,
     .time_ns = 10,
     .u.memory = {11, VCMD_CAPTURE_BY_HOST, {4, 10, 10, 10, 100, 1}, bytes, 100}},
    {.type = VCMD_CAPTURE_SUBMIT, .time_ns = 11, .u.submit = {9, dwords, 4}},
    {.type = VCMD_CAPTURE_FENCE, .time_ns = 12, .u.fence = {9, UINT64_C(1) << 33}},
    {.type = VCMD_CAPTURE_FENCE_WAIT, .time_ns = 13, .u.fence_wait = {77, UINT64_MAX}},
    {.type = VCMD_CAPTURE_CONTROL, .time_ns = 14, .u.control = {bytes, 24, bytes + 1, 3}},
    {.type = VCMD_CAPTURE_FAILURE, .time_ns = 15, .u.failure = {69, TEXT("why")}},
    {.type = VCMD_CAPTURE_DETACH, .time_ns = 16, .u.pair = {1, 2}},
    {.type = VCMD_CAPTURE_RESOURCE_DESTROY, .time_ns = 17, .u.resource = {.id = 11}},
    {.type = VCMD_CAPTURE_CONTEXT_DESTROY, .time_ns = 18, .u.context = {.id = 9}},
    {.type = 0x80000001, .flags = VCMD_CAPTURE_ESSENTIAL, .time_ns = 19, .u.raw = {bytes, 9}},
    {.type = 1000, .time_ns = 20, .u.raw = {bytes, 0}},
};

const size_t num_samples = sizeof(samples) / sizeof(samples[0]);

void write_samples(struct memory_file *file, int level, size_t *ends)
{
    const struct vcmd_capture_writer_options options = {.creator = "tests", .level = level};
    const struct vcmd_capture_sink sink = memory_sink(file);
    struct vcmd_capture_writer *writer;

    assert_int_equal(vcmd_capture_writer_create(&sink, &options, &writer), VCMD_STATUS_OK);
    for (size_t i = 0; i < num_samples; i++) {
        assert_int_equal(vcmd_capture_write(writer, &samples[i]), VCMD_STATUS_OK);
        if (ends)
            ends[i] = file->size;
    }
    assert_int_equal(vcmd_capture_writer_close(writer), VCMD_STATUS_OK);
}

/* ---- comparing ---- */

static void same_text(const struct vcmd_capture_text *got, const struct vcmd_capture_text *want)
{
    assert_int_equal(got->size, want->size);
    assert_int_equal(got->text[got->size], '\0');
    assert_string_equal(got->text, want->text ? want->text : "");
}

static void same_bytes(const void *got, size_t got_size, const void *want, size_t want_size)
{
    assert_int_equal(got_size, want_size);
    if (want_size > 0)
        assert_memory_equal(got, want, want_size);
}

static void same_transfer(const struct vcmd_capture_transfer *got,
                          const struct vcmd_capture_transfer *want)
{
    assert_int_equal(got->context_id, want->context_id);
    assert_int_equal(got->resource_id, want->resource_id);
    assert_int_equal(got->direction, want->direction);
    assert_memory_equal(&got->transfer, &want->transfer, sizeof(want->transfer));
    assert_memory_equal(&got->rows, &want->rows, sizeof(want->rows));
    same_bytes(got->data, got->size, want->data, want->size);
}

static void same_memory(const struct vcmd_capture_memory *got,
                        const struct vcmd_capture_memory *want)
{
    assert_int_equal(got->resource_id, want->resource_id);
    assert_int_equal(got->writer, want->writer);
    assert_memory_equal(&got->rows, &want->rows, sizeof(want->rows));
    same_bytes(got->data, got->size, want->data, want->size);
}

static void same_control(const struct vcmd_capture_control *got,
                         const struct vcmd_capture_control *want)
{
    same_bytes(got->request, got->request_size, want->request, want->request_size);
    same_bytes(got->response, got->response_size, want->response, want->response_size);
}

static void same_by_type(const struct vcmd_capture_record *got,
                         const struct vcmd_capture_record *want)
{
    switch (want->type) {
    case VCMD_CAPTURE_COMMENT:
        same_text(&got->u.comment, &want->u.comment);
        break;
    case VCMD_CAPTURE_INFO:
        same_text(&got->u.info.key, &want->u.info.key);
        same_text(&got->u.info.value, &want->u.info.value);
        break;
    case VCMD_CAPTURE_CAPSET:
        assert_int_equal(got->u.capset.id, want->u.capset.id);
        assert_int_equal(got->u.capset.version, want->u.capset.version);
        same_bytes(got->u.capset.bytes, got->u.capset.size, want->u.capset.bytes,
                   want->u.capset.size);
        break;
    case VCMD_CAPTURE_CONTEXT_CREATE:
        assert_int_equal(got->u.context.id, want->u.context.id);
        assert_int_equal(got->u.context.flags, want->u.context.flags);
        same_text(&got->u.context.name, &want->u.context.name);
        break;
    case VCMD_CAPTURE_TRANSFER:
        same_transfer(&got->u.transfer, &want->u.transfer);
        break;
    case VCMD_CAPTURE_MEMORY:
        same_memory(&got->u.memory, &want->u.memory);
        break;
    case VCMD_CAPTURE_SUBMIT:
        assert_int_equal(got->u.submit.context_id, want->u.submit.context_id);
        same_bytes(got->u.submit.dwords, got->u.submit.num_dwords * sizeof(uint32_t),
                   want->u.submit.dwords, want->u.submit.num_dwords * sizeof(uint32_t));
        break;
    case VCMD_CAPTURE_CONTROL:
        same_control(&got->u.control, &want->u.control);
        break;
    case VCMD_CAPTURE_FAILURE:
        assert_int_equal(got->u.failure.status, want->u.failure.status);
        same_text(&got->u.failure.text, &want->u.failure.text);
        break;
    default: /* unknown ones, and those that have no pointers: all the rest is zero */
        if (want->type > VCMD_CAPTURE_FAILURE)
            same_bytes(got->u.raw.bytes, got->u.raw.size, want->u.raw.bytes, want->u.raw.size);
        else
            assert_memory_equal(&got->u, &want->u, sizeof(want->u));
        break;
    }
}

void assert_same_record(const struct vcmd_capture_record *got,
                        const struct vcmd_capture_record *want)
{
    assert_int_equal(got->type, want->type);
    assert_int_equal(got->time_ns, want->time_ns);
    same_by_type(got, want);
}
