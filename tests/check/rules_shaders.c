/* SPDX-License-Identifier: MIT */

/* Shaders and queries. */
#include "rules.h"

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

/* ---- the same codes, where the host takes them in another way ---- */

static void shader_of_other_stage(struct world *w, bool bad)
{
    world_shader(w, 30, VCMD_SHADER_FRAGMENT, bad ? "VERT\nEND\n" : "FRAG\nEND\n", 0);
}

/* Outputs of four components each, and the text "VERT". */
static void too_many_outputs(struct world *w, bool bad)
{
    uint32_t payload[9 + 2 * 65 + 2] = {30, VCMD_SHADER_VERTEX, 5, 300, bad ? 65 : 64};
    size_t outputs = payload[4];

    for (size_t i = 0; i < outputs; i++)
        payload[9 + 2 * i] = 4u << 10;
    payload[9 + 2 * outputs] = 0x54524556;
    world_packet(w, VCMD_CCMD_CREATE_OBJECT, VCMD_OBJECT_SHADER, payload, 9 + 2 * outputs + 2);
}

static void condition_of_time(struct world *w, bool bad)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_QUERY, 30,
           bad ? VCMD_QUERY_TIME_ELAPSED : VCMD_QUERY_OCCLUSION_PREDICATE, 0, RESULTS);
    PACKET(w, BEGIN_QUERY, 0, 30);
    PACKET(w, END_QUERY, 0, 30);
    PACKET(w, SET_RENDER_CONDITION, 0, 30, 0, 0);
}

static const struct rule_case cases[] = {
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
    CASE(SHADER_TEXT, GARBAGE, 2, shader_of_other_stage),
    CASE(SHADER_STREAM_OUTPUT, REJECT, 5, too_many_outputs),
    CASE(QUERY_TYPE, REJECT, 1, condition_of_time),
};

const struct rule_group shaders_rules = {cases, sizeof(cases) / sizeof(cases[0])};
