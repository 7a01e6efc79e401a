/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <string.h>

#include <virglcmd/decode.h>

#include "replay_private.h"

/* No device gives this out: a handle that means nothing stays one that means nothing. */
#define NO_SUCH_RESOURCE UINT32_MAX

/* ---- handles ---- */

struct rewriting {
    struct vcmd_replay *replay;
    uint32_t *packet; /* in the copy; the visited one is the capture's */
};

static uint32_t device_handle(struct vcmd_replay *replay, uint32_t handle)
{
    const struct replay_resource *resource;

    if (handle == 0)
        return 0;
    resource = capture_id_find(&replay->resources, handle);
    if (resource)
        return vcmd_resource_id(resource->resource);
    replay->stats.unknown_handles++;
    return NO_SUCH_RESOURCE;
}

static bool rewrite_field(void *user, const struct vcmd_field *field)
{
    const struct rewriting *rewriting = user;
    uint8_t *to = (uint8_t *)rewriting->packet + field->place;

    if (field->handle != VCMD_HANDLE_RESOURCE || field->width != sizeof(uint32_t) ||
        field->bits != 32)
        return true;
    for (size_t i = 0; i < field->count; i++) {
        uint32_t handle =
            vcmd_le32(device_handle(rewriting->replay, (uint32_t)vcmd_field_value(field, i)));

        memcpy(to + i * sizeof(handle), &handle, sizeof(handle));
    }
    return true;
}

/* ---- what is drawn to ---- */

static uint64_t surface_key(const struct replay_context *context, uint32_t handle)
{
    return (uint64_t)context->sub_context << 32 | handle;
}

/* Ids are kept in the place of pointers; without memory a picture is not found by itself. */
static void note_surface(struct replay_context *context, uint32_t handle, uint32_t resource_id)
{
    if (resource_id != 0)
        (void)capture_id_set(&context->surfaces, surface_key(context, handle),
                             (void *)(uintptr_t)resource_id);
}

static void note_framebuffer(struct vcmd_replay *replay, const struct replay_context *context,
                             const struct vcmd_set_framebuffer_state *state)
{
    struct replay_resource *resource;
    uintptr_t id;

    if (state->nr_cbufs == 0)
        return;
    id =
        (uintptr_t)capture_id_find(&context->surfaces, surface_key(context, state->cbuf_handle[0]));
    resource = id ? capture_id_find(&replay->resources, id) : NULL;
    if (resource)
        replay_hold(&replay->drawn, resource);
}

static void note_packet(struct vcmd_replay *replay, struct replay_context *context,
                        const struct vcmd_packet *packet)
{
    switch (packet->kind) {
    case VCMD_PACKET_SET_SUB_CTX:
        context->sub_context = packet->set_sub_ctx.sub_ctx_id;
        break;
    case VCMD_PACKET_CREATE_SURFACE:
        note_surface(context, packet->create_surface.handle, packet->create_surface.res_handle);
        break;
    case VCMD_PACKET_CREATE_MSAA_SURFACE:
        note_surface(context, packet->create_msaa_surface.handle,
                     packet->create_msaa_surface.res_handle);
        break;
    case VCMD_PACKET_SET_FRAMEBUFFER_STATE:
        note_framebuffer(replay, context, &packet->set_framebuffer_state);
        break;
    default:
        break;
    }
}

/* ---- streams ---- */

/* Packets of this submit that may be played; UINT64_MAX: all. */
static uint64_t packets_left(const struct vcmd_replay *replay)
{
    const struct vcmd_replay_options *options = &replay->options;

    if (!(options->stop & VCMD_REPLAY_STOP_PACKET) || options->stop_packet == UINT64_MAX)
        return UINT64_MAX;
    if (!(options->stop & VCMD_REPLAY_STOP_SUBMIT))
        return options->stop_packet + 1 - replay->stats.packets;
    return replay->stats.submits == options->stop_submit ? options->stop_packet + 1 : UINT64_MAX;
}

