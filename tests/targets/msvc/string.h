/* SPDX-License-Identifier: MIT */
#ifndef STUB_STRING_H
#define STUB_STRING_H

/*
 * What the core takes from <string.h>, as Microsoft declares it: there is no Windows SDK where
 * msvc.py runs. Everything else that the core includes comes with the compiler.
 */
#include <stddef.h>

void *__cdecl memcpy(void *to, const void *from, size_t size);
void *__cdecl memmove(void *to, const void *from, size_t size);
void *__cdecl memset(void *to, int byte, size_t size);
int __cdecl memcmp(const void *a, const void *b, size_t size);

#endif
