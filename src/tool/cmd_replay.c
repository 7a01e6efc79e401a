/* SPDX-License-Identifier: MIT */
#include "command.h"
#include "input.h"
#include "picture.h"
#include "report.h"
#include "transports.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <virglcmd/replay.h>

/* "replay": a capture on a device. */

struct replay_options {
    struct tool_device_options device;
    const char *output, *until;
    struct tool_number frame, resource;
    bool compare, keep_going;
};

static const struct tool_option options[] = {
    TOOL_DEVICE_OPTIONS(struct replay_options, device),
    {"output", 'o', TOOL_FILE, offsetof(struct replay_options, output), "FILE",
     "write the picture at the end as a PNG", NULL},
    {"frame", 'f', TOOL_NUMBER, offsetof(struct replay_options, frame), "N",
     "stop after frame N; the first is 0, as in dump", NULL},
    {"until", 'u', TOOL_TEXT, offsetof(struct replay_options, until), "[SUBMIT:]PACKET",
     "stop after a packet of a submit, as check and dump -p name them; PACKET alone: of all", NULL},
    {"resource", 'R', TOOL_NUMBER, offsetof(struct replay_options, resource), "ID",
     "the picture of this resource; default what was shown last", NULL},
    {"compare", 'c', TOOL_FLAG, offsetof(struct replay_options, compare), NULL,
     "compare what the host gives back with what the capture has", NULL},
    {"keep-going", 'k', TOOL_FLAG, offsetof(struct replay_options, keep_going), NULL,
     "go on after what fails here and did not when it was recorded", NULL},
    {NULL, 0, 0, 0, NULL, NULL, NULL},
};

/* Differences beyond so many are only counted. */
#define SHOWN_DIFFERENCES 20u

struct playing {
    const char *path;
    const struct vcmd_replay *replay;
    FILE *report; /* not where the picture goes */
    unsigned int shown;
};

static void print_difference(void *user, const struct vcmd_replay_difference *difference)
{
    struct playing *playing = user;
    struct vcmd_replay_stats stats;

    if (playing->shown++ >= SHOWN_DIFFERENCES)
        return;
    tool_progress_end();
    vcmd_replay_get_stats(playing->replay, &stats);
    fprintf(playing->report, "%s: byte %" PRIu64, playing->path, difference->offset);
    /* The byte is in no other report; what was played last is. */
    if (stats.submits)
        fprintf(playing->report, ", behind submit %" PRIu64, stats.submits - 1);
    fprintf(playing->report,
            ": resource %" PRIu32 ": %" PRIu64 " of %" PRIu64
            " bytes differ; the first is byte %" PRIu64 ": 0x%02x, recorded 0x%02x\n",
            difference->resource_id, difference->bytes, difference->size, difference->first,
            difference->found, difference->recorded);
}

static void print_message(void *user, const char *text)
{
    const struct playing *playing = user;

    tool_error("%s: %s", playing->path, text);
}

/* "3:12", or "12" of all. */
static bool read_until(const char *text, struct vcmd_replay_options *how)
{
    const char *colon = strchr(text, ':');
    char submit[32];

    if (colon) {
        if ((size_t)(colon - text) >= sizeof(submit))
            return false;
        memcpy(submit, text, (size_t)(colon - text));
        submit[colon - text] = '\0';
        if (!tool_parse_number(submit, &how->stop_submit))
            return false;
        how->stop |= VCMD_REPLAY_STOP_SUBMIT;
        text = colon + 1;
    }
    how->stop |= VCMD_REPLAY_STOP_PACKET;
    return tool_parse_number(text, &how->stop_packet);
}

