/* SPDX-License-Identifier: MIT */

/*
 * Bytes that go up to the host and come back, for every kind of resource: random ones, compared
 * with a model of the host's copy that is an array of texels here.
 */
#include "loopback_support.h"

#include <stdlib.h>
#include <string.h>

static struct stage stage;

/* ---- the whole resource, level by level ---- */

#define RGBA8 VCMD_FORMAT_R8G8B8A8_UNORM
#define VIEW  VCMD_BIND_SAMPLER_VIEW

static const struct {
    const char *name;
    struct vcmd_resource_desc desc;
} whole_cases[] = {
    {"buffer", {.bind = VCMD_BIND_VERTEX_BUFFER, .width = 1001}},
    {"index buffer", {.bind = VCMD_BIND_INDEX_BUFFER, .width = 64}},
    {"constant buffer", {.bind = VCMD_BIND_CONSTANT_BUFFER, .width = 64}},
    {"texture buffer", {.bind = VIEW, .width = 64}},
    {"1D",
     {.target = VCMD_TEXTURE_1D, .format = RGBA8, .bind = VIEW, .width = 33, .last_level = 5}},
    {"1D array",
     {.target = VCMD_TEXTURE_1D_ARRAY,
      .format = RGBA8,
      .bind = VIEW,
      .width = 33,
      .array_size = 5,
      .last_level = 2}},
    {"2D",
     {.target = VCMD_TEXTURE_2D,
      .format = RGBA8,
      .bind = VIEW,
      .width = 37,
      .height = 21,
      .last_level = 5}},
    {"2D of one byte",
     {.target = VCMD_TEXTURE_2D,
      .format = VCMD_FORMAT_R8_UNORM,
      .bind = VIEW,
      .width = 37,
      .height = 21,
      .last_level = 5}},
    {"2D of two bytes",
     {.target = VCMD_TEXTURE_2D,
      .format = VCMD_FORMAT_R16_UNORM,
      .bind = VIEW,
      .width = 37,
      .height = 21,
      .last_level = 5}},
    {"2D of eight bytes",
     {.target = VCMD_TEXTURE_2D,
      .format = VCMD_FORMAT_R32G32_UINT,
      .bind = VIEW,
      .width = 9,
      .height = 7}},
    {"2D of sixteen bytes",
     {.target = VCMD_TEXTURE_2D,
      .format = VCMD_FORMAT_R32G32B32A32_UINT,
      .bind = VIEW,
      .width = 9,
      .height = 7}},
    {"2D of twelve bytes",
     {.target = VCMD_TEXTURE_2D,
      .format = VCMD_FORMAT_R32G32B32_UINT,
      .bind = VIEW,
      .width = 5,
      .height = 7}},
    {"rectangle",
     {.target = VCMD_TEXTURE_RECT, .format = RGBA8, .bind = VIEW, .width = 13, .height = 7}},
    {"upside down",
     {.target = VCMD_TEXTURE_2D,
      .format = RGBA8,
      .bind = VIEW,
      .width = 13,
      .height = 7,
      .flags = VCMD_RESOURCE_Y_0_TOP}},
    {"2D array",
     {.target = VCMD_TEXTURE_2D_ARRAY,
      .format = RGBA8,
      .bind = VIEW,
      .width = 10,
      .height = 6,
      .array_size = 4,
      .last_level = 3}},
    {"3D",
     {.target = VCMD_TEXTURE_3D,
      .format = RGBA8,
      .bind = VIEW,
      .width = 10,
      .height = 6,
      .depth = 5,
      .last_level = 3}},
    {"cube",
     {.target = VCMD_TEXTURE_CUBE,
      .format = RGBA8,
      .bind = VIEW,
      .width = 16,
      .height = 16,
      .last_level = 4}},
    {"cube array",
     {.target = VCMD_TEXTURE_CUBE_ARRAY,
      .format = RGBA8,
      .bind = VIEW,
      .width = 8,
      .height = 8,
      .array_size = 12,
      .last_level = 1}},
    {"compressed",
     {.target = VCMD_TEXTURE_2D,
      .format = VCMD_FORMAT_RGTC2_UNORM,
      .bind = VIEW,
      .width = 20,
      .height = 12,
      .last_level = 2}},
};

