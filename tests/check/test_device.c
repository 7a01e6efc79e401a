/* SPDX-License-Identifier: MIT */

/* The checker in front of a real host: what it refuses never gets there, what it passes does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <virglcmd/check_device.h>
#include <virglcmd/loopback.h>
#include <virglcmd/virglcmd.h>

struct told {
    size_t errors, warnings;
    char first[1024];
};

static void note(void *user, enum vcmd_log_level level, enum vcmd_status code, const char *text)
{
    struct told *told = user;

    (void)code;
    if (level == VCMD_LOG_ERROR && told->errors++ == 0)
        strncpy(told->first, text, sizeof(told->first) - 1);
    told->warnings += level == VCMD_LOG_WARNING ? 1 : 0;
}

static struct vcmd_device *open_device(struct told *told, const struct vcmd_device_check *settings)
{
    const struct vcmd_transport *const transports[] = {vcmd_loopback_transport(), NULL};
    const struct vcmd_device_wrapper checker = vcmd_device_checker(settings);
    const struct vcmd_device_desc desc = {.transports = transports,
                                          .log = note,
                                          .log_user = told,
                                          .wrappers = &checker,
                                          .num_wrappers = 1};
    struct vcmd_device *device;

    memset(told, 0, sizeof(*told));
    assert_int_equal(vcmd_device_open(&desc, &device), VCMD_STATUS_OK);
    return device;
}

/* A bind of a handle that does not exist: the host would answer with success and draw nothing. */
static enum vcmd_status submit_mistake(struct vcmd_context *context)
{
    const struct vcmd_bind_blend bind = {.handle = 77};
    uint32_t memory[32];
    struct vcmd_buffer buf;

    vcmd_buffer_init(&buf, memory, 32, VCMD_BUFFER_HEADROOM);
    assert_int_equal(vcmd_bind_blend(&buf, &bind), VCMD_STATUS_OK);
    return vcmd_submit(context, &buf, NULL);
}

static void test_mistake_is_refused(void **state)
{
    struct told told;
    struct vcmd_device *device = open_device(&told, NULL);
    struct vcmd_context *context, *other;

    (void)state;
    assert_int_equal(vcmd_context_create(device, "mistake", &context), VCMD_STATUS_OK);
    assert_int_equal(submit_mistake(context), VCMD_STATUS_REFUSED);
    assert_int_equal(told.errors, 4); /* what, rule, host, what to do */
    assert_non_null(strstr(told.first, "BIND_OBJECT.BLEND: handle (dword 1) is 77: "));
    vcmd_context_destroy(context);
    assert_int_equal(vcmd_context_create(device, "next", &other), VCMD_STATUS_OK);
    vcmd_context_destroy(other);
    vcmd_device_close(device);
}

/* A blend state; also one that is destroyed and does not exist, which the host ignores. */
static enum vcmd_status submit_blend(struct vcmd_context *context, bool bad)
{
    const struct vcmd_create_blend create = {.handle = 5};
    const struct vcmd_destroy_object destroy = {VCMD_OBJECT_BLEND, 6};
    uint32_t memory[64];
    struct vcmd_buffer buf;

    vcmd_buffer_init(&buf, memory, 64, VCMD_BUFFER_HEADROOM);
    assert_int_equal(vcmd_create_blend(&buf, &create), VCMD_STATUS_OK);
    if (bad)
        assert_int_equal(vcmd_destroy_object(&buf, &destroy), VCMD_STATUS_OK);
    return vcmd_submit(context, &buf, NULL);
}

/* Refused for a fault that the host would have borne: what it never saw is not built upon. */
static void test_refused_context_stays_broken(void **state)
{
    const struct vcmd_device_check settings = {.mode = VCMD_DEVICE_CHECK_STRICT};
    const struct vcmd_bind_blend bind = {.handle = 5};
    struct told told;
    struct vcmd_device *device = open_device(&told, &settings);
    struct vcmd_context *context;
    uint32_t memory[32];
    struct vcmd_buffer buf;

    (void)state;
    assert_int_equal(vcmd_context_create(device, "bad", &context), VCMD_STATUS_OK);
    assert_int_equal(submit_blend(context, true), VCMD_STATUS_REFUSED);
    vcmd_buffer_init(&buf, memory, 32, VCMD_BUFFER_HEADROOM);
    assert_int_equal(vcmd_bind_blend(&buf, &bind), VCMD_STATUS_OK);
    assert_int_equal(vcmd_submit(context, &buf, NULL), VCMD_STATUS_REFUSED);
    vcmd_context_destroy(context);
    assert_int_equal(vcmd_context_create(device, "good", &context), VCMD_STATUS_OK);
    assert_int_equal(submit_blend(context, false), VCMD_STATUS_OK);
    vcmd_context_destroy(context);
    vcmd_device_close(device);
}

static void test_warning_sends_it(void **state)
{
    const struct vcmd_device_check settings = {.mode = VCMD_DEVICE_CHECK_WARN};
    struct told told;
    struct vcmd_device *device = open_device(&told, &settings);
    struct vcmd_context *context;

    (void)state;
    assert_int_equal(vcmd_context_create(device, "mistake", &context), VCMD_STATUS_OK);
    /* The loopback finds out that the host's context is broken: it has got there. */
    assert_int_equal(submit_mistake(context), VCMD_STATUS_HOST_INVALID_PARAMETER);
    assert_true(told.errors > 4);
    vcmd_context_destroy(context);
    vcmd_device_close(device);
}

