/* SPDX-License-Identifier: MIT */
#include "diff_fields.h"

#include "packets.h"
#include "report.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <virglcmd/print.h>

/* All fields of a packet. */
struct fields {
    struct vcmd_field *all;
    size_t count, capacity;
    bool lost; /* no memory */
};

/* Longest value of which both sides are printed; of longer ones where they part. */
#define SHOWN 64u

/* Most values of an array, and dwords of a packet, that are printed. */
#define SHOWN_VALUES 8u

/* Most of a line of text that is printed, and most of that before the place where it parts. */
#define SHOWN_LINE   160u
#define SHOWN_BEFORE 80u

/* What a packet has beside its fields. */
struct extra {
    uint32_t *bits; /* of each dword those that are of no field; NULL: not known */
    size_t size;    /* dwords that should be there, header included */
};

/* One of the two packets. */
struct side {
    const uint32_t *dwords;
    size_t count;
    struct fields fields;
    struct extra extra;
};

static bool collect(void *user, const struct vcmd_field *field)
{
    struct fields *fields = user;

    if (fields->count == fields->capacity) {
        size_t capacity = fields->capacity ? 2 * fields->capacity : 64;
        struct vcmd_field *larger = realloc(fields->all, capacity * sizeof(*larger));

        fields->lost = !larger;
        if (!larger)
            return false;
        fields->all = larger;
        fields->capacity = capacity;
    }
    fields->all[fields->count++] = *field;
    return true;
}

static void print_name(const struct vcmd_field *field, size_t i, size_t *printed)
{
    char name[128];

    vcmd_field_name(field, i, name, sizeof(name));
    printf("%s %s: ", (*printed)++ ? "," : "", name);
}

static bool is_same_place(const struct vcmd_field *a, const struct vcmd_field *b)
{
    return strcmp(a->name, b->name) == 0 && a->index == b->index;
}

/* ---- text and data ---- */

/* The line that a byte is in: of a long one what is around the byte. */
static void print_line_at(const struct vcmd_field *field, size_t at)
{
    struct vcmd_field line = *field;
    size_t start = at, end = at;

    while (start > 0 && field->bytes[start - 1] != '\n' && at - start < SHOWN_BEFORE)
        start--;
    while (end < field->count && field->bytes[end] != '\n' && end - start < SHOWN_LINE)
        end++;
    line.bytes += start;
    line.count = end - start;
    vcmd_print_value(&line, 0, tool_print_text, NULL);
}

static void diff_lines(const struct vcmd_field *a, const struct vcmd_field *b, size_t first)
{
    size_t number = 1;

    for (size_t i = 0; i < first; i++)
        number += a->bytes[i] == '\n';
    printf(", line %zu: ", number);
    print_line_at(a, first);
    printf(" -> ");
    print_line_at(b, first);
}

static void diff_bytes(const struct vcmd_field *a, const struct vcmd_field *b, size_t *printed)
{
    size_t least = a->count < b->count ? a->count : b->count, first = 0;

    while (first < least && a->bytes[first] == b->bytes[first])
        first++;
    if (first == least && a->count == b->count)
        return;
    print_name(a, SIZE_MAX, printed);
    if (a->count <= SHOWN && b->count <= SHOWN) {
        vcmd_print_value(a, 0, tool_print_text, NULL);
        printf(" -> ");
        vcmd_print_value(b, 0, tool_print_text, NULL);
        return;
    }
    printf("%zu bytes -> %zu bytes, different from byte %zu on", a->count, b->count, first);
    if (a->type == VCMD_FIELD_STRING)
        diff_lines(a, b, first);
}

/* ---- numbers ---- */

static void diff_values(const struct vcmd_field *a, const struct vcmd_field *b, size_t *printed)
{
    size_t most = a->count > b->count ? a->count : b->count, different = 0;

    for (size_t i = 0; i < most; i++) {
        bool has_a = i < a->count, has_b = i < b->count;

        if (has_a && has_b && vcmd_field_value(a, i) == vcmd_field_value(b, i))
            continue;
        if (++different > SHOWN_VALUES)
            continue;
        print_name(has_a ? a : b, a->is_array || b->is_array ? i : SIZE_MAX, printed);
        if (has_a)
            vcmd_print_value(a, i, tool_print_text, NULL);
        else
            printf("nothing");
        printf(" -> ");
        if (has_b)
            vcmd_print_value(b, i, tool_print_text, NULL);
        else
            printf("nothing");
    }
    if (different > SHOWN_VALUES)
        printf(", and %zu more of %s", different - SHOWN_VALUES, a->name);
}

