/* SPDX-License-Identifier: MIT */
#include "command.h"
#include "diff_fields.h"
#include "input.h"
#include "packets.h"
#include "report.h"
#include "script.h"
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <virglcmd/print.h>

/* "diff": two streams, packet by packet. */

struct diff_options {
    bool raw, brief;
};

static const struct tool_option options[] = {
    TOOL_RAW_OPTION(struct diff_options, raw),
    {"brief", 'b', TOOL_FLAG, offsetof(struct diff_options, brief), NULL,
     "only say whether they differ, and where first", NULL},
    {NULL, 0, 0, 0, NULL, NULL, NULL},
};

/* A packet of a side; its dwords are those at offset of the side. */
struct entry {
    size_t offset;
    size_t submit, index; /* of the packet in its submit */
    uint64_t hash;
    uint32_t size;
    uint32_t context_id; /* of the submit */
};

struct side {
    const char *path;
    uint32_t *dwords;
    size_t num_dwords, dword_capacity;
    struct entry *entries;
    size_t count, capacity;
    size_t num_submits;
    bool cut_off; /* there is more that could not be read */
};

/* ---- reading ---- */

/* FNV-1a by dwords: only to see quickly that two packets differ. */
static uint64_t hash_dwords(const uint32_t *dwords, size_t count)
{
    uint64_t hash = UINT64_C(14695981039346656037);

    for (size_t i = 0; i < count; i++)
        hash = (hash ^ dwords[i]) * UINT64_C(1099511628211);
    return hash;
}

static bool reserve(void **memory, size_t *capacity, size_t needed, size_t size)
{
    size_t larger = *capacity ? *capacity : 1024;
    void *moved;

    while (larger < needed && larger <= SIZE_MAX / 2 / size)
        larger *= 2;
    if (needed <= *capacity)
        return true;
    moved = larger < needed ? NULL : realloc(*memory, larger * size);
    if (!moved)
        return false;
    *memory = moved;
    *capacity = larger;
    return true;
}

static bool add_submit(struct side *side, const struct tool_item *item)
{
    struct tool_packets stream = {.dwords = item->dwords, .length = item->num_dwords};
    struct tool_packet packet;
    void *dwords = side->dwords, *entries = side->entries;

    if (!reserve(&dwords, &side->dword_capacity, side->num_dwords + item->num_dwords, 4))
        return false;
    side->dwords = dwords;
    if (item->num_dwords)
        memcpy(side->dwords + side->num_dwords, item->dwords, 4 * item->num_dwords);
    while (tool_packets_next(&stream, &packet)) {
        if (!reserve(&entries, &side->capacity, side->count + 1, sizeof(struct entry)))
            return false;
        side->entries = entries;
        side->entries[side->count++] =
            (struct entry){.offset = side->num_dwords + packet.position,
                           .submit = item->submit,
                           .index = packet.index,
                           .hash = hash_dwords(packet.dwords, packet.size),
                           .size = (uint32_t)packet.size,
                           .context_id = item->context_id};
    }
    side->num_submits++;
    side->num_dwords += item->num_dwords;
    return true;
}

/* Of a file that breaks off, what comes before is good enough. */
static bool read_side(struct side *side, char **path, bool raw)
{
    struct tool_input input;
    struct tool_item item;
    enum tool_next next = TOOL_NEXT_END;
    bool good = true;

    side->path = tool_file_name(*path);
    if (!tool_input_begin(&input, &tool_diff, 1, path, raw))
        return false;
    while (good && (next = tool_input_next(&input, &item)) == TOOL_NEXT_ITEM) {
        good = !item.is_submit || add_submit(side, &item);
        if (!good)
            tool_error("%s: no memory left for %zu dwords", side->path, side->num_dwords);
    }
    tool_input_end(&input);
    side->cut_off = next == TOOL_NEXT_TROUBLE;
    return good && (!side->cut_off || side->num_submits > 0);
}

