/* SPDX-License-Identifier: MIT */
#include "fake_transport.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_IDS 1024

struct fake_transport fake;

/* One open device. Ids count upwards and are not given out twice. */
struct fake_device {
    struct vcmd_log log;
    uint32_t last_context, last_resource;
    uint64_t last_fence;
    bool contexts[MAX_IDS];
    uint32_t resources[MAX_IDS]; /* 1: alive */
    void *memory[MAX_IDS];
    bool attached[MAX_IDS][MAX_IDS]; /* by context and resource */
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

/* Needs the mutex. */
static void expect(bool kept, const char *promise)
{
    if (!kept && !fake.broken)
        fake.broken = promise;
}

static enum vcmd_status begin(const struct fake_device *device, enum fake_op op)
{
    enum vcmd_status status;

    pthread_mutex_lock(&mutex);
    fake.calls[op]++;
    status = fake.fail[op];
    if (status != VCMD_STATUS_OK && status != VCMD_STATUS_TIMEOUT) {
        vcmd_log(&device->log, VCMD_LOG_ERROR, status, "fake: operation %d fails as told", (int)op);
    }
    if (status != VCMD_STATUS_OK)
        pthread_mutex_unlock(&mutex);
    return status; /* OK: with the mutex locked */
}

static enum vcmd_status end(void)
{
    pthread_mutex_unlock(&mutex);
    return VCMD_STATUS_OK;
}

/* ---- device ---- */

static void put_field(uint8_t *capset, enum vcmd_caps_field field, uint32_t value)
{
    const struct vcmd_caps_field_info *info = vcmd_caps_field_info(field);

    for (uint32_t i = 0; i < 4; i++)
        capset[info->offset + i] = (uint8_t)(value >> (8 * i));
}

/* A mask of formats: all ones, but one. */
static void put_formats(uint8_t *capset, enum vcmd_caps_field field, uint32_t denied)
{
    const struct vcmd_caps_field_info *info = vcmd_caps_field_info(field);

    memset(capset + info->offset, 0xff, info->size);
    if (denied / 8 < info->size)
        capset[info->offset + denied / 8] &= (uint8_t) ~(1u << denied % 8);
}

static enum vcmd_status fake_get_capset(void *self, uint32_t capset_id, void *bytes,
                                        size_t capacity, size_t *size)
{
    uint8_t capset[2048] = {0};
    enum vcmd_status status = begin(self, FAKE_GET_CAPSET);

    if (status != VCMD_STATUS_OK)
        return status;
    pthread_mutex_unlock(&mutex);
    if (fake.capset_id == 0 || capset_id != fake.capset_id)
        return VCMD_STATUS_UNSUPPORTED;
    put_field(capset, VCMD_CAPS_MAX_TEXTURE_2D_SIZE, fake.max_2d);
    put_field(capset, VCMD_CAPS_MAX_TEXTURE_3D_SIZE, fake.max_3d);
    put_field(capset, VCMD_CAPS_MAX_TEXTURE_CUBE_SIZE, fake.max_cube);
    put_field(capset, VCMD_CAPS_MAX_TEXTURE_ARRAY_LAYERS, fake.max_layers);
    put_field(capset, VCMD_CAPS_MAX_SAMPLES, fake.max_samples);
    put_formats(capset, VCMD_CAPS_RENDER, fake.undrawable);
    put_formats(capset, VCMD_CAPS_SUPPORTED_READBACK_FORMATS, fake.unreadable);
    *size = fake.capset_size;
    if (capacity > 0)
        memcpy(bytes, capset, capacity < *size ? capacity : *size);
    return capacity < *size ? VCMD_STATUS_BUFFER_FULL : VCMD_STATUS_OK;
}

static void fake_close(void *self)
{
    struct fake_device *device = self;

    pthread_mutex_lock(&mutex);
    for (uint32_t i = 0; i < MAX_IDS; i++) {
        expect(!device->contexts[i], "contexts are destroyed before close");
        expect(!device->resources[i], "resources are destroyed before close");
    }
    fake.opened--;
    pthread_mutex_unlock(&mutex);
    free(device);
}

/* ---- contexts and resources ---- */

static enum vcmd_status fake_context_create(void *self, const char *name, uint32_t *context_id)
{
    struct fake_device *device = self;
    enum vcmd_status status = begin(device, FAKE_CONTEXT_CREATE);

