/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "case.h"

/* The host takes milliseconds for a stream; longer than this is a hang. */
#define SECONDS 20

struct parity_case *parity_case_new(void)
{
    void *memory = mmap(NULL, sizeof(struct parity_case), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    return memory == MAP_FAILED ? NULL : memory;
}

static void run_here(struct parity_case *shared, const struct parity_pool *pool,
                     const uint32_t *tail, size_t length, uint64_t random)
{
    struct parity_random source = {.state = random};
    struct rlimit no_core = {0, 0};

    alarm(SECONDS);
    setrlimit(RLIMIT_CORE, &no_core);
    parity_mutate(&shared->stream, pool, tail, length, &source);
    shared->stage = PARITY_CHECKING;
    parity_judge(shared->stream.dwords, shared->stream.length, &shared->check);
    shared->stage = PARITY_PLAYING;
    /* What it says about earlier streams would only fill the disk. */
    if (ftruncate(STDERR_FILENO, 0) != 0)
        errno = 0;
    parity_host_play(shared->stream.dwords, shared->stream.length, &shared->progress,
                     &shared->host);
    shared->stage = PARITY_DONE;
}

/* It died while it played: that is the host's verdict. */
static bool tell_death(struct parity_case *shared, int status)
{
    struct parity_result *host = &shared->host;

    if (shared->stage != PARITY_PLAYING) {
        fprintf(stderr, "the %s has died, status %d\n",
                shared->stage == PARITY_MAKING ? "mutation" : "checker", status);
        return false;
    }
    memset(host, 0, sizeof(*host));
    host->verdict =
        WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM ? PARITY_HUNG : PARITY_CRASHED;
    host->packet = shared->progress;
    snprintf(host->reason, sizeof(host->reason), "%s",
             WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "it called exit");
    return true;
}

bool parity_case_run(struct parity_case *shared, const struct parity_pool *pool,
                     const uint32_t *tail, size_t length, uint64_t random)
{
    pid_t child;
    int status = 0;

    shared->stage = PARITY_MAKING;
    shared->progress = 0;
    child = fork();
    if (child == 0) {
        run_here(shared, pool, tail, length, random);
        _exit(0);
    }
    if (child < 0 || waitpid(child, &status, 0) != child) {
        perror("no process for a stream");
        return false;
    }
    return shared->stage == PARITY_DONE || tell_death(shared, status);
}
