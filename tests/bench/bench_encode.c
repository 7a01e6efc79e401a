/* SPDX-License-Identifier: MIT */

/*
 * What encoding costs, beside memcpy of the same bytes and beside a writer of the usual shape.
 *
 *     bench_encode [SECONDS]            a table; SECONDS for each row, 1 by default
 *     bench_encode --list               the rows, one a line, with a tab and the ways they have
 *     bench_encode --count ROW WAY N    one way N times and nothing else, for callgrind
 */
#include "bench.h"
#include "counter_writer.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Half a page over a number of pages: else the copies below would get in each other's way. */
#define CAPACITY (4096 + 512)

static _Alignas(64) uint32_t memory[CAPACITY];
static _Alignas(64) uint32_t finished[2][CAPACITY]; /* to copy from */

struct job {
    const struct work *work;
    struct vcmd_buffer buf;
    size_t dwords;
};

static void run_plain(void *user, size_t count)
{
    struct job *job = user;

    for (size_t i = 0; i < count; i++) {
        job->buf.length = 0;
        job->work->plain(&job->buf, &work_args[i & 1]);
        bench_keep(memory);
    }
}

static void run_inline(void *user, size_t count)
{
    struct job *job = user;

    for (size_t i = 0; i < count; i++) {
        job->buf.length = 0;
        job->work->inlined(&job->buf, &work_args[i & 1]);
        bench_keep(memory);
    }
}

static void run_counter(void *user, size_t count)
{
    struct job *job = user;
    struct counter_buffer cbuf = {0, memory};
    struct counter_writer w = {&cbuf, CAPACITY};

    for (size_t i = 0; i < count; i++) {
        cbuf.cdw = 0;
        job->work->counter(&w, &work_args[i & 1]);
        bench_keep(memory);
    }
}

static void run_memcpy(void *user, size_t count)
{
    struct job *job = user;

    for (size_t i = 0; i < count; i++) {
        memcpy(memory, finished[i & 1], job->dwords * sizeof(uint32_t));
        bench_keep(memory);
    }
}

/* Whether memory has the dwords that are finished, and no way wrote more or less. */
static int is_same(const struct job *job, int set, size_t dwords)
{
    return dwords == job->dwords &&
           memcmp(memory, finished[set], job->dwords * sizeof(uint32_t)) == 0;
}

/* All ways must write the same, or the comparison says nothing. */
static int prepare_set(struct job *job, int set)
{
    struct counter_buffer cbuf = {0, memory};
    struct counter_writer w = {&cbuf, CAPACITY};

    vcmd_buffer_init(&job->buf, memory, CAPACITY, 0);
    job->work->plain(&job->buf, &work_args[set]);
    job->dwords = job->buf.length;
    memcpy(finished[set], memory, job->dwords * sizeof(uint32_t));
    memset(memory, 0, sizeof(memory));
    job->work->counter(&w, &work_args[set]);
    if (job->buf.error.status != VCMD_STATUS_OK || !is_same(job, set, cbuf.cdw))
        return 0;
    if (job->work->inlined == NULL)
        return 1;
    memset(memory, 0, sizeof(memory));
    job->buf.length = 0;
    job->work->inlined(&job->buf, &work_args[set]);
    return is_same(job, set, job->buf.length);
}

static int prepare(struct job *job)
{
    return prepare_set(job, 0) && prepare_set(job, 1);
}

static void print_row(const struct work *work, double seconds)
{
    struct job job = {.work = work};
    struct bench_entry entries[] = {
        {"memcpy", run_memcpy, &job, 0},
        {"plain", run_plain, &job, 0},
        {"counter", run_counter, &job, 0},
        {"inline", run_inline, &job, 0},
    };
    double copied, plain;

    if (!prepare(&job)) {
        fprintf(stderr, "%s: the ways do not write the same dwords\n", work->name);
        exit(1);
    }
    bench_compare(entries, work->inlined != NULL ? 4 : 3, seconds);
    copied = entries[0].best;
    plain = entries[1].best;
    printf("%-24s %6zu %8.1f %8.1f %6.2f", work->name, job.dwords * 4, copied, plain,
           plain / copied);
    if (work->inlined != NULL)
        printf(" %8.1f %6.2f", entries[3].best, entries[3].best / copied);
    else
        printf(" %8s %6s", "-", "-");
    printf(" %8.1f %6.2f\n", entries[2].best, entries[2].best / plain);
}

static int count_one(const char *row, const char *way, size_t count)
{
    static const struct {
        const char *name;
        bench_fn run;
    } ways[] = {{"plain", run_plain},
                {"inline", run_inline},
                {"counter", run_counter},
                {"memcpy", run_memcpy}};
    size_t i, k;

    for (i = 0; i < num_works; i++) {
        struct job job = {.work = &works[i]};

        if (strcmp(works[i].name, row) != 0)
            continue;
        for (k = 0; k < sizeof(ways) / sizeof(ways[0]); k++) {
            if (strcmp(ways[k].name, way) != 0)
                continue;
            if ((ways[k].run == run_inline && works[i].inlined == NULL) || !prepare(&job))
                return 1;
            ways[k].run(&job, count);
            return 0;
        }
    }
    fprintf(stderr, "bench_encode: no row \"%s\" or no way \"%s\"\n", row, way);
    return 2;
}

static int list(void)
{
    size_t i;

    for (i = 0; i < num_works; i++)
        printf("%s\tmemcpy plain%s counter\n", works[i].name,
               works[i].inlined != NULL ? " inline" : "");
    return 0;
}

int main(int argc, char **argv)
{
    double seconds = 1;
    size_t i;

    if (argc == 2 && strcmp(argv[1], "--list") == 0)
        return list();
    if (argc == 2)
        seconds = bench_number(argv[1]);
    if (argc == 5 && strcmp(argv[1], "--count") == 0)
        return count_one(argv[2], argv[3], strtoul(argv[4], NULL, 10));
    if (argc > 2 || seconds <= 0) {
        fprintf(stderr, "usage: bench_encode [SECONDS] | --list | --count ROW WAY N\n");
        return 2;
    }
    printf("%-24s %6s %8s %8s %6s %8s %6s %8s %6s\n", "ns", "bytes", "memcpy", "encoder", "/copy",
           "inline", "/copy", "counter", "/enc");
    for (i = 0; i < num_works; i++)
        print_row(&works[i], seconds);
    return 0;
}
