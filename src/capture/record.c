/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include <virglcmd/control.h>
#include <virglcmd/enums.h>

#include "record_private.h"

/* ---- writing, as long as it works ---- */

void recorder_check(struct recorder *recorder, enum vcmd_status status)
{
    struct vcmd_capture_record comment = {.type = VCMD_CAPTURE_COMMENT};

    if (status == VCMD_STATUS_OK || recorder->broken)
        return;
    recorder->broken = true;
    vcmd_log(&recorder->log, VCMD_LOG_WARNING, VCMD_STATUS_OK,
             "the recording ends here, the device goes on: %s", vcmd_status_string(status));
    comment.u.comment.text = "the recording ends here: a record could not be written";
    (void)vcmd_capture_write(recorder->writer, &comment);
}

void recorder_write(struct recorder *recorder, const struct vcmd_capture_record *record)
{
    if (!recorder->broken)
        recorder_check(recorder, vcmd_capture_write(recorder->writer, record));
}

/* Behind the record of what did not succeed. */
static void write_outcome(struct recorder *recorder, enum vcmd_status status)
{
    struct vcmd_capture_record record = {.type = VCMD_CAPTURE_FAILURE};

    if (status == VCMD_STATUS_OK)
        return;
    record.u.failure.status = (uint32_t)status;
    record.u.failure.text.text = vcmd_status_string(status);
    recorder_write(recorder, &record);
}

/* ---- contexts ---- */

static enum vcmd_status get_capset(void *self, uint32_t capset_id, void *bytes, size_t capacity,
                                   size_t *size)
{
    struct recorder *recorder = self;

    return recorder->inner->get_capset(recorder->inner_self, capset_id, bytes, capacity, size);
}

static enum vcmd_status context_create(void *self, const char *name, uint32_t *context_id)
{
    struct vcmd_capture_record record = {.type = VCMD_CAPTURE_CONTEXT_CREATE};
    struct recorder *recorder = self;
    enum vcmd_status status;

    vcmd_mutex_lock(&recorder->mutex);
    status = recorder->inner->context_create(recorder->inner_self, name, context_id);
    record.u.context.id = status == VCMD_STATUS_OK ? *context_id : 0;
    record.u.context.name.text = name;
    recorder_write(recorder, &record);
    write_outcome(recorder, status);
    vcmd_mutex_unlock(&recorder->mutex);
    return status;
}

static void context_destroy(void *self, uint32_t context_id)
{
    struct vcmd_capture_record record = {.type = VCMD_CAPTURE_CONTEXT_DESTROY};
    struct recorder *recorder = self;

    record.u.context.id = context_id;
    vcmd_mutex_lock(&recorder->mutex);
    recorder_write(recorder, &record);
    recorder->inner->context_destroy(recorder->inner_self, context_id);
    vcmd_mutex_unlock(&recorder->mutex);
}

/* ---- resources ---- */

static bool is_guest_kept(const struct vcmd_resource_desc *desc)
{
    const uint32_t kept = VCMD_BIND_CUSTOM | VCMD_BIND_STAGING;

    return desc->target == VCMD_BUFFER && desc->bind != 0 && (desc->bind & ~kept) == 0;
}

/* Needs the mutex. */
static void remember_resource(struct recorder *recorder, uint32_t id,
                              const struct vcmd_resource_desc *desc, const void *memory)
{
    struct recorded_resource *resource = calloc(1, sizeof(*resource));

    if (!resource || !capture_id_set(&recorder->resources, id, resource)) {
        free(resource);
        recorder_check(recorder, VCMD_STATUS_NO_MEMORY);
        return;
    }
    resource->desc = *desc;
    resource->memory = memory;
    resource->guest_kept = is_guest_kept(desc);
    recorder->num_guest_kept += resource->guest_kept ? 1 : 0;
}

static enum vcmd_status resource_create(void *self, const struct vcmd_resource_desc *desc,
                                        uint32_t *resource_id, void **memory)
{
    struct vcmd_capture_record record = {.type = VCMD_CAPTURE_RESOURCE_CREATE};
    struct recorder *recorder = self;
    enum vcmd_status status;

    vcmd_mutex_lock(&recorder->mutex);
    status = recorder->inner->resource_create(recorder->inner_self, desc, resource_id, memory);
    record.u.resource.desc = *desc;
    if (status == VCMD_STATUS_OK) {
        record.u.resource.id = *resource_id;
        remember_resource(recorder, *resource_id, desc, *memory);
    }
    recorder_write(recorder, &record);
    write_outcome(recorder, status);
    vcmd_mutex_unlock(&recorder->mutex);
    return status;
}

