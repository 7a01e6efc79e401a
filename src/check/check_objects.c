/* SPDX-License-Identifier: MIT */
#include "check_private.h"

#include "check_box.h"

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

/* Packed formats that GL has a vertex type for, and whose channels do not say so. */
static bool is_packed_vertex(uint32_t format)
{
    switch (format) {
    case VCMD_FORMAT_R10G10B10A2_SSCALED:
    case VCMD_FORMAT_R10G10B10A2_SNORM:
    case VCMD_FORMAT_B10G10R10A2_SNORM:
    case VCMD_FORMAT_R10G10B10A2_USCALED:
    case VCMD_FORMAT_R10G10B10A2_UNORM:
    case VCMD_FORMAT_B10G10R10A2_UNORM:
    case VCMD_FORMAT_R11G11B10_FLOAT:
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

    if (!info || format >= c->host->formats)
        return false;
    if (is_packed_vertex(format))
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

static uint32_t layers_of(const struct vcmd_check_resource *is, uint32_t level)
{
    return vcmd_level_size(is, level, 2);
}

static void check_layers(struct vcmd_check *c, uint32_t dword, uint32_t layers)
{
    uint32_t first = vcmd_word(c, dword) & 0xffff, last = vcmd_word(c, dword) >> 16;

    if (first > last)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_LAYER_RANGE, VCMD_SEVERITY_GARBAGE,
                          vcmd_place(dword, "last_layer"), last, VCMD_LIMIT_LEAST, first);
    else if (last >= layers && last != 0)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_LAYER_RANGE, VCMD_SEVERITY_GARBAGE,
                          vcmd_place(dword, "last_layer"), last, VCMD_LIMIT_MOST, layers - 1);
}

static void check_level(struct vcmd_check *c, uint32_t dword, const char *field, uint32_t level,
                        const struct vcmd_model_resource *resource)
{
    if (level > resource->is.last_level)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_LEVEL_RANGE, VCMD_SEVERITY_GARBAGE,
                          vcmd_place(dword, field), level, VCMD_LIMIT_MOST,
                          resource->is.last_level);
}

static void check_offered(struct vcmd_check *c, uint32_t format, enum vcmd_format_use use,
                          enum vcmd_format_use other)
{
    if (!c->desc->caps || vcmd_caps_has_format(c->desc->caps, format, use) ||
        vcmd_caps_has_format(c->desc->caps, format, other))
        return;
    if (vcmd_format_info(format))
        vcmd_report_value(c, VCMD_DIAGNOSTIC_FORMAT_UNSUPPORTED, VCMD_SEVERITY_GARBAGE,
                          vcmd_place(3, "format"), format);
}

static bool is_offered(const struct vcmd_check *c, uint32_t format)
{
    return !c->desc->caps || vcmd_caps_has_format(c->desc->caps, format, VCMD_FORMAT_USE_RENDER) ||
           vcmd_caps_has_format(c->desc->caps, format, VCMD_FORMAT_USE_SAMPLER);
}

/* Has texels that no view of another format is compatible with. */
static bool is_unviewable(uint32_t format)
{
    switch (format) {
    case VCMD_FORMAT_B5G6R5_UNORM:
    case VCMD_FORMAT_B5G5R5A1_UNORM:
    case VCMD_FORMAT_B5G5R5X1_UNORM:
    case VCMD_FORMAT_B4G4R4A4_UNORM:
    case VCMD_FORMAT_B4G4R4X4_UNORM:
    case VCMD_FORMAT_B2G3R3_UNORM:
        return true;
    default:
        return false;
    }
}

/* Texels of 32 bits are one class, whatever they hold. */
static bool is_one_layout(const struct vcmd_format_info *a, const struct vcmd_format_info *b)
{
    if (a->block_width > 1 || b->block_width > 1)
        return a->layout == b->layout;
    return a->layout == b->layout || a->block_bits == 32;
}

/* Without alpha they are the same to the host. */
static bool is_same_to_host(uint32_t a, uint32_t b)
{
    const uint32_t low = a < b ? a : b, high = a < b ? b : a;

    return (low == VCMD_FORMAT_B5G5R5A1_UNORM && high == VCMD_FORMAT_B5G5R5X1_UNORM) ||
           (low == VCMD_FORMAT_B4G4R4A4_UNORM && high == VCMD_FORMAT_B4G4R4X4_UNORM);
}

