/* SPDX-License-Identifier: MIT */

/*
 * The last two parts of docs/orientation.md, by pixels: windings, the place of a pixel in a
 * fragment shader, viewports and scissors, and blits between resources with VCMD_RESOURCE_Y_0_TOP
 * and without. Rows are those of the backing; each test says where y = 1 must have gone.
 */
#include "loopback_support.h"

#define SIDE       8
#define HALF       4.0f
#define RGBA8      VCMD_FORMAT_R8G8B8A8_UNORM
#define RASTERIZER 200

static struct stage stage;

/* Writes 10 * y + 5 to red where y is the number of the row, and 255 to green. */
static const char place_shader[] = "FRAG\n"
                                   "DCL IN[0], POSITION, LINEAR\n"
                                   "DCL OUT[0], COLOR\n"
                                   "DCL TEMP[0]\n"
                                   "IMM[0] FLT32 { 0.03921569, 0.0000, 1.0000, 1.0000 }\n"
                                   "  0: MUL TEMP[0].x, IN[0].yyyy, IMM[0].xxxx\n"
                                   "  1: MOV TEMP[0].yzw, IMM[0].zzyz\n"
                                   "  2: MOV OUT[0], TEMP[0]\n"
                                   "  3: END\n";

/* Counter-clockwise where y is upwards: the half where y is above 0, and one over everything. */
static const float upper[4][4] = {{-1, 0, 0, 1}, {1, 0, 0, 1}, {-1, 1, 0, 1}, {1, 1, 0, 1}};
static const float triangle[3][4] = {{-1, -1, 0, 1}, {3, -1, 0, 1}, {-1, 3, 0, 1}};

static struct vcmd_resource *make_target(uint32_t flags)
{
    const struct vcmd_resource_desc desc = {
        .target = VCMD_TEXTURE_2D,
        .format = RGBA8,
        .bind = VCMD_BIND_RENDER_TARGET | VCMD_BIND_SAMPLER_VIEW,
        .width = SIDE,
        .height = SIDE,
        .flags = flags,
    };

    return stage_resource(&stage, &desc);
}

static struct vcmd_resource *begin(uint32_t flags)
{
    struct vcmd_resource *target;

    stage_begin(&stage);
    target = make_target(flags);
    stage_draw_to(&stage, 1, target, RGBA8, 0, 0);
    stage_clear(&stage, 0, 0, 0, 0);
    stage_draw_state(&stage, SIDE, SIDE, false);
    stage_fragment_shader(&stage, place_shader);
    return target;
}

static void draw_and_end(const float (*positions)[4], uint32_t count)
{
    struct vcmd_resource *vertices = stage_vertices(&stage, positions, count);

    stage_draw(&stage, vertices, VCMD_PRIM_TRIANGLE_STRIP, count);
    stage_run(&stage);
    vcmd_resource_destroy(vertices);
}

/* Which rows were drawn to, as bits; each must be drawn to as a whole. */
static unsigned int drawn_rows(struct vcmd_resource *target)
{
    const uint8_t *bytes = stage_read(&stage, target);
    unsigned int rows = 0;

    for (unsigned int y = 0; y < SIDE; y++) {
        const uint8_t *row = bytes + (size_t)y * SIDE * 4;

        for (unsigned int x = 1; x < SIDE; x++)
            assert_int_equal(row[x * 4 + 1], row[1]);
        if (row[1] != 0)
            rows |= 1u << y;
    }
    return rows;
}

/* ---- front and back ---- */

