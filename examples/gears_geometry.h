/* SPDX-License-Identifier: MIT */
#ifndef EXAMPLES_GEARS_GEOMETRY_H
#define EXAMPLES_GEARS_GEOMETRY_H

#include <stdint.h>

/*
 * The triangles of spur gears. A gear lies around the z axis, half its width on either side of
 * z = 0, with the middle of its first tooth on the positive x axis. Teeth are trapezoids, which is
 * near enough to involutes to look at.
 */
struct gear_shape {
    uint32_t teeth;
    float hole_radius;
    float pitch_radius; /* two gears touch when they are the sum of these apart */
    float tooth_height; /* from root to tip; the pitch radius is about the middle */
    float width;
};

struct gear_vertex {
    float position[3];
    float normal[3]; /* of length 1, pointing away from the gear */
};

/* Each tooth has four segments, and each segment four rectangles: front, back, outside, hole. */
#define GEAR_VERTICES_PER_TOOTH (4u * 4u * 4u)
#define GEAR_INDICES_PER_TOOTH  (4u * 4u * 6u)

/*
 * Writes teeth * GEAR_VERTICES_PER_TOOTH vertices and teeth * GEAR_INDICES_PER_TOOTH indices, three
 * a triangle, counter-clockwise when seen from outside. first_vertex is added to every index.
 */
void gear_build(const struct gear_shape *shape, uint32_t first_vertex, struct gear_vertex *vertices,
                uint16_t *indices);

/*
 * The angle of a gear that meshes with another one which is turned by angle. direction is where the
 * gear's centre lies, seen from the other's centre. Everything in radians.
 */
float gear_mesh_angle(const struct gear_shape *gear, const struct gear_shape *other, float angle,
                      float direction);

#endif
