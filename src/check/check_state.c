/* SPDX-License-Identifier: MIT */
#include "check_private.h"

/* What SET and BIND commands leave behind for the draws. */

/* ---- framebuffer ---- */

static void set_attachment(struct vcmd_model_sub *sub, uint32_t at,
                           const struct vcmd_model_object *surface)
{
    sub->attached[at] = surface ? surface->samples : 0;
    sub->layered[at] = surface ? surface->layered : 0;
    sub->broken_layers &= ~((uint32_t)1 << at);
    if (surface && surface->is_broken)
        sub->broken_layers |= (uint32_t)1 << at;
}

/*
 * The host attaches a surface where its format belongs, whatever it is named as, color as number 0
 * when it is named as depth; what is named as nothing leaves its own place only
 * (vrend_hw_set_zsurf_texture, vrend_hw_set_color_surface).
 */
static void attach_slot(struct vcmd_model_sub *sub, uint32_t slot,
                        const struct vcmd_model_object *surface)
{
    bool depth = surface ? surface->is_depth : slot == VCMD_ZSURF;

    if (!depth) {
        set_attachment(sub, slot != VCMD_ZSURF ? slot : 0, surface);
        return;
    }
    if (!surface || !surface->is_stencil)
        set_attachment(sub, VCMD_AT_DEPTH, surface);
    set_attachment(sub, VCMD_AT_STENCIL, surface);
}

/* What stays as it was the host leaves alone. False: it looks no further. */
static bool use_surface(struct vcmd_check *c, struct vcmd_place place, uint32_t handle,
                        uint32_t slot)
{
    const struct vcmd_model_object *surface = NULL;

    if (handle != 0) {
        surface = vcmd_use_object(c, place, handle, VCMD_OBJECT_SURFACE, VCMD_SEVERITY_ERROR);
        if (!surface) {
            c->sub->unsure_framebuffer = c->sub->objects_lost;
            return c->sub->objects_lost;
        }
    }
    if (c->sub->surface[slot] == (surface ? surface->serial : 0))
        return true;
    c->sub->surface[slot] = surface ? surface->serial : 0;
    if (surface && surface->is_refused)
        vcmd_report_object(c, VCMD_DIAGNOSTIC_NO_FRAMEBUFFER, VCMD_SEVERITY_REJECT, place, handle);
    else
        attach_slot(c->sub, slot, surface);
    return true;
}

/* Another height makes the host forget that viewports other than the first have changed. */
static void set_height(struct vcmd_check *c, uint32_t handle)
{
    uint32_t entry = vcmd_model_find_object(c->checker, c->context->sub, handle);
    uint32_t height = entry != VCMD_HASH_NONE && handle != 0
                          ? vcmd_model_object_at(c->checker, entry)->height
                          : 0;

    if (height != c->sub->height)
        c->sub->negative_viewports &= 1;
    c->sub->height = height;
}

/* Colors that were named before, and no longer are. */
static void detach_rest(struct vcmd_model_sub *sub, uint32_t count, uint32_t before)
{
    for (uint32_t i = count; i < before && i < VCMD_COLORS; i++) {
        sub->surface[i] = 0;
        set_attachment(sub, i, NULL);
    }
}

static bool use_surfaces(struct vcmd_check *c)
{
    uint32_t named = 0, before = c->sub->num_colors;
    uint32_t count = c->length - 2 < VCMD_COLORS ? c->length - 2 : VCMD_COLORS;

    c->sub->num_colors = count;
    c->sub->depth = vcmd_word(c, 2) != 0;
    if (!use_surface(c, vcmd_place(2, "zsurf_handle"), vcmd_word(c, 2), VCMD_ZSURF))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t handle = vcmd_word(c, 3 + i);

        named = named != 0 ? named : handle;
        if (!use_surface(c, vcmd_place_in(3 + i, "cbuf_handle", i), handle, i))
            return false;
        if (handle != 0)
            c->sub->colors |= (uint32_t)1 << i;
    }
    detach_rest(c->sub, count, before);
    if (count != 0 && named == 0) {
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_FRAMEBUFFER_EMPTY, VCMD_SEVERITY_ERROR,
                          vcmd_place(1, "nr_cbufs"), count, VCMD_LIMIT_EXACT, 0);
        return false;
    }
    set_height(c, count != 0 ? named : vcmd_word(c, 2));
    return true;
}

void vcmd_model_framebuffer(struct vcmd_check *c)
{
    c->sub->colors = 0;
    if (use_surfaces(c))
        c->sub->blend_dirty = true;
}

