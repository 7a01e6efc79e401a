/* SPDX-License-Identifier: MIT */

/* What the transport makes of bad servers: a mock, see mock.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <virglcmd/device.h>
#include <virglcmd/enums.h>
#include <virglcmd/virglcmd.h>
#include <virglcmd/vtest.h>

#include "mock.h"

#define CAPS1_BYTES 308u
#define IDLE        1, 7, 0

/* What is different from a good server of version 2. */
struct knobs {
    uint32_t version;     /* agreed on; 0: 2 */
    uint32_t ping[2];     /* 0, 0: 0, 10 */
    uint32_t caps_length; /* 0: right */
    uint32_t caps_id;     /* 0: 2 */
    uint32_t offered;     /* 0: 3 */
    const char *options;  /* NULL: socket=mock,version=2 */
};

static char said[2048];

static void log_line(void *user, enum vcmd_log_level level, enum vcmd_status code, const char *text)
{
    (void)user;
    (void)level;
    (void)code;
    snprintf(said + strlen(said), sizeof(said) - strlen(said), "%s\n", text);
}

static void say_hello(const struct knobs *knobs)
{
    static const uint8_t caps[CAPS1_BYTES] = {1};
    const uint32_t ping[5] = {knobs->ping[0], knobs->ping[1] ? knobs->ping[1] : 10, IDLE};
    const uint32_t version[3] = {1, 11, knobs->version ? knobs->version : 2};
    const uint32_t caps2[2] = {knobs->caps_length ? knobs->caps_length : CAPS1_BYTES + 1,
                               knobs->caps_id ? knobs->caps_id : 2};
    const uint32_t caps1[2] = {CAPS1_BYTES + 1, 1};

    mock_dwords(ping, 5);
    mock_dwords(version, 3);
    mock_dwords(caps2, 2);
    mock_bytes(caps, sizeof(caps));
    mock_dwords(caps1, 2);
    mock_bytes(caps, sizeof(caps));
}

static enum vcmd_status open_mock(const struct knobs *knobs, struct vcmd_device **device)
{
    const struct vcmd_transport *const transports[] = {vcmd_vtest_transport(), NULL};
    const struct vcmd_device_desc desc = {
        .transports = transports,
        .options = knobs->options ? knobs->options : "socket=mock,version=2,timeout=1",
        .log = log_line,
    };

    said[0] = '\0';
    return vcmd_device_open(&desc, device);
}

static void expect_said(const char *part)
{
    if (!strstr(said, part))
        fail_msg("\"%s\" is not in: %s", part, said);
}

static int fds_before;

static int begin(void **state)
{
    (void)state;
    fds_before = mock_count_fds();
    mock_begin();
    return 0;
}

static int end(void **state)
{
    (void)state;
    mock_end();
    return mock_count_fds() == fds_before ? 0 : -1;
}

/* ---- the handshake ---- */

static void a_good_one(void **state)
{
    const struct knobs knobs = {0};
    struct vcmd_device *device;

    (void)state;
    say_hello(&knobs);
    assert_int_equal(open_mock(&knobs, &device), VCMD_STATUS_OK);
    expect_said("version 2");
    vcmd_device_close(device);
}

