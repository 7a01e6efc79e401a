/* SPDX-License-Identifier: MIT */

/* Draws through the loopback: shaders over several packets, multisampling, inline writes. */
#include "loopback_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIDE  8
#define RGBA8 VCMD_FORMAT_R8G8B8A8_UNORM

static struct stage stage;

/* ---- long shaders ---- */

/*
 * A shader that adds 1/255 so many times to 0, and writes the sum to red. Its text has a line for
 * each, so that it is as long as one likes.
 */
static char *adding_shader(unsigned additions)
{
    size_t size = 300 + (size_t)additions * 40;
    char *text = malloc(size);
    size_t used;

    assert_non_null(text);
    used = (size_t)snprintf(text, size,
                            "FRAG\n"
                            "DCL OUT[0], COLOR\n"
                            "DCL TEMP[0]\n"
                            "IMM[0] FLT32 { 0.0000, 0.00392157, 1.0000, 0.0000 }\n"
                            "  0: MOV TEMP[0], IMM[0].xxxz\n");
    for (unsigned i = 0; i < additions; i++)
        used += (size_t)snprintf(text + used, size - used,
                                 "%u: ADD TEMP[0].x, TEMP[0], IMM[0].yyyy\n", i + 1);
    snprintf(text + used, size - used, "%u: MOV OUT[0], TEMP[0]\n%u: END\n", additions + 1,
             additions + 2);
    return text;
}

static void draw_whole(struct vcmd_resource *target)
{
    struct vcmd_resource *vertices = stage_vertices(&stage, stage_whole, 4);

    stage_draw_to(&stage, 1, target, RGBA8, 0, 0);
    stage_clear(&stage, 0, 0, 1, 0);
    stage_draw_state(&stage, SIDE, SIDE, false);
    stage_draw(&stage, vertices, VCMD_PRIM_TRIANGLE_STRIP, 4);
    stage_run(&stage);
    vcmd_resource_destroy(vertices);
}

static void check_color(struct vcmd_resource *target, uint8_t r, uint8_t g, uint8_t b, uint8_t a)
{
    const uint8_t expected[4] = {r, g, b, a};
    const uint8_t *bytes = stage_read(&stage, target);

    for (size_t i = 0; i < (size_t)SIDE * SIDE; i++)
        assert_memory_equal(bytes + i * 4, expected, 4);
}

/*
 * In pieces: the buffer has room for 64 dwords of packet at a time, so that some two hundred
 * instructions take dozens of packets in as many submits.
 */
static void shader_in_pieces(void **state)
{
    char *text = adding_shader(200);
    const struct vcmd_create_shader shader = {
        .handle = STAGE_FRAGMENT_SHADER, .type = VCMD_SHADER_FRAGMENT, .text = text};
    uint32_t memory[64 + VCMD_BUFFER_HEADROOM];
    struct vcmd_resource *target;
    struct vcmd_buffer buf;
    size_t offset = 0, packets = 0;

    (void)state;
    stage_begin(&stage);
    target = stage_target(&stage, RGBA8, SIDE, SIDE);
    vcmd_buffer_init(&buf, memory, ARRAY_SIZE(memory), VCMD_BUFFER_HEADROOM);
    while (offset <= strlen(text)) {
        vcmd_buffer_reset(&buf);
        assert_int_equal(vcmd_create_shader_some(&buf, &shader, &offset), VCMD_STATUS_OK);
        assert_ok(vcmd_submit(stage.context, &buf, NULL));
        packets++;
    }
    assert_true(packets > 20);
    vcmd_bind_shader(&stage.buf,
                     &(struct vcmd_bind_shader){STAGE_FRAGMENT_SHADER, VCMD_SHADER_FRAGMENT});
    draw_whole(target);
    check_color(target, 200, 0, 0, 255);
    vcmd_resource_destroy(target);
    stage_end(&stage);
    free(text);
}

/*
 * A text of more than the 65535 dwords that a packet can have. Most of it are blanks between two
 * instructions: as instructions it would take a host minutes to compile.
 */
