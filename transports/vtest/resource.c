/* SPDX-License-Identifier: MIT */
/* Shared memory and file descriptors: not in plain C11 */
#define _GNU_SOURCE

#include "device.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <virglcmd/transfer.h>

#include "shape.h"

/* Below version 3 the client chooses. */
static uint32_t choose_id(struct vtest_device *device)
{
    do {
        device->next_resource_id++;
    } while (device->next_resource_id == 0 ||
             id_tree_find(&device->resources, device->next_resource_id));
    return device->next_resource_id;
}

/* ---- memory ---- */

static void free_memory(struct vtest_resource *resource)
{
    if (resource->shared)
        munmap(resource->memory, (size_t)resource->desc.backing_size);
    else
        free(resource->memory);
}

static enum vcmd_status alloc_memory(struct vtest_device *device, struct vtest_resource *resource)
{
    if (resource->desc.backing_size == 0)
        return VCMD_STATUS_OK;
    resource->memory = calloc(1, (size_t)resource->desc.backing_size);
    if (resource->memory)
        return VCMD_STATUS_OK;
    vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_NO_MEMORY,
             "vtest: resource_create: no memory for %llu bytes of backing",
             (unsigned long long)resource->desc.backing_size);
    return VCMD_STATUS_NO_MEMORY;
}

/* Takes the descriptor that comes with an answer, and maps what it stands for. */
static enum vcmd_status map_shared(struct vtest_device *device, uint32_t command,
                                   struct vtest_resource *resource)
{
    size_t size = (size_t)resource->desc.backing_size;
    struct stat file;
    void *memory;
    int fd, error;
    enum vcmd_status status = vtest_answer_fd(device, command, &fd);

    if (status != VCMD_STATUS_OK)
        return status;
    /* Touching what lies behind the end of a file would end this process. */
    if (fstat(fd, &file) != 0 || file.st_size < 0 || (uint64_t)file.st_size < size) {
        close(fd);
        return vtest_lose_to_nonsense(device, vtest_command_name(command),
                                      "sent less shared memory than asked for", 0);
    }
    if (size == 0) {
        close(fd);
        return VCMD_STATUS_OK;
    }
    memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    error = errno;
    close(fd);
    if (memory == MAP_FAILED) {
        vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_NO_MEMORY,
                 "vtest: resource_create: cannot map the server's memory: %s", strerror(error));
        return VCMD_STATUS_NO_MEMORY;
    }
    resource->memory = memory;
    resource->shared = true;
    return VCMD_STATUS_OK;
}

/* ---- on the host ---- */

static void unref(struct vtest_device *device, uint32_t id)
{
    if (device->fd >= 0 && id != 0)
        (void)vtest_request(device, VTEST_RESOURCE_UNREF, 1, &id, sizeof(id), NULL, 0);
}

/* The server's choice of an id. */
static enum vcmd_status receive_id(struct vtest_device *device, uint32_t command,
                                   struct vtest_resource *resource)
{
    uint32_t id;
    enum vcmd_status status = vtest_answer(device, command, &id, 1);

    if (status != VCMD_STATUS_OK)
        return status;
    if (id == 0 || id_tree_find(&device->resources, id))
        return vtest_lose_to_nonsense(device, vtest_command_name(command),
                                      "gave a resource an id that is none or in use", id);
    resource->id = id;
    return VCMD_STATUS_OK;
}

static enum vcmd_status create_plain(struct vtest_device *device, struct vtest_resource *resource)
{
    const struct vcmd_resource_desc *desc = &resource->desc;
    bool shared = device->version >= 2;
    uint32_t command = shared ? VTEST_RESOURCE_CREATE2 : VTEST_RESOURCE_CREATE;
    uint32_t dwords = shared ? VTEST_RESOURCE_CREATE2_DWORDS : VTEST_RESOURCE_CREATE_DWORDS;
    struct vtest_resource_create payload = {
        VCMD_DESC_BUT_FLAGS(desc),
        .data_size = (uint32_t)desc->backing_size,
    };
    enum vcmd_status status = shared ? VCMD_STATUS_OK : alloc_memory(device, resource);

    if (status != VCMD_STATUS_OK)
        return status;
    if (device->version < 3)
        payload.res_handle = resource->id = choose_id(device);
    status = vtest_request(device, command, dwords, &payload, dwords * sizeof(uint32_t), NULL, 0);
    if (status == VCMD_STATUS_OK && device->version >= 3)
        status = receive_id(device, command, resource);
    if (status == VCMD_STATUS_OK && shared && desc->backing_size > 0)
        status = map_shared(device, command, resource);
    return status;
}

