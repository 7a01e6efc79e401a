/* SPDX-License-Identifier: MIT */

/* virglcmd: dumps, checks, records and replays VirGL command streams. One file per command. */

#include "command.h"
#include "report.h"
#include <stdio.h>
#include <string.h>
#include <virglcmd/version.h>

static void print_usage(FILE *file)
{
    fprintf(file, "Usage: virglcmd COMMAND [OPTION]... [ARGUMENT]...\n\n"
                  "Shows, checks, records and replays what is said to a VirGL host.\n\n");
    for (const struct tool_command *const *command = tool_commands; *command; command++)
        fprintf(file, "  %-10s %s\n", (*command)->name, (*command)->summary);
    fprintf(file, "\n"
                  "  --help     print this; \"virglcmd COMMAND --help\" says more\n"
                  "  --version  print the version\n"
                  "  --options  print every option of every command, for scripts\n\n"
                  "Ends with 0 when all is good, 1 when faults were found, 2 when something could\n"
                  "not be read or done.\n");
}

/* Tab-separated: command, option, letter, argument, words, help. Completion is made from it. */
static void print_options(void)
{
    for (const struct tool_command *const *c = tool_commands; *c; c++) {
        printf("%s\t\t\t%s\t\t%s\n", (*c)->name, (*c)->takes_files ? "FILE" : "", (*c)->summary);
        for (const struct tool_option *o = (*c)->options; o->name; o++) {
            printf("%s\t%s\t", (*c)->name, o->name);
            if (o->letter)
                putchar(o->letter);
            printf("\t%s\t%s\t%s\n", o->argument ? o->argument : "", o->words ? o->words : "",
                   o->help);
        }
    }
}

static int run_command(int argc, char **argv)
{
    for (const struct tool_command *const *command = tool_commands; *command; command++) {
        if (strcmp((*command)->name, argv[0]) == 0)
            return tool_output_end((*command)->run(argc, argv));
    }
    tool_error("there is no command \"%s\"", argv[0]);
    print_usage(stderr);
    return TOOL_TROUBLE;
}

int main(int argc, char **argv)
{
    tool_output_begin();
    if (argc < 2) {
        print_usage(stderr);
        return TOOL_TROUBLE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        print_usage(stdout);
    else if (strcmp(argv[1], "--version") == 0)
        printf("virglcmd %s\n", VCMD_VERSION_STRING);
    else if (strcmp(argv[1], "--options") == 0)
        print_options();
    else
        return run_command(argc - 1, argv + 1);
    return tool_output_end(TOOL_GOOD);
}
