/* SPDX-License-Identifier: MIT */
#include "../core/encode.h"
#include "../decode/visit.h"
#include "assemble_text.h"
#include "decimal.h"

/*
 * A packet is read twice: first to learn how large each part is, then, with its place in the buffer
 * known, to store the values. The fields may come in any order.
 */

#define UNSAID UINT32_MAX

struct packet {
    const struct vcmd_layout *layout;
    uint32_t count[VCMD_MAX_PARTS]; /* elements or bytes that the text has */
    bool named[VCMD_MAX_PARTS];     /* the text has fields of it */
    size_t at[VCMD_MAX_PARTS];      /* bytes from the header */
    uint32_t said;                  /* value of the field that counts a part, or UNSAID */
    uint32_t object;
    size_t size;      /* bytes, header included */
    size_t final;     /* what @size makes of it */
    uint32_t *dwords; /* NULL in the first pass */
};

/* A field of the text: an item of a part, and which element. */
struct target {
    const struct vcmd_part *part;
    const struct vcmd_item *item;
    const char *name;
    uint32_t part_number, index;
};

/* ---- values ---- */

/* A word with its place, for errors. */
struct word {
    const char *text;
    size_t length, at;
};

/* The word that is next, not taken. */
static void peek_word(const struct vcmd_scanner *s, struct word *word)
{
    struct vcmd_scanner ahead = *s;

    word->at = s->at;
    word->length = vcmd_scan_word(&ahead, &word->text);
}

static bool fail_word(const struct vcmd_scanner *s, const struct word *word,
                      enum vcmd_status status, const char *expected, const char *name)
{
    return vcmd_scan_fail(s, word->at, word->length, status, expected, name);
}

static bool one_of(const struct vcmd_scanner *s, const struct word *word,
                   const struct vcmd_item *item, uint64_t *value)
{
    enum vcmd_enum_id id = (enum vcmd_enum_id)item->enum_id;
    uint32_t number;

    if (vcmd_number_of(word->text, word->length, value))
        return true;
    if (id == VCMD_ENUM_NONE)
        return fail_word(s, word, VCMD_STATUS_MALFORMED, "a number for",
                         vcmd_table_name(item->name));
    if (!vcmd_enum_by_name(id, word->text, word->length, &number))
        return fail_word(s, word, VCMD_STATUS_UNKNOWN_VALUE, "a number or a word of",
                         vcmd_enum_id_name(id));
    *value = number;
    return true;
}

/* Bits of a signed number, or false. */
static bool negative(const struct word *word, unsigned int bits, uint64_t *value)
{
    if (word->length < 2 || word->text[0] != '-' ||
        !vcmd_number_of(word->text + 1, word->length - 1, value) ||
        *value > (uint64_t)1 << (bits - 1))
        return false;
    *value = (0 - *value) & (UINT64_MAX >> (64 - bits));
    return true;
}

static bool float_value(const struct word *word, const struct vcmd_item *item, uint64_t *value)
{
    if (word->length > 2 && word->text[0] == '0' && word->text[1] == 'x')
        return vcmd_number_of(word->text, word->length, value);
    return vcmd_decimal_parse(word->text, word->length, item->width, value);
}

static bool scan_word(struct vcmd_scanner *s, const struct vcmd_item *item, struct word *word)
{
    vcmd_scan_space(s);
    word->at = s->at;
    word->length = vcmd_scan_word(s, &word->text);
    return word->length != 0 ||
           vcmd_fail_here(s, VCMD_STATUS_MALFORMED, "a value for", vcmd_table_name(item->name));
}

static bool is_flags(const struct vcmd_item *item)
{
    return item->enum_id != VCMD_ENUM_NONE && vcmd_enum_is_flags((enum vcmd_enum_id)item->enum_id);
}

static bool scan_value(struct vcmd_scanner *s, const struct vcmd_item *item, uint64_t *value)
{
    const char *name = vcmd_table_name(item->name);
    struct word word;
    uint64_t more;

    if (!scan_word(s, item, &word))
        return false;
    if (item->type == VCMD_FIELD_FLOAT) {
        if (!float_value(&word, item, value))
            return fail_word(s, &word, VCMD_STATUS_MALFORMED, "a float or its bits for", name);
    } else if (item->type != VCMD_FIELD_INT || !negative(&word, item->bits, value)) {
        if (!one_of(s, &word, item, value))
            return false;
        while (is_flags(item) && vcmd_scan_take(s, '|')) {
            if (!scan_word(s, item, &word) || !one_of(s, &word, item, &more))
                return false;
            *value |= more;
        }
    }
    if (s->at < s->length && s->text[s->at] == '|')
        return vcmd_fail_here(s, VCMD_STATUS_MALFORMED, "one value and no flags for", name);
    if (item->bits < 64 && *value >> item->bits != 0)
        return fail_word(s, &word, VCMD_STATUS_OUT_OF_RANGE, "fewer bits for", name);
    return true;
}

