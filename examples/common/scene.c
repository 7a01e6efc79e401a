/* SPDX-License-Identifier: MIT */
#include "common/scene.h"

#include "common/picture.h"
#include "common/record.h"
#include "common/transports.h"
#include <stdio.h>
#include <string.h>

/* ---- the device and its resources ---- */

enum vcmd_status scene_open(struct scene *s)
{
    const struct vcmd_device_desc desc = {
        .transports = example_transports(),
        .transport = s->options.transport,
        .options = s->options.options,
        .log = example_log,
        .log_user = (void *)(uintptr_t)s->name, /* only read */
        .wrappers = example_recorder(&s->options, s->name),
        .num_wrappers = s->options.record ? 1 : 0,
    };

    EXAMPLE_TRY(vcmd_device_open(&desc, &s->device));
    EXAMPLE_TRY(vcmd_device_get_caps(s->device, &s->caps));
    EXAMPLE_TRY(vcmd_context_create(s->device, s->name, &s->context));
    vcmd_buffer_init(&s->buf, s->memory, SCENE_DWORDS, VCMD_BUFFER_HEADROOM);
    encode_sub_context(&s->buf);
    return VCMD_STATUS_OK;
}

enum vcmd_status scene_need(const struct scene *s, bool has, const char *what)
{
    if (has)
        return VCMD_STATUS_OK;
    fprintf(stderr, "%s: the host has no %s\n", s->name, what);
    return VCMD_STATUS_UNSUPPORTED;
}

enum vcmd_status scene_create(struct scene *s, const struct vcmd_resource_desc *desc,
                              struct vcmd_resource **resource)
{
    if (s->num_resources == SCENE_MAX_RESOURCES)
        return VCMD_STATUS_TOO_MANY;
    EXAMPLE_TRY(vcmd_resource_create(s->device, desc, resource));
    s->resources[s->num_resources++] = *resource;
    return vcmd_context_attach(s->context, *resource);
}

enum vcmd_status scene_create_buffer(struct scene *s, uint32_t bind, const void *data,
                                     uint32_t size, struct vcmd_resource **resource)
{
    void *memory;

    EXAMPLE_TRY(scene_create(
        s, &(struct vcmd_resource_desc){.target = VCMD_BUFFER, .bind = bind, .width = size},
        resource));
    EXAMPLE_TRY(vcmd_resource_map(*resource, &memory, NULL));
    if (data)
        memcpy(memory, data, size);
    return vcmd_transfer_to_host(s->context, *resource, NULL);
}

enum vcmd_status scene_create_target(struct scene *s)
{
    const struct vcmd_resource_desc desc = {
        .target = VCMD_TEXTURE_2D,
        .format = SCENE_FORMAT,
        .bind = VCMD_BIND_RENDER_TARGET,
        .width = s->options.width,
        .height = s->options.height,
    };

    EXAMPLE_TRY(scene_create(s, &desc, &s->target));
    encode_target(&s->buf, SCENE_SURFACE, s->target, s->options.width, s->options.height);
    return VCMD_STATUS_OK;
}

uint32_t scene_depth_format(const struct scene *s)
{
    static const uint32_t wanted[] = {
        VCMD_FORMAT_Z24X8_UNORM,
        VCMD_FORMAT_Z32_FLOAT,
        VCMD_FORMAT_Z24_UNORM_S8_UINT,
    };

    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        if (vcmd_caps_has_format(&s->caps, wanted[i], VCMD_FORMAT_USE_DEPTH_STENCIL))
            return wanted[i];
    }
    (void)scene_need(s, false, "depth buffer that this program knows");
    return 0;
}

enum vcmd_status scene_submit(struct scene *s)
{
    uint64_t fence;

    EXAMPLE_TRY(vcmd_submit(s->context, &s->buf, &fence));
    vcmd_buffer_reset(&s->buf);
    return vcmd_fence_wait(s->device, fence, VCMD_WAIT_FOREVER);
}

static enum vcmd_status read_picture(struct scene *s, struct example_picture *picture)
{
    struct vcmd_level_layout layout;
    void *memory;

    EXAMPLE_TRY(vcmd_transfer_from_host(s->context, s->target, NULL));
    EXAMPLE_TRY(vcmd_resource_get_layout(s->target, 0, &layout));
    EXAMPLE_TRY(vcmd_resource_map(s->target, &memory, NULL));
    *picture = (struct example_picture){
        .pixels = memory,
        .width = s->options.width,
        .height = s->options.height,
        .stride = layout.stride,
        .format = SCENE_FORMAT,
        .bottom_up = true,
    };
    return VCMD_STATUS_OK;
}

int scene_end(struct scene *s, enum vcmd_status status)
{
    struct example_picture picture;
    int exit_status;

    if (status == VCMD_STATUS_OK && s->target)
        status = read_picture(s, &picture);
    exit_status = example_exit_status(s->name, status);
    if (exit_status == 0 && s->target) {
        if (example_write_png(&picture, s->options.output))
            printf("%s\n", s->options.output);
        else
            exit_status = 1;
    }
    for (uint32_t i = 0; i < s->num_resources; i++)
        vcmd_resource_destroy(s->resources[i]);
    vcmd_context_destroy(s->context);
    vcmd_device_close(s->device);
    return exit_status;
}

