/* SPDX-License-Identifier: MIT */

/*
 * Three turning gears: what triangle.c shows, and on top of it a depth buffer, an index buffer,
 * constants that change from draw to draw, light in the shader, and many frames. The drawing is in
 * gears_scene.c.
 */
#include "common/picture.h"
#include "common/report.h"
#include "gears_scene.h"
#include <stdio.h>
#include <time.h>

static double seconds(void)
{
    struct timespec now;

    timespec_get(&now, TIME_UTC);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static enum vcmd_status draw_frames(struct gears *s, uint32_t frames)
{
    double start = seconds(), taken;

    for (uint32_t frame = 0; frame < frames; frame++)
        EXAMPLE_TRY(gears_draw(s, frame));
    taken = seconds() - start;
    if (frames > 1)
        printf("%u frames in %.2f s: %.1f frames per second\n", frames, taken,
               (double)frames / taken);
    return VCMD_STATUS_OK;
}

static enum vcmd_status run(struct gears *s, const struct example_options *options, uint32_t frames,
                            struct example_picture *picture)
{
    struct vcmd_level_layout layout;
    void *memory;

    EXAMPLE_TRY(gears_open(s, "gears", options));
    EXAMPLE_TRY(gears_create(s));
    EXAMPLE_TRY(draw_frames(s, frames));
    EXAMPLE_TRY(vcmd_transfer_from_host(s->context, s->color[0], NULL));
    EXAMPLE_TRY(vcmd_resource_get_layout(s->color[0], 0, &layout));
    EXAMPLE_TRY(vcmd_resource_map(s->color[0], &memory, NULL));
    *picture = (struct example_picture){
        .pixels = memory,
        .width = s->width,
        .height = s->height,
        .stride = layout.stride,
        .format = VCMD_FORMAT_B8G8R8A8_UNORM,
        .bottom_up = true,
    };
    return VCMD_STATUS_OK;
}

int main(int argc, char **argv)
{
    struct example_options options = {.output = "gears.png", .width = 640, .height = 480};
    uint32_t frames = 1;
    const struct example_number number = {
        "frames", "how often to draw; the last is the picture, default 1", 1, 1000000, &frames};
    struct gears s = {.num_colors = 1};
    struct example_picture picture;
    int exit_status;

    example_parse_options(&options, argc, argv, "Draws three gears that turn each other.", &number);
    s.width = options.width;
    s.height = options.height;
    exit_status = example_exit_status("gears", run(&s, &options, frames, &picture));
    if (exit_status == 0) {
        if (example_write_png(&picture, options.output))
            printf("%s\n", options.output);
        else
            exit_status = 1;
    }
    gears_close(&s);
    return exit_status;
}
