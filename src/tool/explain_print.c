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
static const char *print_point(FILE *out, const char *indent, const char *text)
{
    size_t column = 0;
    int width = (int)strlen(indent);
    size_t room = WIDTH - strlen(indent);

    fputs(indent, out);
    while (*text && *text != '\n') {
        size_t length = strcspn(text, " \n");

        if (column > 0 && column + 1 + length > room) {
            fprintf(out, "\n%*s", width, "");
            column = 0;
        } else if (column > 0) {
            putc(' ', out);
            column++;
        }
        fwrite(text, 1, length, out);
        column += length;
        text += length;
        text += strspn(text, " ");
    }
    putc('\n', out);
    return *text ? text + 1 : text;
}

void explain_print(FILE *out, const char *indent, const char *text)
{
    while (*text)
        text = print_point(out, indent, text);
}

static void print_section(FILE *out, const char *title, const char *text)
{
    if (!text)
        return;
    fprintf(out, "  %s\n", title);
    explain_print(out, "    - ", text);
}

void explain_print_entry(FILE *out, const struct explain_entry *entry, bool with_fields)
{
    fprintf(out, "%s\n", entry->name);
    explain_print(out, "  ", entry->summary);
    if (entry->doc)
        explain_print(out, "  ", entry->doc);
    if (entry->number < 0x100)
        fprintf(out, "  Payload: %s dwords.", entry->size);
    else
        fprintf(out, "  Size: %s bytes.", entry->size);
    fprintf(out, "%s%s%s\n", *entry->since ? " Since virglrenderer " : "", entry->since,
            *entry->since ? "." : "");
    if (with_fields && entry->fields[0].name)
        fprintf(out, "  fields, by %s\n", entry->number < 0x100 ? "dword" : "byte");
    for (const struct explain_field *field = entry->fields; with_fields && field->name; field++) {
        if (field->place == EXPLAIN_NO_PLACE)
            fprintf(out, "     -  %s\n", field->name);
        else
            fprintf(out, "    %2u  %s\n", field->place, field->name);
        explain_print(out, "          ", field->doc);
    }
    print_section(out, "what the host does with violations", entry->host);
    print_section(out, "what one would not expect", entry->quirks);
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

size_t explain_skip_prefix(const char *name, size_t length)
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
    size_t skip = explain_skip_prefix(name, length);

    for (; table->name; table++) {
        if (same_name(table->name, name + skip, length - skip))
            return table;
    }
    return NULL;
}
