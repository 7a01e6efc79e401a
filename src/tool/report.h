/* SPDX-License-Identifier: MIT */
#ifndef TOOL_REPORT_H
#define TOOL_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What people see: errors and progress on stderr, and the care that stdout needs. */

/*
 * "virglcmd: " and a line on stderr; what has been printed so far comes first. Control characters
 * in it are shown as tool_clean() does.
 */
__attribute__((format(printf, 1, 2))) void tool_error(const char *format, ...);

/*
 * Called once, before anything: closed standard files stay closed to what is opened later, and a
 * reader who goes away is an error of writing, not a signal.
 */
void tool_output_begin(void);

/* Whether nobody takes the output any more: the work can end. */
bool tool_output_lost(void);

/*
 * Writes out what is left. Returns result, or TOOL_TROUBLE when the output could not be written;
 * a reader who went away is no trouble.
 */
int tool_output_end(int result);

/* Text for print callbacks; user is a FILE, NULL means stdout. */
void tool_print_text(void *user, const char *text, size_t length);

/*
 * "dump: 41 %" on a terminal, twice a second; elsewhere nothing. total 0: not known, unit counts.
 * tool_progress_end() wipes the line.
 */
void tool_progress(const char *what, uint64_t done, uint64_t total, const char *unit);
void tool_progress_end(void);

/* Seconds of a clock that only goes forward. */
double tool_seconds(void);

#endif
