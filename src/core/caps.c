/* SPDX-License-Identifier: MIT */
#include "caps_table.h"
#include <string.h>

#define CAPSET_1_SIZE 308

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

static const struct vcmd_format_mask *mask_of(const struct vcmd_caps *caps,
                                              enum vcmd_format_use use)
{
    switch (use) {
    case VCMD_FORMAT_USE_SAMPLER:
        return &caps->sampler;
    case VCMD_FORMAT_USE_RENDER:
        return &caps->render;
    case VCMD_FORMAT_USE_DEPTH_STENCIL:
        return &caps->depthstencil;
    case VCMD_FORMAT_USE_VERTEX:
        return &caps->vertexbuffer;
    case VCMD_FORMAT_USE_READBACK:
        return &caps->supported_readback_formats;
    case VCMD_FORMAT_USE_SCANOUT:
        return &caps->scanout;
    case VCMD_FORMAT_USE_MULTISAMPLE:
        return &caps->supported_multisample_formats;
    }
    return NULL;
}

bool vcmd_caps_has_format(const struct vcmd_caps *caps, uint32_t format, enum vcmd_format_use use)
{
    const struct vcmd_format_mask *mask;

    if (caps == NULL || format >= 8 * sizeof(mask->bitmask))
        return false;
    mask = mask_of(caps, use);
    return mask != NULL && (mask->bitmask[format / 32] >> (format % 32) & 1) != 0;
}

const struct vcmd_host_release *vcmd_host_releases(size_t *count)
{
    if (count != NULL)
        *count = vcmd_host_release_count;
    return vcmd_host_release_table;
}
