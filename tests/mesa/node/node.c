/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <virglcmd/enums.h>
#include <virglcmd/formats.h>
#include <virglcmd/loopback.h>
#include <virglcmd/record.h>

#include "node.h"
#include "uapi.h"

#define MAX_OBJECTS 512
#define PAGE        4096u

/* The memory that Mesa maps is in one file; the device has its own, and bytes go back and forth. */
struct object {
    struct vcmd_resource *resource; /* NULL: the handle is free */
    uint8_t *shown;                 /* what Mesa sees */
    uint8_t *memory;                /* the device's; NULL: none */
    size_t size;                    /* of both that is copied */
    uint64_t offset;                /* in the file */
    uint32_t shown_size;
    uint32_t blob_mem;
    bool shared; /* the host sees what Mesa writes: a blob that is mapped */
};

static struct {
    struct vcmd_capture_writer *writer;
    struct vcmd_device *device;
    struct vcmd_context *context;
    struct node_claims claims;
    struct object objects[MAX_OBJECTS]; /* by handle; 0 is none */
    int file;
    uint64_t file_size;
    dev_t null_device;
    uint32_t foreign; /* handle of the buffer to import */
    int foreign_fd;
    bool failed;
} node = {.file = -1, .foreign_fd = -1};

static void *pointer(uint64_t address)
{
    return (void *)(uintptr_t)address;
}

static int fail(const char *what, enum vcmd_status status)
{
    fprintf(stderr, "node: %s: %s\n", what, vcmd_status_string(status));
    node.failed = true;
    return EINVAL;
}

static int judge(const char *what, enum vcmd_status status)
{
    return status == VCMD_STATUS_OK ? 0 : fail(what, status);
}

static void log_line(void *user, enum vcmd_log_level level, enum vcmd_status code, const char *text)
{
    (void)user;
    (void)code;
    if (level != VCMD_LOG_INFO)
        fprintf(stderr, "node: %s\n", text);
}

static void give_up(const char *what)
{
    fprintf(stderr, "node: %s\n", what);
    exit(EXIT_FAILURE);
}

static struct object *find(uint32_t handle)
{
    return handle < MAX_OBJECTS && node.objects[handle].resource ? &node.objects[handle] : NULL;
}

/* ---- objects ---- */

static int show(struct object *object, size_t size)
{
    object->shown_size = (uint32_t)((size + PAGE - 1) / PAGE * PAGE);
    object->offset = node.file_size;
    node.file_size += object->shown_size;
    if (ftruncate(node.file, (off_t)node.file_size) != 0)
        return ENOMEM;
    object->shown = mmap(NULL, object->shown_size, PROT_READ | PROT_WRITE, MAP_SHARED, node.file,
                         (off_t)object->offset);
    if (object->shown == MAP_FAILED) {
        object->shown = NULL;
        return ENOMEM;
    }
    return 0;
}

static void destroy(struct object *object)
{
    vcmd_resource_destroy(object->resource);
    if (object->shown)
        munmap(object->shown, object->shown_size);
    memset(object, 0, sizeof(*object));
}

/* The kernel gives a page where no size is asked for; such a resource is never transferred. */
static int create(const struct vcmd_resource_desc *desc, uint32_t *handle)
{
    struct object *object;
    void *memory = NULL;
    enum vcmd_status status;
    uint32_t free_handle = 1;

    while (free_handle < MAX_OBJECTS && node.objects[free_handle].resource)
        free_handle++;
    if (free_handle == MAX_OBJECTS)
        return ENOMEM;
    object = &node.objects[free_handle];
    status = vcmd_resource_create(node.device, desc, &object->resource);
    if (status == VCMD_STATUS_OK)
        status = vcmd_context_attach(node.context, object->resource);
    if (status == VCMD_STATUS_OK && desc->backing_size != VCMD_NO_BACKING)
        status = vcmd_resource_map(object->resource, &memory, &object->size);
    object->memory = memory;
    if (status != VCMD_STATUS_OK || show(object, object->size > 0 ? object->size : PAGE) != 0) {
        destroy(object);
        return fail("a resource", status);
    }
    *handle = free_handle;
    return 0;
}

