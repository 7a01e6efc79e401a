/* SPDX-License-Identifier: MIT */
#include "recorded.h"
#include "support.h"

#include <string.h>

#include <virglcmd/virglcmd.h>

/* ---- one thing after the other ---- */

static void test_begin(void **state)
{
    struct recorded r = {0};
    struct vcmd_capture_reader *reader;
    struct vcmd_capture_record record;

    (void)state;
    open_recorded(&r);
    reader = finish(&r);
    assert_int_equal(vcmd_capture_read(reader, &record), VCMD_STATUS_OK);
    assert_string_equal(record.u.info.key.text, "transport");
    assert_string_equal(record.u.info.value.text, "fake");
    assert_int_equal(vcmd_capture_read(reader, &record), VCMD_STATUS_OK);
    assert_int_equal(record.type, VCMD_CAPTURE_CAPSET);
    assert_int_equal(record.u.capset.id, VCMD_CTRL_CAPSET_VIRGL);
    assert_int_equal(record.u.capset.size, 308);
    expect_type(reader, &record, VCMD_CAPTURE_END);
    vcmd_capture_reader_close(reader);
    memory_file_free(&r.file);
}

/* A device's life: one of each operation, and waits that end in time, at once and late. */
static void live(struct vcmd_device *device)
{
    const struct vcmd_resource_desc desc = {
        .bind = VCMD_BIND_VERTEX_BUFFER, .width = 100, .format = VCMD_FORMAT_R8_UNORM};
    struct vcmd_context *context;
    struct vcmd_resource *resource;
    uint32_t memory[64];
    struct vcmd_buffer buf;
    uint64_t fence;
    void *bytes;

    assert_int_equal(vcmd_context_create(device, "life", &context), VCMD_STATUS_OK);
    assert_int_equal(vcmd_resource_create(device, &desc, &resource), VCMD_STATUS_OK);
    assert_int_equal(vcmd_context_attach(context, resource), VCMD_STATUS_OK);
    assert_int_equal(vcmd_resource_map(resource, &bytes, NULL), VCMD_STATUS_OK);
    memset(bytes, 7, 100);
    assert_int_equal(vcmd_transfer_to_host(context, resource, NULL), VCMD_STATUS_OK);
    encode_something(&buf, memory, 3);
    assert_int_equal(vcmd_submit(context, &buf, &fence), VCMD_STATUS_OK);
    assert_int_equal(vcmd_fence_wait(device, fence, 5), VCMD_STATUS_OK);
    fake_wait_status = VCMD_STATUS_TIMEOUT;
    assert_int_equal(vcmd_fence_wait(device, fence, 0), VCMD_STATUS_TIMEOUT);
    assert_int_equal(vcmd_fence_wait(device, fence, 6), VCMD_STATUS_TIMEOUT);
    assert_int_equal(vcmd_transfer_from_host(context, resource, NULL), VCMD_STATUS_OK);
    vcmd_resource_destroy(resource);
    vcmd_context_destroy(context);
}

