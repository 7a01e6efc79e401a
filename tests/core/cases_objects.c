/* SPDX-License-Identifier: MIT */
/* Objects: the handle 0 is rejected by the host; the rest follows from widths and enumerations. */
#include "cases.h"

#define ONES                                                                                       \
    {                                                                                              \
        .rgb_func = 0, .rgb_src_factor = 1, .rgb_dst_factor = 17, .alpha_src_factor = 1,           \
        .alpha_dst_factor = 17, .colormask = 15                                                    \
    }
static struct vcmd_create_blend blend = {.handle = 1,
                                         .rt = {ONES, ONES, ONES, ONES, ONES, ONES, ONES, ONES}};
ENCODER(create_blend, "CREATE_OBJECT.BLEND", blend, 1 + 11);

static struct vcmd_create_rasterizer rasterizer = {.handle = 1};
ENCODER(create_rasterizer, "CREATE_OBJECT.RASTERIZER", rasterizer, 1 + 9);
static struct vcmd_create_dsa dsa = {.handle = 1};
ENCODER(create_dsa, "CREATE_OBJECT.DSA", dsa, 1 + 5);

static struct vcmd_stream_output outputs[64];
static struct vcmd_create_shader_packet shader = {.handle = 1,
                                                  .type = 0,
                                                  .offlen = 8,
                                                  .num_tokens = 10,
                                                  .so_info_num_outputs = 2,
                                                  .so_info_output = outputs,
                                                  .text_size = 8,
                                                  .text = "ABCDEFG"};
ENCODER(create_shader_packet, "CREATE_OBJECT.SHADER", shader, 1 + 5 + 4 + 2 * 2 + 2);
static struct vcmd_create_shader_compute_packet compute = {
    .handle = 1, .type = 5, .offlen = 8, .text_size = 8, .text = "ABCDEFG"};
ENCODER(create_shader_compute_packet, "CREATE_OBJECT.SHADER.COMPUTE", compute, 1 + 5 + 2);

static struct vcmd_vertex_element elements[32];
static struct vcmd_create_vertex_elements vertex = {1, 2, elements};
ENCODER(create_vertex_elements, "CREATE_OBJECT.VERTEX_ELEMENTS", vertex, 1 + 1 + 2 * 4);

static struct vcmd_create_sampler_view view = {.handle = 1, .res_handle = 1, .format = 1};
ENCODER(create_sampler_view, "CREATE_OBJECT.SAMPLER_VIEW", view, 1 + 6);
static struct vcmd_create_sampler_view_buffer texels = {.handle = 1, .res_handle = 1, .format = 1};
ENCODER(create_sampler_view_buffer, "CREATE_OBJECT.SAMPLER_VIEW.BUFFER", texels, 1 + 6);
static struct vcmd_create_sampler_state sampler = {.handle = 1};
ENCODER(create_sampler_state, "CREATE_OBJECT.SAMPLER_STATE", sampler, 1 + 9);
static struct vcmd_create_surface surface = {.handle = 1, .res_handle = 1, .format = 1};
ENCODER(create_surface, "CREATE_OBJECT.SURFACE", surface, 1 + 5);
static struct vcmd_create_surface_buffer surface_buffer = {
    .handle = 1, .res_handle = 1, .format = 1};
ENCODER(create_surface_buffer, "CREATE_OBJECT.SURFACE.BUFFER", surface_buffer, 1 + 5);
static struct vcmd_create_msaa_surface msaa = {.handle = 1, .res_handle = 1, .format = 1};
ENCODER(create_msaa_surface, "CREATE_OBJECT.MSAA_SURFACE", msaa, 1 + 6);
static struct vcmd_create_query query = {.handle = 1, .res_handle = 1};
ENCODER(create_query, "CREATE_OBJECT.QUERY", query, 1 + 4);
static struct vcmd_create_streamout_target target = {.handle = 1, .res_handle = 1};
ENCODER(create_streamout_target, "CREATE_OBJECT.STREAMOUT_TARGET", target, 1 + 4);

