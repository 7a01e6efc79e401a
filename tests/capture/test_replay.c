/* SPDX-License-Identifier: MIT */
#include "fake_device.h"
#include "memory_file.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include <virglcmd/replay.h>
#include <virglcmd/virglcmd.h>

/* Captures made by hand, on a device that does nothing. */
struct replayed {
    struct vcmd_device *device;
    struct vcmd_replay *replay;
    struct vcmd_replay_stats stats;
    struct vcmd_replay_difference difference; /* the last one */
    size_t messages;
};

static void keep_difference(void *user, const struct vcmd_replay_difference *difference)
{
    ((struct replayed *)user)->difference = *difference;
}

static void count_message(void *user, const char *text)
{
    assert_true(strlen(text) > 10);
    ((struct replayed *)user)->messages++;
}

static void open_replay(struct replayed *r, struct vcmd_replay_options options)
{
    const struct vcmd_transport *const transports[] = {fake_transport(), NULL};

    memset(r, 0, sizeof(*r));
    assert_int_equal(
        vcmd_device_open(&(struct vcmd_device_desc){.transports = transports}, &r->device),
        VCMD_STATUS_OK);
    options.device = r->device;
    options.difference = keep_difference;
    options.message = count_message;
    options.user = r;
    assert_int_equal(vcmd_replay_create(&options, &r->replay), VCMD_STATUS_OK);
}

static void close_replay(struct replayed *r)
{
    vcmd_replay_destroy(r->replay);
    vcmd_device_close(r->device);
}

static enum vcmd_status step(struct replayed *r, struct vcmd_capture_record record)
{
    enum vcmd_status status;

    record.offset = 1000 + r->stats.records;
    status = vcmd_replay_step(r->replay, &record);
    vcmd_replay_get_stats(r->replay, &r->stats);
    return status;
}

#define STEP(r, ...) step((r), (struct vcmd_capture_record){__VA_ARGS__})
#define OK(call)     assert_int_equal((call), VCMD_STATUS_OK)

static const struct vcmd_capture_record context = {.type = VCMD_CAPTURE_CONTEXT_CREATE,
                                                   .u.context = {.id = 7, .name = {"seven", 5}}};
static const struct vcmd_capture_record buffer = {
    .type = VCMD_CAPTURE_RESOURCE_CREATE,
    .u.resource = {
        .id = 50,
        .desc = {0, VCMD_FORMAT_R8_UNORM, VCMD_BIND_VERTEX_BUFFER, 64, 1, 1, 1, 0, 0, 0, 64}}};

static void begin(struct replayed *r, struct vcmd_replay_options options)
{
    open_replay(r, options);
    OK(step(r, context));
    OK(step(r, buffer));
    OK(STEP(r, .type = VCMD_CAPTURE_ATTACH, .u.pair = {7, 50}));
}

/* The last error is of that status and says that. */
static void assert_error(struct replayed *r, enum vcmd_status status, const char *part)
{
    const struct vcmd_capture_error *error = vcmd_replay_error(r->replay);

    assert_int_equal(error->status, status);
    /* Where it is, those who print it say. */
    assert_null(strstr(error->text, "at byte"));
    if (!strstr(error->text, part))
        fail_msg("\"%s\" does not say \"%s\"", error->text, part);
    /* And it stays. */
    assert_int_equal(step(r, buffer), status);
    close_replay(r);
}

/* ---- handles ---- */

static void test_handles(void **state)
{
    /* SET_INDEX_BUFFER is resource, size, offset; the second packet names none. */
    const uint32_t stream[] = {vcmd_le32(3u << 16 | VCMD_CCMD_SET_INDEX_BUFFER), vcmd_le32(50),
                               vcmd_le32(50), vcmd_le32(50)};
    const uint32_t unknown[] = {vcmd_le32(3u << 16 | VCMD_CCMD_SET_INDEX_BUFFER), vcmd_le32(51),
                                vcmd_le32(2), 0};
    struct replayed r;

    (void)state;
    begin(&r, (struct vcmd_replay_options){0});
    OK(STEP(&r, .type = VCMD_CAPTURE_SUBMIT, .u.submit = {7, stream, 4}));
    /* The fake's first resource is 1, and no other dword has changed. */
    assert_int_equal(fake_submitted[1], 1);
    assert_int_equal(fake_submitted[2], 50);
    assert_int_equal(fake_submitted[3], 50);
    assert_int_equal(r.messages, 0);
    OK(STEP(&r, .type = VCMD_CAPTURE_SUBMIT, .u.submit = {7, unknown, 4}));
    assert_int_equal(fake_submitted[1], UINT32_MAX);
    assert_int_equal(r.stats.unknown_handles, 1);
    assert_int_equal(r.messages, 1);
    close_replay(&r);
}

