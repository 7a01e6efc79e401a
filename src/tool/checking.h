/* SPDX-License-Identifier: MIT */
#ifndef TOOL_CHECKING_H
#define TOOL_CHECKING_H

#include "input.h"
#include <virglcmd/check.h>

/* What "check" does with each item: tells the checker of it, prints the faults, sums them up. */

struct checking_options {
    const struct vcmd_caps *caps; /* NULL: that of the capture, when it has one */
    const char *release;          /* NULL: the checker's default */
    uint32_t ignore;              /* bit n: severity n */
    bool stateless;
    bool brief;
};

struct checking;

/* On failure says why and returns NULL. */
struct checking *checking_begin(const struct checking_options *options);

/* false: the check could not take place, which has been said. */
bool checking_item(struct checking *checking, const struct tool_item *item);

/*
 * Prints the summary and frees everything. whole: the last file was read to its end, so what it has
 * not destroyed is left over. Returns whether there were no faults; what is only needless is none,
 * nor is what was left out.
 */
bool checking_end(struct checking *checking, bool whole);

#endif
