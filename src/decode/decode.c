/* SPDX-License-Identifier: MIT */
#include "walk.h"

/*
 * Packets as argument structs. The table says where each value lies on the wire and in the struct;
 * neighbours that are alike in both go in one copy.
 */

void vcmd_decoder_init(struct vcmd_decoder *decoder, const uint32_t *dwords, size_t length,
                       void *scratch, size_t scratch_size)
{
    memset(decoder, 0, sizeof(*decoder));
    decoder->dwords = dwords;
    decoder->length = dwords != NULL ? length : 0;
    decoder->scratch = scratch;
    decoder->scratch_size = scratch != NULL ? scratch_size : 0;
}

static void copy_words(uint8_t *to, const uint8_t *from, size_t words)
{
#if VCMD_BIG_ENDIAN
    for (size_t i = 0; i < words; i++) {
        uint32_t word = vcmd_load32(from + 4 * i);

        memcpy(to + 4 * i, &word, sizeof(word));
    }
#else
    memcpy(to, from, words * 4);
#endif
}

static void store_value(const struct vcmd_item *item, uint8_t *to, uint64_t bits)
{
    bool flag = bits != 0;
    uint16_t half = (uint16_t)bits;
    uint32_t word = (uint32_t)bits;

    if (item->type == VCMD_FIELD_BOOL)
        memcpy(to, &flag, sizeof(flag));
    else if (item->width == 4)
        memcpy(to, &word, sizeof(word));
    else if (item->width == 8)
        memcpy(to, &bits, sizeof(bits));
    else if (item->width == 2)
        memcpy(to, &half, sizeof(half));
    else
        *to = (uint8_t)bits;
}

/* Fields of four bytes, most of all there are; the rest goes to store_value. */
static inline void load_item(const struct vcmd_item *item, const uint8_t *base, uint8_t *to)
{
    if (item->count > 1) {
        /* Arrays of words are runs; what is left are bytes. */
        memcpy(to + item->offset, base + item->place, item->count);
        return;
    }
    store_value(item, to + item->offset, vcmd_item_bits(item, base));
}

static void load_items(const struct vcmd_part *part, const uint8_t *base, uint8_t *to)
{
    const struct vcmd_item *item = vcmd_table_items + part->first_item;
    const struct vcmd_item *end = item + part->items;

    while (item < end) {
        if (item->run != 0) {
            copy_words(to + item->offset, base + item->place, item->run);
            item += item->run_items;
        } else {
            load_item(item, base, to);
            item++;
        }
    }
}

/* Scratch memory of one packet. */
struct scratch {
    uint8_t *memory;
    size_t size, used;
};

/* Elements behind a pointer: in the input where they can stay there, else converted. */
static const void *elements(const struct vcmd_segment *segment, const uint8_t *from,
                            struct scratch *scratch)
{
    const struct vcmd_part *part = segment->part;
    size_t needed = segment->count * part->element;
    uint8_t *to;

    if (segment->count == 0)
        return NULL;
    if (part->kind == VCMD_PART_BYTES || (part->wire_shaped && !VCMD_BIG_ENDIAN))
        return from;
    scratch->used += needed;
    if (scratch->used > scratch->size)
        return NULL;
    to = scratch->memory + (scratch->used - needed);
    if (part->kind == VCMD_PART_VALUES) {
        copy_words(to, from, segment->count);
        return to;
    }
    for (size_t i = 0; i < segment->count; i++)
        load_items(part, from + i * part->stride, to + i * part->element);
    return to;
}

static void load_counted(const struct vcmd_segment *segment, const uint8_t *bytes, uint8_t *args,
                         struct scratch *scratch)
{
    const struct vcmd_part *part = segment->part;
    uint32_t count = (uint32_t)segment->count;
    const void *pointer;

    if (part->count_offset != VCMD_NO_OFFSET)
        memcpy(args + part->count_offset, &count, sizeof(count));
    if (part->offset == VCMD_NO_OFFSET)
        return;
    pointer = elements(segment, bytes + segment->at, scratch);
    memcpy(args + part->offset, &pointer, sizeof(pointer));
}

void vcmd_load_part(const struct vcmd_part *part, const uint8_t *bytes, void *args)
{
    uint8_t *to = (uint8_t *)args;

    if (part->kind == VCMD_PART_FIXED) {
        load_items(part, bytes, to);
        return;
    }
    for (size_t i = 0; i < part->repeat; i++)
        load_items(part, bytes + part->place + i * part->stride, to + i * part->element);
}

