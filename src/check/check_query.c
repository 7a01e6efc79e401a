/* SPDX-License-Identifier: MIT */
#include "check_private.h"

/* Queries, as GL sees them. */

void vcmd_packet_query_result(struct vcmd_check *c)
{
    if (vcmd_word(c, 2) != 0)
        vcmd_report_value(c, VCMD_DIAGNOSTIC_FIELD_IGNORED, VCMD_SEVERITY_NEEDLESS,
                          vcmd_place(2, "wait"), vcmd_word(c, 2));
}

static bool has_streams(const struct vcmd_model_object *query)
{
    return query->group == VCMD_GROUP_GENERATED || query->group == VCMD_GROUP_EMITTED ||
           query->group == VCMD_GROUP_OVERFLOW;
}

/* Where the query that counts is noted; NULL for those that have no begin. */
static uint32_t *place_of(struct vcmd_model_sub *sub, const struct vcmd_model_object *query)
{
    if (query->group >= VCMD_GROUP_COUNT)
        return NULL;
    return &sub->query[query->group]
                      [has_streams(query) && query->stream < VCMD_STREAMS ? query->stream : 0];
}

static bool is_counting(struct vcmd_model_sub *sub, const struct vcmd_model_object *query)
{
    const uint32_t *place = place_of(sub, query);

    return place && *place == query->handle;
}

void vcmd_model_forget_query(struct vcmd_model_sub *sub, const struct vcmd_model_object *query)
{
    uint32_t *place = place_of(sub, query);

    if (sub->condition && query->serial == sub->condition_serial)
        sub->condition_gone = true;
    if (place && *place == query->handle)
        *place = 0;
}

/* Only those of stream output have an index. */
static bool stream_is_good(struct vcmd_check *c, const struct vcmd_model_object *query)
{
    if (query->stream < (has_streams(query) ? VCMD_STREAMS : 1))
        return true;
    vcmd_report_limit(c, VCMD_DIAGNOSTIC_VALUE_RANGE, VCMD_SEVERITY_REJECT, vcmd_place(1, "index"),
                      query->stream, VCMD_LIMIT_MOST, has_streams(query) ? VCMD_STREAMS - 1 : 0);
    return false;
}

void vcmd_model_begin_query(struct vcmd_check *c)
{
    uint32_t handle = vcmd_word(c, 1);
    struct vcmd_model_object *query;
    uint32_t *place;

    query = vcmd_use_object(c, vcmd_place(1, "handle"), handle, VCMD_OBJECT_QUERY,
                            VCMD_SEVERITY_REJECT);
    c->sub->condition_gone = false;
    if (!query || query->group == VCMD_GROUP_TIMESTAMP)
        return;
    place = place_of(c->sub, query);
    if (!place) {
        vcmd_report_object(c, VCMD_DIAGNOSTIC_QUERY_TYPE, VCMD_SEVERITY_REJECT,
                           vcmd_place(1, "handle"), handle);
        return;
    }
    if (!stream_is_good(c, query))
        return;
    if (*place != 0) {
        vcmd_report_object(c, VCMD_DIAGNOSTIC_QUERY_ACTIVE, VCMD_SEVERITY_REJECT,
                           vcmd_place(1, "handle"), handle);
        return;
    }
    *place = handle;
    query->used = true;
}

/* GL ends the one that counts, whatever the handle says, if only both are of one type. */
static bool is_same_type(const struct vcmd_check *c, const struct vcmd_model_object *query,
                         uint32_t counting)
{
    uint32_t entry = vcmd_model_find_object(c->checker, c->context->sub, counting);

    return entry == VCMD_HASH_NONE || query->group != VCMD_GROUP_OCCLUSION ||
           vcmd_model_object_at(c->checker, entry)->type == query->type;
}

void vcmd_model_end_query(struct vcmd_check *c)
{
    uint32_t handle = vcmd_word(c, 1);
    struct vcmd_model_object *query;
    uint32_t *place;

    query = vcmd_use_object(c, vcmd_place(1, "handle"), handle, VCMD_OBJECT_QUERY,
                            VCMD_SEVERITY_REJECT);
    if (!query)
        return;
    if (query->group == VCMD_GROUP_TIMESTAMP) {
        query->used = true;
        c->sub->condition_gone = false;
        return;
    }
    /* The host does not look at the index of those that take the time. */
    if (query->group != VCMD_GROUP_TIME && !stream_is_good(c, query))
        return;
    place = place_of(c->sub, query);
    if (!place || *place == 0 || !is_same_type(c, query, *place)) {
        vcmd_report_object(c, VCMD_DIAGNOSTIC_QUERY_NOT_ACTIVE, VCMD_SEVERITY_REJECT,
                           vcmd_place(1, "handle"), handle);
        return;
    }
    *place = 0;
}

static void check_result(struct vcmd_check *c, const struct vcmd_model_object *query,
                         struct vcmd_place place)
{
    if (!query->used)
        vcmd_report_object(c, VCMD_DIAGNOSTIC_QUERY_NEVER_USED, VCMD_SEVERITY_REJECT, place,
                           query->handle);
    else if (is_counting(c->sub, query))
        vcmd_report_object(c, VCMD_DIAGNOSTIC_QUERY_ACTIVE, VCMD_SEVERITY_REJECT, place,
                           query->handle);
}

