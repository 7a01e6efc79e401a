/* SPDX-License-Identifier: MIT */

/* Contexts and resources: creating, attaching, destroying; over a mock transport. */
#include "fake_transport.h"

static const struct vcmd_resource_desc texture = {
    .target = VCMD_TEXTURE_2D,
    .format = VCMD_FORMAT_B8G8R8A8_UNORM,
    .bind = VCMD_BIND_RENDER_TARGET,
    .width = 8,
    .height = 8,
};

/* What most tests here begin with. */
static struct vcmd_device *device;
static struct vcmd_context *context;
static struct vcmd_resource *resource;

static int open_all(void **state)
{
    (void)state;
    fake_reset();
    device = fake_open();
    assert_ok(vcmd_context_create(device, "test", &context));
    assert_ok(vcmd_resource_create(device, &texture, &resource));
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    vcmd_context_destroy(context);
    vcmd_resource_destroy(resource);
    vcmd_device_close(device);
    assert_fake_clean();
    return 0;
}

static void null_arguments(void **state)
{
    struct vcmd_context *no_context = context;
    struct vcmd_resource *no_resource = resource;
    struct vcmd_level_layout layout;
    void *memory = device;
    size_t size = 1;

    (void)state;
    assert_silent(vcmd_context_create(device, "x", NULL), VCMD_STATUS_NULL_ARGUMENT);
    assert_silent(vcmd_context_create(NULL, "x", &no_context), VCMD_STATUS_NULL_ARGUMENT);
    assert_null(no_context);
    assert_silent(vcmd_resource_create(device, &texture, NULL), VCMD_STATUS_NULL_ARGUMENT);
    assert_silent(vcmd_resource_create(NULL, &texture, &no_resource), VCMD_STATUS_NULL_ARGUMENT);
    assert_null(no_resource);
    no_resource = resource;
    assert_silent(vcmd_resource_create(device, NULL, &no_resource), VCMD_STATUS_NULL_ARGUMENT);
    assert_null(no_resource);
    assert_silent(vcmd_context_attach(NULL, resource), VCMD_STATUS_NULL_ARGUMENT);
    assert_silent(vcmd_context_attach(context, NULL), VCMD_STATUS_NULL_ARGUMENT);
    assert_silent(vcmd_context_detach(NULL, resource), VCMD_STATUS_NULL_ARGUMENT);
    assert_silent(vcmd_context_detach(context, NULL), VCMD_STATUS_NULL_ARGUMENT);
    assert_silent(vcmd_resource_map(resource, NULL, &size), VCMD_STATUS_NULL_ARGUMENT);
    assert_silent(vcmd_resource_map(NULL, &memory, &size), VCMD_STATUS_NULL_ARGUMENT);
    assert_null(memory);
    assert_int_equal(size, 0);
    assert_silent(vcmd_resource_get_layout(NULL, 0, &layout), VCMD_STATUS_NULL_ARGUMENT);
    assert_silent(vcmd_resource_get_layout(resource, 0, NULL), VCMD_STATUS_NULL_ARGUMENT);
    assert_int_equal(vcmd_resource_id(NULL), 0);
    vcmd_context_destroy(NULL);
    vcmd_resource_destroy(NULL);
}

static void transport_fails(void **state)
{
    const enum vcmd_status statuses[] = {
        VCMD_STATUS_NO_MEMORY,
        VCMD_STATUS_DEVICE_LOST,
        VCMD_STATUS_HOST_UNSPEC,
        VCMD_STATUS_HOST_OUT_OF_MEMORY,
        VCMD_STATUS_HOST_INVALID_CONTEXT_ID,
        VCMD_STATUS_HOST_INVALID_RESOURCE_ID,
        VCMD_STATUS_HOST_INVALID_PARAMETER,
        VCMD_STATUS_HOST_BAD_RESPONSE,
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(statuses); i++) {
        struct vcmd_context *no_context = context;
        struct vcmd_resource *no_resource = resource;

        fake.fail[FAKE_CONTEXT_CREATE] = statuses[i];
        fake.fail[FAKE_RESOURCE_CREATE] = statuses[i];
        fake.fail[FAKE_ATTACH] = statuses[i];
        assert_refused(vcmd_context_create(device, "x", &no_context), statuses[i], "as told");
        assert_null(no_context);
        assert_refused(vcmd_resource_create(device, &texture, &no_resource), statuses[i],
                       "as told");
        assert_null(no_resource);
        assert_refused(vcmd_context_attach(context, resource), statuses[i], "as told");
        /* It is not attached now, on either side. */
        assert_refused(vcmd_context_detach(context, resource), VCMD_STATUS_NOT_ATTACHED,
                       "not attached");
        fake.fail[FAKE_CONTEXT_CREATE] = VCMD_STATUS_OK;
        fake.fail[FAKE_RESOURCE_CREATE] = VCMD_STATUS_OK;
        fake.fail[FAKE_ATTACH] = VCMD_STATUS_OK;
    }
}

