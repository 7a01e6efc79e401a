/* SPDX-License-Identifier: MIT */
#include "id_map.h"

#include <stdlib.h>

struct capture_id_entry {
    uint64_t id;
    void *value; /* NULL: free, or removed when taken is set */
    bool taken;  /* searches go on behind it */
};

/* Ids are small and follow each other; multiplying spreads those that do not, too. */
static size_t slot_of(const struct capture_id_map *map, uint64_t id)
{
    return (size_t)((id * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & (map->capacity - 1);
}

static struct capture_id_entry *find_entry(const struct capture_id_map *map, uint64_t id)
{
    size_t slot;

    if (map->capacity == 0)
        return NULL;
    for (slot = slot_of(map, id); map->entries[slot].taken;
         slot = (slot + 1) & (map->capacity - 1)) {
        if (map->entries[slot].id == id && map->entries[slot].value)
            return &map->entries[slot];
    }
    return NULL;
}

/* There is room. */
static void insert(struct capture_id_map *map, uint64_t id, void *value)
{
    size_t slot = slot_of(map, id);

    while (map->entries[slot].taken)
        slot = (slot + 1) & (map->capacity - 1);
    map->entries[slot] = (struct capture_id_entry){id, value, true};
    map->used++;
    if (slot < map->first)
        map->first = slot;
}

/* Also gets rid of what was removed. */
static bool grow(struct capture_id_map *map)
{
    struct capture_id_map grown = {0};
    size_t live = 0;

    for (size_t i = 0; i < map->capacity; i++)
        live += map->entries[i].value ? 1 : 0;
    grown.capacity = 16;
    while (grown.capacity < live * 4)
        grown.capacity *= 2;
    grown.entries = calloc(grown.capacity, sizeof(*grown.entries));
    if (!grown.entries)
        return false;
    for (size_t i = 0; i < map->capacity; i++) {
        if (map->entries[i].value)
            insert(&grown, map->entries[i].id, map->entries[i].value);
    }
    free(map->entries);
    *map = grown;
    return true;
}

void *capture_id_find(const struct capture_id_map *map, uint64_t id)
{
    const struct capture_id_entry *entry = find_entry(map, id);

    return entry ? entry->value : NULL;
}

bool capture_id_set(struct capture_id_map *map, uint64_t id, void *value)
{
    struct capture_id_entry *entry = find_entry(map, id);

    if (entry) {
        entry->value = value;
        return true;
    }
    if ((map->used + 1) * 2 > map->capacity && !grow(map))
        return false;
    insert(map, id, value);
    return true;
}

void *capture_id_remove(struct capture_id_map *map, uint64_t id)
{
    struct capture_id_entry *entry = find_entry(map, id);
    void *value;

    if (!entry)
        return NULL;
    value = entry->value;
    entry->value = NULL;
    return value;
}

void *capture_id_take(struct capture_id_map *map)
{
    for (; map->first < map->capacity; map->first++) {
        void *value = map->entries[map->first].value;

        map->entries[map->first].value = NULL;
        if (value)
            return value;
    }
    return NULL;
}

void capture_id_free(struct capture_id_map *map)
{
    free(map->entries);
    *map = (struct capture_id_map){0};
}
