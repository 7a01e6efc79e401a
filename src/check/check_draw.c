/* SPDX-License-Identifier: MIT */
#include "check_private.h"

/* Draws, clears and launches. */

/* ---- packets ---- */

static void need(struct vcmd_check *c, struct vcmd_place place, uint32_t value)
{
    vcmd_report_value(c, VCMD_DIAGNOSTIC_FEATURE_MISSING, VCMD_SEVERITY_REJECT, place, value);
}

static void check_features(struct vcmd_check *c)
{
    const struct vcmd_caps *caps = c->desc->caps;

    if (!caps)
        return;
    if (vcmd_word(c, 7) != 0 && !caps->bset.start_instance)
        need(c, vcmd_place(7, "start_instance"), vcmd_word(c, 7));
    if (c->length != 20)
        return;
    if (vcmd_word(c, 15) != 0 && !caps->bset.has_indirect_draw)
        need(c, vcmd_place(15, "indirect.handle"), vcmd_word(c, 15));
    if (vcmd_word(c, 18) > 1 && !vcmd_offers(c, VCMD_CAP_MULTI_DRAW_INDIRECT))
        need(c, vcmd_place(18, "indirect.draw_count"), vcmd_word(c, 18));
    if (vcmd_word(c, 20) != 0 && !vcmd_offers(c, VCMD_CAP_INDIRECT_PARAMS))
        need(c, vcmd_place(20, "indirect.draw_count_handle"), vcmd_word(c, 20));
}

static bool is_indirect(const struct vcmd_check *c)
{
    return c->length == 20 && vcmd_word(c, 15) != 0;
}

static bool mode_is_good(const struct vcmd_check *c)
{
    uint32_t mode = vcmd_word(c, 3);

    if (mode > VCMD_PRIM_PATCHES)
        return false;
    /* The mask stops short of patches, and of primitives with adjacency on some hosts. */
    if (mode <= VCMD_PRIM_POLYGON && c->desc->caps && c->desc->caps->prim_mask != 0 &&
        (c->desc->caps->prim_mask >> mode & 1) == 0)
        return false;
    if (!c->sub || c->sub->unsure_shaders)
        return true;
    return (mode == VCMD_PRIM_PATCHES) == (c->sub->program[VCMD_SHADER_TESS_EVAL] != 0);
}

/* The least that GL promises, and what Mesa's drivers have. */
#define MAX_PATCH 32u

/* NULL: there is none, or it is no buffer. */
static const struct vcmd_model_resource *find_buffer(const struct vcmd_check *c, uint32_t id)
{
    uint32_t entry = c->checker ? vcmd_model_find_resource(c->checker, id) : VCMD_HASH_NONE;
    const struct vcmd_model_resource *buffer;

    if (entry == VCMD_HASH_NONE)
        return NULL;
    buffer = vcmd_model_resource_at(c->checker, entry);
    return !buffer->is.untyped && buffer->is.target == VCMD_BUFFER ? buffer : NULL;
}

/* False: GL does not have it, so that the host binds none, and GL refuses the draw. */
static bool check_gl_buffer(struct vcmd_check *c, const struct vcmd_model_resource *buffer,
                            struct vcmd_place place)
{
    if (vcmd_is_gl_buffer(&buffer->is))
        return true;
    vcmd_report_resource(c, VCMD_DIAGNOSTIC_RESOURCE_KIND, VCMD_SEVERITY_REJECT, place, buffer->id);
    return false;
}

/* What only draws of several have: a number of them, and how far they are apart. */
static void check_multi(struct vcmd_check *c)
{
    uint32_t stride = vcmd_word(c, 17), count = vcmd_word(c, 18);

    if (count >> 31 != 0)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_COUNT_NEGATIVE, VCMD_SEVERITY_REJECT,
                          vcmd_place(18, "indirect.draw_count"), count, VCMD_LIMIT_MOST,
                          0x7fffffff);
    else if (stride % 4 != 0)
        vcmd_report_value(c, VCMD_DIAGNOSTIC_VALUE_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(17, "indirect.stride"), stride);
}

/* The buffer that the number of draws comes from. */
static void check_count_buffer(struct vcmd_check *c)
{
    const struct vcmd_model_resource *buffer = find_buffer(c, vcmd_word(c, 20));
    uint32_t offset = vcmd_word(c, 19);

    if (buffer && !check_gl_buffer(c, buffer, vcmd_place(20, "indirect.draw_count_handle")))
        return;
    if (offset % 4 != 0)
        vcmd_report_value(c, VCMD_DIAGNOSTIC_VALUE_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(19, "indirect.draw_count_offset"), offset);
    else if (buffer && (uint64_t)offset + 4 > buffer->is.width)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_BUFFER_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(19, "indirect.draw_count_offset"), (uint64_t)offset + 4,
                          VCMD_LIMIT_END, buffer->is.width);
}

