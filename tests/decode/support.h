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

/* What a packet is after it has been decoded and encoded again. */
struct encoded_again {
    enum vcmd_status decoded, encoded;
    struct vcmd_packet packet; /* what it points to stays until the next call */
    struct vcmd_error error;   /* of the encoder */
    size_t differences;        /* from what an encoder writes */
    bool same;                 /* the dwords are those that there were, and no others */
};

/* The dwords are one packet. One that is not decoded is not encoded: the rest is zero then. */
void encode_again(const uint32_t *dwords, size_t count, struct encoded_again *again);

/* A vcmd_difference_fn for a size_t. */
bool count_difference(void *user, const struct vcmd_difference *difference);

/* Printed and assembled, in both forms, a stream is what it was. */
void check_text(const uint32_t *dwords, size_t count);

/* Nothing that reads a stream reads outside of it; each comes to an end and agrees with the others
   on whether a packet is good. */
void check_total(const uint32_t *dwords, size_t count);

#endif
