/* SPDX-License-Identifier: MIT */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>
#include <stdint.h>

/*
 * Measuring on machines that are shared and noisy: what is compared runs in turns in one process,
 * many short rounds each, and the fastest round of each counts. Ratios of those are what to quote.
 */

/* Nanoseconds of a clock that only goes forward. */
double bench_now(void);

/* One thing to measure: does its work count times. */
typedef void (*bench_fn)(void *user, size_t count);

struct bench_entry {
    const char *name;
    bench_fn run;
    void *user;
    double best; /* out: nanoseconds for one piece of work */
};

#define BENCH_MAX_ENTRIES 16

/* Runs the entries, BENCH_MAX_ENTRIES at most, in turns for about seconds, and fills in best. */
void bench_compare(struct bench_entry *entries, size_t num_entries, double seconds);

/* A number above 0 from the command line; 0 when the text is none. */
double bench_number(const char *text);

/* Keeps the compiler from leaving out the stores to memory. */
static inline void bench_keep(const void *memory)
{
    __asm__ volatile("" : : "r"(memory) : "memory");
}

#endif