static void print_report(FILE *file, const struct vcmd_replay_stats *stats, bool compare)
{
    fprintf(file,
            "frames %" PRIu64 ", submits %" PRIu64 ", packets %" PRIu64 ", bytes %" PRIu64
            ", transfers to the host %" PRIu64 " and from it %" PRIu64 "\n",
            stats->frames, stats->submits, stats->packets, 4 * stats->dwords, stats->to_host,
            stats->from_host);
    if (compare)
        fprintf(file,
                "compared %" PRIu64 " transfers from the host: %" PRIu64 " differ, %" PRIu64
                " cannot be read back here\n",
                stats->compared, stats->different, stats->not_readable);
    if (stats->failures)
        fprintf(file, "failures that the recording did not have: %" PRIu64 "\n", stats->failures);
    if (stats->unknown_handles)
        fprintf(file, "resources in streams that the capture does not have: %" PRIu64 "\n",
                stats->unknown_handles);
    if (stats->skipped)
        fprintf(file, "records of unknown types, skipped: %" PRIu64 "\n", stats->skipped);
}

/* result: of the replay. After a fault, which has been told, there need not be a picture. */
static int save_picture(struct vcmd_replay *replay, const struct replay_options *chosen,
                        const char *path, int result)
{
    struct vcmd_replay_picture picture;
    enum vcmd_status status;

    status = vcmd_replay_picture(replay, (uint32_t)chosen->resource.value, &picture);
    if (status != VCMD_STATUS_OK && result == TOOL_FAULTS) {
        tool_error("%s: no picture: %s", path, vcmd_status_string(status));
        return result;
    }
    if (status != VCMD_STATUS_OK) {
        tool_error("%s: %s", path,
                   vcmd_replay_error(replay)->text[0] ? vcmd_replay_error(replay)->text
                                                      : vcmd_status_string(status));
        return TOOL_TROUBLE;
    }
    return tool_write_png(&picture, chosen->output) ? result : TOOL_TROUBLE;
}

static int tell_fault(const struct vcmd_replay *replay, const char *path)
{
    const struct vcmd_capture_error *error = vcmd_replay_error(replay);

    tool_error("%s: byte %" PRIu64 ": %s", path, error->offset, error->text);
    return TOOL_FAULTS;
}

/* The capture; its first record is read before there is a device. */
struct source {
    struct tool_input input;
    struct tool_item item;
    enum tool_next next;
    const char *path;
    uint64_t packets; /* that were played of the last submit */
};

/* Plays what the input gives; TOOL_FAULTS when the device did not do as when it was recorded. */
static int play(struct vcmd_replay *replay, struct source *source)
{
    struct vcmd_replay_stats stats = {0};
    static const struct vcmd_capture_record end = {.type = VCMD_CAPTURE_END};

    /* Behind a stop, too, while the records have not said what to make of a failure. */
    while (source->next == TOOL_NEXT_ITEM && (!stats.stopped || stats.unsettled)) {
        const struct vcmd_replay_stats before = stats;

        if (vcmd_replay_step(replay, source->item.record) != VCMD_STATUS_OK)
            return tell_fault(replay, source->path);
        vcmd_replay_get_stats(replay, &stats);
        if (source->item.is_submit && !before.stopped)
            source->packets = stats.packets - before.packets;
        if (!stats.stopped || stats.unsettled)
            source->next = tool_input_next(&source->input, &source->item);
    }
    if ((stats.stopped || source->next == TOOL_NEXT_END) &&
        vcmd_replay_step(replay, &end) != VCMD_STATUS_OK)
        return tell_fault(replay, source->path);
    return !stats.stopped && source->next == TOOL_NEXT_TROUBLE ? TOOL_TROUBLE : TOOL_GOOD;
}

static bool did_not_reach(const struct vcmd_replay_stats *stats,
                          const struct replay_options *chosen,
                          const struct vcmd_replay_options *how, const struct source *source)
{
    char place[64];

    if (!how->stop)
        return false;
    /* A submit that ends before its packet has been told of. */
    if (stats->stopped)
        return how->stop & VCMD_REPLAY_STOP_SUBMIT && source->packets <= how->stop_packet;
    if (chosen->until)
        snprintf(place, sizeof(place), "packet %.32s", chosen->until);
    else
        snprintf(place, sizeof(place), "frame %" PRIu64, chosen->frame.value);
    tool_error("replay: the capture ends before %s; it has %" PRIu64 " frames, %" PRIu64
               " submits and %" PRIu64 " packets",
               place, stats->frames, stats->submits, stats->packets);
    return true;
}

