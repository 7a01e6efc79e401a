/* SPDX-License-Identifier: MIT */
/*
 * libglvnd forgets the current OpenGL context in a process that has been forked; it tells by
 * getpid(). A copy of this process with nothing but this thread may go on with the context, so here
 * the number of the process never changes: the program exports this function, and libraries use it.
 */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "host.h"

bool parity_host_pid(void)
{
    return dlsym(RTLD_DEFAULT, "getpid") == (void *)getpid;
}

pid_t getpid(void)
{
    static pid_t first;

    if (first == 0)
        first = (pid_t)syscall(SYS_getpid);
    return first;
}
