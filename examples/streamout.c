/* SPDX-License-Identifier: MIT */

/*
 * Stream output, or transform feedback: what leaves the vertex shader goes into a buffer, and
 * nothing is drawn. A square goes in as a strip of four corners; out come two triangles, turned.
 */
#include "common/scene.h"
#include <stdio.h>

static const float corners[4][2] = {{-1, -1}, {1, -1}, {-1, 1}, {1, 1}};

/* Turns by 30 degrees; GENERIC[0] is the same twice as large, to have a second output. */
static const char vertex_text[] = "VERT\n"
                                  "DCL IN[0]\n"
                                  "DCL OUT[0], POSITION\n"
                                  "DCL OUT[1], GENERIC[0]\n"
                                  "DCL TEMP[0]\n"
                                  "IMM[0] FLT32 { 0.8660254, -0.5, 0.5, 2.0 }\n"
                                  "  0: DP2 TEMP[0].x, IN[0], IMM[0].xyyy\n"
                                  "  1: DP2 TEMP[0].y, IN[0], IMM[0].zxxx\n"
                                  "  2: MOV TEMP[0].zw, IN[0]\n"
                                  "  3: MOV OUT[0], TEMP[0]\n"
                                  "  4: MUL OUT[1], TEMP[0], IMM[0].wwww\n"
                                  "  5: END\n";

enum { TARGET = SCENE_OBJECTS, WRITTEN };

/* A vertex as it is captured, and how many fit: the strip's two triangles, and two more. */
struct captured {
    float position[2];
    float twice[2];
};

#define ROOM 12u

/* What is captured is said when the shader is created; sizes and places are in dwords. */
static void encode_shaders_that_capture(struct scene *s)
{
    const struct vcmd_stream_output outputs[2] = {
        {.register_index = 0, .num_components = 2, .dst_offset = 0}, /* OUT[0].xy */
        {.register_index = 1, .num_components = 2, .dst_offset = 2}, /* OUT[1].xy */
    };
    const struct vcmd_create_shader shader = {
        .handle = SCENE_VERTEX,
        .type = VCMD_SHADER_VERTEX,
        .text = vertex_text,
        .num_outputs = 2,
        .outputs = outputs,
        .stride = {sizeof(struct captured) / 4},
    };

    vcmd_create_shader(&s->buf, &shader);
    vcmd_bind_shader(&s->buf, &(struct vcmd_bind_shader){SCENE_VERTEX, VCMD_SHADER_VERTEX});
    /* Hosts drop a draw without a fragment shader, even if no fragment comes of it. */
    encode_shader(&s->buf, SCENE_FRAGMENT, VCMD_SHADER_FRAGMENT, scene_color_text);
}

static void encode_capture(struct scene *s, const struct vcmd_resource *buffer)
{
    const struct vcmd_create_streamout_target target = {.handle = TARGET,
                                                        .res_handle = vcmd_resource_id(buffer),
                                                        .buffer_size =
                                                            ROOM * sizeof(struct captured)};
    const uint32_t targets[1] = {TARGET};

    vcmd_create_rasterizer(&s->buf, &(struct vcmd_create_rasterizer){.handle = SCENE_RASTERIZER,
                                                                     .rasterizer_discard = true});
    vcmd_bind_rasterizer(&s->buf, &(struct vcmd_bind_rasterizer){SCENE_RASTERIZER});
    /* Even a draw that draws nothing needs a framebuffer; this one has a size and no memory. */
    vcmd_set_framebuffer_state(&s->buf, &(struct vcmd_set_framebuffer_state){0});
    vcmd_set_framebuffer_state_no_attach(
        &s->buf, &(struct vcmd_set_framebuffer_state_no_attach){.width = 1, .height = 1});

    vcmd_create_streamout_target(&s->buf, &target);
    vcmd_set_streamout_targets(
        &s->buf, &(struct vcmd_set_streamout_targets){.num_targets = 1, .target_handle = targets});
    vcmd_begin_query(&s->buf, &(struct vcmd_begin_query){WRITTEN});
    encode_draw(&s->buf, VCMD_PRIM_TRIANGLE_STRIP, 0, 4);
    vcmd_end_query(&s->buf, &(struct vcmd_end_query){WRITTEN});
    vcmd_set_streamout_targets(&s->buf, &(struct vcmd_set_streamout_targets){0});
    vcmd_get_query_result(&s->buf, &(struct vcmd_get_query_result){.handle = WRITTEN});
}

