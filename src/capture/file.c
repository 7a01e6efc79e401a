/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include <virglcmd/capture.h>

/* ---- a file to write ---- */

static enum vcmd_status write_file(void *user, const void *bytes, size_t size)
{
    return fwrite(bytes, 1, size, user) == size ? VCMD_STATUS_OK : VCMD_STATUS_FILE_FAILED;
}

static enum vcmd_status close_written(void *user)
{
    return fclose(user) == 0 ? VCMD_STATUS_OK : VCMD_STATUS_FILE_FAILED;
}

enum vcmd_status vcmd_capture_writer_open(const char *path,
                                          const struct vcmd_capture_writer_options *options,
                                          struct vcmd_capture_writer **writer)
{
    struct vcmd_capture_sink sink = {write_file, close_written, NULL};
    FILE *file;

    if (writer)
        *writer = NULL;
    if (!path || !writer)
        return VCMD_STATUS_NULL_ARGUMENT;
    file = fopen(path, "wb");
    if (!file)
        return VCMD_STATUS_FILE_NOT_OPENED;
    /* A record is one write of the system: whole in the file, whatever happens to this process. */
    if (setvbuf(file, NULL, _IONBF, 0) != 0) {
        fclose(file);
        return VCMD_STATUS_NO_MEMORY;
    }
    sink.user = file;
    return vcmd_capture_writer_create(&sink, options, writer);
}

/* ---- a file to read ---- */

static enum vcmd_status read_file(void *user, void *bytes, size_t size, size_t *got)
{
    *got = fread(bytes, 1, size, user);
    return *got < size && ferror((FILE *)user) ? VCMD_STATUS_FILE_FAILED : VCMD_STATUS_OK;
}

static void close_read(void *user)
{
    fclose(user);
}

/* error may be NULL. */
static enum vcmd_status fail_open(struct vcmd_capture_error *error, enum vcmd_status status,
                                  const char *text)
{
    if (error) {
        *error = (struct vcmd_capture_error){.status = status};
        snprintf(error->text, sizeof(error->text), "%s", text);
    }
    return status;
}

enum vcmd_status vcmd_capture_reader_open(const char *path, size_t max_payload,
                                          struct vcmd_capture_reader **reader,
                                          struct vcmd_capture_error *error)
{
    struct vcmd_capture_source source = {read_file, close_read, NULL};

    if (reader)
        *reader = NULL;
    if (!path || !reader)
        return fail_open(error, VCMD_STATUS_NULL_ARGUMENT,
                         "no path or no place for the reader: NULL");
    source.user = fopen(path, "rb");
    if (!source.user)
        return fail_open(error, VCMD_STATUS_FILE_NOT_OPENED,
                         "the file cannot be opened for reading");
    return vcmd_capture_reader_create(&source, max_payload, reader, error);
}
