/* SPDX-License-Identifier: MIT */

/*
 * The loopback's device, asked directly: requests that the adapter never makes. It is stricter than
 * QEMU on purpose; what it must refuse follows from the virtio-gpu specification.
 */
#include "raw_device.h"

#include <string.h>

#define OK      VCMD_CTRL_RESP_OK_NODATA
#define UNSPEC  VCMD_CTRL_RESP_ERR_UNSPEC
#define NO_RES  VCMD_CTRL_RESP_ERR_INVALID_RESOURCE_ID
#define NO_CTX  VCMD_CTRL_RESP_ERR_INVALID_CONTEXT_ID
#define BAD     VCMD_CTRL_RESP_ERR_INVALID_PARAMETER
#define PIECE   8192 /* bytes of guest memory */
#define TEXTURE 5
#define CONTEXT 1
#define WHOLE   .box = {0, 0, 0, 16, 16, 1}
#define A_TEXTURE                                                                                  \
    .target = VCMD_TEXTURE_2D, .format = VCMD_FORMAT_B8G8R8A8_UNORM,                               \
    .bind = VCMD_BIND_RENDER_TARGET, .width = 16, .height = 16, .depth = 1, .array_size = 1

static uint8_t *piece;

/* A context, and a texture of 1024 bytes that is attached to it and has a backing of two entries in
 * turned order. */
static int setup(void **state)
{
    struct vcmd_ctrl_mem_entry entries[2];

    (void)state;
    raw_open();
    piece = raw_alloc(PIECE);
    assert_non_null(piece);
    entries[0] = (struct vcmd_ctrl_mem_entry){(uintptr_t)piece + 512, 512};
    entries[1] = (struct vcmd_ctrl_mem_entry){(uintptr_t)piece, 512};
    raw_run(OK, ctx_create, .hdr.ctx_id = CONTEXT, .nlen = 3, .debug_name = "abc");
    raw_run(OK, resource_create_3d, .resource_id = TEXTURE, A_TEXTURE);
    raw_run(OK, ctx_attach_resource, .hdr.ctx_id = CONTEXT, .resource_id = TEXTURE);
    raw_run(OK, resource_attach_backing, .resource_id = TEXTURE, .nr_entries = 2,
            .entries = entries);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    raw_close();
    return 0;
}

static void capsets(void **state)
{
    (void)state;
    raw_run(VCMD_CTRL_RESP_OK_CAPSET_INFO, get_capset_info, .capset_index = 0);
    assert_int_equal(raw_size, 40);
    assert_int_equal(vcmd_le32(raw_words[6]), 1);
    assert_int_equal(vcmd_le32(raw_words[8]), 308);
    raw_run(VCMD_CTRL_RESP_OK_CAPSET_INFO, get_capset_info, .capset_index = 1);
    assert_int_equal(vcmd_le32(raw_words[6]), 2);
    raw_run(BAD, get_capset_info, .capset_index = 2);
    raw_run(BAD, get_capset_info, .capset_index = UINT32_MAX);
    raw_run(VCMD_CTRL_RESP_OK_CAPSET, get_capset, .capset_id = 1, .capset_version = 1);
    assert_int_equal(raw_size, 24 + 308);
    raw_run(VCMD_CTRL_RESP_OK_CAPSET, get_capset, .capset_id = 2, .capset_version = 0);
    assert_true(raw_size >= 24 + 1376);
    raw_run(BAD, get_capset, .capset_id = 2, .capset_version = 3);
    raw_run(BAD, get_capset, .capset_id = 4);
    raw_run(BAD, get_capset, .capset_id = 0);
}

/* Commands of displays, blobs and cursors: without their feature bits, unknown. */
static void unknown_commands(void **state)
{
    const uint32_t types[] = {0,      0x00ff, 0x0100, 0x010a,    0x010c,
                              0x0208, 0x0300, 0x1100, UINT32_MAX};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
        vcmd_buffer_reset(&raw_buf);
        memset(raw_buf.dwords, 0, 1200);
        raw_buf.dwords[0] = vcmd_le32(types[i]);
        raw_buf.length = 300;
        raw_send(1200, UNSPEC, __FILE__, __LINE__);
    }
}

