/* SPDX-License-Identifier: MIT */

/*
 * A texture: its upload, whole and in part; the view and the sampler through which a shader reads
 * it; and which way is up, which docs/orientation.md explains with this picture.
 */
#include "common/scene.h"
#include <string.h>

#define SIZE 8 /* texels */

/* As a picture lies in memory when it was read from a file: the top row comes first. */
static const char letter[SIZE][SIZE + 1] = {
    "........", ".#####..", ".#......", ".#......", ".####...", ".#......", ".#......", "........",
};

/* Bytes of B8G8R8A8: blue, green, red, alpha. */
static const uint8_t paper[4] = {230, 240, 250, 255};
static const uint8_t ink[4] = {90, 40, 30, 255};
static const uint8_t red[4] = {40, 60, 230, 255};

static const char fragment_text[] = "FRAG\n"
                                    "DCL IN[0], GENERIC[0], PERSPECTIVE\n"
                                    "DCL OUT[0], COLOR\n"
                                    "DCL SAMP[0]\n"
                                    "DCL SVIEW[0], 2D, FLOAT\n"
                                    "  0: TEX OUT[0], IN[0], SAMP[0], 2D\n"
                                    "  1: END\n";

enum { VIEW = SCENE_OBJECTS, VIEW_Y_0_TOP, EXACT, SMOOTH };

/* Three columns of squares. v is the row of the texture: 0 at the first, 1 at the last. */
static const struct {
    float top_v, bottom_v, right_u;
    uint32_t sampler;
} columns[3] = {
    {0, 1, 1, EXACT},  /* v grows downwards */
    {1, 0, 1, EXACT},  /* v grows upwards, as positions do */
    {0, 2, 2, SMOOTH}, /* downwards, and beyond the texture's edges */
};

struct vertex {
    float x, y, u, v;
};

/* The two rows of squares have a texture each; vertices in the order of a triangle strip. */
static void place_square(struct vertex corner[4], int row, int column)
{
    float left = -1 + ((float)column + 0.1f) * 2 / 3, right = left + 0.8f * 2 / 3;
    float top = 1 - ((float)row + 0.1f), bottom = top - 0.8f;

    corner[0] = (struct vertex){left, bottom, 0, columns[column].bottom_v};
    corner[1] = (struct vertex){right, bottom, columns[column].right_u, columns[column].bottom_v};
    corner[2] = (struct vertex){left, top, 0, columns[column].top_v};
    corner[3] = (struct vertex){right, top, columns[column].right_u, columns[column].top_v};
}

static enum vcmd_status create_texture(struct scene *s, uint32_t flags,
                                       struct vcmd_resource **texture)
{
    const struct vcmd_resource_desc desc = {
        .target = VCMD_TEXTURE_2D,
        .format = VCMD_FORMAT_B8G8R8A8_UNORM,
        .bind = VCMD_BIND_SAMPLER_VIEW,
        .width = SIZE,
        .height = SIZE,
        .flags = flags,
    };
    const struct vcmd_transfer first_row = {.box = {.w = SIZE, .h = 1, .d = 1}};
    void *memory;
    uint8_t *texel;

    EXAMPLE_TRY(scene_create(s, &desc, texture));
    EXAMPLE_TRY(vcmd_resource_map(*texture, &memory, NULL));
    texel = memory;
    for (int y = 0; y < SIZE; y++)
        for (int x = 0; x < SIZE; x++, texel += 4)
            memcpy(texel, letter[y][x] == '#' ? ink : paper, 4);
    EXAMPLE_TRY(vcmd_transfer_to_host(s->context, *texture, NULL)); /* NULL: all of it */

    /* Now the backing is all red, but only the box goes to the host: its first row. */
    texel = memory;
    for (int i = 0; i < SIZE * SIZE; i++, texel += 4)
        memcpy(texel, red, 4);
    return vcmd_transfer_to_host(s->context, *texture, &first_row);
}

