/* SPDX-License-Identifier: MIT */
#include "failing_memory.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

/* The linker makes these names. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t number, size_t size);
void *__real_realloc(void *memory, size_t size);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t number, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void __wrap_free(void *memory);

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static size_t left = SIZE_MAX;
static int failed;
static size_t in_use;

/* Whether this one is to fail. */
static int take(void)
{
    int fail = 0;

    pthread_mutex_lock(&mutex);
    if (left == 0) {
        fail = 1;
        failed = 1;
        left = SIZE_MAX;
    } else if (left != SIZE_MAX) {
        left--;
    }
    pthread_mutex_unlock(&mutex);
    return fail;
}

static void *count(void *memory)
{
    pthread_mutex_lock(&mutex);
    in_use += memory != NULL;
    pthread_mutex_unlock(&mutex);
    return memory;
}

void *__wrap_malloc(size_t size)
{
    return take() ? NULL : count(__real_malloc(size));
}

void *__wrap_calloc(size_t number, size_t size)
{
    return take() ? NULL : count(__real_calloc(number, size));
}

void *__wrap_realloc(void *memory, size_t size)
{
    if (take())
        return NULL;
    return memory ? __real_realloc(memory, size) : count(__real_realloc(NULL, size));
}

void __wrap_free(void *memory)
{
    pthread_mutex_lock(&mutex);
    in_use -= memory != NULL;
    pthread_mutex_unlock(&mutex);
    __real_free(memory);
}

void memory_fail_after(size_t n)
{
    pthread_mutex_lock(&mutex);
    left = n;
    failed = 0;
    pthread_mutex_unlock(&mutex);
}

int memory_has_failed(void)
{
    int result;

    pthread_mutex_lock(&mutex);
    result = failed;
    pthread_mutex_unlock(&mutex);
    return result;
}

size_t memory_in_use(void)
{
    size_t result;

    pthread_mutex_lock(&mutex);
    result = in_use;
    pthread_mutex_unlock(&mutex);
    return result;
}
