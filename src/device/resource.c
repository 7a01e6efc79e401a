/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "device_private.h"
#include "layout.h"
#include "shape.h"

static void link_resource(struct vcmd_resource *resource)
{
    struct vcmd_device *device = resource->device;

    vcmd_mutex_lock(&device->mutex);
    resource->next = device->resources;
    resource->link = &device->resources;
    if (resource->next)
        resource->next->link = &resource->next;
    device->resources = resource;
    device->references++;
    vcmd_mutex_unlock(&device->mutex);
}

static void unlink_resource(struct vcmd_resource *resource)
{
    *resource->link = resource->next;
    if (resource->next)
        resource->next->link = resource->link;
}

/* Turns what the caller wrote into what the transport gets. */
static enum vcmd_status complete_desc(struct vcmd_resource_desc *desc, const struct vcmd_caps *caps,
                                      const char **why)
{
    enum vcmd_status status;

    vcmd_desc_fill_defaults(desc);
    status = vcmd_desc_check(desc, why);
    if (status == VCMD_STATUS_OK)
        status = vcmd_desc_check_caps(desc, caps, why);
    if (status != VCMD_STATUS_OK)
        return status;
    if (desc->backing_size == VCMD_NO_BACKING) {
        desc->backing_size = 0;
    } else if (desc->backing_size == 0 && desc->nr_samples <= 1) {
        status = vcmd_layout_total(desc, &desc->backing_size);
        if (status != VCMD_STATUS_OK) {
            *why = status == VCMD_STATUS_UNKNOWN_VALUE
                       ? "the size of the format's texels is unknown: give backing_size"
                       : "a level has more bytes than a stride can tell";
            return status;
        }
    }
    if (desc->backing_size > SIZE_MAX) {
        *why = "backing_size is more than this machine can address";
        return VCMD_STATUS_OUT_OF_RANGE;
    }
    return VCMD_STATUS_OK;
}

static enum vcmd_status create_on_host(struct vcmd_device *device, struct vcmd_resource *resource)
{
    const char *why = "";
    enum vcmd_status status = complete_desc(&resource->desc, &device->caps, &why);

    if (status != VCMD_STATUS_OK) {
        vcmd_log(&device->log, VCMD_LOG_ERROR, status, "resource_create: %s", why);
        return status;
    }
    status = device->ops->resource_create(device->self, &resource->desc, &resource->id,
                                          &resource->memory);
    if (status == VCMD_STATUS_OK)
        link_resource(resource);
    return status;
}

enum vcmd_status vcmd_resource_create(struct vcmd_device *device,
                                      const struct vcmd_resource_desc *desc,
                                      struct vcmd_resource **resource)
{
    struct vcmd_resource *created;
    enum vcmd_status status = VCMD_STATUS_NO_MEMORY;

    if (!resource)
        return VCMD_STATUS_NULL_ARGUMENT;
    *resource = NULL;
    if (!device || !desc)
        return VCMD_STATUS_NULL_ARGUMENT;
    if (!vcmd_device_enter(device))
        return VCMD_STATUS_DEVICE_CLOSED;
    created = calloc(1, sizeof(*created));
    if (created) {
        created->device = device;
        created->desc = *desc;
        status = create_on_host(device, created);
    } else {
        vcmd_log(&device->log, VCMD_LOG_ERROR, status, "resource_create: no memory");
    }
    if (status == VCMD_STATUS_OK)
        *resource = created;
    else
        free(created);
    vcmd_device_leave(device);
    return status;
}

enum vcmd_status vcmd_transport_adopt_resource(struct vcmd_device *device,
                                               const struct vcmd_resource_desc *desc,
                                               uint32_t resource_id, void *memory,
                                               struct vcmd_resource **resource)
{
    struct vcmd_resource *adopted = calloc(1, sizeof(*adopted));

    if (!adopted) {
        vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_NO_MEMORY, "resource_create: no memory");
        return VCMD_STATUS_NO_MEMORY;
    }
    adopted->device = device;
    adopted->desc = *desc;
    vcmd_desc_fill_defaults(&adopted->desc);
    adopted->id = resource_id;
    adopted->memory = memory;
    link_resource(adopted);
    *resource = adopted;
    return VCMD_STATUS_OK;
}

struct vcmd_device *vcmd_resource_device(const struct vcmd_resource *resource)
{
    return resource ? resource->device : NULL;
}

/*
 * Needs the mutex, and lets go of it while the host detaches. A context that another thread
 * destroys meanwhile waits until it has no users; if that thread came first, this one waits until
 * the context has gone.
 */
static void detach_everywhere(struct vcmd_device *device, struct vcmd_resource *resource)
{
    while (resource->num_contexts > 0) {
        struct vcmd_context *context = resource->contexts[resource->num_contexts - 1];

        if (context->dying) {
            vcmd_cond_wait(&device->changed, &device->mutex);
            continue;
        }
        resource->num_contexts--;
        context->users++;
        vcmd_mutex_unlock(&device->mutex);
        (void)device->ops->detach(device->self, context->id, resource->id);
        vcmd_mutex_lock(&device->mutex);
        context->users--;
        if (context->users == 0)
            vcmd_cond_broadcast(&device->changed);
    }
}

void vcmd_resource_destroy(struct vcmd_resource *resource)
{
    struct vcmd_device *device;
    bool entered;

    if (!resource)
        return;
    device = resource->device;
    entered = vcmd_device_enter_destroy(device);
    if (entered)
        detach_everywhere(device, resource);
    unlink_resource(resource);
    vcmd_mutex_unlock(&device->mutex);
    if (entered) {
        device->ops->resource_destroy(device->self, resource->id);
        vcmd_device_leave(device);
    }
    free(resource->contexts);
    free(resource);
    vcmd_device_release(device);
}

uint32_t vcmd_resource_id(const struct vcmd_resource *resource)
{
    return resource ? resource->id : 0;
}

enum vcmd_status vcmd_resource_map(struct vcmd_resource *resource, void **memory, size_t *size)
{
    enum vcmd_status status = VCMD_STATUS_OK;
    struct vcmd_device *device;

    if (!memory)
        return VCMD_STATUS_NULL_ARGUMENT;
    *memory = NULL;
    if (size)
        *size = 0;
    if (!resource)
        return VCMD_STATUS_NULL_ARGUMENT;
    device = resource->device;
    if (!vcmd_device_enter(device))
        return VCMD_STATUS_DEVICE_CLOSED;
    if (resource->memory) {
        *memory = resource->memory;
        if (size)
            *size = (size_t)resource->desc.backing_size;
    } else {
        status = VCMD_STATUS_UNSUPPORTED;
        vcmd_log(&device->log, VCMD_LOG_ERROR, status, "map: resource %u has no backing",
                 resource->id);
    }
    vcmd_device_leave(device);
    return status;
}

enum vcmd_status vcmd_resource_get_layout(const struct vcmd_resource *resource, uint32_t level,
                                          struct vcmd_level_layout *layout)
{
    struct vcmd_device *device;
    enum vcmd_status status;

    if (!resource || !layout)
        return VCMD_STATUS_NULL_ARGUMENT;
    device = resource->device;
    if (!vcmd_device_enter(device))
        return VCMD_STATUS_DEVICE_CLOSED;
    status = vcmd_layout_level(&resource->desc, level, layout);
    if (status != VCMD_STATUS_OK)
        vcmd_log(&device->log, VCMD_LOG_ERROR, status, "layout: resource %u has no level %u",
                 resource->id, level);
    vcmd_device_leave(device);
    return status;
}
