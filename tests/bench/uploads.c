/* SPDX-License-Identifier: MIT */
#include "uploads.h"
#include "frames.h"
#include <stdlib.h>
#include <string.h>

#define CELLS        32u /* in a row of the picture; two pixels each */
#define DRAW_BYTES   48u /* three corners of four floats */
#define DRAW_DWORDS  (13u + 19u + 27u)
#define FRAME_DWORDS (64u + UPLOAD_DRAWS * DRAW_DWORDS)
#define VERTEX_BYTES (UPLOAD_DRAWS * DRAW_BYTES)
#define CHECK(status)                                                                              \
    do {                                                                                           \
        enum vcmd_status check_status = (status);                                                  \
        if (check_status != VCMD_STATUS_OK)                                                        \
            return check_status;                                                                   \
    } while (0)

static const char *const names[] = {"transfer", "copy", "inline"};

bool upload_method_by_name(const char *name, enum upload_method *method)
{
    for (int i = 0; i < 3; i++) {
        if (strcmp(name, names[i]) == 0) {
            *method = (enum upload_method)i;
            return true;
        }
    }
    return false;
}

const char *upload_method_name(enum upload_method method)
{
    return names[method];
}

enum upload_method upload_method_best(const struct vcmd_caps *caps)
{
    if (caps->capability_bits & VCMD_CAP_COPY_TRANSFER)
        return UPLOAD_COPY;
    return caps->capability_bits & VCMD_CAP_TRANSFER ? UPLOAD_TRANSFER : UPLOAD_INLINE;
}

/* ---- where a draw is, and in which colour ---- */

/* Frames with odd numbers are mirrored, so that a frame without its uploads is seen to be wrong. */
static uint32_t column(uint32_t draw, uint32_t frame)
{
    uint32_t x = draw % CELLS;

    return frame % 2 ? CELLS - 1 - x : x;
}

static uint8_t red(uint32_t draw)
{
    return (uint8_t)(draw % 251 + 1);
}

/* The centres of three of the four pixels of its cell are inside. */
static void put_triangle(float *corners, uint32_t draw, uint32_t frame)
{
    const float half = (float)UPLOAD_SIZE / 2, side = 2.9f / half;
    float x = (float)(column(draw, frame) * 2) / half - 1;
    uint32_t row = draw / CELLS;
    float y = (float)(row * 2) / half - 1;
    const float values[12] = {x, y, 0, 1, x + side, y, 0, 1, x, y + side, 0, 1};

    memcpy(corners, values, sizeof(values));
}

/* ---- resources ---- */

static enum vcmd_status create(struct uploads *u, const struct vcmd_resource_desc *desc,
                               struct vcmd_resource **resource)
{
    CHECK(vcmd_resource_create(u->device, desc, resource));
    return vcmd_context_attach(u->context, *resource);
}

static enum vcmd_status create_resources(struct uploads *u)
{
    const struct vcmd_resource_desc target = {.target = VCMD_TEXTURE_2D,
                                              .format = VCMD_FORMAT_B8G8R8A8_UNORM,
                                              .bind = VCMD_BIND_RENDER_TARGET,
                                              .width = UPLOAD_SIZE,
                                              .height = UPLOAD_SIZE};
    const struct vcmd_resource_desc vertices = {.bind = VCMD_BIND_VERTEX_BUFFER,
                                                .width = VERTEX_BYTES};
    const struct vcmd_resource_desc staging = {.bind = VCMD_BIND_STAGING, .width = VERTEX_BYTES};
    void *memory = u->own;

    CHECK(create(u, &target, &u->target));
    CHECK(create(u, &vertices, &u->vertices));
    CHECK(create(u, &staging, &u->staging));
    if (u->method == UPLOAD_TRANSFER)
        CHECK(vcmd_resource_map(u->vertices, &memory, NULL));
    if (u->method == UPLOAD_COPY)
        CHECK(vcmd_resource_map(u->staging, &memory, NULL));
    u->source = memory;
    return VCMD_STATUS_OK;
}

enum vcmd_status uploads_create(struct uploads *u, struct vcmd_device *device,
                                enum upload_method method)
{
    *u = (struct uploads){.device = device, .method = method};
    u->memory = calloc(FRAME_DWORDS, sizeof(*u->memory));
    if (!u->memory)
        return VCMD_STATUS_NO_MEMORY;
    vcmd_buffer_init(&u->buf, u->memory, FRAME_DWORDS, VCMD_BUFFER_HEADROOM);
    CHECK(vcmd_context_create(device, "uploads", &u->context));
    CHECK(create_resources(u));
    frame_setup(&u->buf, vcmd_resource_id(u->target), vcmd_resource_id(u->vertices));
    return vcmd_submit(u->context, &u->buf, NULL);
}

