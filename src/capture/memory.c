/* SPDX-License-Identifier: MIT */
#include "memory.h"

#include <stdlib.h>

bool capture_memory_reserve(struct capture_memory *memory, size_t size)
{
    size_t capacity = memory->capacity ? memory->capacity : 4096;
    uint8_t *grown;

    if (size <= memory->capacity)
        return true;
    while (capacity < size)
        capacity = capacity > SIZE_MAX / 2 ? size : capacity * 2;
    grown = realloc(memory->bytes, capacity);
    if (!grown)
        return false;
    memory->bytes = grown;
    memory->capacity = capacity;
    return true;
}

void capture_memory_free(struct capture_memory *memory)
{
    free(memory->bytes);
    *memory = (struct capture_memory){0};
}
