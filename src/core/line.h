/* SPDX-License-Identifier: MIT */
#ifndef VCMD_LINE_H
#define VCMD_LINE_H

#include <stddef.h>
#include <stdint.h>

/* A line for people that is being written: keeps counting when the memory is full. */
struct vcmd_line {
    char *text;
    size_t capacity, length;
};

static inline void vcmd_line_char(struct vcmd_line *line, char c)
{
    if (line->length + 1 < line->capacity)
        line->text[line->length] = c;
    line->length++;
}

static inline void vcmd_line_text(struct vcmd_line *line, const char *text)
{
    while (*text != '\0')
        vcmd_line_char(line, *text++);
}

static inline void vcmd_line_number(struct vcmd_line *line, uint64_t value)
{
    char digits[20];
    size_t count = 0;

    do {
        digits[count++] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    while (count > 0)
        vcmd_line_char(line, digits[--count]);
}

/* Negative values arrive as large ones: shows them as they were. */
static inline void vcmd_line_value(struct vcmd_line *line, uint64_t value)
{
    if (value >> 63 != 0) {
        vcmd_line_char(line, '-');
        value = ~value + 1;
    }
    vcmd_line_number(line, value);
}

#endif
