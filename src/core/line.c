/* SPDX-License-Identifier: MIT */
#include "line.h"

/* The quotient, without a division of 64 bits, which some machines have only in a library. */
static uint64_t divide_by_10(uint64_t value, uint32_t *rest)
{
    uint32_t high = (uint32_t)(value >> 32), low = (uint32_t)value;
    /* What is left of the high half goes before the low one, which takes two steps of 16 bits. */
    uint32_t middle = high % 10 << 16 | low >> 16;
    uint32_t last = middle % 10 << 16 | (low & 0xffff);

    *rest = last % 10;
    return (uint64_t)(high / 10) << 32 | (uint64_t)(middle / 10) << 16 | last / 10;
}

size_t vcmd_digits(char *digits, uint64_t value)
{
    char reversed[VCMD_DIGITS];
    size_t count = 0, length = 0;
    uint32_t rest;

    while (value > UINT32_MAX) {
        value = divide_by_10(value, &rest);
        reversed[count++] = (char)('0' + rest);
    }
    for (uint32_t small = (uint32_t)value; small != 0 || count == 0; small /= 10)
        reversed[count++] = (char)('0' + small % 10);
    while (count != 0)
        digits[length++] = reversed[--count];
    return length;
}

size_t vcmd_hex(char *text, uint64_t value)
{
    size_t length = 3;

    for (uint64_t rest = value >> 4; rest != 0; rest >>= 4)
        length++;
    text[0] = '0';
    text[1] = 'x';
    for (size_t i = length; i-- > 2; value >>= 4)
        text[i] = "0123456789abcdef"[value & 15];
    return length;
}

void vcmd_line_text(struct vcmd_line *line, const char *text)
{
    while (*text != '\0')
        vcmd_line_char(line, *text++);
}

void vcmd_line_number(struct vcmd_line *line, uint64_t value)
{
    char digits[VCMD_DIGITS];
    size_t count = vcmd_digits(digits, value);

    for (size_t i = 0; i < count; i++)
        vcmd_line_char(line, digits[i]);
}

void vcmd_line_hex(struct vcmd_line *line, uint64_t value)
{
    char text[VCMD_HEX];
    size_t length = vcmd_hex(text, value);

    for (size_t i = 0; i < length; i++)
        vcmd_line_char(line, text[i]);
}

void vcmd_line_value(struct vcmd_line *line, uint64_t value)
{
    if (value >> 63 != 0) {
        vcmd_line_char(line, '-');
        value = ~value + 1;
    }
    vcmd_line_number(line, value);
}

void vcmd_line_index(struct vcmd_line *line, uint64_t index)
{
    vcmd_line_char(line, '[');
    vcmd_line_number(line, index);
    vcmd_line_char(line, ']');
}

void vcmd_line_element(struct vcmd_line *line, const char *name, uint64_t index)
{
    while (*name != '\0' && *name != '.')
        vcmd_line_char(line, *name++);
    vcmd_line_index(line, index);
    vcmd_line_text(line, name);
}

size_t vcmd_line_end(const struct vcmd_line *line)
{
    if (line->capacity != 0)
        line->text[line->length < line->capacity ? line->length : line->capacity - 1] = '\0';
    return line->length;
}
