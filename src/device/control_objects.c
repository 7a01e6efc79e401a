/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "control_private.h"
#include "shape.h"

#define REQUEST_DWORDS 96

/* A mem entry counts bytes in 32 bits; page multiples keep the next one aligned. */
#define MAX_ENTRY_BYTES 0xfffff000u
#define MAX_ENTRIES     16

/* ---- ids ---- */

static struct vcmd_id_entry *take_id(struct vcmd_control_device *device,
                                     struct vcmd_id_table *table)
{
    struct vcmd_id_entry *entry;

    vcmd_mutex_lock(&device->mutex);
    entry = vcmd_id_table_add(table);
    vcmd_mutex_unlock(&device->mutex);
    if (!entry)
        vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_NO_MEMORY, "no memory for a new id");
    return entry;
}

/* Only after the host has forgotten the object: from now on the id may be given out again. */
static void drop_id(struct vcmd_control_device *device, struct vcmd_id_table *table, uint32_t id)
{
    struct vcmd_id_entry *entry;

    vcmd_mutex_lock(&device->mutex);
    entry = vcmd_id_table_remove(table, id);
    vcmd_mutex_unlock(&device->mutex);
    free(entry);
}

/* ---- contexts ---- */

enum vcmd_status vcmd_control_context_create(void *self, const char *name, uint32_t *context_id)
{
    struct vcmd_control_device *device = self;
    struct vcmd_id_entry *entry = take_id(device, &device->contexts);
    struct vcmd_ctrl_ctx_create args = {0};
    uint32_t words[REQUEST_DWORDS];
    struct vcmd_buffer buf;
    enum vcmd_status status;
    size_t length = strlen(name);

    if (!entry)
        return VCMD_STATUS_NO_MEMORY;
    if (length > sizeof(args.debug_name) - 1)
        length = sizeof(args.debug_name) - 1;
    args.hdr.ctx_id = entry->id;
    args.nlen = (uint32_t)length;
    memcpy(args.debug_name, name, length);
    vcmd_buffer_init(&buf, words, REQUEST_DWORDS, 0);
    vcmd_ctrl_ctx_create(&buf, &args);
    status = vcmd_control_run(device, "CTX_CREATE", entry->id, &buf);
    if (status == VCMD_STATUS_OK)
        *context_id = entry->id;
    else
        drop_id(device, &device->contexts, entry->id);
    return status;
}

void vcmd_control_context_destroy(void *self, uint32_t context_id)
{
    struct vcmd_control_device *device = self;
    struct vcmd_ctrl_ctx_destroy args = {.hdr.ctx_id = context_id};
    uint32_t words[REQUEST_DWORDS];
    struct vcmd_buffer buf;

    vcmd_buffer_init(&buf, words, REQUEST_DWORDS, 0);
    vcmd_ctrl_ctx_destroy(&buf, &args);
    (void)vcmd_control_run(device, "CTX_DESTROY", context_id, &buf);
    drop_id(device, &device->contexts, context_id);
}

enum vcmd_status vcmd_control_attach(void *self, uint32_t context_id, uint32_t resource_id)
{
    struct vcmd_control_device *device = self;
    struct vcmd_ctrl_ctx_attach_resource args = {.hdr.ctx_id = context_id,
                                                 .resource_id = resource_id};
    uint32_t words[REQUEST_DWORDS];
    struct vcmd_buffer buf;

    vcmd_buffer_init(&buf, words, REQUEST_DWORDS, 0);
    vcmd_ctrl_ctx_attach_resource(&buf, &args);
    return vcmd_control_run(device, "CTX_ATTACH_RESOURCE", resource_id, &buf);
}

enum vcmd_status vcmd_control_detach(void *self, uint32_t context_id, uint32_t resource_id)
{
    struct vcmd_control_device *device = self;
    struct vcmd_ctrl_ctx_detach_resource args = {.hdr.ctx_id = context_id,
                                                 .resource_id = resource_id};
    uint32_t words[REQUEST_DWORDS];
    struct vcmd_buffer buf;

    vcmd_buffer_init(&buf, words, REQUEST_DWORDS, 0);
    vcmd_ctrl_ctx_detach_resource(&buf, &args);
    return vcmd_control_run(device, "CTX_DETACH_RESOURCE", resource_id, &buf);
}

/* ---- resources ---- */

static enum vcmd_status create_3d(struct vcmd_control_device *device, uint32_t id,
                                  const struct vcmd_resource_desc *desc)
{
    struct vcmd_ctrl_resource_create_3d args = {.resource_id = id, VCMD_DESC(desc)};
    uint32_t words[REQUEST_DWORDS];
    struct vcmd_buffer buf;

    vcmd_buffer_init(&buf, words, REQUEST_DWORDS, 0);
    vcmd_ctrl_resource_create_3d(&buf, &args);
    return vcmd_control_run(device, "RESOURCE_CREATE_3D", id, &buf);
}

