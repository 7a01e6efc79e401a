/* SPDX-License-Identifier: MIT */
#include "samples.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#define HEADER_BYTES (28 + 5 + 4) /* creator "tests" */

/* Reads all records; *records counts them. Returns what ended it: OK for a clean end. */
static enum vcmd_status read_all(struct memory_file *file, size_t *records,
                                 struct vcmd_capture_error *error)
{
    const struct vcmd_capture_source source = memory_source(file);
    struct vcmd_capture_record record;
    struct vcmd_capture_reader *reader;
    enum vcmd_status status;

    *records = 0;
    status = vcmd_capture_reader_create(&source, 0, &reader, error);
    if (status != VCMD_STATUS_OK)
        return status;
    for (;;) {
        status = vcmd_capture_read(reader, &record);
        if (status != VCMD_STATUS_OK || record.type == VCMD_CAPTURE_END)
            break;
        assert_same_record(&record, &samples[*records]);
        (*records)++;
    }
    *error = *vcmd_capture_reader_error(reader);
    /* It stays as it is. */
    assert_int_equal(vcmd_capture_read(reader, &record), status);
    assert_int_equal(record.type, VCMD_CAPTURE_END);
    vcmd_capture_reader_close(reader);
    return status;
}

/* How many whole records the first size bytes have, and where those end. */
static size_t whole_records(const size_t *ends, size_t size, size_t *end)
{
    size_t whole = 0;

    *end = HEADER_BYTES;
    while (whole < num_samples && ends[whole] <= size) {
        *end = ends[whole];
        whole++;
    }
    return whole;
}

static void test_every_truncation(void **state)
{
    struct vcmd_capture_error error;
    struct memory_file file = {0};
    size_t ends[32], all, records;

    (void)state;
    write_samples(&file, 0, ends);
    all = file.size;
    for (size_t size = 0; size < all; size++) {
        enum vcmd_status status;
        size_t end, whole = whole_records(ends, size, &end);

        file.size = size;
        status = read_all(&file, &records, &error);
        assert_int_equal(records, whole);
        assert_int_equal(status, size >= HEADER_BYTES && end == size ? VCMD_STATUS_OK
                                                                     : VCMD_STATUS_TRUNCATED);
        assert_int_equal(error.status, status);
        if (status != VCMD_STATUS_OK) {
            assert_int_equal(error.offset, size < HEADER_BYTES ? 0 : end);
            assert_non_null(strstr(error.text, size ? "the file ends" : "the file is empty"));
        }
    }
    memory_file_free(&file);
}

static void test_every_flipped_bit(void **state)
{
    struct vcmd_capture_error error;
    struct memory_file file = {0};
    size_t ends[32], records;

    (void)state;
    write_samples(&file, 0, ends);
    for (size_t bit = 0; bit < file.size * 8; bit++) {
        size_t end, whole = whole_records(ends, bit / 8, &end);
        uint8_t mask = (uint8_t)(1u << bit % 8);

        file.bytes[bit / 8] ^= mask;
        assert_int_equal(read_all(&file, &records, &error), VCMD_STATUS_MALFORMED);
        assert_int_equal(records, whole);
        assert_int_equal(error.offset, bit / 8 < HEADER_BYTES ? 0 : end);
        file.bytes[bit / 8] ^= mask;
    }
    assert_int_equal(read_all(&file, &records, &error), VCMD_STATUS_OK);
    memory_file_free(&file);
}

static void test_null_arguments(void **state)
{
    struct memory_file file = {0};
    struct vcmd_capture_source source = memory_source(&file);
    struct vcmd_capture_error error = {0};
    struct vcmd_capture_reader *reader;

    (void)state;
    assert_int_equal(vcmd_capture_reader_create(&source, 0, NULL, &error),
                     VCMD_STATUS_NULL_ARGUMENT);
    assert_int_equal(error.status, VCMD_STATUS_NULL_ARGUMENT);
    assert_true(strlen(error.text) > 10);
    assert_int_equal(file.closed, 1);
    source.read = NULL;
    assert_int_equal(vcmd_capture_reader_create(&source, 0, &reader, NULL),
                     VCMD_STATUS_NULL_ARGUMENT);
    assert_null(reader);
    assert_int_equal(file.closed, 2);
    memset(&error, 0, sizeof(error));
    assert_int_equal(vcmd_capture_reader_create(NULL, 0, &reader, &error),
                     VCMD_STATUS_NULL_ARGUMENT);
    assert_int_equal(error.status, VCMD_STATUS_NULL_ARGUMENT);
    memset(&error, 0x5a, sizeof(error));
    assert_int_equal(vcmd_capture_reader_open(NULL, 0, &reader, &error), VCMD_STATUS_NULL_ARGUMENT);
    assert_null(reader);
    assert_int_equal(error.status, VCMD_STATUS_NULL_ARGUMENT);
    assert_int_equal(error.offset, 0);
    assert_string_equal(error.text, "no path or no place for the reader: NULL");
    assert_int_equal(vcmd_capture_reader_open(NULL, 0, &reader, NULL), VCMD_STATUS_NULL_ARGUMENT);
    memset(&error, 0x5a, sizeof(error));
    assert_int_equal(vcmd_capture_reader_open("file", 0, NULL, &error), VCMD_STATUS_NULL_ARGUMENT);
    assert_int_equal(error.status, VCMD_STATUS_NULL_ARGUMENT);
}

