/* SPDX-License-Identifier: MIT */
#include "command.h"
#include "explain.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <virglcmd/decode.h>
#include <virglcmd/diagnostics.h>

const char *explain_behind(const char *line, const char *phrase)
{
    const char *found = strstr(line, phrase);

    return found ? found + strlen(phrase) : NULL;
}

bool explain_number_at(const char *text, uint32_t *number)
{
    char *end;
    long long value;

    text += strspn(text, " \t");
    value = strtoll(text, &end, strncmp(text, "0x", 2) == 0 ? 16 : 10);
    if (end == text || value < INT32_MIN || value > UINT32_MAX)
        return false;
    *number = (uint32_t)value;
    return true;
}

/* ---- virglrenderer ---- */

/* The host logs "CREATE_OBJECT" whatever the object is. */
static bool explain_name(FILE *out, const char *name, size_t length)
{
    const struct explain_entry *entry = explain_find_entry(explain_commands, name, length);

    if (entry) {
        explain_print_entry(out, entry, false);
        return true;
    }
    if (!explain_family(out, name, length))
        return false;
    fprintf(out,
            "  Which of them it was this line does not say. The number behind \"Illegal command "
            "buffer\" does,\n  often in the next line; what the host rejects is told by name: "
            "virglcmd explain CREATE_OBJECT.BLEND\n");
    return true;
}

static bool is_command(const char *name, size_t length)
{
    for (const struct explain_entry *entry = explain_commands; entry->name; entry++) {
        if (strncmp(entry->name, name, length) == 0 &&
            (entry->name[length] == '.' || entry->name[length] == '\0'))
            return true;
    }
    return false;
}

/* "context 1 failed to dispatch DRAW_VBO: 22" */
static bool explain_dispatch(FILE *out, const char *line)
{
    const char *name = explain_behind(line, "failed to dispatch ");
    const char *place = explain_behind(line, "context ");
    uint32_t number, context;
    size_t length;

    if (!name)
        return false;
    length = strcspn(name, ": \t");
    if (length == 0 || !is_command(name, length))
        return false;
    fprintf(out, "The host rejected the submit");
    if (place && explain_number_at(place, &context))
        fprintf(out, " of context %" PRIu32, context);
    fprintf(out, " at a packet %.*s: the packets before it were executed, none behind it.\n",
            (int)length, name);
    if (explain_number_at(name + length + strspn(name + length, ": "), &number))
        explain_errno(out, number);
    return explain_name(out, name, length);
}

/* The sentences of the commands that say they end in this error. */
static void print_causes(FILE *out, const char *error)
{
    const char *name = strncmp(error, "CTX_", 4) == 0 ? error + 4 : error;
    bool any = false;

    for (const struct explain_entry *entry = explain_commands; entry->name; entry++) {
        const char *point = entry->host;

        while (point && *point) {
            const char *end = point + strcspn(point, "\n");
            const char *found = strstr(point, name);

            if (found && found < end) {
                fprintf(out, "%s    %s\n", any ? "" : "  commands that end in it\n", entry->name);
                fprintf(out, "        %.*s\n", (int)(end - point), point);
                any = true;
            }
            point = *end ? end + 1 : end;
        }
    }
}

/* The host says 0 where it has no header to name. */
static void explain_no_header(FILE *out)
{
    fprintf(out,
            "  0 names no packet. Most often the last packet of the submit announces more dwords "
            "than there are\n  left in it; scissors beyond the last slot give 0, too. It is hardly "
            "ever the header of a NOP.\n");
    explain_diagnostic(out, VCMD_DIAGNOSTIC_PACKET_OVERRUN);
}

/* What the number behind the message means depends on the error. */
static void explain_detail(FILE *out, const struct explain_value *error, uint32_t number)
{
    if (strcmp(error->name, "CTX_ILLEGAL_CMD_BUFFER") == 0 && number == 0)
        explain_no_header(out);
    else if (strcmp(error->name, "CTX_ILLEGAL_CMD_BUFFER") == 0)
        explain_header(out, number);
    else if (strstr(error->name, "FORMAT"))
        explain_format(out, number);
    else if (strcmp(error->name, "CTX_UNKNOWN") == 0)
        explain_gl_error(out, number);
    else if (strstr(error->name, "HANDLE") || strstr(error->name, "SURFACE"))
        fprintf(out, "  It is about the object with handle %" PRIu32 ".\n", number);
    else if (strstr(error->name, "RESOURCE"))
        fprintf(out, "  It is about the resource with id %" PRIu32 ".\n", number);
}

/* The longest message of the line: one may begin with another. */
static const struct explain_value *find_error(const char *line)
{
    const struct explain_value *found = NULL;

    for (const struct explain_value *error = explain_values; error->name; error++) {
        if (!error->message || !strstr(line, error->message))
            continue;
        /* "None" and "Unknown" are words of other sentences, too. */
        if (!strchr(error->message, ' ') && !explain_behind(line, "context error reported"))
            continue;
        if (!found || strlen(error->message) > strlen(found->message))
            found = error;
    }
    return found;
}

