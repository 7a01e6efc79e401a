/* SPDX-License-Identifier: MIT */

/*
 * What reading a stream costs, in GB/s: the typed decoder, the visitor with a visitor that does
 * nothing, the search for differences, and printing to nowhere. The streams are the pieces of
 * bench_encode, each repeated, then all in turns as in a frame.
 *
 *     bench_decode [SECONDS]
 */
#include "bench.h"
#include "work.h"
#include <stdio.h>
#include <stdlib.h>

#define CAPACITY ((size_t)1 << 16) /* dwords */

struct stream {
    uint32_t *dwords;
    size_t length;
};

static void run_decode(void *user, size_t count)
{
    const struct stream *s = (const struct stream *)user;
    static uint64_t scratch[VCMD_DECODER_SCRATCH / 8];
    struct vcmd_decoder decoder;
    struct vcmd_packet packet;

    for (size_t i = 0; i < count; i++) {
        vcmd_decoder_init(&decoder, s->dwords, s->length, scratch, sizeof(scratch));
        while (vcmd_decoder_more(&decoder)) {
            if (vcmd_decode_next(&decoder, &packet) != VCMD_STATUS_OK)
                abort();
            bench_keep(&packet);
        }
    }
}

static bool look(void *user, const struct vcmd_field *field)
{
    (void)user;
    bench_keep(field);
    return true;
}

static void run_visit(void *user, size_t count)
{
    const struct stream *s = (const struct stream *)user;

    for (size_t i = 0; i < count; i++) {
        for (size_t at = 0; at < s->length; at += 1 + (size_t)(vcmd_le32(s->dwords[at]) >> 16)) {
            if (vcmd_visit_packet(s->dwords + at, s->length - at, look, NULL, NULL) !=
                VCMD_STATUS_OK)
                abort();
        }
    }
}

static bool no_difference(void *user, const struct vcmd_difference *difference)
{
    (void)user;
    (void)difference;
    abort();
}

static void run_differences(void *user, size_t count)
{
    const struct stream *s = (const struct stream *)user;

    for (size_t i = 0; i < count; i++) {
        for (size_t at = 0; at < s->length; at += 1 + (size_t)(vcmd_le32(s->dwords[at]) >> 16))
            (void)vcmd_packet_differences(s->dwords + at, s->length - at, no_difference, NULL,
                                          NULL);
    }
}

static void nowhere(void *user, const char *text, size_t length)
{
    *(size_t *)user += length;
    bench_keep(text);
}

static void run_print(void *user, size_t count)
{
    const struct stream *s = (const struct stream *)user;
    size_t bytes = 0;

    for (size_t i = 0; i < count; i++)
        vcmd_print_stream(s->dwords, s->length, 0, nowhere, &bytes);
    bench_keep(&bytes);
}

/* Fills the stream with one piece of work, or with all of them in turns. */
static void fill(struct stream *s, size_t first, size_t last)
{
    struct vcmd_buffer buf;
    uint32_t n = 0;

    vcmd_buffer_init(&buf, s->dwords, CAPACITY, 0);
    while (vcmd_buffer_space(&buf) > 4096) {
        for (size_t i = first; i < last; i++)
            works[i].plain(&buf, n);
        n++;
    }
    if (buf.error.status != VCMD_STATUS_OK)
        abort();
    s->length = buf.length;
}

static void measure(const char *name, struct stream *s, double seconds)
{
    struct bench_entry entries[] = {
        {"decode", run_decode, s, 0},
        {"visit", run_visit, s, 0},
        {"differences", run_differences, s, 0},
        {"print", run_print, s, 0},
    };
    double bytes = 4.0 * (double)s->length;

    bench_compare(entries, sizeof(entries) / sizeof(entries[0]), seconds);
    printf("%-28s", name);
    for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++)
        printf(" %11.3f", bytes / entries[i].best);
    printf("\n");
}

int main(int argc, char **argv)
{
    double seconds = argc > 1 ? bench_number(argv[1]) : 1;
    struct stream s = {(uint32_t *)malloc(CAPACITY * sizeof(uint32_t)), 0};

    if (seconds == 0 || s.dwords == NULL) {
        (void)fprintf(stderr, "usage: bench_decode [SECONDS]\n");
        free(s.dwords);
        return 2;
    }
    printf("%-28s %11s %11s %11s %11s  GB/s\n", "", "decode", "visit", "differences", "print");
    for (size_t i = 0; i < num_works; i++) {
        fill(&s, i, i + 1);
        measure(works[i].name, &s, seconds);
    }
    fill(&s, 0, num_works);
    measure("all in turns", &s, seconds);
    free(s.dwords);
    return 0;
}
