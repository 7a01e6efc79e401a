/* SPDX-License-Identifier: MIT */

/* Contexts, attaching, submits, fences, transfers and the reuse of buffers. Over a mock. */
#include "drm_support.h"
#include <errno.h>
#include <string.h>

static struct vcmd_device *device;
static struct vcmd_context *context;

static int open_all(void **state)
{
    begin(state);
    device = open_device("");
    context = create_context(device);
    mock_forget();
    return 0;
}

static int close_all(void **state)
{
    vcmd_context_destroy(context);
    vcmd_device_close(device);
    return end(state);
}

/* ---- contexts and attaching ---- */

/* The first context costs nothing; each further one is a file, and resources get there as dma-bufs.
 */
static void contexts_are_files(void **state)
{
    struct vcmd_resource *resource = create_buffer(device, VCMD_BIND_VERTEX_BUFFER, 64);
    struct vcmd_context *second;
    size_t files = mock.open_files;

    (void)state;
    mock_forget();
    assert_ok(vcmd_context_attach(context, resource));
    assert_int_equal(mock.num_last, 0);
    second = create_context(device);
    assert_int_equal(mock.open_files, files + 1);
    assert_ok(vcmd_context_attach(second, resource));
    assert_int_equal(mock_count(DRM_IOCTL_PRIME_HANDLE_TO_FD), 1);
    assert_int_equal(mock_count(DRM_IOCTL_PRIME_FD_TO_HANDLE), 1);
    assert_int_equal(mock.open_files, files + 1); /* the dma-buf is closed again */
    assert_ok(vcmd_context_detach(second, resource));
    assert_int_equal(mock_count(DRM_IOCTL_GEM_CLOSE), 1);
    assert_ok(vcmd_context_attach(second, resource));
    vcmd_context_destroy(second);
    assert_int_equal(mock.open_files, files);
    vcmd_resource_destroy(resource);
}

/* The host's context goes with its file only: the next one needs its own. */
static void main_context_is_not_used_twice(void **state)
{
    size_t files = mock.open_files;

    (void)state;
    vcmd_context_destroy(context);
    context = create_context(device);
    assert_int_equal(mock.open_files, files + 1);
}

static void context_init_where_there_is_one(void **state)
{
    struct vcmd_context *second;
    const struct mock_file *file;

    (void)state;
    vcmd_context_destroy(context);
    vcmd_device_close(device);
    mock.context_init = mock.debug_name = true;
    device = open_device("");
    context = create_context(device);
    second = create_context(device);
    file = mock_file(vcmd_drm_context_fd(second));
    assert_int_equal(file->num_params, 2);
    assert_int_equal(file->params[0].param, VG_CONTEXT_CAPSET_ID);
    assert_int_equal(file->params[0].value, 2);
    assert_string_equal(file->name, "test");
    assert_true(mock_file(vcmd_drm_context_fd(context))->initialised);
    vcmd_context_destroy(second);
}

/* ---- submits ---- */

/* One system call, and the dwords where the caller has them. */
static void submit_is_one_call_without_a_copy(void **state)
{
    uint32_t memory[32];
    struct vcmd_buffer buf;
    unsigned calls = mock.calls;
    uint64_t fence;

    (void)state;
    vcmd_buffer_init(&buf, memory, ARRAY_SIZE(memory), 5);
    vcmd_bind_blend(&buf, &(struct vcmd_bind_blend){.handle = 3});
    assert_ok(vcmd_submit(context, &buf, &fence));
    assert_int_equal(mock.calls, calls + 1);
    assert_int_equal(mock.exec.command, (uintptr_t)(memory + 5));
    assert_int_equal(mock.exec.size, buf.length * 4);
    assert_int_equal(mock.exec.num_bo_handles, 0);
    assert_int_equal(fence, 1);
    assert_ok(vcmd_submit(context, &buf, NULL));
    assert_int_equal(mock.exec.flags, 0);
    assert_int_equal(mock.calls, calls + 2);
}

