/* SPDX-License-Identifier: MIT */

/*
 * What virglrenderer 0.10.4 hands on without a look, and GL refuses: a stream that is rejected, and
 * one beside it that is taken. The names in front of the cases are the host's functions; the GL is
 * Mesa's.
 */
#include "gl.h"

#include <stdio.h>
#include <string.h>

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

/* GL does not have the buffers that are only of the guest. */
static void arguments_of_guest(struct world *w, bool bad)
{
    PACKET(w, DRAW_VBO, 0, 0, 0, VCMD_PRIM_TRIANGLES, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
           bad ? STAGING : VERTICES, 0, 0, 1, 0, 0);
}

static void count_of_guest(struct world *w, bool bad)
{
    INDIRECT(w, 0, 16, 1, 0, bad ? RESULTS : CONSTANTS);
}

static void launch_of_guest(struct world *w, bool bad)
{
    world_shader(w, OTHER, VCMD_SHADER_COMPUTE, "COMP\nEND\n", 0);
    PACKET(w, BIND_SHADER, 0, OTHER, VCMD_SHADER_COMPUTE);
    PACKET(w, LAUNCH_GRID, 0, 1, 1, 1, 1, 1, 1, bad ? RESULTS : VERTICES, 0);
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

/* ---- vrend_hw_emit_rs ---- */

/* The core profile has one way of filling: two that differ are not told to GL. */
static void fill_mode(struct world *w, bool bad)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_RASTERIZER, OTHER, 3 << 12 | (bad ? 3 << 10 : 0), 0, 0, 0,
           0, 0, 0, 0);
    PACKET(w, BIND_OBJECT, VCMD_OBJECT_RASTERIZER, OTHER);
}

/* ---- vrend_launch_grid ---- */

#define LAUNCH(w) PACKET(w, LAUNCH_GRID, 0, 1, 1, 1, 1, 1, 1, 0, 0)

/* The second launch without a shader takes the program of the draw. */
static void launched_twice(struct world *w, bool bad)
{
    DRAW(w, VCMD_PRIM_TRIANGLES);
    LAUNCH(w);
    if (!bad)
        PACKET(w, BIND_SHADER, 0, 0, VCMD_SHADER_COMPUTE);
    LAUNCH(w);
}

/* Linking makes the host look for a program again, unless one for launches is named. */
static void launched_after_link(struct world *w, bool bad)
{
    world_shader(w, OTHER, VCMD_SHADER_COMPUTE, "COMP\nEND\n", 0);
    DRAW(w, VCMD_PRIM_TRIANGLES);
    LAUNCH(w);
    PACKET(w, LINK_SHADER, 0, VERTEX, FRAGMENT, 0, 0, 0, bad ? OTHER : 0);
    LAUNCH(w);
}

/* It takes the program of the last launch: then GL has nothing against it but the grid. */
static void launched_again(struct world *w, bool bad)
{
    world_shader(w, OTHER, VCMD_SHADER_COMPUTE, "COMP\nEND\n", 0);
    PACKET(w, BIND_SHADER, 0, OTHER, VCMD_SHADER_COMPUTE);
    LAUNCH(w);
    PACKET(w, BIND_SHADER, 0, 0, VCMD_SHADER_COMPUTE);
    if (bad)
        LAUNCH(w);
    PACKET(w, LAUNCH_GRID, 0, 1, 1, 1, 1, 1, 1, RESULTS, 0);
}

static void launch_compute(struct world *w)
{
    world_shader(w, OTHER, VCMD_SHADER_COMPUTE, "COMP\nEND\n", 0);
    PACKET(w, BIND_SHADER, 0, OTHER, VCMD_SHADER_COMPUTE);
    LAUNCH(w);
}

/* GL does not draw with the program of a launch, which goes with its shader. */
static void drawn_with_launch(struct world *w, bool bad)
{
    launch_compute(w);
    PACKET(w, BIND_SHADER, 0, 0, VCMD_SHADER_COMPUTE);
    PACKET(w, BIND_SHADER, 0, 0, VCMD_SHADER_VERTEX);
    if (!bad)
        PACKET(w, DESTROY_OBJECT, VCMD_OBJECT_SHADER, OTHER);
    DRAW(w, VCMD_PRIM_TRIANGLES);
}

