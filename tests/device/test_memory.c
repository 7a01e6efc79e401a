/* SPDX-License-Identifier: MIT */

/*
 * Each allocation of the device layer and the adapter fails once: the call says so, nothing is
 * lost, and the next try works. Over a mock channel.
 */
#include "failing_memory.h"
#include "fake_channel.h"

static struct vcmd_device *device;

static const struct vcmd_resource_desc texture = {
    .target = VCMD_TEXTURE_2D,
    .format = VCMD_FORMAT_B8G8R8A8_UNORM,
    .bind = VCMD_BIND_RENDER_TARGET,
    .width = 8,
    .height = 8,
};

/*
 * Calls fn with its first, second, ... allocation failing until it needs no more. Returns how many
 * there were.
 */
static size_t fail_each(enum vcmd_status (*fn)(void *arg), void *arg)
{
    for (size_t n = 0;; n++) {
        enum vcmd_status status;

        log_forget();
        memory_fail_after(n);
        status = fn(arg);
        if (!memory_has_failed()) {
            memory_fail_after(SIZE_MAX);
            assert_int_equal(status, VCMD_STATUS_OK);
            return n;
        }
        check_refused(status, VCMD_STATUS_NO_MEMORY, "", "with a failing allocation", __FILE__,
                      __LINE__);
    }
}

static enum vcmd_status open_it(void *arg)
{
    return channel_try_open(arg);
}

static enum vcmd_status create_context(void *arg)
{
    return vcmd_context_create(device, "memory", arg);
}

static enum vcmd_status create_resource(void *arg)
{
    return vcmd_resource_create(device, &texture, arg);
}

struct pair {
    struct vcmd_context *context;
    struct vcmd_resource *resource;
};

static enum vcmd_status attach_pair(void *arg)
{
    struct pair *pair = arg;

    return vcmd_context_attach(pair->context, pair->resource);
}

static enum vcmd_status submit_without_headroom(void *arg)
{
    struct vcmd_context *context = arg;
    uint32_t memory[1] = {0};
    struct vcmd_buffer buf;
    uint64_t fence;

    vcmd_buffer_init(&buf, memory, 1, 0);
    buf.length = 1;
    return vcmd_submit(context, &buf, &fence);
}

static enum vcmd_status get_capset(void *arg)
{
    uint8_t bytes[1376];
    size_t size;

    (void)arg;
    return vcmd_device_get_capset(device, 2, bytes, sizeof(bytes), &size);
}

static void each_allocation(void **state)
{
    size_t at_start = memory_in_use();
    struct vcmd_context *more[3];
    struct pair pair, other;

    (void)state;
    channel_reset();
    /* The device, the adapter, and the capset twice. */
    assert_true(fail_each(open_it, &device) >= 4);
    assert_true(fail_each(get_capset, NULL) >= 1);
    /* The table of ids, which stays; the object and its id; the backing of a resource. */
    assert_true(fail_each(create_context, &pair.context) >= 3);
    assert_true(fail_each(create_resource, &pair.resource) >= 3);
    vcmd_resource_destroy(pair.resource);
    assert_int_equal(fail_each(create_resource, &pair.resource), 3);
    assert_true(fail_each(attach_pair, &pair) >= 1);
    assert_true(fail_each(submit_without_headroom, pair.context) >= 1);

    /* The resource's list of contexts grows on the way to the fourth. */
    other.resource = pair.resource;
    for (size_t i = 0; i < ARRAY_SIZE(more); i++) {
        assert_true(fail_each(create_context, &more[i]) >= 2);
        other.context = more[i];
        fail_each(attach_pair, &other);
    }
    assert_int_equal(channel.attached, 4);

    for (size_t i = 0; i < ARRAY_SIZE(more); i++)
        vcmd_context_destroy(more[i]);
    vcmd_resource_destroy(pair.resource);
    vcmd_context_destroy(pair.context);
    vcmd_device_close(device);
    assert_channel_clean(channel.closes);
    assert_int_equal(memory_in_use(), at_start);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_allocation)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