    if (status != VCMD_STATUS_OK)
        return status;
    expect(name != NULL, "name is never NULL");
    snprintf(fake.name, sizeof(fake.name), "%s", name ? name : "");
    *context_id = ++device->last_context;
    device->contexts[*context_id] = true;
    fake.contexts++;
    return end();
}

static void fake_context_destroy(void *self, uint32_t context_id)
{
    struct fake_device *device = self;

    pthread_mutex_lock(&mutex);
    expect(device->contexts[context_id], "a context is destroyed once");
    device->contexts[context_id] = false;
    for (uint32_t i = 0; i < MAX_IDS; i++) {
        fake.attached -= device->attached[context_id][i];
        device->attached[context_id][i] = false;
    }
    fake.contexts--;
    pthread_mutex_unlock(&mutex);
}

static enum vcmd_status fake_resource_create(void *self, const struct vcmd_resource_desc *desc,
                                             uint32_t *resource_id, void **memory)
{
    struct fake_device *device = self;
    enum vcmd_status status = begin(device, FAKE_RESOURCE_CREATE);

    if (status != VCMD_STATUS_OK)
        return status;
    fake.desc = *desc;
    expect(desc->format && desc->height && desc->depth && desc->array_size,
           "no zero is left that stands for a default");
    expect(desc->backing_size != VCMD_NO_BACKING, "no backing is size 0");
    *resource_id = ++device->last_resource;
    device->resources[*resource_id] = 1;
    /* Never touched, so a small piece stands for any size. */
    *memory = desc->backing_size > 0 ? calloc(1, desc->backing_size < 4096 ? 4096 : 65536) : NULL;
    device->memory[*resource_id] = *memory;
    fake.resources++;
    return end();
}

static void fake_resource_destroy(void *self, uint32_t resource_id)
{
    struct fake_device *device = self;

    pthread_mutex_lock(&mutex);
    expect(device->resources[resource_id], "a resource is destroyed once");
    for (uint32_t i = 0; i < MAX_IDS; i++)
        expect(!device->attached[i][resource_id], "it has been detached from every context");
    device->resources[resource_id] = 0;
    free(device->memory[resource_id]);
    fake.resources--;
    pthread_mutex_unlock(&mutex);
}

/* Needs the mutex. */
static void expect_pair(const struct fake_device *device, uint32_t context_id, uint32_t resource_id)
{
    expect(device->contexts[context_id], "the context is alive");
    expect(device->resources[resource_id], "the resource is alive");
}

static enum vcmd_status fake_attach(void *self, uint32_t context_id, uint32_t resource_id)
{
    struct fake_device *device = self;
    enum vcmd_status status = begin(device, FAKE_ATTACH);

    if (status != VCMD_STATUS_OK)
        return status;
    expect_pair(device, context_id, resource_id);
    fake.attached += !device->attached[context_id][resource_id];
    device->attached[context_id][resource_id] = true;
    return end();
}

static enum vcmd_status fake_detach(void *self, uint32_t context_id, uint32_t resource_id)
{
    struct fake_device *device = self;
    enum vcmd_status status = begin(device, FAKE_DETACH);

