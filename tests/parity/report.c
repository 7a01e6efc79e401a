/* SPDX-License-Identifier: MIT */
#include <fnmatch.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

#define LINE 1024

/* In front of a pattern: the checker could know, and does not yet. */
#define OPEN "open: "

/* Or there: how often it may be seen. */
#define MAX "max "

/* Differences of one signature. */
struct difference {
    char *signature;
    char *example;
    uint64_t count;
    const char *status; /* NULL: not in the list */
};

/* A line of the list. */
struct pattern {
    char *text;     /* NULL: no memory */
    uint64_t most;  /* of a million streams that it may stand for; 0: it does not say */
    uint64_t count; /* that it does stand for */
};

struct report {
    struct difference *differences;
    size_t difference_count;
    struct pattern *patterns;
    size_t pattern_count;
    uint64_t counts[6]; /* streams, accepted, refused, crashed, hung, differing */
    struct parity_coverage coverage;
};

static char *copy(const char *text)
{
    size_t size = strlen(text) + 1;
    char *made = malloc(size);

    return made ? memcpy(made, text, size) : NULL;
}

static bool add(struct report *report, const char *signature, const char *example)
{
    struct difference *more;
    size_t size = (report->difference_count + 1) * sizeof(*more);

    for (size_t i = 0; i < report->difference_count; i++) {
        if (strcmp(report->differences[i].signature, signature) == 0) {
            report->differences[i].count++;
            return true;
        }
    }
    more = realloc(report->differences, size);
    if (!more)
        return false;
    report->differences = more;
    more += report->difference_count++;
    more->signature = copy(signature);
    more->example = copy(example);
    more->count = 1;
    more->status = NULL;
    return more->signature && more->example;
}

static void add_counts(struct report *report, char *line)
{
    for (size_t i = 0; i < 6; i++)
        report->counts[i] += strtoull(line, &line, 10);
}

static bool read_seed(struct report *report, const char *folder, size_t index)
{
    char line[LINE];
    char path[600];
    bool ok = true;
    FILE *file;

    snprintf(path, sizeof(path), "%s/%zu.txt", folder, index);
    file = fopen(path, "r");
    if (!file) {
        perror(path);
        return false;
    }
    while (ok && fgets(line, sizeof(line), file)) {
        char *tab = strchr(line, '\t');

        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '=') {
            add_counts(report, line + 1);
        } else if (line[0] == '+') {
            parity_coverage_read(&report->coverage, line);
        } else if (tab) {
            *tab = '\0';
            ok = add(report, line, tab + 1);
        }
    }
    fclose(file);
    return ok;
}

/* "max 20: pattern" stands for 20 of a million streams at most. */
static bool read_pattern(struct report *report, const char *line)
{
    struct pattern *more =
        realloc(report->patterns, (report->pattern_count + 1) * sizeof(*report->patterns));
    const char *text = line;
    char *end;

    if (!more)
        return false;
    report->patterns = more;
    more += report->pattern_count++;
    memset(more, 0, sizeof(*more));
    if (strncmp(line, MAX, strlen(MAX)) == 0) {
        more->most = strtoull(line + strlen(MAX), &end, 10);
        text = strncmp(end, ": ", 2) == 0 ? end + 2 : line;
    }
    more->text = copy(text);
    return more->text != NULL;
}

/*
 * Known differences: a pattern of fnmatch a line, that starts in the first column. Lines that start
 * with # or a space are what is said about them.
 */
static bool read_accepted(struct report *report, const char *path)
{
    char line[LINE];
    FILE *file = fopen(path, "r");
    bool ok = true;

    if (!file) {
        perror(path);
        return false;
    }
    while (ok && fgets(line, sizeof(line), file)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '\0' || line[0] == '#' || line[0] == ' ')
            continue;
        ok = read_pattern(report, line);
    }
    fclose(file);
    return ok;
}

