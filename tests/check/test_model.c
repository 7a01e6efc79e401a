/* SPDX-License-Identifier: MIT */

/* What the checker says as a whole: verdicts, the capset, full tables, text, hostile handles. */
#include "world.h"

#include <stdlib.h>
#include <string.h>

/* ---- verdicts ---- */

static void test_verdict_is_the_first(void **state)
{
    struct world w;

    (void)state;
    world_begin(&w, NULL, NULL);
    PACKET(&w, SET_STENCIL_REF, 0, 0);             /* 0 */
    PACKET(&w, BIND_OBJECT, VCMD_OBJECT_BLEND, 9); /* 1: breaks the context */
    PACKET(&w, SET_BLEND_COLOR, 0, 0, 0, 0);       /* 2: is rejected */
    PACKET(&w, SET_BLEND_COLOR, 0, 0, 0);          /* 3: would be, too */
    world_submit(&w);
    assert_int_equal(w.result.packets, 4);
    assert_true(w.result.rejected);
    assert_int_equal(w.result.rejected_packet, 2);
    assert_int_equal(w.result.rejected_offset, 4);
    assert_int_equal(w.result.rejected_code, VCMD_DIAGNOSTIC_PAYLOAD_SIZE);
    assert_true(w.result.broken);
    assert_int_equal(w.result.broken_packet, 1);
    assert_int_equal(w.result.counts[VCMD_SEVERITY_REJECT], 2);
    assert_int_equal(w.result.counts[VCMD_SEVERITY_ERROR], 1);
    world_end(&w);
}

/* A broken context is not drawn in, so that a draw cannot be what the host rejects. */
static void test_skipped_draws_are_not_rejected(void **state)
{
    struct world w;

    (void)state;
    world_begin(&w, NULL, NULL);
    PACKET(&w, BIND_OBJECT, VCMD_OBJECT_BLEND, 9);
    PACKET(&w, CLEAR, 0, 4, 0, 0, 0, 0, 0, 0, 0); /* without a framebuffer */
    world_submit(&w);
    assert_false(w.result.rejected);
    assert_int_equal(world_count(&w, VCMD_DIAGNOSTIC_AFTER_ERROR), 1);
    world_end(&w);
}

static void test_ignored_severities(void **state)
{
    static const uint32_t stream[] = {0x00030000 | VCMD_CCMD_SET_BLEND_COLOR, 0, 0, 0};
    uint32_t dwords[4];
    struct world w = {0};
    struct vcmd_check_desc desc = {world_tell, &w, NULL, NULL, 1u << VCMD_SEVERITY_REJECT};
    struct vcmd_check_result result;

    (void)state;
    for (size_t i = 0; i < 4; i++)
        dwords[i] = vcmd_le32(stream[i]);
    assert_int_equal(vcmd_check_stream(dwords, 4, &desc, &result), VCMD_STATUS_OK);
    assert_int_equal(w.num_told, 0);
    assert_int_equal(result.counts[VCMD_SEVERITY_REJECT], 0);
    assert_true(result.rejected); /* the verdict stays */
}

/* 0.8.0 has 47 commands: CLEAR_TEXTURE is number 47. */
static void test_older_host(void **state)
{
    struct vcmd_check_desc desc = {NULL, NULL, NULL, "0.8.0", 0};
    struct vcmd_check_result result;
    uint32_t stream[13] = {0};

    (void)state;
    stream[0] = vcmd_le32(VCMD_CCMD_CLEAR_TEXTURE | 12u << 16);
    assert_int_equal(vcmd_check_stream(stream, 13, &desc, &result), VCMD_STATUS_OK);
    assert_true(result.rejected);
    assert_int_equal(result.rejected_code, VCMD_DIAGNOSTIC_UNKNOWN_COMMAND);
    desc.release = NULL;
    assert_int_equal(vcmd_check_stream(stream, 13, &desc, &result), VCMD_STATUS_OK);
    assert_false(result.rejected);
    desc.release = "0.8";
    assert_int_equal(vcmd_check_stream(stream, 13, &desc, &result), VCMD_STATUS_UNKNOWN_VALUE);
}

/* ---- the capset ---- */

static void test_feature_missing(void **state)
{
    struct vcmd_caps *caps = calloc(1, sizeof(*caps));
    struct world w;

    (void)state;
    assert_non_null(caps);
    for (uint32_t with = 0; with < 2; with++) {
        caps->capability_bits = with != 0 ? VCMD_CAP_MEMORY_BARRIER : 0;
        world_begin(&w, NULL, caps);
        PACKET(&w, MEMORY_BARRIER, 0, 1);
        world_submit(&w);
        assert_int_equal(world_count(&w, VCMD_DIAGNOSTIC_FEATURE_MISSING), with != 0 ? 0 : 1);
        world_end(&w);
    }
    free(caps);
}

