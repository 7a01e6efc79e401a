/* SPDX-License-Identifier: MIT */

/*
 * How resources lie in their backing: against numbers worked out by hand. Over a mock transport.
 */
#include "fake_transport.h"

#define MAX_LEVELS 7

/* layouts[n] is that of level n; total is the size of the backing. */
struct layout_case {
    const char *name;
    struct vcmd_resource_desc desc;
    struct vcmd_level_layout layouts[MAX_LEVELS];
    uint64_t total;
};

static const struct layout_case cases[] = {
    /* Four bytes a texel; sides halve down to 1: 64x16 32x8 16x4 8x2 4x1 2x1 1x1. */
    {"2D with all levels",
     {.target = VCMD_TEXTURE_2D,
      .format = VCMD_FORMAT_B8G8R8A8_UNORM,
      .bind = VCMD_BIND_SAMPLER_VIEW,
      .width = 64,
      .height = 16,
      .last_level = 6},
     {{0, 256, 4096},
      {4096, 128, 1024},
      {5120, 64, 256},
      {5376, 32, 64},
      {5440, 16, 16},
      {5456, 8, 8},
      {5464, 4, 4}},
     5468},
    /* Layers do not shrink: 10x6 5x3 2x1, three of each: 180 + 45 + 6. */
    {"2D array",
     {.target = VCMD_TEXTURE_2D_ARRAY,
      .format = VCMD_FORMAT_R8_UNORM,
      .bind = VCMD_BIND_SAMPLER_VIEW,
      .width = 10,
      .height = 6,
      .array_size = 3,
      .last_level = 2},
     {{0, 10, 60}, {180, 5, 15}, {225, 2, 2}},
     231},
    /* Six faces, two bytes: 6 * 128, then 6 * 32. */
    {"cube",
     {.target = VCMD_TEXTURE_CUBE,
      .format = VCMD_FORMAT_R16_UNORM,
      .bind = VCMD_BIND_SAMPLER_VIEW,
      .width = 8,
      .height = 8,
      .last_level = 1},
     {{0, 16, 128}, {768, 8, 32}},
     960},
    /* array_size counts faces: 12 * 64. */
    {"cube array",
     {.target = VCMD_TEXTURE_CUBE_ARRAY,
      .format = VCMD_FORMAT_B8G8R8A8_UNORM,
      .bind = VCMD_BIND_SAMPLER_VIEW,
      .width = 4,
      .height = 4,
      .array_size = 12},
     {{0, 16, 64}},
     768},
    /* Slices do shrink: 8x4x6 4x2x3 2x1x1 1x1x1. */
    {"3D",
     {.target = VCMD_TEXTURE_3D,
      .format = VCMD_FORMAT_R8_UNORM,
      .bind = VCMD_BIND_SAMPLER_VIEW,
      .width = 8,
      .height = 4,
      .depth = 6,
      .last_level = 3},
     {{0, 8, 32}, {192, 4, 8}, {216, 2, 2}, {218, 1, 1}},
     219},
    /* Blocks of 4x4 texels in 8 bytes: 3x2 blocks, 2x1, 1x1, 1x1. */
    {"DXT1",
     {.target = VCMD_TEXTURE_2D,
      .format = VCMD_FORMAT_DXT1_RGB,
      .bind = VCMD_BIND_SAMPLER_VIEW,
      .width = 10,
      .height = 6,
      .last_level = 3},
     {{0, 24, 48}, {48, 16, 16}, {64, 8, 8}, {72, 8, 8}},
     80},
    /* Blocks of 4x4 in 16 bytes: 2x2 blocks in two layers. */
    {"DXT5 array",
     {.target = VCMD_TEXTURE_2D_ARRAY,
      .format = VCMD_FORMAT_DXT5_RGBA,
      .bind = VCMD_BIND_SAMPLER_VIEW,
      .width = 8,
      .height = 8,
      .array_size = 2},
     {{0, 32, 64}},
     128},
    /* Blocks of 8x5 in 16 bytes: 20 texels are 3 blocks, 12 rows are 3 rows of blocks. */
    {"ASTC 8x5",
     {.target = VCMD_TEXTURE_2D,
      .format = VCMD_FORMAT_ASTC_8x5,
      .bind = VCMD_BIND_SAMPLER_VIEW,
      .width = 20,
      .height = 12},
     {{0, 48, 144}},
     144},
    /* The width counts bytes. */
    {"buffer",
     {.target = VCMD_BUFFER, .bind = VCMD_BIND_VERTEX_BUFFER, .width = 100},
     {{0, 100, 100}},
     100},
    /* Sixteen bytes a texel: 5, 2, 1 texels. */
    {"1D",
     {.target = VCMD_TEXTURE_1D,
      .format = VCMD_FORMAT_R32G32B32A32_FLOAT,
      .bind = VCMD_BIND_SAMPLER_VIEW,
      .width = 5,
      .last_level = 2},
     {{0, 80, 80}, {80, 32, 32}, {112, 16, 16}},
     128},
    {"1D array",
     {.target = VCMD_TEXTURE_1D_ARRAY,
      .format = VCMD_FORMAT_R8_UNORM,
      .bind = VCMD_BIND_SAMPLER_VIEW,
      .width = 5,
      .array_size = 4},
     {{0, 5, 5}},
     20},
    /* Three bytes a texel, and rows are not aligned to anything. */
    {"rectangle of 24 bits",
     {.target = VCMD_TEXTURE_RECT,
      .format = VCMD_FORMAT_R8G8B8_UNORM,
      .bind = VCMD_BIND_SAMPLER_VIEW,
      .width = 7,
      .height = 3},
     {{0, 21, 63}},
     63},
    /* A depth of 32 bits and a stencil in another 32: eight bytes. */
    {"depth and stencil",
     {.target = VCMD_TEXTURE_2D,
      .format = VCMD_FORMAT_Z32_FLOAT_S8X24_UINT,
      .bind = VCMD_BIND_DEPTH_STENCIL,
      .width = 3,
      .height = 2},
     {{0, 24, 48}},
     48},
    /* The largest layer whose size a stride can tell: 16384 * 16 * 16383 bytes. */
    {"nearly 4 GiB",
     {.target = VCMD_TEXTURE_2D,
      .format = VCMD_FORMAT_R32G32B32A32_FLOAT,
      .bind = VCMD_BIND_SAMPLER_VIEW,
      .width = 16384,
      .height = 16383},
     {{0, 262144, 4294705152u}},
     4294705152u},
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

static void check_case(const struct layout_case *c)
{
    struct vcmd_resource *resource;
    struct vcmd_level_layout layout;
    void *memory;
    size_t size;

    print_message("%s\n", c->name);
    assert_ok(vcmd_resource_create(device, &c->desc, &resource));
    assert_int_equal(fake.desc.backing_size, c->total);
    for (uint32_t level = 0; level <= c->desc.last_level; level++) {
        assert_ok(vcmd_resource_get_layout(resource, level, &layout));
        assert_int_equal(layout.offset, c->layouts[level].offset);
        assert_int_equal(layout.stride, c->layouts[level].stride);
        assert_int_equal(layout.layer_stride, c->layouts[level].layer_stride);
    }
    assert_refused(vcmd_resource_get_layout(resource, c->desc.last_level + 1, &layout),
                   VCMD_STATUS_OUT_OF_RANGE, "no level");
    assert_refused(vcmd_resource_get_layout(resource, UINT32_MAX, &layout),
                   VCMD_STATUS_OUT_OF_RANGE, "no level");
    assert_ok(vcmd_resource_map(resource, &memory, &size));
    assert_int_equal(size, c->total);
    vcmd_resource_destroy(resource);
}

static void by_hand(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        check_case(&cases[i]);
}

/* A backing of the caller's size does not change where the levels are. */
static void own_backing_size(void **state)
{
    struct vcmd_resource_desc desc = cases[0].desc;
    struct vcmd_level_layout layout;
    struct vcmd_resource *resource;
    void *memory;
    size_t size;

    (void)state;
    desc.backing_size = 9000;
    assert_ok(vcmd_resource_create(device, &desc, &resource));
    assert_ok(vcmd_resource_map(resource, &memory, &size));
    assert_int_equal(size, 9000);
    assert_ok(vcmd_resource_get_layout(resource, 6, &layout));
    assert_int_equal(layout.offset, 5464);
    vcmd_resource_destroy(resource);
}

/* Hosts cannot transfer multisampled resources, so these have a backing only on request. */
static void multisampled(void **state)
{
    struct vcmd_resource_desc desc = {
        .target = VCMD_TEXTURE_2D,
        .format = VCMD_FORMAT_B8G8R8A8_UNORM,
        .bind = VCMD_BIND_RENDER_TARGET,
        .width = 16,
        .height = 16,
        .nr_samples = 4,
    };
    struct vcmd_resource *resource;
    void *memory;
    size_t size;

    (void)state;
    assert_ok(vcmd_resource_create(device, &desc, &resource));
    assert_int_equal(fake.desc.backing_size, 0);
    assert_refused(vcmd_resource_map(resource, &memory, &size), VCMD_STATUS_UNSUPPORTED,
                   "no backing");
    vcmd_resource_destroy(resource);

    desc.backing_size = 1024;
    assert_ok(vcmd_resource_create(device, &desc, &resource));
    assert_ok(vcmd_resource_map(resource, &memory, &size));
    assert_int_equal(size, 1024);
    vcmd_resource_destroy(resource);
}

/* Sizes that no stride can tell are refused, not wrapped around. */
static void too_large(void **state)
{
    struct vcmd_resource_desc desc = {
        .target = VCMD_TEXTURE_2D,
        .format = VCMD_FORMAT_R32G32B32A32_FLOAT,
        .bind = VCMD_BIND_SAMPLER_VIEW,
        .width = 16384,
        .height = 16384, /* 2^14 * 2^14 * 2^4 = 2^32 */
    };
    struct vcmd_resource *resource;

    (void)state;
    assert_refused(vcmd_resource_create(device, &desc, &resource), VCMD_STATUS_OUT_OF_RANGE,
                   "more bytes than a stride can tell");
    /* Without backing it needs no layout. */
    desc.backing_size = VCMD_NO_BACKING;
    assert_ok(vcmd_resource_create(device, &desc, &resource));
    vcmd_resource_destroy(resource);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(by_hand, open_device, close_device),
        cmocka_unit_test_setup_teardown(own_backing_size, open_device, close_device),
        cmocka_unit_test_setup_teardown(multisampled, open_device, close_device),
        cmocka_unit_test_setup_teardown(too_large, open_device, close_device),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
