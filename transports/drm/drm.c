/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <virglcmd/virglcmd.h>

#include "drm_private.h"

#define DEFAULT_CACHE_BYTES 16777216u

/* Far more than any capset has. */
#define MAX_CAPSET_BYTES 16384u

/* ---- options ---- */

struct options {
    const struct vcmd_log *log;
    char path[256];
    int fd; /* -1: none */
    uint32_t cache_bytes;
};

static bool parse_number(const char *text, uint32_t max, uint32_t *value)
{
    uint64_t number = 0;

    if (*text == '\0')
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        number = number * 10 + (uint64_t)(*text - '0');
        if (number > max)
            return false;
    }
    *value = (uint32_t)number;
    return true;
}

static enum vcmd_status read_option(void *user, const char *key, const char *value)
{
    struct options *options = user;
    uint32_t number;

    if (strcmp(key, "path") == 0 && *value) {
        memcpy(options->path, value, strlen(value) + 1);
        return VCMD_STATUS_OK;
    }
    if (strcmp(key, "fd") == 0 && parse_number(value, INT32_MAX, &number)) {
        options->fd = (int)number;
        return VCMD_STATUS_OK;
    }
    if (strcmp(key, "cache") == 0 && parse_number(value, UINT32_MAX, &options->cache_bytes))
        return VCMD_STATUS_OK;
    vcmd_log(options->log, VCMD_LOG_ERROR, VCMD_STATUS_INVALID_OPTION,
             "drm: option \"%s\" with value \"%s\" is unknown; there are path=FILE, fd=NUMBER and "
             "cache=BYTES",
             key, value);
    return VCMD_STATUS_INVALID_OPTION;
}

static enum vcmd_status read_options(struct options *options, const char *text)
{
    enum vcmd_status status = vcmd_options_parse(text, read_option, options);

    if (status == VCMD_STATUS_OK && options->path[0] && options->fd >= 0) {
        vcmd_log(options->log, VCMD_LOG_ERROR, VCMD_STATUS_INVALID_OPTION,
                 "drm: path= and fd= both name a node: give one of them");
        return VCMD_STATUS_INVALID_OPTION;
    }
    if (status != VCMD_STATUS_OK)
        vcmd_log(options->log, VCMD_LOG_ERROR, status, "drm: options \"%s\": %s", text,
                 vcmd_status_string(status));
    return status;
}

/* ---- capsets ---- */

static int fetch_capset(const struct drm_device *device, uint32_t capset_id, uint8_t *bytes)
{
    struct vg_get_caps args = {.cap_set_id = capset_id,
                               .cap_set_ver = 1,
                               .addr = (uintptr_t)bytes,
                               .size = MAX_CAPSET_BYTES};
    int error = drm_call(device, device->fd, VG_IOCTL_GET_CAPS, &args);

    /* A version above what the host has is an error. */
    if (error == EINVAL) {
        args.cap_set_ver = 0;
        error = drm_call(device, device->fd, VG_IOCTL_GET_CAPS, &args);
    }
    return error;
}

/*
 * The kernel writes as many bytes as the host has and does not say how many. Over two different
 * backgrounds, what it has written is what is the same.
 */
static int measure_capset(const struct drm_device *device, uint32_t capset_id, uint8_t *bytes,
                          uint8_t *again, size_t *size)
{
    int error;

    memset(bytes, 0x00, MAX_CAPSET_BYTES);
    memset(again, 0xff, MAX_CAPSET_BYTES);
    error = fetch_capset(device, capset_id, bytes);
    if (error == 0)
        error = fetch_capset(device, capset_id, again);
    *size = MAX_CAPSET_BYTES;
    while (*size > 0 && bytes[*size - 1] != again[*size - 1])
        (*size)--;
    return error;
}

static enum vcmd_status copy_capset(const struct drm_device *device, uint32_t capset_id,
                                    uint8_t *scratch, void *bytes, size_t capacity, size_t *size)
{
    size_t found = 0;
    int error = measure_capset(device, capset_id, scratch, scratch + MAX_CAPSET_BYTES, &found);

    if (error == EINVAL || error == ENOSYS || (error == 0 && found == 0))
        return VCMD_STATUS_UNSUPPORTED;
    if (error)
        return drm_fail(device, error, "GET_CAPS of capset %u", capset_id);
    *size = found;
    if (capacity > 0)
        memcpy(bytes, scratch, found < capacity ? found : capacity);
    return found > capacity ? VCMD_STATUS_BUFFER_FULL : VCMD_STATUS_OK;
}

/* Before Linux 4.19 the sizes of the two VirGL capsets were mixed up: then there is only the first.
 */
static enum vcmd_status check_capset_sizes(const struct drm_device *device, uint32_t capset_id)
{
    int32_t are_right = 0;
    int error = 0;

    if (capset_id == VCMD_CTRL_CAPSET_VIRGL)
        return VCMD_STATUS_OK;
    error = drm_get_param(device, device->fd, VG_PARAM_CAPSET_QUERY_FIX, &are_right);
    if (error && error != EINVAL)
        return drm_fail(device, error, "asking whether capset %u can be had", capset_id);
    return are_right ? VCMD_STATUS_OK : VCMD_STATUS_UNSUPPORTED;
}