/* 'context error reported 1 "glxgears" Illegal command buffer 786440', or the end of it. */
static bool explain_report(FILE *out, const char *line)
{
    const struct explain_value *error = find_error(line);
    const char *place;
    uint32_t number;

    if (!error)
        return false;
    place = explain_behind(line, "context error reported ");
    fprintf(out, "The host put ");
    if (place && explain_number_at(place, &number))
        fprintf(out, "context %" PRIu32, number);
    else
        fprintf(out, "a context");
    fprintf(out, " into the error state: VIRGL_ERROR_%s, %s.\n", error->name, error->doc);
    fprintf(
        out,
        "  The submit can be answered with success all the same; draws, clears and copies of the\n"
        "  context are skipped from then on.\n");
    if (explain_number_at(explain_behind(line, error->message), &number))
        explain_detail(out, error, number);
    print_causes(out, error->name);
    return true;
}

static bool explain_resource(FILE *out, const char *line)
{
    const char *flags = explain_behind(line, "Illegal buffer binding flags ");
    const char *reason = explain_behind(line, "Illegal resource parameters, error: ");
    const struct explain_entry *entry =
        explain_find_entry(explain_controls, "RESOURCE_CREATE_3D", 18);
    uint32_t bits;

    if ((!flags && !reason) || !entry)
        return false;
    fprintf(out, "The host did not create a resource%s%s\n", reason ? ": " : ".",
            reason ? reason : "");
    if (flags && explain_number_at(flags, &bits)) {
        fprintf(out, "  bind is");
        for (uint32_t bit = 1; bit != 0; bit <<= 1) {
            const char *name = bits & bit ? vcmd_enum_name(VCMD_ENUM_BIND_FLAGS, bit) : NULL;

            if (name)
                fprintf(out, " %s", name);
            else if (bits & bit)
                fprintf(out, " 0x%" PRIx32, bit);
        }
        fprintf(out, "\n");
    }
    explain_print_entry(out, entry, false);
    return true;
}

/* "GL error reported (1286) for context 1" */
static bool explain_gl(FILE *out, const char *line)
{
    const char *place = explain_behind(line, "GL error reported (");
    uint32_t number;

    if (!place || !explain_number_at(place, &number))
        return false;
    fprintf(out,
            "OpenGL on the host refused what the host made of a packet; the submit ends there.\n");
    explain_gl_error(out, number);
    return true;
}

/* ---- QEMU and the guest's kernel ---- */

static bool explain_pair(FILE *out, const char *line, const char *command_phrase,
                         const char *error_phrase)
{
    const char *command = explain_behind(line, command_phrase);
    const char *error = explain_behind(line, error_phrase);
    uint32_t type, response;
    bool known;

    if (!command || !error || !explain_number_at(command, &type) ||
        !explain_number_at(error, &response))
        return false;
    fprintf(out, "The device answered a request with an error.\n");
    known = explain_control_type(out, response);
    return explain_control_type(out, type) || known;
}

static bool explain_control(FILE *out, const char *line)
{
    return explain_pair(out, line, "ctrl ", "error ") ||
           explain_pair(out, line, "command ", "response ");
}

/* ---- others ---- */

/* "errno 22", and "errno -22", as kernels have it. */
static bool explain_signed_errno(FILE *out, uint32_t number)
{
    return explain_errno(out, number > INT32_MAX ? 0u - number : number);
}

/* "format 67": a number with the word that says which number it is. */
static bool explain_qualified(FILE *out, const char *line)
{
    static const struct {
        const char *word;
        bool (*explain)(FILE *, uint32_t);
    } kinds[] = {{"header ", explain_header},     {"format ", explain_format},
                 {"code ", explain_diagnostic},   {"errno ", explain_signed_errno},
                 {"type ", explain_control_type}, {"response ", explain_control_type},
                 {"GL error ", explain_gl_error}};
    uint32_t number;

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        const char *place = explain_behind(line, kinds[i].word);

        if (place && explain_number_at(place, &number) && kinds[i].explain(out, number))
            return true;
    }
    return false;
}

/* Names of commands and codes anywhere in the line. A word of one part is too common for that. */
static bool explain_words(FILE *out, const char *line)
{
    bool any = false;

    while (*line) {
        size_t length = 0;
        char word[64];

        while (isalnum((unsigned char)line[length]) || line[length] == '_' || line[length] == '.')
            length++;
        if (length > 3 && length < sizeof(word)) {
            memcpy(word, line, length);
            word[length] = '\0';
            if (word[length - 1] == '.')
                word[length - 1] = '\0';
            any = ((strchr(word, '_') || strchr(word, '.')) && explain_word(out, word)) || any;
        }
        line += length ? length : 1;
    }
    return any;
}

bool explain_line(FILE *out, const char *line)
{
    bool (*const readings[])(FILE *, const char *) = {
        explain_dispatch, explain_resource, explain_report,   explain_gl,
        explain_message,  explain_control,  explain_qualified};
    uint64_t number;

    if (tool_parse_number(line, &number))
        return explain_number(out, number);
    if (line[0] == '-' && tool_parse_number(line + 1, &number))
        return number <= INT32_MAX && explain_errno(out, (uint32_t)number);
    if (!strchr(line, ' '))
        return explain_word(out, line);
    for (size_t i = 0; i < sizeof(readings) / sizeof(readings[0]); i++) {
        if (readings[i](out, line))
            return true;
    }
    return explain_words(out, line);
}
