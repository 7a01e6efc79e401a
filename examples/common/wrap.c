/* SPDX-License-Identifier: MIT */
#include "common/wrap.h"

#include <stdio.h>
#include <stdlib.h>
#include <virglcmd/check_device.h>

#ifdef EXAMPLE_RECORD

#include <virglcmd/record.h>

static struct vcmd_capture_writer *writer;
static const char *file_name;

static void complain(const char *program, enum vcmd_status status)
{
    fprintf(stderr, "%s: --record: \"%s\" cannot be written: %s\n", program, file_name,
            vcmd_status_string(status));
}

static void close_file(void)
{
    enum vcmd_status status = vcmd_capture_writer_close(writer);

    if (status == VCMD_STATUS_OK)
        return;
    complain("record", status);
    fflush(NULL);
    _Exit(1); /* exit() has begun */
}

static struct vcmd_device_wrapper recorder(const char *path, const char *program)
{
    struct vcmd_capture_record record = {.type = VCMD_CAPTURE_INFO};
    enum vcmd_status status;

    file_name = path;
    status = vcmd_capture_writer_open(file_name, NULL, &writer);
    if (status != VCMD_STATUS_OK) {
        complain(program, status);
        exit(1);
    }
    atexit(close_file);
    record.u.info.key.text = "program";
    record.u.info.value.text = program;
    (void)vcmd_capture_write(writer, &record); /* an error stays until the writer is closed */
    return vcmd_capture_recorder(writer);
}

void example_recorded_frame(const struct vcmd_resource *texture)
{
    struct vcmd_capture_record record = {.type = VCMD_CAPTURE_FRAME};

    if (!writer)
        return;
    record.u.frame.resource_id = vcmd_resource_id(texture);
    (void)vcmd_capture_write(writer, &record);
}

#else

static struct vcmd_device_wrapper recorder(const char *path, const char *program)
{
    fprintf(stderr, "%s: --record %s: this program was built without captures\n", program, path);
    exit(1);
}

void example_recorded_frame(const struct vcmd_resource *texture)
{
    (void)texture;
}

#endif

void example_wrap(struct vcmd_device_desc *desc, const struct example_options *options,
                  const char *program)
{
    static struct vcmd_device_wrapper wrappers[2];
    size_t count = 0;

    if (options->record)
        wrappers[count++] = recorder(options->record, program);
    if (options->check)
        wrappers[count++] = vcmd_device_checker(NULL);
    desc->wrappers = wrappers;
    desc->num_wrappers = count;
}
