/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <virglrenderer.h>

#include "model_private.h"
#include "renderer_log.h"

/* ---- what handlers say ---- */

/* The code for the log: the status that a guest makes of the response. */
static enum vcmd_status response_status(uint32_t response)
{
    switch (response) {
    case VCMD_CTRL_RESP_ERR_OUT_OF_MEMORY:
        return VCMD_STATUS_HOST_OUT_OF_MEMORY;
    case VCMD_CTRL_RESP_ERR_INVALID_RESOURCE_ID:
        return VCMD_STATUS_HOST_INVALID_RESOURCE_ID;
    case VCMD_CTRL_RESP_ERR_INVALID_CONTEXT_ID:
        return VCMD_STATUS_HOST_INVALID_CONTEXT_ID;
    case VCMD_CTRL_RESP_ERR_INVALID_PARAMETER:
        return VCMD_STATUS_HOST_INVALID_PARAMETER;
    default:
        return VCMD_STATUS_HOST_UNSPEC;
    }
}

uint32_t model_refuse(struct device_model *model, uint32_t response, const char *format, ...)
{
    enum vcmd_status code = response_status(response);
    char text[512];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    /* First what virglrenderer has said about it. */
    renderer_log_flush(VCMD_LOG_ERROR, code);
    vcmd_log(&model->log, VCMD_LOG_ERROR, code, "loopback: %s", text);
    return response;
}

uint32_t model_judge(struct device_model *model, struct model_context *context, const char *command,
                     int result)
{
    bool context_error = renderer_log_saw_context_error();
    uint32_t response = result == ENOMEM || result == -ENOMEM
                            ? VCMD_CTRL_RESP_ERR_OUT_OF_MEMORY
                            : VCMD_CTRL_RESP_ERR_INVALID_PARAMETER;

    if (result == 0 && !context_error)
        return VCMD_CTRL_RESP_OK_NODATA;
    if (!context_error)
        return model_refuse(model, response, "%s: virglrenderer rejected it for context %u (%d)",
                            command, context->id, result);
    context->dead = true;
    return model_refuse(model, response,
                        "%s: virglrenderer rejected it and put context %u into its error state "
                        "(%d); it will ignore whatever comes for this context from now on",
                        command, context->id, result);
}

uint32_t model_check_alive(struct device_model *model, const struct model_context *context,
                           const char *command)
{
    if (!context->dead)
        return 0;
    return model_refuse(model, VCMD_CTRL_RESP_ERR_UNSPEC,
                        "%s: context %u is in virglrenderer's error state since an earlier command "
                        "was rejected; only destroying it helps",
                        command, context->id);
}

/* ---- capsets ---- */

static bool read_capset(struct device_model *model, uint32_t id)
{
    struct model_capset *capset = &model->capsets[model->num_capsets];

    virgl_renderer_get_cap_set(id, &capset->version, &capset->size);
    if (capset->size == 0)
        return true;
    capset->bytes = calloc(1, capset->size);
    if (!capset->bytes)
        return false;
    capset->id = id;
    virgl_renderer_force_ctx_0();
    virgl_renderer_fill_caps(id, capset->version, capset->bytes);
    model->num_capsets++;
    return true;
}

static uint32_t get_capset_info(struct device_model *model, const struct vcmd_ctrl_request *request)
{
    uint32_t index = request->get_capset_info.capset_index;

    if (index >= model->num_capsets)
        return model_refuse(model, VCMD_CTRL_RESP_ERR_INVALID_PARAMETER,
                            "GET_CAPSET_INFO: index %u, but there are %u capsets", index,
                            model->num_capsets);
    model->answer = &model->capsets[index];
    return VCMD_CTRL_RESP_OK_CAPSET_INFO;
}

static uint32_t get_capset(struct device_model *model, const struct vcmd_ctrl_request *request)
{
    uint32_t id = request->get_capset.capset_id;
    uint32_t version = request->get_capset.capset_version;

    for (uint32_t i = 0; i < model->num_capsets; i++) {
        if (model->capsets[i].id != id)
            continue;
        if (version > model->capsets[i].version)
            return model_refuse(model, VCMD_CTRL_RESP_ERR_INVALID_PARAMETER,
                                "GET_CAPSET: version %u of capset %u, but the highest is %u",
                                version, id, model->capsets[i].version);
        model->answer = &model->capsets[i];
        return VCMD_CTRL_RESP_OK_CAPSET;
    }
    return model_refuse(model, VCMD_CTRL_RESP_ERR_INVALID_PARAMETER,
                        "GET_CAPSET: there is no capset %u", id);
}

