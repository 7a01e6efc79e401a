/* SPDX-License-Identifier: MIT */

/* What only this transport has: <virglcmd/drm.h>. Over a mock. */

/* nanosleep */
#define _POSIX_C_SOURCE 200809L

#include "drm_support.h"
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

static struct vcmd_device *device;
static struct vcmd_context *context;
static uint32_t memory[16];
static struct vcmd_buffer buf;

static void reopen(void)
{
    vcmd_context_destroy(context);
    vcmd_device_close(device);
    device = open_device("");
    context = create_context(device);
    mock_forget();
}

static int open_all(void **state)
{
    begin(state);
    device = NULL;
    context = NULL;
    reopen();
    vcmd_buffer_init(&buf, memory, ARRAY_SIZE(memory), 0);
    vcmd_nop(&buf, &(struct vcmd_nop){0});
    return 0;
}

static int close_all(void **state)
{
    vcmd_context_destroy(context);
    vcmd_device_close(device);
    return end(state);
}

static enum vcmd_status open_nothing(const char *options, const struct vcmd_log *log,
                                     const struct vcmd_device_ops **ops, void **self);

/* The ops of another transport: enough of them to open and close. */
static void other_close(void *self)
{
    (void)self;
}

static enum vcmd_status other_capset(void *self, uint32_t id, void *bytes, size_t capacity,
                                     size_t *size)
{
    (void)self;
    *size = 308;
    if (capacity < 308 || id != 1)
        return id == 1 ? VCMD_STATUS_BUFFER_FULL : VCMD_STATUS_UNSUPPORTED;
    memset(bytes, 0, 308);
    ((uint8_t *)bytes)[0] = 1;
    return VCMD_STATUS_OK;
}

static enum vcmd_status open_nothing(const char *options, const struct vcmd_log *log,
                                     const struct vcmd_device_ops **ops, void **self)
{
    static const struct vcmd_device_ops other = {.close = other_close, .get_capset = other_capset};

    (void)options;
    (void)log;
    *ops = &other;
    *self = NULL;
    return VCMD_STATUS_OK;
}

static void only_for_this_transport(void **state)
{
    static const struct vcmd_transport other = {.name = "other", .open = open_nothing};
    const struct vcmd_transport *const transports[] = {&other, NULL};
    const struct vcmd_device_desc desc = {.transports = transports, .log = log_keep};
    const struct vcmd_resource_desc buffer = {.width = 4};
    struct vcmd_drm_info info;
    struct vcmd_device *strange;
    struct vcmd_resource *resource;

    (void)state;
    assert_ok(vcmd_device_open(&desc, &strange));
    assert_refused(vcmd_drm_get_info(strange, &info), VCMD_STATUS_UNSUPPORTED, "\"other\"");
    assert_refused(vcmd_drm_resource_import(strange, 3, &buffer, &resource),
                   VCMD_STATUS_UNSUPPORTED, "drm_resource_import");
    vcmd_device_close(strange);
    assert_silent(vcmd_drm_get_info(NULL, &info), VCMD_STATUS_NULL_ARGUMENT);
    assert_silent(vcmd_drm_get_info(device, NULL), VCMD_STATUS_NULL_ARGUMENT);
    assert_silent(vcmd_drm_submit(context, &buf, NULL), VCMD_STATUS_NULL_ARGUMENT);
    assert_int_equal(vcmd_drm_context_fd(NULL), -1);
}

