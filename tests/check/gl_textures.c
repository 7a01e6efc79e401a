/* SPDX-License-Identifier: MIT */

/* Resources, and what is seen of them: surfaces, framebuffers and sampler views. */
#include "gl.h"

/* ---- vrend_create_buffer, check_resource_valid ---- */

#define BUFFER(w, bind, width, flags)                                                              \
    PACKET(w, PIPE_RESOURCE_CREATE, 0, VCMD_BUFFER, VCMD_FORMAT_R8_UNORM, bind, width, 1, 1, 1, 0, \
           0, flags, 1)

static void mapped_and_empty(struct world *w, bool bad)
{
    BUFFER(w, VCMD_BIND_VERTEX_BUFFER, 0, bad ? VCMD_RESOURCE_FLAG_MAP_PERSISTENT : 0);
}

static void mapped_staging(struct world *w, bool bad)
{
    BUFFER(w, bad ? VCMD_BIND_SHADER_BUFFER : VCMD_BIND_STAGING, 0,
           VCMD_RESOURCE_FLAG_MAP_PERSISTENT);
}

static void coherent_only(struct world *w, bool bad)
{
    BUFFER(w, VCMD_BIND_VERTEX_BUFFER, 16,
           VCMD_RESOURCE_FLAG_MAP_COHERENT | (bad ? 0 : VCMD_RESOURCE_FLAG_MAP_PERSISTENT));
}

static void buffer_from_top(struct world *w, bool bad)
{
    BUFFER(w, VCMD_BIND_VERTEX_BUFFER, 16, bad ? VCMD_RESOURCE_Y_0_TOP : 0);
}

/* ---- check_resource_valid, vrend_resource_alloc_texture ---- */

#define CREATE(w, target, format, width, height, depth, layers, level, samples)                    \
    PACKET(w, PIPE_RESOURCE_CREATE, 0, target, format, VCMD_BIND_SAMPLER_VIEW, width, height,      \
           depth, layers, level, samples, 0, 1)
#define COLORS VCMD_FORMAT_B8G8R8A8_UNORM

static void one_sample(struct world *w, bool bad)
{
    CREATE(w, VCMD_TEXTURE_RECT, COLORS, 8, 8, 1, 1, 0, bad ? 1 : 0);
}

static void one_sample_of_levels(struct world *w, bool bad)
{
    CREATE(w, VCMD_TEXTURE_2D, COLORS, 8, 8, 1, 1, bad ? 1 : 0, 1);
}

/* The host would let one level more pass than GL has. */
static void last_level(struct world *w, bool bad)
{
    CREATE(w, VCMD_TEXTURE_2D, COLORS, 8, 4, 1, 1, bad ? 4 : 3, 0);
}

static void last_level_of_depth(struct world *w, bool bad)
{
    CREATE(w, VCMD_TEXTURE_3D, COLORS, 8, 4, bad ? 8 : 16, 1, 4, 0);
}

static void no_format(struct world *w, bool bad)
{
    CREATE(w, VCMD_TEXTURE_2D, bad ? VCMD_FORMAT_NONE : COLORS, 8, 8, 1, 1, 0, 0);
}

static void depth_in_depth(struct world *w, bool bad)
{
    CREATE(w, bad ? VCMD_TEXTURE_3D : VCMD_TEXTURE_2D, VCMD_FORMAT_Z16_UNORM, 8, 8, 1, 1, 0, 0);
}

static void blocks_in_depth(struct world *w, bool bad)
{
    CREATE(w, VCMD_TEXTURE_3D, bad ? VCMD_FORMAT_DXT1_RGB : VCMD_FORMAT_BPTC_RGBA_UNORM, 8, 8, 4, 1,
           0, 0);
}

static void blocks_in_line(struct world *w, bool bad)
{
    CREATE(w, bad ? VCMD_TEXTURE_1D : VCMD_TEXTURE_RECT, VCMD_FORMAT_DXT1_RGB, 8, 1, 1, 1, 0, 0);
}

static void height_of_line(struct world *w, bool bad)
{
    CREATE(w, VCMD_TEXTURE_1D_ARRAY, COLORS, 8, bad ? 2 : 1, 1, 2, 0, 0);
}

static void height_of_cube(struct world *w, bool bad)
{
    CREATE(w, VCMD_TEXTURE_CUBE, COLORS, 8, bad ? 4 : 8, 1, 6, 0, 0);
}