/* ---- commands ---- */

void encode_sub_context(struct vcmd_buffer *buf)
{
    vcmd_create_sub_ctx(buf, &(struct vcmd_create_sub_ctx){.sub_ctx_id = 1});
    vcmd_set_sub_ctx(buf, &(struct vcmd_set_sub_ctx){.sub_ctx_id = 1});
}

void encode_target(struct vcmd_buffer *buf, uint32_t surface, const struct vcmd_resource *texture,
                   uint32_t width, uint32_t height)
{
    const float half_width = (float)width / 2;
    const float half_height = (float)height / 2;
    const struct vcmd_viewport viewport = {{half_width, half_height, 0.5f},
                                           {half_width, half_height, 0.5f}};

    vcmd_create_surface(buf, &(struct vcmd_create_surface){.handle = surface,
                                                           .res_handle = vcmd_resource_id(texture),
                                                           .format = SCENE_FORMAT});
    vcmd_set_framebuffer_state(
        buf, &(struct vcmd_set_framebuffer_state){.nr_cbufs = 1, .cbuf_handle = &surface});
    vcmd_set_viewport_state(buf, &(struct vcmd_set_viewport_state){0, 1, &viewport});
}

void encode_plain_state(struct vcmd_buffer *buf)
{
    const struct vcmd_create_blend blend = {.handle = SCENE_BLEND,
                                            .rt[0].colormask = VCMD_MASK_RGBA};
    const struct vcmd_create_rasterizer rasterizer = {
        .handle = SCENE_RASTERIZER,
        .depth_clip = true,
        .half_pixel_center = true,
        .point_size = 1.0f,
        .line_width = 1.0f,
    };

    vcmd_create_blend(buf, &blend);
    vcmd_bind_blend(buf, &(struct vcmd_bind_blend){SCENE_BLEND});
    vcmd_create_dsa(buf, &(struct vcmd_create_dsa){.handle = SCENE_DSA});
    vcmd_bind_dsa(buf, &(struct vcmd_bind_dsa){SCENE_DSA});
    vcmd_create_rasterizer(buf, &rasterizer);
    vcmd_bind_rasterizer(buf, &(struct vcmd_bind_rasterizer){SCENE_RASTERIZER});
}

const char scene_vertex_text[] = "VERT\n"
                                 "DCL IN[0]\n"
                                 "DCL IN[1]\n"
                                 "DCL OUT[0], POSITION\n"
                                 "DCL OUT[1], GENERIC[0]\n"
                                 "  0: MOV OUT[0], IN[0]\n"
                                 "  1: MOV OUT[1], IN[1]\n"
                                 "  2: END\n";

const char scene_color_text[] = "FRAG\n"
                                "DCL IN[0], GENERIC[0], PERSPECTIVE\n"
                                "DCL OUT[0], COLOR\n"
                                "  0: MOV OUT[0], IN[0]\n"
                                "  1: END\n";

void encode_shader(struct vcmd_buffer *buf, uint32_t handle, uint32_t type, const char *text)
{
    vcmd_create_shader(buf,
                       &(struct vcmd_create_shader){.handle = handle, .type = type, .text = text});
    vcmd_bind_shader(buf, &(struct vcmd_bind_shader){handle, type});
}

void encode_shaders(struct vcmd_buffer *buf, const char *vertex, const char *fragment)
{
    encode_shader(buf, SCENE_VERTEX, VCMD_SHADER_VERTEX, vertex);
    encode_shader(buf, SCENE_FRAGMENT, VCMD_SHADER_FRAGMENT, fragment);
}

void encode_vertices(struct vcmd_buffer *buf, const struct vcmd_resource *vertices,
                     const uint32_t *formats, uint32_t num_formats)
{
    struct vcmd_vertex_element elements[8] = {{0}};
    struct vcmd_vertex_buffer buffer = {.res_handle = vcmd_resource_id(vertices)};

    for (uint32_t i = 0; i < num_formats && i < 8; i++) {
        elements[i].src_format = formats[i];
        elements[i].src_offset = buffer.stride;
        buffer.stride += vcmd_format_info(formats[i])->block_bits / 8u;
    }
    vcmd_create_vertex_elements(
        buf, &(struct vcmd_create_vertex_elements){SCENE_ELEMENTS, num_formats, elements});
    vcmd_bind_vertex_elements(buf, &(struct vcmd_bind_vertex_elements){SCENE_ELEMENTS});
    vcmd_set_vertex_buffers(buf, &(struct vcmd_set_vertex_buffers){1, &buffer});
}

void encode_clear(struct vcmd_buffer *buf, float red, float green, float blue)
{
    vcmd_clear(buf, &(struct vcmd_clear){.buffers = VCMD_CLEAR_COLOR0,
                                         .color = {.f = {red, green, blue, 1.0f}}});
}

void encode_draw(struct vcmd_buffer *buf, uint32_t prim, uint32_t first, uint32_t count)
{
    vcmd_draw_vbo(buf, &(struct vcmd_draw_vbo){.mode = prim,
                                               .start = first,
                                               .count = count,
                                               .instance_count = 1,
                                               .max_index = UINT32_MAX});
}
