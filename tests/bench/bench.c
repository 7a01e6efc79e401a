/* SPDX-License-Identifier: MIT */
#include "bench.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUND_NS 200000.0 /* long beside the clock's own cost, short beside a time slice */

double bench_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

double bench_number(const char *text)
{
    char *end;
    double value = strtod(text, &end);

    return end != text && *end == '\0' && value > 0 ? value : 0;
}

static double time_of(const struct bench_entry *entry, size_t count)
{
    double start = bench_now();

    entry->run(entry->user, count);
    return bench_now() - start;
}

/* How often the work fits a round. */
static size_t round_size(const struct bench_entry *entry)
{
    size_t count = 1;

    while (time_of(entry, count) < ROUND_NS && count < (size_t)1 << 30)
        count *= 2;
    return count;
}

void bench_compare(struct bench_entry *entries, size_t num_entries, double seconds)
{
    double end = bench_now() + seconds * 1e9;
    size_t counts[BENCH_MAX_ENTRIES];
    size_t i;

    if (num_entries > BENCH_MAX_ENTRIES) {
        fprintf(stderr, "bench: %zu entries, %d is the limit\n", num_entries, BENCH_MAX_ENTRIES);
        exit(1);
    }

    for (i = 0; i < num_entries; i++) {
        counts[i] = round_size(&entries[i]);
        entries[i].best = time_of(&entries[i], counts[i]) / (double)counts[i];
    }
    while (bench_now() < end) {
        for (i = 0; i < num_entries; i++) {
            double one = time_of(&entries[i], counts[i]) / (double)counts[i];

            if (one < entries[i].best)
                entries[i].best = one;
        }
    }
}