/* Bytes of the arguments in all, as they are, and as Mesa adds them up in 32 bits with a sign. */
struct argument_bytes {
    uint64_t all;
    int64_t of_mesa;
};

static struct argument_bytes count_arguments(const struct vcmd_check *c, bool several)
{
    uint32_t one = vcmd_word(c, 4) != 0 ? 20 : 16;
    uint32_t stride = vcmd_word(c, 17) != 0 ? vcmd_word(c, 17) : one;
    uint32_t count = several ? vcmd_word(c, 18) : 1;
    struct argument_bytes bytes = {0, 0};

    if (count == 0)
        return bytes;
    bytes.all = (uint64_t)(count - 1) * stride + one;
    bytes.of_mesa = (int32_t)((count - 1) * stride + one);
    return bytes;
}

/*
 * The arguments of an indirect draw: GL wants whole dwords, and all of them in the buffer
 * (vrend_draw_vbo; Mesa's valid_draw_indirect, whose sum may wrap around).
 */
static void check_arguments(struct vcmd_check *c)
{
    bool counted = vcmd_word(c, 20) != 0, several = counted || vcmd_word(c, 18) > 1;
    struct argument_bytes bytes = count_arguments(c, several);
    const struct vcmd_model_resource *buffer = find_buffer(c, vcmd_word(c, 15));
    uint32_t offset = vcmd_word(c, 16);

    if (buffer && !check_gl_buffer(c, buffer, vcmd_place(15, "indirect.handle")))
        return;
    if (several)
        check_multi(c);
    if (counted)
        check_count_buffer(c);
    if (offset % 4 != 0)
        vcmd_report_value(c, VCMD_DIAGNOSTIC_VALUE_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(16, "indirect.offset"), offset);
    if (buffer && offset + bytes.all > buffer->is.width)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_BUFFER_RANGE,
                          offset + (uint64_t)bytes.of_mesa > buffer->is.width
                              ? VCMD_SEVERITY_REJECT
                              : VCMD_SEVERITY_GARBAGE,
                          vcmd_place(16, "indirect.offset"), offset + bytes.all, VCMD_LIMIT_END,
                          buffer->is.width);
}

/* What GL looks at. */
static void check_call(struct vcmd_check *c)
{
    uint32_t count =
        vcmd_word(c, 12) != 0 && vcmd_word(c, 4) == 0 ? vcmd_word(c, 12) : vcmd_word(c, 2);

    if (!mode_is_good(c))
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_DRAW_MODE, VCMD_SEVERITY_REJECT, vcmd_place(3, "mode"),
                          vcmd_word(c, 3), VCMD_LIMIT_MOST, VCMD_PRIM_PATCHES);
    if (c->length >= 14 && (vcmd_word(c, 13) & 0xff) > MAX_PATCH) /* the host keeps a byte of it */
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_VALUE_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(13, "vertices_per_patch"), vcmd_word(c, 13), VCMD_LIMIT_MOST,
                          MAX_PATCH);
    if (is_indirect(c)) {
        check_arguments(c);
        return;
    }
    if (count >> 31 != 0)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_COUNT_NEGATIVE, VCMD_SEVERITY_REJECT,
                          vcmd_place(2, "count"), count, VCMD_LIMIT_MOST, 0x7fffffff);
    else if (vcmd_word(c, 4) == 0 && vcmd_word(c, 12) == 0 && vcmd_word(c, 1) >> 31 != 0)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_COUNT_NEGATIVE, VCMD_SEVERITY_REJECT,
                          vcmd_place(1, "start"), vcmd_word(c, 1), VCMD_LIMIT_MOST, 0x7fffffff);
    else if (vcmd_word(c, 5) >> 31 != 0)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_COUNT_NEGATIVE, VCMD_SEVERITY_REJECT,
                          vcmd_place(5, "instance_count"), vcmd_word(c, 5), VCMD_LIMIT_MOST,
                          0x7fffffff);
    else if (vcmd_word(c, 4) != 0 && vcmd_word(c, 5) == 0 && vcmd_word(c, 11) < vcmd_word(c, 10))
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_VALUE_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(11, "max_index"), vcmd_word(c, 11), VCMD_LIMIT_LEAST,
                          vcmd_word(c, 10));
    else if (count == 0)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_DRAW_EMPTY, VCMD_SEVERITY_NEEDLESS,
                          vcmd_place(2, "count"), 0, VCMD_LIMIT_LEAST, 1);
}

