/* SPDX-License-Identifier: MIT */
/* The table of formats: lookups, and facts about formats that everybody knows. */
#include "support.h"

#define LIMIT 482 /* one past the largest number of the newest protocol headers */

/* Numbers of no format. */
static bool is_gap(uint32_t number)
{
    static const uint32_t gaps[] = {73, 78, 79, 80, 81, 86, 307, 309, 310};
    size_t i;

    for (i = 0; i < ARRAY_SIZE(gaps); i++) {
        if (gaps[i] == number)
            return true;
    }
    return number >= LIMIT;
}

static void numbers_and_names(void **state)
{
    uint32_t number, count = 0;

    (void)state;
    assert_int_equal(VCMD_FORMAT_LIMIT, LIMIT);
    for (number = 0; number < 1000; number++) {
        const struct vcmd_format_info *info = vcmd_format_info(number);
        char name[80];

        if (is_gap(number)) {
            assert_null(info);
            assert_string_equal(vcmd_format_name(number), "?");
            continue;
        }
        assert_non_null(info);
        assert_int_equal(info->format, number);
        assert_string_equal(vcmd_format_name(number), info->name);
        assert_ptr_equal(vcmd_format_by_name(info->name), info);
        (void)snprintf(name, sizeof(name), "VIRGL_FORMAT_%s", info->name);
        assert_ptr_equal(vcmd_format_by_name(name), info);
        (void)snprintf(name, sizeof(name), "VCMD_FORMAT_%s", info->name);
        assert_ptr_equal(vcmd_format_by_name(name), info);
        count++;
    }
    assert_int_equal(count, 473);
    assert_null(vcmd_format_info(0x80000000u));
    assert_null(vcmd_format_info(0xffffffffu));
    assert_string_equal(vcmd_format_name(0xffffffffu), "?");
}

static void names_of_nothing(void **state)
{
    static const char *const names[] = {
        "",
        "?",
        "B8G8R8A8_UNOR",
        "B8G8R8A8_UNORM_",
        "b8g8r8a8_unorm",
        "VIRGL_FORMAT_",
        "VCMD_FORMAT_",
        "VIRGL_FORMAT",
        "VCMD_FORM",
        "PIPE_FORMAT_NONE",
        "VIRGL_FORMAT_?",
        " NONE",
    };
    size_t i;

    (void)state;
    for (i = 0; i < ARRAY_SIZE(names); i++)
        assert_null(vcmd_format_by_name(names[i]));
    assert_null(vcmd_format_by_name(NULL));
}

/* drm_fourcc.h: four characters, the first in the lowest byte. */
static uint32_t fourcc(const char *code)
{
    return (uint32_t)code[0] | (uint32_t)code[1] << 8 | (uint32_t)code[2] << 16 |
           (uint32_t)code[3] << 24;
}

static void drm_formats(void **state)
{
    /* DRM names give the bits of a little-endian word, VirGL's the bytes in memory. */
    static const struct {
        enum vcmd_format format;
        const char *code;
    } known[] = {
        {VCMD_FORMAT_B8G8R8A8_UNORM, "AR24"},    {VCMD_FORMAT_B8G8R8X8_UNORM, "XR24"},
        {VCMD_FORMAT_R8G8B8A8_UNORM, "AB24"},    {VCMD_FORMAT_R8G8B8X8_UNORM, "XB24"},
        {VCMD_FORMAT_A8R8G8B8_UNORM, "BA24"},    {VCMD_FORMAT_B5G6R5_UNORM, "RG16"},
        {VCMD_FORMAT_R8_UNORM, "R8  "},          {VCMD_FORMAT_R8G8_UNORM, "GR88"},
        {VCMD_FORMAT_R10G10B10A2_UNORM, "AB30"}, {VCMD_FORMAT_NV12, "NV12"},
    };
    uint32_t number;
    size_t i;

    (void)state;
    for (i = 0; i < ARRAY_SIZE(known); i++) {
        assert_int_equal(vcmd_format_info(known[i].format)->drm_fourcc, fourcc(known[i].code));
        assert_int_equal(vcmd_format_by_drm_fourcc(fourcc(known[i].code))->format, known[i].format);
    }
    assert_null(vcmd_format_by_drm_fourcc(0));
    assert_null(vcmd_format_by_drm_fourcc(fourcc("????")));
    /* A code leads to a format that has it. */
    for (number = 0; number < LIMIT; number++) {
        const struct vcmd_format_info *info = vcmd_format_info(number);

        if (info != NULL && info->drm_fourcc != 0)
            assert_int_equal(vcmd_format_by_drm_fourcc(info->drm_fourcc)->drm_fourcc,
                             info->drm_fourcc);
    }
}

