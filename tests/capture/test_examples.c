/* SPDX-License-Identifier: MIT */
#include "example_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <virglcmd/loopback.h>
#include <virglcmd/replay.h>

/* What an example drew, recorded and replayed. */
struct replayed {
    struct vcmd_device *device;
    struct vcmd_resource *first; /* takes the id that the capture's first resource had */
    struct vcmd_capture_reader *reader;
    struct vcmd_replay *replay;
    struct vcmd_replay_stats stats;
};

static void show_message(void *user, const char *text)
{
    (void)user;
    print_error("%s\n", text);
}

static void open_replay(struct replayed *r, const char *file,
                        const struct vcmd_replay_options *wanted)
{
    const struct vcmd_transport *const transports[] = {vcmd_loopback_transport(), NULL};
    const struct vcmd_device_desc desc = {.transports = transports, .log = log_keep};
    struct vcmd_replay_options options = *wanted;
    struct vcmd_capture_error error;

    assert_int_equal(vcmd_device_open(&desc, &r->device), VCMD_STATUS_OK);
    if (vcmd_capture_reader_open(file, 0, &r->reader, &error) != VCMD_STATUS_OK)
        fail_msg("%s", error.text);
    options.device = r->device;
    options.message = show_message;
    assert_int_equal(vcmd_replay_create(&options, &r->replay), VCMD_STATUS_OK);
}

static void run_replay(struct replayed *r)
{
    if (vcmd_replay_run(r->replay, r->reader) != VCMD_STATUS_OK)
        fail_msg("%s", vcmd_replay_error(r->replay)->text);
    vcmd_replay_get_stats(r->replay, &r->stats);
}

static void close_replay(struct replayed *r)
{
    vcmd_replay_destroy(r->replay);
    vcmd_resource_destroy(r->first);
    vcmd_capture_reader_close(r->reader);
    vcmd_device_close(r->device);
}

static void assert_same_picture(struct replayed *r, const struct picture *want)
{
    struct vcmd_replay_picture got;

    if (vcmd_replay_picture(r->replay, 0, &got) != VCMD_STATUS_OK)
        fail_msg("%s", vcmd_replay_error(r->replay)->text);
    assert_int_equal(got.width, want->width);
    assert_int_equal(got.height, want->height);
    for (size_t i = 0; i < (size_t)got.width * got.height; i++) {
        if (memcmp(got.pixels + i * 4, want->pixels + i * 4, 3) != 0)
            fail_msg("pixel %zu, %zu is %u,%u,%u instead of %u,%u,%u", i % got.width, i / got.width,
                     got.pixels[i * 4], got.pixels[i * 4 + 1], got.pixels[i * 4 + 2],
                     want->pixels[i * 4], want->pixels[i * 4 + 1], want->pixels[i * 4 + 2]);
    }
}

/* Other ids than in the capture: what is in the streams has to be rewritten. */
static void shift_ids(struct replayed *r)
{
    const struct vcmd_resource_desc desc = {.bind = VCMD_BIND_VERTEX_BUFFER, .width = 64};

    assert_int_equal(vcmd_resource_create(r->device, &desc, &r->first), VCMD_STATUS_OK);
}

static void check_picture(const char *name)
{
    char file[128];
    struct picture picture;
    struct replayed r = {0};

    snprintf(file, sizeof(file), "%s", temporary_file("capture.vcap"));
    render_example(&picture, name,
                   (const char *const[]){"--size", "120x90", "--record", file, NULL});
    open_replay(&r, file, &(struct vcmd_replay_options){.compare = true});
    shift_ids(&r);
    run_replay(&r);
    assert_true(r.stats.compared > 0);
    assert_int_equal(r.stats.different, 0);
    assert_int_equal(r.stats.unknown_handles, 0);
    assert_int_equal(r.stats.failures, 0);
    assert_same_picture(&r, &picture);
    close_replay(&r);
    free_picture(&picture);
}

