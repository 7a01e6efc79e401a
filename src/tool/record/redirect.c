/* SPDX-License-Identifier: MIT */

/*
 * Loaded into a recorded program (LD_PRELOAD): Mesa before 23.0 knows one socket only,
 * /tmp/.virgl_test, and does not look at VTEST_SOCKET_NAME. A connect() to that socket goes to the
 * one in the environment; every other one is left alone.
 */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#define KNOWN_SOCKET "/tmp/.virgl_test"

typedef int (*connect_fn)(int fd, const struct sockaddr *address, socklen_t size);

__attribute__((visibility("default"))) int connect(int fd, const struct sockaddr *address,
                                                   socklen_t size);

static int is_known(const struct sockaddr *address, socklen_t size)
{
    const struct sockaddr_un *local = (const struct sockaddr_un *)(const void *)address;

    return address && size >= offsetof(struct sockaddr_un, sun_path) + sizeof(KNOWN_SOCKET) &&
           address->sa_family == AF_UNIX &&
           memcmp(local->sun_path, KNOWN_SOCKET, sizeof(KNOWN_SOCKET)) == 0;
}

int connect(int fd, const struct sockaddr *address, socklen_t size)
{
    const char *path = getenv("VTEST_SOCKET_NAME");
    struct sockaddr_un other = {.sun_family = AF_UNIX};
    connect_fn next;
    void *symbol = dlsym(RTLD_NEXT, "connect");

    if (!symbol) {
        errno = ENOSYS;
        return -1;
    }
    memcpy(&next, &symbol, sizeof(next)); /* the way from an object pointer to a function's */
    if (path && strlen(path) < sizeof(other.sun_path) && is_known(address, size)) {
        memcpy(other.sun_path, path, strlen(path) + 1);
        return next(fd, (const struct sockaddr *)&other, sizeof(other));
    }
    return next(fd, address, size);
}
