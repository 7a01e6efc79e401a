/* SPDX-License-Identifier: MIT */
#include "check_private.h"

#include "check_box.h"
#include <virglcmd/format.h>

/* Copies and clears of textures. */

static const struct vcmd_box_names src_names = {
    "src.level", {"src.box.x", "src.box.y", "src.box.z", "src.box.w", "src.box.h", "src.box.d"}};
static void check_buffer_copy(struct vcmd_check *c, const struct vcmd_model_resource *src,
                              const struct vcmd_model_resource *dst)
{
    uint64_t width = vcmd_word(c, 11), from = vcmd_word(c, 8), to = vcmd_word(c, 3);
    bool has_src = vcmd_is_gl_buffer(&src->is);

    /* GL copies between its own buffers only: vrend_resource_buffer_copy. */
    if (!has_src || !vcmd_is_gl_buffer(&dst->is))
        vcmd_report_resource(
            c, VCMD_DIAGNOSTIC_RESOURCE_KIND, VCMD_SEVERITY_REJECT,
            vcmd_place(has_src ? 1 : 6, has_src ? "dst.res_handle" : "src.res_handle"),
            has_src ? dst->id : src->id);
    if (from + width > src->is.width)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_BOX_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(11, "src.box.w"), from + width, VCMD_LIMIT_END, src->is.width);
    if (to + width > dst->is.width)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_BOX_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(3, "dst.x"), to + width, VCMD_LIMIT_END, dst->is.width);
    else if (src == dst && from < to + width && to < from + width)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_BOX_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(3, "dst.x"), to, VCMD_LIMIT_LEAST, from + width);
}

/* Then GL, which adds up in 32 bits, has nothing to say of an end that comes round. */
static bool copies_nothing(const struct vcmd_check *c)
{
    return vcmd_word(c, 11) == 0 || vcmd_word(c, 12) == 0 || vcmd_word(c, 13) == 0;
}

/* The target has the size of the source box: a box of it is checked with dst.x in its place. */
static void check_copy_target(struct vcmd_check *c, const struct vcmd_model_resource *dst,
                              uint32_t severity)
{
    static const char *const names[3] = {"dst.x", "dst.y", "dst.z"};
    uint32_t level = vcmd_word(c, 2);

    if (level > dst->is.last_level) {
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_LEVEL_RANGE, severity, vcmd_place(2, "dst.level"),
                          level, VCMD_LIMIT_MOST, dst->is.last_level);
        return;
    }
    for (uint32_t axis = 0; axis < 3; axis++) {
        uint64_t end = (uint64_t)vcmd_word(c, 3 + axis) + vcmd_word(c, 11 + axis);
        uint32_t size = vcmd_level_size(&dst->is, level, axis);
        bool passed_on =
            copies_nothing(c) && vcmd_comes_round(vcmd_word(c, 3 + axis), vcmd_word(c, 11 + axis));

        if (end <= size)
            continue;
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_BOX_RANGE,
                          passed_on ? VCMD_SEVERITY_GARBAGE : severity,
                          vcmd_place(3 + axis, names[axis]), end, VCMD_LIMIT_END, size);
        if (!passed_on)
            return;
    }
}

/* Where GL itself copies, it also checks. */
static bool copied_by_gl(const struct vcmd_model_resource *src,
                         const struct vcmd_model_resource *dst)
{
    return vcmd_is_copy_compatible(src->is.format, dst->is.format) &&
           src->is.nr_samples == dst->is.nr_samples && src->is.target != VCMD_BUFFER &&
           dst->is.target != VCMD_BUFFER;
}

/* What neither GL nor framebuffers copy, the host reads and writes: vrend_resource_copy_fallback.
 */
static bool check_written(struct vcmd_check *c, const struct vcmd_model_resource *src,
                          const struct vcmd_model_resource *dst)
{
    const struct vcmd_model_resource *samples = src->is.nr_samples > 0 ? src : dst;

    if (src->is.format != dst->is.format || samples->is.nr_samples == 0)
        return true;
    vcmd_report_resource(c, VCMD_DIAGNOSTIC_TRANSFER_SAMPLES, VCMD_SEVERITY_REJECT,
                         samples == src ? vcmd_place(6, "src.res_handle")
                                        : vcmd_place(1, "dst.res_handle"),
                         samples->id);
    return false;
}

/* What the host copies as framebuffers: what has colors. */
static bool has_render(const struct vcmd_check *c, const struct vcmd_model_resource *resource)
{
    const struct vcmd_format_info *info = vcmd_format_info(resource->is.format);

    if (info && info->colorspace == VCMD_COLORSPACE_ZS)
        return false;
    return !c->desc->caps ||
           vcmd_caps_has_format(c->desc->caps, resource->is.format, VCMD_FORMAT_USE_RENDER);
}

