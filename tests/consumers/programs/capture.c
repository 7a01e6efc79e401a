/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include <virglcmd/record.h>
#include <virglcmd/replay.h>

/* Writes a capture and reads it. */
int main(void)
{
    struct vcmd_capture_record record = {.type = VCMD_CAPTURE_COMMENT};
    struct vcmd_capture_writer *writer;
    struct vcmd_capture_reader *reader;

    record.u.comment.text = "a capture of nothing";
    if (vcmd_capture_writer_open("nothing.vcap", NULL, &writer) != VCMD_STATUS_OK ||
        vcmd_capture_write(writer, &record) != VCMD_STATUS_OK ||
        vcmd_capture_writer_close(writer) != VCMD_STATUS_OK)
        return 1;
    if (vcmd_capture_reader_open("nothing.vcap", 0, &reader, NULL) != VCMD_STATUS_OK ||
        vcmd_capture_read(reader, &record) != VCMD_STATUS_OK)
        return 1;
    printf("%s\n", record.u.comment.text);
    vcmd_capture_reader_close(reader);
    return remove("nothing.vcap") == 0 ? 0 : 1;
}
