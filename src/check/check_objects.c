/* SPDX-License-Identifier: MIT */
#include "check_private.h"

#include <virglcmd/format.h>

/* Creating, binding and destroying objects. */

/* ---- packets ---- */

static void check_format(struct vcmd_check *c, uint32_t dword, uint32_t format, uint32_t least)
{
    if (format >= least && format < c->host->formats)
        return;
    vcmd_report_limit(c, VCMD_DIAGNOSTIC_FORMAT_RANGE, VCMD_SEVERITY_REJECT,
                      vcmd_place(dword, "format"), format,
                      format < least ? VCMD_LIMIT_LEAST : VCMD_LIMIT_MOST,
                      format < least ? least : c->host->formats - 1);
}

/* Formats that the host has a vertex type for, and whose channels do not say so. */
static bool is_special_vertex(uint32_t format)
{
    switch (format) {
    case VCMD_FORMAT_R10G10B10A2_SSCALED:
    case VCMD_FORMAT_R10G10B10A2_SNORM:
    case VCMD_FORMAT_B10G10R10A2_SNORM:
    case VCMD_FORMAT_R10G10B10A2_USCALED:
    case VCMD_FORMAT_R10G10B10A2_UNORM:
    case VCMD_FORMAT_B10G10R10A2_UNORM:
    case VCMD_FORMAT_R11G11B10_FLOAT:
    case VCMD_FORMAT_R8G8Bx_SNORM: /* to the host two channels, and a third made of them */
        return true;
    default:
        return false;
    }
}

/* The host looks at the first channel only. */
static bool is_vertex_format(const struct vcmd_check *c, uint32_t format)
{
    const struct vcmd_format_info *info = vcmd_format_info(format);
    const struct vcmd_format_channel *first;

    if (!vcmd_is_described(c, format) || format >= c->host->formats)
        return false;
    if (is_special_vertex(format))
        return true;
    first = &info->channels[0];
    if (info->num_channels == 0 || first->type == VCMD_CHANNEL_VOID ||
        first->type == VCMD_CHANNEL_FIXED)
        return false;
    if (first->type == VCMD_CHANNEL_FLOAT)
        return first->bits == 16 || first->bits == 32 || first->bits == 64;
    return first->bits == 8 || first->bits == 16 || first->bits == 32;
}

/* The least that GL promises, and what Mesa's drivers have. */
#define MAX_ELEMENT_OFFSET 2047u
#define MAX_BINDINGS       16u

static void check_elements(struct vcmd_check *c)
{
    uint32_t count = (c->length - 1) / 4;
    const struct vcmd_caps *caps = c->desc->caps;

    if (caps && caps->max_vertex_attribs != 0 && count > caps->max_vertex_attribs)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_COUNT_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(0, "num_elements"), count, VCMD_LIMIT_MOST,
                          caps->max_vertex_attribs);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = 2 + 4 * i;

        if (vcmd_word(c, at + 2) >= MAX_BINDINGS)
            vcmd_report_limit(c, VCMD_DIAGNOSTIC_SLOT_RANGE, VCMD_SEVERITY_REJECT,
                              vcmd_place_in(at + 2, "elements.vertex_buffer_index", i),
                              vcmd_word(c, at + 2), VCMD_LIMIT_MOST, MAX_BINDINGS - 1);
        if (vcmd_word(c, at) > MAX_ELEMENT_OFFSET)
            vcmd_report_limit(c, VCMD_DIAGNOSTIC_VALUE_RANGE, VCMD_SEVERITY_REJECT,
                              vcmd_place_in(at, "elements.src_offset", i), vcmd_word(c, at),
                              VCMD_LIMIT_MOST, MAX_ELEMENT_OFFSET);
        if (!is_vertex_format(c, vcmd_word(c, at + 3)))
            vcmd_report_value(c, VCMD_DIAGNOSTIC_VERTEX_FORMAT, VCMD_SEVERITY_REJECT,
                              vcmd_place_in(at + 3, "elements.src_format", i),
                              vcmd_word(c, at + 3));
    }
}

static void check_view(struct vcmd_check *c)
{
    uint32_t target = vcmd_word(c, 3) >> 24;

    check_format(c, 3, vcmd_word(c, 3) & 0xffffff, 1);
    if (target > VCMD_TEXTURE_CUBE_ARRAY)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_VALUE_UNKNOWN, VCMD_SEVERITY_REJECT,
                          vcmd_place(3, "target"), target, VCMD_LIMIT_MOST,
                          VCMD_TEXTURE_CUBE_ARRAY);
}

