/* SPDX-License-Identifier: MIT */
#include "check_private.h"

#include "../decode/walk.h"
#include <virglcmd/format.h>

/*
 * The rules that the description has beside each field: ranges, enumerations, flags, bits that
 * belong to nothing, floats. Data that has no rule is not touched.
 *
 * Nearly every field of nearly every stream is good, so the table says beforehand which fields can
 * be wrong at all, and which small values of them are good.
 */
struct field_run {
    struct vcmd_check *c;
    const uint8_t *bytes;
    const struct vcmd_segment *segment;
    size_t element;
};

static bool told(const struct vcmd_check *c, size_t dword)
{
    return dword < 64 && (c->told >> dword & 1) != 0;
}

/* A group of the description that is there once has no index. */
static struct vcmd_place place_of(const struct field_run *run, const struct vcmd_item *item,
                                  size_t dword, size_t value)
{
    struct vcmd_place place = vcmd_place((uint32_t)dword, vcmd_table_name(item->name));

    if (run->segment->part->kind != VCMD_PART_FIXED) {
        place.index = run->element;
        place.has_index = true;
    }
    if (item->count > 1) {
        place.index = value;
        place.has_index = true;
    }
    return place;
}

static int64_t extended(const struct vcmd_item *item, uint64_t bits)
{
    if (item->type == VCMD_FIELD_INT && item->bits < 64 && (bits >> (item->bits - 1) & 1) != 0)
        bits |= ~(uint64_t)0 << item->bits;
    return (int64_t)bits;
}

static bool in_enum(uint8_t id, uint32_t value)
{
    if (id == VCMD_ENUM_FORMAT)
        return vcmd_format_info(value) != NULL;
    return vcmd_enum_name((enum vcmd_enum_id)id, value) != NULL;
}

static bool known_value(const struct vcmd_item_rule *rule, uint64_t value)
{
    if (rule->enum_id == VCMD_ENUM_NONE || rule->open || (value == 0 && rule->also_zero))
        return true;
    if (in_enum(rule->enum_id, (uint32_t)value))
        return true;
    return rule->also_enum != VCMD_ENUM_NONE && in_enum(rule->also_enum, (uint32_t)value);
}

static void check_rule(struct field_run *run, const struct vcmd_item *item, uint64_t bits,
                       struct vcmd_place place)
{
    const struct vcmd_item_rule *rule = &vcmd_table_rules[item->rule];
    int64_t value = extended(item, bits);

    if (value < rule->min)
        vcmd_report_limit(run->c, VCMD_DIAGNOSTIC_VALUE_RANGE, VCMD_SEVERITY_GARBAGE, place,
                          (uint64_t)value, VCMD_LIMIT_LEAST, (uint64_t)rule->min);
    else if (value > rule->max)
        vcmd_report_limit(run->c, VCMD_DIAGNOSTIC_VALUE_RANGE, VCMD_SEVERITY_GARBAGE, place,
                          (uint64_t)value, VCMD_LIMIT_MOST, (uint64_t)rule->max);
    else if (rule->flags && (bits & ~(uint64_t)rule->flag_mask) != 0)
        vcmd_report_limit(run->c, VCMD_DIAGNOSTIC_FLAGS_UNKNOWN, VCMD_SEVERITY_IGNORED, place, bits,
                          VCMD_LIMIT_MOST, rule->flag_mask);
    else if (!rule->flags && !known_value(rule, bits))
        vcmd_report_value(run->c, VCMD_DIAGNOSTIC_VALUE_UNKNOWN, VCMD_SEVERITY_GARBAGE, place,
                          bits);
}

/* All exponent bits set: an infinity or a NaN. */
static bool is_finite(const struct vcmd_item *item, uint64_t bits)
{
    if (item->width == 8)
        return (bits >> 52 & 0x7ff) != 0x7ff;
    return (bits >> 23 & 0xff) != 0xff;
}

static bool is_surely_good(const struct vcmd_item *item, uint64_t bits)
{
    if (item->type == VCMD_FIELD_FLOAT)
        return is_finite(item, bits);
    return bits < 64 && (vcmd_table_rules[item->rule].good >> bits & 1) != 0;
}

/* A value that may be wrong: number i of its item. */
static void check_value(struct field_run *run, const struct vcmd_item *item, uint64_t bits,
                        size_t dword, size_t i)
{
    struct vcmd_place place = place_of(run, item, dword, i);

    if (told(run->c, dword))
        return;
    if (item->type == VCMD_FIELD_FLOAT)
        vcmd_report_value(run->c, VCMD_DIAGNOSTIC_FLOAT_INVALID, VCMD_SEVERITY_GARBAGE, place,
                          bits);
    else
        check_rule(run, item, bits, place);
}

static void check_item(struct field_run *run, const struct vcmd_item *item, const uint8_t *base)
{
    for (size_t i = 0; i < item->count; i++, base += item->width) {
        uint64_t bits = vcmd_item_bits(item, base);

        if (!is_surely_good(item, bits))
            check_value(run, item, bits, (size_t)(base + item->place - run->bytes) / 4, i);
    }
}

/* The bits of a dword that no field has, once its fields have been looked at. */
static void check_reserved(struct field_run *run, const struct vcmd_item *item, const uint8_t *base)
{
    const uint8_t *at = base + item->place;
    uint32_t found = vcmd_load32(at) & vcmd_table_reserved[item->reserved];
    size_t dword = (size_t)(at - run->bytes) / 4;

    if (found != 0 && !told(run->c, dword))
        vcmd_report_limit(run->c, VCMD_DIAGNOSTIC_RESERVED_BITS, VCMD_SEVERITY_NEEDLESS,
                          vcmd_place((uint32_t)dword, "reserved"), found, VCMD_LIMIT_NONE, 0);
}

static void check_element(struct field_run *run, const uint8_t *base)
{
    const struct vcmd_part *part = run->segment->part;
    const struct vcmd_item *items = vcmd_table_items + part->first_item;
    size_t number = part->checked;

    while (number < part->items) {
        const struct vcmd_item *item = &items[number];

        if (item->after != 0 && vcmd_load32(base + item->place) == 0) {
            number = item->after;
            continue;
        }
        if (item->rule != 0 || item->type == VCMD_FIELD_FLOAT)
            check_item(run, item, base);
        if (item->reserved != 0)
            check_reserved(run, item, base);
        number = item->next;
    }
}

static void check_segment(struct field_run *run)
{
    const struct vcmd_part *part = run->segment->part;
    const uint8_t *base = run->bytes + run->segment->at;

    if (part->kind > VCMD_PART_VALUES || part->checked == part->items)
        return;
    for (run->element = 0; run->element < run->segment->count; run->element++) {
        check_element(run, base);
        base += part->stride;
    }
}

void vcmd_check_fields(struct vcmd_check *c)
{
    struct field_run run = {c, (const uint8_t *)c->dwords, NULL, 0};
    size_t size = 4 + 4 * (size_t)c->length;
    struct vcmd_segment segment;
    struct vcmd_error error;
    struct vcmd_walk walk;

    if (!vcmd_walk_begin(&walk, c->layout, run.bytes, size, &error))
        return;
    run.segment = &segment;
    while (vcmd_walk_next(&walk, &segment))
        check_segment(&run);
    if (error.status == VCMD_STATUS_OK && walk.at < size && !told(c, 0))
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_TRAILING_DWORDS, VCMD_SEVERITY_NEEDLESS,
                          vcmd_place(0, "length"), c->length, VCMD_LIMIT_EXACT, walk.at / 4 - 1);
}
