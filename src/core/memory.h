/* SPDX-License-Identifier: MIT */
#ifndef VCMD_MEMORY_H
#define VCMD_MEMORY_H

/*
 * The four functions that the core needs from its environment. A freestanding compiler has no
 * <string.h>, but expects them to exist anyway: kernels and firmware have their own.
 */
#if !defined(__STDC_HOSTED__) || __STDC_HOSTED__
#include <string.h>
#else
#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int byte, size_t size);
int memcmp(const void *a, const void *b, size_t size);
#endif

#endif
