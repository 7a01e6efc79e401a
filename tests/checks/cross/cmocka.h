/* SPDX-License-Identifier: MIT */
#ifndef CROSS_CMOCKA_H
#define CROSS_CMOCKA_H

/*
 * As much of cmocka as the tests of the core use, for runs on another machine or system: Debian has
 * no cmocka for these without mixing architectures. The native build uses the real one.
 *
 * The first failed assertion ends the program with status 1, so that the tests after it do not run.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__linux__) && defined(__x86_64__)
#error "this header is for machines that are not the one of the build"
#endif

struct CMUnitTest {
    const char *name;
    void (*test)(void **state);
    int (*setup)(void **state);
    int (*teardown)(void **state);
    void *initial_state;
};

#define cmocka_unit_test(f)                                                                        \
    {                                                                                              \
#f, f, NULL, NULL, NULL                                                                    \
    }
#define cmocka_unit_test_setup(f, setup)                                                           \
    {                                                                                              \
#f, f, setup, NULL, NULL                                                                   \
    }
#define cmocka_unit_test_teardown(f, teardown)                                                     \
    {                                                                                              \
#f, f, NULL, teardown, NULL                                                                \
    }
#define cmocka_unit_test_setup_teardown(f, setup, teardown)                                        \
    {                                                                                              \
#f, f, setup, teardown, NULL                                                               \
    }
#define cmocka_unit_test_prestate(f, state)                                                        \
    {                                                                                              \
#f, f, NULL, NULL, state                                                                   \
    }

#define print_message(...) ((void)printf(__VA_ARGS__))
#define print_error(...)   ((void)fprintf(stderr, __VA_ARGS__))

static inline void cross_check(bool good, const char *what, const char *file, int line)
{
    if (good)
        return;
    (void)fprintf(stderr, "%s:%d: failed: %s\n", file, line, what);
    exit(1);
}

static inline void cross_equal(uintmax_t a, uintmax_t b, bool want, const char *what,
                               const char *file, int line)
{
    if ((a == b) == want)
        return;
    (void)fprintf(stderr, "%s:%d: failed: %s: 0x%" PRIxMAX " and 0x%" PRIxMAX "\n", file, line,
                  what, a, b);
    exit(1);
}

static inline void cross_pointers(const void *a, const void *b, bool want, const char *what,
                                  const char *file, int line)
{
    cross_check((a == b) == want, what, file, line);
}

#define CROSS_CHECK(condition, what) cross_check(condition, what, __FILE__, __LINE__)

#define fail() CROSS_CHECK(false, "fail()")
#define fail_msg(...)                                                                              \
    do {                                                                                           \
        print_error(__VA_ARGS__);                                                                  \
        CROSS_CHECK(false, "see before");                                                          \
    } while (0)
#define assert_true(c)     CROSS_CHECK(!!(c), #c)
#define assert_false(c)    CROSS_CHECK(!(c), "not " #c)
#define assert_null(p)     CROSS_CHECK((p) == NULL, #p " is NULL")
#define assert_non_null(p) CROSS_CHECK((p) != NULL, #p " is not NULL")
#define assert_int_equal(a, b)                                                                     \
    cross_equal((uintmax_t)(a), (uintmax_t)(b), true, #a " == " #b, __FILE__, __LINE__)
#define assert_int_not_equal(a, b)                                                                 \
    cross_equal((uintmax_t)(a), (uintmax_t)(b), false, #a " != " #b, __FILE__, __LINE__)
#define assert_ptr_equal(a, b)        cross_pointers(a, b, true, #a " == " #b, __FILE__, __LINE__)
#define assert_ptr_not_equal(a, b)    cross_pointers(a, b, false, #a " != " #b, __FILE__, __LINE__)
#define assert_string_equal(a, b)     CROSS_CHECK(strcmp(a, b) == 0, #a " is " #b)
#define assert_string_not_equal(a, b) CROSS_CHECK(strcmp(a, b) != 0, #a " is not " #b)
#define assert_memory_equal(a, b, size)                                                            \
    CROSS_CHECK(memcmp(a, b, size) == 0, #a " has the bytes of " #b)
#define assert_memory_not_equal(a, b, size)                                                        \
    CROSS_CHECK(memcmp(a, b, size) != 0, #a " has other bytes than " #b)
#define assert_in_range(v, low, high)                                                              \
    CROSS_CHECK((uintmax_t)(v) >= (uintmax_t)(low) && (uintmax_t)(v) <= (uintmax_t)(high),         \
                #v " is from " #low " to " #high)

static inline int cross_run(const struct CMUnitTest *tests, size_t count,
                            int (*setup)(void **state), int (*teardown)(void **state))
{
    void *group = NULL;
    size_t i;

    CROSS_CHECK(setup == NULL || setup(&group) == 0, "the setup of the group");
    for (i = 0; i < count; i++) {
        void *state = tests[i].initial_state != NULL ? tests[i].initial_state : group;

        (void)printf("%s\n", tests[i].name);
        (void)fflush(stdout);
        CROSS_CHECK(tests[i].setup == NULL || tests[i].setup(&state) == 0, "setup");
        tests[i].test(&state);
        CROSS_CHECK(tests[i].teardown == NULL || tests[i].teardown(&state) == 0, "teardown");
    }
    CROSS_CHECK(teardown == NULL || teardown(&group) == 0, "the teardown of the group");
    (void)printf("%zu tests passed\n", count);
    return 0;
}

#define cmocka_run_group_tests(tests, setup, teardown)                                             \
    cross_run(tests, sizeof(tests) / sizeof((tests)[0]), setup, teardown)
#define cmocka_run_group_tests_name(name, tests, setup, teardown)                                  \
    cross_run(tests, sizeof(tests) / sizeof((tests)[0]), setup, teardown)

#endif
