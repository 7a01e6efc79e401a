/* SPDX-License-Identifier: MIT */
#include "check_private.h"

/*
 * Keys. Contexts and resources have the numbers that the guest gave them. A sub-context's key is
 * that of its context's entry and its own number, an object's that of its sub-context's entry and
 * its handle; entries are reused only after everything in them has been removed.
 */
static uint64_t pair_key(uint32_t high, uint32_t low)
{
    return (uint64_t)high << 32 | low;
}

uint32_t vcmd_model_find_context(const struct vcmd_checker *checker, uint32_t context_id)
{
    return vcmd_hash_find(&checker->contexts, context_id);
}

uint32_t vcmd_model_find_resource(const struct vcmd_checker *checker, uint32_t resource_id)
{
    return vcmd_hash_find(&checker->resources, resource_id);
}

uint32_t vcmd_model_find_sub(const struct vcmd_checker *checker, uint32_t context, uint32_t id)
{
    return vcmd_hash_find(&checker->subs, pair_key(context, id));
}

uint32_t vcmd_model_find_object(const struct vcmd_checker *checker, uint32_t sub, uint32_t handle)
{
    return vcmd_hash_find(&checker->objects, pair_key(sub, handle));
}

uint32_t vcmd_model_find_attachment(const struct vcmd_checker *checker, uint32_t context,
                                    uint32_t resource)
{
    return vcmd_hash_find(&checker->attachments, pair_key(context, resource));
}

static void tell_full(struct vcmd_checker *checker, uint32_t context_id)
{
    vcmd_report_outside(checker, VCMD_DIAGNOSTIC_TRACKING_FULL, VCMD_SEVERITY_NOTE, context_id, 0);
}

/* Something of a context does not fit. It is said the first time, and costs no other context. */
static void lose(struct vcmd_checker *checker, struct vcmd_model_context *context, bool *lost)
{
    if (!*lost)
        tell_full(checker, context->id);
    *lost = true;
    context->untracked = true;
}

/* The same for what all contexts share. */
static void lose_shared(struct vcmd_checker *checker, uint32_t *lost, uint32_t context_id)
{
    if (*lost == 0)
        tell_full(checker, context_id);
    if (*lost < UINT32_MAX)
        ++*lost;
}

/* 0 would be no number. After 2^32 of them a number may be that of something old. */
static uint32_t next_serial(struct vcmd_checker *checker)
{
    if (++checker->next_serial == 0)
        checker->next_serial = 1;
    return checker->next_serial;
}

/* ---- lists ---- */

/* Where the link of an entry is. */
static struct vcmd_model_link *link_at(const struct vcmd_hash *table, uint32_t entry, size_t offset)
{
    return (struct vcmd_model_link *)((uint8_t *)vcmd_hash_at(table, entry) + offset);
}

static void list_add(const struct vcmd_hash *table, size_t offset, uint32_t *first, uint32_t entry)
{
    struct vcmd_model_link *link = link_at(table, entry, offset);

    link->previous = VCMD_HASH_NONE;
    link->next = *first;
    if (*first != VCMD_HASH_NONE)
        link_at(table, *first, offset)->previous = entry;
    *first = entry;
}

static void list_remove(const struct vcmd_hash *table, size_t offset, uint32_t *first,
                        uint32_t entry)
{
    const struct vcmd_model_link *link = link_at(table, entry, offset);

    if (link->previous == VCMD_HASH_NONE)
        *first = link->next;
    else
        link_at(table, link->previous, offset)->next = link->next;
    if (link->next != VCMD_HASH_NONE)
        link_at(table, link->next, offset)->previous = link->previous;
}

/* ---- sub-contexts and objects ---- */

/* Contexts that are yet to come find room for their sub-context 0, whatever streams create. */
static bool has_room_for_sub(const struct vcmd_checker *checker, uint32_t id)
{
    const struct vcmd_hash *contexts = &checker->contexts, *subs = &checker->subs;

    return id == 0 || subs->capacity - subs->count > contexts->capacity - contexts->count;
}

uint32_t vcmd_model_add_sub(struct vcmd_checker *checker, uint32_t context, uint32_t id)
{
    struct vcmd_model_context *owner = vcmd_model_context_at(checker, context);
    uint32_t entry = VCMD_HASH_NONE;
    struct vcmd_model_sub *sub;

    if (has_room_for_sub(checker, id))
        entry = vcmd_hash_insert(&checker->subs, pair_key(context, id));
    if (entry == VCMD_HASH_NONE) {
        lose(checker, owner, &owner->subs_lost);
        return VCMD_HASH_NONE;
    }
    sub = vcmd_model_sub_at(checker, entry);
    sub->context = context;
    sub->id = id;
    sub->objects = VCMD_HASH_NONE;
    list_add(&checker->subs, offsetof(struct vcmd_model_sub, link), &owner->subs, entry);
    return entry;
}

