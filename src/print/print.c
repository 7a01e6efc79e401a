/* SPDX-License-Identifier: MIT */
#include "../decode/visit.h"
#include "writer.h"

/* What the printing of one packet knows while it visits the fields. */
struct print {
    struct vcmd_writer w;
    unsigned int flags;
};

/* Zero goes without saying, unless it is a word or names something. */
static bool goes_without_saying(const struct vcmd_field *field)
{
    /* Where the size of the payload alone says that something is there, the text must. */
    if (field->item->begins)
        return false;
    if (field->type == VCMD_FIELD_STRING || field->type == VCMD_FIELD_BYTES ||
        (field->is_array && field->item->count == 1))
        return field->count == 0;
    if (field->bits == 32 && !field->is_array &&
        (field->enum_id != VCMD_ENUM_NONE || field->handle != VCMD_HANDLE_NONE))
        return false;
    for (size_t i = 0; i < field->count; i++) {
        if (vcmd_field_value(field, i) != 0)
            return false;
    }
    return true;
}

/* Text without what filling up with zeros makes anyway. */
static size_t shown_size(const struct vcmd_field *field)
{
    size_t size = field->count;

    if (field->item->count == 1) {
        if (!field->item->terminated) {
            if (size % 4 != 1 && size != 0 && field->bytes[size - 1] == 0)
                size--;
            return size;
        }
    }
    while (size != 0 && field->bytes[size - 1] == 0)
        size--;
    return size;
}

static void write_values(struct vcmd_writer *w, const struct vcmd_field *field)
{
    struct vcmd_field shown = *field;

    if (field->type == VCMD_FIELD_STRING)
        shown.count = shown_size(field);
    if (field->type == VCMD_FIELD_PADDING) {
        vcmd_write_number(w, field->count);
        return;
    }
    if (!field->is_array || field->type >= VCMD_FIELD_STRING) {
        vcmd_write_value(w, &shown, 0);
        return;
    }
    vcmd_write_char(w, '[');
    for (size_t i = 0; i < field->count; i++) {
        if (i != 0)
            vcmd_write_text(w, ", ");
        vcmd_write_value(w, field, i);
    }
    vcmd_write_char(w, ']');
}

static void begin_field(struct print *p)
{
    vcmd_write_text(&p->w, (p->flags & VCMD_PRINT_FULL) != 0 ? "\n    " : " ");
}

static bool print_field(void *user, const struct vcmd_field *field)
{
    struct print *p = (struct print *)user;
    char name[96];

    if (field->type == VCMD_FIELD_PADDING
            ? field->count == 0
            : (p->flags & VCMD_PRINT_FULL) == 0 && goes_without_saying(field))
        return true;
    begin_field(p);
    (void)vcmd_field_name(field, SIZE_MAX, name, sizeof(name));
    vcmd_write_text(&p->w, name);
    vcmd_write_char(&p->w, '=');
    write_values(&p->w, field);
    if ((p->flags & (VCMD_PRINT_FULL | VCMD_PRINT_DWORDS)) ==
        (VCMD_PRINT_FULL | VCMD_PRINT_DWORDS)) {
        vcmd_write_text(&p->w, " # dword ");
        vcmd_write_number(&p->w, field->place / 4);
    }
    return true;
}

/* Differences that a zeroed dword would not have anyway. */
static bool print_difference(void *user, const struct vcmd_difference *difference)
{
    struct print *p = (struct print *)user;

    if (difference->found == difference->canonical)
        return true;
    begin_field(p);
    vcmd_write_char(&p->w, '@');
    vcmd_write_number(&p->w, difference->dword);
    vcmd_write_char(&p->w, '=');
    vcmd_write_hex(&p->w, difference->found);
    return true;
}

static bool no_difference(void *user, const struct vcmd_difference *difference)
{
    (void)user;
    (void)difference;
    return true;
}

