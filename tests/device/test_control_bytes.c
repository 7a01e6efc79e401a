/* SPDX-License-Identifier: MIT */

/*
 * What the control-queue adapter puts on the wire: dwords worked out from the virtio-gpu
 * specification. Each request begins with type, flags, fence (two dwords), context, padding.
 * Over a mock channel.
 */
#include "fake_channel.h"

#include <string.h>

static struct vcmd_device *device;
static struct vcmd_context *context;
static struct vcmd_resource *resource;

/* 16x8 and 8x4 texels of four bytes: a backing of 640 bytes. */
static const struct vcmd_resource_desc texture = {
    .target = VCMD_TEXTURE_2D,
    .format = VCMD_FORMAT_B8G8R8A8_UNORM,
    .bind = VCMD_BIND_SAMPLER_VIEW,
    .width = 16,
    .height = 8,
    .last_level = 1,
    .flags = VCMD_RESOURCE_Y_0_TOP,
};

static int open_all(void **state)
{
    (void)state;
    channel_reset();
    device = channel_open();
    assert_ok(vcmd_context_create(device, "test", &context));
    assert_ok(vcmd_resource_create(device, &texture, &resource));
    assert_ok(vcmd_context_attach(context, resource));
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    vcmd_context_destroy(context);
    vcmd_resource_destroy(resource);
    vcmd_device_close(device);
    assert_channel_clean(1);
    return 0;
}

/* expected is a whole array of dwords, the first of which is the type of the request. */
#define assert_sent(expected)                                                                      \
    do {                                                                                           \
        assert_int_equal(channel_last((expected)[0])->size, sizeof(expected));                     \
        assert_memory_equal(channel_last((expected)[0])->words, (expected), sizeof(expected));     \
    } while (0)

static void contexts(void **state)
{
    /* nlen, context_init, 64 bytes of name: "abc" */
    const uint32_t create[24] = {0x0200, 0, 0, 0, 2, 0, 3, 0, 0x00636261};
    const uint32_t destroy[6] = {0x0201, 0, 0, 0, 2, 0};
    const uint32_t nameless[24] = {0x0200, 0, 0, 0, 3, 0, 0, 0};
    struct vcmd_context *other;

    (void)state;
    assert_ok(vcmd_context_create(device, "abc", &other));
    assert_sent(create);
    vcmd_context_destroy(other);
    assert_sent(destroy);
    assert_ok(vcmd_context_create(device, NULL, &other));
    assert_sent(nameless); /* with another id: the old one comes back as late as possible */
    vcmd_context_destroy(other);
}

/* The host keeps 63 bytes; the 64th is the NUL. */
static void long_name(void **state)
{
    const uint32_t *words = channel_last(0x0200)->words;
    struct vcmd_context *other;
    char name[100];

    (void)state;
    memset(name, 'n', sizeof(name));
    name[sizeof(name) - 1] = '\0';
    assert_ok(vcmd_context_create(device, name, &other));
    assert_int_equal(words[6], 63);
    assert_int_equal(words[8 + 14], 0x6e6e6e6e);
    assert_int_equal(words[8 + 15], 0x006e6e6e);
    vcmd_context_destroy(other);
}

static void attaching(void **state)
{
    /* resource, padding */
    const uint32_t attach[8] = {0x0202, 0, 0, 0, 1, 0, 1, 0};
    const uint32_t detach[8] = {0x0203, 0, 0, 0, 1, 0, 1, 0};

    (void)state;
    assert_int_equal(vcmd_resource_id(resource), 1);
    assert_sent(attach);
    assert_ok(vcmd_context_detach(context, resource));
    assert_sent(detach);
}

static void resources(void **state)
{
    /* id, target, format, bind, width, height, depth, array_size, last_level, nr_samples, flags */
    const uint32_t create[18] = {0x0204, 0, 0, 0, 0, 0, 1, 2, 1, 8, 16, 8, 1, 1, 1, 0, 1, 0};
    /* id, number of entries; address (two dwords), length, padding */
    const uint32_t backing[12] = {0x0106, 0, 0, 0, 0, 0, 1, 1, 0x56789000, 0x1234, 640, 0};
    const uint32_t cube[18] = {0x0204, 0, 0, 0, 0, 0, 2, 8, 1, 8, 4, 4, 1, 12, 0, 0, 0, 0};
    const uint32_t samples[18] = {0x0204, 0, 0, 0, 0, 0, 3, 2, 1, 2, 4, 5, 1, 1, 0, 4, 0, 0};
    const uint32_t slices[18] = {0x0204, 0, 0, 0, 0, 0, 4, 3, 1, 8, 4, 5, 6, 1, 0, 0, 0, 0};
    const uint32_t detach[8] = {0x0107, 0, 0, 0, 0, 0, 4, 0};
    const uint32_t unref[8] = {0x0102, 0, 0, 0, 0, 0, 4, 0};
    struct vcmd_resource_desc desc = {
        .target = VCMD_TEXTURE_CUBE_ARRAY,
        .format = 1,
        .bind = VCMD_BIND_SAMPLER_VIEW,
        .width = 4,
        .height = 4,
        .array_size = 12,
    };
    struct vcmd_resource *other;

    (void)state;
    assert_sent(create);
    assert_sent(backing);
    assert_ok(vcmd_resource_create(device, &desc, &other));
    assert_sent(cube);
    vcmd_resource_destroy(other);
    desc = (struct vcmd_resource_desc){.target = VCMD_TEXTURE_2D,
                                       .format = 1,
                                       .bind = VCMD_BIND_RENDER_TARGET,
                                       .width = 4,
                                       .height = 5,
                                       .nr_samples = 4};
    assert_ok(vcmd_resource_create(device, &desc, &other));
    assert_sent(samples);
    vcmd_resource_destroy(other);
    desc = (struct vcmd_resource_desc){.target = VCMD_TEXTURE_3D,
                                       .format = 1,
                                       .bind = VCMD_BIND_SAMPLER_VIEW,
                                       .width = 4,
                                       .height = 5,
                                       .depth = 6};
    assert_ok(vcmd_resource_create(device, &desc, &other));
    assert_sent(slices);
    vcmd_resource_destroy(other);
    assert_sent(detach);
    assert_sent(unref);
}

