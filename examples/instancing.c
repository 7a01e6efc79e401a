/* SPDX-License-Identifier: MIT */

/*
 * Many things by few draws. Ten instances: attributes that move on once per instance, not once per
 * vertex. Two shapes that share their buffers: an indexed draw finds its shape by the offset of the
 * index buffer and by a base vertex, and its instances by a first instance.
 */
#include "common/scene.h"
#include <stddef.h>

#define COLUMNS  5
#define COUNT(a) ((uint32_t)(sizeof(a) / sizeof((a)[0])))

/* Both shapes, one behind the other; -1 to 1. */
static const float corners[][2] = {
    {-1, -1}, {1, -1}, {1, 1}, {-1, 1},          /* a square */
    {0, 0},   {0, -1}, {1, 0}, {0, 1},  {-1, 0}, /* a diamond, its centre first */
};

/* Each shape counts its vertices from 0. */
static const uint16_t indices[] = {
    0, 1, 2, 0, 2, 3,                   /* the square */
    0, 1, 2, 0, 2, 3, 0, 3, 4, 0, 4, 1, /* the diamond */
};

static const struct {
    uint32_t first_vertex, first_index, num_indices;
} square = {0, 0, 6}, diamond = {4, 6, 12};

struct instance {
    float centre[2];
    float size[2];
    uint8_t color[4]; /* red, green, blue, alpha */
};

/* Input 0 is a corner; inputs 1, 2 and 3 are centre, size and colour of the instance. */
static const char vertex_text[] = "VERT\n"
                                  "DCL IN[0]\n"
                                  "DCL IN[1]\n"
                                  "DCL IN[2]\n"
                                  "DCL IN[3]\n"
                                  "DCL OUT[0], POSITION\n"
                                  "DCL OUT[1], GENERIC[0]\n"
                                  "  0: MAD OUT[0].xy, IN[0], IN[2], IN[1]\n"
                                  "  1: MOV OUT[0].zw, IN[0]\n" /* absent: 0 and 1 */
                                  "  2: MOV OUT[1], IN[3]\n"
                                  "  3: END\n";

/* The upper row grows redder to the right and the lower one greener, and both get larger. */
static void place_instances(struct instance *instance)
{
    for (uint32_t i = 0; i < 2 * COLUMNS; i++, instance++) {
        uint32_t column = i % COLUMNS, row = i / COLUMNS;
        float half = 0.1f * (float)(column + 4); /* of the cell's half: 0.4 to 0.8 */

        instance->centre[0] = ((float)column + 0.5f) * 2 / COLUMNS - 1;
        instance->centre[1] = row == 0 ? 0.5f : -0.5f;
        instance->size[0] = half / COLUMNS;
        instance->size[1] = half / 2;
        instance->color[0] = (uint8_t)(row == 0 ? 51 + 51 * column : 51);
        instance->color[1] = (uint8_t)(row == 0 ? 51 : 51 + 51 * column);
        instance->color[2] = 204;
        instance->color[3] = 255;
    }
}

static void encode_inputs(struct scene *s, const struct vcmd_resource *vertices,
                          const struct vcmd_resource *instances)
{
    const struct vcmd_vertex_element elements[4] = {
        {.vertex_buffer_index = 0, .src_format = VCMD_FORMAT_R32G32_FLOAT},
        {.vertex_buffer_index = 1,
         .instance_divisor = 1, /* the next one for each instance; 0: for each vertex */
         .src_offset = offsetof(struct instance, centre),
         .src_format = VCMD_FORMAT_R32G32_FLOAT},
        {.vertex_buffer_index = 1,
         .instance_divisor = 1,
         .src_offset = offsetof(struct instance, size),
         .src_format = VCMD_FORMAT_R32G32_FLOAT},
        {.vertex_buffer_index = 1,
         .instance_divisor = 1,
         .src_offset = offsetof(struct instance, color),
         .src_format = VCMD_FORMAT_R8G8B8A8_UNORM}, /* bytes, which the shader sees as 0 to 1 */
    };
    const struct vcmd_vertex_buffer buffers[2] = {
        {.stride = sizeof(corners[0]), .res_handle = vcmd_resource_id(vertices)},
        {.stride = sizeof(struct instance), .res_handle = vcmd_resource_id(instances)},
    };

    vcmd_create_vertex_elements(
        &s->buf, &(struct vcmd_create_vertex_elements){SCENE_ELEMENTS, COUNT(elements), elements});
    vcmd_bind_vertex_elements(&s->buf, &(struct vcmd_bind_vertex_elements){SCENE_ELEMENTS});
    vcmd_set_vertex_buffers(&s->buf, &(struct vcmd_set_vertex_buffers){COUNT(buffers), buffers});
}

static void encode_row(struct scene *s, const struct vcmd_resource *index_buffer,
                       uint32_t first_index, uint32_t num_indices, uint32_t first_vertex,
                       uint32_t first_instance)
{
    /* The first index goes here, in bytes: hosts ignore the start of an indexed draw. */
    const struct vcmd_set_index_buffer binding = {
        .res_handle = vcmd_resource_id(index_buffer),
        .index_size = VCMD_INDEX_SIZE_U16,
        .offset = first_index * (uint32_t)sizeof(indices[0]),
    };
    const struct vcmd_draw_vbo draw = {
        .mode = VCMD_PRIM_TRIANGLES,
        .indexed = 1,
        .count = num_indices,
        .index_bias = (int32_t)first_vertex, /* is added to each index */
        .instance_count = COLUMNS,
        .start_instance = first_instance, /* where the attributes with a divisor begin */
        .max_index = UINT32_MAX,
    };

    vcmd_set_index_buffer(&s->buf, &binding);
    vcmd_draw_vbo(&s->buf, &draw);
}

static enum vcmd_status run(struct scene *s)
{
    struct instance instances[2 * COLUMNS];
    struct vcmd_resource *vertex_buffer, *instance_buffer, *index_buffer;

    place_instances(instances);
    EXAMPLE_TRY(scene_open(s));
    EXAMPLE_TRY(scene_need(s, s->caps.bset.start_instance, "first instance in draws"));
    EXAMPLE_TRY(scene_create_target(s));
    EXAMPLE_TRY(
        scene_create_buffer(s, VCMD_BIND_VERTEX_BUFFER, corners, sizeof(corners), &vertex_buffer));
    EXAMPLE_TRY(scene_create_buffer(s, VCMD_BIND_VERTEX_BUFFER, instances, sizeof(instances),
                                    &instance_buffer));
    EXAMPLE_TRY(
        scene_create_buffer(s, VCMD_BIND_INDEX_BUFFER, indices, sizeof(indices), &index_buffer));
    encode_plain_state(&s->buf);
    encode_shaders(&s->buf, vertex_text, scene_color_text);
    encode_inputs(s, vertex_buffer, instance_buffer);
    encode_clear(&s->buf, 0.0f, 0.0f, 0.0f);
    encode_row(s, index_buffer, square.first_index, square.num_indices, square.first_vertex, 0);
    encode_row(s, index_buffer, diamond.first_index, diamond.num_indices, diamond.first_vertex,
               COLUMNS);
    return scene_submit(s);
}

int main(int argc, char **argv)
{
    struct scene s = {.name = "instancing",
                      .options = {.output = "instancing.png", .width = 600, .height = 240}};

    example_parse_options(&s.options, argc, argv, "Draws ten shapes by two draws.", NULL);
    return scene_end(&s, run(&s));
}
