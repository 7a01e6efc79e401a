/* SPDX-License-Identifier: MIT */
#include "format.h"

/* Tables of the payloads, in the order of the bytes. */

#define AT(member) offsetof(struct vcmd_capture_record, u.member)
#define U32(member)                                                                                \
    {                                                                                              \
        CAPTURE_U32, AT(member), 0                                                                 \
    }
#define U64(member)                                                                                \
    {                                                                                              \
        CAPTURE_U64, AT(member), 0                                                                 \
    }
#define TEXT(member)                                                                               \
    {                                                                                              \
        CAPTURE_TEXT, AT(member.text), AT(member.size)                                             \
    }
#define BYTES(member, member_size)                                                                 \
    {                                                                                              \
        CAPTURE_BYTES, AT(member), AT(member_size)                                                 \
    }
#define DWORDS(member, member_count)                                                               \
    {                                                                                              \
        CAPTURE_DWORDS, AT(member), AT(member_count)                                               \
    }

#define ROWS(record)                                                                               \
    U64(record.rows.offset), U32(record.rows.row_bytes), U32(record.rows.row_stride),              \
        U32(record.rows.rows), U32(record.rows.layer_stride), U32(record.rows.layers)

static const struct capture_field comment_fields[] = {TEXT(comment)};

static const struct capture_field info_fields[] = {TEXT(info.key), TEXT(info.value)};

static const struct capture_field frame_fields[] = {
    U32(frame.context_id), U32(frame.resource_id), U32(frame.level),
    U32(frame.layer),      U32(frame.x),           U32(frame.y),
    U32(frame.width),      U32(frame.height),      U32(frame.flags),
};

static const struct capture_field capset_fields[] = {
    U32(capset.id),
    U32(capset.version),
    BYTES(capset.bytes, capset.size),
};

static const struct capture_field context_create_fields[] = {
    U32(context.id),
    U32(context.flags),
    TEXT(context.name),
};

static const struct capture_field context_destroy_fields[] = {U32(context.id)};

static const struct capture_field resource_create_fields[] = {
    U32(resource.id),
    U32(resource.desc.target),
    U32(resource.desc.format),
    U32(resource.desc.bind),
    U32(resource.desc.width),
    U32(resource.desc.height),
    U32(resource.desc.depth),
    U32(resource.desc.array_size),
    U32(resource.desc.last_level),
    U32(resource.desc.nr_samples),
    U32(resource.desc.flags),
    U64(resource.desc.backing_size),
};

static const struct capture_field resource_destroy_fields[] = {U32(resource.id)};

static const struct capture_field pair_fields[] = {U32(pair.context_id), U32(pair.resource_id)};

static const struct capture_field transfer_fields[] = {
    U32(transfer.context_id),
    U32(transfer.resource_id),
    U32(transfer.direction),
    U32(transfer.transfer.level),
    U32(transfer.transfer.box.x),
    U32(transfer.transfer.box.y),
    U32(transfer.transfer.box.z),
    U32(transfer.transfer.box.w),
    U32(transfer.transfer.box.h),
    U32(transfer.transfer.box.d),
    U32(transfer.transfer.stride),
    U32(transfer.transfer.layer_stride),
    U64(transfer.transfer.offset),
    ROWS(transfer),
    BYTES(transfer.data, transfer.size),
};

static const struct capture_field memory_fields[] = {
    U32(memory.resource_id),
    U32(memory.writer),
    ROWS(memory),
    BYTES(memory.data, memory.size),
};

static const struct capture_field submit_fields[] = {
    U32(submit.context_id),
    DWORDS(submit.dwords, submit.num_dwords),
};

static const struct capture_field fence_fields[] = {U32(fence.context_id), U64(fence.fence)};

static const struct capture_field fence_wait_fields[] = {
    U64(fence_wait.fence),
    U64(fence_wait.timeout_ns),
};

static const struct capture_field control_fields[] = {
    BYTES(control.request, control.request_size),
    BYTES(control.response, control.response_size),
};

static const struct capture_field failure_fields[] = {U32(failure.status), TEXT(failure.text)};

#define TYPE(name, flags, fields)                                                                  \
    {                                                                                              \
        name, flags, fields, sizeof(fields) / sizeof((fields)[0])                                  \
    }

static const struct capture_type types[] = {
    [VCMD_CAPTURE_END] = {"end", 0, NULL, 0},
    [VCMD_CAPTURE_COMMENT] = TYPE("comment", 0, comment_fields),
    [VCMD_CAPTURE_INFO] = TYPE("info", 0, info_fields),
    [VCMD_CAPTURE_FRAME] = TYPE("frame", 0, frame_fields),
    [VCMD_CAPTURE_CAPSET] = TYPE("capset", 0, capset_fields),
    [VCMD_CAPTURE_CONTEXT_CREATE] =
        TYPE("context-create", VCMD_CAPTURE_ESSENTIAL, context_create_fields),
    [VCMD_CAPTURE_CONTEXT_DESTROY] =
        TYPE("context-destroy", VCMD_CAPTURE_ESSENTIAL, context_destroy_fields),
    [VCMD_CAPTURE_RESOURCE_CREATE] =
        TYPE("resource-create", VCMD_CAPTURE_ESSENTIAL, resource_create_fields),
    [VCMD_CAPTURE_RESOURCE_DESTROY] =
        TYPE("resource-destroy", VCMD_CAPTURE_ESSENTIAL, resource_destroy_fields),
    [VCMD_CAPTURE_ATTACH] = TYPE("attach", VCMD_CAPTURE_ESSENTIAL, pair_fields),
    [VCMD_CAPTURE_DETACH] = TYPE("detach", VCMD_CAPTURE_ESSENTIAL, pair_fields),
    [VCMD_CAPTURE_TRANSFER] = TYPE("transfer", VCMD_CAPTURE_ESSENTIAL, transfer_fields),
    [VCMD_CAPTURE_MEMORY] = TYPE("memory", VCMD_CAPTURE_ESSENTIAL, memory_fields),
    [VCMD_CAPTURE_SUBMIT] = TYPE("submit", VCMD_CAPTURE_ESSENTIAL, submit_fields),
    [VCMD_CAPTURE_FENCE] = TYPE("fence", 0, fence_fields),
    [VCMD_CAPTURE_FENCE_WAIT] = TYPE("fence-wait", 0, fence_wait_fields),
    [VCMD_CAPTURE_CONTROL] = TYPE("control", VCMD_CAPTURE_ESSENTIAL, control_fields),
    [VCMD_CAPTURE_FAILURE] = TYPE("failure", 0, failure_fields),
};

const struct capture_type *capture_find_type(uint32_t type)
{
    if (type == VCMD_CAPTURE_END || type >= sizeof(types) / sizeof(types[0]))
        return NULL;
    return &types[type];
}

const char *vcmd_capture_type_name(uint32_t type)
{
    const struct capture_type *found = capture_find_type(type);

    if (type == VCMD_CAPTURE_END)
        return types[VCMD_CAPTURE_END].name;
    return found ? found->name : "unknown";
}
