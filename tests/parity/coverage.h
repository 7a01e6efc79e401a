/* SPDX-License-Identifier: MIT */
#ifndef PARITY_COVERAGE_H
#define PARITY_COVERAGE_H

#include <stdio.h>

#include "case.h"

/* What the streams from the table were, and what the host made of their packets. */
struct parity_coverage {
    uint64_t streams, changed;                 /* generated ones, and those of them with changes */
    uint64_t whole;                            /* without changes, that the host takes whole */
    uint64_t played[VCMD_PACKET_KIND_COUNT];   /* packets that the host got, without changes */
    uint64_t accepted[VCMD_PACKET_KIND_COUNT]; /* and those of them that it took */
};

void parity_coverage_case(struct parity_coverage *coverage, const struct parity_case *tried);

/* Lines that begin with a +, for another process to read and add up. */
void parity_coverage_write(const struct parity_coverage *coverage, FILE *file);
void parity_coverage_read(struct parity_coverage *coverage, char *line);

void parity_coverage_print(const struct parity_coverage *coverage);

#endif
