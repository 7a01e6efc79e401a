/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <virglcmd/control.h>

#include "device_private.h"

/* ---- lives ---- */

bool vcmd_device_enter(struct vcmd_device *device)
{
    bool open;

    vcmd_mutex_lock(&device->mutex);
    open = !device->closing;
    if (open)
        device->calls++;
    vcmd_mutex_unlock(&device->mutex);
    return open;
}

void vcmd_device_leave(struct vcmd_device *device)
{
    vcmd_mutex_lock(&device->mutex);
    device->calls--;
    if (device->calls == 0)
        vcmd_cond_broadcast(&device->changed);
    vcmd_mutex_unlock(&device->mutex);
}

bool vcmd_device_enter_destroy(struct vcmd_device *device)
{
    vcmd_mutex_lock(&device->mutex);
    /* While it closes, the closing thread walks the lists of objects without the lock. */
    while (device->closing && !device->gone)
        vcmd_cond_wait(&device->changed, &device->mutex);
    if (device->gone)
        return false;
    device->calls++;
    return true;
}

static void free_device(struct vcmd_device *device)
{
    vcmd_cond_destroy(&device->changed);
    vcmd_mutex_destroy(&device->mutex);
    free(device);
}

void vcmd_device_release(struct vcmd_device *device)
{
    bool last;

    vcmd_mutex_lock(&device->mutex);
    device->references--;
    last = device->references == 0;
    vcmd_mutex_unlock(&device->mutex);
    if (last)
        free_device(device);
}

static struct vcmd_device *alloc_device(const struct vcmd_device_desc *desc)
{
    struct vcmd_device *device = calloc(1, sizeof(*device));

    if (!device)
        return NULL;
    device->references = 1;
    device->log.fn = desc->log;
    device->log.user = desc->log_user;
    if (!vcmd_mutex_init(&device->mutex)) {
        free(device);
        return NULL;
    }
    if (!vcmd_cond_init(&device->changed)) {
        vcmd_mutex_destroy(&device->mutex);
        free(device);
        return NULL;
    }
    return device;
}

/* ---- opening ---- */

static const struct vcmd_transport *find_transport(const struct vcmd_device_desc *desc)
{
    const struct vcmd_transport *const *entry = desc->transports;

    if (!desc->transport || desc->transport[0] == '\0')
        return *entry;
    for (; *entry; entry++) {
        if (strcmp((*entry)->name, desc->transport) == 0)
            return *entry;
    }
    return NULL;
}

static enum vcmd_status refuse_transport(const struct vcmd_device_desc *desc,
                                         const struct vcmd_log *log)
{
    if (!desc->transports[0]) {
        vcmd_log(log, VCMD_LOG_ERROR, VCMD_STATUS_UNKNOWN_TRANSPORT,
                 "open: the list of transports is empty");
        return VCMD_STATUS_UNKNOWN_TRANSPORT;
    }
    vcmd_log(log, VCMD_LOG_ERROR, VCMD_STATUS_UNKNOWN_TRANSPORT,
             "open: there is no transport \"%s\" in this program", desc->transport);
    for (const struct vcmd_transport *const *entry = desc->transports; *entry; entry++)
        vcmd_log(log, VCMD_LOG_ERROR, VCMD_STATUS_UNKNOWN_TRANSPORT, "open: there is \"%s\": %s",
                 (*entry)->name, (*entry)->description ? (*entry)->description : "");
    return VCMD_STATUS_UNKNOWN_TRANSPORT;
}

/* Reads a capset of a size that only the host knows. UNSUPPORTED: the host does not offer it. */
static enum vcmd_status read_capset(struct vcmd_device *device, uint32_t capset_id)
{
    enum vcmd_status status;
    size_t size = 0;
    void *bytes;

    status = device->ops->get_capset(device->self, capset_id, NULL, 0, &size);
    if (status != VCMD_STATUS_BUFFER_FULL)
        return status == VCMD_STATUS_OK ? VCMD_STATUS_UNSUPPORTED : status;
    bytes = malloc(size);
    if (!bytes)
        return VCMD_STATUS_NO_MEMORY;
    status = device->ops->get_capset(device->self, capset_id, bytes, size, &size);
    if (status == VCMD_STATUS_OK)
        status = vcmd_caps_decode(&device->caps, bytes, size);
    free(bytes);
    return status;
}

static enum vcmd_status read_caps(struct vcmd_device *device)
{
    enum vcmd_status status = read_capset(device, VCMD_CTRL_CAPSET_VIRGL2);

    if (status == VCMD_STATUS_UNSUPPORTED)
        status = read_capset(device, VCMD_CTRL_CAPSET_VIRGL);
    if (status == VCMD_STATUS_UNSUPPORTED) {
        vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_NO_DEVICE,
                 "open: the device offers no VirGL capset, so it has no 3D");
        return VCMD_STATUS_NO_DEVICE;
    }
    if (status != VCMD_STATUS_OK)
        vcmd_log(&device->log, VCMD_LOG_ERROR, status, "open: reading the capset failed: %s",
                 vcmd_status_string(status));
    return status;
}

