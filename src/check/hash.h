/* SPDX-License-Identifier: MIT */
#ifndef VCMD_CHECK_HASH_H
#define VCMD_CHECK_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A hash table in memory of the caller, which never grows and never moves an entry: entries name
 * each other by their number. Every call is bounded, whatever the keys are: a chain that has become
 * too long takes no further entry.
 */
#define VCMD_HASH_NONE  UINT32_MAX
#define VCMD_HASH_CHAIN 32u

/* What every entry begins with. */
struct vcmd_hash_node {
    uint64_t key;
    uint32_t next;
    uint32_t bucket;
};

struct vcmd_hash {
    uint32_t *heads; /* mask + 1 of them */
    uint8_t *entries;
    size_t stride; /* bytes of an entry */
    uint64_t seed;
    uint32_t mask;
    uint32_t capacity;
    uint32_t fresh; /* entries from here on have never been used */
    uint32_t free;  /* the first entry that is free again */
    uint32_t count;
};

/* Bytes of memory for a table, a multiple of 16. */
size_t vcmd_hash_size(uint32_t capacity, size_t stride);

/* memory: aligned for a uint64_t; stride: a multiple of 8. */
void vcmd_hash_init(struct vcmd_hash *table, void *memory, uint32_t capacity, size_t stride,
                    uint64_t seed);
void vcmd_hash_clear(struct vcmd_hash *table);

/* The number of an entry, or VCMD_HASH_NONE. */
uint32_t vcmd_hash_find(const struct vcmd_hash *table, uint64_t key);

/* A new entry, zeroed behind its node, for a key that is not there. VCMD_HASH_NONE: no room. */
uint32_t vcmd_hash_insert(struct vcmd_hash *table, uint64_t key);
void vcmd_hash_remove(struct vcmd_hash *table, uint32_t entry);

static inline void *vcmd_hash_at(const struct vcmd_hash *table, uint32_t entry)
{
    return table->entries + table->stride * entry;
}

#endif
