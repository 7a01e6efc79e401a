/* SPDX-License-Identifier: MIT */
#include "support.h"

void text_add(void *user, const char *text, size_t length)
{
    struct text *t = (struct text *)user;

    if (t->length + length > t->capacity) {
        t->capacity = 2 * (t->length + length);
        t->at = (char *)realloc(t->at, t->capacity);
        assert_non_null(t->at);
    }
    memcpy(t->at + t->length, text, length);
    t->length += length;
}

uint32_t *exact_copy(const uint32_t *dwords, size_t count)
{
    uint32_t *copy = (uint32_t *)malloc(count != 0 ? count * sizeof(*copy) : 1);

    assert_non_null(copy);
    if (count != 0)
        memcpy(copy, dwords, count * sizeof(*copy));
    return copy;
}

bool count_difference(void *user, const struct vcmd_difference *difference)
{
    (void)difference;
    ++*(size_t *)user;
    return true;
}

void encode_again(const uint32_t *dwords, size_t count, struct encoded_again *again)
{
    static uint64_t scratch[1 << 15];
    static uint32_t back[4096];
    struct vcmd_decoder decoder;
    struct vcmd_buffer buf;

    memset(again, 0, sizeof(*again));
    vcmd_decoder_init(&decoder, dwords, count, scratch, sizeof(scratch));
    again->decoded = vcmd_decode_next(&decoder, &again->packet);
    if (again->decoded != VCMD_STATUS_OK)
        return;
    assert_int_equal(
        vcmd_packet_differences(dwords, count, count_difference, &again->differences, NULL),
        VCMD_STATUS_OK);
    vcmd_buffer_init(&buf, back, sizeof(back) / sizeof(back[0]), 0);
    again->encoded = vcmd_encode_packet(&buf, &again->packet);
    again->error = buf.error;
    again->same = buf.length == count && memcmp(back, dwords, count * sizeof(*back)) == 0;
}

static void check_form(const uint32_t *dwords, size_t count, unsigned int flags)
{
    /* A packet that @size makes shorter is whole for a moment. */
    size_t capacity = count + 8;
    uint32_t *back = (uint32_t *)malloc(capacity * sizeof(*back));
    struct vcmd_text_error error;
    struct text text = {NULL, 0, 0};
    struct vcmd_buffer buf;
    char line[200];

    assert_non_null(back);
    vcmd_print_stream(dwords, count, flags, text_add, &text);
    vcmd_buffer_init(&buf, back, capacity, 0);
    if (vcmd_assemble(&buf, text.at, text.length, &error) != VCMD_STATUS_OK) {
        (void)vcmd_text_error_format(&error, line, sizeof(line));
        fail_msg("%s\nin %.*s", line, (int)text.length, text.at);
    }
    if (buf.length != count || memcmp(back, dwords, count * sizeof(*back)) != 0)
        fail_msg("assembled, this is something else: %.*s", (int)text.length, text.at);
    free(text.at);
    free(back);
}

void check_text(const uint32_t *dwords, size_t count)
{
    check_form(dwords, count, 0);
    check_form(dwords, count, VCMD_PRINT_FULL);
    check_form(dwords, count, VCMD_PRINT_FULL | VCMD_PRINT_DWORDS | VCMD_PRINT_POSITIONS);
}

static bool read_field(void *user, const struct vcmd_field *field)
{
    uint64_t *sum = (uint64_t *)user;

    if (field->type == VCMD_FIELD_STRING || field->type == VCMD_FIELD_BYTES) {
        for (size_t i = 0; i < field->count; i++)
            *sum += field->bytes[i];
        return true;
    }
    for (size_t i = 0; i < field->count; i++)
        *sum += vcmd_field_value(field, i);
    return true;
}

static bool read_difference(void *user, const struct vcmd_difference *difference)
{
    uint64_t *sum = (uint64_t *)user;

    *sum += difference->found - difference->canonical;
    return true;
}

void check_total(const uint32_t *dwords, size_t count)
{
    uint32_t *copy = exact_copy(dwords, count);
    void *scratch = malloc(1 << 20);
    struct vcmd_decoder decoder;
    struct vcmd_packet packet;
    uint64_t sum = 0;
    size_t steps = 0;

    assert_non_null(scratch);
    vcmd_decoder_init(&decoder, copy, count, scratch, 1 << 20);
    while (vcmd_decoder_more(&decoder)) {
        size_t at = decoder.position, left = count - at;
        enum vcmd_status status = vcmd_decode_next(&decoder, &packet);
        struct vcmd_error error;

        assert_true(decoder.position > at && decoder.position <= count);
        assert_int_equal(packet.position, at);
        assert_int_equal(decoder.error.status, status);
        assert_int_equal(vcmd_visit_packet(copy + at, left, read_field, &sum, &error), status);
        assert_int_equal(error.offset, decoder.error.offset);
        assert_int_equal(vcmd_packet_differences(copy + at, left, read_difference, &sum, &error),
                         status);
        assert_true(++steps <= count);
    }
    free(scratch);
    free(copy);
}
