/* SPDX-License-Identifier: MIT */

/* Fences of the loopback: their order, and how long a wait takes. */
#include "loopback_support.h"

#include <time.h>

static struct stage stage;

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void numbers(void **state)
{
    uint64_t fences[50];

    (void)state;
    stage_begin(&stage);
    for (size_t i = 0; i < ARRAY_SIZE(fences); i++) {
        vcmd_buffer_reset(&stage.buf);
        vcmd_nop(&stage.buf, &(struct vcmd_nop){0});
        assert_ok(vcmd_submit(stage.context, &stage.buf, &fences[i]));
        assert_true(i == 0 ? fences[i] > 0 : fences[i] > fences[i - 1]);
    }
    assert_ok(vcmd_fence_wait(stage_device, fences[ARRAY_SIZE(fences) - 1], VCMD_WAIT_FOREVER));
    /* The last one reached means that all are. */
    for (size_t i = 0; i < ARRAY_SIZE(fences); i++)
        assert_silent(vcmd_fence_wait(stage_device, fences[i], 0), VCMD_STATUS_OK);
    assert_refused(
        vcmd_fence_wait(stage_device, fences[ARRAY_SIZE(fences) - 1] + 1, VCMD_WAIT_FOREVER),
        VCMD_STATUS_OUT_OF_RANGE, "no submit gave out");
    assert_silent(vcmd_fence_wait(stage_device, 0, 0), VCMD_STATUS_OK);
    stage_end(&stage);
}

/* Fences of two contexts are of one order. */
static void two_contexts(void **state)
{
    struct vcmd_context *other;
    uint64_t first, second;

    (void)state;
    stage_begin(&stage);
    assert_ok(vcmd_context_create(stage_device, "other", &other));
    vcmd_nop(&stage.buf, &(struct vcmd_nop){0});
    assert_ok(vcmd_submit(stage.context, &stage.buf, &first));
    assert_ok(vcmd_submit(other, &stage.buf, &second));
    assert_int_equal(second, first + 1);
    assert_ok(vcmd_fence_wait(stage_device, second, VCMD_WAIT_FOREVER));
    assert_silent(vcmd_fence_wait(stage_device, first, 0), VCMD_STATUS_OK);
    vcmd_context_destroy(other);
    stage_end(&stage);
}

#define SIDE 2048

/* Something that keeps a software renderer busy for a while: scaled copies of a large picture. */
static void put_heavy_work(struct vcmd_resource *from, struct vcmd_resource *to)
{
    for (int i = 0; i < 20; i++) {
        vcmd_blit(&stage.buf, &(struct vcmd_blit){
                                  .mask = VCMD_MASK_RGBA,
                                  .filter = VCMD_TEX_FILTER_LINEAR,
                                  .dst.res_handle = vcmd_resource_id(to),
                                  .dst.format = VCMD_FORMAT_B8G8R8A8_UNORM,
                                  .dst.box = {0, 0, 0, SIDE, SIDE, 1},
                                  .src.res_handle = vcmd_resource_id(from),
                                  .src.format = VCMD_FORMAT_B8G8R8A8_UNORM,
                                  .src.box = {0, 0, 0, SIDE - 50, SIDE - 50, 1},
                              });
    }
}

/*
 * A wait that may not wait, one that may a little, and one for ever. How fast the host is, nobody
 * knows, so a timeout is only expected to happen in one of many tries.
 */
static void timeouts(void **state)
{
    struct vcmd_resource *from, *to;
    bool asked_too_early = false, waited_too_briefly = false;
    double start;

    (void)state;
    stage_begin(&stage);
    from = stage_target(&stage, VCMD_FORMAT_B8G8R8A8_UNORM, SIDE, SIDE);
    to = stage_target(&stage, VCMD_FORMAT_B8G8R8A8_UNORM, SIDE, SIDE);
    for (int i = 0; i < 30 && !(asked_too_early && waited_too_briefly); i++) {
        enum vcmd_status status;
        uint64_t fence;

        put_heavy_work(from, to);
        assert_ok(vcmd_submit(stage.context, &stage.buf, &fence));
        vcmd_buffer_reset(&stage.buf);
        log_forget();
        status = vcmd_fence_wait(stage_device, fence, 0);
        assert_true(status == VCMD_STATUS_OK || status == VCMD_STATUS_TIMEOUT);
        asked_too_early |= status == VCMD_STATUS_TIMEOUT;
        start = seconds();
        status = vcmd_fence_wait(stage_device, fence, 1000000);
        if (status == VCMD_STATUS_TIMEOUT) {
            waited_too_briefly = true;
            assert_true(seconds() - start >= 0.001); /* not before the time is over */
        } else {
            assert_int_equal(status, VCMD_STATUS_OK);
        }
        assert_int_equal(log_lines(), 0);
        assert_ok(vcmd_fence_wait(stage_device, fence, VCMD_WAIT_FOREVER));
        assert_silent(vcmd_fence_wait(stage_device, fence, 0), VCMD_STATUS_OK);
    }
    assert_true(asked_too_early);
    assert_true(waited_too_briefly);
    vcmd_resource_destroy(from);
    vcmd_resource_destroy(to);
    stage_end(&stage);
}

/* The largest number that is no VCMD_WAIT_FOREVER must not wrap around into the past. */
static void long_timeouts(void **state)
{
    const uint64_t timeouts_ns[] = {UINT64_MAX - 1, INT64_MAX, (uint64_t)INT64_MAX + 1,
                                    UINT64_C(3600) * 1000000000};
    struct vcmd_resource *from, *to;

    (void)state;
    stage_begin(&stage);
    from = stage_target(&stage, VCMD_FORMAT_B8G8R8A8_UNORM, SIDE, SIDE);
    to = stage_target(&stage, VCMD_FORMAT_B8G8R8A8_UNORM, SIDE, SIDE);
    for (size_t i = 0; i < ARRAY_SIZE(timeouts_ns); i++) {
        uint64_t fence;

        put_heavy_work(from, to);
        assert_ok(vcmd_submit(stage.context, &stage.buf, &fence));
        vcmd_buffer_reset(&stage.buf);
        assert_ok(vcmd_fence_wait(stage_device, fence, timeouts_ns[i]));
    }
    vcmd_resource_destroy(from);
    vcmd_resource_destroy(to);
    stage_end(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),
        cmocka_unit_test(two_contexts),
        cmocka_unit_test(timeouts),
        cmocka_unit_test(long_timeouts),
    };

    return cmocka_run_group_tests(tests, stage_setup_group, stage_teardown_group);
}
