/* SPDX-License-Identifier: MIT */
#ifndef EXAMPLES_COMMON_REPORT_H
#define EXAMPLES_COMMON_REPORT_H

#include <virglcmd/device.h>

/*
 * For vcmd_device_desc.log: prints errors and warnings to stderr, one line each. user is the name
 * of the program, a string. What a host merely tells (VCMD_LOG_INFO) is left out.
 */
void example_log(void *user, enum vcmd_log_level level, enum vcmd_status code, const char *text);

/* For functions that return a status: calls, and returns at once when that fails. */
#define EXAMPLE_TRY(call)                                                                          \
    do {                                                                                           \
        enum vcmd_status example_status = (call);                                                  \
        if (example_status != VCMD_STATUS_OK)                                                      \
            return example_status;                                                                 \
    } while (0)

/*
 * What a program ends with: 0 for success, else a last line on stderr and 2 when the command line
 * was at fault (an unknown transport, an option that it does not know), 1 for the rest.
 */
int example_exit_status(const char *program, enum vcmd_status status);

#endif
