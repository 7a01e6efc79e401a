/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "drm_private.h"

/* What the node turned out to be. */
enum verdict { USABLE, OTHER_DRIVER, TOO_OLD, NO_3D, FAILED };

int drm_get_param(const struct drm_device *device, int fd, uint64_t param, int32_t *value)
{
    int32_t answer = 0;
    struct vg_getparam args = {.param = param, .value = (uintptr_t)&answer};
    int error = drm_call(device, fd, VG_IOCTL_GETPARAM, &args);

    if (error == 0)
        *value = answer;
    return error;
}

/* Old kernels do not know the newer parameters. */
static int read_flag(const struct drm_device *device, int fd, uint64_t param, bool *flag)
{
    int32_t value = 0;
    int error = drm_get_param(device, fd, param, &value);

    *flag = value != 0;
    return error == EINVAL ? 0 : error;
}

static int read_capset_mask(const struct drm_device *device, int fd, uint64_t *mask)
{
    int32_t capsets = 0;
    int error = drm_get_param(device, fd, VG_PARAM_SUPPORTED_CAPSETS, &capsets);

    *mask = (uint32_t)capsets;
    return error == EINVAL ? 0 : error;
}

/* The driver got both with the same change: a kernel without would ignore the syncobjs. */
static int read_syncobj(const struct drm_device *device, int fd, bool *syncobj)
{
    struct drm_get_cap timeline = {.capability = DRM_CAP_SYNCOBJ_TIMELINE};
    int error = drm_call(device, fd, DRM_IOCTL_GET_CAP, &timeline);

    *syncobj = error == 0 && timeline.value != 0;
    return error == EINVAL || error == EOPNOTSUPP ? 0 : error;
}

static int read_params(const struct drm_device *device, int fd, struct vcmd_drm_info *info)
{
    int error = read_flag(device, fd, VG_PARAM_RESOURCE_BLOB, &info->blob);

    if (!error)
        error = read_flag(device, fd, VG_PARAM_HOST_VISIBLE, &info->host_visible);
    if (!error)
        error = read_flag(device, fd, VG_PARAM_CROSS_DEVICE, &info->cross_device);
    if (!error)
        error = read_flag(device, fd, VG_PARAM_CONTEXT_INIT, &info->context_init);
    if (!error)
        error = read_flag(device, fd, VG_PARAM_EXPLICIT_DEBUG_NAME, &info->debug_name);
    if (!error && info->context_init)
        error = read_capset_mask(device, fd, &info->capset_mask);
    if (!error)
        error = read_syncobj(device, fd, &info->syncobj);
    return error;
}

static enum verdict read_version(const struct drm_device *device, int fd,
                                 struct vcmd_drm_info *info, char name[32], int *error)
{
    struct drm_version version = {.name_len = 31, .name = name};

    memset(name, 0, 32);
    *error = drm_call(device, fd, DRM_IOCTL_VERSION, &version);
    if (*error)
        return FAILED;
    info->version_major = version.version_major;
    info->version_minor = version.version_minor;
    info->version_patch = version.version_patchlevel;
    if (strcmp(name, "virtio_gpu") != 0)
        return OTHER_DRIVER;
    /* 0.1 has fences as files, since Linux 5.0. */
    return version.version_major == 0 && version.version_minor == 0 ? TOO_OLD : USABLE;
}

static enum verdict examine(const struct drm_device *device, int fd, struct vcmd_drm_info *info,
                            char name[32], int *error)
{
    enum verdict verdict = read_version(device, fd, info, name, error);
    bool has_3d;

    if (verdict != USABLE)
        return verdict;
    *error = read_flag(device, fd, VG_PARAM_3D_FEATURES, &has_3d);
    if (*error)
        return FAILED;
    if (!has_3d)
        return NO_3D;
    *error = read_params(device, fd, info);
    return *error ? FAILED : USABLE;
}

