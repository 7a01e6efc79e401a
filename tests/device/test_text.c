/* SPDX-License-Identifier: MIT */

/* What transports share: option strings and log lines. */
#include "support.h"

#include <stdio.h>
#include <string.h>

/* ---- options ---- */

static char seen[1024];
static const char *stop_at;

static enum vcmd_status note(void *user, const char *key, const char *value)
{
    size_t used = strlen(seen);

    assert_ptr_equal(user, seen);
    snprintf(seen + used, sizeof(seen) - used, "<%s|%s>", key, value);
    return stop_at && strcmp(key, stop_at) == 0 ? VCMD_STATUS_UNSUPPORTED : VCMD_STATUS_OK;
}

static enum vcmd_status parse(const char *options)
{
    seen[0] = '\0';
    stop_at = NULL;
    return vcmd_options_parse(options, note, seen);
}

static void good_options(void **state)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"a=1", "<a|1>"},
        {"flag", "<flag|>"},
        {"flag,a=1,other", "<flag|><a|1><other|>"},
        {"a=", "<a|>"},
        {"a==b", "<a|=b>"},
        {"a=b=c,d=e", "<a|b=c><d|e>"},
        {"path=/dev/dri/renderD128", "<path|/dev/dri/renderD128>"},
        {" a = 1 ", "< a | 1 >"},
        {"a=1,a=2", "<a|1><a|2>"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        assert_int_equal(parse(cases[i][0]), VCMD_STATUS_OK);
        assert_string_equal(seen, cases[i][1]);
    }
    assert_int_equal(parse(NULL), VCMD_STATUS_OK);
    assert_string_equal(seen, "");
}

static void bad_options(void **state)
{
    static const char *const cases[][2] = {
        {"=1", ""}, {",", ""}, {"a=1,", "<a|1>"}, {",a=1", ""}, {"a=1,,b", "<a|1>"}, {"=", ""},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        assert_int_equal(parse(cases[i][0]), VCMD_STATUS_INVALID_OPTION);
        assert_string_equal(seen, cases[i][1]);
    }
    assert_int_equal(vcmd_options_parse("a", NULL, NULL), VCMD_STATUS_NULL_ARGUMENT);
}

/* Keys to 31 bytes and values to 255, no more. */
static void long_options(void **state)
{
    char text[400];

    (void)state;
    snprintf(text, sizeof(text), "%.31s=%.*s", "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk", 0, "");
    assert_int_equal(parse(text), VCMD_STATUS_OK);
    snprintf(text, sizeof(text), "%.32s", "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk");
    assert_int_equal(parse(text), VCMD_STATUS_INVALID_OPTION);

    memset(text, 'v', sizeof(text));
    memcpy(text, "k=", 2);
    text[2 + 255] = '\0';
    assert_int_equal(parse(text), VCMD_STATUS_OK);
    assert_int_equal(strlen(seen), 255 + 4);
    text[2 + 255] = 'v';
    text[2 + 256] = '\0';
    assert_int_equal(parse(text), VCMD_STATUS_INVALID_OPTION);
}

static void stopped_options(void **state)
{
    (void)state;
    seen[0] = '\0';
    stop_at = "b";
    assert_int_equal(vcmd_options_parse("a=1,b=2,c=3", note, seen), VCMD_STATUS_UNSUPPORTED);
    assert_string_equal(seen, "<a|1><b|2>");
}

/* ---- log lines ---- */

static char line[2048];
static size_t lines;

static void keep(void *user, enum vcmd_log_level level, enum vcmd_status code, const char *text)
{
    assert_ptr_equal(user, line);
    assert_int_equal(level, VCMD_LOG_WARNING);
    assert_int_equal(code, VCMD_STATUS_OK);
    snprintf(line, sizeof(line), "%s", text);
    lines++;
}

static const struct vcmd_log log_to_line = {keep, line};

static void formatted(void **state)
{
    (void)state;
    vcmd_log(&log_to_line, VCMD_LOG_WARNING, VCMD_STATUS_OK, "%s is %d", "x", 5);
    assert_string_equal(line, "x is 5");
}

/* The callback is promised one line, whatever a host says. */
static void one_line(void **state)
{
    (void)state;
    vcmd_log(&log_to_line, VCMD_LOG_WARNING, VCMD_STATUS_OK, "a\nb\r\nc\n\r\n");
    assert_string_equal(line, "a b  c");
}

static void cut_line(void **state)
{
    char text[1100];

    (void)state;
    memset(text, 't', sizeof(text));
    text[sizeof(text) - 1] = '\0';
    vcmd_log(&log_to_line, VCMD_LOG_WARNING, VCMD_STATUS_OK, "%s", text);
    assert_int_equal(strlen(line), 1023);
}

static void no_log(void **state)
{
    const struct vcmd_log silent = {NULL, NULL};
    size_t before = lines;

    (void)state;
    vcmd_log(NULL, VCMD_LOG_ERROR, VCMD_STATUS_OK, "x");
    vcmd_log(&silent, VCMD_LOG_ERROR, VCMD_STATUS_OK, "x");
    assert_int_equal(lines, before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_options), cmocka_unit_test(bad_options),
        cmocka_unit_test(long_options), cmocka_unit_test(stopped_options),
        cmocka_unit_test(formatted),    cmocka_unit_test(one_line),
        cmocka_unit_test(cut_line),     cmocka_unit_test(no_log),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
