/* SPDX-License-Identifier: MIT */

/* Packets and the values of their fields. */
#include "rules.h"

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

/* ---- the same codes, where the host takes them in another way ---- */

static void mip_filter_unknown(struct world *w, bool bad)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_SAMPLER_STATE, 30, (bad ? 3u : 2u) << 11, 0, 0, 0, 0, 0, 0,
           0);
}

static void element_offset(struct world *w, bool bad)
{
    PACKET(w, CREATE_OBJECT, VCMD_OBJECT_VERTEX_ELEMENTS, 30, bad ? 2048 : 2047, 0, 0,
           VCMD_FORMAT_R8G8B8A8_UNORM);
}

static void stage_of_bind(struct world *w, bool bad)
{
    PACKET(w, BIND_SHADER, 0, 0, bad ? 6 : 5);
}

static void sampler_slot(struct world *w, bool bad)
{
    PACKET(w, BIND_SAMPLER_STATES, 0, 1, bad ? 32 : 31, 0);
}

static void image_format(struct world *w, bool bad)
{
    PACKET(w, SET_SHADER_IMAGES, 0, 1, 0, bad ? 322 : VCMD_FORMAT_B8G8R8A8_UNORM, 0, 0, 0, TEXTURE);
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
    CASE(VALUE_UNKNOWN, REJECT, 2, mip_filter_unknown),
    CASE(VALUE_RANGE, REJECT, 2, element_offset),
    CASE(STAGE_RANGE, IGNORED, 2, stage_of_bind),
    CASE(SLOT_RANGE, ERROR, 2, sampler_slot),
    CASE(FORMAT_RANGE, GARBAGE, 3, image_format),
};

const struct rule_group packets_rules = {cases, sizeof(cases) / sizeof(cases[0])};