/* Requests that end too early, at every byte. */
static void truncated(void **state)
{
    const struct vcmd_ctrl_transfer_to_host_3d transfer = {
        .hdr.ctx_id = CONTEXT, .resource_id = TEXTURE, WHOLE};

    (void)state;
    for (size_t size = 0; size < 72; size++) {
        vcmd_buffer_reset(&raw_buf);
        vcmd_ctrl_transfer_to_host_3d(&raw_buf, &transfer);
        raw_send(size, BAD, __FILE__, __LINE__);
    }
    raw_send(72, OK, __FILE__, __LINE__);
}

static void contexts(void **state)
{
    (void)state;
    raw_run(NO_CTX, ctx_create, .hdr.ctx_id = CONTEXT);
    raw_run(NO_CTX, ctx_create, .hdr.ctx_id = 0);
    raw_run(UNSPEC, ctx_create, .hdr.ctx_id = 2, .context_init = 2);
    raw_run(NO_CTX, ctx_destroy, .hdr.ctx_id = 7);
    raw_run(NO_CTX, ctx_destroy, .hdr.ctx_id = 0);
    raw_run(OK, ctx_create, .hdr.ctx_id = UINT32_MAX >> 1);
    raw_run(OK, ctx_destroy, .hdr.ctx_id = UINT32_MAX >> 1);
    raw_run(NO_CTX, ctx_destroy, .hdr.ctx_id = UINT32_MAX >> 1);

    /* A name longer than it can be: nlen is dword 6. */
    vcmd_buffer_reset(&raw_buf);
    vcmd_ctrl_ctx_create(&raw_buf, &(struct vcmd_ctrl_ctx_create){.hdr.ctx_id = 3});
    raw_buf.dwords[6] = vcmd_le32(65);
    raw_send(96, BAD, __FILE__, __LINE__);
}

static void resources(void **state)
{
    (void)state;
    raw_run(NO_RES, resource_create_3d, .resource_id = TEXTURE, A_TEXTURE);
    assert_false(raw_create(&(struct vcmd_ctrl_resource_create_3d){.resource_id = 0, A_TEXTURE}));
    assert_int_equal(vcmd_le32(raw_words[0]), NO_RES);
    raw_run(BAD, resource_create_3d, .resource_id = 6, A_TEXTURE, .last_level = 9);
    raw_run(NO_RES, resource_unref, .resource_id = 6);
    /* A refused id is free. */
    raw_run(OK, resource_create_3d, .resource_id = 6, A_TEXTURE);
    raw_run(OK, resource_unref, .resource_id = 6);
}

static void attaching(void **state)
{
    (void)state;
    raw_run(NO_RES, ctx_attach_resource, .hdr.ctx_id = CONTEXT, .resource_id = 6);
    raw_run(NO_CTX, ctx_attach_resource, .hdr.ctx_id = 2, .resource_id = TEXTURE);
    raw_run(OK, ctx_attach_resource, .hdr.ctx_id = CONTEXT, .resource_id = TEXTURE); /* again */
    raw_run(NO_RES, ctx_detach_resource, .hdr.ctx_id = CONTEXT, .resource_id = 6);
    raw_run(NO_CTX, ctx_detach_resource, .hdr.ctx_id = 2, .resource_id = TEXTURE);
    raw_run(OK, ctx_detach_resource, .hdr.ctx_id = CONTEXT, .resource_id = TEXTURE);
    raw_run(BAD, ctx_detach_resource, .hdr.ctx_id = CONTEXT, .resource_id = TEXTURE);
    raw_run(NO_RES, transfer_to_host_3d, .hdr.ctx_id = CONTEXT, .resource_id = TEXTURE, WHOLE);

    /* A new resource under an old id is not attached where the old one was. */
    raw_run(OK, ctx_attach_resource, .hdr.ctx_id = CONTEXT, .resource_id = TEXTURE);
    raw_run(OK, resource_unref, .resource_id = TEXTURE);
    raw_run(OK, resource_create_3d, .resource_id = TEXTURE, A_TEXTURE);
    raw_run(BAD, ctx_detach_resource, .hdr.ctx_id = CONTEXT, .resource_id = TEXTURE);
    /* The other way round, too. */
    raw_run(OK, ctx_attach_resource, .hdr.ctx_id = CONTEXT, .resource_id = TEXTURE);
    raw_run(OK, ctx_destroy, .hdr.ctx_id = CONTEXT);
    raw_run(OK, ctx_create, .hdr.ctx_id = CONTEXT);
    raw_run(BAD, ctx_detach_resource, .hdr.ctx_id = CONTEXT, .resource_id = TEXTURE);
}