static struct vcmd_bind_blend bind_blend;
ENCODER(bind_blend, "BIND_OBJECT.BLEND", bind_blend, 1 + 1);
static struct vcmd_bind_rasterizer bind_rasterizer;
ENCODER(bind_rasterizer, "BIND_OBJECT.RASTERIZER", bind_rasterizer, 1 + 1);
static struct vcmd_bind_dsa bind_dsa;
ENCODER(bind_dsa, "BIND_OBJECT.DSA", bind_dsa, 1 + 1);
static struct vcmd_bind_vertex_elements bind_vertex;
ENCODER(bind_vertex_elements, "BIND_OBJECT.VERTEX_ELEMENTS", bind_vertex, 1 + 1);
static struct vcmd_destroy_object destroy = {1, 1};
ENCODER(destroy_object, "DESTROY_OBJECT", destroy, 1 + 1);
static struct vcmd_bind_shader bind_shader;
ENCODER(bind_shader, "BIND_SHADER", bind_shader, 1 + 2);
static struct vcmd_link_shader link_shader;
ENCODER(link_shader, "LINK_SHADER", link_shader, 1 + 6);

static const struct encoder *const encoders[] = {
    &encoder_create_blend,
    &encoder_create_rasterizer,
    &encoder_create_dsa,
    &encoder_create_shader_packet,
    &encoder_create_shader_compute_packet,
    &encoder_create_vertex_elements,
    &encoder_create_sampler_view,
    &encoder_create_sampler_view_buffer,
    &encoder_create_sampler_state,
    &encoder_create_surface,
    &encoder_create_surface_buffer,
    &encoder_create_msaa_surface,
    &encoder_create_query,
    &encoder_create_streamout_target,
    &encoder_bind_blend,
    &encoder_bind_rasterizer,
    &encoder_bind_dsa,
    &encoder_bind_vertex_elements,
    &encoder_destroy_object,
    &encoder_bind_shader,
    &encoder_link_shader,
};

/* Factors: 1 to 10 and 17 to 26 without 22. */
#define FACTORS(lvalue, name, index)                                                               \
    GAP(create_blend, lvalue, 16, 26, name, index, 4, 17),                                         \
        GAP(create_blend, lvalue, 22, 26, name, index, 4, 23),                                     \
        GAP(create_blend, lvalue, 27, 26, name, index, 4, 26),                                     \
        GAP(create_blend, lvalue, 64 + 1, 26, name, index, 4, 1)

#define LAYERS(encoder, args, dword)                                                               \
    REFUSE(encoder, (args).first_layer, 65536, OUT_OF_RANGE, "first_layer", 0, 65535, dword, 0),   \
        ABOVE(encoder, (args).last_layer, 65535, "last_layer", dword),                             \
        REFUSE_AS(encoder, (args).first_layer, 1, 0, OUT_OF_RANGE, "last_layer", 0, 1, dword, 0)

#define SWIZZLE(encoder, args)                                                                     \
    UNKNOWN(encoder, (args).swizzle_r, 5, "swizzle_r", 6),                                         \
        UNKNOWN(encoder, (args).swizzle_g, 5, "swizzle_g", 6),                                     \
        UNKNOWN(encoder, (args).swizzle_b, 5, "swizzle_b", 6),                                     \
        UNKNOWN(encoder, (args).swizzle_a, 5, "swizzle_a", 6)

/* Handle, resource and format of the objects that look at a resource. */
#define VIEW(encoder, args)                                                                        \
    ZERO(encoder, (args).handle, "handle", 1), ZERO(encoder, (args).res_handle, "res_handle", 2),  \
        FORMAT(encoder, (args).format, "format", 0, 3)

/* Format 0 is rejected for sampler views. */
#define NO_FORMAT(encoder, args)                                                                   \
    REFUSE(encoder, (args).format, 0, OUT_OF_RANGE, "format", 0, 1, 3, 1)

