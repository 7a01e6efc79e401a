/* SPDX-License-Identifier: MIT */
#ifndef TOOL_COMMAND_H
#define TOOL_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the program ends with. */
enum tool_exit {
    TOOL_GOOD = 0,
    TOOL_FAULTS = 1, /* everything was read, and something in it is not as it should be */
    TOOL_TROUBLE = 2 /* wrong use, or something could not be read, written or reached */
};

enum tool_option_kind {
    TOOL_FLAG = 0,  /* bool */
    TOOL_TEXT = 1,  /* const char *, into argv */
    TOOL_FILE = 2,  /* the same; a file */
    TOOL_NUMBER = 3 /* struct tool_number; decimal or 0x */
};

struct tool_number {
    bool given;
    uint64_t value;
};

/* An option: parsing, --help and shell completion come from this. */
struct tool_option {
    const char *name;     /* "output", without hyphens */
    char letter;          /* 'o'; 0: none */
    uint8_t kind;         /* enum tool_option_kind */
    size_t offset;        /* where in the command's struct the value goes */
    const char *argument; /* "FILE"; NULL for a flag */
    const char *help;     /* one line */
    const char *words;    /* what the argument can be, for completion: "0.9.1 0.10.4"; or NULL */
};

struct tool_command {
    const char *name;
    const char *arguments;             /* "FILE..." */
    const char *summary;               /* one line */
    const struct tool_option *options; /* ended by one without a name; --help is in none */
    bool takes_files;                  /* arguments are files, for completion */
    bool prints_early;                 /* text for standard output, before all is read */

    /* argv[0] is the command's name. Returns enum tool_exit. */
    int (*run)(int argc, char **argv);
};

/* The options that every command for streams has: fields of a struct tool_input_options. */
#define TOOL_RAW_OPTION(type, member)                                                              \
    {                                                                                              \
        "raw", 'r', TOOL_FLAG, offsetof(type, member), NULL,                                       \
            "the files are bare dwords, not captures", NULL                                        \
    }

/* Every command, ended by NULL. */
extern const struct tool_command *const tool_commands[];

extern const struct tool_command tool_asm;
extern const struct tool_command tool_check;
extern const struct tool_command tool_diff;
extern const struct tool_command tool_dump;
extern const struct tool_command tool_explain;
extern const struct tool_command tool_info;
extern const struct tool_command tool_record;
extern const struct tool_command tool_replay;
extern const struct tool_command tool_roundtrip;
extern const struct tool_command tool_stats;

/*
 * Reads the options of a command into values, its zeroed struct. Arguments that are no options end
 * up at argv[*first]. false: the program is to end with *result, --help was asked for or something
 * was wrong and has been said. stop_at_argument: options behind the first argument are not ours.
 */
bool tool_parse(const struct tool_command *command, int argc, char **argv, void *values, int *first,
                int *result);
bool tool_parse_until_argument(const struct tool_command *command, int argc, char **argv,
                               void *values, int *first, int *result);

void tool_print_help(const struct tool_command *command);

/* Says that a number of arguments is wrong; returns TOOL_TROUBLE. */
int tool_wrong_arguments(const struct tool_command *command, const char *what);

/* A whole number, decimal or 0x; nothing in front of it or behind it. */
bool tool_parse_number(const char *text, uint64_t *value);

#endif
