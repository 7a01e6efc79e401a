/* SPDX-License-Identifier: MIT */

/* Opening and asking a device, over a mock transport. */
#include "fake_transport.h"

#include <string.h>

static int reset(void **state)
{
    (void)state;
    fake_reset();
    return 0;
}

static const struct vcmd_transport *const only_fake[] = {&fake_transport_entry, NULL};

static void null_arguments(void **state)
{
    const struct vcmd_device_desc desc = {.transports = only_fake, .log = log_keep};
    const struct vcmd_device_desc no_list = {.log = log_keep};
    struct vcmd_device *device = (struct vcmd_device *)&desc;

    (void)state;
    assert_silent(vcmd_device_open(&desc, NULL), VCMD_STATUS_NULL_ARGUMENT);
    assert_silent(vcmd_device_open(NULL, &device), VCMD_STATUS_NULL_ARGUMENT);
    assert_null(device);
    device = (struct vcmd_device *)&desc;
    assert_silent(vcmd_device_open(&no_list, &device), VCMD_STATUS_NULL_ARGUMENT);
    assert_null(device);
    vcmd_device_close(NULL);
    assert_string_equal(vcmd_device_transport_name(NULL), "");
    assert_int_equal(fake.calls[FAKE_OPEN], 0);
}

static void empty_list(void **state)
{
    const struct vcmd_transport *const none[] = {NULL};
    struct vcmd_device_desc desc = {.transports = none, .log = log_keep};
    struct vcmd_device *device;

    (void)state;
    assert_refused(vcmd_device_open(&desc, &device), VCMD_STATUS_UNKNOWN_TRANSPORT, "empty");
    desc.transport = "fake";
    assert_refused(vcmd_device_open(&desc, &device), VCMD_STATUS_UNKNOWN_TRANSPORT, "empty");
    assert_null(device);
}

static enum vcmd_status other_open(const char *options, const struct vcmd_log *log,
                                   const struct vcmd_device_ops **ops, void **self)
{
    (void)options;
    (void)ops;
    (void)self;
    vcmd_log(log, VCMD_LOG_ERROR, VCMD_STATUS_NO_DEVICE, "other: never there");
    return VCMD_STATUS_NO_DEVICE;
}

static const struct vcmd_transport other = {.name = "other", .open = other_open};

static void unknown_name(void **state)
{
    const struct vcmd_transport *const two[] = {&fake_transport_entry, &other, NULL};
    const struct vcmd_device_desc desc = {.transports = two, .transport = "fak", .log = log_keep};
    struct vcmd_device *device;

    (void)state;
    assert_refused(vcmd_device_open(&desc, &device), VCMD_STATUS_UNKNOWN_TRANSPORT, "\"fak\"");
    assert_null(device);
    /* and what there is, also without a description */
    assert_true(log_has(VCMD_LOG_ERROR, VCMD_STATUS_UNKNOWN_TRANSPORT, "\"fake\": a mock"));
    assert_true(log_has(VCMD_LOG_ERROR, VCMD_STATUS_UNKNOWN_TRANSPORT, "\"other\""));
}

/* NULL and "" take the first of the list, a name takes that one. */
static void choice(void **state)
{
    const struct vcmd_transport *const two[] = {&fake_transport_entry, &other, NULL};
    const struct vcmd_transport *const turned[] = {&other, &fake_transport_entry, NULL};
    const char *const first[] = {NULL, ""};
    struct vcmd_device_desc desc = {.transports = two, .log = log_keep};
    struct vcmd_device *device;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(first); i++) {
        desc.transport = first[i];
        assert_ok(vcmd_device_open(&desc, &device));
        assert_string_equal(vcmd_device_transport_name(device), "fake");
        vcmd_device_close(device);
    }
    desc.transport = "other";
    assert_refused(vcmd_device_open(&desc, &device), VCMD_STATUS_NO_DEVICE, "never there");
    desc.transports = turned;
    desc.transport = "fake";
    assert_ok(vcmd_device_open(&desc, &device));
    assert_string_equal(vcmd_device_transport_name(device), "fake");
    vcmd_device_close(device);
    assert_fake_clean();
}

