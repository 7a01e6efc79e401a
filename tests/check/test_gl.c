/* SPDX-License-Identifier: MIT */

/*
 * What virglrenderer 0.10.4 hands on without a look, and GL refuses: a stream that is rejected, and
 * one beside it that is taken. The names in front of the cases are the host's functions; the GL is
 * Mesa's.
 */
#include "world.h"

#include <stdio.h>
#include <string.h>

enum {
    DEPTH_SAMPLES = 30, /* 2D, 64x32, 4 samples, depth and stencil */
    RECTANGLE = 31,     /* 64x32 */
    SMALL_TEXELS = 32,  /* 2D, 64x32, 16 bits a texel */
    /* Handles. */
    ON_SAMPLES = 40,
    ON_DEPTH,
    ON_STAGING,
    OTHER
};

struct gl_case {
    const char *name;
    uint32_t code;
    void (*make)(struct world *w, bool bad);
};

/* ---- vrend_draw_vbo: indirect draws ---- */

/* All that matters of them; the buffer has 256 bytes. */
#define INDIRECT(w, offset, stride, count, count_offset, count_handle)                             \
    PACKET(w, DRAW_VBO, 0, 0, 0, VCMD_PRIM_TRIANGLES, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, VERTICES,   \
           offset, stride, count, count_offset, count_handle)

static void arguments_end(struct world *w, bool bad)
{
    INDIRECT(w, 0, 0, bad ? 17 : 16, 0, 0);
}

/* 0x40000000 times 16 is 0 in 32 bits: what is left is one draw, at the offset. */
static void arguments_wrap(struct world *w, bool bad)
{
    INDIRECT(w, bad ? 244 : 240, 16, 0x40000001, 0, 0);
}

/* -1 draw less than none, which leaves the buffer in front. */
static void arguments_wrap_below(struct world *w, bool bad)
{
    INDIRECT(w, 0, bad ? 0x7ffffff0 : 16, 2, 0, CONSTANTS);
}

static void arguments_stride(struct world *w, bool bad)
{
    INDIRECT(w, 0, bad ? 18 : 20, 2, 0, 0);
}

static void arguments_stride_of_one(struct world *w, bool bad)
{
    INDIRECT(w, 0, 18, 1, 0, bad ? CONSTANTS : 0);
}

static void arguments_count(struct world *w, bool bad)
{
    INDIRECT(w, 0, 16, bad ? 0x80000000 : 0, 0, CONSTANTS);
}

static void count_offset(struct world *w, bool bad)
{
    INDIRECT(w, 0, 16, 1, bad ? 2 : 4, CONSTANTS);
}

static void count_end(struct world *w, bool bad)
{
    INDIRECT(w, 0, 16, 1, bad ? 256 : 252, CONSTANTS);
}

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

/* ---- vrend_patch_blend_state, vrend_hw_emit_blend ---- */

#define DRAW(w, mode)     PACKET(w, DRAW_VBO, 0, 0, 3, mode, 0, 1, 0, 0, 0, 0, 0, 0xffffffff, 0)
#define ENABLED(function) (1u | (uint32_t)(function) << 1)

static void make_blend(struct world *w, uint32_t independent, uint32_t first, uint32_t second)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_BLEND, OTHER, independent, 0, first, second, 0, 0, 0, 0, 0,
           0);
    PACKET(w, BIND_OBJECT, VCMD_OBJECT_BLEND, OTHER);
}

static void blend_function(struct world *w, bool bad)
{
    make_blend(w, 0, ENABLED(bad ? 5 : 4), ENABLED(5));
    DRAW(w, VCMD_PRIM_TRIANGLES);
}

static void blend_alpha_function(struct world *w, bool bad)
{
    make_blend(w, 0, (bad ? 1u : 0u) | 6u << 14, 0);
    DRAW(w, VCMD_PRIM_TRIANGLES);
}

static void blend_second(struct world *w, bool bad)
{
    make_blend(w, bad ? 1 : 0, ENABLED(0), ENABLED(7));
    DRAW(w, VCMD_PRIM_TRIANGLES);
}

/* The state is forgotten before anything is drawn with it. */
static void blend_unbound(struct world *w, bool bad)
{
    make_blend(w, 0, ENABLED(5), 0);
    PACKET(w, BIND_OBJECT, VCMD_OBJECT_BLEND, bad ? OTHER : 0);
    DRAW(w, VCMD_PRIM_TRIANGLES);
}

