/* SPDX-License-Identifier: MIT */
#include "drm_support.h"

enum vcmd_status try_open(const char *options, struct vcmd_device **device)
{
    const struct vcmd_transport *const transports[] = {mock_transport(), NULL};
    const struct vcmd_device_desc desc = {
        .transports = transports, .options = options, .log = log_keep};

    return vcmd_device_open(&desc, device);
}

struct vcmd_device *open_device(const char *options)
{
    struct vcmd_device *device = NULL;

    assert_ok(try_open(options, &device));
    return device;
}

struct vcmd_resource *create_buffer(struct vcmd_device *device, uint32_t bind, uint32_t size)
{
    const struct vcmd_resource_desc desc = {.target = VCMD_BUFFER, .bind = bind, .width = size};
    struct vcmd_resource *resource = NULL;

    assert_ok(vcmd_resource_create(device, &desc, &resource));
    return resource;
}

struct vcmd_context *create_context(struct vcmd_device *device)
{
    struct vcmd_context *context = NULL;

    assert_ok(vcmd_context_create(device, "test", &context));
    return context;
}

enum vcmd_status submit_nop(struct vcmd_context *context, uint64_t *fence)
{
    uint32_t memory[4];
    struct vcmd_buffer buf;

    vcmd_buffer_init(&buf, memory, ARRAY_SIZE(memory), 0);
    vcmd_nop(&buf, &(struct vcmd_nop){0});
    return vcmd_submit(context, &buf, fence);
}

int begin(void **state)
{
    (void)state;
    mock_reset();
    log_forget();
    return 0;
}

int end(void **state)
{
    (void)state;
    mock_assert_clean();
    return 0;
}
