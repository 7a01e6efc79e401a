/* SPDX-License-Identifier: MIT */

/* Clears, read back exactly: the bytes follow from the definition of each format. */
#include "loopback_support.h"

#include <string.h>

#define SIDE 8

static const struct clear_case {
    uint32_t format;
    union vcmd_color color;
    uint8_t texel[16]; /* in memory order */
    uint32_t size;     /* bytes of a texel that are compared */
    uint32_t stride;   /* bytes of a texel */
} cases[] = {
    /* 0.2, 0.4, 0.6 and 0.8 of 255 are 51, 102, 153 and 204. */
    {VCMD_FORMAT_B8G8R8A8_UNORM, {.f = {0.2f, 0.4f, 0.6f, 0.8f}}, {153, 102, 51, 204}, 4, 4},
    {VCMD_FORMAT_R8G8B8A8_UNORM, {.f = {0.2f, 0.4f, 0.6f, 0.8f}}, {51, 102, 153, 204}, 4, 4},
    {VCMD_FORMAT_B8G8R8X8_UNORM, {.f = {0.2f, 0.4f, 0.6f, 0.8f}}, {153, 102, 51}, 3, 4},
    {VCMD_FORMAT_R8_UNORM, {.f = {0.2f, 0.4f, 0.6f, 0.8f}}, {51}, 1, 1},
    {VCMD_FORMAT_R8G8_UNORM, {.f = {0.2f, 0.4f, 0.6f, 0.8f}}, {51, 102}, 2, 2},
    /* Values outside 0 to 1 are clamped. */
    {VCMD_FORMAT_B8G8R8A8_UNORM, {.f = {-1.0f, 2.0f, 0.0f, 1.0f}}, {0, 255, 0, 255}, 4, 4},
    /* 0.2 and 0.6 of 65535 are 13107 = 0x3333 and 39321 = 0x9999. */
    {VCMD_FORMAT_R16_UNORM, {.f = {0.2f}}, {0x33, 0x33}, 2, 2},
    {VCMD_FORMAT_R16G16_UNORM, {.f = {0.2f, 0.6f}}, {0x33, 0x33, 0x99, 0x99}, 4, 4},
    /* Blue in the low bits: 8 << 11 | 16 << 5 | 4 = 0x4204. */
    {VCMD_FORMAT_B5G6R5_UNORM, {.f = {8.0f / 31, 16.0f / 63, 4.0f / 31}}, {0x04, 0x42}, 2, 2},
    /* Red in the low bits: 1023 | 341 << 10 | 682 << 20 | 1 << 30 = 0x6aa557ff. */
    {VCMD_FORMAT_R10G10B10A2_UNORM,
     {.f = {1.0f, 1.0f / 3, 2.0f / 3, 1.0f / 3}},
     {0xff, 0x57, 0xa5, 0x6a},
     4,
     4},
    /* 1 is 0x3c00 as a half, 0.5 is 0x3800, -2 is 0xc000, 0.25 is 0x3400. */
    {VCMD_FORMAT_R16G16B16A16_FLOAT,
     {.f = {1.0f, 0.5f, -2.0f, 0.25f}},
     {0x00, 0x3c, 0x00, 0x38, 0x00, 0xc0, 0x00, 0x34},
     8,
     8},
    /* 1 is 0x3f800000, -1.5 is 0xbfc00000. */
    {VCMD_FORMAT_R32_FLOAT, {.f = {-1.5f}}, {0x00, 0x00, 0xc0, 0xbf}, 4, 4},
    {VCMD_FORMAT_R32G32B32A32_FLOAT,
     {.f = {1.0f, 0.0f, -1.5f, 1.0f}},
     {0, 0, 0x80, 0x3f, 0, 0, 0, 0, 0, 0, 0xc0, 0xbf, 0, 0, 0x80, 0x3f},
     16,
     16},
    /* Integer formats take integers. */
    {VCMD_FORMAT_R8G8B8A8_UINT, {.u = {1, 2, 3, 250}}, {1, 2, 3, 250}, 4, 4},
    {VCMD_FORMAT_R16_SINT, {.i = {-2}}, {0xfe, 0xff}, 2, 2},
    {VCMD_FORMAT_R32G32B32A32_UINT,
     {.u = {1, 0x80000000u, 0xffffffffu, 0x01020304u}},
     {1, 0, 0, 0, 0, 0, 0, 0x80, 0xff, 0xff, 0xff, 0xff, 4, 3, 2, 1},
     16,
     16},
};

static struct stage stage;

static void check_case(const struct clear_case *c)
{
    struct vcmd_resource *target = stage_target(&stage, c->format, SIDE, SIDE);
    const uint8_t *bytes;

    print_message("%s\n", vcmd_format_name(c->format));
    stage_draw_to(&stage, 1, target, c->format, 0, 0);
    vcmd_clear(&stage.buf, &(struct vcmd_clear){.buffers = VCMD_CLEAR_COLOR0, .color = c->color});
    stage_run(&stage);
    bytes = stage_read(&stage, target);
    for (uint32_t i = 0; i < SIDE * SIDE; i++)
        assert_memory_equal(bytes + (size_t)i * c->stride, c->texel, c->size);
    vcmd_resource_destroy(target);
}

