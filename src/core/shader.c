/* SPDX-License-Identifier: MIT */
#include "encode.h"
#include <virglcmd/shader.h>

#define FIXED_DWORDS 5u /* payload in front of stream output and text */

static const char name[] = "CREATE_OBJECT.SHADER";

static size_t text_length(const char *text)
{
    size_t length = 0;

    while (text[length] != '\0')
        length++;
    return length;
}

/* Payload dwords of a packet in front of its text. */
static size_t fixed_dwords(const struct vcmd_create_shader *args, size_t offset)
{
    bool outputs = offset == 0 && args->num_outputs != 0;

    return FIXED_DWORDS + (outputs ? 4 + 2 * (size_t)args->num_outputs : 0);
}

/* Bytes of text in the packet that begins at offset, when packets may have so many dwords. */
static size_t packet_bytes(const struct vcmd_create_shader *args, size_t offset, size_t total,
                           size_t max_payload)
{
    size_t fixed = fixed_dwords(args, offset);
    size_t room = max_payload > fixed ? (max_payload - fixed) * 4 : 0;

    return total - offset < room ? total - offset : room;
}

/* The rules that the single packets do not know. */
static enum vcmd_status check(struct vcmd_buffer *buf, const struct vcmd_create_shader *args)
{
    static const struct vcmd_rule rules[] = {
        {name, "text", 6, VCMD_STATUS_NULL_ARGUMENT, 0},
        {name, "text", 6, VCMD_STATUS_TOO_LONG, INT32_MAX},
        {name, "num_outputs", 5, VCMD_STATUS_OUT_OF_RANGE, 0},
        {name, "req_local_mem", 5, VCMD_STATUS_OUT_OF_RANGE, 0},
        {name, "num_outputs", 5, VCMD_STATUS_TOO_MANY, 64},
        {name, "type", 2, VCMD_STATUS_UNKNOWN_VALUE, VCMD_SHADER_COMPUTE},
    };
    bool compute = args->type == VCMD_SHADER_COMPUTE;

    if (args->text == NULL)
        return vcmd_reject(buf, &rules[0], 0, 0);
    if (text_length(args->text) >= INT32_MAX)
        return vcmd_reject(buf, &rules[1], 0, text_length(args->text));
    if (args->type > VCMD_SHADER_COMPUTE)
        return vcmd_reject(buf, &rules[5], 0, args->type);
    if (compute && args->num_outputs != 0)
        return vcmd_reject(buf, &rules[2], 0, args->num_outputs);
    if (!compute && args->req_local_mem != 0)
        return vcmd_reject(buf, &rules[3], 0, args->req_local_mem);
    if (args->num_outputs > 64)
        return vcmd_reject(buf, &rules[4], 0, args->num_outputs);
    return VCMD_STATUS_OK;
}

static enum vcmd_status graphics_packet(struct vcmd_buffer *buf,
                                        const struct vcmd_create_shader *args, uint32_t offset,
                                        uint32_t total, uint32_t tokens, uint32_t bytes)
{
    struct vcmd_create_shader_packet packet = {
        .handle = args->handle,
        .type = args->type,
        .offlen = offset == 0 ? total : offset,
        .continuation = offset != 0,
        .num_tokens = tokens,
        .text = args->text + offset,
        .text_size = bytes,
    };

    if (offset == 0) {
        packet.so_info_num_outputs = args->num_outputs;
        memcpy(packet.so_info_stride, args->stride, sizeof(packet.so_info_stride));
        packet.so_info_output = args->outputs;
    }
    return vcmd_create_shader_packet(buf, &packet);
}

static enum vcmd_status compute_packet(struct vcmd_buffer *buf,
                                       const struct vcmd_create_shader *args, uint32_t offset,
                                       uint32_t total, uint32_t tokens, uint32_t bytes)
{
    struct vcmd_create_shader_compute_packet packet = {
        .handle = args->handle,
        .type = args->type,
        .offlen = offset == 0 ? total : offset,
        .continuation = offset != 0,
        .num_tokens = tokens,
        .req_local_mem = args->req_local_mem,
        .text = args->text + offset,
        .text_size = bytes,
    };

    return vcmd_create_shader_compute_packet(buf, &packet);
}

