/* SPDX-License-Identifier: MIT */
#ifndef VCMD_LOCK_H
#define VCMD_LOCK_H

/*
 * The two primitives that the device layer and captures need, on POSIX threads or on Windows. A
 * header alone: whoever uses it links the threads himself.
 */

#include <stdbool.h>

#ifdef _WIN32

#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>

struct vcmd_mutex {
    SRWLOCK lock;
};

struct vcmd_cond {
    CONDITION_VARIABLE cond;
};

static inline bool vcmd_mutex_init(struct vcmd_mutex *mutex)
{
    InitializeSRWLock(&mutex->lock);
    return true;
}

static inline void vcmd_mutex_destroy(struct vcmd_mutex *mutex)
{
    (void)mutex;
}

static inline void vcmd_mutex_lock(struct vcmd_mutex *mutex)
{
    AcquireSRWLockExclusive(&mutex->lock);
}

static inline void vcmd_mutex_unlock(struct vcmd_mutex *mutex)
{
    ReleaseSRWLockExclusive(&mutex->lock);
}

static inline bool vcmd_cond_init(struct vcmd_cond *cond)
{
    InitializeConditionVariable(&cond->cond);
    return true;
}

static inline void vcmd_cond_destroy(struct vcmd_cond *cond)
{
    (void)cond;
}

static inline void vcmd_cond_wait(struct vcmd_cond *cond, struct vcmd_mutex *mutex)
{
    SleepConditionVariableSRW(&cond->cond, &mutex->lock, INFINITE, 0);
}

static inline void vcmd_cond_broadcast(struct vcmd_cond *cond)
{
    WakeAllConditionVariable(&cond->cond);
}

#else

#include <pthread.h>

struct vcmd_mutex {
    pthread_mutex_t lock;
};

struct vcmd_cond {
    pthread_cond_t cond;
};

static inline bool vcmd_mutex_init(struct vcmd_mutex *mutex)
{
    return pthread_mutex_init(&mutex->lock, NULL) == 0;
}

static inline void vcmd_mutex_destroy(struct vcmd_mutex *mutex)
{
    pthread_mutex_destroy(&mutex->lock);
}

static inline void vcmd_mutex_lock(struct vcmd_mutex *mutex)
{
    pthread_mutex_lock(&mutex->lock);
}

static inline void vcmd_mutex_unlock(struct vcmd_mutex *mutex)
{
    pthread_mutex_unlock(&mutex->lock);
}

static inline bool vcmd_cond_init(struct vcmd_cond *cond)
{
    return pthread_cond_init(&cond->cond, NULL) == 0;
}

static inline void vcmd_cond_destroy(struct vcmd_cond *cond)
{
    pthread_cond_destroy(&cond->cond);
}

static inline void vcmd_cond_wait(struct vcmd_cond *cond, struct vcmd_mutex *mutex)
{
    pthread_cond_wait(&cond->cond, &mutex->lock);
}

static inline void vcmd_cond_broadcast(struct vcmd_cond *cond)
{
    pthread_cond_broadcast(&cond->cond);
}

#endif

#endif
