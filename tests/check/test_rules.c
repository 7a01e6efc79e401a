/* SPDX-License-Identifier: MIT */

/*
 * Every code of the registry: a stream that provokes it, and one beside it that does not. The
 * streams are made by hand; what the host does with them is read in its source (virglrenderer
 * 0.10.4, vrend_decode.c and vrend_renderer.c).
 */
#include "world.h"

#include <stdio.h>
#include <string.h>

struct rule_case {
    uint32_t code;
    uint32_t severity;
    uint32_t dword; /* of the field that the diagnostic names */
    void (*make)(struct world *w, bool bad);
};

#define DRAW(w, count, mode, indexed)                                                              \
    PACKET(w, DRAW_VBO, 0, 0, count, mode, indexed, 1, 0, 0, 0, 0, 0, 0xffffffff, 0)

/* ---- packets ---- */

static void unknown_command(struct world *w, bool bad)
{
    world_packet(w, bad ? 62 : 61, 0, (const uint32_t[]){0, 0}, 2);
}

static void packet_overrun(struct world *w, bool bad)
{
    PACKET(w, SET_STENCIL_REF, 0, 0);
    w->dwords[0] = vcmd_le32(VCMD_CCMD_SET_STENCIL_REF | (bad ? 2u : 1u) << 16);
}

static void payload_size(struct world *w, bool bad)
{
    PACKET(w, SET_BLEND_COLOR, 0, 0, 0, 0, 0);
    if (bad)
        PACKET(w, SET_BLEND_COLOR, 0, 0, 0, 0);
}

static void trailing_dwords(struct world *w, bool bad)
{
    world_packet(w, VCMD_CCMD_SET_TWEAKS, 0, (const uint32_t[]){1, 2, 3}, bad ? 3 : 2);
}

static void header_bits(struct world *w, bool bad)
{
    PACKET(w, SET_STENCIL_REF, bad ? 5 : 0, 0);
}

/* ---- values ---- */

static void value_unknown(struct world *w, bool bad)
{
    /* rgb_src_factor of target 0: 11 is no factor */
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_BLEND, 30, 0, 0, (bad ? 11u : 1u) << 4, 0, 0, 0, 0, 0, 0,
           0);
}

static void value_range(struct world *w, bool bad)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_SAMPLER_STATE, 30, (bad ? 17u : 16u) << 20, 0, 0, 0, 0, 0,
           0, 0);
}

static void reserved_bits(struct world *w, bool bad)
{
    PACKET(w, SET_STENCIL_REF, 0, bad ? 0x10000 : 0xffff);
}

static void flags_unknown(struct world *w, bool bad)
{
    PACKET(w, TEXTURE_BARRIER, 0, bad ? 4 : 3);
}

static void float_invalid(struct world *w, bool bad)
{
    PACKET(w, SET_BLEND_COLOR, 0, 0, 0, bad ? 0x7fc00000 : 0x7f7fffff, 0);
}

static void stage_range(struct world *w, bool bad)
{
    PACKET(w, SET_CONSTANT_BUFFER, 0, bad ? 6 : 5, 0, 0);
}

static void slot_range(struct world *w, bool bad)
{
    PACKET(w, SET_SAMPLER_VIEWS, 0, 1, bad ? 128 : 127, 0);
}

static void count_range(struct world *w, bool bad)
{
    uint32_t payload[99] = {0};

    world_packet(w, VCMD_CCMD_SET_VERTEX_BUFFERS, 0, payload, bad ? 99 : 96);
}

static void format_range(struct world *w, bool bad)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_SURFACE, 30, TEXTURE,
           bad ? 322 : VCMD_FORMAT_B8G8R8A8_UNORM, 0, 0);
}

static void vertex_format(struct world *w, bool bad)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_VERTEX_ELEMENTS, 30, 0, 0, 0,
           bad ? VCMD_FORMAT_B5G6R5_UNORM : VCMD_FORMAT_R8G8B8A8_UNORM);
}

