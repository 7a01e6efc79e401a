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

/* Most values of an array that are printed. */
#define SHOWN_VALUES 8u

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

/* Reserved bits, padding, packets that cannot be decoded. */
static void diff_dwords(const uint32_t *a, size_t num_a, const uint32_t *b, size_t num_b)
{
    size_t least = num_a < num_b ? num_a : num_b, shown = 0;

    for (size_t i = 0; i < least && shown < 8; i++) {
        if (a[i] == b[i])
            continue;
        printf("%s dword %zu: 0x%08" PRIx32 " -> 0x%08" PRIx32, shown++ ? "," : "", i,
               tool_dword(a + i), tool_dword(b + i));
    }
    if (num_a != num_b)
        printf("%s %zu dwords -> %zu dwords", shown ? "," : "", num_a, num_b);
}

void diff_fields(const uint32_t *a, size_t num_a, const uint32_t *b, size_t num_b)
{
    struct fields left = {0}, right = {0};
    char name[TOOL_PACKET_NAME];
    size_t printed = 0;

    printf("~ %s", tool_packet_name(tool_dword(a), name));
    vcmd_visit_packet(a, num_a, collect, &left, NULL);
    vcmd_visit_packet(b, num_b, collect, &right, NULL);
    if (!left.lost && !right.lost)
        diff_lists(&left, &right, &printed);
    if (printed == 0)
        diff_dwords(a, num_a, b, num_b);
    putchar('\n');
    free(left.all);
    free(right.all);
}