/* ---- records that no writer makes, with good checksums ---- */

static void put32(uint8_t *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (uint8_t)(value >> (8 * i));
}

struct forged {
    uint32_t type, flags, stored, size;
    const uint8_t *payload;
    size_t present; /* bytes of the payload that are in the file */
};

static enum vcmd_status read_forged(const struct forged *forged, size_t max_payload)
{
    struct memory_file file = {0};
    struct vcmd_capture_sink sink = memory_sink(&file);
    struct vcmd_capture_writer *writer;
    struct vcmd_capture_reader *reader;
    struct vcmd_capture_record record;
    struct vcmd_capture_source source;
    enum vcmd_status status;
    uint8_t header[32] = {0};
    size_t offset;

    assert_int_equal(vcmd_capture_writer_create(&sink, NULL, &writer), VCMD_STATUS_OK);
    assert_int_equal(vcmd_capture_writer_close(writer), VCMD_STATUS_OK);
    offset = file.size;
    put32(header, forged->type);
    put32(header + 4, forged->flags);
    put32(header + 8, forged->stored);
    put32(header + 12, forged->size);
    put32(header + 24, (uint32_t)crc32(0, forged->payload, (uInt)forged->present));
    put32(header + 28, (uint32_t)crc32(0, header, 28));
    assert_int_equal(sink.write(sink.user, header, sizeof(header)), VCMD_STATUS_OK);
    assert_int_equal(sink.write(sink.user, forged->payload, forged->present), VCMD_STATUS_OK);
    source = memory_source(&file);
    assert_int_equal(vcmd_capture_reader_create(&source, max_payload, &reader, NULL),
                     VCMD_STATUS_OK);
    status = vcmd_capture_read(reader, &record);
    if (status != VCMD_STATUS_OK)
        assert_int_equal(vcmd_capture_reader_error(reader)->offset, offset);
    vcmd_capture_reader_close(reader);
    memory_file_free(&file);
    return status;
}

static void test_sizes_that_lie(void **state)
{
    static const uint8_t eight[8] = {1, 0, 0, 0, 255, 255, 255, 255};
    /* Said to have 255 MiB, has 8 bytes: it ends early, and took no memory for more. */
    const struct forged cut = {VCMD_CAPTURE_ATTACH, 0, 0x0ff00000, 0x0ff00000, eight, 8};
    const struct forged over = {VCMD_CAPTURE_ATTACH, 0, 0x10000001, 0x10000001, eight, 8};
    const struct forged two_sizes = {VCMD_CAPTURE_ATTACH, 0, 8, 9, eight, 8};
    const struct forged bomb = {VCMD_CAPTURE_ATTACH, 1, 8, 0x10000000, eight, 8};
    const struct forged no_zlib = {VCMD_CAPTURE_ATTACH, 1, 8, 8, eight, 8};
    const struct forged way = {VCMD_CAPTURE_ATTACH, 2, 8, 8, eight, 8};
    const struct forged none = {VCMD_CAPTURE_END, 0, 8, 8, eight, 8};
    const struct forged brief = {VCMD_CAPTURE_ATTACH, 0, 7, 7, eight, 7};
    /* The size field inside says 2^32 - 1 dwords. */
    const struct forged inner = {VCMD_CAPTURE_SUBMIT, 0, 8, 8, eight, 8};
    const struct forged good = {VCMD_CAPTURE_ATTACH, 0, 8, 8, eight, 8};

    (void)state;
    assert_int_equal(read_forged(&cut, 0), VCMD_STATUS_TRUNCATED);
    assert_int_equal(read_forged(&over, 0), VCMD_STATUS_MALFORMED);
    assert_int_equal(read_forged(&two_sizes, 0), VCMD_STATUS_MALFORMED);
    assert_int_equal(read_forged(&bomb, 0), VCMD_STATUS_MALFORMED);
    assert_int_equal(read_forged(&no_zlib, 0), VCMD_STATUS_MALFORMED);
    assert_int_equal(read_forged(&way, 0), VCMD_STATUS_UNSUPPORTED);
    assert_int_equal(read_forged(&none, 0), VCMD_STATUS_MALFORMED);
    assert_int_equal(read_forged(&brief, 0), VCMD_STATUS_MALFORMED);
    assert_int_equal(read_forged(&inner, 0), VCMD_STATUS_MALFORMED);
    assert_int_equal(read_forged(&good, 7), VCMD_STATUS_TOO_LONG);
    assert_int_equal(read_forged(&good, 8), VCMD_STATUS_OK);
}