static void bad_backings(void **state)
{
    const struct vcmd_ctrl_mem_entry bad[] = {
        {(uintptr_t)piece, PIECE + 1}, /* over the end */
        {(uintptr_t)piece + PIECE, 1}, /* behind it */
        {(uintptr_t)piece - 1, 2},     /* in front of it */
        {(uintptr_t)raw_words, 4},     /* memory, but not the guest's */
        {0, 4},
        {UINT64_MAX, UINT32_MAX},
        {UINT64_MAX - 3, 4},
        {(uintptr_t)piece, 0},
    };
    const struct vcmd_ctrl_mem_entry good = {(uintptr_t)piece, 1024};

    (void)state;
    raw_run(UNSPEC, resource_attach_backing, .resource_id = TEXTURE, .nr_entries = 1,
            .entries = &good); /* has one */
    raw_run(OK, resource_detach_backing, .resource_id = TEXTURE);
    raw_run(UNSPEC, resource_detach_backing, .resource_id = TEXTURE);
    raw_run(NO_RES, resource_detach_backing, .resource_id = 6);
    raw_run(NO_RES, resource_attach_backing, .resource_id = 6, .nr_entries = 1, .entries = &good);
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        const struct vcmd_ctrl_mem_entry pair[2] = {good, bad[i]};

        raw_run(UNSPEC, resource_attach_backing, .resource_id = TEXTURE, .nr_entries = 1,
                .entries = &bad[i]);
        raw_run(UNSPEC, resource_attach_backing, .resource_id = TEXTURE, .nr_entries = 2,
                .entries = pair);
    }
    raw_run(UNSPEC, resource_attach_backing, .resource_id = TEXTURE, .nr_entries = 0);
    raw_run(BAD, transfer_to_host_3d, .hdr.ctx_id = CONTEXT, .resource_id = TEXTURE, WHOLE);
    raw_run(OK, resource_attach_backing, .resource_id = TEXTURE, .nr_entries = 1, .entries = &good);
    raw_run(OK, transfer_to_host_3d, .hdr.ctx_id = CONTEXT, .resource_id = TEXTURE, WHOLE);
}

/* The bytes go through the entries in their order. */
static void entries_in_order(void **state)
{
    uint8_t copy[1024];

    (void)state;
    fill_bytes(piece, 1024, 9);
    memcpy(copy, piece, 1024);
    raw_run(OK, transfer_to_host_3d, .hdr.ctx_id = CONTEXT, .resource_id = TEXTURE, WHOLE);
    memset(piece, 0, 1024);
    raw_run(OK, transfer_from_host_3d, .hdr.ctx_id = CONTEXT, .resource_id = TEXTURE, WHOLE);
    assert_memory_equal(piece, copy, 1024);
    /* The first eight rows are the first entry: the second half of the piece. */
    memset(piece, 0, 1024);
    raw_run(OK, transfer_from_host_3d, .hdr.ctx_id = CONTEXT, .resource_id = TEXTURE,
            .box = {0, 0, 0, 16, 8, 1});
    assert_memory_equal(piece + 512, copy + 512, 512);
    assert_int_equal(piece[0], 0);
}

