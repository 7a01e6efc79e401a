/* SPDX-License-Identifier: MIT */
#include "hash.h"

#include "../core/memory.h"

static uint32_t buckets(uint32_t capacity)
{
    uint32_t count = 1;

    while (count < capacity)
        count *= 2;
    return count;
}

static size_t round_up(size_t size)
{
    return (size + 15) / 16 * 16;
}

size_t vcmd_hash_size(uint32_t capacity, size_t stride)
{
    return round_up(buckets(capacity) * sizeof(uint32_t)) + round_up(capacity * stride);
}

void vcmd_hash_init(struct vcmd_hash *table, void *memory, uint32_t capacity, size_t stride,
                    uint64_t seed)
{
    table->mask = buckets(capacity) - 1;
    table->heads = memory;
    table->entries = (uint8_t *)memory + round_up(((size_t)table->mask + 1) * sizeof(uint32_t));
    table->stride = stride;
    table->seed = seed;
    table->capacity = capacity;
    vcmd_hash_clear(table);
}

void vcmd_hash_clear(struct vcmd_hash *table)
{
    memset(table->heads, 0xff, ((size_t)table->mask + 1) * sizeof(uint32_t));
    table->fresh = 0;
    table->free = VCMD_HASH_NONE;
    table->count = 0;
}

/* Every bit of key and seed has a say in every bit of the result (splitmix64's finaliser). */
static uint32_t bucket_of(const struct vcmd_hash *table, uint64_t key)
{
    uint64_t hash = key + table->seed;

    hash = (hash ^ hash >> 30) * 0xbf58476d1ce4e5b9u;
    hash ^= table->seed >> 32;
    hash = (hash ^ hash >> 27) * 0x94d049bb133111ebu;
    return (uint32_t)(hash ^ hash >> 31) & table->mask;
}

static struct vcmd_hash_node *node_at(const struct vcmd_hash *table, uint32_t entry)
{
    return vcmd_hash_at(table, entry);
}

uint32_t vcmd_hash_find(const struct vcmd_hash *table, uint64_t key)
{
    uint32_t entry = table->heads[bucket_of(table, key)];

    while (entry != VCMD_HASH_NONE) {
        const struct vcmd_hash_node *node = node_at(table, entry);

        if (node->key == key)
            return entry;
        entry = node->next;
    }
    return VCMD_HASH_NONE;
}

static uint32_t take_free(struct vcmd_hash *table)
{
    uint32_t entry = table->free;

    if (entry != VCMD_HASH_NONE) {
        table->free = node_at(table, entry)->next;
        return entry;
    }
    return table->fresh < table->capacity ? table->fresh++ : VCMD_HASH_NONE;
}

uint32_t vcmd_hash_insert(struct vcmd_hash *table, uint64_t key)
{
    uint32_t bucket = bucket_of(table, key);
    uint32_t length = 0;
    struct vcmd_hash_node *node;
    uint32_t entry;

    for (entry = table->heads[bucket]; entry != VCMD_HASH_NONE; entry = node_at(table, entry)->next)
        length++;
    if (length >= VCMD_HASH_CHAIN)
        return VCMD_HASH_NONE;
    entry = take_free(table);
    if (entry == VCMD_HASH_NONE)
        return VCMD_HASH_NONE;
    node = node_at(table, entry);
    memset(node, 0, table->stride);
    node->key = key;
    node->bucket = bucket;
    node->next = table->heads[bucket];
    table->heads[bucket] = entry;
    table->count++;
    return entry;
}

void vcmd_hash_remove(struct vcmd_hash *table, uint32_t entry)
{
    struct vcmd_hash_node *node = node_at(table, entry);
    uint32_t *link = &table->heads[node->bucket];

    while (*link != entry)
        link = &node_at(table, *link)->next;
    *link = node->next;
    node->next = table->free;
    table->free = entry;
    table->count--;
}
