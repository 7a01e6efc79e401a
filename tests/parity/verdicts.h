/* SPDX-License-Identifier: MIT */
#ifndef PARITY_VERDICTS_H
#define PARITY_VERDICTS_H

#include <stdio.h>

#include "case.h"

/*
 * The host's verdicts on the streams of a seed, one a line, in FOLDER/N.verdicts. To play a million
 * streams takes an hour or more and does not depend on the checker: after a change of that it is
 * enough to compare with what the host has said before.
 */
struct parity_verdicts {
    FILE *file;
};

/* mode as of fopen(): "w", or "r" for those of an earlier run. False: it has said why. */
bool parity_verdicts_open(struct parity_verdicts *verdicts, const char *folder, size_t index,
                          const char *mode);

/* False: not everything could be written. */
bool parity_verdicts_close(struct parity_verdicts *verdicts);

void parity_verdicts_write(struct parity_verdicts *verdicts, const struct parity_case *tried);

/* The next one, into tried->host. False: it is about another stream than tried->stream. */
bool parity_verdicts_read(struct parity_verdicts *verdicts, struct parity_case *tried);

#endif
