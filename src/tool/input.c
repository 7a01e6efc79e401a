/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "input.h"

#include "report.h"
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static uint64_t total_size(int num_files, char **files)
{
    uint64_t total = 0;

    for (int i = 0; i < num_files; i++) {
        struct stat status;

        if (strcmp(files[i], "-") == 0 || stat(files[i], &status) != 0 || !S_ISREG(status.st_mode))
            return 0;
        total += (uint64_t)status.st_size;
    }
    return total;
}

bool tool_check_files(const struct tool_command *command, int num_files, char **files)
{
    int standard = 0;

    if (num_files < 1) {
        tool_wrong_arguments(command, "no file is named (\"-\" is standard input)");
        return false;
    }
    for (int i = 0; i < num_files; i++)
        standard += strcmp(files[i], "-") == 0;
    if (standard > 1)
        tool_wrong_arguments(command, "standard input can be read only once");
    return standard <= 1;
}

bool tool_input_begin(struct tool_input *input, const struct tool_command *command, int num_files,
                      char **files, bool raw)
{
    *input = (struct tool_input){.files = files, .raw = raw, .command = command};
    if (!tool_check_files(command, num_files, files))
        return false;
    input->shows_progress = !command->prints_early || !isatty(STDOUT_FILENO);
    input->num_files = (size_t)num_files;
    input->total = total_size(num_files, files);
    return true;
}

static enum vcmd_status read_source(void *user, void *bytes, size_t size, size_t *got)
{
    struct tool_input *input = user;

    *got = fread(bytes, 1, size, input->file);
    input->done += *got;
    if (!input->begun)
        input->is_capture = tool_is_capture(&(struct tool_bytes){bytes, *got, false});
    input->begun = true;
    return *got < size && ferror(input->file) ? VCMD_STATUS_FILE_FAILED : VCMD_STATUS_OK;
}

static bool takes_raw(const struct tool_command *command)
{
    for (const struct tool_option *option = command->options; option->name; option++) {
        if (strcmp(option->name, "raw") == 0)
            return true;
    }
    return false;
}

static void say_capture_error(const struct tool_input *input,
                              const struct vcmd_capture_error *error)
{
    const char *hint = "";

    /* What begins as a capture and is damaged behind that is not taken with --raw either. */
    if (error->status == VCMD_STATUS_MALFORMED && error->offset == 0 && !input->is_capture &&
        takes_raw(input->command))
        hint = "; bare dwords need --raw";
    if (error->status == VCMD_STATUS_FILE_FAILED)
        tool_error("%s: byte %" PRIu64 ": cannot be read: %s", tool_file_name(input->path),
                   error->offset, strerror(errno));
    else
        tool_error("%s: byte %" PRIu64 ": %s%s", tool_file_name(input->path), error->offset,
                   error->text, hint);
}

static bool open_capture(struct tool_input *input)
{
    const struct vcmd_capture_source source = {read_source, NULL, input};
    struct vcmd_capture_error error;

    input->begun = false;
    input->file = tool_open_file(input->path);
    if (!input->file)
        return false;
    if (vcmd_capture_reader_create(&source, 0, &input->reader, &error) == VCMD_STATUS_OK)
        return true;
    say_capture_error(input, &error);
    return false;
}

static void close_file(struct tool_input *input)
{
    vcmd_capture_reader_close(input->reader);
    input->reader = NULL;
    if (input->file && input->file != stdin)
        fclose(input->file);
    input->file = NULL;
    tool_free_bytes(&input->bytes);
}

void tool_input_end(struct tool_input *input)
{
    close_file(input);
    input->next_file = input->num_files;
    tool_progress_end();
}

void tool_input_skip(struct tool_input *input)
{
    close_file(input);
    input->cut_off = true;
}

static enum tool_next next_raw(struct tool_input *input, struct tool_item *item)
{
    size_t size;

