/* SPDX-License-Identifier: MIT */
#include "check_private.h"

#include "check_box.h"
#include <virglcmd/format.h>

/*
 * Blits. The host has three ways, and each has its own rules: it copies what is the same on both
 * sides; it blits between framebuffers; it draws, in a GL context of its own whose errors nobody
 * asks for.
 */

void vcmd_packet_blit(struct vcmd_check *c)
{
    static const struct {
        uint32_t dword;
        const char *field;
    } formats[] = {{15, "src.format"}, {6, "dst.format"}};

    for (size_t i = 0; i < 2; i++) {
        uint32_t format = vcmd_word(c, formats[i].dword);

        if (format == 0 || format >= c->host->formats)
            vcmd_report_limit(c, VCMD_DIAGNOSTIC_FORMAT_RANGE, VCMD_SEVERITY_ERROR,
                              vcmd_place(formats[i].dword, formats[i].field), format,
                              format == 0 ? VCMD_LIMIT_LEAST : VCMD_LIMIT_MOST,
                              format == 0 ? 1 : c->host->formats - 1);
    }
}

/* One of the two sides of the packet. */
struct blit_side {
    const struct vcmd_check_resource *is;
    uint32_t dword;     /* of the resource; level, format and box follow */
    const char *format; /* name of the field */
    const struct vcmd_box_names *names;
};

static const struct vcmd_box_names src_box = {
    "src.level", {"src.box.x", "src.box.y", "src.box.z", "src.box.w", "src.box.h", "src.box.d"}};
static const struct vcmd_box_names dst_box = {
    "dst.level", {"dst.box.x", "dst.box.y", "dst.box.z", "dst.box.w", "dst.box.h", "dst.box.d"}};

static const struct blit_side blit_sides[2] = {{NULL, 13, "src.format", &src_box},
                                               {NULL, 4, "dst.format", &dst_box}};

static uint32_t side_level(const struct vcmd_check *c, const struct blit_side *side)
{
    return vcmd_word(c, side->dword + 1);
}

static uint32_t side_format(const struct vcmd_check *c, const struct blit_side *side)
{
    return vcmd_word(c, side->dword + 2);
}

static int64_t side_box(const struct vcmd_check *c, const struct blit_side *side, uint32_t part)
{
    return (int32_t)vcmd_word(c, side->dword + 3 + part);
}

/* ---- which way ---- */

/* Every channel that is read of the second has the same place and type in the first. */
bool vcmd_is_copy_compatible(uint32_t from, uint32_t to)
{
    const struct vcmd_format_info *a = vcmd_format_info(from), *b = vcmd_format_info(to);

    if (from == to)
        return true;
    if (!a || !b || a->layout != VCMD_LAYOUT_PLAIN || b->layout != VCMD_LAYOUT_PLAIN ||
        a->block_bits != b->block_bits || a->num_channels != b->num_channels ||
        a->colorspace != b->colorspace)
        return false;
    for (size_t i = 0; i < 4; i++) {
        size_t channel = (size_t)(b->swizzle[i] == 'w' ? 3 : b->swizzle[i] - 'x');

        if (i < a->num_channels && a->channels[i].bits != b->channels[i].bits)
            return false;
        if (channel >= 4)
            continue;
        if (a->swizzle[i] != b->swizzle[i] ||
            a->channels[channel].type != b->channels[channel].type)
            return false;
    }
    return true;
}

/* The far edges are in their levels, as the host adds them up. */
static bool ends_inside(const struct vcmd_check *c, const struct blit_side *side)
{
    for (uint32_t axis = 0; axis < 2; axis++) {
        uint32_t end = vcmd_word(c, side->dword + 3 + axis) + vcmd_word(c, side->dword + 6 + axis);

        if ((int32_t)end > (int32_t)vcmd_level_size(side->is, side_level(c, side), axis))
            return false;
    }
    return true;
}

#define MASK_RGBA 0x0fu
#define MASK_ZS   0x30u

static bool is_copied(const struct vcmd_check *c, const struct blit_side *src,
                      const struct blit_side *dst)
{
    uint32_t how = vcmd_word(c, 1);
    bool conditional = (how >> 11 & 1) != 0 && c->sub->condition;

    /* No scissor, no alpha blending, the nearest texel, all colors. */
    if (conditional || (how & 0xff) != MASK_RGBA || (how >> 8 & 3) != 0 || (how >> 10 & 1) != 0 ||
        (how >> 12 & 1) != 0)
        return false;
    for (uint32_t part = 3; part < 6; part++) {
        if (side_box(c, src, part) != side_box(c, dst, part))
            return false;
    }
    return vcmd_is_copy_compatible(side_format(c, src), side_format(c, dst)) &&
           src->is->nr_samples == dst->is->nr_samples && ends_inside(c, src) && ends_inside(c, dst);
}

