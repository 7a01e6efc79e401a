/* SPDX-License-Identifier: MIT */

/* Drawing, contexts, and the checker itself. */
#include "rules.h"

/* ---- drawing ---- */

static void draw_no_vertex_elements(struct world *w, bool bad)
{
    if (bad)
        PACKET(w, BIND_OBJECT, VCMD_OBJECT_VERTEX_ELEMENTS, 0);
    DRAW(w, 3, VCMD_PRIM_TRIANGLES, 0);
}

static void draw_no_shader(struct world *w, bool bad)
{
    if (bad)
        PACKET(w, BIND_SHADER, 0, 0, VCMD_SHADER_FRAGMENT);
    DRAW(w, 3, VCMD_PRIM_TRIANGLES, 0);
}

static void no_framebuffer(struct world *w, bool bad)
{
    PACKET(w, SET_FRAMEBUFFER_STATE, 0, 0, 0);
    if (!bad)
        PACKET(w, SET_FRAMEBUFFER_STATE_NO_ATTACH, 0, 0x10001, 1);
    DRAW(w, 3, VCMD_PRIM_TRIANGLES, 0);
}

static void draw_no_index_buffer(struct world *w, bool bad)
{
    if (bad)
        PACKET(w, SET_INDEX_BUFFER, 0, 0);
    DRAW(w, 3, VCMD_PRIM_TRIANGLES, 1);
}

static void draw_mode(struct world *w, bool bad)
{
    DRAW(w, 3, bad ? 15 : 13, 0);
}

static void draw_no_vertex_buffer(struct world *w, bool bad)
{
    if (bad)
        EMPTY(w, SET_VERTEX_BUFFERS);
    DRAW(w, 3, VCMD_PRIM_TRIANGLES, 0);
}

static void draw_empty(struct world *w, bool bad)
{
    DRAW(w, bad ? 0 : 1, VCMD_PRIM_POINTS, 0);
}

static void index_range(struct world *w, bool bad)
{
    DRAW(w, bad ? 129 : 128, VCMD_PRIM_POINTS, 1); /* 256 bytes of 16 bit indices */
}

static void count_negative(struct world *w, bool bad)
{
    DRAW(w, bad ? 0x80000000 : 0x7fffffff, VCMD_PRIM_POINTS, 0);
}

#define LAUNCH(w) PACKET(w, LAUNCH_GRID, 0, 1, 1, 1, 1, 1, 1, 0, 0)

static void launch_no_shader(struct world *w, bool bad)
{
    world_shader(w, 30, VCMD_SHADER_COMPUTE, "COMP\nEND\n", 0);
    if (!bad)
        PACKET(w, BIND_SHADER, 0, 30, VCMD_SHADER_COMPUTE);
    LAUNCH(w);
}

static void launch_again(struct world *w, bool bad)
{
    DRAW(w, 3, VCMD_PRIM_TRIANGLES, 0);
    launch_no_shader(w, bad);
    LAUNCH(w);
}

static void launch_of_before(struct world *w, bool bad)
{
    launch_no_shader(w, false);
    if (bad)
        PACKET(w, BIND_SHADER, 0, 0, VCMD_SHADER_COMPUTE);
    LAUNCH(w);
    LAUNCH(w);
}

static void draw_after_launch(struct world *w, bool bad)
{
    launch_no_shader(w, false);
    if (bad)
        PACKET(w, BIND_SHADER, 0, 0, VCMD_SHADER_FRAGMENT);
    DRAW(w, 3, VCMD_PRIM_TRIANGLES, 0);
}

static void clear_of_blocks(struct world *w, bool bad)
{
    struct vcmd_ctrl_resource_create_3d texture = {.resource_id = 60,
                                                   .target = VCMD_TEXTURE_2D,
                                                   .format = VCMD_FORMAT_DXT1_RGB,
                                                   .bind = VCMD_BIND_SAMPLER_VIEW,
                                                   .width = 16,
                                                   .height = 16,
                                                   .depth = 1,
                                                   .array_size = 1};

    vcmd_checker_resource_create(w->checker, &texture);
    vcmd_checker_attach(w->checker, CONTEXT, 60);
    PACKET(w, CLEAR_TEXTURE, 0, bad ? 60 : TEXTURE, 0, 0, 0, 0, 4, 4, 1, 0, 0, 0, 0);
}