static void format_view(struct world *w, bool bad)
{
    /* 16 bits a texel for 32 */
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_SURFACE, 30, TEXTURE,
           bad ? VCMD_FORMAT_B5G6R5_UNORM : VCMD_FORMAT_B8G8R8X8_UNORM, 0, 0);
}

static void view_target(struct world *w, bool bad)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_SAMPLER_VIEW, 30, TEXTURE,
           VCMD_FORMAT_B8G8R8A8_UNORM | (uint32_t)(bad ? VCMD_TEXTURE_3D : VCMD_TEXTURE_2D_ARRAY)
                                            << 24,
           0, 0, 0x688);
}

static void string_length(struct world *w, bool bad)
{
    PACKET(w, SEND_STRING_MARKER, 0, bad ? 5 : 4, 0x61616161);
}

static void field_ignored(struct world *w, bool bad)
{
    PACKET(w, SET_CONSTANT_BUFFER, 0, 0, bad ? 1 : 0, 0);
}

/* ---- objects ---- */

static void object_handle_zero(struct world *w, bool bad)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_DSA, bad ? 0 : 30, 0, 0, 0, 0);
}

static void object_type(struct world *w, bool bad)
{
    PACKET(w, BIND_OBJECT, bad ? VCMD_OBJECT_SAMPLER_STATE : VCMD_OBJECT_BLEND, 0);
}

static void object_unknown(struct world *w, bool bad)
{
    PACKET(w, BIND_OBJECT, VCMD_OBJECT_BLEND, bad ? 77 : BLEND);
}

static void object_kind(struct world *w, bool bad)
{
    PACKET(w, BIND_OBJECT, VCMD_OBJECT_BLEND, bad ? SURFACE : BLEND);
}

static void object_replaced(struct world *w, bool bad)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_DSA, bad ? BLEND : 30, 0, 0, 0, 0);
}

static void object_destroy_unknown(struct world *w, bool bad)
{
    PACKET(w, DESTROY_OBJECT, VCMD_OBJECT_BLEND, BLEND);
    if (bad)
        PACKET(w, DESTROY_OBJECT, VCMD_OBJECT_BLEND, BLEND);
}

static void object_destroy_bound(struct world *w, bool bad)
{
    PACKET(w, BIND_SAMPLER_STATES, 0, 1, 3, SAMPLER);
    if (!bad)
        PACKET(w, BIND_SAMPLER_STATES, 0, 1, 3, 0);
    PACKET(w, DESTROY_OBJECT, VCMD_OBJECT_SAMPLER_STATE, SAMPLER);
}

static void sub_ctx_unknown(struct world *w, bool bad)
{
    PACKET(w, CREATE_SUB_CTX, 0, 7);
    PACKET(w, SET_SUB_CTX, 0, bad ? 8 : 7);
}

static void sub_ctx_exists(struct world *w, bool bad)
{
    PACKET(w, CREATE_SUB_CTX, 0, bad ? 0 : 7);
}

/* ---- resources ---- */

static void resource_unknown(struct world *w, bool bad)
{
    PACKET(w, SET_INDEX_BUFFER, 0, bad ? MISSING : VERTICES, 2, 0);
}

static void resource_not_attached(struct world *w, bool bad)
{
    PACKET(w, SET_UNIFORM_BUFFER, 0, 0, 0, 0, 16, bad ? DETACHED : CONSTANTS);
}

static void resource_gone(struct world *w, bool bad)
{
    PACKET(w, SET_UNIFORM_BUFFER, 0, 1, 2, 0, 16, CONSTANTS);
    world_submit(w);
    if (bad)
        vcmd_checker_resource_destroy(w->checker, CONSTANTS);
    DRAW(w, 3, VCMD_PRIM_TRIANGLES, 0);
}

static void resource_kind(struct world *w, bool bad)
{
    PACKET(w, SET_INDEX_BUFFER, 0, bad ? TEXTURE : VERTICES, 2, 0);
}

