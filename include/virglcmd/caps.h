/* SPDX-License-Identifier: MIT */
#ifndef VIRGLCMD_CAPS_H
#define VIRGLCMD_CAPS_H

#include <virglcmd/caps_fields.h>
#include <virglcmd/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Capability sets. A host may give fewer bytes than this library knows (an older host) or more (a
 * newer one): vcmd_caps_decode takes both. What was not given is 0, and vcmd_caps_has() tells.
 */

/*
 * Decodes a capset of kind VIRGL (1) or VIRGL2 (2): the second begins with the first. Fields that
 * size does not cover whole are 0; bytes beyond the fields known here are not looked at.
 * At least the 308 bytes of capset 1 are needed, else VCMD_STATUS_TRUNCATED and all is 0.
 */
enum vcmd_status vcmd_caps_decode(struct vcmd_caps *caps, const void *bytes, size_t size);

/* Where a field of the capset stands, and since when hosts send it. */
struct vcmd_caps_field_info {
    const char *name;         /* as in struct vcmd_caps */
    uint32_t offset;          /* bytes from the start of the capset */
    uint32_t size;            /* bytes */
    uint32_t feature_version; /* host_feature_check_version from which it is valid; 0: always */
    const char *since;        /* first virglrenderer release that sends it */
};

/* NULL for a number that is no field. */
const struct vcmd_caps_field_info *vcmd_caps_field_info(enum vcmd_caps_field field);

/*
 * Whether the host gave the field and its feature check version vouches for it. A field without it
 * reads 0, which for most limits means "unknown", not "none".
 */
bool vcmd_caps_has(const struct vcmd_caps *caps, enum vcmd_caps_field field);

/* What a format may be used for. */
enum vcmd_format_use {
    VCMD_FORMAT_USE_SAMPLER = 0,
    VCMD_FORMAT_USE_RENDER = 1, /* colour attachment */

    /*
     * Depth and stencil attachment. No host fills the mask for it (virglrenderer 0.10.4 sends it
     * empty), so a format with depth or stencil that can be sampled counts.
     */
    VCMD_FORMAT_USE_DEPTH_STENCIL = 2,

    /*
     * Vertex elements. Hosts name only the odd ones (R11G11B10_FLOAT) in the mask; formats of plain
     * channels, but for 16.16 fixed point, count without it.
     */
    VCMD_FORMAT_USE_VERTEX = 3,

    /*
     * Transfers from the host, and scanout. Hosts tell since 0.8.0; where the mask is empty, every
     * format that can be sampled counts.
     */
    VCMD_FORMAT_USE_READBACK = 4,
    VCMD_FORMAT_USE_SCANOUT = 5,

    VCMD_FORMAT_USE_MULTISAMPLE = 6 /* more than one sample; hosts since 0.10.0 tell */
};

/* False also for VCMD_FORMAT_NONE and for numbers that are no format. */
bool vcmd_caps_has_format(const struct vcmd_caps *caps, uint32_t format, enum vcmd_format_use use);

/* What a release of virglrenderer knows: limits are one past the largest number. */
struct vcmd_host_release {
    const char *name;         /* "0.10.4" */
    uint32_t caps_size;       /* bytes of its largest capset */
    uint32_t feature_version; /* its host_feature_check_version; 0: not told */
    uint32_t formats;
    uint32_t commands;
    uint32_t objects;
};

/* All known releases, oldest first. count may be NULL. */
const struct vcmd_host_release *vcmd_host_releases(size_t *count);

#ifdef __cplusplus
}
#endif

#endif
