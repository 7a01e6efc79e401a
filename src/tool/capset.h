/* SPDX-License-Identifier: MIT */
#ifndef TOOL_CAPSET_H
#define TOOL_CAPSET_H

#include "input.h"
#include "transports.h"
#include <virglcmd/caps.h>
#include <virglcmd/control.h>

/* The longest one that is taken; those of hosts have less than half of it. */
#define TOOL_CAPSET_BYTES 4096u

/* A capset as bytes and decoded. */
struct tool_capset {
    uint32_t id; /* VCMD_CTRL_CAPSET_*; 0: not told */
    uint8_t bytes[TOOL_CAPSET_BYTES];
    size_t size;
    struct vcmd_caps caps;
};

/* Says so when it does not. */
bool tool_capset_fits(size_t size, const char *where);

/*
 * Each says why it fails. From bytes: a capset of VIRGL or VIRGL2, alone in a file. From a capture:
 * the best one that is in it. From a file: what it turns out to be.
 */
bool tool_capset_decode(struct tool_capset *capset, const char *where);
bool tool_capset_of_file(struct tool_capset *capset, const struct tool_command *command,
                         const char *path);
bool tool_capset_of_device(struct tool_capset *capset, const struct tool_command *command,
                           const struct tool_device_options *options);

#endif
