/* SPDX-License-Identifier: MIT */
#ifndef VCMD_WALK_H
#define VCMD_WALK_H

#include "../core/wire.h"
#include "table.h"

/*
 * Goes through the parts of one packet or control command. Everything that looks at a packet does
 * it this way, so the rules of counts, optional parts and truncation are in one place.
 */
struct vcmd_walk {
    const struct vcmd_layout *layout;
    const uint8_t *bytes; /* the packet, header first */
    size_t size;          /* bytes of it */
    size_t at;            /* where the next part of variable place begins */
    uint8_t part;         /* number of the next part */
    struct vcmd_error *error;
};

/* A part in the packet, with count elements, or bytes, from bytes + at on. */
struct vcmd_segment {
    const struct vcmd_part *part;
    size_t at;     /* byte of the first element; 0 for a FIXED part, whose items count from there */
    size_t count;  /* elements; bytes of BYTES and TAIL as far as they mean something */
    size_t length; /* bytes that the part takes, filling included */
};

/*
 * Starts with a packet whose layout is known. False, and the error is filled, when the fixed part
 * is not all there. error must not be NULL.
 */
bool vcmd_walk_begin(struct vcmd_walk *walk, const struct vcmd_layout *layout, const uint8_t *bytes,
                     size_t size, struct vcmd_error *error);

/* The next part that is there. False at the end, or when walk->error has a status now. */
bool vcmd_walk_next(struct vcmd_walk *walk, struct vcmd_segment *segment);

/* The layout of a packet by its header, payload size and, for variants, content. NULL, and the
   error is filled, for opcodes and objects that there are not. size is at least 4. */
const struct vcmd_layout *vcmd_find_layout(const uint8_t *bytes, size_t size,
                                           struct vcmd_error *error);

/* The layout of a control request or response; NULL for types that there are not. */
const struct vcmd_layout *vcmd_find_control(uint32_t type);

/* Loads a part of the kind FIXED or REPEAT into the argument struct. */
void vcmd_load_part(const struct vcmd_part *part, const uint8_t *bytes, void *args);

/* Fills an error; false, so that it can be returned. */
bool vcmd_walk_fail(struct vcmd_error *error, enum vcmd_status status,
                    const struct vcmd_layout *layout, const char *field, size_t place,
                    uint64_t value, uint64_t limit);

/* Bytes that text or data of so many bytes fills in a packet. */
static inline size_t vcmd_bytes_length(const struct vcmd_part *part, size_t count)
{
    return (count + (part->terminated ? 1 : 0) + 3) / 4 * 4 + 4 * (size_t)part->spare;
}

/* The raw bits of an item whose element, or packet, begins at base. */
static inline uint64_t vcmd_item_bits(const struct vcmd_item *item, const uint8_t *base)
{
    uint32_t unit;

    base += item->place;
    if (item->width == 4)
        unit = vcmd_load32(base);
    else if (item->width == 8)
        return vcmd_load64(base);
    else if (item->width == 2)
        unit = vcmd_load16(base);
    else
        unit = *base;
    return unit >> item->shift & (0xffffffffu >> (32 - item->bits));
}

#endif
