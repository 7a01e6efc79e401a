/* SPDX-License-Identifier: MIT */
#include "../../src/capture/id_map.h"

#include "support.h"

#include <stdlib.h>

#define IDS 50000

/* Takes all that is in the map; counts how often each value came. */
static size_t take_all(struct capture_id_map *map, const uint8_t *values, uint8_t *times)
{
    const uint8_t *value;
    size_t count = 0;

    while ((value = capture_id_take(map)) != NULL) {
        times[value - values]++;
        count++;
    }
    return count;
}

/* What was set comes back, each once; what was removed does not. */
static void test_take(void **state)
{
    static uint8_t values[IDS], times[IDS];
    struct capture_id_map map = {0};

    (void)state;
    assert_null(capture_id_take(&map));
    for (size_t i = 0; i < IDS; i++)
        assert_true(capture_id_set(&map, i, &values[i]));
    for (size_t i = 0; i < IDS; i += 3)
        assert_ptr_equal(capture_id_remove(&map, i), &values[i]);
    assert_int_equal(take_all(&map, values, times), IDS - (IDS + 2) / 3);
    for (size_t i = 0; i < IDS; i++) {
        assert_int_equal(times[i], i % 3 != 0);
        assert_null(capture_id_find(&map, i));
    }
    assert_null(capture_id_take(&map));
    capture_id_free(&map);
}

/* What is set when others have been taken comes, too, wherever it lies. */
static void test_set_between(void **state)
{
    static uint8_t values[IDS], times[IDS];
    struct capture_id_map map = {0};
    size_t count = 0;

    (void)state;
    for (size_t i = 0; i < IDS; i++) {
        assert_true(capture_id_set(&map, i, &values[i]));
        assert_true(capture_id_set(&map, i, &values[i])); /* instead of itself */
        if (i % 100 == 0) {
            count += take_all(&map, values, times);
        } else if (i % 2 == 0) {
            const uint8_t *value = capture_id_take(&map);

            assert_non_null(value);
            times[value - values]++;
            count++;
        }
    }
    assert_int_equal(count + take_all(&map, values, times), IDS);
    for (size_t i = 0; i < IDS; i++)
        assert_int_equal(times[i], 1);
    capture_id_free(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_take),
        cmocka_unit_test(test_set_between),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
