/* SPDX-License-Identifier: MIT */
#include "support.h"

/* Streams of any dwords: what is read, what is skipped, and that text brings all of it back. */

#define MEMORY 700

static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

/* Small numbers, single bits and floats are what streams have; any dword may come, too. */
static uint32_t random_dword(uint32_t *state)
{
    uint32_t value = next_random(state);

    switch (next_random(state) % 6) {
    case 0:
        return 0;
    case 1:
        return value % 8;
    case 2:
        return value % 70;
    case 3:
        return (uint32_t)1 << value % 32;
    case 4:
        return vcmd_float_bits((float)(int32_t)value / 65536.0f);
    default:
        return value;
    }
}

/* A packet whose header is good: a known opcode and object, and a payload that is there. */
static size_t random_packet(uint32_t *state, uint32_t *to, size_t room)
{
    static const uint8_t sizes[] = {1, 2, 3, 4, 5, 6, 8, 9, 11, 12, 13, 14, 20, 21, 32, 40};
    uint32_t opcode = next_random(state) % 66, object = next_random(state) % 13, payload;

    payload = sizes[next_random(state) % sizeof(sizes)];
    if (next_random(state) % 4 == 0)
        payload = next_random(state) % 60;
    if (payload >= room)
        payload = (uint32_t)room - 1;
    if (opcode > 3 && next_random(state) % 8 != 0)
        object = 0;
    to[0] = vcmd_le32(payload << 16 | object << 8 | opcode);
    for (uint32_t i = 1; i <= payload; i++)
        to[i] = vcmd_le32(random_dword(state));
    return 1 + (size_t)payload;
}

static void test_packets(void **state)
{
    uint32_t memory[MEMORY], seed = 1;

    (void)state;
    for (int round = 0; round < 1500; round++) {
        size_t count = 0;

        while (count < MEMORY - 64)
            count += random_packet(&seed, memory + count, MEMORY - count);
        check_total(memory, count);
        if (round % 10 == 0)
            check_text(memory, count);
    }
}

static void test_noise(void **state)
{
    uint32_t memory[MEMORY], seed = 2;

    (void)state;
    for (int round = 0; round < 500; round++) {
        for (size_t i = 0; i < MEMORY; i++)
            memory[i] = round % 2 != 0 ? next_random(&seed) : vcmd_le32(random_dword(&seed));
        check_total(memory, MEMORY);
        if (round % 10 == 0)
            check_text(memory, MEMORY);
    }
}

/* Whatever decodes and has no difference is encoded to the same dwords, or refused for a value. */
static void encode_one(const uint32_t *memory, size_t count, size_t *same)
{
    struct encoded_again again;

    encode_again(memory, count, &again);
    if (again.decoded != VCMD_STATUS_OK || again.encoded != VCMD_STATUS_OK)
        return;
    /* Debug flags may end without the dword of zeros that the encoder adds. */
    if (again.differences != 0 || again.packet.kind == VCMD_PACKET_SET_DEBUG_FLAGS)
        return;
    assert_true(again.same);
    ++*same;
}

static void test_encode(void **state)
{
    uint32_t memory[64], seed = 3;
    size_t same = 0;

    (void)state;
    for (int round = 0; round < 200000; round++)
        encode_one(memory, random_packet(&seed, memory, 64), &same);
    /* The test must not be empty. */
    assert_true(same > 5000);
}

