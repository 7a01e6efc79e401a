/* SPDX-License-Identifier: MIT */

/* The control-queue adapter over a mock channel: answers that fail, and capsets. */
#include "fake_channel.h"

#include <string.h>

static const struct vcmd_resource_desc texture = {
    .target = VCMD_TEXTURE_2D,
    .format = VCMD_FORMAT_B8G8R8A8_UNORM,
    .bind = VCMD_BIND_RENDER_TARGET,
    .width = 8,
    .height = 8,
};

static int reset(void **state)
{
    (void)state;
    channel_reset();
    return 0;
}

/* How a device can fail to answer well, and what must come of it. */
static const struct bad_answer {
    uint32_t type;
    size_t size;
    enum vcmd_status status;
} bad_answers[] = {
    {VCMD_CTRL_RESP_ERR_UNSPEC, 24, VCMD_STATUS_HOST_UNSPEC},
    {VCMD_CTRL_RESP_ERR_OUT_OF_MEMORY, 24, VCMD_STATUS_HOST_OUT_OF_MEMORY},
    {VCMD_CTRL_RESP_ERR_INVALID_SCANOUT_ID, 24, VCMD_STATUS_HOST_INVALID_SCANOUT_ID},
    {VCMD_CTRL_RESP_ERR_INVALID_RESOURCE_ID, 24, VCMD_STATUS_HOST_INVALID_RESOURCE_ID},
    {VCMD_CTRL_RESP_ERR_INVALID_CONTEXT_ID, 24, VCMD_STATUS_HOST_INVALID_CONTEXT_ID},
    {VCMD_CTRL_RESP_ERR_INVALID_PARAMETER, 24, VCMD_STATUS_HOST_INVALID_PARAMETER},
    {0x1206, 24, VCMD_STATUS_HOST_BAD_RESPONSE},                         /* no such error */
    {0, 24, VCMD_STATUS_HOST_BAD_RESPONSE},                              /* no answer at all */
    {VCMD_CTRL_CMD_CTX_CREATE, 24, VCMD_STATUS_HOST_BAD_RESPONSE},       /* a request */
    {VCMD_CTRL_RESP_OK_DISPLAY_INFO, 24, VCMD_STATUS_HOST_BAD_RESPONSE}, /* to something else */
    {VCMD_CTRL_RESP_OK_NODATA, 23, VCMD_STATUS_HOST_BAD_RESPONSE},       /* short */
    {VCMD_CTRL_RESP_OK_NODATA, 0, VCMD_STATUS_HOST_BAD_RESPONSE},
};

static void answer_badly(uint32_t request, const struct bad_answer *bad)
{
    channel.fail_type = request;
    channel.answer = bad->type;
    channel.answer_size = bad->size;
}

static void answer_well(void)
{
    channel.fail_type = 0;
}

/* ---- opening ---- */

static void open_fails(void **state)
{
    const uint32_t requests[] = {VCMD_CTRL_CMD_GET_CAPSET_INFO, VCMD_CTRL_CMD_GET_CAPSET};
    struct vcmd_device *device;
    size_t closes = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(bad_answers); i++) {
        for (size_t k = 0; k < ARRAY_SIZE(requests); k++) {
            answer_badly(requests[k], &bad_answers[i]);
            assert_refused(channel_try_open(&device), bad_answers[i].status, "CAPSET");
            assert_null(device);
            closes++;
            assert_channel_clean(closes);
        }
    }
    /* Success without data is no answer to these two. */
    for (size_t k = 0; k < ARRAY_SIZE(requests); k++) {
        answer_badly(requests[k], &(struct bad_answer){VCMD_CTRL_RESP_OK_NODATA, 24, 0});
        assert_refused(channel_try_open(&device), VCMD_STATUS_HOST_BAD_RESPONSE, "CAPSET");
        closes++;
        assert_channel_clean(closes);
    }
    answer_well();
    channel.lost = VCMD_STATUS_DEVICE_LOST;
    assert_refused(channel_try_open(&device), VCMD_STATUS_DEVICE_LOST, "no answer");
    assert_channel_clean(closes + 1);
}

