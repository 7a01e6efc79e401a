/* SPDX-License-Identifier: MIT */

/* replay_main FILE: replays a capture on the loopback and compares what comes back with it. */
#include <inttypes.h>
#include <stdio.h>

#include <virglcmd/loopback.h>
#include <virglcmd/replay.h>

static void on_difference(void *user, const struct vcmd_replay_difference *difference)
{
    (void)user;
    printf("resource %u: %" PRIu64 " of %" PRIu64 " bytes differ, the first is %u, not %u\n",
           difference->resource_id, difference->bytes, difference->size, difference->found,
           difference->recorded);
}

static int replay(struct vcmd_device *device, struct vcmd_capture_reader *reader)
{
    const struct vcmd_replay_options options = {
        .device = device, .compare = true, .difference = on_difference};
    struct vcmd_replay_stats stats;
    struct vcmd_replay *player;
    enum vcmd_status status = vcmd_replay_create(&options, &player);

    if (status != VCMD_STATUS_OK)
        return 1;
    status = vcmd_replay_run(player, reader);
    if (status != VCMD_STATUS_OK && status != VCMD_STATUS_TRUNCATED)
        printf("failed: byte %" PRIu64 ": %s\n", vcmd_replay_error(player)->offset,
               vcmd_replay_error(player)->text);
    vcmd_replay_get_stats(player, &stats);
    printf("submits %" PRIu64 " frames %" PRIu64 " compared %" PRIu64 " different %" PRIu64
           " failures %" PRIu64 " unknown %" PRIu64 "%s\n",
           stats.submits, stats.frames, stats.compared, stats.different, stats.failures,
           stats.unknown_handles, status == VCMD_STATUS_TRUNCATED ? " truncated" : "");
    vcmd_replay_destroy(player);
    return status != VCMD_STATUS_OK && status != VCMD_STATUS_TRUNCATED;
}

int main(int argc, char **argv)
{
    const struct vcmd_transport *const transports[] = {vcmd_loopback_transport(), NULL};
    const struct vcmd_device_desc desc = {.transports = transports};
    struct vcmd_capture_reader *reader;
    struct vcmd_capture_error error;
    struct vcmd_device *device;
    int result;

    if (argc != 2)
        return 2;
    if (vcmd_capture_reader_open(argv[1], 0, &reader, &error) != VCMD_STATUS_OK) {
        fprintf(stderr, "%s: byte %" PRIu64 ": %s\n", argv[1], error.offset, error.text);
        return 2;
    }
    if (vcmd_device_open(&desc, &device) != VCMD_STATUS_OK) {
        vcmd_capture_reader_close(reader);
        return 2;
    }
    result = replay(device, reader);
    vcmd_device_close(device);
    vcmd_capture_reader_close(reader);
    return result;
}
