/* SPDX-License-Identifier: MIT */
#ifndef TESTS_GUEST_TEST_GUEST_H
#define TESTS_GUEST_TEST_GUEST_H

#include "support.h"
#include <virglcmd/drm.h>

/* What the two files of the test share; the first four are set up anew for each test. */
extern struct vcmd_device *device;
extern struct vcmd_context *context;
extern struct vcmd_buffer buf; /* begins with a sub-context */
extern bool is_new;            /* what the machine is to offer */

/* Another device, which must open. */
struct vcmd_device *open_with(const char *options);

/* A B8G8R8A8 texture to draw to, attached to the context; backing 0: as large as it takes. */
struct vcmd_resource *create_target(uint32_t width, uint32_t height, uint64_t backing);
uint8_t *map_resource(struct vcmd_resource *resource);

/* Makes the texture the target of drawing, and clears it to a colour that eight bits hold exactly.
 */
void encode_clear_of(struct vcmd_buffer *to, uint32_t surface, uint32_t res_handle, uint8_t red);
void assert_colour(const uint8_t *pixel, uint8_t red);

/* ---- test_guest_newer.c ---- */

void blobs_in_guest_memory(void **state);
void zero_copy_vertices(void **state);
void hidden_blobs(void **state);
void contexts_with_rings(void **state);
void rings_beyond_the_first(void **state);
void syncobjs(void **state);

#endif
