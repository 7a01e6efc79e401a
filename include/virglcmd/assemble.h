/* SPDX-License-Identifier: MIT */
#ifndef VIRGLCMD_ASSEMBLE_H
#define VIRGLCMD_ASSEMBLE_H

#include <virglcmd/decode.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Command streams from text: what <virglcmd/print.h> writes, or what a person does.
 * docs/assembler.md has the grammar.
 */

/* What is wrong with a text, and where. */
struct vcmd_text_error {
    enum vcmd_status status;
    size_t line, column;  /* from 1; columns are bytes */
    const char *expected; /* static text: "a number", "a field of this packet" */
    const char *name;     /* static text: the packet, the field or the enumeration; or NULL */
    const char *found;    /* in the input */
    size_t found_length;  /* bytes of it; 0: the text ends there */
};

/*
 * Appends the packets of a text of length bytes to buf, or nothing. Values are only compared with
 * the bits that they have to fit: whatever else hosts refuse can be written, too.
 *
 * VCMD_STATUS_MALFORMED      the text is not of the grammar
 * VCMD_STATUS_UNKNOWN_VALUE  no such packet, field or word
 * VCMD_STATUS_OUT_OF_RANGE   a number does not fit
 * VCMD_STATUS_TOO_MANY       more elements than the count in the text
 * VCMD_STATUS_TOO_LONG       a payload over 65535 dwords
 * VCMD_STATUS_BUFFER_FULL    buf is too small, found is the packet
 *
 * The buffer's own error stays as it is; with one in it nothing is appended. error may be NULL.
 */
enum vcmd_status vcmd_assemble(struct vcmd_buffer *buf, const char *text, size_t length,
                               struct vcmd_text_error *error);

/*
 * Writes "3:14: expected a word of prim, found TRIANGEL", always with a final NUL when capacity is
 * not 0. Returns the length of the whole line, as snprintf does.
 */
size_t vcmd_text_error_format(const struct vcmd_text_error *error, char *text, size_t capacity);

#ifdef __cplusplus
}
#endif

#endif
