/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "generate.h"
#include "maker.h"
#include <virglcmd/virglcmd.h>

/* Packets that are made before it is given up: sizes and layouts are found by trying. */
#define TRIES 200

/* Elements of an array, dwords of data: more would say nothing new. */
#define MOST_ELEMENTS 40

/* ---- bits ---- */

static uint64_t load(const uint8_t *unit, size_t width)
{
    uint64_t whole = 0;

    for (size_t i = 0; i < width; i++)
        whole |= (uint64_t)unit[i] << 8 * i;
    return whole;
}

uint64_t parity_get(const struct parity_maker *maker, const struct vcmd_item *item, size_t base,
                    size_t i)
{
    const uint8_t *unit = maker->bytes + base + item->place + i * item->width;

    return load(unit, item->width) >> item->shift & parity_item_mask(item);
}

void parity_set(struct parity_maker *maker, const struct vcmd_item *item, size_t base, size_t i,
                uint64_t value)
{
    uint8_t *unit = maker->bytes + base + item->place + i * item->width;
    uint64_t mask = parity_item_mask(item);
    uint64_t whole = load(unit, item->width);

    whole = (whole & ~(mask << item->shift)) | (value & mask) << item->shift;
    for (size_t byte = 0; byte < item->width; byte++)
        unit[byte] = (uint8_t)(whole >> 8 * byte);
}

/* ---- values ---- */

static bool in_enum(uint8_t id, uint64_t value)
{
    return id != VCMD_ENUM_NONE && vcmd_enum_name((enum vcmd_enum_id)id, (uint32_t)value) != NULL;
}

bool parity_allows(const struct vcmd_item *item, uint64_t bits)
{
    const struct vcmd_item_rule *rule = &vcmd_table_rules[item->rule];
    int64_t value = (int64_t)bits;

    if (item->rule == 0)
        return true;
    if (item->type == VCMD_FIELD_INT && (bits >> (item->bits - 1) & 1) != 0)
        value = (int64_t)(bits | ~parity_item_mask(item));
    if (value < rule->min || value > rule->max)
        return false;
    if (rule->flags)
        return (bits & ~(uint64_t)rule->flag_mask) == 0;
    if (rule->enum_id == VCMD_ENUM_NONE || rule->open || (bits == 0 && rule->also_zero))
        return true;
    if (bits < 64)
        return (rule->good >> bits & 1) != 0;
    return in_enum(rule->enum_id, bits) || in_enum(rule->also_enum, bits);
}

static uint64_t a_row(uint8_t id, struct parity_random *random)
{
    const struct vcmd_enum_table *table = &vcmd_table_enums[id];

    return vcmd_table_enum_rows[table->first + parity_below(random, table->count)].value;
}

/* Finite ones: others are no valid values. */
static uint64_t a_float(const struct vcmd_item *item, struct parity_random *random)
{
    static const uint32_t singles[] = {0,          0x3f800000, 0x3f000000, 0xbf800000, 0x40000000,
                                       0x42000000, 0x80000000, 0x00000001, 0x7f7fffff, 0x3dcccccd};
    static const uint64_t doubles[] = {0,
                                       UINT64_C(0x3ff0000000000000),
                                       UINT64_C(0x3fe0000000000000),
                                       UINT64_C(0x8000000000000000),
                                       UINT64_C(0x0000000000000001),
                                       UINT64_C(0x3fb999999999999a),
                                       UINT64_C(0x7fefffffffffffff)};
    uint64_t any = parity_next(random);

    if (item->width == 8)
        return parity_chance(random, 50) ? doubles[parity_below(random, 7)]
                                         : any & ~UINT64_C(0x0010000000000000);
    return parity_chance(random, 60) ? singles[parity_below(random, 10)]
                                     : any & UINT64_C(0xff7fffff);
}