/* Decompresses to one byte more, or less, than its header says. */
static void test_compressed_sizes_that_lie(void **state)
{
    static const uint8_t plain[2000] = {1};
    uint8_t packed[200];
    uLongf size = sizeof(packed);
    struct forged forged = {1000, 1, 0, 0, packed, 0};

    (void)state;
    assert_int_equal(compress(packed, &size, plain, sizeof(plain)), Z_OK);
    forged.present = size;
    forged.stored = (uint32_t)size;
    forged.size = sizeof(plain);
    assert_int_equal(read_forged(&forged, 0), VCMD_STATUS_OK);
    forged.size = sizeof(plain) + 1;
    assert_int_equal(read_forged(&forged, 0), VCMD_STATUS_MALFORMED);
    forged.size = sizeof(plain) - 1;
    assert_int_equal(read_forged(&forged, 0), VCMD_STATUS_MALFORMED);
    /* A byte behind the end of the zlib stream. */
    forged.size = sizeof(plain);
    forged.stored++;
    forged.present++;
    assert_int_equal(read_forged(&forged, 0), VCMD_STATUS_MALFORMED);
}

static void test_later_versions(void **state)
{
    struct memory_file file = {0};
    struct vcmd_capture_error error;
    size_t ends[32], records;

    (void)state;
    write_samples(&file, 0, ends);
    file.bytes[10] = 7; /* 1.7 */
    put32(file.bytes + 33, (uint32_t)crc32(0, file.bytes, 33));
    assert_int_equal(read_all(&file, &records, &error), VCMD_STATUS_OK);
    file.bytes[8] = 2;
    put32(file.bytes + 33, (uint32_t)crc32(0, file.bytes, 33));
    assert_int_equal(read_all(&file, &records, &error), VCMD_STATUS_UNSUPPORTED);
    assert_string_equal(error.text, "the capture has version 2.7, this library reads 1.x");
    memory_file_free(&file);
}

static void test_something_else(void **state)
{
    struct memory_file file = {0};
    struct vcmd_capture_error error;
    size_t records;

    (void)state;
    file.bytes = (uint8_t *)strdup("#!/bin/sh\necho hello, this is some text\n");
    assert_non_null(file.bytes);
    file.size = strlen((const char *)file.bytes);
    assert_int_equal(read_all(&file, &records, &error), VCMD_STATUS_MALFORMED);
    assert_string_equal(error.text, "this is no capture: it does not begin as one");
    memory_file_free(&file);
}

static enum vcmd_status fail_to_read(void *user, void *bytes, size_t size, size_t *got)
{
    (void)user;
    (void)bytes;
    (void)size;
    (void)got;
    return VCMD_STATUS_DEVICE_LOST;
}

static void test_failing_source(void **state)
{
    const struct vcmd_capture_source source = {fail_to_read, NULL, NULL};
    struct vcmd_capture_reader *reader;
    struct vcmd_capture_error error;

    (void)state;
    assert_int_equal(vcmd_capture_reader_create(&source, 0, &reader, &error),
                     VCMD_STATUS_DEVICE_LOST);
    assert_null(reader);
    assert_int_equal(error.offset, 0);
    assert_string_equal(error.text, "reading fails: the transport broke, the device is of no "
                                    "further use");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_truncation), cmocka_unit_test(test_every_flipped_bit),
        cmocka_unit_test(test_sizes_that_lie),   cmocka_unit_test(test_compressed_sizes_that_lie),
        cmocka_unit_test(test_later_versions),   cmocka_unit_test(test_something_else),
        cmocka_unit_test(test_failing_source),   cmocka_unit_test(test_null_arguments),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
