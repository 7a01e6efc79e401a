/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <virglcmd/control.h>
#include <virglcmd/enums.h>

#include "drm_private.h"

/* ---- tables ---- */

struct drm_context *drm_find_context(struct drm_device *device, uint32_t context_id)
{
    struct drm_context *context;

    pthread_mutex_lock(&device->mutex);
    for (context = device->contexts; context && context->id != context_id; context = context->next)
        continue;
    pthread_mutex_unlock(&device->mutex);
    return context;
}

uint32_t drm_handle_in(struct drm_device *device, const struct drm_context *context,
                       const struct drm_resource *resource)
{
    const struct drm_handle *entry;
    uint32_t handle;

    if (context->main)
        return resource->handle;
    pthread_mutex_lock(&device->mutex);
    entry = id_tree_find(&context->handles, resource->id);
    handle = entry ? entry->handle : 0;
    pthread_mutex_unlock(&device->mutex);
    return handle;
}

/* ---- the kernel's side ---- */

void drm_gem_close(const struct drm_device *device, int fd, uint32_t handle)
{
    struct drm_gem_close args = {.handle = handle};

    (void)drm_call(device, fd, DRM_IOCTL_GEM_CLOSE, &args);
}

static int context_init(const struct drm_device *device, int fd,
                        const struct vcmd_drm_context_desc *desc)
{
    struct vg_context_param params[4];
    struct vg_context_init args = {.params = (uintptr_t)params};
    char name[64] = "";

    if (desc->name)
        (void)snprintf(name, sizeof(name), "%s", desc->name);
    if (desc->capset_id)
        params[args.num_params++] =
            (struct vg_context_param){VG_CONTEXT_CAPSET_ID, desc->capset_id};
    if (desc->num_rings)
        params[args.num_params++] =
            (struct vg_context_param){VG_CONTEXT_NUM_RINGS, desc->num_rings};
    if (desc->poll_rings_mask)
        params[args.num_params++] =
            (struct vg_context_param){VG_CONTEXT_POLL_RINGS_MASK, desc->poll_rings_mask};
    if (name[0] && device->info.debug_name)
        params[args.num_params++] =
            (struct vg_context_param){VG_CONTEXT_DEBUG_NAME, (uintptr_t)name};
    return drm_call(device, fd, VG_IOCTL_CONTEXT_INIT, &args);
}

/* What a context is when nobody asks for more: VIRGL2 where it can be chosen. */
static struct vcmd_drm_context_desc plain_context(const struct drm_device *device, const char *name)
{
    struct vcmd_drm_context_desc desc = {.name = name};

    if (device->info.capset_mask & (UINT64_C(1) << VCMD_CTRL_CAPSET_VIRGL2))
        desc.capset_id = VCMD_CTRL_CAPSET_VIRGL2;
    return desc;
}

enum vcmd_status drm_begin_main(struct drm_device *device, const char *name)
{
    const struct vcmd_drm_context_desc desc = plain_context(device, name);
    int error = 0;

    pthread_mutex_lock(&device->mutex);
    if (!device->main_begun && device->info.context_init) {
        error = context_init(device, device->fd, &desc);
        /* A node that came as fd= may be in use already, and then has its context. */
        if (error == EEXIST)
            error = 0;
    }
    if (error == 0)
        device->main_begun = true;
    pthread_mutex_unlock(&device->mutex);
    return error ? drm_fail(device, error, "CONTEXT_INIT of the first context") : VCMD_STATUS_OK;
}

/* Another file of the same node, whatever it is called by now. */
static int reopen(const struct drm_device *device)
{
    char path[32];
    int fd;

    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", device->fd);
    do {
        fd = device->system->open(path);
    } while (fd < 0 && errno == EINTR);
    return fd;
}

/* ---- life ---- */

static void add_context(struct drm_device *device, struct drm_context *context)
{
    pthread_mutex_lock(&device->mutex);
    context->id = ++device->last_context;
    context->next = device->contexts;
    device->contexts = context;
    pthread_mutex_unlock(&device->mutex);
}

/* Needs the mutex. */
static void remove_context(struct drm_device *device, const struct drm_context *context)
{
    struct drm_context **link = &device->contexts;

    while (*link != context)
        link = &(*link)->next;
    *link = context->next;
}

