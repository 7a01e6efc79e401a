/* SPDX-License-Identifier: MIT */

/*
 * What the host does not like, and how the loopback tells. Which streams leave the context useless
 * was measured with virglrenderer 0.10.4 on its own.
 */
#include "loopback_support.h"

#include <stdlib.h>
#include <string.h>

static struct stage stage;

/* A stream of raw dwords. */
static void put_words(struct vcmd_buffer *buf, const uint32_t *words, size_t count)
{
    vcmd_buffer_reset(buf);
    for (size_t i = 0; i < count; i++)
        buf->dwords[buf->headroom + i] = vcmd_le32(words[i]);
    buf->length = count;
}

/* Clears to a colour and reads it back. */
static void check_works(struct vcmd_context *context)
{
    struct stage other = {.context = context};
    struct vcmd_resource *target;
    const uint8_t *bytes;

    vcmd_buffer_init(&other.buf, other.memory, ARRAY_SIZE(other.memory), VCMD_BUFFER_HEADROOM);
    target = stage_target(&other, VCMD_FORMAT_R8_UNORM, 4, 4);
    stage_draw_to(&other, 1, target, VCMD_FORMAT_R8_UNORM, 0, 0);
    stage_clear(&other, 0.2f, 0, 0, 0);
    stage_run(&other);
    bytes = stage_read(&other, target);
    assert_int_equal(bytes[0], 51);
    assert_int_equal(bytes[15], 51);
    vcmd_resource_destroy(target);
}

/* Its submits and transfers are refused, and the log says what helps. */
static void check_dead(void)
{
    const uint32_t nop = 0;
    struct vcmd_resource *target = stage_target(&stage, VCMD_FORMAT_R8_UNORM, 4, 4);

    put_words(&stage.buf, &nop, 1);
    assert_refused(vcmd_submit(stage.context, &stage.buf, NULL), VCMD_STATUS_HOST_UNSPEC,
                   "only destroying it helps");
    assert_refused(vcmd_transfer_to_host(stage.context, target, NULL), VCMD_STATUS_HOST_UNSPEC,
                   "only destroying it helps");
    assert_refused(vcmd_transfer_from_host(stage.context, target, NULL), VCMD_STATUS_HOST_UNSPEC,
                   "only destroying it helps");
    vcmd_resource_destroy(target);
}

static void check_others(void)
{
    struct vcmd_context *fresh;

    assert_ok(vcmd_context_create(stage_device, "fresh", &fresh));
    check_works(fresh);
    vcmd_context_destroy(fresh);
}

/* ---- streams ---- */

static const struct {
    const char *name;
    uint32_t words[6]; /* header: length << 16 | object << 8 | command */
    size_t count;
    bool dead;
} bad_streams[] = {
    {"unknown command", {0x000000ff}, 1, false},
    {"wrong length of CLEAR", {0x00030007, 0, 0, 0}, 4, true},
    {"truncated CLEAR", {0x00080007, 0}, 2, true},
    {"unknown object type", {0x0001ff01, 1}, 2, true},
    {"handle 0", {0x00010101, 0}, 2, true},
    {"unknown surface in the framebuffer", {0x00030005, 1, 0, 77}, 4, true},
    {"unknown blend", {0x00010102, 77}, 2, true},
};

static void streams(void **state)
{
    struct vcmd_context *bystander;

    (void)state;
    assert_ok(vcmd_context_create(stage_device, "bystander", &bystander));
    for (size_t i = 0; i < ARRAY_SIZE(bad_streams); i++) {
        uint64_t fence = 9;

        print_message("%s\n", bad_streams[i].name);
        stage_begin(&stage);
        put_words(&stage.buf, bad_streams[i].words, bad_streams[i].count);
        assert_refused(vcmd_submit(stage.context, &stage.buf, &fence),
                       VCMD_STATUS_HOST_INVALID_PARAMETER, "SUBMIT_3D: virglrenderer rejected it");
        assert_int_equal(fence, 0);
        if (bad_streams[i].dead) {
            /* virglrenderer's own words come first. */
            assert_true(
                log_has(VCMD_LOG_ERROR, VCMD_STATUS_HOST_INVALID_PARAMETER, "virglrenderer: "));
            check_dead();
        } else {
            check_works(stage.context);
        }
        check_works(bystander);
        check_others();
        stage_end(&stage);
    }
    vcmd_context_destroy(bystander);
}

static void vertex_buffer(void **state)
{
    const struct vcmd_vertex_buffer unknown = {.stride = 16, .res_handle = 9999};

    (void)state;
    stage_begin(&stage);
    vcmd_set_vertex_buffers(&stage.buf, &(struct vcmd_set_vertex_buffers){1, &unknown});
    assert_refused(vcmd_submit(stage.context, &stage.buf, NULL), VCMD_STATUS_HOST_INVALID_PARAMETER,
                   "error state");
    check_dead();
    check_others();
    stage_end(&stage);
}

/* A resource that exists, but is not attached to this context. */
static void foreign_resource(void **state)
{
    const struct vcmd_resource_desc desc = {.target = VCMD_TEXTURE_2D,
                                            .format = VCMD_FORMAT_R8_UNORM,
                                            .bind = VCMD_BIND_RENDER_TARGET,
                                            .width = 4,
                                            .height = 4};
    struct vcmd_resource *resource;

    (void)state;
    stage_begin(&stage);
    assert_ok(vcmd_resource_create(stage_device, &desc, &resource));
    stage_draw_to(&stage, 1, resource, desc.format, 0, 0);
    assert_refused(vcmd_submit(stage.context, &stage.buf, NULL), VCMD_STATUS_HOST_INVALID_PARAMETER,
                   "virglrenderer rejected it");
    check_dead();
    vcmd_resource_destroy(resource);
    stage_end(&stage);
}

