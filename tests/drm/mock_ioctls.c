/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <virglcmd/enums.h>

#include "mock_private.h"

static void *pointer(uint64_t address)
{
    return (void *)(uintptr_t)address;
}

static void call_once(void (**hook)(void))
{
    void (*wanted)(void) = *hook;

    *hook = NULL;
    if (wanted)
        wanted();
}

/* ---- asking ---- */

static int version(const struct mock_file *file, struct drm_version *args)
{
    const char *name = mock.driver[file->node];
    size_t length = strlen(name);

    args->version_major = 0;
    args->version_minor = mock.version_minor;
    args->version_patchlevel = 0;
    memcpy(args->name, name, length < args->name_len ? length : args->name_len);
    args->name_len = length;
    return 0;
}

static int get_param(const struct vg_getparam *args)
{
    const bool values[] = {false,
                           !mock.no_3d,
                           !mock.no_query_fix,
                           mock.blob,
                           mock.host_visible,
                           false,
                           mock.context_init,
                           false,
                           mock.debug_name};
    int32_t *value = pointer(args->value);

    if (args->param == 0 || args->param > 8 || (mock.old_params && args->param > 2))
        return EINVAL;
    *value = values[args->param];
    if (args->param == VG_PARAM_SUPPORTED_CAPSETS)
        *value = mock.capset1_only ? 1 << 1 : (1 << 1) | (1 << 2);
    return 0;
}

/* Enough of a capset for the transport and the device layer to go on. */
static int get_caps(const struct vg_get_caps *args)
{
    size_t size = args->cap_set_id == 1 ? 308 : mock.capset2_size;
    static uint8_t caps[8192];

    if (mock.no_3d)
        return ENOSYS;
    if (args->size == 0 || args->cap_set_ver > mock.max_capset_version || args->cap_set_id < 1 ||
        args->cap_set_id > (mock.capset1_only ? 1u : 2u))
        return EINVAL;
    if (size > args->size)
        size = args->size;
    memset(caps, 0, sizeof(caps));
    caps[0] = (uint8_t)args->cap_set_id; /* max_version */
    memset(caps + 4, 0xff, 256);         /* every format, for every use */
    if (size >= 624)
        memset(caps + 560, 0xff, 64); /* and can be read back */
    if (args->cap_set_id == 2 && size > MOCK_CAPABILITY_BITS + 4 && !mock.no_transfer3d)
        caps[MOCK_CAPABILITY_BITS + 2] = VCMD_CAP_TRANSFER >> 16;
    memcpy(pointer(args->addr), caps, size);
    return 0;
}

/* ---- contexts and objects ---- */

static int context_init(struct mock_file *file, const struct vg_context_init *args)
{
    const struct vg_context_param *params = pointer(args->params);

    if (!mock.context_init || args->num_params > 4)
        return EINVAL;
    if (file->has_context)
        return EEXIST;
    for (uint32_t i = 0; i < args->num_params; i++) {
        file->params[i] = params[i];
        if (params[i].param == VG_CONTEXT_CAPSET_ID && mock.capset1_only && params[i].value == 2)
            return EINVAL;
        if (params[i].param == VG_CONTEXT_DEBUG_NAME)
            memcpy(file->name, pointer(params[i].value), strlen(pointer(params[i].value)) + 1);
    }
    file->num_params = args->num_params;
    file->has_context = file->initialised = true;
    return 0;
}

/* Handles count from 1, as the kernel's do. */
static uint32_t new_handle(struct mock_file *file, struct mock_object *object)
{
    for (uint32_t i = 1; i < MOCK_MAX_HANDLES; i++) {
        if (file->handles[i] == object)
            return i; /* no second reference: one GEM_CLOSE ends it */
    }
    for (uint32_t i = 1; i < MOCK_MAX_HANDLES; i++) {
        if (file->handles[i])
            continue;
        file->handles[i] = object;
        object->references++;
        return i;
    }
    return 0;
}

static struct mock_object *find(const struct mock_file *file, uint32_t handle)
{
    return handle < MOCK_MAX_HANDLES ? file->handles[handle] : NULL;
}

static struct mock_object *new_object(size_t size)
{
    struct mock_object *object = mock_alloc(sizeof(*object));

    object->size = (size + 4095) / 4096 * 4096;
    if (object->size == 0)
        object->size = 4096;
    object->memory = mock_alloc(object->size);
    object->res_handle = ++mock.last_resource;
    mock.objects++;
    return object;
}

