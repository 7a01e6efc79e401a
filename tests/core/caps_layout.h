/* SPDX-License-Identifier: MIT */
#ifndef TEST_CAPS_LAYOUT_H
#define TEST_CAPS_LAYOUT_H

/*
 * Where the fields of a capability set stand in bytes: offset, size, the feature check version
 * that vouches for it (0: none), the first release that sends it. Written down apart from the
 * library's own table, so that the two can be compared.
 */
#define CAPS_FIELDS(X)                                                                             \
    X(max_version, MAX_VERSION, 0, 4, 0, "0.2.0")                                                  \
    X(sampler, SAMPLER, 4, 64, 0, "0.2.0")                                                         \
    X(render, RENDER, 68, 64, 0, "0.2.0")                                                          \
    X(depthstencil, DEPTHSTENCIL, 132, 64, 0, "0.2.0")                                             \
    X(vertexbuffer, VERTEXBUFFER, 196, 64, 0, "0.2.0")                                             \
    X(bset, BSET, 260, 4, 0, "0.2.0")                                                              \
    X(glsl_level, GLSL_LEVEL, 264, 4, 0, "0.2.0")                                                  \
    X(max_texture_array_layers, MAX_TEXTURE_ARRAY_LAYERS, 268, 4, 0, "0.2.0")                      \
    X(max_streamout_buffers, MAX_STREAMOUT_BUFFERS, 272, 4, 0, "0.2.0")                            \
    X(max_dual_source_render_targets, MAX_DUAL_SOURCE_RENDER_TARGETS, 276, 4, 0, "0.2.0")          \
    X(max_render_targets, MAX_RENDER_TARGETS, 280, 4, 0, "0.2.0")                                  \
    X(max_samples, MAX_SAMPLES, 284, 4, 0, "0.2.0")                                                \
    X(prim_mask, PRIM_MASK, 288, 4, 0, "0.2.0")                                                    \
    X(max_tbo_size, MAX_TBO_SIZE, 292, 4, 0, "0.2.0")                                              \
    X(max_uniform_blocks, MAX_UNIFORM_BLOCKS, 296, 4, 0, "0.2.0")                                  \
    X(max_viewports, MAX_VIEWPORTS, 300, 4, 0, "0.2.0")                                            \
    X(max_texture_gather_components, MAX_TEXTURE_GATHER_COMPONENTS, 304, 4, 0, "0.2.0")            \
    X(min_aliased_point_size, MIN_ALIASED_POINT_SIZE, 308, 4, 0, "0.7.0")                          \
    X(max_aliased_point_size, MAX_ALIASED_POINT_SIZE, 312, 4, 0, "0.7.0")                          \
    X(min_smooth_point_size, MIN_SMOOTH_POINT_SIZE, 316, 4, 0, "0.7.0")                            \
    X(max_smooth_point_size, MAX_SMOOTH_POINT_SIZE, 320, 4, 0, "0.7.0")                            \
    X(min_aliased_line_width, MIN_ALIASED_LINE_WIDTH, 324, 4, 0, "0.7.0")                          \
    X(max_aliased_line_width, MAX_ALIASED_LINE_WIDTH, 328, 4, 0, "0.7.0")                          \
    X(min_smooth_line_width, MIN_SMOOTH_LINE_WIDTH, 332, 4, 0, "0.7.0")                            \
    X(max_smooth_line_width, MAX_SMOOTH_LINE_WIDTH, 336, 4, 0, "0.7.0")                            \
    X(max_texture_lod_bias, MAX_TEXTURE_LOD_BIAS, 340, 4, 0, "0.7.0")                              \
    X(max_geom_output_vertices, MAX_GEOM_OUTPUT_VERTICES, 344, 4, 0, "0.7.0")                      \
    X(max_geom_total_output_components, MAX_GEOM_TOTAL_OUTPUT_COMPONENTS, 348, 4, 0, "0.7.0")      \
    X(max_vertex_outputs, MAX_VERTEX_OUTPUTS, 352, 4, 0, "0.7.0")                                  \
    X(max_vertex_attribs, MAX_VERTEX_ATTRIBS, 356, 4, 0, "0.7.0")                                  \
    X(max_shader_patch_varyings, MAX_SHADER_PATCH_VARYINGS, 360, 4, 0, "0.7.0")                    \
    X(min_texel_offset, MIN_TEXEL_OFFSET, 364, 4, 0, "0.7.0")                                      \
    X(max_texel_offset, MAX_TEXEL_OFFSET, 368, 4, 0, "0.7.0")                                      \
    X(min_texture_gather_offset, MIN_TEXTURE_GATHER_OFFSET, 372, 4, 0, "0.7.0")                    \
    X(max_texture_gather_offset, MAX_TEXTURE_GATHER_OFFSET, 376, 4, 0, "0.7.0")                    \
    X(texture_buffer_offset_alignment, TEXTURE_BUFFER_OFFSET_ALIGNMENT, 380, 4, 0, "0.7.0")        \
    X(uniform_buffer_offset_alignment, UNIFORM_BUFFER_OFFSET_ALIGNMENT, 384, 4, 0, "0.7.0")        \
    X(shader_buffer_offset_alignment, SHADER_BUFFER_OFFSET_ALIGNMENT, 388, 4, 0, "0.7.0")          \
    X(capability_bits, CAPABILITY_BITS, 392, 4, 0, "0.7.0")                                        \
    X(sample_locations, SAMPLE_LOCATIONS, 396, 32, 0, "0.7.0")                                     \
    X(max_vertex_attrib_stride, MAX_VERTEX_ATTRIB_STRIDE, 428, 4, 0, "0.7.0")                      \
    X(max_shader_buffer_frag_compute, MAX_SHADER_BUFFER_FRAG_COMPUTE, 432, 4, 0, "0.7.0")          \
    X(max_shader_buffer_other_stages, MAX_SHADER_BUFFER_OTHER_STAGES, 436, 4, 0, "0.7.0")          \
    X(max_shader_image_frag_compute, MAX_SHADER_IMAGE_FRAG_COMPUTE, 440, 4, 0, "0.7.0")            \
    X(max_shader_image_other_stages, MAX_SHADER_IMAGE_OTHER_STAGES, 444, 4, 0, "0.7.0")            \
    X(max_image_samples, MAX_IMAGE_SAMPLES, 448, 4, 0, "0.7.0")                                    \
    X(max_compute_work_group_invocations, MAX_COMPUTE_WORK_GROUP_INVOCATIONS, 452, 4, 0, "0.7.0")  \
    X(max_compute_shared_memory_size, MAX_COMPUTE_SHARED_MEMORY_SIZE, 456, 4, 0, "0.7.0")          \
    X(max_compute_grid_size, MAX_COMPUTE_GRID_SIZE, 460, 12, 0, "0.7.0")                           \
    X(max_compute_block_size, MAX_COMPUTE_BLOCK_SIZE, 472, 12, 0, "0.7.0")                         \
    X(max_texture_2d_size, MAX_TEXTURE_2D_SIZE, 484, 4, 0, "0.7.0")                                \
    X(max_texture_3d_size, MAX_TEXTURE_3D_SIZE, 488, 4, 0, "0.7.0")                                \
    X(max_texture_cube_size, MAX_TEXTURE_CUBE_SIZE, 492, 4, 0, "0.7.0")                            \
    X(max_combined_shader_buffers, MAX_COMBINED_SHADER_BUFFERS, 496, 4, 0, "0.7.0")                \
    X(max_atomic_counters, MAX_ATOMIC_COUNTERS, 500, 24, 0, "0.7.0")                               \
    X(max_atomic_counter_buffers, MAX_ATOMIC_COUNTER_BUFFERS, 524, 24, 0, "0.7.0")                 \
    X(max_combined_atomic_counters, MAX_COMBINED_ATOMIC_COUNTERS, 548, 4, 0, "0.7.0")              \
    X(max_combined_atomic_counter_buffers, MAX_COMBINED_ATOMIC_COUNTER_BUFFERS, 552, 4, 0,         \
      "0.7.0")                                                                                     \
    X(host_feature_check_version, HOST_FEATURE_CHECK_VERSION, 556, 4, 0, "0.8.0")                  \
    X(supported_readback_formats, SUPPORTED_READBACK_FORMATS, 560, 64, 0, "0.8.0")                 \
    X(scanout, SCANOUT, 624, 64, 0, "0.8.0")                                                       \
    X(capability_bits_v2, CAPABILITY_BITS_V2, 688, 4, 0, "0.9.0")                                  \
    X(max_video_memory, MAX_VIDEO_MEMORY, 692, 4, 0, "0.9.0")                                      \
    X(renderer, RENDERER, 696, 64, 5, "0.10.0")                                                    \
    X(max_anisotropy, MAX_ANISOTROPY, 760, 4, 0, "0.10.0")                                         \
    X(max_texture_samplers, MAX_TEXTURE_SAMPLERS, 764, 4, 0, "0.10.0")                             \
    X(supported_multisample_formats, SUPPORTED_MULTISAMPLE_FORMATS, 768, 64, 9, "0.10.0")          \
    X(max_const_buffer_size, MAX_CONST_BUFFER_SIZE, 832, 24, 12, "0.10.0")                         \
    X(num_video_caps, NUM_VIDEO_CAPS, 856, 4, 0, "0.10.0")                                         \
    X(video_caps, VIDEO_CAPS, 860, 512, 0, "0.10.0")                                               \
    X(max_uniform_block_size, MAX_UNIFORM_BLOCK_SIZE, 1372, 4, 13, "0.10.3")                       \
    X(max_tcs_outputs, MAX_TCS_OUTPUTS, 1376, 4, 19, "1.0.0")                                      \
    X(max_tes_outputs, MAX_TES_OUTPUTS, 1380, 4, 19, "1.0.0")                                      \
    X(max_shader_storage_blocks, MAX_SHADER_STORAGE_BLOCKS, 1384, 24, 0, "1.1.1")

