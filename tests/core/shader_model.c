/* SPDX-License-Identifier: MIT */
#include "shader_model.h"

void shader_model_init(struct shader_model *model)
{
    memset(model, 0, sizeof(*model));
}

void shader_model_free(struct shader_model *model)
{
    free(model->text);
    memset(model, 0, sizeof(*model));
}

/* Dwords of the stream output block; the first packet's is kept. */
static size_t stream_output(struct shader_model *model, const struct vcmd_buffer *buf, size_t first,
                            bool continuation)
{
    uint32_t count = stream_dword(buf, first + 5);
    size_t i;

    if (model->type == 5) {
        /* Compute: shared memory, which every packet repeats. */
        if (continuation)
            assert_int_equal(count, model->num_outputs);
        model->num_outputs = count;
        return 0;
    }
    if (continuation)
        assert_int_equal(count, 0);
    else
        model->num_outputs = count;
    if (count == 0)
        return 0;
    assert_in_range(count, 1, 64);
    for (i = 0; i < 4; i++)
        model->stride[i] = stream_dword(buf, first + 6 + i);
    for (i = 0; i < 2 * (size_t)count; i++)
        model->output_words[i] = stream_dword(buf, first + 10 + i);
    return 4 + 2 * (size_t)count;
}

static void begin_text(struct shader_model *model, const struct vcmd_buffer *buf, size_t first)
{
    assert_false(model->in_progress);
    assert_false(model->complete);
    model->handle = stream_dword(buf, first + 1);
    model->type = stream_dword(buf, first + 2);
    model->total = stream_dword(buf, first + 3);
    model->num_tokens = stream_dword(buf, first + 4);
    assert_int_not_equal(model->handle, 0);
    assert_in_range(model->type, 0, 5);
    assert_int_not_equal(model->total, 0);
    model->text = test_memory((size_t)model->total + 4);
    model->in_progress = true;
}

static void continue_text(const struct shader_model *model, const struct vcmd_buffer *buf,
                          size_t first)
{
    assert_true(model->in_progress);
    assert_int_equal(stream_dword(buf, first + 1), model->handle);
    assert_int_equal(stream_dword(buf, first + 2), model->type);
    assert_int_equal(stream_dword(buf, first + 4), model->num_tokens);
    /* The bytes that came before, which the host has counted too. */
    assert_int_equal(stream_dword(buf, first + 3) & 0x7fffffffu, model->received);
}

static void packet(struct shader_model *model, const struct vcmd_buffer *buf, size_t first,
                   size_t payload)
{
    bool continuation;
    size_t fixed, dwords;

    assert_true(payload >= 5);
    continuation = stream_dword(buf, first + 3) >> 31 != 0;
    if (continuation)
        continue_text(model, buf, first);
    else
        begin_text(model, buf, first);
    fixed = 5 + stream_output(model, buf, first, continuation);
    assert_true(payload > fixed); /* a packet without text makes no progress */
    dwords = payload - fixed;
    /* No more text than announced, in whole dwords. */
    assert_true(model->received + dwords * 4 < (size_t)model->total + 4);
    memcpy(model->text + model->received, vcmd_buffer_stream(buf) + first + 1 + fixed, dwords * 4);
    model->received += (uint32_t)dwords * 4;
    model->packets++;
    if (model->received >= model->total) {
        model->complete = true;
        model->in_progress = false;
        assert_int_equal(model->text[model->total - 1], 0);
    }
}

void shader_model_submit(struct shader_model *model, const struct vcmd_buffer *buf)
{
    size_t at = 0;

    while (at < buf->length) {
        uint32_t header = stream_dword(buf, at);

        /* CREATE_OBJECT is command 1, a shader object 4. */
        assert_int_equal(header & 0xff, 1);
        assert_int_equal(header >> 8 & 0xff, 4);
        assert_true(at + 1 + (header >> 16) <= buf->length);
        packet(model, buf, at, header >> 16);
        at += 1 + (header >> 16);
    }
}
