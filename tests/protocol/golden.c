/* SPDX-License-Identifier: MIT */
#include "golden.h"

#define FILL 0x5a

void golden_begin(struct golden *g, size_t room)
{
    assert_true(room + GOLDEN_HEADROOM < GOLDEN_MEMORY);
    memset(g->memory, FILL, sizeof(g->memory));
    vcmd_buffer_init(&g->buf, g->memory, GOLDEN_HEADROOM + room, GOLDEN_HEADROOM);
}

static void check_untouched(const struct golden *g, size_t from, size_t to)
{
    const uint8_t *bytes = (const uint8_t *)g->memory;
    size_t i;

    for (i = 4 * from; i < 4 * to; i++) {
        if (bytes[i] != FILL)
            fail_msg("byte %zu of the memory was written, which is outside of the packet", i);
    }
}

static uint32_t load_dword(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

void golden_compare(const struct golden *g, const uint32_t *expected, size_t count)
{
    const uint8_t *stream = (const uint8_t *)(g->memory + GOLDEN_HEADROOM);
    size_t i;

    for (i = 0; i < count; i++) {
        uint32_t found = load_dword(stream + 4 * i);

        if (found != expected[i])
            fail_msg("dword %zu is 0x%08x instead of 0x%08x", i, (unsigned int)found,
                     (unsigned int)expected[i]);
    }
    assert_int_equal(g->buf.length, count);
    check_untouched(g, 0, GOLDEN_HEADROOM);
    check_untouched(g, GOLDEN_HEADROOM + count, GOLDEN_MEMORY);
}

void golden_compare_bytes(const struct golden *g, const uint8_t *expected, size_t size)
{
    const uint8_t *stream = (const uint8_t *)(g->memory + GOLDEN_HEADROOM);
    size_t i;

    for (i = 0; i < size; i++) {
        if (stream[i] != expected[i])
            fail_msg("byte %zu is 0x%02x instead of 0x%02x", i, stream[i], expected[i]);
    }
    assert_int_equal(4 * g->buf.length, size);
    check_untouched(g, 0, GOLDEN_HEADROOM);
    check_untouched(g, GOLDEN_HEADROOM + size / 4, GOLDEN_MEMORY);
}

void golden_refused(const struct golden *g)
{
    assert_int_equal(g->buf.error.status, VCMD_STATUS_BUFFER_FULL);
    assert_int_equal(g->buf.length, 0);
    check_untouched(g, 0, GOLDEN_MEMORY);
}

/*
 * Pattern 0 tells the place of a byte, pattern 1 is its complement. Pattern 2 + k is bit k of each
 * bit's own number, so that any two bits of a unit differ in one of them.
 */
static uint8_t pattern_byte(size_t place, unsigned int pattern)
{
    static const uint8_t within_byte[] = {0xaa, 0xcc, 0xf0};
    uint8_t byte = (uint8_t)(place * 167 + (place >> 8) * 29 + 13);

    if (pattern < 2)
        return pattern != 0 ? (uint8_t)~byte : byte;
    if (pattern < 5)
        return within_byte[pattern - 2];
    return (place >> (pattern - 5) & 1) != 0 ? 0xff : 0;
}

static uint64_t load_unit(const uint8_t *p, size_t size)
{
    uint64_t value = 0;
    size_t i;

    for (i = 0; i < size; i++)
        value |= (uint64_t)p[i] << 8 * i;
    return value;
}

static void store_unit(uint8_t *p, size_t size, uint64_t value)
{
    size_t i;

    for (i = 0; i < size; i++)
        p[i] = (uint8_t)(value >> 8 * i);
}

/* Members are integers of the machine, or floats with those bits. */
static uint64_t load_member(const void *p, size_t size)
{
    uint8_t u8;
    uint16_t u16;
    uint32_t u32;
    uint64_t u64;

    switch (size) {
    case 1:
        memcpy(&u8, p, 1);
        return u8;
    case 2:
        memcpy(&u16, p, 2);
        return u16;
    case 4:
        memcpy(&u32, p, 4);
        return u32;
    default:
        assert_int_equal(size, 8);
        memcpy(&u64, p, 8);
        return u64;
    }
}

static void store_member(void *p, size_t size, uint64_t value)
{
    uint8_t u8 = (uint8_t)value;
    uint16_t u16 = (uint16_t)value;
    uint32_t u32 = (uint32_t)value;

    switch (size) {
    case 1:
        memcpy(p, &u8, 1);
        break;
    case 2:
        memcpy(p, &u16, 2);
        break;
    case 4:
        memcpy(p, &u32, 4);
        break;
    default:
        assert_int_equal(size, 8);
        memcpy(p, &value, 8);
        break;
    }
}

static uint64_t mask_of(const struct golden_leaf *leaf)
{
    return leaf->bits == 64 ? UINT64_MAX : ((uint64_t)1 << leaf->bits) - 1;
}

/* Element k of a leaf, in structure j of those around it. */
static size_t wire_place(const struct golden_leaf *leaf, size_t j, size_t k)
{
    return leaf->wire + j * leaf->outer_wire + k * leaf->wire_size;
}

static size_t c_place(const struct golden_leaf *leaf, size_t j, size_t k)
{
    return leaf->place + j * leaf->outer_place + k * leaf->size;
}

static uint64_t leaf_value(const struct golden_leaf *leaf, unsigned int pattern, size_t wire)
{
    uint8_t unit[8];
    size_t i;

    for (i = 0; i < leaf->wire_size; i++)
        unit[i] = pattern_byte(wire + i, pattern);
    return load_unit(unit, leaf->wire_size) >> leaf->shift & mask_of(leaf);
}

static void fill_leaf(const struct golden_leaf *leaf, unsigned int pattern, uint8_t *args,
                      uint8_t *bytes)
{
    size_t j, k;

    for (j = 0; j < leaf->outer; j++) {
        for (k = 0; k < leaf->count; k++) {
            size_t wire = wire_place(leaf, j, k);
            uint64_t value = leaf_value(leaf, pattern, wire);

            store_member(args + c_place(leaf, j, k), leaf->size, value);
            store_unit(bytes + wire, leaf->wire_size,
                       load_unit(bytes + wire, leaf->wire_size) | value << leaf->shift);
        }
    }
}

void golden_fill(const struct golden_struct *s, unsigned int pattern, size_t limit, void *args,
                 uint8_t *bytes)
{
    size_t i;

    assert_true(s->size < GOLDEN_STRUCT_MAX && s->c_size < GOLDEN_STRUCT_MAX);
    memset(args, 0, s->c_size);
    memset(bytes, 0, s->size);
    for (i = 0; i < s->count; i++) {
        if (s->leaves[i].field_end <= limit)
            fill_leaf(&s->leaves[i], pattern, (uint8_t *)args, bytes);
    }
}

void golden_dirt(const struct golden_struct *s, uint8_t *bytes)
{
    static uint8_t taken[GOLDEN_STRUCT_MAX];
    size_t i, j, k;

    memset(taken, 0, s->size);
    for (i = 0; i < s->count; i++) {
        const struct golden_leaf *leaf = &s->leaves[i];

        for (j = 0; j < leaf->outer; j++) {
            for (k = 0; k < leaf->count; k++) {
                uint8_t *p = taken + wire_place(leaf, j, k);

                store_unit(p, leaf->wire_size,
                           load_unit(p, leaf->wire_size) | mask_of(leaf) << leaf->shift);
            }
        }
    }
    for (i = 0; i < s->size; i++)
        bytes[i] = (uint8_t)(bytes[i] | ~taken[i]);
}

void golden_same(const struct golden_struct *s, const void *a, const void *b)
{
    size_t i, j, k;

    for (i = 0; i < s->count; i++) {
        const struct golden_leaf *leaf = &s->leaves[i];

        for (j = 0; j < leaf->outer; j++) {
            for (k = 0; k < leaf->count; k++) {
                size_t place = c_place(leaf, j, k);
                uint64_t found = load_member((const uint8_t *)a + place, leaf->size);
                uint64_t wanted = load_member((const uint8_t *)b + place, leaf->size);

                if (found != wanted)
                    fail_msg("%s: %s (%zu, %zu) is 0x%llx instead of 0x%llx", s->name, leaf->name,
                             j, k, (unsigned long long)found, (unsigned long long)wanted);
            }
        }
    }
}

/* The leaf that has a byte, for messages. */
static const char *leaf_at(const struct golden_struct *s, size_t place)
{
    size_t i, j;

    for (i = 0; i < s->count; i++) {
        const struct golden_leaf *leaf = &s->leaves[i];

        for (j = 0; j < leaf->outer; j++) {
            size_t start = wire_place(leaf, j, 0);

            if (place >= start && place < start + leaf->count * leaf->wire_size)
                return leaf->name;
        }
    }
    return "padding";
}

void golden_same_bytes(const struct golden_struct *s, const uint8_t *bytes, const uint8_t *expected)
{
    size_t i;

    for (i = 0; i < s->size; i++) {
        if (bytes[i] != expected[i])
            fail_msg("%s: byte %zu (%s) is 0x%02x instead of 0x%02x", s->name, i, leaf_at(s, i),
                     bytes[i], expected[i]);
    }
}
