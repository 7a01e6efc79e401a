/* SPDX-License-Identifier: MIT */
#include "record_text.h"

#include "clean.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <virglcmd/control.h>
#include <virglcmd/decode.h>
#include <virglcmd/format.h>
#include <virglcmd/print.h>

/* Longest text of a capture that is shown. */
#define SHOWN 200

/* Longest control request or response that is shown. */
#define SHOWN_CONTROL 180u

static void clean(const struct vcmd_capture_text *text, char *out)
{
    tool_clean(text->text, text->size, out, SHOWN + 1);
}

static const char *name_or(const char *name)
{
    return name ? name : "?";
}

static int resource_text(const struct vcmd_capture_resource *resource, const char *type, char *text,
                         size_t capacity)
{
    const struct vcmd_resource_desc *desc = &resource->desc;

    return snprintf(
        text, capacity,
        "%s %" PRIu32 ": %s %s %" PRIu32 "x%" PRIu32 "x%" PRIu32 ", layers %" PRIu32
        ", last level %" PRIu32 ", samples %" PRIu32 ", bind 0x%" PRIx32 ", flags 0x%" PRIx32
        ", backing %" PRIu64,
        type, resource->id, name_or(vcmd_enum_name(VCMD_ENUM_TEXTURE_TARGET, desc->target)),
        vcmd_format_name(desc->format), desc->width, desc->height, desc->depth, desc->array_size,
        desc->last_level, desc->nr_samples, desc->bind, desc->flags, desc->backing_size);
}

static int transfer_text(const struct vcmd_capture_transfer *transfer, char *text, size_t capacity)
{
    const struct vcmd_box *box = &transfer->transfer.box;

    return snprintf(text, capacity,
                    "transfer %s host: context %" PRIu32 ", resource %" PRIu32 ", level %" PRIu32
                    ", box %" PRId32 ",%" PRId32 ",%" PRId32 " %" PRId32 "x%" PRId32 "x%" PRId32
                    ", %zu bytes",
                    transfer->direction == VCMD_TRANSFER_TO_HOST ? "to" : "from",
                    transfer->context_id, transfer->resource_id, transfer->transfer.level, box->x,
                    box->y, box->z, box->w, box->h, box->d, transfer->size);
}

/* One line, cut where it is too long. */
struct line {
    char text[SHOWN_CONTROL + 4];
    size_t length;
};

static void add_text(void *user, const char *text, size_t length)
{
    struct line *line = user;
    size_t room = SHOWN_CONTROL - line->length;

    if (length > room) {
        memcpy(line->text + line->length, text, room);
        memcpy(line->text + SHOWN_CONTROL, "...", 4);
        line->length = SHOWN_CONTROL;
        return;
    }
    memcpy(line->text + line->length, text, length);
    line->length += length;
    line->text[line->length] = '\0';
}

static void control_line(struct line *line, const void *bytes, size_t size)
{
    memset(line, 0, sizeof(*line));
    vcmd_print_control(bytes, size, 0, add_text, line);
    line->text[strcspn(line->text, "\n")] = '\0';
}

static int control_text(const struct vcmd_capture_control *control, const char *type, char *text,
                        size_t capacity)
{
    struct line request, response;

    control_line(&request, control->request, control->request_size);
    if (control->response_size == 0)
        return snprintf(text, capacity, "%s: %s", type, request.text);
    control_line(&response, control->response, control->response_size);
    return snprintf(text, capacity, "%s: %s; answered by %s", type, request.text, response.text);
}