static void atomic_offset(struct world *w, bool bad)
{
    PACKET(w, SET_ATOMIC_BUFFERS, 0, 0, bad ? 2 : 4, 16, VERTICES);
    launch_compute(w);
}

static void atomic_size(struct world *w, bool bad)
{
    PACKET(w, SET_ATOMIC_BUFFERS, 0, 3, 0, 0, VERTICES);
    if (!bad)
        PACKET(w, SET_ATOMIC_BUFFERS, 0, 3, 0, 0, 0);
    DRAW(w, VCMD_PRIM_TRIANGLES);
}

/* ---- vrend_get_query_result_qbo ---- */

static void result_end(struct world *w, bool bad)
{
    PACKET(w, BEGIN_QUERY, 0, QUERY);
    PACKET(w, END_QUERY, 0, QUERY);
    PACKET(w, GET_QUERY_RESULT_QBO, 0, QUERY, VERTICES, 1,
           bad ? VCMD_QUERY_TYPE_I64 : VCMD_QUERY_TYPE_U32, 252, 0);
}

/* ---- vrend_end_query, vrend_pause_render_condition ---- */

static void make_query(struct world *w, uint32_t type)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_QUERY, OTHER, type, 0, RESULTS);
}

static void other_type(struct world *w, bool bad)
{
    make_query(w, bad ? VCMD_QUERY_OCCLUSION_PREDICATE : VCMD_QUERY_OCCLUSION_COUNTER);
    PACKET(w, BEGIN_QUERY, 0, QUERY);
    PACKET(w, END_QUERY, 0, OTHER);
}

/* GL has no second occlusion query; the time that is taken has no number to the host. */
static void index_of_end(struct world *w, bool bad)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_QUERY, OTHER,
           (bad ? VCMD_QUERY_OCCLUSION_COUNTER : VCMD_QUERY_TIME_ELAPSED) | 2 << 16, 0, RESULTS);
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_QUERY, QUERY,
           bad ? VCMD_QUERY_OCCLUSION_COUNTER : VCMD_QUERY_TIME_ELAPSED, 0, RESULTS);
    PACKET(w, BEGIN_QUERY, 0, QUERY);
    PACKET(w, END_QUERY, 0, OTHER);
}

static void paused_condition(struct world *w, bool bad)
{
    make_query(w, VCMD_QUERY_OCCLUSION_COUNTER);
    PACKET(w, BEGIN_QUERY, 0, OTHER);
    PACKET(w, END_QUERY, 0, OTHER);
    PACKET(w, SET_RENDER_CONDITION, 0, OTHER, 0, VCMD_RENDER_COND_WAIT);
    PACKET(w, BEGIN_QUERY, 0, OTHER);
    PACKET(w, BLIT, 0, bad ? 0xf : 0x80f, 0, 0, TEXTURE, 0, VCMD_FORMAT_B8G8R8A8_UNORM, 0, 0, 0, 4,
           4, 1, TEXTURE, 1, VCMD_FORMAT_B8G8R8A8_UNORM, 8, 8, 0, 8, 8, 1);
}

/* A query of the same handle is another one; the condition's is gone. */
static void condition_replaced(struct world *w, bool bad)
{
    make_query(w, VCMD_QUERY_OCCLUSION_COUNTER);
    PACKET(w, BEGIN_QUERY, 0, OTHER);
    PACKET(w, END_QUERY, 0, OTHER);
    PACKET(w, SET_RENDER_CONDITION, 0, OTHER, 0, VCMD_RENDER_COND_WAIT);
    make_query(w, VCMD_QUERY_OCCLUSION_COUNTER);
    PACKET(w, BLIT, 0, bad ? 0xf : 0x80f, 0, 0, TEXTURE, 0, VCMD_FORMAT_B8G8R8A8_UNORM, 0, 0, 0, 4,
           4, 1, TEXTURE, 1, VCMD_FORMAT_B8G8R8A8_UNORM, 8, 8, 0, 8, 8, 1);
}

