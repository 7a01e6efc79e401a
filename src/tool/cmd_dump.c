/* SPDX-License-Identifier: MIT */
#include "command.h"
#include "input.h"
#include "json.h"
#include "packets.h"
#include "record_text.h"
#include "report.h"
#include <inttypes.h>
#include <stdio.h>
#include <virglcmd/print.h>

/* "dump": streams as text that "asm" reads, or as JSON. */

struct dump_options {
    bool raw, full, json, positions, packets_only;
    struct tool_number submit;
};

static const struct tool_option options[] = {
    TOOL_RAW_OPTION(struct dump_options, raw),
    {"full", 'f', TOOL_FLAG, offsetof(struct dump_options, full), NULL,
     "every field, on a line of its own, with its dword", NULL},
    {"json", 'j', TOOL_FLAG, offsetof(struct dump_options, json), NULL,
     "a line of JSON for each packet", NULL},
    {"positions", 'p', TOOL_FLAG, offsetof(struct dump_options, positions), NULL,
     "a comment before each packet: its number and dword", NULL},
    {"packets-only", 0, TOOL_FLAG, offsetof(struct dump_options, packets_only), NULL,
     "no comments about the other records of a capture", NULL},
    {"submit", 's', TOOL_NUMBER, offsetof(struct dump_options, submit), "N",
     "only submit N of each file; the first is 0", NULL},
    {NULL, 0, 0, 0, NULL, NULL, NULL},
};

/* One packet; false when it could not be decoded. */
static bool dump_packet(const struct dump_options *chosen, const struct tool_item *item,
                        const struct tool_packet *packet)
{
    unsigned int flags = chosen->full ? VCMD_PRINT_FULL | VCMD_PRINT_DWORDS : 0;
    uint64_t scratch[VCMD_DECODER_SCRATCH / 8];
    struct vcmd_decoder decoder;
    struct vcmd_packet decoded;

    if (chosen->json)
        return tool_json_packet(stdout, item, packet);
    if (chosen->positions)
        printf("# packet %zu, dword %zu\n", packet->index, packet->position);
    vcmd_print_packet(packet->dwords, packet->size, flags, tool_print_text, NULL);
    vcmd_decoder_init(&decoder, packet->dwords, packet->size, scratch, sizeof(scratch));
    return vcmd_decode_next(&decoder, &decoded) == VCMD_STATUS_OK;
}

static bool dump_submit(const struct dump_options *chosen, const struct tool_input *input,
                        const struct tool_item *item)
{
    struct tool_packets stream = {.dwords = item->dwords, .length = item->num_dwords};
    struct tool_packet packet;
    bool good = true;

    if (!chosen->json && !chosen->packets_only)
        printf("# submit %zu: context %" PRIu32 ", %zu dwords\n", item->submit, item->context_id,
               item->num_dwords);
    while (tool_packets_next(&stream, &packet) && !tool_output_lost()) {
        good = dump_packet(chosen, item, &packet) && good;
        tool_input_progress(input, item, stream.position);
    }
    return good;
}

/* Whether a submit was asked for that none of the files has; most: so many has the longest one. */
static bool is_missing(const struct dump_options *chosen, uint64_t most)
{
    if (!chosen->submit.given || chosen->submit.value < most)
        return false;
    tool_error("dump: there is no submit %" PRIu64 "; there are %" PRIu64 ", and the first is 0",
               chosen->submit.value, most);
    return true;
}

static bool is_wanted(const struct dump_options *chosen, const struct tool_item *item)
{
    if (item->is_submit)
        return !chosen->submit.given || chosen->submit.value == item->submit;
    return !chosen->submit.given && !chosen->json && !chosen->packets_only;
}

static int dump_all(const struct dump_options *chosen, struct tool_input *input)
{
    struct tool_item item;
    enum tool_next next;
    uint64_t most = 0;
    bool good = true;
    char text[512];

    while ((next = tool_input_next(input, &item)) == TOOL_NEXT_ITEM && !tool_output_lost()) {
        if (item.new_file && input->num_files > 1 && !chosen->json && !chosen->packets_only)
            printf("# %s\n", tool_file_name(item.path));
        if (item.is_submit && item.submit >= most)
            most = item.submit + 1;
        if (!is_wanted(chosen, &item))
            continue;
        if (item.is_submit) {
            good = dump_submit(chosen, input, &item) && good;
            /* What is behind it is not asked for, be it damaged or not. */
            if (chosen->submit.given && item.record)
                tool_input_skip(input);
            continue;
        }
        tool_record_text(&item, text, sizeof(text));
        printf("# %s\n", text);
    }
    if (next == TOOL_NEXT_TROUBLE)
        return TOOL_TROUBLE;
    if (next == TOOL_NEXT_END && is_missing(chosen, most))
        return TOOL_TROUBLE;
    return good ? TOOL_GOOD : TOOL_FAULTS;
}

static int run(int argc, char **argv)
{
    struct dump_options chosen = {0};
    struct tool_input input;
    int first, result;

    if (!tool_parse(&tool_dump, argc, argv, &chosen, &first, &result))
        return result;
    if (chosen.json && (chosen.full || chosen.positions))
        return tool_wrong_arguments(&tool_dump, "--json always has every field and position: leave "
                                                "out --full and --positions");
    if (!tool_input_begin(&input, &tool_dump, argc - first, argv + first, chosen.raw))
        return TOOL_TROUBLE;
    result = dump_all(&chosen, &input);
    tool_input_end(&input);
    return result;
}

const struct tool_command tool_dump = {
    .name = "dump",
    .arguments = "FILE...",
    .summary = "Shows every packet and field, as text that asm reads or as JSON",
    .options = options,
    .takes_files = true,
    .prints_early = true,
    .run = run,
};
