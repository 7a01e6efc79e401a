/* SPDX-License-Identifier: MIT */

/* Runs the cases of rules_SUBJECT.c. */
#include "rules.h"

#include <stdio.h>

static const struct rule_group *const groups[] = {&packets_rules, &objects_rules, &shaders_rules,
                                                  &drawing_rules};

#define NUM_GROUPS (sizeof(groups) / sizeof(groups[0]))

/* These two need a capset: test_features.c. */
static bool is_elsewhere(uint32_t code)
{
    return code == VCMD_DIAGNOSTIC_FEATURE_MISSING || code == VCMD_DIAGNOSTIC_FORMAT_UNSUPPORTED;
}

static void run(struct world *world, const struct rule_case *c, bool bad)
{
    world_begin(world, NULL, NULL);
    world_scene(world);
    c->make(world, bad);
    world_submit(world);
}

static void print_told(const struct world *world, const char *what)
{
    char text[1024];

    printf("%s\n", what);
    for (size_t i = 0; i < world->num_told; i++) {
        vcmd_diagnostic_format(&world->told[i], VCMD_DIAGNOSTIC_LINE, text, sizeof(text));
        printf("  told: %s\n", text);
    }
}

static bool provokes(const struct rule_case *c)
{
    struct world world;
    const struct vcmd_diagnostic *first;
    bool good;

    run(&world, c, true);
    first = world_find(&world, c->code);
    good = first && first->severity == c->severity && first->dword == c->dword;
    if (c->severity == REJECT)
        good = good && world.result.rejected && world.result.rejected_code == c->code;
    else
        good = good && !world.result.rejected;
    if (c->severity == ERROR)
        good = good && world.result.broken;
    if (first)
        good = good && (vcmd_diagnostic_info(c->code)->severities >> c->severity & 1) != 0;
    if (!good)
        print_told(&world, vcmd_diagnostic_info(c->code)->name);
    world_end(&world);
    return good;
}

static bool neighbour_is_clean(const struct rule_case *c)
{
    struct world world;
    bool good;

    run(&world, c, false);
    good = world_count(&world, c->code) == 0 && !world.result.rejected && !world.result.broken;
    if (!good)
        print_told(&world, vcmd_diagnostic_info(c->code)->name);
    world_end(&world);
    return good;
}

static void count_failures(bool (*test)(const struct rule_case *c))
{
    size_t wrong = 0;

    for (size_t g = 0; g < NUM_GROUPS; g++) {
        for (size_t i = 0; i < groups[g]->count; i++)
            wrong += test(&groups[g]->cases[i]) ? 0 : 1;
    }
    assert_int_equal(wrong, 0);
}

static void test_each_code_is_provoked(void **state)
{
    (void)state;
    count_failures(provokes);
}

static void test_each_neighbour_is_clean(void **state)
{
    (void)state;
    count_failures(neighbour_is_clean);
}

static bool has_case(uint32_t code)
{
    for (size_t g = 0; g < NUM_GROUPS; g++) {
        for (size_t i = 0; i < groups[g]->count; i++) {
            if (groups[g]->cases[i].code == code)
                return true;
        }
    }
    return false;
}

static void test_no_code_is_left_out(void **state)
{
    size_t count, missing = 0;
    const struct vcmd_diagnostic_info *infos = vcmd_diagnostic_infos(&count);

    (void)state;
    for (size_t i = 0; i < count; i++) {
        if (has_case(infos[i].code) || is_elsewhere(infos[i].code))
            continue;
        printf("no case for %s\n", infos[i].name);
        missing++;
    }
    assert_int_equal(missing, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_code_is_left_out),
        cmocka_unit_test(test_each_code_is_provoked),
        cmocka_unit_test(test_each_neighbour_is_clean),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
