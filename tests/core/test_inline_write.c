/* SPDX-License-Identifier: MIT */
/* Writes of any size, applied to a model of the resource and compared with one plain copy. */
#include "inline_model.h"

#define MAX_DATA (4u * (65535 - 11)) /* bytes in one packet */

#define HANDLE 0x51525354u
#define LEVEL  3u

/* What a resource looks like: sizes of a block from the format's definition. */
struct shape {
    uint32_t format;
    uint32_t block_width, block_height, block_bytes;
    uint32_t width, height, layers;
};

static size_t last_byte(const struct shape *shape, const struct vcmd_resource_inline_write *args)
{
    size_t columns = ((size_t)args->box.w + shape->block_width - 1) / shape->block_width;
    size_t rows = ((size_t)args->box.h + shape->block_height - 1) / shape->block_height;
    size_t stride = args->stride != 0 ? args->stride : columns * shape->block_bytes;
    size_t layer_stride = args->layer_stride != 0 ? args->layer_stride : rows * stride;

    return ((size_t)args->box.d - 1) * layer_stride + (rows - 1) * stride +
           columns * shape->block_bytes;
}

/* Encodes into exactly as many dwords as announced, and into one less. */
static void encode(struct vcmd_buffer *buf, const struct vcmd_resource_inline_write *args)
{
    size_t dwords = vcmd_resource_inline_write_dwords(args);
    uint32_t *memory = test_memory((dwords + 3) * sizeof(uint32_t));
    uint32_t *before = test_memory((dwords + 3) * sizeof(uint32_t));

    assert_true(dwords > 12);
    fill_bytes(memory, (dwords + 3) * sizeof(uint32_t), 7);
    memcpy(before, memory, (dwords + 3) * sizeof(uint32_t));
    vcmd_buffer_init(buf, memory, dwords + 1, 2);
    assert_int_equal(vcmd_resource_inline_write(buf, args), VCMD_STATUS_BUFFER_FULL);
    assert_int_equal(buf->error.value, dwords);
    assert_int_equal(buf->length, 0);
    assert_memory_equal(memory, before, (dwords + 3) * sizeof(uint32_t));
    vcmd_buffer_init(buf, memory, dwords + 2, 2);
    assert_int_equal(vcmd_resource_inline_write(buf, args), VCMD_STATUS_OK);
    assert_int_equal(buf->length, dwords);
    assert_memory_equal(memory, before, 2 * sizeof(uint32_t));
    assert_int_equal(memory[dwords + 2], before[dwords + 2]);
    free(before);
}

/* How many packets the write took. */
static uint32_t check_write(const struct shape *shape, struct vcmd_box box, uint32_t stride,
                            uint32_t layer_stride)
{
    struct vcmd_resource_inline_write args = {.res_handle = HANDLE,
                                              .level = LEVEL,
                                              .format = shape->format,
                                              .box = box,
                                              .stride = stride,
                                              .layer_stride = layer_stride};
    struct image image, reference;
    struct vcmd_buffer buf;
    uint32_t packets;
    void *data;

    /* Exactly the bytes that are needed: reading more is an error that sanitizers see. */
    args.data_size = last_byte(shape, &args);
    data = test_memory(args.data_size);
    fill_bytes(data, args.data_size, 1000);
    args.data = data;
    image_init(&image, shape->block_width, shape->block_height, shape->block_bytes, shape->width,
               shape->height, shape->layers);
    image_init(&reference, shape->block_width, shape->block_height, shape->block_bytes,
               shape->width, shape->height, shape->layers);
    encode(&buf, &args);
    image_submit(&image, &buf, HANDLE, LEVEL);
    image_reference(&reference, &args);
    image_check_equal(&image, &reference);
    packets = image.packets;
    args.data_size--;
    assert_int_equal(vcmd_resource_inline_write_dwords(&args), 0);
    image_free(&image);
    image_free(&reference);
    free(buf.dwords);
    free(data);
    return packets;
}

