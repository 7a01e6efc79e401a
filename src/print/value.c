/* SPDX-License-Identifier: MIT */
#include "decimal.h"
#include "writer.h"

/* A word that the assembler cannot take for a number. */
static const char *word_for(uint8_t enum_id, uint32_t value)
{
    const char *name = vcmd_enum_name((enum vcmd_enum_id)enum_id, value);

    return name != NULL && (name[0] < '0' || name[0] > '9') ? name : NULL;
}

static void write_flags(struct vcmd_writer *w, uint8_t enum_id, uint32_t value)
{
    const char *name;
    bool first = true;

    for (uint32_t bit = 1; bit != 0 && value != 0; bit <<= 1) {
        name = (value & bit) != 0 ? word_for(enum_id, bit) : NULL;
        if (name == NULL)
            continue;
        if (!first)
            vcmd_write_char(w, '|');
        vcmd_write_text(w, name);
        value &= ~bit;
        first = false;
    }
    if (value == 0)
        return;
    if (!first)
        vcmd_write_char(w, '|');
    vcmd_write_hex(w, value);
}

static void write_enum(struct vcmd_writer *w, uint8_t enum_id, uint32_t value)
{
    const char *name = word_for(enum_id, value);

    if (name != NULL)
        vcmd_write_text(w, name);
    else if (value != 0 && vcmd_enum_is_flags((enum vcmd_enum_id)enum_id))
        write_flags(w, enum_id, value);
    else
        vcmd_write_number(w, value);
}

static void write_float(struct vcmd_writer *w, uint64_t bits, unsigned int width)
{
    char text[VCMD_DECIMAL_MAX];
    size_t length = vcmd_decimal_print(text, bits, width);

    for (size_t i = 0; i < length; i++)
        vcmd_write_char(w, text[i]);
}

void vcmd_write_value(struct vcmd_writer *w, const struct vcmd_field *field, size_t i)
{
    uint64_t value;

    if (field->type == VCMD_FIELD_STRING) {
        vcmd_write_string(w, field->bytes, field->count);
        return;
    }
    if (field->type == VCMD_FIELD_BYTES) {
        vcmd_write_text(w, "x\"");
        vcmd_write_bytes(w, field->bytes, field->count);
        vcmd_write_char(w, '"');
        return;
    }
    value = vcmd_field_value(field, i);
    if (field->type == VCMD_FIELD_FLOAT)
        write_float(w, value, field->width);
    else if (field->type == VCMD_FIELD_INT)
        vcmd_write_signed(w, (int64_t)value);
    else if (field->enum_id != VCMD_ENUM_NONE)
        write_enum(w, field->enum_id, (uint32_t)value);
    else if (field->is_array && field->handle == VCMD_HANDLE_NONE && value > 9)
        vcmd_write_hex(w, value);
    else
        vcmd_write_number(w, value);
}

void vcmd_print_value(const struct vcmd_field *field, size_t i, vcmd_text_fn text, void *user)
{
    struct vcmd_writer w = {text, user, 0, {0}};

    vcmd_write_value(&w, field, i);
    vcmd_write_flush(&w);
}
