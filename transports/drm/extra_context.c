/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "drm_private.h"

/* What only this transport has: contexts and submits. */

static enum vcmd_status enter_context(struct vcmd_context *context, const char *what,
                                      struct drm_device **device)
{
    void *self;
    enum vcmd_status status =
        vcmd_transport_enter(vcmd_context_device(context), &drm_ops, what, &self);

    if (status == VCMD_STATUS_OK)
        *device = self;
    return status;
}

enum vcmd_status vcmd_drm_get_info(struct vcmd_device *device, struct vcmd_drm_info *info)
{
    enum vcmd_status status;
    void *self;

    if (!info)
        return VCMD_STATUS_NULL_ARGUMENT;
    status = vcmd_transport_enter(device, &drm_ops, "drm_get_info", &self);
    if (status != VCMD_STATUS_OK)
        return status;
    *info = ((struct drm_device *)self)->info;
    vcmd_transport_leave(device);
    return VCMD_STATUS_OK;
}

static enum vcmd_status check_context(const struct drm_device *device,
                                      const struct vcmd_drm_context_desc *desc)
{
    if ((desc->capset_id || desc->num_rings || desc->poll_rings_mask) && !device->info.context_init)
        return drm_refuse(
            device, VCMD_STATUS_UNSUPPORTED,
            "context_create: kernel or host has no CONTEXT_INIT, so the capset cannot "
            "be chosen and there are no rings");
    if (desc->num_rings > 64)
        return drm_refuse(device, VCMD_STATUS_OUT_OF_RANGE,
                          "context_create: %u rings; there are at most 64", desc->num_rings);
    if (desc->num_rings < 64 && desc->poll_rings_mask >> desc->num_rings)
        return drm_refuse(device, VCMD_STATUS_OUT_OF_RANGE,
                          "context_create: poll_rings_mask has a bit beyond the last of %u rings",
                          desc->num_rings);
    return VCMD_STATUS_OK;
}

static enum vcmd_status create_context(struct vcmd_device *device, struct drm_device *drm,
                                       const struct vcmd_drm_context_desc *desc,
                                       struct vcmd_context **context)
{
    enum vcmd_status status = check_context(drm, desc);
    uint32_t id;

    if (status == VCMD_STATUS_OK)
        status = drm_context_open(drm, desc, &id);
    if (status != VCMD_STATUS_OK)
        return status;
    /* With rings, the order of fences says nothing about when a buffer is idle. */
    if (desc->num_rings > 0)
        drm_cache_stop(drm);
    status = vcmd_transport_adopt_context(device, id, context);
    if (status != VCMD_STATUS_OK)
        drm_context_destroy(drm, id);
    return status;
}

enum vcmd_status vcmd_drm_context_create(struct vcmd_device *device,
                                         const struct vcmd_drm_context_desc *desc,
                                         struct vcmd_context **context)
{
    enum vcmd_status status;
    void *self;

    if (!context)
        return VCMD_STATUS_NULL_ARGUMENT;
    *context = NULL;
    if (!desc)
        return VCMD_STATUS_NULL_ARGUMENT;
    status = vcmd_transport_enter(device, &drm_ops, "drm_context_create", &self);
    if (status != VCMD_STATUS_OK)
        return status;
    status = create_context(device, self, desc, context);
    vcmd_transport_leave(device);
    return status;
}

int vcmd_drm_context_fd(struct vcmd_context *context)
{
    struct drm_device *device;
    const struct drm_context *found;
    int fd;

    if (enter_context(context, "drm_context_fd", &device) != VCMD_STATUS_OK)
        return -1;
    found = drm_find_context(device, vcmd_context_id(context));
    fd = found ? found->fd : -1;
    vcmd_transport_leave(vcmd_context_device(context));
    return fd;
}

/* ---- submits ---- */

/* The arrays of a submit as the kernel wants them. */
struct lists {
    uint32_t *handles;
    struct vg_exec_syncobj *syncobjs; /* those to wait for, then those to signal */
};

static void copy_syncobjs(struct vg_exec_syncobj *to, const struct vcmd_drm_syncobj *from,
                          uint32_t count, bool may_reset)
{
    for (uint32_t i = 0; i < count; i++)
        to[i] = (struct vg_exec_syncobj){.handle = from[i].handle,
                                         .flags = may_reset && from[i].reset ? VG_SYNCOBJ_RESET : 0,
                                         .point = from[i].point};
}

/* owner: the device of the context. */
static enum vcmd_status find_handles(struct drm_device *device, const struct vcmd_device *owner,
                                     const struct drm_context *context,
                                     const struct vcmd_drm_submit_args *args, uint32_t *handles)
{
    for (uint32_t i = 0; i < args->num_resources; i++) {
        uint32_t id = vcmd_resource_id(args->resources[i]);
        const struct drm_resource *resource;

        if (!args->resources[i])
            return drm_refuse(device, VCMD_STATUS_NULL_ARGUMENT,
                              "drm_submit: resources[%u] is NULL", i);
        /* The numbers of another device say nothing here. */
        if (vcmd_resource_device(args->resources[i]) != owner)
            return drm_refuse(device, VCMD_STATUS_WRONG_DEVICE,
                              "drm_submit: resource %u belongs to another device than context %u",
                              id, context->id);
        resource = drm_find_resource(device, id);
        handles[i] = resource ? drm_handle_in(device, context, resource) : 0;
        if (handles[i] == 0)
            return drm_refuse(device, VCMD_STATUS_NOT_ATTACHED,
                              "drm_submit: resource %u is not attached to context %u", id,
                              context->id);
    }
    return VCMD_STATUS_OK;
}

