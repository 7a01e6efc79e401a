/* SPDX-License-Identifier: MIT */
#ifndef VCMD_DEVICE_LAYOUT_H
#define VCMD_DEVICE_LAYOUT_H

#include <virglcmd/device.h>

/*
 * Rules for resource descriptions, without a device: what a host will accept, how a resource lies
 * in its backing, which transfers fit. A function that refuses sets *why to static text.
 */

/* What hosts of today refuse. desc has its defaults filled in. */
enum vcmd_status vcmd_desc_check(const struct vcmd_resource_desc *desc, const char **why);

/* What this host refuses, as far as it tells its limits. After vcmd_desc_check. */
enum vcmd_status vcmd_desc_check_caps(const struct vcmd_resource_desc *desc,
                                      const struct vcmd_caps *caps, const char **why);

/* OUT_OF_RANGE: the level does not exist, or a stride does not fit its type. */
enum vcmd_status vcmd_layout_level(const struct vcmd_resource_desc *desc, uint32_t level,
                                   struct vcmd_level_layout *layout);

/* Bytes of all levels. */
enum vcmd_status vcmd_layout_total(const struct vcmd_resource_desc *desc, uint64_t *size);

/* The whole of level 0. */
void vcmd_transfer_whole(const struct vcmd_resource_desc *desc, struct vcmd_transfer *transfer);

/* The box lies in its level, the strides are large enough, the bytes are inside the backing. */
enum vcmd_status vcmd_transfer_check(const struct vcmd_resource_desc *desc,
                                     const struct vcmd_transfer *transfer, const char **why);

/* What hosts cannot read back, after vcmd_transfer_check. They would hand over wrong texels. */
enum vcmd_status vcmd_readback_check(const struct vcmd_resource_desc *desc,
                                     const struct vcmd_caps *caps,
                                     const struct vcmd_transfer *transfer, const char **why);

/*
 * Hosts do not do with every box of several layers what they are told: virglrenderer reads back the
 * first layer only, writes only the first face of a cube, and rounds layer_stride to whole rows.
 * True: the box must be sent layer by layer, by vcmd_transfer_layer.
 */
bool vcmd_transfer_is_split(const struct vcmd_resource_desc *desc, uint32_t direction,
                            const struct vcmd_transfer *transfer);

/* The transfer of layer `index` of a box. */
void vcmd_transfer_layer(const struct vcmd_resource_desc *desc,
                         const struct vcmd_transfer *transfer, uint32_t index,
                         struct vcmd_transfer *layer);

#endif
