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

/*
 * Whether an encoder can start. This and vcmd_reserve are inline, and what refuses is a function at
 * the end of which the encoder returns: so the good way needs no stack. It is most of what a packet
 * costs.
 */
static inline bool vcmd_encode_begin(const struct vcmd_buffer *buf, const void *args)
{
    return buf != NULL && args != NULL && buf->error.status == VCMD_STATUS_OK;
}

/* What to return when it cannot; keeps the error where there is one to keep. */
enum vcmd_status vcmd_encode_refused(struct vcmd_buffer *buf, const void *args,
                                     const char *command);

/* Makes the error stick and returns its status. */
enum vcmd_status vcmd_reject(struct vcmd_buffer *buf, const struct vcmd_rule *rule, size_t index,
                             uint64_t value);

/* The same, for a bound that depends on another argument. */
enum vcmd_status vcmd_reject_over(struct vcmd_buffer *buf, const struct vcmd_rule *rule,
                                  size_t index, uint64_t value, uint64_t limit);

/* Room for so many dwords at the end of the stream, now part of it; false when they do not fit. */
static inline bool vcmd_reserve(struct vcmd_buffer *buf, size_t dwords, uint32_t **place)
{
    size_t used = buf->headroom + buf->length;

    if (dwords > buf->capacity - used)
        return false;
    buf->length += dwords;
    *place = buf->dwords + used;
    return true;
}

/* What to return when they do not. */
enum vcmd_status vcmd_reserve_refused(struct vcmd_buffer *buf, const char *command, size_t dwords);

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

/* The same for text that a NUL and spare dwords follow, unless it has its own NUL at the end. */
static inline uint32_t vcmd_dwords_of_text(const char *text, uint32_t size, uint32_t spare)
{
    if (size != 0 && text[size - 1] == '\0')
        return vcmd_dwords_of(size);
    return vcmd_dwords_of(size + 1) + spare;
}

/* Up to so many words a call of memcpy costs more than the copy. */
#define VCMD_SHORT_RUN 64

static inline void vcmd_copy_words(uint32_t *p, const void *words, size_t count)
{
    const char *from = (const char *)words;

    if (count > VCMD_SHORT_RUN) {
        memcpy(p, from, count * sizeof(*p));
        return;
    }
    for (; count >= 4; count -= 4, p += 4, from += 4 * sizeof(*p))
        memcpy(p, from, 4 * sizeof(*p));
    for (; count != 0; count--, p++, from += sizeof(*p))
        memcpy(p, from, sizeof(*p));
}

/* Stores count words of 32 bits, of whatever type, in the byte order of the wire. */
static inline void vcmd_store_words(uint32_t *p, const void *words, size_t count)
{
    if (count == 0)
        return;
    vcmd_copy_words(p, words, count);
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
