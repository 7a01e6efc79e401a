/* SPDX-License-Identifier: MIT */
#ifndef TOOL_INPUT_H
#define TOOL_INPUT_H

#include "command.h"
#include "file.h"
#include <virglcmd/capture.h>

/*
 * What the commands for streams read: captures record by record, or files of bare dwords, each of
 * them one submit of one context.
 */
struct tool_input {
    char **files;
    size_t num_files;
    bool raw;
    const struct tool_command *command;

    /* Of the file that is being read. */
    size_t next_file;
    const char *path;
    FILE *file;
    bool begun, is_capture; /* the beginning was read; it is that of captures */
    struct vcmd_capture_reader *reader;
    struct vcmd_capture_record record;
    struct tool_bytes bytes;
    size_t num_submits;
    uint64_t num_frames;

    bool trouble;         /* with a file so far */
    bool cut_off;         /* the file of the last item was not read to its end */
    bool shows_progress;  /* no text gets between its line and the next */
    uint64_t done, total; /* bytes of all files; total 0: not known */
};

/* One record of a capture, or one file of dwords as if it were a submit. */
struct tool_item {
    const char *path;
    bool new_file;  /* the first of its file: what was before has nothing to do with it */
    bool after_cut; /* the file before was not read to its end */
    const struct vcmd_capture_record *record; /* NULL: bare dwords */

    /* A submit; dwords are in the byte order of the wire. */
    bool is_submit;
    uint32_t context_id; /* 1 for bare dwords */
    const uint32_t *dwords;
    size_t num_dwords;
    size_t submit; /* its number in the file, from 0 */

    uint64_t frame; /* of a record VCMD_CAPTURE_FRAME: the same */
};

enum tool_next { TOOL_NEXT_ITEM, TOOL_NEXT_END, TOOL_NEXT_TROUBLE };

/* Whether there is a file, and standard input once at most; says what is wrong. */
bool tool_check_files(const struct tool_command *command, int num_files, char **files);

/* files stay the caller's. Without one says so and returns false. */
bool tool_input_begin(struct tool_input *input, const struct tool_command *command, int num_files,
                      char **files, bool raw);

/*
 * The next item, valid until the next call. Trouble is told when it comes and ends its file: what
 * could be read before it has been given out. Behind the last file it is returned in place of END.
 */
enum tool_next tool_input_next(struct tool_input *input, struct tool_item *item);

/* What is left of the file of the last item is not wanted. */
void tool_input_skip(struct tool_input *input);

/*
 * Shows how far it is: dwords of this item are done. For loops over packets. Not for commands that
 * print meanwhile, when standard output is a terminal.
 */
void tool_input_progress(const struct tool_input *input, const struct tool_item *item,
                         size_t dwords);

/* Closes what is open. May be called twice. */
void tool_input_end(struct tool_input *input);

#endif