void vcmd_packet_draw(struct vcmd_check *c)
{
    check_features(c);
    if (!c->sub)
        check_call(c);
}

#define COLOR_BITS 0x3fcu

void vcmd_packet_clear(struct vcmd_check *c)
{
    uint32_t buffers = vcmd_word(c, 1);

    if ((buffers & COLOR_BITS) != 0 && buffers >> 10 != 0)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_CLEAR_ATTACHMENT, VCMD_SEVERITY_REJECT,
                          vcmd_place(1, "buffers"), buffers, VCMD_LIMIT_MOST, 0x3ff);
    if ((buffers & 1) == 0)
        c->told |= (uint64_t)1 << 6 | (uint64_t)1 << 7; /* the depth does not count */
}

/* ---- the model ---- */

/* All that is attached has the same samples and layers, or nothing is and it needs nothing. */
static bool has_framebuffer(const struct vcmd_model_sub *sub)
{
    uint32_t samples = 0, layered = 0;

    if (sub->unsure_framebuffer)
        return true;
    for (uint32_t i = 0; i < VCMD_ATTACHMENTS; i++) {
        if (sub->attached[i] == 0)
            continue;
        if ((sub->broken_layers >> i & 1) != 0)
            return false;
        if (samples != 0 && (sub->attached[i] != samples || sub->layered[i] != layered))
            return false;
        samples = sub->attached[i];
        layered = sub->layered[i];
    }
    return samples != 0 || sub->no_attach;
}

/* What the host has put off until something is drawn. */
static void check_late_state(struct vcmd_check *c)
{
    if (c->sub->negative_viewports == 0 && c->sub->negative_scissors == 0)
        return;
    vcmd_report(c, VCMD_DIAGNOSTIC_VIEWPORT_NEGATIVE, VCMD_SEVERITY_REJECT);
    c->sub->negative_viewports = 0;
    c->sub->negative_scissors = 0;
}

void vcmd_model_clear(struct vcmd_check *c)
{
    uint32_t buffers = vcmd_word(c, 1);

    check_late_state(c);
    if ((buffers & (COLOR_BITS | 3)) == 0)
        return;
    if (!has_framebuffer(c->sub)) {
        vcmd_report(c, VCMD_DIAGNOSTIC_NO_FRAMEBUFFER, VCMD_SEVERITY_REJECT);
        return;
    }
    if (c->sub->unsure_framebuffer)
        return;
    if ((buffers & COLOR_BITS) >> 2 & ~c->sub->colors)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_CLEAR_ATTACHMENT, VCMD_SEVERITY_IGNORED,
                          vcmd_place(1, "buffers"), buffers, VCMD_LIMIT_MOST,
                          c->sub->colors << 2 | 3);
    else if ((buffers & 3) != 0 && !c->sub->depth)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_CLEAR_ATTACHMENT, VCMD_SEVERITY_IGNORED,
                          vcmd_place(1, "buffers"), buffers, VCMD_LIMIT_MOST, c->sub->colors << 2);
}

static void check_binding(struct vcmd_check *c, const struct vcmd_model_binding *binding)
{
    uint32_t entry = vcmd_model_find_resource(c->checker, binding->resource);

    if (entry == VCMD_HASH_NONE ||
        vcmd_model_resource_at(c->checker, entry)->serial != binding->serial)
        vcmd_report_resource(c, VCMD_DIAGNOSTIC_RESOURCE_GONE, VCMD_SEVERITY_GARBAGE,
                             vcmd_place(0, NULL), binding->resource);
}

static void check_bindings(struct vcmd_check *c, const struct vcmd_model_binding *bindings,
                           uint32_t mask)
{
    for (uint32_t i = 0; mask != 0; i++, mask >>= 1) {
        if ((mask & 1) != 0)
            check_binding(c, &bindings[i]);
    }
}

/* Only when a resource has gone since the last look. */
static void check_all_bindings(struct vcmd_check *c)
{
    struct vcmd_model_sub *sub = c->sub;

    if (sub->bindings_seen == c->checker->removals)
        return;
    sub->bindings_seen = c->checker->removals;
    for (uint32_t stage = 0; stage < VCMD_STAGES; stage++) {
        check_bindings(c, sub->uniform[stage], sub->uniforms[stage]);
        check_bindings(c, sub->storage[stage], sub->storages[stage]);
        check_bindings(c, sub->image[stage], sub->images[stage]);
    }
    check_bindings(c, sub->atomic, sub->atomics);
}