/* ---- vrend_clear_texture ---- */

static void cleared_blocks(struct world *w, bool bad)
{
    PACKET(w, CLEAR_TEXTURE, 0, bad ? BLOCKS : TEXTURE, 0, 0, 0, 0, 4, 4, 1, 0, 0, 0, 0);
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

/* ---- vrend_renderer_transfer_write_iov ---- */

/* The host scales such depth in a copy, and makes one of a single layer only. */
static void scaled_depth(struct world *w, bool bad)
{
    PACKET(w, RESOURCE_INLINE_WRITE, 0, SCALED_DEPTH, 0, 0, 0, 0, 0, 0, 0, 1, 1, bad ? 0 : 1, 0);
}

/* ---- vrend_renderer_transfer_send_iov ---- */

/* Of one texel: dwords 8 and 11 are the layers, 14 the direction. */
#define COPY_LAYERS(w, resource, first, count, flags)                                              \
    PACKET(w, COPY_TRANSFER3D, 0, resource, 0, 0, 0, 0, 0, 0, first, 1, 1, count, STAGING, 0, flags)

/* What is read of a framebuffer is one layer, however many the box says. */
static void written_backwards(struct world *w, bool bad)
{
    COPY_LAYERS(w, LAYERS, 3, 0xffffffff, bad ? 0 : VCMD_COPY_TRANSFER3D_FLAGS_READ_FROM_HOST);
}

static void read_in_front(struct world *w, bool bad)
{
    COPY_LAYERS(w, VOLUME, bad ? 0xfffffffe : 0xffffffff, 1,
                VCMD_COPY_TRANSFER3D_FLAGS_READ_FROM_HOST);
}

/* Row 2 is in the middle of the blocks, which are four rows high. */
static void blocks_cut(struct world *w, bool bad)
{
    PACKET(w, COPY_TRANSFER3D, 0, BLOCKS, 0, 0, 0, 0, 0, 2, 0, 4, 4, 1, STAGING, 0,
           bad ? 0 : VCMD_COPY_TRANSFER3D_FLAGS_READ_FROM_HOST);
}

/* None of the layers is asked for, and GL is given one. */
static void blocks_empty(struct world *w, bool bad)
{
    PACKET(w, COPY_TRANSFER3D, 0, BLOCK_LAYERS, 0, 0, 0, 0, 0, 0, 0, 4, 4, 0, STAGING, 0,
           bad ? 0 : VCMD_COPY_TRANSFER3D_FLAGS_READ_FROM_HOST);
}

static void written_in_front(struct world *w, bool bad)
{
    COPY_LAYERS(w, VOLUME, 0xffffffff, 1, bad ? 0 : VCMD_COPY_TRANSFER3D_FLAGS_READ_FROM_HOST);
}

/* ---- vrend_hw_emit_streamout_targets ---- */

/* No bytes of a buffer that GL does not have are none. */
static void no_output(struct world *w, bool bad)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_STREAMOUT_TARGET, OTHER, bad ? VERTICES : STAGING, 0, 0);
    PACKET(w, SET_STREAMOUT_TARGETS, 0, 0, OTHER);
}

/* ---- vrend_create_vertex_elements_state ---- */

/* Formats without plain channels: of one of them the host knows the first. */
static void vertex_without_channels(struct world *w, bool bad)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_VERTEX_ELEMENTS, OTHER, 0, 0, 0,
           bad ? VCMD_FORMAT_R9G9B9E5_FLOAT : VCMD_FORMAT_R8G8Bx_SNORM);
}

/* virglrenderer 0.10.4 has a number for it, and nothing else. */
static void vertex_undescribed(struct world *w, bool bad)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_VERTEX_ELEMENTS, OTHER, 0, 0, 0,
           bad ? VCMD_FORMAT_B8G8R8_UNORM : VCMD_FORMAT_R8G8B8_UNORM);
}

