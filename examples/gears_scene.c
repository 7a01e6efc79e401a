/* SPDX-License-Identifier: MIT */

/* What gears.c and kms.c draw: everything but what becomes of the picture. */
#include "gears_scene.h"

#include "common/matrix.h"
#include "common/report.h"
#include "common/transports.h"
#include "common/wrap.h"
#include "gears_geometry.h"
#include "gears_shaders.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

#define NUM_GEARS    3
#define VERTEX_SIZE  ((uint32_t)sizeof(struct gear_vertex))
#define INDEX_SIZE   ((uint32_t)sizeof(uint16_t))
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/*
 * Gears mesh when they have the same pitch radius per tooth, here 0.2, and their centres are as far
 * apart as the two pitch radii add up to.
 */
struct gear {
    struct gear_shape shape;
    float x, y; /* the centre */
    float color[4];
};

static const struct gear gears[NUM_GEARS] = {
    /* teeth, radius of the hole, pitch radius, tooth height, width; centre; colour */
    {{20, 1.0f, 4.0f, 0.8f, 1.0f}, -2.0f, -2.0f, {0.90f, 0.17f, 0.13f, 1.0f}},
    {{10, 0.5f, 2.0f, 0.8f, 2.0f}, 4.0f, -2.0f, {0.20f, 0.76f, 0.30f, 1.0f}},
    {{10, 1.2f, 2.0f, 0.8f, 0.6f}, -2.0f, 4.0f, {0.25f, 0.46f, 0.96f, 1.0f}},
};

static const float pi = 3.14159265f;
static const union vcmd_color background = {.f = {0.05f, 0.06f, 0.09f, 1.0f}};
static const float light[4] = {7.0f, 9.0f, -22.0f, 1.0f}; /* its place as the eye, at 0, sees it */

/* In this many frames the large gear turns once, by 2 degrees each time. */
#define FRAMES_PER_TURN 180

/* Objects; the surfaces of the colours come last. */
enum { DEPTH_SURFACE = 1, BLEND, DSA, RASTERIZER, ELEMENTS, VERTEX, FRAGMENT, COLOR_SURFACE };

/* ---- the device and its memory ---- */

enum vcmd_status gears_open(struct gears *s, const char *name,
                            const struct example_options *options)
{
    struct vcmd_device_desc desc = {
        .transports = example_transports(),
        .transport = options->transport,
        .options = options->options,
        .log = example_log,
        .log_user = (void *)(uintptr_t)name, /* only read */
    };

    example_wrap(&desc, options, name);
    EXAMPLE_TRY(vcmd_device_open(&desc, &s->device));
    return vcmd_context_create(s->device, name, &s->context);
}

/*
 * Not every host has every depth format: take the first that this one has. Hosts leave the set of
 * depth formats in their caps empty; Mesa goes by those that can be sampled, and so do we.
 */
static enum vcmd_status choose_depth_format(struct gears *s)
{
    static const uint32_t wanted[] = {
        VCMD_FORMAT_Z24X8_UNORM,
        VCMD_FORMAT_Z32_FLOAT,
        VCMD_FORMAT_Z24_UNORM_S8_UINT,
    };
    struct vcmd_caps caps;

    EXAMPLE_TRY(vcmd_device_get_caps(s->device, &caps));
    for (size_t i = 0; i < COUNT(wanted); i++) {
        if (vcmd_caps_has_format(&caps, wanted[i], VCMD_FORMAT_USE_SAMPLER)) {
            s->depth_format = wanted[i];
            return VCMD_STATUS_OK;
        }
    }
    fprintf(stderr, "gears: the host has no depth buffer that this program knows\n");
    return VCMD_STATUS_UNSUPPORTED;
}

/* A resource of our context. */
static enum vcmd_status create(struct gears *s, const struct vcmd_resource_desc *desc,
                               struct vcmd_resource **resource)
{
    EXAMPLE_TRY(vcmd_resource_create(s->device, desc, resource));
    return vcmd_context_attach(s->context, *resource);
}

