/* SPDX-License-Identifier: MIT */
#ifndef VCMD_ENCODE_H
#define VCMD_ENCODE_H

#include "wire.h"
#include <stdbool.h>
#include <virglcmd/buffer.h>
#include <virglcmd/status.h>

/*
 * What the generated encoders are made of: look whether the buffer is good, check every argument,
 * reserve, store. Nothing is written before the last check has passed.
 */

/* One rule for one field: what an error about it says. */
struct vcmd_rule {
    const char *command;
    const char *field;
    uint32_t place;          /* 1-based payload dword, or byte for control commands */
    enum vcmd_status status; /* what a violation is */
    uint32_t limit;          /* the bound that the rule sets */
};

#define VCMD_PACKET_HEADER(opcode, object, payload)                                                \
    ((uint32_t)(payload) << 16 | (uint32_t)(object) << 8 | (uint32_t)(opcode))

#define VCMD_MAX_PAYLOAD 65535u

/* False, with the error kept in buf, when the encoder cannot start. */
bool vcmd_encode_begin(struct vcmd_buffer *buf, const void *args, const char *command);

/* The status to return after vcmd_encode_begin or vcmd_reserve have failed. */
enum vcmd_status vcmd_encode_status(const struct vcmd_buffer *buf);

/* Makes the error stick and returns its status. */
enum vcmd_status vcmd_reject(struct vcmd_buffer *buf, const struct vcmd_rule *rule, size_t index,
                             uint64_t value);

/* The slow path of vcmd_reserve. */
uint32_t *vcmd_reserve_failed(struct vcmd_buffer *buf, const char *command, size_t dwords);

/* Room for so many dwords at the end of the stream, now part of it; NULL when they do not fit. */
static inline uint32_t *vcmd_reserve(struct vcmd_buffer *buf, const char *command, size_t dwords)
{
    size_t used = buf->headroom + buf->length;

    if (dwords > buf->capacity - used)
        return vcmd_reserve_failed(buf, command, dwords);
    buf->length += dwords;
    return buf->dwords + used;
}

/* Whether a small number is in a set given as bits. */
static inline bool vcmd_in_set(uint64_t set, uint32_t value)
{
    return value < 64 && (set >> value & 1) != 0;
}

/* Whether a format number is one that the protocol has. */
bool vcmd_format_known(uint32_t format);

/* The dwords that so many bytes fill. */
static inline uint32_t vcmd_dwords_of(uint32_t bytes)
{
    return bytes / 4 + (bytes % 4 != 0);
}

/* Copies bytes into dwords dwords, which are enough, and zeroes what they leave. */
void vcmd_store_bytes(uint32_t *p, size_t dwords, const void *bytes, size_t size);

#endif