static enum vcmd_status prepare_own(struct drm_device *device, struct drm_context *context,
                                    const struct vcmd_drm_context_desc *desc)
{
    enum vcmd_status status = drm_fences_join(device, context->fd, &context->timeline);
    int error;

    if (status != VCMD_STATUS_OK || !device->info.context_init)
        return status;
    error = context_init(device, context->fd, desc);
    if (error)
        return drm_fail(device, error, "CONTEXT_INIT with capset %u, %u rings", desc->capset_id,
                        desc->num_rings);
    return VCMD_STATUS_OK;
}

enum vcmd_status drm_context_open(struct drm_device *device,
                                  const struct vcmd_drm_context_desc *desc, uint32_t *context_id)
{
    struct drm_context *context = calloc(1, sizeof(*context));
    enum vcmd_status status;

    if (!context)
        return drm_fail(device, ENOMEM, "a new context");
    context->num_rings = desc->num_rings;
    context->fd = reopen(device);
    if (context->fd < 0) {
        status = drm_fail(device, errno, "opening the node once more, for another context");
        free(context);
        return status;
    }
    status = prepare_own(device, context, desc);
    if (status != VCMD_STATUS_OK) {
        device->system->close(context->fd);
        free(context);
        return status;
    }
    add_context(device, context);
    *context_id = context->id;
    return VCMD_STATUS_OK;
}

/* True for the one who gets the device's own file. */
static bool claim_main(struct drm_device *device)
{
    bool claimed;

    pthread_mutex_lock(&device->mutex);
    claimed = !device->main_lent;
    device->main_lent = true;
    pthread_mutex_unlock(&device->mutex);
    return claimed;
}

static void unclaim_main(struct drm_device *device)
{
    pthread_mutex_lock(&device->mutex);
    device->main_lent = false;
    pthread_mutex_unlock(&device->mutex);
}

static enum vcmd_status create_main(struct drm_device *device, const char *name,
                                    uint32_t *context_id)
{
    struct drm_context *context = calloc(1, sizeof(*context));
    enum vcmd_status status;

    if (!context)
        return drm_fail(device, ENOMEM, "a new context");
    context->fd = device->fd;
    context->main = true;
    context->timeline = device->fences.timeline;
    status = drm_begin_main(device, name);
    if (status != VCMD_STATUS_OK) {
        free(context);
        return status;
    }
    add_context(device, context);
    *context_id = context->id;
    return VCMD_STATUS_OK;
}

enum vcmd_status drm_context_create(void *self, const char *name, uint32_t *context_id)
{
    struct drm_device *device = self;
    struct vcmd_drm_context_desc desc = plain_context(device, name);
    enum vcmd_status status;

    if (!claim_main(device))
        return drm_context_open(device, &desc, context_id);
    status = create_main(device, name, context_id);
    if (status != VCMD_STATUS_OK)
        unclaim_main(device);
    return status;
}

void drm_context_destroy(void *self, uint32_t context_id)
{
    struct drm_device *device = self;
    struct drm_context *context = drm_find_context(device, context_id);
    struct drm_handle *entry;

    if (!context)
        return;
    pthread_mutex_lock(&device->mutex);
    remove_context(device, context);
    while ((entry = id_tree_pop(&context->handles)) != NULL)
        free(entry);
    pthread_mutex_unlock(&device->mutex);
    /* With its file go the host's context and all handles in it. */
    if (!context->main)
        device->system->close(context->fd);
    free(context->shared);
    free(context);
}

/* ---- attaching ---- */

bool drm_context_share(struct drm_context *context, uint32_t handle)
{
    uint32_t *grown;

    for (size_t i = 0; i < context->num_shared; i++) {
        if (context->shared[i] == handle)
            return true;
    }
    grown = realloc(context->shared, (context->num_shared + 1) * sizeof(*grown));
    if (!grown)
        return false;
    context->shared = grown;
    context->shared[context->num_shared++] = handle;
    return true;
}

void drm_context_unshare(struct drm_context *context, uint32_t handle)
{
    for (size_t i = 0; i < context->num_shared; i++) {
        if (context->shared[i] != handle)
            continue;
        context->shared[i] = context->shared[--context->num_shared];
        return;
    }
}

int drm_export(const struct drm_device *device, int fd, uint32_t handle, int *error)
{
    struct drm_prime_handle args = {.handle = handle, .flags = O_CLOEXEC | O_RDWR, .fd = -1};

    *error = drm_call(device, fd, DRM_IOCTL_PRIME_HANDLE_TO_FD, &args);
    if (*error == 0 && args.fd < 0)
        *error = EBADF;
    return *error ? -1 : args.fd;
}