static void resource_destroy(void *self, uint32_t resource_id)
{
    struct vcmd_capture_record record = {.type = VCMD_CAPTURE_RESOURCE_DESTROY};
    struct recorder *recorder = self;
    struct recorded_resource *resource;

    record.u.resource.id = resource_id;
    vcmd_mutex_lock(&recorder->mutex);
    recorder_write(recorder, &record);
    resource = capture_id_remove(&recorder->resources, resource_id);
    if (resource && resource->guest_kept)
        recorder->num_guest_kept--;
    free(resource);
    recorder->inner->resource_destroy(recorder->inner_self, resource_id);
    vcmd_mutex_unlock(&recorder->mutex);
}

static enum vcmd_status change_pair(struct recorder *recorder, uint32_t type, uint32_t context_id,
                                    uint32_t resource_id,
                                    enum vcmd_status (*change)(void *, uint32_t, uint32_t))
{
    struct vcmd_capture_record record = {.type = type};
    enum vcmd_status status;

    record.u.pair.context_id = context_id;
    record.u.pair.resource_id = resource_id;
    vcmd_mutex_lock(&recorder->mutex);
    recorder_write(recorder, &record);
    status = change(recorder->inner_self, context_id, resource_id);
    write_outcome(recorder, status);
    vcmd_mutex_unlock(&recorder->mutex);
    return status;
}

static enum vcmd_status attach(void *self, uint32_t context_id, uint32_t resource_id)
{
    struct recorder *recorder = self;

    return change_pair(recorder, VCMD_CAPTURE_ATTACH, context_id, resource_id,
                       recorder->inner->attach);
}

static enum vcmd_status detach(void *self, uint32_t context_id, uint32_t resource_id)
{
    struct recorder *recorder = self;

    return change_pair(recorder, VCMD_CAPTURE_DETACH, context_id, resource_id,
                       recorder->inner->detach);
}

/* ---- transfers ---- */

/* Needs the mutex. */
static void write_transfer(struct recorder *recorder, const struct vcmd_capture_transfer *transfer)
{
    const struct recorded_resource *resource =
        capture_id_find(&recorder->resources, transfer->resource_id);

    if (recorder->broken || !resource)
        return;
    recorder_check(recorder,
                   vcmd_capture_write_transfer(recorder->writer, transfer, &resource->desc,
                                               resource->memory, resource->desc.backing_size));
}

static enum vcmd_status transfer(void *self, uint32_t context_id, uint32_t resource_id,
                                 uint32_t direction, const struct vcmd_transfer *box)
{
    const struct vcmd_capture_transfer record = {.context_id = context_id,
                                                 .resource_id = resource_id,
                                                 .direction = direction,
                                                 .transfer = *box};
    struct recorder *recorder = self;
    enum vcmd_status status;

    vcmd_mutex_lock(&recorder->mutex);
    if (direction == VCMD_TRANSFER_TO_HOST)
        write_transfer(recorder, &record);
    status =
        recorder->inner->transfer(recorder->inner_self, context_id, resource_id, direction, box);
    if (direction != VCMD_TRANSFER_TO_HOST)
        write_transfer(recorder, &record);
    write_outcome(recorder, status);
    vcmd_mutex_unlock(&recorder->mutex);
    return status;
}

/* ---- submits and fences ---- */

static enum vcmd_status submit(void *self, uint32_t context_id, struct vcmd_buffer *buf,
                               uint64_t *fence)
{
    struct vcmd_capture_record record = {.type = VCMD_CAPTURE_SUBMIT};
    struct vcmd_capture_record made = {.type = VCMD_CAPTURE_FENCE};
    struct recorder *recorder = self;
    enum vcmd_status status;

    record.u.submit.context_id = context_id;
    record.u.submit.dwords = vcmd_buffer_stream(buf);
    record.u.submit.num_dwords = buf->length;
    vcmd_mutex_lock(&recorder->mutex);
    if (!recorder->broken)
        recorder_write_memory_of_stream(recorder, buf);
    recorder_write(recorder, &record);
    status = recorder->inner->submit(recorder->inner_self, context_id, buf, fence);
    if (status == VCMD_STATUS_OK && fence) {
        made.u.fence.context_id = context_id;
        made.u.fence.fence = *fence;
        recorder_write(recorder, &made);
    }
    write_outcome(recorder, status);
    vcmd_mutex_unlock(&recorder->mutex);
    return status;
}

