/* SPDX-License-Identifier: MIT */
#include "recorded.h"
#include "support.h"

#include <pthread.h>

#include <virglcmd/virglcmd.h>

#define THREADS 4
#define ROUNDS  300

static void *draw(void *user)
{
    const struct vcmd_resource_desc desc = {
        .bind = VCMD_BIND_VERTEX_BUFFER, .width = 16, .format = VCMD_FORMAT_R8_UNORM};
    struct recorded *r = user;
    struct vcmd_context *context;
    struct vcmd_resource *resource;
    uint32_t memory[64];
    struct vcmd_buffer buf;
    uint64_t fence;

    if (vcmd_context_create(r->device, "thread", &context) != VCMD_STATUS_OK)
        return "context";
    for (uint32_t i = 0; i < ROUNDS; i++) {
        if (vcmd_resource_create(r->device, &desc, &resource) != VCMD_STATUS_OK ||
            vcmd_context_attach(context, resource) != VCMD_STATUS_OK ||
            vcmd_transfer_to_host(context, resource, NULL) != VCMD_STATUS_OK)
            return "resource";
        encode_something(&buf, memory, i);
        if (vcmd_submit(context, &buf, &fence) != VCMD_STATUS_OK ||
            vcmd_fence_wait(r->device, fence, VCMD_WAIT_FOREVER) != VCMD_STATUS_OK)
            return "submit";
        vcmd_resource_destroy(resource);
    }
    vcmd_context_destroy(context);
    return NULL;
}

static bool is_call(const struct vcmd_capture_record *record)
{
    return record->type >= VCMD_CAPTURE_CONTEXT_CREATE && record->type <= VCMD_CAPTURE_SUBMIT &&
           record->type != VCMD_CAPTURE_MEMORY;
}

static void assert_call(const struct vcmd_capture_record *record, const struct fake_call *call)
{
    assert_int_equal(record->type, call->type);
    switch (record->type) {
    case VCMD_CAPTURE_CONTEXT_CREATE:
    case VCMD_CAPTURE_CONTEXT_DESTROY:
        assert_int_equal(record->u.context.id, call->id);
        break;
    case VCMD_CAPTURE_RESOURCE_CREATE:
    case VCMD_CAPTURE_RESOURCE_DESTROY:
        assert_int_equal(record->u.resource.id, call->id);
        break;
    case VCMD_CAPTURE_TRANSFER:
        assert_int_equal(record->u.transfer.resource_id, call->id2);
        break;
    case VCMD_CAPTURE_SUBMIT:
        assert_int_equal(record->u.submit.context_id, call->id);
        break;
    default:
        assert_int_equal(record->u.pair.context_id, call->id);
        assert_int_equal(record->u.pair.resource_id, call->id2);
        break;
    }
}

/* The capture has the order in which the host was called, whatever thread it was. */
static void test_threads(void **state)
{
    struct recorded r = {0};
    struct vcmd_capture_reader *reader;
    struct vcmd_capture_record record;
    pthread_t threads[THREADS];
    size_t calls = 0;

    (void)state;
    open_recorded(&r);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, draw, &r), 0);
    for (int i = 0; i < THREADS; i++) {
        void *failed;

        assert_int_equal(pthread_join(threads[i], &failed), 0);
        if (failed)
            fail_msg("%s", (const char *)failed);
    }
    reader = finish(&r);
    for (next(reader, &record); record.type != VCMD_CAPTURE_END; next(reader, &record)) {
        if (!is_call(&record))
            continue;
        assert_true(calls < fake_num_calls);
        assert_call(&record, &fake_calls[calls]);
        calls++;
    }
    assert_int_equal(calls, fake_num_calls);
    assert_int_equal(calls, (size_t)THREADS * (2 + ROUNDS * 6));
    vcmd_capture_reader_close(reader);
    memory_file_free(&r.file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_threads)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
