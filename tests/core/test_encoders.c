/* SPDX-License-Identifier: MIT */
/* Every encoder: its room, its checks, and that a failure changes nothing. */
#include "cases.h"

static const struct case_group *const groups[] = {
    &state_cases, &object_cases, &draw_cases, &transfer_cases, &context_cases,
};

/* That no encoder is missing in the groups is proved by tests/checks/encoder_coverage.py. */
static void for_each_encoder(void (*check)(const struct encoder *encoder))
{
    size_t i, k;

    for (i = 0; i < ARRAY_SIZE(groups); i++) {
        for (k = 0; k < groups[i]->num_encoders; k++)
            check(groups[i]->encoders[k]);
    }
}

static void check_exact_fit(const struct encoder *encoder)
{
    size_t end = GUARD_HEADROOM + 2 + encoder->dwords;
    struct guarded g;

    guarded_init_space(&g, encoder->dwords);
    if (encoder->encode(&g.buf, encoder->args) != VCMD_STATUS_OK)
        fail_msg("%s: refused good arguments", encoder->command);
    assert_int_equal(g.buf.error.status, VCMD_STATUS_OK);
    assert_int_equal(vcmd_buffer_space(&g.buf), 0);
    /* The header says how long the rest is. */
    assert_int_equal(stream_dword(&g.buf, 2) >> 16, encoder->dwords - 1);
    assert_memory_equal(g.memory, g.before, (GUARD_HEADROOM + 2) * sizeof(g.memory[0]));
    assert_memory_equal(g.memory + end, g.before + end, (GUARD_DWORDS - end) * sizeof(g.memory[0]));
}

static void exact_fit(void **state)
{
    (void)state;
    for_each_encoder(check_exact_fit);
}

static void check_too_small(const struct encoder *encoder)
{
    struct guarded g;
    size_t space;

    for (space = 0; space < encoder->dwords; space++) {
        guarded_init_space(&g, space);
        if (encoder->encode(&g.buf, encoder->args) != VCMD_STATUS_BUFFER_FULL)
            fail_msg("%s: not refused with room for %zu", encoder->command, space);
        assert_string_equal(g.buf.error.command, encoder->command);
        assert_int_equal(g.buf.error.value, encoder->dwords);
        assert_int_equal(g.buf.error.limit, space);
        guarded_check_unchanged(&g);
    }
    guarded_check_sticky(&g, VCMD_STATUS_BUFFER_FULL);
}

static void too_small(void **state)
{
    (void)state;
    for_each_encoder(check_too_small);
}

static void check_without_arguments(const struct encoder *encoder)
{
    struct guarded g;

    assert_int_equal(encoder->encode(NULL, encoder->args), VCMD_STATUS_NULL_ARGUMENT);
    guarded_init(&g);
    assert_int_equal(encoder->encode(&g.buf, NULL), VCMD_STATUS_NULL_ARGUMENT);
    assert_string_equal(g.buf.error.command, encoder->command);
    assert_string_equal(g.buf.error.field, "args");
    guarded_check_unchanged(&g);
    guarded_check_sticky(&g, VCMD_STATUS_NULL_ARGUMENT);
}

static void without_arguments(void **state)
{
    (void)state;
    for_each_encoder(check_without_arguments);
}

static void check_after_failure(const struct encoder *encoder)
{
    struct guarded g;

    guarded_init(&g);
    assert_int_equal(vcmd_begin_query(&g.buf, &(struct vcmd_begin_query){0}),
                     VCMD_STATUS_OUT_OF_RANGE);
    assert_int_equal(encoder->encode(&g.buf, encoder->args), VCMD_STATUS_OUT_OF_RANGE);
    assert_string_equal(g.buf.error.command, "BEGIN_QUERY");
    guarded_check_unchanged(&g);
}

static void after_failure(void **state)
{
    (void)state;
    for_each_encoder(check_after_failure);
}

/* Writes a number into a field of 1, 4 or 8 bytes; a pointer becomes NULL. */
static void set_field(void *field, size_t size, uint64_t value)
{
    const uint8_t byte = (uint8_t)value;
    const uint32_t word = (uint32_t)value;

    if (size == sizeof(byte))
        memcpy(field, &byte, size);
    else if (size == sizeof(word))
        memcpy(field, &word, size);
    else
        memset(field, 0, size);
}

static enum vcmd_status encode_with(struct guarded *g, const struct refusal *refusal,
                                    uint64_t value)
{
    uint8_t kept[8];
    enum vcmd_status status;

    assert_true(refusal->size <= sizeof(kept));
    memcpy(kept, refusal->field, refusal->size);
    set_field(refusal->field, refusal->size, value);
    guarded_init(g);
    status = refusal->encoder->encode(&g->buf, refusal->encoder->args);
    memcpy(refusal->field, kept, refusal->size);
    return status;
}

/* Prints what differs: cmocka would say only which of some hundred lines it was. */
static bool as_expected(const struct refusal *r, const struct vcmd_error *error)
{
    bool same = error->status == r->status && strcmp(error->field, r->name) == 0 &&
                error->index == r->index && error->value == r->reported &&
                error->limit == r->limit && error->offset == r->dword &&
                strcmp(error->command, r->encoder->command) == 0;

    if (!same)
        print_message("%s.%s = %lld: expected status %d, [%u], limit %lld, dword %u; got %s.%s "
                      "status %d, [%u], value %lld, limit %lld, dword %u\n",
                      r->encoder->command, r->name, (long long)r->value, (int)r->status,
                      (unsigned)r->index, (long long)r->limit, (unsigned)r->dword, error->command,
                      error->field, (int)error->status, (unsigned)error->index,
                      (long long)error->value, (long long)error->limit, (unsigned)error->offset);
    return same;
}

