/* SPDX-License-Identifier: MIT */
#include "memory_file.h"

#include "support.h"

#include <stdlib.h>
#include <string.h>

static enum vcmd_status write_memory(void *user, const void *bytes, size_t size)
{
    struct memory_file *file = user;

    if (file->fail_at && file->size + size > file->fail_at)
        return VCMD_STATUS_FILE_FAILED;
    file->bytes = realloc(file->bytes, file->size + size);
    assert_non_null(file->bytes);
    memcpy(file->bytes + file->size, bytes, size);
    file->size += size;
    if (file->ticks)
        ++*file->ticks;
    return VCMD_STATUS_OK;
}

static enum vcmd_status close_sink(void *user)
{
    struct memory_file *file = user;

    file->closed++;
    return VCMD_STATUS_OK;
}

static enum vcmd_status read_memory(void *user, void *bytes, size_t size, size_t *got)
{
    struct memory_file *file = user;
    size_t left = file->size - file->position;

    *got = size < left ? size : left;
    if (*got > 0)
        memcpy(bytes, file->bytes + file->position, *got);
    file->position += *got;
    return VCMD_STATUS_OK;
}

static void close_source(void *user)
{
    (void)close_sink(user);
}

struct vcmd_capture_sink memory_sink(struct memory_file *file)
{
    return (struct vcmd_capture_sink){write_memory, close_sink, file};
}

struct vcmd_capture_source memory_source(struct memory_file *file)
{
    file->position = 0;
    return (struct vcmd_capture_source){read_memory, close_source, file};
}

void memory_file_free(struct memory_file *file)
{
    free(file->bytes);
    *file = (struct memory_file){0};
}

struct vcmd_capture_reader *memory_reader(struct memory_file *file)
{
    const struct vcmd_capture_source source = memory_source(file);
    struct vcmd_capture_reader *reader;
    struct vcmd_capture_error error;

    if (vcmd_capture_reader_create(&source, 0, &reader, &error) != VCMD_STATUS_OK)
        fail_msg("%s", error.text);
    return reader;
}
