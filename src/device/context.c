/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "device_private.h"

static void link_context(struct vcmd_context *context)
{
    struct vcmd_device *device = context->device;

    vcmd_mutex_lock(&device->mutex);
    context->next = device->contexts;
    context->link = &device->contexts;
    if (context->next)
        context->next->link = &context->next;
    device->contexts = context;
    device->references++;
    vcmd_mutex_unlock(&device->mutex);
}

static void unlink_context(struct vcmd_context *context)
{
    *context->link = context->next;
    if (context->next)
        context->next->link = context->link;
}

static enum vcmd_status create_context(struct vcmd_device *device, const char *name,
                                       struct vcmd_context **context)
{
    struct vcmd_context *created = calloc(1, sizeof(*created));
    enum vcmd_status status;

    if (!created) {
        vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_NO_MEMORY, "context_create: no memory");
        return VCMD_STATUS_NO_MEMORY;
    }
    created->device = device;
    status = device->ops->context_create(device->self, name, &created->id);
    if (status != VCMD_STATUS_OK) {
        free(created);
        return status;
    }
    link_context(created);
    *context = created;
    return VCMD_STATUS_OK;
}

enum vcmd_status vcmd_transport_adopt_context(struct vcmd_device *device, uint32_t context_id,
                                              struct vcmd_context **context)
{
    struct vcmd_context *adopted = calloc(1, sizeof(*adopted));

    if (!adopted) {
        vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_NO_MEMORY, "context_create: no memory");
        return VCMD_STATUS_NO_MEMORY;
    }
    adopted->device = device;
    adopted->id = context_id;
    link_context(adopted);
    *context = adopted;
    return VCMD_STATUS_OK;
}

struct vcmd_device *vcmd_context_device(const struct vcmd_context *context)
{
    return context ? context->device : NULL;
}

uint32_t vcmd_context_id(const struct vcmd_context *context)
{
    return context ? context->id : 0;
}

enum vcmd_status vcmd_context_create(struct vcmd_device *device, const char *name,
                                     struct vcmd_context **context)
{
    enum vcmd_status status;

    if (!context)
        return VCMD_STATUS_NULL_ARGUMENT;
    *context = NULL;
    if (!device)
        return VCMD_STATUS_NULL_ARGUMENT;
    if (!vcmd_device_enter(device))
        return VCMD_STATUS_DEVICE_CLOSED;
    status = create_context(device, name ? name : "", context);
    vcmd_device_leave(device);
    return status;
}

/* Needs the mutex, and lets go of it while the host destroys the context. */
static void destroy_on_host(struct vcmd_context *context)
{
    struct vcmd_device *device = context->device;

    /* A resource that another thread destroys may be on its way out of this context. */
    while (context->users > 0)
        vcmd_cond_wait(&device->changed, &device->mutex);
    /* From here on such a thread waits, so that the host loses the context before the resource. */
    context->dying = true;
    vcmd_mutex_unlock(&device->mutex);
    device->ops->context_destroy(device->self, context->id);
    vcmd_mutex_lock(&device->mutex);
    for (struct vcmd_resource *resource = device->resources; resource; resource = resource->next)
        vcmd_resource_forget_context(resource, context);
    vcmd_cond_broadcast(&device->changed);
}

void vcmd_context_destroy(struct vcmd_context *context)
{
    struct vcmd_device *device;
    bool entered;

    if (!context)
        return;
    device = context->device;
    entered = vcmd_device_enter_destroy(device);
    unlink_context(context);
    if (entered)
        destroy_on_host(context);
    vcmd_mutex_unlock(&device->mutex);
    if (entered)
        vcmd_device_leave(device);
    free(context);
    vcmd_device_release(device);
}

/* ---- what is attached to what ---- */

bool vcmd_resource_is_attached(const struct vcmd_resource *resource,
                               const struct vcmd_context *context)
{
    for (size_t i = 0; i < resource->num_contexts; i++) {
        if (resource->contexts[i] == context)
            return true;
    }
    return false;
}