static void buffers(void **state)
{
    static const struct {
        int32_t bytes;
        uint32_t packets;
    } cases[] = {
        {1, 1},
        {2, 1},
        {3, 1},
        {4, 1},
        {5, 1},
        {4096, 1},
        {MAX_DATA - 1, 1},
        {MAX_DATA, 1},
        {MAX_DATA + 1, 2},
        {2 * MAX_DATA, 2},
        {2 * MAX_DATA + 1, 3},
        {(1 << 20) + 3, 5}, /* 1 MiB and 3 bytes: 4 * 262096 is a little less than a MiB */
    };
    size_t i;

    (void)state;
    for (i = 0; i < ARRAY_SIZE(cases); i++) {
        const uint32_t bytes = (uint32_t)cases[i].bytes;
        const struct shape shape = {VCMD_FORMAT_R8_UNORM, 1, 1, 1, bytes + 20, 1, 1};
        const struct vcmd_box box = {.x = 13, .w = cases[i].bytes, .h = 1, .d = 1};

        assert_int_equal(check_write(&shape, box, 0, 0), cases[i].packets);
    }
}

static void plain_textures(void **state)
{
    const struct shape rgba = {VCMD_FORMAT_B8G8R8A8_UNORM, 1, 1, 4, 300, 200, 1};
    const struct shape half = {VCMD_FORMAT_R16_FLOAT, 1, 1, 2, 77, 55, 1};
    const struct shape wide = {VCMD_FORMAT_R32G32B32A32_FLOAT, 1, 1, 16, 64, 64, 1};
    const struct shape odd = {VCMD_FORMAT_R8G8B8_UNORM, 1, 1, 3, 51, 40, 1};
    const struct vcmd_box all_rgba = {.w = 300, .h = 200, .d = 1};
    const struct vcmd_box part = {.x = 3, .y = 4, .w = 21, .h = 17, .d = 1};
    const struct vcmd_box texel = {.x = 50, .y = 39, .w = 1, .h = 1, .d = 1};

    (void)state;
    assert_int_equal(check_write(&rgba, all_rgba, 0, 0), 1);
    assert_int_equal(check_write(&half, part, 0, 0), 1);
    assert_int_equal(check_write(&wide, part, 0, 0), 1);
    assert_int_equal(check_write(&odd, part, 0, 0), 1);
    assert_int_equal(check_write(&odd, texel, 0, 0), 1);
}

static void large_textures(void **state)
{
    const struct shape shape = {VCMD_FORMAT_B8G8R8A8_UNORM, 1, 1, 4, 700, 500, 1};
    const struct vcmd_box box = {.x = 5, .y = 7, .w = 690, .h = 490, .d = 1};
    /* 262096 / 2760 is 94.96: 94 rows in a packet, so 490 rows take 6. */
    const uint32_t tight = 6;

    (void)state;
    assert_int_equal(check_write(&shape, box, 0, 0), tight);
    /* A last row without its padding still fits: 1 + (262096 - 2760) / 4096 = 64 rows. */
    assert_int_equal(check_write(&shape, box, 4096, 0), 8);
    /* A stride longer than a packet: one row in each. */
    assert_int_equal(check_write(&shape, box, 300000, 0), 490);
}

static void strides(void **state)
{
    const struct shape shape = {VCMD_FORMAT_R8_UNORM, 1, 1, 1, 40, 40, 3};
    const struct vcmd_box box = {.x = 1, .y = 2, .z = 1, .w = 7, .h = 5, .d = 2};
    uint32_t stride, gap;

    (void)state;
    for (stride = 7; stride < 12; stride++) {
        assert_int_equal(check_write(&shape, box, stride, 0), 2);
        for (gap = 0; gap < 6; gap++)
            assert_int_equal(check_write(&shape, box, stride, 5 * stride + gap), 2);
    }
    /* The last row of a layer needs no padding. */
    assert_int_equal(check_write(&shape, box, 11, 4 * 11 + 7), 2);
}

