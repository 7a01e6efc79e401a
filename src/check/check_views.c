/* SPDX-License-Identifier: MIT */
#include "check_private.h"

#include "check_box.h"
#include <virglcmd/format.h>

/* Surfaces and sampler views: which levels, layers and formats of a resource they may show. */

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

bool vcmd_is_offered(const struct vcmd_check *c, uint32_t format)
{
    return !c->desc->caps || vcmd_caps_has_format(c->desc->caps, format, VCMD_FORMAT_USE_RENDER) ||
           vcmd_caps_has_format(c->desc->caps, format, VCMD_FORMAT_USE_SAMPLER);
}

/* The releases before 1.0.0 have numbers for the last formats of their list and no more. */
bool vcmd_is_described(const struct vcmd_check *c, uint32_t format)
{
    const uint32_t formats_of_0_10 = VCMD_FORMAT_R5G6B5_UNORM + 1;

    return vcmd_format_info(format) &&
           (c->host->formats > formats_of_0_10 || format < VCMD_FORMAT_X6Y10_X6U10X6V10_420_UNORM);
}

bool vcmd_is_compressed(uint32_t format)
{
    const struct vcmd_format_info *info = vcmd_format_info(format);

    return info && info->layout >= VCMD_LAYOUT_S3TC && info->layout <= VCMD_LAYOUT_FXT1;
}

bool vcmd_is_drawable(const struct vcmd_check *c, uint32_t format)
{
    const struct vcmd_format_info *info = vcmd_format_info(format);

    if (!c->desc->caps || (info && info->colorspace == VCMD_COLORSPACE_ZS))
        return !vcmd_is_compressed(format);
    return vcmd_caps_has_format(c->desc->caps, format, VCMD_FORMAT_USE_RENDER);
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
    /* RGB, RGBA with one bit of alpha, with four, and graded: linear ones, and as many as sRGB. */
    if (a->layout == VCMD_LAYOUT_S3TC && b->layout == VCMD_LAYOUT_S3TC)
        return a->format % 4 == b->format % 4;
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
    return own && info && as != VCMD_FORMAT_NONE && vcmd_is_offered(c, as) &&
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

/* GL counts layers without a sign, and leaves out those that are not there. */
static uint32_t count_layers(uint32_t first, uint32_t last, uint32_t layers)
{
    uint32_t count = last - first + 1;

    return count < layers - first ? count : layers - first;
}

/* Some layers of a texture take a view, and not every target has views of several. */
static bool layers_are_viewable(uint32_t first, uint32_t last, const struct vcmd_check_resource *is,
                                uint32_t layers)
{
    uint32_t count;

    if (first == last || (first == 0 && last + 1 == layers))
        return true;
    if (first >= layers)
        return false;
    count = count_layers(first, last, layers);
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
    bool good =
        is->target != VCMD_TEXTURE_3D || vcmd_word(c, 3) == is->format || (first == 0 && last == 0);

    /* One of cubes has whole ones; of a single cube the host makes it so. */
    if (is->target == VCMD_TEXTURE_CUBE_ARRAY && vcmd_word(c, 3) != is->format && first == last)
        good = false;
    /* What takes a view for its format begins with a layer that is there; so does every cube. */
    if (first >= layers && is->target != VCMD_TEXTURE_CUBE && vcmd_word(c, 3) != is->format &&
        !is_same_to_host(vcmd_word(c, 3), is->format))
        good = false;
    if (good && layers_are_viewable(first, last, is, layers))
        check_layers(c, 5, layers);
    else
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_LAYER_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(5, "last_layer"), last, VCMD_LIMIT_MOST, layers - 1);
}

/* Those of the texture, unless the host makes more of them by itself. */
static uint32_t samples_of_surface(const struct vcmd_check *c,
                                   const struct vcmd_model_resource *resource)
{
    uint32_t samples = c->object_type == VCMD_OBJECT_MSAA_SURFACE ? vcmd_word(c, 6) : 0;
    const struct vcmd_caps *caps = c->desc->caps;

    if (samples > 1 && caps && (caps->capability_bits_v2 & VCMD_CAP_V2_IMPLICIT_MSAA) != 0)
        return samples;
    return resource->is.nr_samples;
}

