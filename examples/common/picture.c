/* SPDX-License-Identifier: MIT */
#include "common/picture.h"

#include <errno.h>
#include <png.h>
#include <stdio.h>
#include <string.h>
#include <virglcmd/formats.h>

static bool png_layout(uint32_t format, png_uint_32 *layout)
{
    switch (format) {
    case VCMD_FORMAT_B8G8R8A8_UNORM:
        *layout = PNG_FORMAT_BGRA;
        return true;
    case VCMD_FORMAT_R8G8B8A8_UNORM:
        *layout = PNG_FORMAT_RGBA;
        return true;
    default:
        return false;
    }
}

static bool encode(const struct example_picture *picture, png_uint_32 layout, FILE *file,
                   const char *path)
{
    png_image image;
    /* To libpng a negative stride means that the first row in memory is the lowest. */
    png_int_32 stride = (png_int_32)picture->stride;

    memset(&image, 0, sizeof(image));
    image.version = PNG_IMAGE_VERSION;
    image.width = picture->width;
    image.height = picture->height;
    image.format = layout;
    if (png_image_write_to_stdio(&image, file, 0, picture->pixels,
                                 picture->bottom_up ? -stride : stride, NULL))
        return true;
    fprintf(stderr, "%s: cannot write the picture: %s\n", path, image.message);
    png_image_free(&image);
    return false;
}

bool example_write_png(const struct example_picture *picture, const char *path)
{
    png_uint_32 layout;
    FILE *file;
    bool written;

    if (!png_layout(picture->format, &layout)) {
        fprintf(stderr, "%s: cannot write pixels of format %u\n", path, picture->format);
        return false;
    }
    file = fopen(path, "wb");
    if (!file) {
        fprintf(stderr, "%s: cannot open it for writing: %s\n", path, strerror(errno));
        return false;
    }
    written = encode(picture, layout, file, path);
    /* A full disk may show up only here. */
    if (fclose(file) != 0 && written) {
        fprintf(stderr, "%s: cannot write the picture: %s\n", path, strerror(errno));
        return false;
    }
    return written;
}
