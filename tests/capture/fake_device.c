/* SPDX-License-Identifier: MIT */
#include "fake_device.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <virglcmd/capture.h>
#include <virglcmd/control.h>
#include <virglcmd/enums.h>

struct fake_call fake_calls[FAKE_CALLS];
size_t fake_num_calls;
enum vcmd_status fake_submit_status, fake_create_status, fake_wait_status;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static uint32_t last_id;
static uint64_t last_fence;
static struct {
    void *memory;
    size_t size;
} resources[64];

/* Returns a number that grows with each call. */
static uint32_t note(uint32_t type, uint32_t id, uint32_t id2, uint32_t detail)
{
    uint32_t number;

    pthread_mutex_lock(&mutex);
    if (fake_num_calls < FAKE_CALLS)
        fake_calls[fake_num_calls++] = (struct fake_call){type, id, id2, detail};
    number = ++last_id;
    pthread_mutex_unlock(&mutex);
    return number;
}

static void fake_close(void *self)
{
    (void)self;
    for (size_t i = 0; i < 64; i++)
        free(resources[i].memory);
    memset(resources, 0, sizeof(resources));
}

static enum vcmd_status get_capset(void *self, uint32_t capset_id, void *bytes, size_t capacity,
                                   size_t *size)
{
    (void)self;
    if (capset_id != VCMD_CTRL_CAPSET_VIRGL)
        return VCMD_STATUS_UNSUPPORTED;
    *size = 308;
    if (capacity < *size)
        return VCMD_STATUS_BUFFER_FULL;
    memset(bytes, 1, *size);
    return VCMD_STATUS_OK;
}

static enum vcmd_status context_create(void *self, const char *name, uint32_t *context_id)
{
    static uint32_t next = 100;

    (void)self;
    (void)name;
    if (fake_create_status != VCMD_STATUS_OK)
        return fake_create_status;
    pthread_mutex_lock(&mutex);
    *context_id = next++;
    pthread_mutex_unlock(&mutex);
    note(VCMD_CAPTURE_CONTEXT_CREATE, *context_id, 0, 0);
    return VCMD_STATUS_OK;
}

static void context_destroy(void *self, uint32_t context_id)
{
    (void)self;
    note(VCMD_CAPTURE_CONTEXT_DESTROY, context_id, 0, 0);
}

static enum vcmd_status resource_create(void *self, const struct vcmd_resource_desc *desc,
                                        uint32_t *resource_id, void **memory)
{
    uint32_t id = 0;

    (void)self;
    if (fake_create_status != VCMD_STATUS_OK)
        return fake_create_status;
    pthread_mutex_lock(&mutex);
    for (id = 1; id < 64 && resources[id].memory; id++)
        ;
    resources[id].size = (size_t)desc->backing_size;
    resources[id].memory = calloc(1, resources[id].size + 1);
    *memory = desc->backing_size ? resources[id].memory : NULL;
    pthread_mutex_unlock(&mutex);
    *resource_id = id;
    note(VCMD_CAPTURE_RESOURCE_CREATE, id, 0, 0);
    return VCMD_STATUS_OK;
}

static void resource_destroy(void *self, uint32_t resource_id)
{
    (void)self;
    note(VCMD_CAPTURE_RESOURCE_DESTROY, resource_id, 0, 0);
    pthread_mutex_lock(&mutex);
    free(resources[resource_id].memory);
    resources[resource_id].memory = NULL;
    pthread_mutex_unlock(&mutex);
}

static enum vcmd_status attach(void *self, uint32_t context_id, uint32_t resource_id)
{
    (void)self;
    note(VCMD_CAPTURE_ATTACH, context_id, resource_id, 0);
    return VCMD_STATUS_OK;
}

static enum vcmd_status detach(void *self, uint32_t context_id, uint32_t resource_id)
{
    (void)self;
    note(VCMD_CAPTURE_DETACH, context_id, resource_id, 0);
    return VCMD_STATUS_OK;
}

static enum vcmd_status transfer(void *self, uint32_t context_id, uint32_t resource_id,
                                 uint32_t direction, const struct vcmd_transfer *box)
{
    (void)self;
    (void)box;
    note(VCMD_CAPTURE_TRANSFER, context_id, resource_id, direction);
    if (direction == VCMD_TRANSFER_FROM_HOST)
        memset(resources[resource_id].memory, 0x5a, resources[resource_id].size);
    return VCMD_STATUS_OK;
}

static enum vcmd_status submit(void *self, uint32_t context_id, struct vcmd_buffer *buf,
                               uint64_t *fence)
{
    (void)self;
    note(VCMD_CAPTURE_SUBMIT, context_id, 0, vcmd_le32(vcmd_buffer_stream(buf)[0]));
    if (fence) {
        pthread_mutex_lock(&mutex);
        *fence = ++last_fence;
        pthread_mutex_unlock(&mutex);
    }
    return fake_submit_status;
}

static enum vcmd_status fence_wait(void *self, uint64_t fence, uint64_t timeout_ns)
{
    (void)self;
    (void)fence;
    (void)timeout_ns;
    return fake_wait_status;
}

static const struct vcmd_device_ops ops = {
    .close = fake_close,
    .get_capset = get_capset,
    .context_create = context_create,
    .context_destroy = context_destroy,
    .resource_create = resource_create,
    .resource_destroy = resource_destroy,
    .attach = attach,
    .detach = detach,
    .transfer = transfer,
    .submit = submit,
    .fence_wait = fence_wait,
};

static enum vcmd_status fake_open(const char *options, const struct vcmd_log *log,
                                  const struct vcmd_device_ops **opened, void **self)
{
    (void)options;
    (void)log;
    fake_num_calls = 0;
    last_fence = 0;
    fake_submit_status = fake_create_status = fake_wait_status = VCMD_STATUS_OK;
    *opened = &ops;
    *self = resources;
    return VCMD_STATUS_OK;
}

const struct vcmd_transport *fake_transport(void)
{
    static const struct vcmd_transport transport = {"fake", "does nothing", fake_open};

    return &transport;
}