static bool has_no_array(uint32_t target)
{
    return target < VCMD_TEXTURE_1D_ARRAY && target != VCMD_TEXTURE_CUBE;
}

/* What a framebuffer with the surface has to say about it. */
static void note_surface(const struct vcmd_check *c, struct vcmd_model_object *object,
                         const struct vcmd_model_resource *resource)
{
    const struct vcmd_format_info *info = vcmd_format_info(resource->is.format);
    uint32_t first = vcmd_word(c, 5) & 0xffff, last = vcmd_word(c, 5) >> 16;
    bool is_buffer = resource->is.target == VCMD_BUFFER;
    bool has_layers = !has_no_array(resource->is.target) || resource->is.target == VCMD_TEXTURE_3D;
    uint32_t samples = samples_of_surface(c, resource);

    object->samples = (uint8_t)(samples > 255 ? 255 : samples < 1 ? 1 : samples);
    object->is_refused = is_buffer || vcmd_word(c, 4) > resource->is.last_level;
    if (is_buffer && !vcmd_is_gl_buffer(&resource->is)) {
        object->samples = 0; /* texture 0 for GL: nothing is attached, which is no error */
        object->is_refused = false;
    }
    /* Backwards they go to the end, but for those that are none at all: see count_layers. */
    object->is_broken =
        !vcmd_is_drawable(c, resource->is.format) ||
        (has_layers && (first >= layers_of(&resource->is, vcmd_word(c, 4)) || first == last + 1));
    object->is_depth = info && info->colorspace == VCMD_COLORSPACE_ZS;
    object->is_stencil = resource->is.format == VCMD_FORMAT_S8_UINT;
    object->height = vcmd_level_size(&resource->is, vcmd_word(c, 4), 1);
    object->layered = first != last ? (uint8_t)resource->is.target : 0;
}

void vcmd_model_create_surface(struct vcmd_check *c, struct vcmd_model_object *object)
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

/* ---- sampler views ---- */

/*
 * Without rectangles of a format, those of compressed ones and of alpha alone, the host has 2D in
 * their place (vrend_resource_alloc_texture, vrend_create_sampler_view).
 */
static uint32_t target_of_host(const struct vcmd_check *c, uint32_t target, uint32_t format)
{
    const struct vcmd_format_info *info = vcmd_format_info(format);
    bool rectangle = info && info->block_width == 1 && format != VCMD_FORMAT_A8_UNORM &&
                     format != VCMD_FORMAT_A16_UNORM && vcmd_is_offered(c, format);

    return target == VCMD_TEXTURE_RECT && !rectangle ? VCMD_TEXTURE_2D : target;
}

/* 0: that of the resource. */
static uint32_t view_target(const struct vcmd_check *c)
{
    return target_of_host(c, vcmd_word(c, 3) >> 24, vcmd_word(c, 3) & 0xffffff);
}

/* Bit n: can be viewed as target n. */
static uint32_t views_of(const struct vcmd_check_resource *is)
{
    const uint32_t arrays = 1u << VCMD_TEXTURE_2D | 1u << VCMD_TEXTURE_2D_ARRAY;
    const uint32_t cubes = 1u << VCMD_TEXTURE_CUBE | 1u << VCMD_TEXTURE_CUBE_ARRAY;

    if (is->nr_samples > 0)
        return arrays;
    switch (is->target) {
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
        return 1u << (is->target & 31);
    }
}

/* Views of cube maps have whole ones; layers that are not there do not count. */
static bool are_cubes(const struct vcmd_check_resource *as, uint32_t first, uint32_t last)
{
    uint32_t count = count_layers(first, last, as->array_size);

    if (as->target == VCMD_TEXTURE_CUBE)
        return count == 6;
    return as->target != VCMD_TEXTURE_CUBE_ARRAY || count % 6 == 0;
}

/* In another format or as another target the host makes a view at once, and GL looks at it all. */
static bool makes_view(const struct vcmd_check *c, const struct vcmd_check_resource *is)
{
    const struct vcmd_format_info *own = vcmd_format_info(is->format);
    uint32_t target = view_target(c);

    if (target != 0 && target != is->target)
        return true;
    return (vcmd_word(c, 3) & 0xffffff) != is->format &&
           !(own && own->colorspace == VCMD_COLORSPACE_ZS);
}

