/* SPDX-License-Identifier: MIT */
#ifndef TOOL_SCRIPT_H
#define TOOL_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * How one sequence becomes another: a list of stretches that differ, in order; what is between them
 * is the same in both. Elements are compared by a function.
 *
 * It is the shortest such list (Myers' algorithm) where few elements differ. Where more than
 * SCRIPT_MAX_EDITS in a row do, the part that fits best so far is taken and the search begins anew
 * behind it: the result is still right, and time and memory stay bounded.
 */
#define SCRIPT_MAX_EDITS 1000

struct script_hunk {
    size_t a, num_a; /* these of the first are not in the second */
    size_t b, num_b; /* and these the other way round */
};

struct script {
    struct script_hunk *hunks;
    size_t count, capacity;
};

typedef bool (*script_same_fn)(void *user, size_t a, size_t b);

/* false: no memory. script_free() in any case. */
bool script_make(struct script *script, size_t num_a, size_t num_b, script_same_fn same,
                 void *user);
void script_free(struct script *script);

#endif