/* The rows of a counter-clockwise triangle over everything, when backs are left out. */
static unsigned int rows_of_front(uint32_t flags, bool front_ccw, float y_scale)
{
    const struct vcmd_create_rasterizer rasterizer = {.handle = RASTERIZER,
                                                      .depth_clip = true,
                                                      .cull_face = VCMD_FACE_BACK,
                                                      .front_ccw = front_ccw,
                                                      .half_pixel_center = true,
                                                      .point_size = 1,
                                                      .line_width = 1};
    const struct vcmd_viewport viewport = {{HALF, y_scale, 0.5f}, {HALF, HALF, 0.5f}};
    struct vcmd_resource *target = begin(flags);
    unsigned int rows;

    vcmd_create_rasterizer(&stage.buf, &rasterizer);
    vcmd_bind_rasterizer(&stage.buf, &(struct vcmd_bind_rasterizer){.handle = RASTERIZER});
    vcmd_set_viewport_state(&stage.buf, &(struct vcmd_set_viewport_state){0, 1, &viewport});
    draw_and_end(triangle, 3);
    rows = drawn_rows(target);
    vcmd_resource_destroy(target);
    stage_end(&stage);
    return rows;
}

static void front_and_back(void **state)
{
    const float up = HALF, down = -HALF;

    (void)state;
    /* Row 0 on top is upside down without the flag, so what is counter-clockwise is not. */
    assert_int_equal(rows_of_front(0, false, up), 0xff);
    assert_int_equal(rows_of_front(0, true, up), 0);
    assert_int_equal(rows_of_front(VCMD_RESOURCE_Y_0_TOP, true, up), 0xff);
    assert_int_equal(rows_of_front(VCMD_RESOURCE_Y_0_TOP, false, up), 0);
    /* A viewport that turns the picture turns the winding. */
    assert_int_equal(rows_of_front(0, true, down), 0xff);
    assert_int_equal(rows_of_front(0, false, down), 0);
}

/* ---- places ---- */

static void place_of_a_pixel(void **state)
{
    static const struct {
        uint32_t flags;
        unsigned int rows;
    } cases[] = {{0, 0xf0}, {VCMD_RESOURCE_Y_0_TOP, 0x0f}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct vcmd_resource *target = begin(cases[i].flags);
        const uint8_t *bytes;

        draw_and_end(upper, 4);
        assert_int_equal(drawn_rows(target), cases[i].rows);
        bytes = stage_read(&stage, target);
        for (unsigned int y = 0; y < SIDE; y++) {
            if (cases[i].rows >> y & 1)
                assert_int_equal(bytes[(size_t)y * SIDE * 4], 10 * y + 5);
        }
        vcmd_resource_destroy(target);
        stage_end(&stage);
    }
}

static void negative_viewport(void **state)
{
    const struct vcmd_viewport viewport = {{HALF, -HALF, 0.5f}, {HALF, HALF, 0.5f}};
    struct vcmd_resource *target = begin(0);

    (void)state;
    vcmd_set_viewport_state(&stage.buf, &(struct vcmd_set_viewport_state){0, 1, &viewport});
    draw_and_end(upper, 4);
    assert_int_equal(drawn_rows(target), 0x0f);
    vcmd_resource_destroy(target);
    stage_end(&stage);
}

/* Two rows of the host, from y = -1: by a viewport, or by a scissor. */
static unsigned int rows_of_two(uint32_t flags, bool by_scissor)
{
    const struct vcmd_viewport viewport = {{HALF, 1, 0.5f}, {HALF, 1, 0.5f}};
    const struct vcmd_scissor scissor = {.maxx = SIDE, .maxy = 2};
    const struct vcmd_create_rasterizer rasterizer = {.handle = RASTERIZER,
                                                      .depth_clip = true,
                                                      .scissor = true,
                                                      .half_pixel_center = true,
                                                      .point_size = 1,
                                                      .line_width = 1};
    struct vcmd_resource *target = begin(flags);
    unsigned int rows;

    if (by_scissor) {
        vcmd_create_rasterizer(&stage.buf, &rasterizer);
        vcmd_bind_rasterizer(&stage.buf, &(struct vcmd_bind_rasterizer){.handle = RASTERIZER});
        vcmd_set_scissor_state(&stage.buf, &(struct vcmd_set_scissor_state){0, 1, &scissor});
    } else {
        vcmd_set_viewport_state(&stage.buf, &(struct vcmd_set_viewport_state){0, 1, &viewport});
    }
    draw_and_end(stage_whole, 4);
    rows = drawn_rows(target);
    vcmd_resource_destroy(target);
    stage_end(&stage);
    return rows;
}