static int resource_create(struct mock_file *file, struct vg_resource_create *args)
{
    struct mock_object *object = new_object(args->size);

    file->has_context = true;
    args->bo_handle = new_handle(file, object);
    args->res_handle = object->res_handle;
    return 0;
}

static int create_blob(struct mock_file *file, struct vg_resource_create_blob *args)
{
    struct mock_object *object;

    if (!mock.blob || args->blob_mem < 1 || args->blob_mem > 3 || args->cmd_size % 4 ||
        (args->blob_mem == VG_BLOB_MEM_GUEST && (args->cmd_size || args->blob_id)))
        return EINVAL;
    object = new_object(args->size);
    object->blob_mem = args->blob_mem;
    object->hidden =
        args->blob_mem == VG_BLOB_MEM_HOST3D && !(args->blob_flags & VG_BLOB_USE_MAPPABLE);
    file->has_context = true;
    args->bo_handle = new_handle(file, object);
    args->res_handle = object->res_handle;
    return 0;
}

static int resource_info(const struct mock_file *file, struct vg_resource_info *args)
{
    const struct mock_object *object = find(file, args->bo_handle);

    if (!object)
        return ENOENT;
    args->res_handle = object->res_handle;
    args->size = (uint32_t)object->size;
    args->blob_mem = object->blob_mem;
    return 0;
}

static int map(const struct mock_file *file, struct vg_map *args)
{
    if (!find(file, args->handle))
        return ENOENT;
    call_once(&mock.during_map);
    args->offset = (uint64_t)args->handle << 12;
    return 0;
}

static int gem_close(struct mock_file *file, const struct drm_gem_close *args)
{
    struct mock_object *object = find(file, args->handle);

    assert_non_null(object); /* closed twice */
    file->handles[args->handle] = NULL;
    mock_unreference(object);
    return 0;
}

static int prime_export(const struct mock_file *file, struct drm_prime_handle *args)
{
    struct mock_object *object = find(file, args->handle);

    if (!object)
        return ENOENT;
    args->fd = mock_new_file(MOCK_DMA_BUF);
    if (args->fd < 0)
        return EMFILE;
    mock_file(args->fd)->object = object;
    object->references++;
    return 0;
}

static int prime_import(struct mock_file *file, struct drm_prime_handle *args)
{
    const struct mock_file *buf = mock_file(args->fd);

    if (!buf || buf->kind != MOCK_DMA_BUF)
        return EBADF;
    args->handle = new_handle(file, buf->object);
    return args->handle ? 0 : ENOMEM;
}

/* ---- work ---- */

static int transfer(const struct mock_file *file, const struct vg_transfer *args)
{
    const struct mock_object *object = find(file, args->bo_handle);

    if (mock.no_3d)
        return ENOSYS;
    if (!object)
        return ENOENT;
    if ((args->stride || args->layer_stride) && object->blob_mem != VG_BLOB_MEM_HOST3D)
        return EINVAL;
    if (mock.num_transfers < 64)
        mock.transfers[mock.num_transfers++] = *args;
    return 0;
}

static int wait_buffer(const struct mock_file *file, const struct vg_wait *args)
{
    if (!find(file, args->handle))
        return ENOENT;
    mock_pass_time();
    return mock.stuck || mock.reached_fence < mock.last_fence ? EBUSY : 0;
}

/* All are locked, and a second lock on one of them is an error. */
static int name_buffers(const struct mock_file *file, const struct vg_execbuffer *args)
{
    const uint32_t *handles = pointer(args->bo_handles);

    for (uint32_t i = 0; i < args->num_bo_handles; i++) {
        if (!find(file, handles[i]))
            return ENOENT;
        for (uint32_t j = 0; j < i; j++) {
            if (handles[j] == handles[i])
                return EALREADY;
        }
        if (i < 16)
            mock.exec_handles[i] = handles[i];
    }
    return 0;
}

static int execbuffer(struct mock_file *file, struct vg_execbuffer *args)
{
    int error = args->flags & ~7u ? EINVAL : name_buffers(file, args);

    if (error)
        return error;
    call_once(&mock.during_exec);
    if ((args->flags & VG_EXEC_FENCE_FD_IN) && !mock_file(args->fence_fd))
        return EINVAL;
    file->has_context = true;
    mock.exec = *args;
    memcpy(mock.stream, pointer(args->command),
           args->size < sizeof(mock.stream) ? args->size : sizeof(mock.stream));
    mock.last_fence++;
    if (args->num_in_syncobjs && mock.syncobj)
        mock.in = *(const struct vg_exec_syncobj *)pointer(args->in_syncobjs);
    if (args->num_out_syncobjs && mock.syncobj)
        mock.out = *(const struct vg_exec_syncobj *)pointer(args->out_syncobjs);
    if (args->flags & VG_EXEC_FENCE_FD_OUT) {
        args->fence_fd = mock_new_file(MOCK_SYNC_FILE);
        if (args->fence_fd < 0)
            return EMFILE;
        mock_file(args->fence_fd)->fence = mock.last_fence;
    }
    return 0;
}

