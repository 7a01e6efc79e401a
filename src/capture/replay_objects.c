/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdlib.h>

#include "replay_private.h"

/* ---- references ---- */

static void release(struct replay_resource *resource)
{
    resource->references--;
    if (resource->references > 0)
        return;
    vcmd_resource_destroy(resource->resource);
    free(resource);
}

void replay_hold(struct replay_resource **place, struct replay_resource *resource)
{
    struct replay_resource *before = *place;

    if (resource)
        resource->references++;
    *place = resource;
    if (before)
        release(before);
}

/* ---- finding ---- */

struct replay_context *replay_find_context(struct vcmd_replay *replay, uint32_t id,
                                           const struct vcmd_capture_record *record)
{
    struct replay_context *context = capture_id_find(&replay->contexts, id);

    if (!context)
        replay_fail(replay, VCMD_STATUS_MALFORMED, record->offset,
                    "the %s is for context %" PRIu32 ", which the capture has not created",
                    vcmd_capture_type_name(record->type), id);
    return context;
}

struct replay_resource *replay_find_resource(struct vcmd_replay *replay, uint32_t id,
                                             const struct vcmd_capture_record *record)
{
    struct replay_resource *resource = capture_id_find(&replay->resources, id);

    if (!resource)
        replay_fail(replay, VCMD_STATUS_MALFORMED, record->offset,
                    "the %s is for resource %" PRIu32 ", which the capture has not created",
                    vcmd_capture_type_name(record->type), id);
    return resource;
}

static enum vcmd_status no_memory(struct vcmd_replay *replay,
                                  const struct vcmd_capture_record *record)
{
    return replay_fail(replay, VCMD_STATUS_NO_MEMORY, record->offset, "no memory for the %s",
                       vcmd_capture_type_name(record->type));
}

/* A creation that went wrong here and not there leaves nothing to go on with. */
static enum vcmd_status cannot_create(struct vcmd_replay *replay, enum vcmd_status status,
                                      const struct vcmd_capture_record *record, uint32_t id)
{
    return replay_fail(replay, status, record->offset,
                       "the %s (id %" PRIu32 ") fails on this device: %s",
                       vcmd_capture_type_name(record->type), id, vcmd_status_string(status));
}

static enum vcmd_status used_twice(struct vcmd_replay *replay,
                                   const struct vcmd_capture_record *record, uint32_t id)
{
    return replay_fail(replay, VCMD_STATUS_MALFORMED, record->offset,
                       "the %s gives the id %" PRIu32
                       " to a second object while the first is there",
                       vcmd_capture_type_name(record->type), id);
}

/* context_init chooses a capset, and with it a protocol: VirGL has 0. */
static enum vcmd_status other_protocol(struct vcmd_replay *replay,
                                       const struct vcmd_capture_record *record)
{
    return replay_fail(replay, VCMD_STATUS_UNSUPPORTED, record->offset,
                       "the %s (id %" PRIu32 ") has the flags 0x%" PRIx32
                       "; contexts are replayed with flags 0 (VirGL) only",
                       vcmd_capture_type_name(record->type), record->u.context.id,
                       record->u.context.flags);
}

/* ---- contexts ---- */

static void free_context(struct replay_context *context)
{
    vcmd_context_destroy(context->context);
    capture_id_free(&context->surfaces);
    free(context);
}

enum vcmd_status replay_create_context(struct vcmd_replay *replay,
                                       const struct vcmd_capture_record *record)
{
    const struct vcmd_capture_context *what = &record->u.context;
    struct replay_context *context;
    enum vcmd_status status;

    if (what->id == 0) {
        /* It failed, and what failed is not tried again. */
        replay->untried = true;
        return VCMD_STATUS_OK;
    }
    if (capture_id_find(&replay->contexts, what->id))
        return used_twice(replay, record, what->id);
    if (what->flags != 0)
        return other_protocol(replay, record);
    context = calloc(1, sizeof(*context));
    if (!context)
        return no_memory(replay, record);
    status = vcmd_context_create(replay->options.device, what->name.text, &context->context);
    if (status != VCMD_STATUS_OK) {
        free(context);
        return cannot_create(replay, status, record, what->id);
    }
    if (!capture_id_set(&replay->contexts, what->id, context)) {
        free_context(context);
        return no_memory(replay, record);
    }
    return VCMD_STATUS_OK;
}

