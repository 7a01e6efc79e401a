/* SPDX-License-Identifier: MIT */
/*
 * The memory of a copy of the process. OpenGL allocates and frees much, in small pieces that lie
 * all over the heap, and in a copy the first write to each page costs a fault and a copy of the
 * page: half the time of a stream. A copy lives for milliseconds, so here it takes what it needs
 * from fresh memory in large pages and gives nothing back.
 *
 * The program exports these functions, and libraries use them, as with getpid() of host_pid.c.
 */
#define _GNU_SOURCE

#include <errno.h>
#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "heap.h"

#ifdef PARITY_PLAIN_HEAP

/* Sanitizers have a malloc() of their own, which must see everything. */
bool parity_heap_open(void)
{
    return true;
}

void parity_heap_copy(void)
{
}

#else

/* Addresses only: a stream that wants more than that gets it from the common heap. */
#define REGION ((size_t)2 << 30)

#define ALIGNMENT 16u

static struct {
    char *start, *end;
    char *next; /* NULL: this process is no copy */
} heap;

/* What glibc calls its own functions; it has no other name for a program that replaces them. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *memory);

bool parity_heap_open(void)
{
    void *memory = mmap(NULL, REGION, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (memory == MAP_FAILED)
        return false;
    madvise(memory, REGION, MADV_HUGEPAGE); /* where there are none, small ones will do */
    heap.start = memory;
    heap.end = heap.start + REGION;
    return true;
}

void parity_heap_copy(void)
{
    heap.next = heap.start;
}

/* The size stands in front of each piece. NULL: this process is not a copy, or all is used up. */
static void *take(size_t alignment, size_t size)
{
    uintptr_t at;

    if (!heap.next || size > REGION)
        return NULL;
    at = ((uintptr_t)heap.next + sizeof(size_t) + alignment - 1) & ~(uintptr_t)(alignment - 1);
    if (at + size > (uintptr_t)heap.end)
        return NULL;
    heap.next = (char *)at + size;
    ((size_t *)at)[-1] = size;
    return (void *)at;
}

static size_t size_of(void *memory)
{
    if ((char *)memory >= heap.start && (char *)memory < heap.end)
        return ((size_t *)memory)[-1];
    return malloc_usable_size(memory);
}

/* The names of glibc's parameters are reserved. NOLINTBEGIN(readability-inconsistent-*) */
void *malloc(size_t size)
{
    void *memory = take(ALIGNMENT, size);

    return memory ? memory : __libc_malloc(size);
}

void free(void *memory)
{
    if (!heap.next)
        __libc_free(memory);
}

void *calloc(size_t count, size_t size)
{
    bool fits = size == 0 || count <= REGION / size;
    void *memory = fits ? take(ALIGNMENT, count * size) : NULL; /* nobody has written there */

    return memory ? memory : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    void *moved;
    size_t old;

    if (!heap.next)
        return __libc_realloc(memory, size);
    old = memory ? size_of(memory) : 0;
    if (memory && size <= old)
        return memory;
    moved = malloc(size);
    if (moved && memory)
        memcpy(moved, memory, old);
    return moved;
}

void *memalign(size_t alignment, size_t size)
{
    void *memory = take(alignment < ALIGNMENT ? ALIGNMENT : alignment, size);

    return memory ? memory : __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
    void *made = memalign(alignment, size);

    if (!made)
        return ENOMEM;
    *memory = made;
    return 0;
}
/* NOLINTEND(readability-inconsistent-*) */

#endif
