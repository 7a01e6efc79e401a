/* SPDX-License-Identifier: MIT */
/* The length field of a packet has 16 bits: payloads up to 65535 dwords, and not one more. */
#include "support.h"

#define PAYLOAD  65535u
#define CAPACITY (1 + PAYLOAD + 16)

struct big {
    struct vcmd_buffer buf;
    uint32_t *memory, *before;
    uint32_t *data; /* more than any packet can have */
};

static int setup(void **state)
{
    struct big *big = test_memory(sizeof(*big));

    big->memory = test_memory(CAPACITY * sizeof(uint32_t));
    big->before = test_memory(CAPACITY * sizeof(uint32_t));
    big->data = test_memory(CAPACITY * sizeof(uint32_t));
    fill_bytes(big->memory, CAPACITY * sizeof(uint32_t), 11);
    memcpy(big->before, big->memory, CAPACITY * sizeof(uint32_t));
    fill_bytes(big->data, CAPACITY * sizeof(uint32_t), 12);
    vcmd_buffer_init(&big->buf, big->memory, CAPACITY, 0);
    *state = big;
    return 0;
}

static int teardown(void **state)
{
    struct big *big = *state;

    free(big->data);
    free(big->before);
    free(big->memory);
    free(big);
    return 0;
}

static void check_full(const struct big *big, uint32_t opcode)
{
    assert_int_equal(big->buf.length, 1 + PAYLOAD);
    assert_int_equal(stream_dword(&big->buf, 0) >> 16, PAYLOAD);
    assert_int_equal(stream_dword(&big->buf, 0) & 0xff, opcode);
    assert_memory_equal(big->memory + 1 + PAYLOAD, big->before + 1 + PAYLOAD,
                        (CAPACITY - 1 - PAYLOAD) * sizeof(uint32_t));
}

static void check_too_long(struct big *big, enum vcmd_status status, const char *field,
                           uint64_t value, uint64_t limit)
{
    assert_int_equal(status, VCMD_STATUS_TOO_LONG);
    assert_int_equal(big->buf.error.status, VCMD_STATUS_TOO_LONG);
    assert_string_equal(big->buf.error.field, field);
    assert_int_equal(big->buf.error.value, value);
    assert_int_equal(big->buf.error.limit, limit);
    assert_int_equal(big->buf.length, 0);
    assert_memory_equal(big->memory, big->before, CAPACITY * sizeof(uint32_t));
}

static void nop(void **state)
{
    struct big *big = *state;
    struct vcmd_nop args = {PAYLOAD + 1};
    size_t i;

    check_too_long(big, vcmd_nop(&big->buf, &args), "num_dwords", PAYLOAD + 1, PAYLOAD);
    vcmd_buffer_reset(&big->buf);
    args.num_dwords = 0xffffffffu;
    check_too_long(big, vcmd_nop(&big->buf, &args), "num_dwords", 0xffffffffu, PAYLOAD);
    vcmd_buffer_reset(&big->buf);
    args.num_dwords = PAYLOAD;
    assert_int_equal(vcmd_nop(&big->buf, &args), VCMD_STATUS_OK);
    check_full(big, 0);
    for (i = 1; i <= PAYLOAD; i++)
        assert_int_equal(big->memory[i], 0);

    vcmd_buffer_reset(&big->buf);
    args.num_dwords = 0;
    assert_int_equal(vcmd_nop(&big->buf, &args), VCMD_STATUS_OK);
    assert_int_equal(big->buf.length, 1);
    assert_int_equal(stream_dword(&big->buf, 0), 0);
}

static void end_transfers(void **state)
{
    struct big *big = *state;
    struct vcmd_end_transfers args = {PAYLOAD + 1};

    check_too_long(big, vcmd_end_transfers(&big->buf, &args), "num_dwords", PAYLOAD + 1, PAYLOAD);
    vcmd_buffer_reset(&big->buf);
    args.num_dwords = PAYLOAD;
    assert_int_equal(vcmd_end_transfers(&big->buf, &args), VCMD_STATUS_OK);
    check_full(big, 44);
}

