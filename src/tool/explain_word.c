/* SPDX-License-Identifier: MIT */
#include "explain.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <virglcmd/diagnostics.h>
#include <virglcmd/format.h>

/* "DRAW_VBO.mode", "rt.colormask": the last word is a field of the entry before it. */
static bool explain_field_of(const struct explain_entry *table, const char *word)
{
    for (const char *dot = strchr(word, '.'); dot; dot = strchr(dot + 1, '.')) {
        const struct explain_entry *entry = explain_find_entry(table, word, (size_t)(dot - word));

        for (const struct explain_field *field = entry ? entry->fields : NULL; field && field->name;
             field++) {
            if (strcasecmp(field->name, dot + 1) != 0)
                continue;
            printf("%s of %s, %s %u\n", field->name, entry->name,
                   entry->number < 0x100 ? "dword" : "byte", field->place);
            explain_print("  ", field->doc);
            return true;
        }
    }
    return false;
}

/* "CREATE_OBJECT" stands for all of its objects. */
static bool explain_family(const char *word)
{
    size_t length = strlen(word);
    bool any = false;

    for (const struct explain_entry *entry = explain_commands; entry->name; entry++) {
        if (strncasecmp(entry->name, word, length) != 0 || entry->name[length] != '.')
            continue;
        if (!any)
            printf("%s is several packets:\n", word);
        printf("  %-36s %s\n", entry->name, entry->summary);
        any = true;
    }
    return any;
}

static bool explain_entry_name(const char *word)
{
    const struct explain_entry *command = explain_find_entry(explain_commands, word, strlen(word));
    const struct explain_entry *control = explain_find_entry(explain_controls, word, strlen(word));

    if (command) {
        printf("Command %" PRIu32 " of the stream", command->number);
        if (command->has_object && command->object != EXPLAIN_ANY_OBJECT)
            printf(", object %u", command->object);
        printf(": ");
        explain_print_entry(command, true);
    }
    if (control) {
        printf("%s 0x%04" PRIx32 " of the control queue: ",
               control->number < 0x1000 ? "Request" : "Response", control->number);
        explain_print_entry(control, true);
    }
    return command || control;
}

static bool explain_code_name(const char *word)
{
    static const char prefix[] = "VCMD_DIAGNOSTIC_";
    size_t count;
    const struct vcmd_diagnostic_info *info = vcmd_diagnostic_infos(&count);

    if (strncasecmp(word, prefix, sizeof(prefix) - 1) == 0)
        word += sizeof(prefix) - 1;
    for (size_t i = 0; i < count; i++) {
        if (strcasecmp(info[i].name, word) == 0)
            return explain_diagnostic(info[i].code);
    }
    return false;
}

static bool explain_value_name(const char *word)
{
    bool any = false;

    for (const struct explain_value *value = explain_values; value->name; value++) {
        if (strcasecmp(value->name, word) != 0 || strcmp(value->enumeration, "format") == 0)
            continue;
        if (value->is_flag)
            printf("0x%" PRIx32, value->value);
        else
            printf("%" PRIu32, value->value);
        printf(" of %s: %s\n", value->enumeration, value->name);
        explain_print("  ", *value->doc ? value->doc : "Nothing more is known about it.");
        any = true;
    }
    return any;
}

bool explain_word(const char *word)
{
    const struct vcmd_format_info *format = vcmd_format_by_name(word);
    bool any = explain_entry_name(word);

    any = explain_family(word) || any;
    any = explain_field_of(explain_commands, word) || any;
    any = explain_field_of(explain_controls, word) || any;
    any = explain_code_name(word) || any;
    any = (format && explain_format(format->format)) || any;
    return explain_value_name(word) || any;
}
