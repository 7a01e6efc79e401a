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
 * A stream that the host would reject, or break its context over, is not sent: vcmd_submit returns
 * VCMD_STATUS_REFUSED, and the log says which packet, which field, the rule, what the host would
 * have done and what to do. Lesser faults are told as warnings, and the stream is sent.
 *
 * After a refused submit the context counts as broken, as it would on the host: destroy it. The
 * operations of a checked device happen one at a time, but for waiting. A device without the
 * wrapper pays nothing for it.
 *
 * What is left over at the end is not told of: closing a device destroys everything.
 */
struct vcmd_device_check {
    struct vcmd_check_limits limits; /* as for vcmd_checker_init() */
    const char *release;             /* the host's release; NULL: "0.10.4". Static text */

    /* Bit n: a stream with a fault of severity n is not sent [REJECT and ERROR]. */
    uint32_t refuse;

    /* Bit n: faults of severity n are not told of, and no reason to refuse. */
    uint32_t ignore;

    /* Sends everything nevertheless: only the log tells. */
    bool only_warn;
};

/*
 * settings: NULL for zeros. Only read during vcmd_device_open; it has to live until the last open
 * with this wrapper has returned. Its release, static text, is kept.
 */
struct vcmd_device_wrapper vcmd_device_checker(const struct vcmd_device_check *settings);

#ifdef __cplusplus
}
#endif

#endif
