/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "clean.h"
#include "command.h"
#include "explain.h"
#include "report.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
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

/* What has been printed last, and how often it was what a line meant. */
struct last {
    char *text; /* NULL: nothing */
    size_t times;
};

/* Many lines of a log say the same: it is told once, at once, and then counted. */
static void print_again(struct last *last)
{
    if (last->times > 1)
        printf("    (%zu times)\n", last->times);
    free(last->text);
    *last = (struct last){NULL, 0};
}

static void print_line(struct last *last, const char *line, char *text)
{
    if (last->text && strcmp(last->text, text) == 0) {
        last->times++;
        free(text);
        return;
    }
    if (last->text) {
        print_again(last);
        printf("\n");
    }
    printf("%s    (line: %s)\n", text, line);
    *last = (struct last){text, 1};
}

/* false: no memory. */
static bool explain_one(struct last *last, const char *line)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    bool known;

    if (!out)
        return false;
    known = explain_line(out, line);
    if (fclose(out) != 0) {
        free(text);
        return false;
    }
    if (known)
        print_line(last, line, text);
    else
        free(text);
    return true;
}

/* A log, line by line: what is not understood is passed over. */
static int explain_stream(FILE *file)
{
    char line[MAX_LINE], shown[MAX_CLEAN];
    struct last last = {NULL, 0};
    size_t length, num_cut = 0;
    bool any, cut, good = true;

    while (good && read_line(file, line, &length, &cut) && !tool_output_lost()) {
        num_cut += cut;
        clean(line, length, shown);
        /* Single words and numbers are in every log. */
        if (strchr(shown, ' '))
            good = explain_one(&last, shown);
    }
    any = last.text != NULL;
    print_again(&last);
    if (num_cut)
        tool_error("explain: of %zu line%s only the first %u bytes were looked at", num_cut,
                   num_cut == 1 ? "" : "s", MAX_LINE);
    if (!good || ferror(file)) {
        tool_error("explain: %s", good ? "standard input cannot be read" : "no memory left");
        return TOOL_TROUBLE;
    }
    if (!any)
        tool_error("explain: nothing in standard input is known");
    return any ? TOOL_GOOD : TOOL_FAULTS;
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

/* "-22" is no option: the only one is --help. */
static bool has_negative_number(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] == '-' && isdigit((unsigned char)argv[i][1]))
            return true;
    }
    return false;
}

static int run(int argc, char **argv)
{
    char line[MAX_LINE], shown[MAX_CLEAN];
    int first = 1, result;

    if (has_negative_number(argc, argv))
        first += strcmp(argv[1], "--") == 0;
    else if (!tool_parse(&tool_explain, argc, argv, &(char){0}, &first, &result))
        return result;
    if (first == argc)
        return tool_wrong_arguments(&tool_explain, "nothing is named");
    if (argc - first == 1 && strcmp(argv[first], "-") == 0)
        return explain_stream(stdin);
    clean(line, join(argv + first, argc - first, line), shown);
    if (explain_line(stdout, shown))
        return TOOL_GOOD;
    tool_error("explain: nothing is known about \"%s\"; it takes a number, a name of a command, "
               "field, format, value or fault, or a line of a log",
               shown);
    return TOOL_FAULTS;
}

const struct tool_command tool_explain = {
    .name = "explain",
    .arguments = "NUMBER|NAME|LINE...|-",
    .summary = "Says what a number, a name or a line of a host's log means",
    .options = options,
    .takes_files = false,
    .run = run,
};