static void options_reach_the_transport(void **state)
{
    struct vcmd_device_desc desc = {.transports = only_fake, .log = log_keep};
    struct vcmd_device *device;

    (void)state;
    assert_ok(vcmd_device_open(&desc, &device));
    assert_string_equal(fake.options, "");
    vcmd_device_close(device);
    desc.options = "a=1,b";
    assert_ok(vcmd_device_open(&desc, &device));
    assert_string_equal(fake.options, "a=1,b");
    vcmd_device_close(device);
}

/* Whatever the transport answers comes out, and nothing stays open. */
static void transport_fails(void **state)
{
    const enum vcmd_status statuses[] = {
        VCMD_STATUS_INVALID_OPTION, VCMD_STATUS_NO_MEMORY,   VCMD_STATUS_NO_DEVICE,
        VCMD_STATUS_BUSY,           VCMD_STATUS_DEVICE_LOST, VCMD_STATUS_HOST_BAD_RESPONSE,
    };
    const struct vcmd_device_desc desc = {.transports = only_fake, .log = log_keep};
    struct vcmd_device *device;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(statuses); i++) {
        fake.fail[FAKE_OPEN] = statuses[i];
        assert_refused(vcmd_device_open(&desc, &device), statuses[i], "fails as told");
        assert_null(device);
        fake.fail[FAKE_OPEN] = VCMD_STATUS_OK;
        fake.fail[FAKE_GET_CAPSET] = statuses[i];
        assert_refused(vcmd_device_open(&desc, &device), statuses[i], "capset");
        assert_null(device);
        assert_fake_clean();
        fake.fail[FAKE_GET_CAPSET] = VCMD_STATUS_OK;
    }
}

static void capset_decides(void **state)
{
    const struct vcmd_device_desc desc = {.transports = only_fake, .log = log_keep};
    struct vcmd_device *device;
    struct vcmd_caps caps;

    (void)state;
    fake.capset_id = 0;
    assert_refused(vcmd_device_open(&desc, &device), VCMD_STATUS_NO_DEVICE, "no 3D");
    fake.capset_id = 4; /* Venus: not VirGL */
    assert_refused(vcmd_device_open(&desc, &device), VCMD_STATUS_NO_DEVICE, "no 3D");
    fake.capset_id = VCMD_CTRL_CAPSET_VIRGL2;
    fake.capset_size = 307; /* capset 1 has 308 bytes, and capset 2 begins with it */
    assert_refused(vcmd_device_open(&desc, &device), VCMD_STATUS_TRUNCATED, "capset");
    assert_null(device);
    assert_fake_clean();

    fake.capset_id = VCMD_CTRL_CAPSET_VIRGL;
    fake.capset_size = 308;
    assert_ok(vcmd_device_open(&desc, &device));
    assert_ok(vcmd_device_get_caps(device, &caps));
    assert_int_equal(caps.max_texture_2d_size, 0); /* only capset 2 has it */
    vcmd_device_close(device);

    fake_reset();
    assert_ok(vcmd_device_open(&desc, &device));
    assert_ok(vcmd_device_get_caps(device, &caps));
    assert_int_equal(caps.max_texture_2d_size, 16384);
    assert_int_equal(caps.max_texture_cube_size, 8192);
    vcmd_device_close(device);
}

