/* SPDX-License-Identifier: MIT */
#ifndef VTEST_SOCKET_H
#define VTEST_SOCKET_H

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>
#include <virglcmd/status.h>

/*
 * Whole messages over a Unix stream socket, each until a deadline: nanoseconds of the monotonic
 * clock, VTEST_NEVER for none. No SIGPIPE, whatever the other side does.
 *
 * Results: VCMD_STATUS_OK; VCMD_STATUS_TIMEOUT; VCMD_STATUS_DEVICE_LOST with the reason in errno,
 * 0 when the other side has closed the connection.
 */
#define VTEST_NEVER UINT64_MAX

/* What fits into the address of a Unix socket, with the NUL. */
#define VTEST_PATH_BYTES 108

uint64_t vtest_now_ns(void);

/* ns from now; VTEST_NEVER when that is beyond what the clock can count. */
uint64_t vtest_deadline(uint64_t ns);

/*
 * Connects; *fd is the caller's. path has less than VTEST_PATH_BYTES bytes. TIMEOUT: the server is
 * there, but takes no more clients.
 */
enum vcmd_status vtest_connect(const char *path, int *fd, uint64_t deadline);

/* Sends all parts; their iov_base and iov_len are used up. */
enum vcmd_status vtest_send(int fd, struct iovec *parts, size_t num_parts, uint64_t deadline);

/*
 * Receives until *got, which the caller begins with 0, is size. After VCMD_STATUS_TIMEOUT the same
 * call goes on where it stopped.
 */
enum vcmd_status vtest_receive_part(int fd, void *bytes, size_t size, size_t *got,
                                    uint64_t deadline);

enum vcmd_status vtest_receive(int fd, void *bytes, size_t size, uint64_t deadline);

/*
 * A file descriptor travels with one byte of its own. *received is the caller's, closed on exec.
 * A byte that comes without one, or a connection that ends: VCMD_STATUS_DEVICE_LOST.
 */
enum vcmd_status vtest_receive_fd(int fd, int *received, uint64_t deadline);
enum vcmd_status vtest_send_fd(int fd, int sent, uint64_t deadline);

#endif