/*
 * Textures that have one level only: GL takes no other one of them, as the first one of those with
 * samples, as any of rectangles (vrend_set_single_sampler_view; Mesa's set_tex_parameteri).
 */
static bool has_bad_level(const struct vcmd_check *c, const struct vcmd_check_resource *is)
{
    uint32_t first = vcmd_word(c, 5) & 0xff, last = vcmd_word(c, 5) >> 8 & 0xff;

    if (is->target == VCMD_TEXTURE_RECT)
        return first != 0 || last != 0;
    return is->nr_samples > 0 && first != 0;
}

/* Of a view that is made at once: no levels GL refuses, less than none are very many to it. */
static void check_view_levels(struct vcmd_check *c, const struct vcmd_check_resource *is)
{
    uint32_t first = vcmd_word(c, 5) & 0xff, last = vcmd_word(c, 5) >> 8 & 0xff;
    bool bad = has_bad_level(c, is);

    if (bad && first == 0)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_LEVEL_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(5, "last_level"), last, VCMD_LIMIT_MOST, 0);
    else if (bad || first > is->last_level)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_LEVEL_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(5, "first_level"), first, VCMD_LIMIT_MOST,
                          bad ? 0 : is->last_level);
    else if (first > last)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_LEVEL_RANGE,
                          first == last + 1 ? VCMD_SEVERITY_REJECT : VCMD_SEVERITY_GARBAGE,
                          vcmd_place(5, "first_level"), first, VCMD_LIMIT_MOST, last);
}

static void check_view_range(struct vcmd_check *c, const struct vcmd_check_resource *is)
{
    uint32_t target = view_target(c);
    uint32_t first = vcmd_word(c, 4) & 0xffff, last = vcmd_word(c, 4) >> 16;
    struct vcmd_check_resource as = *is;

    check_view_levels(c, is);
    if (target != 0)
        as.target = target;
    if (as.target == VCMD_TEXTURE_3D)
        as.array_size = 1; /* GL counts no layers of it */
    if (first >= as.array_size || !are_cubes(&as, first, last) ||
        !layers_are_viewable(first, last, &as, has_no_array(as.target) ? 1 : as.array_size))
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_LAYER_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(4, "last_layer"), last, VCMD_LIMIT_MOST, as.array_size - 1);
}

static void check_view_target(struct vcmd_check *c, const struct vcmd_check_resource *is)
{
    uint32_t target = view_target(c);

    if (target == 0 || target > VCMD_TEXTURE_CUBE_ARRAY || (views_of(is) >> target & 1) != 0)
        return;
    vcmd_report_limit(c, VCMD_DIAGNOSTIC_VIEW_TARGET, VCMD_SEVERITY_REJECT, vcmd_place(3, "target"),
                      vcmd_word(c, 3) >> 24, VCMD_LIMIT_EXACT, is->target);
}

/* Of these GL reads texels from buffers: equal channels of whole bytes, none of them SNORM. */
static bool is_buffer_format(const struct vcmd_format_info *info)
{
    uint32_t bits = info->channels[0].bits;

    if (info->layout != VCMD_LAYOUT_PLAIN || info->colorspace != VCMD_COLORSPACE_RGB ||
        (bits != 8 && bits != 16 && bits != 32))
        return false;
    for (uint32_t i = 0; i < info->num_channels; i++) {
        if (info->channels[i].bits != bits || info->channels[i].type == VCMD_CHANNEL_SNORM)
            return false;
    }
    return true;
}

/*
 * What GL has to say when the view is set, 0 for nothing; by the host's own arithmetic. A format
 * that the host does not have is another one to GL, most often R8 (vrend_get_arb_format).
 */
