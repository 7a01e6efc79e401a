/* SPDX-License-Identifier: MIT */

/* Surfaces and sampler views: levels, layers, formats and targets of what they show. */
#include "rules.h"

enum { CUBE = 40, LAYERS = 41 };

/* A texture with layers, attached: 16x16 of B8G8R8A8. */
static void add_layers(struct world *w, uint32_t id, uint32_t target, uint32_t layers)
{
    const struct vcmd_ctrl_resource_create_3d resource = {.resource_id = id,
                                                          .target = target,
                                                          .format = VCMD_FORMAT_B8G8R8A8_UNORM,
                                                          .bind = VCMD_BIND_SAMPLER_VIEW |
                                                                  VCMD_BIND_RENDER_TARGET,
                                                          .width = 16,
                                                          .height = 16,
                                                          .depth = 1,
                                                          .array_size = layers};

    vcmd_checker_resource_create(w->checker, &resource);
    vcmd_checker_attach(w->checker, CONTEXT, id);
}

#define SURFACE_OF(w, resource, format, level, first, last)                                        \
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_SURFACE, 30, resource, format, level,                     \
           (uint32_t)(first) | (uint32_t)(last) << 16)

/* target 0: that of the resource */
#define VIEW_OF(w, resource, format, target, first_layer, last_layer, first_level, last_level)     \
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_SAMPLER_VIEW, 30, resource,                               \
           (uint32_t)(format) | (uint32_t)(target) << 24,                                          \
           (uint32_t)(first_layer) | (uint32_t)(last_layer) << 16,                                 \
           (uint32_t)(first_level) | (uint32_t)(last_level) << 8, 0x688)

#define OWN   VCMD_FORMAT_B8G8R8A8_UNORM
#define OTHER VCMD_FORMAT_B8G8R8X8_UNORM /* has texels of the same size */

/* ---- surfaces ---- */

static void surface_of_nothing(struct world *w, bool bad)
{
    SURFACE_OF(w, bad ? MISSING : TEXTURE, OWN, 0, 0, 0);
}

static void surface_of_buffer(struct world *w, bool bad)
{
    SURFACE_OF(w, bad ? VERTICES : TEXTURE, OWN, 0, 0, 0);
}

static void surface_level(struct world *w, bool bad)
{
    SURFACE_OF(w, TEXTURE, OWN, bad ? 3 : 2, 0, 0);
}

/* Faces of a cube: one of them, or all. */
static void surface_of_faces(struct world *w, bool bad)
{
    add_layers(w, CUBE, VCMD_TEXTURE_CUBE, 6);
    SURFACE_OF(w, CUBE, OWN, 0, 0, bad ? 4 : 5);
}

/* One layer that is not there is taken at first. */
static void surface_layer(struct world *w, bool bad)
{
    add_layers(w, LAYERS, VCMD_TEXTURE_2D_ARRAY, 4);
    SURFACE_OF(w, LAYERS, OWN, 0, bad ? 4 : 3, bad ? 4 : 3);
}

/* In another format a texture with depth has its first slice only. */
static void surface_of_slice(struct world *w, bool bad)
{
    SURFACE_OF(w, VOLUME, OTHER, 0, bad ? 1 : 0, bad ? 1 : 0);
}

/* ---- sampler views ---- */

static void view_of_nothing(struct world *w, bool bad)
{
    VIEW_OF(w, bad ? MISSING : TEXTURE, OWN, 0, 0, 0, 0, 0);
}

static void view_format(struct world *w, bool bad)
{
    VIEW_OF(w, TEXTURE, bad ? VCMD_FORMAT_B5G6R5_UNORM : OTHER, 0, 0, 0, 0, 0);
}

static void view_target_unknown(struct world *w, bool bad)
{
    add_layers(w, CUBE, VCMD_TEXTURE_CUBE_ARRAY, 6);
    VIEW_OF(w, CUBE, OWN, bad ? VCMD_TEXTURE_CUBE_ARRAY + 1 : VCMD_TEXTURE_CUBE_ARRAY, 0, 5, 0, 0);
}

