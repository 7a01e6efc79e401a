/* SPDX-License-Identifier: MIT */
/* Bytes from anywhere: decoders answer, and read nothing but their input. */
#include "support.h"

#define ROUNDS  1000000
#define LONGEST 1200

/* The first four bytes say the type; most of the time let it be a known one. */
static void choose_type(uint8_t *bytes, uint64_t *seed)
{
    static const uint16_t bases[] = {0x100, 0x200, 0x300, 0x1100, 0x1200};
    uint32_t type = bases[next_random(seed) % ARRAY_SIZE(bases)] + next_random(seed) % 16;

    bytes[0] = (uint8_t)type;
    bytes[1] = (uint8_t)(type >> 8);
    bytes[2] = bytes[3] = 0;
}

static void check_request(const uint8_t *bytes, size_t size)
{
    struct vcmd_ctrl_request request;
    struct vcmd_error error = {.status = VCMD_STATUS_OK};
    enum vcmd_status status = vcmd_ctrl_decode_request(bytes, size, &request, &error);

    assert_true(status == VCMD_STATUS_OK || status == error.status);
    assert_true(request.tail_size <= size);
    if (request.tail_size != 0)
        assert_ptr_equal(request.tail + request.tail_size, bytes + size);
    if (status == VCMD_STATUS_OK && request.type == VCMD_CTRL_CMD_RESOURCE_ATTACH_BACKING)
        assert_true((uint64_t)request.resource_attach_backing.nr_entries * 16 <= request.tail_size);
    if (status == VCMD_STATUS_OK && request.type == VCMD_CTRL_CMD_SUBMIT_3D)
        assert_true(request.submit_3d.size <= request.tail_size);
}

static void check_response(const uint8_t *bytes, size_t size)
{
    struct vcmd_ctrl_response response;
    struct vcmd_error error = {.status = VCMD_STATUS_OK};
    enum vcmd_status status = vcmd_ctrl_decode_response(bytes, size, &response, &error);

    assert_true(status == VCMD_STATUS_OK || status == error.status);
    assert_true(response.tail_size <= size);
    if (response.tail_size != 0)
        assert_ptr_equal(response.tail + response.tail_size, bytes + size);
}

/* The input ends where its memory ends, so that sanitizers see every byte read too much. */
static void control_messages(void **state)
{
    uint8_t *memory = test_memory(LONGEST);
    uint64_t seed = 2024;
    uint32_t round;

    (void)state;
    fill_bytes(memory, LONGEST, 21);
    for (round = 0; round < ROUNDS; round++) {
        size_t size = next_random(&seed) % (round % 16 == 0 ? LONGEST : 128);
        uint8_t *bytes = memory + LONGEST - size;
        size_t i;

        for (i = 0; i < size; i += 1 + next_random(&seed) % 8)
            bytes[i] = next_random(&seed) % 4 == 0 ? (uint8_t)next_random(&seed) : 0;
        if (size >= 4 && round % 8 != 0)
            choose_type(bytes, &seed);
        check_request(bytes, size);
        check_response(bytes, size);
    }
    free(memory);
}

static void capability_sets(void **state)
{
    uint8_t *memory = test_memory(1500);
    uint64_t seed = 7;
    uint32_t round;

    (void)state;
    for (round = 0; round < 2000; round++) {
        size_t size = next_random(&seed) % 1501;
        struct vcmd_caps caps;

        fill_bytes(memory + 1500 - size, size, next_random(&seed));
        assert_int_equal(vcmd_caps_decode(&caps, memory + 1500 - size, size),
                         size >= 308 ? VCMD_STATUS_OK : VCMD_STATUS_TRUNCATED);
        (void)vcmd_caps_has_format(&caps, next_random(&seed), VCMD_FORMAT_USE_VERTEX);
    }
    free(memory);
}

/* What hosts write into resources has one size, and less is refused. */
static void host_structures(void **state)
{
    uint8_t bytes[VCMD_GBM_FORMAT_MODIFIER_SIZE];
    struct vcmd_query_state query;
    struct vcmd_memory_info memory;
    struct vcmd_resource_layout layout;
    struct vcmd_gbm_format_modifier *modifiers = test_memory(sizeof(*modifiers));
    size_t size;

    (void)state;
    fill_bytes(bytes, sizeof(bytes), 9);
    for (size = 0; size <= sizeof(bytes); size++) {
        uint8_t *copy = test_memory(size);

        memcpy(copy, bytes, size);
        assert_int_equal(vcmd_unpack_query_state(&query, copy, size),
                         size < 16 ? VCMD_STATUS_TRUNCATED : VCMD_STATUS_OK);
        assert_int_equal(vcmd_unpack_memory_info(&memory, copy, size),
                         size < 24 ? VCMD_STATUS_TRUNCATED : VCMD_STATUS_OK);
        assert_int_equal(vcmd_unpack_resource_layout(&layout, copy, size),
                         size < 80 ? VCMD_STATUS_TRUNCATED : VCMD_STATUS_OK);
        assert_int_equal(vcmd_unpack_gbm_format_modifier(modifiers, copy, size),
                         size < 2056 ? VCMD_STATUS_TRUNCATED : VCMD_STATUS_OK);
        free(copy);
    }
    assert_int_equal(query.result, (uint64_t)bytes[8] | (uint64_t)bytes[9] << 8 |
                                       (uint64_t)bytes[10] << 16 | (uint64_t)bytes[11] << 24 |
                                       (uint64_t)bytes[12] << 32 | (uint64_t)bytes[13] << 40 |
                                       (uint64_t)bytes[14] << 48 | (uint64_t)bytes[15] << 56);
    assert_int_equal(memory.nr_device_memory_evictions >> 24, bytes[23]);
    assert_int_equal(layout.planes[3].size >> 24, bytes[79]);
    assert_int_equal(modifiers->entries[127].virgl_format >> 56, bytes[2055]);
    free(modifiers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(control_messages),
        cmocka_unit_test(capability_sets),
        cmocka_unit_test(host_structures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
