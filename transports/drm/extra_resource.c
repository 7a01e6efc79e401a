/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>

#include "drm_private.h"

/* What only this transport has: blobs, and resources that others use, too. */

static enum vcmd_status enter_resource(const struct vcmd_resource *resource, const char *what,
                                       struct drm_device **device)
{
    void *self;
    enum vcmd_status status =
        vcmd_transport_enter(vcmd_resource_device(resource), &drm_ops, what, &self);

    if (status == VCMD_STATUS_OK)
        *device = self;
    return status;
}

/* ---- sharing ---- */

enum vcmd_status vcmd_drm_resource_export(struct vcmd_resource *resource, int *fd)
{
    struct drm_resource *found;
    struct drm_device *device;
    enum vcmd_status status;

    if (!fd)
        return VCMD_STATUS_NULL_ARGUMENT;
    *fd = -1;
    status = enter_resource(resource, "drm_resource_export", &device);
    if (status != VCMD_STATUS_OK)
        return status;
    found = drm_find_resource(device, vcmd_resource_id(resource));
    status = drm_share(device, found);
    if (status == VCMD_STATUS_OK) {
        int error;

        *fd = drm_export(device, device->fd, found->handle, &error);
        if (error)
            status = drm_fail(device, error, "PRIME_HANDLE_TO_FD of resource %u", found->id);
    }
    vcmd_transport_leave(vcmd_resource_device(resource));
    return status;
}

static enum vcmd_status resource_info(const struct drm_device *device, uint32_t handle,
                                      struct vg_resource_info *info)
{
    int error;

    *info = (struct vg_resource_info){.bo_handle = handle};
    error = drm_call(device, device->fd, VG_IOCTL_RESOURCE_INFO, info);
    return error ? drm_fail(device, error, "RESOURCE_INFO of handle %u", handle) : VCMD_STATUS_OK;
}

/* A resource for a handle of the device's file, which is closed on failure. */
static enum vcmd_status make_resource(struct drm_device *device, uint32_t handle,
                                      const struct vcmd_resource_desc *desc, bool mapped,
                                      bool imported, struct drm_resource **resource)
{
    struct vg_resource_info info;
    enum vcmd_status status = resource_info(device, handle, &info);

    if (status == VCMD_STATUS_OK && drm_find_resource(device, info.res_handle))
        return drm_refuse(device, VCMD_STATUS_BUSY, "this device has it already: it is resource %u",
                          info.res_handle);
    *resource = status == VCMD_STATUS_OK ? calloc(1, sizeof(**resource)) : NULL;
    if (!*resource) {
        drm_gem_close(device, device->fd, handle);
        if (status != VCMD_STATUS_OK)
            return status;
        return drm_fail(device, ENOMEM, "a new resource");
    }
    (*resource)->id = info.res_handle;
    (*resource)->handle = handle;
    (*resource)->desc = *desc;
    (*resource)->desc.backing_size = 0;
    (*resource)->blob_mem = info.blob_mem;
    /* Nobody tells whether memory of the host was made mappable; its maker knows. */
    (*resource)->may_be_hidden = imported && info.blob_mem == VG_BLOB_MEM_HOST3D;
    status = drm_resource_finish(device, *resource, mapped ? info.size : 0);
    if (status == VCMD_STATUS_OK && (*resource)->memory)
        (*resource)->desc.backing_size = info.size;
    return status;
}

/* Hands it to the device layer. */
static enum vcmd_status adopt(struct vcmd_device *device, struct drm_device *drm,
                              const struct drm_resource *made, struct vcmd_resource **resource)
{
    enum vcmd_status status =
        vcmd_transport_adopt_resource(device, &made->desc, made->id, made->memory, resource);

    if (status != VCMD_STATUS_OK)
        drm_resource_destroy(drm, made->id);
    return status;
}

/*
 * Importing what the file knows already gives the handle that it has. So until the table says whose
 * it is, nobody else may import the same, and its owner may not close it.
 */
static enum vcmd_status import_in_turn(struct drm_device *device, int fd,
                                       const struct vcmd_resource_desc *desc,
                                       struct drm_resource **made)
{
    enum vcmd_status status;
    uint32_t handle;
    int error;

    pthread_mutex_lock(&device->submit);
    error = drm_import(device, device->fd, fd, &handle);
    status = error ? drm_fail(device, error, "PRIME_FD_TO_HANDLE of fd %d", fd)
                   : make_resource(device, handle, desc, true, true, made);
    pthread_mutex_unlock(&device->submit);
    return status;
}