static void load_segment(const struct vcmd_segment *segment, const uint8_t *bytes, uint8_t *args,
                         struct scratch *scratch)
{
    const struct vcmd_part *part = segment->part;
    bool flag = true;

    if (part->kind <= VCMD_PART_REPEAT) {
        vcmd_load_part(part, bytes, args);
    } else {
        load_counted(segment, bytes, args, scratch);
    }
    if (part->flag_offset != VCMD_NO_OFFSET)
        memcpy(args + part->flag_offset, &flag, sizeof(flag));
}

static struct scratch scratch_of(const struct vcmd_decoder *decoder)
{
    struct scratch scratch = {(uint8_t *)decoder->scratch, decoder->scratch_size, 0};
    size_t skip = (size_t)(-(uintptr_t)decoder->scratch % 8);

    if (scratch.memory == NULL || skip > scratch.size) {
        scratch.size = 0;
        return scratch;
    }
    scratch.memory += skip;
    scratch.size -= skip;
    return scratch;
}

static enum vcmd_status decode(struct vcmd_decoder *decoder, struct vcmd_packet *packet,
                               const struct vcmd_layout *layout, const uint8_t *bytes, size_t size)
{
    struct vcmd_error *error = &decoder->error;
    struct scratch scratch = scratch_of(decoder);
    uint8_t *args = (uint8_t *)&packet->nop;
    uint32_t object = packet->object;
    struct vcmd_segment segment;
    struct vcmd_walk walk;

    memset(args, 0, layout->size);
    if (layout->object == VCMD_OBJECT_ANY)
        memcpy(args + layout->object_offset, &object, sizeof(object));
    if (!vcmd_walk_begin(&walk, layout, bytes, size, error))
        return error->status;
    while (vcmd_walk_next(&walk, &segment))
        load_segment(&segment, bytes, args, &scratch);
    packet->trailing = (uint32_t)((size - walk.at) / 4);
    if (error->status == VCMD_STATUS_OK && scratch.used > scratch.size)
        vcmd_walk_fail(error, VCMD_STATUS_BUFFER_FULL, layout, "scratch", 0, decoder->scratch_size,
                       scratch.used + 7);
    if (error->status != VCMD_STATUS_OK)
        memset(args, 0, layout->size);
    return error->status;
}

enum vcmd_status vcmd_decode_next(struct vcmd_decoder *decoder, struct vcmd_packet *packet)
{
    struct vcmd_error *error = &decoder->error;
    const struct vcmd_layout *layout;
    const uint8_t *bytes;
    size_t left, size;

    packet->kind = VCMD_PACKET_UNKNOWN;
    packet->opcode = packet->object = 0;
    packet->payload = packet->trailing = 0;
    packet->position = decoder->position;
    if (decoder->position >= decoder->length) {
        vcmd_walk_fail(error, VCMD_STATUS_TRUNCATED, NULL, "header", 0, 0, 1);
        error->command = "packet";
        return error->status;
    }
    bytes = (const uint8_t *)(decoder->dwords + decoder->position);
    left = decoder->length - decoder->position;
    packet->opcode = bytes[0];
    packet->object = bytes[1];
    packet->payload = vcmd_load16(bytes + 2);
    size = 4 + 4 * (size_t)packet->payload;
    decoder->position += size / 4 < left ? size / 4 : left;
    layout = vcmd_find_layout(bytes, size / 4 <= left ? size : 4 * left, error);
    if (layout == NULL)
        return error->status;
    packet->kind = (enum vcmd_packet_kind)(layout - vcmd_table_packets);
    if (size / 4 > left) {
        memset(&packet->nop, 0, layout->size);
        vcmd_walk_fail(error, VCMD_STATUS_TRUNCATED, layout, "length", 0, packet->payload,
                       left - 1);
        return error->status;
    }
    return decode(decoder, packet, layout, bytes, size);
}

const char *vcmd_packet_kind_name(enum vcmd_packet_kind kind)
{
    if (kind <= VCMD_PACKET_UNKNOWN || kind >= VCMD_PACKET_KIND_COUNT)
        return "UNKNOWN";
    return vcmd_table_name(vcmd_table_packets[kind].name);
}
