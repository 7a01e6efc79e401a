/* SPDX-License-Identifier: MIT */
#ifndef TESTS_DRM_SUPPORT_H
#define TESTS_DRM_SUPPORT_H

#include "mock_kernel.h"
#include "support.h"
#include <virglcmd/drm.h>

/* A device over the mock. The first must succeed; the second gives the status. */
struct vcmd_device *open_device(const char *options);
enum vcmd_status try_open(const char *options, struct vcmd_device **device);

/* A buffer resource with a bind; it must succeed. */
struct vcmd_resource *create_buffer(struct vcmd_device *device, uint32_t bind, uint32_t size);
struct vcmd_context *create_context(struct vcmd_device *device);

/* A submit of one NOP. */
enum vcmd_status submit_nop(struct vcmd_context *context, uint64_t *fence);

/* Before and after each test. */
int begin(void **state);
int end(void **state);

#endif