static void block_sizes(void **state)
{
    static const struct {
        enum vcmd_format format;
        uint32_t width, height, bits;
        enum vcmd_format_layout layout;
    } known[] = {
        {VCMD_FORMAT_B8G8R8A8_UNORM, 1, 1, 32, VCMD_LAYOUT_PLAIN},
        {VCMD_FORMAT_R8_UNORM, 1, 1, 8, VCMD_LAYOUT_PLAIN},
        {VCMD_FORMAT_B5G6R5_UNORM, 1, 1, 16, VCMD_LAYOUT_PLAIN},
        {VCMD_FORMAT_R8G8B8_UNORM, 1, 1, 24, VCMD_LAYOUT_PLAIN},
        {VCMD_FORMAT_R32G32B32_FLOAT, 1, 1, 96, VCMD_LAYOUT_PLAIN},
        {VCMD_FORMAT_R32G32B32A32_FLOAT, 1, 1, 128, VCMD_LAYOUT_PLAIN},
        {VCMD_FORMAT_R64G64B64A64_FLOAT, 1, 1, 256, VCMD_LAYOUT_PLAIN},
        {VCMD_FORMAT_Z16_UNORM, 1, 1, 16, VCMD_LAYOUT_PLAIN},
        {VCMD_FORMAT_Z24_UNORM_S8_UINT, 1, 1, 32, VCMD_LAYOUT_PLAIN},
        {VCMD_FORMAT_Z32_FLOAT_S8X24_UINT, 1, 1, 64, VCMD_LAYOUT_PLAIN},
        {VCMD_FORMAT_DXT1_RGB, 4, 4, 64, VCMD_LAYOUT_S3TC},
        {VCMD_FORMAT_DXT1_RGBA, 4, 4, 64, VCMD_LAYOUT_S3TC},
        {VCMD_FORMAT_DXT3_RGBA, 4, 4, 128, VCMD_LAYOUT_S3TC},
        {VCMD_FORMAT_DXT5_RGBA, 4, 4, 128, VCMD_LAYOUT_S3TC},
        {VCMD_FORMAT_RGTC1_UNORM, 4, 4, 64, VCMD_LAYOUT_RGTC},
        {VCMD_FORMAT_RGTC2_UNORM, 4, 4, 128, VCMD_LAYOUT_RGTC},
        {VCMD_FORMAT_ETC1_RGB8, 4, 4, 64, VCMD_LAYOUT_ETC},
        {VCMD_FORMAT_ETC2_RGBA8, 4, 4, 128, VCMD_LAYOUT_ETC},
        {VCMD_FORMAT_BPTC_RGBA_UNORM, 4, 4, 128, VCMD_LAYOUT_BPTC},
        {VCMD_FORMAT_ASTC_4x4, 4, 4, 128, VCMD_LAYOUT_ASTC},
        {VCMD_FORMAT_ASTC_10x6, 10, 6, 128, VCMD_LAYOUT_ASTC},
        {VCMD_FORMAT_ASTC_12x12_SRGB, 12, 12, 128, VCMD_LAYOUT_ASTC},
    };
    size_t i;

    (void)state;
    for (i = 0; i < ARRAY_SIZE(known); i++) {
        const struct vcmd_format_info *info = vcmd_format_info(known[i].format);

        assert_int_equal(info->block_width, known[i].width);
        assert_int_equal(info->block_height, known[i].height);
        assert_int_equal(info->block_depth, 1);
        assert_int_equal(info->block_bits, known[i].bits);
        assert_int_equal(info->layout, known[i].layout);
    }
}

static void check_plain(const struct vcmd_format_info *info)
{
    uint32_t bits = 0;
    size_t i;

    assert_in_range(info->num_channels, 1, 4);
    for (i = 0; i < info->num_channels; i++) {
        assert_int_not_equal(info->channels[i].bits, 0);
        assert_in_range(info->channels[i].type, 0, VCMD_CHANNEL_FLOAT);
        bits += info->channels[i].bits;
    }
    assert_int_equal(bits, info->block_bits);
    assert_int_equal(strlen(info->swizzle), 4);
    for (i = 0; i < 4; i++) {
        const char *at = strchr("xyzw01_", info->swizzle[i]);

        assert_non_null(at);
        /* A letter is a channel that exists. */
        if (at - strchr("xyzw01_", 'x') < 4)
            assert_true(info->swizzle[i] == 'w' ? info->num_channels == 4
                                                : info->swizzle[i] - 'x' < info->num_channels);
    }
}

