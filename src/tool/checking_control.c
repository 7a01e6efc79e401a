/* SPDX-License-Identifier: MIT */
#include "checking_control.h"

bool checking_control_failed(const struct vcmd_capture_control *control)
{
    struct vcmd_ctrl_response response;

    return vcmd_ctrl_decode_response(control->response, control->response_size, &response, NULL) ==
               VCMD_STATUS_OK &&
           response.type >= VCMD_CTRL_RESP_ERR_UNSPEC;
}

/* As the host makes it: a texture that can be drawn to, with its top row first. */
static void create_2d(struct vcmd_checker *checker,
                      const struct vcmd_ctrl_resource_create_2d *resource)
{
    const struct vcmd_ctrl_resource_create_3d told = {.resource_id = resource->resource_id,
                                                      .target = VCMD_TEXTURE_2D,
                                                      .format = resource->format,
                                                      .bind = VCMD_BIND_RENDER_TARGET,
                                                      .width = resource->width,
                                                      .height = resource->height,
                                                      .depth = 1,
                                                      .array_size = 1,
                                                      .flags = VCMD_RESOURCE_Y_0_TOP};

    vcmd_checker_resource_create(checker, &told);
}

static bool attach_backing(struct vcmd_checker *checker, const struct vcmd_ctrl_request *request)
{
    const uint8_t *entries = request->tail;
    struct vcmd_ctrl_mem_entry entry;
    uint64_t size = 0;

    for (uint32_t i = 0; i < request->resource_attach_backing.nr_entries; i++) {
        size_t at = (size_t)i * VCMD_CTRL_MEM_ENTRY_SIZE;

        if (at >= request->tail_size ||
            vcmd_unpack_ctrl_mem_entry(&entry, entries + at, request->tail_size - at) !=
                VCMD_STATUS_OK)
            return false;
        size += entry.length;
    }
    vcmd_checker_set_backing(checker, request->resource_attach_backing.resource_id, size);
    return true;
}

bool checking_control(struct vcmd_checker *checker, const struct vcmd_ctrl_request *request)
{
    uint32_t context = request->hdr.ctx_id;

    switch (request->type) {
    case VCMD_CTRL_CMD_CTX_CREATE:
        vcmd_checker_context_create(checker, context);
        return true;
    case VCMD_CTRL_CMD_CTX_DESTROY:
        vcmd_checker_context_destroy(checker, context);
        return true;
    case VCMD_CTRL_CMD_CTX_ATTACH_RESOURCE:
        vcmd_checker_attach(checker, context, request->ctx_attach_resource.resource_id);
        return true;
    case VCMD_CTRL_CMD_CTX_DETACH_RESOURCE:
        vcmd_checker_detach(checker, context, request->ctx_detach_resource.resource_id);
        return true;
    case VCMD_CTRL_CMD_RESOURCE_CREATE_2D:
        create_2d(checker, &request->resource_create_2d);
        return true;
    case VCMD_CTRL_CMD_RESOURCE_CREATE_3D:
        vcmd_checker_resource_create(checker, &request->resource_create_3d);
        return true;
    case VCMD_CTRL_CMD_RESOURCE_CREATE_BLOB:
        vcmd_checker_resource_create_blob(checker, request->resource_create_blob.resource_id,
                                          request->resource_create_blob.size);
        return true;
    case VCMD_CTRL_CMD_RESOURCE_UNREF:
        vcmd_checker_resource_destroy(checker, request->resource_unref.resource_id);
        return true;
    case VCMD_CTRL_CMD_RESOURCE_ATTACH_BACKING:
        return attach_backing(checker, request);
    case VCMD_CTRL_CMD_RESOURCE_DETACH_BACKING:
        vcmd_checker_set_backing(checker, request->resource_detach_backing.resource_id, 0);
        return true;
    default:
        return true;
    }
}
