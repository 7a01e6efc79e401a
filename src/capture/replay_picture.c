/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>

#include <virglcmd/context.h>
#include <virglcmd/draw.h>
#include <virglcmd/enums.h>

#include "replay_private.h"
#include "shape.h"

/*
 * A picture is read from a copy of the texture, made in a context of its own: nothing of the replay
 * changes by it, and textures without memory and with several samples can be looked at, too.
 */
struct shot {
    const struct replay_resource *from;
    uint32_t level, layer;
    uint32_t x, y, width, height; /* what is shown of it, in rows as a transfer brings them */
    uint32_t level_width, level_height;
    bool top_first;
};

#define STREAM_DWORDS 64u

static enum vcmd_status refuse(struct vcmd_replay *replay, enum vcmd_status status,
                               const struct shot *shot, const char *why)
{
    struct vcmd_capture_error *error = &replay->picture_error;

    error->status = status;
    if (shot->from)
        snprintf(error->text, sizeof(error->text), "no picture of resource %" PRIu32 ": %s",
                 shot->from->id, why);
    else
        snprintf(error->text, sizeof(error->text), "no picture: %s", why);
    return status;
}

/* ---- what to show ---- */

static bool is_inside(uint32_t start, uint32_t size, uint32_t limit)
{
    return start <= limit && size <= limit - start;
}

/* The whole of level 0 and layer 0, unless the frame that names the resource says otherwise. */
static void choose_part(const struct vcmd_replay *replay, struct shot *shot)
{
    const struct vcmd_resource_desc *desc = &shot->from->desc;
    const struct vcmd_capture_frame *frame = &replay->frame;
    bool framed = shot->from == replay->shown;

    if (framed && frame->level <= desc->last_level) {
        shot->level = frame->level;
        shot->layer = frame->layer;
    }
    shot->level_width = shot->width = vcmd_minify(desc->width, shot->level);
    shot->level_height = shot->height = vcmd_minify(desc->height, shot->level);
    shot->top_first = (desc->flags & VCMD_RESOURCE_Y_0_TOP) != 0;
    if (!framed)
        return;
    shot->top_first = (frame->flags & VCMD_CAPTURE_FRAME_TOP_FIRST) != 0;
    if (frame->width > 0 && frame->height > 0 &&
        is_inside(frame->x, frame->width, shot->level_width) &&
        is_inside(frame->y, frame->height, shot->level_height)) {
        shot->x = frame->x;
        shot->y = frame->y;
        shot->width = frame->width;
        shot->height = frame->height;
    }
}

static const struct replay_resource *choose_resource(const struct vcmd_replay *replay, uint32_t id)
{
    if (id != 0)
        return capture_id_find(&replay->resources, id);
    if (replay->shown)
        return replay->shown;
    return replay->read_back ? replay->read_back : replay->drawn;
}

/* ---- the copy ---- */

static enum vcmd_status make_viewer(struct vcmd_replay *replay)
{
    uint32_t dwords[STREAM_DWORDS];
    struct vcmd_buffer buf;
    enum vcmd_status status;

    if (replay->viewer)
        return VCMD_STATUS_OK;
    status = vcmd_context_create(replay->options.device, "picture", &replay->viewer);
    if (status != VCMD_STATUS_OK)
        return status;
    vcmd_buffer_init(&buf, dwords, STREAM_DWORDS, VCMD_BUFFER_HEADROOM);
    vcmd_create_sub_ctx(&buf, &(struct vcmd_create_sub_ctx){.sub_ctx_id = 1});
    vcmd_set_sub_ctx(&buf, &(struct vcmd_set_sub_ctx){.sub_ctx_id = 1});
    status = vcmd_submit(replay->viewer, &buf, NULL);
    if (status != VCMD_STATUS_OK) {
        /* Without its sub-context it is of no use: the next picture begins anew. */
        vcmd_context_destroy(replay->viewer);
        replay->viewer = NULL;
    }
    return status;
}

static enum vcmd_status copy_texels(struct vcmd_replay *replay, const struct shot *shot,
                                    const struct vcmd_resource *to)
{
    const struct vcmd_box box = {
        0, 0, (int32_t)shot->layer, (int32_t)shot->level_width, (int32_t)shot->level_height, 1};
    uint32_t from = vcmd_resource_id(shot->from->resource);
    uint32_t format = shot->from->desc.format;
    uint32_t dwords[STREAM_DWORDS];
    struct vcmd_buffer buf;

    vcmd_buffer_init(&buf, dwords, STREAM_DWORDS, VCMD_BUFFER_HEADROOM);
    if (shot->from->desc.nr_samples > 1)
        vcmd_blit(&buf, &(struct vcmd_blit){
                            .mask = VCMD_MASK_RGBA,
                            .dst = {vcmd_resource_id(to), 0, format, {0, 0, 0, box.w, box.h, 1}},
                            .src = {from, shot->level, format, box}});
    else
        vcmd_resource_copy_region(
            &buf, &(struct vcmd_resource_copy_region){.dst = {.res_handle = vcmd_resource_id(to)},
                                                      .src = {from, shot->level, box}});
    return vcmd_submit(replay->viewer, &buf, NULL);
}

