/* SPDX-License-Identifier: MIT */
#include "command.h"
#include "input.h"
#include "packets.h"
#include "report.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <virglcmd/print.h>

/* "roundtrip": decodes each packet, encodes it again, and compares the dwords. */

struct roundtrip_options {
    bool raw, quiet, strict;
};

static const struct tool_option options[] = {
    TOOL_RAW_OPTION(struct roundtrip_options, raw),
    {"quiet", 'q', TOOL_FLAG, offsetof(struct roundtrip_options, quiet), NULL,
     "only the packets that come back otherwise, and the summary", NULL},
    {"strict", 0, TOOL_FLAG, offsetof(struct roundtrip_options, strict), NULL,
     "padding and reserved bits that are not zero are faults, too", NULL},
    {NULL, 0, 0, 0, NULL, NULL, NULL},
};

/* What came of a packet. */
enum outcome {
    IDENTICAL,
    PADDING, /* other dwords only where the description has no field */
    DIFFERENT,
    REFUSED, /* the encoder does not take it */
    UNREADABLE,
    NUM_OUTCOMES
};

static const char *const outcome_names[NUM_OUTCOMES] = {"identical", "identical but for padding",
                                                        "different", "refused by the encoder",
                                                        "not decodable"};

/* A header and 65535 dwords, as they were and as they came back. */
#define MAX_PACKET 65536u

struct trip {
    const struct roundtrip_options *chosen;
    uint32_t expected[MAX_PACKET], encoded[MAX_PACKET];
    size_t num_expected, num_encoded;
    uint64_t scratch[0x40000 / 8];
    struct vcmd_error error;
    uint64_t counts[NUM_OUTCOMES];
    uint64_t packets;
    uint64_t dwords; /* of those that could be decoded: only their time is taken */
    double seconds;
};

/* ---- one packet ---- */

/* Puts what the description wants into the copy of the packet. */
static bool make_canonical(void *user, const struct vcmd_difference *difference)
{
    struct trip *trip = user;

    if (difference->trailing && difference->dword < trip->num_expected)
        trip->num_expected = difference->dword;
    if (!difference->trailing)
        trip->expected[difference->dword] = vcmd_le32(difference->canonical);
    return true;
}

static bool same(const struct trip *trip)
{
    return trip->num_expected == trip->num_encoded &&
           memcmp(trip->expected, trip->encoded, 4 * trip->num_encoded) == 0;
}

static enum outcome compare(struct trip *trip, const struct tool_packet *packet)
{
    uint32_t header;

    memcpy(trip->expected, packet->dwords, 4 * packet->size);
    trip->num_expected = packet->size;
    if (same(trip))
        return IDENTICAL;
    vcmd_packet_differences(packet->dwords, packet->size, make_canonical, trip, NULL);
    /* Bits of an object that the command does not have are canonical by now, too. */
    header = (tool_dword(trip->expected) & 0xffff) | (uint32_t)(trip->num_expected - 1) << 16;
    if (trip->num_expected < packet->size)
        trip->expected[0] = vcmd_le32(header);
    return same(trip) ? PADDING : DIFFERENT;
}

static enum outcome try_packet(struct trip *trip, const struct tool_packet *packet)
{
    struct vcmd_packet decoded;
    struct vcmd_decoder decoder;
    struct vcmd_buffer buffer;
    double start = tool_seconds();
    enum vcmd_status status;

    trip->num_encoded = 0;
    vcmd_decoder_init(&decoder, packet->dwords, packet->size, trip->scratch, sizeof(trip->scratch));
    status = vcmd_decode_next(&decoder, &decoded);
    trip->error = decoder.error;
    if (status != VCMD_STATUS_OK)
        return UNREADABLE;
    vcmd_buffer_init(&buffer, trip->encoded, MAX_PACKET, 0);
    status = vcmd_encode_packet(&buffer, &decoded);
    trip->seconds += tool_seconds() - start;
    trip->error = buffer.error;
    if (status != VCMD_STATUS_OK)
        return REFUSED;
    trip->num_encoded = buffer.length;
    return compare(trip, packet);
}

/* ---- what is printed ---- */

static bool print_difference(void *user, const struct vcmd_difference *difference)
{
    (void)user;
    if (difference->trailing)
        printf("    dword %zu: 0x%08" PRIx32 " is behind the end\n", difference->dword,
               difference->found);
    else
        printf("    dword %zu: 0x%08" PRIx32 ", by the description 0x%08" PRIx32 "\n",
               difference->dword, difference->found, difference->canonical);
    return !tool_output_lost();
}

