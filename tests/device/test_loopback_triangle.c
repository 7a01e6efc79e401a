/* SPDX-License-Identifier: MIT */

/*
 * The picture of examples/triangle, pixel by pixel, against the formulas: the clear colour outside,
 * colours between those of the corners inside.
 */
#include "example_support.h"

#include <math.h>
#include <stdlib.h>

/* As in the example: red, green and blue corner; x and y from -1 to 1, y upwards. */
static const double corners[3][2] = {{0.0, 0.75}, {-0.75, -0.75}, {0.75, -0.75}};

/*
 * Pixels whose centre is nearer to an edge than this may be on either side of it: hosts have eight
 * bits for parts of a pixel or more.
 */
#define EDGE 0.02

struct point {
    double x, y;
};

static struct point to_pixels(const double corner[2], const struct picture *picture)
{
    return (struct point){(corner[0] + 1) / 2 * picture->width,
                          (1 - corner[1]) / 2 * picture->height};
}

/* Twice the area of the triangle a, b, p; negative on the other side of the line a, b. */
static double cross(struct point a, struct point b, struct point p)
{
    return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
}

/* Shares of the three corners in p, and the distance to the nearest edge, negative outside. */
static double shares(const struct point c[3], struct point p, double share[3])
{
    double area = cross(c[0], c[1], c[2]);
    double nearest = INFINITY;

    for (int i = 0; i < 3; i++) {
        struct point a = c[(i + 1) % 3], b = c[(i + 2) % 3];
        double twice = cross(a, b, p);
        double distance = twice / hypot(b.x - a.x, b.y - a.y) * (area < 0 ? -1 : 1);

        share[i] = twice / area;
        nearest = distance < nearest ? distance : nearest;
    }
    return nearest;
}

static bool is_background(const uint8_t *pixel)
{
    return pixel[0] == 51 && pixel[1] == 102 && pixel[2] == 153 && pixel[3] == 255;
}

static bool is_mixture(const uint8_t *pixel, const double share[3])
{
    for (int i = 0; i < 3; i++) {
        if (fabs(pixel[i] - 255 * share[i]) > 2)
            return false;
    }
    return pixel[3] == 255;
}

static void check_picture(const struct picture *picture)
{
    struct point c[3];
    uint32_t inside = 0, outside = 0, edge = 0;

    for (int i = 0; i < 3; i++)
        c[i] = to_pixels(corners[i], picture);
    for (uint32_t y = 0; y < picture->height; y++) {
        for (uint32_t x = 0; x < picture->width; x++) {
            const uint8_t *pixel = picture_pixel(picture, x, y);
            double share[3];
            double distance = shares(c, (struct point){x + 0.5, y + 0.5}, share);
            bool good = (distance < EDGE && is_background(pixel)) ||
                        (distance > -EDGE && is_mixture(pixel, share));

            if (!good)
                fail_msg("pixel %u,%u is %u %u %u %u, %.2f pixels inside", x, y, pixel[0], pixel[1],
                         pixel[2], pixel[3], distance);
            inside += distance >= EDGE;
            outside += distance <= -EDGE;
            edge += fabs(distance) < EDGE;
        }
    }
    print_message("%ux%u: %u inside, %u outside, %u on the edge\n", picture->width, picture->height,
                  inside, outside, edge);
    assert_true(edge < inside / 20);
}

static void sizes(void **state)
{
    static const char *const arguments[][3] = {
        {"--size", "640x480", NULL},
        {"--size", "333x77", NULL},
        {"--size", "64x500", NULL},
    };
    static const uint32_t expected[][2] = {{640, 480}, {333, 77}, {64, 500}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(arguments); i++) {
        struct picture picture;

        render_example(&picture, "triangle", arguments[i]);
        assert_int_equal(picture.width, expected[i][0]);
        assert_int_equal(picture.height, expected[i][1]);
        check_picture(&picture);
        free_picture(&picture);
    }
}

/* The points that a reader would look at first, in the default size, by hand. */
static void by_hand(void **state)
{
    static const struct {
        uint32_t x, y;
        uint8_t color[3];
    } points[] = {
        {0, 0, {51, 102, 153}},     {639, 0, {51, 102, 153}},  {0, 479, {51, 102, 153}},
        {639, 479, {51, 102, 153}}, {320, 58, {51, 102, 153}}, /* above the top corner, which is at
                                                                  row 60 */
        {320, 421, {51, 102, 153}}, /* below the lowest row, which is 419 */
        {320, 239, {128, 64, 64}},  /* half way up: half red, the rest shared */
        {320, 419, {0, 127, 128}},  /* the lower edge: green and blue */
        {319, 300, {85, 85, 85}},   /* the centre of gravity, a third of the height */
        {82, 419, {0, 254, 1}},     {557, 419, {0, 1, 254}},
    };
    const char *const none[] = {NULL};
    struct picture picture;

    (void)state;
    render_example(&picture, "triangle", none);
    for (size_t i = 0; i < ARRAY_SIZE(points); i++) {
        const uint8_t *pixel = picture_pixel(&picture, points[i].x, points[i].y);

        for (int k = 0; k < 3; k++)
            assert_in_range(pixel[k] + 3, points[i].color[k] + 1, points[i].color[k] + 5);
    }
    free_picture(&picture);
}

/* OpenGL ES on the host gives the same picture. */
static void on_gles(void **state)
{
    static const char *const arguments[] = {"--transport", "loopback", "--options", "gles=1",
                                            "--size",      "200x150",  NULL};
    struct picture picture;

    (void)state;
    render_example(&picture, "triangle", arguments);
    check_picture(&picture);
    free_picture(&picture);
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
        cmocka_unit_test(sizes),
        cmocka_unit_test(by_hand),
        cmocka_unit_test(on_gles),
    };

    return cmocka_run_group_tests(tests, NULL, cleanup);
}
