/* SPDX-License-Identifier: MIT */
#include "walk.h"

bool vcmd_walk_fail(struct vcmd_error *error, enum vcmd_status status,
                    const struct vcmd_layout *layout, const char *field, size_t place,
                    uint64_t value, uint64_t limit)
{
    memset(error, 0, sizeof(*error));
    error->status = status;
    error->command = layout != NULL ? vcmd_table_name(layout->name) : NULL;
    error->field = field;
    error->value = value;
    error->limit = limit;
    error->offset = place / 4;
    return false;
}

/* Values of payload lengths are in dwords for packets, in bytes for control commands. */
static size_t unit_of(const struct vcmd_layout *layout)
{
    return layout < vcmd_table_packets + VCMD_PACKET_KIND_COUNT && layout >= vcmd_table_packets ? 4
                                                                                                : 1;
}

static bool too_short(struct vcmd_error *error, const struct vcmd_layout *layout, size_t size,
                      size_t needed)
{
    if (unit_of(layout) == 1)
        return vcmd_walk_fail(error, VCMD_STATUS_TRUNCATED, layout, "size", size, size, needed);
    return vcmd_walk_fail(error, VCMD_STATUS_TRUNCATED, layout, "length", 0, size / 4 - 1,
                          needed / 4 - 1);
}

bool vcmd_walk_begin(struct vcmd_walk *walk, const struct vcmd_layout *layout, const uint8_t *bytes,
                     size_t size, struct vcmd_error *error)
{
    memset(error, 0, sizeof(*error));
    if (size < layout->fixed)
        return too_short(error, layout, size, layout->fixed);
    walk->layout = layout;
    walk->bytes = bytes;
    walk->size = size;
    walk->at = layout->fixed;
    walk->part = 0;
    walk->error = error;
    return true;
}

/* The value of an item of the fixed part, by its number in the layout. */
static uint32_t value_of(const struct vcmd_walk *walk, uint8_t number)
{
    const struct vcmd_item *item = &vcmd_table_items[walk->layout->first_item + number];

    return (uint32_t)vcmd_item_bits(item, walk->bytes);
}

static bool is_there(const struct vcmd_walk *walk, const struct vcmd_part *part)
{
    if (part->when == VCMD_WHEN_ROOM)
        return walk->size - walk->at >= part->bytes;
    return part->when == VCMD_WHEN_ALWAYS || value_of(walk, part->when_item) != 0;
}

/* A counted part must fit into what is left. */
static bool has_room(struct vcmd_walk *walk, const struct vcmd_part *part, size_t count)
{
    const struct vcmd_item *item;
    size_t rest = walk->size - walk->at;

    if ((uint64_t)count * part->stride <= rest)
        return true;
    item = &vcmd_table_items[walk->layout->first_item + part->count_item - 1];
    /* What follows a control command may be on its way; a packet's payload is all there is. */
    return vcmd_walk_fail(
        walk->error, unit_of(walk->layout) == 1 ? VCMD_STATUS_TRUNCATED : VCMD_STATUS_MALFORMED,
        walk->layout, vcmd_table_name(item->name), item->place, count, rest / part->stride);
}

/* Where text ends that fills a number of dwords: at the first NUL of the last of them. */
static size_t text_size(const uint8_t *text, size_t dwords, bool count_nul)
{
    size_t size;

    if (dwords == 0)
        return 0;
    for (size = 4 * dwords - 4; size < 4 * dwords; size++) {
        if (text[size] == 0)
            return size + (count_nul ? 1 : 0);
    }
    return size;
}

/*
 * Not every driver sends the dwords of zeros behind its text. Without them the text comes with the
 * NULs that end it, which tells the encoder to add nothing.
 */
static size_t spared_size(const uint8_t *text, size_t dwords, size_t spare)
{
    size_t size;

    if (dwords <= spare || vcmd_load32(text + 4 * (dwords - spare)) != 0 ||
        text[4 * (dwords - spare) - 1] != 0)
        return 4 * dwords;
    size = text_size(text, dwords - spare, false);
    return size != 0 && text[size - 1] == 0 ? 4 * dwords : size;
}

/* Text and data whose size nobody says: as much as there is. */
static void measure_bytes(const struct vcmd_walk *walk, const struct vcmd_part *part,
                          struct vcmd_segment *segment)
{
    const uint8_t *text = walk->bytes + walk->at;
    size_t dwords = (walk->size - walk->at) / 4;
    size_t spare = part->spare;

