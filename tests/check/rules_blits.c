/* SPDX-License-Identifier: MIT */

/* Blits, copies, and clears of textures. */
#include "rules.h"

/* ---- blits ---- */

struct side {
    uint32_t resource, level, format;
    uint32_t x, y, z, width, height, depth;
};

struct blit {
    uint32_t how;         /* mask, filter and so on */
    uint32_t least, most; /* of the scissor */
    struct side dst, src;
};

#define ALL_COLORS   0x0fu
#define WITH_LINEAR  (1u << 8)
#define WITH_SCISSOR (1u << 10)

/* All of level 0 onto itself, between framebuffers; without the filter it would be a copy. */
static struct blit whole(void)
{
    const struct side side = {TEXTURE, 0, VCMD_FORMAT_B8G8R8A8_UNORM, 0, 0, 0, 64, 32, 1};
    const struct blit blit = {ALL_COLORS | WITH_LINEAR, 0, 0, side, side};

    return blit;
}

static void send(struct world *w, const struct blit *b)
{
    const struct side *d = &b->dst, *s = &b->src;

    PACKET(w, BLIT, 0, b->how, b->least, b->most, d->resource, d->level, d->format, d->x, d->y,
           d->z, d->width, d->height, d->depth, s->resource, s->level, s->format, s->x, s->y, s->z,
           s->width, s->height, s->depth);
}

static void blit_of_nothing(struct world *w, bool bad)
{
    struct blit b = whole();

    b.src.resource = bad ? MISSING : TEXTURE;
    send(w, &b);
}

static void blit_to_detached(struct world *w, bool bad)
{
    struct blit b = whole();

    b.dst.resource = bad ? DETACHED : TEXTURE;
    send(w, &b);
}

static void blit_without_format(struct world *w, bool bad)
{
    struct blit b = whole();

    b.dst.format = bad ? 0 : VCMD_FORMAT_B8G8R8A8_UNORM;
    send(w, &b);
}

static void blit_beyond_formats(struct world *w, bool bad)
{
    struct blit b = whole();

    b.src.format = bad ? 322 : VCMD_FORMAT_B8G8R8A8_UNORM;
    send(w, &b);
}

/* 16 bits a texel for 32. */
static void blit_view(struct world *w, bool bad)
{
    struct blit b = whole();

    b.src.format = bad ? VCMD_FORMAT_B5G6R5_UNORM : VCMD_FORMAT_B8G8R8A8_UNORM;
    send(w, &b);
}

static void blit_of_buffer(struct world *w, bool bad)
{
    struct blit b = whole();

    b.src.resource = bad ? VERTICES : TEXTURE;
    send(w, &b);
}

/* The framebuffer has no such level to attach: level 2 of 16x8 is the last. */
static void blit_level(struct world *w, bool bad)
{
    struct blit b = whole();

    b.src.level = bad ? 3 : 2;
    b.src.width = b.dst.width = 8;
    b.src.height = b.dst.height = 4;
    send(w, &b);
}

/* GL cuts what leaves a framebuffer. */
static void blit_box(struct world *w, bool bad)
{
    struct blit b = whole();

    b.src.width = bad ? 65 : 64;
    send(w, &b);
}

/* What is copied must be there: the host looks at rows and columns, GL at layers. */
static void blit_copied_layer(struct world *w, bool bad)
{
    struct blit b = whole();

    b.how = ALL_COLORS;
    b.src.z = bad ? 1 : 0;
    send(w, &b);
}

/* Samples are not scaled. */
static void blit_samples(struct world *w, bool bad)
{
    struct blit b = whole();

    b.src.resource = b.dst.resource = SAMPLES;
    b.dst.x = 64;
    b.dst.width = bad ? -63u : -64u;
    send(w, &b);
}

static void blit_other_samples(struct world *w, bool bad)
{
    struct blit b = whole();

    b.src.resource = SAMPLES;
    b.dst.resource = bad ? FEW_SAMPLES : SAMPLES;
    send(w, &b);
}

static void blit_scissor(struct world *w, bool bad)
{
    struct blit b = whole();

    b.how |= WITH_SCISSOR;
    b.least = 8;
    b.most = bad ? 7 : 8;
    send(w, &b);
}

/* ---- copies ---- */

/* A row of 16 from x on, of level 0 to level 0. */
#define COPY(w, dst, to, src, from)                                                                \
    PACKET(w, RESOURCE_COPY_REGION, 0, dst, 0, to, 0, 0, src, 0, from, 0, 0, 16, 1, 1)

