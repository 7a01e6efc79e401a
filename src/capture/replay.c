/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "replay_private.h"

#define DEFAULT_TIMEOUT_NS UINT64_C(60000000000)

/* ---- saying what is wrong ---- */

enum vcmd_status replay_fail(struct vcmd_replay *replay, enum vcmd_status status, uint64_t offset,
                             const char *format, ...)
{
    va_list args;

    if (replay->error.status != VCMD_STATUS_OK)
        return status;
    replay->error.status = status;
    replay->error.offset = offset;
    va_start(args, format);
    vsnprintf(replay->error.text, sizeof(replay->error.text), format, args);
    va_end(args);
    return status;
}

enum vcmd_status replay_outcome(struct vcmd_replay *replay, enum vcmd_status status,
                                const struct vcmd_capture_record *record)
{
    char what[64];

    if (status == VCMD_STATUS_OK)
        return status;
    replay->failed = true;
    replay->failure.status = status;
    replay->failure.offset = record->offset;
    snprintf(what, sizeof(what), "the %s", vcmd_capture_type_name(record->type));
    /* It is counted by now. */
    if (record->type == VCMD_CAPTURE_SUBMIT)
        snprintf(what, sizeof(what), "submit %" PRIu64, replay->stats.submits - 1);
    snprintf(replay->failure.text, sizeof(replay->failure.text), "%s fails on this device: %s",
             what, vcmd_status_string(status));
    return VCMD_STATUS_OK;
}

void replay_message(struct vcmd_replay *replay, const char *format, ...)
{
    char text[256];
    va_list args;

    if (!replay->options.message)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    replay->options.message(replay->options.user, text);
}

/* The record behind an operation that failed is not about a failure, or there is none. */
static enum vcmd_status unexpected_failure(struct vcmd_replay *replay)
{
    if (!replay->failed)
        return VCMD_STATUS_OK;
    replay->failed = false;
    replay->stats.failures++;
    if (replay->options.keep_going) {
        replay_message(replay, "byte %" PRIu64 ": %s", replay->failure.offset,
                       replay->failure.text);
        return VCMD_STATUS_OK;
    }
    return replay_fail(replay, replay->failure.status, replay->failure.offset, "%s",
                       replay->failure.text);
}

static enum vcmd_status expected_failure(struct vcmd_replay *replay,
                                         const struct vcmd_capture_record *record)
{
    if (!replay->failed && !replay->untried)
        replay_message(
            replay, "what failed before byte %" PRIu64 " of the capture (%s) succeeds here",
            record->offset, vcmd_status_string((enum vcmd_status)record->u.failure.status));
    replay->failed = false;
    replay->untried = false;
    return VCMD_STATUS_OK;
}

/*
 * Behind a stop nothing is played, but the record behind the last operation still tells what to
 * make of its failure.
 */
static enum vcmd_status settle(struct vcmd_replay *replay, const struct vcmd_capture_record *record)
{
    switch (record->type) {
    case VCMD_CAPTURE_COMMENT:
    case VCMD_CAPTURE_INFO:
    case VCMD_CAPTURE_FRAME:
        return VCMD_STATUS_OK;
    case VCMD_CAPTURE_FAILURE:
        replay->failed = false;
        return VCMD_STATUS_OK;
    default:
        return unexpected_failure(replay);
    }
}

/* ---- records ---- */

/* A name that is not there any more, or a picture that was destroyed, is no reason to stop. */
static enum vcmd_status play_frame(struct vcmd_replay *replay,
                                   const struct vcmd_capture_record *record)
{
    struct replay_resource *resource =
        capture_id_find(&replay->resources, record->u.frame.resource_id);

    replay->stats.frames++;
    if (resource) {
        replay_hold(&replay->shown, resource);
        replay->frame = record->u.frame;
    }
    if (replay->options.stop & VCMD_REPLAY_STOP_FRAME &&
        replay->stats.frames > replay->options.stop_frame)
        replay->stopped = true;
    return VCMD_STATUS_OK;
}

/*
 * For the last fence that this device gave out: it comes no earlier than the one of the capture,
 * and fences of different devices need not be compared.
 */
static enum vcmd_status play_fence_wait(struct vcmd_replay *replay,
                                        const struct vcmd_capture_record *record)
{
    uint64_t timeout =
        replay->options.fence_timeout_ns ? replay->options.fence_timeout_ns : DEFAULT_TIMEOUT_NS;

    return replay_outcome(
        replay, vcmd_fence_wait(replay->options.device, replay->last_fence, timeout), record);
}

static enum vcmd_status play_unknown(struct vcmd_replay *replay,
                                     const struct vcmd_capture_record *record)
{
    replay->stats.skipped++;
    if (!(record->flags & VCMD_CAPTURE_ESSENTIAL))
        return VCMD_STATUS_OK;
    return replay_fail(replay, VCMD_STATUS_UNSUPPORTED, record->offset,
                       "this record, of type %" PRIu32
                       ", is essential, and this library does not know how to replay it",
                       record->type);
}