static const struct gl_case drawing_cases[] = {
    CASE(BUFFER_RANGE, arguments_end),
    CASE(BUFFER_RANGE, arguments_wrap),
    CASE(BUFFER_RANGE, arguments_wrap_below),
    CASE(VALUE_RANGE, arguments_stride),
    CASE(VALUE_RANGE, arguments_stride_of_one),
    CASE(COUNT_NEGATIVE, arguments_count),
    CASE(VALUE_RANGE, count_offset),
    CASE(BUFFER_RANGE, count_end),
    CASE(RESOURCE_KIND, arguments_of_guest),
    CASE(RESOURCE_KIND, count_of_guest),
    CASE(RESOURCE_KIND, launch_of_guest),
    CASE(VALUE_UNKNOWN, blend_function),
    CASE(VALUE_UNKNOWN, blend_alpha_function),
    CASE(VALUE_UNKNOWN, blend_second),
    CASE(VALUE_UNKNOWN, blend_unbound),
    CASE(VALUE_UNKNOWN, blend_left_out),
    CASE(VALUE_UNKNOWN, fill_mode),
    CASE(LAUNCH_NO_SHADER, launched_twice),
    CASE(LAUNCH_NO_SHADER, launched_after_link),
    CASE(RESOURCE_KIND, launched_again),
    CASE(DRAW_NO_SHADER, drawn_with_launch),
    CASE(BUFFER_RANGE, atomic_offset),
    CASE(BUFFER_RANGE, atomic_size),
    CASE(BUFFER_RANGE, result_end),
    CASE(QUERY_NOT_ACTIVE, other_type),
    CASE(VALUE_RANGE, index_of_end),
    CASE(QUERY_ACTIVE, paused_condition),
    CASE(CONDITION_GONE, condition_replaced),
    CASE(FORMAT_UNSUPPORTED, cleared_blocks),
    CASE(DRAW_MODE, last_program),
    CASE(DRAW_MODE, last_shader),
    CASE(DRAW_MODE, last_patches),
    CASE(BOX_RANGE, scaled_depth),
    CASE(BOX_RANGE, written_backwards),
    CASE(BOX_RANGE, read_in_front),
    CASE(BOX_RANGE, written_in_front),
    CASE(BOX_RANGE, blocks_cut),
    CASE(BOX_EMPTY, blocks_empty),
    CASE(BUFFER_RANGE, no_output),
    CASE(VERTEX_FORMAT, vertex_without_channels),
    CASE(VERTEX_FORMAT, vertex_undescribed),
};

static const struct gl_group drawing = {drawing_cases,
                                        sizeof(drawing_cases) / sizeof(drawing_cases[0])};

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
    texture.array_size = target == VCMD_TEXTURE_2D_ARRAY     ? 4
                         : target == VCMD_TEXTURE_CUBE_ARRAY ? 12
                                                             : 1;
    texture.nr_samples = samples;
    vcmd_checker_resource_create(w->checker, &texture);
    vcmd_checker_attach(w->checker, CONTEXT, id);
}

static void begin_world(struct world *world)
{
    world_begin(world, NULL, NULL);
    add_texture(world, DEPTH_SAMPLES, VCMD_TEXTURE_2D, VCMD_FORMAT_S8_UINT_Z24_UNORM, 4);
    add_texture(world, NO_ALPHA, VCMD_TEXTURE_2D, VCMD_FORMAT_B8G8R8X8_UNORM, 0);
    add_texture(world, DEPTH, VCMD_TEXTURE_2D, VCMD_FORMAT_S8_UINT_Z24_UNORM, 0);
    add_texture(world, RECTANGLE, VCMD_TEXTURE_RECT, VCMD_FORMAT_B8G8R8A8_UNORM, 0);
    add_texture(world, SMALL_TEXELS, VCMD_TEXTURE_2D, VCMD_FORMAT_B5G6R5_UNORM, 0);
    add_texture(world, LAYERS, VCMD_TEXTURE_2D_ARRAY, VCMD_FORMAT_B8G8R8A8_UNORM, 0);
    add_texture(world, BLOCKS, VCMD_TEXTURE_2D, VCMD_FORMAT_DXT1_RGB, 0);
    add_texture(world, BLOCK_LAYERS, VCMD_TEXTURE_2D_ARRAY, VCMD_FORMAT_DXT1_RGB, 0);
    add_texture(world, INTEGERS, VCMD_TEXTURE_2D, VCMD_FORMAT_R8G8B8A8_SINT, 0);
    add_texture(world, SCALED_DEPTH, VCMD_TEXTURE_2D, VCMD_FORMAT_Z24X8_UNORM, 0);
    add_texture(world, RECTANGLE_FLOATS, VCMD_TEXTURE_RECT, VCMD_FORMAT_R11G11B10_FLOAT, 0);
    add_texture(world, RECTANGLE_A8, VCMD_TEXTURE_RECT, VCMD_FORMAT_A8_UNORM, 0);
    add_texture(world, CUBES, VCMD_TEXTURE_CUBE_ARRAY, VCMD_FORMAT_B8G8R8A8_UNORM, 0);
    world_scene(world);
}