void vcmd_resource_forget_context(struct vcmd_resource *resource,
                                  const struct vcmd_context *context)
{
    for (size_t i = 0; i < resource->num_contexts; i++) {
        if (resource->contexts[i] != context)
            continue;
        resource->num_contexts--;
        resource->contexts[i] = resource->contexts[resource->num_contexts];
        return;
    }
}

/* Needs the mutex. */
static bool remember_context(struct vcmd_resource *resource, struct vcmd_context *context)
{
    /* Two threads may have attached the same pair at once, which the host allows. */
    if (vcmd_resource_is_attached(resource, context))
        return true;
    if (resource->num_contexts == resource->max_contexts) {
        size_t max = resource->max_contexts ? resource->max_contexts * 2 : 2;
        struct vcmd_context **grown = realloc(resource->contexts, max * sizeof(*grown));

        if (!grown)
            return false;
        resource->contexts = grown;
        resource->max_contexts = max;
    }
    resource->contexts[resource->num_contexts] = context;
    resource->num_contexts++;
    return true;
}

enum vcmd_status vcmd_device_enter_pair(struct vcmd_context *context,
                                        struct vcmd_resource *resource, const char *what)
{
    struct vcmd_device *device;

    if (!context || !resource)
        return VCMD_STATUS_NULL_ARGUMENT;
    device = context->device;
    if (!vcmd_device_enter(device))
        return VCMD_STATUS_DEVICE_CLOSED;
    if (resource->device == device)
        return VCMD_STATUS_OK;
    vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_WRONG_DEVICE,
             "%s: resource %u belongs to another device than context %u", what, resource->id,
             context->id);
    vcmd_device_leave(device);
    return VCMD_STATUS_WRONG_DEVICE;
}

static enum vcmd_status attach_on_host(struct vcmd_context *context, struct vcmd_resource *resource)
{
    struct vcmd_device *device = context->device;
    enum vcmd_status status;
    bool remembered;

    status = device->ops->attach(device->self, context->id, resource->id);
    if (status != VCMD_STATUS_OK)
        return status;
    vcmd_mutex_lock(&device->mutex);
    remembered = remember_context(resource, context);
    vcmd_mutex_unlock(&device->mutex);
    if (remembered)
        return VCMD_STATUS_OK;
    (void)device->ops->detach(device->self, context->id, resource->id);
    vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_NO_MEMORY,
             "attach: no memory for the list of contexts of resource %u", resource->id);
    return VCMD_STATUS_NO_MEMORY;
}

enum vcmd_status vcmd_context_attach(struct vcmd_context *context, struct vcmd_resource *resource)
{
    enum vcmd_status status = vcmd_device_enter_pair(context, resource, "attach");
    struct vcmd_device *device;
    bool attached;

    if (status != VCMD_STATUS_OK)
        return status;
    device = context->device;
    vcmd_mutex_lock(&device->mutex);
    attached = vcmd_resource_is_attached(resource, context);
    vcmd_mutex_unlock(&device->mutex);
    if (!attached)
        status = attach_on_host(context, resource);
    vcmd_device_leave(device);
    return status;
}

enum vcmd_status vcmd_context_detach(struct vcmd_context *context, struct vcmd_resource *resource)
{
    enum vcmd_status status = vcmd_device_enter_pair(context, resource, "detach");
    struct vcmd_device *device;
    bool attached;

    if (status != VCMD_STATUS_OK)
        return status;
    device = context->device;
    vcmd_mutex_lock(&device->mutex);
    attached = vcmd_resource_is_attached(resource, context);
    vcmd_resource_forget_context(resource, context);
    vcmd_mutex_unlock(&device->mutex);
    if (attached) {
        status = device->ops->detach(device->self, context->id, resource->id);
    } else {
        status = VCMD_STATUS_NOT_ATTACHED;
        vcmd_log(&device->log, VCMD_LOG_ERROR, status,
                 "detach: resource %u is not attached to context %u", resource->id, context->id);
    }
    vcmd_device_leave(device);
    return status;
}
