/* SPDX-License-Identifier: MIT */

/* What the device's capset says: the same stream to a host that offers all of it but one thing. */
#include "rules.h"

static void without(struct vcmd_caps *caps, uint32_t capability)
{
    caps->capability_bits &= ~capability;
}

/* ---- commands ---- */

static void no_min_samples(struct vcmd_caps *caps)
{
    without(caps, VCMD_CAP_SET_MIN_SAMPLES);
}

static void min_samples(struct world *w, bool bad)
{
    (void)bad;
    PACKET(w, SET_MIN_SAMPLES, 0, 1);
}

static void no_barrier(struct vcmd_caps *caps)
{
    without(caps, VCMD_CAP_MEMORY_BARRIER);
}

static void barrier(struct world *w, bool bad)
{
    (void)bad;
    PACKET(w, MEMORY_BARRIER, 0, 1);
}

static void no_compute(struct vcmd_caps *caps)
{
    without(caps, VCMD_CAP_COMPUTE_SHADER);
}

static void compute_shader(struct world *w, bool bad)
{
    (void)bad;
    world_shader(w, 30, VCMD_SHADER_COMPUTE, "COMP\nEND\n", 0);
}

static void no_fb_no_attach(struct vcmd_caps *caps)
{
    without(caps, VCMD_CAP_FB_NO_ATTACH);
}

static void fb_no_attach(struct world *w, bool bad)
{
    (void)bad;
    PACKET(w, SET_FRAMEBUFFER_STATE_NO_ATTACH, 0, 0x10001, 1);
}

static void no_clear_texture(struct vcmd_caps *caps)
{
    without(caps, VCMD_CAP_CLEAR_TEXTURE);
}

static void clear_texture(struct world *w, bool bad)
{
    (void)bad;
    PACKET(w, CLEAR_TEXTURE, 0, TEXTURE, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0);
}

static void no_inverted(struct vcmd_caps *caps)
{
    caps->bset.conditional_render_inverted = false;
}

static void inverted(struct world *w, bool bad)
{
    (void)bad;
    PACKET(w, BEGIN_QUERY, 0, QUERY);
    PACKET(w, END_QUERY, 0, QUERY);
    PACKET(w, SET_RENDER_CONDITION, 0, QUERY, 1, 0);
}

static void no_start_instance(struct vcmd_caps *caps)
{
    caps->bset.start_instance = false;
}

static void start_instance(struct world *w, bool bad)
{
    (void)bad;
    PACKET(w, DRAW_VBO, 0, 0, 3, VCMD_PRIM_TRIANGLES, 0, 1, 0, 1, 0, 0, 0, 0xffffffff, 0);
}

/* ---- formats and limits ---- */

static void no_format(struct vcmd_caps *caps)
{
    const uint32_t bit = 1u << VCMD_FORMAT_B8G8R8A8_UNORM % 32;

    caps->render.bitmask[VCMD_FORMAT_B8G8R8A8_UNORM / 32] &= ~bit;
    caps->sampler.bitmask[VCMD_FORMAT_B8G8R8A8_UNORM / 32] &= ~bit;
}

static void surface_format(struct world *w, bool bad)
{
    (void)bad;
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_SURFACE, 30, TEXTURE, VCMD_FORMAT_B8G8R8A8_UNORM, 0, 0);
}

static void view_format(struct world *w, bool bad)
{
    (void)bad;
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_SAMPLER_VIEW, 30, TEXTURE, VCMD_FORMAT_B8G8R8A8_UNORM, 0,
           0, 0x688);
}

static void one_attribute(struct vcmd_caps *caps)
{
    caps->max_vertex_attribs = 1;
}

static void two_attributes(struct world *w, bool bad)
{
    (void)bad;
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_VERTEX_ELEMENTS, 30, 0, 0, 0, VCMD_FORMAT_R32_FLOAT, 4, 0,
           0, VCMD_FORMAT_R32_FLOAT);
}

static void little_memory(struct vcmd_caps *caps)
{
    caps->max_compute_shared_memory_size = 16;
}

/* Of 17 bytes; the text is "COMP". */
static void local_memory(struct world *w, bool bad)
{
    (void)bad;
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_SHADER, 30, VCMD_SHADER_COMPUTE, 5, 300, 17, 0x504d4f43,
           0);
}

static void no_triangles(struct vcmd_caps *caps)
{
    caps->prim_mask &= ~(1u << VCMD_PRIM_TRIANGLES);
}

static void triangles(struct world *w, bool bad)
{
    (void)bad;
    DRAW(w, 3, VCMD_PRIM_TRIANGLES, 0);
}

static const struct rule_case cases[] = {
    CAPS_CASE(FEATURE_MISSING, IGNORED, 0, min_samples, no_min_samples),
    CAPS_CASE(FEATURE_MISSING, IGNORED, 0, barrier, no_barrier),
    CAPS_CASE(FEATURE_MISSING, REJECT, 0, compute_shader, no_compute),
    CAPS_CASE(FEATURE_MISSING, IGNORED, 0, fb_no_attach, no_fb_no_attach),
    CAPS_CASE(FEATURE_MISSING, GARBAGE, 0, clear_texture, no_clear_texture),
    CAPS_CASE(FEATURE_MISSING, IGNORED, 2, inverted, no_inverted),
    CAPS_CASE(FEATURE_MISSING, REJECT, 7, start_instance, no_start_instance),
    CAPS_CASE(FORMAT_UNSUPPORTED, GARBAGE, 3, surface_format, no_format),
    CAPS_CASE(FORMAT_UNSUPPORTED, GARBAGE, 3, view_format, no_format),
    CAPS_CASE(COUNT_RANGE, REJECT, 0, two_attributes, one_attribute),
    CAPS_CASE(VALUE_RANGE, GARBAGE, 5, local_memory, little_memory),
    CAPS_CASE(DRAW_MODE, REJECT, 3, triangles, no_triangles),
};

const struct rule_group caps_rules = {cases, sizeof(cases) / sizeof(cases[0])};
