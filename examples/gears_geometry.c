/* SPDX-License-Identifier: MIT */
#include "gears_geometry.h"

#include <math.h>

static const float pi = 3.14159265f;

/*
 * The outline of one tooth: up one flank, along the tip, down the other flank, along the gap to the
 * next tooth. Places are in teeth, 0 being the middle of the tooth. On the pitch circle the tooth
 * takes 0.42 of the way round, and roots are deeper than tips are high: meshing teeth have some
 * play.
 */
struct corner {
    float place;
    float height; /* over the pitch circle, in tooth heights */
};

static const struct corner outline[5] = {
    {-0.34f, -0.55f}, {-0.1f, 0.45f}, {0.1f, 0.45f}, {0.34f, -0.55f}, {0.66f, -0.55f},
};

/* Where the next vertices and indices go. */
struct writer {
    struct gear_vertex *vertex;
    uint16_t *index;
    uint32_t next; /* index that the next vertex has */
};

struct point {
    float x, y;
};

static struct point at(float radius, float angle)
{
    return (struct point){radius * cosf(angle), radius * sinf(angle)};
}

static void put_vertex(struct writer *w, struct point p, float z, struct point normal,
                       float normal_z)
{
    *w->vertex++ = (struct gear_vertex){{p.x, p.y, z}, {normal.x, normal.y, normal_z}};
    w->next++;
}

/* Two triangles over the four vertices that were put last, which go round counter-clockwise. */
static void put_rectangle(struct writer *w)
{
    static const uint32_t corners[6] = {0, 1, 2, 0, 2, 3};

    for (int i = 0; i < 6; i++)
        *w->index++ = (uint16_t)(w->next - 4 + corners[i]);
}

/* Front or back: flat, between the hole and the outline. side is 1 or -1. */
static void put_face(struct writer *w, const struct point *hole, const struct point *outer, float z,
                     float side)
{
    const struct point none = {0.0f, 0.0f};
    int first = side > 0.0f ? 0 : 1; /* seen from behind, the other way round */

    put_vertex(w, hole[first], z * side, none, side);
    put_vertex(w, outer[first], z * side, none, side);
    put_vertex(w, outer[1 - first], z * side, none, side);
    put_vertex(w, hole[1 - first], z * side, none, side);
    put_rectangle(w);
}

/* A wall along z from a to b, which run counter-clockwise around what the wall encloses. */
static void put_wall(struct writer *w, struct point a, struct point b, float z,
                     struct point normal_a, struct point normal_b)
{
    put_vertex(w, a, -z, normal_a, 0.0f);
    put_vertex(w, b, -z, normal_b, 0.0f);
    put_vertex(w, b, z, normal_b, 0.0f);
    put_vertex(w, a, z, normal_a, 0.0f);
    put_rectangle(w);
}

/* One of the four segments of a tooth. The angles are those of its two ends. */
static void put_segment(struct writer *w, const struct gear_shape *shape,
                        const struct corner ends[2], const float angles[2])
{
    float z = shape->width / 2;
    struct point hole[2], outer[2], inward[2], outward;
    float length;

    for (int i = 0; i < 2; i++) {
        hole[i] = at(shape->hole_radius, angles[i]);
        inward[i] = at(-1.0f, angles[i]);
        outer[i] = at(shape->pitch_radius + ends[i].height * shape->tooth_height, angles[i]);
    }
    /* At right angles to the outline, which has the gear on its left. */
    outward = (struct point){outer[1].y - outer[0].y, outer[0].x - outer[1].x};
    length = hypotf(outward.x, outward.y);
    outward.x /= length;
    outward.y /= length;

    put_face(w, hole, outer, z, 1.0f);
    put_face(w, hole, outer, z, -1.0f);
    put_wall(w, outer[0], outer[1], z, outward, outward);   /* flat */
    put_wall(w, hole[1], hole[0], z, inward[1], inward[0]); /* round, and seen from inside */
}

void gear_build(const struct gear_shape *shape, uint32_t first_vertex, struct gear_vertex *vertices,
                uint16_t *indices)
{
    struct writer w = {.vertex = vertices, .index = indices, .next = first_vertex};
    float pitch = 2.0f * pi / (float)shape->teeth;

    for (uint32_t tooth = 0; tooth < shape->teeth; tooth++) {
        for (int i = 0; i < 4; i++) {
            const float angles[2] = {
                ((float)tooth + outline[i].place) * pitch,
                ((float)tooth + outline[i + 1].place) * pitch,
            };

            put_segment(&w, shape, &outline[i], angles);
        }
    }
}

float gear_mesh_angle(const struct gear_shape *gear, const struct gear_shape *other, float angle,
                      float direction)
{
    /* How many teeth of the other gear lie between its first one and the line of the centres. */
    float passed = (direction - angle) * (float)other->teeth / (2.0f * pi);

    /*
     * Where the gears touch they move alike, so that as many teeth of this one lie on the other
     * side of the line; half a tooth less, since a tooth there meets a gap here.
     */
    return direction + pi + (passed - 0.5f) * 2.0f * pi / (float)gear->teeth;
}
