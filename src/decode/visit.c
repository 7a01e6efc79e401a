/* SPDX-License-Identifier: MIT */
#include "visit.h"
#include <virglcmd/control.h>

/* Packets and control commands field by field. */

uint64_t vcmd_field_value(const struct vcmd_field *field, size_t i)
{
    const uint8_t *unit = field->bytes + i * field->width;
    uint32_t bits;

    if (field->width == 8)
        return vcmd_load64(unit);
    if (field->width == 4)
        bits = vcmd_load32(unit);
    else if (field->width == 2)
        bits = vcmd_load16(unit);
    else
        bits = *unit;
    bits = bits >> field->shift & (0xffffffffu >> (32 - field->bits));
    if (field->type == VCMD_FIELD_INT && (bits >> (field->bits - 1) & 1) != 0)
        return bits | ~(uint64_t)0 << field->bits;
    return bits;
}

void vcmd_fill_field(struct vcmd_field *field, const struct vcmd_item *item)
{
    field->name = vcmd_table_name(item->name);
    field->count = item->count;
    field->index = 0;
    field->in_array = false;
    field->is_array = item->count > 1;
    field->type = item->type;
    field->width = item->width;
    field->shift = item->shift;
    field->bits = item->bits;
    field->row = item->row;
    field->enum_id = item->enum_id;
    field->handle = item->handle;
    field->item = item;
}

/* One element, or the fixed part. False when the visitor has stopped. */
static bool visit_items(const struct vcmd_visit *visit, const struct vcmd_segment *segment,
                        size_t index)
{
    const struct vcmd_part *part = segment->part;
    const struct vcmd_item *item = vcmd_table_items + part->first_item;
    size_t base = segment->at + index * part->stride;
    struct vcmd_field field;

    for (size_t i = 0; i < part->items; i++, item++) {
        vcmd_fill_field(&field, item);
        field.place = base + item->place;
        field.bytes = visit->bytes + field.place;
        field.index = index;
        field.in_array = part->kind != VCMD_PART_FIXED;
        if (!visit->visit(visit->user, &field))
            return false;
    }
    return true;
}

static bool visit_segment(const struct vcmd_visit *visit, const struct vcmd_segment *segment)
{
    const struct vcmd_part *part = segment->part;
    struct vcmd_field field;

    if (part->kind <= VCMD_PART_ARRAY) {
        for (size_t i = 0; i < segment->count; i++) {
            if (!visit_items(visit, segment, i))
                return false;
        }
        return true;
    }
    vcmd_fill_field(&field, vcmd_table_items + part->first_item);
    field.place = segment->at;
    field.bytes = visit->bytes + segment->at;
    field.count = segment->count;
    field.is_array = part->kind == VCMD_PART_VALUES || part->kind == VCMD_PART_PADDING;
    return visit->visit(visit->user, &field);
}

enum vcmd_status vcmd_visit_layout(const struct vcmd_layout *layout, const void *bytes, size_t size,
                                   vcmd_field_fn visit, void *user, struct vcmd_error *error)
{
    struct vcmd_visit state = {(const uint8_t *)bytes, visit, user};
    struct vcmd_segment segment;
    struct vcmd_walk walk;

    if (!vcmd_walk_begin(&walk, layout, (const uint8_t *)bytes, size, error))
        return error->status;
    while (vcmd_walk_next(&walk, &segment)) {
        if (!visit_segment(&state, &segment))
            return VCMD_STATUS_OK;
    }
    return error->status;
}

const struct vcmd_layout *vcmd_packet_layout(const uint32_t *dwords, size_t length, size_t *size,
                                             struct vcmd_error *error)
{
    const uint8_t *bytes = (const uint8_t *)dwords;
    const struct vcmd_layout *layout;
    size_t payload;

    if (dwords == NULL || length == 0) {
        vcmd_walk_fail(error, VCMD_STATUS_TRUNCATED, NULL, "header", 0, 0, 1);
        error->command = "packet";
        return NULL;
    }
    payload = vcmd_load16(bytes + 2);
    *size = 4 * (payload < length ? payload + 1 : length);
    layout = vcmd_find_layout(bytes, *size, error);
    if (layout != NULL && payload >= length) {
        vcmd_walk_fail(error, VCMD_STATUS_TRUNCATED, layout, "length", 0, payload, length - 1);
        return NULL;
    }
    return layout;
}

enum vcmd_status vcmd_visit_packet(const uint32_t *dwords, size_t length, vcmd_field_fn visit,
                                   void *user, struct vcmd_error *error)
{
    struct vcmd_error own;
    const struct vcmd_layout *layout;
    size_t size;

    if (error == NULL)
        error = &own;
    layout = vcmd_packet_layout(dwords, length, &size, error);
    if (layout == NULL)
        return error->status;
    return vcmd_visit_layout(layout, dwords, size, visit, user, error);
}

enum vcmd_status vcmd_visit_control(const void *bytes, size_t size, vcmd_field_fn visit, void *user,
                                    struct vcmd_error *error)
{
    struct vcmd_error own;
    const struct vcmd_layout *layout;
    uint32_t type;

    if (error == NULL)
        error = &own;
    error->status = VCMD_STATUS_OK;
    if (bytes == NULL || size < 4) {
        vcmd_walk_fail(error, VCMD_STATUS_TRUNCATED, NULL, "size", 0, size, VCMD_CTRL_HDR_SIZE);
        error->command = "control command";
        return error->status;
    }
    type = vcmd_load32((const uint8_t *)bytes);
    layout = vcmd_find_control(type);
    if (layout == NULL) {
        vcmd_walk_fail(error, VCMD_STATUS_UNKNOWN_VALUE, NULL, "hdr.type", 0, type, 0);
        error->command = "control command";
        return error->status;
    }
    return vcmd_visit_layout(layout, bytes, size, visit, user, error);
}
