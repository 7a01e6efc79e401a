/* SPDX-License-Identifier: MIT */
/*
 * Gives mutated streams to the checker and to virglrenderer, and compares what they say.
 *
 * For each seed there is a process with a virglrenderer of its own, which plays it packet by
 * packet. At a packet it copies itself for every stream that is to be tried there: the copy plays
 * the mutated rest, and ends.
 */
#define _DEFAULT_SOURCE
#define _XOPEN_SOURCE 700

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "case.h"
#include "heap.h"
#include "plan.h"
#include "report.h"
#include "verdicts.h"

struct options {
    uint64_t streams;
    uint64_t seed;
    unsigned workers;
    const char *accepted;
    const char *out;
    const char *verdicts; /* folder of an earlier run, or NULL */
    char **folders;
    size_t folder_count;
};

struct run {
    const struct options *options;
    struct parity_seed *seeds;
    struct parity_pool pool;
    struct parity_plan plan;
    pid_t *children; /* one for each seed */
};

/* ---- a seed ---- */

struct worker {
    const struct run *run;
    struct parity_pool pool;
    struct parity_world world;
    struct parity_case *shared;
    struct parity_log log;
    struct parity_verdicts verdicts;
};

static uint64_t case_number(const struct worker *worker, uint64_t packet, uint32_t number)
{
    struct parity_random random = {.state = worker->run->options->seed};

    random.state ^= parity_next(&random) + packet * 0x10001 + number;
    return parity_next(&random);
}

/*
 * Where the streams of a packet end. Programs destroy their sub-context at last, which takes longer
 * than all the rest and what the end of a copy does anyway: only its own streams have that packet.
 */
static size_t tail_end(const struct parity_seed *seed, size_t at)
{
    size_t last = at;

    for (size_t next = at; next < seed->length;) {
        last = next;
        next += parity_packet_length(seed->dwords + next, seed->length - next);
    }
    return last > at && (seed->dwords[last] & 0xff) == VCMD_CCMD_DESTROY_SUB_CTX ? last
                                                                                 : seed->length;
}

/* Has a stream played and checked, or checked only if the host has said before what it thinks. */
static bool try_case(struct worker *worker, const struct parity_place *place, uint64_t number)
{
    if (worker->run->options->verdicts) {
        parity_case_judge(worker->shared, place, number);
        return parity_verdicts_read(&worker->verdicts, worker->shared);
    }
    if (!parity_case_run(worker->shared, place, number))
        return false;
    parity_verdicts_write(&worker->verdicts, worker->shared);
    return true;
}

/* All streams that begin at one packet of a seed. */
static bool try_packet(struct worker *worker, const struct parity_seed *seed, size_t at,
                       uint64_t number)
{
    struct parity_place place = {
        .pool = &worker->pool,
        .world = &worker->world,
        .tail = seed->dwords + at,
        .length = tail_end(seed, at) - at,
    };
    uint32_t count = parity_plan_at(&worker->run->plan, place.tail, number);

    for (uint32_t i = 0; i < count; i++) {
        if (!try_case(worker, &place, case_number(worker, number, i)))
            return false;
        parity_log_case(&worker->log, seed, at, worker->shared);
    }
    return true;
}

/* Host and checker move on by one packet of the seed, which both must take. */
static bool pass_packet(struct worker *worker, const struct parity_seed *seed, size_t at,
                        size_t length)
{
    struct parity_result host;
    struct parity_judgement check;

    parity_pool_see(&worker->pool, seed->dwords + at, length);
    parity_world_see(&worker->world, seed->dwords + at, length);
    parity_judge(seed->dwords + at, length, &check);
    parity_host_play(seed->dwords + at, length, NULL, &host);
    if (host.verdict == PARITY_ACCEPTED && check.verdict == PARITY_ACCEPTED)
        return true;
    parity_log_seed(&worker->log, seed, at, &host, &check);
    return host.verdict == PARITY_ACCEPTED;
}

static bool try_seed(struct worker *worker, const struct parity_seed *seed, uint64_t number)
{
    bool ok = true;

    parity_world_begin(&worker->world, seed->resources, seed->resource_count);
    parity_pool_begin(&worker->pool, seed);
    if (!parity_judge_begin(seed) || !parity_host_begin(seed))
        return false;
    for (size_t at = 0; ok && at < seed->length; number++) {
        size_t length = parity_packet_length(seed->dwords + at, seed->length - at);

        ok = try_packet(worker, seed, at, number);
        if (!ok || !pass_packet(worker, seed, at, length))
            break;
        at += length;
    }
    parity_judge_end();
    parity_host_end();
    return ok;
}

/*
 * A process of its own for each seed: whatever virglrenderer keeps of a seed is gone with it.
 * number is that of its first packet among those of all seeds.
 */
static int run_seed(const struct run *run, size_t index, uint64_t number)
{
    struct worker worker = {.run = run, .pool = run->pool};
    const char *earlier = run->options->verdicts;
    int log;
    bool ok;

    worker.shared = parity_case_new();
    if (!worker.shared || !parity_heap_open() ||
        !parity_verdicts_open(&worker.verdicts, earlier ? earlier : run->options->out, index,
                              earlier ? "r" : "w") ||
        !parity_log_open(&worker.log, run->options->out, index))
        return 2;
    /* virglrenderer writes shaders that it refuses to stderr, whatever it is told. */
    log = parity_log_stderr(&worker.log);
    ok = log >= 0 && parity_host_open() && try_seed(&worker, &run->seeds[index], number);
    ok = parity_verdicts_close(&worker.verdicts) && ok;
    return parity_log_close(&worker.log) && ok ? 0 : 3;
}

