/* SPDX-License-Identifier: MIT */

/*
 * Which resource descriptions are refused, and what the log says about it. Over a mock transport;
 * test_loopback_rules.c asks virglrenderer whether it agrees.
 */
#include "fake_transport.h"

#define RANGE    VCMD_STATUS_OUT_OF_RANGE
#define UNKNOWN  VCMD_STATUS_UNKNOWN_VALUE
#define RESERVED VCMD_STATUS_RESERVED_BITS

#define BGRA VCMD_FORMAT_B8G8R8A8_UNORM
#define VIEW VCMD_BIND_SAMPLER_VIEW

static const struct {
    struct vcmd_resource_desc desc;
    enum vcmd_status status;
    const char *part; /* of the line */
} refused[] = {
    /* numbers */
    {{.target = 9, .format = BGRA, .bind = VIEW, .width = 4}, UNKNOWN, "target is unknown"},
    {{.target = UINT32_MAX, .format = BGRA, .bind = VIEW, .width = 4}, UNKNOWN, "target"},
    {{.target = VCMD_TEXTURE_2D, .bind = VIEW, .width = 4}, UNKNOWN, "format is unknown"},
    {{.target = VCMD_TEXTURE_2D, .format = 100000, .bind = VIEW, .width = 4}, UNKNOWN, "format"},
    {{.target = VCMD_TEXTURE_2D, .format = BGRA, .bind = VIEW, .width = 4, .flags = 8},
     RESERVED,
     "flags"},
    {{.target = VCMD_TEXTURE_2D, .format = BGRA, .bind = VIEW, .width = 4, .flags = 0x80000000u},
     RESERVED,
     "flags"},
    {{.target = VCMD_TEXTURE_2D, .format = BGRA, .bind = VIEW}, RANGE, "width is 0"},
    {{.bind = VCMD_BIND_VERTEX_BUFFER}, RANGE, "width is 0"},
    {{.bind = VCMD_BIND_VERTEX_BUFFER, .width = 0x80000000u}, RANGE, "2147483647"},
    {{.target = VCMD_TEXTURE_2D, .format = BGRA, .bind = VIEW, .width = 4, .height = UINT32_MAX},
     RANGE,
     "2147483647"},
    {{.target = VCMD_TEXTURE_3D, .format = BGRA, .bind = VIEW, .width = 4, .depth = UINT32_MAX},
     RANGE,
     "2147483647"},
    {{.target = VCMD_TEXTURE_2D_ARRAY,
      .format = BGRA,
      .bind = VIEW,
      .width = 4,
      .array_size = UINT32_MAX},
     RANGE,
     "2147483647"},

    /* shapes */
    {{.bind = VCMD_BIND_VERTEX_BUFFER, .width = 4, .height = 2}, RANGE, "height must be 1"},
    {{.target = VCMD_TEXTURE_1D, .format = BGRA, .bind = VIEW, .width = 4, .height = 2},
     RANGE,
     "height must be 1"},
    {{.target = VCMD_TEXTURE_1D_ARRAY, .format = BGRA, .bind = VIEW, .width = 4, .height = 2},
     RANGE,
     "height must be 1"},
    {{.target = VCMD_TEXTURE_2D, .format = BGRA, .bind = VIEW, .width = 4, .depth = 2},
     RANGE,
     "depth must be 1"},
    {{.target = VCMD_TEXTURE_2D_ARRAY, .format = BGRA, .bind = VIEW, .width = 4, .depth = 2},
     RANGE,
     "depth must be 1"},
    {{.target = VCMD_TEXTURE_2D, .format = BGRA, .bind = VIEW, .width = 4, .array_size = 2},
     RANGE,
     "array_size must be 1"},
    {{.target = VCMD_TEXTURE_3D, .format = BGRA, .bind = VIEW, .width = 4, .array_size = 2},
     RANGE,
     "array_size must be 1"},
    {{.target = VCMD_TEXTURE_CUBE,
      .format = BGRA,
      .bind = VIEW,
      .width = 4,
      .height = 4,
      .array_size = 1},
     RANGE,
     "must be 6 for a cube"},
    {{.target = VCMD_TEXTURE_CUBE,
      .format = BGRA,
      .bind = VIEW,
      .width = 4,
      .height = 4,
      .array_size = 12},
     RANGE,
     "must be 6 for a cube"},
    {{.target = VCMD_TEXTURE_CUBE_ARRAY,
      .format = BGRA,
      .bind = VIEW,
      .width = 4,
      .height = 4,
      .array_size = 8},
     RANGE,
     "multiple of 6"},
    {{.target = VCMD_TEXTURE_CUBE, .format = BGRA, .bind = VIEW, .width = 4, .height = 8},
     RANGE,
     "square"},
    {{.target = VCMD_TEXTURE_CUBE, .format = BGRA, .bind = VIEW, .width = 4}, RANGE, "square"},
    {{.target = VCMD_TEXTURE_3D,
      .format = BGRA,
      .bind = VIEW,
      .width = 4,
      .flags = VCMD_RESOURCE_Y_0_TOP},
     RANGE,
     "Y_0_TOP"},

    /* levels and samples */
    {{.target = VCMD_TEXTURE_2D,
      .format = BGRA,
      .bind = VIEW,
      .width = 64,
      .height = 16,
      .last_level = 7}, /* 64 32 16 8 4 2 1 are levels 0 to 6 */
     RANGE,
     "last_level"},
    {{.target = VCMD_TEXTURE_2D, .format = BGRA, .bind = VIEW, .width = 1, .last_level = 1},
     RANGE,
     "last_level"},
    {{.target = VCMD_TEXTURE_2D,
      .format = BGRA,
      .bind = VIEW,
      .width = 4,
      .last_level = UINT32_MAX},
     RANGE,
     "last_level"},
    {{.target = VCMD_TEXTURE_RECT, .format = BGRA, .bind = VIEW, .width = 4, .last_level = 1},
     RANGE,
     "last_level must be 0"},
    {{.bind = VCMD_BIND_VERTEX_BUFFER, .width = 4, .last_level = 1}, RANGE, "last_level must be 0"},
    {{.target = VCMD_TEXTURE_2D,
      .format = BGRA,
      .bind = VIEW,
      .width = 4,
      .last_level = 1,
      .nr_samples = 4},
     RANGE,
     "multisampled"},
    {{.target = VCMD_TEXTURE_3D, .format = BGRA, .bind = VIEW, .width = 4, .nr_samples = 4},
     RANGE,
     "can be multisampled"},
    {{.target = VCMD_TEXTURE_CUBE,
      .format = BGRA,
      .bind = VIEW,
      .width = 4,
      .height = 4,
      .nr_samples = 2},
     RANGE,
     "can be multisampled"},

    /* uses */
    {{.target = VCMD_TEXTURE_2D, .format = BGRA, .bind = 0, .width = 4}, RANGE, "use of a texture"},
    {{.target = VCMD_TEXTURE_2D, .format = BGRA, .bind = VCMD_BIND_VERTEX_BUFFER, .width = 4},
     RANGE,
     "target must be BUFFER"},
    {{.bind = VCMD_BIND_VERTEX_BUFFER | VCMD_BIND_INDEX_BUFFER, .width = 4}, RANGE, "only one"},
    {{.bind = VCMD_BIND_RENDER_TARGET, .width = 4}, RANGE, "SAMPLER_VIEW"},
    {{.format = BGRA, .bind = VCMD_BIND_VERTEX_BUFFER, .width = 4}, RANGE, "8 bits"},

    /* the limits of the capset: 16384 for 2D, 2048 for 3D, 8192 for cubes */
    {{.target = VCMD_TEXTURE_2D, .format = BGRA, .bind = VIEW, .width = 16385},
     RANGE,
     "longer than the host allows"},
    {{.target = VCMD_TEXTURE_2D, .format = BGRA, .bind = VIEW, .width = 4, .height = 16385},
     RANGE,
     "longer than the host allows"},
    {{.target = VCMD_TEXTURE_3D, .format = BGRA, .bind = VIEW, .width = 4, .depth = 2049},
     RANGE,
     "longer than the host allows"},
    {{.target = VCMD_TEXTURE_CUBE, .format = BGRA, .bind = VIEW, .width = 8193, .height = 8193},
     RANGE,
     "longer than the host allows"},
    /* 2048 layers, 4 samples */
    {{.target = VCMD_TEXTURE_2D_ARRAY,
      .format = BGRA,
      .bind = VIEW,
      .width = 4,
      .height = 4,
      .array_size = 2049},
     RANGE,
     "more layers than the host allows"},
    {{.target = VCMD_TEXTURE_2D,
      .format = BGRA,
      .bind = VCMD_BIND_RENDER_TARGET,
      .width = 4,
      .height = 4,
      .nr_samples = 8},
     RANGE,
     "nr_samples: more than the host allows"},
};

