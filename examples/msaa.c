/* SPDX-License-Identifier: MIT */

/*
 * Multisampling: the same rays drawn with one sample a pixel, on the left, and with four that a
 * blit resolves to one, on the right. More blits magnify both, so that single pixels can be seen.
 */
#include "common/scene.h"
#include <math.h>
#include <stdio.h>

#define SAMPLES 4
#define ZOOM    8u
#define RAYS    9

struct vertex {
    float x, y;
};

/* Both shaders know nothing but positions: white on what is cleared to black. */
static const char vertex_text[] = "VERT\n"
                                  "DCL IN[0]\n"
                                  "DCL OUT[0], POSITION\n"
                                  "  0: MOV OUT[0], IN[0]\n"
                                  "  1: END\n";

static const char fragment_text[] = "FRAG\n"
                                    "DCL OUT[0], COLOR\n"
                                    "IMM[0] FLT32 { 1.0, 1.0, 1.0, 1.0 }\n"
                                    "  0: MOV OUT[0], IMM[0]\n"
                                    "  1: END\n";

enum { ONE_SURFACE = SCENE_OBJECTS, FOUR_SURFACE, MULTISAMPLE };

/* Triangles with a corner in the middle, each a third as wide as the gap that follows. */
static void place_rays(struct vertex *vertex)
{
    const float turn = 6.2831853f / RAYS;

    for (int ray = 0; ray < RAYS; ray++) {
        float from = turn * (float)ray, to = turn * ((float)ray + 0.25f);

        *vertex++ = (struct vertex){0, 0};
        *vertex++ = (struct vertex){0.9f * cosf(from), 0.9f * sinf(from)};
        *vertex++ = (struct vertex){0.9f * cosf(to), 0.9f * sinf(to)};
    }
}

static enum vcmd_status create_small(struct scene *s, uint32_t nr_samples,
                                     struct vcmd_resource **texture)
{
    const struct vcmd_resource_desc desc = {
        .target = VCMD_TEXTURE_2D,
        .format = SCENE_FORMAT,
        .bind = VCMD_BIND_RENDER_TARGET | VCMD_BIND_SAMPLER_VIEW,
        .width = s->options.width / 2 / ZOOM,
        .height = s->options.height / ZOOM,
        .nr_samples = nr_samples,
        .backing_size = VCMD_NO_BACKING, /* hosts cannot transfer several samples */
    };

    return scene_create(s, &desc, texture);
}

static void encode_rays(struct scene *s, uint32_t surface, const struct vcmd_resource *texture)
{
    encode_target(&s->buf, surface, texture, s->options.width / 2 / ZOOM, s->options.height / ZOOM);
    encode_clear(&s->buf, 0, 0, 0);
    encode_draw(&s->buf, VCMD_PRIM_TRIANGLES, 0, 3 * RAYS);
}

/* All of a small texture to a box. From several samples to one of the same size is a resolve. */
static void encode_blit(struct scene *s, const struct vcmd_resource *from,
                        const struct vcmd_resource *to, uint32_t zoom, uint32_t x)
{
    const int32_t width = (int32_t)(s->options.width / 2 / ZOOM);
    const int32_t height = (int32_t)(s->options.height / ZOOM);
    const int32_t times = (int32_t)zoom;
    const struct vcmd_blit blit = {
        .mask = VCMD_MASK_RGBA,
        .filter = VCMD_TEX_FILTER_NEAREST,
        .src = {.res_handle = vcmd_resource_id(from),
                .format = SCENE_FORMAT,
                .box = {.w = width, .h = height, .d = 1}},
        .dst = {.res_handle = vcmd_resource_id(to),
                .format = SCENE_FORMAT,
                .box = {.x = (int32_t)x, .w = width * times, .h = height * times, .d = 1}},
    };

    vcmd_blit(&s->buf, &blit);
}

/* Where in a pixel the samples lie, from its lower left corner: sixteenths, a byte for each. */
static void print_positions(const struct vcmd_caps *caps)
{
    printf("samples of a pixel:");
    for (uint32_t i = 0; i < SAMPLES; i++) {
        uint32_t byte = caps->sample_locations[1] >> 8 * i & 0xff;

        printf(" (%g, %g)", (double)(byte >> 4) / 16, (double)(byte & 15) / 16);
    }
    printf("\n");
}

static enum vcmd_status run(struct scene *s)
{
    static const uint32_t inputs[1] = {VCMD_FORMAT_R32G32_FLOAT};
    const struct vcmd_create_rasterizer rasterizer = {.handle = MULTISAMPLE,
                                                      .multisample = true,
                                                      .depth_clip = true,
                                                      .half_pixel_center = true,
                                                      .point_size = 1.0f,
                                                      .line_width = 1.0f};
    struct vcmd_resource *one, *four, *resolved, *buffer;
    struct vertex vertices[3 * RAYS];

    place_rays(vertices);
    EXAMPLE_TRY(scene_open(s));
    EXAMPLE_TRY(scene_need(s, s->caps.max_samples >= SAMPLES, "textures with four samples"));
    EXAMPLE_TRY(scene_create_target(s));
    EXAMPLE_TRY(create_small(s, 1, &one));
    EXAMPLE_TRY(create_small(s, SAMPLES, &four));
    EXAMPLE_TRY(create_small(s, 1, &resolved));
    EXAMPLE_TRY(
        scene_create_buffer(s, VCMD_BIND_VERTEX_BUFFER, vertices, sizeof(vertices), &buffer));

    encode_clear(&s->buf, 0, 0, 0);
    encode_plain_state(&s->buf);
    vcmd_create_rasterizer(&s->buf, &rasterizer);
    vcmd_bind_rasterizer(&s->buf, &(struct vcmd_bind_rasterizer){MULTISAMPLE});
    encode_shaders(&s->buf, vertex_text, fragment_text);
    encode_vertices(&s->buf, buffer, inputs, 1);
    encode_rays(s, ONE_SURFACE, one);
    encode_rays(s, FOUR_SURFACE, four);
    encode_blit(s, four, resolved, 1, 0);
    encode_blit(s, one, s->target, ZOOM, 0);
    encode_blit(s, resolved, s->target, ZOOM, s->options.width / 2);
    EXAMPLE_TRY(scene_submit(s));
    print_positions(&s->caps);
    return VCMD_STATUS_OK;
}

int main(int argc, char **argv)
{
    struct scene s = {.name = "msaa",
                      .options = {.output = "msaa.png", .width = 640, .height = 320}};

    example_parse_options(&s.options, argc, argv,
                          "Draws rays with one sample a pixel, and with four.", NULL);
    if (s.options.width < 2 * ZOOM || s.options.height < ZOOM) {
        fprintf(stderr, "msaa: --size is %ux%u; allowed is %ux%u and more\n", s.options.width,
                s.options.height, 2 * ZOOM, ZOOM);
        return 2;
    }
    return scene_end(&s, run(&s));
}
