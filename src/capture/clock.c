/* SPDX-License-Identifier: MIT */
/* clock_gettime: not in plain C11 */
#define _POSIX_C_SOURCE 200809L

#include "clock.h"

#define NANOSECONDS UINT64_C(1000000000)

#ifdef _WIN32

#define WIN32_LEAN_AND_MEAN
#include <windows.h>

/* 100 ns from 1601, when Windows begins to count, to 1970. */
#define EPOCH_DIFFERENCE UINT64_C(116444736000000000)

uint64_t capture_clock_now(void)
{
    LARGE_INTEGER frequency, ticks;
    uint64_t hertz, count;

    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&ticks);
    hertz = (uint64_t)frequency.QuadPart;
    count = (uint64_t)ticks.QuadPart;
    return count / hertz * NANOSECONDS + count % hertz * NANOSECONDS / hertz;
}

uint64_t capture_clock_unix(void)
{
    FILETIME time;

    GetSystemTimeAsFileTime(&time);
    return (((uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime) - EPOCH_DIFFERENCE) * 100;
}

#else

#include <time.h>

static uint64_t read_clock(clockid_t clock)
{
    struct timespec time;

    if (clock_gettime(clock, &time) != 0 || time.tv_sec < 0)
        return 0;
    return (uint64_t)time.tv_sec * NANOSECONDS + (uint64_t)time.tv_nsec;
}

uint64_t capture_clock_now(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

uint64_t capture_clock_unix(void)
{
    return read_clock(CLOCK_REALTIME);
}

#endif
