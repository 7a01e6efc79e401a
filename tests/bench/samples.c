/* SPDX-License-Identifier: MIT */
#include "samples.h"
#include <math.h>
#include <stdlib.h>

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* So many values lie below the median as heads fall in so many throws: the binomial distribution,
   by its normal approximation. */
struct samples_median samples_median(double *values, size_t count)
{
    double half = 1.96 * sqrt((double)count) / 2;
    double low = floor((double)count / 2 - half), high = ceil((double)count / 2 + half);
    struct samples_median result;

    qsort(values, count, sizeof(*values), compare);
    result.median = (values[(count - 1) / 2] + values[count / 2]) / 2;
    result.low = values[low < 0 ? 0 : (size_t)low];
    result.high = values[high >= (double)count ? count - 1 : (size_t)high];
    return result;
}
