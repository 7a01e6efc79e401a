/* SPDX-License-Identifier: MIT */
#include "common/transports.h"

#include <virglcmd/loopback.h>

const struct vcmd_transport *const *example_transports(void)
{
    static const struct vcmd_transport *transports[2];

    /* A new transport is one more line here, and one more library in CMakeLists.txt. */
    transports[0] = vcmd_loopback_transport();
    transports[1] = NULL;
    return transports;
}
