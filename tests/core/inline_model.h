/* SPDX-License-Identifier: MIT */
#ifndef TEST_INLINE_MODEL_H
#define TEST_INLINE_MODEL_H

#include "support.h"

/*
 * One level of a resource as a host keeps it: blocks of texels in rows and layers. It takes
 * RESOURCE_INLINE_WRITE packets by the rules for transfers; what a host rejects is a failed
 * assertion.
 */
struct image {
    uint32_t block_width, block_height, block_bytes;
    uint32_t width, height, layers; /* texels of the level */
    uint32_t columns, rows;         /* blocks */
    size_t size;
    uint8_t *bytes;
    uint8_t *writes; /* how often each block was written */
    uint32_t packets;
};

void image_init(struct image *image, uint32_t block_width, uint32_t block_height,
                uint32_t block_bytes, uint32_t width, uint32_t height, uint32_t layers);
void image_free(struct image *image);

/* Runs the stream of a submit. */
void image_submit(struct image *image, const struct vcmd_buffer *buf, uint32_t res_handle,
                  uint32_t level);

/* What the whole write must do, straight from its description. */
void image_reference(struct image *image, const struct vcmd_resource_inline_write *args);

/* Same bytes, and no block was written twice. */
void image_check_equal(const struct image *image, const struct image *reference);

#endif
