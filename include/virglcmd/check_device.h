/* SPDX-License-Identifier: MIT */
#ifndef VIRGLCMD_CHECK_DEVICE_H
#define VIRGLCMD_CHECK_DEVICE_H

#include <virglcmd/check.h>
#include <virglcmd/transport.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A device that checks every submit before it is sent, whatever its transport:
 *
 *     const struct vcmd_device_wrapper checker = vcmd_device_checker(NULL);
 *     desc.wrappers = &checker;
 *     desc.num_wrappers = 1;
 *     vcmd_device_open(&desc, &device);
 *
 * Faults go to the device's log, as lines that begin with "check: ". One that the host would reject
 * the stream or break the context for is an error of four lines: which packet and field, the rule,
 * what the host does, what to do. One that it ignores, or that draws garbage, is a warning; what is
 * harmless is information. The code of a line is VCMD_STATUS_REFUSED when the stream is not sent
 * because of it.
 *
 * vcmd_submit() returns VCMD_STATUS_REFUSED for a stream that was not sent. Nothing of it got to
 * the host, and its context counts as broken, as it would there: destroy it. So it does after a
 * submit that the device itself has failed: the checker has followed what the host may not have
 * seen.
 *
 * All threads may use a checked device as they may use any. Its operations happen one at a time,
 * but for waiting. A device without the wrapper pays nothing for it.
 *
 * What is left over at the end is not told of: closing a device destroys everything.
 */

/* Which streams are not sent. */
enum vcmd_device_check_mode {
    /* Those that the host would reject, or break the context over. For every day. */
    VCMD_DEVICE_CHECK_REFUSE = 0,

    /* None: the log tells, and the host gets everything. For a program that has to go on. */
    VCMD_DEVICE_CHECK_WARN = 1,

    /* Also those of which the host would ignore a part, or draw garbage. For a driver's tests. */
    VCMD_DEVICE_CHECK_STRICT = 2
};

/* Zero is a good default for every field. */
struct vcmd_device_check {
    enum vcmd_device_check_mode mode;
    struct vcmd_check_limits limits; /* as for vcmd_checker_init() */
    const char *release;             /* the host's release of virglrenderer; NULL: "0.10.4" */
};

/*
 * settings: NULL for zeros. Only read during vcmd_device_open(), so it and its release have to live
 * until the last open with this wrapper has returned.
 *
 * The open fails for settings that cannot be: VCMD_STATUS_OUT_OF_RANGE for limits or a mode,
 * VCMD_STATUS_UNKNOWN_VALUE for a release, VCMD_STATUS_NO_MEMORY.
 */
struct vcmd_device_wrapper vcmd_device_checker(const struct vcmd_device_check *settings);

#ifdef __cplusplus
}
#endif

#endif