/* The packet that begins at offset; total counts the NUL. */
static enum vcmd_status one_packet(struct vcmd_buffer *buf, const struct vcmd_create_shader *args,
                                   size_t offset, size_t total, size_t bytes)
{
    /* A token takes at least one character, so this many suffice. */
    uint32_t tokens = args->num_tokens != 0 ? args->num_tokens : (uint32_t)total;

    if (args->type == VCMD_SHADER_COMPUTE)
        return compute_packet(buf, args, (uint32_t)offset, (uint32_t)total, tokens,
                              (uint32_t)bytes);
    return graphics_packet(buf, args, (uint32_t)offset, (uint32_t)total, tokens, (uint32_t)bytes);
}

static size_t all_dwords(const struct vcmd_create_shader *args)
{
    size_t total = text_length(args->text) + 1;
    size_t offset = 0, dwords = 0;

    while (offset < total) {
        size_t bytes = packet_bytes(args, offset, total, VCMD_MAX_PAYLOAD);

        dwords += 1 + fixed_dwords(args, offset) + vcmd_dwords_of((uint32_t)bytes);
        offset += bytes;
    }
    return dwords;
}

size_t vcmd_create_shader_dwords(const struct vcmd_create_shader *args)
{
    struct vcmd_buffer scratch;

    vcmd_buffer_init(&scratch, NULL, 0, 0);
    if (args == NULL || check(&scratch, args) != VCMD_STATUS_OK)
        return 0;
    /* Arguments in which the first packet finds nothing wrong fail for want of room only. */
    if (one_packet(&scratch, args, 0, text_length(args->text) + 1, 0) != VCMD_STATUS_BUFFER_FULL)
        return 0;
    return all_dwords(args);
}

enum vcmd_status vcmd_create_shader(struct vcmd_buffer *buf, const struct vcmd_create_shader *args)
{
    size_t offset = 0, total, needed;
    enum vcmd_status status;

    if (!vcmd_encode_begin(buf, args))
        return vcmd_encode_refused(buf, args, name);
    status = check(buf, args);
    if (status != VCMD_STATUS_OK)
        return status;
    total = text_length(args->text) + 1;
    needed = all_dwords(args);
    if (needed > vcmd_buffer_space(buf))
        return vcmd_reserve_refused(buf, name, needed);
    /* Only the first packet can still be refused: the others repeat its arguments. */
    while (offset < total && status == VCMD_STATUS_OK) {
        size_t bytes = packet_bytes(args, offset, total, VCMD_MAX_PAYLOAD);

        status = one_packet(buf, args, offset, total, bytes);
        offset += bytes;
    }
    return status;
}

enum vcmd_status vcmd_create_shader_some(struct vcmd_buffer *buf,
                                         const struct vcmd_create_shader *args, size_t *offset)
{
    static const struct vcmd_rule offset_rule = {name, "offset", 3, VCMD_STATUS_OUT_OF_RANGE, 0};
    static const struct vcmd_rule null_rule = {name, "offset", 3, VCMD_STATUS_NULL_ARGUMENT, 0};
    enum vcmd_status status;
    bool wrote = false;
    size_t total;

    if (!vcmd_encode_begin(buf, args))
        return vcmd_encode_refused(buf, args, name);
    status = check(buf, args);
    if (status != VCMD_STATUS_OK)
        return status;
    if (offset == NULL)
        return vcmd_reject(buf, &null_rule, 0, 0);
    total = text_length(args->text) + 1;
    if (*offset % 4 != 0 && *offset < total)
        return vcmd_reject_over(buf, &offset_rule, 0, *offset, *offset + (4 - *offset % 4));
    while (*offset < total) {
        size_t space = vcmd_buffer_space(buf);
        size_t payload = space == 0 ? 0 : space - 1;
        size_t bytes = packet_bytes(args, *offset, total,
                                    payload < VCMD_MAX_PAYLOAD ? payload : VCMD_MAX_PAYLOAD);

        if (bytes == 0)
            return wrote ? VCMD_STATUS_OK : VCMD_STATUS_BUFFER_FULL;
        status = one_packet(buf, args, *offset, total, bytes);
        if (status != VCMD_STATUS_OK)
            return status;
        *offset += bytes;
        wrote = true;
    }
    return VCMD_STATUS_OK;
}
