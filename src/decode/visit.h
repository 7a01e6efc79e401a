/* SPDX-License-Identifier: MIT */
#ifndef VCMD_VISIT_H
#define VCMD_VISIT_H

#include "walk.h"

struct vcmd_visit {
    const uint8_t *bytes;
    vcmd_field_fn visit;
    void *user;
};

/* The layout of the packet at dwords, which is all there, and its bytes; NULL with an error. */
const struct vcmd_layout *vcmd_packet_layout(const uint32_t *dwords, size_t length, size_t *size,
                                             struct vcmd_error *error);

/* The layout of a packet by the name of its kind; NULL when there is none. */
const struct vcmd_layout *vcmd_layout_by_name(const char *name, size_t length);

/* What an item says about a field, all but its place. */
void vcmd_fill_field(struct vcmd_field *field, const struct vcmd_item *item);

/* Visits a packet or command whose layout is known. */
enum vcmd_status vcmd_visit_layout(const struct vcmd_layout *layout, const void *bytes, size_t size,
                                   vcmd_field_fn visit, void *user, struct vcmd_error *error);

/* Bytes of a packet that is written anew with the same fields. It is known to be good. */
size_t vcmd_canonical_size(const struct vcmd_layout *layout, const uint32_t *dwords, size_t size);

#endif