static void rows_longer_than_a_packet(void **state)
{
    const struct shape wide = {VCMD_FORMAT_R32G32B32A32_FLOAT, 1, 1, 16, 16500, 4, 2};
    const struct shape bytes = {VCMD_FORMAT_R8G8B8_UNORM, 1, 1, 3, 100000, 3, 1};
    const struct vcmd_box wide_box = {.x = 50, .w = 16400, .h = 4, .d = 2};
    const struct vcmd_box bytes_box = {.x = 7, .y = 1, .w = 99000, .h = 2, .d = 1};

    (void)state;
    /* 16400 texels of 16 bytes are 262400: 16381 in one packet, 19 in the next. */
    assert_int_equal(check_write(&wide, wide_box, 0, 0), 2 * 4 * 2);
    assert_int_equal(check_write(&wide, wide_box, 262400 + 64, 0), 2 * 4 * 2);
    /* 99000 texels of 3 bytes are 297000: 87365 in one packet. */
    assert_int_equal(check_write(&bytes, bytes_box, 0, 0), 2 * 2);
}

/* DXT1 and DXT5 have blocks of 4x4 texels in 8 and 16 bytes, ASTC 8x5 has 16 bytes. */
static void compressed(void **state)
{
    const struct shape dxt1 = {VCMD_FORMAT_DXT1_RGB, 4, 4, 8, 62, 50, 1};
    const struct shape dxt5 = {VCMD_FORMAT_DXT5_RGBA, 4, 4, 16, 64, 64, 3};
    const struct shape etc2 = {VCMD_FORMAT_ETC2_RGB8, 4, 4, 8, 5, 5, 1};
    const struct shape astc = {VCMD_FORMAT_ASTC_8x5, 8, 5, 16, 100, 33, 1};
    const struct shape large = {VCMD_FORMAT_DXT1_RGB, 4, 4, 8, 2048, 1024, 1};
    const struct vcmd_box whole = {.w = 62, .h = 50, .d = 1};
    const struct vcmd_box edge = {.x = 60, .y = 48, .w = 2, .h = 2, .d = 1};
    const struct vcmd_box layers = {.x = 4, .y = 8, .z = 1, .w = 16, .h = 12, .d = 2};
    const struct vcmd_box five = {.w = 5, .h = 5, .d = 1};
    const struct vcmd_box astc_box = {.x = 8, .y = 5, .w = 92, .h = 28, .d = 1};
    const struct vcmd_box large_box = {.y = 4, .w = 2046, .h = 1019, .d = 1};

    (void)state;
    assert_int_equal(check_write(&dxt1, whole, 0, 0), 1);
    assert_int_equal(check_write(&dxt1, edge, 0, 0), 1);
    assert_int_equal(check_write(&dxt1, whole, 200, 0), 1);
    assert_int_equal(check_write(&dxt5, layers, 0, 0), 2);
    assert_int_equal(check_write(&dxt5, layers, 80, 300), 2);
    assert_int_equal(check_write(&etc2, five, 0, 0), 1);
    assert_int_equal(check_write(&astc, astc_box, 0, 0), 1);
    /* 512 blocks of 8 bytes a row: 63 rows of blocks in a packet, 255 take 5. */
    assert_int_equal(check_write(&large, large_box, 0, 0), 5);
    assert_int_equal(check_write(&large, large_box, 300000, 0), 255);
}

static void volumes_and_arrays(void **state)
{
    const struct shape volume = {VCMD_FORMAT_R8G8B8A8_UNORM, 1, 1, 4, 33, 17, 9};
    const struct shape lines = {VCMD_FORMAT_R8_UNORM, 1, 1, 1, 100, 1, 12};
    const struct vcmd_box part = {.x = 1, .y = 2, .z = 3, .w = 30, .h = 10, .d = 5};
    const struct vcmd_box layers = {.x = 10, .z = 2, .w = 80, .h = 1, .d = 10};

    (void)state;
    assert_int_equal(check_write(&volume, part, 0, 0), 5);
    assert_int_equal(check_write(&volume, part, 128, 128 * 10), 5);
    assert_int_equal(check_write(&lines, layers, 0, 0), 10);
    assert_int_equal(check_write(&lines, layers, 0, 97), 10);
}