/* Without the lock while it waits: others may have to do something before the fence is reached. */
static enum vcmd_status fence_wait(void *self, uint64_t fence, uint64_t timeout_ns)
{
    struct vcmd_capture_record record = {.type = VCMD_CAPTURE_FENCE_WAIT};
    struct recorder *recorder = self;
    enum vcmd_status status;

    status = recorder->inner->fence_wait(recorder->inner_self, fence, timeout_ns);
    if (status == VCMD_STATUS_TIMEOUT && timeout_ns == 0)
        return status;
    record.u.fence_wait.fence = fence;
    record.u.fence_wait.timeout_ns = timeout_ns;
    vcmd_mutex_lock(&recorder->mutex);
    recorder_write(recorder, &record);
    write_outcome(recorder, status);
    vcmd_mutex_unlock(&recorder->mutex);
    return status;
}

/* ---- life ---- */

static void close_recorder(void *self)
{
    struct recorder *recorder = self;
    void *resource;

    recorder->inner->close(recorder->inner_self);
    while ((resource = capture_id_take(&recorder->resources)) != NULL)
        free(resource);
    capture_id_free(&recorder->resources);
    vcmd_mutex_destroy(&recorder->mutex);
    free(recorder);
}

static const struct vcmd_device_ops recorder_ops = {
    .close = close_recorder,
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

static void write_info(struct recorder *recorder, const char *key, const char *value)
{
    struct vcmd_capture_record record = {.type = VCMD_CAPTURE_INFO};

    record.u.info.key.text = key;
    record.u.info.value.text = value;
    recorder_write(recorder, &record);
}

static void write_renderer(struct recorder *recorder, const void *bytes, size_t size)
{
    struct vcmd_caps caps;
    char name[sizeof(caps.renderer) + 1] = {0};

    if (vcmd_caps_decode(&caps, bytes, size) != VCMD_STATUS_OK)
        return;
    for (size_t i = 0; i < sizeof(caps.renderer) && caps.renderer[i]; i++)
        name[i] = (char)caps.renderer[i];
    if (name[0])
        write_info(recorder, "renderer", name);
}

/* One that the device does not offer is not in the capture. */
static void write_capset(struct recorder *recorder, uint32_t id)
{
    struct vcmd_capture_record record = {.type = VCMD_CAPTURE_CAPSET};
    enum vcmd_status status;
    size_t size = 0;
    void *bytes;

    status = recorder->inner->get_capset(recorder->inner_self, id, NULL, 0, &size);
    if (status != VCMD_STATUS_BUFFER_FULL || size == 0)
        return;
    bytes = malloc(size);
    if (!bytes) {
        recorder_check(recorder, VCMD_STATUS_NO_MEMORY);
        return;
    }
    status = recorder->inner->get_capset(recorder->inner_self, id, bytes, size, &size);
    if (status == VCMD_STATUS_OK) {
        record.u.capset = (struct vcmd_capture_capset){id, 1, bytes, size};
        recorder_write(recorder, &record);
        if (id == VCMD_CTRL_CAPSET_VIRGL2)
            write_renderer(recorder, bytes, size);
    }
    free(bytes);
}

static enum vcmd_status wrap(void *user, const char *transport, const struct vcmd_log *log,
                             const struct vcmd_device_ops **ops, void **self)
{
    struct recorder *recorder;

    if (!user) {
        vcmd_log(log, VCMD_LOG_ERROR, VCMD_STATUS_NULL_ARGUMENT, "record: there is no writer");
        return VCMD_STATUS_NULL_ARGUMENT;
    }
    recorder = calloc(1, sizeof(*recorder));
    if (!recorder || !vcmd_mutex_init(&recorder->mutex)) {
        free(recorder);
        vcmd_log(log, VCMD_LOG_ERROR, VCMD_STATUS_NO_MEMORY, "record: no memory");
        return VCMD_STATUS_NO_MEMORY;
    }
    recorder->writer = user;
    recorder->log = *log;
    recorder->inner = *ops;
    recorder->inner_self = *self;
    write_info(recorder, "transport", transport);
    write_capset(recorder, VCMD_CTRL_CAPSET_VIRGL);
    write_capset(recorder, VCMD_CTRL_CAPSET_VIRGL2);
    *ops = &recorder_ops;
    *self = recorder;
    return VCMD_STATUS_OK;
}

struct vcmd_device_wrapper vcmd_capture_recorder(struct vcmd_capture_writer *writer)
{
    return (struct vcmd_device_wrapper){wrap, writer};
}