static void bad_hellos(void **state)
{
    static const struct {
        struct knobs knobs;
        const char *part;
    } cases[] = {
        {{.version = 3}, "not offered (3)"},
        {{.version = 0xffffffff}, "not offered"},
        {{.ping = {1, 10}}, "wrong length (1)"},
        {{.ping = {0, 11}}, "another command (11)"},
        {{.caps_length = 0xffffffff}, "impossible size"},
        {{.caps_length = 1}, "impossible size"},
        {{.caps_length = 65538}, "impossible size"},
        {{.caps_id = 3}, "impossible size"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct vcmd_device *device;

        mock_begin();
        say_hello(&cases[i].knobs);
        assert_int_equal(open_mock(&cases[i].knobs, &device), VCMD_STATUS_DEVICE_LOST);
        assert_null(device);
        expect_said(cases[i].part);
    }
}

/* Cut at every byte: never a success, never a wait. */
static void cut_hellos(void **state)
{
    const uint32_t hello[8] = {0, 10, IDLE, 1, 11, 2};
    const struct knobs knobs = {0};

    (void)state;
    for (size_t size = 0; size < sizeof(hello); size++) {
        struct vcmd_device *device;

        mock_begin();
        mock_bytes(hello, size);
        mock_hang_up();
        assert_int_equal(open_mock(&knobs, &device), VCMD_STATUS_DEVICE_LOST);
        expect_said("has closed the connection");
    }
}

static void silence(void **state)
{
    const struct knobs knobs = {0};
    struct vcmd_device *device;

    (void)state;
    assert_int_equal(open_mock(&knobs, &device), VCMD_STATUS_DEVICE_LOST);
    expect_said("has not answered in time");
}

/* Before 0.7.0: no ping, no version, no second capset. */
static void an_old_server(void **state)
{
    static const uint32_t hello[5] = {IDLE, CAPS1_BYTES + 1, 1};
    static const uint8_t caps[CAPS1_BYTES] = {1};
    const struct knobs knobs = {0};
    struct vcmd_device *device;

    (void)state;
    mock_dwords(hello, 5);
    mock_bytes(caps, sizeof(caps));
    assert_int_equal(open_mock(&knobs, &device), VCMD_STATUS_OK);
    expect_said("version 0");
    vcmd_device_close(device);
}

/* 0.7.0, the only one that has it: withdrawn. */
static void version_1(void **state)
{
    const struct knobs knobs = {.version = 1};
    struct vcmd_device *device;

    (void)state;
    say_hello(&knobs);
    assert_int_equal(open_mock(&knobs, &device), VCMD_STATUS_OK);
    expect_said("version 0");
    vcmd_device_close(device);
}

/* What goes out first, byte by byte: from the specification of the handshake. */
static void the_requests(void **state)
{
    static const uint32_t name_header[2] = {9, 8}; /* the only length in bytes */
    static const uint32_t rest[] = {0, 10, 2, 7, 0, 0, 1, 11, 2, 0, 9, 0, 1};
    const struct knobs knobs = {0};
    uint8_t bytes[256];
    struct vcmd_device *device;

    (void)state;
    say_hello(&knobs);
    assert_int_equal(open_mock(&knobs, &device), VCMD_STATUS_OK);
    assert_int_equal(mock_sent(bytes, sizeof(bytes)), 8 + 9 + sizeof(rest));
    assert_memory_equal(bytes, name_header, 8);
    assert_memory_equal(bytes + 8, "virglcmd", 9);
    assert_memory_equal(bytes + 17, rest, sizeof(rest));
    vcmd_device_close(device);
}

/* ---- resources ---- */

static const struct vcmd_resource_desc buffer = {
    .target = VCMD_BUFFER, .bind = VCMD_BIND_VERTEX_BUFFER, .width = 4096};

static struct vcmd_device *open_good(void)
{
    const struct knobs knobs = {0};
    struct vcmd_device *device;

    say_hello(&knobs);
    assert_int_equal(open_mock(&knobs, &device), VCMD_STATUS_OK);
    said[0] = '\0';
    return device;
}

static void lost_at_creation(struct vcmd_device *device, const char *part)
{
    struct vcmd_resource *resource;

    assert_int_equal(vcmd_resource_create(device, &buffer, &resource), VCMD_STATUS_DEVICE_LOST);
    assert_null(resource);
    expect_said(part);
    vcmd_device_close(device);
}

static void memory_that_is_too_small(void **state)
{
    struct vcmd_device *device = open_good();

    (void)state;
    mock_memory(4095);
    lost_at_creation(device, "less shared memory");
}

static void memory_without_a_size(void **state)
{
    struct vcmd_device *device = open_good();

    (void)state;
    mock_null();
    lost_at_creation(device, "less shared memory");
}

static void no_descriptor(void **state)
{
    struct vcmd_device *device = open_good();

    (void)state;
    mock_bytes("", 1);
    lost_at_creation(device, "no file descriptor");
}

static void hang_up_instead_of_a_descriptor(void **state)
{
    struct vcmd_device *device = open_good();

    (void)state;
    mock_hang_up();
    lost_at_creation(device, "closed the connection");
}

static void two_descriptors(void **state)
{
    struct vcmd_device *device = open_good();
    struct vcmd_resource *resource;
    size_t size;
    void *memory;

    (void)state;
    mock_two(4096);
    assert_int_equal(vcmd_resource_create(device, &buffer, &resource), VCMD_STATUS_OK);
    assert_int_equal(vcmd_resource_map(resource, &memory, &size), VCMD_STATUS_OK);
    assert_int_equal(size, 4096);
    memset(memory, 1, size);
    vcmd_resource_destroy(resource);
    vcmd_device_close(device);
}

/* ---- fences ---- */

static struct vcmd_buffer *command(void)
{
    static uint32_t memory[8];
    static struct vcmd_buffer buf;

    vcmd_buffer_init(&buf, memory, 8, 0);
    vcmd_create_sub_ctx(&buf, &(struct vcmd_create_sub_ctx){.sub_ctx_id = 1});
    return &buf;
}

static uint64_t submit_something(struct vcmd_context *context)
{
    uint64_t fence = 0;

    assert_int_equal(vcmd_submit(context, command(), &fence), VCMD_STATUS_OK);
    return fence;
}

/* An answer that comes in pieces, after its asker has gone: the next one takes up where it was. */
static void answers_that_come_late(void **state)
{
    static const uint32_t idle[3] = {IDLE}, busy[3] = {1, 7, 1};
    struct vcmd_device *device = open_good();
    struct vcmd_context *context;
    uint64_t fence;

    (void)state;
    assert_int_equal(vcmd_context_create(device, "mock", &context), VCMD_STATUS_OK);
    fence = submit_something(context);
    assert_int_equal(fence, 1);
    assert_int_equal(vcmd_fence_wait(device, fence, 0), VCMD_STATUS_TIMEOUT);
    mock_bytes(busy, 5);
    assert_int_equal(vcmd_fence_wait(device, fence, 1000000), VCMD_STATUS_TIMEOUT);
    mock_bytes((const uint8_t *)busy + 5, 7);
    assert_int_equal(vcmd_fence_wait(device, fence, 1000000), VCMD_STATUS_TIMEOUT);
    mock_bytes(idle, 12);
    assert_int_equal(vcmd_fence_wait(device, fence, 1000000), VCMD_STATUS_OK);
    /* Known: nobody is asked. */
    assert_int_equal(vcmd_fence_wait(device, fence, 0), VCMD_STATUS_OK);

    fence = submit_something(context);
    mock_hang_up();
    assert_int_equal(vcmd_fence_wait(device, fence, VCMD_WAIT_FOREVER), VCMD_STATUS_DEVICE_LOST);
    expect_said("closed the connection");
    /* Reached before the loss; the later one nobody knows about. */
    assert_int_equal(vcmd_fence_wait(device, 1, 0), VCMD_STATUS_OK);
    assert_int_equal(vcmd_fence_wait(device, 2, 0), VCMD_STATUS_DEVICE_LOST);
    vcmd_context_destroy(context);
    vcmd_device_close(device);
}

/* The last 16 bytes of all that the mock was sent. */
static const uint8_t *last_sent(void)
{
    static uint8_t bytes[1 << 20];
    size_t size = 0, got;

    while ((got = mock_sent(bytes + size, sizeof(bytes) - size)) > 0)
        size += got;
    assert_true(size >= 16);
    return bytes + size - 16;
}

/* Who renders ahead of the server and asks in between has a short patience, and no loss. */
static void a_server_that_does_not_read(void **state)
{
    static const uint32_t idle[3] = {IDLE}, zeros[4], request[4] = {2, 7, 0, 0};
    struct vcmd_device *device = open_good();
    struct vcmd_context *context;
    uint64_t fence;

    (void)state;
    assert_int_equal(vcmd_context_create(device, "mock", &context), VCMD_STATUS_OK);
    fence = submit_something(context);
    mock_fill();
    assert_int_equal(vcmd_fence_wait(device, fence, 0), VCMD_STATUS_TIMEOUT);
    assert_int_equal(vcmd_fence_wait(device, fence, 1000000), VCMD_STATUS_TIMEOUT);
    assert_string_equal(said, "");
    /* None of that has gone out, not even in part; the next one does, once. */
    assert_memory_equal(last_sent(), zeros, sizeof(zeros));
    mock_dwords(idle, 3);
    assert_int_equal(vcmd_fence_wait(device, fence, 0), VCMD_STATUS_OK);
    assert_memory_equal(last_sent(), request, sizeof(request));

    /* The patience of the device is another matter. */
    fence = submit_something(context);
    mock_fill();
    assert_int_equal(vcmd_fence_wait(device, fence, VCMD_WAIT_FOREVER), VCMD_STATUS_DEVICE_LOST);
    expect_said("has not answered in time");
    vcmd_context_destroy(context);
    vcmd_device_close(device);
}

static void an_answer_to_something_else(void **state)
{
    static const uint32_t wrong[3] = {1, 11, 0};
    struct vcmd_device *device = open_good();
    struct vcmd_context *context;
    uint64_t fence;

    (void)state;
    assert_int_equal(vcmd_context_create(device, "mock", &context), VCMD_STATUS_OK);
    fence = submit_something(context);
    mock_dwords(wrong, 3);
    assert_int_equal(vcmd_fence_wait(device, fence, VCMD_WAIT_FOREVER), VCMD_STATUS_DEVICE_LOST);
    expect_said("another command (11)");
    vcmd_context_destroy(context);
    vcmd_device_close(device);
}

/* ---- a new connection ---- */

static void after_a_loss(void **state)
{
    static const uint32_t idle[3] = {IDLE}, hello[8] = {0, 10, IDLE, 1, 11, 2};
    struct vcmd_device *device = open_good();
    struct vcmd_context *first, *second;

    (void)state;
    assert_int_equal(vcmd_context_create(device, "first", &first), VCMD_STATUS_OK);
    mock_begin(); /* hangs up, and waits for the next */
    mock_dwords(hello, 8);
    /* As long as something of the old connection is left, there is no new one. */
    assert_int_equal(vcmd_context_create(device, "early", &second), VCMD_STATUS_OK);
    assert_int_equal(vcmd_submit(second, command(), NULL), VCMD_STATUS_DEVICE_LOST);
    expect_said("closed the connection");
    assert_int_equal(vcmd_submit(second, command(), NULL), VCMD_STATUS_DEVICE_LOST);
    expect_said("destroy all contexts and resources");
    vcmd_context_destroy(second);
    assert_int_equal(vcmd_context_create(device, "early", &second), VCMD_STATUS_DEVICE_LOST);
    vcmd_context_destroy(first);
    assert_int_equal(vcmd_context_create(device, "second", &second), VCMD_STATUS_OK);
    assert_int_equal(submit_something(second), 1);
    mock_dwords(idle, 3);
    assert_int_equal(vcmd_fence_wait(device, 1, VCMD_WAIT_FOREVER), VCMD_STATUS_OK);
    mock_dwords(idle, 3);
    vcmd_context_destroy(second);
    vcmd_device_close(device);
}

/* Of each connection one fence is reached and one is lost; that stays so. */
static void after_many_losses(void **state)
{
    enum { LOSSES = 20 };
    static const uint32_t idle[3] = {IDLE}, hello[8] = {0, 10, IDLE, 1, 11, 2};
    struct vcmd_device *device = open_good();

    (void)state;
    for (uint64_t i = 0; i < LOSSES; i++) {
        struct vcmd_context *context;

        assert_int_equal(vcmd_context_create(device, "mock", &context), VCMD_STATUS_OK);
        assert_int_equal(submit_something(context), 2 * i + 1);
        mock_dwords(idle, 3);
        assert_int_equal(vcmd_fence_wait(device, 2 * i + 1, VCMD_WAIT_FOREVER), VCMD_STATUS_OK);
        assert_int_equal(submit_something(context), 2 * i + 2);
        mock_begin(); /* hangs up, and waits for the next */
        mock_dwords(hello, 8);
        assert_int_equal(vcmd_fence_wait(device, 2 * i + 2, VCMD_WAIT_FOREVER),
                         VCMD_STATUS_DEVICE_LOST);
        vcmd_context_destroy(context);
        said[0] = '\0';
    }
    for (uint64_t i = 0; i < LOSSES; i++) {
        assert_int_equal(vcmd_fence_wait(device, 2 * i + 2, 0), VCMD_STATUS_DEVICE_LOST);
        said[0] = '\0';
    }
    /* Of those that are long past nobody remembers which were reached. */
    for (uint64_t i = LOSSES - 7; i < LOSSES; i++)
        assert_int_equal(vcmd_fence_wait(device, 2 * i + 1, 0), VCMD_STATUS_OK);
    vcmd_device_close(device);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_good_one, begin, end),
        cmocka_unit_test_setup_teardown(bad_hellos, begin, end),
        cmocka_unit_test_setup_teardown(cut_hellos, begin, end),
        cmocka_unit_test_setup_teardown(silence, begin, end),
        cmocka_unit_test_setup_teardown(an_old_server, begin, end),
        cmocka_unit_test_setup_teardown(version_1, begin, end),
        cmocka_unit_test_setup_teardown(the_requests, begin, end),
        cmocka_unit_test_setup_teardown(memory_that_is_too_small, begin, end),
        cmocka_unit_test_setup_teardown(memory_without_a_size, begin, end),
        cmocka_unit_test_setup_teardown(no_descriptor, begin, end),
        cmocka_unit_test_setup_teardown(hang_up_instead_of_a_descriptor, begin, end),
        cmocka_unit_test_setup_teardown(two_descriptors, begin, end),
        cmocka_unit_test_setup_teardown(answers_that_come_late, begin, end),
        cmocka_unit_test_setup_teardown(a_server_that_does_not_read, begin, end),
        cmocka_unit_test_setup_teardown(an_answer_to_something_else, begin, end),
        cmocka_unit_test_setup_teardown(after_a_loss, begin, end),
        cmocka_unit_test_setup_teardown(after_many_losses, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
