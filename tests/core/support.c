/* SPDX-License-Identifier: MIT */
#include "support.h"

uint32_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33);
}

void fill_bytes(void *memory, size_t size, uint32_t seed)
{
    uint8_t *p = memory;
    uint64_t state = seed;
    size_t i;

    for (i = 0; i < size; i++)
        p[i] = (uint8_t)(1 + next_random(&state) % 255);
}

void *test_memory(size_t size)
{
    void *memory = malloc(size != 0 ? size : 1);

    if (memory == NULL)
        abort();
    return memory;
}

uint32_t stream_dword(const struct vcmd_buffer *buf, size_t i)
{
    const uint8_t *p;

    assert_true(i < buf->length);
    p = (const uint8_t *)(vcmd_buffer_stream(buf) + i);
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

void guarded_init_space(struct guarded *g, size_t space)
{
    const struct vcmd_set_sub_ctx first = {.sub_ctx_id = 7};

    fill_bytes(g->memory, sizeof(g->memory), 1);
    vcmd_buffer_init(&g->buf, g->memory, GUARD_HEADROOM + 2 + space, GUARD_HEADROOM);
    assert_int_equal(vcmd_set_sub_ctx(&g->buf, &first), VCMD_STATUS_OK);
    assert_int_equal(vcmd_buffer_space(&g->buf), space);
    guarded_remember(g);
}

void guarded_init(struct guarded *g)
{
    guarded_init_space(g, GUARD_CAPACITY - GUARD_HEADROOM - 2);
}

void guarded_remember(struct guarded *g)
{
    memcpy(g->before, g->memory, sizeof(g->memory));
    g->buf_before = g->buf;
}

void guarded_check_unchanged(const struct guarded *g)
{
    assert_memory_equal(g->memory, g->before, sizeof(g->memory));
    assert_int_equal(g->buf.length, g->buf_before.length);
    assert_int_equal(g->buf.capacity, g->buf_before.capacity);
    assert_int_equal(g->buf.headroom, g->buf_before.headroom);
    assert_ptr_equal(g->buf.dwords, g->memory);
}

void guarded_check_sticky(struct guarded *g, enum vcmd_status status)
{
    const struct vcmd_error error = g->buf.error;
    const struct vcmd_set_sub_ctx good = {.sub_ctx_id = 1};
    const struct vcmd_nop bad = {.num_dwords = 65536};
    const struct vcmd_ctrl_get_display_info request = {.hdr = {.flags = 0}};

    assert_int_equal(error.status, status);
    assert_int_equal(vcmd_buffer_space(&g->buf), 0);
    /* A good call, another bad one, one without arguments: all answer the first failure. */
    assert_int_equal(vcmd_set_sub_ctx(&g->buf, &good), status);
    assert_int_equal(vcmd_nop(&g->buf, &bad), status);
    assert_int_equal(vcmd_set_sub_ctx(&g->buf, NULL), status);
    assert_int_equal(vcmd_ctrl_get_display_info(&g->buf, &request), status);
    assert_int_equal(g->buf.error.status, error.status);
    assert_ptr_equal(g->buf.error.command, error.command);
    assert_ptr_equal(g->buf.error.field, error.field);
    assert_int_equal(g->buf.error.index, error.index);
    assert_int_equal(g->buf.error.value, error.value);
    assert_int_equal(g->buf.error.limit, error.limit);
    assert_int_equal(g->buf.error.offset, error.offset);
    guarded_check_unchanged(g);
    vcmd_buffer_reset(&g->buf);
    assert_int_equal(vcmd_set_sub_ctx(&g->buf, &good), VCMD_STATUS_OK);
}
