/* SPDX-License-Identifier: MIT */
#ifndef BENCH_UNCHECKED_H
#define BENCH_UNCHECKED_H

#include "work.h"

/*
 * What is below what the library can reach: the draw group without any check, with the number of
 * everything in the code. Once by a function for each packet, once in a straight line.
 */
void unchecked_calls(struct vcmd_buffer *buf, const struct work_args *args);
void unchecked_line(struct vcmd_buffer *buf, const struct work_args *args);

#endif