static void old_kernel_refuses(void **state)
{
    const struct vcmd_drm_context_desc rings = {.num_rings = 1};
    const struct vcmd_drm_context_desc capset = {.capset_id = 2};
    const struct vcmd_drm_context_desc name = {.name = "only a name"};
    const struct vcmd_drm_blob_desc blob = {.mem = VCMD_DRM_BLOB_GUEST, .size = 4096};
    const struct vcmd_drm_syncobj syncobj = {.handle = 1};
    const struct vcmd_drm_submit_args args = {.wait = &syncobj, .num_wait = 1};
    struct vcmd_context *made;
    struct vcmd_resource *resource;

    (void)state;
    assert_refused(vcmd_drm_context_create(device, &rings, &made), VCMD_STATUS_UNSUPPORTED,
                   "CONTEXT_INIT");
    assert_refused(vcmd_drm_context_create(device, &capset, &made), VCMD_STATUS_UNSUPPORTED,
                   "CONTEXT_INIT");
    assert_refused(vcmd_drm_blob_create(context, &blob, &resource), VCMD_STATUS_UNSUPPORTED,
                   "blob=on");
    assert_refused(vcmd_drm_submit(context, &buf, &args), VCMD_STATUS_UNSUPPORTED, "Linux 6.6");
    assert_int_equal(mock.num_last, 0);
    assert_ok(vcmd_drm_context_create(device, &name, &made));
    vcmd_context_destroy(made);
}

static void contexts_with_rings(void **state)
{
    struct vcmd_drm_context_desc desc = {
        .name = "rings", .capset_id = 2, .num_rings = 3, .poll_rings_mask = 6};
    const struct vcmd_drm_submit_args on_ring = {.use_ring = true, .ring = 2};
    const struct vcmd_drm_submit_args beyond = {.use_ring = true, .ring = 3};
    struct vcmd_context *made;
    const struct mock_file *file;

    (void)state;
    mock.context_init = true;
    reopen();
    assert_ok(vcmd_drm_context_create(device, &desc, &made));
    file = mock_file(vcmd_drm_context_fd(made));
    assert_int_equal(file->num_params, 3);
    assert_int_equal(file->params[1].param, VG_CONTEXT_NUM_RINGS);
    assert_int_equal(file->params[1].value, 3);
    assert_int_equal(file->params[2].value, 6);
    assert_ok(vcmd_drm_submit(made, &buf, &on_ring));
    assert_int_equal(mock.exec.flags, VG_EXEC_RING_IDX);
    assert_int_equal(mock.exec.ring_idx, 2);
    assert_refused(vcmd_drm_submit(made, &buf, &beyond), VCMD_STATUS_OUT_OF_RANGE, "ring 3");
    assert_refused(vcmd_drm_submit(context, &buf, &on_ring), VCMD_STATUS_OUT_OF_RANGE, "0 rings");
    vcmd_context_destroy(made);

    desc.poll_rings_mask = 8;
    assert_refused(vcmd_drm_context_create(device, &desc, &made), VCMD_STATUS_OUT_OF_RANGE,
                   "poll_rings_mask");
    desc.num_rings = 65;
    assert_refused(vcmd_drm_context_create(device, &desc, &made), VCMD_STATUS_OUT_OF_RANGE,
                   "65 rings");
}

static void submits_with_everything(void **state)
{
    struct vcmd_resource *resource = NULL;
    int in = -1, out = -1;
    const struct vcmd_drm_syncobj wait = {.handle = 3, .point = 30, .reset = true};
    const struct vcmd_drm_syncobj signal = {.handle = 4, .point = 40, .reset = true};
    struct vcmd_drm_submit_args args = {.signal_fd = &in};

    (void)state;
    mock.syncobj = true;
    reopen();
    resource = create_buffer(device, VCMD_BIND_VERTEX_BUFFER, 64);
    assert_ok(vcmd_drm_submit(context, &buf, &args));
    args = (struct vcmd_drm_submit_args){
        .wait_fd = &in,
        .signal_fd = &out,
        .wait = &wait,
        .num_wait = 1,
        .signal = &signal,
        .num_signal = 1,
        .resources = &resource,
        .num_resources = 1,
    };
    assert_ok(vcmd_drm_submit(context, &buf, &args));
    assert_int_equal(mock.exec.flags, VG_EXEC_FENCE_FD_IN | VG_EXEC_FENCE_FD_OUT);
    assert_int_equal(mock.exec.fence_fd, in);
    assert_true(out >= 0 && out != in);
    assert_int_equal(mock.in.handle, 3);
    assert_int_equal(mock.in.flags, VG_SYNCOBJ_RESET);
    assert_int_equal(mock.in.point, 30);
    assert_int_equal(mock.out.handle, 4);
    assert_int_equal(mock.out.flags, 0); /* the kernel wants none there */
    assert_int_equal(mock.out.point, 40);
    assert_int_equal(mock.exec.num_bo_handles, 1);
    mock_system.close(out);
    mock.fail_at = 1;
    mock.fail_errno = ENOENT; /* as for a syncobj of another file */
    assert_refused(vcmd_drm_submit(context, &buf, &args), VCMD_STATUS_OUT_OF_RANGE, "syncobjs");
    assert_int_equal(out, -1);
    mock_system.close(in);
    vcmd_resource_destroy(resource);
}