static void unref(struct vcmd_control_device *device, uint32_t id)
{
    struct vcmd_ctrl_resource_unref args = {.resource_id = id};
    uint32_t words[REQUEST_DWORDS];
    struct vcmd_buffer buf;

    vcmd_buffer_init(&buf, words, REQUEST_DWORDS, 0);
    vcmd_ctrl_resource_unref(&buf, &args);
    (void)vcmd_control_run(device, "RESOURCE_UNREF", id, &buf);
}

static enum vcmd_status attach_backing(struct vcmd_control_device *device, uint32_t id,
                                       uint64_t address, size_t size)
{
    struct vcmd_ctrl_mem_entry entries[MAX_ENTRIES] = {{0}};
    struct vcmd_ctrl_resource_attach_backing args = {.resource_id = id, .entries = entries};
    uint32_t words[REQUEST_DWORDS];
    struct vcmd_buffer buf;

    while (size > 0 && args.nr_entries < MAX_ENTRIES) {
        struct vcmd_ctrl_mem_entry *entry = &entries[args.nr_entries++];

        entry->addr = address;
        entry->length = size < MAX_ENTRY_BYTES ? (uint32_t)size : MAX_ENTRY_BYTES;
        address += entry->length;
        size -= entry->length;
    }
    vcmd_buffer_init(&buf, words, REQUEST_DWORDS, 0);
    vcmd_ctrl_resource_attach_backing(&buf, &args);
    return vcmd_control_run(device, "RESOURCE_ATTACH_BACKING", id, &buf);
}

static void detach_backing(struct vcmd_control_device *device, uint32_t id)
{
    struct vcmd_ctrl_resource_detach_backing args = {.resource_id = id};
    uint32_t words[REQUEST_DWORDS];
    struct vcmd_buffer buf;

    vcmd_buffer_init(&buf, words, REQUEST_DWORDS, 0);
    vcmd_ctrl_resource_detach_backing(&buf, &args);
    (void)vcmd_control_run(device, "RESOURCE_DETACH_BACKING", id, &buf);
}

static enum vcmd_status alloc_backing(struct vcmd_control_device *device,
                                      struct vcmd_id_entry *entry, uint64_t size, uint64_t *address)
{
    enum vcmd_status status = VCMD_STATUS_OK;

    if (size == 0)
        return VCMD_STATUS_OK;
    if (size > (uint64_t)MAX_ENTRIES * MAX_ENTRY_BYTES)
        status = VCMD_STATUS_NO_MEMORY;
    if (status == VCMD_STATUS_OK)
        status = device->channel_ops->memory_alloc(device->channel, (size_t)size, &entry->memory,
                                                   address);
    if (status == VCMD_STATUS_OK)
        entry->size = (size_t)size;
    else
        vcmd_log(&device->log, VCMD_LOG_ERROR, status,
                 "RESOURCE_CREATE_3D %u: no backing memory of %llu bytes: %s", entry->id,
                 (unsigned long long)size, vcmd_status_string(status));
    return status;
}

/* Everything of a resource but its id. */
static void release_backing(struct vcmd_control_device *device, const struct vcmd_id_entry *entry)
{
    if (entry->size > 0)
        device->channel_ops->memory_free(device->channel, entry->memory, entry->size);
}

static enum vcmd_status create_with_backing(struct vcmd_control_device *device,
                                            struct vcmd_id_entry *entry,
                                            const struct vcmd_resource_desc *desc)
{
    uint64_t address = 0;
    enum vcmd_status status = alloc_backing(device, entry, desc->backing_size, &address);

    if (status != VCMD_STATUS_OK)
        return status;
    status = create_3d(device, entry->id, desc);
    if (status == VCMD_STATUS_OK && entry->size > 0) {
        status = attach_backing(device, entry->id, address, entry->size);
        if (status != VCMD_STATUS_OK)
            unref(device, entry->id);
    }
    if (status != VCMD_STATUS_OK)
        release_backing(device, entry);
    return status;
}

enum vcmd_status vcmd_control_resource_create(void *self, const struct vcmd_resource_desc *desc,
                                              uint32_t *resource_id, void **memory)
{
    struct vcmd_control_device *device = self;
    struct vcmd_id_entry *entry = take_id(device, &device->resources);
    enum vcmd_status status;

    if (!entry)
        return VCMD_STATUS_NO_MEMORY;
    status = create_with_backing(device, entry, desc);
    if (status != VCMD_STATUS_OK) {
        drop_id(device, &device->resources, entry->id);
        return status;
    }
    *resource_id = entry->id;
    *memory = entry->memory;
    return VCMD_STATUS_OK;
}

void vcmd_control_resource_destroy(void *self, uint32_t resource_id)
{
    struct vcmd_control_device *device = self;
    struct vcmd_id_entry *entry;

    /* Found, not removed: the id must not come back before the host has let go of it. */
    vcmd_mutex_lock(&device->mutex);
    entry = vcmd_id_table_find(&device->resources, resource_id);
    vcmd_mutex_unlock(&device->mutex);
    if (!entry)
        return;
    if (entry->size > 0)
        detach_backing(device, resource_id);
    unref(device, resource_id);
    release_backing(device, entry);
    drop_id(device, &device->resources, resource_id);
}
