/* SPDX-License-Identifier: MIT */
#include "check_private.h"

static const struct vcmd_check_limits defaults = {8, 24, 4096, 2048, 4096};

static bool fill_limits(const struct vcmd_check_limits *given, struct vcmd_check_limits *limits)
{
    *limits = defaults;
    if (!given)
        return true;
    if (given->contexts != 0)
        limits->contexts = given->contexts;
    if (given->sub_contexts != 0)
        limits->sub_contexts = given->sub_contexts;
    if (given->objects != 0)
        limits->objects = given->objects;
    if (given->resources != 0)
        limits->resources = given->resources;
    if (given->attachments != 0)
        limits->attachments = given->attachments;
    return limits->contexts <= VCMD_CHECK_LIMIT_MAX &&
           limits->sub_contexts <= VCMD_CHECK_LIMIT_MAX &&
           limits->objects <= VCMD_CHECK_LIMIT_MAX && limits->resources <= VCMD_CHECK_LIMIT_MAX &&
           limits->attachments <= VCMD_CHECK_LIMIT_MAX;
}

/* A table's size; those of all tables are in the order in which they lie in memory. */
struct table_plan {
    uint32_t capacity;
    size_t stride;
};

#define TABLES 5

static void plan_tables(const struct vcmd_check_limits *limits, struct table_plan plan[TABLES])
{
    plan[0].capacity = limits->contexts;
    plan[0].stride = sizeof(struct vcmd_model_context);
    plan[1].capacity = limits->sub_contexts;
    plan[1].stride = sizeof(struct vcmd_model_sub);
    plan[2].capacity = limits->objects;
    plan[2].stride = sizeof(struct vcmd_model_object);
    plan[3].capacity = limits->resources;
    plan[3].stride = sizeof(struct vcmd_model_resource);
    plan[4].capacity = limits->attachments;
    plan[4].stride = sizeof(struct vcmd_model_attachment);
}

static size_t checker_bytes(void)
{
    return (sizeof(struct vcmd_checker) + 15) / 16 * 16;
}

size_t vcmd_checker_size(const struct vcmd_check_limits *limits)
{
    struct vcmd_check_limits filled;
    struct table_plan plan[TABLES];
    size_t size = checker_bytes() + 15;

    if (!fill_limits(limits, &filled))
        return 0;
    plan_tables(&filled, plan);
    for (size_t i = 0; i < TABLES; i++) {
        if (plan[i].capacity > (SIZE_MAX - size) / 2 / (plan[i].stride + 2 * sizeof(uint32_t)))
            return 0;
        size += vcmd_hash_size(plan[i].capacity, plan[i].stride);
    }
    return size;
}

static void init_tables(struct vcmd_checker *checker, uint8_t *memory)
{
    struct vcmd_hash *const tables[TABLES] = {&checker->contexts, &checker->subs, &checker->objects,
                                              &checker->resources, &checker->attachments};
    struct table_plan plan[TABLES];

    plan_tables(&checker->desc.limits, plan);
    for (size_t i = 0; i < TABLES; i++) {
        vcmd_hash_init(tables[i], memory, plan[i].capacity, plan[i].stride, checker->desc.seed);
        memory += vcmd_hash_size(plan[i].capacity, plan[i].stride);
    }
}

/* memory: aligned, and all there. */
static struct vcmd_checker *start(uint8_t *memory, const struct vcmd_checker_desc *desc,
                                  const struct vcmd_check_limits *limits,
                                  const struct vcmd_host_release *host)
{
    struct vcmd_checker *checker = (struct vcmd_checker *)(void *)memory;

    memset(checker, 0, sizeof(*checker));
    checker->desc = *desc;
    checker->desc.limits = *limits;
    checker->host = host;
    init_tables(checker, memory + checker_bytes());
    return checker;
}

