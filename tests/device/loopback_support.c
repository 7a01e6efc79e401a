/* SPDX-License-Identifier: MIT */
#include "loopback_support.h"

#include <string.h>
#include <virglcmd/loopback.h>

/* ---- devices ---- */

enum vcmd_status loopback_try_open(const char *options, struct vcmd_device **device)
{
    const struct vcmd_transport *const transports[] = {vcmd_loopback_transport(), NULL};
    const struct vcmd_device_desc desc = {
        .transports = transports, .options = options, .log = log_keep};

    return vcmd_device_open(&desc, device);
}

struct vcmd_device *loopback_open(void)
{
    struct vcmd_device *device = NULL;

    assert_ok(loopback_try_open(NULL, &device));
    assert_non_null(device);
    return device;
}

struct vcmd_device *stage_device;

int stage_setup_group(void **state)
{
    (void)state;
    stage_device = loopback_open();
    return 0;
}

int stage_teardown_group(void **state)
{
    (void)state;
    log_forget();
    vcmd_device_close(stage_device);
    return log_errors() == 0 ? 0 : -1;
}

/* ---- stages ---- */

void stage_begin(struct stage *stage)
{
    assert_ok(vcmd_context_create(stage_device, "stage", &stage->context));
    vcmd_buffer_init(&stage->buf, stage->memory, ARRAY_SIZE(stage->memory), VCMD_BUFFER_HEADROOM);
}

void stage_end(struct stage *stage)
{
    log_forget();
    vcmd_context_destroy(stage->context);
    assert_int_equal(log_errors(), 0);
}

struct vcmd_resource *stage_resource(struct stage *stage, const struct vcmd_resource_desc *desc)
{
    struct vcmd_resource *resource = NULL;

    assert_ok(vcmd_resource_create(stage_device, desc, &resource));
    assert_ok(vcmd_context_attach(stage->context, resource));
    return resource;
}

struct vcmd_resource *stage_target(struct stage *stage, uint32_t format, uint32_t width,
                                   uint32_t height)
{
    const struct vcmd_resource_desc desc = {
        .target = VCMD_TEXTURE_2D,
        .format = format,
        .bind = VCMD_BIND_RENDER_TARGET | VCMD_BIND_SAMPLER_VIEW,
        .width = width,
        .height = height,
    };

    return stage_resource(stage, &desc);
}

void stage_run(struct stage *stage)
{
    uint64_t fence;

    assert_int_equal(stage->buf.error.status, VCMD_STATUS_OK);
    assert_ok(vcmd_submit(stage->context, &stage->buf, &fence));
    assert_ok(vcmd_fence_wait(stage_device, fence, VCMD_WAIT_FOREVER));
    vcmd_buffer_reset(&stage->buf);
}

void stage_draw_to(struct stage *stage, uint32_t handle, const struct vcmd_resource *resource,
                   uint32_t format, uint32_t level, uint32_t layer)
{
    const struct vcmd_create_surface surface = {.handle = handle,
                                                .res_handle = vcmd_resource_id(resource),
                                                .format = format,
                                                .level = level,
                                                .first_layer = layer,
                                                .last_layer = layer};

    vcmd_create_surface(&stage->buf, &surface);
    vcmd_set_framebuffer_state(
        &stage->buf, &(struct vcmd_set_framebuffer_state){.nr_cbufs = 1, .cbuf_handle = &handle});
}

void stage_clear(struct stage *stage, float r, float g, float b, float a)
{
    vcmd_clear(&stage->buf,
               &(struct vcmd_clear){.buffers = VCMD_CLEAR_COLOR0, .color = {.f = {r, g, b, a}}});
}

const uint8_t *stage_read(struct stage *stage, struct vcmd_resource *resource)
{
    void *memory;
    size_t size;

    assert_ok(vcmd_resource_map(resource, &memory, &size));
    memset(memory, 0xee, size);
    assert_ok(vcmd_transfer_from_host(stage->context, resource, NULL));
    return memory;
}

/* ---- drawing ---- */

const float stage_whole[4][4] = {
    {-1.0f, -1.0f, 0.0f, 1.0f},
    {1.0f, -1.0f, 0.0f, 1.0f},
    {-1.0f, 1.0f, 0.0f, 1.0f},
    {1.0f, 1.0f, 0.0f, 1.0f},
};

