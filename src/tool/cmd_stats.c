/* SPDX-License-Identifier: MIT */
#include "command.h"
#include "input.h"
#include "packets.h"
#include "report.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <virglcmd/enums.h>

/* "stats": what a capture or stream consists of. */

struct stats_options {
    bool raw;
    bool frames;
};

static const struct tool_option options[] = {
    TOOL_RAW_OPTION(struct stats_options, raw),
    {"frames", 'f', TOOL_FLAG, offsetof(struct stats_options, frames), NULL,
     "a line for each frame, too, and one for what follows the last", NULL},
    {NULL, 0, 0, 0, NULL, NULL, NULL},
};

struct counts {
    uint64_t submits, packets, dwords, draws, clears, transfers, transfer_bytes;
};

struct stats {
    bool per_frame, several_files;
    uint64_t frames;
    struct counts all, before; /* before: all, at the end of the last frame or file */
    struct counts framed;      /* what is of frames */
    uint64_t packets[0x10000]; /* by the lower 16 bits of the header */
    uint64_t dwords[0x10000];
    uint64_t past_ns, last_ns; /* how long the files before took, and the one at hand so far */
    bool cut_off;

    /* Of the table of frames. */
    bool headed;
    const char *path, *named; /* of the file at hand; of the last one that has rows */
};

static bool is_draw(uint32_t opcode)
{
    return opcode == VCMD_CCMD_DRAW_VBO || opcode == VCMD_CCMD_LAUNCH_GRID;
}

static bool is_clear(uint32_t opcode)
{
    return opcode == VCMD_CCMD_CLEAR || opcode == VCMD_CCMD_CLEAR_TEXTURE ||
           opcode == VCMD_CCMD_CLEAR_SURFACE;
}

static void count_submit(struct stats *stats, const struct tool_item *item)
{
    struct tool_packets stream = {.dwords = item->dwords, .length = item->num_dwords};
    struct tool_packet packet;

    stats->all.submits++;
    stats->all.dwords += item->num_dwords;
    while (tool_packets_next(&stream, &packet)) {
        uint32_t opcode = packet.header & 0xff;

        stats->all.packets++;
        stats->packets[packet.header & 0xffff]++;
        stats->dwords[packet.header & 0xffff] += packet.size;
        stats->all.draws += is_draw(opcode);
        stats->all.clears += is_clear(opcode);
        if (packet.cut_off) {
            stats->cut_off = true;
            tool_error("%s: submit %zu, dword %zu: the packet says %u dwords, and %zu are left",
                       tool_file_name(item->path), item->submit, packet.position,
                       (packet.header >> 16) + 1, packet.size);
        }
    }
}

static struct counts difference(const struct counts *now, const struct counts *old)
{
    return (struct counts){.submits = now->submits - old->submits,
                           .packets = now->packets - old->packets,
                           .dwords = now->dwords - old->dwords,
                           .draws = now->draws - old->draws,
                           .clears = now->clears - old->clears,
                           .transfers = now->transfers - old->transfers,
                           .transfer_bytes = now->transfer_bytes - old->transfer_bytes};
}

static void print_frame(struct stats *stats, const char *name, const struct counts *counts)
{
    tool_progress_end();
    if (!stats->headed)
        printf("%8s %8s %10s %12s %8s %8s %10s %14s\n", "frame", "submits", "packets", "bytes",
               "draws", "clears", "transfers", "transferred");
    if (stats->several_files && stats->named != stats->path)
        printf("%s\n", tool_file_name(stats->path));
    printf("%8s %8" PRIu64 " %10" PRIu64 " %12" PRIu64 " %8" PRIu64 " %8" PRIu64 " %10" PRIu64
           " %14" PRIu64 "\n",
           name, counts->submits, counts->packets, 4 * counts->dwords, counts->draws,
           counts->clears, counts->transfers, counts->transfer_bytes);
    stats->headed = true;
    stats->named = stats->path;
}

static void end_frame(struct stats *stats, uint64_t frame)
{
    struct counts counts = difference(&stats->all, &stats->before), *framed = &stats->framed;
    char name[32];

    snprintf(name, sizeof(name), "%" PRIu64, frame);
    if (stats->per_frame)
        print_frame(stats, name, &counts);
    framed->submits += counts.submits;
    framed->packets += counts.packets;
    framed->dwords += counts.dwords;
    framed->draws += counts.draws;
    stats->frames++;
    stats->before = stats->all;
}

/* What follows the last frame of a file is of none, and nothing that the next file has. */
static void end_file(struct stats *stats)
{
    struct counts rest = difference(&stats->all, &stats->before);

    if (stats->per_frame && (rest.submits || rest.transfers))
        print_frame(stats, "rest", &rest);
    stats->before = stats->all;
    stats->past_ns += stats->last_ns;
    stats->last_ns = 0;
}

