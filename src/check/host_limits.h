/* SPDX-License-Identifier: MIT */
#ifndef VCMD_HOST_LIMITS_H
#define VCMD_HOST_LIMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <virglcmd/caps.h>
#include <virglcmd/enums.h>

/* What hosts allow of a resource: for the stream's checker and for the device layer. */

/* Buffers for one purpose say exactly that; everything else must name a purpose of textures. */
static inline bool vcmd_bind_is_of_buffer(uint32_t bind)
{
    switch (bind) {
    case 0:
    case VCMD_BIND_CUSTOM:
    case VCMD_BIND_STAGING:
    case VCMD_BIND_INDEX_BUFFER:
    case VCMD_BIND_STREAM_OUTPUT:
    case VCMD_BIND_VERTEX_BUFFER:
    case VCMD_BIND_CONSTANT_BUFFER:
    case VCMD_BIND_QUERY_BUFFER:
    case VCMD_BIND_COMMAND_ARGS:
    case VCMD_BIND_SHADER_BUFFER:
        return true;
    default:
        return false;
    }
}

/* NULL: the bind is good for the target. Otherwise static text. */
static inline const char *vcmd_bind_fault(uint32_t target, uint32_t bind)
{
    const uint32_t texture = VCMD_BIND_SAMPLER_VIEW | VCMD_BIND_DEPTH_STENCIL |
                             VCMD_BIND_RENDER_TARGET | VCMD_BIND_CURSOR | VCMD_BIND_SHARED |
                             VCMD_BIND_LINEAR;

    if (vcmd_bind_is_of_buffer(bind))
        return target == VCMD_BUFFER ? NULL
                                     : "bind has no use of a texture, so the target must be BUFFER";
    if ((bind & texture) == 0)
        return "bind has two uses of a plain buffer: hosts allow only one";
    if (target == VCMD_BUFFER && (bind & VCMD_BIND_SAMPLER_VIEW) == 0)
        return "bind of a buffer has uses of a texture without SAMPLER_VIEW";
    return NULL;
}

/* Of a texture's width, height and depth, in texels. caps may be NULL. 0: it is not known. */
static inline uint32_t vcmd_longest_side(const struct vcmd_caps *caps, uint32_t target)
{
    if (!caps)
        return 0;
    switch (target) {
    case VCMD_TEXTURE_3D:
        return caps->max_texture_3d_size;
    case VCMD_TEXTURE_CUBE:
    case VCMD_TEXTURE_CUBE_ARRAY:
        return caps->max_texture_cube_size;
    default:
        return caps->max_texture_2d_size;
    }
}

#endif