/* How the host reads a format through others: 0 as it is, 1 not at all, then each way its own. */
static uint32_t swizzle_class(const struct vcmd_check *c, uint32_t format)
{
    const struct vcmd_format_info *info = vcmd_format_info(format);
    uint32_t shown = 0;
    bool unused = false;

    if (!info ||
        (c->desc->caps && !vcmd_caps_has_format(c->desc->caps, format, VCMD_FORMAT_USE_SAMPLER)))
        return 1;
    for (size_t i = 0; i < info->num_channels; i++)
        unused = unused || info->channels[i].type == VCMD_CHANNEL_VOID;
    for (size_t i = 0; i < 4 && info->swizzle[i] != '\0'; i++)
        shown = shown << 8 | (uint8_t)info->swizzle[i];
    if (info->colorspace == VCMD_COLORSPACE_ZS)
        return 0;
    return unused || info->swizzle[0] == info->swizzle[1] ? shown : 0;
}

static bool is_depth_format(uint32_t format)
{
    const struct vcmd_format_info *info = vcmd_format_info(format);

    return info && info->colorspace == VCMD_COLORSPACE_ZS;
}

/* Colors become fewer samples and another size at once. */
static bool is_scaled_resolve(const struct vcmd_check *c, const struct blit_side *src,
                              const struct blit_side *dst)
{
    return (vcmd_word(c, 1) & MASK_RGBA) != 0 && src->is->nr_samples > 0 &&
           src->is->nr_samples != dst->is->nr_samples &&
           (side_box(c, src, 3) != side_box(c, dst, 3) ||
            side_box(c, src, 4) != side_box(c, dst, 4));
}

/* Between framebuffers; else it draws. */
static bool has_framebuffers(const struct vcmd_check *c, const struct blit_side *src,
                             const struct blit_side *dst)
{
    uint32_t how = vcmd_word(c, 1);
    bool depth = is_depth_format(src->is->format);

    if (swizzle_class(c, side_format(c, src)) != swizzle_class(c, side_format(c, dst)))
        return false;
    if (!depth && c->desc->caps &&
        !vcmd_caps_has_format(c->desc->caps, src->is->format, VCMD_FORMAT_USE_RENDER))
        return false;
    if (depth && is_depth_format(dst->is->format) && src->is->format != dst->is->format &&
        !(src->is->format == VCMD_FORMAT_S8_UINT_Z24_UNORM &&
          dst->is->format == VCMD_FORMAT_Z24X8_UNORM))
        return false;
    if ((how & MASK_ZS) != 0 && ((how >> 8 & 3) != 0 || is_scaled_resolve(c, src, dst)))
        return false;
    return side_box(c, src, 5) == side_box(c, dst, 5);
}

/* ---- what each way checks ---- */

/* A view in another format than the resource has. */
static bool check_side_view(struct vcmd_check *c, const struct blit_side *side)
{
    uint32_t format = side_format(c, side);

    if (format >= c->host->formats || vcmd_is_viewable(c, side->is->format, format))
        return true;
    vcmd_report_limit(c, VCMD_DIAGNOSTIC_FORMAT_VIEW, VCMD_SEVERITY_REJECT,
                      vcmd_place(side->dword + 2, side->format), format, VCMD_LIMIT_EXACT,
                      side->is->format);
    return false;
}

static void check_side_box(struct vcmd_check *c, const struct blit_side *side, uint32_t severity,
                           bool flips)
{
    struct vcmd_box_place box = {.names = side->names,
                                 .level = side->dword + 1,
                                 .box = side->dword + 3,
                                 .severity = severity,
                                 .flips = flips};

    vcmd_check_box(c, &box, side->is);
}

/*
 * A framebuffer needs the level and, where there are layers, each of them. Layer -1 is all of them
 * to the host (vrend_fb_bind_texture_id).
 */
static bool can_attach(const struct vcmd_check *c, const struct blit_side *side)
{
    int64_t first = side_box(c, side, 2), count = side_box(c, side, 5);
    int64_t layers = vcmd_level_size(side->is, side_level(c, side), 2);

    if (count <= 0)
        return true;
    return side_level(c, side) <= side->is->last_level &&
           (vcmd_is_flat(side->is->target) || (first >= -1 && first + count <= layers));
}

