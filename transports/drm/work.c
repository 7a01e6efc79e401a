/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <virglcmd/virglcmd.h>

#include "drm_private.h"
#include "shape.h"

/* The kernel waits up to 15 seconds for a buffer; a software renderer may need longer. */
#define WAIT_ATTEMPTS 4

/* QEMU takes at most 1024 pieces for a request, and each page may be a piece of its own. */
#define MAX_STREAM_BYTES ((size_t)1000 * 4096)

/* ---- submits ---- */

int drm_execbuffer(const struct drm_device *device, int fd, struct vg_execbuffer *args)
{
    struct vg_execbuffer call;

    /* A fresh copy for each attempt: old kernels spoil fence_fd when they fail. */
    do {
        call = *args;
        if (device->system->ioctl(fd, VG_IOCTL_EXECBUFFER, &call) == 0) {
            *args = call;
            return 0;
        }
    } while (errno == EINTR || errno == EAGAIN);
    return errno;
}

/* Needs the submit lock. */
static int exec_with_fence(struct drm_device *device, const struct drm_context *context,
                           const struct vg_execbuffer *args, uint64_t *fence)
{
    const struct vg_exec_syncobj signal = {.handle = context->timeline,
                                           .point = device->fences.last + 1};
    struct vg_execbuffer call = *args;
    int error = drm_fences_reserve(device);

    if (error)
        return error;
    if (context->timeline) {
        call.syncobj_stride = sizeof(signal);
        call.num_out_syncobjs = 1;
        call.out_syncobjs = (uintptr_t)&signal;
    } else {
        call.flags |= VG_EXEC_FENCE_FD_OUT;
        call.fence_fd = -1;
    }
    error = drm_execbuffer(device, context->fd, &call);
    if (error == 0)
        *fence = drm_fences_add(device, context->timeline ? -1 : call.fence_fd);
    return error;
}

/* Needs the submit lock. */
static int exec_locked(struct drm_device *device, const struct drm_context *context,
                       struct vg_execbuffer *args, uint64_t *fence)
{
    int error;

    if (fence)
        return exec_with_fence(device, context, args, fence);
    error = drm_execbuffer(device, context->fd, args);
    if (error == 0)
        drm_fences_count(device);
    return error;
}

static int compare_numbers(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

    return (left > right) - (left < right);
}

/* The kernel refuses a submit that names something twice. Returns how many are left. */
static size_t drop_twins(uint32_t *handles, size_t count)
{
    size_t kept = 0;

    qsort(handles, count, sizeof(*handles), compare_numbers);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || handles[i] != handles[kept - 1])
            handles[kept++] = handles[i];
    }
    return kept;
}

/*
 * Names what the caller says, and what others use, too, so that they can wait for this submit.
 * Nothing else needs naming: the host works off the queue in order. Needs the submit lock until the
 * submit is made: what is named must not be closed before. *list is to be freed.
 */
static int name_resources(struct drm_device *device, const struct drm_context *context,
                          const struct drm_names *names, struct vg_execbuffer *args,
                          uint32_t **list)
{
    size_t count;
    int error = 0;

    pthread_mutex_lock(&device->mutex);
    count = names->count + context->num_shared;
    if (count > 0) {
        *list = malloc(count * sizeof(**list));
        error = *list ? 0 : ENOMEM;
    }
    if (*list) {
        if (names->count > 0)
            memcpy(*list, names->handles, names->count * sizeof(**list));
        if (context->num_shared > 0)
            memcpy(*list + names->count, context->shared, context->num_shared * sizeof(**list));
        args->bo_handles = (uintptr_t)*list;
        args->num_bo_handles = (uint32_t)(names->count > 0 ? drop_twins(*list, count) : count);
    }
    pthread_mutex_unlock(&device->mutex);
    return error;
}

int drm_exec(struct drm_device *device, const struct drm_context *context,
             const struct drm_names *names, struct vg_execbuffer *args, uint64_t *fence)
{
    uint32_t *list = NULL;
    int error;

    pthread_mutex_lock(&device->submit);
    error = name_resources(device, context, names, args, &list);
    if (error == 0)
        error = exec_locked(device, context, args, fence);
    pthread_mutex_unlock(&device->submit);
    free(list);
    return error;
}

