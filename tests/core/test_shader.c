/* SPDX-License-Identifier: MIT */
/* Shader text over as many packets as it needs, put together again by a model of the host. */
#include "shader_model.h"

/* Bytes of text, NUL included, in one full packet without stream output: 65535 - 5 dwords. */
#define FULL ((size_t)4 * (65535 - 5))

#define CAPACITY ((size_t)4 * 65536)

static uint32_t *stream_memory;

static int setup(void **state)
{
    (void)state;
    stream_memory = test_memory(CAPACITY * sizeof(uint32_t));
    fill_bytes(stream_memory, CAPACITY * sizeof(uint32_t), 5);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    free(stream_memory);
    return 0;
}

/* Text of so many characters that does not repeat. */
static char *make_text(size_t length)
{
    char *text = test_memory(length + 1);

    fill_bytes(text, length, (uint32_t)length);
    text[length] = '\0';
    return text;
}

static void check_model(const struct shader_model *model, const struct vcmd_create_shader *args)
{
    assert_true(model->complete);
    assert_int_equal(model->handle, args->handle);
    assert_int_equal(model->type, args->type);
    assert_int_equal(model->total, strlen(args->text) + 1);
    assert_memory_equal(model->text, args->text, model->total);
    if (args->num_tokens != 0)
        assert_int_equal(model->num_tokens, args->num_tokens);
    else
        assert_int_not_equal(model->num_tokens, 0);
    assert_int_equal(model->num_outputs, args->type == 5 ? args->req_local_mem : args->num_outputs);
}

/* Encodes into a buffer that just suffices, and into one that lacks a dword. */
static void check_whole(const struct vcmd_create_shader *args, uint32_t packets)
{
    size_t dwords = vcmd_create_shader_dwords(args);
    struct shader_model model;
    struct vcmd_buffer buf;
    uint32_t behind;

    assert_in_range(dwords, 7, CAPACITY - 3);
    behind = stream_memory[2 + dwords];
    vcmd_buffer_init(&buf, stream_memory, 2 + dwords, 2);
    assert_int_equal(vcmd_create_shader(&buf, args), VCMD_STATUS_OK);
    assert_int_equal(buf.length, dwords);
    assert_int_equal(stream_memory[2 + dwords], behind);
    shader_model_init(&model);
    shader_model_submit(&model, &buf);
    check_model(&model, args);
    assert_int_equal(model.packets, packets);
    shader_model_free(&model);

    fill_bytes(stream_memory, (dwords + 3) * sizeof(uint32_t), 77);
    vcmd_buffer_init(&buf, stream_memory, 2 + dwords - 1, 2);
    assert_int_equal(vcmd_create_shader(&buf, args), VCMD_STATUS_BUFFER_FULL);
    assert_int_equal(buf.error.value, dwords);
    assert_int_equal(buf.error.limit, dwords - 1);
    assert_int_equal(buf.length, 0);
    assert_int_equal(vcmd_create_shader(&buf, args), VCMD_STATUS_BUFFER_FULL);
}

static void check_length(size_t length, uint32_t packets)
{
    char *text = make_text(length);
    const struct vcmd_create_shader args = {
        .handle = 0x11223344, .type = 1, .text = text, .num_tokens = 300};

    check_whole(&args, packets);
    free(text);
}

static void short_texts(void **state)
{
    size_t length;

    (void)state;
    for (length = 0; length <= 20; length++)
        check_length(length, 1);
}

/* The text and its NUL end in a packet, fill it, or need the next. */
static void around_full_packets(void **state)
{
    size_t full, left;

    (void)state;
    for (full = 1; full <= 2; full++) {
        for (left = 0; left < 6; left++) {
            check_length(full * FULL - 1 - left, (uint32_t)full);
            check_length(full * FULL + left, (uint32_t)full + 1);
        }
    }
    check_length(3 * FULL - 1, 3);
}

static void fixed_part(void **state)
{
    const struct vcmd_create_shader args = {
        .handle = 9, .type = 2, .text = "GEOM\nEND\n", .num_tokens = 44};
    struct vcmd_buffer buf;

    (void)state;
    vcmd_buffer_init(&buf, stream_memory, 100, 0);
    assert_int_equal(vcmd_create_shader(&buf, &args), VCMD_STATUS_OK);
    /* 9 characters and a NUL: 3 dwords behind the 5 fixed ones. */
    assert_int_equal(buf.length, 9);
    assert_int_equal(stream_dword(&buf, 0), 8u << 16 | 4u << 8 | 1);
    assert_int_equal(stream_dword(&buf, 1), 9);
    assert_int_equal(stream_dword(&buf, 2), 2);
    assert_int_equal(stream_dword(&buf, 3), 10);
    assert_int_equal(stream_dword(&buf, 4), 44);
    assert_int_equal(stream_dword(&buf, 5), 0);
    assert_memory_equal(vcmd_buffer_stream(&buf) + 6, "GEOM\nEND\n\0\0\0", 12);
}

