/* SPDX-License-Identifier: MIT */
#include "check_private.h"

#include "host_limits.h"
#include <virglcmd/format.h>

/* Sub-contexts, and resources that the stream creates. */

static void select_sub(struct vcmd_check *c, uint32_t entry)
{
    c->context->sub = entry;
    c->sub = entry != VCMD_HASH_NONE ? vcmd_model_sub_at(c->checker, entry) : NULL;
}

static void report_sub(struct vcmd_check *c, uint32_t code)
{
    if (!c->context->subs_lost)
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
        if (entry != VCMD_HASH_NONE || c->context->subs_lost)
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
    uint32_t depth = vcmd_word(c, DEPTH);

    if (levels == 0)
        return true;
    if (target == VCMD_BUFFER || target == VCMD_TEXTURE_RECT || vcmd_word(c, NR_SAMPLES) != 0 ||
        levels > log2_of(width > height ? width : height) + 1)
        return false;
    if (target == VCMD_TEXTURE_3D && depth > width)
        width = depth;
    return levels <= log2_of(width > height ? width : height); /* says GL */
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
    uint32_t target = vcmd_word(c, TARGET), samples = vcmd_word(c, NR_SAMPLES);
    const struct vcmd_caps *caps = c->desc->caps;

    if (samples == 0)
        return true;
    if (target != VCMD_TEXTURE_2D && target != VCMD_TEXTURE_2D_ARRAY)
        return false;
    if (!caps)
        return true;
    /* Hosts whose mask says nothing at all do not name NONE either. */
    if ((caps->supported_multisample_formats.bitmask[0] & 1) != 0 &&
        !vcmd_caps_has_format(caps, vcmd_word(c, FORMAT), VCMD_FORMAT_USE_MULTISAMPLE))
        return false;
    return caps->max_samples == 0 || (samples & VCMD_KEPT_SAMPLES) <= caps->max_samples;
}

/* What GL has no textures of: vrend_resource_alloc_texture. */
static bool format_is_good(const struct vcmd_check *c)
{
    uint32_t format = vcmd_word(c, FORMAT), target = vcmd_word(c, TARGET);
    const struct vcmd_format_info *info = vcmd_format_info(format);

    if (!info || format == VCMD_FORMAT_NONE || !vcmd_is_offered(c, format))
        return false;
    if (target == VCMD_TEXTURE_3D)
        return info->colorspace != VCMD_COLORSPACE_ZS && info->layout != VCMD_LAYOUT_S3TC &&
               info->layout != VCMD_LAYOUT_RGTC;
    return info->layout < VCMD_LAYOUT_S3TC || info->layout > VCMD_LAYOUT_FXT1 ||
           (target != VCMD_TEXTURE_1D && target != VCMD_TEXTURE_1D_ARRAY);
}

static uint32_t bad_layer_count(const struct vcmd_check *c)
{
    uint32_t target = vcmd_word(c, TARGET), layers = vcmd_word(c, ARRAY_SIZE);
    uint32_t most = c->desc->caps ? c->desc->caps->max_texture_array_layers : 0;

    if (target < VCMD_TEXTURE_1D_ARRAY)
        return 0;
    return layers == 0 || (most != 0 && layers > most) ? ARRAY_SIZE : 0;
}

/* 0, or the first field of a texture's size that is not one: check_resource_valid. */
static uint32_t bad_size(const struct vcmd_check *c)
{
    uint32_t target = vcmd_word(c, TARGET), most = vcmd_longest_side(c->desc->caps, target);
    uint32_t width = vcmd_word(c, WIDTH), height = vcmd_word(c, HEIGHT);
    uint32_t depth = vcmd_word(c, DEPTH);
    bool is_line = target == VCMD_TEXTURE_1D || target == VCMD_TEXTURE_1D_ARRAY;
    bool is_cube = target == VCMD_TEXTURE_CUBE || target == VCMD_TEXTURE_CUBE_ARRAY;

    if (width == 0 || (most != 0 && width > most))
        return WIDTH;
    if (height == 0 || (is_line && height != 1) || (is_cube && height != width) ||
        (most != 0 && height > most))
        return HEIGHT;
    if (depth == 0 || (target != VCMD_TEXTURE_3D && depth != 1) || (most != 0 && depth > most))
        return DEPTH;
    return bad_layer_count(c);
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
    if (vcmd_word(c, TARGET) != VCMD_BUFFER && !format_is_good(c))
        return FORMAT;
    if (vcmd_bind_fault(vcmd_word(c, TARGET), vcmd_word(c, BIND)))
        return BIND;
    if (vcmd_word(c, TARGET) != VCMD_BUFFER)
        return bad_size(c);
    if (vcmd_bind_is_of_buffer(vcmd_word(c, BIND)) && vcmd_word(c, HEIGHT) != 1)
        return HEIGHT;
    if (vcmd_bind_is_of_buffer(vcmd_word(c, BIND)) && vcmd_word(c, DEPTH) != 1)
        return DEPTH;
    return bad_storage(c);
}

void vcmd_packet_resource_create(struct vcmd_check *c)
{
    uint32_t bad = bad_field(c);

    if (bad != 0)
        refuse(c, bad);
}