/* ---- bytes ---- */

static void test_difference(void **state)
{
    uint8_t same[64], other[64];
    struct vcmd_capture_transfer transfer = {
        7,    50, VCMD_TRANSFER_FROM_HOST, {.box = {0, 0, 0, 64, 1, 1}}, {0, 64, 0, 1, 0, 1},
        same, 64};
    struct replayed r;

    (void)state;
    memset(same, 0x5a, sizeof(same));
    memset(other, 0x5a, sizeof(other));
    other[20] = 1;
    other[63] = 2;
    begin(&r, (struct vcmd_replay_options){.compare = true});
    OK(STEP(&r, .type = VCMD_CAPTURE_TRANSFER, .u.transfer = transfer));
    assert_int_equal(r.stats.compared, 1);
    assert_int_equal(r.stats.different, 0);
    transfer.data = other;
    OK(STEP(&r, .type = VCMD_CAPTURE_TRANSFER, .u.transfer = transfer));
    assert_int_equal(r.stats.different, 1);
    assert_int_equal(r.difference.resource_id, 50);
    assert_int_equal(r.difference.bytes, 2);
    assert_int_equal(r.difference.first, 20);
    assert_int_equal(r.difference.recorded, 1);
    assert_int_equal(r.difference.found, 0x5a);
    assert_int_equal(r.difference.offset, 1004);
    close_replay(&r);
}

static void test_memory_outside(void **state)
{
    static const uint8_t bytes[64] = {0};
    struct replayed r;

    (void)state;
    begin(&r, (struct vcmd_replay_options){0});
    OK(STEP(&r, .type = VCMD_CAPTURE_MEMORY, .u.memory = {50, 0, {0, 64, 0, 1, 0, 1}, bytes, 64}));
    assert_int_equal(
        STEP(&r, .type = VCMD_CAPTURE_MEMORY, .u.memory = {50, 0, {1, 64, 0, 1, 0, 1}, bytes, 64}),
        VCMD_STATUS_MALFORMED);
    assert_error(&r, VCMD_STATUS_MALFORMED, "up to byte 65 of the memory of resource 50");
}

/* ---- what is wrong with a capture ---- */

static void test_wrong_ids(void **state)
{
    struct replayed r;

    (void)state;
    begin(&r, (struct vcmd_replay_options){0});
    STEP(&r, .type = VCMD_CAPTURE_ATTACH, .u.pair = {8, 50});
    assert_int_equal(vcmd_replay_error(r.replay)->offset, 1003);
    assert_error(&r, VCMD_STATUS_MALFORMED, "the attach is for context 8");
    begin(&r, (struct vcmd_replay_options){0});
    STEP(&r, .type = VCMD_CAPTURE_RESOURCE_DESTROY, .u.resource = {.id = 51});
    assert_error(&r, VCMD_STATUS_MALFORMED, "is for resource 51");
    begin(&r, (struct vcmd_replay_options){0});
    step(&r, context);
    assert_error(&r, VCMD_STATUS_MALFORMED, "gives the id 7 to a second object");
    begin(&r, (struct vcmd_replay_options){0});
    step(&r, buffer);
    assert_error(&r, VCMD_STATUS_MALFORMED, "gives the id 50 to a second object");
}

static void test_ids_again(void **state)
{
    struct replayed r;

    (void)state;
    begin(&r, (struct vcmd_replay_options){0});
    OK(STEP(&r, .type = VCMD_CAPTURE_RESOURCE_DESTROY, .u.resource = {.id = 50}));
    OK(step(&r, buffer));
    OK(STEP(&r, .type = VCMD_CAPTURE_CONTEXT_DESTROY, .u.context = {.id = 7}));
    OK(step(&r, context));
    close_replay(&r);
}

static void test_unknown_types(void **state)
{
    struct replayed r;

    (void)state;
    begin(&r, (struct vcmd_replay_options){0});
    OK(STEP(&r, .type = 4711));
    assert_int_equal(r.stats.skipped, 1);
    STEP(&r, .type = 4711, .flags = VCMD_CAPTURE_ESSENTIAL);
    assert_error(&r, VCMD_STATUS_UNSUPPORTED, "type 4711, is essential");
}

