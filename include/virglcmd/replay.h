/* SPDX-License-Identifier: MIT */
#ifndef VIRGLCMD_REPLAY_H
#define VIRGLCMD_REPLAY_H

#include <virglcmd/capture.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Runs a capture on a device of this library, whatever transport it has. Ids are the device's own:
 * handles of resources in the streams are rewritten to them, by the description of the protocol.
 *
 *     vcmd_replay_create(&(struct vcmd_replay_options){.device = device}, &replay);
 *     status = vcmd_replay_run(replay, reader);
 *     if (status != VCMD_STATUS_OK)
 *         ...vcmd_replay_error(replay)->text
 *     vcmd_replay_picture(replay, 0, &picture);
 *
 * VCMD_CAPTURE_CONTROL is refused (UNSUPPORTED): a raw request names pages of guest memory, of
 * which the capture holds nothing, and a device of this library takes operations, not requests.
 * Such records are for reading; what goes through a device is recorded typed (<virglcmd/record.h>).
 *
 * A replay belongs to one thread at a time.
 */
struct vcmd_replay;

/* A transfer from the host brought other bytes than the capture has. */
struct vcmd_replay_difference {
    uint64_t offset;         /* of the record in the file */
    uint32_t resource_id;    /* in the capture */
    uint64_t bytes;          /* so many differ */
    uint64_t size;           /* of so many */
    uint64_t first;          /* the first of them: byte in the memory behind the resource */
    uint8_t recorded, found; /* the values of that one */
};

/* STOP_PACKET: a packet of all, or with STOP_SUBMIT one of that submit. */
#define VCMD_REPLAY_STOP_FRAME  0x1u /* after frame stop_frame */
#define VCMD_REPLAY_STOP_SUBMIT 0x2u /* after submit stop_submit */
#define VCMD_REPLAY_STOP_PACKET 0x4u /* after packet stop_packet */

struct vcmd_replay_options {
    struct vcmd_device *device; /* the caller's; must outlive the replay */

    /*
     * Where to stop: whatever comes first; that frame, submit or packet is done then. Numbers are
     * from 0; those of a packet of a submit are what "virglcmd dump --positions" prints. A submit
     * that ends before its packet is where it stops, too, and a message says so.
     */
    uint32_t stop; /* VCMD_REPLAY_STOP_*, which of the numbers count; 0: plays all */
    uint64_t stop_frame;
    uint64_t stop_submit;
    uint64_t stop_packet;

    /*
     * Go on after an operation that fails here and did not in the capture. Failures of both are
     * never an error.
     */
    bool keep_going;

    bool compare;              /* transfers from the host with what the capture has */
    uint64_t fence_timeout_ns; /* longest wait for a fence; 0: 60 seconds */
    void (*difference)(void *user, const struct vcmd_replay_difference *difference);
    void (*message)(void *user, const char *text); /* what is odd and no error; a sentence */
    void *user;
};

struct vcmd_replay_stats {
    uint64_t records;
    uint64_t frames;
    uint64_t submits;
    uint64_t packets;
    uint64_t dwords;
    uint64_t to_host, from_host; /* transfers */
    uint64_t compared;           /* transfers from the host */
    uint64_t different;          /* of those */
    uint64_t not_readable;       /* transfers from the host that this device refuses to make */
    uint64_t failures;           /* operations that fail here and did not in the capture */
    uint64_t unknown_handles;    /* in streams: of resources that the capture does not have */
    uint64_t skipped;            /* records of unknown types */
    bool stopped;                /* where the options say */
    bool unsettled;              /* the last operation failed; a record is to say what of it */
};

/* On failure *replay is NULL: NULL_ARGUMENT, NO_MEMORY. */
enum vcmd_status vcmd_replay_create(const struct vcmd_replay_options *options,
                                    struct vcmd_replay **replay);

/*
 * Plays one record. What the record's pointers name is only read during the call.
 * An operation that fails is told of with the record behind it, which says whether it failed in the
 * capture, too: so the record behind the last one is needed, if only a VCMD_CAPTURE_END. After a
 * stop records do nothing else.
 */
enum vcmd_status vcmd_replay_step(struct vcmd_replay *replay,
                                  const struct vcmd_capture_record *record);

/*
 * Plays all records that are left, up to the end of the file or a stop. When the last operation
 * before a stop fails, the record that tells what to make of it is read, too. A file that is cut
 * off in its last record (TRUNCATED) is played up to there, and the error is that of the reader.
 */
enum vcmd_status vcmd_replay_run(struct vcmd_replay *replay, struct vcmd_capture_reader *reader);

/*
 * The first error of the replay: the record where it happened, and a sentence. Without one, that of
 * the last picture, which does not end the replay.
 */
const struct vcmd_capture_error *vcmd_replay_error(const struct vcmd_replay *replay);

void vcmd_replay_get_stats(const struct vcmd_replay *replay, struct vcmd_replay_stats *stats);

/* 4 bytes a pixel: red, green, blue, alpha. The top row comes first. */
struct vcmd_replay_picture {
    const uint8_t *pixels; /* the replay's, valid until its next call */
    uint32_t width, height;
    uint32_t resource_id; /* in the capture */
};

/*
 * Reads back what a resource holds now. resource_id: as in the capture; it must not have been
 * destroyed. 0: what the last frame record names; else the last texture that was read back; else
 * the colour buffer that was bound last. Those are still there when the capture has destroyed them.
 * Row 0 of the host is the bottom row, unless the frame says otherwise or the resource has
 * VCMD_RESOURCE_Y_0_TOP. Channels are cut to 0..1, sRGB stays as it is.
 *
 * OUT_OF_RANGE: there is no such resource. UNSUPPORTED: it is no picture, or it cannot be read
 * back; vcmd_replay_error() says why.
 */
enum vcmd_status vcmd_replay_picture(struct vcmd_replay *replay, uint32_t resource_id,
                                     struct vcmd_replay_picture *picture);

/* Destroys what the replay has created on the device. NULL is ignored. */
void vcmd_replay_destroy(struct vcmd_replay *replay);

#ifdef __cplusplus
}
#endif

#endif
