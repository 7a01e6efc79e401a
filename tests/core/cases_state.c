/* SPDX-License-Identifier: MIT */
/* Limits: 16 viewports, scissors and stream-output handles, 8 colour buffers, 32 vertex buffers,
   samplers, constant, storage, image and atomic slots, 128 sampler views, 6 shader stages. */
#include "cases.h"

static struct vcmd_viewport viewports[16];
static struct vcmd_set_viewport_state viewport = {0, 2, viewports};
ENCODER(set_viewport_state, "SET_VIEWPORT_STATE", viewport, 1 + 1 + 2 * 6);

static uint32_t handles[128];
static struct vcmd_set_framebuffer_state framebuffer = {3, 9, handles};
ENCODER(set_framebuffer_state, "SET_FRAMEBUFFER_STATE", framebuffer, 1 + 2 + 3);

static struct vcmd_vertex_buffer vertex_buffers[32];
static struct vcmd_set_vertex_buffers vertices = {2, vertex_buffers};
ENCODER(set_vertex_buffers, "SET_VERTEX_BUFFERS", vertices, 1 + 2 * 3);

static struct vcmd_set_sampler_views views = {1, 0, 2, handles};
ENCODER(set_sampler_views, "SET_SAMPLER_VIEWS", views, 1 + 2 + 2);

static struct vcmd_set_index_buffer index_buffer = {1, 2, 0};
ENCODER(set_index_buffer, "SET_INDEX_BUFFER", index_buffer, 1 + 3);
static struct vcmd_set_index_buffer_unbind no_index_buffer;
ENCODER(set_index_buffer_unbind, "SET_INDEX_BUFFER.UNBIND", no_index_buffer, 1 + 1);

static struct vcmd_set_constant_buffer constants = {1, 0, 8, handles};
ENCODER(set_constant_buffer, "SET_CONSTANT_BUFFER", constants, 1 + 2 + 8);

static struct vcmd_set_stencil_ref stencil_ref;
ENCODER(set_stencil_ref, "SET_STENCIL_REF", stencil_ref, 1 + 1);
static struct vcmd_set_blend_color blend_color;
ENCODER(set_blend_color, "SET_BLEND_COLOR", blend_color, 1 + 4);

static struct vcmd_scissor scissors[16];
static struct vcmd_set_scissor_state scissor = {0, 2, scissors};
ENCODER(set_scissor_state, "SET_SCISSOR_STATE", scissor, 1 + 1 + 2 * 2);

static struct vcmd_bind_sampler_states samplers = {1, 0, 2, handles};
ENCODER(bind_sampler_states, "BIND_SAMPLER_STATES", samplers, 1 + 2 + 2);

static struct vcmd_set_polygon_stipple stipple;
ENCODER(set_polygon_stipple, "SET_POLYGON_STIPPLE", stipple, 1 + 32);
static struct vcmd_set_clip_state clip;
ENCODER(set_clip_state, "SET_CLIP_STATE", clip, 1 + 32);
static struct vcmd_set_sample_mask sample_mask;
ENCODER(set_sample_mask, "SET_SAMPLE_MASK", sample_mask, 1 + 1);

static struct vcmd_set_streamout_targets targets = {0, 2, handles};
ENCODER(set_streamout_targets, "SET_STREAMOUT_TARGETS", targets, 1 + 1 + 2);
static struct vcmd_set_uniform_buffer uniform;
ENCODER(set_uniform_buffer, "SET_UNIFORM_BUFFER", uniform, 1 + 5);
static struct vcmd_set_tess_state tess;
ENCODER(set_tess_state, "SET_TESS_STATE", tess, 1 + 6);
static struct vcmd_set_min_samples min_samples;
ENCODER(set_min_samples, "SET_MIN_SAMPLES", min_samples, 1 + 1);

static struct vcmd_shader_buffer storage_buffers[32];
static struct vcmd_set_shader_buffers storage = {1, 0, 2, storage_buffers};
ENCODER(set_shader_buffers, "SET_SHADER_BUFFERS", storage, 1 + 2 + 2 * 3);

static struct vcmd_shader_image shader_images[32];
static struct vcmd_set_shader_images images = {1, 0, 2, shader_images};
ENCODER(set_shader_images, "SET_SHADER_IMAGES", images, 1 + 2 + 2 * 5);

static struct vcmd_set_framebuffer_state_no_attach no_attach;
ENCODER(set_framebuffer_state_no_attach, "SET_FRAMEBUFFER_STATE_NO_ATTACH", no_attach, 1 + 2);

static struct vcmd_atomic_buffer atomic_buffers[32];
static struct vcmd_set_atomic_buffers atomics = {0, 2, atomic_buffers};
ENCODER(set_atomic_buffers, "SET_ATOMIC_BUFFERS", atomics, 1 + 1 + 2 * 3);

static const struct encoder *const encoders[] = {
    &encoder_set_viewport_state,
    &encoder_set_framebuffer_state,
    &encoder_set_vertex_buffers,
    &encoder_set_sampler_views,
    &encoder_set_index_buffer,
    &encoder_set_index_buffer_unbind,
    &encoder_set_constant_buffer,
    &encoder_set_stencil_ref,
    &encoder_set_blend_color,
    &encoder_set_scissor_state,
    &encoder_bind_sampler_states,
    &encoder_set_polygon_stipple,
    &encoder_set_clip_state,
    &encoder_set_sample_mask,
    &encoder_set_streamout_targets,
    &encoder_set_uniform_buffer,
    &encoder_set_tess_state,
    &encoder_set_min_samples,
    &encoder_set_shader_buffers,
    &encoder_set_shader_images,
    &encoder_set_framebuffer_state_no_attach,
    &encoder_set_atomic_buffers,
};