enum vcmd_status replay_destroy_context(struct vcmd_replay *replay,
                                        const struct vcmd_capture_record *record)
{
    struct replay_context *context = replay_find_context(replay, record->u.context.id, record);

    if (!context)
        return replay->error.status;
    capture_id_remove(&replay->contexts, record->u.context.id);
    free_context(context);
    return VCMD_STATUS_OK;
}

/* ---- resources ---- */

static enum vcmd_status create_on_device(struct vcmd_replay *replay,
                                         struct replay_resource *resource)
{
    struct vcmd_resource_desc desc = resource->desc;
    enum vcmd_status status;
    void *memory = NULL;
    size_t size = 0;

    if (desc.backing_size == 0)
        desc.backing_size = VCMD_NO_BACKING;
    status = vcmd_resource_create(replay->options.device, &desc, &resource->resource);
    if (status == VCMD_STATUS_OK && resource->desc.backing_size > 0)
        status = vcmd_resource_map(resource->resource, &memory, &size);
    resource->memory = memory;
    resource->memory_size = size;
    return status;
}

enum vcmd_status replay_create_resource(struct vcmd_replay *replay,
                                        const struct vcmd_capture_record *record)
{
    uint32_t id = record->u.resource.id;
    struct replay_resource *resource;
    enum vcmd_status status;

    if (id == 0) {
        replay->untried = true;
        return VCMD_STATUS_OK;
    }
    if (capture_id_find(&replay->resources, id))
        return used_twice(replay, record, id);
    resource = calloc(1, sizeof(*resource));
    if (!resource)
        return no_memory(replay, record);
    resource->references = 1;
    resource->id = id;
    resource->desc = record->u.resource.desc;
    status = create_on_device(replay, resource);
    if (status == VCMD_STATUS_OK && capture_id_set(&replay->resources, id, resource))
        return VCMD_STATUS_OK;
    release(resource);
    return status == VCMD_STATUS_OK ? no_memory(replay, record)
                                    : cannot_create(replay, status, record, id);
}

enum vcmd_status replay_destroy_resource(struct vcmd_replay *replay,
                                         const struct vcmd_capture_record *record)
{
    struct replay_resource *resource = replay_find_resource(replay, record->u.resource.id, record);

    if (!resource)
        return replay->error.status;
    capture_id_remove(&replay->resources, resource->id);
    release(resource);
    return VCMD_STATUS_OK;
}

enum vcmd_status replay_pair(struct vcmd_replay *replay, const struct vcmd_capture_record *record)
{
    struct replay_context *context = replay_find_context(replay, record->u.pair.context_id, record);
    struct replay_resource *resource =
        context ? replay_find_resource(replay, record->u.pair.resource_id, record) : NULL;

    if (!resource)
        return replay->error.status;
    if (record->type == VCMD_CAPTURE_ATTACH)
        return replay_outcome(replay, vcmd_context_attach(context->context, resource->resource),
                              record);
    return replay_outcome(replay, vcmd_context_detach(context->context, resource->resource),
                          record);
}

/* ---- the end ---- */

void replay_destroy_objects(struct vcmd_replay *replay)
{
    void *object;

    vcmd_context_destroy(replay->viewer);
    replay_hold(&replay->shown, NULL);
    replay_hold(&replay->read_back, NULL);
    replay_hold(&replay->drawn, NULL);
    while ((object = capture_id_take(&replay->contexts)) != NULL)
        free_context(object);
    while ((object = capture_id_take(&replay->resources)) != NULL)
        release(object);
    capture_id_free(&replay->contexts);
    capture_id_free(&replay->resources);
}