/* Bits of bset, from bit 0 up. */
#define CAPS_BOOLEANS(X)                                                                           \
    X(indep_blend_enable)                                                                          \
    X(indep_blend_func)                                                                            \
    X(cube_map_array)                                                                              \
    X(shader_stencil_export)                                                                       \
    X(conditional_render)                                                                          \
    X(start_instance)                                                                              \
    X(primitive_restart)                                                                           \
    X(blend_eq_sep)                                                                                \
    X(instanceid)                                                                                  \
    X(vertex_element_instance_divisor)                                                             \
    X(seamless_cube_map)                                                                           \
    X(occlusion_query)                                                                             \
    X(timer_query)                                                                                 \
    X(streamout_pause_resume)                                                                      \
    X(texture_multisample)                                                                         \
    X(fragment_coord_conventions)                                                                  \
    X(depth_clip_disable)                                                                          \
    X(seamless_cube_map_per_texture)                                                               \
    X(ubo)                                                                                         \
    X(color_clamping)                                                                              \
    X(poly_stipple)                                                                                \
    X(mirror_clamp)                                                                                \
    X(texture_query_lod)                                                                           \
    X(has_fp64)                                                                                    \
    X(has_tessellation_shaders)                                                                    \
    X(has_indirect_draw)                                                                           \
    X(has_sample_shading)                                                                          \
    X(has_cull)                                                                                    \
    X(conditional_render_inverted)                                                                 \
    X(derivative_control)                                                                          \
    X(polygon_offset_clamp)                                                                        \
    X(transform_feedback_overflow_query)

