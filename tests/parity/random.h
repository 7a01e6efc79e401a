/* SPDX-License-Identifier: MIT */
#ifndef PARITY_RANDOM_H
#define PARITY_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

/* SplitMix64: any seed is a good one, and equal seeds give equal numbers on every machine. */
struct parity_random {
    uint64_t state;
};

static inline uint64_t parity_next(struct parity_random *random)
{
    uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* 0 up to and without limit, which is not 0. The slight unevenness does no harm here. */
static inline uint32_t parity_below(struct parity_random *random, uint32_t limit)
{
    return (uint32_t)((parity_next(random) >> 32) * limit >> 32);
}

/* True in so many of a hundred cases. */
static inline bool parity_chance(struct parity_random *random, uint32_t percent)
{
    return parity_below(random, 100) < percent;
}

#endif