    if (status != VCMD_STATUS_OK)
        return status;
    expect_pair(device, context_id, resource_id);
    expect(device->attached[context_id][resource_id], "only what is attached is detached");
    fake.attached -= device->attached[context_id][resource_id];
    device->attached[context_id][resource_id] = false;
    return end();
}

/* ---- work ---- */

static enum vcmd_status fake_transfer(void *self, uint32_t context_id, uint32_t resource_id,
                                      uint32_t direction, const struct vcmd_transfer *transfer)
{
    struct fake_device *device = self;
    enum vcmd_status status = begin(device, FAKE_TRANSFER);

    if (status != VCMD_STATUS_OK)
        return status;
    expect_pair(device, context_id, resource_id);
    expect(device->attached[context_id][resource_id], "the resource is attached");
    expect(transfer->box.w > 0 && transfer->box.h > 0 && transfer->box.d > 0, "the box has texels");
    fake.transfer = *transfer;
    fake.transfers[(fake.calls[FAKE_TRANSFER] - 1) % ARRAY_SIZE(fake.transfers)] = *transfer;
    fake.direction = direction;
    return end();
}

static enum vcmd_status fake_submit(void *self, uint32_t context_id, struct vcmd_buffer *buf,
                                    uint64_t *fence)
{
    struct fake_device *device = self;
    enum vcmd_status status = begin(device, FAKE_SUBMIT);

    if (status != VCMD_STATUS_OK)
        return status;
    expect(device->contexts[context_id], "the context is alive");
    expect(buf->length > 0 && buf->error.status == VCMD_STATUS_OK, "the buffer is good, not empty");
    fake.stream_length = buf->length;
    if (fence)
        *fence = ++device->last_fence;
    return end();
}

static enum vcmd_status fake_fence_wait(void *self, uint64_t fence, uint64_t timeout_ns)
{
    struct fake_device *device = self;
    enum vcmd_status status = begin(device, FAKE_FENCE_WAIT);

    if (status != VCMD_STATUS_OK)
        return status;
    expect(fence >= 1 && fence <= device->last_fence, "the fence was given out");
    fake.fence_waited = fence;
    fake.timeout = timeout_ns;
    (void)end();
    return fence <= fake.reached ? VCMD_STATUS_OK : VCMD_STATUS_TIMEOUT;
}

/* ---- opening ---- */

static const struct vcmd_device_ops ops = {
    .close = fake_close,
    .get_capset = fake_get_capset,
    .context_create = fake_context_create,
    .context_destroy = fake_context_destroy,
    .resource_create = fake_resource_create,
    .resource_destroy = fake_resource_destroy,
    .attach = fake_attach,
    .detach = fake_detach,
    .transfer = fake_transfer,
    .submit = fake_submit,
    .fence_wait = fake_fence_wait,
};

static enum vcmd_status fake_transport_open(const char *options, const struct vcmd_log *log,
                                            const struct vcmd_device_ops **device_ops, void **self)
{
    struct fake_device *device = calloc(1, sizeof(*device));
    enum vcmd_status status;

    if (!device)
        abort();
    device->log = *log;
    status = begin(device, FAKE_OPEN);
    if (status != VCMD_STATUS_OK) {
        free(device);
        return status;
    }
    expect(options != NULL, "options is never NULL");
    snprintf(fake.options, sizeof(fake.options), "%s", options ? options : "NULL");
    fake.opened++;
    *device_ops = &ops;
    *self = device;
    return end();
}

const struct vcmd_transport fake_transport_entry = {
    .name = "fake",
    .description = "a mock for tests",
    .open = fake_transport_open,
};

void fake_reset(void)
{
    fake = (struct fake_transport){
        .capset_id = VCMD_CTRL_CAPSET_VIRGL2,
        .capset_size = 1376,
        .max_2d = 16384,
        .max_3d = 2048,
        .max_cube = 8192,
        .max_layers = 2048,
        .max_samples = 4,
        .reached = UINT64_MAX,
    };
}

struct vcmd_device *fake_open(void)
{
    const struct vcmd_transport *const transports[] = {&fake_transport_entry, NULL};
    const struct vcmd_device_desc desc = {.transports = transports, .log = log_keep};
    struct vcmd_device *device = NULL;

    assert_ok(vcmd_device_open(&desc, &device));
    assert_non_null(device);
    return device;
}

void assert_fake_clean(void)
{
    if (fake.broken)
        fail_msg("broken promise: %s", fake.broken);
    assert_int_equal(fake.opened, 0);
    assert_int_equal(fake.contexts, 0);
    assert_int_equal(fake.resources, 0);
    assert_int_equal(fake.attached, 0);
}