/* What must hold for every format, whichever it is. */
static void consistent_rows(void **state)
{
    uint32_t number;

    (void)state;
    for (number = 0; number < LIMIT; number++) {
        const struct vcmd_format_info *info = vcmd_format_info(number);

        if (info == NULL)
            continue;
        assert_in_range(info->layout, 0, VCMD_LAYOUT_OTHER);
        assert_in_range(info->colorspace, 0, VCMD_COLORSPACE_ZS);
        assert_true(info->block_width > 0 && info->block_height > 0 && info->block_depth > 0);
        assert_non_null(info->since);
        assert_int_equal(info->block_bits % 8, 0);
        if (info->layout == VCMD_LAYOUT_PLAIN && strcmp(info->swizzle, "") != 0)
            check_plain(info);
        if (strstr(info->name, "SRGB") != NULL)
            assert_int_equal(info->colorspace, VCMD_COLORSPACE_SRGB);
        /* Depth and stencil, unless read "as" colours. */
        if ((info->name[0] == 'Z' || info->name[0] == 'S') && strstr(info->name, "_AS_") == NULL)
            assert_int_equal(info->colorspace, VCMD_COLORSPACE_ZS);
    }
}

static void channels(void **state)
{
    const struct vcmd_format_info *bgra = vcmd_format_info(VCMD_FORMAT_B8G8R8A8_UNORM);
    const struct vcmd_format_info *rgb565 = vcmd_format_info(VCMD_FORMAT_B5G6R5_UNORM);
    const struct vcmd_format_info *half = vcmd_format_info(VCMD_FORMAT_R16G16_FLOAT);
    const struct vcmd_format_info *depth = vcmd_format_info(VCMD_FORMAT_Z24X8_UNORM);

    (void)state;
    /* Blue first: red is the third channel. */
    assert_string_equal(bgra->swizzle, "zyxw");
    assert_int_equal(bgra->num_channels, 4);
    assert_int_equal(bgra->channels[3].type, VCMD_CHANNEL_UNORM);
    assert_int_equal(rgb565->channels[0].bits, 5);
    assert_int_equal(rgb565->channels[1].bits, 6);
    assert_string_equal(rgb565->swizzle, "zyx1");
    assert_int_equal(half->num_channels, 2);
    assert_int_equal(half->channels[1].type, VCMD_CHANNEL_FLOAT);
    assert_int_equal(half->channels[1].bits, 16);
    assert_int_equal(depth->colorspace, VCMD_COLORSPACE_ZS);
    assert_int_equal(depth->channels[0].bits, 24);
    assert_int_equal(depth->channels[1].type, VCMD_CHANNEL_VOID);
}

/* The virtio-gpu 2D formats have the numbers of VirGL's. */
static void control_formats(void **state)
{
    (void)state;
    assert_int_equal((int)VCMD_CTRL_FORMAT_B8G8R8A8_UNORM, (int)VCMD_FORMAT_B8G8R8A8_UNORM);
    assert_int_equal((int)VCMD_CTRL_FORMAT_R8G8B8A8_UNORM, (int)VCMD_FORMAT_R8G8B8A8_UNORM);
    assert_int_equal((int)VCMD_CTRL_FORMAT_A8B8G8R8_UNORM, (int)VCMD_FORMAT_A8B8G8R8_UNORM);
    assert_int_equal((int)VCMD_CTRL_FORMAT_R8G8B8X8_UNORM, (int)VCMD_FORMAT_R8G8B8X8_UNORM);
    assert_int_equal(VCMD_FORMAT_B8G8R8A8_UNORM, 1);
    assert_int_equal(VCMD_FORMAT_R8G8B8A8_UNORM, 67);
}

/* Two names for one number. */
static void aliases(void **state)
{
    (void)state;
    assert_int_equal((int)VCMD_FORMAT_UYVY, (int)VCMD_FORMAT_U8Y8V8Y8_422_UNORM);
    assert_int_equal((int)VCMD_FORMAT_YUYV, (int)VCMD_FORMAT_Y8U8Y8V8_422_UNORM);
    assert_int_equal((int)VCMD_FORMAT_YV12, (int)VCMD_FORMAT_Y8_V8_U8_420_UNORM);
    assert_int_equal(VCMD_FORMAT_UYVY, 14);
    assert_int_equal(VCMD_FORMAT_YV12, 163);
    assert_int_equal(VCMD_FORMAT_XYUV, 429);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(aliases),          cmocka_unit_test(numbers_and_names),
        cmocka_unit_test(names_of_nothing), cmocka_unit_test(drm_formats),
        cmocka_unit_test(block_sizes),      cmocka_unit_test(consistent_rows),
        cmocka_unit_test(channels),         cmocka_unit_test(control_formats),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