/* virglrenderer adds up in 32 bits, and takes a negative z for an address. */
static const struct vcmd_ctrl_transfer_to_host_3d bad_transfers[] = {
    {.box = {0, 0, -1, 16, 16, 1}},
    {.box = {0, 0, 0, 16, 16, 2}},
    {.box = {1, 0, 0, 16, 16, 1}},
    {.box = {0, 1, 0, 16, 16, 1}},
    {.box = {INT32_MAX, 0, 0, INT32_MAX, 16, 1}},
    {.box = {0, 0, 0, -1, 16, 1}},
    {WHOLE, .offset = 4},
    {WHOLE, .offset = UINT64_MAX},
    {WHOLE, .offset = UINT64_C(1) << 32},
    {WHOLE, .stride = 60},
    {WHOLE, .stride = 0xfffffff0},
    {WHOLE, .stride = 0x40000000},
    {WHOLE, .layer_stride = 8},
    {.box = {0, 0, 0, 1, 1, 1}, .level = 1},
    {.box = {0, 0, 0, 1, 1, 1}, .level = UINT32_MAX},
};

static const struct vcmd_ctrl_transfer_to_host_3d good_transfers[] = {
    {.box = {16, 16, 1, 0, 0, 0}}, /* nothing, at the edge */
    {.box = {15, 15, 0, 1, 1, 1}, .offset = 1020},
    {WHOLE, .stride = 64, .layer_stride = 1024},
};

/* In both directions. */
static void transfer(const struct vcmd_ctrl_transfer_to_host_3d *t, uint32_t expected)
{
    raw_run(expected, transfer_to_host_3d, .hdr.ctx_id = CONTEXT, .resource_id = TEXTURE,
            .box = t->box, .offset = t->offset, .level = t->level, .stride = t->stride,
            .layer_stride = t->layer_stride);
    raw_run(expected, transfer_from_host_3d, .hdr.ctx_id = CONTEXT, .resource_id = TEXTURE,
            .box = t->box, .offset = t->offset, .level = t->level, .stride = t->stride,
            .layer_stride = t->layer_stride);
}

static void transfers(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(bad_transfers); i++)
        transfer(&bad_transfers[i], BAD);
    for (size_t i = 0; i < ARRAY_SIZE(good_transfers); i++)
        transfer(&good_transfers[i], OK);
    raw_run(NO_RES, transfer_to_host_3d, .hdr.ctx_id = CONTEXT, .resource_id = 6, WHOLE);
    raw_run(NO_CTX, transfer_to_host_3d, .hdr.ctx_id = 6, .resource_id = TEXTURE, WHOLE);
    raw_run(NO_CTX, transfer_from_host_3d, .hdr.ctx_id = 0, .resource_id = TEXTURE, WHOLE);
}

/* A SUBMIT_3D whose size field says `size`, with so many bytes behind it. */
static void submit(uint32_t context, uint32_t size, size_t bytes, uint32_t expected)
{
    vcmd_buffer_reset(&raw_buf);
    vcmd_ctrl_submit_3d(&raw_buf,
                        &(struct vcmd_ctrl_submit_3d){.hdr.ctx_id = context, .size = size});
    memset(raw_buf.dwords + 8, 0, 64);
    raw_send(32 + bytes, expected, __FILE__, __LINE__);
}

static void submits(void **state)
{
    (void)state;
    submit(CONTEXT, 4, 4, OK);
    submit(CONTEXT, 0, 0, BAD);
    submit(CONTEXT, 2, 2, BAD);
    submit(CONTEXT, 4, 0, BAD);
    submit(CONTEXT, 8, 4, BAD);
    submit(CONTEXT, 4, 8, BAD);
    submit(CONTEXT, UINT32_MAX, 4, BAD);
    submit(CONTEXT, UINT32_MAX - 3, 4, BAD);
    submit(7, 4, 4, NO_CTX);
    submit(0, 4, 4, NO_CTX);
}