void vcmd_model_remove_sub(struct vcmd_checker *checker, uint32_t entry)
{
    struct vcmd_model_sub *sub = vcmd_model_sub_at(checker, entry);

    while (sub->objects != VCMD_HASH_NONE)
        vcmd_model_remove_object(checker, sub->objects);
    list_remove(&checker->subs, offsetof(struct vcmd_model_sub, link),
                &vcmd_model_context_at(checker, sub->context)->subs, entry);
    vcmd_hash_remove(&checker->subs, entry);
}

uint32_t vcmd_model_add_object(struct vcmd_checker *checker, uint32_t sub, uint32_t handle)
{
    uint32_t entry = vcmd_hash_insert(&checker->objects, pair_key(sub, handle));
    struct vcmd_model_sub *owner = vcmd_model_sub_at(checker, sub);
    struct vcmd_model_object *object;

    if (entry == VCMD_HASH_NONE) {
        lose(checker, vcmd_model_context_at(checker, owner->context), &owner->objects_lost);
        return VCMD_HASH_NONE;
    }
    object = vcmd_model_object_at(checker, entry);
    object->sub = sub;
    object->handle = handle;
    object->serial = next_serial(checker);
    list_add(&checker->objects, offsetof(struct vcmd_model_object, link), &owner->objects, entry);
    return entry;
}

void vcmd_model_remove_object(struct vcmd_checker *checker, uint32_t entry)
{
    const struct vcmd_model_object *object = vcmd_model_object_at(checker, entry);

    list_remove(&checker->objects, offsetof(struct vcmd_model_object, link),
                &vcmd_model_sub_at(checker, object->sub)->objects, entry);
    vcmd_hash_remove(&checker->objects, entry);
}

/* ---- attachments ---- */

static void remove_attachment(struct vcmd_checker *checker, uint32_t entry)
{
    const struct vcmd_model_attachment *attachment = vcmd_model_attachment_at(checker, entry);
    struct vcmd_model_context *context = vcmd_model_context_at(checker, attachment->context);
    struct vcmd_model_resource *resource = vcmd_model_resource_at(checker, attachment->resource);

    list_remove(&checker->attachments, offsetof(struct vcmd_model_attachment, in_context),
                &context->attachments, entry);
    list_remove(&checker->attachments, offsetof(struct vcmd_model_attachment, in_resource),
                &resource->attachments, entry);
    vcmd_hash_remove(&checker->attachments, entry);
}

static void call_order(struct vcmd_checker *checker, uint32_t context_id, uint32_t resource_id)
{
    vcmd_report_outside(checker, VCMD_DIAGNOSTIC_CALL_ORDER, VCMD_SEVERITY_NOTE, context_id,
                        resource_id);
}

/* True when both are followed; reports what cannot be. */
static bool find_pair(struct vcmd_checker *checker, uint32_t context_id, uint32_t resource_id,
                      uint32_t *context, uint32_t *resource)
{
    *context = vcmd_model_find_context(checker, context_id);
    *resource = vcmd_model_find_resource(checker, resource_id);
    if (*context != VCMD_HASH_NONE && *resource != VCMD_HASH_NONE)
        return true;
    if (checker->contexts_lost == 0 && checker->resources_lost == 0)
        call_order(checker, context_id, resource_id);
    return false;
}

void vcmd_checker_attach(struct vcmd_checker *checker, uint32_t context_id, uint32_t resource_id)
{
    struct vcmd_model_attachment *attachment;
    struct vcmd_model_context *owner;
    uint32_t context, resource, entry;

    if (!checker || !find_pair(checker, context_id, resource_id, &context, &resource))
        return;
    if (vcmd_model_find_attachment(checker, context, resource) != VCMD_HASH_NONE)
        return;
    owner = vcmd_model_context_at(checker, context);
    entry = vcmd_hash_insert(&checker->attachments, pair_key(context, resource));
    if (entry == VCMD_HASH_NONE) {
        lose(checker, owner, &owner->attachments_lost);
        return;
    }
    attachment = vcmd_model_attachment_at(checker, entry);
    attachment->context = context;
    attachment->resource = resource;
    list_add(&checker->attachments, offsetof(struct vcmd_model_attachment, in_context),
             &owner->attachments, entry);
    list_add(&checker->attachments, offsetof(struct vcmd_model_attachment, in_resource),
             &vcmd_model_resource_at(checker, resource)->attachments, entry);
}

void vcmd_checker_detach(struct vcmd_checker *checker, uint32_t context_id, uint32_t resource_id)
{
    uint32_t context, resource, entry;

    if (!checker || !find_pair(checker, context_id, resource_id, &context, &resource))
        return;
    entry = vcmd_model_find_attachment(checker, context, resource);
    if (entry != VCMD_HASH_NONE)
        remove_attachment(checker, entry);
    else if (!vcmd_model_context_at(checker, context)->attachments_lost)
        call_order(checker, context_id, resource_id);
}

/* ---- contexts ---- */

