/* SPDX-License-Identifier: MIT */
#include "check_private.h"

bool vcmd_offers(const struct vcmd_check *c, uint32_t cap)
{
    return !c->desc->caps || (c->desc->caps->capability_bits & cap) != 0;
}

struct vcmd_model_object *vcmd_use_object(struct vcmd_check *c, struct vcmd_place place,
                                          uint32_t handle, uint32_t kind, uint32_t severity)
{
    uint32_t sub = c->context->sub;
    uint32_t entry = vcmd_model_find_object(c->checker, sub, handle);
    struct vcmd_model_object *object;

    if (entry == VCMD_HASH_NONE) {
        if (!c->sub->objects_lost)
            vcmd_report_object(c, VCMD_DIAGNOSTIC_OBJECT_UNKNOWN, severity, place, handle);
        return NULL;
    }
    object = vcmd_model_object_at(c->checker, entry);
    if (object->kind == kind)
        return object;
    vcmd_report_object(c, VCMD_DIAGNOSTIC_OBJECT_KIND, severity, place, handle);
    return NULL;
}

static void check_use(struct vcmd_check *c, struct vcmd_place place, enum vcmd_use use,
                      const struct vcmd_model_resource *resource)
{
    bool is_buffer = resource->is.target == VCMD_BUFFER;

    if ((use == VCMD_USE_BUFFER && !is_buffer) || (use == VCMD_USE_TEXTURE && is_buffer))
        vcmd_report_resource(c, VCMD_DIAGNOSTIC_RESOURCE_KIND, VCMD_SEVERITY_GARBAGE, place,
                             resource->id);
}

const struct vcmd_model_resource *vcmd_use_resource(struct vcmd_check *c, struct vcmd_place place,
                                                    uint32_t id, enum vcmd_use use,
                                                    uint32_t severity)
{
    const struct vcmd_checker *checker = c->checker;
    uint32_t context = vcmd_model_find_context(checker, c->context_id);
    uint32_t entry = vcmd_model_find_resource(checker, id);
    const struct vcmd_model_resource *resource;

    if (entry == VCMD_HASH_NONE) {
        if (checker->resources_lost == 0)
            vcmd_report_resource(c, VCMD_DIAGNOSTIC_RESOURCE_UNKNOWN, severity, place, id);
        return NULL;
    }
    if (vcmd_model_find_attachment(checker, context, entry) == VCMD_HASH_NONE &&
        !c->context->attachments_lost) {
        vcmd_report_resource(c, VCMD_DIAGNOSTIC_RESOURCE_NOT_ATTACHED, severity, place, id);
        return NULL;
    }
    resource = vcmd_model_resource_at(checker, entry);
    if (resource->is.untyped)
        return NULL;
    check_use(c, place, use, resource);
    return resource;
}