static void framebuffer_empty(struct world *w, bool bad)
{
    PACKET(w, SET_FRAMEBUFFER_STATE, 0, 2, 0, 0, bad ? 0 : SURFACE);
}

#define CLEAR_BITS(w, bits) PACKET(w, CLEAR, 0, bits, 0, 0, 0, 0, 0, 0, 0)

static void clear_attachment(struct world *w, bool bad)
{
    CLEAR_BITS(w, bad ? 8 : 4);
}

static void viewport_negative(struct world *w, bool bad)
{
    /* scale.x -0.5 is a width of -1; anything closer to 0 is one of 0 */
    PACKET(w, SET_VIEWPORT_STATE, 0, 0, bad ? 0xbf000000 : 0xbeffffff, 0x41800000, 0x3f000000, 0, 0,
           0x3f000000);
}

static void after_error(struct world *w, bool bad)
{
    PACKET(w, BIND_OBJECT, VCMD_OBJECT_BLEND, bad ? 77 : BLEND);
    CLEAR_BITS(w, 4);
}

static void index_size(struct world *w, bool bad)
{
    PACKET(w, SET_INDEX_BUFFER, 0, INDICES, bad ? 3 : 4, 0);
}

/* ---- the host and the checker ---- */

static void context_broken(struct world *w, bool bad)
{
    PACKET(w, BIND_OBJECT, VCMD_OBJECT_BLEND, bad ? 77 : BLEND);
    world_submit(w);
    CLEAR_BITS(w, 4);
}

static void context_unknown(struct world *w, bool bad)
{
    CLEAR_BITS(w, 4);
    if (bad)
        vcmd_checker_context_destroy(w->checker, CONTEXT);
}

static void leak_object(struct world *w, bool bad)
{
    world_submit(w);
    if (!bad)
        vcmd_checker_context_destroy(w->checker, CONTEXT);
    vcmd_checker_finish(w->checker);
    vcmd_checker_context_create(w->checker, CONTEXT);
}

static void leak_resource(struct world *w, bool bad)
{
    static const uint32_t ids[] = {VERTICES, INDICES, CONSTANTS, RESULTS, BARE,       STAGING,
                                   DETACHED, TEXTURE, SAMPLES,   VOLUME,  FEW_SAMPLES};

    for (size_t i = bad ? 1 : 0; i < sizeof(ids) / sizeof(ids[0]); i++)
        vcmd_checker_resource_destroy(w->checker, ids[i]);
    vcmd_checker_finish(w->checker);
    vcmd_checker_context_create(w->checker, CONTEXT);
}

static void leak_sub_ctx(struct world *w, bool bad)
{
    PACKET(w, CREATE_SUB_CTX, 0, 7);
    if (!bad)
        PACKET(w, DESTROY_SUB_CTX, 0, 7);
    world_submit(w);
    vcmd_checker_finish(w->checker);
    vcmd_checker_context_create(w->checker, CONTEXT);
}

static void tracking_full(struct world *w, bool bad)
{
    for (uint32_t id = OTHER_CONTEXT; id < (bad ? 10 : 9); id++)
        vcmd_checker_context_create(w->checker, id);
}

static void call_order(struct world *w, bool bad)
{
    vcmd_checker_attach(w->checker, CONTEXT, bad ? MISSING : DETACHED);
}

/* ---- the same codes, where the host takes them in another way ---- */

/* After a draw the host has a program of its own, which it goes on with. */
static void draw_without_shader_again(struct world *w, bool bad)
{
    DRAW(w, 3, VCMD_PRIM_TRIANGLES, 0);
    if (bad)
        PACKET(w, BIND_SHADER, 0, 0, VCMD_SHADER_FRAGMENT);
    DRAW(w, 3, VCMD_PRIM_TRIANGLES, 0);
}