static void test_format_unsupported(void **state)
{
    struct vcmd_caps *caps = calloc(1, sizeof(*caps));
    struct world w;

    (void)state;
    assert_non_null(caps);
    for (uint32_t with = 0; with < 2; with++) {
        /* format 1 is B8G8R8A8_UNORM */
        caps->render.bitmask[0] = with != 0 ? 1u << VCMD_FORMAT_B8G8R8A8_UNORM : 0;
        world_begin(&w, NULL, caps);
        PACKET(&w, CREATE_OBJECT, VCMD_OBJECT_SURFACE, 30, TEXTURE, VCMD_FORMAT_B8G8R8A8_UNORM, 0,
               0);
        world_submit(&w);
        assert_int_equal(world_count(&w, VCMD_DIAGNOSTIC_FORMAT_UNSUPPORTED), with != 0 ? 0 : 1);
        assert_false(w.result.rejected);
        world_end(&w);
    }
    free(caps);
}

/* OpenGL refuses the view when it is set, not before. Texels of 4 bytes. */
static void test_view_of_unaligned_texels(void **state)
{
    struct vcmd_caps *caps = calloc(1, sizeof(*caps));
    struct world w;

    (void)state;
    assert_non_null(caps);
    caps->texture_buffer_offset_alignment = 16;
    for (uint32_t first = 0; first < 8; first++) {
        bool aligned = first % 4 == 0;

        world_begin(&w, NULL, caps);
        PACKET(&w, CREATE_OBJECT, VCMD_OBJECT_SAMPLER_VIEW, 30, VERTICES, VCMD_FORMAT_R32_FLOAT,
               first, first, 0);
        world_submit(&w);
        assert_false(w.result.rejected);
        PACKET(&w, SET_SAMPLER_VIEWS, 0, VCMD_SHADER_FRAGMENT, 0, 30);
        world_submit(&w);
        assert_int_equal(w.result.rejected, !aligned);
        if (!aligned)
            assert_int_equal(w.result.rejected_code, VCMD_DIAGNOSTIC_BUFFER_RANGE);
        world_end(&w);
    }
    free(caps);
}

/* A member's bound counts for each of its fields: here "box", without a resource that is known. */
static void test_box_below_zero(void **state)
{
    uint32_t packet[14] = {0};
    struct vcmd_check_result result;

    (void)state;
    packet[0] = vcmd_le32(VCMD_CCMD_TRANSFER3D | 13u << 16);
    packet[1] = vcmd_le32(1);
    packet[13] = vcmd_le32(VCMD_TRANSFER_TO_HOST);
    for (uint32_t dword = 6; dword <= 11; dword++) {
        packet[dword] = UINT32_MAX;
        assert_int_equal(vcmd_check_stream(packet, 14, NULL, &result), VCMD_STATUS_OK);
        assert_int_equal(result.counts[VCMD_SEVERITY_GARBAGE], 1);
        packet[dword] = 0;
    }
    assert_int_equal(vcmd_check_stream(packet, 14, NULL, &result), VCMD_STATUS_OK);
    assert_int_equal(result.counts[VCMD_SEVERITY_GARBAGE], 0);
}

/* ---- memory ---- */

static void create_blends(struct world *w, uint32_t first, uint32_t count, uint32_t step)
{
    for (uint32_t i = 0; i < count; i++)
        PACKET(w, CREATE_OBJECT, VCMD_OBJECT_DSA, first + i * step, 0, 0, 0, 0);
}