static void capset_bytes(void **state)
{
    struct vcmd_device *device = fake_open();
    uint8_t bytes[1376];
    struct vcmd_caps caps;
    size_t size = 7;

    (void)state;
    assert_silent(vcmd_device_get_caps(NULL, &caps), VCMD_STATUS_NULL_ARGUMENT);
    assert_silent(vcmd_device_get_caps(device, NULL), VCMD_STATUS_NULL_ARGUMENT);
    assert_silent(vcmd_device_get_capset(NULL, 2, bytes, 4, &size), VCMD_STATUS_NULL_ARGUMENT);
    assert_silent(vcmd_device_get_capset(device, 2, bytes, 4, NULL), VCMD_STATUS_NULL_ARGUMENT);
    assert_silent(vcmd_device_get_capset(device, 2, NULL, 4, &size), VCMD_STATUS_NULL_ARGUMENT);

    assert_silent(vcmd_device_get_capset(device, 2, NULL, 0, &size), VCMD_STATUS_BUFFER_FULL);
    assert_int_equal(size, 1376);
    size = 7;
    assert_silent(vcmd_device_get_capset(device, 1, bytes, sizeof(bytes), &size),
                  VCMD_STATUS_UNSUPPORTED);
    assert_int_equal(size, 0);
    assert_ok(vcmd_device_get_capset(device, 2, bytes, sizeof(bytes), &size));
    assert_int_equal(size, 1376);

    memset(bytes, 0xa5, sizeof(bytes));
    assert_silent(vcmd_device_get_capset(device, 2, bytes, 100, &size), VCMD_STATUS_BUFFER_FULL);
    assert_int_equal(size, 1376);
    assert_int_equal(bytes[99], 0xff); /* in the mask of formats that can be drawn to */
    assert_int_equal(bytes[100], 0xa5);

    fake.fail[FAKE_GET_CAPSET] = VCMD_STATUS_DEVICE_LOST;
    assert_refused(vcmd_device_get_capset(device, 2, bytes, 100, &size), VCMD_STATUS_DEVICE_LOST,
                   "as told");
    fake.fail[FAKE_GET_CAPSET] = VCMD_STATUS_OK;
    vcmd_device_close(device);
    assert_fake_clean();
}

/* A log is not obligatory. */
static void without_log(void **state)
{
    struct vcmd_device_desc desc = {.transports = only_fake};
    struct vcmd_context *context;
    struct vcmd_device *device;

    (void)state;
    log_forget();
    assert_int_equal(vcmd_device_open(&desc, &device), VCMD_STATUS_OK);
    fake.fail[FAKE_CONTEXT_CREATE] = VCMD_STATUS_HOST_UNSPEC;
    assert_int_equal(vcmd_context_create(device, "x", &context), VCMD_STATUS_HOST_UNSPEC);
    vcmd_device_close(device);
    desc.transport = "nope";
    assert_int_equal(vcmd_device_open(&desc, &device), VCMD_STATUS_UNKNOWN_TRANSPORT);
    assert_int_equal(log_lines(), 0);
    assert_fake_clean();
}

/* The log gets the pointer that the caller gave, and nothing after the close. */
static void *log_user;
static size_t log_calls;

static void watch_user(void *user, enum vcmd_log_level level, enum vcmd_status code,
                       const char *text)
{
    (void)level;
    (void)code;
    (void)text;
    log_user = user;
    log_calls++;
}

static void log_user_and_end(void **state)
{
    int marker = 0;
    const struct vcmd_device_desc desc = {
        .transports = only_fake, .log = watch_user, .log_user = &marker};
    const struct vcmd_resource_desc buffer = {.bind = VCMD_BIND_VERTEX_BUFFER, .width = 16};
    struct vcmd_resource *resource;
    struct vcmd_context *context;
    struct vcmd_device *device;
    size_t calls;

    (void)state;
    assert_int_equal(vcmd_device_open(&desc, &device), VCMD_STATUS_OK);
    assert_int_equal(vcmd_context_create(device, NULL, &context), VCMD_STATUS_OK);
    assert_int_equal(vcmd_resource_create(device, &buffer, &resource), VCMD_STATUS_OK);
    assert_int_equal(vcmd_context_detach(context, resource), VCMD_STATUS_NOT_ATTACHED);
    assert_ptr_equal(log_user, &marker);
    vcmd_device_close(device);
    calls = log_calls;
    assert_int_equal(vcmd_context_detach(context, resource), VCMD_STATUS_DEVICE_CLOSED);
    vcmd_resource_destroy(resource);
    vcmd_context_destroy(context);
    assert_int_equal(log_calls, calls);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(null_arguments, reset),
        cmocka_unit_test_setup(empty_list, reset),
        cmocka_unit_test_setup(unknown_name, reset),
        cmocka_unit_test_setup(choice, reset),
        cmocka_unit_test_setup(options_reach_the_transport, reset),
        cmocka_unit_test_setup(transport_fails, reset),
        cmocka_unit_test_setup(capset_decides, reset),
        cmocka_unit_test_setup(capset_bytes, reset),
        cmocka_unit_test_setup(without_log, reset),
        cmocka_unit_test_setup(log_user_and_end, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
