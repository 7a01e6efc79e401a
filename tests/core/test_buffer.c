/* SPDX-License-Identifier: MIT */
/* The buffer itself, and what a failed encoder leaves behind. */
#include "support.h"

static void init_variants(void **state)
{
    uint32_t memory[10];
    struct vcmd_buffer buf;

    (void)state;
    vcmd_buffer_init(NULL, memory, 10, 0);
    vcmd_buffer_reset(NULL);
    assert_int_equal(vcmd_buffer_space(NULL), 0);

    vcmd_buffer_init(&buf, memory, 10, 0);
    assert_int_equal(vcmd_buffer_space(&buf), 10);
    assert_ptr_equal(vcmd_buffer_stream(&buf), memory);
    assert_int_equal(buf.length, 0);
    assert_int_equal(buf.error.status, VCMD_STATUS_OK);

    vcmd_buffer_init(&buf, memory, 10, 4);
    assert_int_equal(vcmd_buffer_space(&buf), 6);
    assert_ptr_equal(vcmd_buffer_stream(&buf), memory + 4);

    vcmd_buffer_init(&buf, memory, 10, 10);
    assert_int_equal(vcmd_buffer_space(&buf), 0);

    /* headroom over capacity is cut to capacity */
    vcmd_buffer_init(&buf, memory, 10, 11);
    assert_int_equal(vcmd_buffer_space(&buf), 0);
    assert_int_equal(buf.headroom, 10);
    vcmd_buffer_init(&buf, memory, 10, SIZE_MAX);
    assert_int_equal(buf.headroom, 10);
}

static void nothing_fits_without_memory(void **state)
{
    const struct vcmd_set_sub_ctx args = {.sub_ctx_id = 1};
    uint32_t one[1] = {0x12345678};
    struct vcmd_buffer buf;

    (void)state;
    vcmd_buffer_init(&buf, NULL, 0, 0);
    assert_int_equal(vcmd_buffer_space(&buf), 0);
    assert_null(vcmd_buffer_stream(&buf));
    assert_int_equal(vcmd_set_sub_ctx(&buf, &args), VCMD_STATUS_BUFFER_FULL);

    /* NULL has no memory, whatever the capacity says. */
    vcmd_buffer_init(&buf, NULL, 100, 8);
    assert_int_equal(vcmd_buffer_space(&buf), 0);
    assert_int_equal(vcmd_set_sub_ctx(&buf, &args), VCMD_STATUS_BUFFER_FULL);

    vcmd_buffer_init(&buf, one, 0, 0);
    assert_int_equal(vcmd_set_sub_ctx(&buf, &args), VCMD_STATUS_BUFFER_FULL);
    vcmd_buffer_init(&buf, one, 1, 0);
    assert_int_equal(vcmd_set_sub_ctx(&buf, &args), VCMD_STATUS_BUFFER_FULL);
    assert_int_equal(one[0], 0x12345678);
    assert_int_equal(vcmd_set_sub_ctx(NULL, &args), VCMD_STATUS_NULL_ARGUMENT);
    assert_int_equal(vcmd_set_sub_ctx(NULL, NULL), VCMD_STATUS_NULL_ARGUMENT);
}

static void space_shrinks_by_packets(void **state)
{
    const struct vcmd_set_sub_ctx args = {.sub_ctx_id = 0x01020304};
    uint32_t memory[11];
    struct vcmd_buffer buf;
    size_t i;

    (void)state;
    fill_bytes(memory, sizeof(memory), 3);
    vcmd_buffer_init(&buf, memory, 11, 2);
    for (i = 0; i < 4; i++) {
        assert_int_equal(vcmd_buffer_space(&buf), 9 - 2 * i);
        assert_int_equal(vcmd_set_sub_ctx(&buf, &args), VCMD_STATUS_OK);
        assert_int_equal(buf.length, 2 * (i + 1));
    }
    /* SET_SUB_CTX is command 28 with one dword of payload. */
    for (i = 0; i < 8; i += 2) {
        assert_int_equal(stream_dword(&buf, i), 1u << 16 | 28);
        assert_int_equal(stream_dword(&buf, i + 1), 0x01020304);
    }
    assert_int_equal(vcmd_buffer_space(&buf), 1);
    assert_int_equal(vcmd_set_sub_ctx(&buf, &args), VCMD_STATUS_BUFFER_FULL);
    assert_int_equal(buf.length, 8);
}

