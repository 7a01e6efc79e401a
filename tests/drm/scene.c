/* SPDX-License-Identifier: MIT */
#include "scene.h"
#include <string.h>

static bool note(struct scene *s, const char *text, unsigned line, enum vcmd_status status)
{
    assert_true(s->num_steps < SCENE_MAX_STEPS);
    s->steps[s->num_steps++] = (struct scene_step){.text = text,
                                                   .place = line * 8 + s->round,
                                                   .status = status,
                                                   .first = s->calls,
                                                   .end = mock.calls};
    s->calls = mock.calls;
    return status == VCMD_STATUS_OK;
}

#define STEP(call) note(s, #call, __LINE__, (call))

/* What has no status: its system calls are nobody's else. */
#define QUIET(call)                                                                                \
    do {                                                                                           \
        call;                                                                                      \
        note(s, #call, __LINE__, VCMD_STATUS_OK);                                                  \
    } while (0)

static void create_some(struct scene *s)
{
    const struct vcmd_resource_desc texture = {.target = VCMD_TEXTURE_2D,
                                               .format = VCMD_FORMAT_B8G8R8A8_UNORM,
                                               .bind = VCMD_BIND_RENDER_TARGET,
                                               .width = 8,
                                               .height = 8,
                                               .backing_size = 4096};
    const struct vcmd_resource_desc buffer = {.bind = VCMD_BIND_VERTEX_BUFFER, .width = 100};
    const struct vcmd_drm_context_desc rings = {.name = "rings", .num_rings = 2};

    STEP(vcmd_resource_create(s->device, &texture, &s->resources[0]));
    STEP(vcmd_context_create(s->device, "one", &s->contexts[0]));
    STEP(vcmd_context_create(s->device, "two", &s->contexts[1]));
    STEP(vcmd_resource_create(s->device, &buffer, &s->resources[1]));
    QUIET(vcmd_resource_destroy(s->resources[1]));
    STEP(vcmd_resource_create(s->device, &buffer, &s->resources[1]));
    if (s->info.context_init)
        STEP(vcmd_drm_context_create(s->device, &rings, &s->contexts[2]));
}

static void create_blobs(struct scene *s)
{
    const struct vcmd_drm_blob_desc blob = {
        .mem = VCMD_DRM_BLOB_HOST3D, .flags = VCMD_DRM_BLOB_MAPPABLE, .size = 4096, .blob_id = 5};

    for (s->round = 0; s->round < 2; s->round++) {
        if (s->info.blob && s->info.host_visible && s->contexts[s->round])
            STEP(vcmd_drm_blob_create(s->contexts[s->round], &blob, &s->resources[2 + s->round]));
    }
}

static void work_some(struct scene *s, struct vcmd_context *context)
{
    struct vcmd_transfer part = {.box = {1, 1, 0, 2, 2, 1}, .stride = 64};
    struct vcmd_drm_resource_info info;
    uint64_t fence;

    if (!context || !s->resources[0])
        return;
    if (!STEP(vcmd_context_attach(context, s->resources[0])))
        return;
    STEP(vcmd_transfer_to_host(context, s->resources[0], NULL));
    STEP(vcmd_transfer_from_host(context, s->resources[0], &part));
    STEP(submit_nop(context, NULL));
    if (STEP(submit_nop(context, &fence)))
        STEP(vcmd_fence_wait(s->device, fence, VCMD_WAIT_FOREVER));
    STEP(vcmd_drm_resource_get_info(s->resources[0], &info));
    STEP(vcmd_drm_resource_wait(s->resources[0], true));
    STEP(vcmd_drm_resource_wait(s->resources[0], false));
    STEP(vcmd_context_detach(context, s->resources[0]));
}

static void share_some(struct scene *s)
{
    const struct vcmd_resource_desc desc = {.width = 4096};
    const struct vcmd_drm_submit_args args = {.resources = s->resources, .num_resources = 1};
    uint32_t memory[4];
    struct vcmd_buffer buf;

    vcmd_buffer_init(&buf, memory, ARRAY_SIZE(memory), 0);
    vcmd_nop(&buf, &(struct vcmd_nop){0});
    if (!s->resources[0] || !s->contexts[0])
        return;
    if (STEP(vcmd_context_attach(s->contexts[0], s->resources[0])))
        STEP(vcmd_drm_submit(s->contexts[0], &buf, &args));
    if (!STEP(vcmd_drm_resource_export(s->resources[0], &s->dma_buf)))
        return;
    STEP(submit_nop(s->contexts[0], NULL));
    QUIET(vcmd_resource_destroy(s->resources[0]));
    s->resources[0] = NULL;
    STEP(vcmd_drm_resource_import(s->device, s->dma_buf, &desc, &s->resources[4]));
    /* Other programs read it, so it comes into each of the contexts as shared. */
    if (s->resources[4] && s->contexts[1] &&
        STEP(vcmd_context_attach(s->contexts[1], s->resources[4])))
        STEP(submit_nop(s->contexts[1], NULL));
}

/* Resources first: so the handles in each file must have been closed when the file is. */
static void clear_away(struct scene *s)
{
    for (s->round = 0; s->round < ARRAY_SIZE(s->resources); s->round++)
        QUIET(vcmd_resource_destroy(s->resources[s->round]));
    for (s->round = 0; s->round < ARRAY_SIZE(s->contexts); s->round++)
        QUIET(vcmd_context_destroy(s->contexts[s->round]));
    QUIET(vcmd_device_close(s->device));
    if (s->dma_buf >= 0)
        mock_system.close(s->dma_buf);
}

void scene_play(struct scene *s, const char *options)
{
    memset(s, 0, sizeof(*s));
    s->dma_buf = -1;
    assert_int_equal(mock.calls, 0);
    if (STEP(try_open(options, &s->device)) && STEP(vcmd_drm_get_info(s->device, &s->info))) {
        create_some(s);
        create_blobs(s);
        for (s->round = 0; s->round < ARRAY_SIZE(s->contexts); s->round++)
            work_some(s, s->contexts[s->round]);
        s->round = 0;
        share_some(s);
    }
    clear_away(s);
    assert_true(mock.calls <= MOCK_MAX_TRACE);
}

const struct scene_step *scene_step_of(const struct scene *s, unsigned call)
{
    for (size_t i = 0; i < s->num_steps; i++) {
        if (call < s->steps[i].end)
            return &s->steps[i];
    }
    return NULL;
}

const struct scene_step *scene_same_step(const struct scene *s, const struct scene_step *step)
{
    for (size_t i = 0; i < s->num_steps; i++) {
        if (s->steps[i].place == step->place)
            return &s->steps[i];
    }
    return NULL;
}
