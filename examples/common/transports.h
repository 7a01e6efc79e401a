/* SPDX-License-Identifier: MIT */
#ifndef EXAMPLES_COMMON_TRANSPORTS_H
#define EXAMPLES_COMMON_TRANSPORTS_H

#include <virglcmd/transport.h>

/*
 * All transports that the examples are linked with, ended by NULL, the default first: what
 * vcmd_device_desc.transports takes. Static data.
 */
const struct vcmd_transport *const *example_transports(void);

#endif
