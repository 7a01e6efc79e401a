/* SPDX-License-Identifier: MIT */

/*
 * Opening and closing a hundred times in one process, each time with a picture: nothing grows.
 *
 * Mesa leaks 144 bytes each time its driver is loaded: 14400. Of what is allocated no more than 64
 * KiB may be added, so that a leak of 512 bytes a cycle shows. What the process has resident goes
 * up and down by 4 MiB, because allocators cut up memory anew as threads come and go: 16 MiB there
 * are the mark for what is not allocated by malloc, which is to say 160 KiB a cycle; the backing of
 * the picture has 256.
 */
/* sysconf and opendir: not in plain C11 */
#define _DEFAULT_SOURCE

#include "loopback_support.h"

#include <dirent.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define WARM_UP 5
#define CYCLES  100
#define SIDE    256

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* Bytes of memory that the process has in use; 0: the system does not tell. */
static size_t resident_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    char line[256] = "";
    char *rest;

    if (!file)
        return 0;
    if (!fgets(line, sizeof(line), file))
        line[0] = '\0';
    fclose(file);
    (void)strtoul(line, &rest, 10); /* pages of address space; then those that are resident */
    return strtoul(rest, NULL, 10) * (size_t)sysconf(_SC_PAGESIZE);
}

/* Bytes that malloc has given out, in all threads; 0: the C library does not tell. */
static size_t allocated_bytes(void)
{
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
    struct mallinfo2 info = mallinfo2();

    return info.uordblks + info.hblkhd;
#else
    return 0;
#endif
}

static size_t growth(size_t before, size_t after)
{
    return after > before ? after - before : 0;
}

static size_t count_entries(const char *folder)
{
    DIR *dir = opendir(folder);
    size_t count = 0;

    if (!dir)
        return 0;
    while (readdir(dir))
        count++;
    closedir(dir);
    return count;
}

static void cycle(void)
{
    static struct stage stage;
    struct vcmd_resource *target;
    const uint8_t *bytes;

    stage_device = loopback_open();
    stage_begin(&stage);
    target = stage_target(&stage, VCMD_FORMAT_R8G8B8A8_UNORM, SIDE, SIDE);
    stage_draw_to(&stage, 1, target, VCMD_FORMAT_R8G8B8A8_UNORM, 0, 0);
    stage_clear(&stage, 0.2f, 0.4f, 0.6f, 0.8f);
    stage_run(&stage);
    bytes = stage_read(&stage, target);
    assert_int_equal(bytes[0], 51);
    assert_int_equal(bytes[SIDE * SIDE * 4 - 1], 204);
    vcmd_resource_destroy(target);
    stage_end(&stage);
    vcmd_device_close(stage_device);
}

static void hundred_cycles(void **state)
{
    size_t files, threads, resident, allocated;

    (void)state;
    for (int i = 0; i < WARM_UP; i++)
        cycle();
    files = count_entries("/proc/self/fd");
    threads = count_entries("/proc/self/task");
    resident = resident_bytes();
    allocated = allocated_bytes();
    for (int i = 0; i < CYCLES; i++)
        cycle();
    resident = growth(resident, resident_bytes());
    allocated = growth(allocated, allocated_bytes());
    print_message("%d cycles: %zu bytes more are allocated, %zu resident\n", CYCLES, allocated,
                  resident);
    assert_int_equal(count_entries("/proc/self/fd"), files);
    assert_int_equal(count_entries("/proc/self/task"), threads);
    if (SANITIZED) /* sanitizers keep what is freed for a while */
        return;
    assert_true(allocated < (size_t)64 * 1024);
    assert_true(resident < (size_t)16 * 1024 * 1024);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(hundred_cycles)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
