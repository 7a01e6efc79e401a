/* SPDX-License-Identifier: MIT */
#ifndef TOOL_DIFF_FIELDS_H
#define TOOL_DIFF_FIELDS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Prints two packets of one kind that are not the same: "~ DRAW_VBO count: 3 -> 6, mode: ...".
 * What no field shows appears as dwords.
 */
void diff_fields(const uint32_t *a, size_t num_a, const uint32_t *b, size_t num_b);

#endif