/* 0 asks for room that suffices: a token takes at least one character. */
static void tokens_by_default(void **state)
{
    const struct vcmd_create_shader args = {.handle = 9, .type = 1, .text = "FRAG\nEND\n"};
    struct vcmd_buffer buf;

    (void)state;
    vcmd_buffer_init(&buf, stream_memory, 100, 0);
    assert_int_equal(vcmd_create_shader(&buf, &args), VCMD_STATUS_OK);
    assert_true(stream_dword(&buf, 4) >= strlen(args.text));
    assert_true(stream_dword(&buf, 4) < 1000);
}

static void fill_outputs(struct vcmd_stream_output *outputs, uint32_t count)
{
    uint32_t i;

    for (i = 0; i < count; i++) {
        const struct vcmd_stream_output output = {
            .register_index = i * 3 % 256,
            .start_component = i % 4,
            .num_components = 4 - i % 4,
            .output_buffer = (i + 1) % 4,
            .dst_offset = i * 1000 % 65536,
            .stream = (i + 2) % 4,
        };

        outputs[i] = output;
    }
}

/* Bits 7:0 register, 9:8 start, 12:10 count, 15:13 buffer, 31:16 offset; stream in the next. */
static void check_outputs(const struct shader_model *model, const struct vcmd_create_shader *args)
{
    uint32_t i;

    assert_memory_equal(model->stride, args->stride, sizeof(model->stride));
    for (i = 0; i < args->num_outputs; i++) {
        const struct vcmd_stream_output *output = &args->outputs[i];
        uint32_t word = model->output_words[2 * (size_t)i];

        assert_int_equal(word & 0xff, output->register_index);
        assert_int_equal(word >> 8 & 3, output->start_component);
        assert_int_equal(word >> 10 & 7, output->num_components);
        assert_int_equal(word >> 13 & 7, output->output_buffer);
        assert_int_equal(word >> 16, output->dst_offset);
        assert_int_equal(model->output_words[2 * (size_t)i + 1], output->stream);
    }
}

static void check_stream_output(uint32_t count, size_t length, uint32_t packets)
{
    struct vcmd_stream_output outputs[64];
    char *text = make_text(length);
    const struct vcmd_create_shader args = {
        .handle = 5,
        .type = 0,
        .text = text,
        .num_outputs = count,
        .stride = {4, 8, 12, 0xffffffffu},
        .outputs = outputs,
    };
    struct shader_model model;
    struct vcmd_buffer buf;

    fill_outputs(outputs, count);
    check_whole(&args, packets);
    vcmd_buffer_init(&buf, stream_memory, CAPACITY, 0);
    assert_int_equal(vcmd_create_shader(&buf, &args), VCMD_STATUS_OK);
    shader_model_init(&model);
    shader_model_submit(&model, &buf);
    check_outputs(&model, &args);
    shader_model_free(&model);
    free(text);
}

/* Bytes of the stream output block with 64 outputs. */
#define BLOCK ((size_t)4 * (4 + 2 * 64))

static void stream_output(void **state)
{
    size_t left;

    (void)state;
    check_stream_output(1, 30, 1);
    check_stream_output(4, 0, 1);
    check_stream_output(64, 1000, 1);
    /* The block of 4 + 2 * 64 dwords leaves less room in the first packet only. */
    for (left = 0; left < 4; left++) {
        check_stream_output(64, FULL - BLOCK - 1 - left, 1);
        check_stream_output(64, FULL - BLOCK + left, 2);
    }
    check_stream_output(64, 2 * FULL - BLOCK - 1, 2);
    check_stream_output(64, 2 * FULL - BLOCK, 3);
}

static void compute(void **state)
{
    char *text = make_text(FULL + 100);
    struct vcmd_create_shader args = {
        .handle = 6, .type = 5, .text = "COMP\nEND\n", .req_local_mem = 32768};

    (void)state;
    check_whole(&args, 1);
    args.text = text;
    check_whole(&args, 2);
    args.req_local_mem = 0;
    check_whole(&args, 2);
    free(text);
}

/* Appends after other packets, and leaves them alone. */
static void behind_other_packets(void **state)
{
    const struct vcmd_create_shader args = {.handle = 6, .type = 1, .text = "FRAG\nEND\n"};
    const struct vcmd_nop nop = {3};
    struct vcmd_buffer buf;

    (void)state;
    vcmd_buffer_init(&buf, stream_memory, 100, 4);
    assert_int_equal(vcmd_nop(&buf, &nop), VCMD_STATUS_OK);
    assert_int_equal(vcmd_create_shader(&buf, &args), VCMD_STATUS_OK);
    assert_int_equal(buf.length, 4 + vcmd_create_shader_dwords(&args));
    assert_int_equal(stream_dword(&buf, 0), 3u << 16);
    assert_int_equal(stream_dword(&buf, 4) & 0xffff, 4u << 8 | 1);
}

