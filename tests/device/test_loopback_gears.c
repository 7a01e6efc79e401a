/* SPDX-License-Identifier: MIT */

/*
 * The picture of examples/gears: against a stored one, and against a picture of which gear is where
 * that a plain rasteriser here makes, with a depth buffer of its own.
 */
#include "example_support.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gears_geometry.h"

#define NUM_GEARS  3
#define BACKGROUND NUM_GEARS
#define MAX_TEETH  20

/* As in the example. */
static const struct {
    struct gear_shape shape;
    double x, y;
} gears[NUM_GEARS] = {
    {{20, 1.0f, 4.0f, 0.8f, 1.0f}, -2.0, -2.0}, /* red */
    {{10, 0.5f, 2.0f, 0.8f, 2.0f}, 4.0, -2.0},  /* green */
    {{10, 1.2f, 2.0f, 0.8f, 0.6f}, -2.0, 4.0},  /* blue */
};

static const double pi = 3.14159265358979;
static const double window_height = 1.75; /* at distance 5 */

/* ---- which gear is where ---- */

struct vec {
    double x, y, z;
};

struct map {
    uint32_t width, height;
    double *depths;
    uint8_t *gears; /* of the pixel: a gear, or BACKGROUND */
};

/* To pixels; z is the distance. */
static struct vec project(const struct map *map, const float position[3], int gear, double angle)
{
    const double a = 30 * pi / 180, b = 20 * pi / 180;
    double x = position[0] * cos(angle) - position[1] * sin(angle) + gears[gear].x;
    double y = position[0] * sin(angle) + position[1] * cos(angle) + gears[gear].y;
    double z = position[2];
    double turned_x = x * cos(a) + z * sin(a);
    double turned_z = -x * sin(a) + z * cos(a);
    double tilted_y = y * cos(b) - turned_z * sin(b);
    double distance = 40 - (y * sin(b) + turned_z * cos(b));
    double scale = 5 / distance / window_height * map->height;

    return (struct vec){map->width / 2.0 + turned_x * scale, map->height / 2.0 - tilted_y * scale,
                        distance};
}

static double cross(struct vec a, struct vec b, double x, double y)
{
    return (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x);
}

static double least(double a, double b, double c)
{
    return fmin(a, fmin(b, c));
}

static double most(double a, double b, double c)
{
    return fmax(a, fmax(b, c));
}

/* One pixel whose centre is at x, y. 1 / z is what is linear on the screen. */
static void fill_pixel(struct map *map, const struct vec c[3], double area, double x, double y,
                       uint8_t gear)
{
    double a = cross(c[1], c[2], x, y) / area;
    double b = cross(c[2], c[0], x, y) / area;
    double d = 1 - a - b;
    double depth = 1 / (a / c[0].z + b / c[1].z + d / c[2].z);
    size_t pixel = (size_t)y * map->width + (size_t)x;

    if (a < 0 || b < 0 || d < 0 || depth >= map->depths[pixel])
        return;
    map->depths[pixel] = depth;
    map->gears[pixel] = gear;
}

static void fill_triangle(struct map *map, const struct vec c[3], uint8_t gear)
{
    double area = cross(c[0], c[1], c[2].x, c[2].y);
    double left = fmax(0, floor(least(c[0].x, c[1].x, c[2].x)));
    double top = fmax(0, floor(least(c[0].y, c[1].y, c[2].y)));
    double right = fmin(map->width, most(c[0].x, c[1].x, c[2].x));
    double bottom = fmin(map->height, most(c[0].y, c[1].y, c[2].y));

    if (fabs(area) < 1e-9)
        return;
    for (int y = (int)top; y + 0.5 < bottom; y++) {
        for (int x = (int)left; x + 0.5 < right; x++)
            fill_pixel(map, c, area, x + 0.5, y + 0.5, gear);
    }
}

static void draw_gear(struct map *map, int gear, double angle)
{
    static struct gear_vertex vertices[MAX_TEETH * GEAR_VERTICES_PER_TOOTH];
    static uint16_t indices[MAX_TEETH * GEAR_INDICES_PER_TOOTH];
    const struct gear_shape *shape = &gears[gear].shape;

    if (gear > 0) {
        double direction = atan2(gears[gear].y - gears[0].y, gears[gear].x - gears[0].x);

        angle = gear_mesh_angle(shape, &gears[0].shape, (float)angle, (float)direction);
    }
    gear_build(shape, 0, vertices, indices);
    for (uint32_t i = 0; i < shape->teeth * GEAR_INDICES_PER_TOOTH; i += 3) {
        struct vec corners[3];

        for (uint32_t k = 0; k < 3; k++)
            corners[k] = project(map, vertices[indices[i + k]].position, gear, angle);
        fill_triangle(map, corners, (uint8_t)gear);
    }
}

static void make_map(struct map *map, uint32_t width, uint32_t height, unsigned frame)
{
    size_t pixels = (size_t)width * height;

    *map = (struct map){width, height, malloc(pixels * sizeof(double)), malloc(pixels)};
    assert_non_null(map->depths);
    assert_non_null(map->gears);
    for (size_t i = 0; i < pixels; i++)
        map->depths[i] = DBL_MAX;
    memset(map->gears, BACKGROUND, pixels);
    for (int gear = 0; gear < NUM_GEARS; gear++)
        draw_gear(map, gear, frame * 2 * pi / 180); /* two degrees a frame */
}

static void free_map(struct map *map)
{
    free(map->depths);
    free(map->gears);
}

/* ---- comparing ---- */

/* 0.05, 0.06 and 0.09 of 255 are 12.75, 15.3 and 22.95. */
static bool is_background(const uint8_t *pixel)
{
    return pixel[0] == 13 && pixel[1] == 15 && pixel[2] == 23;
}

