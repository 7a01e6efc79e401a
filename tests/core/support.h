/* SPDX-License-Identifier: MIT */
#ifndef TEST_SUPPORT_H
#define TEST_SUPPORT_H

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <virglcmd/virglcmd.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* A number that is the same on every machine and in every run. */
uint32_t next_random(uint64_t *state);

/* Fills memory with bytes that differ from each other and from zero. */
void fill_bytes(void *memory, size_t size, uint32_t seed);

/* Memory for a test, never NULL; free() it. */
void *test_memory(size_t size);

/* Dword i of the stream, as a little-endian reader sees it. */
uint32_t stream_dword(const struct vcmd_buffer *buf, size_t i);

/* A good buffer whose memory can be compared with how it was. */
#define GUARD_DWORDS   600
#define GUARD_CAPACITY 512
#define GUARD_HEADROOM 3

struct guarded {
    struct vcmd_buffer buf;
    uint32_t memory[GUARD_DWORDS]; /* more than the capacity: what is behind must stay too */
    uint32_t before[GUARD_DWORDS];
    struct vcmd_buffer buf_before;
};

/* Fills the memory with a pattern and puts one packet into the buffer, so that it is not empty. */
void guarded_init(struct guarded *g);

/* As guarded_init, with a capacity that leaves room for so many dwords. */
void guarded_init_space(struct guarded *g, size_t space);

/* Remembers how it is now. */
void guarded_remember(struct guarded *g);

/* The memory and the length are as remembered, byte for byte. */
void guarded_check_unchanged(const struct guarded *g);

/* The error is there, and nothing can change it or the memory until a reset. */
void guarded_check_sticky(struct guarded *g, enum vcmd_status status);

#endif