static void check_sampler(struct vcmd_check *c)
{
    if ((vcmd_word(c, 2) >> 11 & 3) == 3)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_VALUE_UNKNOWN, VCMD_SEVERITY_REJECT,
                          vcmd_place(2, "min_mip_filter"), 3, VCMD_LIMIT_MOST, 2);
}

static void check_query(struct vcmd_check *c)
{
    uint32_t type = vcmd_word(c, 2) & 0xffff;

    if (type > VCMD_QUERY_SO_OVERFLOW_ANY_PREDICATE || type == VCMD_QUERY_TIMESTAMP_DISJOINT ||
        type == VCMD_QUERY_SO_STATISTICS || type == VCMD_QUERY_GPU_FINISHED ||
        type == VCMD_QUERY_PIPELINE_STATISTICS)
        vcmd_report_value(c, VCMD_DIAGNOSTIC_QUERY_TYPE, VCMD_SEVERITY_IGNORED,
                          vcmd_place(2, "query_type"), type);
    if (vcmd_word(c, 3) != 0)
        vcmd_report_value(c, VCMD_DIAGNOSTIC_FIELD_IGNORED, VCMD_SEVERITY_NEEDLESS,
                          vcmd_place(3, "offset"), vcmd_word(c, 3));
}

void vcmd_packet_create_object(struct vcmd_check *c)
{
    if (vcmd_word(c, 1) == 0) {
        vcmd_report_value(c, VCMD_DIAGNOSTIC_OBJECT_HANDLE_ZERO, VCMD_SEVERITY_REJECT,
                          vcmd_place(1, "handle"), 0);
        return;
    }
    switch (c->object_type) {
    case VCMD_OBJECT_SHADER:
        vcmd_packet_create_shader(c);
        break;
    case VCMD_OBJECT_VERTEX_ELEMENTS:
        check_elements(c);
        break;
    case VCMD_OBJECT_SAMPLER_VIEW:
        check_view(c);
        break;
    case VCMD_OBJECT_SAMPLER_STATE:
        check_sampler(c);
        break;
    case VCMD_OBJECT_SURFACE:
    case VCMD_OBJECT_MSAA_SURFACE:
        check_format(c, 3, vcmd_word(c, 3), 0);
        break;
    case VCMD_OBJECT_QUERY:
        check_query(c);
        break;
    default:
        break;
    }
}

/* ---- creating ---- */

/* The whole buffer is bound without a range, whatever its size. */
static bool is_refused_range(const struct vcmd_check *c, const struct vcmd_model_resource *resource)
{
    uint32_t offset = vcmd_word(c, 3), size = vcmd_word(c, 4);
    bool is_gl;

    if (!resource || (offset == 0 && size >= resource->is.width))
        return false;
    /* GL has no staging buffers: it gets number 0, of which it takes no bytes too. */
    is_gl = resource->is.target != VCMD_BUFFER || vcmd_is_gl_buffer(&resource->is);
    return offset % 4 != 0 || size % 4 != 0 || (size == 0 && is_gl);
}

static void create_target(struct vcmd_check *c, struct vcmd_model_object *object)
{
    const struct vcmd_model_resource *resource;
    uint64_t end = (uint64_t)vcmd_word(c, 3) + vcmd_word(c, 4);

    resource = vcmd_use_resource(c, vcmd_place(2, "res_handle"), vcmd_word(c, 2), VCMD_USE_BUFFER,
                                 VCMD_SEVERITY_REJECT);
    if (object)
        object->is_broken = is_refused_range(c, resource);
    if (resource && resource->is.target == VCMD_BUFFER && end > resource->is.width)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_BUFFER_RANGE, VCMD_SEVERITY_GARBAGE,
                          vcmd_place(4, "buffer_size"), end, VCMD_LIMIT_END, resource->is.width);
}

static uint8_t group_of(uint32_t type)
{
    switch (type) {
    case VCMD_QUERY_OCCLUSION_COUNTER:
    case VCMD_QUERY_OCCLUSION_PREDICATE:
    case VCMD_QUERY_OCCLUSION_PREDICATE_CONSERVATIVE:
        return VCMD_GROUP_OCCLUSION;
    case VCMD_QUERY_TIMESTAMP:
        return VCMD_GROUP_TIMESTAMP;
    case VCMD_QUERY_TIME_ELAPSED:
        return VCMD_GROUP_TIME;
    case VCMD_QUERY_PRIMITIVES_GENERATED:
        return VCMD_GROUP_GENERATED;
    case VCMD_QUERY_PRIMITIVES_EMITTED:
        return VCMD_GROUP_EMITTED;
    case VCMD_QUERY_SO_OVERFLOW_PREDICATE:
        return VCMD_GROUP_OVERFLOW;
    case VCMD_QUERY_SO_OVERFLOW_ANY_PREDICATE:
        return VCMD_GROUP_OVERFLOW_ANY;
    default:
        return VCMD_GROUP_NONE;
    }
}

