/* SPDX-License-Identifier: MIT */

/* The edit scripts of diff: right for every pair of sequences, shortest for short ones. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "script.h"

struct pair {
    const unsigned char *a, *b;
};

static bool same(void *user, size_t a, size_t b)
{
    const struct pair *pair = user;

    return pair->a[a] == pair->b[b];
}

/* Follows the script from one sequence to the other; returns the number of edits. */
static size_t follow(const struct script *script, const unsigned char *a, size_t num_a,
                     const unsigned char *b, size_t num_b)
{
    size_t x = 0, y = 0, edits = 0;

    for (size_t i = 0; i < script->count; i++) {
        const struct script_hunk *hunk = &script->hunks[i];

        assert_true(hunk->a >= x && hunk->b >= y && hunk->a - x == hunk->b - y);
        assert_true(hunk->num_a + hunk->num_b > 0);
        assert_memory_equal(a + x, b + y, hunk->a - x);
        x = hunk->a + hunk->num_a;
        y = hunk->b + hunk->num_b;
        edits += hunk->num_a + hunk->num_b;
    }
    assert_true(x <= num_a && y <= num_b && num_a - x == num_b - y);
    assert_memory_equal(a + x, b + y, num_a - x);
    return edits;
}

static size_t make(const unsigned char *a, size_t num_a, const unsigned char *b, size_t num_b)
{
    struct pair pair = {a, b};
    struct script script;
    size_t edits;

    assert_true(script_make(&script, num_a, num_b, same, &pair));
    edits = follow(&script, a, num_a, b, num_b);
    script_free(&script);
    return edits;
}

/* By the table of all prefixes: length of both less twice the longest common subsequence. */
static size_t shortest(const unsigned char *a, size_t num_a, const unsigned char *b, size_t num_b)
{
    size_t table[41][41];

    for (size_t i = 0; i <= num_a; i++) {
        for (size_t k = 0; k <= num_b; k++) {
            if (i == 0 || k == 0)
                table[i][k] = i + k;
            else if (a[i - 1] == b[k - 1])
                table[i][k] = table[i - 1][k - 1];
            else
                table[i][k] =
                    1 + (table[i - 1][k] < table[i][k - 1] ? table[i - 1][k] : table[i][k - 1]);
        }
    }
    return table[num_a][num_b];
}

static uint32_t next(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 16;
}

static void fill(unsigned char *bytes, size_t count, uint32_t letters, uint32_t *state)
{
    for (size_t i = 0; i < count; i++)
        bytes[i] = (unsigned char)(next(state) % letters);
}

static void test_short(void **state)
{
    unsigned char a[40], b[40];
    uint32_t random = 1;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        size_t num_a = next(&random) % 41, num_b = next(&random) % 41;
        uint32_t letters = 1 + next(&random) % 5;

        fill(a, num_a, letters, &random);
        fill(b, num_b, letters, &random);
        assert_int_equal(make(a, num_a, b, num_b), shortest(a, num_a, b, num_b));
    }
}

/* More edits in a row than are searched: not the shortest, and still right. */
static void test_long(void **state)
{
    enum { COUNT = 20000 };
    unsigned char *a = malloc(COUNT), *b = malloc(COUNT);
    uint32_t random = 7;

    (void)state;
    assert_non_null(a);
    assert_non_null(b);
    for (uint32_t letters = 2; letters < 200; letters += 60) {
        fill(a, COUNT, letters, &random);
        fill(b, COUNT, letters, &random);
        make(a, COUNT, b, COUNT - letters);
        make(a, COUNT, b, 3);
        make(a, 0, b, COUNT);
    }
    memset(a, 1, COUNT);
    memset(b, 2, COUNT);
    assert_int_equal(make(a, COUNT, b, COUNT), 2 * COUNT);
    free(b);
    free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_short),
        cmocka_unit_test(test_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
