/* SPDX-License-Identifier: MIT */
#include <virglcmd/enums.h>
#include <virglcmd/format.h>
#include <virglcmd/formats.h>

#include "../check/host_limits.h"
#include "layout.h"

/*
 * The rules of virglrenderer for a resource. They are checked here because most devices swallow its
 * verdict: QEMU answers that all is well, and every later use of the resource fails on the host.
 * What depends on the host's GL and is not in its capset stays with the host.
 */

static enum vcmd_status refuse(enum vcmd_status status, const char *text, const char **why)
{
    *why = text;
    return status;
}

static enum vcmd_status check_numbers(const struct vcmd_resource_desc *desc, const char **why)
{
    const uint32_t flags =
        VCMD_RESOURCE_Y_0_TOP | VCMD_RESOURCE_FLAG_MAP_PERSISTENT | VCMD_RESOURCE_FLAG_MAP_COHERENT;

    if (desc->target > VCMD_TEXTURE_CUBE_ARRAY)
        return refuse(VCMD_STATUS_UNKNOWN_VALUE, "target is unknown", why);
    if (desc->format == 0 || !vcmd_format_info(desc->format))
        return refuse(VCMD_STATUS_UNKNOWN_VALUE, "format is unknown", why);
    if (desc->flags & ~flags)
        return refuse(VCMD_STATUS_RESERVED_BITS, "flags has bits that the protocol lacks", why);
    if (desc->width == 0)
        return refuse(VCMD_STATUS_OUT_OF_RANGE, "width is 0", why);
    if ((desc->width | desc->height | desc->depth | desc->array_size) > INT32_MAX)
        return refuse(VCMD_STATUS_OUT_OF_RANGE, "a size is over 2147483647, the largest box", why);
    return VCMD_STATUS_OK;
}

static enum vcmd_status check_shape(const struct vcmd_resource_desc *desc, const char **why)
{
    const enum vcmd_status bad = VCMD_STATUS_OUT_OF_RANGE;
    uint32_t target = desc->target;
    bool flat =
        target == VCMD_BUFFER || target == VCMD_TEXTURE_1D || target == VCMD_TEXTURE_1D_ARRAY;
    bool cube = target == VCMD_TEXTURE_CUBE || target == VCMD_TEXTURE_CUBE_ARRAY;
    bool array = target == VCMD_TEXTURE_1D_ARRAY || target == VCMD_TEXTURE_2D_ARRAY || cube;

    if (flat && desc->height != 1)
        return refuse(bad, "height must be 1 for this target", why);
    if (target != VCMD_TEXTURE_3D && desc->depth != 1)
        return refuse(bad, "depth must be 1 for this target", why);
    if (!array && desc->array_size != 1)
        return refuse(bad, "array_size must be 1 for this target", why);
    if (target == VCMD_TEXTURE_CUBE && desc->array_size != 6)
        return refuse(bad, "array_size must be 6 for a cube", why);
    if (cube && desc->array_size % 6 != 0)
        return refuse(bad, "array_size counts faces: it must be a multiple of 6", why);
    if (cube && desc->width != desc->height)
        return refuse(bad, "the faces of a cube must be square", why);
    if ((desc->flags & VCMD_RESOURCE_Y_0_TOP) && target != VCMD_TEXTURE_2D &&
        target != VCMD_TEXTURE_RECT)
        return refuse(bad, "flag Y_0_TOP is only for 2D and RECT", why);
    return VCMD_STATUS_OK;
}

static uint32_t highest_bit(uint32_t value)
{
    uint32_t bit = 0;

    while (value >>= 1)
        bit++;
    return bit;
}

static enum vcmd_status check_levels(const struct vcmd_resource_desc *desc, const char **why)
{
    const enum vcmd_status bad = VCMD_STATUS_OUT_OF_RANGE;
    uint32_t side = desc->width > desc->height ? desc->width : desc->height;
    uint32_t last = highest_bit(side);

    if (desc->nr_samples > 1 && desc->target != VCMD_TEXTURE_2D &&
        desc->target != VCMD_TEXTURE_2D_ARRAY)
        return refuse(bad, "only 2D and 2D_ARRAY can be multisampled", why);
    if (desc->last_level == 0)
        return VCMD_STATUS_OK;
    if (desc->nr_samples > 1)
        return refuse(bad, "last_level must be 0 for a multisampled resource", why);
    if (desc->target == VCMD_BUFFER || desc->target == VCMD_TEXTURE_RECT)
        return refuse(bad, "last_level must be 0 for this target", why);
    /* A deep 3D texture has more levels; hosts forget its depth, and allow one more at most. */
    if (desc->target == VCMD_TEXTURE_3D && highest_bit(desc->depth) > last)
        last++;
    if (desc->last_level > last)
        return refuse(bad, "last_level is beyond the level of one texel", why);
    return VCMD_STATUS_OK;
}

static enum vcmd_status check_bind(const struct vcmd_resource_desc *desc, const char **why)
{
    const enum vcmd_status bad = VCMD_STATUS_OUT_OF_RANGE;
    const char *fault = vcmd_bind_fault(desc->target, desc->bind);

    if (fault)
        return refuse(bad, fault, why);
    if (desc->target == VCMD_BUFFER && vcmd_format_info(desc->format)->block_bits != 8)
        return refuse(bad, "a buffer counts in bytes: its format must have 8 bits", why);
    return VCMD_STATUS_OK;
}

enum vcmd_status vcmd_desc_check(const struct vcmd_resource_desc *desc, const char **why)
{
    enum vcmd_status status = check_numbers(desc, why);

    if (status == VCMD_STATUS_OK)
        status = check_shape(desc, why);
    if (status == VCMD_STATUS_OK)
        status = check_levels(desc, why);
    if (status == VCMD_STATUS_OK)
        status = check_bind(desc, why);
    return status;
}

enum vcmd_status vcmd_desc_check_caps(const struct vcmd_resource_desc *desc,
                                      const struct vcmd_caps *caps, const char **why)
{
    /* Buffers have no such limit. */
    uint32_t longest = desc->target == VCMD_BUFFER ? 0 : vcmd_longest_side(caps, desc->target);
    uint32_t layers = caps->max_texture_array_layers;

    if (longest > 0 && (desc->width > longest || desc->height > longest || desc->depth > longest))
        return refuse(VCMD_STATUS_OUT_OF_RANGE, "a side is longer than the host allows", why);
    if (layers > 0 && desc->target != VCMD_TEXTURE_CUBE && desc->array_size > layers)
        return refuse(VCMD_STATUS_OUT_OF_RANGE, "array_size: more layers than the host allows",
                      why);
    if (caps->max_samples > 0 && desc->nr_samples > caps->max_samples)
        return refuse(VCMD_STATUS_OUT_OF_RANGE, "nr_samples: more than the host allows", why);
    return VCMD_STATUS_OK;
}