/* ---- where a field is ---- */

static bool index_of(const char **path, const char *end, uint32_t *index)
{
    const char *digits = *path + 1, *c = digits;
    uint64_t value;

    while (c < end && *c != ']')
        c++;
    if (c == end || !vcmd_number_of(digits, (size_t)(c - digits), &value) || value > 65535)
        return false;
    *index = (uint32_t)value;
    *path = c + 1;
    return true;
}

/* Whether a path of the text, "rt[2].func", is a name of the table, "rt.func". */
static bool same_path(const char *path, size_t length, const char *name, bool indexed,
                      uint32_t *index)
{
    const char *end = path + length;
    bool found = !indexed;

    for (; path < end && *path != '['; path++, name++) {
        if (*name == '\0' || *name != *path)
            return false;
    }
    if (path < end && indexed && (*name == '.' || *name == '\0'))
        found = index_of(&path, end, index);
    return found && vcmd_same_word(path, (size_t)(end - path), name);
}

static bool find_target(const struct vcmd_layout *layout, const char *path, size_t length,
                        struct target *target)
{
    target->index = 0;
    for (uint32_t i = 0; i < layout->parts; i++) {
        const struct vcmd_part *part = &vcmd_table_parts[layout->first_part + i];
        bool indexed = part->kind == VCMD_PART_REPEAT || part->kind == VCMD_PART_ARRAY;

        for (uint32_t k = 0; k < part->items; k++) {
            const struct vcmd_item *item = &vcmd_table_items[part->first_item + k];

            if (!same_path(path, length, vcmd_table_name(item->name), indexed, &target->index))
                continue;
            target->part = part;
            target->item = item;
            target->name = vcmd_table_name(item->name);
            target->part_number = i;
            return true;
        }
    }
    return false;
}

/* ---- storing ---- */

static void store_bits(const struct vcmd_item *item, uint8_t *unit, uint64_t value)
{
    uint32_t mask = 0xffffffffu;

    if (item->width == 8) {
        vcmd_store64(unit, value);
        return;
    }
    mask = (mask >> (32 - item->bits)) << item->shift;
    vcmd_store32(unit, (vcmd_load32(unit) & ~mask) | ((uint32_t)value << item->shift & mask));
}

/* Where value number i of a field goes. */
static uint8_t *unit_of(const struct packet *packet, const struct target *target, size_t i)
{
    const struct vcmd_part *part = target->part;
    size_t place = target->item->place + i * target->item->width;

    if (part->kind == VCMD_PART_REPEAT)
        place += part->place + (size_t)target->index * part->stride;
    else if (part->kind != VCMD_PART_FIXED)
        place += packet->at[target->part_number] + (size_t)target->index * part->stride;
    return (uint8_t *)packet->dwords + place;
}

static bool scan_list(struct vcmd_scanner *s, struct packet *packet, const struct target *target,
                      size_t most, size_t *count)
{
    uint64_t value;

    vcmd_scan_space(s);
    if (!vcmd_scan_take(s, '['))
        return vcmd_fail_here(s, VCMD_STATUS_MALFORMED, "a list in [ ] for", target->name);
    for (*count = 0;; ++*count) {
        vcmd_scan_space(s);
        if (vcmd_scan_take(s, ']'))
            return true;
        if (*count == most)
            return vcmd_fail_here(s, VCMD_STATUS_TOO_MANY, "no more values for", target->name);
        if (!scan_value(s, target->item, &value))
            return false;
        if (packet->dwords != NULL)
            store_bits(target->item, unit_of(packet, target, *count), value);
        vcmd_scan_space(s);
        (void)vcmd_scan_take(s, ',');
    }
}

static void grow(struct packet *packet, const struct target *target, size_t count)
{
    if (packet->count[target->part_number] < count)
        packet->count[target->part_number] = (uint32_t)count;
}

