/* SPDX-License-Identifier: MIT */
#ifndef VCMD_DECIMAL_H
#define VCMD_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Floats as decimal text and back, with integers only: kernels have no floating point. Bits are
 * those of IEEE 754; width is 4 or 8 bytes.
 */

/* Characters that suffice for any float. */
#define VCMD_DECIMAL_MAX 32

/*
 * Writes the shortest text that vcmd_decimal_parse makes the same bits of: "0.5", "-1e+30", "inf".
 * A NaN is written as its bits, "0x7fc00000". Returns the length; there is no NUL.
 */
size_t vcmd_decimal_print(char text[VCMD_DECIMAL_MAX], uint64_t bits, unsigned int width);

/*
 * Reads a decimal number, rounded to the nearest float, "inf" or "-inf"; not the form of a NaN.
 * False when the text is something else, has over 19 digits that count, or is too large.
 */
bool vcmd_decimal_parse(const char *text, size_t length, unsigned int width, uint64_t *bits);

#endif