static void count_item(struct stats *stats, const struct tool_item *item)
{
    const struct vcmd_capture_record *record = item->record;

    if (item->new_file)
        end_file(stats);
    stats->path = item->path;
    if (item->is_submit)
        count_submit(stats, item);
    if (!record)
        return;
    stats->last_ns = record->time_ns;
    if (record->type == VCMD_CAPTURE_FRAME)
        end_frame(stats, item->frame);
    if (record->type == VCMD_CAPTURE_TRANSFER) {
        stats->all.transfers++;
        stats->all.transfer_bytes += record->u.transfer.size;
    }
}

struct row {
    uint32_t header;
    uint64_t packets, dwords;
};

static int by_dwords(const void *a, const void *b)
{
    const struct row *left = a, *right = b;

    if (left->dwords != right->dwords)
        return left->dwords < right->dwords ? 1 : -1;
    return left->header < right->header ? -1 : left->header > right->header;
}

static void print_rows(const struct stats *stats, struct row *rows)
{
    char name[TOOL_PACKET_NAME];
    size_t count = 0;

    for (uint32_t header = 0; header < 0x10000; header++) {
        if (stats->packets[header])
            rows[count++] = (struct row){header, stats->packets[header], stats->dwords[header]};
    }
    qsort(rows, count, sizeof(rows[0]), by_dwords);
    if (count > 0)
        printf("\n%12s %14s %6s  %s\n", "packets", "bytes", "share", "command");
    for (size_t i = 0; i < count; i++)
        printf("%12" PRIu64 " %14" PRIu64 " %5.1f%%  %s\n", rows[i].packets, 4 * rows[i].dwords,
               100.0 * (double)rows[i].dwords / (double)stats->all.dwords,
               tool_packet_name(rows[i].header, name));
}

static void print_summary(const struct stats *stats)
{
    const struct counts *all = &stats->all;

    printf("submits %" PRIu64 ", packets %" PRIu64 ", bytes %" PRIu64 ", draws %" PRIu64
           ", clears %" PRIu64 "\n",
           all->submits, all->packets, 4 * all->dwords, all->draws, all->clears);
    if (all->transfers)
        printf("transfers %" PRIu64 ", bytes in them %" PRIu64 "\n", all->transfers,
               all->transfer_bytes);
    if (stats->frames)
        printf("frames %" PRIu64 "; each: submits %.1f, packets %.1f, bytes %.0f, draws %.1f\n",
               stats->frames, (double)stats->framed.submits / (double)stats->frames,
               (double)stats->framed.packets / (double)stats->frames,
               4.0 * (double)stats->framed.dwords / (double)stats->frames,
               (double)stats->framed.draws / (double)stats->frames);
    if (stats->past_ns)
        printf("recorded in %.3f s\n", (double)stats->past_ns * 1e-9);
}

static int count_all(struct stats *stats, struct row *rows, struct tool_input *input)
{
    struct tool_item item;
    enum tool_next next;

    while ((next = tool_input_next(input, &item)) == TOOL_NEXT_ITEM)
        count_item(stats, &item);
    tool_progress_end();
    if (next == TOOL_NEXT_TROUBLE && !stats->path)
        return TOOL_TROUBLE;
    end_file(stats);
    if (stats->headed)
        putchar('\n');
    print_summary(stats);
    print_rows(stats, rows);
    if (next == TOOL_NEXT_TROUBLE)
        return TOOL_TROUBLE;
    return stats->cut_off ? TOOL_FAULTS : TOOL_GOOD;
}

static int run(int argc, char **argv)
{
    struct stats_options chosen = {0};
    struct tool_input input;
    struct stats *stats;
    struct row *rows;
    int first, result;

    if (!tool_parse(&tool_stats, argc, argv, &chosen, &first, &result))
        return result;
    if (!tool_input_begin(&input, &tool_stats, argc - first, argv + first, chosen.raw))
        return TOOL_TROUBLE;
    stats = calloc(1, sizeof(*stats));
    rows = calloc(0x10000, sizeof(*rows));
    if (stats && rows) {
        stats->per_frame = chosen.frames;
        stats->several_files = input.num_files > 1;
        result = count_all(stats, rows, &input);
    } else {
        tool_error("stats: no memory left");
        result = TOOL_TROUBLE;
    }
    tool_input_end(&input);
    free(rows);
    free(stats);
    return result;
}

const struct tool_command tool_stats = {
    .name = "stats",
    .arguments = "FILE...",
    .summary = "Counts packets, bytes and draws: by command, and by frame",
    .options = options,
    .takes_files = true,
    .run = run,
};
