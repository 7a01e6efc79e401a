/* SPDX-License-Identifier: MIT */
#ifndef VCMD_ASSEMBLE_TEXT_H
#define VCMD_ASSEMBLE_TEXT_H

#include "../core/wire.h"
#include <virglcmd/assemble.h>

/* The characters of a text, and the first error in them. */
struct vcmd_scanner {
    const char *text;
    size_t length, at;
    struct vcmd_text_error *error;
};

/* Keeps where a token is; false, so that it can be returned. */
bool vcmd_scan_fail(const struct vcmd_scanner *s, size_t at, size_t length, enum vcmd_status status,
                    const char *expected, const char *name);

/* The same for what is next, a word or one character. */
bool vcmd_fail_here(const struct vcmd_scanner *s, enum vcmd_status status, const char *expected,
                    const char *name);

/* Skips white space and comments. */
void vcmd_scan_space(struct vcmd_scanner *s);

/* Takes a character when it is the next. */
bool vcmd_scan_take(struct vcmd_scanner *s, char c);

/* The word at the place, of letters, digits and . _ + -, taken; its length, 0 for none. */
size_t vcmd_scan_word(struct vcmd_scanner *s, const char **word);

/* A whole number in a word, decimal or 0x; false when it is none, or over 64 bits. */
bool vcmd_number_of(const char *word, size_t length, uint64_t *value);

/*
 * Text in quotes, or x"0a 0b" in hexadecimal, into to, which may be NULL; bytes says which the
 * field is, for the error. Counts the bytes.
 */
bool vcmd_scan_bytes(struct vcmd_scanner *s, const char *field, uint8_t *to, size_t *size);

/* Whether a word is a NUL-ended name. */
bool vcmd_same_word(const char *word, size_t length, const char *name);

#endif