static void viewports_and_scissors(void **state)
{
    (void)state;
    for (int by_scissor = 0; by_scissor < 2; by_scissor++) {
        assert_int_equal(rows_of_two(0, by_scissor != 0), 0x03);
        assert_int_equal(rows_of_two(VCMD_RESOURCE_Y_0_TOP, by_scissor != 0), 0xc0);
    }
}

/* ---- blits ---- */

/* Blits rows 0 and 1 of a picture whose red is 10 * row + 5 to the first rows of a black one. */
static void blit_two_rows(uint32_t from_flags, uint32_t to_flags, int32_t height, uint8_t *red)
{
    struct vcmd_resource *from = begin(from_flags);
    struct vcmd_resource *to = make_target(to_flags);
    struct vcmd_blit blit = {.mask = VCMD_MASK_RGBA, .filter = VCMD_TEX_FILTER_NEAREST};
    const uint8_t *bytes;

    draw_and_end(stage_whole, 4);
    stage_draw_to(&stage, 2, to, RGBA8, 0, 0);
    stage_clear(&stage, 0, 0, 0, 0);
    blit.src.res_handle = vcmd_resource_id(from);
    blit.dst.res_handle = vcmd_resource_id(to);
    blit.src.format = blit.dst.format = RGBA8;
    blit.src.box = (struct vcmd_box){.w = SIDE, .h = 2, .d = 1};
    blit.dst.box = (struct vcmd_box){.w = SIDE, .h = height, .d = 1};
    vcmd_blit(&stage.buf, &blit);
    stage_run(&stage);
    bytes = stage_read(&stage, to);
    for (size_t y = 0; y < SIDE; y++)
        red[y] = bytes[y * SIDE * 4];
    vcmd_resource_destroy(from);
    vcmd_resource_destroy(to);
    stage_end(&stage);
}

static void check_blit(uint32_t from_flags, uint32_t to_flags, int32_t height,
                       const uint8_t expected[SIDE])
{
    uint8_t red[SIDE];

    blit_two_rows(from_flags, to_flags, height, red);
    assert_memory_equal(red, expected, SIDE);
}

/* Both have the flag or both lack it. */
static void blits_of_a_kind(void **state)
{
    static const uint8_t stretched[SIDE] = {5, 5, 15, 15}, copied[SIDE] = {5, 15};
    static const uint8_t copied_y0[SIDE] = {0, 0, 0, 0, 0, 0, 65, 75};

    (void)state;
    check_blit(0, 0, 4, stretched);
    check_blit(0, 0, 2, copied);
    check_blit(VCMD_RESOURCE_Y_0_TOP, VCMD_RESOURCE_Y_0_TOP, 4, stretched);
    check_blit(VCMD_RESOURCE_Y_0_TOP, VCMD_RESOURCE_Y_0_TOP, 2, copied_y0);
}

/* One has it and one lacks it: a stretched box counts in rows of the backing, a copied one not. */
static void blits_between_kinds(void **state)
{
    static const uint8_t stretched[SIDE] = {5, 5, 15, 15};
    static const uint8_t to_y0[SIDE] = {0, 0, 0, 0, 0, 0, 15, 5};
    static const uint8_t from_y0[SIDE] = {75, 65};

    (void)state;
    check_blit(0, VCMD_RESOURCE_Y_0_TOP, 4, stretched);
    check_blit(VCMD_RESOURCE_Y_0_TOP, 0, 4, stretched);
    check_blit(0, VCMD_RESOURCE_Y_0_TOP, 2, to_y0);
    check_blit(VCMD_RESOURCE_Y_0_TOP, 0, 2, from_y0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(front_and_back),    cmocka_unit_test(place_of_a_pixel),
        cmocka_unit_test(negative_viewport), cmocka_unit_test(viewports_and_scissors),
        cmocka_unit_test(blits_of_a_kind),   cmocka_unit_test(blits_between_kinds),
    };

    return cmocka_run_group_tests(tests, stage_setup_group, stage_teardown_group);
}
