/* SPDX-License-Identifier: MIT */

/*
 * What checking costs, in GB/s: sizes, ranges and enumerations of each packet by itself, and with a
 * model of the context. The streams are the pieces of bench_encode, all in turns, and files of bare
 * dwords (any number: they are checked one after the other).
 *
 *     bench_check [SECONDS [FILE...]]
 */
#include "bench.h"
#include "work.h"
#include <stdio.h>
#include <stdlib.h>

#define CAPACITY ((size_t)1 << 22) /* dwords */

struct stream {
    uint32_t *dwords;
    size_t length;
    void *memory; /* of the checker */
    struct vcmd_checker *checker;
    size_t packets;
};

static void run_alone(void *user, size_t count)
{
    struct stream *s = (struct stream *)user;
    struct vcmd_check_result result = {0};

    for (size_t i = 0; i < count; i++)
        (void)vcmd_check_stream(s->dwords, s->length, NULL, &result);
    s->packets = result.packets;
}

static void run_model(void *user, size_t count)
{
    struct stream *s = (struct stream *)user;
    struct vcmd_check_result result;

    for (size_t i = 0; i < count; i++) {
        vcmd_checker_context_create(s->checker, 1);
        (void)vcmd_checker_submit(s->checker, 1, s->dwords, s->length, &result);
        vcmd_checker_context_destroy(s->checker, 1);
    }
}

static void fill(struct stream *s, size_t first, size_t last)
{
    struct vcmd_buffer buf;
    uint32_t n = 0;

    vcmd_buffer_init(&buf, s->dwords, 1 << 16, 0);
    while (vcmd_buffer_space(&buf) > 4096) {
        for (size_t i = first; i < last; i++)
            works[i].plain(&buf, &work_args[n % 2]);
        n++;
    }
    s->length = buf.length;
}

static void read_files(struct stream *s, char **files, int count)
{
    s->length = 0;
    for (int i = 0; i < count; i++) {
        FILE *file = fopen(files[i], "rb");

        if (!file) {
            (void)fprintf(stderr, "bench_check: cannot read %s\n", files[i]);
            exit(2);
        }
        s->length += fread(s->dwords + s->length, 4, CAPACITY - s->length, file);
        (void)fclose(file);
    }
}

static void measure(const char *name, struct stream *s, double seconds)
{
    struct bench_entry entries[] = {{"alone", run_alone, s, 0}, {"model", run_model, s, 0}};
    double bytes = 4.0 * (double)s->length;

    bench_compare(entries, 2, seconds);
    printf("%-28s %9.3f %9.3f %9.0f %12.1f\n", name, bytes / entries[0].best,
           bytes / entries[1].best, bytes / (double)s->packets,
           entries[0].best / (double)s->packets);
}

static bool start_checker(struct stream *s)
{
    struct vcmd_checker_desc desc = {0};
    size_t size = vcmd_checker_size(&desc.limits);
    void *memory = malloc(size);

    if (!memory)
        return false;
    printf("a checker with the limits that are the default takes %zu bytes\n", size);
    s->memory = memory;
    return vcmd_checker_init(memory, size, &desc, &s->checker) == VCMD_STATUS_OK;
}

int main(int argc, char **argv)
{
    double seconds = argc > 1 ? bench_number(argv[1]) : 1;
    struct stream s = {.dwords = (uint32_t *)malloc(CAPACITY * 4)};

    if (seconds == 0 || !s.dwords || !start_checker(&s)) {
        (void)fprintf(stderr, "usage: bench_check [SECONDS [FILE...]]\n");
        free(s.memory);
        free(s.dwords);
        return 2;
    }
    printf("%-28s %9s %9s %9s %12s\n", "GB/s", "alone", "model", "B/packet", "ns/packet");
    for (size_t i = 0; i < num_works; i++) {
        fill(&s, i, i + 1);
        measure(works[i].name, &s, seconds);
    }
    fill(&s, 0, num_works);
    measure("all in turns", &s, seconds);
    if (argc > 2) {
        read_files(&s, argv + 2, argc - 2);
        measure("the files", &s, seconds);
    }
    free(s.memory);
    free(s.dwords);
    return 0;
}
