/* SPDX-License-Identifier: MIT */
/* Changes of single fields, with values that are likely to matter for a field of that kind. */
#include <string.h>

#include "mutate.h"

/* One value of a field, picked while all are visited. */
struct pick {
    struct parity_random *random;
    struct vcmd_field field;
    size_t index;  /* of the value in the field */
    uint32_t seen; /* fields so far */
};

/* Keeps each with equal chance: number n replaces what was kept in one of n cases. */
static bool pick_field(void *user, const struct vcmd_field *field)
{
    struct pick *pick = user;

    if (field->count == 0)
        return true;
    pick->seen++;
    if (parity_below(pick->random, pick->seen) == 0) {
        pick->field = *field;
        pick->index = parity_below(pick->random, (uint32_t)field->count);
    }
    return true;
}

static uint64_t a_float(const struct vcmd_field *field, struct parity_random *random)
{
    static const uint32_t singles[] = {0,          0x80000000, 0x3f800000, 0xbf800000, 0x7f800000,
                                       0xff800000, 0x7fc00000, 0x7f7fffff, 0x00000001, 0x4f000000};
    uint64_t bits = singles[parity_below(random, sizeof(singles) / sizeof(singles[0]))];

    return field->width == 8 ? bits << 32 : bits;
}

static uint64_t a_handle(const struct vcmd_field *field, const struct parity_pool *pool,
                         struct parity_random *random)
{
    uint32_t kind = field->handle;
    uint32_t known;

    if (parity_chance(random, 20))
        kind = parity_below(random, PARITY_HANDLE_KINDS);
    if (kind >= PARITY_HANDLE_KINDS || parity_chance(random, 15))
        return parity_chance(random, 50) ? 0 : parity_below(random, 4096);
    if (pool->handle_count[kind] == 0)
        kind = VCMD_HANDLE_OBJECT;
    known = pool->handle_count[kind];
    if (known == 0)
        return parity_below(random, 64);
    return pool
        ->handles[kind][parity_below(random, known < PARITY_HANDLES ? known : PARITY_HANDLES)];
}

static uint64_t an_enum(const struct vcmd_field *field, struct parity_random *random)
{
    uint32_t value = 0;
    const char *name;
    size_t count = 0;

    while (vcmd_enum_value(field->enum_id, count, &value, &name))
        count++;
    if (parity_chance(random, 20))
        return value + 1 + parity_below(random, 4);
    if (count > 0)
        vcmd_enum_value(field->enum_id, parity_below(random, (uint32_t)count), &value, &name);
    return value;
}

/* Edges of what hosts allow, as far as they are numbers of any use: sizes, slots, levels. */
static uint64_t a_number(uint64_t old, struct parity_random *random)
{
    static const uint32_t edges[] = {
        0,     1,     2,     3,          4,          5,          6,         7,    8,
        14,    15,    16,    17,         31,         32,         33,        63,   64,
        65,    79,    80,    128,        255,        256,        512,       1023, 4096,
        16384, 65535, 65536, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff};

    switch (parity_below(random, 6)) {
    case 0:
        return old + 1;
    case 1:
        return old - 1;
    case 2:
        return old ^ UINT64_C(1) << parity_below(random, 32);
    case 3:
        return parity_next(random);
    default:
        return edges[parity_below(random, sizeof(edges) / sizeof(edges[0]))];
    }
}

static uint64_t a_value(const struct vcmd_field *field, uint64_t old,
                        const struct parity_pool *pool, struct parity_random *random)
{
    if (field->handle != VCMD_HANDLE_NONE)
        return a_handle(field, pool, random);
    if (field->type == VCMD_FIELD_FLOAT)
        return a_float(field, random);
    if (field->enum_id != VCMD_ENUM_NONE && parity_chance(random, 85))
        return an_enum(field, random);
    return a_number(old, random);
}

/* Bits of a little-endian unit. The dwords of the stream are in memory as they are on the wire. */
static void store(unsigned char *unit, const struct vcmd_field *field, uint64_t value)
{
    uint64_t mask = field->bits >= 64 ? UINT64_MAX : (UINT64_C(1) << field->bits) - 1;
    uint64_t whole = 0;

    for (unsigned i = 0; i < field->width; i++)
        whole |= (uint64_t)unit[i] << 8 * i;
    whole = (whole & ~(mask << field->shift)) | (value & mask) << field->shift;
    for (unsigned i = 0; i < field->width; i++)
        unit[i] = (unsigned char)(whole >> 8 * i);
}

bool parity_change_field(uint32_t *packet, size_t length, const struct parity_pool *pool,
                         struct parity_random *random)
{
    struct pick pick = {.random = random};
    struct vcmd_field *field = &pick.field;
    unsigned char *bytes = (unsigned char *)packet;
    size_t place;

    vcmd_visit_packet(packet, length, pick_field, &pick, NULL);
    if (pick.seen == 0)
        return false;
    if (field->type == VCMD_FIELD_STRING || field->type == VCMD_FIELD_BYTES) {
        place = field->place + pick.index;
        if (place < length * 4)
            bytes[place] = (unsigned char)parity_below(random, 256);
        return true;
    }
    place = field->place + pick.index * field->width;
    if (place + field->width <= length * 4)
        store(bytes + place, field,
              a_value(field, vcmd_field_value(field, pick.index), pool, random));
    return true;
}