/* Small, at an edge, or any. */
static uint64_t a_number(const struct vcmd_item *item, struct parity_random *random)
{
    const struct vcmd_item_rule *rule = &vcmd_table_rules[item->rule];
    uint64_t mask = parity_item_mask(item);

    switch (parity_below(random, 8)) {
    case 0:
        return rule->max < INT64_MAX && item->rule != 0 ? (uint64_t)rule->max & mask : mask;
    case 1:
        return rule->min > INT64_MIN ? (uint64_t)rule->min & mask : 0;
    case 2:
        return parity_next(random) & mask;
    case 3:
        return UINT64_C(1) << parity_below(random, item->bits);
    default:
        return parity_below(random, 32) & mask;
    }
}

static uint64_t any_value(const struct vcmd_item *item, struct parity_random *random)
{
    const struct vcmd_item_rule *rule = &vcmd_table_rules[item->rule];

    if (item->type == VCMD_FIELD_FLOAT)
        return a_float(item, random);
    if (item->type == VCMD_FIELD_BOOL)
        return parity_below(random, 2);
    if (rule->flags)
        return parity_chance(random, 70) ? a_row(rule->enum_id, random)
                                         : parity_next(random) & rule->flag_mask;
    if (rule->also_enum != VCMD_ENUM_NONE && parity_chance(random, 30))
        return a_row(rule->also_enum, random);
    if (rule->also_zero && parity_chance(random, 20))
        return 0;
    if (rule->enum_id != VCMD_ENUM_NONE && (!rule->open || parity_chance(random, 80)))
        return a_row(rule->enum_id, random);
    return a_number(item, random);
}

static uint64_t allowed_value(const struct vcmd_item *item, struct parity_random *random)
{
    for (int i = 0; i < TRIES; i++) {
        uint64_t value = any_value(item, random) & parity_item_mask(item);

        if (parity_allows(item, value))
            return value;
    }
    return (uint64_t)vcmd_table_rules[item->rule].min & parity_item_mask(item);
}

/* ---- counts ---- */

static const struct vcmd_part *counted_part(const struct vcmd_layout *layout,
                                            const struct vcmd_item *item)
{
    size_t number = (size_t)(item - vcmd_table_items) - layout->first_item + 1;

    for (size_t i = 0; i < layout->parts; i++) {
        const struct vcmd_part *part = &vcmd_table_parts[layout->first_part + i];

        if (part->count_item == number)
            return part;
    }
    return NULL;
}

static uint32_t a_count(const struct vcmd_part *part, struct parity_random *random)
{
    uint32_t most = part->max_count;
    uint32_t least = part->min_count;
    uint32_t count;

    if (most == 0 || most > MOST_ELEMENTS)
        most = MOST_ELEMENTS;
    count = parity_below(random, parity_chance(random, 80) ? 5 : most + 1);
    return count < least ? least : count > most ? most : count;
}

/* First slot and count together must not pass the slots; the count comes last. */
static void fit_slot(struct parity_maker *maker, const struct vcmd_part *part, uint32_t *count)
{
    const struct vcmd_item *slot;
    uint64_t first;

    if (part->slot_item == 0)
        return;
    slot = &vcmd_table_items[maker->layout->first_item + part->slot_item - 1];
    if (*count > part->slots)
        *count = part->slots;
    first = parity_get(maker, slot, 0, 0);
    if (first + *count > part->slots)
        parity_set(maker, slot, 0, 0, parity_below(maker->random, part->slots - *count + 1));
}

/* ---- parts ---- */

static void make_item(struct parity_maker *maker, const struct vcmd_item *item, size_t base)
{
    const struct vcmd_part *part = item->is_count ? counted_part(maker->layout, item) : NULL;

    for (size_t i = 0; i < item->count; i++) {
        uint64_t value;

        if (!maker->world || !parity_fit_value(maker, item, &value))
            value = part ? a_count(part, maker->random) : allowed_value(item, maker->random);
        parity_set(maker, item, base, i, value);
    }
}

