/* SPDX-License-Identifier: MIT */
#ifndef TESTS_VTEST_MOCK_H
#define TESTS_VTEST_MOCK_H

#include <stddef.h>
#include <stdint.h>

/*
 * A mock of a vtest server, not a server: it has said all that it will ever say before the first
 * request comes, and does not read. Stands in for vtest_connect() by the linker's --wrap.
 *
 * Everything between mock_begin() and the open of the device goes into one connection.
 */
void mock_begin(void);
void mock_bytes(const void *bytes, size_t size);
void mock_dwords(const uint32_t *dwords, size_t num);

/* A descriptor of `size` bytes of shared memory, in a message of its own. */
void mock_memory(size_t size);
/* One of something that has no size. */
void mock_null(void);
/* Two at once. */
void mock_two(size_t size);

/* It will say no more: the end, after what it has said. Otherwise it keeps silent for ever. */
void mock_hang_up(void);

/* As if requests were sent to it until the system keeps no more of them. */
void mock_fill(void);

/* Ends what is left of it; the number of descriptors that this process has open. */
void mock_end(void);
int mock_count_fds(void);

/* Requests that were sent to it: the bytes, for who wants to look. */
size_t mock_sent(void *bytes, size_t capacity);

#endif
