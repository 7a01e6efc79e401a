/* SPDX-License-Identifier: MIT */
#include "decoded.h"
#include "../../src/decode/table.h"
#include "support.h"

static bool no_difference(void *user, const struct vcmd_difference *difference)
{
    (void)user;
    fail_msg("dword %zu is 0x%x instead of 0x%x", difference->dword,
             (unsigned int)difference->found, (unsigned int)difference->canonical);
    return false;
}

/* Text comes back with its NUL, or with the zeros that fill it. */
static void same_text(const uint8_t *a, uint32_t a_size, const uint8_t *b, uint32_t b_size)
{
    uint32_t common = a_size < b_size ? a_size : b_size;

    if (common != 0)
        assert_memory_equal(a, b, common);
    for (uint32_t i = common; i < a_size; i++)
        assert_int_equal(a[i], 0);
    for (uint32_t i = common; i < b_size; i++)
        assert_int_equal(b[i], 0);
}

/* Compares what is behind a pointer, and makes pointer and count the same in both structs. */
static void same_behind(const struct vcmd_layout *layout, const struct vcmd_part *part,
                        uint8_t *args, uint8_t *found)
{
    size_t place = part->count_offset;
    uint32_t wanted, got;
    const uint8_t *a, *b;

    if (part->count_item != 0)
        place = vcmd_table_items[layout->first_item + part->count_item - 1].offset;
    memcpy(&wanted, args + place, sizeof(wanted));
    memcpy(&got, found + place, sizeof(got));
    if (part->offset != VCMD_NO_OFFSET) {
        memcpy(&a, args + part->offset, sizeof(a));
        memcpy(&b, found + part->offset, sizeof(b));
        memset(args + part->offset, 0, sizeof(a));
        memset(found + part->offset, 0, sizeof(a));
        if (part->kind == VCMD_PART_BYTES) {
            same_text(a, wanted, b, got);
            memcpy(found + place, &wanted, sizeof(wanted));
        } else if (wanted != 0) {
            assert_int_equal(got, wanted);
            assert_memory_equal(b, a, (size_t)wanted * part->element);
        }
    }
}

static void same_args(const struct vcmd_packet *packet, const void *args, size_t size)
{
    const struct vcmd_layout *layout = &vcmd_table_packets[packet->kind];
    uint8_t *wanted = (uint8_t *)malloc(size), *found = (uint8_t *)malloc(size);

    assert_non_null(wanted);
    assert_non_null(found);
    assert_int_equal(layout->size, size);
    memcpy(wanted, args, size);
    memcpy(found, &packet->nop, size);
    for (uint32_t i = 0; i < layout->parts; i++) {
        const struct vcmd_part *part = &vcmd_table_parts[layout->first_part + i];

        if (part->kind > VCMD_PART_REPEAT)
            same_behind(layout, part, wanted, found);
    }
    if (layout->items != 0)
        assert_memory_equal(found, wanted, size);
    free(wanted);
    free(found);
}

static void check_encode(const struct vcmd_packet *packet, const uint32_t *wire, size_t count)
{
    uint32_t *memory = (uint32_t *)malloc((count + 1) * sizeof(*memory));
    struct vcmd_buffer buf;

    assert_non_null(memory);
    vcmd_buffer_init(&buf, memory, count, 0);
    assert_int_equal(vcmd_encode_packet(&buf, packet), VCMD_STATUS_OK);
    assert_int_equal(buf.length, count);
    assert_memory_equal(memory, wire, count * sizeof(*memory));
    free(memory);
}

/* The stream ends early, and the payload ends early. */
static void check_short(uint32_t *wire, size_t count)
{
    uint32_t header = wire[0];

    for (size_t length = 0; length < count; length++) {
        struct vcmd_decoder decoder;
        struct vcmd_packet packet;

        vcmd_decoder_init(&decoder, wire, length, NULL, 0);
        assert_int_equal(vcmd_decode_next(&decoder, &packet), VCMD_STATUS_TRUNCATED);
        check_total(wire, length);
        check_text(wire, length);
        if (length == 0)
            continue;
        wire[0] = vcmd_le32((vcmd_le32(header) & 0xffffu) | (uint32_t)(length - 1) << 16);
        check_total(wire, length);
        check_text(wire, length);
        wire[0] = header;
    }
}

/* Values that no driver sends make the one variant look like the other, without a bit lost. */
static bool is_ambiguous(const char *encode, const struct vcmd_packet *packet)
{
    return (strcmp(encode, "vcmd_create_surface_buffer") == 0 &&
            packet->kind == VCMD_PACKET_CREATE_SURFACE) ||
           (strcmp(encode, "vcmd_create_sampler_view_buffer") == 0 &&
            packet->kind == VCMD_PACKET_CREATE_SAMPLER_VIEW);
}

void decoded_packet(const char *encode, const void *args, size_t size, const uint32_t *expected,
                    size_t count)
{
    uint32_t *wire = exact_copy(expected, count);
    uint64_t scratch[VCMD_DECODER_SCRATCH / 8];
    struct vcmd_decoder decoder;
    struct vcmd_packet packet;

    for (size_t i = 0; i < count; i++)
        wire[i] = vcmd_le32(expected[i]);
    memset(&packet, 0x5a, sizeof(packet));
    vcmd_decoder_init(&decoder, wire, count, scratch, sizeof(scratch));
    assert_int_equal(vcmd_decode_next(&decoder, &packet), VCMD_STATUS_OK);
    assert_false(vcmd_decoder_more(&decoder));
    assert_int_equal(packet.trailing, 0);
    assert_int_equal(packet.payload, count - 1);
    if (!is_ambiguous(encode, &packet)) {
        same_args(&packet, args, size);
        check_encode(&packet, wire, count);
        assert_int_equal(vcmd_packet_differences(wire, count, no_difference, NULL, NULL),
                         VCMD_STATUS_OK);
    }
    check_total(wire, count);
    check_text(wire, count);
    check_short(wire, count);
    free(wire);
}

static bool count_field(void *user, const struct vcmd_field *field)
{
    size_t *end = (size_t *)user, size = field->count * field->width;

    assert_true(field->place + size >= *end || field->shift != 0);
    *end = field->place + size;
    return true;
}

void decoded_control(const char *encode, const uint8_t *expected, size_t size)
{
    struct text text = {NULL, 0, 0};
    struct vcmd_error error;
    uint8_t *copy;
    size_t end = 0, fixed = 0;

    /* The stream of this one comes from elsewhere. */
    assert_int_equal(vcmd_visit_control(expected, size, count_field, &end, &error),
                     strcmp(encode, "vcmd_ctrl_submit_3d") == 0 ? VCMD_STATUS_TRUNCATED
                                                                : VCMD_STATUS_OK);
    assert_true(end <= size);
    for (size_t length = 0; length < size; length++) {
        copy = (uint8_t *)malloc(length + 1);
        assert_non_null(copy);
        memcpy(copy + 1, expected, length); /* at an odd address, to its end */
        end = 0;
        if (vcmd_visit_control(copy + 1, length, count_field, &end, NULL) == VCMD_STATUS_OK)
            fixed = 1;
        else
            assert_int_equal(fixed, 0);
        vcmd_print_control(copy + 1, length, VCMD_PRINT_FULL, text_add, &text);
        free(copy);
    }
    free(text.at);
}
