/* SPDX-License-Identifier: MIT */
#include "check_private.h"

#include "../core/text.h"
#include "../decode/walk.h"

/* What the parity with the host is proved against. */
#define DEFAULT_RELEASE "0.10.4"

const struct vcmd_host_release *vcmd_check_host(const char *name)
{
    size_t count;
    const struct vcmd_host_release *releases = vcmd_host_releases(&count);

    for (size_t i = 0; i < count; i++) {
        if (vcmd_same_text(releases[i].name, name ? name : DEFAULT_RELEASE))
            return &releases[i];
    }
    return NULL;
}

/* ---- sizes ---- */

static void wrong_size(struct vcmd_check *c, enum vcmd_limit_kind kind, uint32_t limit)
{
    vcmd_report_limit(c, VCMD_DIAGNOSTIC_PAYLOAD_SIZE, VCMD_SEVERITY_REJECT,
                      vcmd_place(0, "length"), c->length, kind, limit);
}

static bool check_steps(struct vcmd_check *c, const struct vcmd_size_rule *rule)
{
    uint32_t elements;

    if (c->length < rule->base) {
        wrong_size(c, VCMD_LIMIT_LEAST, rule->base);
        return false;
    }
    elements = (c->length - rule->base) / rule->step;
    if ((c->length - rule->base) % rule->step != 0) {
        if (!rule->remainder) {
            wrong_size(c, VCMD_LIMIT_NONE, 0);
            return false;
        }
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_TRAILING_DWORDS, VCMD_SEVERITY_NEEDLESS,
                          vcmd_place(0, "length"), c->length, VCMD_LIMIT_EXACT,
                          rule->base + elements * rule->step);
    }
    /* What the commands have slots for, they say themselves. */
    if (rule->most != 0 && elements > rule->most && c->opcode != VCMD_CCMD_BIND_SAMPLER_STATES) {
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_COUNT_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(0, "length"), elements, VCMD_LIMIT_MOST, rule->most);
        return false;
    }
    return true;
}

static bool check_one_of(struct vcmd_check *c, const struct vcmd_size_rule *rule)
{
    uint32_t most = 31;

    if (c->length < 32 && (rule->sizes >> c->length & 1) != 0)
        return true;
    while (most > 0 && (rule->sizes >> most & 1) == 0)
        most--;
    wrong_size(c, c->length > most ? VCMD_LIMIT_MOST : VCMD_LIMIT_NONE,
               c->length > most ? most : 0);
    return false;
}

bool vcmd_check_size(struct vcmd_check *c)
{
    const struct vcmd_size_rule *rule = &c->layout->host;

    switch (rule->kind) {
    case VCMD_SIZE_EXACT:
        if (c->length == rule->base)
            return true;
        wrong_size(c, VCMD_LIMIT_EXACT, rule->base);
        return false;
    case VCMD_SIZE_AT_LEAST:
        if (c->length >= rule->base)
            return true;
        wrong_size(c, VCMD_LIMIT_LEAST, rule->base);
        return false;
    case VCMD_SIZE_ONE_OF:
        return check_one_of(c, rule);
    case VCMD_SIZE_STEPS:
        return check_steps(c, rule);
    default:
        return true;
    }
}

/* ---- packets ---- */

/* In a context that is broken the host does not even look at these. */
static bool draws(uint32_t opcode)
{
    return opcode == VCMD_CCMD_CLEAR || opcode == VCMD_CCMD_DRAW_VBO || opcode == VCMD_CCMD_BLIT ||
           opcode == VCMD_CCMD_RESOURCE_COPY_REGION;
}

static bool is_object_command(uint32_t opcode)
{
    return opcode >= VCMD_CCMD_CREATE_OBJECT && opcode <= VCMD_CCMD_DESTROY_OBJECT;
}

static bool is_sub_ctx_command(uint32_t opcode)
{
    return opcode >= VCMD_CCMD_SET_SUB_CTX && opcode <= VCMD_CCMD_DESTROY_SUB_CTX;
}

static void unknown_packet(struct vcmd_check *c)
{
    if (!is_object_command(c->opcode)) {
        vcmd_report_value(c, VCMD_DIAGNOSTIC_UNKNOWN_COMMAND, VCMD_SEVERITY_REJECT,
                          vcmd_place(0, "opcode"), c->opcode);
        return;
    }
    if (c->length < 1)
        wrong_size(c, VCMD_LIMIT_LEAST, 1);
    else
        vcmd_report_value(c, VCMD_DIAGNOSTIC_OBJECT_TYPE, VCMD_SEVERITY_REJECT,
                          vcmd_place(0, "object_type"), c->object_type);
}

