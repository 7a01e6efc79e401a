/* SPDX-License-Identifier: MIT */

/*
 * Stands in for vcmd_device_open in an example: opens the same device with the checker in front of
 * the host. Whatever the checker says goes to stderr; CMakeLists.txt fails the test for a fault of
 * which the host would not take the stream.
 */
#include <stdio.h>

#include <virglcmd/check_device.h>

enum vcmd_status vcmd_checked_open(const struct vcmd_device_desc *desc,
                                   struct vcmd_device **device);

static void print_line(void *user, enum vcmd_log_level level, enum vcmd_status code,
                       const char *text)
{
    static const char *const levels[] = {"error", "warning", "info"};

    (void)user;
    fprintf(stderr, "%s %d: %s\n", levels[level], (int)code, text);
}

enum vcmd_status vcmd_checked_open(const struct vcmd_device_desc *desc, struct vcmd_device **device)
{
    struct vcmd_device_wrapper checker = vcmd_device_checker(NULL);
    struct vcmd_device_desc checked = *desc;

    checked.wrappers = &checker;
    checked.num_wrappers = 1;
    checked.log = print_line;
    return vcmd_device_open(&checked, device);
}