/* A transfer of the whole of a buffer. */
#define TRANSFER(w, resource, x, width, offset, direction)                                         \
    PACKET(w, TRANSFER3D, 0, resource, 0, 0, 0, 0, x, 0, 0, width, 1, 1, offset, direction)

static void resource_no_backing(struct world *w, bool bad)
{
    TRANSFER(w, bad ? BARE : VERTICES, 0, 256, 0, VCMD_TRANSFER_TO_HOST);
}

static void query_buffer(struct world *w, bool bad)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_QUERY, 30, 0, 0, bad ? VERTICES : RESULTS);
}

static void buffer_range(struct world *w, bool bad)
{
    PACKET(w, SET_UNIFORM_BUFFER, 0, 0, 0, 128, bad ? 129 : 128, CONSTANTS);
}

static void resource_description(struct world *w, bool bad)
{
    PACKET(w, PIPE_RESOURCE_CREATE, 0, VCMD_TEXTURE_CUBE, VCMD_FORMAT_B8G8R8A8_UNORM,
           VCMD_BIND_SAMPLER_VIEW, 16, 16, 1, bad ? 5 : 6, 0, 0, 0, 1);
}

/* ---- boxes ---- */

/* To texture level 0..2 of 64x32: box x, y, z, w, h, d and strides. */
#define TEXELS(w, level, stride, x, y, width, height, offset)                                      \
    PACKET(w, TRANSFER3D, 0, TEXTURE, level, 0, stride, 0, x, y, 0, width, height, 1, offset,      \
           VCMD_TRANSFER_TO_HOST)

static void level_range(struct world *w, bool bad)
{
    TEXELS(w, bad ? 3 : 2, 0, 0, 0, 1, 1, 0);
}

static void box_range(struct world *w, bool bad)
{
    TEXELS(w, 1, 0, 1, 0, bad ? 32 : 31, 16, 0);
}

static void box_empty(struct world *w, bool bad)
{
    TRANSFER(w, VERTICES, 0, bad ? 0 : 1, 0, VCMD_TRANSFER_TO_HOST);
}

static void stride_range(struct world *w, bool bad)
{
    TEXELS(w, 0, bad ? 252 : 256, 0, 0, 64, 32, 0);
}

static void data_range(struct world *w, bool bad)
{
    TRANSFER(w, VERTICES, 0, 128, bad ? 129 : 128, VCMD_TRANSFER_TO_HOST);
}

static void direction(struct world *w, bool bad)
{
    TRANSFER(w, VERTICES, 0, 1, 0, bad ? 3 : 2);
}

static void layer_range(struct world *w, bool bad)
{
    /* all 16 slices, and one slice too many */
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_SURFACE, 30, VOLUME, VCMD_FORMAT_B8G8R8A8_UNORM, 0,
           (bad ? 16u : 15u) << 16);
}

static void transfer_samples(struct world *w, bool bad)
{
    PACKET(w, TRANSFER3D, 0, bad ? SAMPLES : TEXTURE, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 1);
}

/* ---- shaders ---- */

#define FIRST_TEXT "FRAG\nxx" /* and the NUL that a string has: 8 bytes */

static void shader_in_progress(struct world *w, bool bad)
{
    world_shader(w, 30, VCMD_SHADER_FRAGMENT, FIRST_TEXT, 12);
    if (!bad)
        world_shader(w, 30, VCMD_SHADER_FRAGMENT, "END", 0x80000008);
    world_shader(w, 31, VCMD_SHADER_FRAGMENT, "FRAG\nEND\n", 0);
}

static void shader_continuation(struct world *w, bool bad)
{
    world_shader(w, 30, VCMD_SHADER_FRAGMENT, FIRST_TEXT, 12);
    world_shader(w, 30, VCMD_SHADER_FRAGMENT, "END", bad ? 0x80000004 : 0x80000008);
}