static void fixed_state(struct vcmd_buffer *buf, bool multisample)
{
    const struct vcmd_create_blend blend = {.handle = STAGE_BLEND,
                                            .rt[0].colormask = VCMD_MASK_RGBA};
    const struct vcmd_create_rasterizer rasterizer = {
        .handle = STAGE_RASTERIZER,
        .depth_clip = true,
        .half_pixel_center = true,
        .bottom_edge_rule = true,
        .multisample = multisample,
        .point_size = 1.0f,
        .line_width = 1.0f,
    };

    vcmd_create_blend(buf, &blend);
    vcmd_bind_blend(buf, &(struct vcmd_bind_blend){.handle = STAGE_BLEND});
    vcmd_create_dsa(buf, &(struct vcmd_create_dsa){.handle = STAGE_DSA});
    vcmd_bind_dsa(buf, &(struct vcmd_bind_dsa){.handle = STAGE_DSA});
    vcmd_create_rasterizer(buf, &rasterizer);
    vcmd_bind_rasterizer(buf, &(struct vcmd_bind_rasterizer){.handle = STAGE_RASTERIZER});
    if (multisample)
        vcmd_set_sample_mask(buf, &(struct vcmd_set_sample_mask){.mask = UINT32_MAX});
}

static void vertex_stage(struct vcmd_buffer *buf)
{
    const struct vcmd_create_shader shader = {
        .handle = STAGE_VERTEX_SHADER,
        .type = VCMD_SHADER_VERTEX,
        .text = "VERT\n"
                "DCL IN[0]\n"
                "DCL OUT[0], POSITION\n"
                "  0: MOV OUT[0], IN[0]\n"
                "  1: END\n",
    };
    const struct vcmd_vertex_element element = {.src_format = VCMD_FORMAT_R32G32B32A32_FLOAT};

    vcmd_create_shader(buf, &shader);
    vcmd_bind_shader(buf, &(struct vcmd_bind_shader){STAGE_VERTEX_SHADER, VCMD_SHADER_VERTEX});
    vcmd_create_vertex_elements(buf,
                                &(struct vcmd_create_vertex_elements){STAGE_ELEMENTS, 1, &element});
    vcmd_bind_vertex_elements(buf, &(struct vcmd_bind_vertex_elements){.handle = STAGE_ELEMENTS});
}

void stage_draw_state(struct stage *stage, uint32_t width, uint32_t height, bool multisample)
{
    const float half_width = (float)width / 2;
    const float half_height = (float)height / 2;
    const struct vcmd_viewport viewport = {.scale = {half_width, half_height, 0.5f},
                                           .translate = {half_width, half_height, 0.5f}};

    fixed_state(&stage->buf, multisample);
    vertex_stage(&stage->buf);
    vcmd_set_viewport_state(
        &stage->buf, &(struct vcmd_set_viewport_state){.num_viewports = 1, .viewports = &viewport});
}

void stage_fragment_shader(struct stage *stage, const char *text)
{
    const struct vcmd_create_shader shader = {
        .handle = STAGE_FRAGMENT_SHADER, .type = VCMD_SHADER_FRAGMENT, .text = text};

    vcmd_create_shader(&stage->buf, &shader);
    vcmd_bind_shader(&stage->buf,
                     &(struct vcmd_bind_shader){STAGE_FRAGMENT_SHADER, VCMD_SHADER_FRAGMENT});
}

void stage_draw(struct stage *stage, const struct vcmd_resource *vertices, uint32_t mode,
                uint32_t count)
{
    const struct vcmd_vertex_buffer buffer = {.stride = 16,
                                              .res_handle = vcmd_resource_id(vertices)};

    vcmd_set_vertex_buffers(&stage->buf, &(struct vcmd_set_vertex_buffers){1, &buffer});
    vcmd_draw_vbo(&stage->buf,
                  &(struct vcmd_draw_vbo){
                      .mode = mode, .count = count, .instance_count = 1, .max_index = UINT32_MAX});
}

struct vcmd_resource *stage_vertices(struct stage *stage, const float (*positions)[4],
                                     uint32_t count)
{
    const struct vcmd_resource_desc desc = {.bind = VCMD_BIND_VERTEX_BUFFER, .width = count * 16};
    struct vcmd_resource *vertices = stage_resource(stage, &desc);
    void *memory;
    size_t size;

    assert_ok(vcmd_resource_map(vertices, &memory, &size));
    memcpy(memory, positions, size);
    assert_ok(vcmd_transfer_to_host(stage->context, vertices, NULL));
    return vertices;
}
