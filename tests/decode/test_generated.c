/* SPDX-License-Identifier: MIT */
#include "../parity/generate.h"
#include "support.h"

/*
 * Packets at random from the descriptor table: everything that the table allows must decode, print,
 * assemble and encode to the same dwords, and the checker must find it well-formed.
 */

#define PACKETS 200000
#define MEMORY  4096

/*
 * Framing and sizes, and values that the table itself forbids. Others depend on the host: ranges
 * and formats that a release has not, fields that it does not look at.
 */
static bool of_the_table(uint32_t code)
{
    return code <= VCMD_DIAGNOSTIC_VALUE_UNKNOWN ||
           (code >= VCMD_DIAGNOSTIC_RESERVED_BITS && code <= VCMD_DIAGNOSTIC_STAGE_RANGE) ||
           code == VCMD_DIAGNOSTIC_COUNT_RANGE || code == VCMD_DIAGNOSTIC_STRING_LENGTH;
}

static void on_fault(void *user, const struct vcmd_diagnostic *fault)
{
    uint32_t *code = (uint32_t *)user;

    if (of_the_table(fault->code) && *code == 0)
        *code = fault->code;
}

static void check_encoded(const uint32_t *memory, size_t length, enum vcmd_packet_kind kind)
{
    struct encoded_again again;
    char line[200];

    encode_again(memory, length, &again);
    assert_int_equal(again.decoded, VCMD_STATUS_OK);
    assert_int_equal(again.packet.kind, kind);
    assert_int_equal(again.packet.trailing, 0);
    if (again.differences != 0)
        fail_msg("%s: %zu differences", vcmd_packet_kind_name(kind), again.differences);
    if (again.encoded != VCMD_STATUS_OK) {
        (void)vcmd_error_format(&again.error, line, sizeof(line));
        fail_msg("%s is not encoded: %s", vcmd_packet_kind_name(kind), line);
    }
    if (!again.same)
        fail_msg("%s: encoded, it is something else", vcmd_packet_kind_name(kind));
}

static void check_faults(const uint32_t *memory, size_t length, enum vcmd_packet_kind kind)
{
    uint32_t code = 0;
    struct vcmd_check_desc desc = {.fn = on_fault, .user = &code, .release = "1.3.0"};
    struct vcmd_check_result result;

    assert_int_equal(vcmd_check_stream(memory, length, &desc, &result), VCMD_STATUS_OK);
    /* No release of the host knows this command yet. */
    if (kind == VCMD_PACKET_QUERY_GBM_FORMAT_MODIFIER && code == VCMD_DIAGNOSTIC_UNKNOWN_COMMAND)
        return;
    if (code != 0)
        fail_msg("%s: fault %u", vcmd_packet_kind_name(kind), (unsigned)code);
}

/* Both generators: numbers of any kind, and those of a context. */
static void test_packets(void **state)
{
    static const struct parity_resource resources[] = {
        {1, VCMD_TEXTURE_2D, VCMD_FORMAT_R8G8B8A8_UNORM, 2, 64, 64, 1, 1, 3, 0, 16384},
        {2, VCMD_BUFFER, VCMD_FORMAT_R8_UNORM, 16, 4096, 1, 1, 1, 0, 0, 4096},
    };
    struct parity_random random = {.state = 1};
    struct parity_world world;
    uint32_t memory[MEMORY], seen[VCMD_PACKET_KIND_COUNT] = {0};

    (void)state;
    parity_world_begin(&world, resources, 2);
    for (uint32_t i = 0; i < PACKETS; i++) {
        enum vcmd_packet_kind kind = (enum vcmd_packet_kind)(1 + i % (VCMD_PACKET_KIND_COUNT - 1));
        size_t length = parity_generate(kind, i % 5 == 0 ? &world : NULL, &random, memory, MEMORY);

        if (length == 0)
            fail_msg("%s is not generated", vcmd_packet_kind_name(kind));
        if (i % 5 == 0)
            parity_world_see(&world, memory, length);
        check_encoded(memory, length, kind);
        check_faults(memory, length, kind);
        check_text(memory, length);
        seen[kind]++;
    }
    for (uint32_t kind = 1; kind < VCMD_PACKET_KIND_COUNT; kind++)
        assert_true(seen[kind] >= PACKETS / VCMD_PACKET_KIND_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_packets)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
