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
    uint32_t place;          /* dword: 0 is the header, or the first of a control command */
    enum vcmd_status status; /* what a violation is */
    int64_t limit;           /* the bound that the rule sets */
};

#define VCMD_PACKET_HEADER(opcode, object, payload)                                                \
    ((uint32_t)(payload) << 16 | (uint32_t)(object) << 8 | (uint32_t)(opcode))

#define VCMD_MAX_PAYLOAD 65535u

/* The slow path of vcmd_encode_begin: keeps the error where there is one to keep. False. */
bool vcmd_encode_begin_failed(struct vcmd_buffer *buf, const void *args, const char *command);

/* Whether an encoder can start. Inline, like vcmd_reserve: this is most of what a packet costs. */
static inline bool vcmd_encode_begin(struct vcmd_buffer *buf, const void *args, const char *command)
{
    if (buf != NULL && args != NULL && buf->error.status == VCMD_STATUS_OK)
        return true;
    return vcmd_encode_begin_failed(buf, args, command);
}

/* The status to return after vcmd_encode_begin or vcmd_reserve have failed. */
enum vcmd_status vcmd_encode_status(const struct vcmd_buffer *buf);

/* Makes the error stick and returns its status. */
enum vcmd_status vcmd_reject(struct vcmd_buffer *buf, const struct vcmd_rule *rule, size_t index,
                             uint64_t value);

/* The same, for a bound that depends on another argument. */
enum vcmd_status vcmd_reject_over(struct vcmd_buffer *buf, const struct vcmd_rule *rule,
                                  size_t index, uint64_t value, uint64_t limit);

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

/* Stores count words of 32 bits, of whatever type, in the byte order of the wire. */
static inline void vcmd_store_words(uint32_t *p, const void *words, size_t count)
{
    if (count == 0)
        return;
    memcpy(p, words, count * sizeof(*p));
#if VCMD_BIG_ENDIAN
    for (size_t i = 0; i < count; i++)
        p[i] = vcmd_wire32(p[i]);
#endif
}

/*
 * Stores the members first to last of a struct, which are count words in a row: one copy where
 * single stores would be several. The compiler makes sure that nothing lies between them.
 */
#define VCMD_STORE_BLOCK(p, args, type, first, last, count)                                        \
    do {                                                                                           \
        _Static_assert(offsetof(type, last) + sizeof((args)->last) - offsetof(type, first) ==      \
                           (count) * sizeof(uint32_t),                                             \
                       "members of " #type " are not in a row");                                   \
        vcmd_store_words(p, (const char *)(args) + offsetof(type, first), count);                  \
    } while (0)

/* Copies bytes into dwords dwords, which are enough, and zeroes what they leave. */
void vcmd_store_bytes(uint32_t *p, size_t dwords, const void *bytes, size_t size);

#endif