enum vcmd_status vcmd_checker_init(void *memory, size_t size, const struct vcmd_checker_desc *desc,
                                   struct vcmd_checker **checker)
{
    static const struct vcmd_checker_desc no_desc = {
        {NULL, NULL, NULL, NULL, 0}, {0, 0, 0, 0, 0}, 0};
    const struct vcmd_host_release *host;
    struct vcmd_check_limits limits;
    size_t needed;

    if (!memory || !checker)
        return VCMD_STATUS_NULL_ARGUMENT;
    *checker = NULL;
    desc = desc ? desc : &no_desc;
    needed = vcmd_checker_size(&desc->limits);
    if (needed == 0 || !fill_limits(&desc->limits, &limits))
        return VCMD_STATUS_OUT_OF_RANGE;
    if (size < needed)
        return VCMD_STATUS_BUFFER_FULL;
    host = vcmd_check_host(desc->check.release);
    if (!host)
        return VCMD_STATUS_UNKNOWN_VALUE;
    *checker = start((uint8_t *)memory + (16 - (uintptr_t)memory % 16) % 16, desc, &limits, host);
    return VCMD_STATUS_OK;
}

/* ---- what is left at the end ---- */

static void tell_left(struct vcmd_checker *checker, enum vcmd_diagnostic_code code,
                      const struct vcmd_model_sub *sub, uint32_t object, uint32_t resource)
{
    struct vcmd_diagnostic diagnostic;

    memset(&diagnostic, 0, sizeof(diagnostic));
    diagnostic.code = code;
    diagnostic.severity = VCMD_SEVERITY_NEEDLESS;
    diagnostic.packet = VCMD_NO_PACKET;
    diagnostic.object = object;
    diagnostic.resource = resource;
    if (sub) {
        diagnostic.context_id = vcmd_model_context_at(checker, sub->context)->id;
        diagnostic.sub_ctx_id = sub->id;
    }
    vcmd_report_to(&checker->desc.check, &diagnostic);
}

static void tell_sub(struct vcmd_checker *checker, const struct vcmd_model_sub *sub)
{
    uint32_t entry = sub->objects;

    if (sub->id != 0)
        tell_left(checker, VCMD_DIAGNOSTIC_LEAK_SUB_CTX, sub, 0, 0);
    while (entry != VCMD_HASH_NONE) {
        const struct vcmd_model_object *object = vcmd_model_object_at(checker, entry);

        tell_left(checker, VCMD_DIAGNOSTIC_LEAK_OBJECT, sub, object->handle, 0);
        entry = object->link.next;
    }
}

/* Entries that are free have no place in a chain, so the chains are what there is. */
static uint32_t next_in_table(const struct vcmd_hash *table, uint32_t *bucket, uint32_t entry)
{
    if (entry != VCMD_HASH_NONE) {
        const struct vcmd_hash_node *node = vcmd_hash_at(table, entry);

        if (node->next != VCMD_HASH_NONE)
            return node->next;
    }
    while (*bucket <= table->mask) {
        entry = table->heads[(*bucket)++];
        if (entry != VCMD_HASH_NONE)
            return entry;
    }
    return VCMD_HASH_NONE;
}

void vcmd_checker_finish(struct vcmd_checker *checker)
{
    uint32_t bucket = 0, entry = VCMD_HASH_NONE;

    if (!checker)
        return;
    while ((entry = next_in_table(&checker->subs, &bucket, entry)) != VCMD_HASH_NONE)
        tell_sub(checker, vcmd_model_sub_at(checker, entry));
    bucket = 0;
    while ((entry = next_in_table(&checker->resources, &bucket, entry)) != VCMD_HASH_NONE)
        tell_left(checker, VCMD_DIAGNOSTIC_LEAK_RESOURCE, NULL, 0,
                  vcmd_model_resource_at(checker, entry)->id);
    vcmd_hash_clear(&checker->contexts);
    vcmd_hash_clear(&checker->subs);
    vcmd_hash_clear(&checker->objects);
    vcmd_hash_clear(&checker->resources);
    vcmd_hash_clear(&checker->attachments);
    checker->contexts_lost = checker->resources_lost = 0;
}
