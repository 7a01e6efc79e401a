/* SPDX-License-Identifier: MIT */
#ifndef TOOL_TRANSPORTS_H
#define TOOL_TRANSPORTS_H

#include <virglcmd/device.h>

/* The transports that the tool is built with. */

/* Which device a command is to open. */
struct tool_device_options {
    const char *transport; /* NULL: the first one */
    const char *options;
};

#define TOOL_DEVICE_OPTIONS(type, member)                                                          \
    {"transport",                                                                                  \
     't',                                                                                          \
     TOOL_TEXT,                                                                                    \
     offsetof(type, member) + offsetof(struct tool_device_options, transport),                     \
     "NAME",                                                                                       \
     "what carries the commands: loopback, vtest or drm, as built in",                             \
     "loopback vtest drm"},                                                                        \
    {                                                                                              \
        "options", 'O', TOOL_TEXT,                                                                 \
            offsetof(type, member) + offsetof(struct tool_device_options, options),                \
            "KEY=VALUE,...", "options of the transport", NULL                                      \
    }

/* Ended by NULL; may be empty. */
const struct vcmd_transport *const *tool_transports(void);

/* Opens a device, and lets its log go to stderr. On failure says why and returns NULL. */
struct vcmd_device *tool_open_device(const char *command,
                                     const struct tool_device_options *options);

#endif