/* ---- comparing ---- */

static bool same(void *user, size_t a, size_t b)
{
    const struct side *sides = user;
    const struct entry *left = &sides[0].entries[a], *right = &sides[1].entries[b];

    return left->hash == right->hash && left->size == right->size &&
           memcmp(sides[0].dwords + left->offset, sides[1].dwords + right->offset,
                  4 * (size_t)left->size) == 0;
}

static void print_packet(const struct side *side, size_t i, char sign)
{
    printf("%c ", sign);
    vcmd_print_packet(side->dwords + side->entries[i].offset, side->entries[i].size, 0,
                      tool_print_text, NULL);
}

/* The kind of a packet: opcode and object. */
static uint32_t kind(const struct side *side, size_t i)
{
    return tool_dword(side->dwords + side->entries[i].offset) & 0xffff;
}

static void print_place(const struct side *side, size_t i, size_t count)
{
    if (i < side->count)
        printf("submit %zu packet %zu", side->entries[i].submit, side->entries[i].index);
    else
        printf("the end");
    printf(" (%zu)", count);
}

/*
 * In a stretch that differs packets of one kind that follow each other on both sides are taken for
 * the same packet with other values.
 */
static void print_hunk(const struct side *sides, const struct script_hunk *hunk)
{
    size_t a = hunk->a, b = hunk->b;
    size_t end_a = a + hunk->num_a, end_b = b + hunk->num_b;

    while ((a < end_a || b < end_b) && !tool_output_lost()) {
        size_t match = b;

        while (a < end_a && match < end_b && kind(&sides[1], match) != kind(&sides[0], a))
            match++;
        if (a < end_a && match < end_b) {
            for (; b < match; b++)
                print_packet(&sides[1], b, '+');
            diff_fields(sides[0].dwords + sides[0].entries[a].offset, sides[0].entries[a].size,
                        sides[1].dwords + sides[1].entries[b].offset, sides[1].entries[b].size);
            a++;
            b++;
        } else if (a < end_a) {
            print_packet(&sides[0], a++, '-');
        } else {
            print_packet(&sides[1], b++, '+');
        }
    }
}

/* ---- submits ---- */

/* Goes through what differs, and what is the same in between. */
struct walk {
    const struct side *sides;
    bool brief;
    bool behind_hunk;              /* the packet before is of a stretch that differs */
    size_t submit[2];              /* of the last packet of both; SIZE_MAX before the first */
    size_t places, packets;        /* that differ */
    size_t first_place, first_num; /* of the first file, where the first difference is */
};

/* Counts a place where the files differ. Whether more is to be said about it. */
static bool begin_place(struct walk *walk, const struct script_hunk *hunk)
{
    const struct side *sides = walk->sides;

    if (walk->places++ == 0) {
        walk->first_place = hunk->a;
        walk->first_num = hunk->num_a;
        if (!walk->brief)
            printf("--- %s\n+++ %s\n", sides[0].path, sides[1].path);
    }
    walk->packets += hunk->num_a + hunk->num_b;
    if (walk->brief)
        return false;
    printf("@@ ");
    print_place(&sides[0], hunk->a, hunk->num_a);
    printf(" | ");
    print_place(&sides[1], hunk->b, hunk->num_b);
    printf(" @@\n");
    return true;
}

static size_t submit_of(const struct side *side, size_t i)
{
    return i < side->count ? side->entries[i].submit : side->num_submits;
}

/*
 * The submits that packets of both files, or the ends of both, are in. Behind a stretch that
 * differs it only matters whether one begins: what began in the stretch differs anyway.
 */
