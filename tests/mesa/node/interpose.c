/* SPDX-License-Identifier: MIT */

/*
 * The functions of libc and libdrm that would find out that the node is none. Those of the program
 * come before those of libraries, for every library in the process.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <xf86drm.h>

#include "node.h"

int ioctl(int fd, unsigned long request, ...)
{
    va_list list;
    void *arg;
    int error;

    va_start(list, request);
    arg = va_arg(list, void *);
    va_end(list);
    error = node_ioctl(fd, request, arg);
    if (error < 0)
        return (int)syscall(SYS_ioctl, fd, request, arg);
    errno = error;
    return error == 0 ? 0 : -1;
}

static void *map(void *addr, size_t len, int prot, int flags, int fd, off_t offset)
{
    const int file = fd < 0 ? -1 : node_memory_file(fd);

    return (void *)syscall(SYS_mmap, addr, len, prot, flags, file < 0 ? fd : file, offset);
}

void *mmap(void *addr, size_t len, int prot, int flags, int fd, off_t offset)
{
    return map(addr, len, prot, flags, fd, offset);
}

void *mmap64(void *addr, size_t len, int prot, int flags, int fd, off64_t offset)
{
    return map(addr, len, prot, flags, fd, offset);
}

/* libdrm asks sysfs for these. */

int drmGetNodeTypeFromFd(int fd)
{
    return node_memory_file(fd) < 0 ? -1 : DRM_NODE_RENDER;
}

int drmGetDevice2(int fd, uint32_t flags, drmDevicePtr *device)
{
    static char path[] = "/dev/null";
    static char *nodes[DRM_NODE_MAX] = {path, path, path};
    static drmPlatformBusInfo bus = {"virtio-gpu"};
    static drmPlatformDeviceInfo info;

    (void)flags;
    if (node_memory_file(fd) < 0)
        return -ENODEV;
    *device = calloc(1, sizeof(**device));
    if (!*device)
        return -ENOMEM;
    (*device)->nodes = nodes;
    (*device)->available_nodes = 1 << DRM_NODE_RENDER;
    (*device)->bustype = DRM_BUS_PLATFORM;
    (*device)->businfo.platform = &bus;
    (*device)->deviceinfo.platform = &info;
    return 0;
}

int drmGetDevice(int fd, drmDevicePtr *device)
{
    return drmGetDevice2(fd, 0, device);
}

void drmFreeDevice(drmDevicePtr *device)
{
    free(*device);
    *device = NULL;
}
