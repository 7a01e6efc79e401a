/* SPDX-License-Identifier: MIT */
#ifndef TESTS_DEVICE_FAILING_MEMORY_H
#define TESTS_DEVICE_FAILING_MEMORY_H

#include <stddef.h>

/*
 * malloc, calloc, realloc and free of what is linked statically into the test, by the linker's
 * --wrap. Shared libraries keep their own.
 */

/* Lets the next allocation but n fail, once; SIZE_MAX: none. */
void memory_fail_after(size_t n);

/* Whether the failure has come. */
int memory_has_failed(void);

/* Allocations that have not been freed. */
size_t memory_in_use(void);

#endif