/*
 * What has samples is not scaled, it may be turned around. Colors that are resolved are: then the
 * host uses a filter that wants a target without samples (vrend_renderer_prepare_blit_extra_info;
 * Mesa's _mesa_blit_framebuffer). Between different numbers of samples GL refuses to blit, but it
 * may have made more of one than the packet said.
 */
static void check_samples(struct vcmd_check *c, const struct blit_side *src,
                          const struct blit_side *dst)
{
    static const char *const sizes[] = {"dst.box.w", "dst.box.h"};
    uint32_t from = src->is->nr_samples, to = dst->is->nr_samples;
    bool scaled = is_scaled_resolve(c, src, dst);

    if ((from == 0 && to == 0) || (scaled && to == 0) || side_box(c, dst, 5) <= 0)
        return;
    for (uint32_t axis = 0; axis < 2; axis++) {
        int64_t source = side_box(c, src, 3 + axis), target = side_box(c, dst, 3 + axis);

        if (source == target || (source == -target && !scaled))
            continue;
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_BOX_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(10 + axis, sizes[axis]), (uint64_t)target, VCMD_LIMIT_EXACT,
                          (uint64_t)source);
        return;
    }
    if (from != 0 && to != 0 && from != to)
        vcmd_report_resource(c, VCMD_DIAGNOSTIC_TRANSFER_SAMPLES, VCMD_SEVERITY_GARBAGE,
                             vcmd_place(4, "dst.res_handle"), vcmd_word(c, 4));
}

/*
 * A scissor ends behind its beginning, or GL refuses it. Behind it the host tells GL of the first
 * one again, and forgets that others have changed (vrend_renderer_blit_fbo).
 */
static void check_blit_scissor(struct vcmd_check *c)
{
    uint32_t least = vcmd_word(c, 2), most = vcmd_word(c, 3);

    if ((vcmd_word(c, 1) >> 10 & 1) == 0)
        return;
    c->sub->negative_scissors &= 1;
    if ((least & 0xffff) > (most & 0xffff) || least >> 16 > most >> 16)
        vcmd_report_value(c, VCMD_DIAGNOSTIC_VALUE_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(3, "scissor.maxx"), most & 0xffff);
}

/*
 * A copy is one between the formats that the textures have, whatever the packet calls them: GL
 * wants the same texels (vrend_copy_sub_image; Mesa's copy_format_compatible). Depth and compressed
 * ones have ways of their own.
 */
static void check_copied_formats(struct vcmd_check *c, const struct blit_side *src,
                                 const struct blit_side *dst)
{
    const struct vcmd_format_info *from = vcmd_format_info(src->is->format);
    const struct vcmd_format_info *to = vcmd_format_info(dst->is->format);

    if (!from || !to || from->layout != VCMD_LAYOUT_PLAIN || to->layout != VCMD_LAYOUT_PLAIN ||
        (from->colorspace == VCMD_COLORSPACE_ZS && to->colorspace == VCMD_COLORSPACE_ZS) ||
        vcmd_is_viewable(c, src->is->format, dst->is->format))
        return;
    vcmd_report_resource(c, VCMD_DIAGNOSTIC_FORMAT_VIEW, VCMD_SEVERITY_REJECT,
                         vcmd_place(4, "dst.res_handle"), vcmd_word(c, 4));
}

/* What GL reads of a color format: floats, however they are kept, or integers of one kind. */
static enum vcmd_channel_type blit_type(uint32_t format)
{
    const struct vcmd_format_info *info = vcmd_format_info(format);

    if (info && info->layout == VCMD_LAYOUT_PLAIN && info->num_channels > 0 &&
        (info->channels[0].type == VCMD_CHANNEL_UINT ||
         info->channels[0].type == VCMD_CHANNEL_SINT))
        return info->channels[0].type;
    return VCMD_CHANNEL_FLOAT;
}

bool vcmd_is_blit_type(uint32_t from, uint32_t to)
{
    return is_depth_format(from) || is_depth_format(to) || blit_type(from) == blit_type(to);
}

/*
 * GL makes no integers of floats, nor the other way round, and none between two integers (Mesa's
 * compatible_color_datatypes, validate_color_buffer).
 */