static void test_pictures(void **state)
{
    static const char *const names[] = {"triangle", "gears", "texture",      "instancing",
                                        "msaa",     "query", "multi-context"};

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        check_picture(names[i]);
}

/* Without a picture: what came back from the host is what came back before. */
static void check_facts(const char *name, bool keep_going)
{
    struct program_result result;
    char file[128];
    struct replayed r = {0};

    snprintf(file, sizeof(file), "%s", temporary_file("capture.vcap"));
    run_example(&result, name, (const char *const[]){"--record", file, NULL});
    assert_int_equal(result.status, 0);
    open_replay(&r, file, &(struct vcmd_replay_options){.compare = true, .keep_going = keep_going});
    shift_ids(&r);
    run_replay(&r);
    assert_true(r.stats.submits > 0);
    assert_int_equal(r.stats.different, 0);
    assert_int_equal(r.stats.failures, 0);
    close_replay(&r);
}

static void test_facts(void **state)
{
    (void)state;
    check_facts("compute", false);
    check_facts("streamout", false);
    /* Its submits fail, in the capture and here. */
    check_facts("error", false);
}

/* ---- stopping ---- */

static void test_frames(void **state)
{
    char file[128];
    struct program_result result;
    struct picture picture;
    struct replayed r = {0};

    (void)state;
    snprintf(file, sizeof(file), "%s", temporary_file("capture.vcap"));
    run_example(&result, "gears",
                (const char *const[]){"--size", "120x90", "--frames", "5", "--record", file,
                                      "--output", temporary_file("picture.png"), NULL});
    assert_int_equal(result.status, 0);
    /* Frame 2, from 0, of five is the last of three. */
    render_example(&picture, "gears",
                   (const char *const[]){"--size", "120x90", "--frames", "3", NULL});
    open_replay(&r, file,
                &(struct vcmd_replay_options){.stop = VCMD_REPLAY_STOP_FRAME, .stop_frame = 2});
    run_replay(&r);
    assert_true(r.stats.stopped);
    assert_int_equal(r.stats.frames, 3);
    assert_same_picture(&r, &picture);
    close_replay(&r);
    free_picture(&picture);
}

static void test_packets(void **state)
{
    struct vcmd_replay_picture before, after;
    uint8_t first[3];
    char file[128];
    struct program_result result;
    struct replayed r = {0};
    uint64_t packets;

    (void)state;
    snprintf(file, sizeof(file), "%s", temporary_file("capture.vcap"));
    run_example(&result, "triangle",
                (const char *const[]){"--size", "120x90", "--record", file, "--output",
                                      temporary_file("picture.png"), NULL});
    assert_int_equal(result.status, 0);
    open_replay(&r, file, &(struct vcmd_replay_options){.stop = VCMD_REPLAY_STOP_SUBMIT});
    run_replay(&r);
    packets = r.stats.packets;
    assert_int_equal(r.stats.submits, 1);
    /* The framebuffer that was bound is the picture: nobody has read it back yet. */
    assert_int_equal(vcmd_replay_picture(r.replay, 0, &after), VCMD_STATUS_OK);
    memcpy(first, after.pixels + ((size_t)45 * 120 + 60) * 4, 3);
    close_replay(&r);

    /* The last packet of triangle is the draw: without it there is the background. */
    open_replay(
        &r, file,
        &(struct vcmd_replay_options){.stop = VCMD_REPLAY_STOP_PACKET, .stop_packet = packets - 2});
    run_replay(&r);
    assert_true(r.stats.stopped);
    assert_int_equal(r.stats.packets, packets - 1);
    assert_int_equal(vcmd_replay_picture(r.replay, 0, &before), VCMD_STATUS_OK);
    assert_memory_not_equal(before.pixels + ((size_t)45 * 120 + 60) * 4, first, 3);
    assert_memory_equal(before.pixels + ((size_t)45 * 120 + 60) * 4, before.pixels, 3);
    close_replay(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pictures),
        cmocka_unit_test(test_facts),
        cmocka_unit_test(test_frames),
        cmocka_unit_test(test_packets),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    forget_files();
    return failed;
}
