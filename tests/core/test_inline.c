/* SPDX-License-Identifier: MIT */

/*
 * The inline encoders against those of the plain name: the same arguments, good and bad, into equal
 * buffers with and without room. Everything must end up the same: dwords, length, error, status.
 * Then batches against chains of plain calls: all of a batch counts, or nothing.
 */
#include "support.h"
#include <virglcmd/inline.h>

#define ROUNDS   20000
#define CAPACITY 96

static uint64_t sequence;

static uint32_t any_word(void)
{
    return next_random(&sequence);
}

/* Mostly values that some field takes, so that good arguments come up as well as bad ones. */
static uint32_t any_value(void)
{
    uint32_t value = any_word();

    return value % 4 != 0 ? value >> 8 & 7 : value;
}

struct pair {
    uint32_t plain_memory[CAPACITY], inline_memory[CAPACITY];
    struct vcmd_buffer plain, inlined;
};

static void pair_init(struct pair *pair)
{
    size_t capacity = any_word() % CAPACITY;
    size_t headroom = any_word() % 9;

    memset(pair->plain_memory, 0xa5, sizeof(pair->plain_memory));
    memset(pair->inline_memory, 0xa5, sizeof(pair->inline_memory));
    vcmd_buffer_init(&pair->plain, pair->plain_memory, capacity, headroom);
    vcmd_buffer_init(&pair->inlined, pair->inline_memory, capacity, headroom);
}

static void check_same(const struct pair *pair, enum vcmd_status plain, enum vcmd_status inlined)
{
    const struct vcmd_error *a = &pair->plain.error, *b = &pair->inlined.error;

    assert_int_equal(plain, inlined);
    assert_int_equal(pair->plain.length, pair->inlined.length);
    assert_memory_equal(pair->plain_memory, pair->inline_memory, sizeof(pair->plain_memory));
    assert_int_equal(a->status, b->status);
    assert_ptr_equal(a->command, b->command);
    assert_ptr_equal(a->field, b->field);
    assert_int_equal(a->index, b->index);
    assert_int_equal(a->value, b->value);
    assert_int_equal(a->limit, b->limit);
    assert_int_equal(a->offset, b->offset);
}

/* Good and bad rounds must both come up, or the test proves half of what it says. */
static size_t good, bad;