static void device_without_3d(void **state)
{
    struct vcmd_device *device;

    (void)state;
    channel.features = ~UINT64_C(1);
    assert_refused(channel_try_open(&device), VCMD_STATUS_NO_DEVICE, "VIRTIO_GPU_F_VIRGL");
    assert_null(device);
    channel_reset();
    channel.num_capsets = 0;
    assert_refused(channel_try_open(&device), VCMD_STATUS_NO_DEVICE, "no VirGL capset");
    channel_reset();
    channel.infos[0].capset_id = 4;
    assert_refused(channel_try_open(&device), VCMD_STATUS_NO_DEVICE, "no VirGL capset");
    assert_channel_clean(1);
}

/* Announcements that cannot be true are passed over. */
static void odd_capset_infos(void **state)
{
    const struct vcmd_ctrl_resp_ok_capset_info odd[] = {
        {.capset_id = 2, .capset_max_size = 0},
        {.capset_id = 2, .capset_max_size = 65537},
        {.capset_id = 2, .capset_max_size = UINT32_MAX},
        {.capset_id = 0, .capset_max_size = 1376},
    };
    struct vcmd_device *device;
    size_t size;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
        channel_reset();
        channel.infos[0] = odd[i];
        assert_refused(channel_try_open(&device), VCMD_STATUS_NO_DEVICE, "no VirGL capset");
    }
    channel_reset();
    channel.num_capsets = ARRAY_SIZE(odd) + 1;
    memcpy(channel.infos, odd, sizeof(odd));
    channel.infos[ARRAY_SIZE(odd)] =
        (struct vcmd_ctrl_resp_ok_capset_info){.capset_id = 1, .capset_max_size = 308};
    device = channel_open();
    assert_silent(vcmd_device_get_capset(device, 1, NULL, 0, &size), VCMD_STATUS_BUFFER_FULL);
    assert_int_equal(size, 308);
    vcmd_device_close(device);
}

/* A host may announce more capsets than there is room for; the first ones count. */
static void many_capsets(void **state)
{
    struct vcmd_device *device;
    size_t size;

    (void)state;
    channel.num_capsets = ARRAY_SIZE(channel.infos);
    for (uint32_t i = 0; i < channel.num_capsets; i++)
        channel.infos[i] = (struct vcmd_ctrl_resp_ok_capset_info){
            .capset_id = i + 1, .capset_max_version = 1, .capset_max_size = 400 + i};
    device = channel_open();
    assert_silent(vcmd_device_get_capset(device, 16, NULL, 0, &size), VCMD_STATUS_BUFFER_FULL);
    assert_int_equal(size, 415);
    assert_silent(vcmd_device_get_capset(device, 21, NULL, 0, &size), VCMD_STATUS_UNSUPPORTED);
    vcmd_device_close(device);
    assert_channel_clean(1);
}

/* What the host keeps back of a capset reads as 0. */
static void short_capset(void **state)
{
    uint8_t bytes[1376];
    struct vcmd_device *device;
    size_t size;

    (void)state;
    channel.capset_given = 1000;
    device = channel_open();
    assert_ok(vcmd_device_get_capset(device, 2, bytes, sizeof(bytes), &size));
    assert_int_equal(size, 1376);
    assert_int_equal(bytes[999], 0xff);
    assert_int_equal(bytes[1000], 0);
    assert_int_equal(bytes[1375], 0);
    vcmd_device_close(device);
}

/* The capset version asked for is the highest that the device has. */
static void capset_request(void **state)
{
    const uint32_t words[] = {0x0109, 0, 0, 0, 0, 0, 2, 7};
    struct vcmd_device *device;
    uint8_t bytes[4];
    size_t size;

    (void)state;
    channel.infos[0].capset_max_version = 7;
    device = channel_open();
    assert_silent(vcmd_device_get_capset(device, 2, bytes, 4, &size), VCMD_STATUS_BUFFER_FULL);
    assert_int_equal(channel_last(VCMD_CTRL_CMD_GET_CAPSET)->size, sizeof(words));
    assert_memory_equal(channel_last(VCMD_CTRL_CMD_GET_CAPSET)->words, words, sizeof(words));
    vcmd_device_close(device);
}

/* ---- every request, every bad answer ---- */