void vcmd_checker_context_create(struct vcmd_checker *checker, uint32_t context_id)
{
    struct vcmd_model_context *context;
    uint32_t entry;

    if (!checker)
        return;
    if (vcmd_model_find_context(checker, context_id) != VCMD_HASH_NONE) {
        call_order(checker, context_id, 0);
        return;
    }
    entry = vcmd_hash_insert(&checker->contexts, context_id);
    if (entry == VCMD_HASH_NONE) {
        lose_shared(checker, &checker->contexts_lost, context_id);
        return;
    }
    context = vcmd_model_context_at(checker, entry);
    context->id = context_id;
    context->subs = VCMD_HASH_NONE;
    context->attachments = VCMD_HASH_NONE;
    context->sub = vcmd_model_add_sub(checker, entry, 0);
}

void vcmd_checker_context_destroy(struct vcmd_checker *checker, uint32_t context_id)
{
    struct vcmd_model_context *context;
    uint32_t entry;

    if (!checker)
        return;
    entry = vcmd_model_find_context(checker, context_id);
    if (entry == VCMD_HASH_NONE) {
        if (checker->contexts_lost == 0)
            call_order(checker, context_id, 0);
        else
            checker->contexts_lost--;
        return;
    }
    context = vcmd_model_context_at(checker, entry);
    while (context->subs != VCMD_HASH_NONE)
        vcmd_model_remove_sub(checker, context->subs);
    while (context->attachments != VCMD_HASH_NONE)
        remove_attachment(checker, context->attachments);
    vcmd_hash_remove(&checker->contexts, entry);
}

void vcmd_checker_context_break(struct vcmd_checker *checker, uint32_t context_id)
{
    uint32_t entry = checker ? vcmd_model_find_context(checker, context_id) : VCMD_HASH_NONE;

    if (entry != VCMD_HASH_NONE)
        vcmd_model_context_at(checker, entry)->broken = true;
}

/* ---- resources ---- */

static void add_resource(struct vcmd_checker *checker, uint32_t resource_id,
                         const struct vcmd_check_resource *resource)
{
    struct vcmd_model_resource *added;
    uint32_t entry;

    if (vcmd_model_find_resource(checker, resource_id) != VCMD_HASH_NONE) {
        call_order(checker, 0, resource_id);
        return;
    }
    entry = vcmd_hash_insert(&checker->resources, resource_id);
    if (entry == VCMD_HASH_NONE) {
        lose_shared(checker, &checker->resources_lost, 0);
        return;
    }
    added = vcmd_model_resource_at(checker, entry);
    added->id = resource_id;
    added->serial = next_serial(checker);
    added->attachments = VCMD_HASH_NONE;
    added->is = *resource;
}

void vcmd_checker_resource_create(struct vcmd_checker *checker,
                                  const struct vcmd_ctrl_resource_create_3d *resource)
{
    struct vcmd_check_resource is;

    if (!checker || !resource)
        return;
    is.target = resource->target;
    is.format = resource->format;
    is.bind = resource->bind;
    is.width = resource->width;
    is.height = resource->height;
    is.depth = resource->depth;
    is.array_size = resource->array_size;
    is.last_level = resource->last_level;
    is.nr_samples = resource->nr_samples & VCMD_KEPT_SAMPLES;
    is.flags = resource->flags;
    is.backing_size = 0;
    is.untyped = false;
    add_resource(checker, resource->resource_id, &is);
}

void vcmd_checker_resource_create_blob(struct vcmd_checker *checker, uint32_t resource_id,
                                       uint64_t size)
{
    struct vcmd_check_resource is;

    if (!checker)
        return;
    memset(&is, 0, sizeof(is));
    is.backing_size = size;
    is.untyped = true;
    add_resource(checker, resource_id, &is);
}

void vcmd_checker_resource_destroy(struct vcmd_checker *checker, uint32_t resource_id)
{
    struct vcmd_model_resource *resource;
    uint32_t entry;

    if (!checker)
        return;
    entry = vcmd_model_find_resource(checker, resource_id);
    if (entry == VCMD_HASH_NONE) {
        if (checker->resources_lost == 0)
            call_order(checker, 0, resource_id);
        else
            checker->resources_lost--;
        return;
    }
    resource = vcmd_model_resource_at(checker, entry);
    while (resource->attachments != VCMD_HASH_NONE)
        remove_attachment(checker, resource->attachments);
    vcmd_hash_remove(&checker->resources, entry);
    checker->removals++;
}

void vcmd_checker_set_backing(struct vcmd_checker *checker, uint32_t resource_id, uint64_t size)
{
    uint32_t entry;

    if (!checker)
        return;
    entry = vcmd_model_find_resource(checker, resource_id);
    if (entry != VCMD_HASH_NONE)
        vcmd_model_resource_at(checker, entry)->is.backing_size = size;
    else if (checker->resources_lost == 0)
        call_order(checker, 0, resource_id);
}
