/* SPDX-License-Identifier: MIT */
#include "common/record.h"

#include <stdio.h>
#include <stdlib.h>

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

const struct vcmd_device_wrapper *example_recorder(const struct example_options *options,
                                                   const char *program)
{
    static struct vcmd_device_wrapper recorder;
    struct vcmd_capture_record record = {.type = VCMD_CAPTURE_INFO};
    enum vcmd_status status;

    if (!options->record)
        return NULL;
    file_name = options->record;
    status = vcmd_capture_writer_open(file_name, NULL, &writer);
    if (status != VCMD_STATUS_OK) {
        complain(program, status);
        exit(1);
    }
    atexit(close_file);
    record.u.info.key.text = "program";
    record.u.info.value.text = program;
    (void)vcmd_capture_write(writer, &record); /* an error stays until the writer is closed */
    recorder = vcmd_capture_recorder(writer);
    return &recorder;
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

const struct vcmd_device_wrapper *example_recorder(const struct example_options *options,
                                                   const char *program)
{
    if (!options->record)
        return NULL;
    fprintf(stderr, "%s: --record: this program was built without captures\n", program);
    exit(1);
}

void example_recorded_frame(const struct vcmd_resource *texture)
{
    (void)texture;
}

#endif
