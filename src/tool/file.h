/* SPDX-License-Identifier: MIT */
#ifndef TOOL_FILE_H
#define TOOL_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* A whole file in memory: mapped where that is possible, read where it is a pipe. */
struct tool_bytes {
    const void *data; /* NULL when size is 0; else aligned for dwords */
    size_t size;
    bool mapped;
};

/* "-" is standard input. On failure says why and returns false. */
bool tool_read_file(const char *path, struct tool_bytes *bytes);
void tool_free_bytes(struct tool_bytes *bytes);

/* Whether it begins as captures do. */
bool tool_is_capture(const struct tool_bytes *bytes);

/* Opens for reading, "-" too; refuses folders. On failure says why and returns NULL. */
FILE *tool_open_file(const char *path);

/*
 * How messages call a file: its path, with control characters as tool_clean() shows them, or
 * "standard input". Valid as long as path is.
 */
const char *tool_file_name(const char *path);

/*
 * A file that appears whole or not at all: written beside its place, moved there at the end, with
 * the mode of the one that was there. Devices, pipes and files with several names are written to as
 * they are. What is written goes to stream.
 */
struct tool_output_file {
    FILE *stream;
    const char *path; /* NULL: standard output */
    char *place;      /* path without links */
    char *temporary;
};

/* NULL, "-", or the file that standard output is: reports must go elsewhere. */
bool tool_output_is_standard(const char *path);

/*
 * Whether it could be opened, without doing anything to what is there: before work whose result it
 * is to take. On failure says why and returns false.
 */
bool tool_output_check(const char *path);

/* Both say why on failure. tool_output_close() with keep false leaves nothing behind. */
bool tool_output_open(struct tool_output_file *output, const char *path);
bool tool_output_close(struct tool_output_file *output, bool keep);

#endif