static enum vcmd_status import(struct vcmd_device *device, struct drm_device *drm, int fd,
                               const struct vcmd_resource_desc *desc,
                               struct vcmd_resource **resource)
{
    struct drm_resource *made = NULL;
    enum vcmd_status status = drm_begin_main(drm, "");

    if (status == VCMD_STATUS_OK)
        status = import_in_turn(drm, fd, desc, &made);
    if (status != VCMD_STATUS_OK || !made)
        return status;
    status = drm_share(drm, made);
    if (status != VCMD_STATUS_OK) {
        drm_resource_destroy(drm, made->id);
        return status;
    }
    return adopt(device, drm, made, resource);
}

enum vcmd_status vcmd_drm_resource_import(struct vcmd_device *device, int fd,
                                          const struct vcmd_resource_desc *desc,
                                          struct vcmd_resource **resource)
{
    enum vcmd_status status;
    void *self;

    if (!resource)
        return VCMD_STATUS_NULL_ARGUMENT;
    *resource = NULL;
    if (!desc)
        return VCMD_STATUS_NULL_ARGUMENT;
    status = vcmd_transport_enter(device, &drm_ops, "drm_resource_import", &self);
    if (status != VCMD_STATUS_OK)
        return status;
    status = import(device, self, fd, desc, resource);
    vcmd_transport_leave(device);
    return status;
}

/* ---- asking ---- */

enum vcmd_status vcmd_drm_resource_get_info(struct vcmd_resource *resource,
                                            struct vcmd_drm_resource_info *info)
{
    struct vg_resource_info answer;
    struct drm_device *device;
    enum vcmd_status status;

    if (!info)
        return VCMD_STATUS_NULL_ARGUMENT;
    status = enter_resource(resource, "drm_resource_get_info", &device);
    if (status != VCMD_STATUS_OK)
        return status;
    status = resource_info(device, drm_find_resource(device, vcmd_resource_id(resource))->handle,
                           &answer);
    if (status == VCMD_STATUS_OK)
        *info = (struct vcmd_drm_resource_info){answer.bo_handle, answer.size, answer.blob_mem};
    vcmd_transport_leave(vcmd_resource_device(resource));
    return status;
}

enum vcmd_status vcmd_drm_resource_wait(struct vcmd_resource *resource, bool block)
{
    struct vg_wait args = {.flags = VG_WAIT_NOWAIT};
    struct drm_device *device;
    enum vcmd_status status = enter_resource(resource, "drm_resource_wait", &device);
    uint32_t id = vcmd_resource_id(resource);

    if (status != VCMD_STATUS_OK)
        return status;
    args.handle = drm_find_resource(device, id)->handle;
    if (block) {
        status = drm_wait_idle(device, device->fd, args.handle, "the use of resource", id);
    } else {
        int error = drm_call(device, device->fd, VG_IOCTL_WAIT, &args);

        if (error == EBUSY)
            status = VCMD_STATUS_TIMEOUT;
        else if (error)
            status = drm_fail(device, error, "WAIT for resource %u", id);
    }
    vcmd_transport_leave(vcmd_resource_device(resource));
    return status;
}

/* ---- blobs ---- */

static enum vcmd_status check_blob(const struct drm_device *device,
                                   const struct vcmd_drm_blob_desc *desc)
{
    bool host = desc->mem != VCMD_DRM_BLOB_GUEST;

    if (!device->info.blob)
        return drm_refuse(device, VCMD_STATUS_UNSUPPORTED,
                          "blob_create: kernel or host has no blobs; with QEMU they are blob=on of "
                          "the device, and take Linux 5.16");
    if (desc->mem < VCMD_DRM_BLOB_GUEST || desc->mem > VCMD_DRM_BLOB_HOST3D_GUEST)
        return drm_refuse(device, VCMD_STATUS_UNKNOWN_VALUE, "blob_create: mem %u is unknown",
                          desc->mem);
    if (desc->flags & ~7u)
        return drm_refuse(device, VCMD_STATUS_RESERVED_BITS, "blob_create: flags 0x%x",
                          desc->flags);
    if (desc->size == 0 || desc->size > UINT32_MAX)
        return drm_refuse(device, VCMD_STATUS_OUT_OF_RANGE,
                          "blob_create: size %llu; it takes 1 to 4294967295 bytes",
                          (unsigned long long)desc->size);
    if (!host && (desc->blob_id || desc->stream))
        return drm_refuse(device, VCMD_STATUS_OUT_OF_RANGE,
                          "blob_create: blob_id and stream are for host memory");
    if (host && (desc->flags & VCMD_DRM_BLOB_MAPPABLE) && !device->info.host_visible)
        return drm_refuse(device, VCMD_STATUS_UNSUPPORTED,
                          "blob_create: the guest cannot map memory of the host; with QEMU that is "
                          "hostmem=SIZE of the device");
    if (desc->stream && desc->stream->error.status != VCMD_STATUS_OK)
        return drm_refuse(device, desc->stream->error.status,
                          "blob_create: the stream holds an error");
    return VCMD_STATUS_OK;
}

