/* SPDX-License-Identifier: MIT */
/* ppoll */
#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <xf86drm.h>

#include "system.h"

static int sys_list_nodes(char paths[DRM_MAX_NODES][DRM_PATH_BYTES])
{
    drmDevicePtr devices[DRM_MAX_NODES];
    int found = drmGetDevices2(0, devices, DRM_MAX_NODES);
    int count = 0;

    if (found < 0) {
        errno = -found;
        return -1;
    }
    if (found > DRM_MAX_NODES) /* older libdrm counts what it had no room for */
        found = DRM_MAX_NODES;
    for (int i = 0; i < found; i++) {
        const char *path;

        if (!(devices[i]->available_nodes & (1 << DRM_NODE_RENDER)))
            continue;
        path = devices[i]->nodes[DRM_NODE_RENDER];
        if (strlen(path) < DRM_PATH_BYTES)
            memcpy(paths[count++], path, strlen(path) + 1);
    }
    drmFreeDevices(devices, found);
    return count;
}

static int sys_open(const char *path)
{
    return open(path, O_RDWR | O_CLOEXEC);
}

static int sys_duplicate(int fd)
{
    return fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

static int sys_close(int fd)
{
    return close(fd);
}

static int sys_ioctl(int fd, unsigned long request, void *arg)
{
    return ioctl(fd, request, arg);
}

static void *sys_map(size_t size, int fd, uint64_t offset)
{
    void *memory;

#if defined(__USE_FILE_OFFSET64) || defined(__LP64__)
    memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)offset);
#else
    memory = mmap64(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off64_t)offset);
#endif
    return memory == MAP_FAILED ? NULL : memory;
}

static int sys_unmap(void *memory, size_t size)
{
    return munmap(memory, size);
}

static int sys_poll(int fd, int64_t timeout_ns)
{
    const struct timespec timeout = {.tv_sec = (time_t)(timeout_ns / 1000000000),
                                     .tv_nsec = (long)(timeout_ns % 1000000000)};
    struct pollfd wanted = {.fd = fd, .events = POLLIN};

    return ppoll(&wanted, 1, timeout_ns < 0 ? NULL : &timeout, NULL);
}

static int64_t sys_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

const struct drm_system drm_system = {
    .list_nodes = sys_list_nodes,
    .open = sys_open,
    .duplicate = sys_duplicate,
    .close = sys_close,
    .ioctl = sys_ioctl,
    .map = sys_map,
    .unmap = sys_unmap,
    .poll = sys_poll,
    .now = sys_now,
};