static void too_long(void **state)
{
    static uint32_t memory[1200 * 1024];
    struct vcmd_buffer buf;

    (void)state;
    vcmd_buffer_init(&buf, memory, ARRAY_SIZE(memory), 0);
    buf.length = 1000 * 1024 + 1;
    assert_refused(vcmd_submit(context, &buf, NULL), VCMD_STATUS_TOO_LONG, "4096004 bytes");
    assert_int_equal(mock.num_last, 0);
    buf.length--;
    assert_ok(vcmd_submit(context, &buf, NULL));
}

static void submit_errors(void **state)
{
    static const struct {
        int error;
        enum vcmd_status status;
    } cases[] = {
        {ENOMEM, VCMD_STATUS_NO_MEMORY},   {ENOSPC, VCMD_STATUS_NO_MEMORY},
        {EBUSY, VCMD_STATUS_BUSY},         {ENODEV, VCMD_STATUS_DEVICE_LOST},
        {EIO, VCMD_STATUS_DEVICE_LOST},    {EINVAL, VCMD_STATUS_OUT_OF_RANGE},
        {ENOSYS, VCMD_STATUS_UNSUPPORTED}, {EACCES, VCMD_STATUS_NO_PERMISSION},
        {EMFILE, VCMD_STATUS_NO_MEMORY},
    };
    uint64_t fence;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        mock.fail_at = 1;
        mock.fail_errno = cases[i].error;
        assert_refused(submit_nop(context, &fence), cases[i].status, "EXECBUFFER");
        assert_int_equal(fence, 0);
        assert_ok(submit_nop(context, &fence));
        assert_int_equal(fence, i + 1);
    }
}

/* Also the sync file to wait for comes again, though old kernels put -1 in its place. */
static void interrupted_submit(void **state)
{
    int sync_file = -1;
    const struct vcmd_drm_submit_args first = {.signal_fd = &sync_file};
    const struct vcmd_drm_submit_args second = {.wait_fd = &sync_file};
    uint32_t memory[4];
    struct vcmd_buffer buf;

    (void)state;
    vcmd_buffer_init(&buf, memory, ARRAY_SIZE(memory), 0);
    vcmd_nop(&buf, &(struct vcmd_nop){0});
    mock.interruptions = 2;
    assert_ok(vcmd_drm_submit(context, &buf, &first));
    assert_true(sync_file >= 0);
    assert_ok(vcmd_drm_submit(context, &buf, &second));
    assert_int_equal(mock.exec.fence_fd, sync_file);
    mock_system.close(sync_file);
}

/* ---- fences ---- */

static void fences_in_order(void **state)
{
    uint64_t fences[3];
    size_t files = mock.open_files;

    (void)state;
    mock.stuck = true;
    for (size_t i = 0; i < 3; i++) {
        assert_ok(submit_nop(context, &fences[i]));
        assert_int_equal(fences[i], i + 1);
    }
    assert_int_equal(mock.open_files, files + 3);
    assert_silent(vcmd_fence_wait(device, 2, 0), VCMD_STATUS_TIMEOUT);
    mock.now = 1000;
    assert_silent(vcmd_fence_wait(device, 2, 5000), VCMD_STATUS_TIMEOUT);
    assert_int_equal(mock.now, 6000);
    mock.reached_fence = 2;
    assert_ok(vcmd_fence_wait(device, 2, VCMD_WAIT_FOREVER));
    assert_int_equal(mock.open_files,
                     files + 1); /* what is reached is closed, what is not is not */
    mock_forget();
    assert_ok(vcmd_fence_wait(device, 1, VCMD_WAIT_FOREVER));
    assert_int_equal(mock.polls, 0);
    assert_silent(vcmd_fence_wait(device, 3, 1), VCMD_STATUS_TIMEOUT);
}

