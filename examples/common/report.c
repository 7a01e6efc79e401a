/* SPDX-License-Identifier: MIT */
#include "common/report.h"

#include <stdio.h>

void example_log(void *user, enum vcmd_log_level level, enum vcmd_status code, const char *text)
{
    (void)code; /* the text says more */
    if (level == VCMD_LOG_INFO)
        return;
    fprintf(stderr, "%s: %s: %s\n", (const char *)user,
            level == VCMD_LOG_ERROR ? "error" : "warning", text);
}

int example_exit_status(const char *program, enum vcmd_status status)
{
    if (status == VCMD_STATUS_OK)
        return 0;
    fprintf(stderr, "%s: failed: %s\n", program, vcmd_status_string(status));
    return status == VCMD_STATUS_UNKNOWN_TRANSPORT || status == VCMD_STATUS_INVALID_OPTION ? 2 : 1;
}