static enum vcmd_status create_targets(struct gears *s)
{
    struct vcmd_resource_desc desc = {
        .target = VCMD_TEXTURE_2D,
        .format = VCMD_FORMAT_B8G8R8A8_UNORM,
        .bind = VCMD_BIND_RENDER_TARGET | s->color_bind,
        .width = s->width,
        .height = s->height,
        .flags = s->color_flags,
    };

    for (uint32_t i = 0; i < s->num_colors; i++)
        EXAMPLE_TRY(create(s, &desc, &s->color[i]));
    desc.flags = 0;
    desc.format = s->depth_format;
    desc.bind = VCMD_BIND_DEPTH_STENCIL;
    desc.backing_size = VCMD_NO_BACKING; /* nobody reads it but the host */
    return create(s, &desc, &s->depth);
}

/* All gears share one vertex and one index buffer; they are built right in the backing. */
static enum vcmd_status create_geometry(struct gears *s)
{
    struct vcmd_resource_desc vertices = {.bind = VCMD_BIND_VERTEX_BUFFER};
    struct vcmd_resource_desc indices = {.bind = VCMD_BIND_INDEX_BUFFER};
    uint32_t vertex = 0, index = 0; /* so many of the gears before this one */
    void *vertex_memory, *index_memory;

    for (int i = 0; i < NUM_GEARS; i++) {
        vertices.width += gears[i].shape.teeth * GEAR_VERTICES_PER_TOOTH * VERTEX_SIZE;
        indices.width += gears[i].shape.teeth * GEAR_INDICES_PER_TOOTH * INDEX_SIZE;
    }
    EXAMPLE_TRY(create(s, &vertices, &s->vertices));
    EXAMPLE_TRY(create(s, &indices, &s->indices));
    EXAMPLE_TRY(vcmd_resource_map(s->vertices, &vertex_memory, NULL));
    EXAMPLE_TRY(vcmd_resource_map(s->indices, &index_memory, NULL));
    for (int i = 0; i < NUM_GEARS; i++) {
        gear_build(&gears[i].shape, vertex, (struct gear_vertex *)vertex_memory + vertex,
                   (uint16_t *)index_memory + index);
        vertex += gears[i].shape.teeth * GEAR_VERTICES_PER_TOOTH;
        index += gears[i].shape.teeth * GEAR_INDICES_PER_TOOTH;
    }
    EXAMPLE_TRY(vcmd_transfer_to_host(s->context, s->vertices, NULL));
    return vcmd_transfer_to_host(s->context, s->indices, NULL);
}

/* ---- state that all frames share ---- */

static void encode_targets(struct gears *s)
{
    struct vcmd_create_surface surface = {.handle = DEPTH_SURFACE,
                                          .res_handle = vcmd_resource_id(s->depth),
                                          .format = s->depth_format};
    const float half_width = (float)s->width / 2;
    const float half_height = (float)s->height / 2;
    const struct vcmd_viewport viewport = {{half_width, half_height, 0.5f},
                                           {half_width, half_height, 0.5f}};

    vcmd_create_sub_ctx(&s->buf, &(struct vcmd_create_sub_ctx){.sub_ctx_id = 1});
    vcmd_set_sub_ctx(&s->buf, &(struct vcmd_set_sub_ctx){.sub_ctx_id = 1});
    vcmd_create_surface(&s->buf, &surface);
    surface.format = VCMD_FORMAT_B8G8R8A8_UNORM;
    for (uint32_t i = 0; i < s->num_colors; i++) {
        surface.handle = COLOR_SURFACE + i;
        surface.res_handle = vcmd_resource_id(s->color[i]);
        vcmd_create_surface(&s->buf, &surface);
    }
    vcmd_set_viewport_state(&s->buf, &(struct vcmd_set_viewport_state){0, 1, &viewport});
}

