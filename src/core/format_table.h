/* SPDX-License-Identifier: MIT */
#ifndef VCMD_FORMAT_TABLE_H
#define VCMD_FORMAT_TABLE_H

#include <virglcmd/format.h>

/* What src/generated/formats.c gives to format.c. */
extern const struct vcmd_format_info vcmd_format_table[];
extern const uint16_t vcmd_format_index[VCMD_FORMAT_LIMIT];
extern const size_t vcmd_format_count;

#endif
