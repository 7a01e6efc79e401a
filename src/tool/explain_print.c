/* SPDX-License-Identifier: MIT */
#include "explain.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define WIDTH 96u

/*
 * One point: words up to the end or a line feed. Further lines begin with blanks as wide as the
 * indent. Returns what follows.
 */
static const char *print_point(const char *indent, const char *text)
{
    size_t column = 0;
    int width = (int)strlen(indent);
    size_t room = WIDTH - strlen(indent);

    fputs(indent, stdout);
    while (*text && *text != '\n') {
        size_t length = strcspn(text, " \n");

        if (column > 0 && column + 1 + length > room) {
            printf("\n%*s", width, "");
            column = 0;
        } else if (column > 0) {
            putchar(' ');
            column++;
        }
        fwrite(text, 1, length, stdout);
        column += length;
        text += length;
        text += strspn(text, " ");
    }
    putchar('\n');
    return *text ? text + 1 : text;
}

void explain_print(const char *indent, const char *text)
{
    while (*text)
        text = print_point(indent, text);
}

static void print_section(const char *title, const char *text)
{
    if (!text)
        return;
    printf("  %s\n", title);
    explain_print("    - ", text);
}

void explain_print_entry(const struct explain_entry *entry, bool with_fields)
{
    printf("%s\n", entry->name);
    explain_print("  ", entry->summary);
    if (entry->doc)
        explain_print("  ", entry->doc);
    if (entry->number < 0x100)
        printf("  Payload: %s dwords.", entry->size);
    else
        printf("  Size: %s bytes.", entry->size);
    printf("%s%s%s\n", *entry->since ? " Since virglrenderer " : "", entry->since,
           *entry->since ? "." : "");
    if (with_fields && entry->fields[0].name)
        printf("  fields, by %s\n", entry->number < 0x100 ? "dword" : "byte");
    for (const struct explain_field *field = entry->fields; with_fields && field->name; field++) {
        if (field->place == EXPLAIN_NO_PLACE)
            printf("     -  %s\n", field->name);
        else
            printf("    %2u  %s\n", field->place, field->name);
        explain_print("          ", field->doc);
    }
    print_section("what the host does with violations", entry->host);
    print_section("what one would not expect", entry->quirks);
}

const struct explain_entry *explain_find_command(uint32_t opcode, uint32_t object)
{
    const struct explain_entry *entry = explain_commands;

    for (; entry->name; entry++) {
        bool any = !entry->has_object || entry->object == EXPLAIN_ANY_OBJECT;

        if (entry->number == opcode && (any || entry->object == object))
            return entry;
    }
    return NULL;
}

static bool same_name(const char *known, const char *name, size_t length)
{
    return strlen(known) == length && strncasecmp(known, name, length) == 0;
}

/* Skips what headers of the protocol have in front of the name. */
static size_t prefix_length(const char *name, size_t length)
{
    static const char *const prefixes[] = {"VIRGL_CCMD_",      "VCMD_CCMD_",     "VIRTIO_GPU_CMD_",
                                           "VIRTIO_GPU_RESP_", "VCMD_CTRL_CMD_", "VCMD_CTRL_RESP_"};

    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        size_t size = strlen(prefixes[i]);

        if (length > size && strncasecmp(name, prefixes[i], size) == 0)
            return size;
    }
    return 0;
}

const struct explain_entry *explain_find_entry(const struct explain_entry *table, const char *name,
                                               size_t length)
{
    size_t skip = prefix_length(name, length);

    for (; table->name; table++) {
        if (same_name(table->name, name + skip, length - skip))
            return table;
    }
    return NULL;
}
