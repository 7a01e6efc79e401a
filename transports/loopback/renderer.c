/* SPDX-License-Identifier: MIT */
/* POSIX threads and clocks, anonymous memory: not in plain C11 */
#define _DEFAULT_SOURCE

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <virglrenderer.h>

#include "renderer.h"
#include "renderer_log.h"

/*
 * How long the thread sleeps between two looks at a pending fence: a part of the time that it has
 * waited already, so that a frame comes late by no more than that part, within bounds.
 */
#define NAP_PART        64
#define SHORTEST_NAP_NS 4000
#define LONGEST_NAP_NS  1000000

#define SECOND_NS 1000000000ull

/* Lives on the stack of the thread that waits for it. */
struct job {
    void (*fn)(void *arg);
    void *arg;
    bool done;
    pthread_cond_t finished;
    struct job *next;
};

struct renderer {
    struct vcmd_log log;
    bool gles;
    pthread_t thread;

    pthread_mutex_t mutex; /* guards all that follows */
    pthread_cond_t work;   /* a job, or stop */
    pthread_cond_t news;   /* started, or a fence was reached */
    struct job *first, **last;
    bool stop;
    bool started;
    enum vcmd_status start_status;
    uint64_t made_fence;
    uint64_t reached_fence;
};

/* ---- time ---- */

static uint64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * SECOND_NS + (uint64_t)now.tv_nsec;
}

static struct timespec to_timespec(uint64_t ns)
{
    struct timespec time;

    time.tv_sec = (time_t)(ns / SECOND_NS);
    time.tv_nsec = (long)(ns % SECOND_NS);
    return time;
}

/* ---- fences ---- */

/* Called by virglrenderer on its thread, inside virgl_renderer_poll. */
static void on_fence(void *cookie, uint32_t fence)
{
    struct renderer *renderer = cookie;

    pthread_mutex_lock(&renderer->mutex);
    if (fence > renderer->reached_fence)
        renderer->reached_fence = fence;
    pthread_cond_broadcast(&renderer->news);
    pthread_mutex_unlock(&renderer->mutex);
}

bool renderer_create_fence(struct renderer *renderer, uint32_t fence)
{
    if (virgl_renderer_create_fence((int)fence, 0) != 0)
        return false;
    pthread_mutex_lock(&renderer->mutex);
    renderer->made_fence = fence;
    pthread_mutex_unlock(&renderer->mutex);
    return true;
}

/* Needs the mutex. */
static enum vcmd_status wait_until(struct renderer *renderer, uint64_t fence,
                                   const struct timespec *deadline)
{
    while (renderer->reached_fence < fence) {
        if (!deadline)
            pthread_cond_wait(&renderer->news, &renderer->mutex);
        else if (pthread_cond_timedwait(&renderer->news, &renderer->mutex, deadline) != 0)
            return renderer->reached_fence < fence ? VCMD_STATUS_TIMEOUT : VCMD_STATUS_OK;
    }
    return VCMD_STATUS_OK;
}

enum vcmd_status renderer_wait_fence(struct renderer *renderer, uint64_t fence, uint64_t timeout_ns)
{
    uint64_t now = now_ns();
    /* Longer than 2^63 ns is for ever; the sum below cannot wrap around then. */
    bool forever = timeout_ns > INT64_MAX - now;
    struct timespec deadline = to_timespec(forever ? 0 : now + timeout_ns);
    enum vcmd_status status;

    pthread_mutex_lock(&renderer->mutex);
    if (fence > renderer->made_fence)
        status = VCMD_STATUS_OUT_OF_RANGE;
    else if (timeout_ns == 0)
        status = renderer->reached_fence < fence ? VCMD_STATUS_TIMEOUT : VCMD_STATUS_OK;
    else
        status = wait_until(renderer, fence, forever ? NULL : &deadline);
    pthread_mutex_unlock(&renderer->mutex);
    return status;
}

/* ---- the thread ---- */

/* virglrenderer keeps the pointer. */
static struct virgl_renderer_callbacks callbacks = {
    .version = 1,
    .write_fence = on_fence,
};

