/* SPDX-License-Identifier: MIT */
#include "picture.h"

#include "file.h"
#include "report.h"
#include <png.h>
#include <string.h>

bool tool_write_png(const struct vcmd_replay_picture *picture, const char *path)
{
    struct tool_output_file output;
    png_image image;
    bool good;

    if (!tool_output_open(&output, path))
        return false;
    memset(&image, 0, sizeof(image));
    image.version = PNG_IMAGE_VERSION;
    image.width = picture->width;
    image.height = picture->height;
    image.format = PNG_FORMAT_RGBA;
    good = png_image_write_to_stdio(&image, output.stream, 0, picture->pixels, 0, NULL) != 0;
    if (!good)
        tool_error("%s: the picture cannot be written: %s", path, image.message);
    png_image_free(&image);
    return tool_output_close(&output, good) && good;
}
