/* SPDX-License-Identifier: MIT */
#include "visit.h"

/* What a packet has that the description has not. */

struct report {
    const uint8_t *bytes;
    vcmd_difference_fn report;
    void *user;
    size_t dword;       /* that is being put together */
    uint32_t described; /* its bits that mean something */
    bool open;          /* there is such a dword */
    bool stopped;
};

static void give(struct report *r, size_t dword, uint32_t canonical, bool trailing)
{
    struct vcmd_difference difference = {dword, vcmd_load32(r->bytes + 4 * dword), canonical,
                                         trailing};

    if (!r->stopped && (trailing || difference.found != canonical))
        r->stopped = !r->report(r->user, &difference);
}

static void finish_dword(struct report *r)
{
    if (r->open)
        give(r, r->dword, vcmd_load32(r->bytes + 4 * r->dword) & r->described, false);
    r->open = false;
}

static void describe(struct report *r, size_t dword, uint32_t bits)
{
    if (r->open && r->dword != dword)
        finish_dword(r);
    if (!r->open)
        r->described = 0;
    r->open = true;
    r->dword = dword;
    r->described |= bits;
}

static void check_items(struct report *r, const struct vcmd_part *part, size_t base)
{
    const struct vcmd_item *item = vcmd_table_items + part->first_item;

    for (size_t i = 0; i < part->items; i++, item++) {
        /* Only items of single bits leave anything undescribed. */
        if (item->bits < 32)
            describe(r, (base + item->place) / 4,
                     (0xffffffffu >> (32 - item->bits)) << item->shift);
    }
    finish_dword(r);
}

static void check_bytes(struct report *r, const struct vcmd_segment *segment)
{
    size_t at = segment->at + segment->count, end = segment->at + segment->length;

    if (at % 4 != 0) {
        uint32_t kept = 0xffffffffu >> (8 * (4 - at % 4));

        give(r, at / 4, vcmd_load32(r->bytes + at / 4 * 4) & kept, false);
    }
    for (at = (at + 3) / 4; at < end / 4 && !r->stopped; at++)
        give(r, at, 0, false);
}

static void check_segment(struct report *r, const struct vcmd_segment *segment)
{
    const struct vcmd_part *part = segment->part;

    if (part->kind == VCMD_PART_BYTES) {
        check_bytes(r, segment);
    } else if (part->kind == VCMD_PART_PADDING) {
        for (size_t i = 0; i < segment->count && !r->stopped; i++)
            give(r, segment->at / 4 + i, 0, false);
    } else if (part->kind <= VCMD_PART_ARRAY && !part->wire_shaped) {
        for (size_t i = 0; i < segment->count && !r->stopped; i++)
            check_items(r, part, segment->at + i * part->stride);
    }
}

enum vcmd_status vcmd_packet_differences(const uint32_t *dwords, size_t length,
                                         vcmd_difference_fn report, void *user,
                                         struct vcmd_error *error)
{
    struct report state = {(const uint8_t *)dwords, report, user, 0, 0, false, false};
    const struct vcmd_layout *layout;
    struct vcmd_segment segment;
    struct vcmd_error own;
    struct vcmd_walk walk;
    size_t size;

    if (error == NULL)
        error = &own;
    layout = vcmd_packet_layout(dwords, length, &size, error);
    if (layout == NULL || !vcmd_walk_begin(&walk, layout, state.bytes, size, error))
        return error->status;
    if (layout->object == VCMD_OBJECT_NONE)
        give(&state, 0, vcmd_load32(state.bytes) & 0xffff00ffu, false);
    while (!state.stopped && vcmd_walk_next(&walk, &segment))
        check_segment(&state, &segment);
    for (size_t i = walk.at / 4; i < size / 4 && !state.stopped; i++) {
        if (error->status == VCMD_STATUS_OK)
            give(&state, i, 0, true);
    }
    return error->status;
}

size_t vcmd_canonical_size(const struct vcmd_layout *layout, const uint32_t *dwords, size_t size)
{
    struct vcmd_segment segment;
    struct vcmd_error error;
    struct vcmd_walk walk;
    size_t extra = 0;

    if (!vcmd_walk_begin(&walk, layout, (const uint8_t *)dwords, size, &error))
        return size;
    while (vcmd_walk_next(&walk, &segment)) {
        if (segment.part->kind == VCMD_PART_BYTES)
            extra += vcmd_bytes_length(segment.part, segment.count) - segment.length;
    }
    return walk.at + extra;
}
