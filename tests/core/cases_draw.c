/* SPDX-License-Identifier: MIT */
/* Drawing: 15 kinds of primitives, 0 or 1 where the protocol has a boolean in a whole dword. */
#include "cases.h"

static struct vcmd_clear clear;
ENCODER(clear, "CLEAR", clear, 1 + 8);
static struct vcmd_draw_vbo draw;
ENCODER(draw_vbo, "DRAW_VBO", draw, 1 + 12);
static struct vcmd_draw_vbo_tess draw_tess;
ENCODER(draw_vbo_tess, "DRAW_VBO.TESS", draw_tess, 1 + 14);
static struct vcmd_draw_vbo_indirect draw_indirect;
ENCODER(draw_vbo_indirect, "DRAW_VBO.INDIRECT", draw_indirect, 1 + 20);
static struct vcmd_blit blit = {.dst = {.res_handle = 1, .format = 1},
                                .src = {.res_handle = 1, .format = 1}};
ENCODER(blit, "BLIT", blit, 1 + 21);
static struct vcmd_resource_copy_region copy = {.dst = {.res_handle = 1}, .src = {.res_handle = 1}};
ENCODER(resource_copy_region, "RESOURCE_COPY_REGION", copy, 1 + 13);
static struct vcmd_memory_barrier memory_barrier;
ENCODER(memory_barrier, "MEMORY_BARRIER", memory_barrier, 1 + 1);
static struct vcmd_launch_grid grid;
ENCODER(launch_grid, "LAUNCH_GRID", grid, 1 + 8);
static struct vcmd_texture_barrier texture_barrier;
ENCODER(texture_barrier, "TEXTURE_BARRIER", texture_barrier, 1 + 1);
static struct vcmd_clear_texture clear_texture = {.res_handle = 1};
ENCODER(clear_texture, "CLEAR_TEXTURE", clear_texture, 1 + 12);
static struct vcmd_clear_surface clear_surface = {.surface_handle = 1};
ENCODER(clear_surface, "CLEAR_SURFACE", clear_surface, 1 + 10);

static struct vcmd_begin_query begin = {1};
ENCODER(begin_query, "BEGIN_QUERY", begin, 1 + 1);
static struct vcmd_end_query end = {1};
ENCODER(end_query, "END_QUERY", end, 1 + 1);
static struct vcmd_get_query_result result = {1, 0};
ENCODER(get_query_result, "GET_QUERY_RESULT", result, 1 + 2);
static struct vcmd_set_render_condition condition;
ENCODER(set_render_condition, "SET_RENDER_CONDITION", condition, 1 + 3);
static struct vcmd_get_query_result_qbo qbo = {.query_handle = 1, .qbo_handle = 1};
ENCODER(get_query_result_qbo, "GET_QUERY_RESULT_QBO", qbo, 1 + 6);

static const struct encoder *const encoders[] = {
    &encoder_clear,
    &encoder_draw_vbo,
    &encoder_draw_vbo_tess,
    &encoder_draw_vbo_indirect,
    &encoder_blit,
    &encoder_resource_copy_region,
    &encoder_memory_barrier,
    &encoder_launch_grid,
    &encoder_texture_barrier,
    &encoder_clear_texture,
    &encoder_clear_surface,
    &encoder_begin_query,
    &encoder_end_query,
    &encoder_get_query_result,
    &encoder_set_render_condition,
    &encoder_get_query_result_qbo,
};

#define DRAW(encoder, args)                                                                        \
    UNKNOWN(encoder, (args).mode, 14, "mode", 3), ABOVE(encoder, (args).indexed, 1, "indexed", 4), \
        ABOVE(encoder, (args).primitive_restart, 1, "primitive_restart", 8)

static const struct refusal refusals[] = {
    /* Depth, stencil and 8 colour buffers. */
    RESERVED(clear, clear.buffers, 0x400, 0x3ff, "buffers", 0, 1),
    RESERVED(clear, clear.buffers, 0x80000000u, 0x3ff, "buffers", 0, 1),

    DRAW(draw_vbo, draw),
    DRAW(draw_vbo_tess, draw_tess),
    DRAW(draw_vbo_indirect, draw_indirect),

    RESERVED(blit, blit.mask, 0x40, 0x3f, "mask", 0, 1),
    UNKNOWN(blit, blit.filter, 1, "filter", 1),
    ABOVE(blit, blit.scissor.minx, 65535, "scissor.minx", 2),
    ABOVE(blit, blit.scissor.miny, 65535, "scissor.miny", 2),
    ABOVE(blit, blit.scissor.maxx, 65535, "scissor.maxx", 3),
    ABOVE(blit, blit.scissor.maxy, 65535, "scissor.maxy", 3),
    ZERO(blit, blit.dst.res_handle, "dst.res_handle", 4),
    FORMAT(blit, blit.dst.format, "dst.format", 0, 6),
    ZERO(blit, blit.src.res_handle, "src.res_handle", 13),
    FORMAT(blit, blit.src.format, "src.format", 0, 15),
    ZERO(resource_copy_region, copy.dst.res_handle, "dst.res_handle", 1),
    ZERO(resource_copy_region, copy.src.res_handle, "src.res_handle", 6),

    /* 14 kinds of access. */
    RESERVED(memory_barrier, memory_barrier.flags, 0x4000, 0x3fff, "flags", 0, 1),
    RESERVED(texture_barrier, texture_barrier.flags, 4, 3, "flags", 0, 1),

    ZERO(clear_texture, clear_texture.res_handle, "res_handle", 1),
    /* Three bits: depth, stencil, colour. */
    ABOVE(clear_surface, clear_surface.buffers, 7, "buffers", 1),
    ZERO(clear_surface, clear_surface.surface_handle, "surface_handle", 2),

    ZERO(begin_query, begin.handle, "handle", 1),
    ZERO(end_query, end.handle, "handle", 1),
    ZERO(get_query_result, result.handle, "handle", 1),
    ABOVE(get_query_result, result.wait, 1, "wait", 2),
    ABOVE(set_render_condition, condition.condition, 1, "condition", 2),
    UNKNOWN(set_render_condition, condition.mode, 3, "mode", 3),
    ZERO(get_query_result_qbo, qbo.query_handle, "query_handle", 1),
    ZERO(get_query_result_qbo, qbo.qbo_handle, "qbo_handle", 2),
    ABOVE(get_query_result_qbo, qbo.wait, 1, "wait", 3),
    UNKNOWN(get_query_result_qbo, qbo.result_type, 3, "result_type", 4),
    REFUSE(get_query_result_qbo, qbo.index, -2, OUT_OF_RANGE, "index", 0, -1, 6, -1),
};

const struct case_group draw_cases = {encoders, ARRAY_SIZE(encoders), refusals,
                                      ARRAY_SIZE(refusals)};