/* It says why, and what to do; nothing reaches the device. */
static void test_control(void **state)
{
    static const uint8_t request[24] = {0};
    struct replayed r;

    (void)state;
    begin(&r, (struct vcmd_replay_options){.keep_going = true});
    STEP(&r, .type = VCMD_CAPTURE_CONTROL, .u.control = {request, 24, NULL, 0});
    assert_int_equal(fake_num_calls, 3);
    assert_non_null(strstr(vcmd_replay_error(r.replay)->text, "record the device itself"));
    assert_error(&r, VCMD_STATUS_UNSUPPORTED, "a control record is not replayed: ");
}

static void test_context_flags(void **state)
{
    struct replayed r;
    size_t calls;

    (void)state;
    begin(&r, (struct vcmd_replay_options){0});
    calls = fake_num_calls;
    STEP(&r, .type = VCMD_CAPTURE_CONTEXT_CREATE, .u.context = {9, 6, {"venus", 5}});
    assert_int_equal(fake_num_calls, calls);
    assert_error(&r, VCMD_STATUS_UNSUPPORTED, "(id 9) has the flags 0x6");
}

/* ---- failures ---- */

static const uint32_t nop[] = {0};

static enum vcmd_status submit_nop(struct replayed *r)
{
    return STEP(r, .type = VCMD_CAPTURE_SUBMIT, .u.submit = {7, nop, 1});
}

/* Three submits of two packets with a frame behind each: what of them is played. */
static void test_stops(void **state)
{
    static const uint32_t nops[] = {0, 0};
    static const struct {
        struct vcmd_replay_options options;
        uint64_t frames, submits, packets, messages;
        bool stopped;
    } cases[] = {
        {{.stop_frame = 1, .stop_packet = 1}, 3, 3, 6, 0, false}, /* no bit: no stop */
        {{.stop = VCMD_REPLAY_STOP_FRAME}, 1, 1, 2, 0, true},
        {{.stop = VCMD_REPLAY_STOP_FRAME, .stop_frame = 2}, 3, 3, 6, 0, true},
        {{.stop = VCMD_REPLAY_STOP_FRAME, .stop_frame = 3}, 3, 3, 6, 0, false},
        {{.stop = VCMD_REPLAY_STOP_SUBMIT}, 0, 1, 2, 0, true},
        {{.stop = VCMD_REPLAY_STOP_SUBMIT, .stop_submit = 2}, 2, 3, 6, 0, true},
        {{.stop = VCMD_REPLAY_STOP_PACKET}, 0, 1, 1, 0, true},
        {{.stop = VCMD_REPLAY_STOP_PACKET, .stop_packet = 3}, 1, 2, 4, 0, true},
        {{.stop = VCMD_REPLAY_STOP_PACKET, .stop_packet = UINT64_MAX}, 3, 3, 6, 0, false},
        {{.stop = 6, .stop_submit = 1, .stop_packet = 0}, 1, 2, 3, 0, true},
        {{.stop = 6, .stop_submit = 1, .stop_packet = 2}, 1, 2, 4, 1, true}, /* has 0 and 1 */
        {{.stop = 7, .stop_submit = 1, .stop_frame = 0}, 1, 1, 2, 0, true},  /* what comes first */
    };
    struct replayed r;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        begin(&r, cases[i].options);
        for (int n = 0; n < 3; n++) {
            OK(STEP(&r, .type = VCMD_CAPTURE_SUBMIT, .u.submit = {7, nops, 2}));
            OK(STEP(&r, .type = VCMD_CAPTURE_FRAME));
        }
        assert_int_equal(r.stats.frames, cases[i].frames);
        assert_int_equal(r.stats.submits, cases[i].submits);
        assert_int_equal(r.stats.packets, cases[i].packets);
        assert_int_equal(r.stats.dwords, cases[i].packets);
        assert_int_equal(r.messages, cases[i].messages);
        assert_int_equal(r.stats.stopped, cases[i].stopped);
        close_replay(&r);
    }
}

static void test_failure_of_both(void **state)
{
    struct replayed r;

    (void)state;
    begin(&r, (struct vcmd_replay_options){0});
    fake_submit_status = VCMD_STATUS_HOST_UNSPEC;
    OK(submit_nop(&r));
    OK(STEP(&r, .type = VCMD_CAPTURE_COMMENT));
    OK(STEP(&r, .type = VCMD_CAPTURE_FAILURE, .u.failure = {.status = 64}));
    fake_submit_status = VCMD_STATUS_OK;
    OK(submit_nop(&r));
    assert_int_equal(r.messages, 0);
    assert_int_equal(r.stats.failures, 0);
    /* It failed there, and does not here: odd, and no error. */
    OK(STEP(&r, .type = VCMD_CAPTURE_FAILURE, .u.failure = {.status = 64}));
    assert_int_equal(r.messages, 1);
    /* What could not be created there is not tried here. */
    OK(STEP(&r, .type = VCMD_CAPTURE_CONTEXT_CREATE));
    OK(STEP(&r, .type = VCMD_CAPTURE_FAILURE, .u.failure = {.status = 64}));
    assert_int_equal(r.messages, 1);
    close_replay(&r);
}