static enum vcmd_status start_virglrenderer(struct renderer *renderer)
{
    int flags = VIRGL_RENDERER_USE_EGL | VIRGL_RENDERER_USE_SURFACELESS;
    enum vcmd_status status;
    int result;

    if (!renderer_log_install(&renderer->log)) {
        vcmd_log(&renderer->log, VCMD_LOG_ERROR, VCMD_STATUS_NO_MEMORY, "loopback: no memory");
        return VCMD_STATUS_NO_MEMORY;
    }
    if (renderer->gles)
        flags |= VIRGL_RENDERER_USE_GLES;
    result = virgl_renderer_init(renderer, flags, &callbacks);
    if (result == 0) {
        renderer_log_flush(VCMD_LOG_INFO, VCMD_STATUS_OK);
        return VCMD_STATUS_OK;
    }
    status = result == -EBUSY ? VCMD_STATUS_BUSY : VCMD_STATUS_NO_DEVICE;
    renderer_log_flush(VCMD_LOG_ERROR, status);
    renderer_log_uninstall();
    vcmd_log(
        &renderer->log, VCMD_LOG_ERROR, status,
        status == VCMD_STATUS_BUSY
            ? "loopback: this process uses virglrenderer already, without the loopback (%d)"
            : "loopback: virgl_renderer_init gave %d: OpenGL through EGL without a surface does "
              "not work on this machine",
        result);
    return status;
}

static void stop_virglrenderer(struct renderer *renderer)
{
    virgl_renderer_cleanup(renderer);
    renderer_log_flush(VCMD_LOG_WARNING, VCMD_STATUS_OK);
    renderer_log_uninstall();
}

/* When to look at the fences again. All 0: at once. */
struct looks {
    uint64_t since; /* the first look that found nothing new */
    uint64_t next;
};

/* Looks at the fences, without the mutex. */
static void poll_fences(struct renderer *renderer, struct looks *looks)
{
    uint64_t reached = renderer->reached_fence;
    uint64_t now, nap;

    pthread_mutex_unlock(&renderer->mutex);
    virgl_renderer_poll();
    pthread_mutex_lock(&renderer->mutex);
    now = now_ns();
    if (looks->since == 0 || renderer->reached_fence > reached)
        looks->since = now;
    nap = (now - looks->since) / NAP_PART;
    if (nap < SHORTEST_NAP_NS)
        nap = SHORTEST_NAP_NS;
    looks->next = now + (nap < LONGEST_NAP_NS ? nap : LONGEST_NAP_NS);
}

/*
 * Waits for a job; NULL: stop. virglrenderer notices a reached fence only when it is asked, so
 * while one is pending this sleeps in short naps, which grow. Needs the mutex.
 */
static struct job *next_job(struct renderer *renderer)
{
    struct looks looks = {0, 0};

    for (;;) {
        bool pending = renderer->made_fence > renderer->reached_fence;

        if (renderer->first) {
            struct job *job = renderer->first;

            renderer->first = job->next;
            if (!renderer->first)
                renderer->last = &renderer->first;
            return job;
        }
        if (renderer->stop)
            return NULL;
        if (!pending) {
            pthread_cond_wait(&renderer->work, &renderer->mutex);
        } else if (now_ns() >= looks.next) {
            poll_fences(renderer, &looks);
        } else {
            struct timespec wake = to_timespec(looks.next);

            pthread_cond_timedwait(&renderer->work, &renderer->mutex, &wake);
        }
    }
}

/* Needs the mutex. */
static void run_jobs(struct renderer *renderer)
{
    struct looks looks = {0, 0};
    struct job *job;

    while ((job = next_job(renderer)) != NULL) {
        pthread_mutex_unlock(&renderer->mutex);
        job->fn(job->arg);
        pthread_mutex_lock(&renderer->mutex);
        job->done = true;
        pthread_cond_signal(&job->finished);
        /* Without this, threads that keep the queue full would starve one that waits. */
        if (renderer->first && renderer->made_fence > renderer->reached_fence &&
            now_ns() >= looks.next)
            poll_fences(renderer, &looks);
    }
}

/* Linux lets a thread sleep 50 us longer than it asked for, many times a nap, unless it objects. */
static void wake_on_time(void)
{
#ifdef __linux__
    prctl(PR_SET_TIMERSLACK, 1000ul, 0ul, 0ul, 0ul);
#endif
}