/* Says why a node will not do, and returns the status for it. */
static enum vcmd_status tell(const struct drm_device *device, enum verdict verdict,
                             const char *label, const char *driver, int error)
{
    switch (verdict) {
    case OTHER_DRIVER:
        return drm_refuse(device, VCMD_STATUS_NO_DEVICE,
                          "%s: the driver is \"%s\"; wanted is \"virtio_gpu\"", label, driver);
    case TOO_OLD:
        return drm_refuse(device, VCMD_STATUS_UNSUPPORTED,
                          "%s: the driver is of version 0.0 and has no fences; it takes Linux 5.0",
                          label);
    case NO_3D:
        return drm_refuse(device, VCMD_STATUS_NO_DEVICE,
                          "%s: virtio_gpu without 3D; the virtual machine must offer it: with QEMU "
                          "that is the device virtio-gpu-gl-pci and a display with gl=on",
                          label);
    case FAILED:
        return drm_fail(device, error, "%s: asking the driver", label);
    case USABLE:
        break;
    }
    return VCMD_STATUS_OK;
}

static enum vcmd_status take(struct drm_device *device, int fd, const char *label)
{
    struct vcmd_drm_info info = {.path = ""};
    char driver[32];
    int error = 0;
    enum verdict verdict = examine(device, fd, &info, driver, &error);

    if (verdict != USABLE) {
        device->system->close(fd);
        return tell(device, verdict, label, driver, error);
    }
    device->fd = fd;
    device->info = info;
    return VCMD_STATUS_OK;
}

static int open_path(const struct drm_device *device, const char *path)
{
    int fd;

    do {
        fd = device->system->open(path);
    } while (fd < 0 && errno == EINTR);
    return fd;
}

static enum vcmd_status open_one(struct drm_device *device, const char *path)
{
    int fd = open_path(device, path);
    enum vcmd_status status;

    if (fd < 0)
        return drm_fail(device, errno, "cannot open %s", path);
    status = take(device, fd, path);
    if (status == VCMD_STATUS_OK && strlen(path) < sizeof(device->info.path))
        memcpy(device->info.path, path, strlen(path) + 1);
    return status;
}

/* The first node that will do; if none will, the status of the first. */
static enum vcmd_status try_nodes(struct drm_device *device,
                                  char paths[DRM_MAX_NODES][DRM_PATH_BYTES], int count)
{
    enum vcmd_status answer = VCMD_STATUS_NO_DEVICE;

    for (int i = 0; i < count; i++) {
        enum vcmd_status status = open_one(device, paths[i]);

        if (status == VCMD_STATUS_OK)
            return status;
        if (i == 0)
            answer = status;
    }
    return answer;
}

/* Why a node will not do is of interest only when none will: so they are tried again, aloud. */
static enum vcmd_status find(struct drm_device *device)
{
    char paths[DRM_MAX_NODES][DRM_PATH_BYTES];
    int count = device->system->list_nodes(paths);
    const struct vcmd_log log = device->log;
    enum vcmd_status status;

    if (count < 0 && errno != ENOENT && errno != ENODEV)
        return drm_fail(device, errno, "listing the nodes in /dev/dri");
    if (count <= 0)
        return drm_refuse(device, VCMD_STATUS_NO_DEVICE,
                          "there is no render node in /dev/dri; is the kernel's module virtio-gpu "
                          "loaded, and has the virtual machine a virtio-gpu device?");
    device->log.fn = NULL;
    status = try_nodes(device, paths, count);
    device->log = log;
    return status == VCMD_STATUS_OK ? status : try_nodes(device, paths, count);
}

enum vcmd_status drm_node_open(struct drm_device *device, const char *path, int fd)
{
    char label[32];
    int own;

    if (fd < 0)
        return path[0] ? open_one(device, path) : find(device);
    (void)snprintf(label, sizeof(label), "fd=%d", fd);
    own = device->system->duplicate(fd);
    if (own < 0)
        return drm_fail(device, errno, "%s: cannot duplicate it", label);
    return take(device, own, label);
}