static void check_indices(struct vcmd_check *c)
{
    const struct vcmd_model_resource *buffer = find_buffer(c, c->sub->index_buffer);
    uint32_t size = c->sub->index_size == 1 || c->sub->index_size == 2 ? c->sub->index_size : 4;
    uint64_t end = c->sub->index_offset + (uint64_t)vcmd_word(c, 2) * size;

    if (buffer && !is_indirect(c) && end > buffer->is.width)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_INDEX_RANGE, VCMD_SEVERITY_GARBAGE,
                          vcmd_place(2, "count"), end, VCMD_LIMIT_END, buffer->is.width);
}

static void check_vertex_slots(struct vcmd_check *c)
{
    uint32_t slots = c->sub->element_slots;

    for (uint32_t i = 0; slots != 0; i++, slots >>= 1) {
        if ((slots & 1) == 0 || c->sub->vertex_buffer[i] != 0)
            continue;
        vcmd_report_value(c, VCMD_DIAGNOSTIC_DRAW_NO_VERTEX_BUFFER, VCMD_SEVERITY_GARBAGE,
                          vcmd_place(0, "slot"), i);
        return;
    }
}

/* The host goes on with the program that it has: one for launches GL does not draw with. */
static uint32_t severity_of_no_shader(const struct vcmd_model_sub *sub)
{
    if (!sub->drawn)
        return VCMD_SEVERITY_IGNORED;
    return sub->program[VCMD_SHADER_COMPUTE] != 0 ? VCMD_SEVERITY_REJECT : VCMD_SEVERITY_GARBAGE;
}

static void check_atomics(struct vcmd_check *c)
{
    if (c->sub->bad_atomics != 0)
        vcmd_report_value(c, VCMD_DIAGNOSTIC_BUFFER_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(0, "slot"), c->sub->bad_atomics);
}

/* False: the host leaves it out, and what is wrong with it does not matter. */
static bool is_drawn(struct vcmd_check *c)
{
    struct vcmd_model_sub *sub = c->sub;

    if (!sub->has_elements) {
        vcmd_report(c, VCMD_DIAGNOSTIC_DRAW_NO_VERTEX_ELEMENTS, VCMD_SEVERITY_IGNORED);
        return false;
    }
    if (sub->unsure_shaders)
        return true;
    if (sub->shader[VCMD_SHADER_VERTEX] == 0 || sub->shader[VCMD_SHADER_FRAGMENT] == 0) {
        vcmd_report(c, VCMD_DIAGNOSTIC_DRAW_NO_SHADER, severity_of_no_shader(sub));
        return sub->drawn;
    }
    sub->drawn = true;
    sub->launch_left_out = false;
    for (uint32_t stage = 0; stage < VCMD_STAGES; stage++)
        sub->program[stage] = stage != VCMD_SHADER_COMPUTE ? sub->shader[stage] : 0;
    return true;
}

static void check_indirect(struct vcmd_check *c)
{
    if (c->length != 20)
        return;
    if (vcmd_word(c, 15) != 0)
        vcmd_use_resource(c, vcmd_place(15, "indirect.handle"), vcmd_word(c, 15), VCMD_USE_BUFFER,
                          VCMD_SEVERITY_ERROR);
    if (vcmd_word(c, 20) != 0)
        vcmd_use_resource(c, vcmd_place(20, "indirect.draw_count_handle"), vcmd_word(c, 20),
                          VCMD_USE_BUFFER, VCMD_SEVERITY_ERROR);
}

/* The host tells GL of it even when it leaves the draw out: vrend_patch_blend_state. */
static void check_blend(struct vcmd_check *c)
{
    if (c->sub->blend_dirty && c->sub->blend_refused && c->sub->num_colors != 0)
        vcmd_report(c, VCMD_DIAGNOSTIC_VALUE_UNKNOWN, VCMD_SEVERITY_REJECT);
    c->sub->blend_dirty = false;
}