static void test_full_tables_tell_and_never_err(void **state)
{
    static const struct vcmd_check_limits limits = {1, 1, 4, 1, 1};
    struct vcmd_ctrl_resource_create_3d buffer = {.bind = VCMD_BIND_VERTEX_BUFFER, .width = 16};
    struct world w;

    (void)state;
    world_begin(&w, &limits, NULL);
    for (uint32_t id = 10; id < 14; id++) {
        buffer.resource_id = id;
        vcmd_checker_resource_create(w.checker, &buffer);
        vcmd_checker_attach(w.checker, CONTEXT, id);
    }
    assert_int_equal(world_count(&w, VCMD_DIAGNOSTIC_TRACKING_FULL), 1);
    create_blends(&w, 1, 6, 1);
    PACKET(&w, BIND_OBJECT, VCMD_OBJECT_DSA, 6); /* not followed, and there */
    PACKET(&w, BIND_OBJECT, VCMD_OBJECT_DSA, 4); /* followed */
    PACKET(&w, SET_VERTEX_BUFFERS, 0, 16, 0, 13);
    PACKET(&w, CREATE_SUB_CTX, 0, 1); /* no room */
    PACKET(&w, BIND_OBJECT, VCMD_OBJECT_DSA, 77);
    PACKET(&w, SET_SUB_CTX, 0, 1);
    PACKET(&w, SET_SUB_CTX, 0, 0);
    PACKET(&w, BIND_OBJECT, VCMD_OBJECT_DSA, 1);
    world_submit(&w);
    /* resources, objects, sub-contexts: one line each */
    assert_int_equal(world_count(&w, VCMD_DIAGNOSTIC_TRACKING_FULL), 3);
    assert_int_equal(w.num_told, 3);
    assert_false(w.result.broken);
    assert_true(w.result.untracked);
    world_end(&w);
}

static void submit_to(struct world *w, uint32_t context_id)
{
    assert_int_equal(vcmd_checker_submit(w->checker, context_id, w->dwords, w->length, &w->result),
                     VCMD_STATUS_OK);
    w->length = 0;
}

/* What one context has no room for costs no other anything, and is over with the context. */
static void test_full_for_one_context(void **state)
{
    static const struct vcmd_check_limits limits = {3, 6, 64, 1, 1};
    struct world w;

    (void)state;
    world_begin(&w, &limits, NULL);
    for (uint32_t id = 1; id < 20; id++)
        PACKET(&w, CREATE_SUB_CTX, 0, id);
    PACKET(&w, SET_SUB_CTX, 0, 0);
    create_blends(&w, 1, 65, 1);
    world_submit(&w);
    assert_true(w.result.untracked);
    assert_int_equal(world_count(&w, VCMD_DIAGNOSTIC_TRACKING_FULL), 2);

    vcmd_checker_context_create(w.checker, OTHER_CONTEXT);
    PACKET(&w, BIND_OBJECT, VCMD_OBJECT_DSA, 77);
    submit_to(&w, OTHER_CONTEXT);
    assert_false(w.result.untracked);
    assert_int_equal(w.result.broken_code, VCMD_DIAGNOSTIC_OBJECT_UNKNOWN);

    vcmd_checker_context_destroy(w.checker, CONTEXT);
    vcmd_checker_context_create(w.checker, CONTEXT);
    PACKET(&w, BIND_OBJECT, VCMD_OBJECT_DSA, 77);
    world_submit(&w);
    assert_false(w.result.untracked);
    assert_int_equal(w.result.broken_code, VCMD_DIAGNOSTIC_OBJECT_UNKNOWN);
    world_end(&w);
}

/* Once all resources that did not fit are gone, an id that is not known is a fault again. */
static void test_lost_resources_are_destroyed(void **state)
{
    static const struct vcmd_check_limits limits = {1, 1, 1, 1, 4};
    struct vcmd_ctrl_resource_create_3d buffer = {.bind = VCMD_BIND_VERTEX_BUFFER, .width = 16};
    struct world w;

    (void)state;
    world_begin(&w, &limits, NULL);
    for (buffer.resource_id = 10; buffer.resource_id < 13; buffer.resource_id++)
        vcmd_checker_resource_create(w.checker, &buffer);
    PACKET(&w, SET_VERTEX_BUFFERS, 0, 16, 0, 77);
    world_submit(&w);
    assert_true(w.result.untracked);
    assert_false(w.result.broken);
    vcmd_checker_resource_destroy(w.checker, 12);
    vcmd_checker_resource_destroy(w.checker, 11);
    PACKET(&w, SET_VERTEX_BUFFERS, 0, 16, 0, 78);
    world_submit(&w);
    assert_false(w.result.untracked);
    assert_int_equal(w.result.broken_code, VCMD_DIAGNOSTIC_RESOURCE_UNKNOWN);
    world_end(&w);
}