/* ---- requests ---- */

static const struct {
    uint32_t type;
    model_handler handler;
} handlers[] = {
    {VCMD_CTRL_CMD_GET_CAPSET_INFO, get_capset_info},
    {VCMD_CTRL_CMD_GET_CAPSET, get_capset},
    {VCMD_CTRL_CMD_CTX_CREATE, model_ctx_create},
    {VCMD_CTRL_CMD_CTX_DESTROY, model_ctx_destroy},
    {VCMD_CTRL_CMD_CTX_ATTACH_RESOURCE, model_ctx_attach},
    {VCMD_CTRL_CMD_CTX_DETACH_RESOURCE, model_ctx_detach},
    {VCMD_CTRL_CMD_RESOURCE_CREATE_3D, model_create_3d},
    {VCMD_CTRL_CMD_RESOURCE_UNREF, model_unref},
    {VCMD_CTRL_CMD_RESOURCE_ATTACH_BACKING, model_attach_backing},
    {VCMD_CTRL_CMD_RESOURCE_DETACH_BACKING, model_detach_backing},
    {VCMD_CTRL_CMD_TRANSFER_TO_HOST_3D, model_transfer_to_host},
    {VCMD_CTRL_CMD_TRANSFER_FROM_HOST_3D, model_transfer_from_host},
    {VCMD_CTRL_CMD_SUBMIT_3D, model_submit},
};

static model_handler find_handler(uint32_t type)
{
    for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++) {
        if (handlers[i].type == type)
            return handlers[i].handler;
    }
    return NULL;
}

/* 0: the header is fine. */
static uint32_t check_header(struct device_model *model, const struct vcmd_ctrl_hdr *hdr)
{
    if (hdr->flags & ~VCMD_CTRL_FLAG_FENCE)
        return model_refuse(model, VCMD_CTRL_RESP_ERR_INVALID_PARAMETER,
                            "command 0x%04x: flags 0x%x; there is only FENCE (0x1) without feature "
                            "CONTEXT_INIT",
                            hdr->type, hdr->flags);
    if (!(hdr->flags & VCMD_CTRL_FLAG_FENCE))
        return 0;
    if (hdr->fence_id <= model->last_fence || hdr->fence_id > UINT32_MAX)
        return model_refuse(model, VCMD_CTRL_RESP_ERR_INVALID_PARAMETER,
                            "command 0x%04x: fence %llu after %llu: fences must grow and stay "
                            "below 2^32, or QEMU loses them",
                            hdr->type, (unsigned long long)hdr->fence_id,
                            (unsigned long long)model->last_fence);
    return 0;
}

/* Called after the command, and only when that went well: errors are answered at once. */
static uint32_t make_fence(struct device_model *model, const struct vcmd_ctrl_hdr *hdr,
                           uint32_t response)
{
    if (!renderer_create_fence(model->renderer, (uint32_t)hdr->fence_id))
        return model_refuse(model, VCMD_CTRL_RESP_ERR_UNSPEC,
                            "command 0x%04x: virglrenderer made no fence", hdr->type);
    model->last_fence = hdr->fence_id;
    return response;
}

static uint32_t dispatch(struct device_model *model, const void *bytes, size_t size,
                         struct vcmd_ctrl_request *request)
{
    struct vcmd_error error;
    enum vcmd_status status = vcmd_ctrl_decode_request(bytes, size, request, &error);
    model_handler handler = find_handler(request->type);
    uint32_t response;
    char text[256];

    if (status == VCMD_STATUS_UNKNOWN_VALUE || (status == VCMD_STATUS_OK && !handler))
        return model_refuse(model, VCMD_CTRL_RESP_ERR_UNSPEC,
                            "command 0x%04x: this device does not know it", request->type);
    if (status != VCMD_STATUS_OK) {
        vcmd_error_format(&error, text, sizeof(text));
        return model_refuse(model, VCMD_CTRL_RESP_ERR_INVALID_PARAMETER,
                            "a request of %zu bytes: %s", size, text);
    }
    response = check_header(model, &request->hdr);
    if (response != 0)
        return response;
    response = handler(model, request);
    if (response < VCMD_CTRL_RESP_ERR_UNSPEC && (request->hdr.flags & VCMD_CTRL_FLAG_FENCE))
        response = make_fence(model, &request->hdr, response);
    return response;
}