static struct vcmd_transfer whole_level(const struct vcmd_resource *resource,
                                        const struct vcmd_resource_desc *desc, uint32_t level)
{
    struct vcmd_level_layout layout;
    struct vcmd_transfer transfer = {.level = level};
    uint32_t layers = desc->array_size ? desc->array_size : 1;
    uint32_t height = desc->height >> level, width = desc->width >> level;

    if (desc->target == VCMD_TEXTURE_3D)
        layers = desc->depth >> level ? desc->depth >> level : 1;
    if (desc->target == VCMD_TEXTURE_CUBE)
        layers = 6;
    assert_ok(vcmd_resource_get_layout(resource, level, &layout));
    transfer.offset = layout.offset;
    transfer.box = (struct vcmd_box){
        0, 0, 0, width ? (int32_t)width : 1, height ? (int32_t)height : 1, (int32_t)layers};
    return transfer;
}

static void check_whole(const struct vcmd_resource_desc *desc, uint32_t seed)
{
    struct vcmd_resource *resource = stage_resource(&stage, desc);
    uint8_t *memory, *copy;
    size_t size;

    assert_ok(vcmd_resource_map(resource, (void **)&memory, &size));
    copy = malloc(size);
    assert_non_null(copy);
    fill_bytes(copy, size, seed);
    memcpy(memory, copy, size);
    for (uint32_t level = 0; level <= desc->last_level; level++) {
        struct vcmd_transfer transfer = whole_level(resource, desc, level);

        assert_ok(vcmd_transfer_to_host(stage.context, resource, &transfer));
    }
    memset(memory, 0, size);
    for (uint32_t level = 0; level <= desc->last_level; level++) {
        struct vcmd_transfer transfer = whole_level(resource, desc, level);

        assert_ok(vcmd_transfer_from_host(stage.context, resource, &transfer));
    }
    assert_memory_equal(memory, copy, size);
    free(copy);
    vcmd_resource_destroy(resource);
}

static void whole_resources(void **state)
{
    (void)state;
    stage_begin(&stage);
    for (size_t i = 0; i < ARRAY_SIZE(whole_cases); i++) {
        print_message("%s\n", whole_cases[i].name);
        check_whole(&whole_cases[i].desc, (uint32_t)i + 1);
    }
    stage_end(&stage);
}

/* These have no copy on the host: what is in the backing stays, whichever way it is moved. */
static void buffers_in_their_backing(void **state)
{
    const uint32_t binds[] = {VCMD_BIND_CUSTOM, VCMD_BIND_STAGING};
    uint8_t copy[64];

    (void)state;
    stage_begin(&stage);
    for (size_t i = 0; i < ARRAY_SIZE(binds); i++) {
        const struct vcmd_resource_desc desc = {.bind = binds[i], .width = sizeof(copy)};
        struct vcmd_resource *buffer = stage_resource(&stage, &desc);
        void *memory;

        assert_ok(vcmd_resource_map(buffer, &memory, NULL));
        fill_bytes(copy, sizeof(copy), 5);
        memcpy(memory, copy, sizeof(copy));
        assert_ok(vcmd_transfer_to_host(stage.context, buffer, NULL));
        assert_memory_equal(memory, copy, sizeof(copy));
        fill_bytes(copy, sizeof(copy), 6);
        memcpy(memory, copy, sizeof(copy));
        assert_ok(vcmd_transfer_from_host(stage.context, buffer, NULL));
        assert_memory_equal(memory, copy, sizeof(copy));
        vcmd_resource_destroy(buffer);
    }
    stage_end(&stage);
}

/* ---- boxes ---- */

/* A level of a texture of four bytes, as the host has it: texels in order. */
struct model {
    uint32_t width, height, depth;
    uint32_t texels[4096];
};

static uint32_t *model_texel(struct model *model, uint32_t x, uint32_t y, uint32_t z)
{
    return &model->texels[(z * model->height + y) * model->width + x];
}

/* Moves a box between the model and the backing, the plain way. */
static void model_transfer(struct model *model, uint8_t *backing, bool to_host,
                           const struct vcmd_transfer *transfer)
{
    const struct vcmd_box *box = &transfer->box;
    uint64_t stride = transfer->stride ? transfer->stride : model->width * 4;
    uint64_t layer = transfer->layer_stride ? transfer->layer_stride : stride * model->height;

    for (uint32_t z = 0; z < (uint32_t)box->d; z++) {
        for (uint32_t y = 0; y < (uint32_t)box->h; y++) {
            for (uint32_t x = 0; x < (uint32_t)box->w; x++) {
                uint8_t *bytes = backing + transfer->offset + z * layer + y * stride + x * 4;
                uint32_t *texel = model_texel(model, (uint32_t)box->x + x, (uint32_t)box->y + y,
                                              (uint32_t)box->z + z);

                if (to_host)
                    memcpy(texel, bytes, 4);
                else
                    memcpy(bytes, texel, 4);
            }
        }
    }
}

