/* SPDX-License-Identifier: MIT */
#ifndef VCMD_CAPTURE_MEMORY_H
#define VCMD_CAPTURE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Memory that grows and is used again for the next record. Zeroed: empty. */
struct capture_memory {
    uint8_t *bytes;
    size_t capacity;
};

/* What was there stays. False: no memory, and nothing has changed. */
bool capture_memory_reserve(struct capture_memory *memory, size_t size);
void capture_memory_free(struct capture_memory *memory);

#endif