static void print_dwords(const struct trip *trip, const struct tool_packet *packet)
{
    size_t most = packet->size > trip->num_encoded ? packet->size : trip->num_encoded;

    for (size_t i = 0; i < most && !tool_output_lost(); i++) {
        if (i >= trip->num_encoded)
            printf("    dword %zu: 0x%08" PRIx32 " is not encoded\n", i,
                   tool_dword(packet->dwords + i));
        else if (i >= packet->size)
            printf("    dword %zu: 0x%08" PRIx32 " is encoded behind the end\n", i,
                   tool_dword(trip->encoded + i));
        else if (packet->dwords[i] != trip->encoded[i])
            printf("    dword %zu: 0x%08" PRIx32 ", encoded 0x%08" PRIx32 "\n", i,
                   tool_dword(packet->dwords + i), tool_dword(trip->encoded + i));
    }
}

static void report(const struct trip *trip, const struct tool_item *item,
                   const struct tool_packet *packet, enum outcome outcome)
{
    char name[TOOL_PACKET_NAME], text[512];
    bool fault = outcome != IDENTICAL && (outcome != PADDING || trip->chosen->strict);

    if (trip->chosen->quiet && !fault)
        return;
    if (fault)
        printf("%s: submit %zu, packet %zu, dword %zu: %s is %s\n", tool_file_name(item->path),
               item->submit, packet->index, packet->position,
               tool_packet_name(packet->header, name), outcome_names[outcome]);
    if (!trip->chosen->quiet || fault)
        vcmd_print_packet(packet->dwords, packet->size, 0, tool_print_text, NULL);
    if (outcome == PADDING)
        vcmd_packet_differences(packet->dwords, packet->size, print_difference, NULL, NULL);
    if (outcome == DIFFERENT)
        print_dwords(trip, packet);
    if (outcome == REFUSED || outcome == UNREADABLE) {
        vcmd_error_format(&trip->error, text, sizeof(text));
        printf("    %s\n", text);
    }
}

/* Without packets there is no rate. */
static void print_summary(const struct trip *trip)
{
    if (!trip->packets) {
        printf("no packets\n");
        return;
    }
    for (int i = 0; i < NUM_OUTCOMES; i++) {
        if (trip->counts[i] || i == IDENTICAL)
            printf("%" PRIu64 " of %" PRIu64 " packets %s (%.4f %%)\n", trip->counts[i],
                   trip->packets, outcome_names[i],
                   100.0 * (double)trip->counts[i] / (double)trip->packets);
    }
    if (trip->seconds > 0)
        printf("%" PRIu64
               " bytes decoded and encoded in %.3f s: %.0f MB/s, %.2f million packets/s\n",
               4 * trip->dwords, trip->seconds, 4e-6 * (double)trip->dwords / trip->seconds,
               1e-6 * (double)(trip->packets - trip->counts[UNREADABLE]) / trip->seconds);
}

/* ---- all of them ---- */

static void try_submit(struct trip *trip, const struct tool_input *input,
                       const struct tool_item *item)
{
    struct tool_packets stream = {.dwords = item->dwords, .length = item->num_dwords};
    struct tool_packet packet;

    while (tool_packets_next(&stream, &packet) && !tool_output_lost()) {
        enum outcome outcome = try_packet(trip, &packet);

        trip->packets++;
        trip->counts[outcome]++;
        trip->dwords += outcome != UNREADABLE ? packet.size : 0;
        report(trip, item, &packet, outcome);
        tool_input_progress(input, item, stream.position);
    }
}

static int try_all(struct trip *trip, struct tool_input *input)
{
    struct tool_item item;
    enum tool_next next;
    uint64_t good;

    while ((next = tool_input_next(input, &item)) == TOOL_NEXT_ITEM && !tool_output_lost()) {
        if (item.is_submit)
            try_submit(trip, input, &item);
    }
    tool_progress_end();
    if (next != TOOL_NEXT_TROUBLE || trip->packets)
        print_summary(trip);
    if (next == TOOL_NEXT_TROUBLE)
        return TOOL_TROUBLE;
    good = trip->counts[IDENTICAL] + (trip->chosen->strict ? 0 : trip->counts[PADDING]);
    return good == trip->packets ? TOOL_GOOD : TOOL_FAULTS;
}

static int run(int argc, char **argv)
{
    struct roundtrip_options chosen = {0};
    struct tool_input input;
    struct trip *trip;
    int first, result;

    if (!tool_parse(&tool_roundtrip, argc, argv, &chosen, &first, &result))
        return result;
    if (!tool_input_begin(&input, &tool_roundtrip, argc - first, argv + first, chosen.raw))
        return TOOL_TROUBLE;
    trip = calloc(1, sizeof(*trip));
    if (!trip) {
        tool_error("roundtrip: no memory left");
        return TOOL_TROUBLE;
    }
    trip->chosen = &chosen;
    result = try_all(trip, &input);
    tool_input_end(&input);
    free(trip);
    return result;
}

const struct tool_command tool_roundtrip = {
    .name = "roundtrip",
    .arguments = "FILE...",
    .summary = "Decodes every packet, encodes it again, and compares the dwords",
    .options = options,
    .takes_files = true,
    .prints_early = true,
    .run = run,
};