static enum vcmd_status create_query(struct scene *s, struct vcmd_resource **result)
{
    const struct vcmd_resource_desc desc = {.bind = VCMD_BIND_CUSTOM,
                                            .width = VCMD_QUERY_STATE_SIZE};
    struct vcmd_create_query query = {.handle = WRITTEN,
                                      .query_type = VCMD_QUERY_PRIMITIVES_EMITTED};

    EXAMPLE_TRY(scene_create(s, &desc, result));
    query.res_handle = vcmd_resource_id(*result);
    vcmd_create_query(&s->buf, &query);
    return VCMD_STATUS_OK;
}

static enum vcmd_status print_captured(struct scene *s, struct vcmd_resource *buffer,
                                       struct vcmd_resource *result)
{
    struct vcmd_query_state state;
    const struct captured *vertex;
    void *memory;

    EXAMPLE_TRY(vcmd_resource_map(result, &memory, NULL));
    EXAMPLE_TRY(vcmd_unpack_query_state(&state, memory, VCMD_QUERY_STATE_SIZE));
    if (state.query_state != VCMD_QUERY_STATE_DONE || 3 * state.result > ROOM)
        return VCMD_STATUS_HOST_BAD_RESPONSE; /* query.c waits for hosts that take longer */
    EXAMPLE_TRY(vcmd_transfer_from_host(s->context, buffer, NULL));
    EXAMPLE_TRY(vcmd_resource_map(buffer, &memory, NULL));
    printf("%u triangles\n", (uint32_t)state.result);
    vertex = memory;
    for (uint32_t i = 0; i < 3 * (uint32_t)state.result; i++, vertex++)
        printf("vertex %u: %8.5f %8.5f, twice: %8.5f %8.5f\n", i, (double)vertex->position[0],
               (double)vertex->position[1], (double)vertex->twice[0], (double)vertex->twice[1]);
    return VCMD_STATUS_OK;
}

static enum vcmd_status run(struct scene *s)
{
    static const uint32_t inputs[1] = {VCMD_FORMAT_R32G32_FLOAT};
    struct vcmd_resource *vertices, *buffer, *result;

    EXAMPLE_TRY(scene_open(s));
    EXAMPLE_TRY(scene_need(s, s->caps.max_streamout_buffers > 0, "stream output"));
    EXAMPLE_TRY(scene_need(s, s->caps.capability_bits & VCMD_CAP_FB_NO_ATTACH,
                           "framebuffers without attachments"));
    EXAMPLE_TRY(
        scene_create_buffer(s, VCMD_BIND_VERTEX_BUFFER, corners, sizeof(corners), &vertices));
    EXAMPLE_TRY(scene_create_buffer(s, VCMD_BIND_STREAM_OUTPUT, NULL,
                                    ROOM * sizeof(struct captured), &buffer));
    EXAMPLE_TRY(create_query(s, &result));
    encode_plain_state(&s->buf);
    encode_shaders_that_capture(s);
    encode_vertices(&s->buf, vertices, inputs, 1);
    encode_capture(s, buffer);
    EXAMPLE_TRY(scene_submit(s));
    return print_captured(s, buffer, result);
}

int main(int argc, char **argv)
{
    struct scene s = {.name = "streamout"};

    example_parse_options(&s.options, argc, argv, "Captures what a vertex shader puts out.", NULL);
    return scene_end(&s, run(&s));
}
