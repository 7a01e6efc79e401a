/* SPDX-License-Identifier: MIT */
#include "command.h"
#include "input.h"
#include "report.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <virglcmd/assemble.h>
#include <virglcmd/capture.h>

/* "asm": text back to dwords. */

struct asm_options {
    const char *output;
    bool capture;
};

static const struct tool_option options[] = {
    {"output", 'o', TOOL_FILE, offsetof(struct asm_options, output), "FILE",
     "where to write; default standard output", NULL},
    {"capture", 'c', TOOL_FLAG, offsetof(struct asm_options, capture), NULL,
     "write a capture, with a submit of context 1 for each file", NULL},
    {NULL, 0, 0, 0, NULL, NULL, NULL},
};

/* Dwords of one text. */
struct stream {
    uint32_t *dwords;
    size_t capacity, length;
};

static void say_error(const char *path, const struct vcmd_text_error *error)
{
    char text[512];

    vcmd_text_error_format(error, text, sizeof(text));
    tool_error("%s:%s", tool_file_name(path), text);
}

/* Memory for a text is not known before: one that does not fit is read again into twice as much. */
static bool assemble(const char *path, const struct tool_bytes *bytes, struct stream *stream)
{
    struct vcmd_text_error error;
    struct vcmd_buffer buffer;
    enum vcmd_status status;

    for (stream->capacity = bytes->size / 8 + 1024;; stream->capacity *= 2) {
        uint32_t *larger = realloc(stream->dwords, stream->capacity * sizeof(uint32_t));

        if (!larger) {
            tool_error("%s: no memory left for %zu dwords", tool_file_name(path), stream->capacity);
            return false;
        }
        stream->dwords = larger;
        vcmd_buffer_init(&buffer, larger, stream->capacity, 0);
        status = vcmd_assemble(&buffer, bytes->data ? bytes->data : "", bytes->size, &error);
        if (status == VCMD_STATUS_OK) {
            stream->length = buffer.length;
            return true;
        }
        if (status != VCMD_STATUS_BUFFER_FULL || stream->capacity > SIZE_MAX / 16)
            break;
    }
    say_error(path, &error);
    return false;
}

static bool read_stream(const char *path, struct stream *stream)
{
    struct tool_bytes bytes;
    bool good;

    *stream = (struct stream){NULL, 0, 0};
    if (!tool_read_file(path, &bytes))
        return false;
    good = !tool_is_capture(&bytes);
    if (good)
        good = assemble(path, &bytes, stream);
    else
        tool_error("%s: byte 0: this is a capture; asm takes the text that dump makes of it",
                   tool_file_name(path));
    tool_free_bytes(&bytes);
    return good;
}

/* ---- output ---- */

/* Says why it fails, but of standard output: there it is told at the end, if somebody reads it. */
static enum vcmd_status write_sink(void *user, const void *bytes, size_t size)
{
    const struct tool_output_file *output = user;

    if (fwrite(bytes, 1, size, output->stream) == size)
        return VCMD_STATUS_OK;
    if (output->path)
        tool_error("%s: cannot be written: %s", output->path, strerror(errno));
    else
        (void)tool_output_lost();
    return VCMD_STATUS_FILE_FAILED;
}

static bool write_record(struct vcmd_capture_writer *writer, struct vcmd_capture_record *record)
{
    enum vcmd_status status = vcmd_capture_write(writer, record);

    if (status != VCMD_STATUS_OK && status != VCMD_STATUS_FILE_FAILED)
        tool_error("asm: the capture cannot be written: %s", vcmd_status_string(status));
    return status == VCMD_STATUS_OK;
}

static struct vcmd_capture_writer *begin_capture(struct tool_output_file *output)
{
    const struct vcmd_capture_sink sink = {write_sink, NULL, output};
    struct vcmd_capture_record record = {.type = VCMD_CAPTURE_CONTEXT_CREATE,
                                         .u.context = {.id = 1, .name = {.text = "asm"}}};
    struct vcmd_capture_writer *writer;
    enum vcmd_status status = vcmd_capture_writer_create(&sink, NULL, &writer);

    if (status != VCMD_STATUS_OK) {
        if (status != VCMD_STATUS_FILE_FAILED)
            tool_error("asm: the capture cannot be begun: %s", vcmd_status_string(status));
        return NULL;
    }
    if (write_record(writer, &record))
        return writer;
    vcmd_capture_writer_close(writer);
    return NULL;
}

static bool write_stream(struct vcmd_capture_writer *writer, struct tool_output_file *output,
                         const struct stream *stream)
{
    struct vcmd_capture_record record = {
        .type = VCMD_CAPTURE_SUBMIT,
        .u.submit = {.context_id = 1, .dwords = stream->dwords, .num_dwords = stream->length}};

    if (writer)
        return write_record(writer, &record);
    return write_sink(output, stream->dwords, 4 * stream->length) == VCMD_STATUS_OK;
}

static bool write_all(const struct asm_options *chosen, struct tool_output_file *output, int count,
                      const struct stream *streams)
{
    struct vcmd_capture_writer *writer = NULL;
    bool good = true;

    if (chosen->capture) {
        writer = begin_capture(output);
        if (!writer)
            return false;
    }
    for (int i = 0; i < count && good; i++)
        good = write_stream(writer, output, &streams[i]);
    /* A sink that failed has told so already. */
    vcmd_capture_writer_close(writer);
    return good;
}

static bool write_output(const struct asm_options *chosen, int count, const struct stream *streams)
{
    struct tool_output_file output;
    bool good;

    if (!tool_output_open(&output, chosen->output))
        return false;
    good = write_all(chosen, &output, count, streams);
    return tool_output_close(&output, good) && good;
}

/* All texts are read before the first is written: a mistake in the last leaves nothing behind. */
static bool assemble_all(const struct asm_options *chosen, int count, char **paths)
{
    struct stream *streams = calloc((size_t)count, sizeof(*streams));
    bool good = streams != NULL;

    if (!streams)
        tool_error("asm: no memory left");
    for (int i = 0; i < count && good; i++)
        good = read_stream(paths[i], &streams[i]);
    good = good && write_output(chosen, count, streams);
    for (int i = 0; streams && i < count; i++)
        free(streams[i].dwords);
    free(streams);
    return good;
}

static int run(int argc, char **argv)
{
    struct asm_options chosen = {0};
    int first, result;

    if (!tool_parse(&tool_asm, argc, argv, &chosen, &first, &result))
        return result;
    if (!tool_check_files(&tool_asm, argc - first, argv + first))
        return TOOL_TROUBLE;
    if (!chosen.output && isatty(STDOUT_FILENO))
        return tool_wrong_arguments(&tool_asm, "the output is not for a terminal; give it a file "
                                               "with -o, or a pipe");
    if (assemble_all(&chosen, argc - first, argv + first) || tool_output_lost())
        return TOOL_GOOD; /* what became of standard output is told at the end */
    return TOOL_TROUBLE;
}

const struct tool_command tool_asm = {
    .name = "asm",
    .arguments = "FILE...",
    .summary = "Makes dwords of the text that dump prints",
    .options = options,
    .takes_files = true,
    .run = run,
};