static void shader_size(struct world *w, bool bad)
{
    world_shader(w, 30, VCMD_SHADER_FRAGMENT, "FRAG\nEND\n", bad ? 8 : 10);
}

static void shader_not_terminated(struct world *w, bool bad)
{
    world_shader(w, 30, VCMD_SHADER_FRAGMENT, "FRAG\nEN", 0);
    if (bad)
        w->dwords[7] = vcmd_le32(0x20202020); /* the dword with the NUL */
}

static void shader_text(struct world *w, bool bad)
{
    world_shader(w, 30, VCMD_SHADER_FRAGMENT, bad ? "#version 140\n" : "FRAG\nEND\n", 0);
}

static void shader_stream_output(struct world *w, bool bad)
{
    /* one output of register 0, components x to w, and the text "VERT" */
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_SHADER, 30, VCMD_SHADER_VERTEX, 5, 300, 1, 4, 0, 0, 0,
           (bad ? 5u : 4u) << 10, 0, 0x54524556, 0);
}

static void shader_incomplete(struct world *w, bool bad)
{
    world_shader(w, 30, VCMD_SHADER_FRAGMENT, FIRST_TEXT, 12);
    if (!bad)
        world_shader(w, 30, VCMD_SHADER_FRAGMENT, "END", 0x80000008);
    PACKET(w, BIND_SHADER, 0, 30, VCMD_SHADER_FRAGMENT);
}

static void shader_stage(struct world *w, bool bad)
{
    PACKET(w, BIND_SHADER, 0, VERTEX, bad ? VCMD_SHADER_FRAGMENT : VCMD_SHADER_VERTEX);
}

/* ---- queries ---- */

static void query_type(struct world *w, bool bad)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_QUERY, 30, bad ? 13 : 12, 0, RESULTS);
}

static void query_active(struct world *w, bool bad)
{
    PACKET(w, BEGIN_QUERY, 0, QUERY);
    if (!bad)
        PACKET(w, END_QUERY, 0, QUERY);
    PACKET(w, BEGIN_QUERY, 0, QUERY);
}

static void query_not_active(struct world *w, bool bad)
{
    if (!bad)
        PACKET(w, BEGIN_QUERY, 0, QUERY);
    PACKET(w, END_QUERY, 0, QUERY);
}

static void query_never_used(struct world *w, bool bad)
{
    if (!bad) {
        PACKET(w, BEGIN_QUERY, 0, QUERY);
        PACKET(w, END_QUERY, 0, QUERY);
    }
    PACKET(w, GET_QUERY_RESULT, 0, QUERY, 0);
}

static void condition_nested(struct world *w, bool bad)
{
    PACKET(w, BEGIN_QUERY, 0, QUERY);
    PACKET(w, END_QUERY, 0, QUERY);
    PACKET(w, SET_RENDER_CONDITION, 0, QUERY, 0, 0);
    if (!bad)
        PACKET(w, SET_RENDER_CONDITION, 0, 0, 0, 0);
    PACKET(w, SET_RENDER_CONDITION, 0, QUERY, 0, 0);
}

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
    static const uint32_t ids[] = {VERTICES, INDICES,  CONSTANTS, RESULTS, BARE,
                                   STAGING,  DETACHED, TEXTURE,   SAMPLES, VOLUME};

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

#define REJECT   VCMD_SEVERITY_REJECT
#define ERROR    VCMD_SEVERITY_ERROR
#define IGNORED  VCMD_SEVERITY_IGNORED
#define GARBAGE  VCMD_SEVERITY_GARBAGE
#define NEEDLESS VCMD_SEVERITY_NEEDLESS
#define NOTE     VCMD_SEVERITY_NOTE
#define CASE(code, severity, dword, make)                                                          \
    {                                                                                              \
        VCMD_DIAGNOSTIC_##code, severity, dword, make                                              \
    }

