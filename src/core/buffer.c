/* SPDX-License-Identifier: MIT */
#include "encode.h"
#include <virglcmd/version.h>

void vcmd_buffer_init(struct vcmd_buffer *buf, uint32_t *dwords, size_t capacity, size_t headroom)
{
    if (buf == NULL)
        return;
    memset(buf, 0, sizeof(*buf));
    buf->dwords = dwords;
    buf->capacity = dwords != NULL ? capacity : 0;
    buf->headroom = headroom < buf->capacity ? headroom : buf->capacity;
}

void vcmd_buffer_reset(struct vcmd_buffer *buf)
{
    if (buf == NULL)
        return;
    buf->length = 0;
    memset(&buf->error, 0, sizeof(buf->error));
}

size_t vcmd_buffer_space(const struct vcmd_buffer *buf)
{
    if (buf == NULL || buf->error.status != VCMD_STATUS_OK)
        return 0;
    return buf->capacity - buf->headroom - buf->length;
}

const uint32_t *vcmd_buffer_stream(const struct vcmd_buffer *buf)
{
    return buf != NULL && buf->dwords != NULL ? buf->dwords + buf->headroom : NULL;
}

uint32_t vcmd_le32(uint32_t value)
{
    return vcmd_wire32(value);
}

unsigned int vcmd_version(void)
{
    return VCMD_VERSION_NUMBER;
}

enum vcmd_status vcmd_encode_refused(struct vcmd_buffer *buf, const void *args, const char *command)
{
    if (buf == NULL)
        return VCMD_STATUS_NULL_ARGUMENT;
    if (args == NULL && buf->error.status == VCMD_STATUS_OK) {
        buf->error.status = VCMD_STATUS_NULL_ARGUMENT;
        buf->error.command = command;
        buf->error.field = "args";
    }
    return buf->error.status;
}

enum vcmd_status vcmd_reject_over(struct vcmd_buffer *buf, const struct vcmd_rule *rule,
                                  size_t index, uint64_t value, uint64_t limit)
{
    buf->error.status = rule->status;
    buf->error.command = rule->command;
    buf->error.field = rule->field;
    buf->error.index = index;
    buf->error.value = value;
    buf->error.limit = limit;
    buf->error.offset = rule->place;
    return rule->status;
}

enum vcmd_status vcmd_reject(struct vcmd_buffer *buf, const struct vcmd_rule *rule, size_t index,
                             uint64_t value)
{
    return vcmd_reject_over(buf, rule, index, value, (uint64_t)rule->limit);
}

enum vcmd_status vcmd_reserve_refused(struct vcmd_buffer *buf, const char *command, size_t dwords)
{
    buf->error.status = VCMD_STATUS_BUFFER_FULL;
    buf->error.command = command;
    buf->error.value = dwords;
    buf->error.limit = buf->capacity - buf->headroom - buf->length;
    return buf->error.status;
}

void vcmd_store_bytes(uint32_t *p, size_t dwords, const void *bytes, size_t size)
{
    if (dwords == 0)
        return;
    p[dwords - 1] = 0;
    if (dwords > 1)
        p[dwords - 2] = 0;
    if (size != 0)
        memcpy(p, bytes, size);
}