/* Even a draw that is left out tells GL of it. */
static void blend_left_out(struct world *w, bool bad)
{
    make_blend(w, 0, ENABLED(bad ? 5 : 4), 0);
    PACKET(w, BIND_OBJECT, VCMD_OBJECT_VERTEX_ELEMENTS, 0);
    DRAW(w, VCMD_PRIM_TRIANGLES);
}

/* ---- vrend_set_framebuffer_state ---- */

#define FRAMEBUFFER(w, depth, color) PACKET(w, SET_FRAMEBUFFER_STATE, 0, 1, depth, color)
#define CLEAR(w)                     PACKET(w, CLEAR, 0, 4, 0, 0, 0, 0, 0, 0, 0)

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

/* ---- vrend_create_sampler_view, vrend_set_single_sampler_view ---- */

static void make_view(struct world *w, uint32_t resource, uint32_t target, uint32_t levels)
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

static void level_of_rectangle(struct world *w, bool bad)
{
    make_view(w, RECTANGLE, VCMD_TEXTURE_RECT, bad ? 1 << 8 : 0);
}

/* ---- vrend_select_program, vrend_shader_destroy ---- */

/* Without a vertex shader the last program is drawn with, until one of its shaders is destroyed. */
static void last_program(struct world *w, bool bad)
{
    world_shader(w, OTHER, VCMD_SHADER_VERTEX, "VERT\nEND\n", 0);
    DRAW(w, VCMD_PRIM_TRIANGLES);
    PACKET(w, BIND_SHADER, 0, 0, VCMD_SHADER_VERTEX);
    PACKET(w, DESTROY_OBJECT, VCMD_OBJECT_SHADER, bad ? OTHER : VERTEX);
    DRAW(w, 15);
}

/* A shader that is destroyed lives for as long as it is bound. */
static void last_shader(struct world *w, bool bad)
{
    DRAW(w, VCMD_PRIM_TRIANGLES);
    PACKET(w, DESTROY_OBJECT, VCMD_OBJECT_SHADER, FRAGMENT);
    PACKET(w, BIND_SHADER, 0, 0, VCMD_SHADER_VERTEX);
    if (!bad)
        PACKET(w, BIND_SHADER, 0, 0, VCMD_SHADER_FRAGMENT);
    DRAW(w, 15);
}

/* It is the program that says whether there are patches. */
static void last_patches(struct world *w, bool bad)
{
    world_shader(w, OTHER, VCMD_SHADER_TESS_EVAL, "TESS_EVAL\nEND\n", 0);
    PACKET(w, BIND_SHADER, 0, OTHER, VCMD_SHADER_TESS_EVAL);
    DRAW(w, VCMD_PRIM_PATCHES);
    PACKET(w, BIND_SHADER, 0, 0, VCMD_SHADER_VERTEX);
    PACKET(w, BIND_SHADER, 0, 0, VCMD_SHADER_TESS_EVAL);
    DRAW(w, bad ? VCMD_PRIM_TRIANGLES : VCMD_PRIM_PATCHES);
}

/* ---- vrend_copy_sub_image ---- */

static void copied_formats(struct world *w, bool bad)
{
    PACKET(w, BLIT, 0, 0xf, 0, 0, bad ? SMALL_TEXELS : TEXTURE, 0, VCMD_FORMAT_B8G8R8A8_UNORM, 0, 0,
           0, 8, 8, 1, TEXTURE, 0, VCMD_FORMAT_B8G8R8A8_UNORM, 8, 8, 0, 8, 8, 1);
}

/* ---- vrend_resource_buffer_copy ---- */

/* The guest's memory is all that there is of a staging buffer. */
static void copied_staging(struct world *w, bool bad)
{
    PACKET(w, RESOURCE_COPY_REGION, 0, VERTICES, 0, 0, 0, 0, bad ? STAGING : CONSTANTS, 0, 0, 0, 0,
           16, 1, 1);
}

static void copied_to_staging(struct world *w, bool bad)
{
    PACKET(w, RESOURCE_COPY_REGION, 0, bad ? RESULTS : VERTICES, 0, 0, 0, 0, CONSTANTS, 0, 0, 0, 0,
           16, 1, 1);
}

/* ---- vrend_renderer_blit_fbo ---- */

