/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CAPTURE_MEMORY_FILE_H
#define TESTS_CAPTURE_MEMORY_FILE_H

#include <virglcmd/capture.h>

/* A file in memory, to write and to read. Starts zeroed. */
struct memory_file {
    uint8_t *bytes;
    size_t size;
    size_t position; /* where reading goes on */
    size_t closed;   /* times */
    size_t fail_at;  /* writing fails when it would pass this size; 0: never */
    uint8_t *ticks;  /* grows by one with each write; NULL: nothing does */
};

struct vcmd_capture_sink memory_sink(struct memory_file *file);

/* Reads the first size bytes of the file, from the begin. */
struct vcmd_capture_source memory_source(struct memory_file *file);

void memory_file_free(struct memory_file *file);

/* Opens a reader on what is in the file; fails the test when that does not work. */
struct vcmd_capture_reader *memory_reader(struct memory_file *file);

#endif