bool vcmd_is_viewable(const struct vcmd_check *c, uint32_t format, uint32_t as)
{
    const struct vcmd_format_info *own = vcmd_format_info(format);
    const struct vcmd_format_info *info = vcmd_format_info(as);

    if (format == as || is_same_to_host(format, as))
        return true;
    return own && info && as != VCMD_FORMAT_NONE && is_offered(c, as) &&
           info->block_bits == own->block_bits && is_one_layout(info, own) &&
           info->colorspace != VCMD_COLORSPACE_ZS && own->colorspace != VCMD_COLORSPACE_ZS &&
           !is_unviewable(format) && !is_unviewable(as);
}

/* GL views a texture in another format only when the texels have the same size. */
static void check_view_format(struct vcmd_check *c, uint32_t format,
                              const struct vcmd_model_resource *resource, bool as_depth)
{
    const struct vcmd_format_info *own = vcmd_format_info(resource->is.format);

    if (!own || format >= c->host->formats || (as_depth && own->colorspace == VCMD_COLORSPACE_ZS))
        return;
    if (!vcmd_is_viewable(c, resource->is.format, format))
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_FORMAT_VIEW, VCMD_SEVERITY_REJECT,
                          vcmd_place(3, "format"), format, VCMD_LIMIT_EXACT, resource->is.format);
}

/* Some layers of a texture take a view, and not every target has views of several. */
static bool layers_are_viewable(uint32_t first, uint32_t last, const struct vcmd_check_resource *is,
                                uint32_t layers)
{
    uint32_t count = last - first + 1;

    if (first == last || (first == 0 && last + 1 == layers))
        return true;
    if (first > last || first >= layers)
        return false;
    if (count > layers - first)
        count = layers - first;
    switch (is->target) {
    case VCMD_TEXTURE_1D_ARRAY:
    case VCMD_TEXTURE_2D_ARRAY:
        return true;
    case VCMD_TEXTURE_CUBE:
        return count == 6;
    case VCMD_TEXTURE_CUBE_ARRAY:
        return count % 6 == 0;
    default:
        return false;
    }
}

static void check_surface_layers(struct vcmd_check *c, const struct vcmd_check_resource *is)
{
    uint32_t first = vcmd_word(c, 5) & 0xffff, last = vcmd_word(c, 5) >> 16;
    uint32_t layers = layers_of(is, vcmd_word(c, 4));

    /* A view of a texture with depth has one layer, which is number 0. */
    bool good = is->target != VCMD_TEXTURE_3D || vcmd_word(c, 3) == is->format || first == 0;

    if (good && layers_are_viewable(first, last, is, layers))
        check_layers(c, 5, layers);
    else
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_LAYER_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(5, "last_layer"), last, VCMD_LIMIT_MOST, layers - 1);
}

/* What a framebuffer with the surface has to say about it. */
static void note_surface(const struct vcmd_check *c, struct vcmd_model_object *object,
                         const struct vcmd_model_resource *resource)
{
    const struct vcmd_format_info *info = vcmd_format_info(resource->is.format);
    uint32_t samples = c->object_type == VCMD_OBJECT_MSAA_SURFACE && vcmd_word(c, 6) > 1
                           ? vcmd_word(c, 6)
                           : resource->is.nr_samples;

    object->samples = (uint8_t)(samples > 255 ? 255 : samples < 1 ? 1 : samples);
    object->is_refused =
        resource->is.target == VCMD_BUFFER || vcmd_word(c, 4) > resource->is.last_level;
    object->is_broken = (vcmd_word(c, 5) & 0xffff) >= layers_of(&resource->is, vcmd_word(c, 4));
    object->is_depth = info && info->colorspace == VCMD_COLORSPACE_ZS;
    object->height = vcmd_level_size(&resource->is, vcmd_word(c, 4), 1);
}

