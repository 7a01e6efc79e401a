/* SPDX-License-Identifier: MIT */
#ifndef VIRGLCMD_FORMAT_H
#define VIRGLCMD_FORMAT_H

#include <stddef.h>
#include <stdint.h>
#include <virglcmd/formats.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How the texels of a format are stored. */
enum vcmd_format_layout {
    VCMD_LAYOUT_PLAIN = 0, /* one texel a block, channels as listed */
    VCMD_LAYOUT_SUBSAMPLED = 1,
    VCMD_LAYOUT_PLANAR2 = 2,
    VCMD_LAYOUT_PLANAR3 = 3,
    VCMD_LAYOUT_S3TC = 4,
    VCMD_LAYOUT_RGTC = 5,
    VCMD_LAYOUT_ETC = 6,
    VCMD_LAYOUT_BPTC = 7,
    VCMD_LAYOUT_ASTC = 8,
    VCMD_LAYOUT_ATC = 9,
    VCMD_LAYOUT_FXT1 = 10,
    VCMD_LAYOUT_OTHER = 11
};

enum vcmd_format_colorspace {
    VCMD_COLORSPACE_RGB = 0,
    VCMD_COLORSPACE_SRGB = 1,
    VCMD_COLORSPACE_YUV = 2,
    VCMD_COLORSPACE_ZS = 3 /* depth, stencil */
};

enum vcmd_channel_type {
    VCMD_CHANNEL_VOID = 0, /* unused bits */
    VCMD_CHANNEL_UNORM = 1,
    VCMD_CHANNEL_SNORM = 2,
    VCMD_CHANNEL_UINT = 3,
    VCMD_CHANNEL_SINT = 4,
    VCMD_CHANNEL_USCALED = 5,
    VCMD_CHANNEL_SSCALED = 6,
    VCMD_CHANNEL_FIXED = 7, /* 16.16 */
    VCMD_CHANNEL_FLOAT = 8
};

struct vcmd_format_channel {
    uint8_t type; /* enum vcmd_channel_type */
    uint8_t bits;
};

struct vcmd_format_info {
    const char *name;     /* "B8G8R8A8_UNORM" */
    uint32_t format;      /* enum vcmd_format */
    uint32_t drm_fourcc;  /* the DRM format with the same bytes, as in drm_fourcc.h; 0: none */
    uint16_t block_bits;  /* size of a block; 0 when unknown. Planar formats: the first plane's */
    uint8_t block_width;  /* texels */
    uint8_t block_height; /* texels */
    uint8_t block_depth;  /* texels */
    uint8_t layout;       /* enum vcmd_format_layout */
    uint8_t colorspace;   /* enum vcmd_format_colorspace */
    uint8_t num_channels; /* of channels, 0 for layouts other than plain */

    /* From the lowest bit, or byte, up. */
    struct vcmd_format_channel channels[4];

    /* Channel read as r, g, b and a: x, y, z, w, 0, 1 or _ (nothing). "" for other layouts. */
    char swizzle[5];
    const char *since; /* first virglrenderer release; "" for the newest Mesa headers only */
};

/* NULL for a number that is no format. */
const struct vcmd_format_info *vcmd_format_info(uint32_t format);

/* "B8G8R8A8_UNORM", or "?" for a number that is no format. */
const char *vcmd_format_name(uint32_t format);

/* By the name of vcmd_format_info, with or without VIRGL_FORMAT_ or VCMD_FORMAT_ in front. */
const struct vcmd_format_info *vcmd_format_by_name(const char *name);

/* By DRM fourcc code. NULL when no format has exactly these bytes. */
const struct vcmd_format_info *vcmd_format_by_drm_fourcc(uint32_t fourcc);

#ifdef __cplusplus
}
#endif

#endif
