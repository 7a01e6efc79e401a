/* SPDX-License-Identifier: MIT */
#include "memory_file.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include <virglcmd/enums.h>
#include <virglcmd/formats.h>

static struct vcmd_capture_rows rows_of(const struct vcmd_resource_desc *desc,
                                        const struct vcmd_transfer *transfer)
{
    struct vcmd_capture_rows rows = {0};

    assert_int_equal(vcmd_capture_rows_of_transfer(desc, transfer, &rows), VCMD_STATUS_OK);
    return rows;
}

static void assert_rows(const struct vcmd_capture_rows *got, const struct vcmd_capture_rows *want)
{
    assert_int_equal(got->offset, want->offset);
    assert_int_equal(got->row_bytes, want->row_bytes);
    assert_int_equal(got->row_stride, want->row_stride);
    assert_int_equal(got->rows, want->rows);
    assert_int_equal(got->layers, want->layers);
    if (want->layers > 1)
        assert_int_equal(got->layer_stride, want->layer_stride);
}

static void test_rows_of_transfers(void **state)
{
    /* 10 x 6 texels of 4 bytes: a row of the level is 40 bytes; level 1 is 5 x 3. */
    const struct vcmd_resource_desc flat = {.target = VCMD_TEXTURE_2D,
                                            .format = VCMD_FORMAT_B8G8R8A8_UNORM,
                                            .width = 10,
                                            .height = 6,
                                            .last_level = 1};
    const struct vcmd_resource_desc cube = {
        .target = VCMD_TEXTURE_CUBE, .format = VCMD_FORMAT_R8_UNORM, .width = 8, .height = 8};
    /* DXT1: blocks of 4 x 4 texels in 8 bytes; 10 x 6 texels are 3 x 2 blocks. */
    const struct vcmd_resource_desc packed = {
        .target = VCMD_TEXTURE_2D, .format = VCMD_FORMAT_DXT1_RGB, .width = 10, .height = 6};
    const struct vcmd_resource_desc buffer = {.target = VCMD_BUFFER, .width = 1000};
    struct vcmd_transfer transfer = {.box = {2, 1, 0, 3, 4, 1}, .offset = 48};
    struct vcmd_capture_rows rows = rows_of(&flat, &transfer);

    (void)state;
    assert_rows(&rows, &(struct vcmd_capture_rows){48, 12, 40, 4, 0, 1});
    assert_int_equal(vcmd_capture_rows_size(&rows), 48);
    assert_int_equal(vcmd_capture_rows_end(&rows), 48 + 3 * 40 + 12);

    transfer = (struct vcmd_transfer){.box = {0, 0, 0, 5, 3, 1}, .level = 1, .offset = 240};
    rows = rows_of(&flat, &transfer);
    assert_rows(&rows, &(struct vcmd_capture_rows){240, 20, 20, 3, 0, 1});

    transfer = (struct vcmd_transfer){.box = {0, 0, 1, 8, 2, 2}, .stride = 16};
    rows = rows_of(&cube, &transfer);
    assert_rows(&rows, &(struct vcmd_capture_rows){0, 8, 16, 2, 128, 2});
    assert_int_equal(vcmd_capture_rows_end(&rows), 128 + 16 + 8);

    transfer = (struct vcmd_transfer){.box = {4, 4, 0, 6, 2, 1}};
    rows = rows_of(&packed, &transfer);
    assert_rows(&rows, &(struct vcmd_capture_rows){0, 16, 24, 1, 0, 1});

    transfer = (struct vcmd_transfer){.box = {10, 0, 0, 900, 1, 1}, .offset = 10};
    rows = rows_of(&buffer, &transfer);
    assert_rows(&rows, &(struct vcmd_capture_rows){10, 900, 1000, 1, 0, 1});
}

static void test_refused_transfers(void **state)
{
    const struct vcmd_resource_desc flat = {
        .target = VCMD_TEXTURE_2D, .format = VCMD_FORMAT_B8G8R8A8_UNORM, .width = 10, .height = 6};
    const struct vcmd_resource_desc unknown = {
        .target = VCMD_TEXTURE_2D, .format = 9999, .width = 10, .height = 6};
    struct vcmd_transfer transfer = {.box = {0, 0, 0, 10, 6, 1}};
    struct vcmd_capture_rows rows;

    (void)state;
    assert_int_equal(vcmd_capture_rows_of_transfer(&unknown, &transfer, &rows),
                     VCMD_STATUS_UNKNOWN_VALUE);
    transfer.box.w = 11;
    assert_int_equal(vcmd_capture_rows_of_transfer(&flat, &transfer, &rows),
                     VCMD_STATUS_OUT_OF_RANGE);
    transfer.box.w = -1;
    assert_int_equal(vcmd_capture_rows_of_transfer(&flat, &transfer, &rows),
                     VCMD_STATUS_OUT_OF_RANGE);
    transfer.box.w = 10;
    transfer.level = 1;
    assert_int_equal(vcmd_capture_rows_of_transfer(&flat, &transfer, &rows),
                     VCMD_STATUS_OUT_OF_RANGE);
    transfer.level = 0;
    transfer.stride = 39;
    assert_int_equal(vcmd_capture_rows_of_transfer(&flat, &transfer, &rows),
                     VCMD_STATUS_OUT_OF_RANGE);
}

