/* SPDX-License-Identifier: MIT */

/*
 * One triangle, the whole way: from an open device to a picture in a file. To be read from top to
 * bottom, and copied from.
 */
#include "common/options.h"
#include "common/picture.h"
#include "common/record.h"
#include "common/report.h"
#include "common/transports.h"
#include <stdio.h>
#include <string.h>
#include <virglcmd/device.h>
#include <virglcmd/virglcmd.h>

/* Blue-grey, which eight bits hold exactly: 51, 102, 153. */
static const union vcmd_color background = {.f = {0.2f, 0.4f, 0.6f, 1.0f}};

/* x and y run from -1 to 1, from left to right and from bottom to top. */
struct vertex {
    float position[4];
    float color[4];
};

static const struct vertex corners[3] = {
    {{0.0f, 0.75f, 0.0f, 1.0f}, {1.0f, 0.0f, 0.0f, 1.0f}},    /* top: red */
    {{-0.75f, -0.75f, 0.0f, 1.0f}, {0.0f, 1.0f, 0.0f, 1.0f}}, /* left: green */
    {{0.75f, -0.75f, 0.0f, 1.0f}, {0.0f, 0.0f, 1.0f, 1.0f}},  /* right: blue */
};

/* Shaders are TGSI, the assembly of Mesa's drivers, as text. These two pass on what they get. */
static const char vertex_text[] = "VERT\n"
                                  "DCL IN[0]\n"
                                  "DCL IN[1]\n"
                                  "DCL OUT[0], POSITION\n"
                                  "DCL OUT[1], GENERIC[0]\n"
                                  "  0: MOV OUT[0], IN[0]\n"
                                  "  1: MOV OUT[1], IN[1]\n"
                                  "  2: END\n";

static const char fragment_text[] = "FRAG\n"
                                    "DCL IN[0], GENERIC[0], PERSPECTIVE\n"
                                    "DCL OUT[0], COLOR\n"
                                    "  0: MOV OUT[0], IN[0]\n"
                                    "  1: END\n";

/*
 * Objects are named by numbers that we choose; all kinds share one set of numbers. Resources are
 * named by numbers that the device chooses: vcmd_resource_id().
 */
enum { SURFACE = 1, BLEND, DSA, RASTERIZER, ELEMENTS, VERTEX_SHADER, FRAGMENT_SHADER };

struct triangle {
    struct vcmd_device *device;
    struct vcmd_context *context;
    struct vcmd_resource *target;   /* what is drawn to */
    struct vcmd_resource *vertices; /* the corners */
};

/* Step 1: a device, and in it a context, which takes the commands. */
static enum vcmd_status open_device(struct triangle *t, const struct example_options *options)
{
    const struct vcmd_device_desc desc = {
        .transports = example_transports(),
        .transport = options->transport,
        .options = options->options,
        .log = example_log,
        .log_user = "triangle",
        .wrappers = example_recorder(options, "triangle"), /* none without --record */
        .num_wrappers = options->record ? 1 : 0,
    };

    EXAMPLE_TRY(vcmd_device_open(&desc, &t->device));
    return vcmd_context_create(t->device, "triangle", &t->context);
}

/* Step 2: memory on the host: a texture to draw to, and a buffer that holds the vertices. */
static enum vcmd_status create_resources(struct triangle *t, const struct example_options *options)
{
    const struct vcmd_resource_desc target = {
        .target = VCMD_TEXTURE_2D,
        .format = VCMD_FORMAT_B8G8R8A8_UNORM,
        .bind = VCMD_BIND_RENDER_TARGET,
        .width = options->width,
        .height = options->height,
    };
    const struct vcmd_resource_desc vertices = {
        .target = VCMD_BUFFER,
        .bind = VCMD_BIND_VERTEX_BUFFER,
        .width = sizeof(corners),
    };

    EXAMPLE_TRY(vcmd_resource_create(t->device, &target, &t->target));
    EXAMPLE_TRY(vcmd_resource_create(t->device, &vertices, &t->vertices));

    /* Commands of a context can only name resources that are attached to it. */
    EXAMPLE_TRY(vcmd_context_attach(t->context, t->target));
    return vcmd_context_attach(t->context, t->vertices);
}