static enum vcmd_status wrap_transport(struct vcmd_device *device,
                                       const struct vcmd_device_desc *desc)
{
    enum vcmd_status status = VCMD_STATUS_OK;

    for (size_t i = 0; i < desc->num_wrappers && status == VCMD_STATUS_OK; i++)
        status = desc->wrappers[i].wrap(desc->wrappers[i].user, device->transport_name,
                                        &device->log, &device->ops, &device->self);
    return status;
}

static enum vcmd_status open_transport(struct vcmd_device *device,
                                       const struct vcmd_device_desc *desc)
{
    const struct vcmd_transport *transport = find_transport(desc);
    enum vcmd_status status;

    if (!transport)
        return refuse_transport(desc, &device->log);
    device->transport_name = transport->name;
    status = transport->open(desc->options ? desc->options : "", &device->log, &device->ops,
                             &device->self);
    if (status != VCMD_STATUS_OK)
        return status;
    status = wrap_transport(device, desc);
    if (status == VCMD_STATUS_OK)
        status = read_caps(device);
    if (status != VCMD_STATUS_OK)
        device->ops->close(device->self);
    return status;
}

enum vcmd_status vcmd_device_open(const struct vcmd_device_desc *desc, struct vcmd_device **device)
{
    struct vcmd_device *opened;
    enum vcmd_status status;

    if (!device)
        return VCMD_STATUS_NULL_ARGUMENT;
    *device = NULL;
    if (!desc || !desc->transports || (desc->num_wrappers > 0 && !desc->wrappers))
        return VCMD_STATUS_NULL_ARGUMENT;
    opened = alloc_device(desc);
    if (!opened) {
        vcmd_log(&(struct vcmd_log){desc->log, desc->log_user}, VCMD_LOG_ERROR,
                 VCMD_STATUS_NO_MEMORY, "open: no memory");
        return VCMD_STATUS_NO_MEMORY;
    }
    status = open_transport(opened, desc);
    if (status != VCMD_STATUS_OK) {
        free_device(opened);
        return status;
    }
    *device = opened;
    return VCMD_STATUS_OK;
}

/* ---- closing ---- */

/*
 * Nobody else touches the lists now: new calls are refused, and destroy calls wait until the
 * transport is gone. The objects themselves stay, for their destroy call.
 */
static void destroy_leftovers(struct vcmd_device *device)
{
    for (struct vcmd_context *context = device->contexts; context; context = context->next)
        device->ops->context_destroy(device->self, context->id);
    for (struct vcmd_resource *resource = device->resources; resource; resource = resource->next) {
        device->ops->resource_destroy(device->self, resource->id);
        resource->memory = NULL;
    }
}

void vcmd_device_close(struct vcmd_device *device)
{
    if (!device)
        return;
    vcmd_mutex_lock(&device->mutex);
    device->closing = true;
    while (device->calls > 0)
        vcmd_cond_wait(&device->changed, &device->mutex);
    vcmd_mutex_unlock(&device->mutex);

    destroy_leftovers(device);
    device->ops->close(device->self);

    vcmd_mutex_lock(&device->mutex);
    device->gone = true;
    vcmd_cond_broadcast(&device->changed);
    vcmd_mutex_unlock(&device->mutex);
    vcmd_device_release(device);
}

/* ---- asking ---- */

const char *vcmd_device_transport_name(const struct vcmd_device *device)
{
    return device ? device->transport_name : "";
}

enum vcmd_status vcmd_device_get_caps(struct vcmd_device *device, struct vcmd_caps *caps)
{
    if (!device || !caps)
        return VCMD_STATUS_NULL_ARGUMENT;
    *caps = device->caps;
    return VCMD_STATUS_OK;
}

enum vcmd_status vcmd_device_get_capset(struct vcmd_device *device, uint32_t capset_id, void *bytes,
                                        size_t capacity, size_t *size)
{
    enum vcmd_status status;

    if (!device || !size || (!bytes && capacity > 0))
        return VCMD_STATUS_NULL_ARGUMENT;
    *size = 0;
    if (!vcmd_device_enter(device))
        return VCMD_STATUS_DEVICE_CLOSED;
    status = device->ops->get_capset(device->self, capset_id, bytes, capacity, size);
    vcmd_device_leave(device);
    return status;
}

/* ---- what only one transport can do ---- */

enum vcmd_status vcmd_transport_enter(struct vcmd_device *device, const struct vcmd_device_ops *ops,
                                      const char *what, void **self)
{
    if (!device || !ops || !what || !self)
        return VCMD_STATUS_NULL_ARGUMENT;
    if (!vcmd_device_enter(device))
        return VCMD_STATUS_DEVICE_CLOSED;
    if (device->ops == ops) {
        *self = device->self;
        return VCMD_STATUS_OK;
    }
    vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_UNSUPPORTED,
             "%s: the transport \"%s\" does not have this, or a wrapper stands in front of it: a "
             "recorder or a checker would not see what is done here",
             what, device->transport_name);
    vcmd_device_leave(device);
    return VCMD_STATUS_UNSUPPORTED;
}

void vcmd_transport_leave(struct vcmd_device *device)
{
    if (device)
        vcmd_device_leave(device);
}