static uint16_t refusal_of_buffer_view(const struct vcmd_check *c,
                                       const struct vcmd_model_resource *resource)
{
    const struct vcmd_format_info *info = vcmd_format_info(vcmd_word(c, 3) & 0xffffff);
    uint32_t first = vcmd_word(c, 4), count = vcmd_word(c, 5) - first + 1;
    uint32_t most = c->desc->caps ? c->desc->caps->max_tbo_size : 0;
    uint32_t step = c->desc->caps ? c->desc->caps->texture_buffer_offset_alignment : 0;
    uint32_t bytes;
    int64_t offset, size;

    if (!vcmd_is_described(c, vcmd_word(c, 3) & 0xffffff))
        return VCMD_DIAGNOSTIC_FORMAT_UNSUPPORTED; /* the host crashes */
    if (!is_buffer_format(info) && vcmd_is_offered(c, info->format))
        return VCMD_DIAGNOSTIC_FORMAT_UNSUPPORTED;
    if (most != 0 && first + count > most)
        count = most - first;
    bytes = info->block_bits != 0 ? info->block_bits / 8 : 4; /* planes */
    offset = (int32_t)(first * bytes);
    size = (int32_t)(count * bytes);
    if ((step != 0 && offset >= 0 && (uint32_t)offset % step != 0) || offset < 0 || size <= 0 ||
        offset + size > (int64_t)resource->is.width)
        return VCMD_DIAGNOSTIC_BUFFER_RANGE;
    return 0;
}

/* The channel that a view shows in a place is 0 in every texel. */
static bool shows_zero(const struct vcmd_format_info *info, uint32_t swizzle)
{
    return swizzle > VCMD_SWIZZLE_1 || swizzle == VCMD_SWIZZLE_0 ||
           (info && swizzle < 4 && info->swizzle[swizzle] == '0');
}

/*
 * A buffer that GL does not have is texture 0 of no target. The host binds it when the view has
 * none either, and sets whatever is not 0 of it (vrend_set_single_sampler_view).
 */
static bool is_refused_host_buffer(const struct vcmd_check *c)
{
    const struct vcmd_format_info *info = vcmd_format_info(vcmd_word(c, 3) & 0xffffff);
    bool zero = vcmd_word(c, 3) >> 24 != 0 && (vcmd_word(c, 5) & 0xffff) == 0 &&
                !(info && info->colorspace == VCMD_COLORSPACE_ZS);

    for (uint32_t i = 0; i < 4; i++)
        zero = zero && shows_zero(info, vcmd_word(c, 6) >> (3 * i) & 7);
    return !zero;
}

static void note_buffer_view(struct vcmd_check *c, struct vcmd_model_object *object,
                             const struct vcmd_model_resource *resource)
{
    if (!vcmd_is_gl_buffer(&resource->is))
        object->refusal = is_refused_host_buffer(c) ? VCMD_DIAGNOSTIC_RESOURCE_KIND : 0;
    else
        object->refusal = refusal_of_buffer_view(c, resource);
}

void vcmd_model_create_view(struct vcmd_check *c, struct vcmd_model_object *object)
{
    const struct vcmd_model_resource *resource;
    struct vcmd_check_resource is;

    resource = vcmd_use_resource(c, vcmd_place(2, "res_handle"), vcmd_word(c, 2), VCMD_USE_ANY,
                                 VCMD_SEVERITY_REJECT);
    if (!resource)
        return;
    is = resource->is;
    is.target = target_of_host(c, is.target, is.format);
    if (is.target == VCMD_BUFFER) {
        c->told |= (uint64_t)1 << 4 | (uint64_t)1 << 5; /* elements, not layers and levels */
        if (object)
            note_buffer_view(c, object, resource);
        return;
    }
    check_offered(c, vcmd_word(c, 3) & 0xffffff, VCMD_FORMAT_USE_SAMPLER, VCMD_FORMAT_USE_SAMPLER);
    check_view_format(c, vcmd_word(c, 3) & 0xffffff, resource, true);
    check_view_target(c, &is);
    if (makes_view(c, &is))
        check_view_range(c, &is);
    else if (object && has_bad_level(c, &is))
        object->refusal = VCMD_DIAGNOSTIC_LEVEL_RANGE;
    check_level(c, 5, "last_level", vcmd_word(c, 5) >> 8 & 0xff, resource);
    if (is.target != VCMD_TEXTURE_3D)
        check_layers(c, 4, is.array_size);
}
