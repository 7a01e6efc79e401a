/* SPDX-License-Identifier: MIT */
#ifndef VCMD_CAPS_TABLE_H
#define VCMD_CAPS_TABLE_H

#include <virglcmd/caps.h>

/* What src/generated/caps.c gives to caps.c. */
void vcmd_caps_load(struct vcmd_caps *s, const uint8_t *p, size_t size);
extern const struct vcmd_caps_field_info vcmd_caps_fields[VCMD_CAPS_FIELD_COUNT];
extern const struct vcmd_host_release vcmd_host_release_table[];
extern const size_t vcmd_host_release_count;

#endif
