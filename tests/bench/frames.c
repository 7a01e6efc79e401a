/* SPDX-License-Identifier: MIT */
#include "frames.h"

enum { SURFACE = 1, BLEND, DSA, RASTERIZER, ELEMENTS, VERTEX_SHADER, FRAGMENT_SHADER };

const float frame_vertices[12] = {-0.1f, -0.1f, 0, 1, 0.1f, -0.1f, 0, 1, 0, 0.1f, 0, 1};

static const char vertex_text[] = "VERT\n"
                                  "DCL IN[0]\n"
                                  "DCL OUT[0], POSITION\n"
                                  "DCL CONST[0..3]\n"
                                  "  0: ADD OUT[0], IN[0], CONST[0]\n"
                                  "  1: END\n";
static const char fragment_text[] = "FRAG\n"
                                    "DCL OUT[0], COLOR\n"
                                    "DCL CONST[0..3]\n"
                                    "  0: MOV OUT[0], CONST[1]\n"
                                    "  1: END\n";

size_t frame_capacity(size_t draws)
{
    return 64 + draws * (13 + 19);
}

static void setup_target(struct vcmd_buffer *buf, uint32_t target)
{
    const struct vcmd_create_surface surface = {
        .handle = SURFACE, .res_handle = target, .format = VCMD_FORMAT_B8G8R8A8_UNORM};
    const uint32_t colors[1] = {SURFACE};
    const float half = (float)FRAME_SIZE / 2;
    const struct vcmd_viewport viewport = {{half, half, 0.5f}, {half, half, 0.5f}};

    vcmd_create_sub_ctx(buf, &(struct vcmd_create_sub_ctx){.sub_ctx_id = 1});
    vcmd_set_sub_ctx(buf, &(struct vcmd_set_sub_ctx){.sub_ctx_id = 1});
    vcmd_create_surface(buf, &surface);
    vcmd_set_framebuffer_state(
        buf, &(struct vcmd_set_framebuffer_state){.nr_cbufs = 1, .cbuf_handle = colors});
    vcmd_set_viewport_state(
        buf, &(struct vcmd_set_viewport_state){.num_viewports = 1, .viewports = &viewport});
}

static void setup_state(struct vcmd_buffer *buf)
{
    const struct vcmd_create_blend blend = {.handle = BLEND, .rt[0].colormask = VCMD_MASK_RGBA};
    const struct vcmd_create_rasterizer rasterizer = {
        .handle = RASTERIZER, .depth_clip = true, .point_size = 1, .line_width = 1};

    vcmd_create_blend(buf, &blend);
    vcmd_bind_blend(buf, &(struct vcmd_bind_blend){.handle = BLEND});
    vcmd_create_dsa(buf, &(struct vcmd_create_dsa){.handle = DSA});
    vcmd_bind_dsa(buf, &(struct vcmd_bind_dsa){.handle = DSA});
    vcmd_create_rasterizer(buf, &rasterizer);
    vcmd_bind_rasterizer(buf, &(struct vcmd_bind_rasterizer){.handle = RASTERIZER});
}

void frame_setup(struct vcmd_buffer *buf, uint32_t target, uint32_t vertices)
{
    const struct vcmd_create_shader vs = {
        .handle = VERTEX_SHADER, .type = VCMD_SHADER_VERTEX, .text = vertex_text};
    const struct vcmd_create_shader fs = {
        .handle = FRAGMENT_SHADER, .type = VCMD_SHADER_FRAGMENT, .text = fragment_text};
    const struct vcmd_vertex_element position = {.src_format = VCMD_FORMAT_R32G32B32A32_FLOAT};
    const struct vcmd_create_vertex_elements elements = {ELEMENTS, 1, &position};
    const struct vcmd_vertex_buffer buffer = {.stride = 16, .res_handle = vertices};

    setup_target(buf, target);
    setup_state(buf);
    vcmd_create_shader(buf, &vs);
    vcmd_bind_shader(buf, &(struct vcmd_bind_shader){VERTEX_SHADER, VCMD_SHADER_VERTEX});
    vcmd_create_shader(buf, &fs);
    vcmd_bind_shader(buf, &(struct vcmd_bind_shader){FRAGMENT_SHADER, VCMD_SHADER_FRAGMENT});
    vcmd_create_vertex_elements(buf, &elements);
    vcmd_bind_vertex_elements(buf, &(struct vcmd_bind_vertex_elements){.handle = ELEMENTS});
    vcmd_set_vertex_buffers(buf, &(struct vcmd_set_vertex_buffers){1, &buffer});
}

void frame_draw(struct vcmd_buffer *buf, size_t draws)
{
    const struct vcmd_clear clear = {.buffers = VCMD_CLEAR_COLOR0};
    const struct vcmd_draw_vbo draw = {
        .mode = VCMD_PRIM_TRIANGLES, .count = 3, .instance_count = 1, .max_index = UINT32_MAX};
    uint32_t words[16] = {0};
    size_t i;

    vcmd_clear(buf, &clear);
    for (i = 0; i < draws; i++) {
        words[0] = vcmd_float_bits((float)(i % 16) / 8 - 1);
        words[1] = vcmd_float_bits((float)(i / 16 % 16) / 8 - 1);
        words[4] = words[7] = vcmd_float_bits(1);
        vcmd_set_constant_buffer(
            buf, &(struct vcmd_set_constant_buffer){VCMD_SHADER_VERTEX, 0, 16, words});
        vcmd_draw_vbo(buf, &draw);
    }
}
