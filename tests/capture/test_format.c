/* SPDX-License-Identifier: MIT */
#include "samples.h"
#include "support.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <virglcmd/enums.h>
#include <zlib.h>

/* ---- all types ---- */

static void read_back(int level)
{
    struct vcmd_capture_record record;
    struct vcmd_capture_reader *reader;
    struct memory_file file = {0};
    size_t ends[32];

    write_samples(&file, level, ends);
    reader = memory_reader(&file);
    assert_string_equal(vcmd_capture_reader_header(reader)->creator, "tests");
    assert_int_equal(vcmd_capture_reader_header(reader)->major_version, 1);
    for (size_t i = 0; i < num_samples; i++) {
        assert_int_equal(vcmd_capture_read(reader, &record), VCMD_STATUS_OK);
        assert_same_record(&record, &samples[i]);
        if (i > 0)
            assert_int_equal(record.offset, ends[i - 1]);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(vcmd_capture_read(reader, &record), VCMD_STATUS_OK);
        assert_int_equal(record.type, VCMD_CAPTURE_END);
        assert_int_equal(record.offset, file.size);
    }
    vcmd_capture_reader_close(reader);
    assert_int_equal(file.closed, 2);
    memory_file_free(&file);
}

static void test_every_type_comes_back(void **state)
{
    (void)state;
    for (int level = -1; level <= 9; level++)
        read_back(level);
}

static void test_essential_types(void **state)
{
    struct memory_file file = {0};
    struct vcmd_capture_reader *reader;
    struct vcmd_capture_record record;

    (void)state;
    write_samples(&file, 0, NULL);
    reader = memory_reader(&file);
    while (vcmd_capture_read(reader, &record) == VCMD_STATUS_OK &&
           record.type != VCMD_CAPTURE_END) {
        /* The page about the format says which. */
        bool essential = (record.type >= 5 && record.type <= 13) || record.type == 16 ||
                         record.type == 0x80000001;

        assert_int_equal(record.flags, essential ? VCMD_CAPTURE_ESSENTIAL : 0);
    }
    vcmd_capture_reader_close(reader);
    memory_file_free(&file);
}

/* ---- the bytes that docs/capture-format.md promises, by hand ---- */

static void put32(uint8_t *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (uint8_t)(value >> (8 * i));
}

static void test_bytes_as_documented(void **state)
{
    static const uint8_t start[] = {0x89, 'V', 'C', 'A', 'P', '\r', '\n', 0x1a, 1, 0, 0, 0, 5};
    static const uint8_t payload[] = {2, 1, 0, 0, 9, 0, 0, 0};
    const struct vcmd_capture_writer_options options = {.creator = "tests"};
    struct vcmd_capture_record record = {.type = VCMD_CAPTURE_ATTACH, .time_ns = 0x0102};
    struct memory_file file = {0};
    const struct vcmd_capture_sink sink = memory_sink(&file);
    struct vcmd_capture_writer *writer;
    uint8_t header[32] = {0};
    uint8_t crc[4];

    (void)state;
    record.u.pair.context_id = 0x102;
    record.u.pair.resource_id = 9;
    assert_int_equal(vcmd_capture_writer_create(&sink, &options, &writer), VCMD_STATUS_OK);
    assert_int_equal(vcmd_capture_write(writer, &record), VCMD_STATUS_OK);
    assert_int_equal(vcmd_capture_writer_close(writer), VCMD_STATUS_OK);

    assert_int_equal(file.size, 28 + 5 + 4 + 32 + 8);
    assert_memory_equal(file.bytes, start, sizeof(start));
    assert_memory_equal(file.bytes + 28, "tests", 5);
    put32(crc, (uint32_t)crc32(0, file.bytes, 33));
    assert_memory_equal(file.bytes + 33, crc, 4);

    put32(header, 9);
    put32(header + 4, 0x8000);
    put32(header + 8, 8);
    put32(header + 12, 8);
    put32(header + 16, 0x0102);
    put32(header + 24, (uint32_t)crc32(0, payload, 8));
    put32(header + 28, (uint32_t)crc32(0, header, 28));
    assert_memory_equal(file.bytes + 37, header, 32);
    assert_memory_equal(file.bytes + 69, payload, 8);
    memory_file_free(&file);
}

/* Fields that a later minor version has at the end of a payload are no concern of ours. */
static void test_longer_payload(void **state)
{
    struct vcmd_capture_reader *reader;
    struct vcmd_capture_record record;
    struct memory_file file = {0};
    uint8_t bytes[32 + 12] = {0};
    struct vcmd_capture_sink sink = memory_sink(&file);
    struct vcmd_capture_writer *writer;

    (void)state;
    assert_int_equal(vcmd_capture_writer_create(&sink, NULL, &writer), VCMD_STATUS_OK);
    assert_int_equal(vcmd_capture_writer_close(writer), VCMD_STATUS_OK);
    put32(bytes, VCMD_CAPTURE_DETACH);
    put32(bytes + 8, 12);
    put32(bytes + 12, 12);
    put32(bytes + 32, 5);
    put32(bytes + 36, 6);
    put32(bytes + 40, 7);
    put32(bytes + 24, (uint32_t)crc32(0, bytes + 32, 12));
    put32(bytes + 28, (uint32_t)crc32(0, bytes, 28));
    assert_int_equal(sink.write(sink.user, bytes, sizeof(bytes)), VCMD_STATUS_OK);
    reader = memory_reader(&file);
    assert_int_equal(vcmd_capture_read(reader, &record), VCMD_STATUS_OK);
    assert_int_equal(record.u.pair.context_id, 5);
    assert_int_equal(record.u.pair.resource_id, 6);
    vcmd_capture_reader_close(reader);
    memory_file_free(&file);
}

