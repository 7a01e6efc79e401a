/* SPDX-License-Identifier: MIT */

/*
 * Queries: how many samples of three cards are seen behind a wall, and how long the host takes for
 * the drawing. The host writes the answers right into the backing of small buffers.
 */
#include "common/scene.h"
#include <inttypes.h>
#include <stdio.h>

#define CARDS 3

struct vertex {
    float position[3]; /* z: 0 is nearest, 1 farthest */
    float color[3];
};

/* Four corners of a rectangle, as a triangle strip. */
#define RECTANGLE(left, bottom, right, top, z, ...)                                                \
    {{left, bottom, z}, {__VA_ARGS__}}, {{right, bottom, z}, {__VA_ARGS__}},                       \
        {{left, top, z}, {__VA_ARGS__}},                                                           \
    {                                                                                              \
        {right, top, z},                                                                           \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }

static const struct vertex vertices[] = {
    RECTANGLE(-0.6f, -0.8f, 0.2f, 0.8f, 0.0f, 0.4f, 0.4f, 0.4f),  /* the wall */
    RECTANGLE(-0.5f, -0.5f, -0.1f, 0.5f, 0.5f, 1.0f, 0.6f, 0.0f), /* a card, all behind it */
    RECTANGLE(0.0f, -0.5f, 0.4f, 0.5f, 0.5f, 1.0f, 0.6f, 0.0f),   /* half behind it */
    RECTANGLE(0.5f, -0.5f, 0.9f, 0.5f, 0.5f, 1.0f, 0.6f, 0.0f),   /* beside it */
};

enum { DEPTH_SURFACE = SCENE_OBJECTS, DEPTH_TEST, QUERIES };

/* One query per card, and one for the time. */
#define TIME CARDS

struct results {
    struct vcmd_resource *buffer[CARDS + 1];
};

static enum vcmd_status create_depth(struct scene *s)
{
    struct vcmd_resource_desc desc = {
        .target = VCMD_TEXTURE_2D,
        .format = scene_depth_format(s),
        .bind = VCMD_BIND_DEPTH_STENCIL,
        .width = s->options.width,
        .height = s->options.height,
        .backing_size = VCMD_NO_BACKING,
    };
    struct vcmd_create_surface surface = {.handle = DEPTH_SURFACE, .format = desc.format};
    const uint32_t colors[1] = {SCENE_SURFACE};
    const struct vcmd_create_dsa dsa = {
        .handle = DEPTH_TEST,
        .depth = {.enabled = true, .writemask = true, .func = VCMD_FUNC_LESS}};
    struct vcmd_resource *depth;

    if (desc.format == 0)
        return VCMD_STATUS_UNSUPPORTED;
    EXAMPLE_TRY(scene_create(s, &desc, &depth));
    surface.res_handle = vcmd_resource_id(depth);
    vcmd_create_surface(&s->buf, &surface);
    vcmd_set_framebuffer_state(
        &s->buf, &(struct vcmd_set_framebuffer_state){
                     .nr_cbufs = 1, .cbuf_handle = colors, .zsurf_handle = DEPTH_SURFACE});
    vcmd_create_dsa(&s->buf, &dsa);
    vcmd_bind_dsa(&s->buf, &(struct vcmd_bind_dsa){DEPTH_TEST});
    vcmd_clear(&s->buf, &(struct vcmd_clear){.buffers = VCMD_CLEAR_COLOR0 | VCMD_CLEAR_DEPTH,
                                             .color = {.f = {0.2f, 0.4f, 0.6f, 1.0f}},
                                             .depth = 1.0});
    return VCMD_STATUS_OK;
}

/* The buffer of a result has this use and no other: the host keeps such a buffer in its memory. */
static enum vcmd_status create_query(struct scene *s, uint32_t query, uint32_t type,
                                     struct vcmd_resource **buffer)
{
    const struct vcmd_resource_desc desc = {
        .target = VCMD_BUFFER, .bind = VCMD_BIND_CUSTOM, .width = VCMD_QUERY_STATE_SIZE};

    EXAMPLE_TRY(scene_create(s, &desc, buffer));
    vcmd_create_query(&s->buf,
                      &(struct vcmd_create_query){.handle = QUERIES + query,
                                                  .query_type = type,
                                                  .res_handle = vcmd_resource_id(*buffer)});
    return VCMD_STATUS_OK;
}