static void clear_of_unknown(struct world *w, bool bad)
{
    CLEAR_BITS(w, bad ? 0x404 : 4);
}

static void clear_with_viewport(struct world *w, bool bad)
{
    viewport_negative(w, bad);
    CLEAR_BITS(w, 4);
}

/* Three dwords of arguments, which end with the buffer. */
static void launch_arguments(struct world *w, bool bad)
{
    world_shader(w, 30, VCMD_SHADER_COMPUTE, "COMP\nEND\n", 0);
    PACKET(w, BIND_SHADER, 0, 30, VCMD_SHADER_COMPUTE);
    PACKET(w, LAUNCH_GRID, 0, 1, 1, 1, 1, 1, 1, VERTICES, bad ? 248 : 244);
}

static void scissor_negative(struct world *w, bool bad)
{
    PACKET(w, SET_SCISSOR_STATE, 0, 0, 8, bad ? 7 : 8);
}

static const struct rule_case cases[] = {
    CASE(DRAW_NO_VERTEX_ELEMENTS, IGNORED, 0, draw_no_vertex_elements),
    CASE(DRAW_NO_SHADER, IGNORED, 0, draw_no_shader),
    CASE(NO_FRAMEBUFFER, REJECT, 0, no_framebuffer),
    CASE(DRAW_NO_INDEX_BUFFER, IGNORED, 0, draw_no_index_buffer),
    CASE(DRAW_MODE, REJECT, 3, draw_mode),
    CASE(DRAW_NO_VERTEX_BUFFER, GARBAGE, 0, draw_no_vertex_buffer),
    CASE(DRAW_EMPTY, NEEDLESS, 2, draw_empty),
    CASE(INDEX_RANGE, GARBAGE, 2, index_range),
    CASE(COUNT_NEGATIVE, REJECT, 2, count_negative),
    CASE(LAUNCH_NO_SHADER, IGNORED, 0, launch_no_shader),
    CASE(FRAMEBUFFER_EMPTY, ERROR, 1, framebuffer_empty),
    CASE(CLEAR_ATTACHMENT, IGNORED, 1, clear_attachment),
    CASE(VIEWPORT_NEGATIVE, GARBAGE, 2, viewport_negative),
    CASE(AFTER_ERROR, IGNORED, 0, after_error),
    CASE(INDEX_SIZE, GARBAGE, 2, index_size),
    CASE(CONTEXT_BROKEN, ERROR, 0, context_broken),
    CASE(CONTEXT_UNKNOWN, REJECT, 0, context_unknown),
    CASE(LEAK_OBJECT, NEEDLESS, 0, leak_object),
    CASE(LEAK_RESOURCE, NEEDLESS, 0, leak_resource),
    CASE(LEAK_SUB_CTX, NEEDLESS, 0, leak_sub_ctx),
    CASE(TRACKING_FULL, NOTE, 0, tracking_full),
    CASE(CALL_ORDER, NOTE, 0, call_order),
    CASE(DRAW_NO_SHADER, GARBAGE, 0, draw_without_shader_again),
    CASE(DRAW_NO_SHADER, REJECT, 0, draw_after_launch),
    CASE(LAUNCH_NO_SHADER, REJECT, 0, launch_again),
    CASE(LAUNCH_NO_SHADER, GARBAGE, 0, launch_of_before),
    CASE(FORMAT_UNSUPPORTED, REJECT, 1, clear_of_blocks),
    CASE(CLEAR_ATTACHMENT, REJECT, 1, clear_of_unknown),
    CASE(VIEWPORT_NEGATIVE, REJECT, 0, clear_with_viewport),
    CASE(VIEWPORT_NEGATIVE, GARBAGE, 3, scissor_negative),
    CASE(BUFFER_RANGE, REJECT, 8, launch_arguments),
};

const struct rule_group drawing_rules = {cases, sizeof(cases) / sizeof(cases[0])};