static struct vcmd_device *device;
static struct vcmd_context *context;
static struct vcmd_resource *resource;
static uint32_t memory[9];
static struct vcmd_buffer buf;

static int open_all(void **state)
{
    channel_reset();
    (void)state;
    device = channel_open();
    assert_ok(vcmd_context_create(device, "test", &context));
    assert_ok(vcmd_resource_create(device, &texture, &resource));
    vcmd_buffer_init(&buf, memory, ARRAY_SIZE(memory), VCMD_BUFFER_HEADROOM);
    vcmd_nop(&buf, &(struct vcmd_nop){0});
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    vcmd_context_destroy(context);
    vcmd_resource_destroy(resource);
    vcmd_device_close(device);
    assert_channel_clean(1);
    return 0;
}

static void creating_fails(void **state)
{
    struct vcmd_context *no_context;
    struct vcmd_resource *no_resource;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(bad_answers); i++) {
        const struct bad_answer *bad = &bad_answers[i];

        answer_badly(VCMD_CTRL_CMD_CTX_CREATE, bad);
        assert_refused(vcmd_context_create(device, "x", &no_context), bad->status, "CTX_CREATE");
        assert_null(no_context);
        answer_badly(VCMD_CTRL_CMD_RESOURCE_CREATE_3D, bad);
        assert_refused(vcmd_resource_create(device, &texture, &no_resource), bad->status,
                       "RESOURCE_CREATE_3D");
        assert_null(no_resource);
        /* The resource is there already then, and goes again. */
        answer_badly(VCMD_CTRL_CMD_RESOURCE_ATTACH_BACKING, bad);
        assert_refused(vcmd_resource_create(device, &texture, &no_resource), bad->status,
                       "ATTACH_BACKING");
        assert_null(no_resource);
        answer_well();
        assert_int_equal(channel.contexts, 1);
        assert_int_equal(channel.resources, 1);
        assert_int_equal(channel.pieces, 1);
    }
}

static void working_fails(void **state)
{
    uint64_t fence;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(bad_answers); i++) {
        const struct bad_answer *bad = &bad_answers[i];

        answer_badly(VCMD_CTRL_CMD_CTX_ATTACH_RESOURCE, bad);
        assert_refused(vcmd_context_attach(context, resource), bad->status, "ATTACH_RESOURCE");
        answer_well();
        assert_ok(vcmd_context_attach(context, resource));
        answer_badly(VCMD_CTRL_CMD_TRANSFER_TO_HOST_3D, bad);
        assert_refused(vcmd_transfer_to_host(context, resource, NULL), bad->status, "TO_HOST");
        answer_badly(VCMD_CTRL_CMD_TRANSFER_FROM_HOST_3D, bad);
        assert_refused(vcmd_transfer_from_host(context, resource, NULL), bad->status, "FROM_HOST");
        answer_badly(VCMD_CTRL_CMD_SUBMIT_3D, bad);
        assert_refused(vcmd_submit(context, &buf, NULL), bad->status, "SUBMIT_3D");
        /* With a fence, no answer yet is none at all: see late_answers. */
        fence = 9;
        if (bad->size != 0) {
            assert_refused(vcmd_submit(context, &buf, &fence), bad->status, "SUBMIT_3D");
            assert_int_equal(fence, 0);
        }
        answer_well();
        assert_ok(vcmd_submit(context, &buf, &fence));
        assert_ok(vcmd_fence_wait(device, fence, 0));
        assert_ok(vcmd_context_detach(context, resource));
    }
}

/* A device that answers a fenced submit when its fence is reached, well and badly. */
static void late_answers(void **state)
{
    uint64_t fence;

    (void)state;
    channel.late = true;
    assert_ok(vcmd_submit(context, &buf, &fence));
    assert_ok(vcmd_fence_wait(device, fence, VCMD_WAIT_FOREVER));
    assert_ok(vcmd_submit(context, &buf, &fence));
    channel.wait_status = VCMD_STATUS_HOST_INVALID_PARAMETER;
    assert_refused(vcmd_fence_wait(device, fence, VCMD_WAIT_FOREVER),
                   VCMD_STATUS_HOST_INVALID_PARAMETER, "fence 2");
    channel.wait_status = VCMD_STATUS_OK;
    /* Without a fence there is nothing that could be late. */
    assert_refused(vcmd_submit(context, &buf, NULL), VCMD_STATUS_HOST_BAD_RESPONSE, "SUBMIT_3D");
    channel.late = false;
}