enum vcmd_status drm_check_length(const struct drm_device *device, const struct vcmd_buffer *buf)
{
    size_t bytes = buf->length * sizeof(uint32_t);

    if (bytes <= MAX_STREAM_BYTES)
        return VCMD_STATUS_OK;
    return drm_refuse(device, VCMD_STATUS_TOO_LONG,
                      "submit: a stream of %zu bytes; hosts take at most %zu in one piece", bytes,
                      MAX_STREAM_BYTES);
}

enum vcmd_status drm_submit(void *self, uint32_t context_id, struct vcmd_buffer *buf,
                            uint64_t *fence)
{
    struct drm_device *device = self;
    const struct drm_context *context = drm_find_context(device, context_id);
    size_t bytes = buf->length * sizeof(uint32_t);
    struct vg_execbuffer args = {.size = (uint32_t)bytes,
                                 .command = (uintptr_t)vcmd_buffer_stream(buf)};
    int error;

    if (!context)
        return drm_refuse(device, VCMD_STATUS_HOST_INVALID_CONTEXT_ID, "submit: no context %u",
                          context_id);
    if (drm_check_length(device, buf) != VCMD_STATUS_OK)
        return VCMD_STATUS_TOO_LONG;
    error = drm_exec(device, context, &(struct drm_names){NULL, 0}, &args, fence);
    return error
               ? drm_fail(device, error, "EXECBUFFER of %zu bytes in context %u", bytes, context_id)
               : VCMD_STATUS_OK;
}

/* ---- transfers ---- */

enum vcmd_status drm_wait_idle(struct drm_device *device, int fd, uint32_t handle, const char *what,
                               uint32_t id)
{
    int error = EBUSY;

    for (int i = 0; i < WAIT_ATTEMPTS && error == EBUSY; i++) {
        struct vg_wait args = {.handle = handle};

        error = drm_call(device, fd, VG_IOCTL_WAIT, &args);
    }
    if (error == EBUSY)
        return drm_refuse(
            device, VCMD_STATUS_TIMEOUT,
            "%s %u: the host has not finished after %d times 15 seconds; it may still", what, id,
            WAIT_ATTEMPTS);
    return error ? drm_fail(device, error, "WAIT after %s %u", what, id) : VCMD_STATUS_OK;
}

/* Strides as the host assumes them are sent as 0, and so are those that make no difference. */
static void simplify_strides(const struct vcmd_level *level, struct vcmd_transfer *transfer)
{
    uint64_t actual = transfer->stride ? transfer->stride : level->stride;

    if (transfer->box.d <= 1 || transfer->layer_stride == actual * level->rows)
        transfer->layer_stride = 0;
    if (transfer->stride == level->stride ||
        (transfer->box.d <= 1 && (uint32_t)transfer->box.h <= level->block.height))
        transfer->stride = 0;
}

static int transfer_by_ioctl(const struct drm_device *device, int fd, uint32_t handle,
                             uint32_t direction, const struct vcmd_transfer *transfer)
{
    const struct vcmd_box *box = &transfer->box;
    struct vg_transfer args = {
        .bo_handle = handle,
        .box = {(uint32_t)box->x, (uint32_t)box->y, (uint32_t)box->z, (uint32_t)box->w,
                (uint32_t)box->h, (uint32_t)box->d},
        .level = transfer->level,
        .offset = (uint32_t)transfer->offset,
    };

    return drm_call(device, fd,
                    direction == VCMD_TRANSFER_TO_HOST ? VG_IOCTL_TRANSFER_TO_HOST
                                                       : VG_IOCTL_TRANSFER_FROM_HOST,
                    &args);
}

