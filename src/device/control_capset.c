/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "control_private.h"

/* Far more than any capset has; a size from a broken device must not decide about an allocation. */
#define MAX_CAPSET_BYTES 65536u

static enum vcmd_status read_info(struct vcmd_control_device *device, uint32_t index)
{
    struct vcmd_ctrl_get_capset_info args = {.capset_index = index};
    struct vcmd_ctrl_resp_ok_capset_info *info = &device->capsets[device->num_capsets];
    struct vcmd_ctrl_response response;
    struct vcmd_buffer buf;
    uint32_t words[16];
    enum vcmd_status status;

    vcmd_buffer_init(&buf, words, 16, 0);
    vcmd_ctrl_get_capset_info(&buf, &args);
    status = vcmd_control_execute(device, "GET_CAPSET_INFO", index, vcmd_buffer_stream(&buf),
                                  buf.length * sizeof(uint32_t), VCMD_CTRL_RESP_OK_CAPSET_INFO,
                                  &response);
    if (status != VCMD_STATUS_OK)
        return status;
    *info = response.ok_capset_info;
    if (info->capset_id != 0 && info->capset_max_size > 0 &&
        info->capset_max_size <= MAX_CAPSET_BYTES)
        device->num_capsets++;
    return VCMD_STATUS_OK;
}

enum vcmd_status vcmd_control_read_capset_infos(struct vcmd_control_device *device)
{
    struct vcmd_channel_info info = {0};

    device->channel_ops->get_info(device->channel, &info);
    if (!(info.features & (UINT64_C(1) << VCMD_CTRL_F_VIRGL))) {
        vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_NO_DEVICE,
                 "open: the device does not offer VIRTIO_GPU_F_VIRGL, so it has no 3D");
        return VCMD_STATUS_NO_DEVICE;
    }
    for (uint32_t i = 0; i < info.num_capsets && device->num_capsets < VCMD_CONTROL_MAX_CAPSETS;
         i++) {
        enum vcmd_status status = read_info(device, i);

        if (status != VCMD_STATUS_OK)
            return status;
    }
    return VCMD_STATUS_OK;
}

static const struct vcmd_ctrl_resp_ok_capset_info *
find_capset(const struct vcmd_control_device *device, uint32_t capset_id)
{
    for (uint32_t i = 0; i < device->num_capsets; i++) {
        if (device->capsets[i].capset_id == capset_id)
            return &device->capsets[i];
    }
    return NULL;
}

/* answer: header and capset, as the device sends them. */
static enum vcmd_status fetch(struct vcmd_control_device *device,
                              const struct vcmd_ctrl_resp_ok_capset_info *info, uint8_t *answer,
                              size_t capacity, size_t *answer_size)
{
    struct vcmd_ctrl_get_capset args = {.capset_id = info->capset_id,
                                        .capset_version = info->capset_max_version};
    struct vcmd_buffer buf;
    uint32_t words[16];
    enum vcmd_status status;

    vcmd_buffer_init(&buf, words, 16, 0);
    vcmd_ctrl_get_capset(&buf, &args);
    status =
        device->channel_ops->execute(device->channel, vcmd_buffer_stream(&buf),
                                     buf.length * sizeof(uint32_t), answer, capacity, answer_size);
    if (status != VCMD_STATUS_OK) {
        vcmd_log(&device->log, VCMD_LOG_ERROR, status, "GET_CAPSET %u: no answer: %s",
                 info->capset_id, vcmd_status_string(status));
        return status;
    }
    return vcmd_control_check(device, "GET_CAPSET", info->capset_id, VCMD_CTRL_RESP_OK_CAPSET,
                              answer, *answer_size, NULL);
}

enum vcmd_status vcmd_control_get_capset(void *self, uint32_t capset_id, void *bytes,
                                         size_t capacity, size_t *size)
{
    struct vcmd_control_device *device = self;
    const struct vcmd_ctrl_resp_ok_capset_info *info = find_capset(device, capset_id);
    enum vcmd_status status;
    size_t answer_size = 0;
    size_t capset_size, given;
    uint8_t *answer;

    if (!info)
        return VCMD_STATUS_UNSUPPORTED;
    capset_size = info->capset_max_size;
    *size = capset_size;
    if (capacity == 0)
        return VCMD_STATUS_BUFFER_FULL;
    answer = calloc(1, VCMD_CTRL_HDR_SIZE + capset_size);
    if (!answer) {
        vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_NO_MEMORY, "GET_CAPSET: no memory");
        return VCMD_STATUS_NO_MEMORY;
    }
    status = fetch(device, info, answer, VCMD_CTRL_HDR_SIZE + capset_size, &answer_size);
    if (status == VCMD_STATUS_OK) {
        /* A host that sends less than it announced leaves zeros, which is how caps grow. */
        given = capset_size < capacity ? capset_size : capacity;
        memcpy(bytes, answer + VCMD_CTRL_HDR_SIZE, given);
        status = capset_size > capacity ? VCMD_STATUS_BUFFER_FULL : VCMD_STATUS_OK;
    }
    free(answer);
    return status;
}