/* A host that has no memory for the first submit. */
static const struct vcmd_device_ops *host_ops;
static size_t failures_left;

static enum vcmd_status fail_submit(void *self, uint32_t context_id, struct vcmd_buffer *buf,
                                    uint64_t *fence)
{
    if (failures_left == 0)
        return host_ops->submit(self, context_id, buf, fence);
    failures_left--;
    return VCMD_STATUS_NO_MEMORY;
}

static enum vcmd_status wrap_failing(void *user, const char *transport, const struct vcmd_log *log,
                                     const struct vcmd_device_ops **ops, void **self)
{
    static struct vcmd_device_ops failing;

    (void)user;
    (void)transport;
    (void)log;
    (void)self;
    host_ops = *ops;
    failing = *host_ops;
    failing.submit = fail_submit;
    *ops = &failing;
    failures_left = 1;
    return VCMD_STATUS_OK;
}

/* The checker has seen a stream that the host has not: the context is given up, others are not. */
static void test_failed_submit_breaks_the_context(void **state)
{
    const struct vcmd_transport *const transports[] = {vcmd_loopback_transport(), NULL};
    const struct vcmd_device_wrapper wrappers[] = {{wrap_failing, NULL}, vcmd_device_checker(NULL)};
    struct told told = {0};
    const struct vcmd_device_desc desc = {.transports = transports,
                                          .log = note,
                                          .log_user = &told,
                                          .wrappers = wrappers,
                                          .num_wrappers = 2};
    struct vcmd_device *device;
    struct vcmd_context *context, *other;

    (void)state;
    assert_int_equal(vcmd_device_open(&desc, &device), VCMD_STATUS_OK);
    assert_int_equal(vcmd_context_create(device, "failed", &context), VCMD_STATUS_OK);
    assert_int_equal(vcmd_context_create(device, "other", &other), VCMD_STATUS_OK);
    assert_int_equal(submit_blend(context, false), VCMD_STATUS_NO_MEMORY);
    assert_int_equal(submit_blend(other, false), VCMD_STATUS_OK);
    assert_int_equal(told.errors, 0);
    assert_int_equal(submit_blend(context, false), VCMD_STATUS_REFUSED);
    assert_non_null(strstr(told.first, "CONTEXT_BROKEN"));
    vcmd_context_destroy(context);
    vcmd_context_destroy(other);
    vcmd_device_close(device);
}

static void refuse_settings(const struct vcmd_device_check *settings, enum vcmd_status status)
{
    const struct vcmd_transport *const transports[] = {vcmd_loopback_transport(), NULL};
    const struct vcmd_device_wrapper checker = vcmd_device_checker(settings);
    struct told told = {0};
    const struct vcmd_device_desc desc = {.transports = transports,
                                          .log = note,
                                          .log_user = &told,
                                          .wrappers = &checker,
                                          .num_wrappers = 1};
    struct vcmd_device *device;

    assert_int_equal(vcmd_device_open(&desc, &device), status);
    assert_null(device);
    assert_int_equal(told.errors, 1);
}

static void test_bad_settings_fail_the_open(void **state)
{
    const struct vcmd_device_check release = {.release = "none"};
    const struct vcmd_device_check limits = {.limits.objects = VCMD_CHECK_LIMIT_MAX + 1};
    const struct vcmd_device_check mode = {.mode = (enum vcmd_device_check_mode)3};

    (void)state;
    refuse_settings(&release, VCMD_STATUS_UNKNOWN_VALUE);
    refuse_settings(&limits, VCMD_STATUS_OUT_OF_RANGE);
    refuse_settings(&mode, VCMD_STATUS_OUT_OF_RANGE);
}

/* The same faulty stream in each mode: the host ignores a part of it. */
static void test_modes(void **state)
{
    static const enum vcmd_status wanted[] = {[VCMD_DEVICE_CHECK_REFUSE] = VCMD_STATUS_OK,
                                              [VCMD_DEVICE_CHECK_WARN] = VCMD_STATUS_OK,
                                              [VCMD_DEVICE_CHECK_STRICT] = VCMD_STATUS_REFUSED};

    (void)state;
    for (uint32_t mode = 0; mode < 3; mode++) {
        const struct vcmd_device_check settings = {.mode = (enum vcmd_device_check_mode)mode};
        struct told told;
        struct vcmd_device *device = open_device(&told, &settings);
        struct vcmd_context *context;

        assert_int_equal(vcmd_context_create(device, "mode", &context), VCMD_STATUS_OK);
        assert_int_equal(submit_blend(context, true), wanted[mode]);
        assert_int_equal(told.warnings, 1);
        assert_int_equal(told.errors, 0);
        vcmd_context_destroy(context);
        vcmd_device_close(device);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mistake_is_refused),
        cmocka_unit_test(test_refused_context_stays_broken),
        cmocka_unit_test(test_warning_sends_it),
        cmocka_unit_test(test_failed_submit_breaks_the_context),
        cmocka_unit_test(test_bad_settings_fail_the_open),
        cmocka_unit_test(test_modes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