static bool field_bytes(struct vcmd_scanner *s, struct packet *packet, const struct target *target)
{
    uint8_t *to = packet->dwords != NULL ? unit_of(packet, target, 0) : NULL;
    size_t size, start;

    vcmd_scan_space(s);
    start = s->at;
    if (!vcmd_scan_bytes(s, target->name, to, &size))
        return false;
    if (size > 4 * (size_t)VCMD_MAX_PAYLOAD)
        return vcmd_scan_fail(s, start, 1, VCMD_STATUS_TOO_LONG, "at most 262140 bytes for",
                              target->name);
    grow(packet, target, size);
    return true;
}

static bool field_padding(struct vcmd_scanner *s, struct packet *packet,
                          const struct target *target)
{
    size_t start;
    uint64_t value;

    vcmd_scan_space(s);
    start = s->at;
    if (!scan_value(s, target->item, &value))
        return false;
    if (value > VCMD_MAX_PAYLOAD)
        return vcmd_scan_fail(s, start, s->at - start, VCMD_STATUS_TOO_LONG,
                              "at most 65535 dwords for", target->name);
    grow(packet, target, (size_t)value);
    return true;
}

static bool field_scalar(struct vcmd_scanner *s, struct packet *packet, const struct target *target)
{
    size_t start;
    uint64_t value;

    vcmd_scan_space(s);
    start = s->at;
    if (!scan_value(s, target->item, &value))
        return false;
    if (target->item->is_count) {
        if (value > 4 * (uint64_t)VCMD_MAX_PAYLOAD)
            return vcmd_scan_fail(s, start, s->at - start, VCMD_STATUS_TOO_LONG,
                                  "fewer elements for", target->name);
        packet->said = (uint32_t)value;
    }
    if (packet->dwords != NULL)
        store_bits(target->item, unit_of(packet, target, 0), value);
    return true;
}

/* What stands behind "name=". */
static bool field_value(struct vcmd_scanner *s, struct packet *packet, const struct target *target)
{
    size_t count = 0;

    if (target->part->kind == VCMD_PART_BYTES)
        return field_bytes(s, packet, target);
    if (target->part->kind == VCMD_PART_PADDING)
        return field_padding(s, packet, target);
    if (target->part->kind == VCMD_PART_VALUES) {
        if (!scan_list(s, packet, target, VCMD_MAX_PAYLOAD, &count))
            return false;
        grow(packet, target, count);
        return true;
    }
    if (target->part->kind == VCMD_PART_ARRAY)
        grow(packet, target, (size_t)target->index + 1);
    if (target->item->count > 1)
        return scan_list(s, packet, target, target->item->count, &count);
    return field_scalar(s, packet, target);
}

/* ---- one packet ---- */

/* "@7=0x1" or "@size=9". */
static bool override(struct vcmd_scanner *s, struct packet *packet)
{
    struct word place, number;
    uint64_t dword = 0, value;
    bool is_size;

    peek_word(s, &place);
    is_size = vcmd_same_word(place.text, place.length, "size");
    if (!is_size && !vcmd_number_of(place.text, place.length, &dword))
        return vcmd_fail_here(s, VCMD_STATUS_MALFORMED, "size or a dword behind @", NULL);
    s->at += place.length;
    if (!vcmd_scan_take(s, '='))
        return vcmd_fail_here(s, VCMD_STATUS_MALFORMED, "=", NULL);
    peek_word(s, &number);
    if (!vcmd_number_of(number.text, number.length, &value) || value > UINT32_MAX)
        return vcmd_fail_here(s, VCMD_STATUS_MALFORMED, "a number of 32 bits", NULL);
    if (is_size && value > VCMD_MAX_PAYLOAD)
        return vcmd_fail_here(s, VCMD_STATUS_TOO_LONG, "at most 65535 dwords", NULL);
    s->at += number.length;
    /* Only the first pass decides: the second has no more room than that has asked for. */
    if (is_size && packet->dwords == NULL)
        packet->final = 4 + 4 * (size_t)value;
    if (is_size || packet->dwords == NULL)
        return true;
    if (dword >= packet->final / 4)
        return fail_word(s, &place, VCMD_STATUS_OUT_OF_RANGE, "a dword of the packet behind @",
                         NULL);
    packet->dwords[dword] = vcmd_wire32((uint32_t)value);
    return true;
}

static bool object_type(struct vcmd_scanner *s, struct packet *packet)
{
    static const struct vcmd_item item = {
        .bits = 8, .width = 4, .enum_id = VCMD_ENUM_OBJECT_TYPE, .type = VCMD_FIELD_UINT};
    uint64_t value;

    if (!scan_value(s, &item, &value))
        return false;
    packet->object = (uint32_t)value;
    return true;
}

