/* SPDX-License-Identifier: MIT */
#ifndef PARITY_JUDGE_H
#define PARITY_JUDGE_H

#include "host.h"

/* What the checker says about a stream, in the words of the host's verdict. */
struct parity_judgement {
    enum parity_verdict verdict; /* ACCEPTED, REJECTED or POISONED */
    uint32_t packet;             /* that is not accepted */
    const char *code;            /* name of the diagnostic that decided; static; NULL: none */
};

/*
 * Starts a checker that knows what the host knows: the resources of the seed, one context, the
 * capset of the host in this process. There is one at a time. False: it has said why.
 */
bool parity_judge_begin(const struct parity_seed *seed);
void parity_judge_end(void);

/* The next packets. The judgement counts them from 0. */
void parity_judge(const uint32_t *dwords, size_t length, struct parity_judgement *judgement);

/* Remembers where the checker is, and puts it back there. */
void parity_judge_keep(void);
void parity_judge_return(void);

#endif
