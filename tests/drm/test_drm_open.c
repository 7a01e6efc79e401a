/* SPDX-License-Identifier: MIT */

/* Which node is taken, what is asked of it, and what is said when none will do. Over a mock. */
#include "drm_support.h"
#include <errno.h>
#include <stdio.h>

static struct vcmd_device *device;

static void takes_the_first_that_will_do(void **state)
{
    struct vcmd_drm_info info;

    (void)state;
    mock.num_nodes = 3;
    mock.driver[0] = "i915";
    mock.driver[1] = "amdgpu";
    device = open_device("");
    assert_int_equal(log_errors(), 0);
    assert_ok(vcmd_drm_get_info(device, &info));
    assert_string_equal(info.path, "/dev/dri/renderD130");
    assert_int_equal(info.version_minor, 1);
    assert_false(info.blob || info.context_init || info.syncobj);
    vcmd_device_close(device);
}

static void none_will_do(void **state)
{
    (void)state;
    mock.num_nodes = 2;
    mock.driver[0] = "i915";
    mock.no_3d = true;
    assert_refused(try_open("", &device), VCMD_STATUS_NO_DEVICE, "\"i915\"");
    assert_true(
        log_has(VCMD_LOG_ERROR, VCMD_STATUS_NO_DEVICE, "renderD129: virtio_gpu without 3D"));
    mock.num_nodes = 0;
    assert_refused(try_open("", &device), VCMD_STATUS_NO_DEVICE, "no render node");
    assert_null(device);
}

static void options(void **state)
{
    static const char *const bad[] = {
        "path", "path=",        "fd=", "fd=x", "fd=-1", "cache=all", "cache=9999999999",
        "gles", "fd=2147483648"};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
        assert_refused(try_open(bad[i], &device), VCMD_STATUS_INVALID_OPTION, "option");
    assert_refused(try_open("path=/dev/dri/renderD128,fd=3", &device), VCMD_STATUS_INVALID_OPTION,
                   "give one of them");
    assert_int_equal(mock.calls, 0);
    assert_refused(try_open("path=/dev/dri/renderD200", &device), VCMD_STATUS_NO_DEVICE,
                   "/dev/dri/renderD200");
    vcmd_device_close(open_device("path=/dev/dri/renderD128"));
}

/* The caller's descriptor stays open, and a second context finds the node through the copy. */
static void given_descriptor(void **state)
{
    int fd = mock_system.open("/dev/dri/renderD128");
    char text[32];

    (void)state;
    (void)snprintf(text, sizeof(text), "fd=%d", fd);
    mock.context_init = true; /* EEXIST: the file has its context */
    device = open_device(text);
    vcmd_context_destroy(create_context(device));
    vcmd_context_destroy(create_context(device));
    vcmd_device_close(device);
    assert_int_equal(mock.open_files, 1);
    mock_system.close(fd);
    assert_refused(try_open("fd=12", &device), VCMD_STATUS_OUT_OF_RANGE, "fd=12: cannot duplicate");
}

static void no_permission(void **state)
{
    (void)state;
    mock.no_permission = true;
    assert_refused(try_open("", &device), VCMD_STATUS_NO_PERMISSION, "group of the node");
    assert_refused(try_open("path=/dev/dri/renderD128", &device), VCMD_STATUS_NO_PERMISSION,
                   "Permission denied");
}

static void old_driver(void **state)
{
    (void)state;
    mock.version_minor = 0;
    assert_refused(try_open("", &device), VCMD_STATUS_UNSUPPORTED, "Linux 5.0");
}

static void unplugged(void **state)
{
    (void)state;
    mock.unplugged = true;
    assert_refused(try_open("", &device), VCMD_STATUS_DEVICE_LOST, "the device has gone");
}

static void new_kernel(void **state)
{
    struct vcmd_drm_info info;

    (void)state;
    mock.blob = mock.host_visible = mock.context_init = mock.debug_name = mock.syncobj = true;
    device = open_device("");
    assert_ok(vcmd_drm_get_info(device, &info));
    assert_true(info.blob && info.host_visible && info.context_init && info.debug_name);
    assert_true(info.syncobj && !info.cross_device);
    assert_int_equal(info.capset_mask, 6);
    vcmd_device_close(device);
}