static bool check_refusal(const struct refusal *r)
{
    struct guarded g;
    bool good;

    if (encode_with(&g, r, r->value) == VCMD_STATUS_OK) {
        print_message("%s.%s = %lld is not refused\n", r->encoder->command, r->name,
                      (long long)r->value);
        return false;
    }
    good = as_expected(r, &g.buf.error);
    guarded_check_unchanged(&g);
    guarded_check_sticky(&g, g.buf.error.status);
    if (r->has_accept && encode_with(&g, r, r->accept) != VCMD_STATUS_OK) {
        print_message("%s.%s = %lld is refused\n", r->encoder->command, r->name,
                      (long long)r->accept);
        return false;
    }
    return good;
}

static void check_group(const struct case_group *group)
{
    size_t i, bad = 0;

    for (i = 0; i < group->num_refusals; i++) {
        if (!check_refusal(&group->refusals[i]))
            bad++;
    }
    assert_int_equal(bad, 0);
}

static void refuses_state(void **state)
{
    (void)state;
    check_group(&state_cases);
}

static void refuses_objects(void **state)
{
    (void)state;
    check_group(&object_cases);
}

static void refuses_draws(void **state)
{
    (void)state;
    check_group(&draw_cases);
}

static void refuses_transfers(void **state)
{
    (void)state;
    check_group(&transfer_cases);
}

static void refuses_context(void **state)
{
    (void)state;
    check_group(&context_cases);
}

/* The two layouts of a shader packet differ in what dword 5 means; the type decides. */
static void shader_layouts_keep_to_their_stages(void **state)
{
    struct vcmd_create_shader_packet graphics = {.handle = 1, .text_size = 4, .text = "ABC"};
    struct vcmd_create_shader_compute_packet compute = {.handle = 1, .text_size = 4, .text = "ABC"};
    struct guarded g;
    uint32_t type;

    (void)state;
    for (type = 0; type <= 5; type++) {
        guarded_init(&g);
        graphics.type = type;
        assert_int_equal(vcmd_create_shader_packet(&g.buf, &graphics) == VCMD_STATUS_OK, type < 5);
        guarded_init(&g);
        compute.type = type;
        assert_int_equal(vcmd_create_shader_compute_packet(&g.buf, &compute) == VCMD_STATUS_OK,
                         type == 5);
    }
}

/* Profile and entry point 0 mean "unknown"; the host makes nothing of them. */
static void video_codec_needs_profile_and_entrypoint(void **state)
{
    struct vcmd_create_video_codec codec = {
        .handle = 1, .profile = 0, .entrypoint = 1, .width = 16, .height = 16};
    struct guarded g;

    (void)state;
    guarded_init(&g);
    assert_int_not_equal(vcmd_create_video_codec(&g.buf, &codec), VCMD_STATUS_OK);
    codec.profile = 1;
    codec.entrypoint = 0;
    guarded_init(&g);
    assert_int_not_equal(vcmd_create_video_codec(&g.buf, &codec), VCMD_STATUS_OK);
}

/* Fields of type bool are one bit each, whatever is next to them. */
static void booleans_are_single_bits(void **state)
{
    const struct vcmd_blit blit = {.scissor_enable = true,
                                   .alpha_blend = true,
                                   .dst = {.res_handle = 1},
                                   .src = {.res_handle = 1}};
    const struct vcmd_copy_transfer3d copy = {
        .dst_handle = 1, .src_res_handle = 1, .flags = {.read_from_host = true}};
    const struct vcmd_create_rasterizer rasterizer = {
        .handle = 1, .flatshade = true, .force_persample_interp = true};
    const struct vcmd_clear_surface clear = {
        .render_condition_enabled = true, .buffers = 4, .surface_handle = 1};
    uint32_t memory[64];
    struct vcmd_buffer buf;

    (void)state;
    vcmd_buffer_init(&buf, memory, 64, 0);
    assert_int_equal(vcmd_blit(&buf, &blit), VCMD_STATUS_OK);
    assert_int_equal(stream_dword(&buf, 1), 1u << 10 | 1u << 12);
    vcmd_buffer_reset(&buf);
    assert_int_equal(vcmd_copy_transfer3d(&buf, &copy), VCMD_STATUS_OK);
    assert_int_equal(stream_dword(&buf, 14), 2);
    vcmd_buffer_reset(&buf);
    assert_int_equal(vcmd_create_rasterizer(&buf, &rasterizer), VCMD_STATUS_OK);
    assert_int_equal(stream_dword(&buf, 2), 1u | 1u << 31);
    vcmd_buffer_reset(&buf);
    assert_int_equal(vcmd_clear_surface(&buf, &clear), VCMD_STATUS_OK);
    assert_int_equal(stream_dword(&buf, 1), 1u | 4u << 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_fit),
        cmocka_unit_test(too_small),
        cmocka_unit_test(without_arguments),
        cmocka_unit_test(after_failure),
        cmocka_unit_test(refuses_state),
        cmocka_unit_test(refuses_objects),
        cmocka_unit_test(refuses_draws),
        cmocka_unit_test(refuses_transfers),
        cmocka_unit_test(refuses_context),
        cmocka_unit_test(shader_layouts_keep_to_their_stages),
        cmocka_unit_test(video_codec_needs_profile_and_entrypoint),
        cmocka_unit_test(booleans_are_single_bits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