static void lost_device(void **state)
{
    struct vcmd_context *no_context;
    struct vcmd_resource *no_resource;
    uint64_t fence;

    (void)state;
    assert_ok(vcmd_context_attach(context, resource));
    assert_ok(vcmd_submit(context, &buf, &fence));
    channel.lost = VCMD_STATUS_DEVICE_LOST;
    channel.wait_status = VCMD_STATUS_DEVICE_LOST;
    assert_refused(vcmd_context_create(device, "x", &no_context), VCMD_STATUS_DEVICE_LOST,
                   "no answer");
    assert_refused(vcmd_resource_create(device, &texture, &no_resource), VCMD_STATUS_DEVICE_LOST,
                   "no answer");
    assert_refused(vcmd_transfer_to_host(context, resource, NULL), VCMD_STATUS_DEVICE_LOST,
                   "no answer");
    assert_refused(vcmd_submit(context, &buf, NULL), VCMD_STATUS_DEVICE_LOST, "no answer");
    assert_refused(vcmd_fence_wait(device, fence, VCMD_WAIT_FOREVER), VCMD_STATUS_DEVICE_LOST,
                   "fence 1");
    assert_int_equal(channel.pieces, 1);
    channel.lost = VCMD_STATUS_OK;
    channel.wait_status = VCMD_STATUS_TIMEOUT;
    assert_silent(vcmd_fence_wait(device, fence, 5), VCMD_STATUS_TIMEOUT);
}

static void no_backing_memory(void **state)
{
    struct vcmd_resource_desc desc = texture;
    struct vcmd_resource *no_resource;

    (void)state;
    channel.no_memory = true;
    assert_refused(vcmd_resource_create(device, &desc, &no_resource), VCMD_STATUS_NO_MEMORY,
                   "no backing memory of 256 bytes");
    assert_int_equal(channel.resources, 1);
    channel.no_memory = false;
    /* More than sixteen entries of nearly 4 GiB can say. */
    desc.backing_size = UINT64_C(1) << 40;
    assert_refused(vcmd_resource_create(device, &desc, &no_resource), VCMD_STATUS_NO_MEMORY,
                   "no backing memory of 1099511627776 bytes");
}

static void create_arguments(void **state)
{
    const struct vcmd_device_ops *ops = NULL;
    void *self = NULL;

    (void)state;
    assert_silent(vcmd_control_device_create(NULL, NULL, NULL, &ops, &self),
                  VCMD_STATUS_NULL_ARGUMENT);
    /* The channel is taken over in any case, thus closed. */
    assert_silent(vcmd_control_device_create(&fake_channel_ops, NULL, NULL, NULL, &self),
                  VCMD_STATUS_NULL_ARGUMENT);
    assert_silent(vcmd_control_device_create(&fake_channel_ops, NULL, NULL, &ops, NULL),
                  VCMD_STATUS_NULL_ARGUMENT);
    assert_int_equal(channel.closes, 2);
    assert_silent(vcmd_control_device_create(&fake_channel_ops, NULL, NULL, &ops, &self),
                  VCMD_STATUS_OK);
    assert_non_null(ops);
    ops->close(self);
    assert_channel_clean(3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(open_fails, reset),
        cmocka_unit_test_setup(device_without_3d, reset),
        cmocka_unit_test_setup(odd_capset_infos, reset),
        cmocka_unit_test_setup(many_capsets, reset),
        cmocka_unit_test_setup(short_capset, reset),
        cmocka_unit_test_setup(capset_request, reset),
        cmocka_unit_test_setup_teardown(creating_fails, open_all, close_all),
        cmocka_unit_test_setup_teardown(working_fails, open_all, close_all),
        cmocka_unit_test_setup_teardown(late_answers, open_all, close_all),
        cmocka_unit_test_setup_teardown(lost_device, open_all, close_all),
        cmocka_unit_test_setup_teardown(no_backing_memory, open_all, close_all),
        cmocka_unit_test_setup(create_arguments, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
