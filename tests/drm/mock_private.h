/* SPDX-License-Identifier: MIT */
#ifndef TESTS_DRM_MOCK_PRIVATE_H
#define TESTS_DRM_MOCK_PRIVATE_H

#include "mock_kernel.h"

/* Where capset 2 has capability_bits. */
#define MOCK_CAPABILITY_BITS 392

/* Between the two files of the mock. */

/* Zeroed memory, not from malloc: that is made to fail for the transport. */
void *mock_alloc(size_t size);

/* A new descriptor; -1 and EMFILE. */
int mock_new_file(enum mock_kind kind);
void mock_unreference(struct mock_object *object);
/* Fences come to be reached, as the knobs say. */
void mock_pass_time(void);
/* The ioctls: 0 or an errno. */
int mock_dispatch(struct mock_file *file, unsigned long request, void *arg);

#endif
