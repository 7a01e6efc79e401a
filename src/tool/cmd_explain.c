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

/* Longest line that is looked at; the rest of a longer one is not. */
#define MAX_LINE  4096u
#define MAX_CLEAN (4u * MAX_LINE) /* each byte may become four */

/* Blanks for tabs, and nothing that a terminal would obey. */
static const char *cleaned(char *line, char clean[MAX_CLEAN])
{
    for (char *tab = line; (tab = strchr(tab, '\t')) != NULL;)
        *tab = ' ';
    tool_clean(line, strlen(line), clean, (size_t)MAX_CLEAN);
    return clean;
}

/* A log, line by line: what is not understood is passed over. */
static int explain_stream(FILE *file)
{
    char line[MAX_LINE], clean[MAX_CLEAN];
    bool any = false, begins = true;

    while (fgets(line, sizeof(line), file) && !tool_output_lost()) {
        size_t length = strcspn(line, "\n");
        bool ends = line[length] != '\0', first = begins;

        if (length > 0 && line[length - 1] == '\r')
            length--;
        line[length] = '\0';
        begins = ends;
        /* Single words and numbers are in every log. */
        if (!first || !strchr(line, ' '))
            continue;
        if (explain_line(cleaned(line, clean))) {
            printf("    (line: %s)\n\n", clean);
            any = true;
        }
    }
    if (ferror(file)) {
        tool_error("explain: standard input cannot be read");
        return TOOL_TROUBLE;
    }
    if (!any)
        printf("nothing in it is known\n");
    return TOOL_GOOD;
}

static int run(int argc, char **argv)
{
    char line[MAX_LINE], clean[MAX_CLEAN];
    size_t length = 0;
    int first, result;

    if (!tool_parse(&tool_explain, argc, argv, &(char){0}, &first, &result))
        return result;
    if (first == argc)
        return tool_wrong_arguments(&tool_explain, "nothing is named");
    if (argc - first == 1 && strcmp(argv[first], "-") == 0)
        return explain_stream(stdin);
    for (int i = first; i < argc && length < sizeof(line); i++)
        length += (size_t)snprintf(line + length, sizeof(line) - length, "%s%s",
                                   i > first ? " " : "", argv[i]);
    if (explain_line(cleaned(line, clean)))
        return TOOL_GOOD;
    tool_error("explain: nothing is known about \"%s\"; it takes a number, a name of a command, "
               "field, format, value or fault, or a line of a log",
               clean);
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