enum vcmd_status drm_get_capset(void *self, uint32_t capset_id, void *bytes, size_t capacity,
                                size_t *size)
{
    struct drm_device *device = self;
    enum vcmd_status status = check_capset_sizes(device, capset_id);
    uint8_t *scratch;

    if (status != VCMD_STATUS_OK)
        return status;
    scratch = malloc((size_t)2 * MAX_CAPSET_BYTES);
    if (!scratch)
        return drm_fail(device, ENOMEM, "GET_CAPS of capset %u", capset_id);
    status = copy_capset(device, capset_id, scratch, bytes, capacity, size);
    free(scratch);
    return status;
}

/* Hosts before virglrenderer 0.8 have no transfers in the stream. */
static enum vcmd_status learn_caps(struct drm_device *device)
{
    struct vcmd_caps caps;
    uint8_t bytes[4096];
    size_t size = 0;
    enum vcmd_status status =
        drm_get_capset(device, VCMD_CTRL_CAPSET_VIRGL2, bytes, sizeof(bytes), &size);

    if (status == VCMD_STATUS_UNSUPPORTED || status == VCMD_STATUS_BUFFER_FULL)
        return VCMD_STATUS_OK;
    if (status != VCMD_STATUS_OK)
        return status;
    if (vcmd_caps_decode(&caps, bytes, size) == VCMD_STATUS_OK)
        device->has_transfer3d = (caps.capability_bits & VCMD_CAP_TRANSFER) != 0;
    return VCMD_STATUS_OK;
}

/* ---- life ---- */

static void free_device(struct drm_device *device)
{
    drm_fences_destroy(device);
    pthread_mutex_destroy(&device->submit);
    pthread_mutex_destroy(&device->mutex);
    free(device);
}

static struct drm_device *alloc_device(const struct drm_system *system, const struct vcmd_log *log)
{
    struct drm_device *device = calloc(1, sizeof(*device));

    if (!device)
        return NULL;
    device->system = system;
    device->log = *log;
    device->fd = -1;
    if (pthread_mutex_init(&device->mutex, NULL) != 0) {
        free(device);
        return NULL;
    }
    if (pthread_mutex_init(&device->submit, NULL) != 0) {
        pthread_mutex_destroy(&device->mutex);
        free(device);
        return NULL;
    }
    if (!drm_fences_init(device)) {
        pthread_mutex_destroy(&device->submit);
        pthread_mutex_destroy(&device->mutex);
        free(device);
        return NULL;
    }
    return device;
}

/* All contexts and resources have been destroyed, but for those in the cache. */
static void drm_close(void *self)
{
    struct drm_device *device = self;
    struct drm_resource *resource;

    while ((resource = drm_cache_pop(device)) != NULL)
        drm_resource_release(device, resource);
    drm_fences_close(device);
    device->system->close(device->fd);
    free_device(device);
}

const struct vcmd_device_ops drm_ops = {
    .close = drm_close,
    .get_capset = drm_get_capset,
    .context_create = drm_context_create,
    .context_destroy = drm_context_destroy,
    .resource_create = drm_resource_create,
    .resource_destroy = drm_resource_destroy,
    .attach = drm_attach,
    .detach = drm_detach,
    .transfer = drm_transfer,
    .submit = drm_submit,
    .fence_wait = drm_fence_wait,
};

static enum vcmd_status start(struct drm_device *device, const struct options *options)
{
    enum vcmd_status status = drm_node_open(device, options->path, options->fd);

    if (status != VCMD_STATUS_OK)
        return status;
    device->cache.max_bytes = options->cache_bytes;
    status = learn_caps(device);
    if (status == VCMD_STATUS_OK)
        status = drm_fences_open(device);
    if (status != VCMD_STATUS_OK)
        device->system->close(device->fd);
    return status;
}

enum vcmd_status drm_open_on(const struct drm_system *system, const char *options,
                             const struct vcmd_log *log, const struct vcmd_device_ops **ops,
                             void **self)
{
    struct options wanted = {.log = log, .fd = -1, .cache_bytes = DEFAULT_CACHE_BYTES};
    enum vcmd_status status = read_options(&wanted, options);
    struct drm_device *device;

    if (status != VCMD_STATUS_OK)
        return status;
    device = alloc_device(system, log);
    if (!device) {
        vcmd_log(log, VCMD_LOG_ERROR, VCMD_STATUS_NO_MEMORY, "drm: open: no memory");
        return VCMD_STATUS_NO_MEMORY;
    }
    status = start(device, &wanted);
    if (status != VCMD_STATUS_OK) {
        free_device(device);
        return status;
    }
    *ops = &drm_ops;
    *self = device;
    return VCMD_STATUS_OK;
}

static enum vcmd_status drm_open(const char *options, const struct vcmd_log *log,
                                 const struct vcmd_device_ops **ops, void **self)
{
    return drm_open_on(&drm_system, options, log, ops, self);
}

const struct vcmd_transport *vcmd_drm_transport(void)
{
    static const struct vcmd_transport transport = {
        .name = "drm",
        .description = "the virtio_gpu driver of this Linux guest, /dev/dri/renderD*",
        .open = drm_open,
    };

    return &transport;
}
