/* SPDX-License-Identifier: MIT */
#include "capture_device.h"

#include <string.h>

#include <virglcmd/record.h>

static void do_close(void *self)
{
    (void)self;
}

static enum vcmd_status get_capset(void *self, uint32_t capset_id, void *bytes, size_t capacity,
                                   size_t *size)
{
    const struct capture_device *device = self;

    if (capset_id < 1 || capset_id > 2 || device->capsets[capset_id - 1].size == 0)
        return VCMD_STATUS_UNSUPPORTED;
    *size = device->capsets[capset_id - 1].size;
    if (capacity < *size)
        return VCMD_STATUS_BUFFER_FULL;
    memcpy(bytes, device->capsets[capset_id - 1].bytes, *size);
    return VCMD_STATUS_OK;
}

static enum vcmd_status context_create(void *self, const char *name, uint32_t *context_id)
{
    (void)self;
    (void)name;
    *context_id = CAPTURE_CONTEXT;
    return VCMD_STATUS_OK;
}

static void destroy(void *self, uint32_t id)
{
    (void)self;
    (void)id;
}

static enum vcmd_status resource_create(void *self, const struct vcmd_resource_desc *desc,
                                        uint32_t *resource_id, void **memory)
{
    const struct capture_device *device = self;

    (void)desc;
    *resource_id = device->next_resource;
    *memory = device->next_memory;
    return VCMD_STATUS_OK;
}

static enum vcmd_status change_pair(void *self, uint32_t context_id, uint32_t resource_id)
{
    (void)self;
    (void)context_id;
    (void)resource_id;
    return VCMD_STATUS_OK;
}

static enum vcmd_status transfer(void *self, uint32_t context_id, uint32_t resource_id,
                                 uint32_t direction, const struct vcmd_transfer *box)
{
    (void)self;
    (void)context_id;
    (void)resource_id;
    (void)direction;
    (void)box;
    return VCMD_STATUS_OK;
}

static enum vcmd_status submit(void *self, uint32_t context_id, struct vcmd_buffer *buf,
                               uint64_t *fence)
{
    struct capture_device *device = self;

    (void)context_id;
    (void)buf;
    *fence = ++device->fence;
    return VCMD_STATUS_OK;
}

static enum vcmd_status fence_wait(void *self, uint64_t fence, uint64_t timeout_ns)
{
    (void)self;
    (void)fence;
    (void)timeout_ns;
    return VCMD_STATUS_OK;
}

static const struct vcmd_device_ops nothing = {
    .close = do_close,
    .get_capset = get_capset,
    .context_create = context_create,
    .context_destroy = destroy,
    .resource_create = resource_create,
    .resource_destroy = destroy,
    .attach = change_pair,
    .detach = change_pair,
    .transfer = transfer,
    .submit = submit,
    .fence_wait = fence_wait,
};

enum vcmd_status capture_device_open(struct capture_device *device,
                                     struct vcmd_capture_writer *writer, const char *name)
{
    const struct vcmd_device_wrapper recorder = vcmd_capture_recorder(writer);
    const struct vcmd_log no_log = {NULL, NULL};
    uint32_t context;
    enum vcmd_status status;

    device->ops = &nothing;
    device->self = device;
    status = recorder.wrap(recorder.user, "vtest", &no_log, &device->ops, &device->self);
    if (status != VCMD_STATUS_OK)
        return status;
    status = device->ops->context_create(device->self, name, &context);
    if (status != VCMD_STATUS_OK)
        device->ops->close(device->self);
    return status;
}

void capture_device_close(struct capture_device *device)
{
    device->ops->context_destroy(device->self, CAPTURE_CONTEXT);
    device->ops->close(device->self);
}
