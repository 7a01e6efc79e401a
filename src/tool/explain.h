/* SPDX-License-Identifier: MIT */
#ifndef TOOL_EXPLAIN_H
#define TOOL_EXPLAIN_H

#include "explain_table.h"

/*
 * What "explain" finds: each function prints all that it knows about its argument and says whether
 * that was anything.
 */

/* The numbers of a protocol of numbers. */
bool explain_header(uint32_t header);
bool explain_control_type(uint32_t type);
bool explain_format(uint32_t format);
bool explain_diagnostic(uint32_t code);
bool explain_errno(uint32_t number);
bool explain_context_error(uint32_t number);
bool explain_gl_error(uint32_t number);

/* Everything that a number can be. */
bool explain_number(uint64_t number);

/* "DRAW_VBO", "DRAW_VBO.mode", "BOX_RANGE", "B8G8R8A8_UNORM", "TRIANGLES", "ERR_UNSPEC". */
bool explain_word(const char *word);

/* A line of a log: of virglrenderer, QEMU or the guest's kernel. */
bool explain_line(const char *line);

/* ---- for the above ---- */

/* Prints text broken into lines, each after the indent; a line feed begins a point of its own. */
void explain_print(const char *indent, const char *text);

/* A command with its prose. with_fields: every field, too. */
void explain_print_entry(const struct explain_entry *entry, bool with_fields);

/* By opcode and object; NULL when there is none. The first of several variants. */
const struct explain_entry *explain_find_command(uint32_t opcode, uint32_t object);

/* By name, "VIRGL_CCMD_" and the like in front are skipped; length counts. NULL for none. */
const struct explain_entry *explain_find_entry(const struct explain_entry *table, const char *name,
                                               size_t length);

#endif