static void blitted_types(struct world *w, bool bad)
{
    PACKET(w, BLIT, 0, 0xf, 0, 0, TEXTURE, 0, VCMD_FORMAT_B8G8R8A8_UNORM, 0, 0, 0, 4, 4, 1, TEXTURE,
           1, bad ? VCMD_FORMAT_R8G8B8A8_SINT : VCMD_FORMAT_B8G8R8A8_UNORM, 8, 8, 0, 8, 8, 1);
}

#define CASE(code, make)                                                                           \
    {                                                                                              \
#make, VCMD_DIAGNOSTIC_##code, make                                                        \
    }

static const struct gl_case cases[] = {
    CASE(BUFFER_RANGE, arguments_end),
    CASE(BUFFER_RANGE, arguments_wrap),
    CASE(BUFFER_RANGE, arguments_wrap_below),
    CASE(VALUE_RANGE, arguments_stride),
    CASE(VALUE_RANGE, arguments_stride_of_one),
    CASE(COUNT_NEGATIVE, arguments_count),
    CASE(VALUE_RANGE, count_offset),
    CASE(BUFFER_RANGE, count_end),
    CASE(RESOURCE_DESCRIPTION, mapped_and_empty),
    CASE(RESOURCE_DESCRIPTION, mapped_staging),
    CASE(RESOURCE_DESCRIPTION, coherent_only),
    CASE(RESOURCE_DESCRIPTION, buffer_from_top),
    CASE(VALUE_UNKNOWN, blend_function),
    CASE(VALUE_UNKNOWN, blend_alpha_function),
    CASE(VALUE_UNKNOWN, blend_second),
    CASE(VALUE_UNKNOWN, blend_unbound),
    CASE(VALUE_UNKNOWN, blend_left_out),
    CASE(NO_FRAMEBUFFER, depth_stays),
    CASE(NO_FRAMEBUFFER, color_is_replaced),
    CASE(NO_FRAMEBUFFER, staging_surface),
    CASE(VIEW_TARGET, view_of_samples),
    CASE(LEVEL_RANGE, level_of_samples),
    CASE(LEVEL_RANGE, level_of_rectangle),
    CASE(DRAW_MODE, last_program),
    CASE(DRAW_MODE, last_shader),
    CASE(DRAW_MODE, last_patches),
    CASE(FORMAT_VIEW, copied_formats),
    CASE(FORMAT_VIEW, blitted_types),
    CASE(RESOURCE_KIND, copied_staging),
    CASE(RESOURCE_KIND, copied_to_staging),
};

static void add_texture(struct world *w, uint32_t id, uint32_t target, uint32_t format,
                        uint32_t samples)
{
    struct vcmd_ctrl_resource_create_3d texture = {.resource_id = id};

    texture.target = target;
    texture.format = format;
    texture.bind = VCMD_BIND_SAMPLER_VIEW;
    texture.width = 64;
    texture.height = 32;
    texture.depth = 1;
    texture.array_size = 1;
    texture.nr_samples = samples;
    vcmd_checker_resource_create(w->checker, &texture);
    vcmd_checker_attach(w->checker, CONTEXT, id);
}

/* Whether the stream is rejected for the reason, or taken when it is the good one. */
static bool judge(const struct gl_case *c, bool bad)
{
    struct world world;
    size_t seen = 0;
    bool good;

    world_begin(&world, NULL, NULL);
    add_texture(&world, DEPTH_SAMPLES, VCMD_TEXTURE_2D, VCMD_FORMAT_S8_UINT_Z24_UNORM, 4);
    add_texture(&world, RECTANGLE, VCMD_TEXTURE_RECT, VCMD_FORMAT_B8G8R8A8_UNORM, 0);
    add_texture(&world, SMALL_TEXELS, VCMD_TEXTURE_2D, VCMD_FORMAT_B5G6R5_UNORM, 0);
    world_scene(&world);
    c->make(&world, bad);
    world_submit(&world);
    good = world.result.rejected == bad && (bad || !world.result.broken) &&
           (!bad || world.result.rejected_code == c->code) && world_values_are_true(&world, &seen);
    if (!good)
        printf("%s, %s: rejected %d, code %u\n", c->name, bad ? "bad" : "good",
               world.result.rejected, world.result.rejected_code);
    world_end(&world);
    return good;
}

static void test_what_gl_refuses(void **state)
{
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        wrong += judge(&cases[i], true) ? 0 : 1;
        wrong += judge(&cases[i], false) ? 0 : 1;
    }
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_gl_refuses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
