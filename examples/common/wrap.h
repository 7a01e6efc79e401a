/* SPDX-License-Identifier: MIT */
#ifndef EXAMPLES_COMMON_WRAP_H
#define EXAMPLES_COMMON_WRAP_H

#include "common/options.h"
#include <virglcmd/device.h>

/*
 * Puts between the program and its device what the options ask for: --check the checker, --record
 * the recorder. Without them desc stays as it is. Call it right before vcmd_device_open. A file
 * that cannot be written is told on stderr, and ends the program with 1. The file is closed when
 * the program ends, which must be after its device is closed.
 */
void example_wrap(struct vcmd_device_desc *desc, const struct example_options *options,
                  const char *program);

/* Notes that the texture holds a complete picture. Without --record: nothing. */
void example_recorded_frame(const struct vcmd_resource *texture);

#endif
