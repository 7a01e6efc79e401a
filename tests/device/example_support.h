/* SPDX-License-Identifier: MIT */
#ifndef TESTS_DEVICE_EXAMPLE_SUPPORT_H
#define TESTS_DEVICE_EXAMPLE_SUPPORT_H

#include "support.h"

/* What a program did: its exit status, -1 for a signal, and the beginning of what it wrote. */
struct program_result {
    int status;
    char out[4096];
    char err[8192];
};

/*
 * Runs an example of the build, "triangle" or "gears", with arguments that end with NULL. Ends the
 * test when it cannot be run at all.
 */
void run_example(struct program_result *result, const char *name, const char *const *arguments);

/* A path in a folder of this process, which is removed by forget_files. Static text. */
const char *temporary_file(const char *name);
void forget_files(void);

/* A picture: RGBA, the top row first. */
struct picture {
    uint32_t width, height;
    uint8_t *pixels;
};

/* Ends the test when there is no such picture. */
void read_picture(struct picture *picture, const char *path);
void free_picture(struct picture *picture);

/* Of the pixel at column x and row y, from the top. */
const uint8_t *picture_pixel(const struct picture *picture, uint32_t x, uint32_t y);

/* Runs an example with --output and the arguments, expects success, and reads the picture. */
void render_example(struct picture *picture, const char *name, const char *const *arguments);

#endif