/* ---- responses ---- */

static void encode_response(const struct device_model *model, const struct vcmd_ctrl_hdr *request,
                            uint32_t type, struct vcmd_buffer *buf)
{
    struct vcmd_ctrl_hdr hdr = {0};

    if (request->flags & VCMD_CTRL_FLAG_FENCE) {
        hdr.flags = VCMD_CTRL_FLAG_FENCE;
        hdr.fence_id = request->fence_id;
        hdr.ctx_id = request->ctx_id;
    }
    if (type == VCMD_CTRL_RESP_OK_CAPSET_INFO) {
        struct vcmd_ctrl_resp_ok_capset_info info = {
            .hdr = hdr,
            .capset_id = model->answer->id,
            .capset_max_version = model->answer->version,
            .capset_max_size = model->answer->size,
        };

        vcmd_ctrl_resp_ok_capset_info(buf, &info);
    } else {
        /* All others are a bare header, or begin with one. */
        struct vcmd_ctrl_resp_ok_nodata nodata = {.hdr = hdr};

        vcmd_ctrl_resp_ok_nodata(buf, &nodata);
        buf->dwords[0] = vcmd_le32(type);
    }
}

/* Copies what fits; as a device does with a descriptor that is too small. */
static size_t append(void *to, size_t capacity, size_t used, const void *bytes, size_t size)
{
    size_t fits = size < capacity - used ? size : capacity - used;

    if (fits > 0)
        memcpy((uint8_t *)to + used, bytes, fits);
    return used + fits;
}

size_t device_model_execute(struct device_model *model, const void *request, size_t request_size,
                            void *response, size_t capacity)
{
    struct vcmd_ctrl_request decoded;
    struct vcmd_buffer buf;
    uint32_t words[16];
    uint32_t type;
    size_t size;

    memset(&decoded, 0, sizeof(decoded));
    type = dispatch(model, request, request_size, &decoded);
    renderer_log_flush(VCMD_LOG_WARNING, VCMD_STATUS_OK);
    vcmd_buffer_init(&buf, words, 16, 0);
    encode_response(model, &decoded.hdr, type, &buf);
    size = append(response, capacity, 0, words, buf.length * sizeof(uint32_t));
    if (type == VCMD_CTRL_RESP_OK_CAPSET)
        size = append(response, capacity, size, model->answer->bytes, model->answer->size);
    return size;
}

/* ---- life ---- */

struct device_model *device_model_create(const struct vcmd_log *log, struct renderer *renderer)
{
    struct device_model *model = calloc(1, sizeof(*model));

    if (!model)
        return NULL;
    model->log = *log;
    model->renderer = renderer;
    if (!read_capset(model, VCMD_CTRL_CAPSET_VIRGL) ||
        !read_capset(model, VCMD_CTRL_CAPSET_VIRGL2)) {
        device_model_destroy(model);
        return NULL;
    }
    renderer_log_flush(VCMD_LOG_INFO, VCMD_STATUS_OK);
    return model;
}

void device_model_destroy(struct device_model *model)
{
    model_destroy_contexts(model);
    model_destroy_resources(model);
    guest_memory_clear(&model->memory);
    for (uint32_t i = 0; i < MODEL_CAPSETS; i++)
        free(model->capsets[i].bytes);
    free(model);
}

void device_model_get_info(const struct device_model *model, struct vcmd_channel_info *info)
{
    info->features = UINT64_C(1) << VCMD_CTRL_F_VIRGL;
    info->num_capsets = model->num_capsets;
}

void *device_model_memory_alloc(struct device_model *model, size_t size)
{
    return guest_memory_alloc(&model->memory, size);
}

void device_model_memory_free(struct device_model *model, void *memory)
{
    bool in_use = false;

    if (!guest_memory_free(&model->memory, memory, &in_use))
        vcmd_log(&model->log, VCMD_LOG_WARNING, VCMD_STATUS_OK,
                 "loopback: memory is freed that the device did not hand out");
    else if (in_use)
        vcmd_log(&model->log, VCMD_LOG_WARNING, VCMD_STATUS_OK,
                 "loopback: memory is freed that is still the backing of a resource; a real device "
                 "would go on writing into it");
}