/* In its own format the host keeps the numbers for later. */
static void view_last_level(struct world *w, bool bad)
{
    VIEW_OF(w, TEXTURE, OWN, 0, 0, 0, 0, bad ? 3 : 2);
}

static void view_last_layer(struct world *w, bool bad)
{
    VIEW_OF(w, TEXTURE, OWN, 0, 0, bad ? 1 : 0, 0, 0);
}

/* In another format GL makes a view at once. */
static void other_first_level(struct world *w, bool bad)
{
    VIEW_OF(w, TEXTURE, OTHER, 0, 0, 0, bad ? 2 : 1, 1);
}

static void other_layers(struct world *w, bool bad)
{
    add_layers(w, LAYERS, VCMD_TEXTURE_2D_ARRAY, 4);
    VIEW_OF(w, LAYERS, OTHER, 0, bad ? 4 : 3, bad ? 4 : 3, 0, 0);
}

static void other_faces(struct world *w, bool bad)
{
    add_layers(w, LAYERS, VCMD_TEXTURE_2D_ARRAY, 6);
    VIEW_OF(w, LAYERS, OWN, VCMD_TEXTURE_CUBE, 0, bad ? 4 : 5, 0, 0);
}

static void other_target(struct world *w, bool bad)
{
    VIEW_OF(w, VOLUME, OWN, bad ? VCMD_TEXTURE_2D : VCMD_TEXTURE_3D, 0, 0, 0, 0);
}

/* 64 texels of 4 bytes are all of the buffer; refused when the view is set. */
static void view_of_buffer(struct world *w, bool bad)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_SAMPLER_VIEW, 30, VERTICES, VCMD_FORMAT_R32_FLOAT, 0,
           bad ? 64 : 63, 0x688);
    PACKET(w, SET_SAMPLER_VIEWS, 0, 1, 0, 30);
}

static void format_of_buffer(struct world *w, bool bad)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_SAMPLER_VIEW, 30, VERTICES,
           bad ? VCMD_FORMAT_R16_SNORM : VCMD_FORMAT_R16_UNORM, 0, 15, 0x688);
    PACKET(w, SET_SAMPLER_VIEWS, 0, 1, 0, 30);
}

static const struct rule_case cases[] = {
    CASE(RESOURCE_UNKNOWN, REJECT, 2, surface_of_nothing),
    CASE(RESOURCE_KIND, GARBAGE, 2, surface_of_buffer),
    CASE(LEVEL_RANGE, GARBAGE, 4, surface_level),
    CASE(LAYER_RANGE, REJECT, 5, surface_of_faces),
    CASE(LAYER_RANGE, GARBAGE, 5, surface_layer),
    CASE(LAYER_RANGE, REJECT, 5, surface_of_slice),
    CASE(RESOURCE_UNKNOWN, REJECT, 2, view_of_nothing),
    CASE(FORMAT_VIEW, REJECT, 3, view_format),
    CASE(VALUE_UNKNOWN, REJECT, 3, view_target_unknown),
    CASE(LEVEL_RANGE, GARBAGE, 5, view_last_level),
    CASE(LAYER_RANGE, GARBAGE, 4, view_last_layer),
    CASE(LEVEL_RANGE, REJECT, 5, other_first_level),
    CASE(LAYER_RANGE, REJECT, 4, other_layers),
    CASE(LAYER_RANGE, REJECT, 4, other_faces),
    CASE(VIEW_TARGET, REJECT, 3, other_target),
    CASE(BUFFER_RANGE, REJECT, 3, view_of_buffer),
    CASE(FORMAT_UNSUPPORTED, REJECT, 3, format_of_buffer),
};

const struct rule_group views_rules = {cases, sizeof(cases) / sizeof(cases[0])};
