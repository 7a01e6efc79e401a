/* SPDX-License-Identifier: MIT */

/* Submits and fences, over a mock transport. */
#include "fake_transport.h"

static struct vcmd_device *device;
static struct vcmd_context *context;
static uint32_t memory[32];
static struct vcmd_buffer buf;

static int open_all(void **state)
{
    (void)state;
    fake_reset();
    device = fake_open();
    assert_ok(vcmd_context_create(device, "test", &context));
    vcmd_buffer_init(&buf, memory, ARRAY_SIZE(memory), VCMD_BUFFER_HEADROOM);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    vcmd_context_destroy(context);
    vcmd_device_close(device);
    assert_fake_clean();
    return 0;
}

static void put_nop(void)
{
    assert_int_equal(vcmd_nop(&buf, &(struct vcmd_nop){0}), VCMD_STATUS_OK);
}

static void null_arguments(void **state)
{
    uint64_t fence = 9;

    (void)state;
    put_nop();
    assert_silent(vcmd_submit(NULL, &buf, &fence), VCMD_STATUS_NULL_ARGUMENT);
    assert_int_equal(fence, 0);
    fence = 9;
    assert_silent(vcmd_submit(context, NULL, &fence), VCMD_STATUS_NULL_ARGUMENT);
    assert_int_equal(fence, 0);
    assert_silent(vcmd_fence_wait(NULL, 0, 0), VCMD_STATUS_NULL_ARGUMENT);
}

/* The line has the words of the buffer's error: which command, which field. */
static void sticky_error(void **state)
{
    uint64_t fence = 9;

    (void)state;
    put_nop();
    vcmd_bind_shader(&buf, &(struct vcmd_bind_shader){.handle = 1, .type = 99});
    assert_int_equal(buf.error.status, VCMD_STATUS_UNKNOWN_VALUE);
    assert_refused(vcmd_submit(context, &buf, &fence), VCMD_STATUS_UNKNOWN_VALUE, "BIND_SHADER");
    assert_true(log_has(VCMD_LOG_ERROR, VCMD_STATUS_UNKNOWN_VALUE, "type"));
    assert_int_equal(fence, 0);
    assert_int_equal(fake.calls[FAKE_SUBMIT], 0);

    /* It stays with the buffer, not with the context. */
    assert_refused(vcmd_submit(context, &buf, NULL), VCMD_STATUS_UNKNOWN_VALUE, "BIND_SHADER");
    vcmd_buffer_reset(&buf);
    put_nop();
    assert_ok(vcmd_submit(context, &buf, &fence));
    assert_int_equal(fence, 1);
}

/* An empty buffer is not sent; its fence is the last one that there is. */
static void empty_buffer(void **state)
{
    struct vcmd_context *other;
    uint64_t fence = 9;

    (void)state;
    assert_ok(vcmd_submit(context, &buf, &fence));
    assert_int_equal(fence, 0);
    assert_ok(vcmd_fence_wait(device, fence, 0));
    assert_ok(vcmd_submit(context, &buf, NULL));
    assert_int_equal(fake.calls[FAKE_SUBMIT], 0);
    assert_int_equal(fake.calls[FAKE_FENCE_WAIT], 0);

    put_nop();
    assert_ok(vcmd_submit(context, &buf, &fence));
    assert_int_equal(fence, 1);
    vcmd_buffer_reset(&buf);
    assert_ok(vcmd_context_create(device, "other", &other));
    fence = 9;
    assert_ok(vcmd_submit(other, &buf, &fence));
    assert_int_equal(fence, 1); /* of the device, not of the context */
    vcmd_context_destroy(other);
}

static void passed_on(void **state)
{
    uint64_t first, second;

    (void)state;
    put_nop();
    put_nop();
    put_nop();
    assert_ok(vcmd_submit(context, &buf, &first));
    assert_int_equal(fake.stream_length, 3);
    assert_ok(vcmd_submit(context, &buf, NULL)); /* no fence wanted, none made */
    assert_ok(vcmd_submit(context, &buf, &second));
    assert_int_equal(first, 1);
    assert_int_equal(second, 2);
}

