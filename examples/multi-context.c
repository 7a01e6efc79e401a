/* SPDX-License-Identifier: MIT */

/*
 * Two contexts of one device, as two programs of a guest have them. The painter draws into a
 * texture, the viewer shows it: each has its own objects and state, and the texture is attached to
 * both. A fence between them says when the painter is through.
 */
#include "common/scene.h"

#define TEXTURE_SIZE 64

struct vertex {
    float position[2];
    float other[4]; /* the painter's colour, the viewer's place in the texture */
};

/* A square whose red grows to the right and whose green grows upwards. */
static const struct vertex painted[4] = {
    {{-1, -1}, {0, 0, 0.5f, 1}},
    {{1, -1}, {1, 0, 0.5f, 1}},
    {{-1, 1}, {0, 1, 0.5f, 1}},
    {{1, 1}, {1, 1, 0.5f, 1}},
};

/* The texture twice across and twice up: it repeats. */
static const struct vertex shown[4] = {
    {{-0.8f, -0.8f}, {0, 0, 0, 1}},
    {{0.8f, -0.8f}, {2, 0, 0, 1}},
    {{-0.8f, 0.8f}, {0, 2, 0, 1}},
    {{0.8f, 0.8f}, {2, 2, 0, 1}},
};

static const uint32_t inputs[2] = {VCMD_FORMAT_R32G32_FLOAT, VCMD_FORMAT_R32G32B32A32_FLOAT};

static const char texture_text[] = "FRAG\n"
                                   "DCL IN[0], GENERIC[0], PERSPECTIVE\n"
                                   "DCL OUT[0], COLOR\n"
                                   "DCL SAMP[0]\n"
                                   "DCL SVIEW[0], 2D, FLOAT\n"
                                   "  0: TEX OUT[0], IN[0], SAMP[0], 2D\n"
                                   "  1: END\n";

enum { VIEW = SCENE_OBJECTS, SAMPLER };

/* The painter. The scene's own context is the viewer's, so its commands have their own buffer. */
static enum vcmd_status paint(struct vcmd_context *painter, const struct vcmd_resource *texture,
                              const struct vcmd_resource *vertices, uint64_t *fence)
{
    uint32_t memory[512];
    struct vcmd_buffer buf;

    vcmd_buffer_init(&buf, memory, 512, VCMD_BUFFER_HEADROOM);
    encode_sub_context(&buf);
    encode_target(&buf, SCENE_SURFACE, texture, TEXTURE_SIZE, TEXTURE_SIZE);
    encode_plain_state(&buf);
    encode_shaders(&buf, scene_vertex_text, scene_color_text);
    encode_vertices(&buf, vertices, inputs, 2);
    encode_draw(&buf, VCMD_PRIM_TRIANGLE_STRIP, 0, 4);
    return vcmd_submit(painter, &buf, fence);
}

/* The viewer. SCENE_SURFACE and all the others are the same numbers, and other objects. */
static void encode_view(struct scene *s, const struct vcmd_resource *texture,
                        const struct vcmd_resource *vertices)
{
    const struct vcmd_create_sampler_view view = {
        .handle = VIEW,
        .res_handle = vcmd_resource_id(texture),
        .format = SCENE_FORMAT,
        .swizzle_r = VCMD_SWIZZLE_X,
        .swizzle_g = VCMD_SWIZZLE_Y,
        .swizzle_b = VCMD_SWIZZLE_Z,
        .swizzle_a = VCMD_SWIZZLE_W,
    };
    const struct vcmd_create_sampler_state sampler = {
        .handle = SAMPLER,
        .wrap_s = VCMD_TEX_WRAP_REPEAT,
        .wrap_t = VCMD_TEX_WRAP_REPEAT,
        .wrap_r = VCMD_TEX_WRAP_REPEAT,
        .min_img_filter = VCMD_TEX_FILTER_NEAREST,
        .mag_img_filter = VCMD_TEX_FILTER_NEAREST,
        .min_mip_filter = VCMD_TEX_MIPFILTER_NONE,
    };
    const uint32_t views[1] = {VIEW}, samplers[1] = {SAMPLER};

    encode_plain_state(&s->buf);
    encode_shaders(&s->buf, scene_vertex_text, texture_text);
    encode_vertices(&s->buf, vertices, inputs, 2);
    vcmd_create_sampler_view(&s->buf, &view);
    vcmd_set_sampler_views(&s->buf,
                           &(struct vcmd_set_sampler_views){VCMD_SHADER_FRAGMENT, 0, 1, views});
    vcmd_create_sampler_state(&s->buf, &sampler);
    vcmd_bind_sampler_states(
        &s->buf, &(struct vcmd_bind_sampler_states){VCMD_SHADER_FRAGMENT, 0, 1, samplers});
    encode_clear(&s->buf, 0, 0, 0);
    encode_draw(&s->buf, VCMD_PRIM_TRIANGLE_STRIP, 0, 4);
}

static enum vcmd_status run(struct scene *s, struct vcmd_context **painter)
{
    const struct vcmd_resource_desc desc = {
        .target = VCMD_TEXTURE_2D,
        .format = SCENE_FORMAT,
        .bind = VCMD_BIND_RENDER_TARGET | VCMD_BIND_SAMPLER_VIEW,
        .width = TEXTURE_SIZE,
        .height = TEXTURE_SIZE,
    };
    struct vcmd_resource *texture, *paint_vertices, *view_vertices;
    uint64_t painted_fence;

    EXAMPLE_TRY(scene_open(s));
    EXAMPLE_TRY(vcmd_context_create(s->device, "painter", painter));
    EXAMPLE_TRY(scene_create(s, &desc, &texture));
    EXAMPLE_TRY(
        scene_create_buffer(s, VCMD_BIND_VERTEX_BUFFER, painted, sizeof(painted), &paint_vertices));
    EXAMPLE_TRY(
        scene_create_buffer(s, VCMD_BIND_VERTEX_BUFFER, shown, sizeof(shown), &view_vertices));

    /* The scene has attached them to its context; here they get into the other one as well. */
    EXAMPLE_TRY(vcmd_context_attach(*painter, texture));
    EXAMPLE_TRY(vcmd_context_attach(*painter, paint_vertices));
    EXAMPLE_TRY(paint(*painter, texture, paint_vertices, &painted_fence));

    /* The host orders the commands of one context. Between two of them this is all the order. */
    EXAMPLE_TRY(scene_create_target(s));
    encode_view(s, texture, view_vertices);
    EXAMPLE_TRY(vcmd_fence_wait(s->device, painted_fence, VCMD_WAIT_FOREVER));
    return scene_submit(s);
}

int main(int argc, char **argv)
{
    struct scene s = {.name = "multi-context",
                      .options = {.output = "multi-context.png", .width = 320, .height = 320}};
    struct vcmd_context *painter = NULL;
    enum vcmd_status status;

    example_parse_options(&s.options, argc, argv, "One context paints, another one shows it.",
                          NULL);
    status = run(&s, &painter);
    vcmd_context_destroy(painter);
    return scene_end(&s, status);
}
