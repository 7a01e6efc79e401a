/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "control_private.h"

/* ---- requests and responses ---- */

static enum vcmd_status response_status(uint32_t type)
{
    switch (type) {
    case VCMD_CTRL_RESP_ERR_UNSPEC:
        return VCMD_STATUS_HOST_UNSPEC;
    case VCMD_CTRL_RESP_ERR_OUT_OF_MEMORY:
        return VCMD_STATUS_HOST_OUT_OF_MEMORY;
    case VCMD_CTRL_RESP_ERR_INVALID_SCANOUT_ID:
        return VCMD_STATUS_HOST_INVALID_SCANOUT_ID;
    case VCMD_CTRL_RESP_ERR_INVALID_RESOURCE_ID:
        return VCMD_STATUS_HOST_INVALID_RESOURCE_ID;
    case VCMD_CTRL_RESP_ERR_INVALID_CONTEXT_ID:
        return VCMD_STATUS_HOST_INVALID_CONTEXT_ID;
    case VCMD_CTRL_RESP_ERR_INVALID_PARAMETER:
        return VCMD_STATUS_HOST_INVALID_PARAMETER;
    default:
        return VCMD_STATUS_HOST_BAD_RESPONSE;
    }
}

enum vcmd_status vcmd_control_check(struct vcmd_control_device *device, const char *what,
                                    uint32_t id, uint32_t expected, const void *bytes, size_t size,
                                    struct vcmd_ctrl_response *response)
{
    struct vcmd_ctrl_response local;
    struct vcmd_error error;
    enum vcmd_status status;

    if (!response)
        response = &local;
    status = vcmd_ctrl_decode_response(bytes, size, response, &error);
    if (status != VCMD_STATUS_OK) {
        vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_HOST_BAD_RESPONSE,
                 "%s %u: an answer of %zu bytes that cannot be read: %s", what, id, size,
                 vcmd_status_string(status));
        return VCMD_STATUS_HOST_BAD_RESPONSE;
    }
    if (response->type == expected)
        return VCMD_STATUS_OK;
    status = response_status(response->type);
    vcmd_log(&device->log, VCMD_LOG_ERROR, status, "%s %u: the device answered 0x%04x: %s", what,
             id, response->type, vcmd_status_string(status));
    return status;
}

/* An answer to a request without data of its own fits; *size is what came. */
#define ANSWER_WORDS 16

static enum vcmd_status exchange(struct vcmd_control_device *device, const char *what, uint32_t id,
                                 const void *request, size_t request_size,
                                 uint32_t answer[ANSWER_WORDS], size_t *size)
{
    enum vcmd_status status;

    *size = 0;
    status = device->channel_ops->execute(device->channel, request, request_size, answer,
                                          ANSWER_WORDS * sizeof(*answer), size);
    if (status != VCMD_STATUS_OK)
        vcmd_log(&device->log, VCMD_LOG_ERROR, status, "%s %u: no answer: %s", what, id,
                 vcmd_status_string(status));
    return status;
}

enum vcmd_status vcmd_control_execute(struct vcmd_control_device *device, const char *what,
                                      uint32_t id, const void *request, size_t request_size,
                                      uint32_t expected, struct vcmd_ctrl_response *response)
{
    uint32_t answer[ANSWER_WORDS];
    size_t size;
    enum vcmd_status status;

    status = exchange(device, what, id, request, request_size, answer, &size);
    if (status != VCMD_STATUS_OK)
        return status;
    return vcmd_control_check(device, what, id, expected, answer, size, response);
}

enum vcmd_status vcmd_control_send_stream(struct vcmd_control_device *device, uint32_t context_id,
                                          const void *request, size_t request_size, bool fenced)
{
    static const char what[] = "SUBMIT_3D of context";
    uint32_t answer[ANSWER_WORDS];
    size_t size;
    enum vcmd_status status;

    status = exchange(device, what, context_id, request, request_size, answer, &size);
    /* An answer that comes with the fence is given to those who wait for that. */
    if (status != VCMD_STATUS_OK || (fenced && size == 0))
        return status;
    return vcmd_control_check(device, what, context_id, VCMD_CTRL_RESP_OK_NODATA, answer, size,
                              NULL);
}

enum vcmd_status vcmd_control_run(struct vcmd_control_device *device, const char *what, uint32_t id,
                                  const struct vcmd_buffer *request)
{
    char text[256];

    if (request->error.status == VCMD_STATUS_OK)
        return vcmd_control_execute(device, what, id, vcmd_buffer_stream(request),
                                    request->length * sizeof(uint32_t), VCMD_CTRL_RESP_OK_NODATA,
                                    NULL);
    vcmd_error_format(&request->error, text, sizeof(text));
    vcmd_log(&device->log, VCMD_LOG_ERROR, request->error.status, "%s %u: %s", what, id, text);
    return request->error.status;
}

/* ---- life ---- */

static void control_close(void *self)
{
    struct vcmd_control_device *device = self;

    device->channel_ops->close(device->channel);
    vcmd_id_table_clear(&device->contexts);
    vcmd_id_table_clear(&device->resources);
    vcmd_mutex_destroy(&device->fence_order);
    vcmd_mutex_destroy(&device->mutex);
    free(device);
}

static const struct vcmd_device_ops control_ops = {
    .close = control_close,
    .get_capset = vcmd_control_get_capset,
    .context_create = vcmd_control_context_create,
    .context_destroy = vcmd_control_context_destroy,
    .resource_create = vcmd_control_resource_create,
    .resource_destroy = vcmd_control_resource_destroy,
    .attach = vcmd_control_attach,
    .detach = vcmd_control_detach,
    .transfer = vcmd_control_transfer,
    .submit = vcmd_control_submit,
    .fence_wait = vcmd_control_fence_wait,
};

static struct vcmd_control_device *alloc_control_device(void)
{
    struct vcmd_control_device *device = calloc(1, sizeof(*device));

    if (!device)
        return NULL;
    if (!vcmd_mutex_init(&device->mutex)) {
        free(device);
        return NULL;
    }
    if (!vcmd_mutex_init(&device->fence_order)) {
        vcmd_mutex_destroy(&device->mutex);
        free(device);
        return NULL;
    }
    return device;
}

enum vcmd_status vcmd_control_device_create(const struct vcmd_channel_ops *channel_ops,
                                            void *channel, const struct vcmd_log *log,
                                            const struct vcmd_device_ops **ops, void **self)
{
    struct vcmd_control_device *device;
    enum vcmd_status status;

    if (!channel_ops)
        return VCMD_STATUS_NULL_ARGUMENT;
    if (!ops || !self) {
        channel_ops->close(channel);
        return VCMD_STATUS_NULL_ARGUMENT;
    }
    device = alloc_control_device();
    if (!device) {
        channel_ops->close(channel);
        vcmd_log(log, VCMD_LOG_ERROR, VCMD_STATUS_NO_MEMORY, "open: no memory");
        return VCMD_STATUS_NO_MEMORY;
    }
    device->channel_ops = channel_ops;
    device->channel = channel;
    if (log)
        device->log = *log;
    status = vcmd_control_read_capset_infos(device);
    if (status != VCMD_STATUS_OK) {
        control_close(device);
        return status;
    }
    *ops = &control_ops;
    *self = device;
    return VCMD_STATUS_OK;
}