/* Places of what has been destroyed are used again: the tables hold for ever. */
static void test_destroyed_makes_room(void **state)
{
    static const struct vcmd_check_limits limits = {2, 3, 8, 2, 2};
    struct vcmd_ctrl_resource_create_3d buffer = {.bind = VCMD_BIND_VERTEX_BUFFER, .width = 16};
    struct world w;

    (void)state;
    world_begin(&w, &limits, NULL);
    for (uint32_t round = 1; round < 200; round++) {
        buffer.resource_id = round;
        vcmd_checker_resource_create(w.checker, &buffer);
        vcmd_checker_attach(w.checker, CONTEXT, round);
        PACKET(&w, CREATE_SUB_CTX, 0, round);
        create_blends(&w, round * 100, 8, 7);
        PACKET(&w, DESTROY_SUB_CTX, 0, round);
        world_submit(&w);
        vcmd_checker_resource_destroy(w.checker, round);
        vcmd_checker_context_create(w.checker, OTHER_CONTEXT);
        vcmd_checker_context_destroy(w.checker, OTHER_CONTEXT);
    }
    assert_int_equal(w.num_told, 0);
    vcmd_checker_finish(w.checker);
    assert_int_equal(w.num_told, 0);
    world_end(&w);
}

static void test_size_and_init(void **state)
{
    struct vcmd_check_limits limits = {0};
    struct vcmd_checker_desc desc = {0};
    struct vcmd_checker *checker;
    size_t size = vcmd_checker_size(NULL);
    char *memory = malloc(size + 1);

    (void)state;
    assert_non_null(memory);
    assert_int_equal(size, vcmd_checker_size(&limits));
    assert_int_equal(vcmd_checker_init(memory + 1, size, &desc, &checker), VCMD_STATUS_OK);
    assert_int_equal(vcmd_checker_init(memory, size - 1, &desc, &checker), VCMD_STATUS_BUFFER_FULL);
    assert_null(checker);
    assert_int_equal(vcmd_checker_init(memory, size, NULL, &checker), VCMD_STATUS_OK);
    assert_int_equal(vcmd_checker_init(memory, size, &desc, NULL), VCMD_STATUS_NULL_ARGUMENT);
    desc.check.release = "9.9.9";
    assert_int_equal(vcmd_checker_init(memory, size, &desc, &checker), VCMD_STATUS_UNKNOWN_VALUE);
    limits.objects = VCMD_CHECK_LIMIT_MAX + 1;
    assert_int_equal(vcmd_checker_size(&limits), 0);
    free(memory);
}

/* ---- contexts beside each other ---- */

#define SET_TYPE(w, id, size)                                                                      \
    PACKET(w, PIPE_RESOURCE_SET_TYPE, 0, id, VCMD_FORMAT_B8G8R8A8_UNORM, VCMD_BIND_SAMPLER_VIEW,   \
           size, size, 0, 0, 0, 4 * (size), 0)

/* Who may not see a resource does not change what it is for those who may. */
static void test_type_of_a_foreign_resource(void **state)
{
    enum { BLOB = 50 };
    struct world w;

    (void)state;
    world_begin(&w, NULL, NULL);
    vcmd_checker_context_create(w.checker, OTHER_CONTEXT);
    vcmd_checker_resource_create_blob(w.checker, BLOB, 16384);
    vcmd_checker_attach(w.checker, OTHER_CONTEXT, BLOB);
    SET_TYPE(&w, BLOB, 1);
    world_submit(&w);
    assert_int_equal(w.result.rejected_code, VCMD_DIAGNOSTIC_RESOURCE_NOT_ATTACHED);
    SET_TYPE(&w, BLOB, 64);
    PACKET(&w, CLEAR_TEXTURE, 0, BLOB, 0, 0, 0, 0, 64, 64, 1, 0, 0, 0, 0);
    submit_to(&w, OTHER_CONTEXT);
    assert_false(w.result.broken);
    world_end(&w);
}

/* The fault is the context's, not that of a packet; there may be none. */
static void test_context_that_takes_no_stream(void **state)
{
    struct world w;
    char text[256];

    (void)state;
    world_begin(&w, NULL, NULL);
    submit_to(&w, OTHER_CONTEXT);
    assert_true(w.result.rejected);
    assert_int_equal(w.result.rejected_packet, VCMD_NO_PACKET);
    assert_int_equal(w.told[0].packet, VCMD_NO_PACKET);
    assert_null(w.told[0].command);
    vcmd_diagnostic_format(&w.told[0], VCMD_DIAGNOSTIC_LINE, text, sizeof(text));
    assert_string_equal(text, "context 2, no such context "
                              "[902 CONTEXT_UNKNOWN, the host rejects the stream]");

    vcmd_checker_context_break(w.checker, CONTEXT);
    PACKET(&w, SET_STENCIL_REF, 0, 0);
    world_submit(&w);
    assert_true(w.result.broken);
    assert_int_equal(w.result.broken_packet, VCMD_NO_PACKET);
    assert_int_equal(w.result.broken_code, VCMD_DIAGNOSTIC_CONTEXT_BROKEN);
    world_end(&w);
}