/* Whether the stream is rejected for the reason, or taken when it is the good one. */
static bool judge(const struct gl_case *c, bool bad)
{
    struct world world;
    size_t seen = 0;
    bool good;

    begin_world(&world);
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

static size_t judge_all(const struct gl_group *group)
{
    size_t wrong = 0;

    for (size_t i = 0; i < group->count; i++) {
        wrong += judge(&group->cases[i], true) ? 0 : 1;
        wrong += judge(&group->cases[i], false) ? 0 : 1;
    }
    return wrong;
}

static void test_what_gl_refuses(void **state)
{
    (void)state;
    assert_int_equal(judge_all(&drawing), 0);
    assert_int_equal(judge_all(&gl_textures), 0);
    assert_int_equal(judge_all(&gl_blits), 0);
}

/* The first fault of this code; of the field "none" when there is no such. */
static struct vcmd_diagnostic first_told(const struct world *world, enum vcmd_diagnostic_code code)
{
    for (size_t i = 0; i < world->num_told; i++) {
        if (world->told[i].code == code)
            return world->told[i];
    }
    return (struct vcmd_diagnostic){.field = "none"};
}

/* Both levels are in one dword: the one that is wrong is named. */
static void test_which_level(void **state)
{
    static const struct {
        uint32_t resource, target, levels;
        const char *field;
        uint32_t value;
    } views[] = {
        {SAMPLES, VCMD_TEXTURE_2D_ARRAY, 1, "first_level", 1},
        {RECTANGLE, VCMD_TEXTURE_2D, 2 << 8, "last_level", 2},
        {RECTANGLE, VCMD_TEXTURE_2D, 2 << 8 | 3, "first_level", 3},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++) {
        struct vcmd_diagnostic told;
        struct world world;

        begin_world(&world);
        make_view(&world, views[i].resource, views[i].target, views[i].levels);
        world_submit(&world);
        told = first_told(&world, VCMD_DIAGNOSTIC_LEVEL_RANGE);
        assert_string_equal(told.field, views[i].field);
        assert_int_equal(told.value, views[i].value);
        assert_int_equal(told.limit, 0);
        world_end(&world);
    }
}

/* GL gets the lower 8 bits of the number. */
static void test_kept_samples(void **state)
{
    static const struct {
        uint32_t samples;
        bool rejected;
    } textures[] = {{4, false}, {5, true}, {0x104, false}, {0x105, true}, {0xcb764d00, false}};
    static struct vcmd_caps caps;

    (void)state;
    memset(&caps.sampler, 0xff, sizeof(caps.sampler));
    memset(&caps.render, 0xff, sizeof(caps.render));
    caps.max_samples = 4;
    for (size_t i = 0; i < sizeof(textures) / sizeof(textures[0]); i++) {
        struct world world;

        world_begin(&world, NULL, &caps);
        PACKET(&world, PIPE_RESOURCE_CREATE, 0, VCMD_TEXTURE_2D, VCMD_FORMAT_B8G8R8A8_UNORM,
               VCMD_BIND_SAMPLER_VIEW, 8, 8, 1, 1, 0, textures[i].samples, 0, 1);
        world_submit(&world);
        assert_int_equal(world.result.rejected, textures[i].rejected);
        world_end(&world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_gl_refuses),
        cmocka_unit_test(test_which_level),
        cmocka_unit_test(test_kept_samples),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
