/* SPDX-License-Identifier: MIT */
#ifndef TOOL_CLEAN_H
#define TOOL_CLEAN_H

#include <stddef.h>

/* Text of captures, logs and command lines, on its way to a terminal. */

/* Bytes of the UTF-8 character at text, of which left are there; 0 when it is none. */
size_t tool_utf8_length(const unsigned char *text, size_t left);

/*
 * Copies text with control characters, and bytes that are not UTF-8, as "\x1b": what somebody put
 * into a file shall not move the cursor or end a line. Always ends with a NUL; cut between
 * characters when it does not fit. out may not overlap text.
 */
void tool_clean(const char *text, size_t size, char *out, size_t capacity);

#endif
