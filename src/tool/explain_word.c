/* SPDX-License-Identifier: MIT */
#include "explain.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <virglcmd/diagnostics.h>
#include <virglcmd/format.h>

static void print_field(FILE *out, const struct explain_entry *entry,
                        const struct explain_field *field)
{
    fprintf(out, "%s of %s", field->name, entry->name);
    if (field->place != EXPLAIN_NO_PLACE)
        fprintf(out, ", %s %u", entry->number < 0x100 ? "dword" : "byte", field->place);
    fprintf(out, "\n");
    explain_print(out, "  ", field->doc);
}

/* "DRAW_VBO.mode", "CREATE_OBJECT.BLEND.rt.colormask": the last word is a field of the entry before
 * it. */
static bool explain_field_of(FILE *out, const struct explain_entry *table, const char *word)
{
    for (const char *dot = strchr(word, '.'); dot; dot = strchr(dot + 1, '.')) {
        const struct explain_entry *entry = explain_find_entry(table, word, (size_t)(dot - word));

        for (const struct explain_field *field = entry ? entry->fields : NULL; field && field->name;
             field++) {
            if (strcasecmp(field->name, dot + 1) != 0)
                continue;
            print_field(out, entry, field);
            return true;
        }
    }
    return false;
}

/* "rt.colormask" alone: of every command that has it. */
static bool explain_field_alone(FILE *out, const char *word)
{
    bool any = false;

    if (!strchr(word, '.'))
        return false;
    for (const struct explain_entry *entry = explain_commands; entry->name; entry++) {
        for (const struct explain_field *field = entry->fields; field->name; field++) {
            if (strcasecmp(field->name, word) != 0)
                continue;
            print_field(out, entry, field);
            any = true;
        }
    }
    return any;
}

bool explain_family(FILE *out, const char *name, size_t length)
{
    size_t skip = explain_skip_prefix(name, length);
    bool any = false;

    name += skip;
    length -= skip;
    for (const struct explain_entry *entry = explain_commands; entry->name; entry++) {
        if (strncasecmp(entry->name, name, length) != 0 || entry->name[length] != '.')
            continue;
        if (!any)
            fprintf(out, "%.*s is several packets:\n", (int)length, name);
        fprintf(out, "  %-36s %s\n", entry->name, entry->summary);
        any = true;
    }
    return any;
}

static bool explain_entry_name(FILE *out, const char *word)
{
    const struct explain_entry *command = explain_find_entry(explain_commands, word, strlen(word));
    const struct explain_entry *control = explain_find_entry(explain_controls, word, strlen(word));

    if (command) {
        fprintf(out, "Command %" PRIu32 " of the stream", command->number);
        if (command->has_object && command->object != EXPLAIN_ANY_OBJECT)
            fprintf(out, ", object %u", command->object);
        fprintf(out, ": ");
        explain_print_entry(out, command, true);
    }
    if (control) {
        fprintf(out, "%s 0x%04" PRIx32 " of the control queue: ",
                control->number < 0x1000 ? "Request" : "Response", control->number);
        explain_print_entry(out, control, true);
    }
    return command || control;
}

static bool explain_code_name(FILE *out, const char *word)
{
    static const char prefix[] = "VCMD_DIAGNOSTIC_";
    size_t count;
    const struct vcmd_diagnostic_info *info = vcmd_diagnostic_infos(&count);

    if (strncasecmp(word, prefix, sizeof(prefix) - 1) == 0)
        word += sizeof(prefix) - 1;
    for (size_t i = 0; i < count; i++) {
        if (strcasecmp(info[i].name, word) == 0)
            return explain_diagnostic(out, info[i].code);
    }
    return false;
}

static bool is_value(const struct explain_value *value, const char *word)
{
    return strcasecmp(value->name, word) == 0 || strcasecmp(value->origin, word) == 0 ||
           strcasecmp(value->c_name, word) == 0;
}

static bool explain_value_name(FILE *out, const char *word)
{
    bool any = false;

    for (const struct explain_value *value = explain_values; value->name; value++) {
        if (!is_value(value, word) || strcmp(value->enumeration, "format") == 0)
            continue;
        if (value->is_flag)
            fprintf(out, "0x%" PRIx32, value->value);
        else
            fprintf(out, "%" PRIu32, value->value);
        fprintf(out, " of %s: %s\n", value->enumeration, value->name);
        explain_print(out, "  ", *value->doc ? value->doc : "Nothing more is known about it.");
        any = true;
    }
    return any;
}

static bool explain_format_name(FILE *out, const char *word)
{
    static const char *const prefixes[] = {"VIRGL_FORMAT_", "PIPE_FORMAT_", "VCMD_FORMAT_"};
    const struct vcmd_format_info *format;

    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        if (strncasecmp(word, prefixes[i], strlen(prefixes[i])) == 0)
            word += strlen(prefixes[i]);
    }
    format = vcmd_format_by_name(word);
    return format && explain_format(out, format->format);
}

bool explain_word(FILE *out, const char *word)
{
    bool any = explain_entry_name(out, word);

    any = explain_family(out, word, strlen(word)) || any;
    any = explain_field_of(out, explain_commands, word) || any;
    any = explain_field_of(out, explain_controls, word) || any;
    any = explain_field_alone(out, word) || any;
    any = explain_code_name(out, word) || any;
    any = explain_format_name(out, word) || any;
    any = explain_errno_name(out, word) || any;
    any = explain_gl_error_name(out, word) || any;
    return explain_value_name(out, word) || any;
}
