/* SPDX-License-Identifier: MIT */
#ifndef BENCH_SAMPLES_H
#define BENCH_SAMPLES_H

#include <stddef.h>

/* The median of some numbers, and where that of all there could be lies: in 95 of 100 cases between
   low and high, whatever their distribution is. Sorts them. */
struct samples_median {
    double median, low, high;
};

struct samples_median samples_median(double *values, size_t count);

#endif