static void copy_from_nothing(struct world *w, bool bad)
{
    COPY(w, VERTICES, 0, bad ? MISSING : INDICES, 0);
}

static void copy_of_kinds(struct world *w, bool bad)
{
    COPY(w, bad ? TEXTURE : CONSTANTS, 0, VERTICES, 0);
}

static void copy_beyond_buffer(struct world *w, bool bad)
{
    COPY(w, CONSTANTS, 0, VERTICES, bad ? 241 : 240);
}

static void copy_to_beyond_buffer(struct world *w, bool bad)
{
    COPY(w, CONSTANTS, bad ? 241 : 240, VERTICES, 0);
}

/* GL refuses a copy of a buffer into itself that overlaps. */
static void copy_overlaps(struct world *w, bool bad)
{
    COPY(w, VERTICES, bad ? 15 : 16, VERTICES, 0);
}

static void copy_by_gl(struct world *w, bool bad)
{
    COPY(w, TEXTURE, bad ? 49 : 48, TEXTURE, 0);
}

/* One sample to four goes through framebuffers, which cut what leaves them. */
static void copy_by_framebuffers(struct world *w, bool bad)
{
    COPY(w, SAMPLES, 0, TEXTURE, bad ? 49 : 48);
}

/* ---- clears of textures ---- */

#define CLEAR_TEXELS(w, resource, level, x)                                                        \
    PACKET(w, CLEAR_TEXTURE, 0, resource, level, x, 0, 0, 16, 1, 1, 0, 0, 0, 0)

static void clear_of_no_texture(struct world *w, bool bad)
{
    CLEAR_TEXELS(w, bad ? VERTICES : TEXTURE, 0, 0);
}

static void clear_level(struct world *w, bool bad)
{
    CLEAR_TEXELS(w, TEXTURE, bad ? 3 : 2, 0);
}

static void clear_box(struct world *w, bool bad)
{
    CLEAR_TEXELS(w, TEXTURE, 0, bad ? 49 : 48);
}

static void blit_behind_condition(struct world *w, bool bad)
{
    struct blit b = whole();

    PACKET(w, BEGIN_QUERY, 0, QUERY);
    PACKET(w, END_QUERY, 0, QUERY);
    PACKET(w, SET_RENDER_CONDITION, 0, QUERY, 0, VCMD_RENDER_COND_WAIT);
    if (!bad)
        PACKET(w, SET_RENDER_CONDITION, 0, 0, 0, 0);
    PACKET(w, DESTROY_OBJECT, VCMD_OBJECT_QUERY, QUERY);
    send(w, &b);
}

static const struct rule_case cases[] = {
    CASE(RESOURCE_UNKNOWN, ERROR, 13, blit_of_nothing),
    CASE(RESOURCE_NOT_ATTACHED, ERROR, 4, blit_to_detached),
    CASE(FORMAT_RANGE, ERROR, 6, blit_without_format),
    CASE(FORMAT_RANGE, ERROR, 15, blit_beyond_formats),
    CASE(FORMAT_VIEW, REJECT, 15, blit_view),
    CASE(RESOURCE_KIND, REJECT, 13, blit_of_buffer),
    CASE(LEVEL_RANGE, REJECT, 14, blit_level),
    CASE(BOX_RANGE, GARBAGE, 19, blit_box),
    CASE(BOX_RANGE, REJECT, 21, blit_copied_layer),
    CASE(BOX_RANGE, REJECT, 10, blit_samples),
    CASE(TRANSFER_SAMPLES, GARBAGE, 4, blit_other_samples),
    CASE(VALUE_RANGE, REJECT, 3, blit_scissor),
    CASE(CONDITION_GONE, REJECT, 0, blit_behind_condition),
    CASE(RESOURCE_UNKNOWN, ERROR, 6, copy_from_nothing),
    CASE(RESOURCE_KIND, REJECT, 1, copy_of_kinds),
    CASE(BOX_RANGE, REJECT, 11, copy_beyond_buffer),
    CASE(BOX_RANGE, REJECT, 3, copy_to_beyond_buffer),
    CASE(BOX_RANGE, REJECT, 3, copy_overlaps),
    CASE(BOX_RANGE, REJECT, 3, copy_by_gl),
    CASE(BOX_RANGE, GARBAGE, 11, copy_by_framebuffers),
    CASE(RESOURCE_KIND, GARBAGE, 1, clear_of_no_texture),
    CASE(LEVEL_RANGE, REJECT, 2, clear_level),
    CASE(BOX_RANGE, REJECT, 6, clear_box),
};

const struct rule_group blits_rules = {cases, sizeof(cases) / sizeof(cases[0])};
