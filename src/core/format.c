/* SPDX-License-Identifier: MIT */
#include "encode.h"
#include "format_table.h"
#include "text.h"

bool vcmd_format_known(uint32_t format)
{
    return format < VCMD_FORMAT_LIMIT && vcmd_format_index[format] != 0;
}

const struct vcmd_format_info *vcmd_format_info(uint32_t format)
{
    if (!vcmd_format_known(format))
        return NULL;
    return &vcmd_format_table[vcmd_format_index[format] - 1];
}

const char *vcmd_format_name(uint32_t format)
{
    const struct vcmd_format_info *info = vcmd_format_info(format);

    return info != NULL ? info->name : "?";
}

/* What follows prefix in text, or text itself. The core has no string functions of libc. */
static const char *without_prefix(const char *text, const char *prefix)
{
    const char *rest = text;

    while (*prefix != '\0') {
        if (*rest++ != *prefix++)
            return text;
    }
    return rest;
}

const struct vcmd_format_info *vcmd_format_by_name(const char *name)
{
    size_t i;

    if (name == NULL)
        return NULL;
    name = without_prefix(without_prefix(name, "VIRGL_FORMAT_"), "VCMD_FORMAT_");
    for (i = 0; i < vcmd_format_count; i++) {
        if (vcmd_same_text(vcmd_format_table[i].name, name))
            return &vcmd_format_table[i];
    }
    return NULL;
}

const struct vcmd_format_info *vcmd_format_by_drm_fourcc(uint32_t fourcc)
{
    size_t i;

    for (i = 0; fourcc != 0 && i < vcmd_format_count; i++) {
        if (vcmd_format_table[i].drm_fourcc == fourcc)
            return &vcmd_format_table[i];
    }
    return NULL;
}