/* The ioctl knows no strides; the command does. The buffer is named so that WAIT waits for it. */
static int transfer_by_stream(struct drm_device *device, const struct drm_context *context,
                              const struct drm_resource *resource, uint32_t handle,
                              uint32_t direction, const struct vcmd_transfer *transfer)
{
    const struct vcmd_transfer3d command = {
        .res_handle = resource->id,
        .level = transfer->level,
        .stride = transfer->stride,
        .layer_stride = transfer->layer_stride,
        .box = transfer->box,
        .data_offset = (uint32_t)transfer->offset,
        .direction = direction,
    };
    uint32_t words[16];
    struct vcmd_buffer buf;
    struct vg_execbuffer args = {.flags = 0};

    vcmd_buffer_init(&buf, words, sizeof(words) / sizeof(words[0]), 0);
    if (vcmd_transfer3d(&buf, &command) != VCMD_STATUS_OK)
        return EINVAL;
    args.size = (uint32_t)(buf.length * sizeof(uint32_t));
    args.command = (uintptr_t)vcmd_buffer_stream(&buf);
    return drm_exec(device, context, &(struct drm_names){&handle, 1}, &args, NULL);
}

/* For hosts without the command: one row of blocks is a transfer that has no strides. */
static int transfer_by_rows(const struct drm_device *device, const struct drm_context *context,
                            const struct vcmd_level *level, uint32_t handle, uint32_t direction,
                            const struct vcmd_transfer *transfer)
{
    int32_t step = (int32_t)level->block.height;
    struct vcmd_rows rows;
    int error = 0;

    vcmd_rows_of(level, transfer, &rows);
    for (int32_t z = 0; z < transfer->box.d; z++) {
        for (int32_t y = 0; y < transfer->box.h && error == 0; y += step) {
            struct vcmd_transfer row = *transfer;

            row.box.z += z;
            row.box.d = 1;
            row.box.y += y;
            row.box.h = transfer->box.h - y < step ? transfer->box.h - y : step;
            row.offset += (uint64_t)z * rows.layer_stride + (uint64_t)(y / step) * rows.stride;
            error = transfer_by_ioctl(device, context->fd, handle, direction, &row);
        }
    }
    return error;
}

static int start_transfer(struct drm_device *device, const struct drm_context *context,
                          const struct drm_resource *resource, uint32_t handle, uint32_t direction,
                          const struct vcmd_transfer *transfer)
{
    struct vcmd_transfer simple = *transfer;
    struct vcmd_level level;

    /* The device layer has refused such formats. */
    if (!vcmd_level_of(&resource->desc, transfer->level, &level))
        return EINVAL;
    simplify_strides(&level, &simple);
    if (simple.stride == 0 && simple.layer_stride == 0)
        return transfer_by_ioctl(device, context->fd, handle, direction, &simple);
    if (device->has_transfer3d)
        return transfer_by_stream(device, context, resource, handle, direction, &simple);
    return transfer_by_rows(device, context, &level, handle, direction, transfer);
}

enum vcmd_status drm_transfer(void *self, uint32_t context_id, uint32_t resource_id,
                              uint32_t direction, const struct vcmd_transfer *transfer)
{
    const char *what =
        direction == VCMD_TRANSFER_TO_HOST ? "TRANSFER_TO_HOST of" : "TRANSFER_FROM_HOST of";
    struct drm_device *device = self;
    const struct drm_context *context = drm_find_context(device, context_id);
    const struct drm_resource *resource = drm_find_resource(device, resource_id);
    uint64_t submits = drm_fences_submits(device);
    enum vcmd_status status;
    uint32_t handle;
    int error;

    if (!context || !resource)
        return drm_refuse(device, VCMD_STATUS_HOST_INVALID_PARAMETER,
                          "transfer: no context %u or no resource %u", context_id, resource_id);
    handle = drm_handle_in(device, context, resource);
    error = start_transfer(device, context, resource, handle, direction, transfer);
    if (error)
        return drm_fail(device, error, "%s resource %u", what, resource_id);
    status = drm_wait_idle(device, context->fd, handle, what, resource_id);
    if (status == VCMD_STATUS_OK)
        drm_fences_note_done(device, submits);
    return status;
}
