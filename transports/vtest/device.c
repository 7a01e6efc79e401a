/* SPDX-License-Identifier: MIT */
/* POSIX threads and clocks: not in plain C11 */
#define _GNU_SOURCE

#include "device.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* How long a waiting thread sleeps between two questions: first, and at most. */
#define FIRST_NAP_NS   20000u
#define LONGEST_NAP_NS 1000000u

/* Servers count the bytes of a stream in an int. */
#define MAX_STREAM_DWORDS ((size_t)INT_MAX / 4)

static void device_close(void *self)
{
    struct vtest_device *device = self;

    if (device->fd >= 0)
        close(device->fd);
    vtest_subcontexts_clear(&device->subs);
    for (size_t i = 0; i < 2; i++)
        free(device->capsets[i].bytes);
    pthread_cond_destroy(&device->changed);
    pthread_mutex_destroy(&device->mutex);
    free(device);
}

static enum vcmd_status get_capset(void *self, uint32_t capset_id, void *bytes, size_t capacity,
                                   size_t *size)
{
    const struct vtest_device *device = self;
    const struct vtest_capset *capset;

    if (capset_id < 1 || capset_id > 2 || device->capsets[capset_id - 1].size == 0)
        return VCMD_STATUS_UNSUPPORTED;
    capset = &device->capsets[capset_id - 1];
    *size = capset->size;
    if (capacity > 0)
        memcpy(bytes, capset->bytes, capacity < capset->size ? capacity : capset->size);
    return capacity < capset->size ? VCMD_STATUS_BUFFER_FULL : VCMD_STATUS_OK;
}

/* ---- contexts ---- */

enum vcmd_status vtest_send_stream(void *user, const uint32_t *dwords, size_t num_dwords)
{
    return vtest_request(user, VTEST_SUBMIT_CMD, (uint32_t)num_dwords, dwords,
                         num_dwords * sizeof(*dwords), NULL, 0);
}

static enum vcmd_status context_create(void *self, const char *name, uint32_t *context_id)
{
    struct vtest_device *device = self;
    enum vcmd_status status = vtest_begin_creation(device, "context_create");

    (void)name; /* a connection has one name, and had to say it long ago */
    if (status != VCMD_STATUS_OK)
        return status;
    *context_id = ++device->next_context_id;
    if (*context_id == 0)
        *context_id = ++device->next_context_id;
    status = vtest_subcontexts_add(&device->subs, *context_id);
    if (status == VCMD_STATUS_OK)
        device->num_objects++;
    else
        vcmd_log(&device->log, VCMD_LOG_ERROR, status, "vtest: context_create: no memory");
    vtest_end_turn(device);
    return status;
}

static enum vcmd_status emit_nothing(void *user, const uint32_t *dwords, size_t num_dwords)
{
    (void)user;
    (void)dwords;
    (void)num_dwords;
    return VCMD_STATUS_OK;
}

static void context_destroy(void *self, uint32_t context_id)
{
    struct vtest_device *device = self;
    bool alive;

    (void)vtest_take_turn(device, VTEST_NEVER);
    device->answer_deadline = vtest_deadline(device->timeout_ns);
    /* What the context's last stream has done to the connection shows now, not in the next one. */
    alive = device->fd >= 0 && vtest_settle(device) == VCMD_STATUS_OK;
    (void)vtest_subcontexts_remove(&device->subs, context_id,
                                   alive ? vtest_send_stream : emit_nothing, device);
    device->num_objects--;
    vtest_end_turn(device);
}

/* There is one context on the host, and the server attaches each resource to it. */
static enum vcmd_status attach(void *self, uint32_t context_id, uint32_t resource_id)
{
    enum vcmd_status status = vtest_begin(self, "attach");

    (void)context_id;
    (void)resource_id;
    if (status == VCMD_STATUS_OK)
        vtest_end_turn(self);
    return status;
}

static enum vcmd_status detach(void *self, uint32_t context_id, uint32_t resource_id)
{
    (void)self;
    (void)context_id;
    (void)resource_id;
    return VCMD_STATUS_OK;
}

/* ---- streams ---- */