/* The time that is over counts, not the number of times that it was tried. */
static void interrupted_wait(void **state)
{
    uint64_t fence;

    (void)state;
    mock.stuck = true;
    assert_ok(submit_nop(context, &fence));
    mock.interruptions = 5;
    assert_silent(vcmd_fence_wait(device, fence, 700), VCMD_STATUS_TIMEOUT);
    assert_int_equal(mock.now, 700);
    mock.stuck = false;
    assert_ok(vcmd_fence_wait(device, fence, VCMD_WAIT_FOREVER));
}

/* A program that never waits does not run out of files, be the host quick or slow. */
static void nobody_waits(void **state)
{
    uint64_t fence;

    (void)state;
    for (int i = 0; i < 3000; i++)
        assert_ok(submit_nop(context, &fence));
    assert_true(mock.max_open_files < 120);
    mock.signalled_late = 100000;
    for (int i = 0; i < 400; i++)
        assert_ok(submit_nop(context, &fence));
    mock.signalled_late = 0;
    for (int i = 0; i < 2000; i++)
        assert_ok(submit_nop(context, &fence));
    assert_true(mock.max_open_files < 600);
    assert_int_equal(fence, 5400);
}

/* No fence is ever reached: what waits says so after a minute, and closing does not wait at all. */
static void hung_host(void **state)
{
    uint64_t fence;

    (void)state;
    mock.stuck = true;
    for (int i = 0; i < 512; i++)
        assert_ok(submit_nop(context, &fence));
    assert_int_equal(mock.now, 0);
    assert_refused(submit_nop(context, &fence), VCMD_STATUS_TIMEOUT, "none of the fences");
    assert_int_equal(mock.now, INT64_C(60000000000));
    assert_int_equal(fence, 0);
    assert_ok(submit_nop(context, NULL)); /* takes no file */
    mock.reached_fence = 1;
    assert_ok(submit_nop(context, &fence));
    assert_int_equal(fence, 513);
}

static void hung_host_with_a_timeline(void **state)
{
    uint64_t fence;

    (void)state;
    vcmd_context_destroy(context);
    vcmd_device_close(device);
    mock.syncobj = mock.stuck = true;
    device = open_device("");
    context = create_context(device);
    for (int i = 0; i < 600; i++)
        assert_ok(submit_nop(context, &fence)); /* they take no files */
    mock.now = 5;
    assert_silent(vcmd_fence_wait(device, fence, 0), VCMD_STATUS_TIMEOUT);
    assert_silent(vcmd_fence_wait(device, 1, 1000), VCMD_STATUS_TIMEOUT);
    assert_int_equal(mock.now, 1005);
}

static void timeline_of_new_kernels(void **state)
{
    struct vcmd_context *second;
    uint64_t fence;
    size_t files;

    (void)state;
    vcmd_context_destroy(context);
    vcmd_device_close(device);
    mock.syncobj = true;
    device = open_device("");
    context = create_context(device);
    second = create_context(device);
    files = mock.open_files;
    assert_ok(submit_nop(context, &fence));
    assert_int_equal(mock.exec.flags, 0);
    assert_int_equal(mock.out.handle, 1);
    assert_int_equal(mock.out.point, 1);
    assert_ok(submit_nop(second, &fence));
    assert_int_equal(mock.out.handle, 7); /* what it is called there */
    assert_int_equal(mock.out.point, 2);
    assert_int_equal(mock.open_files, files);
    mock_forget();
    mock.stuck = true;
    assert_silent(vcmd_fence_wait(device, fence, 400), VCMD_STATUS_TIMEOUT);
    mock.stuck = false;
    assert_ok(vcmd_fence_wait(device, fence, VCMD_WAIT_FOREVER));
    assert_int_equal(mock.num_last, 2);
    assert_int_equal(mock_count(DRM_IOCTL_SYNCOBJ_TIMELINE_WAIT), 2);
    vcmd_context_destroy(second);
}

/* ---- transfers ---- */

static struct vcmd_resource *create_texture(uint32_t width, uint32_t height)
{
    const struct vcmd_resource_desc desc = {.target = VCMD_TEXTURE_2D,
                                            .format = VCMD_FORMAT_B8G8R8A8_UNORM,
                                            .bind = VCMD_BIND_RENDER_TARGET,
                                            .width = width,
                                            .height = height,
                                            .backing_size = 65536};
    struct vcmd_resource *texture;

