/* SPDX-License-Identifier: MIT */
/* POSIX threads and clocks, anonymous memory: not in plain C11 */
#define _DEFAULT_SOURCE

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <virglcmd/loopback.h>

#include "device_model.h"
#include "renderer.h"

struct loopback {
    struct vcmd_log log;
    bool gles;
    struct renderer *renderer;
    struct device_model *model;
};

/* ---- one device per process ---- */

static pthread_mutex_t claim_mutex = PTHREAD_MUTEX_INITIALIZER;
static bool claimed;

static bool claim(void)
{
    bool free_before;

    pthread_mutex_lock(&claim_mutex);
    free_before = !claimed;
    claimed = true;
    pthread_mutex_unlock(&claim_mutex);
    return free_before;
}

static void unclaim(void)
{
    pthread_mutex_lock(&claim_mutex);
    claimed = false;
    pthread_mutex_unlock(&claim_mutex);
}

/* ---- the control channel: every operation is a job of the renderer's thread ---- */

struct model_job {
    struct loopback *loopback;
    const void *request;
    size_t request_size;
    void *response;
    size_t response_capacity;
    size_t response_size;
    void *memory;
    size_t memory_size;
};

static void create_job(void *arg)
{
    struct model_job *job = arg;

    job->loopback->model = device_model_create(&job->loopback->log, job->loopback->renderer);
}

static void destroy_job(void *arg)
{
    struct model_job *job = arg;

    device_model_destroy(job->loopback->model);
}

static void execute_job(void *arg)
{
    struct model_job *job = arg;

    job->response_size = device_model_execute(job->loopback->model, job->request, job->request_size,
                                              job->response, job->response_capacity);
}

static void alloc_job(void *arg)
{
    struct model_job *job = arg;

    job->memory = device_model_memory_alloc(job->loopback->model, job->memory_size);
}

static void free_job(void *arg)
{
    struct model_job *job = arg;

    device_model_memory_free(job->loopback->model, job->memory);
}

static void channel_close(void *self)
{
    struct loopback *loopback = self;
    struct model_job job = {.loopback = loopback};

    renderer_run(loopback->renderer, destroy_job, &job);
    renderer_stop(loopback->renderer);
    free(loopback);
    unclaim();
}

static void channel_get_info(void *self, struct vcmd_channel_info *info)
{
    const struct loopback *loopback = self;

    device_model_get_info(loopback->model, info);
}

static enum vcmd_status channel_execute(void *self, const void *request, size_t request_size,
                                        void *response, size_t response_capacity,
                                        size_t *response_size)
{
    struct loopback *loopback = self;
    struct model_job job = {
        .loopback = loopback,
        .request = request,
        .request_size = request_size,
        .response = response,
        .response_capacity = response_capacity,
    };

    renderer_run(loopback->renderer, execute_job, &job);
    *response_size = job.response_size;
    return VCMD_STATUS_OK;
}

static enum vcmd_status channel_wait_fence(void *self, uint64_t fence_id, uint64_t timeout_ns)
{
    struct loopback *loopback = self;

    return renderer_wait_fence(loopback->renderer, fence_id, timeout_ns);
}

static enum vcmd_status channel_memory_alloc(void *self, size_t size, void **memory,
                                             uint64_t *address)
{
    struct loopback *loopback = self;
    struct model_job job = {.loopback = loopback, .memory_size = size};

    renderer_run(loopback->renderer, alloc_job, &job);
    if (!job.memory)
        return VCMD_STATUS_NO_MEMORY;
    *memory = job.memory;
    *address = (uintptr_t)job.memory;
    return VCMD_STATUS_OK;
}

static void channel_memory_free(void *self, void *memory, size_t size)
{
    struct loopback *loopback = self;
    struct model_job job = {.loopback = loopback, .memory = memory, .memory_size = size};

    renderer_run(loopback->renderer, free_job, &job);
}

static const struct vcmd_channel_ops channel_ops = {
    .close = channel_close,
    .get_info = channel_get_info,
    .execute = channel_execute,
    .wait_fence = channel_wait_fence,
    .memory_alloc = channel_memory_alloc,
    .memory_free = channel_memory_free,
};

/* ---- opening ---- */

static enum vcmd_status read_option(void *user, const char *key, const char *value)
{
    struct loopback *loopback = user;

    if (strcmp(key, "gles") == 0 && (!strcmp(value, "") || !strcmp(value, "1"))) {
        loopback->gles = true;
        return VCMD_STATUS_OK;
    }
    if (strcmp(key, "gles") == 0 && !strcmp(value, "0")) {
        loopback->gles = false;
        return VCMD_STATUS_OK;
    }
    vcmd_log(&loopback->log, VCMD_LOG_ERROR, VCMD_STATUS_INVALID_OPTION,
             "loopback: option \"%s\" with value \"%s\" is unknown; there is gles=0 and gles=1",
             key, value);
    return VCMD_STATUS_INVALID_OPTION;
}

static enum vcmd_status read_options(struct loopback *loopback, const char *options)
{
    enum vcmd_status status = vcmd_options_parse(options, read_option, loopback);

    if (status != VCMD_STATUS_OK)
        vcmd_log(&loopback->log, VCMD_LOG_ERROR, status, "loopback: options \"%s\": %s", options,
                 vcmd_status_string(status));
    return status;
}

static enum vcmd_status start_model(struct loopback *loopback)
{
    struct model_job job = {.loopback = loopback};

    renderer_run(loopback->renderer, create_job, &job);
    if (loopback->model)
        return VCMD_STATUS_OK;
    renderer_stop(loopback->renderer);
    vcmd_log(&loopback->log, VCMD_LOG_ERROR, VCMD_STATUS_NO_MEMORY, "loopback: no memory");
    return VCMD_STATUS_NO_MEMORY;
}

/* On failure nothing is left but the memory of loopback. */
static enum vcmd_status start(struct loopback *loopback, const char *options)
{
    enum vcmd_status status = read_options(loopback, options);

    if (status != VCMD_STATUS_OK)
        return status;
    if (!claim()) {
        vcmd_log(&loopback->log, VCMD_LOG_ERROR, VCMD_STATUS_BUSY,
                 "loopback: this process has a loopback device open already; virglrenderer exists "
                 "only once in a process, so close that one first");
        return VCMD_STATUS_BUSY;
    }
    status = renderer_start(&loopback->log, loopback->gles, &loopback->renderer);
    if (status == VCMD_STATUS_OK)
        status = start_model(loopback);
    if (status != VCMD_STATUS_OK)
        unclaim();
    return status;
}

static enum vcmd_status loopback_open(const char *options, const struct vcmd_log *log,
                                      const struct vcmd_device_ops **ops, void **self)
{
    struct loopback *loopback = calloc(1, sizeof(*loopback));
    enum vcmd_status status;

    if (!loopback) {
        vcmd_log(log, VCMD_LOG_ERROR, VCMD_STATUS_NO_MEMORY, "loopback: no memory");
        return VCMD_STATUS_NO_MEMORY;
    }
    loopback->log = *log;
    status = start(loopback, options);
    if (status != VCMD_STATUS_OK) {
        free(loopback);
        return status;
    }
    return vcmd_control_device_create(&channel_ops, loopback, log, ops, self);
}

const struct vcmd_transport *vcmd_loopback_transport(void)
{
    static const struct vcmd_transport transport = {
        .name = "loopback",
        .description = "virglrenderer in this process, on EGL without a surface",
        .open = loopback_open,
    };

    return &transport;
}