static uint64_t count_packets(const struct parity_seed *seed)
{
    struct parity_plan plan = {0};

    parity_plan_add(&plan, seed);
    return plan.packets;
}

/* Waits for any seed to end. */
static bool end_one(const struct run *run)
{
    int status = 0;
    pid_t child = wait(&status);

    if (child > 0 && status == 0)
        return true;
    for (size_t i = 0; child > 0 && i < run->options->folder_count; i++)
        if (run->children[i] == child)
            fprintf(stderr, "parity: %s has failed, status %d: see %s/%zu.stderr\n",
                    run->seeds[i].name, status, run->options->out, i);
    return false;
}

static bool run_seeds(const struct run *run)
{
    const struct options *options = run->options;
    uint64_t number = 0;
    size_t running = 0;
    bool ok = true;

    fflush(NULL);
    for (size_t i = 0; i < options->folder_count; i++) {
        if (running == options->workers) {
            ok = end_one(run) && ok;
            running--;
        }
        run->children[i] = fork();
        if (run->children[i] == 0)
            _exit(run_seed(run, i, number));
        running += run->children[i] > 0 ? 1 : 0;
        ok = ok && run->children[i] > 0;
        number += count_packets(&run->seeds[i]);
    }
    while (running-- > 0)
        ok = end_one(run) && ok;
    return ok;
}

/* ---- options ---- */

static void usage(void)
{
    fprintf(stderr,
            "use: parity [--streams N] [--seed N] [--workers N] [--accepted FILE]\n"
            "            [--verdicts FOLDER] --out FOLDER SEED...\n"
            "  --streams N     about so many streams [100000]\n"
            "  --seed N        another number makes other streams [1]\n"
            "  --workers N     seeds that are in work side by side [processors]\n"
            "  --accepted FILE differences that are known, with their reasons\n"
            "  --verdicts FOLDER the host's, of an earlier run with the same streams; only the\n"
            "                  checker runs\n"
            "  --out FOLDER    what differs, and what crashes the host, goes there\n");
}

static bool read_option(struct options *options, const char *name, const char *value)
{
    unsigned long long number = strtoull(value, NULL, 10);

    if (strcmp(name, "--streams") == 0)
        options->streams = number;
    else if (strcmp(name, "--seed") == 0)
        options->seed = number;
    else if (strcmp(name, "--workers") == 0)
        options->workers = (unsigned)number;
    else if (strcmp(name, "--accepted") == 0)
        options->accepted = value;
    else if (strcmp(name, "--out") == 0)
        options->out = value;
    else if (strcmp(name, "--verdicts") == 0)
        options->verdicts = value;
    else
        return false;
    return true;
}

static bool read_options(struct options *options, int argc, char **argv)
{
    int i = 1;

    options->streams = 100000;
    options->seed = 1;
    options->workers = (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
    for (; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2)
        if (!read_option(options, argv[i], argv[i + 1]))
            return false;
    options->folders = argv + i;
    options->folder_count = (size_t)(argc - i);
    return i < argc && options->out && options->workers >= 1;
}

/* Streams of an earlier run; what else is there is somebody's, or written anew. */
static int remove_file(const char *path, const struct stat *status, int type, struct FTW *place)
{
    const char *dot = strrchr(path, '.');

    (void)status;
    return type == FTW_F && place->level == 2 && dot && strcmp(dot, ".dwords") == 0 ? remove(path)
                                                                                    : 0;
}

/* Makes the folder, without what an earlier run has found. */
static bool make_folder(const char *path)
{
    if (mkdir(path, 0777) == 0)
        return true;
    if (errno == EEXIST && nftw(path, remove_file, 16, FTW_PHYS) == 0)
        return true;
    perror(path);
    return false;
}

static bool prepare(struct run *run)
{
    const struct options *options = run->options;

    run->plan.total = options->streams;
    run->seeds = calloc(options->folder_count, sizeof(*run->seeds));
    run->children = calloc(options->folder_count, sizeof(*run->children));
    if (!run->seeds || !run->children || !parity_pool_fill(&run->pool))
        return false;
    for (size_t i = 0; i < options->folder_count; i++) {
        if (!parity_seed_load(&run->seeds[i], options->folders[i]))
            return false;
        parity_plan_add(&run->plan, &run->seeds[i]);
        if (!parity_pool_learn(&run->pool, &run->seeds[i]))
            return false;
    }
    return true;
}

static void clean_up(struct run *run)
{
    for (size_t i = 0; run->seeds && i < run->options->folder_count; i++)
        parity_seed_free(&run->seeds[i]);
    free(run->seeds);
    free(run->children);
    parity_pool_free(&run->pool);
}

int main(int argc, char **argv)
{
    struct options options = {0};
    struct run run = {.options = &options};
    int result = 2;

    if (!read_options(&options, argc, argv)) {
        usage();
        return 2;
    }
    if (make_folder(options.out) && prepare(&run) && run_seeds(&run))
        result = parity_report(options.out, options.folder_count, options.accepted);
    clean_up(&run);
    return result;
}