static void create_surface(struct vcmd_check *c, struct vcmd_model_object *object)
{
    const struct vcmd_model_resource *resource;

    resource = vcmd_use_resource(c, vcmd_place(2, "res_handle"), vcmd_word(c, 2), VCMD_USE_TEXTURE,
                                 VCMD_SEVERITY_REJECT);
    check_offered(c, vcmd_word(c, 3), VCMD_FORMAT_USE_RENDER, VCMD_FORMAT_USE_DEPTH_STENCIL);
    if (object && resource)
        note_surface(c, object, resource);
    if (!resource || resource->is.target == VCMD_BUFFER)
        return;
    check_level(c, 4, "level", vcmd_word(c, 4), resource);
    check_view_format(c, vcmd_word(c, 3), resource, false);
    check_surface_layers(c, &resource->is);
}

/* Bit n: can be viewed as target n. */
static uint32_t views_of(uint32_t target)
{
    const uint32_t arrays = 1u << VCMD_TEXTURE_2D | 1u << VCMD_TEXTURE_2D_ARRAY;
    const uint32_t cubes = 1u << VCMD_TEXTURE_CUBE | 1u << VCMD_TEXTURE_CUBE_ARRAY;

    switch (target) {
    case VCMD_TEXTURE_1D:
    case VCMD_TEXTURE_1D_ARRAY:
        return 1u << VCMD_TEXTURE_1D | 1u << VCMD_TEXTURE_1D_ARRAY;
    case VCMD_TEXTURE_2D:
        return arrays;
    case VCMD_TEXTURE_CUBE:
    case VCMD_TEXTURE_2D_ARRAY:
    case VCMD_TEXTURE_CUBE_ARRAY:
        return arrays | cubes;
    default:
        return 1u << (target & 31);
    }
}

/* Views of cube maps have whole ones; layers that are not there do not count. */
static bool are_cubes(const struct vcmd_check_resource *as, uint32_t first, uint32_t last)
{
    uint32_t count = (last < as->array_size ? last + 1 : as->array_size) - first;

    if (as->target == VCMD_TEXTURE_CUBE)
        return count == 6;
    return as->target != VCMD_TEXTURE_CUBE_ARRAY || count % 6 == 0;
}

/* In another format or as another target the host makes a view at once, and GL looks at it all. */
static void check_view_range(struct vcmd_check *c, const struct vcmd_model_resource *resource)
{
    uint32_t target = vcmd_word(c, 3) >> 24, levels = vcmd_word(c, 5);
    uint32_t first = vcmd_word(c, 4) & 0xffff, last = vcmd_word(c, 4) >> 16;
    struct vcmd_check_resource as = resource->is;
    const struct vcmd_format_info *own = vcmd_format_info(as.format);
    bool same = target == 0 || target == as.target;

    if (same && ((vcmd_word(c, 3) & 0xffffff) == as.format ||
                 (own && own->colorspace == VCMD_COLORSPACE_ZS)))
        return;
    if ((levels & 0xff) > as.last_level || (levels & 0xff) > (levels >> 8 & 0xff))
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_LEVEL_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(5, "first_level"), levels & 0xff, VCMD_LIMIT_MOST,
                          as.last_level);
    if (!same)
        as.target = target;
    if (as.target == VCMD_TEXTURE_3D)
        return;
    if (first > last || first >= resource->is.array_size || !are_cubes(&as, first, last) ||
        !layers_are_viewable(first, last, &as, as.target == VCMD_TEXTURE_2D ? 1 : as.array_size))
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_LAYER_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(4, "last_layer"), last, VCMD_LIMIT_MOST,
                          resource->is.array_size - 1);
}

static void check_view_target(struct vcmd_check *c, const struct vcmd_model_resource *resource)
{
    uint32_t target = vcmd_word(c, 3) >> 24;

    if (target == 0 || target > VCMD_TEXTURE_CUBE_ARRAY || resource->is.nr_samples > 1 ||
        (views_of(resource->is.target) >> target & 1) != 0)
        return;
    vcmd_report_limit(c, VCMD_DIAGNOSTIC_VIEW_TARGET, VCMD_SEVERITY_REJECT, vcmd_place(3, "target"),
                      target, VCMD_LIMIT_EXACT, resource->is.target);
}

