/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>

#include <virglrenderer.h>

#include "model_private.h"
#include "shape.h"

struct model_resource *model_find_resource(struct device_model *model, const char *command,
                                           uint32_t id)
{
    struct model_resource *resource = id_tree_find(&model->resources, id);

    if (!resource)
        model_refuse(model, VCMD_CTRL_RESP_ERR_INVALID_RESOURCE_ID, "%s: there is no resource %u",
                     command, id);
    return resource;
}

/* ---- creating and destroying ---- */

static int create_on_renderer(const struct vcmd_ctrl_resource_create_3d *desc)
{
    struct virgl_renderer_resource_create_args args = {.handle = desc->resource_id,
                                                       VCMD_DESC(desc)};

    /* It binds the new texture in whatever GL context is current: not in one of the guest's. */
    virgl_renderer_force_ctx_0();
    return virgl_renderer_resource_create(&args, NULL, 0);
}

static uint32_t add_resource(struct device_model *model,
                             const struct vcmd_ctrl_resource_create_3d *desc)
{
    struct model_resource *resource = calloc(1, sizeof(*resource));
    int result;

    if (!resource)
        return model_refuse(model, VCMD_CTRL_RESP_ERR_OUT_OF_MEMORY,
                            "RESOURCE_CREATE_3D: no memory");
    resource->id = desc->resource_id;
    resource->desc = (struct vcmd_resource_desc){VCMD_DESC(desc)};
    result = create_on_renderer(desc);
    if (result != 0) {
        free(resource);
        return model_refuse(model,
                            result == -ENOMEM ? VCMD_CTRL_RESP_ERR_OUT_OF_MEMORY
                                              : VCMD_CTRL_RESP_ERR_INVALID_PARAMETER,
                            "RESOURCE_CREATE_3D %u: virglrenderer gave %d", desc->resource_id,
                            result);
    }
    if (!id_tree_add(&model->resources, resource)) {
        virgl_renderer_resource_unref(resource->id);
        free(resource);
        return model_refuse(model, VCMD_CTRL_RESP_ERR_OUT_OF_MEMORY,
                            "RESOURCE_CREATE_3D: no memory");
    }
    return VCMD_CTRL_RESP_OK_NODATA;
}

uint32_t model_create_3d(struct device_model *model, const struct vcmd_ctrl_request *request)
{
    const struct vcmd_ctrl_resource_create_3d *desc = &request->resource_create_3d;

    if (desc->resource_id == 0)
        return model_refuse(model, VCMD_CTRL_RESP_ERR_INVALID_RESOURCE_ID,
                            "RESOURCE_CREATE_3D: resource 0 is reserved");
    if (id_tree_find(&model->resources, desc->resource_id))
        return model_refuse(model, VCMD_CTRL_RESP_ERR_INVALID_RESOURCE_ID,
                            "RESOURCE_CREATE_3D: there is a resource %u already",
                            desc->resource_id);
    return add_resource(model, desc);
}

static void drop_backing(struct device_model *model, struct model_resource *resource)
{
    if (!resource->backing)
        return;
    virgl_renderer_resource_detach_iov((int)resource->id, NULL, NULL);
    for (uint32_t i = 0; i < resource->num_backing; i++)
        guest_memory_release(&model->memory, resource->backing[i].iov_base);
    free(resource->backing);
    resource->backing = NULL;
    resource->num_backing = 0;
    resource->backing_size = 0;
}

/* The resource is in no table any more. */
static void destroy_resource(struct device_model *model, struct model_resource *resource)
{
    drop_backing(model, resource);
    for (struct model_context *context = model->contexts; context; context = context->next)
        id_tree_remove(&context->attached, resource->id);
    virgl_renderer_force_ctx_0();
    virgl_renderer_resource_unref(resource->id);
    free(resource);
}

uint32_t model_unref(struct device_model *model, const struct vcmd_ctrl_request *request)
{
    uint32_t id = request->resource_unref.resource_id;
    struct model_resource *resource = model_find_resource(model, "RESOURCE_UNREF", id);

    if (!resource)
        return VCMD_CTRL_RESP_ERR_INVALID_RESOURCE_ID;
    id_tree_remove(&model->resources, id);
    destroy_resource(model, resource);
    return VCMD_CTRL_RESP_OK_NODATA;
}