/* "Not below" another one: both from the same range, so the larger is the later. */
static void order_item(struct parity_maker *maker, const struct vcmd_item *item, size_t base)
{
    const struct vcmd_item *other;
    uint64_t value = parity_get(maker, item, base, 0);
    uint64_t least;

    if (item->least == 0)
        return;
    other = &vcmd_table_items[maker->layout->first_item + item->least - 1];
    least = parity_get(maker, other, base, 0);
    if (value >= least)
        return;
    parity_set(maker, item, base, 0, least);
    parity_set(maker, other, base, 0, value);
}

static void make_items(struct parity_maker *maker, const struct vcmd_part *part, size_t base)
{
    const struct vcmd_item *items = &vcmd_table_items[part->first_item];

    for (size_t i = 0; i < part->items; i++)
        make_item(maker, &items[i], base);
    if (maker->world)
        parity_fit_part(maker, part, base);
    for (size_t i = 0; i < part->items; i++)
        order_item(maker, &items[i], base);
}

static bool grow(struct parity_maker *maker, size_t bytes)
{
    if (bytes > maker->room - maker->at)
        return false;
    memset(maker->bytes + maker->at, 0, bytes);
    maker->at += bytes;
    return true;
}

static uint32_t count_of(struct parity_maker *maker, const struct vcmd_part *part)
{
    uint32_t count;

    if (part->count_item != 0)
        count = (uint32_t)parity_get(
            maker, &vcmd_table_items[maker->layout->first_item + part->count_item - 1], 0, 0);
    else
        count = a_count(part, maker->random);
    fit_slot(maker, part, &count);
    return count;
}

static bool make_elements(struct parity_maker *maker, const struct vcmd_part *part)
{
    uint32_t count = count_of(maker, part);
    size_t base = maker->at;

    if (!grow(maker, (size_t)count * part->stride))
        return false;
    if (part->kind == VCMD_PART_PADDING)
        return true;
    for (uint32_t i = 0; i < count; i++, base += part->stride)
        make_items(maker, part, base);
    return true;
}

/* Text of printable characters, or data of any bytes. */
static void fill(struct parity_maker *maker, uint8_t *to, size_t bytes, bool text)
{
    for (size_t i = 0; i < bytes; i++)
        to[i] = (uint8_t)(text ? 32 + parity_below(maker->random, 95)
                               : parity_below(maker->random, 256));
}

static size_t random_size(struct parity_maker *maker, const struct vcmd_part *part)
{
    size_t least = part->min_count;
    size_t around = part->terminated ? 1 + 4 * (size_t)part->spare : 0;
    size_t bytes = parity_below(maker->random, 4 * MOST_ELEMENTS);

    if (part->least_payload > around && part->least_payload - around > least)
        least = part->least_payload - around;
    return bytes < least ? least : bytes;
}

/* Data that is counted in dwords only has no other sizes. */
static bool make_bytes(struct parity_maker *maker, const struct vcmd_part *part)
{
    const struct vcmd_item *item = &vcmd_table_items[part->first_item];
    bool text = item->type == VCMD_FIELD_STRING;
    const uint8_t *known = NULL;
    size_t from = maker->at;
    size_t bytes = 0;

    if (maker->world)
        known = parity_fit_bytes(maker, part, &bytes);
    if (bytes == 0)
        bytes = part->count_item != 0 ? count_of(maker, part) : random_size(maker, part);
    if (!text && part->count_item == 0)
        bytes = (bytes + 3) / 4 * 4;
    if (!grow(maker, (bytes + (part->terminated ? 1 : 0) + 3) / 4 * 4 + 4 * (size_t)part->spare))
        return false;
    if (known)
        memcpy(maker->bytes + from, known, bytes);
    else
        fill(maker, maker->bytes + from, bytes, text);
    return true;
}

static bool is_there(const struct parity_maker *maker, const struct vcmd_part *part)
{
    const struct vcmd_item *item = &vcmd_table_items[maker->layout->first_item + part->when_item];

    if (part->when == VCMD_WHEN_ALWAYS)
        return true;
    if (part->when == VCMD_WHEN_ROOM)
        return parity_chance(maker->random, 50);
    return parity_get(maker, item, 0, 0) != 0;
}

