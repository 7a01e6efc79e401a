/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "drm_private.h"
#include "shape.h"

struct drm_resource *drm_find_resource(struct drm_device *device, uint32_t resource_id)
{
    struct drm_resource *resource;

    pthread_mutex_lock(&device->mutex);
    resource = id_tree_find(&device->resources, resource_id);
    pthread_mutex_unlock(&device->mutex);
    return resource;
}

static bool add_resource(struct drm_device *device, struct drm_resource *resource)
{
    bool added;

    pthread_mutex_lock(&device->mutex);
    added = id_tree_add(&device->resources, resource);
    pthread_mutex_unlock(&device->mutex);
    return added;
}

void drm_resource_release(struct drm_device *device, struct drm_resource *resource)
{
    if (resource->memory)
        device->system->unmap(resource->memory, resource->size);
    drm_gem_close(device, device->fd, resource->handle);
    free(resource);
}

static enum vcmd_status map(const struct drm_device *device, struct drm_resource *resource,
                            size_t size)
{
    struct vg_map args = {.handle = resource->handle};
    int error = drm_call(device, device->fd, VG_IOCTL_MAP, &args);

    if (error)
        return drm_fail(device, error, "MAP of resource %u", resource->id);
    resource->memory = device->system->map(size, device->fd, args.offset);
    if (!resource->memory && errno == EINVAL && resource->may_be_hidden)
        return VCMD_STATUS_OK;
    if (!resource->memory)
        return drm_fail(device, errno, "mapping %zu bytes of resource %u", size, resource->id);
    resource->size = size;
    return VCMD_STATUS_OK;
}

enum vcmd_status drm_resource_finish(struct drm_device *device, struct drm_resource *resource,
                                     size_t size)
{
    enum vcmd_status status = size > 0 ? map(device, resource, size) : VCMD_STATUS_OK;

    if (status == VCMD_STATUS_OK && !add_resource(device, resource))
        status = drm_fail(device, ENOMEM, "the table of resources");
    if (status != VCMD_STATUS_OK)
        drm_resource_release(device, resource);
    return status;
}

static enum vcmd_status create_fresh(struct drm_device *device,
                                     const struct vcmd_resource_desc *desc, uint32_t *resource_id,
                                     void **memory)
{
    struct vg_resource_create args = {VCMD_DESC(desc), .size = (uint32_t)desc->backing_size};
    struct drm_resource *resource = calloc(1, sizeof(*resource));
    enum vcmd_status status;
    int error = resource ? drm_call(device, device->fd, VG_IOCTL_RESOURCE_CREATE, &args) : ENOMEM;

    if (error) {
        free(resource);
        return drm_fail(device, error, "RESOURCE_CREATE with %llu bytes of backing",
                        (unsigned long long)desc->backing_size);
    }
    resource->id = args.res_handle;
    resource->handle = args.bo_handle;
    resource->desc = *desc;
    status = drm_resource_finish(device, resource, (size_t)desc->backing_size);
    if (status == VCMD_STATUS_OK) {
        *resource_id = resource->id;
        *memory = resource->memory;
    }
    return status;
}

/* NULL: the cache has none. */
static struct drm_resource *create_from_cache(struct drm_device *device,
                                              const struct vcmd_resource_desc *desc)
{
    struct drm_resource *resource;

    pthread_mutex_lock(&device->mutex);
    resource = drm_cache_take(device, desc);
    pthread_mutex_unlock(&device->mutex);
    if (!resource)
        return NULL;
    memset(resource->memory, 0, resource->size);
    if (add_resource(device, resource))
        return resource;
    drm_resource_release(device, resource);
    return NULL;
}

enum vcmd_status drm_resource_create(void *self, const struct vcmd_resource_desc *desc,
                                     uint32_t *resource_id, void **memory)
{
    struct drm_device *device = self;
    struct drm_resource *reused;
    enum vcmd_status status;

    if (desc->backing_size > UINT32_MAX)
        return drm_refuse(device, VCMD_STATUS_OUT_OF_RANGE,
                          "RESOURCE_CREATE: %llu bytes of backing; the kernel takes at most "
                          "4294967295",
                          (unsigned long long)desc->backing_size);
    reused = create_from_cache(device, desc);
    if (reused) {
        *resource_id = reused->id;
        *memory = reused->memory;
        return VCMD_STATUS_OK;
    }
    status = drm_begin_main(device, "");
    if (status != VCMD_STATUS_OK)
        return status;
    return create_fresh(device, desc, resource_id, memory);
}

/* Makes room in the cache. */
static void evict(struct drm_device *device)
{
    struct drm_resource *resource;

    do {
        pthread_mutex_lock(&device->mutex);
        resource = drm_cache_evict(device);
        pthread_mutex_unlock(&device->mutex);
        if (resource)
            drm_resource_release(device, resource);
    } while (resource);
}

/* True: it waits in the cache now. */
static bool remove_resource(struct drm_device *device, struct drm_resource *resource)
{
    bool kept;

    pthread_mutex_lock(&device->mutex);
    id_tree_remove(&device->resources, resource->id);
    for (struct drm_context *c = device->contexts; c && resource->shared; c = c->next) {
        if (c->main)
            drm_context_unshare(c, resource->handle);
    }
    kept = drm_cache_put(device, resource);
    pthread_mutex_unlock(&device->mutex);
    return kept;
}

void drm_resource_destroy(void *self, uint32_t resource_id)
{
    struct drm_device *device = self;
    struct drm_resource *resource = drm_find_resource(device, resource_id);

    if (!resource)
        return;
    if (resource->shared) {
        /* Another thread may just be about to name it in a submit, or to import it. */
        pthread_mutex_lock(&device->submit);
        (void)remove_resource(device, resource);
        drm_resource_release(device, resource);
        pthread_mutex_unlock(&device->submit);
    } else if (remove_resource(device, resource)) {
        evict(device);
    } else {
        drm_resource_release(device, resource);
    }
}