/* Guest memory is not in it, and devices take operations, not requests. */
static enum vcmd_status refuse_control(struct vcmd_replay *replay,
                                       const struct vcmd_capture_record *record)
{
    return replay_fail(replay, VCMD_STATUS_UNSUPPORTED, record->offset,
                       "a control record is not replayed: its raw request names guest memory that "
                       "the capture does not hold; record the device itself instead");
}

static enum vcmd_status play(struct vcmd_replay *replay, const struct vcmd_capture_record *record)
{
    switch (record->type) {
    case VCMD_CAPTURE_CAPSET:
    case VCMD_CAPTURE_FENCE:
        return VCMD_STATUS_OK;
    case VCMD_CAPTURE_FRAME:
        return play_frame(replay, record);
    case VCMD_CAPTURE_CONTEXT_CREATE:
        return replay_create_context(replay, record);
    case VCMD_CAPTURE_CONTEXT_DESTROY:
        return replay_destroy_context(replay, record);
    case VCMD_CAPTURE_RESOURCE_CREATE:
        return replay_create_resource(replay, record);
    case VCMD_CAPTURE_RESOURCE_DESTROY:
        return replay_destroy_resource(replay, record);
    case VCMD_CAPTURE_ATTACH:
    case VCMD_CAPTURE_DETACH:
        return replay_pair(replay, record);
    case VCMD_CAPTURE_TRANSFER:
        return replay_transfer(replay, record);
    case VCMD_CAPTURE_MEMORY:
        return replay_memory(replay, record);
    case VCMD_CAPTURE_SUBMIT:
        return replay_submit(replay, record);
    case VCMD_CAPTURE_FENCE_WAIT:
        return play_fence_wait(replay, record);
    case VCMD_CAPTURE_CONTROL:
        return refuse_control(replay, record);
    default:
        return play_unknown(replay, record);
    }
}

enum vcmd_status vcmd_replay_step(struct vcmd_replay *replay,
                                  const struct vcmd_capture_record *record)
{
    enum vcmd_status status;

    if (!replay || !record)
        return VCMD_STATUS_NULL_ARGUMENT;
    if (replay->error.status != VCMD_STATUS_OK)
        return replay->error.status;
    if (replay->stopped)
        return settle(replay, record);
    if (record->type == VCMD_CAPTURE_END)
        return unexpected_failure(replay);
    replay->stats.records++;
    /* The program may write these at any time, also between an operation and its failure. */
    if (record->type == VCMD_CAPTURE_COMMENT || record->type == VCMD_CAPTURE_INFO)
        return VCMD_STATUS_OK;
    if (record->type == VCMD_CAPTURE_FAILURE)
        return expected_failure(replay, record);
    if (record->type != VCMD_CAPTURE_FRAME) {
        status = unexpected_failure(replay);
        if (status != VCMD_STATUS_OK)
            return status;
    }
    return play(replay, record);
}

enum vcmd_status vcmd_replay_run(struct vcmd_replay *replay, struct vcmd_capture_reader *reader)
{
    struct vcmd_capture_record record;
    enum vcmd_status status;

    if (!replay || !reader)
        return VCMD_STATUS_NULL_ARGUMENT;
    do {
        status = vcmd_capture_read(reader, &record);
        if (status != VCMD_STATUS_OK && replay->stopped)
            return unexpected_failure(replay);
        if (status != VCMD_STATUS_OK) {
            const struct vcmd_capture_error *error = vcmd_capture_reader_error(reader);

            return replay_fail(replay, status, error->offset, "%s", error->text);
        }
        status = vcmd_replay_step(replay, &record);
    } while (status == VCMD_STATUS_OK && record.type != VCMD_CAPTURE_END &&
             (!replay->stopped || replay->failed));
    return status;
}

/* ---- asking ---- */

const struct vcmd_capture_error *vcmd_replay_error(const struct vcmd_replay *replay)
{
    return replay->error.status != VCMD_STATUS_OK ? &replay->error : &replay->picture_error;
}

void vcmd_replay_get_stats(const struct vcmd_replay *replay, struct vcmd_replay_stats *stats)
{
    *stats = replay->stats;
    stats->stopped = replay->stopped;
    stats->unsettled = replay->failed;
}

/* ---- life ---- */

enum vcmd_status vcmd_replay_create(const struct vcmd_replay_options *options,
                                    struct vcmd_replay **replay)
{
    if (replay)
        *replay = NULL;
    if (!replay || !options || !options->device)
        return VCMD_STATUS_NULL_ARGUMENT;
    *replay = calloc(1, sizeof(**replay));
    if (!*replay)
        return VCMD_STATUS_NO_MEMORY;
    (*replay)->options = *options;
    return VCMD_STATUS_OK;
}

void vcmd_replay_destroy(struct vcmd_replay *replay)
{
    if (!replay)
        return;
    replay_destroy_objects(replay);
    capture_memory_free(&replay->stream);
    capture_memory_free(&replay->pixels);
    free(replay);
}