static bool make_part(struct parity_maker *maker, const struct vcmd_part *part)
{
    if (!is_there(maker, part))
        return true;
    switch (part->kind) {
    case VCMD_PART_FIXED:
        if (part->when != VCMD_WHEN_ALWAYS && !grow(maker, part->bytes))
            return false;
        make_items(maker, part, 0);
        return true;
    case VCMD_PART_REPEAT:
        for (size_t i = 0; i < part->repeat; i++)
            make_items(maker, part, part->place + i * part->stride);
        return true;
    case VCMD_PART_BYTES:
        return make_bytes(maker, part);
    case VCMD_PART_TAIL: /* of control commands only */
        return false;
    default:
        return make_elements(maker, part);
    }
}

/* ---- packets ---- */

static bool size_is_good(const struct vcmd_size_rule *rule, size_t dwords)
{
    switch (rule->kind) {
    case VCMD_SIZE_EXACT:
        return dwords == rule->base;
    case VCMD_SIZE_AT_LEAST:
        return dwords >= rule->base;
    case VCMD_SIZE_ONE_OF:
        return dwords < 32 && (rule->sizes >> dwords & 1) != 0;
    case VCMD_SIZE_STEPS:
        return dwords >= rule->base && (dwords - rule->base) % rule->step == 0 &&
               (dwords - rule->base) / rule->step <= rule->most;
    default:
        return true;
    }
}

static uint8_t object_of(const struct parity_maker *maker)
{
    const struct parity_object *object = NULL;

    if (maker->layout->object == VCMD_OBJECT_NONE)
        return 0;
    if (maker->layout->object != VCMD_OBJECT_ANY)
        return maker->layout->object;
    if (maker->world)
        object = parity_world_find(maker->world, (uint32_t)load(maker->bytes + 4, 4));
    return object ? object->type : (uint8_t)(1 + parity_below(maker->random, 11));
}

/* What tells this layout from the others of its header must be so. */
static bool is_of_kind(const struct parity_maker *maker, enum vcmd_packet_kind kind)
{
    uint64_t scratch[VCMD_DECODER_SCRATCH / 8];
    struct vcmd_decoder decoder;
    struct vcmd_packet decoded;

    vcmd_decoder_init(&decoder, (const uint32_t *)(const void *)maker->bytes, maker->at / 4,
                      scratch, sizeof(scratch));
    /* On big-endian machines scratch may be too small for what is a good packet all the same. */
    vcmd_decode_next(&decoder, &decoded);
    return decoded.kind == kind;
}

static bool make_packet(struct parity_maker *maker)
{
    const struct vcmd_layout *layout = maker->layout;
    size_t payload;

    maker->at = 0;
    if (!grow(maker, layout->fixed))
        return false;
    for (size_t i = 0; i < layout->parts; i++)
        if (!make_part(maker, &vcmd_table_parts[layout->first_part + i]))
            return false;
    payload = maker->at / 4 - 1;
    if (payload > 0xffff || !size_is_good(&layout->host, payload))
        return false;
    maker->bytes[0] = (uint8_t)layout->number;
    maker->bytes[1] = object_of(maker);
    maker->bytes[2] = (uint8_t)payload;
    maker->bytes[3] = (uint8_t)(payload >> 8);
    return true;
}

size_t parity_generate(enum vcmd_packet_kind kind, const struct parity_world *world,
                       struct parity_random *random, uint32_t *to, size_t room)
{
    struct parity_maker maker = {
        .layout = &vcmd_table_packets[kind],
        .world = world,
        .random = random,
        .bytes = (uint8_t *)to,
        .room = 4 * room,
    };

    for (int i = 0; i < TRIES; i++)
        if (make_packet(&maker) && is_of_kind(&maker, kind))
            return maker.at / 4;
    return 0;
}
