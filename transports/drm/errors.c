/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "drm_private.h"

int drm_call(const struct drm_device *device, int fd, unsigned long request, void *arg)
{
    do {
        if (device->system->ioctl(fd, request, arg) == 0)
            return 0;
    } while (errno == EINTR || errno == EAGAIN);
    return errno;
}

enum vcmd_status drm_status(int error)
{
    switch (error) {
    case 0:
        return VCMD_STATUS_OK;
    case EACCES:
    case EPERM:
        return VCMD_STATUS_NO_PERMISSION;
    case ENOENT:
    case ENXIO:
    case ENOTTY:
        return VCMD_STATUS_NO_DEVICE;
    case ENOMEM:
    case ENOSPC:
    case ENFILE:
    case EMFILE:
        return VCMD_STATUS_NO_MEMORY;
    case EBUSY:
        return VCMD_STATUS_BUSY;
    case ETIME:
    case ETIMEDOUT:
        return VCMD_STATUS_TIMEOUT;
    case ENOSYS:
    case EOPNOTSUPP:
        return VCMD_STATUS_UNSUPPORTED;
    case EBADF: /* of the caller's files: those of the library are open */
    case EINVAL:
    case E2BIG:
    case ERANGE:
        return VCMD_STATUS_OUT_OF_RANGE;
    default: /* ENODEV, EIO: the device has been unplugged, or does not answer */
        return VCMD_STATUS_DEVICE_LOST;
    }
}

const char *drm_hint(int error)
{
    switch (error) {
    case EACCES:
    case EPERM:
        return "; the user must be in the group of the node, mostly \"render\"";
    case ENOMEM:
        return "; the guest or the host has no memory left";
    case ENOSPC:
        return "; the memory that the host shows the guest is used up";
    case EBUSY:
        return "; the host has not answered in time, or somebody else has it";
    case ETIME:
        return "; the host has reached none of the fences for a minute: it hangs, or has given up";
    case EMFILE:
    case ENFILE:
        return "; each context needs a file: see ulimit -n";
    case ENODEV:
    case EIO:
        return "; the device has gone, close it and open it again";
    default:
        return "";
    }
}

enum vcmd_status drm_refuse(const struct drm_device *device, enum vcmd_status status,
                            const char *format, ...)
{
    char text[768];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    vcmd_log(&device->log, VCMD_LOG_ERROR, status, "drm: %s", text);
    return status;
}

enum vcmd_status drm_fail(const struct drm_device *device, int error, const char *format, ...)
{
    enum vcmd_status status = drm_status(error);
    char text[512];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    vcmd_log(&device->log, VCMD_LOG_ERROR, status, "drm: %s: %s%s", text, strerror(error),
             drm_hint(error));
    return status;
}