static const struct refusal refusals[] = {
    ZERO(create_blend, blend.handle, "handle", 1),
    UNKNOWN(create_blend, blend.logicop_func, 15, "logicop_func", 3),
    UNKNOWN_AT(create_blend, blend.rt[0].rgb_func, 4, "rt.rgb_func", 0, 4),
    UNKNOWN_AT(create_blend, blend.rt[7].alpha_func, 4, "rt.alpha_func", 7, 4),
    FACTORS(blend.rt[0].rgb_src_factor, "rt.rgb_src_factor", 0),
    FACTORS(blend.rt[3].rgb_dst_factor, "rt.rgb_dst_factor", 3),
    FACTORS(blend.rt[5].alpha_src_factor, "rt.alpha_src_factor", 5),
    FACTORS(blend.rt[7].alpha_dst_factor, "rt.alpha_dst_factor", 7),
    /* 4 bits, one per colour channel: depth and stencil have no place in it. */
    RESERVED(create_blend, blend.rt[2].colormask, 0x10, 0xf, "rt.colormask", 2, 4),
    RESERVED(create_blend, blend.rt[2].colormask, 0x20, 0xf, "rt.colormask", 2, 4),
    RESERVED(create_blend, blend.rt[2].colormask, 0x80000000u, 0xf, "rt.colormask", 2, 4),

    ZERO(create_rasterizer, rasterizer.handle, "handle", 1),
    UNKNOWN(create_rasterizer, rasterizer.sprite_coord_mode, 1, "sprite_coord_mode", 2),
    UNKNOWN(create_rasterizer, rasterizer.cull_face, 3, "cull_face", 2),
    UNKNOWN(create_rasterizer, rasterizer.fill_front, 2, "fill_front", 2),
    UNKNOWN(create_rasterizer, rasterizer.fill_back, 2, "fill_back", 2),
    ABOVE(create_rasterizer, rasterizer.line_stipple_pattern, 65535, "line_stipple_pattern", 5),
    ABOVE(create_rasterizer, rasterizer.line_stipple_factor, 255, "line_stipple_factor", 5),
    ABOVE(create_rasterizer, rasterizer.clip_plane_enable, 255, "clip_plane_enable", 5),

    ZERO(create_dsa, dsa.handle, "handle", 1),
    UNKNOWN(create_dsa, dsa.depth.func, 7, "depth.func", 2),
    UNKNOWN(create_dsa, dsa.alpha.func, 7, "alpha.func", 2),
    UNKNOWN_AT(create_dsa, dsa.stencil[0].func, 7, "stencil.func", 0, 3),
    UNKNOWN_AT(create_dsa, dsa.stencil[1].fail_op, 7, "stencil.fail_op", 1, 3),
    UNKNOWN_AT(create_dsa, dsa.stencil[1].zpass_op, 7, "stencil.zpass_op", 1, 3),
    UNKNOWN_AT(create_dsa, dsa.stencil[0].zfail_op, 7, "stencil.zfail_op", 0, 3),
    ABOVE_AT(create_dsa, dsa.stencil[1].valuemask, 255, "stencil.valuemask", 1, 3),
    ABOVE_AT(create_dsa, dsa.stencil[1].writemask, 255, "stencil.writemask", 1, 3),

    ZERO(create_shader_packet, shader.handle, "handle", 1),
    REFUSE(create_shader_packet, shader.type, 6, UNKNOWN_VALUE, "type", 0, 4, 2, 4),
    /* Bit 31 of the dword says that it is a continuation. */
    ABOVE(create_shader_packet, shader.offlen, 0x7fffffffu, "offlen", 3),
    TOO_MANY(create_shader_packet, shader.so_info_num_outputs, 64, "so_info_num_outputs", 5),
    NULL_POINTER(create_shader_packet, shader.so_info_output, "so_info_output", 10),
    ABOVE_AT(create_shader_packet, outputs[1].register_index, 255, "so_info_output.register_index",
             1, 10),
    ABOVE_AT(create_shader_packet, outputs[1].start_component, 3, "so_info_output.start_component",
             1, 10),
    ABOVE_AT(create_shader_packet, outputs[1].num_components, 4, "so_info_output.num_components", 1,
             10),
    ABOVE_AT(create_shader_packet, outputs[1].output_buffer, 3, "so_info_output.output_buffer", 1,
             10),
    ABOVE_AT(create_shader_packet, outputs[1].dst_offset, 65535, "so_info_output.dst_offset", 1,
             10),
    ABOVE_AT(create_shader_packet, outputs[1].stream, 3, "so_info_output.stream", 1, 11),
    ZERO(create_shader_compute_packet, compute.handle, "handle", 1),
    REFUSE(create_shader_compute_packet, compute.type, 6, UNKNOWN_VALUE, "type", 0, 5, 2, 5),
    ABOVE(create_shader_compute_packet, compute.offlen, 0x7fffffffu, "offlen", 3),
    NULL_POINTER(create_shader_compute_packet, compute.text, "text", 6),

    ZERO(create_vertex_elements, vertex.handle, "handle", 1),
    TOO_MANY(create_vertex_elements, vertex.num_elements, 32, "num_elements", 2),
    NULL_POINTER(create_vertex_elements, vertex.elements, "elements", 2),
    ABOVE_AT(create_vertex_elements, elements[1].vertex_buffer_index, 31,
             "elements.vertex_buffer_index", 1, 4),
    FORMAT(create_vertex_elements, elements[1].src_format, "elements.src_format", 1, 5),

    VIEW(create_sampler_view, view),
    NO_FORMAT(create_sampler_view, view),
    UNKNOWN(create_sampler_view, view.target, 8, "target", 3),
    LAYERS(create_sampler_view, view, 4),
    REFUSE(create_sampler_view, view.first_level, 256, OUT_OF_RANGE, "first_level", 0, 255, 5, 0),
    ABOVE(create_sampler_view, view.last_level, 255, "last_level", 5),
    SWIZZLE(create_sampler_view, view),
    VIEW(create_sampler_view_buffer, texels),
    NO_FORMAT(create_sampler_view_buffer, texels),
    UNKNOWN(create_sampler_view_buffer, texels.target, 8, "target", 3),
    SWIZZLE(create_sampler_view_buffer, texels),

    ZERO(create_sampler_state, sampler.handle, "handle", 1),
    UNKNOWN(create_sampler_state, sampler.wrap_s, 7, "wrap_s", 2),
    UNKNOWN(create_sampler_state, sampler.wrap_t, 7, "wrap_t", 2),
    UNKNOWN(create_sampler_state, sampler.wrap_r, 7, "wrap_r", 2),
    UNKNOWN(create_sampler_state, sampler.min_img_filter, 1, "min_img_filter", 2),
    UNKNOWN(create_sampler_state, sampler.min_mip_filter, 2, "min_mip_filter", 2),
    UNKNOWN(create_sampler_state, sampler.mag_img_filter, 1, "mag_img_filter", 2),
    UNKNOWN(create_sampler_state, sampler.compare_mode, 1, "compare_mode", 2),
    UNKNOWN(create_sampler_state, sampler.compare_func, 7, "compare_func", 2),
    ABOVE(create_sampler_state, sampler.max_anisotropy, 16, "max_anisotropy", 2),

    VIEW(create_surface, surface),
    LAYERS(create_surface, surface, 5),
    VIEW(create_surface_buffer, surface_buffer),
    VIEW(create_msaa_surface, msaa),
    LAYERS(create_msaa_surface, msaa, 5),

    ZERO(create_query, query.handle, "handle", 1),
    UNKNOWN(create_query, query.query_type, 12, "query_type", 2),
    UNKNOWN(create_query, query.index, 10, "index", 2),
    ZERO(create_query, query.res_handle, "res_handle", 4),
    ZERO(create_streamout_target, target.handle, "handle", 1),
    ZERO(create_streamout_target, target.res_handle, "res_handle", 2),

    UNKNOWN(destroy_object, destroy.object_type, 11, "object_type", 0),
    ZERO(destroy_object, destroy.handle, "handle", 1),
    UNKNOWN(bind_shader, bind_shader.type, 5, "type", 2),
};

const struct case_group object_cases = {encoders, ARRAY_SIZE(encoders), refusals,
                                        ARRAY_SIZE(refusals)};