/* A packet that is no packet: its dwords, and why. */
static void print_raw(struct print *p, const uint32_t *dwords, size_t count,
                      const struct vcmd_error *error)
{
    char reason[160];

    vcmd_write_text(&p->w, "RAW");
    for (size_t i = 0; i < count; i++) {
        vcmd_write_text(&p->w, i != 0 && i % 8 == 0 ? "\n    " : " ");
        vcmd_write_hex(&p->w, vcmd_le32(dwords[i]));
    }
    (void)vcmd_error_format(error, reason, sizeof(reason));
    vcmd_write_text(&p->w, " # ");
    vcmd_write_text(&p->w, reason);
    vcmd_write_char(&p->w, '\n');
}

static void print_good(struct print *p, const uint32_t *dwords, size_t length)
{
    struct vcmd_error error;
    size_t size = 0, canonical;
    const struct vcmd_layout *layout = vcmd_packet_layout(dwords, length, &size, &error);
    uint32_t object = vcmd_le32(dwords[0]) >> 8 & 0xff;
    const char *name = vcmd_enum_name(VCMD_ENUM_OBJECT_TYPE, object);

    vcmd_write_text(&p->w, vcmd_table_name(layout->name));
    if (layout->object == VCMD_OBJECT_ANY) {
        begin_field(p);
        vcmd_write_text(&p->w, "object_type=");
        if (name != NULL)
            vcmd_write_text(&p->w, name);
        else
            vcmd_write_number(&p->w, object);
    }
    (void)vcmd_visit_layout(layout, dwords, size, print_field, p, &error);
    canonical = vcmd_canonical_size(layout, dwords, size);
    if (canonical != size) {
        begin_field(p);
        vcmd_write_text(&p->w, "@size=");
        vcmd_write_number(&p->w, size / 4 - 1);
    }
    (void)vcmd_packet_differences(dwords, length, print_difference, p, &error);
    vcmd_write_char(&p->w, '\n');
}

static size_t print_one(struct print *p, const uint32_t *dwords, size_t length, size_t position)
{
    struct vcmd_error error;
    size_t size;

    if (length == 0)
        return 0;
    size = 1 + (size_t)(vcmd_le32(dwords[0]) >> 16);
    if (size > length)
        size = length;
    if ((p->flags & VCMD_PRINT_POSITIONS) != 0) {
        vcmd_write_text(&p->w, "# dword ");
        vcmd_write_number(&p->w, position);
        vcmd_write_char(&p->w, '\n');
    }
    if (vcmd_packet_differences(dwords, length, no_difference, NULL, &error) != VCMD_STATUS_OK)
        print_raw(p, dwords, size, &error);
    else
        print_good(p, dwords, length);
    return size;
}

size_t vcmd_print_packet(const uint32_t *dwords, size_t length, unsigned int flags,
                         vcmd_text_fn text, void *user)
{
    struct print p = {{text, user, 0, {0}}, flags & ~(unsigned int)VCMD_PRINT_POSITIONS};
    size_t size = print_one(&p, dwords, length, 0);

    vcmd_write_flush(&p.w);
    return size;
}

void vcmd_print_stream(const uint32_t *dwords, size_t length, unsigned int flags, vcmd_text_fn text,
                       void *user)
{
    struct print p = {{text, user, 0, {0}}, flags};
    size_t position = 0;

    while (position < length)
        position += print_one(&p, dwords + position, length - position, position);
    vcmd_write_flush(&p.w);
}

void vcmd_print_control(const void *bytes, size_t size, unsigned int flags, vcmd_text_fn text,
                        void *user)
{
    struct print p = {{text, user, 0, {0}}, flags};
    const char *name = NULL;
    char reason[160];
    struct vcmd_error error;

    if (bytes != NULL && size >= 4)
        name = vcmd_ctrl_type_name(vcmd_load32((const uint8_t *)bytes));
    vcmd_write_text(&p.w, name != NULL ? name : "UNKNOWN");
    if (vcmd_visit_control(bytes, size, print_field, &p, &error) != VCMD_STATUS_OK) {
        (void)vcmd_error_format(&error, reason, sizeof(reason));
        vcmd_write_text(&p.w, " # ");
        vcmd_write_text(&p.w, reason);
    }
    vcmd_write_char(&p.w, '\n');
    vcmd_write_flush(&p.w);
}
