/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "command.h"
#include "file.h"
#include "record/capture_observer.h"
#include "record/record.h"
#include "report.h"
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <virglcmd/version.h>

/* "record": a program behind a proxy that writes a capture. */

struct record_command_options {
    const char *output, *server, *socket, *redirect;
    struct tool_number level;
    bool gles, verbose, no_redirect;
};

static const struct tool_option options[] = {
    {"output", 'o', TOOL_FILE, offsetof(struct record_command_options, output), "FILE",
     "the capture to write; this one is needed", NULL},
    {"level", 'l', TOOL_NUMBER, offsetof(struct record_command_options, level), "N",
     "compression, 1 (fast) to 9 (small), 0: none; default 1", "0 1 2 3 4 5 6 7 8 9"},
    {"gles", 0, TOOL_FLAG, offsetof(struct record_command_options, gles), NULL,
     "the server is to use OpenGL ES", NULL},
    {"server", 0, TOOL_FILE, offsetof(struct record_command_options, server), "PROGRAM",
     "the server to start; default virgl_test_server", NULL},
    {"socket", 0, TOOL_FILE, offsetof(struct record_command_options, socket), "PATH",
     "the socket of a server that runs already", NULL},
    {"redirect", 0, TOOL_FILE, offsetof(struct record_command_options, redirect), "LIBRARY",
     "what leads Mesa before 23.0 to the proxy; default the one installed", NULL},
    {"no-redirect", 0, TOOL_FLAG, offsetof(struct record_command_options, no_redirect), NULL,
     "do not load anything into the program", NULL},
    {"verbose", 'v', TOOL_FLAG, offsetof(struct record_command_options, verbose), NULL,
     "show what the server says", NULL},
    {NULL, 0, 0, 0, NULL, NULL, NULL},
};

/* The program and its arguments with blanks between; false when they do not fit: it is cut. */
static void join(char *const *argv, char *line, size_t size)
{
    size_t length = 0;

    line[0] = '\0';
    for (int i = 0; argv[i] && length < size; i++)
        length += (size_t)snprintf(line + length, size - length, "%s%s", i ? " " : "", argv[i]);
}

static int report_failure(enum vcmd_status status, const char *path)
{
    if (status == VCMD_STATUS_FILE_NOT_OPENED)
        tool_error("%s: a file for one of the connections could not be opened: it was not recorded",
                   path);
    else if (status == VCMD_STATUS_FILE_FAILED)
        tool_error("%s: cannot be written: a full disk, or a pipe without a reader; what is in it "
                   "up to there is good",
                   path);
    else
        tool_error("%s: cannot be written: %s; what is in it up to there is good", path,
                   vcmd_status_string(status));
    return TOOL_TROUBLE;
}

static int report(const struct record_capture_result *result, const char *path, int status)
{
    if (result->status != VCMD_STATUS_OK)
        return report_failure(result->status, path);
    if (result->files == 0) {
        tool_error("record: nothing was recorded: the program did not draw through virpipe; no "
                   "file was written");
        return status != 0 ? status : TOOL_TROUBLE;
    }
    fprintf(stderr, "virglcmd: %s: %" PRIu64 " records, %" PRIu64 " frames, %" PRIu64 " bytes",
            tool_file_name(path), result->records, result->frames, result->bytes);
    if (result->files > 1)
        fprintf(stderr, ", in %" PRIu32 " files, one for each connection", result->files);
    fputc('\n', stderr);
    return status;
}

static int record(const struct record_command_options *chosen, char *const *argv)
{
    char line[4096], creator[64];
    struct record_capture_desc desc = {.path = chosen->output,
                                       .creator = creator,
                                       .command_line = line,
                                       .level = chosen->level.given ? (int)chosen->level.value : 1};
    struct record_options run = {.argv = argv,
                                 .observer = record_capture_observer(),
                                 .server_socket = chosen->socket,
                                 .server_program = chosen->server,
                                 .gles = chosen->gles,
                                 .verbose = chosen->verbose,
                                 .redirect = chosen->no_redirect ? "" : chosen->redirect};
    struct record_capture_result result = {0};
    struct record_capture *capture;
    bool started;
    int status;

    if (desc.level == 0)
        desc.level = -1;
    snprintf(creator, sizeof(creator), "virglcmd %s", VCMD_VERSION_STRING);
    join(argv, line, sizeof(line));
    capture = record_capture_create(&desc);
    if (!capture) {
        tool_error("%s: cannot be opened for writing: %s", chosen->output, strerror(errno));
        return TOOL_TROUBLE;
    }
    run.user = capture;
    run.started = &started;
    status = record_run(&run);
    record_capture_finish(capture, &result);
    /* Else it has been told what went wrong. */
    return started ? report(&result, chosen->output, status) : status;
}

static int run(int argc, char **argv)
{
    struct record_command_options chosen = {0};
    int first, result;

    if (!tool_parse_until_argument(&tool_record, argc, argv, &chosen, &first, &result))
        return result;
    if (!chosen.output)
        return tool_wrong_arguments(&tool_record, "no output is named: -o FILE");
    if (strcmp(chosen.output, "-") == 0)
        return tool_wrong_arguments(&tool_record, "the capture goes into a file: standard output "
                                                  "is the program's");
    if (first == argc)
        return tool_wrong_arguments(&tool_record, "no program is named");
    if (chosen.level.given && chosen.level.value > 9)
        return tool_wrong_arguments(&tool_record, "--level is 0 to 9");
    if (chosen.socket && (chosen.server || chosen.gles))
        return tool_wrong_arguments(&tool_record, "--socket is of a server that runs already: "
                                                  "--server and --gles are for one to start");
    if (chosen.redirect && access(chosen.redirect, R_OK) != 0) {
        tool_error("record: --redirect: %s: cannot be read: %s", chosen.redirect, strerror(errno));
        return TOOL_TROUBLE;
    }
    return record(&chosen, argv + first);
}

const struct tool_command tool_record = {
    .name = "record",
    .arguments = "-o FILE -- PROGRAM [ARGUMENT]...",
    .summary = "Runs a program on Mesa's virpipe driver and writes a capture of what it does",
    .options = options,
    .takes_files = true,
    .run = run,
};