static void test_a_life(void **state)
{
    struct recorded r = {0};
    struct vcmd_capture_reader *reader;
    struct vcmd_capture_record record;

    (void)state;
    open_recorded(&r);
    live(r.device);
    reader = finish(&r);

    expect_type(reader, &record, VCMD_CAPTURE_CONTEXT_CREATE);
    assert_string_equal(record.u.context.name.text, "life");
    assert_true(record.u.context.id >= 100);
    expect_type(reader, &record, VCMD_CAPTURE_RESOURCE_CREATE);
    assert_int_equal(record.u.resource.id, 1);
    assert_int_equal(record.u.resource.desc.width, 100);
    assert_int_equal(record.u.resource.desc.height, 1);
    assert_int_equal(record.u.resource.desc.backing_size, 100);
    expect_type(reader, &record, VCMD_CAPTURE_ATTACH);
    expect_type(reader, &record, VCMD_CAPTURE_TRANSFER);
    assert_int_equal(record.u.transfer.direction, VCMD_TRANSFER_TO_HOST);
    assert_int_equal(record.u.transfer.size, 100);
    assert_int_equal(((const uint8_t *)record.u.transfer.data)[99], 7);
    expect_type(reader, &record, VCMD_CAPTURE_SUBMIT);
    assert_int_equal(record.u.submit.num_dwords, 2);
    assert_int_equal(vcmd_le32(record.u.submit.dwords[1]), 3);
    expect_type(reader, &record, VCMD_CAPTURE_FENCE);
    assert_int_equal(record.u.fence.fence, 1);
    expect_type(reader, &record, VCMD_CAPTURE_FENCE_WAIT);
    assert_int_equal(record.u.fence_wait.timeout_ns, 5);
    /* The question without waiting is not there. */
    expect_type(reader, &record, VCMD_CAPTURE_FENCE_WAIT);
    assert_int_equal(record.u.fence_wait.timeout_ns, 6);
    expect_type(reader, &record, VCMD_CAPTURE_FAILURE);
    assert_int_equal(record.u.failure.status, VCMD_STATUS_TIMEOUT);
    expect_type(reader, &record, VCMD_CAPTURE_TRANSFER);
    assert_int_equal(record.u.transfer.direction, VCMD_TRANSFER_FROM_HOST);
    assert_int_equal(((const uint8_t *)record.u.transfer.data)[99], 0x5a);
    expect_type(reader, &record, VCMD_CAPTURE_DETACH);
    expect_type(reader, &record, VCMD_CAPTURE_RESOURCE_DESTROY);
    expect_type(reader, &record, VCMD_CAPTURE_CONTEXT_DESTROY);
    expect_type(reader, &record, VCMD_CAPTURE_END);
    vcmd_capture_reader_close(reader);
    memory_file_free(&r.file);
}

static void test_failures(void **state)
{
    struct recorded r = {0};
    struct vcmd_capture_reader *reader;
    struct vcmd_capture_record record;
    struct vcmd_context *context, *none;
    uint32_t memory[64];
    struct vcmd_buffer buf;
    uint64_t fence;

    (void)state;
    open_recorded(&r);
    assert_int_equal(vcmd_context_create(r.device, NULL, &context), VCMD_STATUS_OK);
    fake_create_status = VCMD_STATUS_HOST_OUT_OF_MEMORY;
    assert_int_equal(vcmd_context_create(r.device, NULL, &none), VCMD_STATUS_HOST_OUT_OF_MEMORY);
    fake_submit_status = VCMD_STATUS_HOST_INVALID_PARAMETER;
    encode_something(&buf, memory, 3);
    assert_int_equal(vcmd_submit(context, &buf, &fence), VCMD_STATUS_HOST_INVALID_PARAMETER);
    reader = finish(&r);
    expect_type(reader, &record, VCMD_CAPTURE_CONTEXT_CREATE);
    expect_type(reader, &record, VCMD_CAPTURE_CONTEXT_CREATE);
    assert_int_equal(record.u.context.id, 0);
    expect_type(reader, &record, VCMD_CAPTURE_FAILURE);
    assert_int_equal(record.u.failure.status, VCMD_STATUS_HOST_OUT_OF_MEMORY);
    expect_type(reader, &record, VCMD_CAPTURE_SUBMIT);
    expect_type(reader, &record, VCMD_CAPTURE_FAILURE);
    assert_int_equal(record.u.failure.status, VCMD_STATUS_HOST_INVALID_PARAMETER);
    expect_type(reader, &record, VCMD_CAPTURE_CONTEXT_DESTROY);
    expect_type(reader, &record, VCMD_CAPTURE_END);
    vcmd_context_destroy(context);
    vcmd_capture_reader_close(reader);
    memory_file_free(&r.file);
}

/* A full disk ends the recording, and nothing else. */
static void test_full_disk(void **state)
{
    struct recorded r = {.file = {.fail_at = 1000}};
    struct vcmd_context *context;
    uint32_t memory[64];
    struct vcmd_buffer buf;

    (void)state;
    open_recorded(&r);
    assert_int_equal(vcmd_context_create(r.device, NULL, &context), VCMD_STATUS_OK);
    for (int i = 0; i < 100; i++) {
        encode_something(&buf, memory, 3);
        assert_int_equal(vcmd_submit(context, &buf, NULL), VCMD_STATUS_OK);
    }
    vcmd_context_destroy(context);
    vcmd_device_close(r.device);
    assert_int_equal(fake_num_calls, 102);
    assert_int_equal(r.warnings, 1);
    assert_int_equal(vcmd_capture_writer_close(r.writer), VCMD_STATUS_FILE_FAILED);
    memory_file_free(&r.file);
}