static void context_names(void **state)
{
    struct vcmd_context *other;

    (void)state;
    assert_string_equal(fake.name, "test");
    assert_ok(vcmd_context_create(device, NULL, &other));
    assert_string_equal(fake.name, "");
    vcmd_context_destroy(other);
}

static void attach_and_detach(void **state)
{
    (void)state;
    assert_refused(vcmd_context_detach(context, resource), VCMD_STATUS_NOT_ATTACHED,
                   "not attached");
    assert_ok(vcmd_context_attach(context, resource));
    assert_ok(vcmd_context_attach(context, resource));
    assert_int_equal(fake.attached, 1);
    assert_ok(vcmd_context_detach(context, resource));
    assert_int_equal(fake.attached, 0);
    assert_refused(vcmd_context_detach(context, resource), VCMD_STATUS_NOT_ATTACHED,
                   "not attached");
    assert_ok(vcmd_context_attach(context, resource));
    fake.fail[FAKE_DETACH] = VCMD_STATUS_HOST_UNSPEC;
    assert_refused(vcmd_context_detach(context, resource), VCMD_STATUS_HOST_UNSPEC, "as told");
    fake.fail[FAKE_DETACH] = VCMD_STATUS_OK;
    assert_ok(vcmd_context_attach(context, resource));
    assert_int_equal(fake.attached, 1);
}

/* Attachments belong to the pair: they do not outlive the context, nor pass to the next one. */
static void attachment_ends_with_the_context(void **state)
{
    struct vcmd_context *other;

    (void)state;
    assert_ok(vcmd_context_create(device, "other", &other));
    assert_ok(vcmd_context_attach(other, resource));
    vcmd_context_destroy(other);
    assert_int_equal(fake.attached, 0);
    assert_ok(vcmd_context_create(device, "next", &other));
    assert_refused(vcmd_transfer_to_host(other, resource, NULL), VCMD_STATUS_NOT_ATTACHED,
                   "not attached");
    vcmd_context_destroy(other);
}

static void many_attachments(void **state)
{
    struct vcmd_context *contexts[40];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(contexts); i++) {
        assert_ok(vcmd_context_create(device, "many", &contexts[i]));
        assert_ok(vcmd_context_attach(contexts[i], resource));
    }
    assert_int_equal(fake.attached, ARRAY_SIZE(contexts));
    for (size_t i = 0; i < ARRAY_SIZE(contexts); i += 2)
        assert_ok(vcmd_context_detach(contexts[i], resource));
    for (size_t i = 0; i < ARRAY_SIZE(contexts); i++) {
        if (i % 2 == 0)
            assert_refused(vcmd_context_detach(contexts[i], resource), VCMD_STATUS_NOT_ATTACHED,
                           "not attached");
        vcmd_context_destroy(contexts[i]);
    }
    assert_int_equal(fake.attached, 0);
}

static void wrong_device(void **state)
{
    struct vcmd_device *other_device = fake_open();
    struct vcmd_context *other_context;
    struct vcmd_resource *other_resource;
    const enum vcmd_status wrong = VCMD_STATUS_WRONG_DEVICE;

    (void)state;
    assert_ok(vcmd_context_create(other_device, "other", &other_context));
    assert_ok(vcmd_resource_create(other_device, &texture, &other_resource));
    assert_refused(vcmd_context_attach(context, other_resource), wrong, "another device");
    assert_refused(vcmd_context_attach(other_context, resource), wrong, "another device");
    assert_refused(vcmd_context_detach(context, other_resource), wrong, "another device");
    assert_refused(vcmd_transfer_to_host(context, other_resource, NULL), wrong, "another device");
    assert_refused(vcmd_transfer_from_host(context, other_resource, NULL), wrong, "another device");
    vcmd_context_destroy(other_context);
    vcmd_resource_destroy(other_resource);
    vcmd_device_close(other_device);
}