static void test_sizes_stop_at_the_largest(void **state)
{
    const struct vcmd_capture_rows rows = {UINT64_MAX - 1, UINT32_MAX, UINT32_MAX,
                                           UINT32_MAX,     UINT32_MAX, UINT32_MAX};

    (void)state;
    assert_true(vcmd_capture_rows_size(&rows) == UINT64_MAX);
    assert_true(vcmd_capture_rows_end(&rows) == UINT64_MAX);
}

/* ---- what the writer makes of them ---- */

static struct vcmd_capture_writer *start(struct memory_file *file)
{
    const struct vcmd_capture_sink sink = memory_sink(file);
    struct vcmd_capture_writer *writer;

    assert_int_equal(vcmd_capture_writer_create(&sink, NULL, &writer), VCMD_STATUS_OK);
    return writer;
}

static void test_rows_are_packed(void **state)
{
    const struct vcmd_resource_desc desc = {.target = VCMD_TEXTURE_2D,
                                            .format = VCMD_FORMAT_R8_UNORM,
                                            .width = 4,
                                            .height = 4,
                                            .backing_size = 16};
    const struct vcmd_capture_transfer transfer = {
        .context_id = 1,
        .resource_id = 2,
        .direction = VCMD_TRANSFER_TO_HOST,
        .transfer = {.box = {1, 1, 0, 2, 3, 1}, .offset = 5},
    };
    static const char memory[] = "abcdefghijklmnop";
    struct vcmd_capture_record record;
    struct vcmd_capture_reader *reader;
    struct memory_file file = {0};
    struct vcmd_capture_writer *writer = start(&file);

    (void)state;
    assert_int_equal(vcmd_capture_write_transfer(writer, &transfer, &desc, memory, 16),
                     VCMD_STATUS_OK);
    /* The last row would end at byte 15 of 14. */
    assert_int_equal(vcmd_capture_write_transfer(writer, &transfer, &desc, memory, 14),
                     VCMD_STATUS_OK);
    assert_int_equal(vcmd_capture_writer_close(writer), VCMD_STATUS_OK);
    reader = memory_reader(&file);
    assert_int_equal(vcmd_capture_read(reader, &record), VCMD_STATUS_OK);
    assert_int_equal(record.u.transfer.size, 6);
    assert_memory_equal(record.u.transfer.data, "fgjkno", 6);
    assert_int_equal(vcmd_capture_read(reader, &record), VCMD_STATUS_OK);
    assert_int_equal(record.type, VCMD_CAPTURE_COMMENT);
    assert_int_equal(vcmd_capture_read(reader, &record), VCMD_STATUS_OK);
    assert_int_equal(record.type, VCMD_CAPTURE_TRANSFER);
    assert_int_equal(record.u.transfer.size, 0);
    vcmd_capture_reader_close(reader);
    memory_file_free(&file);
}

/* Fills memory with the rows of a record. */
static void unpack(uint8_t *memory, const struct vcmd_capture_memory *record)
{
    const struct vcmd_capture_rows *rows = &record->rows;
    const uint8_t *from = record->data;

    for (uint32_t layer = 0; layer < rows->layers; layer++) {
        for (uint32_t row = 0; row < rows->rows; row++) {
            memcpy(memory + rows->offset + (size_t)layer * rows->layer_stride +
                       (size_t)row * rows->row_stride,
                   from, rows->row_bytes);
            from += rows->row_bytes;
        }
    }
}

/* 150 MiB in rows: in pieces, and the same bytes in the end. */
static void large_memory(const struct vcmd_capture_rows *rows)
{
    size_t end = (size_t)vcmd_capture_rows_end(rows);
    uint8_t *memory = malloc(end);
    uint8_t *copy = calloc(1, end);
    struct vcmd_capture_record record;
    struct vcmd_capture_reader *reader;
    struct memory_file file = {0};
    struct vcmd_capture_writer *writer = start(&file);
    size_t pieces = 0;

    assert_non_null(memory);
    assert_non_null(copy);
    for (size_t i = 0; i < end; i++)
        memory[i] = (uint8_t)(i >> 8 ^ i >> 20);
    assert_int_equal(vcmd_capture_write_memory(writer, 3, VCMD_CAPTURE_BY_GUEST, rows, memory, end),
                     VCMD_STATUS_OK);
    assert_int_equal(vcmd_capture_writer_close(writer), VCMD_STATUS_OK);
    reader = memory_reader(&file);
    for (;;) {
        assert_int_equal(vcmd_capture_read(reader, &record), VCMD_STATUS_OK);
        if (record.type == VCMD_CAPTURE_END)
            break;
        unpack(copy, &record.u.memory);
        pieces++;
    }
    assert_true(pieces > 1);
    for (uint32_t layer = 0; layer < rows->layers; layer++) {
        for (uint32_t row = 0; row < rows->rows; row++) {
            size_t at = (size_t)rows->offset + (size_t)layer * rows->layer_stride +
                        (size_t)row * rows->row_stride;

            assert_int_equal(memcmp(copy + at, memory + at, rows->row_bytes), 0);
        }
    }
    vcmd_capture_reader_close(reader);
    memory_file_free(&file);
    free(memory);
    free(copy);
}

static void test_large_memory(void **state)
{
    const struct vcmd_capture_rows run = {3, 150u << 20, 0, 1, 0, 1};
    const struct vcmd_capture_rows box = {100, 10u << 20, 11u << 20, 5, 60u << 20, 2};

    (void)state;
    large_memory(&run);
    large_memory(&box);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_of_transfers),
        cmocka_unit_test(test_refused_transfers),
        cmocka_unit_test(test_sizes_stop_at_the_largest),
        cmocka_unit_test(test_rows_are_packed),
        cmocka_unit_test(test_large_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
