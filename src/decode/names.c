/* SPDX-License-Identifier: MIT */
#include "../core/line.h"
#include "visit.h"
#include <virglcmd/control.h>
#include <virglcmd/format.h>

/* Words for numbers and numbers for words. */

static size_t length_of(const char *text)
{
    size_t length = 0;

    while (text[length] != '\0')
        length++;
    return length;
}

/* Formats have a table of their own. */
static const char *format_name(uint32_t format)
{
    const struct vcmd_format_info *info = vcmd_format_info(format);

    return info != NULL ? info->name : NULL;
}

static const struct vcmd_enum_table *table_of(enum vcmd_enum_id id)
{
    return (unsigned int)id < vcmd_table_enum_count ? &vcmd_table_enums[id] : &vcmd_table_enums[0];
}

const char *vcmd_enum_name(enum vcmd_enum_id id, uint32_t value)
{
    const struct vcmd_enum_table *table = table_of(id);
    const struct vcmd_enum_row *rows = &vcmd_table_enum_rows[table->first];
    size_t low = 0, high = table->count;

    if (id == VCMD_ENUM_FORMAT)
        return format_name(value);
    while (low < high) {
        size_t middle = (low + high) / 2;

        if (rows[middle].value < value)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == table->count || rows[low].value != value)
        return NULL;
    return vcmd_table_name(rows[low].name);
}

bool vcmd_enum_value(enum vcmd_enum_id id, size_t i, uint32_t *value, const char **name)
{
    const struct vcmd_enum_table *table = table_of(id);

    if (id == VCMD_ENUM_FORMAT) {
        /* Numbers without a format are left out. */
        for (uint32_t format = 0; format < VCMD_FORMAT_LIMIT; format++) {
            *name = format_name(format);
            *value = format;
            if (*name != NULL && i-- == 0)
                return true;
        }
        return false;
    }
    if (i >= table->count)
        return false;
    *value = vcmd_table_enum_rows[table->first + i].value;
    *name = vcmd_table_name(vcmd_table_enum_rows[table->first + i].name);
    return true;
}

static bool same(const char *text, const char *name, size_t length)
{
    return length_of(text) == length && memcmp(text, name, length) == 0;
}

bool vcmd_enum_by_name(enum vcmd_enum_id id, const char *name, size_t length, uint32_t *value)
{
    const struct vcmd_enum_table *table = table_of(id);
    const struct vcmd_enum_row *rows = &vcmd_table_enum_rows[table->first];

    for (uint32_t i = 0; id == VCMD_ENUM_FORMAT && i < VCMD_FORMAT_LIMIT; i++) {
        const char *text = format_name(i);

        if (text != NULL && same(text, name, length)) {
            *value = i;
            return true;
        }
    }
    for (size_t i = 0; i < table->count; i++) {
        if (same(vcmd_table_name(rows[i].name), name, length)) {
            *value = rows[i].value;
            return true;
        }
    }
    return false;
}

const struct vcmd_layout *vcmd_layout_by_name(const char *name, size_t length)
{
    for (uint32_t i = 1; i < VCMD_PACKET_KIND_COUNT; i++) {
        if (same(vcmd_table_name(vcmd_table_packets[i].name), name, length))
            return &vcmd_table_packets[i];
    }
    return NULL;
}

bool vcmd_enum_is_flags(enum vcmd_enum_id id)
{
    return table_of(id)->flags;
}

const char *vcmd_enum_id_name(enum vcmd_enum_id id)
{
    return vcmd_table_name(table_of(id)->name);
}

const char *vcmd_handle_kind_name(enum vcmd_handle_kind kind)
{
    return (unsigned int)kind < VCMD_HANDLE_KIND_COUNT ? vcmd_table_name(vcmd_table_handles[kind])
                                                       : "";
}

const char *vcmd_ctrl_type_name(uint32_t type)
{
    return vcmd_enum_name(VCMD_ENUM_CTRL_TYPE, type);
}

size_t vcmd_field_name(const struct vcmd_field *field, size_t i, char *text, size_t capacity)
{
    struct vcmd_line line = {text, capacity, 0};

    if (field->in_array)
        vcmd_line_element(&line, field->name, field->index);
    else
        vcmd_line_text(&line, field->name);
    if (field->is_array && i != SIZE_MAX && field->row != 0) {
        vcmd_line_index(&line, (uint32_t)i / field->row);
        vcmd_line_index(&line, (uint32_t)i % field->row);
    } else if (field->is_array && i != SIZE_MAX) {
        vcmd_line_index(&line, i);
    }
    return vcmd_line_end(&line);
}