/* ---- refusals of the writer ---- */

static void test_bad_records(void **state)
{
    static const uint8_t bytes[8] = {0};
    struct vcmd_capture_record end = {.type = VCMD_CAPTURE_END};
    struct vcmd_capture_record null = {.type = VCMD_CAPTURE_SUBMIT, .u.submit = {1, NULL, 3}};
    struct vcmd_capture_record large = {.type = VCMD_CAPTURE_CAPSET,
                                        .u.capset = {1, 1, bytes, VCMD_CAPTURE_MAX_PAYLOAD}};
    struct vcmd_capture_record huge = {.type = VCMD_CAPTURE_SUBMIT,
                                       .u.submit = {1, (const uint32_t *)bytes, SIZE_MAX}};
    struct vcmd_capture_record rows = {.type = VCMD_CAPTURE_MEMORY,
                                       .u.memory = {1, 0, {0, 4, 4, 1, 4, 1}, bytes, 5}};
    struct vcmd_capture_record direction = {.type = VCMD_CAPTURE_TRANSFER};
    struct vcmd_capture_record inside = {.type = VCMD_CAPTURE_COMMENT, .u.comment = {"a\0b", 3}};
    struct memory_file file = {0};
    const struct vcmd_capture_sink sink = memory_sink(&file);
    struct vcmd_capture_writer *writer;
    size_t before;

    (void)state;
    assert_int_equal(vcmd_capture_writer_create(&sink, NULL, &writer), VCMD_STATUS_OK);
    before = file.size;
    assert_int_equal(vcmd_capture_write(writer, &end), VCMD_STATUS_OUT_OF_RANGE);
    assert_int_equal(vcmd_capture_write(writer, &null), VCMD_STATUS_NULL_ARGUMENT);
    assert_int_equal(vcmd_capture_write(writer, &large), VCMD_STATUS_TOO_LONG);
    assert_int_equal(vcmd_capture_write(writer, &huge), VCMD_STATUS_TOO_LONG);
    assert_int_equal(vcmd_capture_write(writer, &rows), VCMD_STATUS_OUT_OF_RANGE);
    assert_int_equal(vcmd_capture_write(writer, &direction), VCMD_STATUS_UNKNOWN_VALUE);
    assert_int_equal(vcmd_capture_write(writer, &inside), VCMD_STATUS_OUT_OF_RANGE);
    assert_int_equal(vcmd_capture_write(writer, NULL), VCMD_STATUS_NULL_ARGUMENT);
    assert_int_equal(vcmd_capture_write(NULL, &end), VCMD_STATUS_NULL_ARGUMENT);
    assert_int_equal(file.size, before);
    assert_int_equal(vcmd_capture_writer_status(writer), VCMD_STATUS_OK);
    assert_int_equal(vcmd_capture_writer_close(writer), VCMD_STATUS_OK);
    memory_file_free(&file);
}

/* A sink that fails is not asked again, and every call says so. */
static void test_failing_sink(void **state)
{
    struct memory_file file = {.fail_at = 120};
    const struct vcmd_capture_sink sink = memory_sink(&file);
    struct vcmd_capture_writer *writer;
    struct vcmd_capture_record record = {.type = VCMD_CAPTURE_COMMENT, .u.comment.text = "words"};
    uint64_t records, bytes;
    size_t size;

    (void)state;
    assert_int_equal(vcmd_capture_writer_create(&sink, NULL, &writer), VCMD_STATUS_OK);
    assert_int_equal(vcmd_capture_write(writer, &record), VCMD_STATUS_OK);
    size = file.size;
    assert_int_equal(vcmd_capture_write(writer, &record), VCMD_STATUS_FILE_FAILED);
    file.fail_at = 0;
    assert_int_equal(vcmd_capture_write(writer, &record), VCMD_STATUS_FILE_FAILED);
    assert_int_equal(file.size, size);
    vcmd_capture_writer_stats(writer, &records, &bytes);
    assert_int_equal(records, 1);
    assert_int_equal(bytes, size);
    assert_int_equal(vcmd_capture_writer_close(writer), VCMD_STATUS_FILE_FAILED);
    assert_int_equal(file.closed, 1);
    memory_file_free(&file);
}

