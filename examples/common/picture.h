/* SPDX-License-Identifier: MIT */
#ifndef EXAMPLES_COMMON_PICTURE_H
#define EXAMPLES_COMMON_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Pixels in memory, as a transfer from the host leaves them. */
struct example_picture {
    const void *pixels; /* the first byte in memory */
    uint32_t width, height;
    uint32_t stride; /* bytes from row to row in memory */
    uint32_t format; /* VCMD_FORMAT_B8G8R8A8_UNORM or VCMD_FORMAT_R8G8B8A8_UNORM */
    bool bottom_up;  /* the first row in memory is the lowest of the picture */
};

/* Writes an RGBA PNG with the top row first. On failure says why on stderr and returns false. */
bool example_write_png(const struct example_picture *picture, const char *path);

#endif