/* What GL has to say when the view is set: the host's own arithmetic. */
static bool is_refused_view(const struct vcmd_check *c, const struct vcmd_model_resource *resource)
{
    const struct vcmd_format_info *info = vcmd_format_info(vcmd_word(c, 3) & 0xffffff);
    uint32_t first = vcmd_word(c, 4), count = vcmd_word(c, 5) - first + 1;
    uint32_t most = c->desc->caps ? c->desc->caps->max_tbo_size : 0;
    int64_t offset, size;

    if (!info)
        return false;
    if (info->layout != VCMD_LAYOUT_PLAIN || info->colorspace == VCMD_COLORSPACE_ZS)
        return info->layout != VCMD_LAYOUT_OTHER;
    if (most != 0 && first + count > most)
        count = most - first;
    offset = (int32_t)(first * (info->block_bits / 8));
    size = (int32_t)(count * (info->block_bits / 8));
    return offset < 0 || size <= 0 || offset + size > (int64_t)resource->is.width;
}

static void create_view(struct vcmd_check *c, struct vcmd_model_object *object)
{
    const struct vcmd_model_resource *resource;

    resource = vcmd_use_resource(c, vcmd_place(2, "res_handle"), vcmd_word(c, 2), VCMD_USE_ANY,
                                 VCMD_SEVERITY_REJECT);
    if (!resource)
        return;
    if (resource->is.target == VCMD_BUFFER) {
        c->told |= (uint64_t)1 << 4 | (uint64_t)1 << 5; /* elements, not layers and levels */
        if (object)
            object->is_refused = is_refused_view(c, resource);
        return;
    }
    check_offered(c, vcmd_word(c, 3) & 0xffffff, VCMD_FORMAT_USE_SAMPLER, VCMD_FORMAT_USE_SAMPLER);
    check_view_format(c, vcmd_word(c, 3) & 0xffffff, resource, true);
    check_view_target(c, resource);
    check_view_range(c, resource);
    check_level(c, 5, "last_level", vcmd_word(c, 5) >> 8 & 0xff, resource);
    if (resource->is.target != VCMD_TEXTURE_3D)
        check_layers(c, 4, resource->is.array_size);
}

/* The whole buffer is bound without a range, whatever its size. */
static bool is_refused_range(const struct vcmd_check *c, const struct vcmd_model_resource *resource)
{
    uint32_t offset = vcmd_word(c, 3), size = vcmd_word(c, 4);

    if (!resource || (offset == 0 && size >= resource->is.width))
        return false;
    return offset % 4 != 0 || size % 4 != 0 || size == 0;
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
                          vcmd_place(4, "buffer_size"), end, VCMD_LIMIT_MOST, resource->is.width);
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
        c->sub->drawn = false; /* the program that was linked of it goes, too */
}

/* A size of points below 0 is one that GL does not take; the host leaves out 0 only. */
static bool is_negative_size(const struct vcmd_check *c)
{
    uint32_t size = vcmd_word(c, 3);

    return (vcmd_word(c, 2) & (uint32_t)1 << 24) == 0 && size > 0x80000000u && size <= 0xff800000u;
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
        create_surface(c, object);
        break;
    case VCMD_OBJECT_SAMPLER_VIEW:
        create_view(c, object);
        break;
    case VCMD_OBJECT_STREAMOUT_TARGET:
        create_target(c, object);
        break;
    case VCMD_OBJECT_QUERY:
        create_query(c, object);
        break;
    case VCMD_OBJECT_RASTERIZER:
        if (object)
            object->is_refused = is_negative_size(c);
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

void vcmd_model_bind_object(struct vcmd_check *c)
{
    uint32_t handle = vcmd_word(c, 1);
    const struct vcmd_model_object *object = NULL;

    if (handle != 0) {
        object = vcmd_use_object(c, vcmd_place(1, "handle"), handle, c->object_type,
                                 VCMD_SEVERITY_ERROR);
        if (!object && !c->checker->objects_full)
            return;
    }
    if (object && c->object_type == VCMD_OBJECT_RASTERIZER && object->is_refused)
        vcmd_report_object(c, VCMD_DIAGNOSTIC_VALUE_RANGE, VCMD_SEVERITY_REJECT,
                           vcmd_place(1, "handle"), handle);
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
        if (!c->checker->objects_full)
            vcmd_report_object(c, VCMD_DIAGNOSTIC_OBJECT_DESTROY_UNKNOWN, VCMD_SEVERITY_IGNORED,
                               vcmd_place(1, "handle"), handle);
        return;
    }
    forget(c, vcmd_model_object_at(c->checker, entry));
    vcmd_model_remove_object(c->checker, entry);
}