static void formats(void **state)
{
    (void)state;
    stage_begin(&stage);
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        check_case(&cases[i]);
    stage_end(&stage);
}

/* 128 of 255 in sRGB is 0.2158605 of the light; the conversion may round either way. */
static void srgb(void **state)
{
    struct vcmd_resource *target;
    const uint8_t *bytes;

    (void)state;
    stage_begin(&stage);
    target = stage_target(&stage, VCMD_FORMAT_R8G8B8A8_SRGB, SIDE, SIDE);
    stage_draw_to(&stage, 1, target, VCMD_FORMAT_R8G8B8A8_SRGB, 0, 0);
    stage_clear(&stage, 0.2158605f, 1.0f, 0.0f, 0.2f);
    stage_run(&stage);
    bytes = stage_read(&stage, target);
    assert_in_range(bytes[0], 127, 129);
    assert_int_equal(bytes[1], 255);
    assert_int_equal(bytes[2], 0);
    assert_int_equal(bytes[3], 51); /* alpha is linear */
    vcmd_resource_destroy(target);
    stage_end(&stage);
}

/* Levels and layers are cleared one by one, and the others stay. */
static void levels_and_layers(void **state)
{
    const struct vcmd_resource_desc desc = {
        .target = VCMD_TEXTURE_2D_ARRAY,
        .format = VCMD_FORMAT_R8_UNORM,
        .bind = VCMD_BIND_RENDER_TARGET | VCMD_BIND_SAMPLER_VIEW,
        .width = SIDE,
        .height = SIDE,
        .array_size = 3,
        .last_level = 2,
    };
    struct vcmd_resource *array;
    uint32_t handle = 1;
    uint8_t *memory;
    size_t size;

    (void)state;
    stage_begin(&stage);
    array = stage_resource(&stage, &desc);
    for (uint32_t level = 0; level < 3; level++) {
        for (uint32_t layer = 0; layer < 3; layer++) {
            stage_draw_to(&stage, handle++, array, desc.format, level, layer);
            stage_clear(&stage, (float)(10 * level + layer + 1) / 255, 0, 0, 0);
        }
    }
    stage_run(&stage);
    assert_ok(vcmd_resource_map(array, (void **)&memory, &size));
    for (uint32_t level = 0; level < 3; level++) {
        int32_t side = (int32_t)(SIDE >> level);
        struct vcmd_transfer transfer = {.box = {0, 0, 0, side, side, 3}, .level = level};
        struct vcmd_level_layout layout;

        assert_ok(vcmd_resource_get_layout(array, level, &layout));
        transfer.offset = layout.offset;
        assert_ok(vcmd_transfer_from_host(stage.context, array, &transfer));
        for (uint32_t i = 0; i < 3 * layout.layer_stride; i++)
            assert_int_equal(memory[layout.offset + i], 10 * level + i / layout.layer_stride + 1);
    }
    vcmd_resource_destroy(array);
    stage_end(&stage);
}

/* Depth 0.25 as a float is 0x3e800000, as 16 bits 16384 (0.25 * 65535 = 16383.75). */
static void depth(void **state)
{
    static const struct {
        uint32_t format;
        uint8_t texel[4];
        size_t size;
    } depths[] = {
        {VCMD_FORMAT_Z32_FLOAT, {0x00, 0x00, 0x80, 0x3e}, 4},
        {VCMD_FORMAT_Z16_UNORM, {0x00, 0x40}, 2},
    };

    (void)state;
    stage_begin(&stage);
    for (size_t i = 0; i < ARRAY_SIZE(depths); i++) {
        const struct vcmd_resource_desc desc = {
            .target = VCMD_TEXTURE_2D,
            .format = depths[i].format,
            .bind = VCMD_BIND_DEPTH_STENCIL | VCMD_BIND_SAMPLER_VIEW,
            .width = SIDE,
            .height = SIDE,
        };
        struct vcmd_resource *target = stage_resource(&stage, &desc);
        const struct vcmd_create_surface surface = {
            .handle = 1, .res_handle = vcmd_resource_id(target), .format = desc.format};
        const uint8_t *bytes;

        vcmd_create_surface(&stage.buf, &surface);
        vcmd_set_framebuffer_state(&stage.buf,
                                   &(struct vcmd_set_framebuffer_state){.zsurf_handle = 1});
        vcmd_clear(&stage.buf, &(struct vcmd_clear){.buffers = VCMD_CLEAR_DEPTH, .depth = 0.25});
        stage_run(&stage);
        bytes = stage_read(&stage, target);
        for (size_t k = 0; k < (size_t)SIDE * SIDE; k++)
            assert_memory_equal(bytes + k * depths[i].size, depths[i].texel, depths[i].size);
        vcmd_resource_destroy(target);
    }
    stage_end(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats),
        cmocka_unit_test(srgb),
        cmocka_unit_test(levels_and_layers),
        cmocka_unit_test(depth),
    };

    return cmocka_run_group_tests(tests, stage_setup_group, stage_teardown_group);
}