static int resource_create(struct vg_resource_create *args)
{
    const struct vcmd_resource_desc desc = {.target = args->target,
                                            .format = args->format,
                                            .bind = args->bind,
                                            .width = args->width,
                                            .height = args->height,
                                            .depth = args->depth,
                                            .array_size = args->array_size,
                                            .last_level = args->last_level,
                                            .nr_samples = args->nr_samples,
                                            .flags = args->flags,
                                            .backing_size =
                                                args->size > 0 ? args->size : VCMD_NO_BACKING};
    const int error = create(&desc, &args->bo_handle);

    if (error == 0)
        args->res_handle = vcmd_resource_id(node.objects[args->bo_handle].resource);
    return error;
}

static int submit(const uint32_t *dwords, size_t count);

/*
 * The host makes the blob by the commands; the loopback has none, so a plain resource of the same
 * kind stands for it in the commands that follow. PIPE_RESOURCE_CREATE: header, target, format,
 * bind, width, height, depth, array_size, last_level, nr_samples, flags, blob_id.
 */
static int create_blob(struct vg_resource_create_blob *args)
{
    const uint32_t *cmd = pointer(args->cmd);
    struct vcmd_resource_desc desc = {.backing_size = args->size};
    int error;

    if (!node.claims.blobs || args->blob_mem != VG_BLOB_MEM_HOST3D || args->cmd_size != 48)
        return EINVAL;
    error = submit(cmd, args->cmd_size / 4);
    if (error != 0)
        return error;
    desc.target = cmd[1];
    desc.format = desc.target == VCMD_BUFFER ? 0 : cmd[2];
    desc.bind = cmd[3];
    desc.width = cmd[4];
    desc.height = cmd[5];
    desc.depth = cmd[6];
    desc.array_size = cmd[7];
    desc.last_level = cmd[8];
    error = create(&desc, &args->bo_handle);
    if (error != 0)
        return error;
    args->res_handle = vcmd_resource_id(node.objects[args->bo_handle].resource);
    node.objects[args->bo_handle].shared = true;
    return 0;
}

/* ---- bytes ---- */

static void copy_all(bool to_device)
{
    for (size_t i = 1; i < MAX_OBJECTS; i++) {
        struct object *object = &node.objects[i];

        if (object->memory)
            memcpy(to_device ? object->memory : object->shown,
                   to_device ? object->shown : object->memory, object->size);
    }
}

/* What a host with blobs would have in its own memory already. */
static enum vcmd_status share(void)
{
    enum vcmd_status status = VCMD_STATUS_OK;

    for (size_t i = 1; i < MAX_OBJECTS && status == VCMD_STATUS_OK; i++) {
        if (node.objects[i].shared)
            status = vcmd_transfer_to_host(node.context, node.objects[i].resource, NULL);
    }
    return status;
}

static int submit(const uint32_t *dwords, size_t count)
{
    struct vcmd_buffer buf;
    uint32_t *memory = malloc((count + VCMD_BUFFER_HEADROOM) * sizeof(*memory));
    uint64_t fence = 0;
    enum vcmd_status status;

    if (!memory)
        return ENOMEM;
    vcmd_buffer_init(&buf, memory, count + VCMD_BUFFER_HEADROOM, VCMD_BUFFER_HEADROOM);
    memcpy(memory + VCMD_BUFFER_HEADROOM, dwords, count * sizeof(*dwords));
    buf.length = count;
    copy_all(true);
    status = share();
    if (status == VCMD_STATUS_OK)
        status = vcmd_submit(node.context, &buf, &fence);
    if (status == VCMD_STATUS_OK)
        status = vcmd_fence_wait(node.device, fence, VCMD_WAIT_FOREVER);
    copy_all(false);
    free(memory);
    return judge("a submit", status);
}