/* Submits a text through a buffer of so many dwords; how many submits it took. */
static uint32_t send_in_pieces(const struct vcmd_create_shader *args, size_t capacity)
{
    struct shader_model model;
    struct vcmd_buffer buf;
    size_t offset = 0, last = 0;
    uint32_t submits = 0;

    shader_model_init(&model);
    vcmd_buffer_init(&buf, stream_memory, capacity + 8, 8);
    do {
        assert_int_equal(vcmd_create_shader_some(&buf, args, &offset), VCMD_STATUS_OK);
        assert_true(offset > last);
        assert_true(buf.length > 0);
        last = offset;
        shader_model_submit(&model, &buf);
        vcmd_buffer_reset(&buf);
        submits++;
    } while (offset <= strlen(args->text));
    check_model(&model, args);
    shader_model_free(&model);

    /* All is sent: another call adds nothing. */
    assert_int_equal(vcmd_create_shader_some(&buf, args, &offset), VCMD_STATUS_OK);
    assert_int_equal(buf.length, 0);
    assert_int_equal(offset, last);
    return submits;
}

static void small_buffers(void **state)
{
    static const size_t lengths[] = {0, 1, 2, 3, 4, 7, 8, 11, 63, 64, 65, 1000};
    size_t i, capacity;

    (void)state;
    for (i = 0; i < ARRAY_SIZE(lengths); i++) {
        char *text = make_text(lengths[i]);
        const struct vcmd_create_shader args = {
            .handle = 1, .type = 4, .text = text, .num_tokens = 9};
        size_t dwords = (lengths[i] + 1 + 3) / 4;

        /* Header and 5 dwords, then 1 dword of text in each submit, or 2, or 3... */
        for (capacity = 7; capacity <= 40; capacity++) {
            size_t room = capacity - 6;

            assert_int_equal(send_in_pieces(&args, capacity), (dwords + room - 1) / room);
        }
        free(text);
    }
}

static void small_buffers_with_outputs(void **state)
{
    struct vcmd_stream_output outputs[3];
    char *text = make_text(100);
    const struct vcmd_create_shader args = {.handle = 1,
                                            .type = 0,
                                            .text = text,
                                            .num_outputs = 3,
                                            .stride = {1, 2, 3, 4},
                                            .outputs = outputs};
    struct vcmd_buffer buf;
    size_t capacity, offset = 0;

    (void)state;
    fill_outputs(outputs, 3);
    /* 26 dwords of text; the first packet has 10 dwords more in front of it. */
    for (capacity = 17; capacity <= 50; capacity++) {
        size_t first = capacity - 16 < 26 ? capacity - 16 : 26;
        size_t room = capacity - 6;

        assert_int_equal(send_in_pieces(&args, capacity), 1 + (26 - first + room - 1) / room);
    }
    vcmd_buffer_init(&buf, stream_memory, 16, 0);
    assert_int_equal(vcmd_create_shader_some(&buf, &args, &offset), VCMD_STATUS_BUFFER_FULL);
    free(text);
}

static void large_text_in_pieces(void **state)
{
    char *text = make_text(3 * FULL + 17);
    const struct vcmd_create_shader args = {
        .handle = 1, .type = 5, .text = text, .req_local_mem = 64};

    (void)state;
    /* One buffer holds all: the packets are as full as vcmd_create_shader makes them. */
    assert_int_equal(send_in_pieces(&args, CAPACITY - 8), 1);
    assert_int_equal(send_in_pieces(&args, 65536), 4);
    assert_int_equal(send_in_pieces(&args, 65536 + 3), 4);
    assert_true(send_in_pieces(&args, 4096) > 40);
    free(text);
}

/* A full buffer does not stick here: it can be submitted and used again. */
static void full_buffer_does_not_stick(void **state)
{
    const struct vcmd_create_shader args = {.handle = 1, .type = 1, .text = "FRAG"};
    const struct vcmd_nop nop = {0};
    struct vcmd_buffer buf;
    size_t space;

    (void)state;
    for (space = 0; space < 7; space++) {
        size_t offset = 0;

        vcmd_buffer_init(&buf, stream_memory, 1 + space, 0);
        assert_int_equal(vcmd_nop(&buf, &nop), VCMD_STATUS_OK);
        assert_int_equal(vcmd_create_shader_some(&buf, &args, &offset), VCMD_STATUS_BUFFER_FULL);
        assert_int_equal(offset, 0);
        assert_int_equal(buf.length, 1);
        assert_int_equal(buf.error.status, VCMD_STATUS_OK);
        assert_int_equal(vcmd_buffer_space(&buf), space);
    }
}

