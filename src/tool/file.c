/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE
#include "file.h"

#include "clean.h"
#include "report.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Read from a pipe in steps of at least this many bytes. */
#define STEP 65536u

/* Kept to the end of the process: who prints a name may keep it as long as the path. */
struct shown_name {
    struct shown_name *next;
    const char *path;
    char text[];
};

static struct shown_name *shown_names;

static const char *shown_name(const char *path)
{
    size_t length = strlen(path), capacity = 4 * length + 1;
    struct shown_name *name;

    for (name = shown_names; name; name = name->next) {
        if (name->path == path)
            return name->text;
    }
    name = malloc(sizeof(*name) + capacity);
    if (!name)
        return "?";
    *name = (struct shown_name){shown_names, path};
    tool_clean(path, length, name->text, capacity);
    shown_names = name;
    return name->text;
}

const char *tool_file_name(const char *path)
{
    if (strcmp(path, "-") == 0)
        return "standard input";
    for (const char *c = path; *c; c++) {
        if (*c < ' ' || *c > '~')
            return shown_name(path);
    }
    return path;
}

FILE *tool_open_file(const char *path)
{
    struct stat status;
    FILE *file;

    if (strcmp(path, "-") == 0)
        return stdin;
    file = fopen(path, "rb");
    if (!file) {
        tool_error("%s: cannot be opened: %s", path, strerror(errno));
        return NULL;
    }
    if (fstat(fileno(file), &status) == 0 && S_ISDIR(status.st_mode)) {
        tool_error("%s: is a folder; name the files in it", path);
        fclose(file);
        return NULL;
    }
    return file;
}

static bool map(FILE *file, struct tool_bytes *bytes)
{
    struct stat status;
    void *memory;

    if (fstat(fileno(file), &status) != 0 || !S_ISREG(status.st_mode) || status.st_size <= 0 ||
        lseek(fileno(file), 0, SEEK_CUR) != 0 || (uint64_t)status.st_size > SIZE_MAX)
        return false;
    memory = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fileno(file), 0);
    if (memory == MAP_FAILED)
        return false;
    *bytes = (struct tool_bytes){memory, (size_t)status.st_size, true};
    return true;
}

static bool grow(unsigned char **memory, size_t *capacity)
{
    size_t larger = *capacity ? *capacity * 2 : STEP;
    unsigned char *moved = larger > *capacity ? realloc(*memory, larger) : NULL;

    if (!moved)
        return false;
    *memory = moved;
    *capacity = larger;
    return true;
}

static bool read_all(FILE *file, const char *path, struct tool_bytes *bytes)
{
    unsigned char *memory = NULL;
    size_t size = 0, capacity = 0;

    do {
        if (size == capacity && !grow(&memory, &capacity)) {
            tool_error("%s: byte %zu: no memory left to read more", tool_file_name(path), size);
            free(memory);
            return false;
        }
        size += fread(memory + size, 1, capacity - size, file);
    } while (size == capacity);
    if (ferror(file)) {
        tool_error("%s: byte %zu: cannot be read: %s", tool_file_name(path), size, strerror(errno));
        free(memory);
        return false;
    }
    if (size == 0) {
        free(memory);
        memory = NULL;
    }
    *bytes = (struct tool_bytes){memory, size, false};
    return true;
}

bool tool_read_file(const char *path, struct tool_bytes *bytes)
{
    FILE *file = tool_open_file(path);
    bool good;

    *bytes = (struct tool_bytes){NULL, 0, false};
    if (!file)
        return false;
    good = map(file, bytes) || read_all(file, path, bytes);
    if (file != stdin)
        fclose(file);
    return good;
}

bool tool_is_capture(const struct tool_bytes *bytes)
{
    static const unsigned char magic[8] = {0x89, 'V', 'C', 'A', 'P', '\r', '\n', 0x1a};

    return bytes->size >= sizeof(magic) && memcmp(bytes->data, magic, sizeof(magic)) == 0;
}

void tool_free_bytes(struct tool_bytes *bytes)
{
    if (bytes->mapped)
        munmap((void *)(uintptr_t)bytes->data, bytes->size);
    else
        free((void *)(uintptr_t)bytes->data);
    *bytes = (struct tool_bytes){NULL, 0, false};
}

/* ---- output ---- */