#define COMPARE(name, args)                                                                        \
    do {                                                                                           \
        struct pair pair;                                                                          \
        enum vcmd_status status;                                                                   \
                                                                                                   \
        pair_init(&pair);                                                                          \
        status = vcmd_##name(&pair.plain, args);                                                   \
        check_same(&pair, status, vcmd_##name##_inline(&pair.inlined, args));                      \
        *(status == VCMD_STATUS_OK ? &good : &bad) += 1;                                           \
        /* Once more: a buffer that has failed stays as it is. */                                  \
        status = vcmd_##name(&pair.plain, args);                                                   \
        check_same(&pair, status, vcmd_##name##_inline(&pair.inlined, args));                      \
    } while (0)

static uint32_t words[64];

static const uint32_t *maybe(const uint32_t *pointer)
{
    return any_word() % 8 != 0 ? pointer : NULL;
}

static void setup(void)
{
    sequence = 1;
    good = bad = 0;
    for (size_t i = 0; i < ARRAY_SIZE(words); i++)
        words[i] = any_word();
}

static void finish(void)
{
    assert_true(good > ROUNDS / 10);
    assert_true(bad > ROUNDS / 10);
}

static void words_only(void **state)
{
    (void)state;
    setup();
    for (int i = 0; i < ROUNDS; i++) {
        const struct vcmd_bind_blend blend = {any_value()};
        const struct vcmd_bind_rasterizer rasterizer = {any_value()};
        const struct vcmd_bind_dsa dsa = {any_value()};
        const struct vcmd_bind_vertex_elements elements = {any_value()};
        const struct vcmd_bind_shader shader = {any_value(), any_value()};
        const struct vcmd_set_sub_ctx sub_ctx = {any_value()};
        const struct vcmd_set_stencil_ref ref = {any_value(), any_value()};

        COMPARE(bind_blend, &blend);
        COMPARE(bind_rasterizer, &rasterizer);
        COMPARE(bind_dsa, &dsa);
        COMPARE(bind_vertex_elements, &elements);
        COMPARE(bind_shader, &shader);
        COMPARE(set_sub_ctx, &sub_ctx);
        COMPARE(set_stencil_ref, &ref);
    }
    finish();
}

static void larger(void **state)
{
    (void)state;
    setup();
    for (int i = 0; i < ROUNDS; i++) {
        const struct vcmd_draw_vbo draw = {any_word(), any_word(),       any_value(), any_value(),
                                           any_word(), (int)any_value(), any_word(),  any_value(),
                                           any_word(), any_word(),       any_word(),  any_word()};
        const struct vcmd_clear clear = {
            any_value(), {.u = {any_word(), 2, 3, any_word()}}, 0.75, any_word()};
        const struct vcmd_set_blend_color color = {{0.5f, 1, (float)(i % 8), -0.25f}};
        const struct vcmd_set_index_buffer index = {any_value(), any_value(), any_word()};
        const struct vcmd_set_uniform_buffer uniform = {any_value(), any_value(), any_word(),
                                                        any_word(), any_value()};

        COMPARE(draw_vbo, &draw);
        COMPARE(clear, &clear);
        COMPARE(set_blend_color, &color);
        COMPARE(set_index_buffer, &index);
        COMPARE(set_uniform_buffer, &uniform);
    }
    finish();
}

static void counted(void **state)
{
    static const struct vcmd_vertex_buffer buffers[33] = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};
    static const struct vcmd_viewport viewports[17] = {{{1, 2, 3}, {4, 5, 6}}, {{7}, {8}}};

    (void)state;
    setup();
    for (int i = 0; i < ROUNDS; i++) {
        uint32_t count = any_word() % 40;
        const struct vcmd_set_vertex_buffers vertex = {count, maybe(words) ? buffers : NULL};
        const struct vcmd_set_viewport_state viewport = {any_value(), count % 18,
                                                         maybe(words) ? viewports : NULL};
        const struct vcmd_set_framebuffer_state framebuffer = {count % 10, any_value(),
                                                               maybe(words)};
        const struct vcmd_set_sampler_views views = {any_value(), any_value(), count, maybe(words)};
        const struct vcmd_bind_sampler_states states = {any_value(), any_value(), count,
                                                        maybe(words)};
        const struct vcmd_set_constant_buffer constants = {any_value(), any_value(), count,
                                                           maybe(words)};

        COMPARE(set_vertex_buffers, &vertex);
        COMPARE(set_viewport_state, &viewport);
        COMPARE(set_framebuffer_state, &framebuffer);
        COMPARE(set_sampler_views, &views);
        COMPARE(bind_sampler_states, &states);
        COMPARE(set_constant_buffer, &constants);
    }
    finish();
}

/* A batch and the chain of plain calls that it stands for. */
struct run {
    struct pair pair;
    struct vcmd_batch batch;
};

#define BOTH(run, name, args)                                                                      \
    do {                                                                                           \
        (void)vcmd_##name(&(run)->pair.plain, args);                                               \
        vcmd_batch_##name(&(run)->batch, args);                                                    \
    } while (0)

static void some_packet(struct run *run)
{
    static const uint32_t constants[100] = {1, 2, 3};
    static const struct vcmd_viewport viewports[2] = {{{1, 2, 3}, {4, 5, 6}}, {{7}, {8}}};
    const struct vcmd_bind_shader shader = {any_word(), any_word() % 8};
    const struct vcmd_set_viewport_state viewport = {any_word() % 17, any_word() % 3, viewports};
    const struct vcmd_set_constant_buffer few = {0, any_word(), any_word() % 20, constants};
    const struct vcmd_set_constant_buffer many = {1, any_word(), 60 + any_word() % 40, constants};
    const struct vcmd_draw_vbo draw = {.mode = any_word() % 16, .count = any_word()};

    switch (any_word() % 5) {
    case 0:
        BOTH(run, bind_shader, &shader);
        break;
    case 1:
        BOTH(run, set_viewport_state, &viewport);
        break;
    case 2:
        BOTH(run, set_constant_buffer, &few);
        break;
    case 3:
        BOTH(run, set_constant_buffer, &many); /* some of them too many to be copied in place */
        break;
    default:
        BOTH(run, draw_vbo, &draw);
    }
}

/* What the chain wrote counts for the batch only when all of it was good. */
static void check_batch(struct run *run, size_t before)
{
    enum vcmd_status status = run->pair.plain.error.status;

    assert_int_equal(run->pair.inlined.length, before); /* not before the end */
    assert_int_equal(vcmd_batch_end(&run->batch), status);
    if (status != VCMD_STATUS_OK) {
        assert_int_equal(run->pair.inlined.length, before);
        run->pair.inlined.length = run->pair.plain.length;
    }
    check_same(&run->pair, status, status);
    *(status == VCMD_STATUS_OK ? &good : &bad) += 1;
}

static void batches(void **state)
{
    (void)state;
    setup();
    for (int i = 0; i < ROUNDS; i++) {
        struct run run;

        pair_init(&run.pair);
        for (int k = 0; k < 2; k++) { /* the second begins behind the first, or with its error */
            size_t before = run.pair.plain.length;
            uint32_t packets = any_word() % 4;

            run.batch = vcmd_batch_begin(&run.pair.inlined);
            while (packets-- > 0)
                some_packet(&run);
            check_batch(&run, before);
        }
    }
    finish();
}

static void batch_without_memory(void **state)
{
    const struct vcmd_bind_shader shader = {1, VCMD_SHADER_VERTEX};
    struct vcmd_buffer buf;
    struct vcmd_batch batch;

    (void)state;
    vcmd_buffer_init(&buf, NULL, 0, 0);
    batch = vcmd_batch_begin(&buf);
    assert_int_equal(vcmd_batch_end(&batch), VCMD_STATUS_OK); /* nothing fits everywhere */
    batch = vcmd_batch_begin(&buf);
    vcmd_batch_bind_shader(&batch, &shader);
    assert_int_equal(vcmd_batch_end(&batch), VCMD_STATUS_BUFFER_FULL);
    assert_string_equal(buf.error.command, "BIND_SHADER");
    assert_int_equal(buf.length, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_only),
        cmocka_unit_test(larger),
        cmocka_unit_test(counted),
        cmocka_unit_test(batches),
        cmocka_unit_test(batch_without_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