/* A wrapper that cannot work leaves no device behind; one that is counted has to be there. */
static void test_refused_wrapper(void **state)
{
    const struct vcmd_transport *const transports[] = {fake_transport(), NULL};
    const struct vcmd_device_wrapper wrapper = vcmd_capture_recorder(NULL);
    struct vcmd_device_desc desc = {
        .transports = transports, .wrappers = &wrapper, .num_wrappers = 1};
    struct vcmd_device *device;
    size_t closed = fake_closed;

    (void)state;
    assert_int_equal(vcmd_device_open(&desc, &device), VCMD_STATUS_NULL_ARGUMENT);
    assert_null(device);
    assert_int_equal(fake_closed, closed + 1);
    desc.wrappers = NULL;
    assert_int_equal(vcmd_device_open(&desc, &device), VCMD_STATUS_NULL_ARGUMENT);
    assert_int_equal(fake_closed, closed + 1);
}

/* ---- memory that streams read ---- */

static struct vcmd_resource *create_buffer(struct recorded *r, struct vcmd_context *context,
                                           uint32_t bind, uint8_t content)
{
    const struct vcmd_resource_desc desc = {
        .bind = bind, .width = 64, .format = VCMD_FORMAT_R8_UNORM};
    struct vcmd_resource *resource;
    void *memory;

    assert_int_equal(vcmd_resource_create(r->device, &desc, &resource), VCMD_STATUS_OK);
    assert_int_equal(vcmd_context_attach(context, resource), VCMD_STATUS_OK);
    assert_int_equal(vcmd_resource_map(resource, &memory, NULL), VCMD_STATUS_OK);
    memset(memory, content, 64);
    return resource;
}

static void expect_bytes(struct vcmd_capture_reader *reader, uint32_t id, uint64_t offset,
                         size_t size, uint8_t content)
{
    struct vcmd_capture_record record;

    expect_type(reader, &record, VCMD_CAPTURE_MEMORY);
    assert_int_equal(record.u.memory.resource_id, id);
    assert_int_equal(record.u.memory.writer, VCMD_CAPTURE_BY_GUEST);
    assert_int_equal(record.u.memory.rows.offset, offset);
    assert_int_equal(record.u.memory.size, size);
    assert_int_equal(((const uint8_t *)record.u.memory.data)[size - 1], content);
}

static void submit(struct vcmd_context *context, struct vcmd_buffer *buf)
{
    assert_int_equal(buf->error.status, VCMD_STATUS_OK);
    assert_int_equal(vcmd_submit(context, buf, NULL), VCMD_STATUS_OK);
    vcmd_buffer_reset(buf);
}

