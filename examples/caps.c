/* SPDX-License-Identifier: MIT */

/*
 * What the host offers, in words: who it is, its limits, its features, and what each format can be
 * used for. A field that an older host does not send is "not told", which is not the same as 0.
 */
#include "common/scene.h"
#include <stddef.h>
#include <stdio.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Limits that are one number each. */
#define LIMIT(NAME, name)                                                                          \
    {                                                                                              \
        VCMD_CAPS_##NAME, offsetof(struct vcmd_caps, name)                                         \
    }

static const struct {
    enum vcmd_caps_field field;
    size_t offset;
} limits[] = {
    LIMIT(GLSL_LEVEL, glsl_level),
    LIMIT(MAX_TEXTURE_2D_SIZE, max_texture_2d_size),
    LIMIT(MAX_TEXTURE_3D_SIZE, max_texture_3d_size),
    LIMIT(MAX_TEXTURE_CUBE_SIZE, max_texture_cube_size),
    LIMIT(MAX_TEXTURE_ARRAY_LAYERS, max_texture_array_layers),
    LIMIT(MAX_TEXTURE_SAMPLERS, max_texture_samplers),
    LIMIT(MAX_TBO_SIZE, max_tbo_size),
    LIMIT(MAX_SAMPLES, max_samples),
    LIMIT(MAX_RENDER_TARGETS, max_render_targets),
    LIMIT(MAX_DUAL_SOURCE_RENDER_TARGETS, max_dual_source_render_targets),
    LIMIT(MAX_VIEWPORTS, max_viewports),
    LIMIT(MAX_VERTEX_ATTRIBS, max_vertex_attribs),
    LIMIT(MAX_VERTEX_OUTPUTS, max_vertex_outputs),
    LIMIT(MAX_VERTEX_ATTRIB_STRIDE, max_vertex_attrib_stride),
    LIMIT(MAX_UNIFORM_BLOCKS, max_uniform_blocks),
    LIMIT(MAX_UNIFORM_BLOCK_SIZE, max_uniform_block_size),
    LIMIT(UNIFORM_BUFFER_OFFSET_ALIGNMENT, uniform_buffer_offset_alignment),
    LIMIT(MAX_STREAMOUT_BUFFERS, max_streamout_buffers),
    LIMIT(MAX_SHADER_BUFFER_FRAG_COMPUTE, max_shader_buffer_frag_compute),
    LIMIT(MAX_SHADER_IMAGE_FRAG_COMPUTE, max_shader_image_frag_compute),
    LIMIT(MAX_COMPUTE_WORK_GROUP_INVOCATIONS, max_compute_work_group_invocations),
    LIMIT(MAX_COMPUTE_SHARED_MEMORY_SIZE, max_compute_shared_memory_size),
    LIMIT(NUM_VIDEO_CAPS, num_video_caps),
    LIMIT(HOST_FEATURE_CHECK_VERSION, host_feature_check_version),
};

static const struct {
    uint32_t bit;
    const char *name;
} features[] = {
    {VCMD_CAP_HOST_IS_GLES, "OpenGL ES on the host"},
    {VCMD_CAP_COMPUTE_SHADER, "compute shaders"},
    {VCMD_CAP_TRANSFER, "transfers in the stream"},
    {VCMD_CAP_COPY_TRANSFER, "transfers through a staging resource"},
    {VCMD_CAP_TEXTURE_VIEW, "views of a texture in other formats"},
    {VCMD_CAP_COPY_IMAGE, "copies between formats of one size"},
    {VCMD_CAP_CLEAR_TEXTURE, "clears of textures"},
    {VCMD_CAP_QBO, "query results in buffers"},
    {VCMD_CAP_MULTI_DRAW_INDIRECT, "several indirect draws at once"},
    {VCMD_CAP_TRANSFORM_FEEDBACK3, "stream output of several streams"},
    {VCMD_CAP_FB_NO_ATTACH, "framebuffers without attachments"},
    {VCMD_CAP_MEMORY_BARRIER, "memory barriers"},
    {VCMD_CAP_CLIP_HALFZ, "depth from 0 to 1 in clip space"},
    {VCMD_CAP_SRGB_WRITE_CONTROL, "sRGB that can be switched off on writes"},
    {VCMD_CAP_ARB_BUFFER_STORAGE, "buffers that stay mapped"},
};

/* Hosts do not say their release, but they grow: the capset, and a number for each change. */
static void print_host(const struct vcmd_caps *caps)
{
    const struct vcmd_host_release *release;
    size_t count;

    printf("renderer: %s\n", vcmd_caps_has(caps, VCMD_CAPS_RENDERER) ? caps->renderer : "not told");
    printf("capset: version %u, %u bytes; virglrenderer", caps->max_version, caps->size);
    release = vcmd_host_releases(&count);
    for (size_t i = 0; i < count; i++) {
        if (release[i].caps_size == caps->size &&
            release[i].feature_version == caps->host_feature_check_version)
            printf(" %s", release[i].name);
    }
    printf(" or alike\n");
}

static void print_limits(const struct vcmd_caps *caps)
{
    printf("\nlimits\n");
    for (size_t i = 0; i < COUNT(limits); i++) {
        const char *place = (const char *)caps + limits[i].offset;

        printf("  %-36s ", vcmd_caps_field_info(limits[i].field)->name);
        if (vcmd_caps_has(caps, limits[i].field))
            printf("%u\n", *(const uint32_t *)(const void *)place);
        else
            printf("not told\n");
    }
}

static void print_features(const struct vcmd_caps *caps)
{
    printf("\nfeatures\n");
    for (size_t i = 0; i < COUNT(features); i++)
        printf("  %-44s %s\n", features[i].name,
               caps->capability_bits & features[i].bit ? "yes" : "no");
}

/*
 * One letter for each use, a dot where the host has it not. Scanout alone does not count: hosts
 * without GBM claim it for every number.
 */
static void print_formats(const struct vcmd_caps *caps)
{
    static const char letters[] = "srdvbom";
    char uses[sizeof(letters)];

    printf("\nformats: s sampler, r render target, d depth and stencil, v vertices, b read back, "
           "o scanout, m multisample\n");
    for (uint32_t format = 1; format < 512; format++) {
        bool any = false;

        for (int use = 0; use < (int)sizeof(letters) - 1; use++) {
            bool has = vcmd_caps_has_format(caps, format, (enum vcmd_format_use)use);

            uses[use] = letters[use];
            if (!has)
                uses[use] = '.';
            any = any || (has && use != VCMD_FORMAT_USE_SCANOUT);
        }
        uses[sizeof(letters) - 1] = '\0';
        if (any)
            printf("  %-32s %s\n", vcmd_format_name(format), uses);
    }
}

static enum vcmd_status run(struct scene *s)
{
    EXAMPLE_TRY(scene_open(s));
    print_host(&s->caps);
    print_limits(&s->caps);
    print_features(&s->caps);
    print_formats(&s->caps);
    return VCMD_STATUS_OK;
}

int main(int argc, char **argv)
{
    struct scene s = {.name = "caps"};

    example_parse_options(&s.options, argc, argv, "Prints what the host offers.", NULL);
    return scene_end(&s, run(&s));
}
