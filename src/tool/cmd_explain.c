/* SPDX-License-Identifier: MIT */
#include "clean.h"
#include "command.h"
#include "explain.h"
#include "report.h"
#include <stdio.h>
#include <string.h>

/* "explain": what a number, a name or a line of a log means. */

static const struct tool_option options[] = {
    {NULL, 0, 0, 0, NULL, NULL, NULL},
};

/* Longest line that is looked at; the rest of a longer one is not, which is told. */
#define MAX_LINE  4096u
#define MAX_CLEAN (4u * MAX_LINE + 1u) /* each byte may become four */

/* Blanks for tabs, none at the ends, and nothing that a terminal would obey. */
static void clean(char *line, size_t length, char out[MAX_CLEAN])
{
    for (size_t i = 0; i < length; i++) {
        if (line[i] == '\t' || (line[i] == '\r' && i + 1 == length))
            line[i] = ' ';
    }
    while (length > 0 && line[length - 1] == ' ')
        length--;
    while (length > 0 && *line == ' ') {
        line++;
        length--;
    }
    tool_clean(line, length, out, (size_t)MAX_CLEAN);
}

/* false at the end. A line may have NUL bytes; cut: there was more than what is given. */
static bool read_line(FILE *file, char line[MAX_LINE], size_t *length, bool *cut)
{
    int c;

    *length = 0;
    *cut = false;
    while ((c = getc(file)) != EOF && c != '\n') {
        if (*length < MAX_LINE)
            line[(*length)++] = (char)c;
        else
            *cut = true;
    }
    return c != EOF || *length > 0;
}

/* A log, line by line: what is not understood is passed over. */
static int explain_stream(FILE *file)
{
    char line[MAX_LINE], shown[MAX_CLEAN];
    size_t length, num_cut = 0;
    bool any = false, cut;

    while (read_line(file, line, &length, &cut) && !tool_output_lost()) {
        num_cut += cut;
        clean(line, length, shown);
        /* Single words and numbers are in every log. */
        if (strchr(shown, ' ') && explain_line(shown)) {
            printf("    (line: %s)\n\n", shown);
            any = true;
        }
    }
    if (num_cut)
        tool_error("explain: of %zu line%s only the first %u bytes were looked at", num_cut,
                   num_cut == 1 ? "" : "s", MAX_LINE);
    if (ferror(file)) {
        tool_error("explain: standard input cannot be read");
        return TOOL_TROUBLE;
    }
    if (!any)
        printf("nothing in it is known\n");
    return TOOL_GOOD;
}

/* Arguments as one line; what does not fit is left out, which is told. */
static size_t join(char **words, int count, char line[MAX_LINE])
{
    size_t length = 0;

    for (int i = 0; i < count; i++) {
        if (i > 0 && length < MAX_LINE)
            line[length++] = ' ';
        for (const char *c = words[i]; *c; c++) {
            if (length == MAX_LINE) {
                tool_error("explain: only the first %u bytes were looked at", MAX_LINE);
                return length;
            }
            line[length++] = *c;
        }
    }
    return length;
}

static int run(int argc, char **argv)
{
    char line[MAX_LINE], shown[MAX_CLEAN];
    int first, result;

    if (!tool_parse(&tool_explain, argc, argv, &(char){0}, &first, &result))
        return result;
    if (first == argc)
        return tool_wrong_arguments(&tool_explain, "nothing is named");
    if (argc - first == 1 && strcmp(argv[first], "-") == 0)
        return explain_stream(stdin);
    clean(line, join(argv + first, argc - first, line), shown);
    if (explain_line(shown))
        return TOOL_GOOD;
    tool_error("explain: nothing is known about \"%s\"; it takes a number, a name of a command, "
               "field, format, value or fault, or a line of a log",
               shown);
    return TOOL_TROUBLE;
}

const struct tool_command tool_explain = {
    .name = "explain",
    .arguments = "NUMBER|NAME|LINE...|-",
    .summary = "Says what a number, a name or a line of a host's log means",
    .options = options,
    .takes_files = false,
    .run = run,
};
