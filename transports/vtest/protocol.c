/* SPDX-License-Identifier: MIT */
#include "protocol.h"

/* How long the payload of a request is. */
enum request_size {
    FIXED,     /* as the table says; the header's length is not looked at */
    BYTES,     /* the header counts bytes */
    DWORDS,    /* the header counts dwords */
    WITH_BYTES /* fixed, and as many bytes as the last fixed dword says */
};

struct shape {
    const char *name;
    enum request_size size;
    uint32_t fixed; /* dwords */
    enum vtest_reply reply;
    uint32_t reply_dwords; /* at most VARIABLE_REPLY, which is one dword and a capset */
};

#define VARIABLE_REPLY UINT32_MAX

static const struct shape shapes[VTEST_NUM_COMMANDS] = {
    [VTEST_GET_CAPS] = {"GET_CAPS", FIXED, 0, VTEST_REPLY_CAPS, 0},
    [VTEST_RESOURCE_CREATE] = {"RESOURCE_CREATE", FIXED, 10, VTEST_REPLY_NONE, 0},
    [VTEST_RESOURCE_UNREF] = {"RESOURCE_UNREF", FIXED, 1, VTEST_REPLY_NONE, 0},
    [VTEST_TRANSFER_GET] = {"TRANSFER_GET", FIXED, 11, VTEST_REPLY_RAW, 0},
    [VTEST_TRANSFER_PUT] = {"TRANSFER_PUT", WITH_BYTES, 11, VTEST_REPLY_NONE, 0},
    [VTEST_SUBMIT_CMD] = {"SUBMIT_CMD", DWORDS, 0, VTEST_REPLY_NONE, 0},
    [VTEST_RESOURCE_BUSY_WAIT] = {"RESOURCE_BUSY_WAIT", FIXED, 2, VTEST_REPLY_MESSAGE, 1},
    [VTEST_CREATE_RENDERER] = {"CREATE_RENDERER", BYTES, 0, VTEST_REPLY_NONE, 0},
    [VTEST_GET_CAPS2] = {"GET_CAPS2", FIXED, 0, VTEST_REPLY_CAPS, 0},
    [VTEST_PING_PROTOCOL_VERSION] = {"PING_PROTOCOL_VERSION", FIXED, 0, VTEST_REPLY_MESSAGE, 0},
    [VTEST_PROTOCOL_VERSION] = {"PROTOCOL_VERSION", FIXED, 1, VTEST_REPLY_MESSAGE, 1},
    [VTEST_RESOURCE_CREATE2] = {"RESOURCE_CREATE2", FIXED, 11, VTEST_REPLY_NONE, 0},
    [VTEST_TRANSFER_GET2] = {"TRANSFER_GET2", FIXED, 10, VTEST_REPLY_NONE, 0},
    [VTEST_TRANSFER_PUT2] = {"TRANSFER_PUT2", FIXED, 10, VTEST_REPLY_NONE, 0},
    [VTEST_GET_PARAM] = {"GET_PARAM", FIXED, 1, VTEST_REPLY_MESSAGE, 2},
    [VTEST_GET_CAPSET] = {"GET_CAPSET", FIXED, 2, VTEST_REPLY_MESSAGE, VARIABLE_REPLY},
    [VTEST_CONTEXT_INIT] = {"CONTEXT_INIT", FIXED, 1, VTEST_REPLY_NONE, 0},
    [VTEST_RESOURCE_CREATE_BLOB] = {"RESOURCE_CREATE_BLOB", FIXED, 6, VTEST_REPLY_MESSAGE, 1},
    [VTEST_SYNC_CREATE] = {"SYNC_CREATE", FIXED, 2, VTEST_REPLY_MESSAGE, 1},
    [VTEST_SYNC_UNREF] = {"SYNC_UNREF", FIXED, 1, VTEST_REPLY_NONE, 0},
    [VTEST_SYNC_READ] = {"SYNC_READ", FIXED, 1, VTEST_REPLY_MESSAGE, 2},
    [VTEST_SYNC_WRITE] = {"SYNC_WRITE", FIXED, 3, VTEST_REPLY_NONE, 0},
    [VTEST_SYNC_WAIT] = {"SYNC_WAIT", DWORDS, 0, VTEST_REPLY_MESSAGE, 0},
    [VTEST_SUBMIT_CMD2] = {"SUBMIT_CMD2", DWORDS, 0, VTEST_REPLY_NONE, 0},
};

static const struct shape *find_shape(uint32_t id)
{
    return id > 0 && id < VTEST_NUM_COMMANDS ? &shapes[id] : NULL;
}

const char *vtest_command_name(uint32_t id)
{
    const struct shape *shape = find_shape(id);

    return shape ? shape->name : "?";
}

bool vtest_request_fixed_bytes(const struct vtest_header *header, uint32_t *bytes)
{
    const struct shape *shape = find_shape(header->id);

    if (!shape)
        return false;
    *bytes = shape->fixed * 4;
    return true;
}

uint64_t vtest_request_size(const struct vtest_header *header, const uint32_t *fixed)
{
    const struct shape *shape = find_shape(header->id);

    if (!shape)
        return 0;
    switch (shape->size) {
    case BYTES:
        return header->length;
    case DWORDS:
        return (uint64_t)header->length * 4;
    case WITH_BYTES:
        return (uint64_t)shape->fixed * 4 + fixed[shape->fixed - 1];
    case FIXED:
    default:
        return (uint64_t)shape->fixed * 4;
    }
}

void vtest_answer_to(const struct vtest_header *header, const uint32_t *fixed, uint32_t version,
                     struct vtest_answer *answer)
{
    const struct shape *shape = find_shape(header->id);

    *answer = (struct vtest_answer){.reply = VTEST_REPLY_NONE, .id = header->id};
    if (!shape)
        return;
    answer->reply = shape->reply;
    answer->min_dwords = answer->max_dwords = shape->reply_dwords;
    switch (header->id) {
    case VTEST_GET_CAPS:
        answer->id = 1;
        break;
    case VTEST_GET_CAPS2:
        answer->id = 2;
        break;
    case VTEST_GET_CAPSET:
        answer->min_dwords = 1;
        answer->max_dwords = 1 + VTEST_MAX_CAPSET / 4;
        break;
    case VTEST_TRANSFER_GET:
        answer->raw_bytes = fixed[VTEST_TRANSFER_DWORDS - 1];
        break;
    case VTEST_RESOURCE_CREATE:
    case VTEST_RESOURCE_CREATE2:
        /* From version 3 on the server chooses the id, and tells it. */
        if (version >= 3) {
            answer->reply = VTEST_REPLY_MESSAGE;
            answer->min_dwords = answer->max_dwords = 1;
        }
        answer->fd =
            header->id == VTEST_RESOURCE_CREATE2 && fixed[VTEST_RESOURCE_CREATE2_DWORDS - 1] != 0;
        break;
    case VTEST_RESOURCE_CREATE_BLOB:
    case VTEST_SYNC_WAIT:
        answer->fd = true;
        break;
    default:
        break;
    }
}

bool vtest_answer_size(const struct vtest_answer *answer, const struct vtest_header *header,
                       uint32_t *bytes)
{
    if (header->id != answer->id)
        return false;
    if (answer->reply == VTEST_REPLY_CAPS) {
        if (header->length <= 1 || header->length - 1 > VTEST_MAX_CAPSET)
            return false;
        *bytes = header->length - 1;
        return true;
    }
    if (header->length < answer->min_dwords || header->length > answer->max_dwords)
        return false;
    *bytes = header->length * 4;
    return true;
}
