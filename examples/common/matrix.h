/* SPDX-License-Identifier: MIT */
#ifndef EXAMPLES_COMMON_MATRIX_H
#define EXAMPLES_COMMON_MATRIX_H

/*
 * 4x4 matrices that transform column vectors, stored row by row: each row is one constant of a
 * shader, and row k times a position (DP4) is component k of the result.
 */
struct matrix {
    float row[4][4];
};

/* a * b: what b does first, then a. */
struct matrix matrix_multiply(struct matrix a, struct matrix b);

struct matrix matrix_translation(float x, float y, float z);

/* Radians; counter-clockwise for whoever looks against the axis. */
struct matrix matrix_rotation_x(float angle);
struct matrix matrix_rotation_y(float angle);
struct matrix matrix_rotation_z(float angle);

/*
 * A camera at the origin that looks along -z, as in OpenGL: distances z_near to z_far become depths
 * -1 to 1. height: of what is seen at distance z_near; aspect: width over height.
 */
struct matrix matrix_perspective(float height, float aspect, float z_near, float z_far);

#endif