/* ---- capsets ---- */

static void check_capset(uint32_t id, size_t wanted)
{
    static uint8_t bytes[5000];
    size_t size = 0;

    assert_silent(vcmd_device_get_capset(device, id, NULL, 0, &size), VCMD_STATUS_BUFFER_FULL);
    assert_int_equal(size, wanted);
    assert_ok(vcmd_device_get_capset(device, id, bytes, sizeof(bytes), &size));
    assert_int_equal(size, wanted);
    assert_int_equal(bytes[0], id);
    assert_silent(vcmd_device_get_capset(device, id, bytes, 8, &size), VCMD_STATUS_BUFFER_FULL);
    assert_int_equal(size, wanted);
}

/* Hosts differ, and the kernel does not tell: sizes around today's, and one that may come. */
static void capsets_of_any_size(void **state)
{
    static const size_t sizes[] = {400, 1375, 1376, 1384, 4096};
    size_t size;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
        mock.capset2_size = sizes[i];
        device = open_device("");
        check_capset(2, sizes[i]);
        check_capset(1, 308);
        assert_silent(vcmd_device_get_capset(device, 5, NULL, 0, &size), VCMD_STATUS_UNSUPPORTED);
        vcmd_device_close(device);
    }
}

/* Too short to be one; and one of no bytes is none. */
static void capsets_of_impossible_sizes(void **state)
{
    static const size_t sizes[] = {1, 4, 307};
    struct vcmd_caps caps;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
        mock.capset2_size = sizes[i];
        assert_refused(try_open("", &device), VCMD_STATUS_TRUNCATED, "reading the capset failed");
    }
    mock.capset2_size = 0;
    device = open_device("");
    assert_ok(vcmd_device_get_caps(device, &caps));
    assert_int_equal(caps.max_version, 1);
    vcmd_device_close(device);
}

static void only_capset_1(void **state)
{
    struct vcmd_caps caps;

    (void)state;
    mock.capset1_only = true;
    mock.max_capset_version = 0; /* version 1 is refused, 0 is not */
    device = open_device("");
    assert_ok(vcmd_device_get_caps(device, &caps));
    assert_int_equal(caps.max_version, 1);
    vcmd_device_close(device);

    /* Before Linux 4.19 capset 2 came with the size of another. */
    mock.capset1_only = false;
    mock.no_query_fix = true;
    device = open_device("");
    assert_ok(vcmd_device_get_caps(device, &caps));
    assert_int_equal(caps.max_version, 1);
    vcmd_device_close(device);
}

static void old_kernel_without_parameters(void **state)
{
    struct vcmd_drm_info info;

    (void)state;
    mock.old_params = true;
    mock.blob = true;
    device = open_device("");
    assert_ok(vcmd_drm_get_info(device, &info));
    assert_false(info.blob);
    vcmd_device_close(device);
}

static void interrupted(void **state)
{
    (void)state;
    mock.interruptions = 3;
    device = open_device("");
    vcmd_device_close(device);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(takes_the_first_that_will_do, begin, end),
        cmocka_unit_test_setup_teardown(none_will_do, begin, end),
        cmocka_unit_test_setup_teardown(options, begin, end),
        cmocka_unit_test_setup_teardown(given_descriptor, begin, end),
        cmocka_unit_test_setup_teardown(no_permission, begin, end),
        cmocka_unit_test_setup_teardown(old_driver, begin, end),
        cmocka_unit_test_setup_teardown(unplugged, begin, end),
        cmocka_unit_test_setup_teardown(new_kernel, begin, end),
        cmocka_unit_test_setup_teardown(capsets_of_any_size, begin, end),
        cmocka_unit_test_setup_teardown(capsets_of_impossible_sizes, begin, end),
        cmocka_unit_test_setup_teardown(only_capset_1, begin, end),
        cmocka_unit_test_setup_teardown(old_kernel_without_parameters, begin, end),
        cmocka_unit_test_setup_teardown(interrupted, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
