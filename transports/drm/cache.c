/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <virglcmd/enums.h>

#include "drm_private.h"

/*
 * Creating a resource and mapping it takes three system calls, two requests to the host and fresh
 * pages; programs that stream vertices free and create the same buffers all the time. So freed
 * buffers wait here until they are idle and somebody wants the same again. Only buffers, and only
 * of the uses below: their content is written by the guest, so nobody can tell a used one from a
 * new one.
 */
#define MAX_COUNT 256

static bool is_cacheable(const struct drm_resource *resource)
{
    if (resource->shared || resource->blob_mem || !resource->memory ||
        resource->desc.target != VCMD_BUFFER)
        return false;
    switch (resource->desc.bind) {
    case VCMD_BIND_VERTEX_BUFFER:
    case VCMD_BIND_INDEX_BUFFER:
    case VCMD_BIND_CONSTANT_BUFFER:
    case VCMD_BIND_CUSTOM:
    case VCMD_BIND_STAGING:
        return true;
    default:
        return false;
    }
}

/* The rest of a buffer's description is the same for all of them. */
static bool is_same(const struct vcmd_resource_desc *a, const struct vcmd_resource_desc *b)
{
    return a->target == b->target && a->format == b->format && a->bind == b->bind &&
           a->width == b->width && a->flags == b->flags && a->backing_size == b->backing_size;
}

static void unlink_resource(struct drm_cache *cache, struct drm_resource *resource)
{
    *(resource->older ? &resource->older->newer : &cache->oldest) = resource->newer;
    *(resource->newer ? &resource->newer->older : &cache->newest) = resource->older;
    resource->older = resource->newer = NULL;
    cache->count--;
    cache->bytes -= resource->size;
}

bool drm_cache_put(struct drm_device *device, struct drm_resource *resource)
{
    struct drm_cache *cache = &device->cache;

    if (resource->size > cache->max_bytes || !is_cacheable(resource))
        return false;
    resource->last_use = drm_fences_submits(device);
    resource->older = cache->newest;
    *(cache->newest ? &cache->newest->newer : &cache->oldest) = resource;
    cache->newest = resource;
    cache->count++;
    cache->bytes += resource->size;
    return true;
}

struct drm_resource *drm_cache_evict(struct drm_device *device)
{
    struct drm_cache *cache = &device->cache;

    if (cache->bytes <= cache->max_bytes && cache->count <= MAX_COUNT)
        return NULL;
    return drm_cache_pop(device);
}

struct drm_resource *drm_cache_take(struct drm_device *device,
                                    const struct vcmd_resource_desc *desc)
{
    struct drm_cache *cache = &device->cache;
    struct drm_resource *resource = cache->oldest;

    while (resource && !is_same(&resource->desc, desc))
        resource = resource->newer;
    /* If the oldest is in use, then the newer ones are, too. */
    if (!resource || cache->max_bytes == 0 || !drm_fences_are_done(device, resource->last_use))
        return NULL;
    unlink_resource(cache, resource);
    return resource;
}

struct drm_resource *drm_cache_pop(struct drm_device *device)
{
    struct drm_resource *resource = device->cache.oldest;

    if (resource)
        unlink_resource(&device->cache, resource);
    return resource;
}

void drm_cache_stop(struct drm_device *device)
{
    pthread_mutex_lock(&device->mutex);
    device->cache.max_bytes = 0;
    pthread_mutex_unlock(&device->mutex);
}