static void check_refused(const struct vcmd_resource_inline_write *args, enum vcmd_status status,
                          const char *field)
{
    struct guarded g;

    assert_int_equal(vcmd_resource_inline_write_dwords(args), 0);
    guarded_init(&g);
    assert_int_equal(vcmd_resource_inline_write(&g.buf, args), status);
    assert_string_equal(g.buf.error.command, "RESOURCE_INLINE_WRITE");
    assert_string_equal(g.buf.error.field, field);
    guarded_check_unchanged(&g);
    guarded_check_sticky(&g, status);
}

static const uint8_t some_data[4096];
static const struct vcmd_resource_inline_write good = {
    .res_handle = 1,
    .format = VCMD_FORMAT_B8G8R8A8_UNORM,
    .box = {.x = 4, .y = 4, .z = 0, .w = 8, .h = 8, .d = 1},
    .data = some_data,
    .data_size = 256, /* 8 rows of 8 texels */
};

static void refuses_sizes(void **state)
{
    struct vcmd_resource_inline_write args = good;

    (void)state;
    assert_true(vcmd_resource_inline_write_dwords(&args) == 12 + 64);
    args.data_size--;
    check_refused(&args, VCMD_STATUS_TRUNCATED, "data_size");
    args.data_size = 0;
    check_refused(&args, VCMD_STATUS_TRUNCATED, "data_size");
    args = good;
    args.box.d = 2;
    check_refused(&args, VCMD_STATUS_TRUNCATED, "data_size");
    args.data_size = 2 * 8 * 8 * 4 - 1;
    check_refused(&args, VCMD_STATUS_TRUNCATED, "data_size");
    args = good;
    args.stride = 33;
    check_refused(&args, VCMD_STATUS_TRUNCATED, "data_size");
    args.stride = 31;
    check_refused(&args, VCMD_STATUS_OUT_OF_RANGE, "stride");
    args = good;
    args.box.d = 2;
    args.data_size = sizeof(some_data);
    args.layer_stride = 8 * 8 * 4 - 1;
    check_refused(&args, VCMD_STATUS_OUT_OF_RANGE, "layer_stride");
    args = good;
    args.data = NULL;
    check_refused(&args, VCMD_STATUS_NULL_ARGUMENT, "data");
}

static void refuses_boxes(void **state)
{
    static const struct {
        struct vcmd_box box;
        const char *field;
    } cases[] = {
        {{-1, 0, 0, 1, 1, 1}, "box.x"},
        {{0, -1, 0, 1, 1, 1}, "box.y"},
        {{0, 0, -1, 1, 1, 1}, "box.z"},
        {{0, 0, 0, 0, 1, 1}, "box.w"},
        {{0, 0, 0, -4, 1, 1}, "box.w"},
        {{0, 0, 0, 1, 0, 1}, "box.h"},
        {{0, 0, 0, 1, -4, 1}, "box.h"},
        {{0, 0, 0, 1, 1, 0}, "box.d"},
        {{0, 0, 0, 1, 1, -1}, "box.d"},
        {{1, 0, 0, INT32_MAX, 1, 1}, "box.w"},
        {{0, 2, 0, 1, INT32_MAX - 1, 1}, "box.h"},
        {{0, 0, 3, 1, 1, INT32_MAX}, "box.d"},
        {{INT32_MAX, 0, 0, 1, 1, 1}, "box.w"},
        {{0, INT32_MAX, 0, 1, 1, 1}, "box.h"},
        {{0, 0, INT32_MAX, 1, 1, 1}, "box.d"},
        {{INT32_MIN, 0, 0, 1, 1, 1}, "box.x"},
    };
    struct vcmd_resource_inline_write args = good;
    size_t i;

    (void)state;
    for (i = 0; i < ARRAY_SIZE(cases); i++) {
        args.box = cases[i].box;
        check_refused(&args, VCMD_STATUS_OUT_OF_RANGE, cases[i].field);
    }
    /* Boxes whose sizes multiply to more than 64 bits. */
    args = good;
    args.box = (struct vcmd_box){0, 0, 0, INT32_MAX / 16, INT32_MAX, INT32_MAX};
    args.format = VCMD_FORMAT_R32G32B32A32_FLOAT;
    check_refused(&args, VCMD_STATUS_TRUNCATED, "data_size");
    args.stride = 0xffffffffu;
    args.layer_stride = 0;
    args.box.w = 1;
    check_refused(&args, VCMD_STATUS_TRUNCATED, "data_size");
    /* A tight row of more than 32 bits has no stride to write. */
    args.stride = 0;
    args.box = (struct vcmd_box){0, 0, 0, INT32_MAX, 1, 1};
    check_refused(&args, VCMD_STATUS_OUT_OF_RANGE, "stride");
}