    assert_ok(vcmd_resource_create(device, &desc, &texture));
    assert_ok(vcmd_context_attach(context, texture));
    mock_forget();
    return texture;
}

static void plain_transfers_are_ioctls(void **state)
{
    struct vcmd_resource *texture = create_texture(20, 10);
    struct vcmd_transfer part = {.box = {2, 3, 0, 4, 5, 1}, .offset = 80, .stride = 80};

    (void)state;
    assert_ok(vcmd_transfer_to_host(context, texture, NULL));
    assert_int_equal(mock_count(VG_IOCTL_TRANSFER_TO_HOST), 1);
    assert_int_equal(mock_count(VG_IOCTL_WAIT), 1);
    assert_int_equal(mock.num_last, 2);
    assert_ok(vcmd_transfer_from_host(context, texture, &part));
    assert_int_equal(mock_count(VG_IOCTL_TRANSFER_FROM_HOST), 1);
    assert_int_equal(mock.transfers[1].box.y, 3);
    assert_int_equal(mock.transfers[1].box.h, 5);
    assert_int_equal(mock.transfers[1].offset, 80);
    /* One row has no stride to speak of. */
    part.stride = 4000;
    part.box.h = 1;
    assert_ok(vcmd_transfer_from_host(context, texture, &part));
    assert_int_equal(mock_count(VG_IOCTL_TRANSFER_FROM_HOST), 2);
    vcmd_resource_destroy(texture);
}

/* The ioctl takes no strides, the command does. */
static void strides_take_a_command(void **state)
{
    struct vcmd_resource *texture = create_texture(20, 10);
    const struct vcmd_transfer part = {.box = {2, 3, 0, 4, 5, 1}, .offset = 4, .stride = 128};

    (void)state;
    assert_ok(vcmd_transfer_to_host(context, texture, &part));
    assert_int_equal(mock.num_transfers, 0);
    assert_int_equal(mock_count(VG_IOCTL_EXECBUFFER), 1);
    assert_int_equal(mock_count(VG_IOCTL_WAIT), 1);
    assert_int_equal(mock.exec.num_bo_handles, 1);
    assert_int_equal(mock.stream[0], VCMD_CCMD_TRANSFER3D | 13 << 16);
    assert_int_equal(mock.stream[1], vcmd_resource_id(texture));
    assert_int_equal(mock.stream[4], 128);
    assert_int_equal(mock.stream[12], 4); /* where the data is */
    assert_int_equal(mock.stream[13], VCMD_TRANSFER_TO_HOST);
    vcmd_resource_destroy(texture);
}

static void strides_on_old_hosts_go_by_rows(void **state)
{
    const struct vcmd_transfer part = {.box = {2, 3, 0, 4, 5, 1}, .offset = 4, .stride = 128};
    struct vcmd_resource *texture;

    (void)state;
    vcmd_context_destroy(context);
    vcmd_device_close(device);
    mock.no_transfer3d = true;
    device = open_device("");
    context = create_context(device);
    texture = create_texture(20, 10);
    assert_ok(vcmd_transfer_to_host(context, texture, &part));
    assert_int_equal(mock.num_transfers, 5);
    assert_int_equal(mock_count(VG_IOCTL_WAIT), 1);
    for (uint32_t i = 0; i < 5; i++) {
        assert_int_equal(mock.transfers[i].box.y, 3 + i);
        assert_int_equal(mock.transfers[i].box.h, 1);
        assert_int_equal(mock.transfers[i].offset, 4 + 128 * i);
    }
    vcmd_resource_destroy(texture);
}