static void create_query(struct vcmd_check *c, struct vcmd_model_object *object)
{
    const struct vcmd_model_resource *resource;
    uint32_t id = vcmd_word(c, 4);

    resource =
        vcmd_use_resource(c, vcmd_place(4, "res_handle"), id, VCMD_USE_ANY, VCMD_SEVERITY_REJECT);
    if (resource && (resource->is.target != VCMD_BUFFER || resource->is.bind != VCMD_BIND_CUSTOM))
        vcmd_report_resource(c, VCMD_DIAGNOSTIC_QUERY_BUFFER, VCMD_SEVERITY_REJECT,
                             vcmd_place(4, "res_handle"), id);
    else if (resource && resource->is.width < 16)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_BUFFER_RANGE, VCMD_SEVERITY_GARBAGE,
                          vcmd_place(4, "res_handle"), resource->is.width, VCMD_LIMIT_LEAST, 16);
    if (object) {
        object->type = (uint8_t)vcmd_word(c, 2);
        object->group = group_of(vcmd_word(c, 2) & 0xffff);
        object->stream = (uint16_t)(vcmd_word(c, 2) >> 16);
    }
}

static uint32_t slots_of_elements(const struct vcmd_check *c)
{
    uint32_t slots = 0;

    for (uint32_t at = 2; at + 3 <= c->length; at += 4)
        slots |= (uint32_t)1 << (vcmd_word(c, at + 2) & 31);
    return slots;
}

/* A sampler state in a slot is a bare pointer on the host. */
static void check_sampler_is_free(struct vcmd_check *c, const struct vcmd_model_object *object)
{
    for (uint32_t stage = 0; object->bound && stage < VCMD_STAGES; stage++) {
        for (uint32_t slot = 0; slot < VCMD_SLOTS; slot++) {
            if (c->sub->samplers[stage][slot] != object->handle)
                continue;
            vcmd_report_object(c, VCMD_DIAGNOSTIC_OBJECT_DESTROY_BOUND, VCMD_SEVERITY_GARBAGE,
                               vcmd_place(1, "handle"), object->handle);
            return;
        }
    }
}

/* What the host's state forgets of itself. */
static void forget(struct vcmd_check *c, const struct vcmd_model_object *object)
{
    if (object->kind == VCMD_OBJECT_SAMPLER_STATE)
        check_sampler_is_free(c, object);
    else if (object->kind == VCMD_OBJECT_QUERY)
        vcmd_model_forget_query(c->sub, object);
    else if (object->kind == VCMD_OBJECT_VERTEX_ELEMENTS && c->sub->elements == object->handle)
        c->sub->has_elements = false;
    else if (object->kind == VCMD_OBJECT_SHADER)
        vcmd_model_forget_shader(c->sub, object);
}

/* A size of points below 0 is one that GL does not take; the host leaves out 0 only. */
static bool is_negative_size(const struct vcmd_check *c)
{
    uint32_t size = vcmd_word(c, 3);

    return (vcmd_word(c, 2) & (uint32_t)1 << 24) == 0 && size > 0x80000000u && size <= 0xff800000u;
}

/* Why GL does not take a rasterizer; 0: it does. Two ways of filling go to no host's core profile.
 */
static uint16_t refusal_of_rasterizer(const struct vcmd_check *c)
{
    uint32_t front = vcmd_word(c, 2) >> 10 & 3, back = vcmd_word(c, 2) >> 12 & 3;

    if (is_negative_size(c))
        return VCMD_DIAGNOSTIC_VALUE_RANGE;
    return front == back && front > VCMD_POLYGON_MODE_POINT ? VCMD_DIAGNOSTIC_VALUE_UNKNOWN : 0;
}

/* A blend function of an enabled target that GL does not have. */
static bool is_bad_target(uint32_t target)
{
    return (target & 1) != 0 &&
           ((target >> 1 & 7) > VCMD_BLEND_MAX || (target >> 14 & 7) > VCMD_BLEND_MAX);
}

/* Which targets the host tells GL of: vrend_hw_emit_blend. */
static bool has_bad_blend(const struct vcmd_check *c)
{
    const struct vcmd_caps *caps = c->desc->caps;
    bool independent = (vcmd_word(c, 2) & 1) != 0 &&
                       (!caps || (caps->bset.indep_blend_enable && caps->bset.indep_blend_func));

    for (uint32_t i = 0; i < (independent ? VCMD_COLORS : 1u); i++) {
        if (is_bad_target(vcmd_word(c, 4 + i)))
            return true;
    }
    return false;
}