static enum vcmd_status submit_turn(struct vtest_device *device, uint32_t context_id,
                                    const struct vcmd_buffer *buf)
{
    enum vcmd_status status;

    if (buf->length > MAX_STREAM_DWORDS) {
        vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_TOO_LONG,
                 "vtest: submit: %zu dwords; servers take up to %zu at once", buf->length,
                 MAX_STREAM_DWORDS);
        return VCMD_STATUS_TOO_LONG;
    }
    status = vtest_subcontexts_translate(&device->subs, context_id, vcmd_buffer_stream(buf),
                                         buf->length, vtest_send_stream, device);
    if (status == VCMD_STATUS_NO_MEMORY)
        vcmd_log(&device->log, VCMD_LOG_ERROR, status, "vtest: submit: no memory");
    if (status == VCMD_STATUS_OK && device->sync)
        status = vtest_settle(device);
    return status;
}

static enum vcmd_status submit(void *self, uint32_t context_id, struct vcmd_buffer *buf,
                               uint64_t *fence)
{
    struct vtest_device *device = self;
    enum vcmd_status status = vtest_begin(device, "submit");

    if (status != VCMD_STATUS_OK)
        return status;
    status = submit_turn(device, context_id, buf);
    if (status == VCMD_STATUS_OK && fence) {
        pthread_mutex_lock(&device->mutex);
        *fence = ++device->made_fence;
        pthread_mutex_unlock(&device->mutex);
    }
    vtest_end_turn(device);
    return status;
}

/* ---- fences ---- */

/* Needs the mutex. */
static bool is_lost(const struct vtest_device *device, uint64_t fence)
{
    for (size_t i = 0; i < device->num_losses; i++) {
        if (fence > device->losses[i].after && fence <= device->losses[i].up_to)
            return true;
    }
    return false;
}

/* TIMEOUT: not yet, as far as is known. */
static enum vcmd_status look_at_fence(struct vtest_device *device, uint64_t fence)
{
    enum vcmd_status status = VCMD_STATUS_TIMEOUT;

    pthread_mutex_lock(&device->mutex);
    if (is_lost(device, fence))
        status = VCMD_STATUS_DEVICE_LOST;
    else if (fence <= device->reached_fence)
        status = VCMD_STATUS_OK;
    pthread_mutex_unlock(&device->mutex);
    if (status == VCMD_STATUS_DEVICE_LOST)
        vcmd_log(&device->log, VCMD_LOG_ERROR, status,
                 "vtest: fence_wait: the connection that fence %llu was made on is lost",
                 (unsigned long long)fence);
    return status;
}

static void sleep_until(uint64_t nap, uint64_t deadline)
{
    uint64_t now = vtest_now_ns();
    uint64_t left = now < deadline ? deadline - now : 0;
    struct timespec time = {0, (long)(nap < left ? nap : left)};

    nanosleep(&time, NULL);
}

/* One question. Other threads get their turn between two of them. */
static enum vcmd_status ask_once(struct vtest_device *device, uint64_t deadline)
{
    enum vcmd_status status = vtest_take_turn(device, deadline);
    uint64_t limit;

    if (status != VCMD_STATUS_OK)
        return status;
    if (device->fd >= 0) {
        limit = vtest_deadline(device->timeout_ns);
        status = vtest_ask_busy(device, deadline < limit ? deadline : limit);
        if (status == VCMD_STATUS_TIMEOUT && limit <= deadline)
            status = vtest_lose(device, "fence_wait", status);
    }
    vtest_end_turn(device);
    return status;
}

static enum vcmd_status fence_wait(void *self, uint64_t fence, uint64_t timeout_ns)
{
    struct vtest_device *device = self;
    uint64_t deadline = vtest_deadline(timeout_ns);
    uint64_t nap = FIRST_NAP_NS;
    enum vcmd_status status = look_at_fence(device, fence);

    while (status == VCMD_STATUS_TIMEOUT) {
        status = ask_once(device, deadline);
        if (status == VCMD_STATUS_DEVICE_LOST)
            return status; /* said already */
        status = look_at_fence(device, fence);
        if (status != VCMD_STATUS_TIMEOUT || vtest_now_ns() >= deadline)
            break;
        sleep_until(nap, deadline);
        if (nap < LONGEST_NAP_NS)
            nap *= 2;
    }
    return status;
}

const struct vcmd_device_ops vtest_device_ops = {
    .close = device_close,
    .get_capset = get_capset,
    .context_create = context_create,
    .context_destroy = context_destroy,
    .resource_create = vtest_resource_create,
    .resource_destroy = vtest_resource_destroy,
    .attach = attach,
    .detach = detach,
    .transfer = vtest_transfer,
    .submit = submit,
    .fence_wait = fence_wait,
};