static void no_height(struct world *w, bool bad)
{
    CREATE(w, VCMD_TEXTURE_2D, COLORS, 8, bad ? 0 : 1, 1, 1, 0, 0);
}

static void no_layers(struct world *w, bool bad)
{
    CREATE(w, bad ? VCMD_TEXTURE_2D_ARRAY : VCMD_TEXTURE_2D, COLORS, 8, 8, 1, 0, 0, 0);
}

/* ---- vrend_set_framebuffer_state ---- */

#define FRAMEBUFFER(w, depth, color) PACKET(w, SET_FRAMEBUFFER_STATE, 0, 1, depth, color)

static void make_surface(struct world *w, uint32_t handle, uint32_t resource, uint32_t format)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_SURFACE, handle, resource, format, 0, 0);
}

/* A color surface named as depth goes to color 0, and what was depth before stays attached. */
static void depth_stays(struct world *w, bool bad)
{
    make_surface(w, ON_SAMPLES, SAMPLES, VCMD_FORMAT_B8G8R8A8_UNORM);
    make_surface(w, ON_DEPTH, DEPTH_SAMPLES, VCMD_FORMAT_S8_UINT_Z24_UNORM);
    FRAMEBUFFER(w, ON_DEPTH, ON_SAMPLES);
    if (!bad)
        FRAMEBUFFER(w, 0, ON_SAMPLES);
    FRAMEBUFFER(w, ON_SAMPLES, SURFACE);
    CLEAR(w);
}

/* A surface that stays where it is is not attached again over what has taken its place. */
static void color_is_replaced(struct world *w, bool bad)
{
    make_surface(w, ON_SAMPLES, SAMPLES, VCMD_FORMAT_B8G8R8A8_UNORM);
    make_surface(w, ON_DEPTH, DEPTH_SAMPLES, VCMD_FORMAT_S8_UINT_Z24_UNORM);
    FRAMEBUFFER(w, ON_DEPTH, ON_SAMPLES);
    FRAMEBUFFER(w, SURFACE, ON_SAMPLES);
    if (bad)
        CLEAR(w);
}

/* Staging buffers are nothing to GL, which attaches nothing without a word. */
static void staging_surface(struct world *w, bool bad)
{
    make_surface(w, ON_STAGING, bad ? VERTICES : STAGING, VCMD_FORMAT_R8_UNORM);
    PACKET(w, SET_FRAMEBUFFER_STATE, 0, 2, 0, SURFACE, ON_STAGING);
    CLEAR(w);
}

static void make_layers(struct world *w, uint32_t handle, uint32_t first, uint32_t last)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_SURFACE, handle, LAYERS, VCMD_FORMAT_B8G8R8A8_UNORM, 0,
           first | last << 16);
}

/* Blocks are attached, and not drawn to. */
static void surface_of_blocks(struct world *w, bool bad)
{
    make_surface(w, OTHER, bad ? BLOCKS : TEXTURE,
                 bad ? VCMD_FORMAT_DXT1_RGB : VCMD_FORMAT_B8G8R8A8_UNORM);
    PACKET(w, SET_FRAMEBUFFER_STATE, 0, 1, 0, OTHER);
    CLEAR(w);
}

/* All that is attached has layers, or nothing. */
static void one_of_layers(struct world *w, bool bad)
{
    make_layers(w, ON_SAMPLES, 0, 3);
    make_layers(w, OTHER, 1, bad ? 1 : 2);
    PACKET(w, SET_FRAMEBUFFER_STATE, 0, 2, 0, ON_SAMPLES, OTHER);
    CLEAR(w);
}

/* Of what has no layers the host names none to GL. */
static void drawn_behind(struct world *w, bool bad)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_SURFACE, OTHER, bad ? VOLUME : TEXTURE,
           VCMD_FORMAT_B8G8R8A8_UNORM, 0, 16 | 16u << 16);
    PACKET(w, SET_FRAMEBUFFER_STATE, 0, 1, 0, OTHER);
    CLEAR(w);
}

/* Backwards is to the end, so the surface has layers, unless it is of none. */
static void drawn_backwards(struct world *w, bool bad)
{
    make_layers(w, OTHER, bad ? 1 : 2, 0);
    PACKET(w, SET_FRAMEBUFFER_STATE, 0, 1, 0, OTHER);
    CLEAR(w);
}

/* Samples that the host has no use for do not make two surfaces differ. */
static void implicit_samples(struct world *w, bool bad)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_MSAA_SURFACE, OTHER, bad ? SAMPLES : TEXTURE,
           VCMD_FORMAT_B8G8R8A8_UNORM, 0, 0, 4);
    PACKET(w, SET_FRAMEBUFFER_STATE, 0, 2, 0, SURFACE, OTHER);
    CLEAR(w);
}

