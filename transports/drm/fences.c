/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "drm_private.h"

/*
 * Fences are numbers to the caller. To the kernel they are points of a timeline syncobj where it
 * has such (then waiting is one system call), else sync files, one for each fence that is
 * outstanding.
 */

/* Look for fences that nobody waited for when so many have piled up; then wait for some. */
#define MANY_FENCES     64u
#define TOO_MANY_FENCES 512u

#define FOREVER (-1)

/* So long a submit waits for one of those, as long as a transfer waits. */
#define PATIENCE_NS INT64_C(60000000000)

/* ---- life ---- */

bool drm_fences_init(struct drm_device *device)
{
    return pthread_mutex_init(&device->fences.mutex, NULL) == 0;
}

void drm_fences_destroy(struct drm_device *device)
{
    pthread_mutex_destroy(&device->fences.mutex);
    free(device->fences.list);
}

enum vcmd_status drm_fences_open(struct drm_device *device)
{
    struct drm_syncobj_create args = {.flags = 0};
    int error;

    if (!device->info.syncobj)
        return VCMD_STATUS_OK;
    error = drm_call(device, device->fd, DRM_IOCTL_SYNCOBJ_CREATE, &args);
    if (error)
        return drm_fail(device, error, "SYNCOBJ_CREATE");
    device->fences.timeline = args.handle;
    return VCMD_STATUS_OK;
}

void drm_fences_close(struct drm_device *device)
{
    struct drm_fences *fences = &device->fences;
    struct drm_syncobj_destroy args = {.handle = fences->timeline};

    for (size_t i = 0; i < fences->count; i++) {
        if (fences->list[i].fd >= 0)
            device->system->close(fences->list[i].fd);
    }
    fences->count = 0;
    if (fences->timeline)
        (void)drm_call(device, device->fd, DRM_IOCTL_SYNCOBJ_DESTROY, &args);
}

enum vcmd_status drm_fences_join(struct drm_device *device, int fd, uint32_t *timeline)
{
    struct drm_syncobj_handle out = {.handle = device->fences.timeline, .fd = -1};
    struct drm_syncobj_handle in = {.handle = 0};
    int error;

    *timeline = 0;
    if (!device->fences.timeline)
        return VCMD_STATUS_OK;
    error = drm_call(device, device->fd, DRM_IOCTL_SYNCOBJ_HANDLE_TO_FD, &out);
    if (error)
        return drm_fail(device, error, "SYNCOBJ_HANDLE_TO_FD");
    in.fd = out.fd;
    error = drm_call(device, fd, DRM_IOCTL_SYNCOBJ_FD_TO_HANDLE, &in);
    device->system->close(out.fd);
    if (error)
        return drm_fail(device, error, "SYNCOBJ_FD_TO_HANDLE");
    *timeline = in.handle;
    return VCMD_STATUS_OK;
}

/* ---- the list; all need the mutex ---- */

/* Everything up to the fence has been reached. */
static void note_reached(struct drm_fences *fences, const struct drm_fence *fence)
{
    if (fence->number > fences->reached)
        fences->reached = fence->number;
    if (fence->submits > fences->done)
        fences->done = fence->submits;
}

static void note_reached_number(struct drm_fences *fences, uint64_t number)
{
    for (size_t i = 0; i < fences->count && fences->list[i].number <= number; i++)
        note_reached(fences, &fences->list[i]);
}

/* Forgets what has been reached, unless a thread just waits for one of the files. */
static void drop_reached(struct drm_device *device)
{
    struct drm_fences *fences = &device->fences;
    size_t gone = 0;

    if (fences->waiting > 0)
        return;
    for (; gone < fences->count && fences->list[gone].number <= fences->reached; gone++) {
        if (fences->list[gone].fd >= 0)
            device->system->close(fences->list[gone].fd);
    }
    if (gone == 0)
        return;
    fences->count -= gone;
    memmove(fences->list, fences->list + gone, fences->count * sizeof(*fences->list));
}

/* Asks the kernel what has been reached meanwhile. */
static void reap(struct drm_device *device)
{
    struct drm_fences *fences = &device->fences;

    if (fences->timeline) {
        uint64_t point = 0;
        struct drm_syncobj_timeline_array args = {.handles = (uintptr_t)&fences->timeline,
                                                  .points = (uintptr_t)&point,
                                                  .count_handles = 1};

        if (drm_call(device, device->fd, DRM_IOCTL_SYNCOBJ_QUERY, &args) == 0)
            note_reached_number(fences, point);
    } else {
        for (size_t i = 0; i < fences->count; i++) {
            if (device->system->poll(fences->list[i].fd, 0) != 1)
                break;
            note_reached(fences, &fences->list[i]);
        }
    }
    drop_reached(device);
}

static bool grow(struct drm_fences *fences)
{
    size_t capacity = fences->capacity ? fences->capacity * 2 : 16;
    struct drm_fence *list = realloc(fences->list, capacity * sizeof(*list));

    if (!list)
        return false;
    fences->list = list;
    fences->capacity = capacity;
    return true;
}

/* ---- waiting ---- */

