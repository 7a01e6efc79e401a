/* SPDX-License-Identifier: MIT */
#ifndef VCMD_TEXT_H
#define VCMD_TEXT_H

#include <stdbool.h>

/* The core has no string functions of libc. */
static inline bool vcmd_same_text(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

#endif