static void shader_over_a_packet(void **state)
{
    const size_t blanks = 400000;
    const char head[] =
        "FRAG\nDCL OUT[0], COLOR\nIMM[0] FLT32 { 0.2000, 0.4000, 0.6000, 0.8000 }\n";
    const char tail[] = "  0: MOV OUT[0], IMM[0]\n  1: END\n";
    char *text = malloc(sizeof(head) + blanks + sizeof(tail));
    uint32_t *memory = malloc(600000);
    struct vcmd_create_shader shader = {.handle = STAGE_FRAGMENT_SHADER,
                                        .type = VCMD_SHADER_FRAGMENT,
                                        .text = text,
                                        .num_tokens = 300};
    struct vcmd_resource *target;
    struct vcmd_buffer buf;

    (void)state;
    assert_non_null(text);
    assert_non_null(memory);
    snprintf(text, sizeof(head), "%s", head);
    memset(text + sizeof(head) - 1, ' ', blanks);
    snprintf(text + sizeof(head) - 1 + blanks, sizeof(tail), "%s", tail);

    stage_begin(&stage);
    target = stage_target(&stage, RGBA8, SIDE, SIDE);
    vcmd_buffer_init(&buf, memory, 150000, VCMD_BUFFER_HEADROOM);
    assert_int_equal(vcmd_create_shader(&buf, &shader), VCMD_STATUS_OK);
    assert_true(buf.length > 65536);
    vcmd_bind_shader(&buf, &(struct vcmd_bind_shader){STAGE_FRAGMENT_SHADER, VCMD_SHADER_FRAGMENT});
    assert_ok(vcmd_submit(stage.context, &buf, NULL));
    draw_whole(target);
    check_color(target, 51, 102, 153, 204);
    vcmd_resource_destroy(target);
    stage_end(&stage);
    free(memory);
    free(text);
}

/* ---- multisampling ---- */

/*
 * A triangle over the lower left half of a target of four samples, resolved by a blit. Inside it is
 * white, outside black, and on the edge, which cuts the pixels of the diagonal in halves, grey:
 * a quarter to three quarters of the samples.
 */
static void multisampled(void **state)
{
    const float half[3][4] = {
        {-1.0f, -1.0f, 0.0f, 1.0f}, {1.0f, -1.0f, 0.0f, 1.0f}, {-1.0f, 1.0f, 0.0f, 1.0f}};
    const struct vcmd_resource_desc desc = {.target = VCMD_TEXTURE_2D,
                                            .format = RGBA8,
                                            .bind = VCMD_BIND_RENDER_TARGET,
                                            .width = SIDE,
                                            .height = SIDE,
                                            .nr_samples = 4};
    struct vcmd_resource *samples, *resolved, *vertices;
    const uint8_t *bytes;

    (void)state;
    stage_begin(&stage);
    samples = stage_resource(&stage, &desc);
    resolved = stage_target(&stage, RGBA8, SIDE, SIDE);
    vertices = stage_vertices(&stage, half, 3);
    stage_draw_to(&stage, 1, samples, RGBA8, 0, 0);
    stage_clear(&stage, 0, 0, 0, 1);
    stage_draw_state(&stage, SIDE, SIDE, true);
    stage_fragment_shader(&stage, "FRAG\n"
                                  "DCL OUT[0], COLOR\n"
                                  "IMM[0] FLT32 { 1.0000, 1.0000, 1.0000, 1.0000 }\n"
                                  "  0: MOV OUT[0], IMM[0]\n"
                                  "  1: END\n");
    stage_draw(&stage, vertices, VCMD_PRIM_TRIANGLES, 3);
    vcmd_blit(&stage.buf, &(struct vcmd_blit){.mask = VCMD_MASK_RGBA,
                                              .dst.res_handle = vcmd_resource_id(resolved),
                                              .dst.format = RGBA8,
                                              .dst.box = {0, 0, 0, SIDE, SIDE, 1},
                                              .src.res_handle = vcmd_resource_id(samples),
                                              .src.format = RGBA8,
                                              .src.box = {0, 0, 0, SIDE, SIDE, 1}});
    stage_run(&stage);
    bytes = stage_read(&stage, resolved);
    for (size_t y = 0; y < SIDE; y++) {
        for (size_t x = 0; x < SIDE; x++) {
            uint8_t red = bytes[(y * SIDE + x) * 4];

            if (x + y == SIDE - 1)
                assert_in_range(red, 63, 192);
            else
                assert_int_equal(red, x + y < SIDE - 1 ? 255 : 0);
        }
    }
    vcmd_resource_destroy(vertices);
    vcmd_resource_destroy(resolved);
    vcmd_resource_destroy(samples);
    stage_end(&stage);
}

/* ---- inline writes ---- */

/* Writes data into a box by the stream, and compares what comes back by a transfer. */
static void check_inline_write(struct vcmd_resource *resource, uint32_t format,
                               const struct vcmd_box *box, const uint8_t *data, size_t size,
                               size_t least_packets)
{
    const struct vcmd_resource_inline_write args = {.res_handle = vcmd_resource_id(resource),
                                                    .format = format,
                                                    .box = *box,
                                                    .data = data,
                                                    .data_size = size};
    const struct vcmd_transfer transfer = {.box = *box};
    size_t dwords = vcmd_resource_inline_write_dwords(&args);
    uint32_t *memory = malloc((dwords + VCMD_BUFFER_HEADROOM) * 4);
    struct vcmd_buffer buf;
    uint8_t *backing;
    uint64_t fence;

    assert_non_null(memory);
    assert_true(dwords > (least_packets - 1) * 65535);
    vcmd_buffer_init(&buf, memory, dwords + VCMD_BUFFER_HEADROOM, VCMD_BUFFER_HEADROOM);
    assert_int_equal(vcmd_resource_inline_write(&buf, &args), VCMD_STATUS_OK);
    assert_int_equal(buf.length, dwords);
    assert_ok(vcmd_submit(stage.context, &buf, &fence));
    free(memory);
    assert_ok(vcmd_resource_map(resource, (void **)&backing, NULL));
    memset(backing, 0, size);
    assert_ok(vcmd_transfer_from_host(stage.context, resource, &transfer));
}