static void test_failure_here(void **state)
{
    struct replayed r;

    (void)state;
    begin(&r, (struct vcmd_replay_options){0});
    fake_submit_status = VCMD_STATUS_HOST_UNSPEC;
    OK(submit_nop(&r));
    fake_submit_status = VCMD_STATUS_OK;
    assert_int_equal(submit_nop(&r), VCMD_STATUS_HOST_UNSPEC);
    assert_error(&r, VCMD_STATUS_HOST_UNSPEC, "submit 0 fails on this device");

    begin(&r, (struct vcmd_replay_options){.keep_going = true});
    fake_submit_status = VCMD_STATUS_HOST_UNSPEC;
    OK(submit_nop(&r));
    OK(submit_nop(&r));
    assert_true(r.stats.unsettled);
    OK(STEP(&r, .type = VCMD_CAPTURE_END));
    assert_false(r.stats.unsettled);
    assert_int_equal(r.stats.failures, 2);
    assert_int_equal(r.messages, 2);
    close_replay(&r);

    begin(&r, (struct vcmd_replay_options){0});
    fake_create_status = VCMD_STATUS_HOST_OUT_OF_MEMORY;
    STEP(&r, .type = VCMD_CAPTURE_CONTEXT_CREATE, .u.context = {.id = 9, .name = {"", 0}});
    assert_error(&r, VCMD_STATUS_HOST_OUT_OF_MEMORY, "(id 9) fails on this device");
}

/* ---- failures just where it is to stop ---- */

/* A capture with one submit, and behind it a comment and one more record. */
static enum vcmd_status run_up_to_submit(struct replayed *r, bool keep_going,
                                         const struct vcmd_capture_record *last, size_t cut)
{
    static const struct vcmd_capture_record comment = {.type = VCMD_CAPTURE_COMMENT,
                                                       .u.comment = {"why", 3}};
    const struct vcmd_capture_record submit = {.type = VCMD_CAPTURE_SUBMIT,
                                               .u.submit = {7, nop, 1}};
    struct memory_file file = {0};
    const struct vcmd_capture_sink sink = memory_sink(&file);
    struct vcmd_capture_writer *writer;
    struct vcmd_capture_reader *reader;
    enum vcmd_status status;

    OK(vcmd_capture_writer_create(&sink, NULL, &writer));
    OK(vcmd_capture_write(writer, &context));
    OK(vcmd_capture_write(writer, &submit));
    OK(vcmd_capture_write(writer, &comment));
    if (last)
        OK(vcmd_capture_write(writer, last));
    OK(vcmd_capture_writer_close(writer));
    file.size -= cut;
    reader = memory_reader(&file);
    open_replay(
        r, (struct vcmd_replay_options){.stop = VCMD_REPLAY_STOP_SUBMIT, .keep_going = keep_going});
    fake_submit_status = VCMD_STATUS_HOST_UNSPEC;
    status = vcmd_replay_run(r->replay, reader);
    vcmd_replay_get_stats(r->replay, &r->stats);
    assert_true(r->stats.stopped);
    assert_int_equal(r->stats.records, 2);
    vcmd_capture_reader_close(reader);
    memory_file_free(&file);
    return status;
}

static void test_failure_at_stop(void **state)
{
    static const struct vcmd_capture_record failure = {.type = VCMD_CAPTURE_FAILURE,
                                                       .u.failure = {.status = 64}};
    struct replayed r;

    (void)state;
    assert_int_equal(run_up_to_submit(&r, false, NULL, 0), VCMD_STATUS_HOST_UNSPEC);
    assert_error(&r, VCMD_STATUS_HOST_UNSPEC, "fails on this device");
    assert_int_equal(run_up_to_submit(&r, false, &buffer, 0), VCMD_STATUS_HOST_UNSPEC);
    assert_error(&r, VCMD_STATUS_HOST_UNSPEC, "fails on this device");
    /* Cut off behind the stop: the failure is what there is to tell. */
    assert_int_equal(run_up_to_submit(&r, false, &buffer, 1), VCMD_STATUS_HOST_UNSPEC);
    assert_error(&r, VCMD_STATUS_HOST_UNSPEC, "fails on this device");
    OK(run_up_to_submit(&r, true, &buffer, 0));
    assert_int_equal(r.stats.failures, 1);
    assert_int_equal(r.messages, 1);
    close_replay(&r);
    /* It failed in the capture, too. */
    OK(run_up_to_submit(&r, false, &failure, 0));
    assert_int_equal(r.stats.failures, 0);
    close_replay(&r);
}

