/* SPDX-License-Identifier: MIT */
#include "common/options.h"

#include "common/transports.h"
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_usage(FILE *file, const char *program, const struct example_options *defaults,
                        const struct example_number *number)
{
    const struct vcmd_transport *const *transport = example_transports();

    fprintf(file, "Usage: %s [OPTION]...\n", program);
    fprintf(file, "  --transport NAME   what carries the commands, default %s:\n",
            (*transport)->name);
    for (; *transport; transport++)
        fprintf(file, "                       %s: %s\n", (*transport)->name,
                (*transport)->description);
    fprintf(file, "  --options STR      key=value,key=value for the transport\n");
    fprintf(file, "  --record FILE.vcap write down all that the device is told\n");
    if (defaults->output) {
        fprintf(file, "  --output FILE.png  the picture to write, default %s\n", defaults->output);
        fprintf(file, "  --size WxH         size of the picture, 1x1 to %ux%u, default %ux%u\n",
                EXAMPLE_MAX_SIZE, EXAMPLE_MAX_SIZE, defaults->width, defaults->height);
    }
    if (number)
        fprintf(file, "  --%s N%*s%s\n", number->name, (int)(15 - strlen(number->name)), "",
                number->help);
    fprintf(file, "  --help             print this and exit\n");
}

/* Decimal digits only: strtoul alone would take blanks and signs. */
static bool parse_number(const char *text, const char **end, uint32_t *value)
{
    char *stop;
    unsigned long parsed;

    if (*text < '0' || *text > '9')
        return false;
    errno = 0;
    parsed = strtoul(text, &stop, 10);
    if (errno != 0 || parsed > UINT32_MAX)
        return false;
    *end = stop;
    *value = (uint32_t)parsed;
    return true;
}

static bool is_size(uint32_t value)
{
    return value >= 1 && value <= EXAMPLE_MAX_SIZE;
}

static void parse_size(struct example_options *options, const char *program, const char *text)
{
    const char *end = text;

    if (parse_number(text, &end, &options->width) && *end == 'x' &&
        parse_number(end + 1, &end, &options->height) && *end == '\0' && is_size(options->width) &&
        is_size(options->height))
        return;
    fprintf(stderr,
            "%s: --size is \"%s\"; allowed is WIDTHxHEIGHT in pixels, each from 1 to %u, for "
            "example 640x480\n",
            program, text, EXAMPLE_MAX_SIZE);
    exit(2);
}

static void parse_own(const struct example_number *number, const char *program, const char *text)
{
    const char *end = text;
    uint32_t value;

    if (parse_number(text, &end, &value) && *end == '\0' && value >= number->min &&
        value <= number->max) {
        *number->value = value;
        return;
    }
    fprintf(stderr, "%s: --%s is \"%s\"; allowed is a number from %u to %u\n", program,
            number->name, text, number->min, number->max);
    exit(2);
}

static void apply(struct example_options *options, const char *program,
                  const struct example_number *number, int option)
{
    switch (option) {
    case 't':
        options->transport = optarg;
        break;
    case 'O':
        options->options = optarg;
        break;
    case 'r':
        options->record = optarg;
        break;
    case 'o':
        options->output = optarg;
        break;
    case 's':
        parse_size(options, program, optarg);
        break;
    case 'n':
        if (number)
            parse_own(number, program, optarg);
        break;
    default:
        break;
    }
}

void example_parse_options(struct example_options *options, int argc, char **argv,
                           const char *about, const struct example_number *number)
{
    const struct example_options defaults = *options;
    struct option known[8] = {
        {"transport", required_argument, NULL, 't'},
        {"options", required_argument, NULL, 'O'},
        {"record", required_argument, NULL, 'r'},
        {"help", no_argument, NULL, 'h'},
    }; /* the zeros end it */
    int option, count = 4;

    if (options->output) {
        known[count++] = (struct option){"output", required_argument, NULL, 'o'};
        known[count++] = (struct option){"size", required_argument, NULL, 's'};
    }
    if (number)
        known[count] = (struct option){number->name, required_argument, NULL, 'n'};

    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (option == 'h') {
            printf("%s\n\n", about);
            print_usage(stdout, argv[0], &defaults, number);
            exit(0);
        }
        if (option == '?') { /* getopt_long has said what is wrong */
            print_usage(stderr, argv[0], &defaults, number);
            exit(2);
        }
        apply(options, argv[0], number, option);
    }
    if (optind < argc) {
        fprintf(stderr, "%s: \"%s\" is not an option; there are no other arguments\n", argv[0],
                argv[optind]);
        print_usage(stderr, argv[0], &defaults, number);
        exit(2);
    }
}
