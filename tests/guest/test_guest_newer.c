/* SPDX-License-Identifier: MIT */

/* What only newer hosts and kernels have; on older ones, that it is refused in words. */
#include "test_guest.h"
#include <poll.h>
#include <string.h>
#include <unistd.h>
#include <xf86drm.h>

void blobs_in_guest_memory(void **state)
{
    const struct vcmd_drm_blob_desc desc = {
        .mem = VCMD_DRM_BLOB_GUEST, .flags = VCMD_DRM_BLOB_MAPPABLE, .size = 65536};
    struct vcmd_drm_resource_info info;
    struct vcmd_resource *blob;

    (void)state;
    if (!is_new) {
        assert_refused(vcmd_drm_blob_create(context, &desc, &blob), VCMD_STATUS_UNSUPPORTED,
                       "no blobs");
        return;
    }
    assert_ok(vcmd_drm_blob_create(context, &desc, &blob));
    fill_bytes(map_resource(blob), 65536, 5);
    assert_ok(vcmd_drm_resource_get_info(blob, &info));
    assert_int_equal(info.blob_mem, VCMD_DRM_BLOB_GUEST);
    assert_int_equal(info.size, 65536);
    vcmd_resource_destroy(blob);
}

static const char vertex_text[] = "VERT\n"
                                  "DCL IN[0]\n"
                                  "DCL OUT[0], POSITION\n"
                                  "  0: MOV OUT[0], IN[0]\n"
                                  "  1: END\n";
static const char fragment_text[] = "FRAG\n"
                                    "DCL OUT[0], COLOR\n"
                                    "IMM[0] FLT32 {1.0, 0.2, 0.6, 1.0}\n"
                                    "  0: MOV OUT[0], IMM[0]\n"
                                    "  1: END\n";

enum { SURFACE = 1, BLEND, DSA, RASTERIZER, ELEMENTS, VERTEX, FRAGMENT };

static void encode_state(struct vcmd_resource *target, struct vcmd_resource *vertices)
{
    const struct vcmd_viewport viewport = {{32, 32, 0.5f}, {32, 32, 0.5f}};
    const struct vcmd_create_blend blend = {.handle = BLEND, .rt[0].colormask = VCMD_MASK_RGBA};
    const struct vcmd_create_rasterizer rasterizer = {
        .handle = RASTERIZER, .depth_clip = true, .point_size = 1, .line_width = 1};
    const struct vcmd_vertex_element element = {.src_format = VCMD_FORMAT_R32G32B32A32_FLOAT};
    const struct vcmd_vertex_buffer buffer = {.stride = 16,
                                              .res_handle = vcmd_resource_id(vertices)};

    encode_clear_of(&buf, SURFACE, vcmd_resource_id(target), 0);
    vcmd_set_viewport_state(&buf, &(struct vcmd_set_viewport_state){0, 1, &viewport});
    vcmd_create_blend(&buf, &blend);
    vcmd_bind_blend(&buf, &(struct vcmd_bind_blend){BLEND});
    vcmd_create_dsa(&buf, &(struct vcmd_create_dsa){.handle = DSA});
    vcmd_bind_dsa(&buf, &(struct vcmd_bind_dsa){DSA});
    vcmd_create_rasterizer(&buf, &rasterizer);
    vcmd_bind_rasterizer(&buf, &(struct vcmd_bind_rasterizer){RASTERIZER});
    vcmd_create_vertex_elements(&buf, &(struct vcmd_create_vertex_elements){ELEMENTS, 1, &element});
    vcmd_bind_vertex_elements(&buf, &(struct vcmd_bind_vertex_elements){ELEMENTS});
    vcmd_set_vertex_buffers(&buf, &(struct vcmd_set_vertex_buffers){1, &buffer});
    vcmd_create_shader(&buf, &(struct vcmd_create_shader){.handle = VERTEX,
                                                          .type = VCMD_SHADER_VERTEX,
                                                          .text = vertex_text});
    vcmd_bind_shader(&buf, &(struct vcmd_bind_shader){VERTEX, VCMD_SHADER_VERTEX});
    vcmd_create_shader(&buf, &(struct vcmd_create_shader){.handle = FRAGMENT,
                                                          .type = VCMD_SHADER_FRAGMENT,
                                                          .text = fragment_text});
    vcmd_bind_shader(&buf, &(struct vcmd_bind_shader){FRAGMENT, VCMD_SHADER_FRAGMENT});
}

