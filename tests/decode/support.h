/* SPDX-License-Identifier: MIT */
#ifndef TEST_DECODE_SUPPORT_H
#define TEST_DECODE_SUPPORT_H

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <virglcmd/virglcmd.h>

/* Text that grows. */
struct text {
    char *at;
    size_t length, capacity;
};

/* A vcmd_text_fn for a struct text. */
void text_add(void *user, const char *text, size_t length);

/* A copy of the dwords that ends where its memory ends; free it. */
uint32_t *exact_copy(const uint32_t *dwords, size_t count);

/* Printed and assembled, in both forms, a stream is what it was. */
void check_text(const uint32_t *dwords, size_t count);

/* Nothing that reads a stream reads outside of it; each comes to an end and agrees with the others
   on whether a packet is good. */
void check_total(const uint32_t *dwords, size_t count);

#endif
