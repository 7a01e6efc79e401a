/* SPDX-License-Identifier: MIT */
#ifndef VCMD_LOOPBACK_DEVICE_MODEL_H
#define VCMD_LOOPBACK_DEVICE_MODEL_H

#include <stddef.h>
#include <stdint.h>
#include <virglcmd/transport.h>

#include "renderer.h"

/*
 * A virtio-gpu device without displays: it takes the bytes of a control command and gives the bytes
 * of a response. It is stricter than QEMU on purpose, and says in the log what it does not like,
 * so that a driver that works here works there.
 *
 * Everything here runs on the renderer's thread, inside renderer_run; nothing is locked.
 */
struct device_model;

/* NULL: no memory. virglrenderer runs already. */
struct device_model *device_model_create(const struct vcmd_log *log, struct renderer *renderer);
void device_model_destroy(struct device_model *model);

void device_model_get_info(const struct device_model *model, struct vcmd_channel_info *info);

/* One control command. Returns the bytes of the response, at most capacity. */
size_t device_model_execute(struct device_model *model, const void *request, size_t request_size,
                            void *response, size_t capacity);

/* Guest memory. Its address is that of this process; NULL: the system has no more. */
void *device_model_memory_alloc(struct device_model *model, size_t size);
void device_model_memory_free(struct device_model *model, void *memory);

#endif
