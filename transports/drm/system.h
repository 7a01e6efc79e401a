/* SPDX-License-Identifier: MIT */
#ifndef DRM_SYSTEM_H
#define DRM_SYSTEM_H

#include <stddef.h>
#include <stdint.h>

/*
 * The system calls that the transport makes, all of them, as a table: the tests put a kernel of
 * their own there. What fails returns -1 and sets errno, as the calls do that stand behind it;
 * nothing here repeats a call that was interrupted.
 */

#define DRM_PATH_BYTES 64
#define DRM_MAX_NODES  16

struct drm_system {
    /* The render nodes that there are; how many, at most DRM_MAX_NODES. */
    int (*list_nodes)(char paths[DRM_MAX_NODES][DRM_PATH_BYTES]);

    int (*open)(const char *path);
    int (*duplicate)(int fd);
    int (*close)(int fd);
    int (*ioctl)(int fd, unsigned long request, void *arg);
    void *(*map)(size_t size, int fd,
                 uint64_t offset); /* shared, to read and write; NULL: failed */
    int (*unmap)(void *memory, size_t size);
    /* 1: readable, 0: not within timeout_ns; below 0: without limit */
    int (*poll)(int fd, int64_t timeout_ns);
    int64_t (*now)(void); /* nanoseconds of CLOCK_MONOTONIC */
};

/* The real ones. */
extern const struct drm_system drm_system;

#endif