/* ---- one syncobj, whose point follows the fences ---- */

static uint64_t reached_point(void)
{
    mock_pass_time();
    return mock.reached_fence == mock.last_fence ? mock.out.point : 0;
}

static int timeline_wait(const struct drm_syncobj_timeline_wait *args)
{
    const uint64_t *points = pointer(args->points);

    if (points[0] <= reached_point())
        return 0;
    assert_true(args->timeout_nsec != INT64_MAX); /* else this would never end */
    if (args->timeout_nsec > mock.now)
        mock.now = args->timeout_nsec;
    return ETIME;
}

static int syncobj(struct mock_file *file, unsigned long request, void *arg)
{
    if (!mock.syncobj)
        return EOPNOTSUPP;
    switch (request) {
    case DRM_IOCTL_SYNCOBJ_CREATE:
        file->syncobjs++;
        ((struct drm_syncobj_create *)arg)->handle = 1;
        return 0;
    case DRM_IOCTL_SYNCOBJ_DESTROY:
        assert_true(file->syncobjs > 0);
        file->syncobjs--;
        return 0;
    case DRM_IOCTL_SYNCOBJ_HANDLE_TO_FD:
        ((struct drm_syncobj_handle *)arg)->fd = mock_new_file(MOCK_SYNCOBJ_FILE);
        return ((struct drm_syncobj_handle *)arg)->fd < 0 ? EMFILE : 0;
    case DRM_IOCTL_SYNCOBJ_FD_TO_HANDLE:
        ((struct drm_syncobj_handle *)arg)->handle = 7;
        return 0;
    case DRM_IOCTL_SYNCOBJ_TIMELINE_WAIT:
        return timeline_wait(arg);
    case DRM_IOCTL_SYNCOBJ_QUERY:
        *(uint64_t *)pointer(((struct drm_syncobj_timeline_array *)arg)->points) = reached_point();
        return 0;
    default:
        return ENOTTY;
    }
}

static int get_cap(struct drm_get_cap *args)
{
    args->value = args->capability == DRM_CAP_SYNCOBJ_TIMELINE && mock.syncobj;
    return 0;
}

static int dispatch_virtgpu(struct mock_file *file, unsigned long request, void *arg)
{
    switch (request) {
    case VG_IOCTL_GETPARAM:
        return get_param(arg);
    case VG_IOCTL_GET_CAPS:
        return get_caps(arg);
    case VG_IOCTL_CONTEXT_INIT:
        return context_init(file, arg);
    case VG_IOCTL_RESOURCE_CREATE:
        return resource_create(file, arg);
    case VG_IOCTL_RESOURCE_CREATE_BLOB:
        return create_blob(file, arg);
    case VG_IOCTL_RESOURCE_INFO:
        return resource_info(file, arg);
    case VG_IOCTL_MAP:
        return map(file, arg);
    case VG_IOCTL_TRANSFER_TO_HOST:
    case VG_IOCTL_TRANSFER_FROM_HOST:
        return transfer(file, arg);
    case VG_IOCTL_WAIT:
        return wait_buffer(file, arg);
    case VG_IOCTL_EXECBUFFER:
        return execbuffer(file, arg);
    default:
        return ENOTTY;
    }
}

int mock_dispatch(struct mock_file *file, unsigned long request, void *arg)
{
    switch (request) {
    case DRM_IOCTL_VERSION:
        return version(file, arg);
    case DRM_IOCTL_GET_CAP:
        return get_cap(arg);
    case DRM_IOCTL_GEM_CLOSE:
        return gem_close(file, arg);
    case DRM_IOCTL_PRIME_HANDLE_TO_FD:
        return prime_export(file, arg);
    case DRM_IOCTL_PRIME_FD_TO_HANDLE:
        return prime_import(file, arg);
    default:
        break;
    }
    if (strcmp(mock.driver[file->node], "virtio_gpu") != 0)
        return ENOTTY;
    if (request >= DRM_IOCTL_SYNCOBJ_CREATE && _IOC_NR(request) >= 0xbf)
        return syncobj(file, request, arg);
    return dispatch_virtgpu(file, request, arg);
}