/* What has been exported is named in each submit of each context that has it, and no other. */
static void exported_resources_are_named(void **state)
{
    struct vcmd_resource *resource = create_buffer(device, VCMD_BIND_SAMPLER_VIEW, 64);
    struct vcmd_context *second = create_context(device);
    struct vcmd_resource *again;
    const struct vcmd_resource_desc desc = {.width = 64};
    int fd;

    (void)state;
    assert_ok(vcmd_context_attach(second, resource));
    assert_ok(submit_nop(second, NULL));
    assert_int_equal(mock.exec.num_bo_handles, 0);
    assert_ok(vcmd_drm_resource_export(resource, &fd));
    assert_ok(submit_nop(second, NULL));
    assert_int_equal(mock.exec.num_bo_handles, 1);
    assert_ok(submit_nop(context, NULL));
    assert_int_equal(mock.exec.num_bo_handles, 1);
    assert_refused(vcmd_drm_resource_import(device, fd, &desc, &again), VCMD_STATUS_BUSY,
                   "has it already");
    assert_ok(vcmd_context_detach(second, resource));
    assert_ok(submit_nop(second, NULL));
    assert_int_equal(mock.exec.num_bo_handles, 0);
    vcmd_context_destroy(second);
    vcmd_resource_destroy(resource);
    assert_ok(submit_nop(context, NULL));
    assert_int_equal(mock.exec.num_bo_handles, 0);
    mock_system.close(fd);
}

/* Also in this kind of submit; and twice the same is an error to the kernel. */
static void exported_resources_are_named_here_too(void **state)
{
    struct vcmd_resource *shared = create_buffer(device, VCMD_BIND_SAMPLER_VIEW, 64);
    struct vcmd_resource *own = create_buffer(device, VCMD_BIND_SAMPLER_VIEW, 64);
    struct vcmd_resource *const three[] = {own, shared, own};
    struct vcmd_drm_submit_args args = {.num_resources = 0};
    struct vcmd_drm_resource_info info;
    int fd;

    (void)state;
    assert_ok(vcmd_drm_resource_export(shared, &fd));
    assert_ok(vcmd_drm_submit(context, &buf, &args));
    assert_int_equal(mock.exec.num_bo_handles, 1);
    assert_ok(vcmd_drm_resource_get_info(shared, &info));
    assert_int_equal(mock.exec_handles[0], info.handle);
    args = (struct vcmd_drm_submit_args){.resources = three, .num_resources = 3};
    assert_ok(vcmd_drm_submit(context, &buf, &args));
    assert_int_equal(mock.exec.num_bo_handles, 2);
    assert_int_not_equal(mock.exec_handles[0], mock.exec_handles[1]);
    assert_ok(vcmd_drm_resource_get_info(own, &info));
    assert_true(mock.exec_handles[0] == info.handle || mock.exec_handles[1] == info.handle);
    vcmd_resource_destroy(shared);
    vcmd_resource_destroy(own);
    mock_system.close(fd);
}

