/* SPDX-License-Identifier: MIT */
/* Sentences for statuses, and the one line about an error. */
#include "support.h"

static const enum vcmd_status all[] = {
    VCMD_STATUS_OK,
    VCMD_STATUS_NULL_ARGUMENT,
    VCMD_STATUS_OUT_OF_RANGE,
    VCMD_STATUS_UNKNOWN_VALUE,
    VCMD_STATUS_RESERVED_BITS,
    VCMD_STATUS_TOO_MANY,
    VCMD_STATUS_TOO_FEW,
    VCMD_STATUS_TOO_LONG,
    VCMD_STATUS_INVALID_OPTION,
    VCMD_STATUS_BUFFER_FULL,
    VCMD_STATUS_TRUNCATED,
    VCMD_STATUS_MALFORMED,
    VCMD_STATUS_NO_MEMORY,
    VCMD_STATUS_UNKNOWN_TRANSPORT,
    VCMD_STATUS_NO_DEVICE,
    VCMD_STATUS_BUSY,
    VCMD_STATUS_UNSUPPORTED,
    VCMD_STATUS_TIMEOUT,
    VCMD_STATUS_DEVICE_CLOSED,
    VCMD_STATUS_DEVICE_LOST,
    VCMD_STATUS_WRONG_DEVICE,
    VCMD_STATUS_NOT_ATTACHED,
    VCMD_STATUS_REFUSED,
    VCMD_STATUS_NO_PERMISSION,
    VCMD_STATUS_HOST_UNSPEC,
    VCMD_STATUS_HOST_OUT_OF_MEMORY,
    VCMD_STATUS_HOST_INVALID_SCANOUT_ID,
    VCMD_STATUS_HOST_INVALID_RESOURCE_ID,
    VCMD_STATUS_HOST_INVALID_CONTEXT_ID,
    VCMD_STATUS_HOST_INVALID_PARAMETER,
    VCMD_STATUS_HOST_BAD_RESPONSE,
    VCMD_STATUS_FILE_NOT_OPENED,
    VCMD_STATUS_FILE_FAILED,
};

static void every_status_has_a_sentence(void **state)
{
    const char *unknown = vcmd_status_string((enum vcmd_status)9999);
    size_t i, j;

    (void)state;
    assert_non_null(unknown);
    for (i = 0; i < ARRAY_SIZE(all); i++) {
        const char *text = vcmd_status_string(all[i]);

        assert_non_null(text);
        assert_true(strlen(text) > 5);
        assert_int_not_equal(text[strlen(text) - 1], '.');
        assert_string_not_equal(text, unknown);
        for (j = 0; j < i; j++)
            assert_string_not_equal(text, vcmd_status_string(all[j]));
    }
}

/* A number between the known ones is unknown too, so that the list above is the whole list. */
static void other_numbers_are_unknown(void **state)
{
    const char *unknown = vcmd_status_string((enum vcmd_status)9999);
    size_t i;
    int number;

    (void)state;
    for (number = 0; number < 200; number++) {
        bool known = false;

        for (i = 0; i < ARRAY_SIZE(all); i++)
            known = known || (int)all[i] == number;
        if (!known)
            assert_string_equal(vcmd_status_string((enum vcmd_status)number), unknown);
    }
}

static void check_line(const struct vcmd_error *error, const char *expected)
{
    size_t length = strlen(expected);
    char text[256], piece[256];
    size_t capacity;

    assert_int_equal(vcmd_error_format(error, text, sizeof(text)), length);
    assert_string_equal(text, expected);
    assert_int_equal(vcmd_error_format(error, NULL, 0), length);
    assert_int_equal(vcmd_error_format(error, NULL, 100), length);
    /* Cut at every length: always ended, nothing behind the capacity touched. */
    for (capacity = 0; capacity <= length + 2; capacity++) {
        memset(piece, '#', sizeof(piece));
        assert_int_equal(vcmd_error_format(error, piece, capacity), length);
        if (capacity > 0) {
            size_t shown = capacity - 1 < length ? capacity - 1 : length;

            assert_memory_equal(piece, expected, shown);
            assert_int_equal(piece[shown], '\0');
        }
        assert_int_equal(piece[capacity], '#');
    }
}

