/* SPDX-License-Identifier: MIT */
#include "command.h"
#include "explain.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <virglcmd/decode.h>

/* Where the text behind a phrase begins; NULL when the phrase is not in the line. */
static const char *behind(const char *line, const char *phrase)
{
    const char *found = strstr(line, phrase);

    return found ? found + strlen(phrase) : NULL;
}

/* The number at text, behind blanks; decimal, negative too, or 0x. */
static bool number_at(const char *text, uint32_t *number)
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

/* "context 1 failed to dispatch DRAW_VBO: 22" */
static bool explain_dispatch(const char *line)
{
    const char *name = behind(line, "failed to dispatch ");
    const struct explain_entry *entry;
    uint32_t number, context;
    size_t length;

    if (!name)
        return false;
    length = strcspn(name, ": \t");
    entry = explain_find_entry(explain_commands, name, length);
    for (const struct explain_entry *e = explain_commands; !entry && e->name; e++) {
        if (strncmp(e->name, name, length) == 0 && e->name[length] == '.')
            entry = e;
    }
    if (!entry)
        return false;
    printf("The host rejected the submit");
    if (behind(line, "context ") && number_at(behind(line, "context "), &context))
        printf(" of context %" PRIu32, context);
    printf(" at a packet %.*s: the packets before it were executed, none behind it.\n", (int)length,
           name);
    if (number_at(name + length + strspn(name + length, ": "), &number))
        explain_errno(number);
    explain_print_entry(entry, false);
    return true;
}

/* The sentences of the commands that say they end in this error. */
static void print_causes(const char *error)
{
    const char *name = strncmp(error, "CTX_", 4) == 0 ? error + 4 : error;
    bool any = false;

    for (const struct explain_entry *entry = explain_commands; entry->name; entry++) {
        const char *point = entry->host;

        while (point && *point) {
            const char *end = point + strcspn(point, "\n");
            const char *found = strstr(point, name);

            if (found && found < end) {
                printf("%s    %s\n", any ? "" : "  commands that end in it\n", entry->name);
                printf("        %.*s\n", (int)(end - point), point);
                any = true;
            }
            point = *end ? end + 1 : end;
        }
    }
}

/* What the number behind the message means depends on the error. */
static void explain_detail(const struct explain_value *error, uint32_t number)
{
    if (strcmp(error->name, "CTX_ILLEGAL_CMD_BUFFER") == 0)
        explain_header(number);
    else if (strstr(error->name, "FORMAT"))
        explain_format(number);
    else if (strcmp(error->name, "CTX_UNKNOWN") == 0)
        explain_gl_error(number);
    else if (strstr(error->name, "HANDLE") || strstr(error->name, "SURFACE"))
        printf("  It is about the object with handle %" PRIu32 ".\n", number);
    else if (strstr(error->name, "RESOURCE"))
        printf("  It is about the resource with id %" PRIu32 ".\n", number);
}

/* The longest message of the line: one may begin with another. */
static const struct explain_value *find_error(const char *line)
{
    const struct explain_value *found = NULL;

    for (const struct explain_value *error = explain_values; error->name; error++) {
        if (!error->message || !strstr(line, error->message))
            continue;
        /* "None" and "Unknown" are words of other sentences, too. */
        if (!strchr(error->message, ' ') && !behind(line, "context error reported"))
            continue;
        if (!found || strlen(error->message) > strlen(found->message))
            found = error;
    }
    return found;
}

/* 'context error reported 1 "glxgears" Illegal command buffer 786440', or the end of it. */
static bool explain_report(const char *line)
{
    const struct explain_value *error = find_error(line);
    const char *place;
    uint32_t number;

    if (!error)
        return false;
    place = behind(line, "context error reported ");
    printf("The host put ");
    if (place && number_at(place, &number))
        printf("context %" PRIu32, number);
    else
        printf("a context");
    printf(" into the error state: VIRGL_ERROR_%s, %s.\n", error->name, error->doc);
    printf(
        "  The submit can be answered with success all the same; draws, clears and copies of the\n"
        "  context are skipped from then on.\n");
    if (number_at(behind(line, error->message), &number))
        explain_detail(error, number);
    print_causes(error->name);
    return true;
}