/* Step 3: the vertices go to the backing, which is our side, and from there to the host's. */
static enum vcmd_status upload_vertices(struct triangle *t)
{
    void *memory;

    EXAMPLE_TRY(vcmd_resource_map(t->vertices, &memory, NULL));
    memcpy(memory, corners, sizeof(corners));
    return vcmd_transfer_to_host(t->context, t->vertices, NULL);
}

/*
 * Step 4: where to draw. From here on the functions only append to a buffer. What they return is
 * not looked at: the first error sticks to the buffer, and vcmd_submit() refuses it in step 7.
 */
static void encode_target(struct vcmd_buffer *buf, const struct triangle *t,
                          const struct example_options *options)
{
    const struct vcmd_create_surface surface = {
        .handle = SURFACE,
        .res_handle = vcmd_resource_id(t->target),
        .format = VCMD_FORMAT_B8G8R8A8_UNORM,
    };
    const uint32_t colors[1] = {SURFACE};
    const float half_width = (float)options->width / 2;
    const float half_height = (float)options->height / 2;
    const struct vcmd_viewport viewport = {
        /* Pixel = position * scale + translate; z becomes a depth from 0 to 1. */
        .scale = {half_width, half_height, 0.5f},
        .translate = {half_width, half_height, 0.5f},
    };

    /* Objects and state belong to a sub-context; Mesa leaves number 0 alone, and so do we. */
    vcmd_create_sub_ctx(buf, &(struct vcmd_create_sub_ctx){.sub_ctx_id = 1});
    vcmd_set_sub_ctx(buf, &(struct vcmd_set_sub_ctx){.sub_ctx_id = 1});

    vcmd_create_surface(buf, &surface);
    vcmd_set_framebuffer_state(
        buf, &(struct vcmd_set_framebuffer_state){.nr_cbufs = 1, .cbuf_handle = colors});
    vcmd_set_viewport_state(
        buf, &(struct vcmd_set_viewport_state){.num_viewports = 1, .viewports = &viewport});
}

/* Step 5: fixed state. What stays zero is off: blending, depth and stencil test, culling. */
static void encode_fixed_state(struct vcmd_buffer *buf)
{
    const struct vcmd_create_blend blend = {
        .handle = BLEND, .rt[0].colormask = VCMD_MASK_RGBA, /* zero would write no colour */
    };
    const struct vcmd_create_rasterizer rasterizer = {
        .handle = RASTERIZER,
        .depth_clip = true,
        .half_pixel_center = true, /* as in OpenGL */
        .point_size = 1.0f,
        .line_width = 1.0f,
    };

    vcmd_create_blend(buf, &blend);
    vcmd_bind_blend(buf, &(struct vcmd_bind_blend){.handle = BLEND});
    vcmd_create_dsa(buf, &(struct vcmd_create_dsa){.handle = DSA});
    vcmd_bind_dsa(buf, &(struct vcmd_bind_dsa){.handle = DSA});
    vcmd_create_rasterizer(buf, &rasterizer);
    vcmd_bind_rasterizer(buf, &(struct vcmd_bind_rasterizer){.handle = RASTERIZER});
}

