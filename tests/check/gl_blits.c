/* SPDX-License-Identifier: MIT */

/* Blits and copies. */
#include "gl.h"

/* ---- vrend_copy_sub_image ---- */

/* GL adds up in 32 bits with a sign: without layers there is nothing that would be outside. */
static void copied_around(struct world *w, bool bad)
{
    PACKET(w, RESOURCE_COPY_REGION, 0, LAYERS, 0, 0, 0x7fffffff, 0, LAYERS, 0, 0, 0, 0, 8, 1,
           bad ? 1 : 0);
}

static void copied_from_around(struct world *w, bool bad)
{
    PACKET(w, RESOURCE_COPY_REGION, 0, LAYERS, 0, 0, 0, 0, LAYERS, 0, 0, 0x7fffffff, 0, 8, 1,
           bad ? 1 : 0);
}

/* What comes round excuses nothing else, of the same box or of the other. */
static void copied_wide(struct world *w, bool bad)
{
    PACKET(w, RESOURCE_COPY_REGION, 0, VOLUME, 0, 0, 0, 0, VOLUME, 0, bad ? 17 : 8, 0, 0x7fffffff,
           8, 0, 1);
}

static void copied_level(struct world *w, bool bad)
{
    PACKET(w, RESOURCE_COPY_REGION, 0, VOLUME, 0, 0, 0, 0, VOLUME, bad ? 7 : 0, 0, 0, 0x7fffffff, 1,
           0, 1);
}

static void copied_to_wide(struct world *w, bool bad)
{
    PACKET(w, RESOURCE_COPY_REGION, 0, VOLUME, 0, 0x7fffffff, bad ? 17 : 8, 0, VOLUME, 0, 0, 0,
           0x7fffffff, 1, 0, 1);
}

static void copied_formats(struct world *w, bool bad)
{
    PACKET(w, BLIT, 0, 0xf, 0, 0, bad ? SMALL_TEXELS : TEXTURE, 0, VCMD_FORMAT_B8G8R8A8_UNORM, 0, 0,
           0, 8, 8, 1, TEXTURE, 0, VCMD_FORMAT_B8G8R8A8_UNORM, 8, 8, 0, 8, 8, 1);
}

/* ---- vrend_renderer_resource_copy_region: as framebuffers ---- */

static void copied_types(struct world *w, bool bad)
{
    PACKET(w, RESOURCE_COPY_REGION, 0, SMALL_TEXELS, 0, 0, 0, 0, bad ? INTEGERS : TEXTURE, 0, 0, 0,
           0, 8, 8, 1);
}

/* Formats that agree in what is read of the second are copied by GL, which wants the end inside. */
static void copied_end(struct world *w, bool bad)
{
    PACKET(w, RESOURCE_COPY_REGION, 0, NO_ALPHA, 0, bad ? 57 : 56, 0, 0, TEXTURE, 0, 0, 0, 0, 8, 8,
           1);
}

/* ---- vrend_resource_copy_fallback ---- */

