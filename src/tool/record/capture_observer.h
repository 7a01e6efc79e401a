/* SPDX-License-Identifier: MIT */
#ifndef VCMD_TOOL_RECORD_CAPTURE_OBSERVER_H
#define VCMD_TOOL_RECORD_CAPTURE_OBSERVER_H

#include <virglcmd/status.h>

#include "observer.h"

/*
 * Writes what a proxy observes into captures. A capture is of one device, and each connection is a
 * device with ids of its own: the first that creates or submits something is written to the path
 * itself, further ones to path.2.vcap, path.3.vcap and so on for path.vcap.
 */
struct record_capture;

struct record_capture_desc {
    const char *path;
    const char *creator;      /* "virglcmd 0.1.0"; NULL: the library's name */
    const char *command_line; /* of the program; NULL: not told */
    int level;                /* of compression, as in struct vcmd_capture_writer_options */
};

struct record_capture_result {
    uint32_t files; /* that were begun */
    uint64_t records, bytes, frames;
    enum vcmd_status status; /* the first failure of all files */
};

/*
 * Opens the file at path, and creates it, so that a wrong path is found here. What is in one that
 * is there stays until something is recorded. NULL: errno says why. The strings are only read until
 * the finish.
 */
struct record_capture *record_capture_create(const struct record_capture_desc *desc);

/* For record_options.observer, with the record_capture as its user. Static data. */
const struct vcmd_vtest_observer *record_capture_observer(void);

/*
 * After the proxy has stopped: record_run() has returned. When nothing was recorded, a file that
 * was created for it goes. result may be NULL.
 */
void record_capture_finish(struct record_capture *capture, struct record_capture_result *result);

#endif
