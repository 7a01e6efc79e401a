/* SPDX-License-Identifier: MIT */
#ifndef PARITY_PLAN_H
#define PARITY_PLAN_H

#include "seed.h"

/*
 * How many streams are made at each packet of the seeds. Packets of a rare kind get more: half of
 * all streams are dealt to the packets alike, half to the kinds of packets.
 */
struct parity_plan {
    uint64_t total;   /* streams wanted */
    uint64_t packets; /* of all seeds */
    uint32_t kinds;   /* that occur */
    uint64_t of_kind[128];
};

void parity_plan_add(struct parity_plan *plan, const struct parity_seed *seed);

/*
 * Streams to make at a packet; number counts the packets of all seeds, so that fractions are
 * rounded by turns.
 */
uint32_t parity_plan_at(const struct parity_plan *plan, const uint32_t *packet, uint64_t number);

#endif