/* Offsets must be those of a block. */
static void refuses_parts_of_blocks(void **state)
{
    struct vcmd_resource_inline_write args = good;
    int32_t at;

    (void)state;
    args.format = VCMD_FORMAT_DXT1_RGB;
    args.data_size = sizeof(some_data);
    for (at = 0; at < 9; at++) {
        args.box = (struct vcmd_box){at, 0, 0, 4, 4, 1};
        if (at % 4 == 0)
            assert_int_equal(vcmd_resource_inline_write_dwords(&args), 12 + 2);
        else
            check_refused(&args, VCMD_STATUS_OUT_OF_RANGE, "box.x");
        args.box = (struct vcmd_box){0, at, 0, 4, 4, 1};
        if (at % 4 == 0)
            assert_int_equal(vcmd_resource_inline_write_dwords(&args), 12 + 2);
        else
            check_refused(&args, VCMD_STATUS_OUT_OF_RANGE, "box.y");
    }
}

static void refuses_formats(void **state)
{
    static const uint32_t unknown[] = {73, 482, 0xffffffffu};
    static const uint32_t planar[] = {VCMD_FORMAT_NV12, VCMD_FORMAT_IYUV, VCMD_FORMAT_P010};
    struct vcmd_resource_inline_write args = good;
    size_t i;

    (void)state;
    for (i = 0; i < ARRAY_SIZE(unknown); i++) {
        args.format = unknown[i];
        check_refused(&args, VCMD_STATUS_UNKNOWN_VALUE, "format");
    }
    for (i = 0; i < ARRAY_SIZE(planar); i++) {
        args.format = planar[i];
        check_refused(&args, VCMD_STATUS_UNSUPPORTED, "format");
    }
    assert_int_equal(vcmd_resource_inline_write_dwords(NULL), 0);
}

/* The bound in the message must be one that the value breaks. */
static void messages_tell_the_truth(void **state)
{
    struct vcmd_resource_inline_write args = good;
    struct guarded g;
    char text[200];

    (void)state;
    guarded_init(&g);
    args.stride = 31;
    assert_int_equal(vcmd_resource_inline_write(&g.buf, &args), VCMD_STATUS_OUT_OF_RANGE);
    (void)vcmd_error_format(&g.buf.error, text, sizeof(text));
    assert_non_null(strstr(text, "at least 32"));
    args = good;
    args.format = VCMD_FORMAT_DXT1_RGB;
    args.box.x = 2;
    guarded_init(&g);
    assert_int_equal(vcmd_resource_inline_write(&g.buf, &args), VCMD_STATUS_OUT_OF_RANGE);
    (void)vcmd_error_format(&g.buf.error, text, sizeof(text));
    assert_null(strstr(text, "at most 0"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buffers),
        cmocka_unit_test(plain_textures),
        cmocka_unit_test(large_textures),
        cmocka_unit_test(strides),
        cmocka_unit_test(rows_longer_than_a_packet),
        cmocka_unit_test(compressed),
        cmocka_unit_test(volumes_and_arrays),
        cmocka_unit_test(refuses_sizes),
        cmocka_unit_test(refuses_boxes),
        cmocka_unit_test(refuses_parts_of_blocks),
        cmocka_unit_test(refuses_formats),
        cmocka_unit_test(messages_tell_the_truth),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
