/* SPDX-License-Identifier: MIT */
#ifndef EXAMPLES_GEARS_SCENE_H
#define EXAMPLES_GEARS_SCENE_H

#include "common/options.h"
#include <virglcmd/device.h>
#include <virglcmd/virglcmd.h>

#define GEARS_MAX_COLORS 2

/* Three gears that turn each other, and what they take. Zero but for the first group. */
struct gears {
    uint32_t width, height; /* pixels */
    uint32_t num_colors;    /* pictures that are drawn to in turns: 1, or 2 for a screen */
    uint32_t color_bind;    /* uses of them besides VCMD_BIND_RENDER_TARGET */
    uint32_t color_flags;   /* VCMD_RESOURCE_* */

    struct vcmd_device *device;
    struct vcmd_context *context;
    struct vcmd_resource *color[GEARS_MAX_COLORS]; /* B8G8R8A8 */
    struct vcmd_resource *depth, *vertices, *indices;
    uint32_t depth_format;
    uint32_t memory[4096]; /* dwords for the commands of a frame */
    struct vcmd_buffer buf;
};

/* A device and a context of the program's name. */
enum vcmd_status gears_open(struct gears *s, const char *name,
                            const struct example_options *options);

/* The pictures, the geometry and all state that stays. */
enum vcmd_status gears_create(struct gears *s);

/* Draws into color[frame % num_colors] and waits for it; the gears turn by 2 degrees each frame. */
enum vcmd_status gears_draw(struct gears *s, uint32_t frame);

/* In whatever state it got to. */
void gears_close(struct gears *s);

#endif
