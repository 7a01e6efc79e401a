/* SPDX-License-Identifier: MIT */
#ifndef VIRGLCMD_VIRGLCMD_H
#define VIRGLCMD_VIRGLCMD_H

/*
 * libvirglcmd: the core. Includes all of it; each header also stands alone.
 *
 * Not included, because only some want it: <virglcmd/inline.h>, encoders to compile into the caller
 * for what is sent with every draw. Devices are in <virglcmd/device.h>, their checker in
 * <virglcmd/check_device.h>, transports each in a header of its own.
 */

#include <virglcmd/buffer.h>
#include <virglcmd/status.h>
#include <virglcmd/version.h>

/* Constants and structures of the protocol. */
#include <virglcmd/caps.h>
#include <virglcmd/enums.h>
#include <virglcmd/format.h>
#include <virglcmd/structs.h>

/* Encoders of the command stream. */
#include <virglcmd/context.h>
#include <virglcmd/draw.h>
#include <virglcmd/inline_write.h>
#include <virglcmd/objects.h>
#include <virglcmd/query.h>
#include <virglcmd/shader.h>
#include <virglcmd/state.h>
#include <virglcmd/transfer.h>
#include <virglcmd/video.h>
#include <virglcmd/video_descriptors.h>

/* The control queue. */
#include <virglcmd/control.h>

/* Reading it all back. */
#include <virglcmd/assemble.h>
#include <virglcmd/decode.h>
#include <virglcmd/print.h>

/* What the host will make of it. */
#include <virglcmd/check.h>

#endif
