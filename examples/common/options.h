/* SPDX-License-Identifier: MIT */
#ifndef EXAMPLES_COMMON_OPTIONS_H
#define EXAMPLES_COMMON_OPTIONS_H

#include <stdint.h>

/*
 * What every example can be told. Set the defaults, then parse. A program without a picture leaves
 * output NULL, and then has neither --output nor --size.
 */
struct example_options {
    const char *transport; /* --transport NAME; NULL: the first of example_transports() */
    const char *options;   /* --options STR, for the transport; NULL: none */
    const char *output;    /* --output FILE.png */
    const char *record;    /* --record FILE; NULL: no */
    uint32_t width;        /* --size WxH */
    uint32_t height;
};

/* A number that only one program takes: --name N. */
struct example_number {
    const char *name;
    const char *help; /* one line, "default 1" included */
    uint32_t min, max;
    uint32_t *value;
};

/* Largest width and height; hosts may allow less. */
#define EXAMPLE_MAX_SIZE 16384u

/*
 * Reads the command line. number is the program's own option, or NULL. --help prints what there is,
 * about (a sentence) first, and ends the program with 0. A mistake is told on stderr, with what is
 * allowed, and ends it with 2.
 */
void example_parse_options(struct example_options *options, int argc, char **argv,
                           const char *about, const struct example_number *number);

#endif