void model_destroy_resources(struct device_model *model)
{
    struct model_resource *resource;

    while ((resource = id_tree_pop(&model->resources)) != NULL)
        destroy_resource(model, resource);
}

/* ---- backing ---- */

/* Fills resource->backing, as far as the entries are good. */
static bool translate_entries(struct device_model *model, struct model_resource *resource,
                              const uint8_t *entries, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct vcmd_ctrl_mem_entry entry;
        void *pointer;

        vcmd_unpack_ctrl_mem_entry(&entry, entries + (size_t)i * VCMD_CTRL_MEM_ENTRY_SIZE,
                                   VCMD_CTRL_MEM_ENTRY_SIZE);
        pointer = guest_memory_use(&model->memory, entry.addr, entry.length);
        if (!pointer) {
            model_refuse(model, VCMD_CTRL_RESP_ERR_UNSPEC,
                         "RESOURCE_ATTACH_BACKING %u: entry %u, %u bytes at 0x%llx, is not guest "
                         "memory",
                         resource->id, i, entry.length, (unsigned long long)entry.addr);
            return false;
        }
        resource->backing[i].iov_base = pointer;
        resource->backing[i].iov_len = entry.length;
        resource->backing_size += entry.length;
        resource->num_backing++;
    }
    return true;
}

static uint32_t set_backing(struct device_model *model, struct model_resource *resource,
                            const uint8_t *entries, uint32_t count)
{
    int result;

    resource->backing = calloc(count, sizeof(*resource->backing));
    if (!resource->backing)
        return model_refuse(model, VCMD_CTRL_RESP_ERR_OUT_OF_MEMORY,
                            "RESOURCE_ATTACH_BACKING: no memory");
    if (!translate_entries(model, resource, entries, count)) {
        drop_backing(model, resource);
        return VCMD_CTRL_RESP_ERR_UNSPEC;
    }
    result = virgl_renderer_resource_attach_iov((int)resource->id, resource->backing, (int)count);
    if (result == 0)
        return VCMD_CTRL_RESP_OK_NODATA;
    drop_backing(model, resource);
    return model_refuse(model, VCMD_CTRL_RESP_ERR_UNSPEC,
                        "RESOURCE_ATTACH_BACKING %u: virglrenderer gave %d", resource->id, result);
}

uint32_t model_attach_backing(struct device_model *model, const struct vcmd_ctrl_request *request)
{
    const struct vcmd_ctrl_resource_attach_backing *args = &request->resource_attach_backing;
    struct model_resource *resource;

    resource = model_find_resource(model, "RESOURCE_ATTACH_BACKING", args->resource_id);
    if (!resource)
        return VCMD_CTRL_RESP_ERR_INVALID_RESOURCE_ID;
    if (resource->backing)
        return model_refuse(model, VCMD_CTRL_RESP_ERR_UNSPEC,
                            "RESOURCE_ATTACH_BACKING: resource %u has a backing already",
                            resource->id);
    if (args->nr_entries == 0 || args->nr_entries > VCMD_CTRL_QEMU_MAX_ENTRIES)
        return model_refuse(model, VCMD_CTRL_RESP_ERR_UNSPEC,
                            "RESOURCE_ATTACH_BACKING %u: %u entries; 1 to %u are allowed",
                            resource->id, args->nr_entries, VCMD_CTRL_QEMU_MAX_ENTRIES);
    if (request->tail_size != (size_t)args->nr_entries * VCMD_CTRL_MEM_ENTRY_SIZE)
        return model_refuse(model, VCMD_CTRL_RESP_ERR_UNSPEC,
                            "RESOURCE_ATTACH_BACKING %u: %u entries, but %zu bytes follow",
                            resource->id, args->nr_entries, request->tail_size);
    return set_backing(model, resource, request->tail, args->nr_entries);
}

uint32_t model_detach_backing(struct device_model *model, const struct vcmd_ctrl_request *request)
{
    struct model_resource *resource;

    resource = model_find_resource(model, "RESOURCE_DETACH_BACKING",
                                   request->resource_detach_backing.resource_id);
    if (!resource)
        return VCMD_CTRL_RESP_ERR_INVALID_RESOURCE_ID;
    if (!resource->backing)
        return model_refuse(model, VCMD_CTRL_RESP_ERR_UNSPEC,
                            "RESOURCE_DETACH_BACKING: resource %u has no backing", resource->id);
    drop_backing(model, resource);
    return VCMD_CTRL_RESP_OK_NODATA;
}