    if (!tool_read_file(input->path, &input->bytes))
        return TOOL_NEXT_TROUBLE;
    size = input->bytes.size;
    if (size == 0) {
        tool_error("%s: byte 0: the file is empty", tool_file_name(input->path));
        return TOOL_NEXT_TROUBLE;
    }
    if (tool_is_capture(&input->bytes)) {
        tool_error("%s: byte 0: this is a capture; leave out --raw", tool_file_name(input->path));
        return TOOL_NEXT_TROUBLE;
    }
    input->done += size;
    item->is_submit = true;
    item->context_id = 1;
    item->dwords = input->bytes.data;
    item->num_dwords = size / 4;
    return TOOL_NEXT_ITEM;
}

/* The rest of a file that is not a whole number of dwords is told when the whole ones are read. */
static bool has_odd_bytes(const struct tool_input *input)
{
    size_t odd = input->bytes.size % 4;

    if (odd == 0)
        return false;
    tool_error("%s: byte %zu: the file ends inside of a dword: its size, %zu bytes, is not a "
               "multiple of 4; it was cut off, or is not a file of dwords",
               tool_file_name(input->path), input->bytes.size - odd, input->bytes.size);
    return true;
}

static enum tool_next next_record(struct tool_input *input, struct tool_item *item)
{
    if (vcmd_capture_read(input->reader, &input->record) != VCMD_STATUS_OK) {
        say_capture_error(input, vcmd_capture_reader_error(input->reader));
        return TOOL_NEXT_TROUBLE;
    }
    if (input->record.type == VCMD_CAPTURE_END)
        return TOOL_NEXT_END;
    item->record = &input->record;
    if (input->record.type != VCMD_CAPTURE_SUBMIT)
        return TOOL_NEXT_ITEM;
    item->is_submit = true;
    item->context_id = input->record.u.submit.context_id;
    item->dwords = input->record.u.submit.dwords;
    item->num_dwords = input->record.u.submit.num_dwords;
    return TOOL_NEXT_ITEM;
}

/* What is left of the file at hand, if there is one. */
static enum tool_next next_of_file(struct tool_input *input, struct tool_item *item)
{
    enum tool_next next = TOOL_NEXT_END;

    if (input->reader)
        next = next_record(input, item);
    else if (has_odd_bytes(input))
        next = TOOL_NEXT_TROUBLE;
    input->cut_off = input->cut_off || next == TOOL_NEXT_TROUBLE;
    return next;
}

static enum tool_next open_next(struct tool_input *input, struct tool_item *item)
{
    input->path = input->files[input->next_file++];
    input->num_submits = 0;
    input->num_frames = 0;
    item->new_file = true;
    if (input->raw)
        return next_raw(input, item);
    return open_capture(input) ? next_record(input, item) : TOOL_NEXT_TROUBLE;
}

/* One file that cannot be read is no reason to say nothing about the others. */
static enum tool_next next_of_files(struct tool_input *input, struct tool_item *item)
{
    enum tool_next next = next_of_file(input, item);

    while (next != TOOL_NEXT_ITEM) {
        input->trouble = input->trouble || next == TOOL_NEXT_TROUBLE;
        close_file(input);
        if (input->next_file == input->num_files)
            return input->trouble ? TOOL_NEXT_TROUBLE : TOOL_NEXT_END;
        next = open_next(input, item);
    }
    item->after_cut = item->new_file && input->cut_off;
    if (item->new_file)
        input->cut_off = false;
    return next;
}

enum tool_next tool_input_next(struct tool_input *input, struct tool_item *item)
{
    enum tool_next next;

    *item = (struct tool_item){0};
    next = next_of_files(input, item);
    item->path = input->path;
    item->submit = input->num_submits;
    if (next == TOOL_NEXT_ITEM && item->is_submit)
        input->num_submits++;
    item->frame = input->num_frames;
    if (next == TOOL_NEXT_ITEM && item->record && item->record->type == VCMD_CAPTURE_FRAME)
        input->num_frames++;
    tool_input_progress(input, item, item->num_dwords);
    return next;
}

void tool_input_progress(const struct tool_input *input, const struct tool_item *item,
                         size_t dwords)
{
    uint64_t rest = ((uint64_t)item->num_dwords - dwords) * 4;

    if (!input->shows_progress)
        return;
    tool_progress(input->command->name, input->done > rest ? input->done - rest : 0, input->total,
                  "bytes");
}
