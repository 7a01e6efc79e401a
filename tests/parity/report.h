/* SPDX-License-Identifier: MIT */
#ifndef PARITY_REPORT_H
#define PARITY_REPORT_H

#include <stdio.h>

#include "coverage.h"

/* At most so many examples of a seed. */
#define PARITY_EXAMPLES 500

/*
 * The process of a seed writes what it finds into files of its own, and at the end they are read
 * together.
 *
 * N.txt: a line for each stream on which the two differ: signature, tab, seed, dword; "seed itself"
 * in front where an unchanged packet is meant; last the counts.
 *
 * N.stderr: what was written there meanwhile.
 *
 * examples/: of each seed the first stream of each signature, behind the packets of the seed up to
 * there.
 *
 * crashes/: every stream that has crashed or hung the host.
 */
struct parity_log {
    FILE *file;
    char folder[512];
    size_t index; /* of the seed */
    uint64_t streams, accepted, refused, crashed, hung, differing;
    uint64_t saved[PARITY_EXAMPLES]; /* hashes of the signatures that have an example */
    size_t saved_count;
    struct parity_coverage coverage;
};

bool parity_log_open(struct parity_log *log, const char *folder, size_t index);

/* From here on stderr goes to a file, too. Negative: it cannot be made. */
int parity_log_stderr(const struct parity_log *log);

void parity_log_case(struct parity_log *log, const struct parity_seed *seed, size_t at,
                     const struct parity_case *tried);

/* A seed itself that one of the two does not take: nothing should. */
void parity_log_seed(struct parity_log *log, const struct parity_seed *seed, size_t at,
                     const struct parity_result *host, const struct parity_judgement *check);

/* False: not everything could be written. */
bool parity_log_close(struct parity_log *log);

/*
 * Prints counts and what differs, most frequent first. accepted is a file of known differences, or
 * NULL. Returns 0 when there is no other, 1 when there is, 2 on errors.
 */
int parity_report(const char *folder, size_t seeds, const char *accepted);

#endif