static void check_packet(struct vcmd_check *c)
{
    const struct vcmd_rules *rules = vcmd_rules_of(c->opcode);
    struct vcmd_error error;

    c->layout = vcmd_find_layout((const uint8_t *)c->dwords, 4 + 4 * (size_t)c->length, &error);
    if (c->opcode >= c->host->commands || !c->layout) {
        unknown_packet(c);
        return;
    }
    if (c->object_type != 0 && !is_object_command(c->opcode))
        vcmd_report_value(c, VCMD_DIAGNOSTIC_HEADER_BITS, VCMD_SEVERITY_NEEDLESS,
                          vcmd_place(0, "object_type"), c->object_type);
    if (c->result->broken && !c->result->rejected && draws(c->opcode)) {
        vcmd_report(c, VCMD_DIAGNOSTIC_AFTER_ERROR, VCMD_SEVERITY_IGNORED);
        c->skipped = true;
    }
    c->told = 0;
    if (!vcmd_check_size(c))
        return;
    vcmd_packet_feature(c);
    if (rules->packet)
        rules->packet(c);
    if (rules->model && c->sub)
        rules->model(c);
    else if (is_sub_ctx_command(c->opcode) && c->context)
        vcmd_model_sub_ctx(c);
    vcmd_check_fields(c);
}

static void overrun(struct vcmd_check *c, size_t left)
{
    c->layout = NULL;
    vcmd_report_limit(c, VCMD_DIAGNOSTIC_PACKET_OVERRUN, VCMD_SEVERITY_ERROR,
                      vcmd_place(0, "length"), c->length, VCMD_LIMIT_MOST, left);
}

static void run(struct vcmd_check *c, const uint32_t *dwords, size_t count)
{
    size_t at = 0;

    while (at < count) {
        uint32_t header = vcmd_wire32(dwords[at]);
        size_t left = count - at - 1;

        c->dwords = dwords + at;
        c->length = header >> 16;
        c->opcode = header & 0xff;
        c->object_type = header >> 8 & 0xff;
        c->packet = c->result->packets++;
        c->offset = at;
        c->skipped = false;
        c->told = 0;
        if (c->opcode < c->host->commands && c->length > left) {
            overrun(c, left);
            return;
        }
        if (c->length > left) { /* unknown, and where the next one is nobody knows either */
            c->layout = NULL;
            unknown_packet(c);
            return;
        }
        check_packet(c);
        at += 1 + (size_t)c->length;
    }
}

enum vcmd_status vcmd_check_stream(const uint32_t *dwords, size_t count,
                                   const struct vcmd_check_desc *desc,
                                   struct vcmd_check_result *result)
{
    static const struct vcmd_check_desc no_desc = {NULL, NULL, NULL, NULL, 0};
    struct vcmd_check_result ignored;
    struct vcmd_check c;

    if (!dwords && count > 0)
        return VCMD_STATUS_NULL_ARGUMENT;
    memset(&c, 0, sizeof(c));
    c.desc = desc ? desc : &no_desc;
    c.result = result ? result : &ignored;
    memset(c.result, 0, sizeof(*c.result));
    c.host = vcmd_check_host(c.desc->release);
    if (!c.host)
        return VCMD_STATUS_UNKNOWN_VALUE;
    run(&c, dwords, count);
    return VCMD_STATUS_OK;
}

/* ---- with a model ---- */

static void find_context(struct vcmd_check *c)
{
    uint32_t entry = vcmd_model_find_context(c->checker, c->context_id);

    c->packet = VCMD_NO_PACKET;
    if (entry == VCMD_HASH_NONE) {
        if (c->checker->contexts_lost == 0)
            vcmd_report(c, VCMD_DIAGNOSTIC_CONTEXT_UNKNOWN, VCMD_SEVERITY_REJECT);
        return;
    }
    c->context = vcmd_model_context_at(c->checker, entry);
    if (c->context->sub != VCMD_HASH_NONE)
        c->sub = vcmd_model_sub_at(c->checker, c->context->sub);
    if (c->context->broken) {
        vcmd_report(c, VCMD_DIAGNOSTIC_CONTEXT_BROKEN, VCMD_SEVERITY_ERROR);
        c->result->broken = true;
    }
}

static bool is_untracked(const struct vcmd_check *c)
{
    return c->checker->resources_lost != 0 ||
           (c->context ? c->context->untracked : c->checker->contexts_lost != 0);
}

enum vcmd_status vcmd_checker_submit(struct vcmd_checker *checker, uint32_t context_id,
                                     const uint32_t *dwords, size_t count,
                                     struct vcmd_check_result *result)
{
    struct vcmd_check_result ignored;
    struct vcmd_check c;

    if (!checker || (!dwords && count > 0))
        return VCMD_STATUS_NULL_ARGUMENT;
    memset(&c, 0, sizeof(c));
    c.desc = &checker->desc.check;
    c.result = result ? result : &ignored;
    memset(c.result, 0, sizeof(*c.result));
    c.host = checker->host;
    c.checker = checker;
    c.context_id = context_id;
    find_context(&c);
    run(&c, dwords, count);
    c.result->untracked = is_untracked(&c);
    return VCMD_STATUS_OK;
}