static const struct rule_case cases[] = {
    CASE(UNKNOWN_COMMAND, REJECT, 0, unknown_command),
    CASE(PACKET_OVERRUN, ERROR, 0, packet_overrun),
    CASE(PAYLOAD_SIZE, REJECT, 0, payload_size),
    CASE(TRAILING_DWORDS, NEEDLESS, 0, trailing_dwords),
    CASE(HEADER_BITS, NEEDLESS, 0, header_bits),
    CASE(VALUE_UNKNOWN, GARBAGE, 4, value_unknown),
    CASE(VALUE_RANGE, GARBAGE, 2, value_range),
    CASE(RESERVED_BITS, NEEDLESS, 1, reserved_bits),
    CASE(FLAGS_UNKNOWN, IGNORED, 1, flags_unknown),
    CASE(FLOAT_INVALID, GARBAGE, 3, float_invalid),
    CASE(STAGE_RANGE, REJECT, 1, stage_range),
    CASE(SLOT_RANGE, REJECT, 2, slot_range),
    CASE(COUNT_RANGE, REJECT, 0, count_range),
    CASE(FORMAT_RANGE, REJECT, 3, format_range),
    CASE(VERTEX_FORMAT, REJECT, 5, vertex_format),
    CASE(FORMAT_VIEW, REJECT, 3, format_view),
    CASE(VIEW_TARGET, REJECT, 3, view_target),
    CASE(STRING_LENGTH, REJECT, 1, string_length),
    CASE(FIELD_IGNORED, NEEDLESS, 2, field_ignored),
    CASE(OBJECT_HANDLE_ZERO, REJECT, 1, object_handle_zero),
    CASE(OBJECT_TYPE, REJECT, 0, object_type),
    CASE(OBJECT_UNKNOWN, ERROR, 1, object_unknown),
    CASE(OBJECT_KIND, ERROR, 1, object_kind),
    CASE(OBJECT_REPLACED, NEEDLESS, 1, object_replaced),
    CASE(OBJECT_DESTROY_UNKNOWN, IGNORED, 1, object_destroy_unknown),
    CASE(OBJECT_DESTROY_BOUND, GARBAGE, 1, object_destroy_bound),
    CASE(SUB_CTX_UNKNOWN, IGNORED, 1, sub_ctx_unknown),
    CASE(SUB_CTX_EXISTS, IGNORED, 1, sub_ctx_exists),
    CASE(RESOURCE_UNKNOWN, ERROR, 1, resource_unknown),
    CASE(RESOURCE_NOT_ATTACHED, ERROR, 5, resource_not_attached),
    CASE(RESOURCE_GONE, GARBAGE, 0, resource_gone),
    CASE(RESOURCE_KIND, GARBAGE, 1, resource_kind),
    CASE(RESOURCE_NO_BACKING, REJECT, 1, resource_no_backing),
    CASE(QUERY_BUFFER, REJECT, 4, query_buffer),
    CASE(BUFFER_RANGE, GARBAGE, 4, buffer_range),
    CASE(RESOURCE_DESCRIPTION, REJECT, 7, resource_description),
    CASE(LEVEL_RANGE, REJECT, 2, level_range),
    CASE(BOX_RANGE, REJECT, 9, box_range),
    CASE(BOX_EMPTY, REJECT, 0, box_empty),
    CASE(STRIDE_RANGE, REJECT, 4, stride_range),
    CASE(DATA_RANGE, REJECT, 12, data_range),
    CASE(DIRECTION, REJECT, 13, direction),
    CASE(LAYER_RANGE, REJECT, 5, layer_range),
    CASE(TRANSFER_SAMPLES, REJECT, 1, transfer_samples),
    CASE(SHADER_IN_PROGRESS, REJECT, 1, shader_in_progress),
    CASE(SHADER_CONTINUATION, REJECT, 3, shader_continuation),
    CASE(SHADER_SIZE, REJECT, 3, shader_size),
    CASE(SHADER_NOT_TERMINATED, REJECT, 3, shader_not_terminated),
    CASE(SHADER_TEXT, REJECT, 0, shader_text),
    CASE(SHADER_STREAM_OUTPUT, GARBAGE, 10, shader_stream_output),
    CASE(SHADER_INCOMPLETE, GARBAGE, 1, shader_incomplete),
    CASE(SHADER_STAGE, IGNORED, 2, shader_stage),
    CASE(QUERY_TYPE, IGNORED, 2, query_type),
    CASE(QUERY_ACTIVE, REJECT, 1, query_active),
    CASE(QUERY_NOT_ACTIVE, REJECT, 1, query_not_active),
    CASE(QUERY_NEVER_USED, REJECT, 1, query_never_used),
    CASE(CONDITION_NESTED, REJECT, 0, condition_nested),
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
};