static void test_failing_open(void **state)
{
    struct memory_file file = {.fail_at = 5};
    const struct vcmd_capture_sink sink = memory_sink(&file);
    struct vcmd_capture_writer *writer;

    (void)state;
    assert_int_equal(vcmd_capture_writer_create(&sink, NULL, &writer), VCMD_STATUS_FILE_FAILED);
    assert_null(writer);
    assert_int_equal(file.closed, 1);
    assert_int_equal(vcmd_capture_writer_open("/no/such/folder/file", NULL, &writer),
                     VCMD_STATUS_FILE_NOT_OPENED);
    assert_null(writer);
}

/* A sink is closed whatever the other arguments are. */
static void test_null_arguments(void **state)
{
    struct memory_file file = {0};
    struct vcmd_capture_sink sink = memory_sink(&file);
    struct vcmd_capture_writer *writer;

    (void)state;
    assert_int_equal(vcmd_capture_writer_create(&sink, NULL, NULL), VCMD_STATUS_NULL_ARGUMENT);
    assert_int_equal(file.closed, 1);
    sink.write = NULL;
    assert_int_equal(vcmd_capture_writer_create(&sink, NULL, &writer), VCMD_STATUS_NULL_ARGUMENT);
    assert_null(writer);
    assert_int_equal(file.closed, 2);
    sink.close = NULL;
    assert_int_equal(vcmd_capture_writer_create(&sink, NULL, &writer), VCMD_STATUS_NULL_ARGUMENT);
    assert_int_equal(vcmd_capture_writer_create(NULL, NULL, &writer), VCMD_STATUS_NULL_ARGUMENT);
    assert_null(writer);
    assert_int_equal(vcmd_capture_writer_open(NULL, NULL, &writer), VCMD_STATUS_NULL_ARGUMENT);
    assert_null(writer);
    assert_int_equal(file.size, 0);
}

#ifdef __linux__
static void test_full_disk(void **state)
{
    struct vcmd_capture_writer *writer;

    (void)state;
    assert_int_equal(vcmd_capture_writer_open("/dev/full", NULL, &writer), VCMD_STATUS_FILE_FAILED);
    assert_null(writer);
}
#endif

/* ---- files ---- */

static void test_file(void **state)
{
    char path[] = "capture-test-file.vcap";
    struct vcmd_capture_record record = {.type = VCMD_CAPTURE_COMMENT, .u.comment.text = "words"};
    struct vcmd_capture_writer *writer;
    struct vcmd_capture_reader *reader;
    struct vcmd_capture_error error;

    (void)state;
    assert_int_equal(vcmd_capture_writer_open(path, NULL, &writer), VCMD_STATUS_OK);
    assert_int_equal(vcmd_capture_write(writer, &record), VCMD_STATUS_OK);
    /* What was written is in the file before it is closed. */
    assert_int_equal(vcmd_capture_reader_open(path, 0, &reader, &error), VCMD_STATUS_OK);
    assert_int_equal(vcmd_capture_read(reader, &record), VCMD_STATUS_OK);
    assert_string_equal(record.u.comment.text, "words");
    assert_true(record.time_ns > 0);
    assert_true(vcmd_capture_reader_header(reader)->unix_time_ns > UINT64_C(1500000000000000000));
    vcmd_capture_reader_close(reader);
    assert_int_equal(vcmd_capture_writer_close(writer), VCMD_STATUS_OK);
    remove(path);
    errno = 0;
    assert_int_equal(vcmd_capture_reader_open(path, 0, &reader, &error),
                     VCMD_STATUS_FILE_NOT_OPENED);
    assert_int_equal(errno, ENOENT);
    assert_int_equal(error.status, VCMD_STATUS_FILE_NOT_OPENED);
    assert_string_equal(error.text, "the file cannot be opened for reading");
}

#ifdef __linux__
/* A folder can be opened for reading, and not be read. */
static void test_folder(void **state)
{
    struct vcmd_capture_reader *reader;
    struct vcmd_capture_error error;

    (void)state;
    assert_int_equal(vcmd_capture_reader_open("/", 0, &reader, &error), VCMD_STATUS_FILE_FAILED);
    assert_int_equal(error.status, VCMD_STATUS_FILE_FAILED);
    assert_null(reader);
}
#endif

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(vcmd_capture_type_name(VCMD_CAPTURE_RESOURCE_CREATE), "resource-create");
    assert_string_equal(vcmd_capture_type_name(VCMD_CAPTURE_END), "end");
    assert_string_equal(vcmd_capture_type_name(18), "unknown");
    assert_string_equal(vcmd_capture_type_name(UINT32_MAX), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_type_comes_back),
        cmocka_unit_test(test_essential_types),
        cmocka_unit_test(test_bytes_as_documented),
        cmocka_unit_test(test_longer_payload),
        cmocka_unit_test(test_bad_records),
        cmocka_unit_test(test_failing_sink),
        cmocka_unit_test(test_failing_open),
        cmocka_unit_test(test_null_arguments),
#ifdef __linux__
        cmocka_unit_test(test_full_disk),
        cmocka_unit_test(test_folder),
#endif
        cmocka_unit_test(test_file),
        cmocka_unit_test(test_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