/* ---- whole files ---- */

static void test_cut_file(void **state)
{
    struct memory_file file = {0};
    const struct vcmd_capture_sink sink = memory_sink(&file);
    struct vcmd_capture_writer *writer;
    struct vcmd_capture_reader *reader;
    struct replayed r;

    (void)state;
    OK(vcmd_capture_writer_create(&sink, NULL, &writer));
    OK(vcmd_capture_write(writer, &context));
    OK(vcmd_capture_write(writer, &buffer));
    OK(vcmd_capture_writer_close(writer));
    file.size--;
    reader = memory_reader(&file);
    open_replay(&r, (struct vcmd_replay_options){0});
    assert_int_equal(vcmd_replay_run(r.replay, reader), VCMD_STATUS_TRUNCATED);
    vcmd_replay_get_stats(r.replay, &r.stats);
    assert_int_equal(r.stats.records, 1);
    vcmd_capture_reader_close(reader);
    memory_file_free(&file);
    assert_error(&r, VCMD_STATUS_TRUNCATED, "the file ends in the middle of this record");
}

static void test_no_picture(void **state)
{
    struct vcmd_replay_picture picture;
    struct replayed r;

    (void)state;
    begin(&r, (struct vcmd_replay_options){0});
    assert_int_equal(vcmd_replay_picture(r.replay, 0, &picture), VCMD_STATUS_OUT_OF_RANGE);
    assert_non_null(strstr(vcmd_replay_error(r.replay)->text, "nothing has been drawn"));
    assert_int_equal(vcmd_replay_picture(r.replay, 3, &picture), VCMD_STATUS_OUT_OF_RANGE);
    assert_int_equal(vcmd_replay_picture(r.replay, 50, &picture), VCMD_STATUS_UNSUPPORTED);
    assert_non_null(strstr(vcmd_replay_error(r.replay)->text, "resource 50"));
    /* That does not end the replay. */
    OK(submit_nop(&r));
    close_replay(&r);
}

static size_t count_calls(uint32_t type)
{
    size_t count = 0;

    for (size_t i = 0; i < fake_num_calls; i++)
        count += fake_calls[i].type == type;
    return count;
}

/* The picture's own context is made anew after its first submit failed, sub-context and all. */
static void test_picture_again(void **state)
{
    static const struct vcmd_capture_record texture = {
        .type = VCMD_CAPTURE_RESOURCE_CREATE,
        .u.resource = {.id = 60,
                       .desc = {VCMD_TEXTURE_2D, VCMD_FORMAT_R8G8B8A8_UNORM,
                                VCMD_BIND_RENDER_TARGET, 4, 4, 1, 1, 0, 0, 0, 64}}};
    struct vcmd_replay_picture picture;
    struct replayed r;

    (void)state;
    begin(&r, (struct vcmd_replay_options){0});
    OK(step(&r, texture));
    fake_submit_status = VCMD_STATUS_HOST_UNSPEC;
    assert_int_equal(vcmd_replay_picture(r.replay, 60, &picture), VCMD_STATUS_HOST_UNSPEC);
    assert_int_equal(count_calls(VCMD_CAPTURE_CONTEXT_DESTROY), 1);
    fake_submit_status = VCMD_STATUS_OK;
    OK(vcmd_replay_picture(r.replay, 60, &picture));
    /* One for the capture's context, two for pictures; each of those begins with its sub-context.
     */
    assert_int_equal(count_calls(VCMD_CAPTURE_CONTEXT_CREATE), 3);
    assert_int_equal(count_calls(VCMD_CAPTURE_SUBMIT), 3);
    assert_int_equal(picture.width, 4);
    close_replay(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_handles),         cmocka_unit_test(test_difference),
        cmocka_unit_test(test_memory_outside),  cmocka_unit_test(test_wrong_ids),
        cmocka_unit_test(test_ids_again),       cmocka_unit_test(test_unknown_types),
        cmocka_unit_test(test_control),         cmocka_unit_test(test_stops),
        cmocka_unit_test(test_failure_of_both), cmocka_unit_test(test_failure_here),
        cmocka_unit_test(test_cut_file),        cmocka_unit_test(test_no_picture),
        cmocka_unit_test(test_failure_at_stop), cmocka_unit_test(test_picture_again),
        cmocka_unit_test(test_context_flags),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