static int32_t pick(uint32_t *random, uint32_t count)
{
    return (int32_t)(next_random(random) % count);
}

/* A box inside the level with random strides; bytes is what it needs from offset 0. */
static struct vcmd_transfer random_transfer(const struct model *model, uint32_t level,
                                            uint32_t *random, uint64_t *bytes)
{
    struct vcmd_transfer transfer = {.level = level};
    struct vcmd_box *box = &transfer.box;
    uint32_t stride, layer;

    box->x = pick(random, model->width);
    box->y = pick(random, model->height);
    box->z = pick(random, model->depth);
    box->w = 1 + pick(random, model->width - (uint32_t)box->x);
    box->h = 1 + pick(random, model->height - (uint32_t)box->y);
    box->d = 1 + pick(random, model->depth - (uint32_t)box->z);
    stride = model->width * 4;
    if (pick(random, 2))
        stride = transfer.stride = ((uint32_t)box->w + (uint32_t)pick(random, 5)) * 4;
    layer = stride * model->height;
    if (pick(random, 2))
        layer = transfer.layer_stride = stride * (uint32_t)box->h + 4 * (uint32_t)pick(random, 9);
    *bytes = (uint64_t)layer * (uint32_t)box->d + (uint64_t)stride * (uint32_t)box->h;
    return transfer;
}

/* Many boxes up and down, one after the other; backing and model agree after each. */
static void check_boxes(const struct vcmd_resource_desc *desc, uint32_t level, uint32_t depth)
{
    static struct model model;
    static uint8_t expected[65536];
    struct vcmd_resource *resource = stage_resource(&stage, desc);
    struct vcmd_transfer whole = whole_level(resource, desc, level);
    uint32_t random = desc->target * 100 + level;
    uint8_t *memory;
    size_t size;

    model.width = (uint32_t)whole.box.w;
    model.height = (uint32_t)whole.box.h;
    model.depth = depth;
    assert_int_equal(whole.box.d, depth);
    assert_ok(vcmd_resource_map(resource, (void **)&memory, &size));
    assert_true(size <= sizeof(expected));
    fill_bytes(memory, size, random);
    model_transfer(&model, memory, true, &whole);
    assert_ok(vcmd_transfer_to_host(stage.context, resource, &whole));
    for (int i = 0; i < 60; i++) {
        uint64_t bytes;
        struct vcmd_transfer transfer = random_transfer(&model, level, &random, &bytes);

        assert_true(bytes < size);
        transfer.offset = (uint64_t)pick(&random, (uint32_t)(size - bytes) / 4) * 4;
        if (i % 2 == 0) {
            fill_bytes(memory, size, random);
            model_transfer(&model, memory, true, &transfer);
            assert_ok(vcmd_transfer_to_host(stage.context, resource, &transfer));
        } else {
            memcpy(expected, memory, size);
            model_transfer(&model, expected, false, &transfer);
            assert_ok(vcmd_transfer_from_host(stage.context, resource, &transfer));
            assert_memory_equal(memory, expected, size);
        }
    }
    vcmd_resource_destroy(resource);
}

static void boxes(void **state)
{
    struct vcmd_resource_desc desc = {
        .format = RGBA8, .bind = VIEW, .last_level = 1, .backing_size = 65536};

    (void)state;
    stage_begin(&stage);
    for (uint32_t level = 0; level < 2; level++) {
        desc.width = 17;
        desc.target = VCMD_TEXTURE_1D;
        check_boxes(&desc, level, 1);
        desc.target = VCMD_TEXTURE_1D_ARRAY;
        desc.array_size = 5;
        check_boxes(&desc, level, 5);
        desc.target = VCMD_TEXTURE_2D_ARRAY;
        desc.height = 11;
        check_boxes(&desc, level, 5);
        desc.target = VCMD_TEXTURE_2D;
        desc.array_size = 0;
        check_boxes(&desc, level, 1);
        desc.target = VCMD_TEXTURE_3D;
        desc.depth = 6;
        check_boxes(&desc, level, 6 >> level);
        desc.target = VCMD_TEXTURE_CUBE;
        desc.width = desc.height = 12;
        desc.depth = 0;
        check_boxes(&desc, level, 6);
        desc.target = VCMD_TEXTURE_CUBE_ARRAY;
        desc.array_size = 12;
        check_boxes(&desc, level, 12);
        desc.array_size = desc.height = 0;
    }
    stage_end(&stage);
}

