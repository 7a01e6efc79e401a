/* SPDX-License-Identifier: MIT */
#include "capset.h"
#include "checking.h"
#include "command.h"
#include "input.h"
#include "report.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "check": what the host will make of it. */

struct check_options {
    bool raw, stateless, brief;
    const char *host, *capset, *minimum;
    struct tool_device_options device;
};

static const struct tool_option options[] = {
    TOOL_RAW_OPTION(struct check_options, raw),
    {"host", 'H', TOOL_TEXT, offsetof(struct check_options, host), "VERSION",
     "the release of virglrenderer to check against; default 0.10.4",
     "0.2.0 0.4.0 0.5.0 0.6.0 0.7.0 0.8.0 0.8.1 0.8.2 0.9.0 0.9.1 0.10.0 0.10.1 0.10.3 0.10.4 "
     "1.0.0 1.0.1 1.1.0 1.1.1 1.2.0 1.3.0"},
    {"capset", 'c', TOOL_FILE, offsetof(struct check_options, capset), "FILE",
     "what the host offers: a capture, or what info --save wrote", NULL},
    TOOL_DEVICE_OPTIONS(struct check_options, device),
    {"severity", 's', TOOL_TEXT, offsetof(struct check_options, minimum), "NAME",
     "leave out what is less than this", "reject error ignored garbage needless note"},
    {"stateless", 0, TOOL_FLAG, offsetof(struct check_options, stateless), NULL,
     "look at each packet for itself", NULL},
    {"brief", 'b', TOOL_FLAG, offsetof(struct check_options, brief), NULL,
     "one line for each fault", NULL},
    {NULL, 0, 0, 0, NULL, NULL, NULL},
};

static const char *const severities[] = {"reject",  "error",    "ignored",
                                         "garbage", "needless", "note"};

/* Sets the bits of the severities below the named one. */
static bool read_severity(const char *name, uint32_t *ignore)
{
    for (uint32_t i = 0; i < sizeof(severities) / sizeof(severities[0]); i++) {
        if (strcmp(severities[i], name) == 0) {
            *ignore = ~((UINT32_C(2) << i) - 1);
            return true;
        }
    }
    tool_error("check: --severity is \"%s\"; it is one of reject, error, ignored, garbage, "
               "needless, note",
               name);
    return false;
}

static bool read_host(const char *name)
{
    size_t count;
    const struct vcmd_host_release *release = vcmd_host_releases(&count);

    for (size_t i = 0; i < count; i++) {
        if (strcmp(release[i].name, name) == 0)
            return true;
    }
    tool_error("check: --host is \"%s\"; known releases of virglrenderer are", name);
    for (size_t i = 0; i < count; i++)
        fprintf(stderr, "%s%s", i ? ", " : "  ", release[i].name);
    fputc('\n', stderr);
    return false;
}

/* The capset that was asked for, if any was. */
static bool read_capset(const struct check_options *chosen, struct tool_capset *capset,
                        const struct vcmd_caps **caps)
{
    bool of_device = chosen->device.transport || chosen->device.options;

    *caps = NULL;
    if (chosen->capset && of_device) {
        tool_wrong_arguments(&tool_check, "--capset and --transport: name one of them");
        return false;
    }
    if (chosen->capset && !tool_capset_of_file(capset, &tool_check, chosen->capset))
        return false;
    if (of_device && !tool_capset_of_device(capset, &tool_check, &chosen->device))
        return false;
    if (chosen->capset || of_device)
        *caps = &capset->caps;
    return true;
}

/* A capset that is passed over would be faults that there are not, or the other way. */
static bool check_item(struct checking *checking, const struct checking_options *how,
                       const struct tool_item *item)
{
    const struct vcmd_capture_record *record = item->record;

    if (!checking_item(checking, item))
        return false;
    return !record || record->type != VCMD_CAPTURE_CAPSET || how->caps ||
           tool_capset_fits(record->u.capset.size, tool_file_name(item->path));
}

/* Whether all could be checked; whole: the last file that gave anything was read to its end. */
static bool check_all(struct checking *checking, const struct checking_options *how,
                      struct tool_input *input, bool *whole)
{
    struct tool_item item;
    enum tool_next next;
    bool any = false, good = true;

    while ((next = tool_input_next(input, &item)) == TOOL_NEXT_ITEM && !tool_output_lost()) {
        any = true;
        if (check_item(checking, how, &item))
            continue;
        good = false;
        if (!item.record) /* memory is short: the next one will not do better */
            break;
        tool_input_skip(input);
    }
    /* A capture without a record is whole, too. */
    *whole = next != TOOL_NEXT_ITEM && !input->cut_off && (any || next == TOOL_NEXT_END);
    return good && next != TOOL_NEXT_TROUBLE;
}

static int check_files(const struct check_options *chosen, const struct checking_options *how,
                       int count, char **files)
{
    struct tool_input input;
    struct checking *checking;
    bool good, whole;
    int result;

    if (!tool_input_begin(&input, &tool_check, count, files, chosen->raw))
        return TOOL_TROUBLE;
    checking = checking_begin(how);
    if (!checking) {
        tool_input_end(&input);
        return TOOL_TROUBLE;
    }
    good = check_all(checking, how, &input, &whole);
    tool_input_end(&input);
    result = checking_end(checking, whole) ? TOOL_GOOD : TOOL_FAULTS;
    return good ? result : TOOL_TROUBLE;
}

static int run(int argc, char **argv)
{
    struct check_options chosen = {0};
    struct checking_options how = {0};
    struct tool_capset capset = {0};
    int first, result;

    if (!tool_parse(&tool_check, argc, argv, &chosen, &first, &result))
        return result;
    if (chosen.host && !read_host(chosen.host))
        return TOOL_TROUBLE;
    if (chosen.minimum && !read_severity(chosen.minimum, &how.ignore))
        return TOOL_TROUBLE;
    for (int i = first; chosen.capset && strcmp(chosen.capset, "-") == 0 && i < argc; i++) {
        if (strcmp(argv[i], "-") == 0)
            return tool_wrong_arguments(&tool_check, "standard input can be read only once");
    }
    if (!read_capset(&chosen, &capset, &how.caps))
        return TOOL_TROUBLE;
    how.release = chosen.host;
    how.stateless = chosen.stateless;
    how.brief = chosen.brief;
    return check_files(&chosen, &how, argc - first, argv + first);
}

const struct tool_command tool_check = {
    .name = "check",
    .arguments = "FILE...",
    .summary = "Says what the host will reject, ignore or misread, and why",
    .options = options,
    .takes_files = true,
    .prints_early = true,
    .run = run,
};