static struct vcmd_resource *going;
static pthread_t destroyer;
static size_t closed_under_submit;

static void *destroy_it(void *user)
{
    (void)user;
    vcmd_resource_destroy(going);
    return NULL;
}

static void destroy_meanwhile(void)
{
    const struct timespec while_ns = {.tv_nsec = 20000000};

    assert_int_equal(pthread_create(&destroyer, NULL, destroy_it, NULL), 0);
    nanosleep(&while_ns, NULL); /* plenty for a thread that need not wait */
    closed_under_submit = mock_count(DRM_IOCTL_GEM_CLOSE);
}

/*
 * Another thread destroys a shared resource, which this stream does not even use, while a submit
 * names it: it waits, else the kernel might find a closed handle in the list.
 */
static void nothing_is_closed_under_a_submit(void **state)
{
    struct vcmd_context *second = create_context(device);
    struct vcmd_context *const both[] = {context, second};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        int fd;

        going = create_buffer(device, VCMD_BIND_SAMPLER_VIEW, 64);
        if (both[i] == second)
            assert_ok(vcmd_context_attach(second, going));
        assert_ok(vcmd_drm_resource_export(going, &fd));
        mock_forget();
        mock.during_exec = destroy_meanwhile;
        assert_ok(submit_nop(both[i], NULL));
        assert_int_equal(pthread_join(destroyer, NULL), 0);
        assert_int_equal(closed_under_submit, 0);
        assert_int_equal(mock.exec.num_bo_handles, 1);
        assert_int_equal(mock_count(DRM_IOCTL_GEM_CLOSE), 1 + i);
        mock_system.close(fd);
    }
    vcmd_context_destroy(second);
}

/* Its number is that of a resource here, which must not be taken for it. */
static void resources_of_another_device(void **state)
{
    struct vcmd_device *other;
    struct vcmd_resource *strange, *none = NULL;
    struct vcmd_resource *own = create_buffer(device, VCMD_BIND_SAMPLER_VIEW, 64);
    struct vcmd_drm_submit_args args = {.resources = &strange, .num_resources = 1};

    (void)state;
    mock.last_resource = vcmd_resource_id(own) - 1;
    other = open_device("");
    strange = create_buffer(other, VCMD_BIND_SAMPLER_VIEW, 64);
    assert_int_equal(vcmd_resource_id(strange), vcmd_resource_id(own));
    mock_forget();
    assert_refused(vcmd_drm_submit(context, &buf, &args), VCMD_STATUS_WRONG_DEVICE,
                   "belongs to another device");
    args.resources = &none;
    assert_refused(vcmd_drm_submit(context, &buf, &args), VCMD_STATUS_NULL_ARGUMENT,
                   "resources[0]");
    assert_int_equal(mock.num_last, 0);
    args.resources = &own;
    assert_ok(vcmd_drm_submit(context, &buf, &args));
    vcmd_resource_destroy(strange);
    vcmd_device_close(other);
    vcmd_resource_destroy(own);
}