/* In the file of the context, since blob_id is of the context. */
static int create_blob(struct drm_device *device, const struct drm_context *context,
                       const struct vcmd_drm_blob_desc *desc, uint32_t *handle)
{
    struct vg_resource_create_blob args = {.blob_mem = desc->mem,
                                           .blob_flags = desc->flags,
                                           .size = desc->size,
                                           .blob_id = desc->blob_id};
    int error;

    if (desc->stream) {
        args.cmd_size = (uint32_t)(desc->stream->length * sizeof(uint32_t));
        args.cmd = (uintptr_t)vcmd_buffer_stream(desc->stream);
    }
    error = drm_call(device, context->fd, VG_IOCTL_RESOURCE_CREATE_BLOB, &args);
    *handle = args.bo_handle;
    return error;
}

/* The same object in the device's file. The handle in the context's file is closed: attaching
 * makes it anew. */
static int move_to_main(struct drm_device *device, const struct drm_context *context,
                        uint32_t *handle)
{
    uint32_t main_handle = 0;
    int error = 0;
    int fd;

    if (context->main)
        return 0;
    fd = drm_export(device, context->fd, *handle, &error);
    if (fd >= 0) {
        error = drm_import(device, device->fd, fd, &main_handle);
        device->system->close(fd);
    }
    drm_gem_close(device, context->fd, *handle);
    *handle = main_handle;
    return error;
}

static enum vcmd_status make_blob(struct drm_device *device, const struct drm_context *context,
                                  const struct vcmd_drm_blob_desc *desc, struct drm_resource **made)
{
    bool mapped = desc->mem == VCMD_DRM_BLOB_GUEST || (desc->flags & VCMD_DRM_BLOB_MAPPABLE) != 0;
    struct vcmd_resource_desc what = desc->desc;
    uint32_t handle;
    int error;

    if (what.width == 0)
        what = (struct vcmd_resource_desc){.width = (uint32_t)desc->size};
    error = create_blob(device, context, desc, &handle);
    if (error)
        return drm_fail(device, error, "RESOURCE_CREATE_BLOB of %llu bytes",
                        (unsigned long long)desc->size);
    error = move_to_main(device, context, &handle);
    if (error)
        return drm_fail(device, error, "handing a blob to the device's file");
    return make_resource(device, handle, &what, mapped, false, made);
}

enum vcmd_status vcmd_drm_blob_create(struct vcmd_context *context,
                                      const struct vcmd_drm_blob_desc *desc,
                                      struct vcmd_resource **resource)
{
    struct vcmd_device *device = vcmd_context_device(context);
    struct drm_resource *made = NULL;
    struct drm_device *drm;
    enum vcmd_status status;
    void *self;

    if (!resource)
        return VCMD_STATUS_NULL_ARGUMENT;
    *resource = NULL;
    if (!desc)
        return VCMD_STATUS_NULL_ARGUMENT;
    status = vcmd_transport_enter(device, &drm_ops, "drm_blob_create", &self);
    if (status != VCMD_STATUS_OK)
        return status;
    drm = self;
    status = check_blob(drm, desc);
    if (status == VCMD_STATUS_OK)
        status = make_blob(drm, drm_find_context(drm, vcmd_context_id(context)), desc, &made);
    if (status == VCMD_STATUS_OK && made)
        status = adopt(device, drm, made, resource);
    vcmd_transport_leave(device);
    if (status == VCMD_STATUS_OK) {
        status = vcmd_context_attach(context, *resource);
        if (status != VCMD_STATUS_OK) {
            vcmd_resource_destroy(*resource);
            *resource = NULL;
        }
    }
    return status;
}
