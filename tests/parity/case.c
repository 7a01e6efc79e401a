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
#include "heap.h"

/* The host takes milliseconds for a stream; longer than this is a hang. */
#define SECONDS 20

/* One stream in so many runs on the common heap, where freed memory is used again. */
#define COMMON_HEAP 8

/* Of all streams; the others are captured ones with changes. */
#define GENERATED_PERCENT 25

struct parity_case *parity_case_new(void)
{
    void *memory = mmap(NULL, sizeof(struct parity_case), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    return memory == MAP_FAILED ? NULL : memory;
}

/*
 * Generated packets, as they are or changed from one of them on. A packet that the host does not
 * take ends the stream, so long ones would be played in vain.
 */
static void generate(struct parity_case *shared, const struct parity_place *place,
                     struct parity_random *random)
{
    static struct parity_stream valid;
    struct parity_stream *stream = &shared->stream;
    struct parity_world world = *place->world;
    size_t from = 0;
    size_t changed;

    valid.length = parity_generate_stream(&world, random, 2 + parity_below(random, 12),
                                          valid.dwords, PARITY_LONGEST / 2);
    if (parity_chance(random, 50) || valid.length == 0) {
        *stream = valid;
        return;
    }
    shared->source = PARITY_GENERATED_CHANGED;
    changed = parity_below(random, 6);
    while (changed-- > 0 &&
           from + parity_packet_length(valid.dwords + from, valid.length - from) < valid.length)
        from += parity_packet_length(valid.dwords + from, valid.length - from);
    parity_mutate(stream, place->pool, valid.dwords + from, valid.length - from, random);
    if (stream->length > PARITY_LONGEST - from)
        stream->length = PARITY_LONGEST - from;
    memmove(stream->dwords + from, stream->dwords, stream->length * sizeof(uint32_t));
    memcpy(stream->dwords, valid.dwords, from * sizeof(uint32_t));
    stream->length += from;
}

static void make_stream(struct parity_case *shared, const struct parity_place *place,
                        uint64_t number)
{
    struct parity_random random = {.state = number};
    struct parity_random kind = {.state = ~number};

    shared->source = parity_chance(&kind, GENERATED_PERCENT) ? PARITY_GENERATED : PARITY_CAPTURED;
    if (shared->source == PARITY_GENERATED)
        generate(shared, place, &random);
    else
        parity_mutate(&shared->stream, place->pool, place->tail, place->length, &random);
}

static void run_here(struct parity_case *shared, const struct parity_place *place, uint64_t random)
{
    struct rlimit no_core = {0, 0};

    if (random % COMMON_HEAP != 0)
        parity_heap_copy();
    alarm(SECONDS);
    setrlimit(RLIMIT_CORE, &no_core);
    make_stream(shared, place, random);
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

bool parity_case_run(struct parity_case *shared, const struct parity_place *place, uint64_t random)
{
    pid_t child;
    int status = 0;

    shared->stage = PARITY_MAKING;
    shared->progress = 0;
    child = fork();
    if (child == 0) {
        run_here(shared, place, random);
        _exit(0);
    }
    if (child < 0 || waitpid(child, &status, 0) != child) {
        perror("no process for a stream");
        return false;
    }
    return shared->stage == PARITY_DONE || tell_death(shared, status);
}

void parity_case_judge(struct parity_case *shared, const struct parity_place *place,
                       uint64_t random)
{
    make_stream(shared, place, random);
    parity_judge_keep();
    parity_judge(shared->stream.dwords, shared->stream.length, &shared->check);
    parity_judge_return();
}