static void no_attach_limit(struct vcmd_check *c, uint32_t dword, const char *field, uint32_t value,
                            uint32_t limit)
{
    if (value > limit && vcmd_offers(c, VCMD_CAP_FB_NO_ATTACH))
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_VALUE_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(dword, field), value, VCMD_LIMIT_MOST, limit);
}

void vcmd_model_no_attach(struct vcmd_check *c)
{
    uint32_t size = vcmd_word(c, 1), more = vcmd_word(c, 2);
    const struct vcmd_caps *caps = c->desc->caps;

    if (caps && caps->max_texture_2d_size != 0) {
        no_attach_limit(c, 1, "width", size & 0xffff, caps->max_texture_2d_size);
        no_attach_limit(c, 1, "height", size >> 16, caps->max_texture_2d_size);
        no_attach_limit(c, 2, "layers", more & 0xffff, caps->max_texture_array_layers);
        no_attach_limit(c, 2, "samples", more >> 16 & 0xff, caps->max_samples);
    }
    c->sub->no_attach = (size & 0xffff) != 0 && size >> 16 != 0;
}

/*
 * Floats are looked at as bits: kernels may not touch the others. A viewport is twice the scale
 * wide, cut to a whole number, and GL takes no negative one.
 */
#define HALF_BITS    0x3f000000u
#define TOO_BIG_BITS 0x4e800000u /* 2^30: twice that is no int any more */

void vcmd_model_viewports(struct vcmd_check *c)
{
    uint32_t first = vcmd_word(c, 1), count = (c->length - 1) / 6;

    for (uint32_t i = 0; i < count && first + i < 16; i++) {
        uint32_t at = 2 + 6 * i;
        uint32_t x = vcmd_word(c, at), y = vcmd_word(c, at + 1) & 0x7fffffff;
        uint32_t size = x & 0x7fffffff;
        bool negative =
            size >= TOO_BIG_BITS || y >= TOO_BIG_BITS || (x >> 31 != 0 && size >= HALF_BITS);

        c->sub->negative_viewports &= ~((uint32_t)1 << (first + i));
        if (!negative)
            continue;
        c->sub->negative_viewports |= (uint32_t)1 << (first + i);
        vcmd_report_value(c, VCMD_DIAGNOSTIC_VIEWPORT_NEGATIVE, VCMD_SEVERITY_GARBAGE,
                          vcmd_place_in(at, "viewports.scale", i), x);
    }
}

void vcmd_model_scissors(struct vcmd_check *c)
{
    uint32_t first = vcmd_word(c, 1), count = (c->length - 1) / 2;

    for (uint32_t i = 0; i < count && first < 16 && first + i < 16; i++) {
        uint32_t least = vcmd_word(c, 2 + 2 * i), most = vcmd_word(c, 3 + 2 * i);

        c->sub->negative_scissors &= ~((uint32_t)1 << (first + i));
        if ((least & 0xffff) <= (most & 0xffff) && least >> 16 <= most >> 16)
            continue;
        c->sub->negative_scissors |= (uint32_t)1 << (first + i);
        vcmd_report_value(c, VCMD_DIAGNOSTIC_VIEWPORT_NEGATIVE, VCMD_SEVERITY_GARBAGE,
                          vcmd_place_in(3 + 2 * i, "scissors.maxx", i), most & 0xffff);
    }
}

/* ---- buffers ---- */

/* The least that GL promises, and what Mesa's drivers have. */
#define MAX_STRIDE 2048u

static void check_vertex_stride(struct vcmd_check *c, uint32_t slot)
{
    uint32_t stride = vcmd_word(c, 1 + 3 * slot);

    if (stride <= MAX_STRIDE || c->sub->vertex_buffer[slot] == 0)
        return;
    c->sub->bad_strides |= (uint32_t)1 << slot;
    vcmd_report_limit(c, VCMD_DIAGNOSTIC_VALUE_RANGE, VCMD_SEVERITY_GARBAGE,
                      vcmd_place_in(1 + 3 * slot, "buffers.stride", slot), stride, VCMD_LIMIT_MOST,
                      MAX_STRIDE);
}

void vcmd_model_vertex_buffers(struct vcmd_check *c)
{
    uint32_t count = c->length / 3;

    c->sub->bad_strides = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct vcmd_place place = vcmd_place_in(3 + 3 * i, "buffers.res_handle", i);
        uint32_t id = vcmd_word(c, 3 + 3 * i);

        if (id != 0 && id != c->sub->vertex_buffer[i]) {
            bool before = c->result->broken;

            vcmd_use_resource(c, place, id, VCMD_USE_BUFFER, VCMD_SEVERITY_ERROR);
            if (c->result->broken && !before)
                id = 0;
        }
        c->sub->vertex_buffer[i] = id;
        check_vertex_stride(c, i);
    }
    for (uint32_t i = count; i < c->sub->num_vertex_buffers; i++)
        c->sub->vertex_buffer[i] = 0;
    c->sub->num_vertex_buffers = count;
}

