/* SPDX-License-Identifier: MIT */

/*
 * The DRM transport on a real device; it runs in the virtual machine of tests/guest.
 *
 *     bench_drm frames COUNT [transfer|copy|inline]   frames of 1000 draws and 1000 uploads
 *     bench_drm create COUNT                          create, write, draw with and free a buffer
 *     bench_drm roundtrip SECONDS                     submit and wait, beside bare ioctls
 *
 * Under strace the first two tell how many system calls a frame or buffer takes: those for so many
 * more, less those for fewer.
 */
#include "bench.h"
#include "uploads.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <virglcmd/drm.h>
#include <virtgpu_drm.h>

static void print_log(void *user, enum vcmd_log_level level, enum vcmd_status code,
                      const char *text)
{
    (void)user;
    (void)code;
    if (level != VCMD_LOG_INFO)
        fprintf(stderr, "bench_drm: %s\n", text);
}

static void check(enum vcmd_status status, const char *what)
{
    if (status == VCMD_STATUS_OK)
        return;
    fprintf(stderr, "bench_drm: %s: %s\n", what, vcmd_status_string(status));
    exit(1);
}

static void check_call(int result, const char *what)
{
    if (result >= 0)
        return;
    fprintf(stderr, "bench_drm: %s: %s\n", what, strerror(errno));
    exit(1);
}

static struct vcmd_device *open_device(void)
{
    const struct vcmd_transport *const transports[] = {vcmd_drm_transport(), NULL};
    const struct vcmd_device_desc desc = {.transports = transports, .log = print_log};
    struct vcmd_device *device;

    check(vcmd_device_open(&desc, &device), "open");
    return device;
}

/* ---- frames ---- */

static void run_frames(uint32_t count, const char *name)
{
    static struct uploads u;
    struct vcmd_device *device = open_device();
    enum upload_method method;
    struct vcmd_caps caps;
    uint32_t wrong;
    double start, taken;

    check(vcmd_device_get_caps(device, &caps), "caps");
    method = upload_method_best(&caps);
    if (name && !upload_method_by_name(name, &method)) {
        fprintf(stderr, "bench_drm: \"%s\" is none of transfer, copy, inline\n", name);
        exit(2);
    }
    check(uploads_create(&u, device, method), "resources");
    check(uploads_frame(&u, 0), "first frame");
    start = bench_now();
    for (uint32_t i = 1; i <= count; i++)
        check(uploads_frame(&u, i), "frame");
    taken = bench_now() - start;
    check(uploads_check(&u, count, &wrong), "reading back");
    printf("%u frames of %d draws, uploads by %s: %.2f ms each; %u draws are wrong\n", count,
           UPLOAD_DRAWS, upload_method_name(method), taken / 1e6 / count, wrong);
    uploads_destroy(&u);
    vcmd_device_close(device);
    if (wrong > 0)
        exit(1);
}

/* ---- buffers that come and go ---- */

static void run_create(uint32_t count)
{
    const struct vcmd_resource_desc desc = {.bind = VCMD_BIND_VERTEX_BUFFER, .width = 4096};
    struct vcmd_device *device = open_device();
    struct vcmd_context *context;
    double start;

    check(vcmd_context_create(device, "create", &context), "context");
    start = bench_now();
    for (uint32_t i = 0; i < count; i++) {
        struct vcmd_resource *resource;

        check(vcmd_resource_create(device, &desc, &resource), "create");
        check(vcmd_context_attach(context, resource), "attach");
        check(vcmd_transfer_to_host(context, resource, NULL), "upload");
        vcmd_resource_destroy(resource);
    }
    printf("create, upload and destroy a buffer: %.1f us\n",
           (bench_now() - start) / 1e3 / (count ? count : 1));
    vcmd_context_destroy(context);
    vcmd_device_close(device);
}

/* ---- round trips ---- */

static struct vcmd_device *device;
static struct vcmd_context *context;
static struct vcmd_buffer nop;
static int bare_fd;
static uint32_t bare_handle;
static uint32_t bare_stream[1]; /* a NOP of no dwords: what the other side sends */

