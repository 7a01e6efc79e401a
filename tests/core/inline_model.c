/* SPDX-License-Identifier: MIT */
#include "inline_model.h"

void image_init(struct image *image, uint32_t block_width, uint32_t block_height,
                uint32_t block_bytes, uint32_t width, uint32_t height, uint32_t layers)
{
    memset(image, 0, sizeof(*image));
    image->block_width = block_width;
    image->block_height = block_height;
    image->block_bytes = block_bytes;
    image->width = width;
    image->height = height;
    image->layers = layers;
    image->columns = (width + block_width - 1) / block_width;
    image->rows = (height + block_height - 1) / block_height;
    image->size = (size_t)image->columns * image->rows * layers * block_bytes;
    image->bytes = test_memory(image->size);
    image->writes = test_memory(image->size / block_bytes);
    fill_bytes(image->bytes, image->size, 99);
    memset(image->writes, 0, image->size / block_bytes);
}

void image_free(struct image *image)
{
    free(image->bytes);
    free(image->writes);
    memset(image, 0, sizeof(*image));
}

/* A box in blocks, and where its bytes are. */
struct copy {
    size_t column, row, layer, columns, rows, layers;
    size_t stride, layer_stride;
    const uint8_t *data;
};

static void copy_blocks(struct image *image, const struct copy *copy)
{
    size_t row, layer, column;

    for (layer = 0; layer < copy->layers; layer++) {
        for (row = 0; row < copy->rows; row++) {
            size_t first =
                ((copy->layer + layer) * image->rows + copy->row + row) * image->columns +
                copy->column;

            memcpy(image->bytes + first * image->block_bytes,
                   copy->data + layer * copy->layer_stride + row * copy->stride,
                   copy->columns * image->block_bytes);
            for (column = 0; column < copy->columns; column++)
                image->writes[first + column]++;
        }
    }
}

static size_t blocks_of(uint32_t texels, uint32_t block)
{
    return ((size_t)texels + block - 1) / block;
}

/* The box of a packet or of the whole write; it must lie in the level, on whole blocks. */
static struct copy check_box(const struct image *image, const struct vcmd_box *box)
{
    struct copy copy = {0};

    assert_true(box->x >= 0 && box->y >= 0 && box->z >= 0);
    assert_true(box->w > 0 && box->h > 0 && box->d > 0);
    assert_true((uint32_t)box->x + (uint32_t)box->w <= image->width);
    assert_true((uint32_t)box->y + (uint32_t)box->h <= image->height);
    assert_true((uint32_t)box->z + (uint32_t)box->d <= image->layers);
    assert_int_equal((uint32_t)box->x % image->block_width, 0);
    assert_int_equal((uint32_t)box->y % image->block_height, 0);
    copy.column = (uint32_t)box->x / image->block_width;
    copy.row = (uint32_t)box->y / image->block_height;
    copy.layer = (uint32_t)box->z;
    copy.columns = blocks_of((uint32_t)box->w, image->block_width);
    copy.rows = blocks_of((uint32_t)box->h, image->block_height);
    copy.layers = (uint32_t)box->d;
    return copy;
}

/* Dwords: 1 handle, 2 level, 3 usage, 4 stride, 5 layer stride, 6-8 x y z, 9-11 w h d, data. */
static void packet(struct image *image, const struct vcmd_buffer *buf, size_t first, size_t payload)
{
    struct vcmd_box box;
    struct copy copy;
    size_t row_bytes, needed;

    assert_true(payload >= 12);
    box.x = (int32_t)stream_dword(buf, first + 6);
    box.y = (int32_t)stream_dword(buf, first + 7);
    box.z = (int32_t)stream_dword(buf, first + 8);
    box.w = (int32_t)stream_dword(buf, first + 9);
    box.h = (int32_t)stream_dword(buf, first + 10);
    box.d = (int32_t)stream_dword(buf, first + 11);
    copy = check_box(image, &box);
    row_bytes = copy.columns * image->block_bytes;
    /* A stride of 0 would mean the rows of the whole level, which the encoder cannot know. */
    copy.stride = stream_dword(buf, first + 4);
    assert_true(copy.stride >= row_bytes);
    copy.layer_stride = stream_dword(buf, first + 5);
    if (copy.layer_stride == 0)
        copy.layer_stride = copy.stride * image->rows;
    assert_true(copy.layer_stride >= copy.stride * copy.rows);
    needed = (copy.layers - 1) * copy.layer_stride + (copy.rows - 1) * copy.stride + row_bytes;
    assert_true(needed <= (payload - 11) * 4);
    assert_true(needed + 4 > (payload - 11) * 4); /* and nothing sent for nothing */
    copy.data = (const uint8_t *)(vcmd_buffer_stream(buf) + first + 12);
    copy_blocks(image, &copy);
    image->packets++;
}

void image_submit(struct image *image, const struct vcmd_buffer *buf, uint32_t res_handle,
                  uint32_t level)
{
    size_t at = 0;

    while (at < buf->length) {
        uint32_t header = stream_dword(buf, at);

        assert_int_equal(header & 0xffff, 9);
        assert_true(at + 1 + (header >> 16) <= buf->length);
        assert_int_equal(stream_dword(buf, at + 1), res_handle);
        assert_int_equal(stream_dword(buf, at + 2), level);
        packet(image, buf, at, header >> 16);
        at += 1 + (header >> 16);
    }
}

void image_reference(struct image *image, const struct vcmd_resource_inline_write *args)
{
    struct copy copy = check_box(image, &args->box);

    copy.stride = args->stride != 0 ? args->stride : copy.columns * image->block_bytes;
    copy.layer_stride = args->layer_stride != 0 ? args->layer_stride : copy.rows * copy.stride;
    copy.data = args->data;
    copy_blocks(image, &copy);
}

void image_check_equal(const struct image *image, const struct image *reference)
{
    size_t i;

    assert_int_equal(image->size, reference->size);
    assert_memory_equal(image->bytes, reference->bytes, image->size);
    for (i = 0; i < image->size / image->block_bytes; i++)
        assert_int_equal(image->writes[i], reference->writes[i]);
}