/* How a shader sees a texture: which levels and layers, and from where each component comes. */
static void encode_view(struct scene *s, uint32_t view, const struct vcmd_resource *texture)
{
    vcmd_create_sampler_view(&s->buf, &(struct vcmd_create_sampler_view){
                                          .handle = view,
                                          .res_handle = vcmd_resource_id(texture),
                                          .format = VCMD_FORMAT_B8G8R8A8_UNORM,
                                          .swizzle_r = VCMD_SWIZZLE_X, /* 0, which red may be */
                                          .swizzle_g = VCMD_SWIZZLE_Y, /* but not the others */
                                          .swizzle_b = VCMD_SWIZZLE_Z,
                                          .swizzle_a = VCMD_SWIZZLE_W,
                                      });
}

static void encode_samplers(struct scene *s)
{
    struct vcmd_create_sampler_state sampler = {
        .handle = EXACT,
        .wrap_s = VCMD_TEX_WRAP_CLAMP_TO_EDGE,
        .wrap_t = VCMD_TEX_WRAP_CLAMP_TO_EDGE,
        .wrap_r = VCMD_TEX_WRAP_CLAMP_TO_EDGE,
        .min_img_filter = VCMD_TEX_FILTER_NEAREST,
        .mag_img_filter = VCMD_TEX_FILTER_NEAREST,
        .min_mip_filter = VCMD_TEX_MIPFILTER_NONE,
    };

    vcmd_create_sampler_state(&s->buf, &sampler);
    sampler.handle = SMOOTH;
    sampler.wrap_s = sampler.wrap_t = VCMD_TEX_WRAP_REPEAT;
    sampler.min_img_filter = sampler.mag_img_filter = VCMD_TEX_FILTER_LINEAR;
    vcmd_create_sampler_state(&s->buf, &sampler);
}

static void encode_square(struct scene *s, int row, int column)
{
    const uint32_t view = row == 0 ? VIEW : VIEW_Y_0_TOP;

    vcmd_set_sampler_views(&s->buf,
                           &(struct vcmd_set_sampler_views){VCMD_SHADER_FRAGMENT, 0, 1, &view});
    vcmd_bind_sampler_states(&s->buf, &(struct vcmd_bind_sampler_states){VCMD_SHADER_FRAGMENT, 0, 1,
                                                                         &columns[column].sampler});
    encode_draw(&s->buf, VCMD_PRIM_TRIANGLE_STRIP, 4 * (uint32_t)(3 * row + column), 4);
}

static enum vcmd_status run(struct scene *s)
{
    static const uint32_t inputs[2] = {VCMD_FORMAT_R32G32_FLOAT, VCMD_FORMAT_R32G32_FLOAT};
    struct vertex vertices[2][3][4];
    struct vcmd_resource *buffer, *texture, *texture_y_0_top;

    for (int row = 0; row < 2; row++)
        for (int column = 0; column < 3; column++)
            place_square(vertices[row][column], row, column);
    EXAMPLE_TRY(scene_open(s));
    EXAMPLE_TRY(scene_create_target(s));
    EXAMPLE_TRY(create_texture(s, 0, &texture));
    EXAMPLE_TRY(create_texture(s, VCMD_RESOURCE_Y_0_TOP, &texture_y_0_top));
    EXAMPLE_TRY(
        scene_create_buffer(s, VCMD_BIND_VERTEX_BUFFER, vertices, sizeof(vertices), &buffer));
    encode_plain_state(&s->buf);
    encode_shaders(&s->buf, scene_vertex_text, fragment_text);
    encode_vertices(&s->buf, buffer, inputs, 2);
    encode_view(s, VIEW, texture);
    encode_view(s, VIEW_Y_0_TOP, texture_y_0_top);
    encode_samplers(s);
    encode_clear(&s->buf, 0.2f, 0.4f, 0.6f);
    for (int row = 0; row < 2; row++)
        for (int column = 0; column < 3; column++)
            encode_square(s, row, column);
    return scene_submit(s);
}

int main(int argc, char **argv)
{
    struct scene s = {.name = "texture",
                      .options = {.output = "texture.png", .width = 600, .height = 400}};

    example_parse_options(&s.options, argc, argv, "Draws a texture, upright and upside down.",
                          NULL);
    return scene_end(&s, run(&s));
}