/* The picture and the report; result: of the playing. Returns that of all. */
static int conclude(struct vcmd_replay *replay, const struct replay_options *chosen,
                    const struct vcmd_replay_options *how, const struct source *source, int result)
{
    const struct playing *playing = how->user;
    struct vcmd_replay_stats stats;
    bool missed;

    vcmd_replay_get_stats(replay, &stats);
    missed = result != TOOL_FAULTS && did_not_reach(&stats, chosen, how, source);
    if (missed)
        result = TOOL_TROUBLE;
    /* Also after a fault: the picture so far may be what one looks for. */
    if (chosen->output && !missed && (result != TOOL_TROUBLE || stats.submits))
        result = save_picture(replay, chosen, source->path, result);
    if (stats.records)
        print_report(playing->report, &stats, chosen->compare);
    if (result == TOOL_GOOD && (stats.different || stats.failures))
        result = TOOL_FAULTS;
    return result;
}

static int replay_on(struct vcmd_device *device, const struct replay_options *chosen,
                     struct vcmd_replay_options *how, struct source *source)
{
    struct playing playing = {
        .path = source->path,
        .report = chosen->output && tool_output_is_standard(chosen->output) ? stderr : stdout};
    struct vcmd_replay *replay;
    enum vcmd_status status;
    int result;

    how->device = device;
    how->difference = print_difference;
    how->message = print_message;
    how->user = &playing;
    status = vcmd_replay_create(how, &replay);
    if (status != VCMD_STATUS_OK) {
        tool_error("replay: cannot begin: %s", vcmd_status_string(status));
        return TOOL_TROUBLE;
    }
    playing.replay = replay;
    result = conclude(replay, chosen, how, source, play(replay, source));
    vcmd_replay_destroy(replay);
    return result;
}

static int run(int argc, char **argv)
{
    struct replay_options chosen = {0};
    struct vcmd_replay_options how = {0};
    struct vcmd_device *device;
    struct source source = {0};
    int first, result;

    if (!tool_parse(&tool_replay, argc, argv, &chosen, &first, &result))
        return result;
    if (argc - first > 1)
        return tool_wrong_arguments(&tool_replay, "more than one capture is named");
    if (chosen.frame.given && chosen.until)
        return tool_wrong_arguments(&tool_replay, "--frame and --until: name one of them");
    if (chosen.until && !read_until(chosen.until, &how))
        return tool_wrong_arguments(&tool_replay, "--until takes SUBMIT:PACKET, as check and dump "
                                                  "-p name them, or PACKET, counted over all");
    if (chosen.frame.given)
        how.stop = VCMD_REPLAY_STOP_FRAME;
    how.stop_frame = chosen.frame.value;
    if (chosen.resource.value > UINT32_MAX)
        return tool_wrong_arguments(&tool_replay, "--resource is an id: it has 32 bits");
    if (chosen.resource.given && !chosen.output)
        return tool_wrong_arguments(&tool_replay, "--resource says which picture --output writes: "
                                                  "name a file for it");
    how.compare = chosen.compare;
    how.keep_going = chosen.keep_going;
    if (!tool_input_begin(&source.input, &tool_replay, argc - first, argv + first, false))
        return TOOL_TROUBLE;
    /* Before the work whose result it is to take. */
    if (!tool_output_check(chosen.output))
        return TOOL_TROUBLE;
    source.path = tool_file_name(argv[first]);
    source.next = tool_input_next(&source.input, &source.item);
    if (source.next == TOOL_NEXT_TROUBLE)
        return TOOL_TROUBLE;
    device = tool_open_device("replay", &chosen.device);
    result = device ? replay_on(device, &chosen, &how, &source) : TOOL_TROUBLE;
    tool_input_end(&source.input);
    vcmd_device_close(device);
    return result;
}

const struct tool_command tool_replay = {
    .name = "replay",
    .arguments = "FILE",
    .summary = "Runs a capture on a device, and writes the picture it ends with",
    .options = options,
    .takes_files = true,
    .run = run,
};