/* ---- vrend_create_surface, vrend_create_sampler_view: glTextureView ---- */

/* GL counts without a sign: from the first layer to the end. */
static void layers_backwards(struct world *w, bool bad)
{
    make_layers(w, OTHER, bad ? 4 : 3, 0);
}

/* A view as 2D has one layer, whichever; one as 2D_ARRAY has what there is. */
static void view_backwards(struct world *w, bool bad)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_SAMPLER_VIEW, OTHER, LAYERS,
           VCMD_FORMAT_R8G8B8A8_UNORM | (uint32_t)(bad ? VCMD_TEXTURE_2D : VCMD_TEXTURE_2D_ARRAY)
                                            << 24,
           2, 0, 0x688);
}

static void view_of_depth(struct world *w, bool bad)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_SAMPLER_VIEW, OTHER, VOLUME,
           VCMD_FORMAT_R8G8B8A8_UNORM | VCMD_TEXTURE_3D << 24, bad ? 1u << 16 : 0, 0, 0x688);
}

/* In another format one side of a cube has no view. */
static void surface_of_cubes(struct world *w, bool bad)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_SURFACE, OTHER, CUBES,
           bad ? VCMD_FORMAT_R8G8B8A8_UNORM : VCMD_FORMAT_B8G8R8A8_UNORM, 0, 2 | 2u << 16);
}

/* A view begins with a layer that is there, also of what has one only. */
static void surface_behind(struct world *w, bool bad)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_SURFACE, OTHER, TEXTURE,
           bad ? VCMD_FORMAT_R8G8B8A8_UNORM : VCMD_FORMAT_B8G8R8A8_UNORM, 0, 1 | 1u << 16);
}

static void surface_of_depth(struct world *w, bool bad)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_SURFACE, OTHER, VOLUME,
           bad ? VCMD_FORMAT_R8G8B8A8_UNORM : VCMD_FORMAT_B8G8R8A8_UNORM, 0, 15u << 16);
}

/* ---- vrend_create_sampler_view, vrend_set_single_sampler_view ---- */

void make_view(struct world *w, uint32_t resource, uint32_t target, uint32_t levels)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_SAMPLER_VIEW, OTHER, resource,
           VCMD_FORMAT_B8G8R8A8_UNORM | target << 24, 0, levels, 0x688);
    PACKET(w, SET_SAMPLER_VIEWS, 0, 1, 0, OTHER);
}

static void view_of_samples(struct world *w, bool bad)
{
    make_view(w, SAMPLES, bad ? VCMD_TEXTURE_1D : VCMD_TEXTURE_2D_ARRAY, 0);
}

static void level_of_samples(struct world *w, bool bad)
{
    make_view(w, SAMPLES, 0, bad ? 1 : 0);
}

/* The host, which knows nothing but the number of it, would crash. */
static void view_undescribed(struct world *w, bool bad)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_SAMPLER_VIEW, OTHER, VERTICES,
           bad ? VCMD_FORMAT_B8G8R8_UNORM : VCMD_FORMAT_R8G8B8_UNORM, 0, 15, 0x688);
    PACKET(w, SET_SAMPLER_VIEWS, 0, 1, 0, OTHER);
}

/* One level more than the last is none at all; two more are as many as there are. */
static void level_behind_last(struct world *w, bool bad)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_SAMPLER_VIEW, OTHER, TEXTURE, VCMD_FORMAT_B8G8R8X8_UNORM,
           0, bad ? 1 : 2, 0x688);
}

static void level_of_rectangle(struct world *w, bool bad)
{
    make_view(w, RECTANGLE, VCMD_TEXTURE_RECT, bad ? 1 << 8 : 0);
}

/* Which GL has of packed floats, but not of alpha: those are 2D. */
static void level_of_floats(struct world *w, bool bad)
{
    uint32_t format = bad ? VCMD_FORMAT_R11G11B10_FLOAT : VCMD_FORMAT_A8_UNORM;

    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_SAMPLER_VIEW, OTHER, bad ? RECTANGLE_FLOATS : RECTANGLE_A8,
           format, 0, 1 << 8, 0x688);
    PACKET(w, SET_SAMPLER_VIEWS, 0, 1, 0, OTHER);
}