/* The status of waiting for one file, until a point of time; FOREVER: without end. */
static int wait_file(const struct drm_device *device, int fd, int64_t until)
{
    for (;;) {
        int64_t left = until == FOREVER ? FOREVER : until - device->system->now();
        int ready;

        if (until != FOREVER && left < 0)
            left = 0;
        ready = device->system->poll(fd, left);
        if (ready > 0)
            return 0;
        if (ready == 0)
            return ETIME;
        if (errno != EINTR && errno != EAGAIN)
            return errno;
    }
}

static int wait_point(const struct drm_device *device, uint64_t point, int64_t until)
{
    struct drm_syncobj_timeline_wait args = {
        .handles = (uintptr_t)&device->fences.timeline,
        .points = (uintptr_t)&point,
        .timeout_nsec = until == FOREVER ? INT64_MAX : until,
        .count_handles = 1,
    };

    return drm_call(device, device->fd, DRM_IOCTL_SYNCOBJ_TIMELINE_WAIT, &args);
}

/* Needs the mutex, and lets go of it while it waits. The fence is in the list. */
static int wait_locked(struct drm_device *device, uint64_t number, int64_t until)
{
    struct drm_fences *fences = &device->fences;
    const struct drm_fence *entry = fences->list;
    struct drm_fence wanted;
    int error;

    while (entry->number < number)
        entry++;
    wanted = *entry;
    fences->waiting++;
    pthread_mutex_unlock(&fences->mutex);
    error =
        fences->timeline ? wait_point(device, number, until) : wait_file(device, wanted.fd, until);
    pthread_mutex_lock(&fences->mutex);
    fences->waiting--;
    if (error == 0)
        note_reached(fences, &wanted);
    drop_reached(device);
    return error;
}

static int64_t deadline(const struct drm_device *device, uint64_t timeout_ns)
{
    int64_t now;

    if (timeout_ns == VCMD_WAIT_FOREVER)
        return FOREVER;
    now = device->system->now();
    return timeout_ns < (uint64_t)(INT64_MAX - now) ? now + (int64_t)timeout_ns : FOREVER;
}

enum vcmd_status drm_fence_wait(void *self, uint64_t fence, uint64_t timeout_ns)
{
    struct drm_device *device = self;
    struct drm_fences *fences = &device->fences;
    int64_t until = timeout_ns == 0 ? 0 : deadline(device, timeout_ns);
    int error = 0;

    pthread_mutex_lock(&fences->mutex);
    if (fence > fences->reached)
        error = wait_locked(device, fence, until);
    pthread_mutex_unlock(&fences->mutex);
    if (error == ETIME)
        return VCMD_STATUS_TIMEOUT;
    return error ? drm_fail(device, error, "waiting for fence %llu", (unsigned long long)fence)
                 : VCMD_STATUS_OK;
}

/* ---- around a submit ---- */

int drm_fences_reserve(struct drm_device *device)
{
    struct drm_fences *fences = &device->fences;
    int error = 0;

    pthread_mutex_lock(&fences->mutex);
    if (fences->count >= MANY_FENCES && fences->count % 16 == 0)
        reap(device);
    /* Each is an open file: when somebody never waits, he does now. */
    if (fences->count >= TOO_MANY_FENCES && !fences->timeline && fences->waiting == 0)
        error = wait_locked(device, fences->list[0].number, device->system->now() + PATIENCE_NS);
    if (error == 0 && fences->count == fences->capacity)
        error = grow(fences) ? 0 : ENOMEM;
    pthread_mutex_unlock(&fences->mutex);
    return error;
}

uint64_t drm_fences_add(struct drm_device *device, int fd)
{
    struct drm_fences *fences = &device->fences;
    uint64_t number;

    pthread_mutex_lock(&fences->mutex);
    number = ++fences->last;
    fences->list[fences->count++] =
        (struct drm_fence){.number = number, .submits = ++fences->submits, .fd = fd};
    pthread_mutex_unlock(&fences->mutex);
    return number;
}

void drm_fences_count(struct drm_device *device)
{
    pthread_mutex_lock(&device->fences.mutex);
    device->fences.submits++;
    pthread_mutex_unlock(&device->fences.mutex);
}

uint64_t drm_fences_submits(struct drm_device *device)
{
    uint64_t submits;

    pthread_mutex_lock(&device->fences.mutex);
    submits = device->fences.submits;
    pthread_mutex_unlock(&device->fences.mutex);
    return submits;
}

void drm_fences_note_done(struct drm_device *device, uint64_t submits)
{
    pthread_mutex_lock(&device->fences.mutex);
    if (submits > device->fences.done)
        device->fences.done = submits;
    pthread_mutex_unlock(&device->fences.mutex);
}

bool drm_fences_are_done(struct drm_device *device, uint64_t submits)
{
    struct drm_fences *fences = &device->fences;
    bool done;

    pthread_mutex_lock(&fences->mutex);
    if (fences->done < submits)
        reap(device);
    done = fences->done >= submits;
    pthread_mutex_unlock(&fences->mutex);
    return done;
}
