/* SPDX-License-Identifier: MIT */

/* record_main FILE.vcap PROGRAM...: records a program, and prints what came of it. */
#include <inttypes.h>
#include <stdio.h>

#include "capture_observer.h"
#include "record.h"

int main(int argc, char **argv)
{
    struct record_capture_desc desc = {.path = argc > 2 ? argv[1] : NULL,
                                       .creator = "record_main",
                                       .command_line = argc > 2 ? argv[2] : NULL};
    struct record_options options = {.argv = argv + 2, .observer = record_capture_observer()};
    struct record_capture_result result;
    struct record_capture *capture;
    int status;

    if (argc < 3) {
        fprintf(stderr, "usage: record_main FILE.vcap PROGRAM...\n");
        return 2;
    }
    capture = record_capture_create(&desc);
    if (!capture) {
        perror(argv[1]);
        return RECORD_FAILED;
    }
    options.user = capture;
    status = record_run(&options);
    record_capture_finish(capture, &result);
    fprintf(stderr,
            "record: %u files, %" PRIu64 " records, %" PRIu64 " bytes, %" PRIu64 " frames: %s\n",
            result.files, result.records, result.bytes, result.frames,
            vcmd_status_string(result.status));
    return status;
}
