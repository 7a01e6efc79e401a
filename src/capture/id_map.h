/* SPDX-License-Identifier: MIT */
#ifndef VCMD_CAPTURE_ID_MAP_H
#define VCMD_CAPTURE_ID_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Finds what belongs to a number that somebody else has given out. Zeroed: empty. */
struct capture_id_map {
    struct capture_id_entry *entries; /* open addressing */
    size_t capacity;                  /* a power of two, or 0 */
    size_t used;                      /* entries that are or were taken */
    size_t first;                     /* the entries before it have no values */
};

/* NULL: there is none. */
void *capture_id_find(const struct capture_id_map *map, uint64_t id);

/* value is not NULL; one that was there is replaced. False: no memory, nothing has changed. */
bool capture_id_set(struct capture_id_map *map, uint64_t id, void *value);

/* Returns what was there, or NULL. */
void *capture_id_remove(struct capture_id_map *map, uint64_t id);

/* Any one of those left, taken out; NULL: the map is empty. */
void *capture_id_take(struct capture_id_map *map);

/* Does not touch the values. */
void capture_id_free(struct capture_id_map *map);

#endif