static struct vcmd_device *device;

static int open_device(void **state)
{
    (void)state;
    fake_reset();
    device = fake_open();
    return 0;
}

static int close_device(void **state)
{
    (void)state;
    vcmd_device_close(device);
    assert_fake_clean();
    return 0;
}

static void refusals(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
        struct vcmd_resource *resource = (struct vcmd_resource *)device;

        print_message("case %zu\n", i);
        assert_refused(vcmd_resource_create(device, &refused[i].desc, &resource), refused[i].status,
                       refused[i].part);
        assert_null(resource);
        assert_int_equal(log_errors(), 1);
    }
    assert_int_equal(fake.calls[FAKE_RESOURCE_CREATE], 0);
}

/* What a transport gets when the caller leaves fields 0. */
static void check_completed(const struct vcmd_resource_desc *desc, uint32_t format, uint32_t layers)
{
    struct vcmd_resource *resource;

    assert_ok(vcmd_resource_create(device, desc, &resource));
    assert_int_equal(fake.desc.target, desc->target);
    assert_int_equal(fake.desc.format, format);
    assert_int_equal(fake.desc.bind, desc->bind);
    assert_int_equal(fake.desc.width, desc->width);
    assert_int_equal(fake.desc.height, desc->height ? desc->height : 1);
    assert_int_equal(fake.desc.depth, 1);
    assert_int_equal(fake.desc.array_size, layers);
    assert_int_equal(fake.desc.nr_samples, 0);
    assert_int_equal(fake.desc.flags, desc->flags);
    vcmd_resource_destroy(resource);
}