/* A path, with its indices, up to "=". Nothing is taken when it is not one. */
static size_t scan_path(struct vcmd_scanner *s, const char **path)
{
    struct vcmd_scanner ahead = *s;
    const char *word;
    size_t length;

    *path = s->text + s->at;
    do {
        length = vcmd_scan_word(&ahead, &word);
    } while (vcmd_scan_take(&ahead, '[') || vcmd_scan_take(&ahead, ']'));
    (void)length;
    length = ahead.at - s->at;
    if (length == 0 || !vcmd_scan_take(&ahead, '='))
        return 0;
    s->at = ahead.at;
    return length;
}

static bool field(struct vcmd_scanner *s, struct packet *packet, const char *path, size_t length)
{
    const struct vcmd_layout *layout = packet->layout;
    struct target target;

    if (layout->object == VCMD_OBJECT_ANY && vcmd_same_word(path, length, "object_type"))
        return object_type(s, packet);
    if (!find_target(layout, path, length, &target))
        return vcmd_scan_fail(s, (size_t)(path - s->text), length, VCMD_STATUS_UNKNOWN_VALUE,
                              "a field of", vcmd_table_name(layout->name));
    if (target.part->kind == VCMD_PART_REPEAT && target.index >= target.part->repeat)
        return vcmd_scan_fail(s, (size_t)(path - s->text), length, VCMD_STATUS_TOO_MANY,
                              "a smaller index of", target.name);
    packet->named[target.part_number] = true;
    return field_value(s, packet, &target);
}

/* All fields of a packet, until something comes that is none. */
static bool fields(struct vcmd_scanner *s, struct packet *packet)
{
    const char *path;
    size_t length;

    for (;;) {
        vcmd_scan_space(s);
        if (vcmd_scan_take(s, '@')) {
            if (!override(s, packet))
                return false;
            continue;
        }
        length = scan_path(s, &path);
        if (length == 0)
            return true;
        if (!field(s, packet, path, length))
            return false;
    }
}

static bool is_there(const struct packet *packet, const struct vcmd_part *part, uint32_t number,
                     uint32_t counted)
{
    if (part->when == VCMD_WHEN_ROOM)
        return packet->named[number];
    return part->when == VCMD_WHEN_ALWAYS || counted != 0;
}

/* Elements of the part that a field counts: what the field says, else what there are. */
static uint32_t counted_elements(const struct packet *packet)
{
    for (uint32_t i = 0; i < packet->layout->parts; i++) {
        if (vcmd_table_parts[packet->layout->first_part + i].count_item != 0)
            return packet->said != UNSAID ? packet->said : packet->count[i];
    }
    return 0;
}

/* Where each part goes, and the size of all. False when it is said to be smaller than it is. */
static bool place_parts(struct packet *packet, uint32_t counted)
{
    packet->size = packet->layout->fixed;
    for (uint32_t i = 0; i < packet->layout->parts; i++) {
        const struct vcmd_part *part = &vcmd_table_parts[packet->layout->first_part + i];

        if (part->count_item != 0) {
            if (packet->count[i] > counted)
                return false;
            packet->count[i] = counted;
        }
        packet->at[i] = packet->size;
        if (!is_there(packet, part, i, counted)) {
            if (packet->named[i])
                return false;
            continue;
        }
        if (part->kind == VCMD_PART_BYTES)
            packet->size += vcmd_bytes_length(part, packet->count[i]);
        else if (part->kind > VCMD_PART_REPEAT)
            packet->size += (size_t)packet->count[i] * part->stride;
        else
            packet->size += part->bytes;
    }
    return true;
}

/* The field that counts, when the text leaves it out. */
static void store_count(struct packet *packet, uint32_t counted)
{
    const struct vcmd_layout *layout = packet->layout;

    for (uint32_t i = 0; i < layout->parts; i++) {
        const struct vcmd_part *part = &vcmd_table_parts[layout->first_part + i];
        const struct vcmd_item *item = &vcmd_table_items[layout->first_item + part->count_item];

        if (part->count_item != 0)
            store_bits(item - 1, (uint8_t *)packet->dwords + item[-1].place, counted);
    }
}