/* Which half of the picture is drawn: the bytes of the vertex buffer alone decide. */
static void draw_half(struct vcmd_resource *target, float *corners, float side)
{
    const float values[16] = {0, -1, 0, 1, side, -1, 0, 1, 0, 1, 0, 1, side, 1, 0, 1};
    const uint8_t *bytes = map_resource(target);
    const uint8_t *row = bytes + 32 * 64 * 4;

    memcpy(corners, values, sizeof(values)); /* no transfer: this is the host's memory */
    vcmd_clear(&buf, &(struct vcmd_clear){.buffers = VCMD_CLEAR_COLOR0,
                                          .color = {.f = {0, 0.2f, 0.6f, 1}}});
    vcmd_draw_vbo(&buf, &(struct vcmd_draw_vbo){.count = 4,
                                                .mode = VCMD_PRIM_TRIANGLE_STRIP,
                                                .instance_count = 1,
                                                .max_index = UINT32_MAX});
    assert_ok(vcmd_submit(context, &buf, NULL));
    vcmd_buffer_reset(&buf);
    assert_ok(vcmd_transfer_from_host(context, target, NULL));
    assert_colour(row + 16 * 4, side < 0 ? 255 : 0);
    assert_colour(row + 48 * 4, side < 0 ? 0 : 255);
}

/* A vertex buffer in the host's memory, written through a mapping: zero-copy. */
void zero_copy_vertices(void **state)
{
    uint32_t words[16];
    struct vcmd_buffer make;
    const struct vcmd_pipe_resource_create create = {
        .target = VCMD_BUFFER,
        .format = VCMD_FORMAT_R8_UNORM,
        .bind = VCMD_BIND_VERTEX_BUFFER,
        .width = 4096,
        .height = 1,
        .depth = 1,
        .array_size = 1,
        .flags = VCMD_RESOURCE_FLAG_MAP_PERSISTENT | VCMD_RESOURCE_FLAG_MAP_COHERENT,
        .blob_id = 77,
    };
    const struct vcmd_drm_blob_desc desc = {
        .mem = VCMD_DRM_BLOB_HOST3D,
        .flags = VCMD_DRM_BLOB_MAPPABLE,
        .size = 4096,
        .blob_id = 77,
        .stream = &make,
        .desc = {.bind = VCMD_BIND_VERTEX_BUFFER, .width = 4096}};
    struct vcmd_resource *target, *vertices;

    (void)state;
    vcmd_buffer_init(&make, words, ARRAY_SIZE(words), 0);
    assert_int_equal(vcmd_pipe_resource_create(&make, &create), VCMD_STATUS_OK);
    if (!is_new) {
        assert_refused(vcmd_drm_blob_create(context, &desc, &vertices), VCMD_STATUS_UNSUPPORTED,
                       "no blobs");
        return;
    }
    target = create_target(64, 64, 0);
    assert_ok(vcmd_drm_blob_create(context, &desc, &vertices));
    encode_state(target, vertices);
    draw_half(target, (float *)(void *)map_resource(vertices), -1);
    draw_half(target, (float *)(void *)map_resource(vertices), 1);
    draw_half(target, (float *)(void *)map_resource(vertices), -1);
    vcmd_resource_destroy(vertices);
    vcmd_resource_destroy(target);
}

void contexts_with_rings(void **state)
{
    const struct vcmd_drm_context_desc desc = {
        .name = "rings", .capset_id = 2, .num_rings = 1, .poll_rings_mask = 1};
    struct vcmd_context *rings;
    struct pollfd wanted = {.events = POLLIN};
    uint32_t event[2] = {0, 0};
    int fence = -1;

    (void)state;
    if (!is_new) {
        assert_refused(vcmd_drm_context_create(device, &desc, &rings), VCMD_STATUS_UNSUPPORTED,
                       "CONTEXT_INIT");
        return;
    }
    assert_ok(vcmd_drm_context_create(device, &desc, &rings));
    wanted.fd = vcmd_drm_context_fd(rings);
    assert_int_equal(poll(&wanted, 1, 0), 0);
    assert_ok(vcmd_drm_submit(
        rings, &buf, &(struct vcmd_drm_submit_args){.use_ring = true, .signal_fd = &fence}));
    /* A polled ring tells by an event in the context's file, besides the sync file. */
    assert_int_equal(poll(&wanted, 1, 10000), 1);
    assert_int_equal(read(wanted.fd, event, sizeof(event)), sizeof(event));
    assert_int_equal(event[0], 0x90000000u);
    assert_int_equal(event[1], 8);
    wanted.fd = fence;
    assert_int_equal(poll(&wanted, 1, 10000), 1);
    close(fence);
    vcmd_context_destroy(rings);
}