void vcmd_model_index_buffer(struct vcmd_check *c)
{
    uint32_t id = vcmd_word(c, 1);

    c->sub->index_size = c->length == 3 ? vcmd_word(c, 2) : 0;
    c->sub->index_offset = c->length == 3 ? vcmd_word(c, 3) : 0;
    if (id != 0 && id != c->sub->index_buffer)
        vcmd_use_resource(c, vcmd_place(1, "res_handle"), id, VCMD_USE_BUFFER, VCMD_SEVERITY_ERROR);
    c->sub->index_buffer = id;
}

struct range {
    uint32_t offset, length;
    struct vcmd_place place; /* of the length */
};

/* A binding that takes no reference. Returns whether something is bound now. */
static bool bind_bare(struct vcmd_check *c, struct vcmd_model_binding *binding,
                      struct vcmd_place place, uint32_t id, enum vcmd_use use,
                      const struct range *range)
{
    const struct vcmd_model_resource *resource;

    binding->resource = 0;
    if (id == 0)
        return false;
    resource = vcmd_use_resource(c, place, id, use, VCMD_SEVERITY_ERROR);
    if (!resource)
        return false;
    binding->resource = id;
    binding->serial = resource->serial;
    if (range && resource->is.target == VCMD_BUFFER &&
        (uint64_t)range->offset + range->length > resource->is.width)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_BUFFER_RANGE, VCMD_SEVERITY_GARBAGE, range->place,
                          (uint64_t)range->offset + range->length, VCMD_LIMIT_END,
                          resource->is.width);
    return true;
}

static void set_bit(uint32_t *mask, uint32_t bit, bool on)
{
    if (on)
        *mask |= (uint32_t)1 << bit;
    else
        *mask &= ~((uint32_t)1 << bit);
}

void vcmd_model_uniform_buffer(struct vcmd_check *c)
{
    uint32_t stage = vcmd_word(c, 1), slot = vcmd_word(c, 2);
    struct range range = {vcmd_word(c, 3), vcmd_word(c, 4), vcmd_place(4, "length")};

    if (stage >= VCMD_STAGES || slot >= VCMD_SLOTS)
        return;
    set_bit(&c->sub->uniforms[stage], slot,
            bind_bare(c, &c->sub->uniform[stage][slot], vcmd_place(5, "res_handle"),
                      vcmd_word(c, 5), VCMD_USE_BUFFER, &range));
}

/* As many as shaders of fragments or launches have buffers: Mesa's MaxAtomicBufferBindings. */
static uint32_t atomic_slots(const struct vcmd_caps *caps)
{
    uint32_t fragment = caps->max_atomic_counter_buffers[VCMD_SHADER_FRAGMENT];
    uint32_t compute = caps->max_atomic_counter_buffers[VCMD_SHADER_COMPUTE];

    return fragment > compute ? fragment : compute;
}

/*
 * The host binds every atomic buffer for each draw and launch, whatever the shaders read. GL wants
 * a slot that it has, whole counters, and some of them (vrend_draw_bind_abo_shader; Mesa's
 * bind_atomic_buffer).
 */
static bool is_bad_atomic(const struct vcmd_check *c, uint32_t at, uint32_t slot)
{
    uint32_t most = c->desc->caps ? atomic_slots(c->desc->caps) : 0;
    uint32_t entry = vcmd_model_find_resource(c->checker, vcmd_word(c, at + 2));
    const struct vcmd_model_resource *buffer;

    if (entry == VCMD_HASH_NONE)
        return false;
    if (most != 0 && slot >= most)
        return true;
    buffer = vcmd_model_resource_at(c->checker, entry);
    return vcmd_is_gl_buffer(&buffer->is) &&
           (vcmd_word(c, at) % 4 != 0 || vcmd_word(c, at + 1) == 0);
}

/* Records of three dwords, offset, length and resource, from dword at on. */
static void bind_ranges(struct vcmd_check *c, struct vcmd_model_binding *bindings, uint32_t *mask,
                        uint32_t at, uint32_t first)
{
    uint32_t count = (c->length + 1 - at) / 3;

    if (count > VCMD_SLOTS || first > VCMD_SLOTS - count)
        return;
    for (uint32_t i = 0; i < count; i++, at += 3) {
        struct range range = {vcmd_word(c, at), vcmd_word(c, at + 1),
                              vcmd_place_in(at + 1, "buffers.length", i)};

        set_bit(mask, first + i,
                bind_bare(c, &bindings[first + i], vcmd_place_in(at + 2, "buffers.res_handle", i),
                          vcmd_word(c, at + 2), VCMD_USE_BUFFER, &range));
    }
}