static void check_texture_copy(struct vcmd_check *c, const struct vcmd_model_resource *src,
                               const struct vcmd_model_resource *dst)
{
    struct vcmd_box_place box = {.names = &src_names,
                                 .level = 7,
                                 .box = 8,
                                 .severity = VCMD_SEVERITY_GARBAGE,
                                 .comes_round = copies_nothing(c)};
    bool by_gl = copied_by_gl(src, dst);
    bool framebuffers = !by_gl && has_render(c, src) && has_render(c, dst);

    if (!by_gl && !framebuffers && !check_written(c, src, dst))
        return;
    if (framebuffers && !vcmd_is_blit_type(src->is.format, dst->is.format)) {
        vcmd_report_resource(c, VCMD_DIAGNOSTIC_FORMAT_VIEW, VCMD_SEVERITY_REJECT,
                             vcmd_place(1, "dst.res_handle"), dst->id);
        return;
    }
    if (by_gl || (framebuffers &&
                  (vcmd_word(c, 7) > src->is.last_level || vcmd_word(c, 2) > dst->is.last_level)))
        box.severity = VCMD_SEVERITY_REJECT;
    if (vcmd_check_box(c, &box, &src->is))
        check_copy_target(c, dst, box.severity);
}

void vcmd_model_copy(struct vcmd_check *c)
{
    const struct vcmd_model_resource *src, *dst;

    src = vcmd_use_resource(c, vcmd_place(6, "src.res_handle"), vcmd_word(c, 6), VCMD_USE_ANY,
                            VCMD_SEVERITY_ERROR);
    dst = vcmd_use_resource(c, vcmd_place(1, "dst.res_handle"), vcmd_word(c, 1), VCMD_USE_ANY,
                            VCMD_SEVERITY_ERROR);
    if (!src || !dst)
        return;
    if (src->is.target == VCMD_BUFFER && dst->is.target == VCMD_BUFFER)
        check_buffer_copy(c, src, dst);
    else if (src->is.target == VCMD_BUFFER || dst->is.target == VCMD_BUFFER)
        vcmd_report_resource(c, VCMD_DIAGNOSTIC_RESOURCE_KIND,
                             has_render(c, src) && has_render(c, dst) ? VCMD_SEVERITY_REJECT
                                                                      : VCMD_SEVERITY_GARBAGE,
                             vcmd_place(1, "dst.res_handle"), dst->id);
    else
        check_texture_copy(c, src, dst);
}

/*
 * The host takes the number of the buffer's GL object for that of a texture; which one that is, if
 * any, nobody knows. But these GL refuses for every texture.
 */
static void check_no_texture(struct vcmd_check *c, const struct vcmd_box_names *names)
{
    if (vcmd_word(c, 2) >= VCMD_GL_LEVELS)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_LEVEL_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(2, names->level), vcmd_word(c, 2), VCMD_LIMIT_MOST, 0);
    for (uint32_t i = 0; i < 6; i++) {
        if (vcmd_word(c, 3 + i) >> 31 == 0)
            continue;
        vcmd_report_value(c, VCMD_DIAGNOSTIC_BOX_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(3 + i, names->part[i]), vcmd_word(c, 3 + i));
        return;
    }
}

void vcmd_model_clear_texture(struct vcmd_check *c)
{
    static const struct vcmd_box_names names = {
        "level", {"box.x", "box.y", "box.z", "box.w", "box.h", "box.d"}};
    struct vcmd_box_place box = {
        .names = &names, .level = 2, .box = 3, .severity = VCMD_SEVERITY_GARBAGE};
    const struct vcmd_model_resource *resource;

    resource = vcmd_use_resource(c, vcmd_place(1, "res_handle"), vcmd_word(c, 1), VCMD_USE_TEXTURE,
                                 VCMD_SEVERITY_REJECT);
    if (!resource)
        return;
    if (resource->is.target == VCMD_BUFFER) {
        check_no_texture(c, &names);
        return;
    }
    if (vcmd_is_compressed(resource->is.format)) /* GL clears no blocks */
        vcmd_report_resource(c, VCMD_DIAGNOSTIC_FORMAT_UNSUPPORTED, VCMD_SEVERITY_REJECT,
                             vcmd_place(1, "res_handle"), resource->id);
    if (resource->is.target != VCMD_TEXTURE_1D_ARRAY) /* whose layers GL counts as rows */
        box.severity = VCMD_SEVERITY_REJECT;
    vcmd_check_box(c, &box, &resource->is);
}