/* Two dwords stand in front of the constants. */
static void constants(void **state)
{
    struct big *big = *state;
    struct vcmd_set_constant_buffer args = {1, 0, PAYLOAD - 1, big->data};
    size_t i;

    check_too_long(big, vcmd_set_constant_buffer(&big->buf, &args), "num_dwords", 65534, 65533);
    vcmd_buffer_reset(&big->buf);
    args.num_dwords = 0x80000000u;
    check_too_long(big, vcmd_set_constant_buffer(&big->buf, &args), "num_dwords", 0x80000000u,
                   65533);
    vcmd_buffer_reset(&big->buf);
    args.num_dwords = PAYLOAD - 2;
    assert_int_equal(vcmd_set_constant_buffer(&big->buf, &args), VCMD_STATUS_OK);
    check_full(big, 12);
    for (i = 0; i < PAYLOAD - 2; i++)
        assert_int_equal(stream_dword(&big->buf, 3 + i), big->data[i]);

    /* Without data the constants are removed. */
    vcmd_buffer_reset(&big->buf);
    args.num_dwords = 0;
    args.data = NULL;
    assert_int_equal(vcmd_set_constant_buffer(&big->buf, &args), VCMD_STATUS_OK);
    assert_int_equal(big->buf.length, 3);
}

/* One dword with the length, then text: 4 * 0xfffe bytes at most. */
static void string_marker(void **state)
{
    struct big *big = *state;
    struct vcmd_send_string_marker args = {4 * 0xfffe + 1, (const char *)big->data};
    uint32_t left;

    check_too_long(big, vcmd_send_string_marker(&big->buf, &args), "string_length", 262137, 262136);
    vcmd_buffer_reset(&big->buf);
    args.string_length = 0xffffffffu;
    check_too_long(big, vcmd_send_string_marker(&big->buf, &args), "string_length", 0xffffffffu,
                   262136);
    for (left = 0; left < 4; left++) {
        vcmd_buffer_reset(&big->buf);
        memcpy(big->memory, big->before, CAPACITY * sizeof(uint32_t));
        args.string_length = 4 * 0xfffe - left;
        assert_int_equal(vcmd_send_string_marker(&big->buf, &args), VCMD_STATUS_OK);
        check_full(big, 51);
        assert_int_equal(stream_dword(&big->buf, 1), args.string_length);
        assert_memory_equal(big->memory + 2, big->data, args.string_length);
        /* Padded with zeros. */
        if (left != 0)
            assert_int_equal(stream_dword(&big->buf, PAYLOAD) >> (32 - 8 * left), 0);
    }
}

/* The text, a NUL, and one dword that some hosts lose. */
static void debug_flags(void **state)
{
    struct big *big = *state;
    struct vcmd_set_debug_flags args = {4 * (PAYLOAD - 1), (const char *)big->data};

    check_too_long(big, vcmd_set_debug_flags(&big->buf, &args), "flagstring_size", 262136, 262135);
    vcmd_buffer_reset(&big->buf);
    args.flagstring_size = 0xffffffffu;
    check_too_long(big, vcmd_set_debug_flags(&big->buf, &args), "flagstring_size", 0xffffffffu,
                   262135);
    vcmd_buffer_reset(&big->buf);
    args.flagstring_size = 4 * (PAYLOAD - 1) - 1;
    assert_int_equal(vcmd_set_debug_flags(&big->buf, &args), VCMD_STATUS_OK);
    check_full(big, 41);
    assert_memory_equal(big->memory + 1, big->data, args.flagstring_size);
    assert_int_equal(((const uint8_t *)(big->memory + 1))[args.flagstring_size], 0);
    assert_int_equal(stream_dword(&big->buf, PAYLOAD), 0);
}

