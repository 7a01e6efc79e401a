/* SPDX-License-Identifier: MIT */
#include "caps_table.h"
#include "memory.h"
#include <virglcmd/format.h>

/* Capset 1 ends where the first field of capset 2 begins. */
#define CAPSET_1_SIZE vcmd_caps_fields[VCMD_CAPS_MIN_ALIASED_POINT_SIZE].offset

enum vcmd_status vcmd_caps_decode(struct vcmd_caps *caps, const void *bytes, size_t size)
{
    if (caps == NULL || bytes == NULL)
        return VCMD_STATUS_NULL_ARGUMENT;
    memset(caps, 0, sizeof(*caps));
    if (size < CAPSET_1_SIZE)
        return VCMD_STATUS_TRUNCATED;
    caps->size = size > UINT32_MAX ? UINT32_MAX : (uint32_t)size;
    vcmd_caps_load(caps, (const uint8_t *)bytes, size);
    return VCMD_STATUS_OK;
}

const struct vcmd_caps_field_info *vcmd_caps_field_info(enum vcmd_caps_field field)
{
    unsigned int number = (unsigned int)field;

    return number < VCMD_CAPS_FIELD_COUNT ? &vcmd_caps_fields[number] : NULL;
}

bool vcmd_caps_has(const struct vcmd_caps *caps, enum vcmd_caps_field field)
{
    const struct vcmd_caps_field_info *info = vcmd_caps_field_info(field);

    if (caps == NULL || info == NULL || caps->size < info->offset + info->size)
        return false;
    return caps->host_feature_check_version >= info->feature_version;
}

static bool in_mask(const struct vcmd_format_mask *mask, uint32_t format)
{
    return (mask->bitmask[format / 32] >> (format % 32) & 1) != 0;
}

static bool is_empty(const struct vcmd_format_mask *mask)
{
    uint32_t any = 0;
    size_t i;

    for (i = 0; i < sizeof(mask->bitmask) / sizeof(mask->bitmask[0]); i++)
        any |= mask->bitmask[i];
    return any == 0;
}

/* No host has ever filled the mask for depth: what can be sampled can be attached. */
static bool can_be_depth(const struct vcmd_caps *caps, const struct vcmd_format_info *info)
{
    return info->colorspace == VCMD_COLORSPACE_ZS &&
           (in_mask(&caps->depthstencil, info->format) || in_mask(&caps->sampler, info->format));
}

/* Hosts list only the odd vertex formats in their mask and take the plain ones for granted. */
static bool can_be_vertex(const struct vcmd_caps *caps, const struct vcmd_format_info *info)
{
    size_t i;

    if (in_mask(&caps->vertexbuffer, info->format))
        return true;
    if (info->layout != VCMD_LAYOUT_PLAIN || info->colorspace != VCMD_COLORSPACE_RGB)
        return false;
    for (i = 0; i < info->num_channels; i++) {
        if (info->channels[i].type != VCMD_CHANNEL_VOID)
            return info->channels[i].type != VCMD_CHANNEL_FIXED;
    }
    return false;
}

/* Hosts before the mask existed meant every format that can be sampled. */
static bool in_late_mask(const struct vcmd_caps *caps, const struct vcmd_format_mask *mask,
                         uint32_t format)
{
    return in_mask(is_empty(mask) ? &caps->sampler : mask, format);
}

bool vcmd_caps_has_format(const struct vcmd_caps *caps, uint32_t format, enum vcmd_format_use use)
{
    const struct vcmd_format_info *info = vcmd_format_info(format);

    if (caps == NULL || info == NULL || format == VCMD_FORMAT_NONE)
        return false;
    switch (use) {
    case VCMD_FORMAT_USE_SAMPLER:
        return in_mask(&caps->sampler, format);
    case VCMD_FORMAT_USE_RENDER:
        return in_mask(&caps->render, format);
    case VCMD_FORMAT_USE_DEPTH_STENCIL:
        return can_be_depth(caps, info);
    case VCMD_FORMAT_USE_VERTEX:
        return can_be_vertex(caps, info);
    case VCMD_FORMAT_USE_READBACK:
        return in_late_mask(caps, &caps->supported_readback_formats, format);
    case VCMD_FORMAT_USE_SCANOUT:
        return in_late_mask(caps, &caps->scanout, format);
    case VCMD_FORMAT_USE_MULTISAMPLE:
        return in_mask(&caps->supported_multisample_formats, format);
    }
    return false;
}

const struct vcmd_host_release *vcmd_host_releases(size_t *count)
{
    if (count != NULL)
        *count = vcmd_host_release_count;
    return vcmd_host_release_table;
}
