/* SPDX-License-Identifier: MIT */
#ifndef TOOL_EXPLAIN_H
#define TOOL_EXPLAIN_H

#include "explain_table.h"
#include <stdio.h>

/*
 * What "explain" finds: each function prints all that it knows about its argument to out, and says
 * whether that was anything.
 */

/* The numbers of a protocol of numbers. */
bool explain_header(FILE *out, uint32_t header);
bool explain_control_type(FILE *out, uint32_t type);
bool explain_format(FILE *out, uint32_t format);
bool explain_diagnostic(FILE *out, uint32_t code);
bool explain_errno(FILE *out, uint32_t number);
bool explain_context_error(FILE *out, uint32_t number);
bool explain_gl_error(FILE *out, uint32_t number);

/* Names of two of them: "EINVAL", "GL_INVALID_OPERATION". */
bool explain_errno_name(FILE *out, const char *name);
bool explain_gl_error_name(FILE *out, const char *name);

/* Everything that a number can be. */
bool explain_number(FILE *out, uint64_t number);

/* "DRAW_VBO", "DRAW_VBO.mode", "BOX_RANGE", "B8G8R8A8_UNORM", "TRIANGLES", "EINVAL". */
bool explain_word(FILE *out, const char *word);

/* A line of a log: of virglrenderer, QEMU or the guest's kernel. */
bool explain_line(FILE *out, const char *line);

/* A message of virglrenderer that has no number of an error: "Failed to bind sampler state". */
bool explain_message(FILE *out, const char *line);

/* "CREATE_OBJECT" stands for all of its objects: what they are. */
bool explain_family(FILE *out, const char *name, size_t length);

/* ---- for the above ---- */

/* Where the text behind a phrase begins; NULL when the phrase is not in the line. */
const char *explain_behind(const char *line, const char *phrase);

/* The number at text, behind blanks; decimal, negative too, or 0x. */
bool explain_number_at(const char *text, uint32_t *number);

/* Prints text broken into lines, each after the indent; a line feed begins a point of its own. */
void explain_print(FILE *out, const char *indent, const char *text);

/* A command with its prose. with_fields: every field, too. */
void explain_print_entry(FILE *out, const struct explain_entry *entry, bool with_fields);

/* Bytes of "VIRGL_CCMD_" and the like in front of a name; 0 when there is none. */
size_t explain_skip_prefix(const char *name, size_t length);

/* By opcode and object; NULL when there is none. The first of several variants. */
const struct explain_entry *explain_find_command(uint32_t opcode, uint32_t object);

/* By name, "VIRGL_CCMD_" and the like in front are skipped; length counts. NULL for none. */
const struct explain_entry *explain_find_entry(const struct explain_entry *table, const char *name,
                                               size_t length);

#endif