static bool explain_resource(const char *line)
{
    const char *flags = behind(line, "Illegal buffer binding flags ");
    const char *reason = behind(line, "Illegal resource parameters, error: ");
    const struct explain_entry *entry =
        explain_find_entry(explain_controls, "RESOURCE_CREATE_3D", 18);
    uint32_t bits;

    if ((!flags && !reason) || !entry)
        return false;
    printf("The host did not create a resource%s%s\n", reason ? ": " : ".", reason ? reason : "");
    if (flags && number_at(flags, &bits)) {
        printf("  bind is");
        for (uint32_t bit = 1; bit != 0; bit <<= 1) {
            const char *name = bits & bit ? vcmd_enum_name(VCMD_ENUM_BIND_FLAGS, bit) : NULL;

            if (name)
                printf(" %s", name);
            else if (bits & bit)
                printf(" 0x%" PRIx32, bit);
        }
        printf("\n");
    }
    explain_print_entry(entry, false);
    return true;
}

/* "GL error reported (1286) for context 1" */
static bool explain_gl(const char *line)
{
    const char *place = behind(line, "GL error reported (");
    uint32_t number;

    if (!place || !number_at(place, &number))
        return false;
    printf("OpenGL on the host refused what the host made of a packet; the submit ends there.\n");
    explain_gl_error(number);
    return true;
}

/* ---- QEMU and the guest's kernel ---- */

static bool explain_pair(const char *line, const char *command_phrase, const char *error_phrase)
{
    const char *command = behind(line, command_phrase);
    const char *error = behind(line, error_phrase);
    uint32_t type, response;
    bool known;

    if (!command || !error || !number_at(command, &type) || !number_at(error, &response))
        return false;
    printf("The device answered a request with an error.\n");
    known = explain_control_type(response);
    return explain_control_type(type) || known;
}

static bool explain_control(const char *line)
{
    return explain_pair(line, "ctrl ", "error ") || explain_pair(line, "command ", "response ");
}

/* ---- others ---- */

/* "errno 22", and "errno -22", as kernels have it. */
static bool explain_signed_errno(uint32_t number)
{
    return explain_errno(number > INT32_MAX ? 0u - number : number);
}

/* "format 67": a number with the word that says which number it is. */
static bool explain_qualified(const char *line)
{
    static const struct {
        const char *word;
        bool (*explain)(uint32_t);
    } kinds[] = {{"header ", explain_header},     {"format ", explain_format},
                 {"code ", explain_diagnostic},   {"errno ", explain_signed_errno},
                 {"type ", explain_control_type}, {"response ", explain_control_type},
                 {"GL error ", explain_gl_error}};
    uint32_t number;

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        const char *place = behind(line, kinds[i].word);

        if (place && number_at(place, &number) && kinds[i].explain(number))
            return true;
    }
    return false;
}

/* Names of commands and codes anywhere in the line. A word of one part is too common for that. */
static bool explain_words(const char *line)
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
            any = ((strchr(word, '_') || strchr(word, '.')) && explain_word(word)) || any;
        }
        line += length ? length : 1;
    }
    return any;
}

bool explain_line(const char *line)
{
    bool (*const readings[])(const char *) = {explain_dispatch, explain_resource,
                                              explain_report,   explain_gl,
                                              explain_control,  explain_qualified};
    uint64_t number;

    if (tool_parse_number(line, &number))
        return explain_number(number);
    if (!strchr(line, ' '))
        return explain_word(line);
    for (size_t i = 0; i < sizeof(readings) / sizeof(readings[0]); i++) {
        if (readings[i](line))
            return true;
    }
    return explain_words(line);
}
