/* SPDX-License-Identifier: MIT */
#ifndef TEST_GOLDEN_H
#define TEST_GOLDEN_H

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>
#include <string.h>
#include <virglcmd/virglcmd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/*
 * Golden tests: what make_golden.py computed from the facts, against what the library does. The
 * wire is looked at byte by byte, so that they hold on any machine.
 */

#define GOLDEN_MEMORY   2048
#define GOLDEN_HEADROOM 5

struct golden {
    uint32_t memory[GOLDEN_MEMORY];
    struct vcmd_buffer buf;
};

/* An empty buffer with room for so many dwords, and a pattern all over the memory. */
void golden_begin(struct golden *g, size_t room);

/* The packet is there and as expected; the memory around it has not changed. */
void golden_compare(const struct golden *g, const uint32_t *expected, size_t count);

/* As golden_compare, for so many bytes, which are a multiple of 4. */
void golden_compare_bytes(const struct golden *g, const uint8_t *expected, size_t size);

/* The encoder found no room, and changed nothing. */
void golden_refused(const struct golden *g);

/* A packet fits where there is exactly its room, and nowhere smaller. */
#define GOLDEN_WITH(encode, args, expected, dwords, compare)                                       \
    do {                                                                                           \
        struct golden g;                                                                           \
                                                                                                   \
        golden_begin(&g, (dwords)-1);                                                              \
        assert_int_equal(encode(&g.buf, &(args)), VCMD_STATUS_BUFFER_FULL);                        \
        golden_refused(&g);                                                                        \
        golden_begin(&g, (dwords));                                                                \
        assert_int_equal(encode(&g.buf, &(args)), VCMD_STATUS_OK);                                 \
        compare(&g, expected, COUNT(expected));                                                    \
    } while (0)

/* tests/decode compiles these tests a second time, to read what they write. */
#ifdef GOLDEN_DECODED
#include "../decode/decoded.h"
#else
#define GOLDEN(encode, args, expected)                                                             \
    GOLDEN_WITH(encode, args, expected, COUNT(expected), golden_compare)

#define GOLDEN_BYTES(encode, args, expected)                                                       \
    GOLDEN_WITH(encode, args, expected, COUNT(expected) / 4, golden_compare_bytes)
#endif

/*
 * A request or response comes back from its bytes, and from one byte less than least it does not.
 * Every answer is in loose.
 */
#define GOLDEN_DECODE(decode, loose, bytes, least)                                                 \
    do {                                                                                           \
        struct vcmd_error error;                                                                   \
                                                                                                   \
        assert_int_equal(decode(bytes, (least)-1, &(loose), &error), VCMD_STATUS_TRUNCATED);       \
        assert_int_equal(decode(bytes, sizeof(bytes), &(loose), &error), VCMD_STATUS_OK);          \
    } while (0)

/* A member of two structures is the same. */
#define SAME(a, b, member) assert_int_equal((a)->member, (b)->member)

/* A field, or an array of them, of a structure that is laid out in bytes. */
struct golden_leaf {
    const char *name;
    size_t place;       /* in the C struct */
    size_t size;        /* of the C member, or of one element */
    size_t wire;        /* bytes from the start on the wire */
    size_t wire_size;   /* of one element */
    unsigned int shift; /* in the unit on the wire */
    unsigned int bits;  /* 8 * wire_size where the field has the unit for itself */
    size_t count;       /* elements that follow each other */
    size_t outer;       /* structures around it that follow each other */
    size_t outer_place; /* distance of these in C */
    size_t outer_wire;  /* and on the wire */
    size_t field_end;   /* where the whole field of the capability set ends on the wire */
};

#define GOLDEN_LEAF(type, member, wire, wire_size, shift, bits, count, outer, outer_place,         \
                    outer_wire, field_end)                                                         \
    {                                                                                              \
#member, offsetof(type, member), sizeof(((type *)0)->member), wire, wire_size, shift,      \
            bits, count, outer, outer_place, outer_wire, field_end                                 \
    }

/* A structure on the wire, as the facts have it. */
struct golden_struct {
    const char *name;
    const struct golden_leaf *leaves;
    size_t count;
    size_t size;   /* on the wire */
    size_t c_size; /* of the C struct */
};

/* Sets every leaf that ends within limit, and the bytes for it; all else is zero. */
void golden_fill(const struct golden_struct *s, unsigned int pattern, size_t limit, void *args,
                 uint8_t *bytes);

/* Sets all bits that belong to no leaf: a reader must not look at them. */
void golden_dirt(const struct golden_struct *s, uint8_t *bytes);

/* Every leaf is the same in both structures. */
void golden_same(const struct golden_struct *s, const void *a, const void *b);

/* The bytes are the same; names the leaf where they are not. */
void golden_same_bytes(const struct golden_struct *s, const uint8_t *bytes,
                       const uint8_t *expected);

/* The largest structure there is, both on the wire and in C. */
#define GOLDEN_STRUCT_MAX 16384

/* Numbers of patterns that golden_fill knows: 0 to this - 1. */
#define GOLDEN_PATTERNS 8

/* Packing and unpacking of one structure, with each pattern, at its exact size and one below. */
#define GOLDEN_UNPACK(type, s, unpack, least)                                                      \
    do {                                                                                           \
        static type args, back;                                                                    \
        static uint8_t bytes[GOLDEN_STRUCT_MAX];                                                   \
        unsigned int pattern;                                                                      \
                                                                                                   \
        for (pattern = 0; pattern < GOLDEN_PATTERNS; pattern++) {                                  \
            golden_fill(&(s), pattern, (s).size, &args, bytes);                                    \
            golden_dirt(&(s), bytes);                                                              \
            memset(&back, 0xa5, sizeof(back));                                                     \
            assert_int_equal(unpack(&back, bytes, (least)-1), VCMD_STATUS_TRUNCATED);              \
            assert_int_equal(unpack(&back, bytes, (s).size), VCMD_STATUS_OK);                      \
            golden_same(&(s), &back, &args);                                                       \
        }                                                                                          \
    } while (0)

#define GOLDEN_PACK(type, s, pack)                                                                 \
    do {                                                                                           \
        static type args;                                                                          \
        static uint8_t bytes[GOLDEN_STRUCT_MAX], packed[GOLDEN_STRUCT_MAX];                        \
        unsigned int pattern;                                                                      \
                                                                                                   \
        for (pattern = 0; pattern < GOLDEN_PATTERNS; pattern++) {                                  \
            golden_fill(&(s), pattern, (s).size, &args, bytes);                                    \
            memset(packed, 0xa5, sizeof(packed));                                                  \
            assert_int_equal(pack(packed, (s).size - 1, &args), VCMD_STATUS_BUFFER_FULL);          \
            assert_int_equal(packed[0], 0xa5);                                                     \
            assert_int_equal(pack(packed, (s).size, &args), VCMD_STATUS_OK);                       \
            golden_same_bytes(&(s), packed, bytes);                                                \
            assert_int_equal(packed[(s).size], 0xa5);                                              \
        }                                                                                          \
    } while (0)

#endif