/* Made without MAPPABLE, and imported by somebody who cannot know: it comes without memory. */
void hidden_blobs(void **state)
{
    uint32_t words[16];
    struct vcmd_buffer make;
    const struct vcmd_pipe_resource_create create = {.target = VCMD_BUFFER,
                                                     .format = VCMD_FORMAT_R8_UNORM,
                                                     .bind = VCMD_BIND_VERTEX_BUFFER,
                                                     .width = 4096,
                                                     .height = 1,
                                                     .depth = 1,
                                                     .array_size = 1,
                                                     .flags = VCMD_RESOURCE_FLAG_MAP_PERSISTENT |
                                                              VCMD_RESOURCE_FLAG_MAP_COHERENT,
                                                     .blob_id = 78};
    const struct vcmd_drm_blob_desc desc = {.mem = VCMD_DRM_BLOB_HOST3D,
                                            .flags = VCMD_DRM_BLOB_SHAREABLE,
                                            .size = 4096,
                                            .blob_id = 78,
                                            .stream = &make};
    const struct vcmd_resource_desc what = {.bind = VCMD_BIND_VERTEX_BUFFER, .width = 4096};
    struct vcmd_device *other;
    struct vcmd_resource *hidden, *imported;
    void *mapped;
    int fd;

    (void)state;
    if (!is_new)
        return; /* zero_copy_vertices: refused */
    vcmd_buffer_init(&make, words, ARRAY_SIZE(words), 0);
    assert_int_equal(vcmd_pipe_resource_create(&make, &create), VCMD_STATUS_OK);
    assert_ok(vcmd_drm_blob_create(context, &desc, &hidden));
    assert_ok(vcmd_drm_resource_export(hidden, &fd));
    other = open_with("path=/dev/dri/renderD128");
    assert_ok(vcmd_drm_resource_import(other, fd, &what, &imported));
    assert_int_not_equal(vcmd_resource_map(imported, &mapped, NULL), VCMD_STATUS_OK);
    close(fd);
    vcmd_device_close(other);
    vcmd_resource_destroy(imported);
    vcmd_resource_destroy(hidden);
}

/*
 * VirGL contexts have one timeline on the host: virglrenderer refuses fences of other rings, and
 * the guest waits for ever for what it got. So that is a fence that never signals, on a real
 * kernel: nothing but the wait for it may suffer.
 */
void rings_beyond_the_first(void **state)
{
    const struct vcmd_drm_context_desc desc = {.name = "rings", .capset_id = 2, .num_rings = 3};
    struct vcmd_drm_submit_args args = {.use_ring = true, .ring = 2};
    struct vcmd_context *rings;
    struct pollfd wanted = {.events = POLLIN};
    int never = -1, fence = -1;
    uint64_t number;

    (void)state;
    if (!is_new)
        return; /* contexts_with_rings: refused */
    assert_ok(vcmd_drm_context_create(device, &desc, &rings));
    args.signal_fd = &never;
    assert_ok(vcmd_drm_submit(rings, &buf, &args));
    args = (struct vcmd_drm_submit_args){.use_ring = true, .ring = 3};
    assert_refused(vcmd_drm_submit(rings, &buf, &args), VCMD_STATUS_OUT_OF_RANGE, "ring 3");
    args = (struct vcmd_drm_submit_args){.use_ring = true, .signal_fd = &fence};
    assert_ok(vcmd_drm_submit(rings, &buf, &args));
    wanted.fd = fence;
    assert_int_equal(poll(&wanted, 1, 10000), 1);
    assert_ok(vcmd_submit(context, &buf, &number));
    assert_ok(vcmd_fence_wait(device, number, VCMD_WAIT_FOREVER));
    wanted.fd = never;
    assert_int_equal(poll(&wanted, 1, 500), 0);
    close(fence);
    close(never);
    vcmd_context_destroy(rings);
}

void syncobjs(void **state)
{
    const struct vcmd_drm_context_desc desc = {.name = "syncobjs"};
    struct vcmd_drm_submit_args args = {.num_signal = 1};
    struct vcmd_drm_syncobj syncobj = {0};
    struct vcmd_context *own;
    uint32_t handle;
    uint64_t point = 5;
    int fd;

    (void)state;
    args.signal = &syncobj;
    if (!is_new) {
        assert_refused(vcmd_drm_submit(context, &buf, &args), VCMD_STATUS_UNSUPPORTED, "Linux 6.6");
        return;
    }
    assert_ok(vcmd_drm_context_create(device, &desc, &own));
    fd = vcmd_drm_context_fd(own);
    assert_int_equal(drmSyncobjCreate(fd, 0, &handle), 0);
    syncobj = (struct vcmd_drm_syncobj){.handle = handle, .point = 5};
    assert_ok(vcmd_drm_submit(own, &buf, &args));
    assert_int_equal(drmSyncobjTimelineWait(fd, &handle, &point, 1, INT64_MAX, 0, NULL), 0);
    args = (struct vcmd_drm_submit_args){.wait = &syncobj, .num_wait = 1};
    assert_ok(vcmd_drm_submit(own, &buf, &args));
    assert_int_equal(drmSyncobjDestroy(fd, handle), 0);
    vcmd_context_destroy(own);
}