/* Hosts refuse less than two dwords, and read one less than there are. */
static void short_debug_flags(void **state)
{
    static const char text[] = "abcdefghijkl";
    struct big *big = *state;
    uint32_t size;

    for (size = 0; size <= 12; size++) {
        const struct vcmd_set_debug_flags args = {size, size != 0 ? text : NULL};
        char seen[64] = {0};

        vcmd_buffer_reset(&big->buf);
        memcpy(big->memory, big->before, CAPACITY * sizeof(uint32_t));
        assert_int_equal(vcmd_set_debug_flags(&big->buf, &args), VCMD_STATUS_OK);
        assert_in_range(big->buf.length - 1, 2, 5);
        memcpy(seen, big->memory + 1, (big->buf.length - 2) * 4);
        assert_int_equal(strlen(seen), size);
        assert_memory_equal(seen, text, size);
        assert_int_equal(stream_dword(&big->buf, big->buf.length - 1), 0);
    }
}

/* 11 dwords stand in front of the data. */
static void inline_write_packet(void **state)
{
    struct big *big = *state;
    struct vcmd_resource_inline_write_packet args = {.res_handle = 1,
                                                     .box = {.w = 1, .h = 1, .d = 1},
                                                     .data = big->data,
                                                     .data_size = 4 * (PAYLOAD - 11) + 1};

    check_too_long(big, vcmd_resource_inline_write_packet(&big->buf, &args), "data_size", 262097,
                   262096);
    vcmd_buffer_reset(&big->buf);
    args.data_size = 0xfffffffdu;
    check_too_long(big, vcmd_resource_inline_write_packet(&big->buf, &args), "data_size",
                   0xfffffffdu, 262096);
    vcmd_buffer_reset(&big->buf);
    args.data_size = 4 * (PAYLOAD - 11);
    assert_int_equal(vcmd_resource_inline_write_packet(&big->buf, &args), VCMD_STATUS_OK);
    check_full(big, 9);
    assert_memory_equal(big->memory + 12, big->data, args.data_size);
}

/* 5 dwords, with stream output 4 + 2 * outputs more, stand in front of the text. */
static void shader_packets(void **state)
{
    static const struct vcmd_stream_output outputs[64];
    struct big *big = *state;
    struct vcmd_create_shader_packet args = {
        .handle = 1, .text = (const char *)big->data, .so_info_output = outputs};
    struct vcmd_create_shader_compute_packet compute = {
        .handle = 1, .type = 5, .text = (const char *)big->data};
    uint32_t count;

    for (count = 0; count <= 64; count += 32) {
        uint32_t fixed = 5 + (count != 0 ? 4 + 2 * count : 0);

        vcmd_buffer_reset(&big->buf);
        memcpy(big->memory, big->before, CAPACITY * sizeof(uint32_t));
        args.so_info_num_outputs = count;
        args.text_size = 4 * (PAYLOAD - fixed) + 1;
        assert_int_equal(vcmd_create_shader_packet(&big->buf, &args), VCMD_STATUS_TOO_LONG);
        assert_memory_equal(big->memory, big->before, CAPACITY * sizeof(uint32_t));
        vcmd_buffer_reset(&big->buf);
        args.text_size = 4 * (PAYLOAD - fixed);
        assert_int_equal(vcmd_create_shader_packet(&big->buf, &args), VCMD_STATUS_OK);
        check_full(big, 1);
    }
    vcmd_buffer_reset(&big->buf);
    args.text_size = 0xffffffffu;
    assert_int_equal(vcmd_create_shader_packet(&big->buf, &args), VCMD_STATUS_TOO_LONG);
    vcmd_buffer_reset(&big->buf);
    compute.text_size = 4 * (PAYLOAD - 5) + 1;
    assert_int_equal(vcmd_create_shader_compute_packet(&big->buf, &compute), VCMD_STATUS_TOO_LONG);
    vcmd_buffer_reset(&big->buf);
    compute.text_size = 4 * (PAYLOAD - 5);
    assert_int_equal(vcmd_create_shader_compute_packet(&big->buf, &compute), VCMD_STATUS_OK);
    check_full(big, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nop),         TEST(end_transfers),     TEST(constants),           TEST(string_marker),
        TEST(debug_flags), TEST(short_debug_flags), TEST(inline_write_packet), TEST(shader_packets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