/* Records that are mostly text. */
static int words_text(const struct vcmd_capture_record *record, const char *type, char *text,
                      size_t capacity)
{
    char first[SHOWN + 1] = "", second[SHOWN + 1] = "";

    switch (record->type) {
    case VCMD_CAPTURE_COMMENT:
        clean(&record->u.comment, first);
        return snprintf(text, capacity, "%s: %s", type, first);
    case VCMD_CAPTURE_INFO:
        clean(&record->u.info.key, first);
        clean(&record->u.info.value, second);
        return snprintf(text, capacity, "%s %s: %s", type, first, second);
    case VCMD_CAPTURE_CONTEXT_CREATE:
        clean(&record->u.context.name, first);
        return snprintf(text, capacity, "%s %" PRIu32 ": %s", type, record->u.context.id, first);
    default:
        clean(&record->u.failure.text, first);
        return snprintf(text, capacity, "%s: status %" PRIu32 " (%s) %s", type,
                        record->u.failure.status,
                        vcmd_status_string((enum vcmd_status)record->u.failure.status), first);
    }
}

/* Records that are mostly numbers. */
static int numbers_text(const struct vcmd_capture_record *record, const char *type, char *text,
                        size_t capacity)
{
    switch (record->type) {
    case VCMD_CAPTURE_CAPSET:
        return snprintf(text, capacity, "%s %" PRIu32 ": version %" PRIu32 ", %zu bytes", type,
                        record->u.capset.id, record->u.capset.version, record->u.capset.size);
    case VCMD_CAPTURE_ATTACH:
    case VCMD_CAPTURE_DETACH:
        return snprintf(text, capacity, "%s: context %" PRIu32 ", resource %" PRIu32, type,
                        record->u.pair.context_id, record->u.pair.resource_id);
    case VCMD_CAPTURE_MEMORY:
        return snprintf(
            text, capacity, "%s: resource %" PRIu32 ", from byte %" PRIu64 ", %zu bytes", type,
            record->u.memory.resource_id, record->u.memory.rows.offset, record->u.memory.size);
    case VCMD_CAPTURE_FENCE:
        return snprintf(text, capacity, "%s %" PRIu64 ": context %" PRIu32, type,
                        record->u.fence.fence, record->u.fence.context_id);
    case VCMD_CAPTURE_FENCE_WAIT:
        return snprintf(text, capacity, "%s %" PRIu64, type, record->u.fence_wait.fence);
    case VCMD_CAPTURE_CONTROL:
        return control_text(&record->u.control, type, text, capacity);
    default:
        return snprintf(text, capacity, "record of type %" PRIu32 ": %zu bytes", record->type,
                        record->u.raw.size);
    }
}

void tool_record_text(const struct tool_item *item, char *text, size_t capacity)
{
    const struct vcmd_capture_record *record = item->record;
    const char *type = vcmd_capture_type_name(record->type);

    switch (record->type) {
    case VCMD_CAPTURE_COMMENT:
    case VCMD_CAPTURE_INFO:
    case VCMD_CAPTURE_CONTEXT_CREATE:
    case VCMD_CAPTURE_FAILURE:
        words_text(record, type, text, capacity);
        break;
    case VCMD_CAPTURE_RESOURCE_CREATE:
        resource_text(&record->u.resource, type, text, capacity);
        break;
    case VCMD_CAPTURE_RESOURCE_DESTROY:
        snprintf(text, capacity, "%s %" PRIu32, type, record->u.resource.id);
        break;
    case VCMD_CAPTURE_CONTEXT_DESTROY:
        snprintf(text, capacity, "%s %" PRIu32, type, record->u.context.id);
        break;
    case VCMD_CAPTURE_SUBMIT:
        snprintf(text, capacity, "%s: context %" PRIu32 ", %zu dwords", type,
                 record->u.submit.context_id, record->u.submit.num_dwords);
        break;
    case VCMD_CAPTURE_FRAME:
        snprintf(text, capacity, "%s %" PRIu64 ": context %" PRIu32 ", resource %" PRIu32, type,
                 item->frame, record->u.frame.context_id, record->u.frame.resource_id);
        break;
    case VCMD_CAPTURE_TRANSFER:
        transfer_text(&record->u.transfer, text, capacity);
        break;
    default:
        numbers_text(record, type, text, capacity);
        break;
    }
}
