/* SPDX-License-Identifier: MIT */
#ifndef VCMD_DEVICE_ID_TABLE_H
#define VCMD_DEVICE_ID_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Ids in use, each with its backing memory. New ids count upwards, so that an id comes back as late
 * as possible: hosts have been seen to confuse an old object with a new one of the same id.
 * A zeroed table is an empty one. Not locked.
 */
struct vcmd_id_entry {
    uint32_t id;
    void *memory;
    size_t size;
    struct vcmd_id_entry *next;
};

struct vcmd_id_table {
    struct vcmd_id_entry **buckets;
    size_t num_buckets; /* a power of two, or 0 */
    size_t count;
    uint32_t last_id;
};

/* NULL: no memory, or no id left. The entry is owned by the table and stays where it is. */
struct vcmd_id_entry *vcmd_id_table_add(struct vcmd_id_table *table);

/* NULL when the id is unknown. */
struct vcmd_id_entry *vcmd_id_table_find(const struct vcmd_id_table *table, uint32_t id);

/* Takes an entry out; the caller frees it. NULL when the id is unknown. */
struct vcmd_id_entry *vcmd_id_table_remove(struct vcmd_id_table *table, uint32_t id);

/* Frees the table and all entries, not the memory that they name. */
void vcmd_id_table_clear(struct vcmd_id_table *table);

#endif