static void inline_write_buffer(void **state)
{
    const size_t size = 700001; /* three packets, and not whole dwords */
    const struct vcmd_resource_desc desc = {.bind = VCMD_BIND_VERTEX_BUFFER,
                                            .width = (uint32_t)size + 100};
    const struct vcmd_box box = {50, 0, 0, (int32_t)size, 1, 1};
    struct vcmd_resource *buffer;
    uint8_t *data = malloc(size);
    uint8_t *backing;

    (void)state;
    assert_non_null(data);
    fill_bytes(data, size, 3);
    stage_begin(&stage);
    buffer = stage_resource(&stage, &desc);
    check_inline_write(buffer, VCMD_FORMAT_R8_UNORM, &box, data, size, 3);
    assert_ok(vcmd_resource_map(buffer, (void **)&backing, NULL));
    assert_memory_equal(backing, data, size);
    /* Around the box nothing was written: the host's copy of a new buffer is zeros. */
    assert_ok(vcmd_transfer_from_host(stage.context, buffer, NULL));
    assert_memory_equal(backing + 50, data, size);
    vcmd_resource_destroy(buffer);
    stage_end(&stage);
    free(data);
}

static void inline_write_texture(void **state)
{
    const size_t size = 400 * 300 * 4; /* two packets */
    const struct vcmd_box box = {7, 9, 0, 400, 300, 1};
    struct vcmd_resource *texture;
    uint8_t *data = malloc(size);
    uint8_t *backing;

    (void)state;
    assert_non_null(data);
    fill_bytes(data, size, 4);
    stage_begin(&stage);
    texture = stage_target(&stage, RGBA8, 420, 310);
    stage_draw_to(&stage, 1, texture, RGBA8, 0, 0);
    stage_clear(&stage, 0.2f, 0.4f, 0.6f, 0.8f);
    stage_run(&stage);
    check_inline_write(texture, RGBA8, &box, data, size, 2);
    assert_ok(vcmd_resource_map(texture, (void **)&backing, NULL));
    /* The rows of the box, in the backing as wide as those of the level. */
    for (size_t y = 0; y < 300; y++)
        assert_memory_equal(backing + y * 420 * 4, data + y * 400 * 4, 400 * 4);
    assert_ok(vcmd_transfer_from_host(stage.context, texture, NULL));
    for (size_t i = 0; i < (size_t)420 * 310; i++) {
        size_t x = i % 420, y = i / 420;
        const uint8_t around[4] = {51, 102, 153, 204};
        bool inside = x >= 7 && x < 407 && y >= 9 && y < 309;

        assert_memory_equal(backing + i * 4, inside ? data + ((y - 9) * 400 + x - 7) * 4 : around,
                            4);
    }
    vcmd_resource_destroy(texture);
    stage_end(&stage);
    free(data);
}

/* Layers one after the other, by one call. */
static void inline_write_layers(void **state)
{
    const struct vcmd_resource_desc desc = {.target = VCMD_TEXTURE_2D_ARRAY,
                                            .format = RGBA8,
                                            .bind = VCMD_BIND_SAMPLER_VIEW,
                                            .width = 200,
                                            .height = 200,
                                            .array_size = 3};
    const struct vcmd_box box = {0, 0, 0, 200, 200, 3};
    const size_t size = 200 * 200 * 4 * 3; /* 160000 bytes a layer: 120000 dwords, two packets */
    struct vcmd_resource *array;
    uint8_t *data = malloc(size);
    uint8_t *backing;

    (void)state;
    assert_non_null(data);
    fill_bytes(data, size, 5);
    stage_begin(&stage);
    array = stage_resource(&stage, &desc);
    check_inline_write(array, RGBA8, &box, data, size, 2);
    assert_ok(vcmd_resource_map(array, (void **)&backing, NULL));
    assert_memory_equal(backing, data, size);
    vcmd_resource_destroy(array);
    stage_end(&stage);
    free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shader_in_pieces),     cmocka_unit_test(shader_over_a_packet),
        cmocka_unit_test(multisampled),         cmocka_unit_test(inline_write_buffer),
        cmocka_unit_test(inline_write_texture), cmocka_unit_test(inline_write_layers),
    };

    return cmocka_run_group_tests(tests, stage_setup_group, stage_teardown_group);
}