static void transport_fails(void **state)
{
    const enum vcmd_status statuses[] = {
        VCMD_STATUS_NO_MEMORY,
        VCMD_STATUS_TOO_MANY,
        VCMD_STATUS_DEVICE_LOST,
        VCMD_STATUS_HOST_UNSPEC,
        VCMD_STATUS_HOST_INVALID_PARAMETER,
    };
    uint64_t fence;

    (void)state;
    put_nop();
    for (size_t i = 0; i < ARRAY_SIZE(statuses); i++) {
        fence = 9;
        fake.fail[FAKE_SUBMIT] = statuses[i];
        assert_refused(vcmd_submit(context, &buf, &fence), statuses[i], "as told");
        assert_int_equal(fence, 0);
    }
    fake.fail[FAKE_SUBMIT] = VCMD_STATUS_OK;
    assert_ok(vcmd_submit(context, &buf, &fence));
    fake.fail[FAKE_FENCE_WAIT] = VCMD_STATUS_DEVICE_LOST;
    assert_refused(vcmd_fence_wait(device, fence, 0), VCMD_STATUS_DEVICE_LOST, "as told");
}

static void fence_numbers(void **state)
{
    const uint64_t never[] = {1, 2, UINT32_MAX, UINT64_MAX};
    uint64_t fence;

    (void)state;
    /* Before the first fence there is only 0, which is always reached. */
    assert_ok(vcmd_fence_wait(device, 0, 0));
    assert_ok(vcmd_fence_wait(device, 0, VCMD_WAIT_FOREVER));
    for (size_t i = 0; i < ARRAY_SIZE(never); i++)
        assert_refused(vcmd_fence_wait(device, never[i], VCMD_WAIT_FOREVER),
                       VCMD_STATUS_OUT_OF_RANGE, "no submit gave out");
    put_nop();
    assert_ok(vcmd_submit(context, &buf, &fence));
    assert_int_equal(fence, 1);
    assert_ok(vcmd_fence_wait(device, 1, 0));
    for (size_t i = 1; i < ARRAY_SIZE(never); i++)
        assert_refused(vcmd_fence_wait(device, never[i], 0), VCMD_STATUS_OUT_OF_RANGE,
                       "no submit gave out");
    assert_int_equal(fake.calls[FAKE_FENCE_WAIT], 1);
}

/* A timeout is an answer, not a fault: no line. */
static void timeouts(void **state)
{
    uint64_t fence;

    (void)state;
    fake.reached = 0;
    put_nop();
    assert_ok(vcmd_submit(context, &buf, &fence));
    assert_silent(vcmd_fence_wait(device, fence, 0), VCMD_STATUS_TIMEOUT);
    assert_silent(vcmd_fence_wait(device, fence, 12345), VCMD_STATUS_TIMEOUT);
    assert_int_equal(fake.timeout, 12345);
    fake.reached = 1;
    assert_silent(vcmd_fence_wait(device, fence, VCMD_WAIT_FOREVER), VCMD_STATUS_OK);
    assert_true(fake.timeout == VCMD_WAIT_FOREVER);
    assert_int_equal(fake.fence_waited, fence);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(null_arguments, open_all, close_all),
        cmocka_unit_test_setup_teardown(sticky_error, open_all, close_all),
        cmocka_unit_test_setup_teardown(empty_buffer, open_all, close_all),
        cmocka_unit_test_setup_teardown(passed_on, open_all, close_all),
        cmocka_unit_test_setup_teardown(transport_fails, open_all, close_all),
        cmocka_unit_test_setup_teardown(fence_numbers, open_all, close_all),
        cmocka_unit_test_setup_teardown(timeouts, open_all, close_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