static void encode_fixed_state(struct gears *s)
{
    const struct vcmd_create_blend blend = {.handle = BLEND, .rt[0].colormask = VCMD_MASK_RGBA};
    const struct vcmd_create_dsa dsa = {
        .handle = DSA, .depth = {.enabled = true, .writemask = true, .func = VCMD_FUNC_LESS}};
    const struct vcmd_create_rasterizer rasterizer = {
        .handle = RASTERIZER,
        .cull_face = VCMD_FACE_BACK, /* gears are closed: their insides are never seen */
        /* Counter-clockwise is front. Where row 0 is at the bottom, that is the other way round. */
        .front_ccw = (s->color_flags & VCMD_RESOURCE_Y_0_TOP) != 0,
        .depth_clip = true,
        .half_pixel_center = true,
        .point_size = 1.0f,
        .line_width = 1.0f,
    };

    vcmd_create_blend(&s->buf, &blend);
    vcmd_bind_blend(&s->buf, &(struct vcmd_bind_blend){.handle = BLEND});
    vcmd_create_dsa(&s->buf, &dsa);
    vcmd_bind_dsa(&s->buf, &(struct vcmd_bind_dsa){.handle = DSA});
    vcmd_create_rasterizer(&s->buf, &rasterizer);
    vcmd_bind_rasterizer(&s->buf, &(struct vcmd_bind_rasterizer){.handle = RASTERIZER});
}

static void encode_shaders(struct gears *s)
{
    const struct vcmd_create_shader vertex = {
        .handle = VERTEX, .type = VCMD_SHADER_VERTEX, .text = vertex_text};
    const struct vcmd_create_shader fragment = {
        .handle = FRAGMENT, .type = VCMD_SHADER_FRAGMENT, .text = fragment_text};
    const struct vcmd_vertex_element inputs[2] = {
        {.src_offset = offsetof(struct gear_vertex, position),
         .src_format = VCMD_FORMAT_R32G32B32_FLOAT}, /* the shader sees 1 as the fourth */
        {.src_offset = offsetof(struct gear_vertex, normal),
         .src_format = VCMD_FORMAT_R32G32B32_FLOAT},
    };
    const struct vcmd_vertex_buffer vertices = {.stride = VERTEX_SIZE,
                                                .res_handle = vcmd_resource_id(s->vertices)};

    vcmd_create_shader(&s->buf, &vertex);
    vcmd_bind_shader(&s->buf, &(struct vcmd_bind_shader){VERTEX, VCMD_SHADER_VERTEX});
    vcmd_create_shader(&s->buf, &fragment);
    vcmd_bind_shader(&s->buf, &(struct vcmd_bind_shader){FRAGMENT, VCMD_SHADER_FRAGMENT});
    vcmd_create_vertex_elements(&s->buf,
                                &(struct vcmd_create_vertex_elements){ELEMENTS, 2, inputs});
    vcmd_bind_vertex_elements(&s->buf, &(struct vcmd_bind_vertex_elements){.handle = ELEMENTS});
    vcmd_set_vertex_buffers(&s->buf, &(struct vcmd_set_vertex_buffers){1, &vertices});
}

/* ---- a frame ---- */

/* Gear 0 turns by angle, and the others with it. */
static float gear_angle(int gear, float angle)
{
    float direction = atan2f(gears[gear].y - gears[0].y, gears[gear].x - gears[0].x);

    return gear == 0 ? angle
                     : gear_mesh_angle(&gears[gear].shape, &gears[0].shape, angle, direction);
}

/* Constants are raw dwords on the wire. */
static void encode_constants(struct vcmd_buffer *buf, uint32_t stage, const float *values,
                             uint32_t count)
{
    uint32_t data[32];

    for (uint32_t i = 0; i < count; i++)
        data[i] = vcmd_float_bits(values[i]);
    vcmd_set_constant_buffer(buf, &(struct vcmd_set_constant_buffer){
                                      .shader_type = stage, .num_dwords = count, .data = data});
}

