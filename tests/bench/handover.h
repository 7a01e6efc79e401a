/* SPDX-License-Identifier: MIT */
#ifndef BENCH_HANDOVER_H
#define BENCH_HANDOVER_H

/*
 * Nanoseconds for the least that a call through another thread can cost: a mutex, a condition to
 * wake the thread and one for its answer, and nothing to do. The fastest of rounds, and their mean;
 * false when there is no thread to be had.
 */
int handover_measure(int rounds, double *best, double *mean);

#endif