void vcmd_model_shader_buffers(struct vcmd_check *c)
{
    uint32_t stage = vcmd_word(c, 1);

    if (stage < VCMD_STAGES)
        bind_ranges(c, c->sub->storage[stage], &c->sub->storages[stage], 3, vcmd_word(c, 2));
}

void vcmd_model_atomic_buffers(struct vcmd_check *c)
{
    uint32_t first = vcmd_word(c, 1), count = (c->length - 1) / 3;

    bind_ranges(c, c->sub->atomic, &c->sub->atomics, 2, first);
    for (uint32_t i = 0; i < count && first < VCMD_SLOTS && i < VCMD_SLOTS - first; i++) {
        bool bound = (c->sub->atomics >> (first + i) & 1) != 0;

        set_bit(&c->sub->bad_atomics, first + i, bound && is_bad_atomic(c, 2 + 3 * i, first + i));
    }
}

void vcmd_model_images(struct vcmd_check *c)
{
    uint32_t stage = vcmd_word(c, 1), first = vcmd_word(c, 2), count = (c->length - 2) / 5;

    if (stage >= VCMD_STAGES || count > VCMD_SLOTS || first > VCMD_SLOTS - count)
        return;
    for (uint32_t i = 0; i < count; i++) {
        /* Of a buffer; of a texture it is layers and a level. */
        struct range range = {vcmd_word(c, 5 + 5 * i), vcmd_word(c, 6 + 5 * i),
                              vcmd_place_in(6 + 5 * i, "images.level_size", i)};

        set_bit(&c->sub->images[stage], first + i,
                bind_bare(c, &c->sub->image[stage][first + i],
                          vcmd_place_in(7 + 5 * i, "images.res_handle", i), vcmd_word(c, 7 + 5 * i),
                          VCMD_USE_ANY, &range));
    }
}

/* ---- samplers and stream output ---- */

void vcmd_model_sampler_views(struct vcmd_check *c)
{
    for (uint32_t i = 3; i <= c->length; i++) {
        struct vcmd_place place = vcmd_place_in(i, "view_handle", i - 3);
        const struct vcmd_model_object *view = NULL;

        if (vcmd_word(c, i) != 0)
            view = vcmd_use_object(c, place, vcmd_word(c, i), VCMD_OBJECT_SAMPLER_VIEW,
                                   VCMD_SEVERITY_ERROR);
        if (view && view->refusal != 0)
            vcmd_report_object(c, (enum vcmd_diagnostic_code)view->refusal, VCMD_SEVERITY_REJECT,
                               place, vcmd_word(c, i));
    }
}

void vcmd_model_sampler_states(struct vcmd_check *c)
{
    uint32_t stage = vcmd_word(c, 1), first = vcmd_word(c, 2), count = c->length - 2;

    if (stage >= VCMD_STAGES || count > VCMD_SLOTS || first > VCMD_SLOTS - count)
        return;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t handle = vcmd_word(c, 3 + i);
        struct vcmd_model_object *state = NULL;

        if (handle != 0)
            state = vcmd_use_object(c, vcmd_place_in(3 + i, "sampler_handle", i), handle,
                                    VCMD_OBJECT_SAMPLER_STATE, VCMD_SEVERITY_IGNORED);
        if (state)
            state->bound = true;
        c->sub->samplers[stage][first + i] = state ? handle : 0;
    }
}

/* Buffers that GL has for stream output at once: the least that it promises, and Mesa's. */
#define MAX_TARGETS 4u

void vcmd_model_streamout(struct vcmd_check *c)
{
    bool was_broken = c->result->broken;
    uint32_t broken = 0;

    for (uint32_t i = 2; i <= c->length; i++) {
        const struct vcmd_model_object *target = NULL;

        if (vcmd_word(c, i) != 0)
            target = vcmd_use_object(c, vcmd_place_in(i, "target_handle", i - 2), vcmd_word(c, i),
                                     VCMD_OBJECT_STREAMOUT_TARGET, VCMD_SEVERITY_ERROR);
        if (target && target->is_broken)
            broken = i;
    }
    if (c->result->broken && !was_broken)
        return; /* the host binds none of them */
    if (c->length > 1 + MAX_TARGETS)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_COUNT_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(0, "length"), c->length - 1, VCMD_LIMIT_MOST, MAX_TARGETS);
    if (broken != 0)
        vcmd_report_object(c, VCMD_DIAGNOSTIC_BUFFER_RANGE, VCMD_SEVERITY_REJECT,
                           vcmd_place_in(broken, "target_handle", broken - 2),
                           vcmd_word(c, broken));
}
