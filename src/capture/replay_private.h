/* SPDX-License-Identifier: MIT */
#ifndef VCMD_CAPTURE_REPLAY_PRIVATE_H
#define VCMD_CAPTURE_REPLAY_PRIVATE_H

#include <virglcmd/replay.h>

#include "id_map.h"
#include "memory.h"

/*
 * A resource of the capture on the device. References: one from the map of ids, and one from each
 * place in vcmd_replay that may want a picture of it.
 */
struct replay_resource {
    size_t references;
    uint32_t id; /* in the capture */
    struct vcmd_resource_desc desc;
    struct vcmd_resource *resource;
    uint8_t *memory;
    uint64_t memory_size;
};

struct replay_context {
    struct vcmd_context *context;
    uint32_t sub_context;
    /* Which resource a surface is of: ids, stored as pointers; keys: sub-context and handle. */
    struct capture_id_map surfaces;
};

struct vcmd_replay {
    struct vcmd_replay_options options;
    struct vcmd_replay_stats stats;
    struct vcmd_capture_error error;
    bool stopped;

    /* An operation that failed just now; the next record says whether it did in the capture. */
    bool failed;
    bool untried; /* a creation that failed in the capture, and was not tried here */
    struct vcmd_capture_error failure;

    struct capture_id_map contexts;  /* struct replay_context */
    struct capture_id_map resources; /* struct replay_resource */
    uint64_t last_fence;             /* of the device */

    struct capture_memory stream; /* a copy with the device's handles */

    /* What vcmd_replay_picture shows, best first. */
    struct replay_resource *shown, *read_back, *drawn;
    struct vcmd_capture_frame frame; /* of shown */
    struct vcmd_context *viewer;     /* made for the first picture */
    struct capture_memory pixels;
    struct vcmd_capture_error picture_error; /* of the last one; the replay can go on */
};

/* ---- saying what is wrong: replay.c ---- */

#if defined(__GNUC__) && !defined(__MINGW32__)
#define REPLAY_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define REPLAY_PRINTF(text, first)
#endif

/* The replay ends with this. */
enum vcmd_status replay_fail(struct vcmd_replay *replay, enum vcmd_status status, uint64_t offset,
                             const char *format, ...) REPLAY_PRINTF(4, 5);

/* An operation did not succeed on the device; the next record tells what to make of it. */
enum vcmd_status replay_outcome(struct vcmd_replay *replay, enum vcmd_status status,
                                const struct vcmd_capture_record *record);

void replay_message(struct vcmd_replay *replay, const char *format, ...) REPLAY_PRINTF(2, 3);

/* ---- objects: replay_objects.c ---- */

enum vcmd_status replay_create_context(struct vcmd_replay *replay,
                                       const struct vcmd_capture_record *record);
enum vcmd_status replay_destroy_context(struct vcmd_replay *replay,
                                        const struct vcmd_capture_record *record);
enum vcmd_status replay_create_resource(struct vcmd_replay *replay,
                                        const struct vcmd_capture_record *record);
enum vcmd_status replay_destroy_resource(struct vcmd_replay *replay,
                                         const struct vcmd_capture_record *record);
enum vcmd_status replay_pair(struct vcmd_replay *replay, const struct vcmd_capture_record *record);

/* What a record names; when it is not there, the replay fails and these are NULL. */
struct replay_context *replay_find_context(struct vcmd_replay *replay, uint32_t id,
                                           const struct vcmd_capture_record *record);
struct replay_resource *replay_find_resource(struct vcmd_replay *replay, uint32_t id,
                                             const struct vcmd_capture_record *record);

/* Lets a place hold another resource, or NULL. */
void replay_hold(struct replay_resource **place, struct replay_resource *resource);
void replay_destroy_objects(struct vcmd_replay *replay);

/* ---- bytes: replay_transfer.c ---- */

enum vcmd_status replay_memory(struct vcmd_replay *replay,
                               const struct vcmd_capture_record *record);
enum vcmd_status replay_transfer(struct vcmd_replay *replay,
                                 const struct vcmd_capture_record *record);

/* ---- streams: replay_stream.c ---- */

enum vcmd_status replay_submit(struct vcmd_replay *replay,
                               const struct vcmd_capture_record *record);

/* ---- pixels.c ---- */

/*
 * Turns texels into red, green, blue, alpha of 8 bits. False: the format has no colours that can be
 * read one by one.
 */
bool capture_pixels_convert(uint32_t format, const uint8_t *texels, size_t count, uint8_t *rgba);

#endif