static const struct refusal refusals[] = {
    TOO_MANY(set_viewport_state, viewport.num_viewports, 16, "num_viewports", 2),
    SLOTS(set_viewport_state, viewport, 16, 1),
    NULL_POINTER(set_viewport_state, viewport.viewports, "viewports", 2),

    TOO_MANY(set_framebuffer_state, framebuffer.nr_cbufs, 8, "nr_cbufs", 1),
    NULL_POINTER(set_framebuffer_state, framebuffer.cbuf_handle, "cbuf_handle", 3),

    TOO_MANY(set_vertex_buffers, vertices.num_buffers, 32, "num_buffers", 1),
    NULL_POINTER(set_vertex_buffers, vertices.buffers, "buffers", 1),

    UNKNOWN(set_sampler_views, views.shader_type, 5, "shader_type", 1),
    TOO_MANY(set_sampler_views, views.num_views, 128, "num_views", 3),
    SLOTS(set_sampler_views, views, 128, 2),
    NULL_POINTER(set_sampler_views, views.view_handle, "view_handle", 3),

    /* Sizes of an index: 1, 2 and 4 bytes. */
    GAP(set_index_buffer, index_buffer.index_size, 0, 4, "index_size", 0, 2, 1),
    GAP(set_index_buffer, index_buffer.index_size, 3, 4, "index_size", 0, 2, 2),
    GAP(set_index_buffer, index_buffer.index_size, 8, 4, "index_size", 0, 2, 4),
    GAP(set_index_buffer, index_buffer.index_size, 64, 4, "index_size", 0, 2, 4),
    GAP(set_index_buffer, index_buffer.index_size, 0xffffffffu, 4, "index_size", 0, 2, 4),
    ABOVE(set_index_buffer_unbind, no_index_buffer.res_handle, 0, "res_handle", 1),

    UNKNOWN(set_constant_buffer, constants.shader_type, 5, "shader_type", 1),
    NULL_POINTER(set_constant_buffer, constants.data, "data", 3),

    /* 8 bits of stencil. */
    ABOVE(set_stencil_ref, stencil_ref.front, 255, "front", 1),
    ABOVE(set_stencil_ref, stencil_ref.back, 255, "back", 1),

    TOO_MANY(set_scissor_state, scissor.num_scissors, 16, "num_scissors", 2),
    SLOTS(set_scissor_state, scissor, 16, 1),
    NULL_POINTER(set_scissor_state, scissor.scissors, "scissors", 2),
    /* Edges have 16 bits each. */
    ABOVE_AT(set_scissor_state, scissors[0].minx, 65535, "scissors.minx", 0, 2),
    ABOVE_AT(set_scissor_state, scissors[0].miny, 65535, "scissors.miny", 0, 2),
    ABOVE_AT(set_scissor_state, scissors[1].maxx, 65535, "scissors.maxx", 1, 3),
    ABOVE_AT(set_scissor_state, scissors[1].maxy, 65535, "scissors.maxy", 1, 3),

    UNKNOWN(bind_sampler_states, samplers.shader_type, 5, "shader_type", 1),
    TOO_MANY(bind_sampler_states, samplers.num_states, 32, "num_states", 3),
    SLOTS(bind_sampler_states, samplers, 32, 2),
    NULL_POINTER(bind_sampler_states, samplers.sampler_handle, "sampler_handle", 3),

    TOO_MANY(set_streamout_targets, targets.num_targets, 16, "num_targets", 2),
    NULL_POINTER(set_streamout_targets, targets.target_handle, "target_handle", 2),

    UNKNOWN(set_uniform_buffer, uniform.shader_type, 5, "shader_type", 1),
    ABOVE(set_uniform_buffer, uniform.index, 31, "index", 2),

    UNKNOWN(set_shader_buffers, storage.shader_type, 5, "shader_type", 1),
    TOO_MANY(set_shader_buffers, storage.num_buffers, 32, "num_buffers", 3),
    SLOTS(set_shader_buffers, storage, 32, 2),
    NULL_POINTER(set_shader_buffers, storage.buffers, "buffers", 3),

    UNKNOWN(set_shader_images, images.shader_type, 5, "shader_type", 1),
    TOO_MANY(set_shader_images, images.num_images, 32, "num_images", 3),
    SLOTS(set_shader_images, images, 32, 2),
    NULL_POINTER(set_shader_images, images.images, "images", 3),
    FORMAT(set_shader_images, shader_images[1].format, "images.format", 1, 3),
    UNKNOWN_AT(set_shader_images, shader_images[1].access, 3, "images.access", 1, 4),

    ABOVE(set_framebuffer_state_no_attach, no_attach.width, 65535, "width", 1),
    ABOVE(set_framebuffer_state_no_attach, no_attach.height, 65535, "height", 1),
    ABOVE(set_framebuffer_state_no_attach, no_attach.layers, 65535, "layers", 2),
    ABOVE(set_framebuffer_state_no_attach, no_attach.samples, 255, "samples", 2),

    /* A payload of one dword, which no buffer makes, is rejected. */
    REFUSE(set_atomic_buffers, atomics.num_buffers, 0, TOO_FEW, "num_buffers", 0, 1, 2, 1),
    TOO_MANY(set_atomic_buffers, atomics.num_buffers, 32, "num_buffers", 2),
    SLOTS(set_atomic_buffers, atomics, 32, 1),
    NULL_POINTER(set_atomic_buffers, atomics.buffers, "buffers", 2),
};

const struct case_group state_cases = {encoders, ARRAY_SIZE(encoders), refusals,
                                       ARRAY_SIZE(refusals)};