static void fence(uint32_t flags, uint64_t id, uint32_t expected)
{
    vcmd_buffer_reset(&raw_buf);
    vcmd_ctrl_ctx_attach_resource(&raw_buf,
                                  &(struct vcmd_ctrl_ctx_attach_resource){.hdr.ctx_id = CONTEXT,
                                                                          .hdr.flags = flags & 3,
                                                                          .hdr.fence_id = id,
                                                                          .resource_id = TEXTURE});
    raw_buf.dwords[1] = vcmd_le32(flags);
    raw_send(raw_buf.length * 4, expected, __FILE__, __LINE__);
}

static void fences(void **state)
{
    (void)state;
    fence(0, 7, OK); /* no fence asked for */
    assert_int_equal(vcmd_le32(raw_words[1]), 0);
    fence(1, 3, OK);
    assert_int_equal(vcmd_le32(raw_words[1]), 1);
    assert_int_equal(vcmd_le32(raw_words[2]), 3);
    assert_int_equal(vcmd_le32(raw_words[3]), 0);
    assert_int_equal(vcmd_le32(raw_words[4]), CONTEXT);
    fence(1, 3, BAD);
    fence(1, 2, BAD);
    fence(1, 0, BAD);
    fence(1, UINT64_C(1) << 32, BAD);
    fence(1, UINT64_MAX, BAD);
    fence(2, 4, BAD); /* ring_idx without CONTEXT_INIT */
    fence(4, 4, BAD);
    fence(0x80000000u, 4, BAD);
    assert_int_equal(raw_wait_fence(3, VCMD_WAIT_FOREVER), VCMD_STATUS_OK);
    assert_int_equal(raw_wait_fence(4, VCMD_WAIT_FOREVER), VCMD_STATUS_OUT_OF_RANGE);
    /* Gaps are fine, and the largest number is. */
    fence(1, 100, OK);
    assert_int_equal(raw_wait_fence(50, VCMD_WAIT_FOREVER), VCMD_STATUS_OK);
    fence(1, UINT32_MAX, OK);
    assert_int_equal(raw_wait_fence(UINT32_MAX, VCMD_WAIT_FOREVER), VCMD_STATUS_OK);
}

/* Memory that is freed under a resource stays until the resource lets go of it. */
static void freed_memory(void **state)
{
    const struct vcmd_ctrl_mem_entry entry = {(uintptr_t)piece, 1024};

    (void)state;
    log_forget();
    raw_free(piece);
    assert_true(log_has(VCMD_LOG_WARNING, VCMD_STATUS_OK, "still the backing"));
    raw_run(OK, transfer_to_host_3d, .hdr.ctx_id = CONTEXT, .resource_id = TEXTURE, WHOLE);
    log_forget();
    raw_free(piece);
    assert_true(log_has(VCMD_LOG_WARNING, VCMD_STATUS_OK, "did not hand out"));
    raw_run(OK, resource_detach_backing, .resource_id = TEXTURE);
    raw_run(UNSPEC, resource_attach_backing, .resource_id = TEXTURE, .nr_entries = 1,
            .entries = &entry);
    log_forget();
    raw_free(raw_words);
    assert_true(log_has(VCMD_LOG_WARNING, VCMD_STATUS_OK, "did not hand out"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(capsets, setup, teardown),
        cmocka_unit_test_setup_teardown(unknown_commands, setup, teardown),
        cmocka_unit_test_setup_teardown(truncated, setup, teardown),
        cmocka_unit_test_setup_teardown(contexts, setup, teardown),
        cmocka_unit_test_setup_teardown(resources, setup, teardown),
        cmocka_unit_test_setup_teardown(attaching, setup, teardown),
        cmocka_unit_test_setup_teardown(bad_backings, setup, teardown),
        cmocka_unit_test_setup_teardown(entries_in_order, setup, teardown),
        cmocka_unit_test_setup_teardown(transfers, setup, teardown),
        cmocka_unit_test_setup_teardown(submits, setup, teardown),
        cmocka_unit_test_setup_teardown(fences, setup, teardown),
        cmocka_unit_test_setup_teardown(freed_memory, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
