/* SPDX-License-Identifier: MIT */
#ifndef VCMD_LINE_H
#define VCMD_LINE_H

#include <stddef.h>
#include <stdint.h>

#define VCMD_DIGITS 20 /* of the largest number of 64 bits */

/* The decimal digits of a number, without a NUL behind them. Returns how many: VCMD_DIGITS at most.
 */
size_t vcmd_digits(char *digits, uint64_t value);

#define VCMD_HEX 18 /* characters of the largest number of 64 bits, 0x included */

/* "0x1f", without a NUL behind it. Returns how many characters: VCMD_HEX at most. */
size_t vcmd_hex(char *text, uint64_t value);

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

void vcmd_line_text(struct vcmd_line *line, const char *text);
void vcmd_line_number(struct vcmd_line *line, uint64_t value);
void vcmd_line_hex(struct vcmd_line *line, uint64_t value);

/* Negative values arrive as large ones: shows them as they were. */
void vcmd_line_value(struct vcmd_line *line, uint64_t value);

/* "[3]" */
void vcmd_line_index(struct vcmd_line *line, uint64_t index);

/* "buffers[3].res_handle": of a field in an array, whose name is "buffers.res_handle". */
void vcmd_line_element(struct vcmd_line *line, const char *name, uint64_t index);

/* Puts a NUL where the text ends, if there is any memory. Returns the length of the whole line. */
size_t vcmd_line_end(const struct vcmd_line *line);

#endif