/* Only one of the strides is given: the other is that of the level, 80 bytes or its 10 rows. */
static void one_stride_on_old_hosts(void **state)
{
    const struct vcmd_resource_desc desc = {.target = VCMD_TEXTURE_2D_ARRAY,
                                            .format = VCMD_FORMAT_B8G8R8A8_UNORM,
                                            .bind = VCMD_BIND_SAMPLER_VIEW,
                                            .width = 20,
                                            .height = 10,
                                            .array_size = 2,
                                            .backing_size = 65536};
    const struct vcmd_transfer layers = {.box = {0, 0, 0, 20, 2, 2}, .layer_stride = 1600};
    const struct vcmd_transfer rows = {.box = {0, 0, 0, 20, 2, 2}, .stride = 128};
    struct vcmd_resource *texture;

    (void)state;
    vcmd_context_destroy(context);
    vcmd_device_close(device);
    mock.no_transfer3d = true;
    device = open_device("");
    context = create_context(device);
    assert_ok(vcmd_resource_create(device, &desc, &texture));
    assert_ok(vcmd_context_attach(context, texture));
    mock_forget();
    assert_ok(vcmd_transfer_to_host(context, texture, &layers));
    assert_ok(vcmd_transfer_to_host(context, texture, &rows));
    assert_int_equal(mock.num_transfers, 8);
    assert_int_equal(mock.transfers[1].offset, 80);
    assert_int_equal(mock.transfers[2].offset, 1600);
    assert_int_equal(mock.transfers[3].offset, 1600 + 80);
    assert_int_equal(mock.transfers[5].offset, 128);
    assert_int_equal(mock.transfers[6].offset, 1280);
    assert_int_equal(mock.transfers[7].offset, 1280 + 128);
    vcmd_resource_destroy(texture);
}

static void slow_host(void **state)
{
    struct vcmd_resource *texture = create_texture(20, 10);
    uint64_t fence;

    (void)state;
    assert_ok(submit_nop(context, &fence));
    mock_forget();
    mock.signalled_late = 3;
    assert_ok(vcmd_transfer_from_host(context, texture, NULL));
    assert_int_equal(mock_count(VG_IOCTL_WAIT), 4);
    mock.stuck = true;
    assert_refused(vcmd_transfer_from_host(context, texture, NULL), VCMD_STATUS_TIMEOUT,
                   "has not finished");
    mock.stuck = false;
    vcmd_resource_destroy(texture);
}

/* ---- reuse ---- */

static uint32_t recreate(uint32_t bind, uint32_t size)
{
    struct vcmd_resource *resource = create_buffer(device, bind, size);
    uint32_t id = vcmd_resource_id(resource);
    size_t mapped;
    void *memory;

    assert_ok(vcmd_resource_map(resource, &memory, &mapped));
    for (size_t i = 0; i < mapped; i++)
        assert_int_equal(((uint8_t *)memory)[i], 0);
    memset(memory, 0xee, mapped);
    vcmd_resource_destroy(resource);
    return id;
}

static void idle_buffers_come_again(void **state)
{
    uint32_t id = recreate(VCMD_BIND_VERTEX_BUFFER, 640);
    uint64_t fence;
    unsigned calls;

    (void)state;
    calls = mock.calls;
    assert_int_equal(recreate(VCMD_BIND_VERTEX_BUFFER, 640), id);
    assert_int_equal(mock.calls, calls); /* no system call at all */
    assert_int_not_equal(recreate(VCMD_BIND_VERTEX_BUFFER, 644), id);
    assert_int_not_equal(recreate(VCMD_BIND_INDEX_BUFFER, 640), id);
    assert_int_not_equal(recreate(VCMD_BIND_STREAM_OUTPUT, 640), id);

    mock.stuck = true;
    assert_ok(submit_nop(context, &fence));
    assert_int_equal(recreate(VCMD_BIND_VERTEX_BUFFER, 640), id); /* freed before that submit */
    assert_int_not_equal(recreate(VCMD_BIND_VERTEX_BUFFER, 640), id);
    mock.stuck = false;
    assert_int_equal(recreate(VCMD_BIND_VERTEX_BUFFER, 640), id);
}