/* ---- text ---- */

/* 250 and 16 are 266: no field has that number, and the text does not say so. */
static void test_text_of_ends(void **state)
{
    struct world w;
    char text[512];

    (void)state;
    world_begin(&w, NULL, NULL);
    PACKET(&w, RESOURCE_COPY_REGION, 0, CONSTANTS, 0, 0, 0, 0, VERTICES, 0, 250, 0, 0, 16, 1, 1);
    world_submit(&w);
    assert_int_equal(w.num_told, 1);
    assert_int_equal(w.told[0].limit_kind, VCMD_LIMIT_END);
    assert_int_equal(w.told[0].value, 266);
    vcmd_diagnostic_format(&w.told[0], VCMD_DIAGNOSTIC_LINE, text, sizeof(text));
    assert_non_null(strstr(text, "src.box.w (dword 11) reaches to 266: "));
    assert_non_null(strstr(text, "; at most 256 [501 BOX_RANGE"));
    world_end(&w);
}

static void check_bits(uint64_t value, const char *wanted)
{
    const struct vcmd_diagnostic told = {.code = VCMD_DIAGNOSTIC_RESERVED_BITS,
                                         .packet = VCMD_NO_PACKET,
                                         .field = "bits",
                                         .value = value};
    char text[512];

    vcmd_diagnostic_format(&told, VCMD_DIAGNOSTIC_LINE, text, sizeof(text));
    assert_memory_equal(text, wanted, strlen(wanted));
}

static void test_text_of_bits(void **state)
{
    (void)state;
    check_bits(0, "bits is 0x0: ");
    check_bits(0xf, "bits is 0xf: ");
    check_bits(0x10, "bits is 0x10: ");
    check_bits(0x7fc00000, "bits is 0x7fc00000: ");
    check_bits(0x123456789abcdef0, "bits is 0x123456789abcdef0: ");
}

static void test_text(void **state)
{
    struct world w;
    char text[512], cut[16];
    size_t length;

    (void)state;
    world_begin(&w, NULL, NULL);
    PACKET(&w, SET_STENCIL_REF, 0, 0);
    PACKET(&w, SET_VERTEX_BUFFERS, 0, 16, 0, VERTICES, 16, 0, MISSING);
    world_submit(&w);
    assert_int_equal(w.num_told, 1);
    length = vcmd_diagnostic_format(&w.told[0], VCMD_DIAGNOSTIC_LINE, text, sizeof(text));
    assert_string_equal(text, "context 1, packet 1 at dword 2, SET_VERTEX_BUFFERS: "
                              "buffers[1].res_handle (dword 6) is 99: no resource has this id "
                              "[400 RESOURCE_UNKNOWN, the host marks the context as broken]");
    assert_int_equal(length, strlen(text));
    assert_int_equal(vcmd_diagnostic_format(&w.told[0], VCMD_DIAGNOSTIC_LINE, cut, sizeof(cut)),
                     length);
    assert_string_equal(cut, "context 1, pack");
    assert_int_equal(vcmd_diagnostic_format(&w.told[0], VCMD_DIAGNOSTIC_LINE, NULL, 0), length);
    vcmd_diagnostic_format(&w.told[0], VCMD_DIAGNOSTIC_FULL, text, sizeof(text));
    assert_non_null(strstr(text, "\n  rule: "));
    assert_non_null(strstr(text, "\n  host: "));
    assert_non_null(strstr(text, "\n  do:   "));
    world_end(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdict_is_the_first),
        cmocka_unit_test(test_view_of_unaligned_texels),
        cmocka_unit_test(test_box_below_zero),
        cmocka_unit_test(test_skipped_draws_are_not_rejected),
        cmocka_unit_test(test_ignored_severities),
        cmocka_unit_test(test_older_host),
        cmocka_unit_test(test_feature_missing),
        cmocka_unit_test(test_format_unsupported),
        cmocka_unit_test(test_full_tables_tell_and_never_err),
        cmocka_unit_test(test_full_for_one_context),
        cmocka_unit_test(test_lost_resources_are_destroyed),
        cmocka_unit_test(test_type_of_a_foreign_resource),
        cmocka_unit_test(test_context_that_takes_no_stream),
        cmocka_unit_test(test_destroyed_makes_room),
        cmocka_unit_test(test_size_and_init),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_text_of_ends),
        cmocka_unit_test(test_text_of_bits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
