/* SPDX-License-Identifier: MIT */
#ifndef VCMD_CONTROL_PRIVATE_H
#define VCMD_CONTROL_PRIVATE_H

#include <virglcmd/control.h>
#include <virglcmd/transport.h>

#include "id_table.h"
#include "lock.h"

#define VCMD_CONTROL_MAX_CAPSETS 16

/* The control-queue adapter: typed operations in, virtio-gpu control commands out. */
struct vcmd_control_device {
    const struct vcmd_channel_ops *channel_ops;
    void *channel;
    struct vcmd_log log;

    /* Read once, at creation. */
    struct vcmd_ctrl_resp_ok_capset_info capsets[VCMD_CONTROL_MAX_CAPSETS];
    uint32_t num_capsets;

    struct vcmd_mutex mutex; /* guards the tables */
    struct vcmd_id_table contexts;
    struct vcmd_id_table resources;

    /*
     * Hosts report fences by "everything up to this number", so the numbers must reach the device
     * in ascending order. Held from taking a number until the device has taken the command.
     */
    struct vcmd_mutex fence_order;
    uint64_t last_fence;
};

/*
 * Runs a request and decodes its response, which must be of the expected type
 * (VCMD_CTRL_RESP_OK_*). what and id name the request in the log. response may be NULL when its
 * fields do not matter.
 */
enum vcmd_status vcmd_control_execute(struct vcmd_control_device *device, const char *what,
                                      uint32_t id, const void *request, size_t request_size,
                                      uint32_t expected, struct vcmd_ctrl_response *response);

/* The same for a SUBMIT_3D, whose answer may come later when it is fenced. */
enum vcmd_status vcmd_control_send_stream(struct vcmd_control_device *device, uint32_t context_id,
                                          const void *request, size_t request_size, bool fenced);

/* As vcmd_control_execute, for a request that was encoded into a buffer and is answered by
 * OK_NODATA. */
enum vcmd_status vcmd_control_run(struct vcmd_control_device *device, const char *what, uint32_t id,
                                  const struct vcmd_buffer *request);

/* A request's answer that the caller has received: its status, with a line in the log. */
enum vcmd_status vcmd_control_check(struct vcmd_control_device *device, const char *what,
                                    uint32_t id, uint32_t expected, const void *bytes, size_t size,
                                    struct vcmd_ctrl_response *response);

/* Capsets. */
enum vcmd_status vcmd_control_read_capset_infos(struct vcmd_control_device *device);
enum vcmd_status vcmd_control_get_capset(void *self, uint32_t capset_id, void *bytes,
                                         size_t capacity, size_t *size);

/* Contexts and resources. */
enum vcmd_status vcmd_control_context_create(void *self, const char *name, uint32_t *context_id);
void vcmd_control_context_destroy(void *self, uint32_t context_id);
enum vcmd_status vcmd_control_resource_create(void *self, const struct vcmd_resource_desc *desc,
                                              uint32_t *resource_id, void **memory);
void vcmd_control_resource_destroy(void *self, uint32_t resource_id);
enum vcmd_status vcmd_control_attach(void *self, uint32_t context_id, uint32_t resource_id);
enum vcmd_status vcmd_control_detach(void *self, uint32_t context_id, uint32_t resource_id);

/* Work. */
enum vcmd_status vcmd_control_transfer(void *self, uint32_t context_id, uint32_t resource_id,
                                       uint32_t direction, const struct vcmd_transfer *transfer);
enum vcmd_status vcmd_control_submit(void *self, uint32_t context_id, struct vcmd_buffer *buf,
                                     uint64_t *fence);
enum vcmd_status vcmd_control_fence_wait(void *self, uint64_t fence, uint64_t timeout_ns);

#endif
