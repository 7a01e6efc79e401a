/* SPDX-License-Identifier: MIT */
/* Sockets and shared memory: not in plain C11 */
#define _GNU_SOURCE

#include "mock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "socket.h"

static int ends[2] = {-1, -1}; /* the transport's, and the mock's */
static int taken = -1;         /* the transport's, once it has it and as long as it keeps it */

enum vcmd_status __wrap_vtest_connect(const char *path, int *fd, uint64_t deadline);

static void must(int good, const char *what)
{
    if (good)
        return;
    perror(what);
    abort();
}

enum vcmd_status __wrap_vtest_connect(const char *path, int *fd, uint64_t deadline)
{
    (void)path;
    (void)deadline;
    if (ends[0] < 0) {
        errno = ECONNREFUSED;
        return VCMD_STATUS_DEVICE_LOST;
    }
    *fd = taken = ends[0];
    ends[0] = -1;
    return VCMD_STATUS_OK;
}

static void close_end(int *end)
{
    if (*end >= 0)
        close(*end);
    *end = -1;
}

void mock_begin(void)
{
    mock_end();
    must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0, "socketpair");
}

void mock_end(void)
{
    close_end(&ends[0]);
    close_end(&ends[1]);
}

/* What the system does not keep for the other side, because it is too much, is not said. */
static void check_sent(ssize_t sent, size_t size)
{
    bool full = sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == ETOOMANYREFS);

    must(full || (sent >= 0 && (size_t)sent <= size), "send");
}

void mock_bytes(const void *bytes, size_t size)
{
    if (size > 0)
        check_sent(send(ends[1], bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT), size);
}

void mock_dwords(const uint32_t *dwords, size_t num)
{
    mock_bytes(dwords, num * sizeof(*dwords));
}

static void send_fds(const int *fds, size_t num)
{
    char byte = 0;
    union {
        struct cmsghdr header; /* aligns the bytes */
        char bytes[CMSG_SPACE(2 * sizeof(int))];
    } control;
    struct iovec part = {&byte, 1};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = CMSG_SPACE(num * sizeof(int))};
    struct cmsghdr *header;

    memset(&control, 0, sizeof(control));
    header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(num * sizeof(int));
    memcpy(CMSG_DATA(header), fds, num * sizeof(int));
    check_sent(sendmsg(ends[1], &message, MSG_NOSIGNAL | MSG_DONTWAIT), 1);
}

static int make_memory(size_t size)
{
    int fd = memfd_create("mock", MFD_CLOEXEC);

    must(fd >= 0 && ftruncate(fd, (off_t)size) == 0, "memfd");
    return fd;
}

void mock_memory(size_t size)
{
    int fd = make_memory(size);

    send_fds(&fd, 1);
    close(fd);
}

void mock_null(void)
{
    int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

    must(fd >= 0, "/dev/null");
    send_fds(&fd, 1);
    close(fd);
}

void mock_two(size_t size)
{
    int fds[2] = {make_memory(size), make_memory(size)};

    send_fds(fds, 2);
    close(fds[0]);
    close(fds[1]);
}

void mock_hang_up(void)
{
    must(shutdown(ends[1], SHUT_WR) == 0, "shutdown");
}

void mock_fill(void)
{
    static const uint8_t bytes[4096];

    while (send(taken, bytes, sizeof(bytes), MSG_NOSIGNAL | MSG_DONTWAIT) > 0)
        continue;
    must(errno == EAGAIN || errno == EWOULDBLOCK, "send");
}

size_t mock_sent(void *bytes, size_t capacity)
{
    ssize_t got = recv(ends[1], bytes, capacity, MSG_DONTWAIT);

    return got > 0 ? (size_t)got : 0;
}

int mock_count_fds(void)
{
    int count = 0;

    for (int fd = 0; fd < 256; fd++)
        count += fcntl(fd, F_GETFD) != -1;
    return count;
}