static void mapping(void **state)
{
    struct vcmd_resource_desc desc = texture;
    struct vcmd_resource *bare;
    void *memory = NULL, *again = NULL;
    size_t size = 0;

    (void)state;
    assert_ok(vcmd_resource_map(resource, &memory, &size));
    assert_non_null(memory);
    assert_int_equal(size, 8 * 8 * 4);
    assert_ok(vcmd_resource_map(resource, &again, NULL));
    assert_ptr_equal(memory, again);

    desc.backing_size = VCMD_NO_BACKING;
    assert_ok(vcmd_resource_create(device, &desc, &bare));
    assert_refused(vcmd_resource_map(bare, &memory, &size), VCMD_STATUS_UNSUPPORTED, "no backing");
    assert_null(memory);
    assert_int_equal(size, 0);
    assert_ok(vcmd_context_attach(context, bare));
    assert_refused(vcmd_transfer_to_host(context, bare, NULL), VCMD_STATUS_UNSUPPORTED,
                   "no backing");
    vcmd_resource_destroy(bare);
}

/* Every call with what a closed device leaves behind. Separate, since it closes the device. */
static void closed_device(void **state)
{
    struct vcmd_transfer transfer = {.box = {.w = 1, .h = 1, .d = 1}};
    const enum vcmd_status closed = VCMD_STATUS_DEVICE_CLOSED;
    struct vcmd_level_layout layout;
    uint32_t memory[9] = {0};
    struct vcmd_buffer buf;
    void *mapped = memory;
    uint64_t fence = 9;
    size_t size = 9;

    open_all(state);
    assert_ok(vcmd_context_attach(context, resource));
    vcmd_device_close(device);
    assert_fake_clean();

    assert_silent(vcmd_context_attach(context, resource), closed);
    assert_silent(vcmd_context_detach(context, resource), closed);
    assert_silent(vcmd_transfer_to_host(context, resource, NULL), closed);
    assert_silent(vcmd_transfer_to_host(context, resource, &transfer), closed);
    assert_silent(vcmd_transfer_from_host(context, resource, NULL), closed);
    assert_silent(vcmd_resource_map(resource, &mapped, &size), closed);
    assert_null(mapped);
    assert_int_equal(size, 0);
    assert_silent(vcmd_resource_get_layout(resource, 0, &layout), closed);
    vcmd_buffer_init(&buf, memory, 9, VCMD_BUFFER_HEADROOM);
    assert_silent(vcmd_submit(context, &buf, &fence), closed);
    assert_int_equal(fence, 0);
    buf.length = 1;
    assert_silent(vcmd_submit(context, &buf, NULL), closed);
    /* The id is no secret of the host's. */
    assert_int_not_equal(vcmd_resource_id(resource), 0);

    vcmd_context_destroy(context);
    vcmd_resource_destroy(resource);
    assert_fake_clean();
}

/* ---- destroying in every order ---- */

static size_t orders;

/* Object 0 is the device, 1 and 2 are contexts, 3 to 5 resources. */
static void destroy_in_order(const size_t *order, size_t count)
{
    struct vcmd_device *opened = fake_open();
    struct vcmd_context *contexts[2];
    struct vcmd_resource *resources[3];

    for (size_t i = 0; i < ARRAY_SIZE(contexts); i++)
        assert_ok(vcmd_context_create(opened, "orders", &contexts[i]));
    for (size_t i = 0; i < ARRAY_SIZE(resources); i++)
        assert_ok(vcmd_resource_create(opened, &texture, &resources[i]));
    /* One resource in both contexts, one in the first, one in the second. */
    assert_ok(vcmd_context_attach(contexts[0], resources[0]));
    assert_ok(vcmd_context_attach(contexts[1], resources[0]));
    assert_ok(vcmd_context_attach(contexts[0], resources[1]));
    assert_ok(vcmd_context_attach(contexts[1], resources[2]));

    log_forget();
    for (size_t i = 0; i < count; i++) {
        if (order[i] == 0)
            vcmd_device_close(opened);
        else if (order[i] <= 2)
            vcmd_context_destroy(contexts[order[i] - 1]);
        else
            vcmd_resource_destroy(resources[order[i] - 3]);
    }
    assert_int_equal(log_lines(), 0);
    assert_fake_clean();
    orders++;
}

static void destroy_orders(void **state)
{
    (void)state;
    fake_reset();
    for_each_order(6, destroy_in_order);
    assert_int_equal(orders, 720);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(null_arguments, open_all, close_all),
        cmocka_unit_test_setup_teardown(transport_fails, open_all, close_all),
        cmocka_unit_test_setup_teardown(context_names, open_all, close_all),
        cmocka_unit_test_setup_teardown(attach_and_detach, open_all, close_all),
        cmocka_unit_test_setup_teardown(attachment_ends_with_the_context, open_all, close_all),
        cmocka_unit_test_setup_teardown(many_attachments, open_all, close_all),
        cmocka_unit_test_setup_teardown(wrong_device, open_all, close_all),
        cmocka_unit_test_setup_teardown(mapping, open_all, close_all),
        cmocka_unit_test(closed_device),
        cmocka_unit_test(destroy_orders),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
