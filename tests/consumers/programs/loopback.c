/* SPDX-License-Identifier: MIT */
/* A program that links a transport: opens the loopback and submits. */
#include <stdio.h>
#include <virglcmd/loopback.h>
#include <virglcmd/virglcmd.h>

static void print(void *user, enum vcmd_log_level level, enum vcmd_status code, const char *text)
{
    (void)user;
    (void)code;
    if (level <= VCMD_LOG_WARNING)
        fprintf(stderr, "%s\n", text);
}

int main(void)
{
    const struct vcmd_transport *const transports[] = {vcmd_loopback_transport(), NULL};
    const struct vcmd_device_desc desc = {.transports = transports, .log = print};
    const struct vcmd_set_blend_color color = {{1, 0.5f, 0, 1}};
    uint32_t memory[64];
    struct vcmd_device *device;
    struct vcmd_context *context;
    struct vcmd_buffer buf;
    struct vcmd_caps caps;

    if (vcmd_device_open(&desc, &device) || vcmd_device_get_caps(device, &caps) ||
        vcmd_context_create(device, "consumer", &context))
        return 1;
    vcmd_buffer_init(&buf, memory, 64, VCMD_BUFFER_HEADROOM);
    vcmd_set_blend_color(&buf, &color);
    if (vcmd_submit(context, &buf, NULL))
        return 1;
    printf("%s renders with %s\n", vcmd_device_transport_name(device), caps.renderer);
    vcmd_context_destroy(context);
    vcmd_device_close(device);
    return 0;
}
