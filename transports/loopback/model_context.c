/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <virglrenderer.h>

#include "model_private.h"

/* ---- contexts ---- */

static struct model_context **find_link(struct device_model *model, uint32_t id)
{
    struct model_context **link = &model->contexts;

    while (*link && (*link)->id != id)
        link = &(*link)->next;
    return link;
}

struct model_context *model_find_context(struct device_model *model, const char *command,
                                         uint32_t id)
{
    struct model_context *context = *find_link(model, id);

    if (!context)
        model_refuse(model, VCMD_CTRL_RESP_ERR_INVALID_CONTEXT_ID, "%s: there is no context %u",
                     command, id);
    return context;
}

static uint32_t add_context(struct device_model *model, const struct vcmd_ctrl_ctx_create *args)
{
    struct model_context *context = calloc(1, sizeof(*context));
    int result;

    if (!context)
        return model_refuse(model, VCMD_CTRL_RESP_ERR_OUT_OF_MEMORY, "CTX_CREATE: no memory");
    result = virgl_renderer_context_create(args->hdr.ctx_id, args->nlen, args->debug_name);
    if (result != 0) {
        free(context);
        return model_refuse(
            model, result == ENOMEM ? VCMD_CTRL_RESP_ERR_OUT_OF_MEMORY : VCMD_CTRL_RESP_ERR_UNSPEC,
            "CTX_CREATE %u: virglrenderer gave %d", args->hdr.ctx_id, result);
    }
    context->id = args->hdr.ctx_id;
    context->next = model->contexts;
    model->contexts = context;
    return VCMD_CTRL_RESP_OK_NODATA;
}

uint32_t model_ctx_create(struct device_model *model, const struct vcmd_ctrl_request *request)
{
    const struct vcmd_ctrl_ctx_create *args = &request->ctx_create;
    uint32_t id = args->hdr.ctx_id;

    if (id == 0)
        return model_refuse(model, VCMD_CTRL_RESP_ERR_INVALID_CONTEXT_ID,
                            "CTX_CREATE: context 0 is reserved");
    /* virglrenderer would say yes, and give the two owners one context. */
    if (*find_link(model, id))
        return model_refuse(model, VCMD_CTRL_RESP_ERR_INVALID_CONTEXT_ID,
                            "CTX_CREATE: there is a context %u already", id);
    if (args->nlen > sizeof(args->debug_name))
        return model_refuse(model, VCMD_CTRL_RESP_ERR_INVALID_PARAMETER,
                            "CTX_CREATE %u: nlen %u is over 64", id, args->nlen);
    if (args->context_init != 0)
        return model_refuse(model, VCMD_CTRL_RESP_ERR_UNSPEC,
                            "CTX_CREATE %u: context_init %u without feature CONTEXT_INIT", id,
                            args->context_init);
    return add_context(model, args);
}

static void forget_attached(struct model_context *context)
{
    while (id_tree_pop(&context->attached))
        ;
}

static void destroy_context(struct model_context **link)
{
    struct model_context *context = *link;

    *link = context->next;
    virgl_renderer_context_destroy(context->id);
    forget_attached(context);
    free(context);
}

uint32_t model_ctx_destroy(struct device_model *model, const struct vcmd_ctrl_request *request)
{
    uint32_t id = request->hdr.ctx_id;

    if (!model_find_context(model, "CTX_DESTROY", id))
        return VCMD_CTRL_RESP_ERR_INVALID_CONTEXT_ID;
    destroy_context(find_link(model, id));
    return VCMD_CTRL_RESP_OK_NODATA;
}

void model_destroy_contexts(struct device_model *model)
{
    while (model->contexts)
        destroy_context(&model->contexts);
}

/* ---- attaching ---- */