static void test_skips_bad_packets(void **state)
{
    const uint32_t wire[] = {
        0x00010063, 0xffffffff,    /* opcode 99 */
        0x00010d01, 0,             /* object 13 */
        0x0000000d,                /* SET_STENCIL_REF without its dword */
        0x0001000d, 0x00000201,    /* a good one */
        0x00020005, 3,          0, /* three colour buffers, but none there */
        0x0005000d, 0,             /* the stream ends early */
    };
    static const struct {
        enum vcmd_status status;
        size_t position, offset;
        uint64_t value, limit;
        const char *command, *field;
        enum vcmd_packet_kind kind;
    } wanted[] = {
        {VCMD_STATUS_UNKNOWN_VALUE, 0, 0, 99, 64, "packet", "opcode", VCMD_PACKET_UNKNOWN},
        {VCMD_STATUS_UNKNOWN_VALUE, 2, 0, 13, 0, "CREATE_OBJECT", "object", VCMD_PACKET_UNKNOWN},
        {VCMD_STATUS_TRUNCATED, 4, 0, 0, 1, "SET_STENCIL_REF", "length",
         VCMD_PACKET_SET_STENCIL_REF},
        {VCMD_STATUS_OK, 5, 0, 0, 0, NULL, NULL, VCMD_PACKET_SET_STENCIL_REF},
        {VCMD_STATUS_MALFORMED, 7, 1, 3, 0, "SET_FRAMEBUFFER_STATE", "nr_cbufs",
         VCMD_PACKET_SET_FRAMEBUFFER_STATE},
        {VCMD_STATUS_TRUNCATED, 10, 0, 5, 1, "SET_STENCIL_REF", "length",
         VCMD_PACKET_SET_STENCIL_REF},
    };
    uint32_t memory[sizeof(wire) / 4];
    struct vcmd_decoder decoder;
    struct vcmd_packet packet;

    (void)state;
    for (size_t i = 0; i < sizeof(wire) / 4; i++)
        memory[i] = vcmd_le32(wire[i]);
    vcmd_decoder_init(&decoder, memory, sizeof(wire) / 4, NULL, 0);
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        assert_true(vcmd_decoder_more(&decoder));
        memset(&packet, 0xa5, sizeof(packet));
        assert_int_equal(vcmd_decode_next(&decoder, &packet), wanted[i].status);
        assert_int_equal(packet.position, wanted[i].position);
        assert_int_equal(packet.kind, wanted[i].kind);
        /* Zero after an error, but for kinds that have arguments only. */
        if (packet.kind == VCMD_PACKET_SET_STENCIL_REF && wanted[i].status != VCMD_STATUS_OK)
            assert_memory_equal(&packet.set_stencil_ref, &(struct vcmd_set_stencil_ref){0},
                                sizeof(packet.set_stencil_ref));
        if (packet.kind == VCMD_PACKET_SET_FRAMEBUFFER_STATE)
            assert_memory_equal(&packet.set_framebuffer_state,
                                &(struct vcmd_set_framebuffer_state){0},
                                sizeof(packet.set_framebuffer_state));
        assert_int_equal(decoder.error.offset, wanted[i].offset);
        assert_int_equal(decoder.error.value, wanted[i].value);
        assert_int_equal(decoder.error.limit, wanted[i].limit);
        if (wanted[i].command != NULL) {
            assert_string_equal(decoder.error.command, wanted[i].command);
            assert_string_equal(decoder.error.field, wanted[i].field);
        }
    }
    assert_false(vcmd_decoder_more(&decoder));
}

static void test_scratch(void **state)
{
    uint32_t memory[64];
    uint8_t scratch[64];
    struct vcmd_scissor scissors[2] = {{1, 2, 3, 4}, {5, 6, 7, 8}};
    struct vcmd_set_scissor_state args = {.num_scissors = 2, .scissors = scissors};
    struct vcmd_decoder decoder;
    struct vcmd_packet packet;
    struct vcmd_buffer buf;
    size_t needed;

    (void)state;
    vcmd_buffer_init(&buf, memory, 64, 0);
    assert_int_equal(vcmd_set_scissor_state(&buf, &args), VCMD_STATUS_OK);
    vcmd_decoder_init(&decoder, memory, buf.length, scratch, 8);
    assert_int_equal(vcmd_decode_next(&decoder, &packet), VCMD_STATUS_BUFFER_FULL);
    assert_int_equal(packet.set_scissor_state.num_scissors, 0);
    needed = (size_t)decoder.error.limit;
    assert_in_range(needed, sizeof(scissors), sizeof(scratch));
    /* At an odd address, too. */
    vcmd_decoder_init(&decoder, memory, buf.length, scratch + 1, needed);
    assert_int_equal(vcmd_decode_next(&decoder, &packet), VCMD_STATUS_OK);
    assert_int_equal(packet.set_scissor_state.num_scissors, 2);
    assert_memory_equal(packet.set_scissor_state.scissors, scissors, sizeof(scissors));
}

static void test_differences(void **state)
{
    uint32_t memory[4];
    size_t differences = 0;

    (void)state;
    memory[0] = vcmd_le32(0x0003ff0d); /* an object where there is none, two dwords too many */
    memory[1] = vcmd_le32(0x00010201); /* a reserved bit */
    memory[2] = 0;
    memory[3] = vcmd_le32(7);
    assert_int_equal(vcmd_packet_differences(memory, 4, count_difference, &differences, NULL),
                     VCMD_STATUS_OK);
    assert_int_equal(differences, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_packets), cmocka_unit_test(test_noise),
        cmocka_unit_test(test_encode),  cmocka_unit_test(test_skips_bad_packets),
        cmocka_unit_test(test_scratch), cmocka_unit_test(test_differences),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
