/* SPDX-License-Identifier: MIT */
#include "check_private.h"

#include "bind.h"

/* Sub-contexts, and resources that the stream creates. */

static void select_sub(struct vcmd_check *c, uint32_t entry)
{
    c->context->sub = entry;
    c->sub = entry != VCMD_HASH_NONE ? vcmd_model_sub_at(c->checker, entry) : NULL;
}

static void report_sub(struct vcmd_check *c, uint32_t code)
{
    if (!c->checker->subs_full)
        vcmd_report_value(c, code, VCMD_SEVERITY_IGNORED, vcmd_place(1, "sub_ctx_id"),
                          vcmd_word(c, 1));
}

void vcmd_model_sub_ctx(struct vcmd_check *c)
{
    uint32_t context = vcmd_model_find_context(c->checker, c->context_id);
    uint32_t id = vcmd_word(c, 1);
    uint32_t entry = vcmd_model_find_sub(c->checker, context, id);

    switch (c->opcode) {
    case VCMD_CCMD_SET_SUB_CTX:
        if (entry != VCMD_HASH_NONE || c->checker->subs_full)
            select_sub(c, entry);
        else
            report_sub(c, VCMD_DIAGNOSTIC_SUB_CTX_UNKNOWN);
        break;
    case VCMD_CCMD_CREATE_SUB_CTX: /* which makes it current */
        if (entry != VCMD_HASH_NONE)
            vcmd_report_value(c, VCMD_DIAGNOSTIC_SUB_CTX_EXISTS, VCMD_SEVERITY_IGNORED,
                              vcmd_place(1, "sub_ctx_id"), id);
        else
            select_sub(c, vcmd_model_add_sub(c->checker, context, id));
        break;
    default:
        if (id == 0 || entry == VCMD_HASH_NONE) {
            report_sub(c, VCMD_DIAGNOSTIC_SUB_CTX_UNKNOWN);
            break;
        }
        if (c->context->sub == entry)
            select_sub(c, vcmd_model_find_sub(c->checker, context, 0));
        vcmd_model_remove_sub(c->checker, entry);
        break;
    }
}

/* ---- PIPE_RESOURCE_CREATE ---- */

enum { TARGET = 1, FORMAT, BIND, WIDTH, HEIGHT, DEPTH, ARRAY_SIZE, LAST_LEVEL, NR_SAMPLES, FLAGS };

static void refuse(struct vcmd_check *c, uint32_t dword)
{
    static const char *const fields[] = {"",           "target",     "format", "bind",
                                         "width",      "height",     "depth",  "array_size",
                                         "last_level", "nr_samples", "flags"};

    vcmd_report_value(c, VCMD_DIAGNOSTIC_RESOURCE_DESCRIPTION, VCMD_SEVERITY_REJECT,
                      vcmd_place(dword, fields[dword]), vcmd_word(c, dword));
}

static uint32_t log2_of(uint32_t value)
{
    uint32_t result = 0;

    while (value > 1) {
        value >>= 1;
        result++;
    }
    return result;
}

static bool levels_are_good(const struct vcmd_check *c)
{
    uint32_t target = vcmd_word(c, TARGET), levels = vcmd_word(c, LAST_LEVEL);
    uint32_t width = vcmd_word(c, WIDTH), height = vcmd_word(c, HEIGHT);

    if (levels == 0)
        return true;
    return target != VCMD_BUFFER && target != VCMD_TEXTURE_RECT && vcmd_word(c, NR_SAMPLES) <= 1 &&
           levels <= log2_of(width > height ? width : height) + 1;
}

static bool layers_are_good(const struct vcmd_check *c)
{
    uint32_t target = vcmd_word(c, TARGET), layers = vcmd_word(c, ARRAY_SIZE);

    if (target == VCMD_TEXTURE_CUBE)
        return layers == 6;
    if (target == VCMD_TEXTURE_CUBE_ARRAY)
        return layers % 6 == 0;
    return layers <= 1 || target == VCMD_TEXTURE_2D_ARRAY || target == VCMD_TEXTURE_1D_ARRAY;
}

static bool samples_are_good(const struct vcmd_check *c)
{
    uint32_t target = vcmd_word(c, TARGET);

    return vcmd_word(c, NR_SAMPLES) <= 1 || target == VCMD_TEXTURE_2D ||
           target == VCMD_TEXTURE_2D_ARRAY;
}

/* What GL is told of a buffer that shall stay mapped: vrend_create_buffer. */
static uint32_t bad_storage(const struct vcmd_check *c)
{
    uint32_t bind = vcmd_word(c, BIND), flags = vcmd_word(c, FLAGS);
    const uint32_t mapped = VCMD_RESOURCE_FLAG_MAP_PERSISTENT | VCMD_RESOURCE_FLAG_MAP_COHERENT;

    if (vcmd_word(c, TARGET) != VCMD_BUFFER || (flags & mapped) == 0 || bind == VCMD_BIND_CUSTOM ||
        bind == VCMD_BIND_STAGING || !vcmd_offers(c, VCMD_CAP_ARB_BUFFER_STORAGE))
        return 0;
    if (vcmd_word(c, WIDTH) == 0)
        return WIDTH;
    return (flags & VCMD_RESOURCE_FLAG_MAP_PERSISTENT) == 0 ? FLAGS : 0;
}

static bool flags_are_good(const struct vcmd_check *c)
{
    uint32_t target = vcmd_word(c, TARGET), flags = vcmd_word(c, FLAGS);

    if ((flags & VCMD_RESOURCE_Y_0_TOP) != 0 && target != VCMD_TEXTURE_2D &&
        target != VCMD_TEXTURE_RECT)
        return false;
    return flags <= 7;
}

static uint32_t bad_field(const struct vcmd_check *c)
{
    if (vcmd_word(c, TARGET) > VCMD_TEXTURE_CUBE_ARRAY)
        return TARGET;
    if (vcmd_word(c, FORMAT) >= c->host->formats)
        return FORMAT;
    if (!samples_are_good(c))
        return NR_SAMPLES;
    if (!levels_are_good(c))
        return LAST_LEVEL;
    if (!flags_are_good(c))
        return FLAGS;
    if (!layers_are_good(c))
        return ARRAY_SIZE;
    if (vcmd_word(c, TARGET) != VCMD_BUFFER && vcmd_word(c, WIDTH) == 0)
        return WIDTH;
    if (vcmd_bind_fault(vcmd_word(c, TARGET), vcmd_word(c, BIND)))
        return BIND;
    if (vcmd_bind_is_of_buffer(vcmd_word(c, BIND)) && vcmd_word(c, HEIGHT) != 1)
        return HEIGHT;
    if (vcmd_word(c, TARGET) == VCMD_BUFFER && !vcmd_bind_is_of_buffer(vcmd_word(c, BIND)))
        return bad_storage(c);
    if (vcmd_word(c, DEPTH) != 1 && vcmd_word(c, TARGET) != VCMD_TEXTURE_3D)
        return DEPTH;
    return bad_storage(c);
}

void vcmd_packet_resource_create(struct vcmd_check *c)
{
    uint32_t bad = bad_field(c);

    if (bad != 0)
        refuse(c, bad);
}
