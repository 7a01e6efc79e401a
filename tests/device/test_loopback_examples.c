/* SPDX-License-Identifier: MIT */

/* What both examples do with their command line. */
#include "example_support.h"

#include <string.h>

static const char *const both[] = {"triangle", "gears"};

/* Wrong command lines end with 2 and a sentence about what is wrong. */
static const struct {
    const char *arguments[4];
    const char *part; /* of what is on stderr */
} wrong[] = {
    {{"--nonsense"}, "nonsense"},
    {{"--size"}, "size"},
    {{"--size", "640"}, "640"},
    {{"--size", "0x480"}, "0x480"},
    {{"--size", "640x0"}, "640x0"},
    {{"--size", "640x480x1"}, "640x480x1"},
    {{"--size", "-1x480"}, "-1x480"},
    {{"--size", " 1x480"}, " 1x480"},
    {{"--size", "99999x480"}, "99999x480"},
    {{"--size", "99999999999999999999x480"}, "99999999999999999999x480"},
    {{"--size", ""}, "size"},
    {{"stray"}, "stray"},
    {{"--transport", "nope"}, "nope"},
    {{"--transport", "nope"}, "loopback"}, /* what there is */
    {{"--options", "nonsense=1"}, "nonsense"},
};

static void wrong_command_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        for (size_t k = 0; k < ARRAY_SIZE(both); k++) {
            struct program_result result;

            run_example(&result, both[k], wrong[i].arguments);
            assert_int_equal(result.status, 2);
            if (!strstr(result.err, wrong[i].part))
                fail_msg("\"%s\" is not in: %s", wrong[i].part, result.err);
        }
    }
}

static void wrong_frames(void **state)
{
    static const char *const values[] = {"0", "-1", "x", "1x", "1.5", "", "1000001", "99999999999"};
    struct program_result result;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
        const char *const arguments[] = {"--frames", values[i], NULL};

        run_example(&result, "gears", arguments);
        assert_int_equal(result.status, 2);
        assert_non_null(strstr(result.err, "frames"));
    }
    /* The triangle does not move. */
    run_example(&result, "triangle", (const char *const[]){"--frames", "1", NULL});
    assert_int_equal(result.status, 2);
}

static void help(void **state)
{
    static const char *const options[] = {"--transport", "--options", "--output", "--size",
                                          "loopback"};

    (void)state;
    for (size_t k = 0; k < ARRAY_SIZE(both); k++) {
        struct program_result result;

        run_example(&result, both[k], (const char *const[]){"--help", NULL});
        assert_int_equal(result.status, 0);
        assert_string_equal(result.err, "");
        for (size_t i = 0; i < ARRAY_SIZE(options); i++)
            assert_non_null(strstr(result.out, options[i]));
    }
}

/* No fault of the command line: 1. */
static void unwritable(void **state)
{
    (void)state;
    for (size_t k = 0; k < ARRAY_SIZE(both); k++) {
        struct program_result result;

        run_example(&result, both[k],
                    (const char *const[]){"--output", "/nonexistent/x.png", NULL});
        assert_int_equal(result.status, 1);
        assert_non_null(strstr(result.err, "/nonexistent/x.png"));
    }
}

static int cleanup(void **state)
{
    (void)state;
    forget_files();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_command_lines),
        cmocka_unit_test(wrong_frames),
        cmocka_unit_test(help),
        cmocka_unit_test(unwritable),
    };

    return cmocka_run_group_tests(tests, NULL, cleanup);
}
