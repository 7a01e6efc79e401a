/* SPDX-License-Identifier: MIT */

/* Opening the loopback: options, one at a time, capsets. */
#include "loopback_support.h"

#include <string.h>
#include <virglcmd/loopback.h>

static void name(void **state)
{
    struct vcmd_device *device = loopback_open();

    (void)state;
    assert_string_equal(vcmd_loopback_transport()->name, "loopback");
    assert_non_null(vcmd_loopback_transport()->description);
    assert_string_equal(vcmd_device_transport_name(device), "loopback");
    vcmd_device_close(device);
}

static void good_options(void **state)
{
    static const char *const options[] = {NULL, "", "gles=0", "gles=1", "gles", "gles=1,gles=0"};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
        struct vcmd_context *context;
        struct vcmd_device *device;

        assert_ok(loopback_try_open(options[i], &device));
        assert_ok(vcmd_context_create(device, "options", &context));
        vcmd_context_destroy(context);
        vcmd_device_close(device);
    }
}

/* The log names what it does not know, and what there is. */
static void bad_options(void **state)
{
    static const char *const options[][2] = {
        {"nonsense=1", "nonsense"}, {"gles=2", "gles"},    {"=1", "=1"},     {"gles,", "gles"},
        {",gles", ",gles"},         {"gles=1,x", "\"x\""}, {"GLES", "GLES"}, {"gles =1", "gles "},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
        struct vcmd_device *device;

        assert_refused(loopback_try_open(options[i][0], &device), VCMD_STATUS_INVALID_OPTION,
                       options[i][1]);
        assert_null(device);
    }
}

/* virglrenderer exists once in a process. */
static void one_at_a_time(void **state)
{
    struct vcmd_device *first = loopback_open();
    struct vcmd_device *second;
    struct vcmd_context *context;

    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_refused(loopback_try_open(NULL, &second), VCMD_STATUS_BUSY, "close that one first");
        assert_null(second);
    }
    /* A wrong option is told in any case, and the first device has noticed nothing. */
    assert_refused(loopback_try_open("x", &second), VCMD_STATUS_INVALID_OPTION, "\"x\"");
    assert_ok(vcmd_context_create(first, "still here", &context));
    vcmd_context_destroy(context);
    vcmd_device_close(first);

    assert_ok(loopback_try_open(NULL, &second));
    vcmd_device_close(second);
}

/* Sizes and versions that virglrenderer 0.10.4 was measured to have; later ones only grow. */
static void capsets(void **state)
{
    struct vcmd_device *device = loopback_open();
    uint8_t bytes[4096], part[4096];
    struct vcmd_caps caps, decoded;
    size_t size;

    (void)state;
    assert_silent(vcmd_device_get_capset(device, 1, NULL, 0, &size), VCMD_STATUS_BUFFER_FULL);
    assert_int_equal(size, 308);
    assert_ok(vcmd_device_get_capset(device, 1, bytes, 308, &size));
    assert_int_equal(size, 308);
    assert_silent(vcmd_device_get_capset(device, 2, NULL, 0, &size), VCMD_STATUS_BUFFER_FULL);
    assert_true(size >= 1376 && size <= sizeof(bytes));
    assert_ok(vcmd_device_get_capset(device, 2, bytes, sizeof(bytes), &size));

    /* A part is the beginning of the whole, and nothing behind it is touched. */
    memset(part, 0xa5, sizeof(part));
    assert_silent(vcmd_device_get_capset(device, 2, part, 600, &size), VCMD_STATUS_BUFFER_FULL);
    assert_memory_equal(part, bytes, 600);
    assert_int_equal(part[600], 0xa5);

    for (uint32_t id = 3; id < 9; id++)
        assert_silent(vcmd_device_get_capset(device, id, bytes, 4, &size), VCMD_STATUS_UNSUPPORTED);
    assert_silent(vcmd_device_get_capset(device, 0, bytes, 4, &size), VCMD_STATUS_UNSUPPORTED);

    assert_ok(vcmd_device_get_capset(device, 2, bytes, sizeof(bytes), &size));
    assert_int_equal(vcmd_caps_decode(&decoded, bytes, size), VCMD_STATUS_OK);
    assert_ok(vcmd_device_get_caps(device, &caps));
    assert_int_equal(caps.max_version, decoded.max_version);
    assert_int_equal(caps.max_texture_2d_size, decoded.max_texture_2d_size);
    /* What OpenGL 3.1, the least that virglrenderer runs on, promises at least. */
    assert_true(caps.max_texture_2d_size >= 1024);
    assert_true(caps.glsl_level >= 130);
    assert_true(vcmd_caps_has_format(&caps, VCMD_FORMAT_B8G8R8A8_UNORM, VCMD_FORMAT_USE_RENDER));
    assert_true(vcmd_caps_has_format(&caps, VCMD_FORMAT_R8_UNORM, VCMD_FORMAT_USE_SAMPLER));
    vcmd_device_close(device);
}

/* OpenGL ES cannot read compressed textures back, and virglrenderer says that all went well. */
static void gles_cannot_read_all(void **state)
{
    const struct vcmd_resource_desc desc = {.target = VCMD_TEXTURE_2D,
                                            .format = VCMD_FORMAT_ETC2_RGB8,
                                            .bind = VCMD_BIND_SAMPLER_VIEW,
                                            .width = 16,
                                            .height = 16};
    struct vcmd_resource *resource;
    struct vcmd_context *context;
    struct vcmd_device *device;

    (void)state;
    assert_ok(loopback_try_open("gles=1", &device));
    assert_ok(vcmd_context_create(device, "gles", &context));
    assert_ok(vcmd_resource_create(device, &desc, &resource));
    assert_ok(vcmd_context_attach(context, resource));
    assert_refused(vcmd_transfer_from_host(context, resource, NULL), VCMD_STATUS_UNSUPPORTED,
                   "cannot read textures of this format back");
    vcmd_device_close(device);
    vcmd_resource_destroy(resource);
    vcmd_context_destroy(context);
}

/* A device can be closed with everything alive, and in any order of the rest. */
static size_t orders;

static void destroy_in_order(const size_t *order, size_t count)
{
    const struct vcmd_resource_desc desc = {.bind = VCMD_BIND_VERTEX_BUFFER, .width = 64};
    struct vcmd_device *device = loopback_open();
    struct vcmd_context *context;
    struct vcmd_resource *resources[2];

    assert_ok(vcmd_context_create(device, "orders", &context));
    for (size_t i = 0; i < ARRAY_SIZE(resources); i++) {
        assert_ok(vcmd_resource_create(device, &desc, &resources[i]));
        assert_ok(vcmd_context_attach(context, resources[i]));
        assert_ok(vcmd_transfer_to_host(context, resources[i], NULL));
    }
    log_forget();
    for (size_t i = 0; i < count; i++) {
        if (order[i] == 0)
            vcmd_device_close(device);
        else if (order[i] == 1)
            vcmd_context_destroy(context);
        else
            vcmd_resource_destroy(resources[order[i] - 2]);
    }
    assert_int_equal(log_errors(), 0);
    orders++;
}

static void destroy_orders(void **state)
{
    (void)state;
    for_each_order(4, destroy_in_order);
    assert_int_equal(orders, 24);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(name),           cmocka_unit_test(good_options),
        cmocka_unit_test(bad_options),    cmocka_unit_test(one_at_a_time),
        cmocka_unit_test(capsets),        cmocka_unit_test(gles_cannot_read_all),
        cmocka_unit_test(destroy_orders),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