/* Row 0 is the lowest row that was drawn, unless the resource says otherwise. */
static void row_order(void **state)
{
    struct vcmd_resource_desc desc = {.target = VCMD_TEXTURE_2D,
                                      .format = VCMD_FORMAT_R8_UNORM,
                                      .bind = VCMD_BIND_RENDER_TARGET,
                                      .width = 4,
                                      .height = 8};

    (void)state;
    stage_begin(&stage);
    for (uint32_t flags = 0; flags <= VCMD_RESOURCE_Y_0_TOP; flags += VCMD_RESOURCE_Y_0_TOP) {
        struct vcmd_resource *target, *vertices;
        const uint8_t *bytes;

        desc.flags = flags;
        target = stage_resource(&stage, &desc);
        vertices = stage_vertices(&stage, stage_whole, 4);
        stage_draw_to(&stage, 1, target, desc.format, 0, 0);
        stage_clear(&stage, 0, 0, 0, 0);
        stage_draw_state(&stage, 4, 2, false); /* the viewport has the two lowest rows */
        stage_fragment_shader(&stage, "FRAG\n"
                                      "DCL OUT[0], COLOR\n"
                                      "IMM[0] FLT32 { 1.0000, 1.0000, 1.0000, 1.0000 }\n"
                                      "  0: MOV OUT[0], IMM[0]\n"
                                      "  1: END\n");
        stage_draw(&stage, vertices, VCMD_PRIM_TRIANGLE_STRIP, 4);
        stage_run(&stage);
        bytes = stage_read(&stage, target);
        for (size_t y = 0; y < 8; y++)
            assert_int_equal(bytes[y * 4], (flags ? y >= 6 : y < 2) ? 255 : 0);
        vcmd_resource_destroy(vertices);
        vcmd_resource_destroy(target);
    }
    stage_end(&stage);
}

/* What cannot be drawn to, the host reads back by whole layers; of a part it would give another. */
static void part_of_undrawable(void **state)
{
    const struct vcmd_resource_desc desc = {.target = VCMD_TEXTURE_2D,
                                            .format = VCMD_FORMAT_RGTC2_UNORM,
                                            .bind = VIEW,
                                            .width = 16,
                                            .height = 16};
    const struct vcmd_transfer part = {.box = {4, 4, 0, 8, 8, 1}};
    struct vcmd_resource *resource;

    (void)state;
    stage_begin(&stage);
    resource = stage_resource(&stage, &desc);
    assert_ok(vcmd_transfer_to_host(stage.context, resource, &part));
    assert_refused(vcmd_transfer_from_host(stage.context, resource, &part), VCMD_STATUS_UNSUPPORTED,
                   "whole layers only");
    assert_ok(vcmd_transfer_from_host(stage.context, resource, NULL));
    vcmd_resource_destroy(resource);
    stage_end(&stage);
}

/* A context that only reads sees what another one wrote. */
static void across_contexts(void **state)
{
    struct vcmd_resource *target;
    struct vcmd_context *other;
    uint8_t *memory, copy[256];
    size_t size;

    (void)state;
    stage_begin(&stage);
    target = stage_target(&stage, RGBA8, 8, 8);
    assert_ok(vcmd_resource_map(target, (void **)&memory, &size));
    assert_int_equal(size, sizeof(copy));
    fill_bytes(copy, size, 77);
    memcpy(memory, copy, size);
    assert_ok(vcmd_transfer_to_host(stage.context, target, NULL));
    memset(memory, 0, size);
    assert_ok(vcmd_context_create(stage_device, "other", &other));
    assert_ok(vcmd_context_attach(other, target));
    assert_ok(vcmd_transfer_from_host(other, target, NULL));
    assert_memory_equal(memory, copy, size);
    vcmd_context_destroy(other);
    vcmd_resource_destroy(target);
    stage_end(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_resources),
        cmocka_unit_test(buffers_in_their_backing),
        cmocka_unit_test(boxes),
        cmocka_unit_test(row_order),
        cmocka_unit_test(part_of_undrawable),
        cmocka_unit_test(across_contexts),
    };

    return cmocka_run_group_tests(tests, stage_setup_group, stage_teardown_group);
}