void vcmd_model_draw(struct vcmd_check *c)
{
    bool was_broken = c->result->broken;

    check_indirect(c);
    if (c->result->broken && !was_broken)
        return;
    check_late_state(c);
    check_blend(c);
    if (!is_drawn(c)) {
        c->told |= (uint64_t)1 << 3;
        return;
    }
    check_atomics(c);
    if (c->sub->bad_strides != 0)
        vcmd_report_value(c, VCMD_DIAGNOSTIC_VALUE_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(0, "stride"), c->sub->bad_strides);
    c->sub->bad_strides = 0;
    if (vcmd_word(c, 4) != 0 && c->sub->index_buffer == 0 && !c->sub->unsure_shaders) {
        vcmd_report(c, VCMD_DIAGNOSTIC_DRAW_NO_INDEX_BUFFER, VCMD_SEVERITY_IGNORED);
        c->told |= (uint64_t)1 << 3;
        return;
    }
    if (!has_framebuffer(c->sub))
        vcmd_report(c, VCMD_DIAGNOSTIC_NO_FRAMEBUFFER, VCMD_SEVERITY_REJECT);
    check_call(c);
    check_vertex_slots(c);
    if (vcmd_word(c, 4) != 0)
        check_indices(c);
    check_all_bindings(c);
}

static void check_indirect_launch(struct vcmd_check *c)
{
    const struct vcmd_model_resource *buffer;
    uint32_t offset = vcmd_word(c, 8);

    buffer = vcmd_use_resource(c, vcmd_place(7, "indirect_handle"), vcmd_word(c, 7), VCMD_USE_ANY,
                               VCMD_SEVERITY_ERROR);
    if (buffer && buffer->is.target != VCMD_BUFFER)
        vcmd_report_resource(c, VCMD_DIAGNOSTIC_RESOURCE_KIND,
                             offset % 4 != 0 ? VCMD_SEVERITY_REJECT : VCMD_SEVERITY_GARBAGE,
                             vcmd_place(7, "indirect_handle"), buffer->id);
    else if (buffer && check_gl_buffer(c, buffer, vcmd_place(7, "indirect_handle")) &&
             (offset % 4 != 0 || (uint64_t)offset + 12 > buffer->is.width))
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_BUFFER_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(8, "indirect_offset"), offset, VCMD_LIMIT_MOST,
                          buffer->is.width >= 12 ? (buffer->is.width - 12) / 4 * 4 : 0);
}

static void check_grid(struct vcmd_check *c)
{
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t limit = c->desc->caps ? c->desc->caps->max_compute_grid_size[i] : 0;

        if (limit != 0 && vcmd_word(c, 4 + i) > limit)
            vcmd_report_limit(c, VCMD_DIAGNOSTIC_VALUE_RANGE, VCMD_SEVERITY_REJECT,
                              vcmd_place_in(4 + i, "grid", i), vcmd_word(c, 4 + i), VCMD_LIMIT_MOST,
                              limit);
    }
}

/*
 * Without a shader the host leaves a launch out, the first time: the next one takes the program
 * that it has, and GL refuses one for draws (vrend_launch_grid). True: it launches.
 */
static bool check_without_shader(struct vcmd_check *c)
{
    bool again = c->sub->launch_left_out && c->sub->drawn;
    bool is_refused = again && c->sub->program[VCMD_SHADER_COMPUTE] == 0;

    c->sub->launch_left_out = true;
    if (is_refused && vcmd_word(c, 7) != 0)
        vcmd_use_resource(c, vcmd_place(7, "indirect_handle"), vcmd_word(c, 7), VCMD_USE_ANY,
                          VCMD_SEVERITY_ERROR);
    if (c->result->broken && c->result->broken_packet == c->packet)
        return false; /* the host looks no further */
    vcmd_report(c, VCMD_DIAGNOSTIC_LAUNCH_NO_SHADER,
                is_refused ? VCMD_SEVERITY_REJECT
                : again    ? VCMD_SEVERITY_GARBAGE
                           : VCMD_SEVERITY_IGNORED);
    return again && !is_refused;
}

static void take_launch_program(struct vcmd_model_sub *sub)
{
    memset(sub->program, 0, sizeof(sub->program));
    sub->program[VCMD_SHADER_COMPUTE] = sub->shader[VCMD_SHADER_COMPUTE];
    sub->drawn = !sub->unsure_shaders;
    sub->launch_left_out = false;
}

void vcmd_model_launch(struct vcmd_check *c)
{
    if (!vcmd_offers(c, VCMD_CAP_COMPUTE_SHADER))
        return;
    if (c->sub->shader[VCMD_SHADER_COMPUTE] != 0 || c->sub->unsure_shaders)
        take_launch_program(c->sub);
    else if (!check_without_shader(c))
        return;
    check_atomics(c);
    if (vcmd_word(c, 7) != 0)
        check_indirect_launch(c);
    else
        check_grid(c);
    check_all_bindings(c);
}