static void shader_text(void **state)
{
    (void)state;
    stage_begin(&stage);
    stage_fragment_shader(&stage, "FRAG\n"
                                  "DCL OUT[0], COLOR\n"
                                  "  0: FROBNICATE OUT[0], OUT[0]\n"
                                  "  1: END\n");
    assert_refused(vcmd_submit(stage.context, &stage.buf, NULL), VCMD_STATUS_HOST_INVALID_PARAMETER,
                   "virglrenderer rejected it");
    assert_true(log_has(VCMD_LOG_ERROR, VCMD_STATUS_HOST_INVALID_PARAMETER, "virglrenderer: "));
    check_dead();
    check_others();
    stage_end(&stage);
}

/* What the host executed before the fault stays executed; what came after it does not. */
static void executed_in_part(void **state)
{
    struct vcmd_resource *target;
    struct vcmd_context *reader;
    const uint32_t unknown = vcmd_le32(0x000000ff);
    uint8_t *memory;

    (void)state;
    stage_begin(&stage);
    target = stage_target(&stage, VCMD_FORMAT_R8_UNORM, 4, 4);
    stage_draw_to(&stage, 1, target, VCMD_FORMAT_R8_UNORM, 0, 0);
    stage_clear(&stage, 0.2f, 0, 0, 0);
    stage.buf.dwords[stage.buf.headroom + stage.buf.length++] = unknown;
    stage_clear(&stage, 0.8f, 0, 0, 0);
    assert_refused(vcmd_submit(stage.context, &stage.buf, NULL), VCMD_STATUS_HOST_INVALID_PARAMETER,
                   "rejected");
    assert_ok(vcmd_context_create(stage_device, "reader", &reader));
    assert_ok(vcmd_context_attach(reader, target));
    assert_ok(vcmd_resource_map(target, (void **)&memory, NULL));
    assert_ok(vcmd_transfer_from_host(reader, target, NULL));
    assert_int_equal(memory[0], 51);
    vcmd_context_destroy(reader);
    vcmd_resource_destroy(target);
    stage_end(&stage);
}

/* Works, and probably not as meant: a warning. */
static void warning(void **state)
{
    struct vcmd_resource *target;

    (void)state;
    stage_begin(&stage);
    target = stage_target(&stage, VCMD_FORMAT_R8_UNORM, 4, 4);
    stage_draw_to(&stage, 1, target, VCMD_FORMAT_R8_UNORM, 0, 0);
    vcmd_draw_vbo(&stage.buf, &(struct vcmd_draw_vbo){
                                  .mode = VCMD_PRIM_TRIANGLES, .count = 3, .instance_count = 1});
    assert_ok(vcmd_submit(stage.context, &stage.buf, NULL));
    assert_true(log_has(VCMD_LOG_WARNING, VCMD_STATUS_OK, "virglrenderer: "));
    check_works(stage.context);
    vcmd_resource_destroy(target);
    stage_end(&stage);
}

/* QEMU takes 4 MiB in a submit, and so does the loopback: NOPs, to the last dword and one more. */
static void long_stream(void **state)
{
    const size_t most = 4u * 1024 * 1024 / 4;
    uint32_t *memory = calloc(most + 1 + VCMD_BUFFER_HEADROOM, 4);
    struct vcmd_buffer buf;
    uint64_t fence;

    (void)state;
    assert_non_null(memory);
    stage_begin(&stage);
    vcmd_buffer_init(&buf, memory, most + 1 + VCMD_BUFFER_HEADROOM, VCMD_BUFFER_HEADROOM);
    buf.length = most + 1;
    assert_refused(vcmd_submit(stage.context, &buf, &fence), VCMD_STATUS_HOST_INVALID_PARAMETER,
                   "4194308 bytes");
    buf.length = most;
    assert_ok(vcmd_submit(stage.context, &buf, &fence));
    assert_ok(vcmd_fence_wait(stage_device, fence, VCMD_WAIT_FOREVER));
    check_works(stage.context);
    stage_end(&stage);
    free(memory);
}

/* ---- resources ---- */

/* What the device layer cannot know: the host has no such format, or not for such a use. */
static void resources(void **state)
{
    const struct vcmd_resource_desc samples = {.target = VCMD_TEXTURE_2D,
                                               .format = VCMD_FORMAT_RGTC2_UNORM,
                                               .bind = VCMD_BIND_SAMPLER_VIEW,
                                               .width = 16,
                                               .height = 16,
                                               .nr_samples = 4};
    struct vcmd_resource *resource;

    (void)state;
    assert_refused(vcmd_resource_create(stage_device, &samples, &resource),
                   VCMD_STATUS_HOST_INVALID_PARAMETER, "virglrenderer gave");
    assert_null(resource);
    /* In the host's own words, too. */
    assert_true(log_has(VCMD_LOG_ERROR, VCMD_STATUS_HOST_INVALID_PARAMETER, "multisample"));
    check_others();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams),          cmocka_unit_test(vertex_buffer),
        cmocka_unit_test(foreign_resource), cmocka_unit_test(shader_text),
        cmocka_unit_test(executed_in_part), cmocka_unit_test(warning),
        cmocka_unit_test(long_stream),      cmocka_unit_test(resources),
    };

    return cmocka_run_group_tests(tests, stage_setup_group, stage_teardown_group);
}
