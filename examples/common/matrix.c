/* SPDX-License-Identifier: MIT */
#include "common/matrix.h"

#include <math.h>

struct matrix matrix_multiply(struct matrix a, struct matrix b)
{
    struct matrix product;

    for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 4; j++) {
            product.row[i][j] = 0.0f;
            for (int k = 0; k < 4; k++)
                product.row[i][j] += a.row[i][k] * b.row[k][j];
        }
    }
    return product;
}

struct matrix matrix_translation(float x, float y, float z)
{
    return (struct matrix){{{1, 0, 0, x}, {0, 1, 0, y}, {0, 0, 1, z}, {0, 0, 0, 1}}};
}

struct matrix matrix_rotation_x(float angle)
{
    float c = cosf(angle), s = sinf(angle);

    return (struct matrix){{{1, 0, 0, 0}, {0, c, -s, 0}, {0, s, c, 0}, {0, 0, 0, 1}}};
}

struct matrix matrix_rotation_y(float angle)
{
    float c = cosf(angle), s = sinf(angle);

    return (struct matrix){{{c, 0, s, 0}, {0, 1, 0, 0}, {-s, 0, c, 0}, {0, 0, 0, 1}}};
}

struct matrix matrix_rotation_z(float angle)
{
    float c = cosf(angle), s = sinf(angle);

    return (struct matrix){{{c, -s, 0, 0}, {s, c, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}}};
}

struct matrix matrix_perspective(float height, float aspect, float z_near, float z_far)
{
    float y = 2.0f * z_near / height;
    float z = (z_near + z_far) / (z_near - z_far);
    float w = 2.0f * z_near * z_far / (z_near - z_far);

    return (struct matrix){{{y / aspect, 0, 0, 0}, {0, y, 0, 0}, {0, 0, z, w}, {0, 0, -1, 0}}};
}