static void check_blit_types(struct vcmd_check *c, const struct blit_side *src,
                             const struct blit_side *dst)
{
    enum vcmd_channel_type from = blit_type(side_format(c, src));

    if ((vcmd_word(c, 1) & MASK_RGBA) == 0 || side_box(c, dst, 5) <= 0 ||
        is_depth_format(src->is->format) || is_depth_format(dst->is->format))
        return;
    if (from != VCMD_CHANNEL_FLOAT && (vcmd_word(c, 1) >> 8 & 3) != 0)
        vcmd_report_value(c, VCMD_DIAGNOSTIC_VALUE_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(1, "filter"), vcmd_word(c, 1) >> 8 & 3);
    if (!vcmd_is_blit_type(side_format(c, src), side_format(c, dst)))
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_FORMAT_VIEW, VCMD_SEVERITY_REJECT,
                          vcmd_place(dst->dword + 2, dst->format), side_format(c, dst),
                          VCMD_LIMIT_EXACT, side_format(c, src));
}

/* That of the source is drawable, or it would not come to this. */
static void check_drawn_format(struct vcmd_check *c, const struct blit_side *dst)
{
    if (side_box(c, dst, 5) > 0 && !vcmd_is_drawable(c, dst->is->format))
        vcmd_report_resource(c, VCMD_DIAGNOSTIC_FORMAT_UNSUPPORTED, VCMD_SEVERITY_REJECT,
                             vcmd_place(dst->dword, "dst.res_handle"), vcmd_word(c, dst->dword));
}

static void check_ways(struct vcmd_check *c, const struct blit_side *src,
                       const struct blit_side *dst)
{
    const struct blit_side *both[2] = {src, dst};
    bool copied = is_copied(c, src, dst), viewable = true, framebuffers;

    for (size_t i = 0; i < 2 && !copied; i++)
        viewable = check_side_view(c, both[i]) && viewable;
    framebuffers = !copied && viewable && has_framebuffers(c, src, dst);
    for (size_t i = 0; i < 2; i++)
        check_side_box(c, both[i],
                       copied || (framebuffers && !can_attach(c, both[i])) ? VCMD_SEVERITY_REJECT
                                                                           : VCMD_SEVERITY_GARBAGE,
                       !copied);
    if (copied)
        check_copied_formats(c, src, dst);
    if (framebuffers) {
        check_samples(c, src, dst);
        check_drawn_format(c, dst);
        check_blit_types(c, src, dst);
        check_blit_scissor(c);
    }
}

/*
 * Drawing with a buffer in place of a texture does nothing, but for the view of the texture on the
 * other side; the other ways, GL refuses.
 */
static bool blits_buffer(struct vcmd_check *c, const struct blit_side *src,
                         const struct blit_side *dst)
{
    const struct blit_side *buffer = src->is->target == VCMD_BUFFER ? src : dst;
    const struct blit_side *other = buffer == src ? dst : src;
    bool drawn = !is_copied(c, src, dst) && !has_framebuffers(c, src, dst);

    if (buffer->is->target != VCMD_BUFFER)
        return false;
    vcmd_report_resource(
        c, VCMD_DIAGNOSTIC_RESOURCE_KIND, drawn ? VCMD_SEVERITY_GARBAGE : VCMD_SEVERITY_REJECT,
        vcmd_place(buffer->dword, buffer == src ? "src.res_handle" : "dst.res_handle"),
        vcmd_word(c, buffer->dword));
    if (drawn && other->is->target != VCMD_BUFFER)
        check_side_view(c, other);
    return true;
}

void vcmd_model_blit(struct vcmd_check *c)
{
    const struct vcmd_model_resource *src, *dst;
    struct blit_side from = blit_sides[0], to = blit_sides[1];

    src = vcmd_use_resource(c, vcmd_place(13, "src.res_handle"), vcmd_word(c, 13), VCMD_USE_ANY,
                            VCMD_SEVERITY_ERROR);
    dst = vcmd_use_resource(c, vcmd_place(4, "dst.res_handle"), vcmd_word(c, 4), VCMD_USE_ANY,
                            VCMD_SEVERITY_ERROR);
    if (c->result->broken && c->result->broken_packet == c->packet)
        return; /* the host looks no further */
    if (!src || !dst)
        return;
    if ((vcmd_word(c, 1) >> 11 & 1) == 0)
        vcmd_model_pause_condition(c);
    from.is = &src->is;
    to.is = &dst->is;
    if (!blits_buffer(c, &from, &to))
        check_ways(c, &from, &to);
}
