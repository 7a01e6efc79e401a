/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include <virglcmd/record.h>
#include <virglcmd/replay.h>

/* Writes a capture and reads it. */
static enum vcmd_status write_one(const char *path)
{
    struct vcmd_capture_record record = {.type = VCMD_CAPTURE_COMMENT};
    struct vcmd_capture_writer *writer;
    enum vcmd_status status = vcmd_capture_writer_open(path, NULL, &writer);

    if (status != VCMD_STATUS_OK)
        return status;
    record.u.comment.text = "a capture of nothing";
    (void)vcmd_capture_write(writer, &record); /* closing tells */
    return vcmd_capture_writer_close(writer);
}

int main(void)
{
    static const char path[] = "nothing.vcap";
    struct vcmd_capture_reader *reader;
    struct vcmd_capture_record record;
    enum vcmd_status status = write_one(path);

    if (status == VCMD_STATUS_OK)
        status = vcmd_capture_reader_open(path, 0, &reader, NULL);
    if (status == VCMD_STATUS_OK) {
        status = vcmd_capture_read(reader, &record);
        if (status == VCMD_STATUS_OK)
            printf("%s\n", record.u.comment.text);
        vcmd_capture_reader_close(reader);
    }
    (void)remove(path);
    if (status != VCMD_STATUS_OK)
        fprintf(stderr, "%s: %s\n", path, vcmd_status_string(status));
    return status == VCMD_STATUS_OK ? 0 : 1;
}