static void compare_submits(struct walk *walk, size_t a, size_t b)
{
    const struct side *sides = walk->sides;
    const struct script_hunk here = {a, 0, b, 0};
    size_t now[2] = {submit_of(&sides[0], a), submit_of(&sides[1], b)};
    /* Before the first packet this is SIZE_MAX, which makes it the number of all up to here. */
    size_t begun[2] = {now[0] - walk->submit[0], now[1] - walk->submit[1]};
    bool other_submits = walk->behind_hunk ? !begun[0] != !begun[1] : begun[0] != begun[1];
    bool other_context = a < sides[0].count && (begun[0] || begun[1]) &&
                         sides[0].entries[a].context_id != sides[1].entries[b].context_id;

    walk->submit[0] = now[0];
    walk->submit[1] = now[1];
    walk->behind_hunk = false;
    if ((!other_submits && !other_context) || !begin_place(walk, &here))
        return;
    if (other_submits)
        printf("~ submits that begin here: %zu -> %zu\n", begun[0], begun[1]);
    if (other_context)
        printf("~ context of the submit: %" PRIu32 " -> %" PRIu32 "\n",
               sides[0].entries[a].context_id, sides[1].entries[b].context_id);
}

/* ---- all of it ---- */

static void walk_script(struct walk *walk, const struct script *script)
{
    size_t a = 0, b = 0;

    for (size_t i = 0; i <= script->count && !tool_output_lost(); i++) {
        const struct script_hunk *hunk = i < script->count ? &script->hunks[i] : NULL;
        size_t end = hunk ? hunk->a : walk->sides[0].count + 1;

        for (; a < end && !tool_output_lost(); a++, b++)
            compare_submits(walk, a, b);
        if (!hunk)
            return;
        if (begin_place(walk, hunk))
            print_hunk(walk->sides, hunk);
        walk->behind_hunk = true;
        a += hunk->num_a;
        b += hunk->num_b;
    }
}

static int compare(struct side *sides, bool brief)
{
    struct walk walk = {.sides = sides, .brief = brief, .submit = {SIZE_MAX, SIZE_MAX}};
    struct script script;
    bool good = script_make(&script, sides[0].count, sides[1].count, same, sides);

    if (good)
        walk_script(&walk, &script);
    else
        tool_error("diff: no memory left");
    script_free(&script);
    if (!good)
        return TOOL_TROUBLE;
    if (brief && walk.places) {
        printf("%s and %s differ in %zu place%s, %zu packet%s; the first is at ", sides[0].path,
               sides[1].path, walk.places, walk.places == 1 ? "" : "s", walk.packets,
               walk.packets == 1 ? "" : "s");
        print_place(&sides[0], walk.first_place, walk.first_num);
        printf("\n");
    }
    if (!walk.places)
        printf("%zu packets, all the same%s\n", sides[0].count,
               sides[0].cut_off || sides[1].cut_off ? " as far as could be read" : "");
    if (sides[0].cut_off || sides[1].cut_off)
        return TOOL_TROUBLE;
    return walk.places ? TOOL_FAULTS : TOOL_GOOD;
}

static int run(int argc, char **argv)
{
    struct diff_options chosen = {0};
    struct side sides[2] = {{0}};
    int first, result;

    if (!tool_parse(&tool_diff, argc, argv, &chosen, &first, &result))
        return result;
    if (argc - first != 2)
        return tool_wrong_arguments(&tool_diff, "it takes two files");
    if (strcmp(argv[first], "-") == 0 && strcmp(argv[first + 1], "-") == 0)
        return tool_wrong_arguments(&tool_diff, "standard input can be read only once");
    result = TOOL_TROUBLE;
    if (read_side(&sides[0], argv + first, chosen.raw) &&
        read_side(&sides[1], argv + first + 1, chosen.raw))
        result = compare(sides, chosen.brief);
    for (int i = 0; i < 2; i++) {
        free(sides[i].dwords);
        free(sides[i].entries);
    }
    return result;
}

const struct tool_command tool_diff = {
    .name = "diff",
    .arguments = "FILE FILE",
    .summary = "Compares two streams packet by packet, and names the fields that differ",
    .options = options,
    .takes_files = true,
    .run = run,
};
