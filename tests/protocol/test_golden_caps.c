/* SPDX-License-Identifier: MIT */
/* Capability sets made up from the offsets of the facts, in every size that hosts send. */
#include "golden_caps.h"

static struct vcmd_caps wanted, found;
static uint8_t bytes[GOLDEN_STRUCT_MAX];

/* What is beyond the size must not be looked at: it is all ones. */
static void decode(size_t size, unsigned int pattern)
{
    golden_fill(&caps, pattern, caps.size, &wanted, bytes);
    golden_dirt(&caps, bytes);
    memset(bytes + size, 0xff, sizeof(bytes) - size);
    memset(&found, 0xa5, sizeof(found));
    assert_int_equal(vcmd_caps_decode(&found, bytes, size), VCMD_STATUS_OK);
    assert_int_equal(found.size, size);
}

static void check(size_t size, unsigned int pattern)
{
    static uint8_t spare[GOLDEN_STRUCT_MAX];

    decode(size, pattern);
    golden_fill(&caps, pattern, size, &wanted, spare);
    golden_same(&caps, &found, &wanted);
}

static void test_sizes_of_hosts(void **state)
{
    unsigned int pattern;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(sizes); i++) {
        for (pattern = 0; pattern < GOLDEN_PATTERNS; pattern++)
            check(sizes[i], pattern);
    }
}

/* A field that is cut is not there at all. */
static void test_every_size(void **state)
{
    size_t size;

    (void)state;
    for (size = sizes[0]; size <= caps.size + 8; size++)
        check(size, (unsigned int)(size % GOLDEN_PATTERNS));
    assert_int_equal(vcmd_caps_decode(&found, bytes, sizes[0] - 1), VCMD_STATUS_TRUNCATED);
}

static void test_fields(void **state)
{
    size_t i;

    (void)state;
    assert_int_equal(COUNT(fields), VCMD_CAPS_FIELD_COUNT);
    for (i = 0; i < COUNT(fields); i++) {
        const struct vcmd_caps_field_info *info = vcmd_caps_field_info(fields[i].field);

        assert_non_null(info);
        assert_string_equal(info->name, fields[i].name);
        assert_int_equal(info->offset, fields[i].offset);
        assert_int_equal(info->size, fields[i].size);
        assert_string_equal(info->since, fields[i].since);
    }
}

/* With the highest feature version, a field is there if the size covers it. */
static void test_has(void **state)
{
    size_t i, k;

    (void)state;
    for (i = 0; i < COUNT(sizes); i++) {
        decode(sizes[i], 0);
        found.host_feature_check_version = UINT32_MAX;
        for (k = 0; k < COUNT(fields); k++)
            assert_int_equal(vcmd_caps_has(&found, fields[k].field),
                             fields[k].offset + fields[k].size <= sizes[i]);
    }
}

static void test_releases(void **state)
{
    size_t count, i;
    const struct vcmd_host_release *known = vcmd_host_releases(&count);

    (void)state;
    assert_int_equal(count, COUNT(releases));
    for (i = 0; i < count; i++) {
        assert_string_equal(known[i].name, releases[i].name);
        SAME(&known[i], &releases[i], caps_size);
        SAME(&known[i], &releases[i], feature_version);
        SAME(&known[i], &releases[i], formats);
        SAME(&known[i], &releases[i], commands);
        SAME(&known[i], &releases[i], objects);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes_of_hosts), cmocka_unit_test(test_every_size),
        cmocka_unit_test(test_fields),         cmocka_unit_test(test_has),
        cmocka_unit_test(test_releases),
    };

    return cmocka_run_group_tests_name("golden_caps", tests, NULL, NULL);
}