void vcmd_model_query_result(struct vcmd_check *c)
{
    const struct vcmd_model_object *query;

    query = vcmd_use_object(c, vcmd_place(1, "handle"), vcmd_word(c, 1), VCMD_OBJECT_QUERY,
                            VCMD_SEVERITY_IGNORED);
    if (query)
        check_result(c, query, vcmd_place(1, "handle"));
}

void vcmd_model_query_result_qbo(struct vcmd_check *c)
{
    const struct vcmd_model_object *query;
    const struct vcmd_model_resource *buffer;
    uint64_t end;

    if (!vcmd_offers(c, VCMD_CAP_QBO))
        return;
    query = vcmd_use_object(c, vcmd_place(1, "query_handle"), vcmd_word(c, 1), VCMD_OBJECT_QUERY,
                            VCMD_SEVERITY_IGNORED);
    if (!query)
        return;
    buffer = vcmd_use_resource(c, vcmd_place(2, "qbo_handle"), vcmd_word(c, 2), VCMD_USE_BUFFER,
                               VCMD_SEVERITY_ERROR);
    if (c->result->broken && c->result->broken_packet == c->packet)
        return; /* the host looks no further */
    if (vcmd_word(c, 4) > VCMD_QUERY_TYPE_U64)
        return; /* of other types it asks for nothing */
    check_result(c, query, vcmd_place(1, "query_handle"));
    end = (uint64_t)vcmd_word(c, 5) + (vcmd_word(c, 4) >= VCMD_QUERY_TYPE_I64 ? 8 : 4);
    if (buffer && vcmd_is_gl_buffer(&buffer->is) && end > buffer->is.width)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_BUFFER_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(5, "offset"), end, VCMD_LIMIT_END, buffer->is.width);
}

/*
 * What does not heed the condition pauses it, and GL does not take it up again while its query
 * counts, or when there is none any more (vrend_pause_render_condition).
 */
void vcmd_model_pause_condition(struct vcmd_check *c)
{
    uint32_t handle = c->sub->condition_query;
    uint32_t entry = vcmd_model_find_object(c->checker, c->context->sub, handle);

    if (!c->sub->condition)
        return;
    if (c->sub->condition_gone)
        vcmd_report_object(c, VCMD_DIAGNOSTIC_CONDITION_GONE, VCMD_SEVERITY_REJECT,
                           vcmd_place(0, NULL), handle);
    else if (entry != VCMD_HASH_NONE &&
             vcmd_model_object_at(c->checker, entry)->serial == c->sub->condition_serial &&
             is_counting(c->sub, vcmd_model_object_at(c->checker, entry)))
        vcmd_report_object(c, VCMD_DIAGNOSTIC_QUERY_ACTIVE, VCMD_SEVERITY_REJECT,
                           vcmd_place(0, NULL), handle);
}

void vcmd_model_condition(struct vcmd_check *c)
{
    uint32_t handle = vcmd_word(c, 1);
    const struct vcmd_model_object *query;

    if (handle == 0) {
        if (!c->sub->condition)
            vcmd_report(c, VCMD_DIAGNOSTIC_CONDITION_NESTED, VCMD_SEVERITY_REJECT);
        c->sub->condition = false;
        return;
    }
    query = vcmd_use_object(c, vcmd_place(1, "query_handle"), handle, VCMD_OBJECT_QUERY,
                            VCMD_SEVERITY_IGNORED);
    if (!query)
        return;
    if ((vcmd_word(c, 2) & 1) != 0 && c->desc->caps &&
        !c->desc->caps->bset.conditional_render_inverted) {
        vcmd_report_value(c, VCMD_DIAGNOSTIC_FEATURE_MISSING, VCMD_SEVERITY_IGNORED,
                          vcmd_place(2, "condition"), vcmd_word(c, 2));
        return;
    }
    if (c->sub->condition)
        vcmd_report(c, VCMD_DIAGNOSTIC_CONDITION_NESTED, VCMD_SEVERITY_REJECT);
    if (query->used && query->group != VCMD_GROUP_OCCLUSION &&
        query->group != VCMD_GROUP_OVERFLOW && query->group != VCMD_GROUP_OVERFLOW_ANY)
        vcmd_report_object(c, VCMD_DIAGNOSTIC_QUERY_TYPE, VCMD_SEVERITY_REJECT,
                           vcmd_place(1, "query_handle"), handle);
    check_result(c, query, vcmd_place(1, "query_handle"));
    if (vcmd_word(c, 3) > VCMD_RENDER_COND_BY_REGION_NO_WAIT)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_VALUE_UNKNOWN, VCMD_SEVERITY_REJECT,
                          vcmd_place(3, "mode"), vcmd_word(c, 3), VCMD_LIMIT_MOST,
                          VCMD_RENDER_COND_BY_REGION_NO_WAIT);
    c->sub->condition = true;
    c->sub->condition_query = handle;
    c->sub->condition_serial = query->serial;
    c->sub->condition_gone = false;
}