static void reset_forgets(void **state)
{
    const struct vcmd_set_sub_ctx args = {.sub_ctx_id = 5};
    struct guarded g;

    (void)state;
    guarded_init(&g);
    assert_int_equal(vcmd_set_sub_ctx(&g.buf, NULL), VCMD_STATUS_NULL_ARGUMENT);
    vcmd_buffer_reset(&g.buf);
    assert_int_equal(g.buf.length, 0);
    assert_int_equal(g.buf.error.status, VCMD_STATUS_OK);
    assert_null(g.buf.error.command);
    assert_null(g.buf.error.field);
    assert_int_equal(vcmd_buffer_space(&g.buf), GUARD_CAPACITY - GUARD_HEADROOM);
    assert_int_equal(g.buf.headroom, GUARD_HEADROOM);
    assert_int_equal(vcmd_set_sub_ctx(&g.buf, &args), VCMD_STATUS_OK);
    assert_ptr_equal(vcmd_buffer_stream(&g.buf), g.memory + GUARD_HEADROOM);
    assert_int_equal(stream_dword(&g.buf, 1), 5);
    /* The headroom belongs to the transport. */
    assert_memory_equal(g.memory, g.before, GUARD_HEADROOM * sizeof(g.memory[0]));
}

static void missing_arguments_are_named(void **state)
{
    struct guarded g;

    (void)state;
    guarded_init(&g);
    assert_int_equal(vcmd_draw_vbo(&g.buf, NULL), VCMD_STATUS_NULL_ARGUMENT);
    assert_string_equal(g.buf.error.command, "DRAW_VBO");
    assert_string_equal(g.buf.error.field, "args");
    guarded_check_unchanged(&g);
    guarded_check_sticky(&g, VCMD_STATUS_NULL_ARGUMENT);
}

static void full_buffer_says_how_much(void **state)
{
    /* BLIT has 21 dwords of payload, so the packet has 22. */
    const struct vcmd_blit args = {.dst = {.res_handle = 1}, .src = {.res_handle = 2}};
    struct guarded g;

    (void)state;
    guarded_init_space(&g, 21);
    assert_int_equal(vcmd_blit(&g.buf, &args), VCMD_STATUS_BUFFER_FULL);
    assert_string_equal(g.buf.error.command, "BLIT");
    assert_int_equal(g.buf.error.value, 22);
    assert_int_equal(g.buf.error.limit, 21);
    guarded_check_unchanged(&g);
    guarded_check_sticky(&g, VCMD_STATUS_BUFFER_FULL);

    guarded_init_space(&g, 22);
    assert_int_equal(vcmd_blit(&g.buf, &args), VCMD_STATUS_OK);
    assert_int_equal(vcmd_buffer_space(&g.buf), 0);
    assert_memory_equal(g.memory + GUARD_HEADROOM + 24, g.before + GUARD_HEADROOM + 24,
                        (GUARD_DWORDS - GUARD_HEADROOM - 24) * sizeof(g.memory[0]));
}

static void arguments_are_checked_before_room(void **state)
{
    /* Both are wrong: the caller's arguments are the more useful answer. */
    const struct vcmd_begin_query args = {.handle = 0};
    struct guarded g;

    (void)state;
    guarded_init_space(&g, 0);
    assert_int_equal(vcmd_begin_query(&g.buf, &args), VCMD_STATUS_OUT_OF_RANGE);
}

static void helpers(void **state)
{
    const uint32_t one = vcmd_le32(0x04030201);
    const uint8_t bytes[4] = {1, 2, 3, 4};

    (void)state;
    assert_memory_equal(&one, bytes, 4);
    assert_int_equal(vcmd_le32(vcmd_le32(0xdeadbeef)), 0xdeadbeef);
    /* IEEE 754: sign, 8 bits of exponent with bias 127, 23 bits of fraction. */
    assert_int_equal(vcmd_float_bits(0.0f), 0);
    assert_int_equal(vcmd_float_bits(1.0f), 0x3f800000);
    assert_int_equal(vcmd_float_bits(-2.5f), 0xc0200000);
    assert_int_equal(vcmd_version(), VCMD_VERSION_NUMBER);
}

static void version_string_agrees(void **state)
{
    char text[32];

    (void)state;
    (void)snprintf(text, sizeof(text), "%d.%d.%d", VCMD_VERSION_MAJOR, VCMD_VERSION_MINOR,
                   VCMD_VERSION_PATCH);
    assert_string_equal(text, VCMD_VERSION_STRING);
    assert_true(VCMD_VERSION_MINOR < 100 && VCMD_VERSION_PATCH < 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(init_variants),
        cmocka_unit_test(nothing_fits_without_memory),
        cmocka_unit_test(space_shrinks_by_packets),
        cmocka_unit_test(reset_forgets),
        cmocka_unit_test(missing_arguments_are_named),
        cmocka_unit_test(full_buffer_says_how_much),
        cmocka_unit_test(arguments_are_checked_before_room),
        cmocka_unit_test(helpers),
        cmocka_unit_test(version_string_agrees),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
