/* SPDX-License-Identifier: MIT */
#ifndef EXAMPLES_COMMON_RECORD_H
#define EXAMPLES_COMMON_RECORD_H

#include "common/options.h"
#include <virglcmd/transport.h>

/*
 * What --record FILE asks for: goes into vcmd_device_desc.wrappers. NULL without --record. A file
 * that cannot be written is told on stderr, and ends the program with 1. The file is closed when
 * the program ends, which must be after its device is closed.
 */
const struct vcmd_device_wrapper *example_recorder(const struct example_options *options,
                                                   const char *program);

/* Notes that the texture holds a complete picture. Without --record: nothing. */
void example_recorded_frame(const struct vcmd_resource *texture);

#endif