static void error_lines(void **state)
{
    static const struct {
        struct vcmd_error error;
        const char *line;
    } cases[] = {
        {{VCMD_STATUS_UNKNOWN_VALUE, "DRAW_VBO", "mode", 0, 99, 14, 3},
         "DRAW_VBO: mode (dword 3) is 99: a number that its enumeration does not have; the largest "
         "is 14"},
        {{VCMD_STATUS_OUT_OF_RANGE, "BLIT", "dst.res_handle", 0, 0, 1, 4},
         "BLIT: dst.res_handle (dword 4) is 0: a number is outside the range that its field "
         "allows; at least 1"},
        {{VCMD_STATUS_OUT_OF_RANGE, "X", "y", 2, 70000, 65535, 5},
         "X: y[2] (dword 5) is 70000: a number is outside the range that its field allows; at most "
         "65535"},
        {{VCMD_STATUS_OUT_OF_RANGE, "X", "x", 0, (uint64_t)-3, 0, 6},
         "X: x (dword 6) is -3: a number is outside the range that its field allows; at least 0"},
        {{VCMD_STATUS_OUT_OF_RANGE, "X", "x", 0, (uint64_t)INT64_MIN, 0, 0},
         "X: x is -9223372036854775808: a number is outside the range that its field allows; at "
         "least 0"},
        {{VCMD_STATUS_TOO_MANY, "X", "n", 0, 17, 16, 0},
         "X: n is 17: more elements than the protocol allows; at most 16"},
        {{VCMD_STATUS_TOO_FEW, "X", "n", 0, 0, 1, 2},
         "X: n (dword 2) is 0: fewer elements than the host accepts; at least 1"},
        {{VCMD_STATUS_TOO_LONG, "X", "n", 0, 65536, 65535, 1},
         "X: n (dword 1) is 65536: longer than a packet can be; at most 65535"},
        {{VCMD_STATUS_NULL_ARGUMENT, "X", "data", 0, 0, 0, 3},
         "X: data (dword 3): a required pointer is NULL"},
        {{VCMD_STATUS_BUFFER_FULL, "BLIT", NULL, 0, 22, 21, 0},
         "BLIT: 22 dwords: the buffer has no room for it; dwords left: 21"},
        {{VCMD_STATUS_OK, NULL, NULL, 0, 0, 0, 0}, "success"},
        {{VCMD_STATUS_TIMEOUT, NULL, NULL, 0, 0, 0, 0},
         "the time was over before the fence was reached"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < ARRAY_SIZE(cases); i++)
        check_line(&cases[i].error, cases[i].line);
    assert_int_equal(vcmd_error_format(NULL, NULL, 0), 0);
}

/* A line without an error is an empty line: "always with a final NUL when capacity is not 0". */
static void no_error_is_still_ended(void **state)
{
    char text[4] = "###";

    (void)state;
    assert_int_equal(vcmd_error_format(NULL, text, sizeof(text)), 0);
    assert_int_equal(text[0], '\0');
}

static void format_line(struct vcmd_buffer *buf, char *text, size_t capacity)
{
    assert_true(vcmd_error_format(&buf->error, text, capacity) < capacity);
    vcmd_buffer_reset(buf);
}

/* Lines that users will see: the bound in them must be one that the value really breaks. */
static void real_lines_tell_the_truth(void **state)
{
    const struct vcmd_viewport viewports[2] = {{.scale = {1, 1, 1}}, {.scale = {1, 1, 1}}};
    const struct vcmd_set_viewport_state slots = {15, 2, viewports};
    const struct vcmd_get_query_result_qbo qbo = {.query_handle = 1, .qbo_handle = 2, .index = -2};
    const struct vcmd_create_surface surface = {
        .handle = 1, .res_handle = 1, .format = 1, .first_layer = 5, .last_layer = 2};
    uint32_t memory[64];
    struct vcmd_buffer buf;
    char text[256];

    (void)state;
    vcmd_buffer_init(&buf, memory, 64, 0);
    assert_int_equal(vcmd_set_viewport_state(&buf, &slots), VCMD_STATUS_OUT_OF_RANGE);
    format_line(&buf, text, sizeof(text));
    /* Two viewports fit from slot 14 on. */
    assert_non_null(strstr(text, "at most 14"));

    assert_int_equal(vcmd_get_query_result_qbo(&buf, &qbo), VCMD_STATUS_OUT_OF_RANGE);
    format_line(&buf, text, sizeof(text));
    assert_non_null(strstr(text, "is -2"));
    assert_non_null(strstr(text, "at least -1"));

    assert_int_equal(vcmd_create_surface(&buf, &surface), VCMD_STATUS_OUT_OF_RANGE);
    format_line(&buf, text, sizeof(text));
    assert_non_null(strstr(text, "at least 5"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_a_sentence),
        cmocka_unit_test(other_numbers_are_unknown),
        cmocka_unit_test(error_lines),
        cmocka_unit_test(no_error_is_still_ended),
        cmocka_unit_test(real_lines_tell_the_truth),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