int drm_import(const struct drm_device *device, int fd, int dma_buf, uint32_t *handle)
{
    struct drm_prime_handle args = {.fd = dma_buf};
    int error = drm_call(device, fd, DRM_IOCTL_PRIME_FD_TO_HANDLE, &args);

    *handle = args.handle;
    return error;
}

enum vcmd_status drm_share(struct drm_device *device, struct drm_resource *resource)
{
    bool ok = true;

    pthread_mutex_lock(&device->mutex);
    resource->shared = true;
    for (struct drm_context *context = device->contexts; context && ok; context = context->next) {
        const struct drm_handle *entry = id_tree_find(&context->handles, resource->id);

        if (context->main)
            ok = drm_context_share(context, resource->handle);
        else if (entry)
            ok = drm_context_share(context, entry->handle);
    }
    pthread_mutex_unlock(&device->mutex);
    return ok ? VCMD_STATUS_OK : drm_fail(device, ENOMEM, "sharing resource %u", resource->id);
}

/* Needs the mutex. Importing the same twice gives the same handle, so it must be entered once. */
static int attach_locked(struct drm_device *device, struct drm_context *context,
                         const struct drm_resource *resource, struct drm_handle *entry, int dma_buf)
{
    int error = drm_import(device, context->fd, dma_buf, &entry->handle);

    if (error)
        return error;
    entry->resource_id = resource->id;
    if (id_tree_add(&context->handles, entry)) {
        if (!resource->shared || drm_context_share(context, entry->handle))
            return 0;
        id_tree_remove(&context->handles, entry->resource_id);
    }
    drm_gem_close(device, context->fd, entry->handle);
    return ENOMEM;
}

static enum vcmd_status attach_own(struct drm_device *device, struct drm_context *context,
                                   const struct drm_resource *resource)
{
    struct drm_handle *entry = calloc(1, sizeof(*entry));
    int error = ENOMEM;
    int dma_buf = entry ? drm_export(device, device->fd, resource->handle, &error) : -1;

    if (dma_buf >= 0) {
        pthread_mutex_lock(&device->mutex);
        if (id_tree_find(&context->handles, resource->id)) {
            free(entry); /* another thread was faster */
            error = 0;
        } else {
            error = attach_locked(device, context, resource, entry, dma_buf);
        }
        pthread_mutex_unlock(&device->mutex);
        device->system->close(dma_buf);
    }
    if (error == 0)
        return VCMD_STATUS_OK;
    free(entry);
    return drm_fail(device, error, "attaching resource %u to context %u", resource->id,
                    context->id);
}

enum vcmd_status drm_attach(void *self, uint32_t context_id, uint32_t resource_id)
{
    struct drm_device *device = self;
    struct drm_context *context = drm_find_context(device, context_id);
    struct drm_resource *resource = drm_find_resource(device, resource_id);

    if (!context)
        return drm_refuse(device, VCMD_STATUS_HOST_INVALID_CONTEXT_ID, "attach: no context %u",
                          context_id);
    if (!resource)
        return drm_refuse(device, VCMD_STATUS_HOST_INVALID_RESOURCE_ID, "attach: no resource %u",
                          resource_id);
    if (!context->main)
        return attach_own(device, context, resource);
    /* It is there already. */
    return resource->shared ? drm_share(device, resource) : VCMD_STATUS_OK;
}

enum vcmd_status drm_detach(void *self, uint32_t context_id, uint32_t resource_id)
{
    struct drm_device *device = self;
    struct drm_context *context = drm_find_context(device, context_id);
    struct drm_handle *entry;

    if (!context)
        return drm_refuse(device, VCMD_STATUS_HOST_INVALID_CONTEXT_ID, "detach: no context %u",
                          context_id);
    pthread_mutex_lock(&device->submit);
    pthread_mutex_lock(&device->mutex);
    entry = id_tree_remove(&context->handles, resource_id);
    if (entry) {
        drm_context_unshare(context, entry->handle);
        /* Still locked: another thread that attaches it now would get the same handle. */
        drm_gem_close(device, context->fd, entry->handle);
    }
    pthread_mutex_unlock(&device->mutex);
    pthread_mutex_unlock(&device->submit);
    free(entry);
    return VCMD_STATUS_OK;
}