#define NUM_CASES (sizeof(cases) / sizeof(cases[0]))

/* These two need a capset: test_features.c. */
static bool is_elsewhere(uint32_t code)
{
    return code == VCMD_DIAGNOSTIC_FEATURE_MISSING || code == VCMD_DIAGNOSTIC_FORMAT_UNSUPPORTED;
}

static void run(struct world *world, const struct rule_case *c, bool bad)
{
    world_begin(world, NULL, NULL);
    world_scene(world);
    c->make(world, bad);
    world_submit(world);
}

static void print_told(const struct world *world, const char *what)
{
    char text[1024];

    printf("%s\n", what);
    for (size_t i = 0; i < world->num_told; i++) {
        vcmd_diagnostic_format(&world->told[i], VCMD_DIAGNOSTIC_LINE, text, sizeof(text));
        printf("  told: %s\n", text);
    }
}

static bool provokes(const struct rule_case *c)
{
    struct world world;
    const struct vcmd_diagnostic *first;
    bool good;

    run(&world, c, true);
    first = world_find(&world, c->code);
    good = first && first->severity == c->severity && first->dword == c->dword;
    if (c->severity == REJECT)
        good = good && world.result.rejected && world.result.rejected_code == c->code;
    else
        good = good && !world.result.rejected;
    if (c->severity == ERROR)
        good = good && world.result.broken;
    if (first)
        good = good && (vcmd_diagnostic_info(c->code)->severities >> c->severity & 1) != 0;
    if (!good)
        print_told(&world, vcmd_diagnostic_info(c->code)->name);
    world_end(&world);
    return good;
}

static bool neighbour_is_clean(const struct rule_case *c)
{
    struct world world;
    bool good;

    run(&world, c, false);
    good = world_count(&world, c->code) == 0 && !world.result.rejected && !world.result.broken;
    if (!good)
        print_told(&world, "neighbour");
    world_end(&world);
    return good;
}

static void test_each_code_is_provoked(void **state)
{
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < NUM_CASES; i++)
        wrong += provokes(&cases[i]) ? 0 : 1;
    assert_int_equal(wrong, 0);
}

static void test_each_neighbour_is_clean(void **state)
{
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < NUM_CASES; i++) {
        if (!neighbour_is_clean(&cases[i])) {
            printf("^ of %s\n", vcmd_diagnostic_info(cases[i].code)->name);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void test_no_code_is_left_out(void **state)
{
    size_t count, missing = 0;
    const struct vcmd_diagnostic_info *infos = vcmd_diagnostic_infos(&count);

    (void)state;
    for (size_t i = 0; i < count; i++) {
        bool found = is_elsewhere(infos[i].code);

        for (size_t k = 0; k < NUM_CASES; k++)
            found = found || cases[k].code == infos[i].code;
        if (!found)
            printf("no case for %s\n", infos[i].name);
        missing += found ? 0 : 1;
    }
    assert_int_equal(missing, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_code_is_left_out),
        cmocka_unit_test(test_each_code_is_provoked),
        cmocka_unit_test(test_each_neighbour_is_clean),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