    segment->length = 4 * dwords;
    if (vcmd_table_items[part->first_item].type != VCMD_FIELD_STRING)
        segment->count = 4 * dwords;
    else if (spare == 0)
        segment->count = text_size(text, dwords, !part->terminated);
    else
        segment->count = spared_size(text, dwords, spare);
}

static bool measure(struct vcmd_walk *walk, struct vcmd_segment *segment)
{
    const struct vcmd_part *part = segment->part;
    size_t count;

    segment->at = walk->at;
    if (part->count_item != 0) {
        count = value_of(walk, (uint8_t)(part->count_item - 1));
        if (!has_room(walk, part, count))
            return false;
        segment->count = count;
        segment->length = count * part->stride;
        if (part->kind == VCMD_PART_BYTES) /* the payload is whole dwords, so these fit too */
            segment->length = (count + 3) / 4 * 4;
    } else if (part->kind == VCMD_PART_BYTES) {
        measure_bytes(walk, part, segment);
    } else {
        segment->count = (walk->size - walk->at) / part->stride;
        segment->length = segment->count * part->stride;
    }
    walk->at += segment->length;
    return true;
}

bool vcmd_walk_next(struct vcmd_walk *walk, struct vcmd_segment *segment)
{
    const struct vcmd_layout *layout = walk->layout;

    while (walk->part < layout->parts) {
        const struct vcmd_part *part = &vcmd_table_parts[layout->first_part + walk->part++];

        if (part->when != VCMD_WHEN_ALWAYS && !is_there(walk, part))
            continue;
        segment->part = part;
        if (part->kind > VCMD_PART_REPEAT)
            return measure(walk, segment);
        segment->at = part->place;
        segment->count = part->kind == VCMD_PART_FIXED ? 1 : part->repeat;
        segment->length = part->bytes;
        if (part->when == VCMD_WHEN_ALWAYS)
            return true;
        if (walk->size - walk->at < part->bytes)
            return too_short(walk->error, layout, walk->size, walk->at + part->bytes);
        walk->at += part->bytes;
        return true;
    }
    return false;
}

static uint32_t select_bits(const uint8_t *bytes, const struct vcmd_select *select, uint8_t shift)
{
    return vcmd_load32(bytes + select->place) >> shift & (0xffffffffu >> (32 - select->bits));
}

/* Whether a later layout with the same header fits a packet better than the one found so far. */
static bool fits_better(const struct vcmd_layout *layout, const struct vcmd_layout *found,
                        const uint8_t *bytes, size_t size)
{
    const struct vcmd_select *select = &layout->select;

    if (layout->fixed > size)
        return false;
    if (found->fixed > size)
        return true;
    if (select->kind == VCMD_SELECT_EQUAL)
        return select_bits(bytes, select, select->shift) == select->value;
    if (select->kind == VCMD_SELECT_LESS)
        return select_bits(bytes, select, select->shift) <
               select_bits(bytes, select, select->other_shift);
    return layout->fixed > found->fixed;
}

const struct vcmd_layout *vcmd_find_layout(const uint8_t *bytes, size_t size,
                                           struct vcmd_error *error)
{
    const struct vcmd_layout *found = NULL, *layout, *end;
    uint8_t opcode = bytes[0], object = bytes[1];

    if (opcode >= vcmd_table_opcode_count) {
        vcmd_walk_fail(error, VCMD_STATUS_UNKNOWN_VALUE, NULL, "opcode", 0, opcode,
                       vcmd_table_opcode_count - 1);
        error->command = "packet";
        return NULL;
    }
    layout = &vcmd_table_packets[vcmd_table_opcodes[opcode]];
    end = &vcmd_table_packets[vcmd_table_opcodes[opcode + 1]];
    for (; layout < end; layout++) {
        if (layout->object < VCMD_OBJECT_ANY && layout->object != object) {
            if (found != NULL)
                break; /* variants of an object are neighbours */
            continue;
        }
        if (found == NULL || fits_better(layout, found, bytes, size))
            found = layout;
    }
    if (found == NULL) {
        vcmd_walk_fail(error, VCMD_STATUS_UNKNOWN_VALUE, NULL, "object", 0, object, 0);
        error->command = vcmd_enum_name(VCMD_ENUM_CCMD, opcode);
    }
    return found;
}

const struct vcmd_layout *vcmd_find_control(uint32_t type)
{
    for (uint32_t i = 0; i < vcmd_table_control_count; i++) {
        if (vcmd_table_control[i].number == type)
            return &vcmd_table_control[i];
    }
    return NULL;
}