/* An entry counts bytes in 32 bits: 5 GiB take two, the first of all whole pages below 4 GiB. */
static void large_backing(void **state)
{
    const uint32_t backing[16] = {0x0106,     0,      0,          0,      0,          0,
                                  2,          2,      0x56789000, 0x1234, 0xfffff000, 0,
                                  0x56788000, 0x1235, 0x40001000, 0};
    struct vcmd_resource_desc desc = texture;
    struct vcmd_resource *other;

    (void)state;
    desc.backing_size = UINT64_C(5) << 30;
    assert_ok(vcmd_resource_create(device, &desc, &other));
    assert_sent(backing);
    vcmd_resource_destroy(other);
}

static void transfers(void **state)
{
    /* box, offset (two dwords), id, level, stride, layer_stride */
    const uint32_t to[18] = {0x0205, 0, 0, 0, 1, 0, 1, 2, 0, 3, 1, 1, 24, 0, 1, 1, 40, 160};
    const uint32_t from[18] = {0x0206, 0, 0, 0, 1, 0, 0, 0, 0, 16, 8, 1, 0, 0, 1, 0, 0, 0};
    const struct vcmd_transfer transfer = {
        .box = {1, 2, 0, 3, 1, 1}, .level = 1, .stride = 40, .layer_stride = 160, .offset = 24};

    (void)state;
    assert_ok(vcmd_transfer_to_host(context, resource, &transfer));
    assert_sent(to);
    assert_ok(vcmd_transfer_from_host(context, resource, NULL));
    assert_sent(from);
}

/* ---- submits ---- */

#define STREAM_DWORDS 3

/* A stream of NOPs with an odd word in the middle, behind some headroom full of a pattern. */
static void make_stream(struct vcmd_buffer *buf, uint32_t *memory, size_t headroom)
{
    for (size_t i = 0; i < headroom + STREAM_DWORDS; i++)
        memory[i] = 0xa5a5a5a5u;
    vcmd_buffer_init(buf, memory, headroom + STREAM_DWORDS, headroom);
    buf->length = STREAM_DWORDS;
    memory[headroom] = 0;
    memory[headroom + 1] = vcmd_le32(0x01020304);
    memory[headroom + 2] = 0;
}

static void check_headroom(size_t headroom, uint64_t wanted_fence)
{
    /* size, padding, stream */
    const uint32_t expected[11] = {
        0x0207, 1, (uint32_t)wanted_fence, 0, 1, 0, STREAM_DWORDS * 4, 0, 0, 0x01020304, 0};
    uint32_t memory[16 + STREAM_DWORDS];
    struct vcmd_buffer buf;
    const char *place;
    uint64_t fence;
    bool copied;

    make_stream(&buf, memory, headroom);
    assert_ok(vcmd_submit(context, &buf, &fence));
    assert_int_equal(fence, wanted_fence);
    assert_sent(expected);

    /* Sent from where it lies exactly when there was room in front of it. */
    place = channel_last(0x0207)->place;
    copied = place < (const char *)memory || place >= (const char *)(memory + ARRAY_SIZE(memory));
    assert_int_equal(copied, headroom < VCMD_BUFFER_HEADROOM);

    /* The stream stays, and so does headroom that is not needed. */
    assert_int_equal(buf.length, STREAM_DWORDS);
    assert_int_equal(memory[headroom + 1], vcmd_le32(0x01020304));
    if (headroom > VCMD_BUFFER_HEADROOM)
        assert_int_equal(memory[headroom - VCMD_BUFFER_HEADROOM - 1], 0xa5a5a5a5u);
    if (headroom > 0 && copied)
        assert_int_equal(memory[headroom - 1], 0xa5a5a5a5u);
}

static void headrooms(void **state)
{
    const size_t sizes[] = {0, 1, 7, 8, 9, 16};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
        check_headroom(sizes[i], i + 1);
}

static void unfenced(void **state)
{
    const uint32_t expected[11] = {0x0207, 0, 0, 0, 1, 0, STREAM_DWORDS * 4, 0, 0, 0x01020304, 0};
    uint32_t memory[16];
    struct vcmd_buffer buf;

    (void)state;
    make_stream(&buf, memory, VCMD_BUFFER_HEADROOM);
    assert_ok(vcmd_submit(context, &buf, NULL));
    assert_sent(expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(contexts, open_all, close_all),
        cmocka_unit_test_setup_teardown(long_name, open_all, close_all),
        cmocka_unit_test_setup_teardown(attaching, open_all, close_all),
        cmocka_unit_test_setup_teardown(resources, open_all, close_all),
        cmocka_unit_test_setup_teardown(large_backing, open_all, close_all),
        cmocka_unit_test_setup_teardown(transfers, open_all, close_all),
        cmocka_unit_test_setup_teardown(headrooms, open_all, close_all),
        cmocka_unit_test_setup_teardown(unfenced, open_all, close_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
