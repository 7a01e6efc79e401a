/* SPDX-License-Identifier: MIT */

/* Objects, resources, and boxes of texels in them. */
#include "rules.h"

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

/* Of a buffer an image has an offset and a size, where it has layers and a level of a texture. */
static void image_range(struct world *w, bool bad)
{
    PACKET(w, SET_SHADER_IMAGES, 0, VCMD_SHADER_FRAGMENT, 0, VCMD_FORMAT_R32_FLOAT, 1, 0, 2,
           TEXTURE, VCMD_FORMAT_R32_FLOAT, 1, 128, bad ? 129 : 128, CONSTANTS);
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

/* 31 rows of -1 byte and one of 256. */
static void data_wraps(struct world *w, bool bad)
{
    TEXELS(w, 0, bad ? 0xffffffff : 256, 0, 0, 64, 32, 0);
}

/* GL counts on when it reads of a framebuffer. */
static void reading_wraps(struct world *w, bool bad)
{
    PACKET(w, TRANSFER3D, 0, TEXTURE, 0, 0, bad ? 0xffffffff : 256, 0, 0, 0, 0, 64, 32, 1, 0,
           VCMD_TRANSFER_FROM_HOST);
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

/* ---- the same codes, where the host takes them in another way ---- */

static void unknown_query(struct world *w, bool bad)
{
    PACKET(w, BEGIN_QUERY, 0, bad ? 77 : QUERY);
}

static void unknown_sampler(struct world *w, bool bad)
{
    PACKET(w, BIND_SAMPLER_STATES, 0, 1, 0, bad ? 77 : SAMPLER);
}

static void blend_as_query(struct world *w, bool bad)
{
    PACKET(w, BEGIN_QUERY, 0, bad ? BLEND : QUERY);
}

static void blend_as_sampler(struct world *w, bool bad)
{
    PACKET(w, BIND_SAMPLER_STATES, 0, 1, 0, bad ? BLEND : SAMPLER);
}

static void transfer_of_nothing(struct world *w, bool bad)
{
    TRANSFER(w, bad ? MISSING : VERTICES, 0, 1, 0, VCMD_TRANSFER_TO_HOST);
}

static void transfer_of_detached(struct world *w, bool bad)
{
    TRANSFER(w, bad ? DETACHED : VERTICES, 0, 1, 0, VCMD_TRANSFER_TO_HOST);
}

static void memory_info(struct world *w, bool bad)
{
    PACKET(w, GET_MEMORY_INFO, 0, bad ? BARE : VERTICES);
}

/* Of a texture: a buffer's GL call would be refused. */
static void texels_empty(struct world *w, bool bad)
{
    TEXELS(w, 0, 0, 0, 0, bad ? 0 : 1, 1, 0);
}

static const struct rule_case cases[] = {
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
    CASE(BUFFER_RANGE, GARBAGE, 11, image_range),
    CASE(RESOURCE_DESCRIPTION, REJECT, 7, resource_description),
    CASE(LEVEL_RANGE, REJECT, 2, level_range),
    CASE(BOX_RANGE, REJECT, 9, box_range),
    CASE(BOX_EMPTY, REJECT, 0, box_empty),
    CASE(STRIDE_RANGE, REJECT, 4, stride_range),
    CASE(DATA_RANGE, REJECT, 12, data_range),
    CASE(DATA_RANGE, GARBAGE, 12, data_wraps),
    CASE(DATA_RANGE, REJECT, 12, reading_wraps),
    CASE(DIRECTION, REJECT, 13, direction),
    CASE(LAYER_RANGE, REJECT, 5, layer_range),
    CASE(TRANSFER_SAMPLES, REJECT, 1, transfer_samples),
    CASE(OBJECT_UNKNOWN, REJECT, 1, unknown_query),
    CASE(OBJECT_UNKNOWN, IGNORED, 3, unknown_sampler),
    CASE(OBJECT_KIND, REJECT, 1, blend_as_query),
    CASE(OBJECT_KIND, IGNORED, 3, blend_as_sampler),
    CASE(RESOURCE_UNKNOWN, REJECT, 1, transfer_of_nothing),
    CASE(RESOURCE_NOT_ATTACHED, REJECT, 1, transfer_of_detached),
    CASE(RESOURCE_NO_BACKING, GARBAGE, 1, memory_info),
    CASE(BOX_EMPTY, NEEDLESS, 0, texels_empty),
};

const struct rule_group objects_rules = {cases, sizeof(cases) / sizeof(cases[0])};