static void test_memory_of_streams(void **state)
{
    const struct vcmd_transfer3d upload = {
        .res_handle = 1, .box = {8, 0, 0, 16, 1, 1}, .data_offset = 8, .direction = 1};
    struct vcmd_transfer3d download = upload;
    const struct vcmd_copy_transfer3d copy = {
        .dst_handle = 1, .box = {0, 0, 0, 10, 1, 1}, .src_res_handle = 2, .src_offset = 20};
    struct recorded r = {0};
    struct vcmd_capture_reader *reader;
    struct vcmd_capture_record record;
    struct vcmd_context *context;
    struct vcmd_resource *vertices, *staging;
    uint32_t dwords[256];
    struct vcmd_buffer buf;
    void *memory;

    (void)state;
    open_recorded(&r);
    assert_int_equal(vcmd_context_create(r.device, NULL, &context), VCMD_STATUS_OK);
    vertices = create_buffer(&r, context, VCMD_BIND_VERTEX_BUFFER, 11);
    staging = create_buffer(&r, context, VCMD_BIND_STAGING, 22);
    vcmd_buffer_init(&buf, dwords, 256, VCMD_BUFFER_HEADROOM);

    vcmd_transfer3d(&buf, &upload); /* 16 bytes from 8 on */
    submit(context, &buf);
    download.direction = VCMD_TRANSFER_FROM_HOST;
    vcmd_transfer3d(&buf, &download); /* the host writes: nothing to tell */
    submit(context, &buf);
    vcmd_copy_transfer3d(&buf, &copy); /* the staging buffer lives in guest memory: all of it */
    submit(context, &buf);
    vcmd_copy_transfer3d(&buf, &copy); /* unchanged */
    submit(context, &buf);
    assert_int_equal(vcmd_resource_map(staging, &memory, NULL), VCMD_STATUS_OK);
    memset(memory, 33, 64);
    vcmd_copy_transfer3d(&buf, &copy);
    submit(context, &buf);
    reader = finish(&r);

    for (int i = 0; i < 5; i++)
        next(reader, &record); /* a context, two resources, two attachments */
    expect_bytes(reader, 1, 8, 16, 11);
    expect_type(reader, &record, VCMD_CAPTURE_SUBMIT);
    expect_type(reader, &record, VCMD_CAPTURE_SUBMIT);
    expect_bytes(reader, 2, 0, 64, 22);
    expect_type(reader, &record, VCMD_CAPTURE_SUBMIT);
    expect_type(reader, &record, VCMD_CAPTURE_SUBMIT);
    expect_bytes(reader, 2, 0, 64, 33);
    expect_type(reader, &record, VCMD_CAPTURE_SUBMIT);
    vcmd_capture_reader_close(reader);
    vcmd_resource_destroy(vertices);
    vcmd_resource_destroy(staging);
    vcmd_context_destroy(context);
    memory_file_free(&r.file);
}

/*
 * A buffer in guest memory is looked at once a submit, however many packets name it. Each record
 * changes the memory, so that whoever looked again would find something to write, and it would be
 * there more than once.
 */
static void test_looks_once(void **state)
{
    const struct vcmd_copy_transfer3d copy = {
        .dst_handle = 1, .box = {0, 0, 0, 10, 1, 1}, .src_res_handle = 2};
    struct recorded r = {0};
    struct vcmd_capture_reader *reader;
    struct vcmd_capture_record record;
    struct vcmd_context *context;
    struct vcmd_resource *vertices, *staging;
    uint32_t dwords[2048];
    struct vcmd_buffer buf;
    void *memory;

    (void)state;
    open_recorded(&r);
    assert_int_equal(vcmd_context_create(r.device, NULL, &context), VCMD_STATUS_OK);
    vertices = create_buffer(&r, context, VCMD_BIND_VERTEX_BUFFER, 11);
    staging = create_buffer(&r, context, VCMD_BIND_STAGING, 22);
    assert_int_equal(vcmd_resource_map(staging, &memory, NULL), VCMD_STATUS_OK);
    r.file.ticks = (uint8_t *)memory + 63;
    vcmd_buffer_init(&buf, dwords, 2048, VCMD_BUFFER_HEADROOM);
    for (int i = 0; i < 2; i++) {
        for (int packet = 0; packet < 100; packet++)
            vcmd_copy_transfer3d(&buf, &copy);
        submit(context, &buf);
    }
    r.file.ticks = NULL;
    reader = finish(&r);

    for (int i = 0; i < 5; i++)
        next(reader, &record); /* a context, two resources, two attachments */
    expect_bytes(reader, 2, 0, 64, 22);
    expect_type(reader, &record, VCMD_CAPTURE_SUBMIT);
    expect_bytes(reader, 2, 0, 64, 24); /* behind two records */
    expect_type(reader, &record, VCMD_CAPTURE_SUBMIT);
    vcmd_capture_reader_close(reader);
    vcmd_resource_destroy(vertices);
    vcmd_resource_destroy(staging);
    vcmd_context_destroy(context);
    memory_file_free(&r.file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_begin),           cmocka_unit_test(test_a_life),
        cmocka_unit_test(test_failures),        cmocka_unit_test(test_full_disk),
        cmocka_unit_test(test_refused_wrapper), cmocka_unit_test(test_memory_of_streams),
        cmocka_unit_test(test_looks_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
