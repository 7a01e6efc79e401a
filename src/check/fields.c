/* SPDX-License-Identifier: MIT */
#include "check_private.h"

#include "../decode/walk.h"
#include <virglcmd/format.h>

/*
 * The rules that the description has beside each field: ranges, enumerations, flags, bits that
 * belong to nothing, floats. Data that has no rule is not touched.
 */
struct field_run {
    struct vcmd_check *c;
    const uint8_t *bytes;
    const struct vcmd_segment *segment;
    size_t element;
    uint32_t dword;     /* whose bits are being put together */
    uint32_t described; /* those of it that belong to a field */
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
    if (rule->allowed != 0)
        return value < 64 && (rule->allowed >> value & 1) != 0;
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

static void check_item(struct field_run *run, const struct vcmd_item *item, const uint8_t *base)
{
    size_t byte = (size_t)(base - run->bytes) + item->place;

    if (item->rule == 0 && item->type != VCMD_FIELD_FLOAT)
        return;
    for (size_t i = 0; i < item->count; i++, base += item->width, byte += item->width) {
        uint64_t bits = vcmd_item_bits(item, base);

        if (told(run->c, byte / 4))
            continue;
        if (item->type == VCMD_FIELD_FLOAT) {
            if (!is_finite(item, bits))
                vcmd_report_value(run->c, VCMD_DIAGNOSTIC_FLOAT_INVALID, VCMD_SEVERITY_GARBAGE,
                                  place_of(run, item, byte / 4, i), bits);
        } else {
            check_rule(run, item, bits, place_of(run, item, byte / 4, i));
        }
    }
}

static void finish_dword(struct field_run *run)
{
    uint32_t found, undescribed;

    if (run->described == 0 || run->described == 0xffffffffu)
        return;
    found = vcmd_load32(run->bytes + 4 * (size_t)run->dword);
    undescribed = found & ~run->described;
    if (undescribed != 0 && !told(run->c, run->dword))
        vcmd_report_limit(run->c, VCMD_DIAGNOSTIC_RESERVED_BITS, VCMD_SEVERITY_NEEDLESS,
                          vcmd_place(run->dword, "reserved"), undescribed, VCMD_LIMIT_NONE, 0);
}

static void describe(struct field_run *run, uint32_t dword, const struct vcmd_item *item)
{
    if (run->dword != dword) {
        finish_dword(run);
        run->dword = dword;
        run->described = 0;
    }
    run->described |= (0xffffffffu >> (32 - item->bits)) << item->shift;
}

static void check_element(struct field_run *run)
{
    const struct vcmd_part *part = run->segment->part;
    const struct vcmd_item *item = vcmd_table_items + part->first_item;
    size_t base = run->segment->at + run->element * part->stride;

    run->dword = 0;
    run->described = 0;
    for (size_t i = 0; i < part->items; i++, item++) {
        check_item(run, item, run->bytes + base);
        if (item->bits < 32)
            describe(run, (uint32_t)((base + item->place) / 4), item);
    }
    finish_dword(run);
}

/* Whether one of the items has a rule: data and handles mostly have not. */
static bool has_rules(const struct vcmd_part *part)
{
    const struct vcmd_item *item = vcmd_table_items + part->first_item;

    for (size_t i = 0; i < part->items; i++) {
        if (item[i].rule != 0 || item[i].type == VCMD_FIELD_FLOAT || item[i].bits < 32)
            return true;
    }
    return false;
}

static void check_segment(struct field_run *run)
{
    const struct vcmd_part *part = run->segment->part;

    if (part->kind > VCMD_PART_VALUES || !has_rules(part))
        return;
    for (run->element = 0; run->element < run->segment->count; run->element++)
        check_element(run);
}

void vcmd_check_fields(struct vcmd_check *c)
{
    struct field_run run = {c, (const uint8_t *)c->dwords, NULL, 0, 0, 0};
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