static void *renderer_main(void *arg)
{
    struct renderer *renderer = arg;
    enum vcmd_status status = start_virglrenderer(renderer);

    pthread_mutex_lock(&renderer->mutex);
    renderer->start_status = status;
    renderer->started = true;
    pthread_cond_broadcast(&renderer->news);
    if (status == VCMD_STATUS_OK) {
        wake_on_time();
        run_jobs(renderer);
    }
    pthread_mutex_unlock(&renderer->mutex);
    if (status == VCMD_STATUS_OK)
        stop_virglrenderer(renderer);
    return NULL;
}

void renderer_run(struct renderer *renderer, void (*fn)(void *arg), void *arg)
{
    struct job job = {.fn = fn, .arg = arg, .finished = PTHREAD_COND_INITIALIZER};

    pthread_mutex_lock(&renderer->mutex);
    *renderer->last = &job;
    renderer->last = &job.next;
    pthread_cond_signal(&renderer->work);
    while (!job.done)
        pthread_cond_wait(&job.finished, &renderer->mutex);
    pthread_mutex_unlock(&renderer->mutex);
    pthread_cond_destroy(&job.finished);
}

/* ---- life ---- */

static bool init_conds(struct renderer *renderer)
{
    pthread_condattr_t attr;
    bool ok = false;

    if (pthread_condattr_init(&attr) != 0)
        return false;
    /* Deadlines must not jump when somebody sets the clock. */
    if (pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) == 0 &&
        pthread_cond_init(&renderer->work, &attr) == 0) {
        ok = pthread_cond_init(&renderer->news, &attr) == 0;
        if (!ok)
            pthread_cond_destroy(&renderer->work);
    }
    pthread_condattr_destroy(&attr);
    return ok;
}

static struct renderer *alloc_renderer(const struct vcmd_log *log, bool gles)
{
    struct renderer *renderer = calloc(1, sizeof(*renderer));

    if (!renderer)
        return NULL;
    renderer->log = *log;
    renderer->gles = gles;
    renderer->last = &renderer->first;
    if (pthread_mutex_init(&renderer->mutex, NULL) != 0) {
        free(renderer);
        return NULL;
    }
    if (!init_conds(renderer)) {
        pthread_mutex_destroy(&renderer->mutex);
        free(renderer);
        return NULL;
    }
    return renderer;
}

static void free_renderer(struct renderer *renderer)
{
    pthread_cond_destroy(&renderer->news);
    pthread_cond_destroy(&renderer->work);
    pthread_mutex_destroy(&renderer->mutex);
    free(renderer);
}

/* Signals of the process are for its own threads: ours, and those of its OpenGL, take none. */
static bool start_thread(struct renderer *renderer)
{
    sigset_t all, before;
    int result;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    result = pthread_create(&renderer->thread, NULL, renderer_main, renderer);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return result == 0;
}

enum vcmd_status renderer_start(const struct vcmd_log *log, bool gles, struct renderer **renderer)
{
    struct renderer *started = alloc_renderer(log, gles);
    enum vcmd_status status;

    if (!started || !start_thread(started)) {
        if (started)
            free_renderer(started);
        vcmd_log(log, VCMD_LOG_ERROR, VCMD_STATUS_NO_MEMORY, "loopback: no memory for a thread");
        return VCMD_STATUS_NO_MEMORY;
    }
    pthread_mutex_lock(&started->mutex);
    while (!started->started)
        pthread_cond_wait(&started->news, &started->mutex);
    status = started->start_status;
    pthread_mutex_unlock(&started->mutex);
    if (status != VCMD_STATUS_OK) {
        pthread_join(started->thread, NULL);
        free_renderer(started);
        return status;
    }
    *renderer = started;
    return VCMD_STATUS_OK;
}

void renderer_stop(struct renderer *renderer)
{
    pthread_mutex_lock(&renderer->mutex);
    renderer->stop = true;
    pthread_cond_signal(&renderer->work);
    pthread_mutex_unlock(&renderer->mutex);
    pthread_join(renderer->thread, NULL);
    free_renderer(renderer);
}