static void create_part(struct vcmd_check *c, struct vcmd_model_object *object)
{
    switch (c->object_type) {
    case VCMD_OBJECT_VERTEX_ELEMENTS:
        if (object)
            object->slots = slots_of_elements(c);
        break;
    case VCMD_OBJECT_SURFACE:
    case VCMD_OBJECT_MSAA_SURFACE:
        vcmd_model_create_surface(c, object);
        break;
    case VCMD_OBJECT_SAMPLER_VIEW:
        vcmd_model_create_view(c, object);
        break;
    case VCMD_OBJECT_STREAMOUT_TARGET:
        create_target(c, object);
        break;
    case VCMD_OBJECT_QUERY:
        create_query(c, object);
        break;
    case VCMD_OBJECT_RASTERIZER:
        if (object)
            object->refusal = refusal_of_rasterizer(c);
        break;
    case VCMD_OBJECT_BLEND:
        if (object)
            object->is_refused = has_bad_blend(c);
        break;
    default:
        break;
    }
}

static bool is_continuation(const struct vcmd_check *c)
{
    return c->object_type == VCMD_OBJECT_SHADER && vcmd_word(c, 3) >> 31 != 0;
}

/* An object is kept even when the host rejects it, so that what follows is judged on its own. */
void vcmd_model_create_object(struct vcmd_check *c)
{
    uint32_t handle = vcmd_word(c, 1);
    uint32_t entry;
    struct vcmd_model_object *object = NULL;

    if (handle == 0)
        return;
    entry = vcmd_model_find_object(c->checker, c->context->sub, handle);
    if (entry != VCMD_HASH_NONE && !is_continuation(c)) {
        vcmd_report_object(c, VCMD_DIAGNOSTIC_OBJECT_REPLACED, VCMD_SEVERITY_NEEDLESS,
                           vcmd_place(1, "handle"), handle);
        forget(c, vcmd_model_object_at(c->checker, entry));
        vcmd_model_remove_object(c->checker, entry);
        entry = VCMD_HASH_NONE;
    }
    if (entry == VCMD_HASH_NONE && !is_continuation(c)) {
        entry = vcmd_model_add_object(c->checker, c->context->sub, handle);
        if (entry != VCMD_HASH_NONE)
            vcmd_model_object_at(c->checker, entry)->kind = (uint8_t)c->object_type;
    }
    if (entry != VCMD_HASH_NONE)
        object = vcmd_model_object_at(c->checker, entry);
    if (object && object->kind == VCMD_OBJECT_MSAA_SURFACE)
        object->kind = VCMD_OBJECT_SURFACE;
    if (c->object_type == VCMD_OBJECT_SHADER)
        vcmd_model_create_shader(c, object);
    else
        create_part(c, object);
}

/* ---- binding and destroying ---- */

/* No blend state at all is not told to GL. */
static void bind_blend(struct vcmd_model_sub *sub, const struct vcmd_model_object *object)
{
    sub->blend_refused = object && object->is_refused;
    sub->blend_dirty = sub->blend_dirty || object;
}

void vcmd_model_bind_object(struct vcmd_check *c)
{
    uint32_t handle = vcmd_word(c, 1);
    const struct vcmd_model_object *object = NULL;

    if (handle != 0) {
        object = vcmd_use_object(c, vcmd_place(1, "handle"), handle, c->object_type,
                                 VCMD_SEVERITY_ERROR);
        if (!object && !c->sub->objects_lost)
            return;
    }
    if (object && c->object_type == VCMD_OBJECT_RASTERIZER && object->refusal != 0)
        vcmd_report_object(c, (enum vcmd_diagnostic_code)object->refusal, VCMD_SEVERITY_REJECT,
                           vcmd_place(1, "handle"), handle);
    if (c->object_type == VCMD_OBJECT_BLEND)
        bind_blend(c->sub, object);
    if (c->object_type != VCMD_OBJECT_VERTEX_ELEMENTS)
        return;
    c->sub->has_elements = handle != 0;
    c->sub->elements = handle;
    c->sub->element_slots = object ? object->slots : 0;
}

void vcmd_model_destroy_object(struct vcmd_check *c)
{
    uint32_t handle = vcmd_word(c, 1);
    uint32_t entry = vcmd_model_find_object(c->checker, c->context->sub, handle);

    if (entry == VCMD_HASH_NONE) {
        if (!c->sub->objects_lost)
            vcmd_report_object(c, VCMD_DIAGNOSTIC_OBJECT_DESTROY_UNKNOWN, VCMD_SEVERITY_IGNORED,
                               vcmd_place(1, "handle"), handle);
        return;
    }
    forget(c, vcmd_model_object_at(c->checker, entry));
    vcmd_model_remove_object(c->checker, entry);
}