/* Nothing tells when a submit without a fence is through, but a later one with a fence does. */
static void reuse_after_submits_without_a_fence(void **state)
{
    struct vcmd_resource *resource = create_buffer(device, VCMD_BIND_INDEX_BUFFER, 64);
    uint32_t id = vcmd_resource_id(resource);
    uint64_t fence;

    (void)state;
    assert_ok(submit_nop(context, NULL));
    vcmd_resource_destroy(resource);
    assert_int_not_equal(recreate(VCMD_BIND_INDEX_BUFFER, 64), id);
    assert_ok(submit_nop(context, &fence));
    assert_int_equal(recreate(VCMD_BIND_INDEX_BUFFER, 64), id);
}

static void cache_is_bounded(void **state)
{
    struct vcmd_resource *resources[300];

    (void)state;
    for (uint32_t i = 0; i < 300; i++)
        resources[i] = create_buffer(device, VCMD_BIND_VERTEX_BUFFER, 64 + i);
    for (uint32_t i = 0; i < 300; i++)
        vcmd_resource_destroy(resources[i]);
    assert_int_equal(mock.objects, 256);
    vcmd_context_destroy(context);
    vcmd_device_close(device);
    mock_assert_clean();

    device = open_device("cache=1000");
    context = create_context(device);
    recreate(VCMD_BIND_VERTEX_BUFFER, 600);
    recreate(VCMD_BIND_VERTEX_BUFFER, 400);
    assert_int_equal(mock.objects, 2);
    recreate(VCMD_BIND_VERTEX_BUFFER, 1);
    assert_int_equal(mock.objects, 2); /* the oldest went */
    recreate(VCMD_BIND_VERTEX_BUFFER, 1001);
    assert_int_equal(mock.objects, 2); /* this one was never kept */
}

static void cache_can_be_off(void **state)
{
    (void)state;
    vcmd_context_destroy(context);
    vcmd_device_close(device);
    device = open_device("cache=0");
    context = create_context(device);
    recreate(VCMD_BIND_VERTEX_BUFFER, 64);
    assert_int_equal(mock.objects, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(contexts_are_files, open_all, close_all),
        cmocka_unit_test_setup_teardown(main_context_is_not_used_twice, open_all, close_all),
        cmocka_unit_test_setup_teardown(context_init_where_there_is_one, open_all, close_all),
        cmocka_unit_test_setup_teardown(submit_is_one_call_without_a_copy, open_all, close_all),
        cmocka_unit_test_setup_teardown(too_long, open_all, close_all),
        cmocka_unit_test_setup_teardown(submit_errors, open_all, close_all),
        cmocka_unit_test_setup_teardown(interrupted_submit, open_all, close_all),
        cmocka_unit_test_setup_teardown(fences_in_order, open_all, close_all),
        cmocka_unit_test_setup_teardown(interrupted_wait, open_all, close_all),
        cmocka_unit_test_setup_teardown(nobody_waits, open_all, close_all),
        cmocka_unit_test_setup_teardown(hung_host, open_all, close_all),
        cmocka_unit_test_setup_teardown(hung_host_with_a_timeline, open_all, close_all),
        cmocka_unit_test_setup_teardown(timeline_of_new_kernels, open_all, close_all),
        cmocka_unit_test_setup_teardown(plain_transfers_are_ioctls, open_all, close_all),
        cmocka_unit_test_setup_teardown(strides_take_a_command, open_all, close_all),
        cmocka_unit_test_setup_teardown(strides_on_old_hosts_go_by_rows, open_all, close_all),
        cmocka_unit_test_setup_teardown(one_stride_on_old_hosts, open_all, close_all),
        cmocka_unit_test_setup_teardown(slow_host, open_all, close_all),
        cmocka_unit_test_setup_teardown(idle_buffers_come_again, open_all, close_all),
        cmocka_unit_test_setup_teardown(reuse_after_submits_without_a_fence, open_all, close_all),
        cmocka_unit_test_setup_teardown(cache_is_bounded, open_all, close_all),
        cmocka_unit_test_setup_teardown(cache_can_be_off, open_all, close_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