/* Step 6: the shaders, and where in the vertex buffer their inputs are. */
static void encode_shaders(struct vcmd_buffer *buf, const struct triangle *t)
{
    const struct vcmd_create_shader vertex_shader = {
        .handle = VERTEX_SHADER, .type = VCMD_SHADER_VERTEX, .text = vertex_text};
    const struct vcmd_create_shader fragment_shader = {
        .handle = FRAGMENT_SHADER, .type = VCMD_SHADER_FRAGMENT, .text = fragment_text};
    const struct vcmd_vertex_element inputs[2] = {
        {.src_offset = offsetof(struct vertex, position),
         .src_format = VCMD_FORMAT_R32G32B32A32_FLOAT}, /* IN[0] */
        {.src_offset = offsetof(struct vertex, color),
         .src_format = VCMD_FORMAT_R32G32B32A32_FLOAT}, /* IN[1] */
    };
    const struct vcmd_create_vertex_elements elements = {
        .handle = ELEMENTS, .num_elements = 2, .elements = inputs};
    const struct vcmd_vertex_buffer vertices = {.stride = sizeof(struct vertex),
                                                .res_handle = vcmd_resource_id(t->vertices)};

    vcmd_create_shader(buf, &vertex_shader);
    vcmd_bind_shader(buf, &(struct vcmd_bind_shader){VERTEX_SHADER, VCMD_SHADER_VERTEX});
    vcmd_create_shader(buf, &fragment_shader);
    vcmd_bind_shader(buf, &(struct vcmd_bind_shader){FRAGMENT_SHADER, VCMD_SHADER_FRAGMENT});
    vcmd_create_vertex_elements(buf, &elements);
    vcmd_bind_vertex_elements(buf, &(struct vcmd_bind_vertex_elements){.handle = ELEMENTS});
    vcmd_set_vertex_buffers(
        buf, &(struct vcmd_set_vertex_buffers){.num_buffers = 1, .buffers = &vertices});
}

/* Step 7: clear, draw, send everything to the host, wait until it is done. */
static enum vcmd_status draw(struct triangle *t, const struct example_options *options)
{
    const struct vcmd_clear clear = {.buffers = VCMD_CLEAR_COLOR0, .color = background};
    const struct vcmd_draw_vbo triangle = {
        .mode = VCMD_PRIM_TRIANGLES, .count = 3, .instance_count = 1, .max_index = UINT32_MAX};
    uint32_t memory[512]; /* dwords; all this takes less than half of them */
    struct vcmd_buffer buf;
    uint64_t fence;

    vcmd_buffer_init(&buf, memory, 512, VCMD_BUFFER_HEADROOM);
    encode_target(&buf, t, options);
    encode_fixed_state(&buf);
    encode_shaders(&buf, t);
    vcmd_clear(&buf, &clear);
    vcmd_draw_vbo(&buf, &triangle);

    EXAMPLE_TRY(vcmd_submit(t->context, &buf, &fence));
    return vcmd_fence_wait(t->device, fence, VCMD_WAIT_FOREVER);
}

/* Step 8: fetch the pixels from the host into the backing, and say how they lie there. */
static enum vcmd_status read_picture(struct triangle *t, const struct example_options *options,
                                     struct example_picture *picture)
{
    struct vcmd_level_layout layout;
    void *memory;

    EXAMPLE_TRY(vcmd_transfer_from_host(t->context, t->target, NULL));
    EXAMPLE_TRY(vcmd_resource_get_layout(t->target, 0, &layout));
    EXAMPLE_TRY(vcmd_resource_map(t->target, &memory, NULL));
    *picture = (struct example_picture){
        .pixels = memory,
        .width = options->width,
        .height = options->height,
        .stride = layout.stride,
        .format = VCMD_FORMAT_B8G8R8A8_UNORM,
        .bottom_up = true, /* the origin is the lower left corner */
    };
    return VCMD_STATUS_OK;
}

static enum vcmd_status run(struct triangle *t, const struct example_options *options,
                            struct example_picture *picture)
{
    EXAMPLE_TRY(open_device(t, options));
    EXAMPLE_TRY(create_resources(t, options));
    EXAMPLE_TRY(upload_vertices(t));
    EXAMPLE_TRY(draw(t, options));
    return read_picture(t, options, picture);
}

int main(int argc, char **argv)
{
    struct example_options options = {.output = "triangle.png", .width = 640, .height = 480};
    struct triangle t = {0};
    struct example_picture picture;
    int exit_status;

    example_parse_options(&options, argc, argv, "Draws one coloured triangle.", NULL);
    exit_status = example_exit_status("triangle", run(&t, &options, &picture));
    if (exit_status == 0) {
        if (example_write_png(&picture, options.output))
            printf("%s\n", options.output);
        else
            exit_status = 1;
    }

    /* Whatever there is by now: NULL is fine, and so is any order. */
    vcmd_resource_destroy(t.vertices);
    vcmd_resource_destroy(t.target);
    vcmd_context_destroy(t.context);
    vcmd_device_close(t.device);
    return exit_status;
}