/* Releases of virglrenderer: bytes of the largest capset, feature check version, limits of formats,
   commands and objects, each one past the largest number. */
#define HOST_RELEASES(X)                                                                           \
    X("0.2.0", 308, 0, 236, 31, 11)                                                                \
    X("0.4.0", 308, 0, 236, 32, 11)                                                                \
    X("0.5.0", 308, 0, 236, 32, 11)                                                                \
    X("0.6.0", 308, 0, 236, 32, 11)                                                                \
    X("0.7.0", 556, 0, 312, 41, 11)                                                                \
    X("0.8.0", 688, 3, 313, 47, 11)                                                                \
    X("0.8.1", 688, 3, 313, 47, 11)                                                                \
    X("0.8.2", 688, 3, 313, 47, 11)                                                                \
    X("0.9.0", 696, 4, 313, 52, 11)                                                                \
    X("0.9.1", 696, 4, 313, 52, 11)                                                                \
    X("0.10.0", 1372, 12, 317, 62, 12)                                                             \
    X("0.10.1", 1372, 12, 317, 62, 12)                                                             \
    X("0.10.3", 1376, 13, 322, 62, 12)                                                             \
    X("0.10.4", 1376, 15, 322, 62, 12)                                                             \
    X("1.0.0", 1384, 19, 323, 62, 12)                                                              \
    X("1.0.1", 1384, 21, 443, 63, 12)                                                              \
    X("1.1.0", 1384, 22, 443, 63, 12)                                                              \
    X("1.1.1", 1408, 23, 455, 63, 12)                                                              \
    X("1.2.0", 1408, 23, 481, 63, 12)                                                              \
    X("1.3.0", 1408, 23, 481, 64, 12)

#endif