/* This submit is the last one to be played; left: packets that it should have had besides. */
static void stop_at_submit(struct vcmd_replay *replay, uint64_t left)
{
    replay->stopped = true;
    if (left > 0 && replay->options.stop & VCMD_REPLAY_STOP_PACKET)
        replay_message(replay,
                       "submit %" PRIu64 " has no packet %" PRIu64 ": the replay stops at its end",
                       replay->options.stop_submit, replay->options.stop_packet);
}

/*
 * Rewrites the copy of a stream. Returns its dwords, fewer than there are when it is to stop in
 * between. What is no packet stays as it is: that is for the host to judge.
 */
static size_t prepare(struct vcmd_replay *replay, struct replay_context *context,
                      const struct vcmd_capture_submit *submit, uint32_t *copy)
{
    uint64_t left = packets_left(replay);
    uint64_t scratch[VCMD_DECODER_SCRATCH / sizeof(uint64_t)];
    struct vcmd_decoder decoder;
    struct vcmd_packet packet;

    vcmd_decoder_init(&decoder, submit->dwords, submit->num_dwords, scratch, sizeof(scratch));
    for (; left > 0 && vcmd_decoder_more(&decoder); left--) {
        size_t at = decoder.position;
        struct rewriting rewriting = {replay, copy + at};

        replay->stats.packets++;
        vcmd_visit_packet(submit->dwords + at, submit->num_dwords - at, rewrite_field, &rewriting,
                          NULL);
        if (vcmd_decode_next(&decoder, &packet) == VCMD_STATUS_OK)
            note_packet(replay, context, &packet);
    }
    if (left == 0)
        replay->stopped = true;
    else if (replay->options.stop & VCMD_REPLAY_STOP_SUBMIT &&
             replay->stats.submits == replay->options.stop_submit)
        stop_at_submit(replay, left);
    return vcmd_decoder_more(&decoder) ? decoder.position : submit->num_dwords;
}

static enum vcmd_status send(struct vcmd_replay *replay, struct replay_context *context,
                             const struct vcmd_capture_submit *submit,
                             const struct vcmd_capture_record *record)
{
    uint32_t *dwords = (uint32_t *)(void *)replay->stream.bytes;
    uint64_t unknown = replay->stats.unknown_handles;
    enum vcmd_status status;
    struct vcmd_buffer buf;
    uint64_t fence;

    vcmd_buffer_init(&buf, dwords, submit->num_dwords + VCMD_BUFFER_HEADROOM, VCMD_BUFFER_HEADROOM);
    if (submit->num_dwords > 0)
        memcpy(dwords + VCMD_BUFFER_HEADROOM, submit->dwords,
               submit->num_dwords * sizeof(*submit->dwords));
    buf.length = prepare(replay, context, submit, dwords + VCMD_BUFFER_HEADROOM);
    if (unknown != replay->stats.unknown_handles)
        replay_message(replay,
                       "submit %" PRIu64 ", at byte %" PRIu64 ", names %" PRIu64
                       " resources that the capture does not have",
                       replay->stats.submits, record->offset,
                       replay->stats.unknown_handles - unknown);
    status = vcmd_submit(context->context, &buf, &fence);
    if (status == VCMD_STATUS_OK)
        replay->last_fence = fence;
    replay->stats.submits++;
    replay->stats.dwords += buf.length;
    return replay_outcome(replay, status, record);
}

enum vcmd_status replay_submit(struct vcmd_replay *replay, const struct vcmd_capture_record *record)
{
    const struct vcmd_capture_submit *submit = &record->u.submit;
    struct replay_context *context = replay_find_context(replay, submit->context_id, record);
    size_t bytes = (submit->num_dwords + VCMD_BUFFER_HEADROOM) * sizeof(uint32_t);

    if (!context)
        return replay->error.status;
    if (!capture_memory_reserve(&replay->stream, bytes))
        return replay_fail(replay, VCMD_STATUS_NO_MEMORY, record->offset,
                           "no memory for the submit");
    return send(replay, context, submit, record);
}