static void by_library(void *user, size_t count)
{
    (void)user;
    while (count-- > 0) {
        uint64_t fence;

        check(vcmd_submit(context, &nop, &fence), "submit");
        check(vcmd_fence_wait(device, fence, VCMD_WAIT_FOREVER), "wait");
    }
}

static void by_sync_file(void *user, size_t count)
{
    (void)user;
    while (count-- > 0) {
        struct drm_virtgpu_execbuffer exec = {.flags = VIRTGPU_EXECBUF_FENCE_FD_OUT,
                                              .size = sizeof(bare_stream),
                                              .command = (uintptr_t)bare_stream,
                                              .fence_fd = -1};
        struct pollfd wanted = {.events = POLLIN};

        check_call(ioctl(bare_fd, DRM_IOCTL_VIRTGPU_EXECBUFFER, &exec), "EXECBUFFER");
        wanted.fd = exec.fence_fd;
        check_call(poll(&wanted, 1, -1), "poll");
        close(exec.fence_fd);
    }
}

static void by_buffer(void *user, size_t count)
{
    (void)user;
    while (count-- > 0) {
        struct drm_virtgpu_execbuffer exec = {.size = sizeof(bare_stream),
                                              .command = (uintptr_t)bare_stream,
                                              .bo_handles = (uintptr_t)&bare_handle,
                                              .num_bo_handles = 1};
        struct drm_virtgpu_3d_wait wait = {.handle = bare_handle};

        check_call(ioctl(bare_fd, DRM_IOCTL_VIRTGPU_EXECBUFFER, &exec), "EXECBUFFER");
        check_call(ioctl(bare_fd, DRM_IOCTL_VIRTGPU_WAIT, &wait), "WAIT");
    }
}

static void open_bare(void)
{
    struct drm_virtgpu_resource_create create = {.format = VCMD_FORMAT_R8_UNORM,
                                                 .bind = VCMD_BIND_VERTEX_BUFFER,
                                                 .width = 64,
                                                 .height = 1,
                                                 .depth = 1,
                                                 .array_size = 1,
                                                 .size = 64};

    bare_fd = open("/dev/dri/renderD128", O_RDWR | O_CLOEXEC);
    check_call(bare_fd, "open");
    check_call(ioctl(bare_fd, DRM_IOCTL_VIRTGPU_RESOURCE_CREATE, &create), "RESOURCE_CREATE");
    bare_handle = create.bo_handle;
}

static void run_roundtrip(double seconds)
{
    static uint32_t memory[2];
    struct bench_entry entries[] = {
        {"vcmd_submit and vcmd_fence_wait", by_library, NULL, 0},
        {"EXECBUFFER with a sync file, poll, close", by_sync_file, NULL, 0},
        {"EXECBUFFER naming a buffer, WAIT", by_buffer, NULL, 0},
    };

    device = open_device();
    check(vcmd_context_create(device, "roundtrip", &context), "context");
    vcmd_buffer_init(&nop, memory, 2, 0);
    vcmd_nop(&nop, &(struct vcmd_nop){0});
    bare_stream[0] = memory[0];
    open_bare();
    bench_compare(entries, 3, seconds);
    for (size_t i = 0; i < 3; i++)
        printf("%-42s %8.1f us\n", entries[i].name, entries[i].best / 1e3);
    close(bare_fd);
    vcmd_context_destroy(context);
    vcmd_device_close(device);
}

int main(int argc, char **argv)
{
    double number = argc > 2 ? bench_number(argv[2]) : 0;

    if (argc > 2 && number > 0 && strcmp(argv[1], "frames") == 0) {
        run_frames((uint32_t)number, argc > 3 ? argv[3] : NULL);
    } else if (argc > 2 && number > 0 && strcmp(argv[1], "create") == 0) {
        run_create((uint32_t)number);
    } else if (argc > 2 && number > 0 && strcmp(argv[1], "roundtrip") == 0) {
        run_roundtrip(number);
    } else {
        fprintf(stderr, "usage: bench_drm frames COUNT [transfer|copy|inline] | create COUNT | "
                        "roundtrip SECONDS\n");
        return 2;
    }
    return 0;
}
