/* SPDX-License-Identifier: MIT */
#ifndef VCMD_CAPTURE_ROWS_H
#define VCMD_CAPTURE_ROWS_H

#include <virglcmd/capture.h>

/* Where a row begins; rows that end in a memory of 64 bits do not overflow. */
uint64_t capture_row_offset(const struct vcmd_capture_rows *rows, uint32_t layer, uint32_t row);

/* All rows follow each other without a gap. */
bool capture_rows_are_one_run(const struct vcmd_capture_rows *rows);

#endif
