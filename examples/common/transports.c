/* SPDX-License-Identifier: MIT */
#include "common/transports.h"

#include <stddef.h>
#include <virglcmd/loopback.h>
#ifdef EXAMPLE_VTEST
#include <virglcmd/vtest.h>
#endif
#ifdef EXAMPLE_DRM
#include <virglcmd/drm.h>
#endif

const struct vcmd_transport *const *example_transports(void)
{
    static const struct vcmd_transport *transports[4]; /* ended by NULL */
    size_t count = 0;

    /* A new transport is one more line here, and one more library in CMakeLists.txt. */
    transports[count++] = vcmd_loopback_transport();
#ifdef EXAMPLE_VTEST
    transports[count++] = vcmd_vtest_transport();
#endif
#ifdef EXAMPLE_DRM
    transports[count++] = vcmd_drm_transport();
#endif
    transports[count] = NULL;
    return transports;
}
