/* SPDX-License-Identifier: MIT */
/* processes and temporary folders: not in plain C11 */
#define _DEFAULT_SOURCE

#include "example_support.h"

#include <fcntl.h>
#include <png.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_ARGUMENTS 16

extern char **environ;

static char folder[64];
static const char *const names[] = {"out", "err", "picture.png", "capture.vcap"};

/* ---- files ---- */

const char *temporary_file(const char *name)
{
    static char path[128];

    if (folder[0] == '\0') {
        snprintf(folder, sizeof(folder), "/tmp/virglcmd-test-XXXXXX");
        assert_non_null(mkdtemp(folder));
    }
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

void forget_files(void)
{
    if (folder[0] == '\0')
        return;
    for (size_t i = 0; i < ARRAY_SIZE(names); i++)
        unlink(temporary_file(names[i]));
    rmdir(folder);
    folder[0] = '\0';
}

static void read_text(const char *name, char *text, size_t capacity)
{
    FILE *file = fopen(temporary_file(name), "rb");

    assert_non_null(file);
    text[fread(text, 1, capacity - 1, file)] = '\0';
    fclose(file);
}

/* ---- programs ---- */

static pid_t spawn(const char *path, char *const *argv)
{
    const int flags = O_WRONLY | O_CREAT | O_TRUNC;
    posix_spawn_file_actions_t actions;
    pid_t pid = -1;
    int result;

    assert_int_equal(posix_spawn_file_actions_init(&actions), 0);
    posix_spawn_file_actions_addopen(&actions, 1, temporary_file("out"), flags, 0600);
    posix_spawn_file_actions_addopen(&actions, 2, temporary_file("err"), flags, 0600);
    result = posix_spawn(&pid, path, &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (result != 0)
        fail_msg("%s: %s", path, strerror(result));
    return pid;
}

void run_example(struct program_result *result, const char *name, const char *const *arguments)
{
    char path[1024];
    char *argv[MAX_ARGUMENTS + 2] = {path};
    int status;
    pid_t pid;

    snprintf(path, sizeof(path), "%s/%s", EXAMPLE_FOLDER, name);
    for (size_t i = 0; arguments[i]; i++) {
        assert_true(i < MAX_ARGUMENTS);
        argv[i + 1] = (char *)(uintptr_t)arguments[i]; /* execve promises to leave it alone */
    }
    pid = spawn(path, argv);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    result->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    read_text("out", result->out, sizeof(result->out));
    read_text("err", result->err, sizeof(result->err));
}

/* ---- pictures ---- */

void read_picture(struct picture *picture, const char *path)
{
    png_image image;

    memset(&image, 0, sizeof(image));
    image.version = PNG_IMAGE_VERSION;
    if (!png_image_begin_read_from_file(&image, path))
        fail_msg("%s: %s", path, image.message);
    image.format = PNG_FORMAT_RGBA;
    picture->width = image.width;
    picture->height = image.height;
    picture->pixels = malloc(PNG_IMAGE_SIZE(image));
    assert_non_null(picture->pixels);
    if (!png_image_finish_read(&image, NULL, picture->pixels, 0, NULL))
        fail_msg("%s: %s", path, image.message);
}

void free_picture(struct picture *picture)
{
    free(picture->pixels);
    picture->pixels = NULL;
}

const uint8_t *picture_pixel(const struct picture *picture, uint32_t x, uint32_t y)
{
    return picture->pixels + ((size_t)y * picture->width + x) * 4;
}

void render_example(struct picture *picture, const char *name, const char *const *arguments)
{
    const char *all[MAX_ARGUMENTS + 1] = {"--output", NULL};
    char output[128];
    struct program_result result;

    snprintf(output, sizeof(output), "%s", temporary_file("picture.png"));
    all[1] = output;
    for (size_t i = 0; arguments[i]; i++) {
        assert_true(i + 2 < MAX_ARGUMENTS);
        all[i + 2] = arguments[i];
    }
    unlink(output);
    run_example(&result, name, all);
    if (result.status != 0)
        fail_msg("%s ended with %d: %s", name, result.status, result.err);
    assert_string_equal(result.err, "");
    read_picture(picture, output);
}