static void imports(void **state)
{
    struct vcmd_device *other = open_device("");
    struct vcmd_resource *original = create_buffer(other, VCMD_BIND_VERTEX_BUFFER, 64);
    const struct vcmd_resource_desc desc = {.width = 64, .bind = VCMD_BIND_VERTEX_BUFFER};
    struct vcmd_drm_resource_info info;
    struct vcmd_resource *imported, *none;
    void *here, *there;
    size_t size;
    int fd;

    (void)state;
    assert_ok(vcmd_drm_resource_export(original, &fd));
    assert_ok(vcmd_drm_resource_import(device, fd, &desc, &imported));
    assert_int_equal(vcmd_resource_id(imported), vcmd_resource_id(original));
    assert_ok(vcmd_resource_map(original, &there, NULL));
    assert_ok(vcmd_resource_map(imported, &here, &size));
    assert_ptr_equal(here, there);
    assert_int_equal(size, 4096);
    assert_ok(vcmd_drm_resource_get_info(imported, &info));
    assert_int_equal(info.size, 4096);
    assert_int_equal(info.blob_mem, 0);
    assert_ok(vcmd_context_attach(context, imported));
    assert_refused(vcmd_drm_resource_import(device, 5, &desc, &none), VCMD_STATUS_OUT_OF_RANGE,
                   "fd 5");
    vcmd_resource_destroy(original);
    vcmd_device_close(other);
    mock_system.close(fd);
    vcmd_device_close(device); /* the import is left to it */
    vcmd_resource_destroy(imported);
    device = open_device("");
    vcmd_context_destroy(context);
    context = create_context(device);
}

/* What two threads import at once. */
static struct {
    pthread_t thread;
    int fd;
    struct vcmd_resource *second;
    enum vcmd_status status;
} race;

static const struct vcmd_resource_desc raced = {.width = 64, .bind = VCMD_BIND_VERTEX_BUFFER};

static void *import_too(void *user)
{
    (void)user;
    race.status = vcmd_drm_resource_import(device, race.fd, &raced, &race.second);
    return NULL;
}

static void import_meanwhile(void)
{
    const struct timespec while_ns = {.tv_nsec = 20000000};

    assert_int_equal(pthread_create(&race.thread, NULL, import_too, NULL), 0);
    nanosleep(&while_ns, NULL); /* plenty for a thread that need not wait */
}

/* The kernel gives both the same handle: one of them has it, and the other is told so. */
static void imports_of_two_threads(void **state)
{
    struct vcmd_device *other = open_device("");
    struct vcmd_resource *original = create_buffer(other, VCMD_BIND_VERTEX_BUFFER, 64);
    struct vcmd_resource *first;
    enum vcmd_status status;

    (void)state;
    assert_ok(vcmd_drm_resource_export(original, &race.fd));
    mock.during_map = import_meanwhile;
    /* Not assert_ok(): the other thread may have written to the log already. */
    status = vcmd_drm_resource_import(device, race.fd, &raced, &first);
    assert_int_equal(pthread_join(race.thread, NULL), 0);
    assert_int_equal(status, VCMD_STATUS_OK);
    assert_int_equal(race.status, VCMD_STATUS_BUSY);
    assert_null(race.second);
    vcmd_resource_destroy(first);
    vcmd_resource_destroy(original);
    vcmd_device_close(other);
    mock_system.close(race.fd);
}

static void blobs(void **state)
{
    struct vcmd_drm_blob_desc desc = {.mem = VCMD_DRM_BLOB_HOST3D,
                                      .flags = VCMD_DRM_BLOB_MAPPABLE,
                                      .size = 8192,
                                      .blob_id = 3,
                                      .stream = &buf};
    struct vcmd_drm_resource_info info;
    struct vcmd_resource *resource;
    struct vcmd_context *second;
    void *mapped;
    size_t size;

    (void)state;
    mock.blob = true;
    reopen();
    assert_refused(vcmd_drm_blob_create(context, &desc, &resource), VCMD_STATUS_UNSUPPORTED,
                   "hostmem");
    mock.host_visible = true;
    reopen();
    second = create_context(device);
    for (int i = 0; i < 2; i++) {
        assert_ok(vcmd_drm_blob_create(i ? second : context, &desc, &resource));
        assert_ok(vcmd_resource_map(resource, &mapped, &size));
        assert_int_equal(size, 8192);
        assert_ok(vcmd_drm_resource_get_info(resource, &info));
        assert_int_equal(info.blob_mem, VCMD_DRM_BLOB_HOST3D);
        vcmd_resource_destroy(resource);
    }
    vcmd_context_destroy(second);
    desc.mem = VCMD_DRM_BLOB_GUEST;
    assert_refused(vcmd_drm_blob_create(context, &desc, &resource), VCMD_STATUS_OUT_OF_RANGE,
                   "host memory");
    desc = (struct vcmd_drm_blob_desc){.mem = 4, .size = 1};
    assert_refused(vcmd_drm_blob_create(context, &desc, &resource), VCMD_STATUS_UNKNOWN_VALUE,
                   "mem 4");
    desc = (struct vcmd_drm_blob_desc){.mem = 1, .flags = 8, .size = 1};
    assert_refused(vcmd_drm_blob_create(context, &desc, &resource), VCMD_STATUS_RESERVED_BITS,
                   "0x8");
    desc = (struct vcmd_drm_blob_desc){.mem = 1};
    assert_refused(vcmd_drm_blob_create(context, &desc, &resource), VCMD_STATUS_OUT_OF_RANGE,
                   "size 0");
}