/* Depth that GL does not copy is read and written, which it cannot be with samples. */
static void copied_samples(struct world *w, bool bad)
{
    PACKET(w, RESOURCE_COPY_REGION, 0, DEPTH_SAMPLES, 0, 0, 0, 0, bad ? DEPTH : DEPTH_SAMPLES, 0, 0,
           0, 0, 8, 8, 1);
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

static void blitted_to_blocks(struct world *w, bool bad)
{
    PACKET(w, BLIT, 0, 0x1, 0, 0, bad ? BLOCKS : TEXTURE, bad ? 0 : 1,
           bad ? VCMD_FORMAT_DXT1_RGB : VCMD_FORMAT_B8G8R8A8_UNORM, 0, 0, 0, 4, 4, 1, TEXTURE, 0,
           VCMD_FORMAT_B8G8R8A8_UNORM, 8, 8, 0, 4, 4, 1);
}

static void blitted_between(struct world *w, bool bad)
{
    PACKET(w, BLIT, 0, bad ? 0x10f : 0xf, 0, 0, TEXTURE, 0, VCMD_FORMAT_R8G8B8A8_SINT, 0, 0, 0, 4,
           4, 1, TEXTURE, 1, VCMD_FORMAT_R8G8B8A8_SINT, 8, 8, 0, 8, 8, 1);
}

/* It draws: what it would read is a buffer, what it would write has a view all the same. */
static void blitted_from_buffer(struct world *w, bool bad)
{
    PACKET(w, BLIT, 0, 0xf, 0, 0, VOLUME, 0,
           bad ? VCMD_FORMAT_B5G6R5_UNORM : VCMD_FORMAT_B8G8R8A8_UNORM, 0, 0, 0, 4, 4, 2, STAGING,
           0, VCMD_FORMAT_B8G8R8A8_UNORM, 0, 0, 0, 4, 4, 1);
}

/* A blit with a scissor ends with the first one of the state, and forgets the others. */
static void blitted_scissor(struct world *w, bool bad)
{
    PACKET(w, SET_SCISSOR_STATE, 0, bad ? 0 : 1, 9, 8);
    PACKET(w, BLIT, 0, 0x40f, 0, 4 | 4 << 16, TEXTURE, 0, VCMD_FORMAT_B8G8R8A8_UNORM, 0, 0, 0, 4, 4,
           1, TEXTURE, 1, VCMD_FORMAT_B8G8R8A8_UNORM, 8, 8, 0, 8, 8, 1);
    CLEAR(w);
}

/* The layer in front of the first is all of them. */
static void blitted_in_front(struct world *w, bool bad)
{
    PACKET(w, BLIT, 0, 0x10f, 0, 0, TEXTURE, 0, VCMD_FORMAT_B8G8R8A8_UNORM, 0, 0, 0, 4, 4, 1,
           VOLUME, 0, VCMD_FORMAT_B8G8R8A8_UNORM, 0, 0, bad ? 0xfffffffe : 0xffffffff, 4, 4, 1);
}

/* What has no samples is not scaled when it becomes some; turning it around is all right. */
static void blitted_to_samples(struct world *w, bool bad)
{
    PACKET(w, BLIT, 0, 0x10f, 0, 0, SAMPLES, 0, VCMD_FORMAT_B8G8R8A8_UNORM, 0, 4, 0, bad ? 8 : 4,
           0xfffffffc, 1, TEXTURE, 0, VCMD_FORMAT_B8G8R8A8_UNORM, 8, 8, 0, 4, 4, 1);
}

/* Without colors the host does not ask for the filter that scales. */
static void blitted_from_samples(struct world *w, bool bad)
{
    PACKET(w, BLIT, 0, bad ? 0x20 : 0xf, 0, 0, TEXTURE, 0, VCMD_FORMAT_B8G8R8A8_UNORM, 0, 0, 0, 4,
           8, 1, SAMPLES, 0, VCMD_FORMAT_B8G8R8A8_UNORM, 8, 8, 0, 4, 4, 1);
}

/* That filter wants a target without samples. With depth besides, it is not there, and it draws. */
static void blitted_to_fewer(struct world *w, bool bad)
{
    PACKET(w, BLIT, 0, bad ? 0xf : 0x2f, 0, 0, FEW_SAMPLES, 0, VCMD_FORMAT_B8G8R8A8_UNORM, 0, 0, 0,
           4, 8, 1, SAMPLES, 0, VCMD_FORMAT_B8G8R8A8_UNORM, 8, 8, 0, 4, 4, 1);
}

static const struct gl_case cases[] = {
    CASE(BOX_RANGE, copied_around),
    CASE(BOX_RANGE, copied_from_around),
    CASE(BOX_RANGE, copied_wide),
    CASE(LEVEL_RANGE, copied_level),
    CASE(BOX_RANGE, copied_to_wide),
    CASE(FORMAT_VIEW, copied_formats),
    CASE(FORMAT_VIEW, copied_types),
    CASE(BOX_RANGE, copied_end),
    CASE(TRANSFER_SAMPLES, copied_samples),
    CASE(RESOURCE_KIND, copied_staging),
    CASE(RESOURCE_KIND, copied_to_staging),
    CASE(FORMAT_VIEW, blitted_types),
    CASE(FORMAT_UNSUPPORTED, blitted_to_blocks),
    CASE(VALUE_RANGE, blitted_between),
    CASE(FORMAT_VIEW, blitted_from_buffer),
    CASE(VIEWPORT_NEGATIVE, blitted_scissor),
    CASE(BOX_RANGE, blitted_in_front),
    CASE(BOX_RANGE, blitted_to_samples),
    CASE(BOX_RANGE, blitted_from_samples),
    CASE(BOX_RANGE, blitted_to_fewer),
};

const struct gl_group gl_blits = {cases, sizeof(cases) / sizeof(cases[0])};
