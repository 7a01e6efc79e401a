/* SPDX-License-Identifier: MIT */
#include "format.h"

const uint8_t capture_magic[CAPTURE_MAGIC_SIZE] = {0x89, 'V', 'C', 'A', 'P', '\r', '\n', 0x1a};

/* Tables of the payloads, in the order of the bytes. */

#define AT(member) offsetof(struct vcmd_capture_record, member)
#define U32(member)                                                                                \
    {                                                                                              \
        CAPTURE_U32, AT(member), 0                                                                 \
    }
#define U64(member)                                                                                \
    {                                                                                              \
        CAPTURE_U64, AT(member), 0                                                                 \
    }
#define BYTES(member, member_size)                                                                 \
    {                                                                                              \
        CAPTURE_BYTES, AT(member), AT(member_size)                                                 \
    }
#define DWORDS(member, member_count)                                                               \
    {                                                                                              \
        CAPTURE_DWORDS, AT(member), AT(member_count)                                               \
    }

/* Members that are structs of their own. */
#define PART(kind, member, type, field)                                                            \
    {                                                                                              \
        kind, AT(member) + offsetof(struct type, field), 0                                         \
    }
#define TEXT(member)                                                                               \
    {                                                                                              \
        CAPTURE_TEXT, AT(member) + offsetof(struct vcmd_capture_text, text),                       \
            AT(member) + offsetof(struct vcmd_capture_text, size)                                  \
    }
#define ROWS(member)                                                                               \
    PART(CAPTURE_U64, member, vcmd_capture_rows, offset),                                          \
        PART(CAPTURE_U32, member, vcmd_capture_rows, row_bytes),                                   \
        PART(CAPTURE_U32, member, vcmd_capture_rows, row_stride),                                  \
        PART(CAPTURE_U32, member, vcmd_capture_rows, rows),                                        \
        PART(CAPTURE_U32, member, vcmd_capture_rows, layer_stride),                                \
        PART(CAPTURE_U32, member, vcmd_capture_rows, layers)

static const struct capture_field comment_fields[] = {TEXT(u.comment)};

static const struct capture_field info_fields[] = {TEXT(u.info.key), TEXT(u.info.value)};

static const struct capture_field frame_fields[] = {
    U32(u.frame.context_id), U32(u.frame.resource_id), U32(u.frame.level),
    U32(u.frame.layer),      U32(u.frame.x),           U32(u.frame.y),
    U32(u.frame.width),      U32(u.frame.height),      U32(u.frame.flags),
};

static const struct capture_field capset_fields[] = {
    U32(u.capset.id),
    U32(u.capset.version),
    BYTES(u.capset.bytes, u.capset.size),
};

static const struct capture_field context_create_fields[] = {
    U32(u.context.id),
    U32(u.context.flags),
    TEXT(u.context.name),
};

static const struct capture_field context_destroy_fields[] = {U32(u.context.id)};

static const struct capture_field resource_create_fields[] = {
    U32(u.resource.id),
    U32(u.resource.desc.target),
    U32(u.resource.desc.format),
    U32(u.resource.desc.bind),
    U32(u.resource.desc.width),
    U32(u.resource.desc.height),
    U32(u.resource.desc.depth),
    U32(u.resource.desc.array_size),
    U32(u.resource.desc.last_level),
    U32(u.resource.desc.nr_samples),
    U32(u.resource.desc.flags),
    U64(u.resource.desc.backing_size),
};

static const struct capture_field resource_destroy_fields[] = {U32(u.resource.id)};

static const struct capture_field pair_fields[] = {U32(u.pair.context_id), U32(u.pair.resource_id)};

static const struct capture_field transfer_fields[] = {
    U32(u.transfer.context_id),
    U32(u.transfer.resource_id),
    U32(u.transfer.direction),
    U32(u.transfer.transfer.level),
    U32(u.transfer.transfer.box.x),
    U32(u.transfer.transfer.box.y),
    U32(u.transfer.transfer.box.z),
    U32(u.transfer.transfer.box.w),
    U32(u.transfer.transfer.box.h),
    U32(u.transfer.transfer.box.d),
    U32(u.transfer.transfer.stride),
    U32(u.transfer.transfer.layer_stride),
    U64(u.transfer.transfer.offset),
    ROWS(u.transfer.rows),
    BYTES(u.transfer.data, u.transfer.size),
};

static const struct capture_field memory_fields[] = {
    U32(u.memory.resource_id),
    U32(u.memory.writer),
    ROWS(u.memory.rows),
    BYTES(u.memory.data, u.memory.size),
};

static const struct capture_field submit_fields[] = {
    U32(u.submit.context_id),
    DWORDS(u.submit.dwords, u.submit.num_dwords),
};

static const struct capture_field fence_fields[] = {U32(u.fence.context_id), U64(u.fence.fence)};

static const struct capture_field fence_wait_fields[] = {
    U64(u.fence_wait.fence),
    U64(u.fence_wait.timeout_ns),
};

static const struct capture_field control_fields[] = {
    BYTES(u.control.request, u.control.request_size),
    BYTES(u.control.response, u.control.response_size),
};

static const struct capture_field failure_fields[] = {U32(u.failure.status), TEXT(u.failure.text)};

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
