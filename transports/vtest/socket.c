/* SPDX-License-Identifier: MIT */
/* sockets and file descriptors over them: not in plain C11 */
#define _GNU_SOURCE

#include "socket.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define SECOND_NS 1000000000ull
#define MS_NS     1000000ull
#define NAP_NS    5000000ull /* between two attempts to connect */

uint64_t vtest_now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * SECOND_NS + (uint64_t)now.tv_nsec;
}

uint64_t vtest_deadline(uint64_t ns)
{
    uint64_t now = vtest_now_ns();

    /* Longer than 2^63 ns is for ever; the sum cannot wrap around then. */
    return ns > INT64_MAX - now ? VTEST_NEVER : now + ns;
}

static void nap(uint64_t deadline)
{
    uint64_t now = vtest_now_ns();
    uint64_t left = now < deadline ? deadline - now : 0;
    struct timespec time = {0, (long)(left < NAP_NS ? left : NAP_NS)};

    nanosleep(&time, NULL);
}

/* Clients that the server has not accepted are queued; EAGAIN: the queue is full. */
static enum vcmd_status connect_until(int fd, const struct sockaddr_un *address, uint64_t deadline)
{
    while (connect(fd, (const struct sockaddr *)address, sizeof(*address)) != 0) {
        if (errno == EINTR)
            continue;
        if (errno != EAGAIN)
            return VCMD_STATUS_DEVICE_LOST;
        if (vtest_now_ns() >= deadline)
            return VCMD_STATUS_TIMEOUT;
        nap(deadline);
    }
    return VCMD_STATUS_OK;
}

enum vcmd_status vtest_connect(const char *path, int *fd, uint64_t deadline)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(path);
    enum vcmd_status status;
    int error;

    if (length >= sizeof(address.sun_path)) {
        errno = ENAMETOOLONG;
        return VCMD_STATUS_DEVICE_LOST;
    }
    memcpy(address.sun_path, path, length + 1);
    /* Who sends and receives has deadlines, and never blocks either. */
    *fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (*fd < 0)
        return VCMD_STATUS_DEVICE_LOST;
    status = connect_until(*fd, &address, deadline);
    if (status == VCMD_STATUS_OK)
        return status;
    error = errno;
    close(*fd);
    *fd = -1;
    errno = error;
    return status;
}

/* Waits until the socket can be read or written. */
static enum vcmd_status wait_for(int fd, short events, uint64_t deadline)
{
    for (;;) {
        struct pollfd entry = {.fd = fd, .events = events};
        int timeout = -1, ready;

        if (deadline != VTEST_NEVER) {
            uint64_t now = vtest_now_ns();
            uint64_t ms = now < deadline ? (deadline - now + MS_NS - 1) / MS_NS : 0;

            timeout = ms < INT_MAX ? (int)ms : INT_MAX;
        }
        ready = poll(&entry, 1, timeout);
        if (ready > 0)
            return VCMD_STATUS_OK;
        if (ready < 0 && errno != EINTR)
            return VCMD_STATUS_DEVICE_LOST;
        if (ready == 0 && vtest_now_ns() >= deadline)
            return VCMD_STATUS_TIMEOUT;
    }
}

/* After a call that failed: OK means to try again. */
static enum vcmd_status after_failure(int fd, short events, uint64_t deadline)
{
    if (errno == EINTR)
        return VCMD_STATUS_OK;
    if (errno == EAGAIN || errno == EWOULDBLOCK)
        return wait_for(fd, events, deadline);
    if (errno == EPIPE || errno == ECONNRESET)
        errno = 0;
    return VCMD_STATUS_DEVICE_LOST;
}

/* Takes what has been sent off the parts. */
static void skip(struct iovec **parts, size_t *num_parts, size_t sent)
{
    while (*num_parts > 0 && sent >= (*parts)->iov_len) {
        sent -= (*parts)->iov_len;
        (*parts)++;
        (*num_parts)--;
    }
    if (*num_parts > 0) {
        (*parts)->iov_base = (char *)(*parts)->iov_base + sent;
        (*parts)->iov_len -= sent;
    }
}

enum vcmd_status vtest_send(int fd, struct iovec *parts, size_t num_parts, uint64_t deadline)
{
    skip(&parts, &num_parts, 0);
    while (num_parts > 0) {
        struct msghdr message = {.msg_iov = parts, .msg_iovlen = num_parts};
        ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);

        if (sent >= 0) {
            skip(&parts, &num_parts, (size_t)sent);
        } else {
            enum vcmd_status status = after_failure(fd, POLLOUT, deadline);

            if (status != VCMD_STATUS_OK)
                return status;
        }
    }
    return VCMD_STATUS_OK;
}

enum vcmd_status vtest_receive_part(int fd, void *bytes, size_t size, size_t *got,
                                    uint64_t deadline)
{
    while (*got < size) {
        ssize_t received = recv(fd, (char *)bytes + *got, size - *got, MSG_DONTWAIT);

        if (received > 0) {
            *got += (size_t)received;
        } else if (received == 0) {
            errno = 0;
            return VCMD_STATUS_DEVICE_LOST;
        } else {
            enum vcmd_status status = after_failure(fd, POLLIN, deadline);

            if (status != VCMD_STATUS_OK)
                return status;
        }
    }
    return VCMD_STATUS_OK;
}

enum vcmd_status vtest_receive(int fd, void *bytes, size_t size, uint64_t deadline)
{
    size_t got = 0;

    return vtest_receive_part(fd, bytes, size, &got, deadline);
}

/* ---- file descriptors ---- */

union fd_control {
    struct cmsghdr header; /* aligns the bytes */
    char bytes[CMSG_SPACE(sizeof(int))];
};

/* Keeps the first descriptor of a message and closes all others; -1: there is none. */
static int take_fd(struct msghdr *message)
{
    int kept = -1;

    for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part; part = CMSG_NXTHDR(message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
            continue;
        for (size_t at = 0; CMSG_LEN(at + sizeof(int)) <= part->cmsg_len; at += sizeof(int)) {
            int fd;

            memcpy(&fd, CMSG_DATA(part) + at, sizeof(fd));
            if (kept < 0)
                kept = fd;
            else
                close(fd);
        }
    }
    return kept;
}

enum vcmd_status vtest_receive_fd(int fd, int *received, uint64_t deadline)
{
    for (;;) {
        char byte;
        union fd_control control;
        struct iovec part = {&byte, 1};
        struct msghdr message = {.msg_iov = &part,
                                 .msg_iovlen = 1,
                                 .msg_control = control.bytes,
                                 .msg_controllen = sizeof(control.bytes)};
        ssize_t size = recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
        enum vcmd_status status;

        if (size >= 0) {
            *received = take_fd(&message);
            errno = size == 0 ? 0 : EPROTO;
            return *received >= 0 ? VCMD_STATUS_OK : VCMD_STATUS_DEVICE_LOST;
        }
        status = after_failure(fd, POLLIN, deadline);
        if (status != VCMD_STATUS_OK)
            return status;
    }
}

enum vcmd_status vtest_send_fd(int fd, int sent, uint64_t deadline)
{
    char byte = 0;
    union fd_control control;
    struct iovec part = {&byte, 1};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof(control.bytes)};
    struct cmsghdr *header;

    memset(&control, 0, sizeof(control));
    header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &sent, sizeof(sent));
    while (sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
        enum vcmd_status status = after_failure(fd, POLLOUT, deadline);

        if (status != VCMD_STATUS_OK)
            return status;
    }
    return VCMD_STATUS_OK;
}
