/* SPDX-License-Identifier: MIT */
#ifndef PARITY_MAKER_H
#define PARITY_MAKER_H

#include "../../src/decode/table.h"
#include "world.h"

/* A packet in the making: generate.c writes it as the table has it, fit.c makes it plausible. */
struct parity_maker {
    const struct vcmd_layout *layout;
    const struct parity_world *world; /* NULL: none */
    struct parity_random *random;
    uint8_t *bytes; /* the packet, header first */
    size_t room;    /* bytes */
    size_t at;      /* where the next part of variable place begins */
};

static inline uint64_t parity_item_mask(const struct vcmd_item *item)
{
    return item->bits >= 64 ? UINT64_MAX : (UINT64_C(1) << item->bits) - 1;
}

/* The raw bits of value number i of an item, whose packet or element begins at base. */
uint64_t parity_get(const struct parity_maker *maker, const struct vcmd_item *item, size_t base,
                    size_t i);
void parity_set(struct parity_maker *maker, const struct vcmd_item *item, size_t base, size_t i,
                uint64_t value);

/* Whether the table's rule for an item has nothing against its bits. */
bool parity_allows(const struct vcmd_item *item, uint64_t bits);

/* A value that means something in the world, or small; true when there is one. */
bool parity_fit_value(const struct parity_maker *maker, const struct vcmd_item *item,
                      uint64_t *value);

/* When the values of a fixed part or an element are there: makes them suit each other. */
void parity_fit_part(struct parity_maker *maker, const struct vcmd_part *part, size_t base);

/* Text or data for a part: bytes of it, at most room; NULL: anything will do. */
const uint8_t *parity_fit_bytes(struct parity_maker *maker, const struct vcmd_part *part,
                                size_t *bytes);

#endif