static void defaults(void **state)
{
    struct vcmd_resource_desc desc = {.bind = VCMD_BIND_VERTEX_BUFFER, .width = 4};

    (void)state;
    check_completed(&desc, VCMD_FORMAT_R8_UNORM, 1);
    desc = (struct vcmd_resource_desc){
        .target = VCMD_TEXTURE_2D, .format = BGRA, .bind = VIEW, .width = 4};
    check_completed(&desc, BGRA, 1);
    desc.flags =
        VCMD_RESOURCE_Y_0_TOP | VCMD_RESOURCE_FLAG_MAP_PERSISTENT | VCMD_RESOURCE_FLAG_MAP_COHERENT;
    check_completed(&desc, BGRA, 1);
    /* One sample is none: old hosts take it for multisampling. */
    desc.nr_samples = 1;
    check_completed(&desc, BGRA, 1);
    desc = (struct vcmd_resource_desc){
        .target = VCMD_TEXTURE_CUBE, .format = BGRA, .bind = VIEW, .width = 4, .height = 4};
    check_completed(&desc, BGRA, 6);
    desc.target = VCMD_TEXTURE_CUBE_ARRAY;
    check_completed(&desc, BGRA, 6);
}

/* Buffers have no side that a limit of textures could apply to. */
static void large_buffer(void **state)
{
    const struct vcmd_resource_desc desc = {.bind = VCMD_BIND_VERTEX_BUFFER, .width = INT32_MAX};
    struct vcmd_resource *resource;

    (void)state;
    assert_ok(vcmd_resource_create(device, &desc, &resource));
    assert_int_equal(fake.desc.backing_size, INT32_MAX);
    vcmd_resource_destroy(resource);
}

/* A host of capset 1 tells no limits: then there are none to check. */
static void host_without_limits(void **state)
{
    const struct vcmd_resource_desc desc = {
        .target = VCMD_TEXTURE_2D, .format = VCMD_FORMAT_R8_UNORM, .bind = VIEW, .width = 100000};
    struct vcmd_resource *resource;

    (void)state;
    vcmd_device_close(device);
    fake.capset_id = VCMD_CTRL_CAPSET_VIRGL;
    fake.capset_size = 308;
    device = fake_open();
    assert_ok(vcmd_resource_create(device, &desc, &resource));
    vcmd_resource_destroy(resource);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(refusals, open_device, close_device),
        cmocka_unit_test_setup_teardown(defaults, open_device, close_device),
        cmocka_unit_test_setup_teardown(large_buffer, open_device, close_device),
        cmocka_unit_test_setup_teardown(host_without_limits, open_device, close_device),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
