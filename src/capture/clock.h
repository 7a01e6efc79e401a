/* SPDX-License-Identifier: MIT */
#ifndef VCMD_CAPTURE_CLOCK_H
#define VCMD_CAPTURE_CLOCK_H

#include <stdint.h>

/* Nanoseconds from a clock that never goes back, and since 1970 (0: the system does not tell). */
uint64_t capture_clock_now(void);
uint64_t capture_clock_unix(void);

#endif