bool tool_output_is_standard(const char *path)
{
    struct stat named, standard;

    if (!path || strcmp(path, "-") == 0)
        return true;
    /* "/dev/stdout", or what it leads to: two that write to one file write over each other. */
    return stat(path, &named) == 0 && fstat(STDOUT_FILENO, &standard) == 0 &&
           named.st_dev == standard.st_dev && named.st_ino == standard.st_ino;
}

static bool takes_new_files(const char *place)
{
    const char *end = strrchr(place, '/');
    char *folder = end == place ? strdup("/") : strndup(place, (size_t)(end - place));
    bool takes = folder && access(folder, W_OK) == 0;

    free(folder);
    return takes;
}

static bool is_of_kernel(const char *path)
{
    return strncmp(path, "/dev/", 5) == 0 || strncmp(path, "/proc/", 6) == 0;
}

/*
 * What cannot be replaced by a file is written to as it is: a device or pipe, what somebody has
 * open (/dev/fd/3), what has other names, too, or lies in a folder that takes no new file. place is
 * path without links.
 */
static bool is_special(const char *path, const char *place, const struct stat *status)
{
    return !S_ISREG(status->st_mode) || status->st_nlink > 1 || is_of_kernel(path) ||
           is_of_kernel(place) || !takes_new_files(place);
}

static bool open_temporary(struct tool_output_file *output, mode_t mode)
{
    size_t size = strlen(output->place) + 8;
    int fd;

    output->temporary = malloc(size);
    if (!output->temporary)
        return false;
    snprintf(output->temporary, size, "%s.XXXXXX", output->place);
    fd = mkstemp(output->temporary);
    if (fd < 0)
        return false;
    /* mkstemp makes files that only their owner can read. */
    if (fchmod(fd, mode) == 0)
        output->stream = fdopen(fd, "wb");
    if (!output->stream) {
        int reason = errno;

        close(fd);
        unlink(output->temporary);
        errno = reason;
    }
    return output->stream != NULL;
}

/* Behind links: what is replaced is the file that they lead to. */
static bool open_place(struct tool_output_file *output, const char *how)
{
    mode_t mask = umask(0);
    struct stat status;

    umask(mask);
    output->place = realpath(output->path, NULL);
    if (output->place && stat(output->place, &status) == 0 &&
        !is_special(output->path, output->place, &status))
        return open_temporary(output, status.st_mode & 0777);
    if (!output->place && lstat(output->path, &status) != 0) {
        output->place = strdup(output->path);
        return output->place && open_temporary(output, 0666 & ~mask);
    }
    output->stream = fopen(output->path, how);
    return output->stream != NULL;
}

static void free_output(struct tool_output_file *output)
{
    free(output->place);
    free(output->temporary);
    *output = (struct tool_output_file){0};
}

static bool open_output(struct tool_output_file *output, const char *path, const char *how)
{
    *output = (struct tool_output_file){.stream = stdout};
    if (tool_output_is_standard(path))
        return true;
    *output = (struct tool_output_file){.path = path};
    if (open_place(output, how))
        return true;
    tool_error("%s: cannot be opened for writing: %s", path, strerror(errno));
    free_output(output);
    return false;
}

bool tool_output_open(struct tool_output_file *output, const char *path)
{
    return open_output(output, path, "wb");
}

bool tool_output_check(const char *path)
{
    struct tool_output_file output;
    struct stat status;

    /* Who reads from a pipe would see it end. */
    if (!path || (stat(path, &status) == 0 && S_ISFIFO(status.st_mode)))
        return true;
    /* A link that leads nowhere yet: the file would be made. */
    if (stat(path, &status) != 0 && lstat(path, &status) == 0)
        return true;
    return open_output(&output, path, "ab") && tool_output_close(&output, false);
}

bool tool_output_close(struct tool_output_file *output, bool keep)
{
    bool good = true;

    if (!output->path)
        return true;
    errno = 0;
    if (ferror(output->stream))
        good = false;
    if (fclose(output->stream) != 0)
        good = false;
    if (good && keep && output->temporary && rename(output->temporary, output->place) != 0)
        good = false;
    if (!good && keep)
        tool_error("%s: cannot be written: %s", output->path,
                   errno ? strerror(errno) : "an earlier write failed");
    if (output->temporary && !(good && keep))
        unlink(output->temporary);
    free_output(output);
    return good;
}