static bool second_pass(struct vcmd_scanner *s, struct packet *packet, struct vcmd_buffer *buf,
                        const struct word *name)
{
    const struct vcmd_layout *layout = packet->layout;
    size_t room = packet->size > packet->final ? packet->size : packet->final;
    uint32_t object = layout->object < VCMD_OBJECT_ANY ? layout->object : packet->object;

    if (room > 4 + 4 * (size_t)VCMD_MAX_PAYLOAD)
        return fail_word(s, name, VCMD_STATUS_TOO_LONG, "at most 65535 dwords of payload in",
                         vcmd_table_name(layout->name));
    if (room / 4 > buf->capacity - buf->headroom - buf->length)
        return fail_word(s, name, VCMD_STATUS_BUFFER_FULL, "a larger buffer for",
                         vcmd_table_name(layout->name));
    packet->dwords = buf->dwords + buf->headroom + buf->length;
    memset(packet->dwords, 0, room);
    store_count(packet, counted_elements(packet));
    packet->dwords[0] =
        vcmd_wire32(VCMD_PACKET_HEADER(layout->number, object, packet->final / 4 - 1));
    if (!fields(s, packet))
        return false;
    buf->length += packet->final / 4;
    return true;
}

static bool assemble_packet(struct vcmd_scanner *s, struct vcmd_buffer *buf,
                            const struct vcmd_layout *layout, const struct word *name)
{
    struct packet packet;
    size_t start = s->at;
    uint32_t counted;

    memset(&packet, 0, sizeof(packet));
    packet.layout = layout;
    packet.said = UNSAID;
    if (!fields(s, &packet))
        return false;
    counted = counted_elements(&packet);
    if (!place_parts(&packet, counted))
        return fail_word(s, name, VCMD_STATUS_TOO_MANY, "as many elements as the fields say in",
                         vcmd_table_name(layout->name));
    if (packet.final == 0)
        packet.final = packet.size;
    s->at = start;
    return second_pass(s, &packet, buf, name);
}

static bool assemble_raw(struct vcmd_scanner *s, struct vcmd_buffer *buf)
{
    struct word word;
    uint64_t value;

    for (bool any = false;; any = true) {
        vcmd_scan_space(s);
        peek_word(s, &word);
        if (!vcmd_number_of(word.text, word.length, &value))
            return any || vcmd_fail_here(s, VCMD_STATUS_MALFORMED, "a dword behind", "RAW");
        if (value > UINT32_MAX)
            return vcmd_fail_here(s, VCMD_STATUS_OUT_OF_RANGE, "a number of 32 bits", NULL);
        if (buf->length == buf->capacity - buf->headroom)
            return vcmd_fail_here(s, VCMD_STATUS_BUFFER_FULL, "a larger buffer for", "RAW");
        s->at += word.length;
        buf->dwords[buf->headroom + buf->length++] = vcmd_wire32((uint32_t)value);
    }
}

static bool assemble_all(struct vcmd_scanner *s, struct vcmd_buffer *buf)
{
    const struct vcmd_layout *layout;
    struct word name;

    for (;;) {
        vcmd_scan_space(s);
        if (s->at == s->length)
            return true;
        name.at = s->at;
        name.length = vcmd_scan_word(s, &name.text);
        if (vcmd_same_word(name.text, name.length, "RAW")) {
            if (!assemble_raw(s, buf))
                return false;
            continue;
        }
        layout = vcmd_layout_by_name(name.text, name.length);
        if (layout == NULL) {
            s->at = name.at;
            return vcmd_fail_here(s, VCMD_STATUS_UNKNOWN_VALUE, "a field or the name of a packet",
                                  NULL);
        }
        if (!assemble_packet(s, buf, layout, &name))
            return false;
    }
}

enum vcmd_status vcmd_assemble(struct vcmd_buffer *buf, const char *text, size_t length,
                               struct vcmd_text_error *error)
{
    struct vcmd_text_error own;
    struct vcmd_scanner s = {text, length, 0, error != NULL ? error : &own};
    size_t before;

    memset(s.error, 0, sizeof(*s.error));
    if (buf == NULL || (text == NULL && length != 0)) {
        s.error->expected = "a buffer and a text";
        s.error->line = s.error->column = 1;
        return s.error->status = VCMD_STATUS_NULL_ARGUMENT;
    }
    if (buf->error.status != VCMD_STATUS_OK) {
        s.error->expected = "a buffer without an error";
        s.error->line = s.error->column = 1;
        return s.error->status = buf->error.status;
    }
    before = buf->length;
    if (!assemble_all(&s, buf))
        buf->length = before;
    return s.error->status;
}