/* The gear whose colour a pixel has most of. */
static uint8_t classify(const uint8_t *pixel)
{
    if (is_background(pixel))
        return BACKGROUND;
    if (pixel[0] > pixel[1] && pixel[0] > pixel[2])
        return 0;
    return pixel[1] > pixel[2] ? 1 : 2;
}

/* Whether the neighbours of a pixel are what it is: elsewhere rounding may decide. */
static bool is_inner(const struct map *map, uint32_t x, uint32_t y)
{
    uint8_t gear = map->gears[(size_t)y * map->width + x];

    if (x == 0 || y == 0 || x + 1 == map->width || y + 1 == map->height)
        return false;
    for (uint32_t i = y - 1; i <= y + 1; i++) {
        for (uint32_t k = x - 1; k <= x + 1; k++) {
            if (map->gears[(size_t)i * map->width + k] != gear)
                return false;
        }
    }
    return true;
}

static void compare_with_map(const struct picture *picture, unsigned frame)
{
    size_t counts[NUM_GEARS + 1] = {0};
    struct map map;

    make_map(&map, picture->width, picture->height, frame);
    for (uint32_t y = 0; y < picture->height; y++) {
        for (uint32_t x = 0; x < picture->width; x++) {
            const uint8_t *pixel = picture_pixel(picture, x, y);
            uint8_t expected = map.gears[(size_t)y * map.width + x];

            if (!is_inner(&map, x, y))
                continue;
            counts[expected]++;
            if (classify(pixel) != expected)
                fail_msg("frame %u, pixel %u,%u is %u %u %u: gear %u, not %u", frame, x, y,
                         pixel[0], pixel[1], pixel[2], classify(pixel), expected);
        }
    }
    print_message("frame %u: %zu red, %zu green, %zu blue, %zu background\n", frame, counts[0],
                  counts[1], counts[2], counts[3]);
    for (int i = 0; i <= NUM_GEARS; i++)
        assert_true(counts[i] > (size_t)picture->width * picture->height / 100);
    free_map(&map);
}

/* How many pixels differ by more than 8 in a channel. */
static size_t count_differences(const struct picture *a, const struct picture *b)
{
    size_t count = 0;

    assert_int_equal(a->width, b->width);
    assert_int_equal(a->height, b->height);
    for (size_t i = 0; i < (size_t)a->width * a->height; i++) {
        bool differs = false;

        for (size_t k = 0; k < 4; k++)
            differs |= abs(a->pixels[i * 4 + k] - b->pixels[i * 4 + k]) > 8;
        count += differs;
    }
    return count;
}

/* ---- tests ---- */

/* Drawn by llvmpipe. Other hosts may round elsewhere: half a per cent of the pixels may differ. */
static void stored_picture(void **state)
{
    const char *const none[] = {NULL};
    struct picture picture, stored;

    (void)state;
    render_example(&picture, "gears", none);
    read_picture(&stored, GEARS_PICTURE);
    assert_true(count_differences(&picture, &stored) <=
                (size_t)picture.width * picture.height / 200);
    free_picture(&stored);
    free_picture(&picture);
}

/* Where which gear is, in front of which: the first frame, and later ones. */
static void rasterised(void **state)
{
    static const char *const arguments[][5] = {
        {"--frames", "1", NULL},
        {"--frames", "8", NULL},
        {"--frames", "3", "--size", "500x300", NULL},
        {"--frames", "1", "--size", "200x410", NULL},
    };
    static const unsigned frames[] = {0, 7, 2, 0};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(frames); i++) {
        struct picture picture;

        render_example(&picture, "gears", arguments[i]);
        compare_with_map(&picture, frames[i]);
        free_picture(&picture);
    }
}

/* The rasteriser tells apart what the example draws and what it would draw without depth test. */
static void depth_matters(void **state)
{
    struct map with, without;
    size_t hidden = 0;

    (void)state;
    make_map(&with, 640, 480, 0);
    make_map(&without, 640, 480, 0);
    memset(without.gears, BACKGROUND, (size_t)640 * 480);
    for (int gear = 0; gear < NUM_GEARS; gear++) {
        for (size_t i = 0; i < (size_t)640 * 480; i++)
            without.depths[i] = DBL_MAX;
        draw_gear(&without, gear, 0);
    }
    for (uint32_t y = 0; y < 480; y++) {
        for (uint32_t x = 0; x < 640; x++)
            hidden +=
                is_inner(&with, x, y) && with.gears[y * 640 + x] != without.gears[y * 640 + x];
    }
    print_message("%zu pixels are of a gear in front of one drawn later\n", hidden);
    assert_true(hidden > 100);
    free_map(&with);
    free_map(&without);
}

/* Frames differ, and after a whole turn of 180 frames the first one comes again. */
static void turning(void **state)
{
    static const char *const arguments[][3] = {
        {"--frames", "1", NULL}, {"--frames", "3", NULL}, {"--frames", "181", NULL}};
    struct picture pictures[3];

    (void)state;
    for (size_t i = 0; i < 3; i++)
        render_example(&pictures[i], "gears", arguments[i]);
    assert_true(count_differences(&pictures[0], &pictures[1]) > 1000);
    assert_int_equal(count_differences(&pictures[0], &pictures[2]), 0);
    for (size_t i = 0; i < 3; i++)
        free_picture(&pictures[i]);
}

static int cleanup(void **state)
{
    (void)state;
    forget_files();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stored_picture),
        cmocka_unit_test(rasterised),
        cmocka_unit_test(depth_matters),
        cmocka_unit_test(turning),
    };

    return cmocka_run_group_tests(tests, NULL, cleanup);
}
