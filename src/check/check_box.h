/* SPDX-License-Identifier: MIT */
#ifndef VCMD_CHECK_BOX_H
#define VCMD_CHECK_BOX_H

#include "check_private.h"

/* How a packet calls the parts of a box. */
struct vcmd_box_names {
    const char *level;
    const char *part[6]; /* x, y, z, w, h, d */
};

/* A box in a packet. */
struct vcmd_box_place {
    const struct vcmd_box_names *names;
    uint32_t level, box;     /* dwords */
    uint32_t severity;       /* when it leaves its level */
    bool flips;              /* w and h may be negative */
    bool loose;              /* negative z, and d of textures without depth, are passed on */
    uint32_t loose_severity; /* when z or d is negative and passed on */
    bool signed_level;       /* the host takes the level for a signed number */
    bool comes_round;        /* an end that comes round to a negative number is passed on */
};

/* Textures of one layer, without depth. */
static inline bool vcmd_is_flat(uint32_t target)
{
    return target == VCMD_TEXTURE_1D || target == VCMD_TEXTURE_2D || target == VCMD_TEXTURE_RECT;
}

/* Both are good numbers, their sum in 32 bits is negative. */
static inline bool vcmd_comes_round(uint32_t at, uint32_t length)
{
    return at <= INT32_MAX && length <= INT32_MAX && at + length > INT32_MAX;
}

/* Size of a level along x, y or z; layers count as z. */
uint32_t vcmd_level_size(const struct vcmd_check_resource *is, uint32_t level, uint32_t axis);

/* False: the box is not in the level, which has been reported. */
bool vcmd_check_box(struct vcmd_check *c, const struct vcmd_box_place *place,
                    const struct vcmd_check_resource *is);

#endif