static void check_refused(struct vcmd_create_shader args, enum vcmd_status status,
                          const char *field)
{
    struct guarded g;
    size_t offset = 0;

    assert_int_equal(vcmd_create_shader_dwords(&args), 0);
    guarded_init(&g);
    assert_int_equal(vcmd_create_shader_some(&g.buf, &args, &offset), status);
    assert_string_equal(g.buf.error.field, field);
    assert_int_equal(offset, 0);
    guarded_check_unchanged(&g);
    guarded_init(&g);
    assert_int_equal(vcmd_create_shader(&g.buf, &args), status);
    assert_string_equal(g.buf.error.field, field);
    guarded_check_unchanged(&g);
    guarded_check_sticky(&g, status);
}

static void refusals(void **state)
{
    static const struct vcmd_stream_output outputs[65];
    const struct vcmd_create_shader good = {.handle = 1, .type = 1, .text = "FRAG"};
    struct vcmd_create_shader args = good;

    (void)state;
    args.text = NULL;
    check_refused(args, VCMD_STATUS_NULL_ARGUMENT, "text");
    args = good;
    args.handle = 0;
    check_refused(args, VCMD_STATUS_OUT_OF_RANGE, "handle");
    args = good;
    args.type = 6;
    check_refused(args, VCMD_STATUS_UNKNOWN_VALUE, "type");
    args = good;
    args.req_local_mem = 16;
    check_refused(args, VCMD_STATUS_OUT_OF_RANGE, "req_local_mem");
    args = good;
    args.type = 5;
    args.num_outputs = 1;
    args.outputs = outputs;
    check_refused(args, VCMD_STATUS_OUT_OF_RANGE, "num_outputs");
    args.type = 0;
    args.num_outputs = 65;
    check_refused(args, VCMD_STATUS_TOO_MANY, "num_outputs");
}

/* Also what the single packets find is refused by all three, and counted as 0 dwords. */
static void refusals_of_outputs(void **state)
{
    static const struct vcmd_stream_output outputs[1] = {{.stream = 4}};
    struct vcmd_create_shader args = {
        .handle = 1, .type = 1, .text = "FRAG", .num_outputs = 1, .outputs = NULL};
    struct guarded g;

    (void)state;
    guarded_init(&g);
    assert_int_equal(vcmd_create_shader(&g.buf, &args), VCMD_STATUS_NULL_ARGUMENT);
    guarded_check_unchanged(&g);
    assert_int_equal(vcmd_create_shader_dwords(&args), 0);
    args.outputs = outputs;
    guarded_init(&g);
    assert_int_equal(vcmd_create_shader(&g.buf, &args), VCMD_STATUS_OUT_OF_RANGE);
    guarded_check_unchanged(&g);
    assert_int_equal(vcmd_create_shader_dwords(&args), 0);
}

static void offsets_must_come_from_the_call(void **state)
{
    const struct vcmd_create_shader args = {.handle = 1, .type = 1, .text = "FRAG\nEND\n"};
    struct guarded g;
    size_t offset;

    (void)state;
    guarded_init(&g);
    assert_int_equal(vcmd_create_shader_some(&g.buf, &args, NULL), VCMD_STATUS_NULL_ARGUMENT);
    for (offset = 1; offset < 10; offset++) {
        size_t given = offset;

        guarded_init(&g);
        if (offset % 4 == 0) {
            assert_int_equal(vcmd_create_shader_some(&g.buf, &args, &given), VCMD_STATUS_OK);
            assert_int_equal(given, 10);
        } else {
            assert_int_equal(vcmd_create_shader_some(&g.buf, &args, &given),
                             VCMD_STATUS_OUT_OF_RANGE);
            assert_int_equal(given, offset);
            guarded_check_unchanged(&g);
        }
    }
    assert_int_equal(vcmd_create_shader_dwords(NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_texts),
        cmocka_unit_test(around_full_packets),
        cmocka_unit_test(fixed_part),
        cmocka_unit_test(tokens_by_default),
        cmocka_unit_test(stream_output),
        cmocka_unit_test(compute),
        cmocka_unit_test(behind_other_packets),
        cmocka_unit_test(small_buffers),
        cmocka_unit_test(small_buffers_with_outputs),
        cmocka_unit_test(large_text_in_pieces),
        cmocka_unit_test(full_buffer_does_not_stick),
        cmocka_unit_test(refusals),
        cmocka_unit_test(refusals_of_outputs),
        cmocka_unit_test(offsets_must_come_from_the_call),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