/* A view as rectangle is one as 2D in a format without them, whatever the texture has. */
static void view_as_rectangle(struct world *w, bool bad)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_SAMPLER_VIEW, OTHER, SCALED_DEPTH,
           (uint32_t)(bad ? VCMD_FORMAT_Z24X8_UNORM : VCMD_FORMAT_DXT1_RGB) |
               (uint32_t)VCMD_TEXTURE_RECT << 24,
           0, 0, 0x688);
}

static void view_of_rectangle(struct world *w, bool bad)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_SAMPLER_VIEW, OTHER, bad ? RECTANGLE_FLOATS : RECTANGLE_A8,
           (uint32_t)(bad ? VCMD_FORMAT_R11G11B10_FLOAT : VCMD_FORMAT_A8_UNORM) |
               (uint32_t)VCMD_TEXTURE_2D_ARRAY << 24,
           0, 0, 0x688);
}

/* Nothing but zeros is set of a texture that is none. */
static void view_of_staging(struct world *w, bool bad)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_SAMPLER_VIEW, OTHER, STAGING,
           VCMD_FORMAT_B8G8R8A8_UNORM | VCMD_TEXTURE_2D << 24, 0, 0, bad ? 0x924 - 1 : 0x924);
    PACKET(w, SET_SAMPLER_VIEWS, 0, 1, 0, OTHER);
}

static void view_of_no_target(struct world *w, bool bad)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_SAMPLER_VIEW, OTHER, RESULTS,
           VCMD_FORMAT_B8G8R8A8_UNORM | (bad ? 0u : (uint32_t)VCMD_TEXTURE_2D << 24), 0, 0, 0x924);
    PACKET(w, SET_SAMPLER_VIEWS, 0, 1, 0, OTHER);
}

static const struct gl_case cases[] = {
    CASE(RESOURCE_DESCRIPTION, mapped_and_empty),
    CASE(RESOURCE_DESCRIPTION, mapped_staging),
    CASE(RESOURCE_DESCRIPTION, coherent_only),
    CASE(RESOURCE_DESCRIPTION, buffer_from_top),
    CASE(RESOURCE_DESCRIPTION, one_sample),
    CASE(RESOURCE_DESCRIPTION, one_sample_of_levels),
    CASE(RESOURCE_DESCRIPTION, last_level),
    CASE(RESOURCE_DESCRIPTION, last_level_of_depth),
    CASE(RESOURCE_DESCRIPTION, no_format),
    CASE(RESOURCE_DESCRIPTION, depth_in_depth),
    CASE(RESOURCE_DESCRIPTION, blocks_in_depth),
    CASE(RESOURCE_DESCRIPTION, blocks_in_line),
    CASE(RESOURCE_DESCRIPTION, height_of_line),
    CASE(RESOURCE_DESCRIPTION, height_of_cube),
    CASE(RESOURCE_DESCRIPTION, no_height),
    CASE(RESOURCE_DESCRIPTION, no_layers),
    CASE(NO_FRAMEBUFFER, depth_stays),
    CASE(NO_FRAMEBUFFER, color_is_replaced),
    CASE(NO_FRAMEBUFFER, staging_surface),
    CASE(NO_FRAMEBUFFER, surface_of_blocks),
    CASE(NO_FRAMEBUFFER, one_of_layers),
    CASE(NO_FRAMEBUFFER, drawn_behind),
    CASE(NO_FRAMEBUFFER, drawn_backwards),
    CASE(NO_FRAMEBUFFER, implicit_samples),
    CASE(LAYER_RANGE, layers_backwards),
    CASE(LAYER_RANGE, view_backwards),
    CASE(LAYER_RANGE, view_of_depth),
    CASE(LAYER_RANGE, surface_of_depth),
    CASE(LAYER_RANGE, surface_behind),
    CASE(LAYER_RANGE, surface_of_cubes),
    CASE(VIEW_TARGET, view_of_samples),
    CASE(LEVEL_RANGE, level_of_samples),
    CASE(FORMAT_UNSUPPORTED, view_undescribed),
    CASE(LEVEL_RANGE, level_behind_last),
    CASE(LEVEL_RANGE, level_of_rectangle),
    CASE(LEVEL_RANGE, level_of_floats),
    CASE(VIEW_TARGET, view_as_rectangle),
    CASE(VIEW_TARGET, view_of_rectangle),
    CASE(RESOURCE_KIND, view_of_staging),
    CASE(RESOURCE_KIND, view_of_no_target),
};

const struct gl_group gl_textures = {cases, sizeof(cases) / sizeof(cases[0])};
