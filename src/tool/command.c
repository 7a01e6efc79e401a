/* SPDX-License-Identifier: MIT */
#include "command.h"

#include "report.h"
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_OPTIONS 16

/* What getopt_long returns for --help, and for an option without a letter: its number behind it. */
#define HELP_VALUE   256
#define OPTION_VALUE 257

const struct tool_command *const tool_commands[] = {
    &tool_info,      &tool_dump,    &tool_asm,  &tool_check,
    &tool_roundtrip, &tool_explain, &tool_diff, &tool_stats,
    &tool_record,    &tool_replay,  NULL,
};

bool tool_parse_number(const char *text, uint64_t *value)
{
    bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    const char *digits = hex ? text + 2 : text;
    char *end;

    /* strtoull takes blanks and signs in front of it. */
    if (!(*digits >= '0' && *digits <= '9') &&
        !(hex && ((*digits >= 'a' && *digits <= 'f') || (*digits >= 'A' && *digits <= 'F'))))
        return false;
    errno = 0;
    *value = strtoull(digits, &end, hex ? 16 : 10);
    return errno == 0 && *end == '\0';
}

static void print_option(const struct tool_option *option)
{
    char text[64];
    char letter[8] = "    ";

    if (option->letter)
        snprintf(letter, sizeof(letter), "-%c, ", option->letter);
    snprintf(text, sizeof(text), "%s--%s%s%s", letter, option->name, option->argument ? " " : "",
             option->argument ? option->argument : "");
    printf("  %-28s %s\n", text, option->help);
}

void tool_print_help(const struct tool_command *command)
{
    printf("Usage: virglcmd %s [OPTION]... %s\n\n%s\n\n", command->name, command->arguments,
           command->summary);
    for (const struct tool_option *option = command->options; option->name; option++)
        print_option(option);
    print_option(&(struct tool_option){.name = "help", .letter = 'h', .help = "print this"});
}

int tool_wrong_arguments(const struct tool_command *command, const char *what)
{
    tool_error("%s: %s", command->name, what);
    fprintf(stderr, "Usage: virglcmd %s [OPTION]... %s\n", command->name, command->arguments);
    return TOOL_TROUBLE;
}

/* Stores the argument of an option; false when it is not a number and should be one. */
static bool store(const struct tool_command *command, const struct tool_option *option,
                  void *values)
{
    void *place = (char *)values + option->offset;

    if (option->kind == TOOL_FLAG) {
        *(bool *)place = true;
        return true;
    }
    if (option->kind != TOOL_NUMBER) {
        *(const char **)place = optarg;
        return true;
    }
    struct tool_number *number = place;

    number->given = true;
    if (tool_parse_number(optarg, &number->value))
        return true;
    tool_error("%s: --%s is \"%s\"; it takes a whole number, decimal or with 0x in front",
               command->name, option->name, optarg);
    return false;
}

/* Fills what getopt_long wants from the command's table. */
static void make_getopt(const struct tool_command *command, struct option *known, char *letters)
{
    size_t n = 0;

    for (; n < MAX_OPTIONS && command->options[n].name; n++) {
        const struct tool_option *option = &command->options[n];

        known[n] = (struct option){option->name, option->argument ? required_argument : no_argument,
                                   NULL, OPTION_VALUE + (int)n};
        if (option->letter) {
            *letters++ = option->letter;
            if (option->argument)
                *letters++ = ':';
        }
    }
    known[n] = (struct option){"help", no_argument, NULL, HELP_VALUE};
    *letters++ = 'h';
    *letters = '\0';
}

static const struct tool_option *find(const struct tool_command *command, int value)
{
    if (value >= OPTION_VALUE)
        return &command->options[value - OPTION_VALUE];
    for (const struct tool_option *option = command->options; option->name; option++) {
        if (option->letter == value)
            return option;
    }
    return NULL;
}

static bool parse(const struct tool_command *command, int argc, char **argv, void *values,
                  int *result, char *letters)
{
    struct option known[MAX_OPTIONS + 2];
    char name[64];
    int value;

    memset(known, 0, sizeof(known));
    make_getopt(command, known, letters + strlen(letters));
    /* getopt_long begins what it says with this. */
    snprintf(name, sizeof(name), "virglcmd %s", command->name);
    argv[0] = name;
    optind = 1;
    while ((value = getopt_long(argc, argv, letters, known, NULL)) != -1) {
        const struct tool_option *option = find(command, value);

        if (value == HELP_VALUE || value == 'h') {
            tool_print_help(command);
            *result = tool_output_end(TOOL_GOOD);
            return false;
        }
        if (!option || !store(command, option, values)) {
            if (!option)
                fprintf(stderr, "\"virglcmd %s --help\" lists what there is.\n", command->name);
            *result = TOOL_TROUBLE;
            return false;
        }
    }
    return true;
}

static bool parse_with(const struct tool_command *command, int argc, char **argv, void *values,
                       int *first, int *result, const char *prefix)
{
    char letters[2 * MAX_OPTIONS + 4];
    char *own_name = argv[0];
    bool good;

    snprintf(letters, sizeof(letters), "%s", prefix);
    good = parse(command, argc, argv, values, result, letters);
    argv[0] = own_name;
    *first = optind;
    return good;
}

bool tool_parse(const struct tool_command *command, int argc, char **argv, void *values, int *first,
                int *result)
{
    return parse_with(command, argc, argv, values, first, result, "");
}

bool tool_parse_until_argument(const struct tool_command *command, int argc, char **argv,
                               void *values, int *first, int *result)
{
    return parse_with(command, argc, argv, values, first, result, "+");
}