static void encode_gear(struct gears *s, int gear, float angle, uint32_t first_tooth)
{
    const float aspect = (float)s->width / (float)s->height;
    const struct gear *g = &gears[gear];
    struct matrix place = matrix_multiply(matrix_translation(g->x, g->y, 0.0f),
                                          matrix_rotation_z(gear_angle(gear, angle)));
    struct matrix view = matrix_multiply(
        matrix_translation(0.0f, 0.0f, -40.0f),
        matrix_multiply(matrix_rotation_x(20.0f * pi / 180), matrix_rotation_y(30.0f * pi / 180)));
    struct matrix to_eye = matrix_multiply(view, place);
    struct matrix projection = matrix_perspective(1.75f, aspect, 5.0f, 60.0f);
    struct matrix matrices[2] = {matrix_multiply(projection, to_eye), to_eye};
    /* The first index goes here: hosts ignore the start of an indexed draw. */
    const struct vcmd_set_index_buffer indices = {
        .res_handle = vcmd_resource_id(s->indices),
        .index_size = VCMD_INDEX_SIZE_U16,
        .offset = first_tooth * GEAR_INDICES_PER_TOOTH * INDEX_SIZE,
    };
    const struct vcmd_draw_vbo draw = {
        .mode = VCMD_PRIM_TRIANGLES,
        .indexed = 1,
        .count = g->shape.teeth * GEAR_INDICES_PER_TOOTH,
        .instance_count = 1,
        .max_index = UINT32_MAX,
    };
    float lighting[8];

    memcpy(lighting, g->color, sizeof(g->color));
    memcpy(lighting + 4, light, sizeof(light));
    encode_constants(&s->buf, VCMD_SHADER_VERTEX, &matrices[0].row[0][0], 32);
    encode_constants(&s->buf, VCMD_SHADER_FRAGMENT, lighting, 8);
    vcmd_set_index_buffer(&s->buf, &indices);
    vcmd_draw_vbo(&s->buf, &draw);
}

/* Sends what is in the buffer, empties it, and waits for the host. */
static enum vcmd_status submit(struct gears *s)
{
    uint64_t fence;

    EXAMPLE_TRY(vcmd_submit(s->context, &s->buf, &fence));
    vcmd_buffer_reset(&s->buf);
    return vcmd_fence_wait(s->device, fence, VCMD_WAIT_FOREVER);
}

enum vcmd_status gears_draw(struct gears *s, uint32_t frame)
{
    const uint32_t colors[1] = {COLOR_SURFACE + frame % s->num_colors};
    const struct vcmd_set_framebuffer_state framebuffer = {
        .nr_cbufs = 1, .cbuf_handle = colors, .zsurf_handle = DEPTH_SURFACE};
    const struct vcmd_clear clear = {
        .buffers = VCMD_CLEAR_COLOR0 | VCMD_CLEAR_DEPTH, .color = background, .depth = 1.0};
    /* After a whole turn all is as before: the angle stays small, and its rounding errors too. */
    float angle = (float)(frame % FRAMES_PER_TURN) * 2.0f * pi / FRAMES_PER_TURN;
    uint32_t teeth = 0;

    vcmd_set_framebuffer_state(&s->buf, &framebuffer);
    vcmd_clear(&s->buf, &clear);
    for (int i = 0; i < NUM_GEARS; i++) {
        encode_gear(s, i, angle, teeth);
        teeth += gears[i].shape.teeth;
    }
    EXAMPLE_TRY(submit(s));
    example_recorded_frame(s->color[frame % s->num_colors]);
    return VCMD_STATUS_OK;
}

/* ---- all of it ---- */

enum vcmd_status gears_create(struct gears *s)
{
    vcmd_buffer_init(&s->buf, s->memory, COUNT(s->memory), VCMD_BUFFER_HEADROOM);
    EXAMPLE_TRY(choose_depth_format(s));
    EXAMPLE_TRY(create_targets(s));
    EXAMPLE_TRY(create_geometry(s));
    encode_targets(s);
    encode_fixed_state(s);
    encode_shaders(s);
    return submit(s); /* the state stays, for all frames */
}

void gears_close(struct gears *s)
{
    vcmd_resource_destroy(s->indices);
    vcmd_resource_destroy(s->vertices);
    vcmd_resource_destroy(s->depth);
    for (uint32_t i = 0; i < s->num_colors; i++)
        vcmd_resource_destroy(s->color[i]);
    vcmd_context_destroy(s->context);
    vcmd_device_close(s->device);
}