static enum vcmd_status copy_to(struct vcmd_replay *replay, const struct shot *shot,
                                struct vcmd_resource *to)
{
    enum vcmd_status status = vcmd_context_attach(replay->viewer, to);

    if (status == VCMD_STATUS_OK)
        status = vcmd_context_attach(replay->viewer, shot->from->resource);
    if (status == VCMD_STATUS_OK)
        status = copy_texels(replay, shot, to);
    if (status == VCMD_STATUS_OK)
        status = vcmd_transfer_from_host(replay->viewer, to, NULL);
    (void)vcmd_context_detach(replay->viewer, shot->from->resource);
    return status;
}

static enum vcmd_status create_copy(struct vcmd_replay *replay, const struct shot *shot,
                                    struct vcmd_resource **copy)
{
    const struct vcmd_resource_desc *from = &shot->from->desc;
    struct vcmd_resource_desc desc = {
        .target = VCMD_TEXTURE_2D,
        .format = from->format,
        .bind =
            from->bind & VCMD_BIND_RENDER_TARGET ? VCMD_BIND_RENDER_TARGET : VCMD_BIND_SAMPLER_VIEW,
        .width = shot->level_width,
        .height = shot->level_height,
        /* Copies between a texture that is turned round and one that is not go wrong. */
        .flags = from->flags & VCMD_RESOURCE_Y_0_TOP,
    };

    return vcmd_resource_create(replay->options.device, &desc, copy);
}

/* ---- pixels ---- */

static enum vcmd_status convert(struct vcmd_replay *replay, const struct shot *shot,
                                struct vcmd_resource *copy)
{
    struct vcmd_level_layout layout;
    size_t row_bytes = (size_t)shot->width * 4;
    enum vcmd_status status;
    void *memory;

    status = vcmd_resource_map(copy, &memory, NULL);
    if (status == VCMD_STATUS_OK)
        status = vcmd_resource_get_layout(copy, 0, &layout);
    if (status != VCMD_STATUS_OK)
        return status;
    if (row_bytes > SIZE_MAX / shot->height ||
        !capture_memory_reserve(&replay->pixels, row_bytes * shot->height))
        return VCMD_STATUS_NO_MEMORY;
    for (uint32_t row = 0; row < shot->height; row++) {
        uint32_t to = shot->top_first ? row : shot->height - 1 - row;
        const uint8_t *texels = (const uint8_t *)memory + (size_t)(shot->y + row) * layout.stride +
                                (size_t)shot->x * (layout.stride / shot->level_width);

        if (!capture_pixels_convert(shot->from->desc.format, texels, shot->width,
                                    replay->pixels.bytes + to * row_bytes))
            return VCMD_STATUS_UNSUPPORTED;
    }
    return VCMD_STATUS_OK;
}

static enum vcmd_status take(struct vcmd_replay *replay, const struct shot *shot)
{
    struct vcmd_resource *copy = NULL;
    enum vcmd_status status = make_viewer(replay);

    if (status == VCMD_STATUS_OK)
        status = create_copy(replay, shot, &copy);
    if (status == VCMD_STATUS_OK)
        status = copy_to(replay, shot, copy);
    if (status == VCMD_STATUS_OK)
        status = convert(replay, shot, copy);
    vcmd_resource_destroy(copy);
    return status;
}

enum vcmd_status vcmd_replay_picture(struct vcmd_replay *replay, uint32_t resource_id,
                                     struct vcmd_replay_picture *picture)
{
    struct shot shot = {0};
    uint8_t unused[4];
    static const uint8_t texel[16] = {0};
    enum vcmd_status status;

    if (picture)
        *picture = (struct vcmd_replay_picture){0};
    if (!replay || !picture)
        return VCMD_STATUS_NULL_ARGUMENT;
    shot.from = choose_resource(replay, resource_id);
    if (!shot.from)
        return refuse(replay, VCMD_STATUS_OUT_OF_RANGE, &shot,
                      resource_id ? "there is no such resource" : "nothing has been drawn");
    choose_part(replay, &shot);
    if (shot.from->desc.target == VCMD_BUFFER ||
        !capture_pixels_convert(shot.from->desc.format, texel, 1, unused))
        return refuse(replay, VCMD_STATUS_UNSUPPORTED, &shot, "it has no colours");
    status = take(replay, &shot);
    if (status != VCMD_STATUS_OK)
        return refuse(replay, status, &shot, vcmd_status_string(status));
    *picture =
        (struct vcmd_replay_picture){replay->pixels.bytes, shot.width, shot.height, shot.from->id};
    return VCMD_STATUS_OK;
}