static void diff_field(const struct vcmd_field *a, const struct vcmd_field *b, size_t *printed)
{
    if (a->type == VCMD_FIELD_STRING || a->type == VCMD_FIELD_BYTES)
        diff_bytes(a, b, printed);
    else
        diff_values(a, b, printed);
}

static void diff_alone(const struct vcmd_field *field, const char *what, size_t *printed)
{
    print_name(field, SIZE_MAX, printed);
    printf("%s", what);
}

/* Walks both lists; a field that only one side has is passed over when the other catches up. */
static void diff_lists(const struct fields *a, const struct fields *b, size_t *printed)
{
    size_t i = 0, k = 0;

    while (i < a->count || k < b->count) {
        size_t there = k;

        while (i < a->count && there < b->count && !is_same_place(&a->all[i], &b->all[there]))
            there++;
        if (i < a->count && there < b->count) {
            for (; k < there; k++)
                diff_alone(&b->all[k], "added", printed);
            diff_field(&a->all[i++], &b->all[k++], printed);
        } else if (i < a->count) {
            diff_alone(&a->all[i++], "removed", printed);
        } else {
            diff_alone(&b->all[k++], "added", printed);
        }
    }
}

/* ---- dwords ---- */

static bool add_extra(void *user, const struct vcmd_difference *difference)
{
    struct extra *extra = user;

    extra->bits[difference->dword] = difference->found & ~difference->canonical;
    if (difference->trailing && difference->dword < extra->size)
        extra->size = difference->dword;
    return true;
}

static void read_side(struct side *side)
{
    struct extra *extra = &side->extra;

    vcmd_visit_packet(side->dwords, side->count, collect, &side->fields, NULL);
    extra->size = side->count;
    extra->bits = calloc(side->count, sizeof(*extra->bits));
    if (extra->bits && vcmd_packet_differences(side->dwords, side->count, add_extra, extra, NULL) !=
                           VCMD_STATUS_OK) {
        free(extra->bits);
        extra->bits = NULL;
    }
}

static void free_side(struct side *side)
{
    free(side->fields.all);
    free(side->extra.bits);
}

/* What of a dword no field shows, and whether it should be there at all. */
static uint32_t beside(const struct extra *extra, size_t count, size_t i, bool *trailing)
{
    *trailing = i < count && i >= extra->size;
    return i < count ? extra->bits[i] : 0;
}

/* Whether two packets differ in a dword where fields do not say it. */
static bool differs_beside(const struct side *a, const struct side *b, size_t i)
{
    bool trailing_a, trailing_b;

    if (!a->extra.bits || !b->extra.bits)
        return true;
    return beside(&a->extra, a->count, i, &trailing_a) !=
               beside(&b->extra, b->count, i, &trailing_b) ||
           trailing_a != trailing_b;
}

static void print_dword(const struct side *side, size_t i)
{
    if (i < side->count)
        printf("0x%08" PRIx32, tool_dword(side->dwords + i));
    else
        printf("nothing");
}

/* Reserved bits, padding, dwords behind the end; of packets that cannot be decoded everything. */
static void diff_dwords(const struct side *a, const struct side *b, size_t *printed)
{
    size_t most = a->count > b->count ? a->count : b->count, different = 0;

    for (size_t i = 0; i < most; i++) {
        if (i < a->count && i < b->count && a->dwords[i] == b->dwords[i])
            continue;
        if (!differs_beside(a, b, i) || ++different > SHOWN_VALUES)
            continue;
        printf("%s dword %zu: ", (*printed)++ ? "," : "", i);
        print_dword(a, i);
        printf(" -> ");
        print_dword(b, i);
    }
    if (different > SHOWN_VALUES)
        printf(", and %zu more dwords", different - SHOWN_VALUES);
}

void diff_fields(const uint32_t *a, size_t num_a, const uint32_t *b, size_t num_b)
{
    struct side left = {.dwords = a, .count = num_a}, right = {.dwords = b, .count = num_b};
    char name[TOOL_PACKET_NAME];
    size_t printed = 0;

    printf("~ %s", tool_packet_name(tool_dword(a), name));
    read_side(&left);
    read_side(&right);
    if (!left.fields.lost && !right.fields.lost)
        diff_lists(&left.fields, &right.fields, &printed);
    diff_dwords(&left, &right, &printed);
    putchar('\n');
    free_side(&left);
    free_side(&right);
}
