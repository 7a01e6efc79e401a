/* SPDX-License-Identifier: MIT */
#include "common/transports.h"

#include <stddef.h>
#include <virglcmd/loopback.h>
#ifdef EXAMPLE_DRM
#include <virglcmd/drm.h>
#endif

const struct vcmd_transport *const *example_transports(void)
{
    static const struct vcmd_transport *transports[3];
    size_t count = 0;

    /* A new transport is one more line here, and one more library in CMakeLists.txt. */
    transports[count++] = vcmd_loopback_transport();
#ifdef EXAMPLE_DRM
    transports[count++] = vcmd_drm_transport();
#endif
    transports[count] = NULL;
    return transports;
}