/* Nothing says beforehand that an imported blob cannot be mapped. */
static void import_of_a_hidden_blob(void **state)
{
    const struct vcmd_drm_blob_desc desc = {
        .mem = VCMD_DRM_BLOB_HOST3D, .flags = VCMD_DRM_BLOB_SHAREABLE, .size = 4096, .blob_id = 1};
    const struct vcmd_resource_desc what = {.width = 4096};
    struct vcmd_device *other;
    struct vcmd_resource *hidden, *imported;
    void *mapped;
    int fd;

    (void)state;
    mock.blob = true;
    reopen();
    other = open_device("");
    assert_ok(vcmd_drm_blob_create(context, &desc, &hidden));
    assert_ok(vcmd_drm_resource_export(hidden, &fd));
    assert_ok(vcmd_drm_resource_import(other, fd, &what, &imported));
    assert_int_not_equal(vcmd_resource_map(imported, &mapped, NULL), VCMD_STATUS_OK);
    assert_null(mapped);
    vcmd_resource_destroy(imported);
    vcmd_resource_destroy(hidden);
    vcmd_device_close(other);
    mock_system.close(fd);
}

static void waiting_for_a_resource(void **state)
{
    struct vcmd_resource *resource = create_buffer(device, VCMD_BIND_VERTEX_BUFFER, 64);

    (void)state;
    assert_ok(vcmd_drm_resource_wait(resource, false));
    mock.stuck = true;
    assert_ok(submit_nop(context, NULL));
    assert_silent(vcmd_drm_resource_wait(resource, false), VCMD_STATUS_TIMEOUT);
    assert_refused(vcmd_drm_resource_wait(resource, true), VCMD_STATUS_TIMEOUT, "15 seconds");
    vcmd_resource_destroy(resource);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(only_for_this_transport, open_all, close_all),
        cmocka_unit_test_setup_teardown(old_kernel_refuses, open_all, close_all),
        cmocka_unit_test_setup_teardown(contexts_with_rings, open_all, close_all),
        cmocka_unit_test_setup_teardown(submits_with_everything, open_all, close_all),
        cmocka_unit_test_setup_teardown(exported_resources_are_named, open_all, close_all),
        cmocka_unit_test_setup_teardown(exported_resources_are_named_here_too, open_all, close_all),
        cmocka_unit_test_setup_teardown(nothing_is_closed_under_a_submit, open_all, close_all),
        cmocka_unit_test_setup_teardown(resources_of_another_device, open_all, close_all),
        cmocka_unit_test_setup_teardown(imports, open_all, close_all),
        cmocka_unit_test_setup_teardown(imports_of_two_threads, open_all, close_all),
        cmocka_unit_test_setup_teardown(blobs, open_all, close_all),
        cmocka_unit_test_setup_teardown(import_of_a_hidden_blob, open_all, close_all),
        cmocka_unit_test_setup_teardown(waiting_for_a_resource, open_all, close_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