/* Neither form of RESOURCE_CREATE has flags. A command in the stream does, for a blob. */
static enum vcmd_status create_with_flags(struct vtest_device *device,
                                          struct vtest_resource *resource)
{
    const struct vcmd_resource_desc *desc = &resource->desc;
    /* Blobs have bytes; a page stands for none. */
    uint32_t size = desc->backing_size ? (uint32_t)desc->backing_size : 4096;
    struct vtest_resource_create_blob payload = {.type = VTEST_BLOB_HOST3D_GUEST, .size_lo = size};
    struct vcmd_pipe_resource_create create = {VCMD_DESC(desc)};
    struct vcmd_buffer buf;
    uint32_t memory[16];
    enum vcmd_status status;

    resource->blob = true;
    create.blob_id = payload.blob_id_lo = ++device->next_blob_id;
    vcmd_buffer_init(&buf, memory, sizeof(memory) / sizeof(memory[0]), 0);
    status = vcmd_pipe_resource_create(&buf, &create);
    if (status != VCMD_STATUS_OK) {
        char text[256];

        vcmd_error_format(&buf.error, text, sizeof(text));
        vcmd_log(&device->log, VCMD_LOG_ERROR, status, "vtest: resource_create: %s", text);
        return status;
    }
    status = vtest_send_stream(device, vcmd_buffer_stream(&buf), buf.length);
    if (status == VCMD_STATUS_OK)
        status =
            vtest_request(device, VTEST_RESOURCE_CREATE_BLOB, VTEST_RESOURCE_CREATE_BLOB_DWORDS,
                          &payload, sizeof(payload), NULL, 0);
    if (status == VCMD_STATUS_OK)
        status = receive_id(device, VTEST_RESOURCE_CREATE_BLOB, resource);
    if (status == VCMD_STATUS_OK)
        status = map_shared(device, VTEST_RESOURCE_CREATE_BLOB, resource);
    return status;
}

/* What the protocol cannot say. */
static enum vcmd_status check(const struct vtest_device *device,
                              const struct vcmd_resource_desc *desc)
{
    if (desc->flags != 0 && device->version < 3) {
        vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_UNSUPPORTED,
                 "vtest: resource_create: flags 0x%x: version %u of the protocol carries no flags, "
                 "version 3 does",
                 desc->flags, device->version);
        return VCMD_STATUS_UNSUPPORTED;
    }
    if (device->version < 2 && desc->backing_size > 0 &&
        (desc->bind == VCMD_BIND_CUSTOM || desc->bind == VCMD_BIND_STAGING)) {
        vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_UNSUPPORTED,
                 "vtest: resource_create: the host keeps a buffer of bind CUSTOM or STAGING alone "
                 "in the backing, and version %u of the protocol shares no memory; version 2 does",
                 device->version);
        return VCMD_STATUS_UNSUPPORTED;
    }
    if (desc->backing_size > UINT32_MAX) {
        vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_OUT_OF_RANGE,
                 "vtest: resource_create: %llu bytes of backing: the protocol carries up to 2^32-1",
                 (unsigned long long)desc->backing_size);
        return VCMD_STATUS_OUT_OF_RANGE;
    }
    return VCMD_STATUS_OK;
}

static enum vcmd_status create(struct vtest_device *device, struct vtest_resource *resource)
{
    enum vcmd_status status = check(device, &resource->desc);

    if (status == VCMD_STATUS_OK)
        status = resource->desc.flags ? create_with_flags(device, resource)
                                      : create_plain(device, resource);
    if (status == VCMD_STATUS_OK && !id_tree_add(&device->resources, resource)) {
        status = VCMD_STATUS_NO_MEMORY;
        vcmd_log(&device->log, VCMD_LOG_ERROR, status, "vtest: resource_create: no memory");
    }
    if (status != VCMD_STATUS_OK) {
        unref(device, resource->id);
        free_memory(resource);
        return status;
    }
    device->num_objects++;
    return VCMD_STATUS_OK;
}

enum vcmd_status vtest_resource_create(void *self, const struct vcmd_resource_desc *desc,
                                       uint32_t *resource_id, void **memory)
{
    struct vtest_device *device = self;
    struct vtest_resource *resource = calloc(1, sizeof(*resource));
    enum vcmd_status status;

    if (!resource) {
        vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_NO_MEMORY,
                 "vtest: resource_create: no memory");
        return VCMD_STATUS_NO_MEMORY;
    }
    resource->desc = *desc;
    status = vtest_begin_creation(device, "resource_create");
    if (status == VCMD_STATUS_OK) {
        status = create(device, resource);
        *resource_id = resource->id;
        *memory = resource->memory;
        vtest_end_turn(device);
    }
    if (status != VCMD_STATUS_OK)
        free(resource);
    return status;
}

void vtest_resource_destroy(void *self, uint32_t resource_id)
{
    struct vtest_device *device = self;
    struct vtest_resource *resource;

    (void)vtest_take_turn(device, VTEST_NEVER);
    device->answer_deadline = vtest_deadline(device->timeout_ns);
    resource = id_tree_remove(&device->resources, resource_id);
    if (resource) {
        unref(device, resource_id);
        free_memory(resource);
        free(resource);
        device->num_objects--;
    }
    vtest_end_turn(device);
}
