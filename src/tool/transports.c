/* SPDX-License-Identifier: MIT */
#include "transports.h"

#include "report.h"
#include <stdio.h>
#include <string.h>
#include <virglcmd/transport.h>

#ifdef TOOL_HAS_LOOPBACK
#include <virglcmd/loopback.h>
#endif
#ifdef TOOL_HAS_VTEST
#include <virglcmd/vtest.h>
#endif
#ifdef TOOL_HAS_DRM
#include <virglcmd/drm.h>
#endif

const struct vcmd_transport *const *tool_transports(void)
{
    static const struct vcmd_transport *transports[4];
    size_t count = 0;

#ifdef TOOL_HAS_LOOPBACK
    transports[count++] = vcmd_loopback_transport();
#endif
#ifdef TOOL_HAS_VTEST
    transports[count++] = vcmd_vtest_transport();
#endif
#ifdef TOOL_HAS_DRM
    transports[count++] = vcmd_drm_transport();
#endif
    transports[count] = NULL;
    return transports;
}

static void log_line(void *user, enum vcmd_log_level level, enum vcmd_status code, const char *text)
{
    (void)user;
    (void)code;
    if (level != VCMD_LOG_INFO)
        tool_error("%s%s", level == VCMD_LOG_WARNING ? "warning: " : "", text);
}

static bool is_built_in(const char *name)
{
    const struct vcmd_transport *const *transport = tool_transports();

    while (*transport && strcmp((*transport)->name, name) != 0)
        transport++;
    return *transport != NULL;
}

static void say_which(const char *command, const char *name)
{
    const struct vcmd_transport *const *transport = tool_transports();

    tool_error("%s: no transport \"%s\" is built in; there are:%s", command, name,
               *transport ? "" : " none");
    for (; *transport; transport++)
        fprintf(stderr, "  %-10s %s\n", (*transport)->name, (*transport)->description);
}

struct vcmd_device *tool_open_device(const char *command, const struct tool_device_options *options)
{
    const struct vcmd_device_desc desc = {.transports = tool_transports(),
                                          .transport = options->transport,
                                          .options = options->options,
                                          .log = log_line};
    struct vcmd_device *device = NULL;
    enum vcmd_status status;

    if (!*tool_transports() || (options->transport && !is_built_in(options->transport))) {
        say_which(command, options->transport ? options->transport : "");
        return NULL;
    }
    status = vcmd_device_open(&desc, &device);
    if (status == VCMD_STATUS_OK)
        return device;
    tool_error("%s: the device of transport %s cannot be opened: %s", command,
               options->transport ? options->transport : (*tool_transports())->name,
               vcmd_status_string(status));
    return NULL;
}
