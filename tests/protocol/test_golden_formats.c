/* SPDX-License-Identifier: MIT */
/* The format table against the facts. */
#include "golden_formats.h"

static void check_channels(const struct vcmd_format_info *info,
                           const struct vcmd_format_info *expected)
{
    size_t i;

    SAME(info, expected, num_channels);
    for (i = 0; i < expected->num_channels; i++) {
        SAME(info, expected, channels[i].type);
        SAME(info, expected, channels[i].bits);
    }
    assert_string_equal(info->swizzle, expected->swizzle);
}

static void test_table(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(formats); i++) {
        const struct vcmd_format_info *expected = &formats[i];
        const struct vcmd_format_info *info = vcmd_format_info(expected->format);

        assert_non_null(info);
        assert_string_equal(info->name, expected->name);
        SAME(info, expected, format);
        SAME(info, expected, block_bits);
        SAME(info, expected, block_width);
        SAME(info, expected, block_height);
        SAME(info, expected, block_depth);
        SAME(info, expected, layout);
        SAME(info, expected, colorspace);
        assert_string_equal(info->since, expected->since);
        check_channels(info, expected);
        assert_ptr_equal(vcmd_format_by_name(expected->name), info);
    }
}

static void test_numbers_without_a_format(void **state)
{
    uint32_t number;
    size_t i;

    (void)state;
    for (number = 0; number < 1024; number++) {
        bool known = false;

        for (i = 0; i < COUNT(formats); i++)
            known |= formats[i].format == number;
        assert_int_equal(vcmd_format_info(number) != NULL, known);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_numbers_without_a_format),
    };

    return cmocka_run_group_tests_name("golden_formats", tests, NULL, NULL);
}