static int transfer(const struct vg_transfer *args, bool to_host)
{
    const struct vcmd_transfer what = {.box = {.x = (int32_t)args->box.x,
                                               .y = (int32_t)args->box.y,
                                               .z = (int32_t)args->box.z,
                                               .w = (int32_t)args->box.w,
                                               .h = (int32_t)args->box.h,
                                               .d = (int32_t)args->box.d},
                                       .level = args->level,
                                       .stride = args->stride,
                                       .layer_stride = args->layer_stride,
                                       .offset = args->offset};
    const struct object *object = find(args->bo_handle);
    enum vcmd_status status;

    if (!object || !object->memory)
        return EINVAL;
    copy_all(true);
    status = to_host ? vcmd_transfer_to_host(node.context, object->resource, &what)
                     : vcmd_transfer_from_host(node.context, object->resource, &what);
    copy_all(false);
    return judge("a transfer", status);
}

/* ---- ioctls ---- */

static void put_text(char *to, size_t *size, const char *text)
{
    const size_t length = strlen(text);

    if (to)
        memcpy(to, text, length < *size ? length : *size);
    *size = length;
}

/* libdrm wants no text to be empty. */
static int version(struct drm_version *args)
{
    args->version_major = 0;
    args->version_minor = 0; /* before fences in files: Mesa waits for buffers */
    args->version_patchlevel = 0;
    put_text(args->name, &args->name_len, "virtio_gpu");
    put_text(args->date, &args->date_len, "0");
    put_text(args->desc, &args->desc_len, "virtio GPU");
    return 0;
}

static int get_cap(struct drm_get_cap *args)
{
    if (args->capability != DRM_CAP_PRIME)
        return EINVAL;
    args->value = DRM_PRIME_CAP_IMPORT | DRM_PRIME_CAP_EXPORT;
    return 0;
}

static int get_param(const struct vg_getparam *args)
{
    int32_t *value = pointer(args->value);

    if (args->param == VG_PARAM_3D_FEATURES || args->param == VG_PARAM_CAPSET_QUERY_FIX)
        *value = 1;
    else if (args->param == VG_PARAM_RESOURCE_BLOB || args->param == VG_PARAM_HOST_VISIBLE)
        *value = node.claims.blobs;
    else
        return EINVAL;
    return 0;
}

static int get_caps(const struct vg_get_caps *args)
{
    uint8_t caps[4096];
    size_t size = 0;

    if (vcmd_device_get_capset(node.device, args->cap_set_id, caps, sizeof(caps), &size) !=
        VCMD_STATUS_OK)
        return EINVAL;
    memcpy(pointer(args->addr), caps, size < args->size ? size : args->size);
    return 0;
}

static int resource_info(struct vg_resource_info *args)
{
    const struct object *object = find(args->bo_handle);

    if (!object)
        return ENOENT;
    args->res_handle = vcmd_resource_id(object->resource);
    args->size = object->shown_size;
    args->blob_mem = object->blob_mem;
    return 0;
}

static int map(struct vg_map *args)
{
    const struct object *object = find(args->handle);

    if (!object)
        return ENOENT;
    args->offset = object->offset;
    return 0;
}

static int gem_close(const struct drm_gem_close *args)
{
    struct object *object = find(args->handle);

    if (!object)
        return EINVAL;
    destroy(object);
    return 0;
}

static int import(struct drm_prime_handle *args)
{
    if (args->fd != node.foreign_fd || !find(node.foreign))
        return EINVAL;
    args->handle = node.foreign;
    return 0;
}

