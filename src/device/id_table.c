/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "id_table.h"

#define FIRST_BUCKETS 64

static struct vcmd_id_entry **find_link(const struct vcmd_id_table *table, uint32_t id)
{
    struct vcmd_id_entry **link = &table->buckets[id & (table->num_buckets - 1)];

    while (*link && (*link)->id != id)
        link = &(*link)->next;
    return link;
}

static bool grow(struct vcmd_id_table *table)
{
    size_t num = table->num_buckets ? table->num_buckets * 2 : FIRST_BUCKETS;
    struct vcmd_id_entry **buckets = calloc(num, sizeof(*buckets));

    if (!buckets)
        return false;
    for (size_t i = 0; i < table->num_buckets; i++) {
        while (table->buckets[i]) {
            struct vcmd_id_entry *entry = table->buckets[i];
            size_t to = entry->id & (num - 1);

            table->buckets[i] = entry->next;
            entry->next = buckets[to];
            buckets[to] = entry;
        }
    }
    free(table->buckets);
    table->buckets = buckets;
    table->num_buckets = num;
    return true;
}

/* Ids are at most 31 bits: some interfaces on the way to a host take them as int. */
static uint32_t next_id(const struct vcmd_id_table *table)
{
    uint32_t id = table->last_id;

    do
        id = id < INT32_MAX ? id + 1 : 1;
    while (*find_link(table, id));
    return id;
}

struct vcmd_id_entry *vcmd_id_table_add(struct vcmd_id_table *table)
{
    struct vcmd_id_entry *entry;

    if (table->count >= INT32_MAX)
        return NULL;
    /* A table that cannot grow works on, more slowly; one without buckets does not. */
    if (table->count >= table->num_buckets && !grow(table) && table->num_buckets == 0)
        return NULL;
    entry = calloc(1, sizeof(*entry));
    if (!entry)
        return NULL;
    entry->id = next_id(table);
    table->last_id = entry->id;
    table->count++;
    *find_link(table, entry->id) = entry;
    return entry;
}

struct vcmd_id_entry *vcmd_id_table_find(const struct vcmd_id_table *table, uint32_t id)
{
    return table->num_buckets ? *find_link(table, id) : NULL;
}

struct vcmd_id_entry *vcmd_id_table_remove(struct vcmd_id_table *table, uint32_t id)
{
    struct vcmd_id_entry **link, *entry;

    if (table->num_buckets == 0)
        return NULL;
    link = find_link(table, id);
    entry = *link;
    if (!entry)
        return NULL;
    *link = entry->next;
    table->count--;
    return entry;
}

void vcmd_id_table_clear(struct vcmd_id_table *table)
{
    for (size_t i = 0; i < table->num_buckets; i++) {
        while (table->buckets[i]) {
            struct vcmd_id_entry *entry = table->buckets[i];

            table->buckets[i] = entry->next;
            free(entry);
        }
    }
    free(table->buckets);
    *table = (struct vcmd_id_table){0};
}
