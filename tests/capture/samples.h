/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CAPTURE_SAMPLES_H
#define TESTS_CAPTURE_SAMPLES_H

#include "memory_file.h"

/* A record of each type, with a time and all fields set to something of their own. */
extern const struct vcmd_capture_record samples[];
extern const size_t num_samples;

/* Writes them all; offsets (may be NULL) receives where each ends. */
void write_samples(struct memory_file *file, int level, size_t *ends);

/* Fails the test unless both say the same, offsets aside. */
void assert_same_record(const struct vcmd_capture_record *got,
                        const struct vcmd_capture_record *want);

#endif
