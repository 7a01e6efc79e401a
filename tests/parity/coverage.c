/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdlib.h>

#include "coverage.h"

void parity_coverage_case(struct parity_coverage *coverage, const struct parity_case *tried)
{
    const struct parity_stream *stream = &tried->stream;
    uint64_t scratch[VCMD_DECODER_SCRATCH / 8];
    struct vcmd_decoder decoder;
    struct vcmd_packet packet;

    if (tried->source == PARITY_CAPTURED)
        return;
    coverage->streams++;
    if (tried->source == PARITY_GENERATED_CHANGED) {
        coverage->changed++;
        return;
    }
    if (tried->host.verdict == PARITY_ACCEPTED)
        coverage->whole++;
    vcmd_decoder_init(&decoder, stream->dwords, stream->length, scratch, sizeof(scratch));
    for (uint32_t i = 0; i <= tried->host.packet && vcmd_decoder_more(&decoder); i++) {
        vcmd_decode_next(&decoder, &packet);
        coverage->played[packet.kind]++;
        if (i < tried->host.packet)
            coverage->accepted[packet.kind]++;
    }
}

void parity_coverage_write(const struct parity_coverage *coverage, FILE *file)
{
    fprintf(file, "+ %d %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", VCMD_PACKET_UNKNOWN,
            coverage->streams, coverage->changed, coverage->whole);
    for (uint32_t kind = 1; kind < VCMD_PACKET_KIND_COUNT; kind++)
        fprintf(file, "+ %" PRIu32 " %" PRIu64 " %" PRIu64 "\n", kind, coverage->played[kind],
                coverage->accepted[kind]);
}

void parity_coverage_read(struct parity_coverage *coverage, char *line)
{
    unsigned long kind = strtoul(line + 1, &line, 10);

    if (kind == VCMD_PACKET_UNKNOWN) {
        coverage->streams += strtoull(line, &line, 10);
        coverage->changed += strtoull(line, &line, 10);
        coverage->whole += strtoull(line, &line, 10);
    } else if (kind < VCMD_PACKET_KIND_COUNT) {
        coverage->played[kind] += strtoull(line, &line, 10);
        coverage->accepted[kind] += strtoull(line, &line, 10);
    }
}

static uint32_t kinds(const uint64_t *packets)
{
    uint32_t count = 0;

    for (uint32_t kind = 1; kind < VCMD_PACKET_KIND_COUNT; kind++)
        count += packets[kind] != 0;
    return count;
}

static uint64_t sum(const uint64_t *packets)
{
    uint64_t all = 0;

    for (uint32_t kind = 1; kind < VCMD_PACKET_KIND_COUNT; kind++)
        all += packets[kind];
    return all;
}

void parity_coverage_print(const struct parity_coverage *coverage)
{
    const char *before = "the host has not accepted any ";

    printf("%" PRIu64 " of them are generated from the table, %" PRIu64 " changed after that; of "
           "the %" PRIu64 " others the host accepts %" PRIu64 " whole\n",
           coverage->streams, coverage->changed, coverage->streams - coverage->changed,
           coverage->whole);
    printf("those have %" PRIu64 " packets that the host got, of %" PRIu32
           " of the table's %d commands; it accepted %" PRIu64 ", of %" PRIu32 " commands\n",
           sum(coverage->played), kinds(coverage->played), VCMD_PACKET_KIND_COUNT - 1,
           sum(coverage->accepted), kinds(coverage->accepted));
    for (uint32_t kind = 1; kind < VCMD_PACKET_KIND_COUNT; kind++) {
        if (coverage->accepted[kind] != 0)
            continue;
        printf("%s%s", before, vcmd_packet_kind_name((enum vcmd_packet_kind)kind));
        before = ", ";
    }
    if (before[0] == ',')
        printf("\n");
    if (getenv("PARITY_COVERAGE"))
        for (uint32_t kind = 1; kind < VCMD_PACKET_KIND_COUNT; kind++)
            printf("%8" PRIu64 " %8" PRIu64 " %s\n", coverage->played[kind],
                   coverage->accepted[kind], vcmd_packet_kind_name((enum vcmd_packet_kind)kind));
}
