/* SPDX-License-Identifier: MIT */
#ifndef VIRGLCMD_RECORD_H
#define VIRGLCMD_RECORD_H

#include <virglcmd/capture.h>
#include <virglcmd/transport.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Records what goes through a device, whatever its transport:
 *
 *     const struct vcmd_device_wrapper recorder = vcmd_capture_recorder(writer);
 *     desc.wrappers = &recorder;
 *     desc.num_wrappers = 1;
 *     vcmd_device_open(&desc, &device);
 *     ...
 *     vcmd_device_close(device);
 *     status = vcmd_capture_writer_close(writer);
 *
 * The writer stays the caller's: it must outlive the device, and takes frames and comments of the
 * program in between. One writer is for one device.
 *
 * The operations of a recorded device happen one at a time, but for waiting: so the capture has the
 * order in which the host saw them.
 *
 * Recording does not disturb: when it cannot go on (the disk is full, no memory), a warning goes to
 * the log and the device works on without; vcmd_capture_writer_status() tells.
 *
 * In the capture are: the capsets, contexts, resources, transfers with the bytes of both
 * directions, streams, fences, waits (but for questions with timeout 0 that are answered "not
 * yet"), failures. Of memory that commands in a stream read by themselves (TRANSFER3D,
 * COPY_TRANSFER3D, buffers of bind CUSTOM or STAGING alone) what it holds at the submit.
 */
struct vcmd_device_wrapper vcmd_capture_recorder(struct vcmd_capture_writer *writer);

#ifdef __cplusplus
}
#endif

#endif
