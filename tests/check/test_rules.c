/* SPDX-License-Identifier: MIT */

/* Runs the cases of rules_SUBJECT.c. */
#include "rules.h"

#include <stdio.h>
#include <string.h>

static const struct rule_group *const groups[] = {&blits_rules,   &caps_rules,    &drawing_rules,
                                                  &objects_rules, &packets_rules, &shaders_rules,
                                                  &views_rules};

#define NUM_GROUPS (sizeof(groups) / sizeof(groups[0]))

/* Faults whose value could be compared with that of a field. */
static size_t values_seen;

/* A host that offers everything. Limits are 0: it has not told them. */
static void fill_caps(struct vcmd_caps *caps)
{
    memset(caps, 0, sizeof(*caps));
    memset(&caps->sampler, 0xff, sizeof(caps->sampler));
    memset(&caps->render, 0xff, sizeof(caps->render));
    caps->bset.conditional_render_inverted = true;
    caps->bset.has_indirect_draw = true;
    caps->bset.start_instance = true;
    caps->capability_bits = ~0u;
    caps->prim_mask = ~0u;
}

static void run(struct world *world, const struct rule_case *c, bool bad)
{
    static struct vcmd_caps caps;

    fill_caps(&caps);
    world_begin(world, NULL, c->take ? &caps : NULL);
    world_scene(world);
    if (bad && c->take)
        c->take(&caps);
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

/* By the first of the code and severity. */
static bool is_told(const struct world *world, const struct rule_case *c)
{
    for (size_t i = 0; i < world->num_told; i++) {
        if (world->told[i].code == c->code && world->told[i].severity == c->severity)
            return world->told[i].dword == c->dword;
    }
    return false;
}

static bool provokes(const struct rule_case *c)
{
    struct world world;
    bool good;

    run(&world, c, true);
    good = is_told(&world, c);
    if (c->severity == REJECT)
        good = good && world.result.rejected && world.result.rejected_code == c->code;
    else
        good = good && !world.result.rejected;
    if (c->severity == ERROR)
        good = good && world.result.broken;
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

/* What is said of a field's value is what the decoder reads there. */
static bool values_are_true(const struct rule_case *c)
{
    struct world world;
    bool good;

    run(&world, c, true);
    good = world_values_are_true(&world, &values_seen);
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

static void test_values_are_true(void **state)
{
    (void)state;
    values_seen = 0;
    count_failures(values_are_true);
    /* Only a few name what is no field: a slot, the length, a part of one. */
    assert_true(values_seen > 100);
}

static bool has_case(uint32_t code, uint32_t severity)
{
    for (size_t g = 0; g < NUM_GROUPS; g++) {
        for (size_t i = 0; i < groups[g]->count; i++) {
            if (groups[g]->cases[i].code == code && groups[g]->cases[i].severity == severity)
                return true;
        }
    }
    return false;
}

static size_t count_missing(const struct vcmd_diagnostic_info *info)
{
    size_t missing = 0;

    for (uint32_t severity = 0; severity < 32; severity++) {
        if ((info->severities >> severity & 1) == 0 || has_case(info->code, severity))
            continue;
        printf("no case for %s as \"%s\"\n", info->name, vcmd_severity_string(severity));
        missing++;
    }
    return missing;
}

/* And each case provokes its own, so everything in the registry is told of somewhere. */
static void test_no_code_is_left_out(void **state)
{
    size_t count, missing = 0;
    const struct vcmd_diagnostic_info *infos = vcmd_diagnostic_infos(&count);

    (void)state;
    for (size_t i = 0; i < count; i++)
        missing += count_missing(&infos[i]);
    assert_int_equal(missing, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_code_is_left_out),
        cmocka_unit_test(test_each_code_is_provoked),
        cmocka_unit_test(test_each_neighbour_is_clean),
        cmocka_unit_test(test_values_are_true),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