static void encode_drawing(struct scene *s)
{
    vcmd_begin_query(&s->buf, &(struct vcmd_begin_query){QUERIES + TIME});
    encode_draw(&s->buf, VCMD_PRIM_TRIANGLE_STRIP, 0, 4);
    for (uint32_t card = 0; card < CARDS; card++) {
        vcmd_begin_query(&s->buf, &(struct vcmd_begin_query){QUERIES + card});
        encode_draw(&s->buf, VCMD_PRIM_TRIANGLE_STRIP, 4 + 4 * card, 4);
        vcmd_end_query(&s->buf, &(struct vcmd_end_query){QUERIES + card});
    }
    vcmd_end_query(&s->buf, &(struct vcmd_end_query){QUERIES + TIME});
    for (uint32_t query = 0; query <= CARDS; query++) /* an end alone does not bring the result */
        vcmd_get_query_result(&s->buf, &(struct vcmd_get_query_result){.handle = QUERIES + query});
}

/*
 * No transfer: the host writes to the backing itself. It looks for results when it is asked and
 * each time that a fence is reached, so after the wait they should be there; if not, ask again.
 */
static enum vcmd_status read_result(struct scene *s, const struct results *results, uint32_t query,
                                    uint64_t *value)
{
    struct vcmd_query_state state;
    void *memory;

    EXAMPLE_TRY(vcmd_resource_map(results->buffer[query], &memory, NULL));
    for (;;) {
        EXAMPLE_TRY(vcmd_unpack_query_state(&state, memory, VCMD_QUERY_STATE_SIZE));
        if (state.query_state == VCMD_QUERY_STATE_DONE)
            break;
        vcmd_get_query_result(&s->buf, &(struct vcmd_get_query_result){.handle = QUERIES + query});
        EXAMPLE_TRY(scene_submit(s));
    }
    *value = state.result_size == 4 ? (uint32_t)state.result : state.result;
    return VCMD_STATUS_OK;
}

static enum vcmd_status run(struct scene *s)
{
    static const uint32_t inputs[2] = {VCMD_FORMAT_R32G32B32_FLOAT, VCMD_FORMAT_R32G32B32_FLOAT};
    struct vcmd_resource *buffer;
    struct results results;
    uint64_t value;

    EXAMPLE_TRY(scene_open(s));
    EXAMPLE_TRY(scene_need(s, s->caps.bset.occlusion_query, "occlusion queries"));
    EXAMPLE_TRY(scene_need(s, s->caps.bset.timer_query, "timer queries"));
    EXAMPLE_TRY(scene_create_target(s));
    EXAMPLE_TRY(
        scene_create_buffer(s, VCMD_BIND_VERTEX_BUFFER, vertices, sizeof(vertices), &buffer));
    encode_plain_state(&s->buf);
    EXAMPLE_TRY(create_depth(s));
    encode_shaders(&s->buf, scene_vertex_text, scene_color_text);
    encode_vertices(&s->buf, buffer, inputs, 2);
    for (uint32_t card = 0; card < CARDS; card++)
        EXAMPLE_TRY(create_query(s, card, VCMD_QUERY_OCCLUSION_COUNTER, &results.buffer[card]));
    EXAMPLE_TRY(create_query(s, TIME, VCMD_QUERY_TIME_ELAPSED, &results.buffer[TIME]));
    encode_drawing(s);
    EXAMPLE_TRY(scene_submit(s));

    for (uint32_t card = 0; card < CARDS; card++) {
        EXAMPLE_TRY(read_result(s, &results, card, &value));
        printf("card %u: %" PRIu64 " samples are seen\n", card + 1, value);
    }
    EXAMPLE_TRY(read_result(s, &results, TIME, &value));
    printf("the host took %" PRIu64 " ns\n", value);
    return VCMD_STATUS_OK;
}

int main(int argc, char **argv)
{
    struct scene s = {.name = "query",
                      .options = {.output = "query.png", .width = 640, .height = 480}};

    example_parse_options(&s.options, argc, argv, "Counts what is seen, and takes the time.", NULL);
    return scene_end(&s, run(&s));
}