/* By number alone: the structures of Mesa's headers are shorter than today's. */
static int answer(unsigned long request, void *arg)
{
    const struct vg_execbuffer *exec = arg;

    switch (_IOC_NR(request)) {
    case _IOC_NR(DRM_IOCTL_VERSION):
        return version(arg);
    case _IOC_NR(DRM_IOCTL_GET_CAP):
        return get_cap(arg);
    case _IOC_NR(DRM_IOCTL_GEM_CLOSE):
        return gem_close(arg);
    case _IOC_NR(DRM_IOCTL_PRIME_FD_TO_HANDLE):
        return import(arg);
    case _IOC_NR(DRM_IOCTL_GET_MAGIC):
        ((struct drm_auth *)arg)->magic = 1;
        return 0;
    case _IOC_NR(VG_IOCTL_GETPARAM):
        return get_param(arg);
    case _IOC_NR(VG_IOCTL_GET_CAPS):
        return get_caps(arg);
    case _IOC_NR(VG_IOCTL_RESOURCE_CREATE):
        return resource_create(arg);
    case _IOC_NR(VG_IOCTL_RESOURCE_CREATE_BLOB):
        return create_blob(arg);
    case _IOC_NR(VG_IOCTL_RESOURCE_INFO):
        return resource_info(arg);
    case _IOC_NR(VG_IOCTL_MAP):
        return map(arg);
    case _IOC_NR(VG_IOCTL_TRANSFER_TO_HOST):
        return transfer(arg, true);
    case _IOC_NR(VG_IOCTL_TRANSFER_FROM_HOST):
        return transfer(arg, false);
    case _IOC_NR(VG_IOCTL_WAIT):
        return 0; /* each submit has been waited for */
    case _IOC_NR(VG_IOCTL_EXECBUFFER):
        return submit(pointer(exec->command), exec->size / 4);
    default:
        return EINVAL;
    }
}

int node_memory_file(int fd)
{
    struct stat status;

    if (node.file < 0 || fstat(fd, &status) != 0 || !S_ISCHR(status.st_mode) ||
        status.st_rdev != node.null_device)
        return -1;
    return node.file;
}

int node_ioctl(int fd, unsigned long request, void *arg)
{
    if (_IOC_TYPE(request) != DRM_IOCTL_BASE || node_memory_file(fd) < 0)
        return -1;
    return answer(request, arg);
}

/* ---- opening and closing ---- */

int node_open(const char *capture, const struct node_claims *claims)
{
    const struct vcmd_transport *const transports[] = {vcmd_loopback_transport(), NULL};
    const struct vcmd_capture_writer_options options = {.level = 9};
    struct vcmd_device_wrapper wrappers[2];
    const struct vcmd_device_desc desc = {
        .transports = transports, .log = log_line, .wrappers = wrappers, .num_wrappers = 2};
    struct stat status;
    const int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (fd < 0 || fstat(fd, &status) != 0)
        give_up("/dev/null cannot be opened");
    if (vcmd_capture_writer_open(capture, &options, &node.writer) != VCMD_STATUS_OK)
        give_up("the capture cannot be written");
    node.claims = *claims;
    wrappers[0] = node_claiming(&node.claims);
    wrappers[1] = vcmd_capture_recorder(node.writer);
    if (vcmd_device_open(&desc, &node.device) != VCMD_STATUS_OK ||
        vcmd_context_create(node.device, "mesa", &node.context) != VCMD_STATUS_OK)
        give_up("no device");
    node.null_device = status.st_rdev;
    node.file = memfd_create("node", MFD_CLOEXEC);
    if (node.file < 0)
        give_up("no memory");
    return fd;
}

bool node_close(void)
{
    for (size_t i = 1; i < MAX_OBJECTS; i++) {
        if (node.objects[i].resource)
            destroy(&node.objects[i]);
    }
    vcmd_context_destroy(node.context);
    vcmd_device_close(node.device);
    judge("the capture", vcmd_capture_writer_close(node.writer));
    if (node.foreign_fd >= 0)
        close(node.foreign_fd);
    close(node.file);
    node.file = -1;
    return !node.failed;
}

int node_foreign_buffer(uint32_t width, uint32_t height)
{
    const struct vcmd_resource_desc desc = {.target = VCMD_TEXTURE_2D,
                                            .format = VCMD_FORMAT_B8G8R8A8_UNORM,
                                            .bind =
                                                VCMD_BIND_SAMPLER_VIEW | VCMD_BIND_RENDER_TARGET,
                                            .width = width,
                                            .height = height};

    node.foreign_fd = memfd_create("foreign", MFD_CLOEXEC);
    if (node.foreign_fd < 0 || create(&desc, &node.foreign) != 0)
        give_up("no foreign buffer");
    node.objects[node.foreign].blob_mem = VG_BLOB_MEM_HOST3D;
    return node.foreign_fd;
}
