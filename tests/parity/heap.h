/* SPDX-License-Identifier: MIT */
#ifndef PARITY_HEAP_H
#define PARITY_HEAP_H

#include <stdbool.h>

/* Sets the memory of copies aside, which takes none before it is used. False: there is none. */
bool parity_heap_open(void);

/*
 * From here on malloc() in this process takes memory that it shares with no other, piece behind
 * piece, and free() does nothing. For a process that ends soon.
 */
void parity_heap_copy(void);

#endif