uint32_t model_ctx_attach(struct device_model *model, const struct vcmd_ctrl_request *request)
{
    const struct vcmd_ctrl_ctx_attach_resource *args = &request->ctx_attach_resource;
    const char *command = "CTX_ATTACH_RESOURCE";
    struct model_context *context = model_find_context(model, command, args->hdr.ctx_id);
    struct model_resource *resource;

    if (!context)
        return VCMD_CTRL_RESP_ERR_INVALID_CONTEXT_ID;
    resource = model_find_resource(model, command, args->resource_id);
    if (!resource)
        return VCMD_CTRL_RESP_ERR_INVALID_RESOURCE_ID;
    if (!id_tree_add(&context->attached, resource))
        return model_refuse(model, VCMD_CTRL_RESP_ERR_OUT_OF_MEMORY, "%s: no memory", command);
    virgl_renderer_ctx_attach_resource((int)context->id, (int)resource->id);
    return VCMD_CTRL_RESP_OK_NODATA;
}

uint32_t model_ctx_detach(struct device_model *model, const struct vcmd_ctrl_request *request)
{
    const struct vcmd_ctrl_ctx_detach_resource *args = &request->ctx_detach_resource;
    const char *command = "CTX_DETACH_RESOURCE";
    struct model_context *context = model_find_context(model, command, args->hdr.ctx_id);

    if (!context)
        return VCMD_CTRL_RESP_ERR_INVALID_CONTEXT_ID;
    if (!model_find_resource(model, command, args->resource_id))
        return VCMD_CTRL_RESP_ERR_INVALID_RESOURCE_ID;
    if (!id_tree_remove(&context->attached, args->resource_id))
        return model_refuse(model, VCMD_CTRL_RESP_ERR_INVALID_PARAMETER,
                            "%s: resource %u is not attached to context %u", command,
                            args->resource_id, context->id);
    virgl_renderer_ctx_detach_resource((int)context->id, (int)args->resource_id);
    return VCMD_CTRL_RESP_OK_NODATA;
}

/* ---- streams ---- */

static uint32_t check_size(struct device_model *model, const struct vcmd_ctrl_request *request)
{
    uint32_t size = request->submit_3d.size;

    if (size == 0 || size % 4 != 0)
        return model_refuse(model, VCMD_CTRL_RESP_ERR_INVALID_PARAMETER,
                            "SUBMIT_3D: %u bytes are not a whole number of dwords above 0", size);
    if (size > VCMD_CTRL_QEMU_MAX_SUBMIT)
        return model_refuse(model, VCMD_CTRL_RESP_ERR_INVALID_PARAMETER,
                            "SUBMIT_3D: %u bytes, but QEMU takes no more than %u", size,
                            VCMD_CTRL_QEMU_MAX_SUBMIT);
    if (request->tail_size != size)
        return model_refuse(model, VCMD_CTRL_RESP_ERR_INVALID_PARAMETER,
                            "SUBMIT_3D: size says %u bytes, but %zu follow", size,
                            request->tail_size);
    return 0;
}

/* virglrenderer reads dwords, so it needs the alignment of dwords. It does not write. */
static int submit_aligned(struct model_context *context, const uint8_t *stream, uint32_t size)
{
    void *copy;
    int result;

    if (((uintptr_t)stream & 3) == 0)
        return virgl_renderer_submit_cmd((void *)(uintptr_t)stream, (int)context->id,
                                         (int)(size / 4));
    copy = malloc(size);
    if (!copy)
        return ENOMEM;
    memcpy(copy, stream, size);
    result = virgl_renderer_submit_cmd(copy, (int)context->id, (int)(size / 4));
    free(copy);
    return result;
}

uint32_t model_submit(struct device_model *model, const struct vcmd_ctrl_request *request)
{
    struct model_context *context;
    uint32_t response;
    int result;

    context = model_find_context(model, "SUBMIT_3D", request->hdr.ctx_id);
    if (!context)
        return VCMD_CTRL_RESP_ERR_INVALID_CONTEXT_ID;
    response = check_size(model, request);
    if (response == 0)
        response = model_check_alive(model, context, "SUBMIT_3D");
    if (response != 0)
        return response;
    result = submit_aligned(context, request->tail, request->submit_3d.size);
    return model_judge(model, context, "SUBMIT_3D", result);
}