static void match(struct report *report)
{
    for (size_t i = 0; i < report->difference_count; i++) {
        for (size_t j = 0; j < report->pattern_count; j++) {
            const char *pattern = report->patterns[j].text;
            bool open = strncmp(pattern, OPEN, strlen(OPEN)) == 0;

            pattern += open ? strlen(OPEN) : 0;
            if (fnmatch(pattern, report->differences[i].signature, 0) != 0)
                continue;
            report->differences[i].status = open ? "open " : "known";
            report->patterns[j].count += report->differences[i].count;
            break;
        }
    }
}

static int more_frequent(const void *a, const void *b)
{
    const struct difference *one = a;
    const struct difference *two = b;

    return one->count < two->count ? 1 : one->count > two->count ? -1 : 0;
}

/* The host crashes now and then; when it does so all the time, something is wrong here. */
static bool plausible(const struct report *report)
{
    uint64_t dead = report->counts[3] + report->counts[4];

    if (report->counts[0] > 0 && dead * 50 <= report->counts[0] && report->counts[2] > 0)
        return true;
    printf("These counts cannot be: the host accepts nothing, refuses nothing, or always dies.\n");
    return false;
}

/*
 * Streams behind a pattern beyond those that it may stand for: something else hides there. In a few
 * streams there may by chance be four more, in many four times the root of the number.
 */
static uint64_t tell_excess(const struct report *report, const struct pattern *pattern)
{
    double most = (double)pattern->most * (double)report->counts[0] / 1e6;

    if (pattern->most == 0 || (double)pattern->count <= most + 4 * sqrt(most) + 4)
        return 0;
    printf("%8" PRIu64 " TOO MANY, of a million %" PRIu64 " at most: %s\n", pattern->count,
           pattern->most, pattern->text);
    return pattern->count - (uint64_t)most;
}

static int print(struct report *report)
{
    uint64_t new_ones = 0;

    printf("%" PRIu64 " streams: the host accepts %" PRIu64 ", refuses %" PRIu64
           ", crashes on %" PRIu64 ", hangs on %" PRIu64 "; verdicts differ on %" PRIu64 "\n",
           report->counts[0], report->counts[1], report->counts[2], report->counts[3],
           report->counts[4], report->counts[5]);
    parity_coverage_print(&report->coverage);
    for (size_t i = 0; i < report->difference_count; i++) {
        const struct difference *difference = &report->differences[i];

        printf("%8" PRIu64 " %s %s\n", difference->count,
               difference->status ? difference->status : "NEW  ", difference->signature);
        if (!difference->status) {
            printf("               at %s\n", difference->example);
            new_ones += difference->count;
        }
    }
    for (size_t i = 0; i < report->pattern_count; i++)
        if (report->patterns[i].count == 0)
            printf("         not seen: %s\n", report->patterns[i].text);
    for (size_t i = 0; i < report->pattern_count; i++)
        new_ones += tell_excess(report, &report->patterns[i]);
    if (new_ones > 0)
        printf("%" PRIu64 " differences are not in the list of accepted ones\n", new_ones);
    if (!plausible(report))
        return 2;
    return new_ones > 0 ? 1 : 0;
}

static void free_report(struct report *report)
{
    for (size_t i = 0; i < report->difference_count; i++) {
        free(report->differences[i].signature);
        free(report->differences[i].example);
    }
    for (size_t i = 0; i < report->pattern_count; i++)
        free(report->patterns[i].text);
    free(report->differences);
    free(report->patterns);
}

int parity_report(const char *folder, size_t seeds, const char *accepted)
{
    struct report report = {0};
    bool ok = !accepted || read_accepted(&report, accepted);
    int result = 2;

    for (size_t i = 0; ok && i < seeds; i++)
        ok = read_seed(&report, folder, i);
    if (ok) {
        match(&report);
        if (report.difference_count > 0)
            qsort(report.differences, report.difference_count, sizeof(*report.differences),
                  more_frequent);
        result = print(&report);
    }
    free_report(&report);
    return result;
}