void uploads_destroy(struct uploads *u)
{
    vcmd_resource_destroy(u->staging);
    vcmd_resource_destroy(u->vertices);
    vcmd_resource_destroy(u->target);
    vcmd_context_destroy(u->context);
    free(u->memory);
}

/* ---- a frame ---- */

static void encode_upload(struct uploads *u, uint32_t draw)
{
    const struct vcmd_box box = {
        .x = (int32_t)(draw * DRAW_BYTES), .w = (int32_t)DRAW_BYTES, .h = 1, .d = 1};
    uint32_t vertices = vcmd_resource_id(u->vertices);

    switch (u->method) {
    case UPLOAD_TRANSFER:
        vcmd_transfer3d(&u->buf, &(struct vcmd_transfer3d){.res_handle = vertices,
                                                           .box = box,
                                                           .data_offset = (uint32_t)box.x,
                                                           .direction = VCMD_TRANSFER_TO_HOST});
        break;
    case UPLOAD_COPY:
        vcmd_copy_transfer3d(
            &u->buf, &(struct vcmd_copy_transfer3d){.dst_handle = vertices,
                                                    .box = box,
                                                    .src_res_handle = vcmd_resource_id(u->staging),
                                                    .src_offset = (uint32_t)box.x});
        break;
    case UPLOAD_INLINE:
        vcmd_resource_inline_write(
            &u->buf, &(struct vcmd_resource_inline_write){.res_handle = vertices,
                                                          .format = VCMD_FORMAT_R8_UNORM,
                                                          .box = box,
                                                          .data = u->source + (size_t)draw * 12,
                                                          .data_size = DRAW_BYTES});
        break;
    }
}

static void encode_draw(struct vcmd_buffer *buf, uint32_t draw)
{
    uint32_t words[16] = {0};

    words[4] = vcmd_float_bits((float)red(draw) / 255);
    words[5] = vcmd_float_bits(0.2f);
    words[7] = vcmd_float_bits(1);
    vcmd_set_constant_buffer(buf,
                             &(struct vcmd_set_constant_buffer){VCMD_SHADER_VERTEX, 0, 4, words});
    vcmd_set_constant_buffer(buf,
                             &(struct vcmd_set_constant_buffer){VCMD_SHADER_FRAGMENT, 0, 8, words});
    vcmd_draw_vbo(buf, &(struct vcmd_draw_vbo){.start = draw * 3,
                                               .count = 3,
                                               .mode = VCMD_PRIM_TRIANGLES,
                                               .instance_count = 1,
                                               .max_index = UINT32_MAX});
}

enum vcmd_status uploads_frame(struct uploads *u, uint32_t frame)
{
    uint64_t fence;

    vcmd_buffer_reset(&u->buf);
    vcmd_clear(&u->buf, &(struct vcmd_clear){.buffers = VCMD_CLEAR_COLOR0});
    for (uint32_t draw = 0; draw < UPLOAD_DRAWS; draw++) {
        put_triangle(u->source + (size_t)draw * 12, draw, frame);
        encode_upload(u, draw);
        encode_draw(&u->buf, draw);
    }
    CHECK(vcmd_submit(u->context, &u->buf, &fence));
    return vcmd_fence_wait(u->device, fence, VCMD_WAIT_FOREVER);
}

enum vcmd_status uploads_check(struct uploads *u, uint32_t frame, uint32_t *wrong)
{
    struct vcmd_level_layout layout;
    void *memory;

    *wrong = 0;
    CHECK(vcmd_transfer_from_host(u->context, u->target, NULL));
    CHECK(vcmd_resource_get_layout(u->target, 0, &layout));
    CHECK(vcmd_resource_map(u->target, &memory, NULL));
    for (uint32_t draw = 0; draw < UPLOAD_DRAWS; draw++) {
        const uint8_t *inside = (const uint8_t *)memory + (size_t)draw / CELLS * 2 * layout.stride +
                                (size_t)column(draw, frame) * 8;
        const uint8_t *outside = inside + layout.stride + 4;

        *wrong += inside[2] != red(draw) || inside[1] != 51 || outside[2] != 0 || outside[1] != 0;
    }
    return VCMD_STATUS_OK;
}