static enum vcmd_status fill(struct drm_device *device, const struct vcmd_drm_submit_args *args,
                             struct lists *lists, struct vg_execbuffer *exec)
{
    size_t num_syncobjs = (size_t)args->num_wait + args->num_signal;

    lists->handles = calloc((size_t)args->num_resources + 1, sizeof(*lists->handles));
    lists->syncobjs = calloc(num_syncobjs + 1, sizeof(*lists->syncobjs));
    if (!lists->handles || !lists->syncobjs)
        return drm_fail(device, ENOMEM, "drm_submit");
    copy_syncobjs(lists->syncobjs, args->wait, args->num_wait, true);
    copy_syncobjs(lists->syncobjs + args->num_wait, args->signal, args->num_signal, false);
    exec->syncobj_stride = num_syncobjs ? sizeof(*lists->syncobjs) : 0;
    exec->num_in_syncobjs = args->num_wait;
    exec->num_out_syncobjs = args->num_signal;
    exec->in_syncobjs = (uintptr_t)lists->syncobjs;
    exec->out_syncobjs = (uintptr_t)(lists->syncobjs + args->num_wait);
    exec->fence_fd = -1;
    if (args->wait_fd) {
        exec->flags |= VG_EXEC_FENCE_FD_IN;
        exec->fence_fd = *args->wait_fd;
    }
    if (args->signal_fd)
        exec->flags |= VG_EXEC_FENCE_FD_OUT;
    if (args->use_ring) {
        exec->flags |= VG_EXEC_RING_IDX;
        exec->ring_idx = args->ring;
    }
    return VCMD_STATUS_OK;
}

/* What older kernels would not notice, or call an invalid argument without a word. */
static enum vcmd_status check_submit(const struct drm_device *device,
                                     const struct drm_context *context,
                                     const struct vcmd_buffer *buf,
                                     const struct vcmd_drm_submit_args *args)
{
    if (buf->error.status != VCMD_STATUS_OK)
        return drm_refuse(device, buf->error.status, "drm_submit: the buffer holds an error: %s",
                          vcmd_status_string(buf->error.status));
    if ((args->num_wait || args->num_signal) && !device->info.syncobj)
        return drm_refuse(device, VCMD_STATUS_UNSUPPORTED,
                          "drm_submit: this kernel has no syncobjs for virtio_gpu; Linux 6.6 has");
    if (args->use_ring && args->ring >= context->num_rings)
        return drm_refuse(device, VCMD_STATUS_OUT_OF_RANGE,
                          "drm_submit: ring %u; context %u was made with %u rings", args->ring,
                          context->id, context->num_rings);
    return drm_check_length(device, buf);
}

static enum vcmd_status submit(struct drm_device *device, const struct vcmd_device *owner,
                               const struct drm_context *context, struct vcmd_buffer *buf,
                               const struct vcmd_drm_submit_args *args)
{
    struct vg_execbuffer exec = {.size = (uint32_t)(buf->length * sizeof(uint32_t)),
                                 .command = (uintptr_t)vcmd_buffer_stream(buf)};
    struct lists lists = {NULL, NULL};
    enum vcmd_status status = check_submit(device, context, buf, args);

    if (status == VCMD_STATUS_OK)
        status = fill(device, args, &lists, &exec);
    if (status == VCMD_STATUS_OK)
        status = find_handles(device, owner, context, args, lists.handles);
    if (status == VCMD_STATUS_OK && (buf->length > 0 || args->signal_fd || args->num_signal)) {
        const struct drm_names names = {lists.handles, args->num_resources};
        int error = drm_exec(device, context, &names, &exec, NULL);

        /* The handles of resources are our own. */
        if (error == ENOENT)
            status = drm_refuse(device, VCMD_STATUS_OUT_OF_RANGE,
                                "drm_submit: the file of context %u does not have all of the "
                                "syncobjs: see vcmd_drm_context_fd()",
                                context->id);
        else if (error)
            status = drm_fail(device, error, "EXECBUFFER of %u bytes in context %u", exec.size,
                              context->id);
        else if (args->signal_fd)
            *args->signal_fd = exec.fence_fd;
    }
    free(lists.handles);
    free(lists.syncobjs);
    return status;
}

enum vcmd_status vcmd_drm_submit(struct vcmd_context *context, struct vcmd_buffer *buf,
                                 const struct vcmd_drm_submit_args *args)
{
    struct drm_device *device;
    const struct drm_context *found;
    enum vcmd_status status;

    if (!context || !buf || !args || (args->num_wait && !args->wait) ||
        (args->num_signal && !args->signal) || (args->num_resources && !args->resources))
        return VCMD_STATUS_NULL_ARGUMENT;
    if (args->signal_fd)
        *args->signal_fd = -1;
    status = enter_context(context, "drm_submit", &device);
    if (status != VCMD_STATUS_OK)
        return status;
    found = drm_find_context(device, vcmd_context_id(context));
    status = submit(device, vcmd_context_device(context), found, buf, args);
    vcmd_transport_leave(vcmd_context_device(context));
    return status;
}
