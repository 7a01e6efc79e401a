/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "mutate.h"

/* Payloads that are tried for the shortest packet of a kind. No fixed part is longer. */
#define LONGEST_FIXED 128

size_t parity_packet_length(const uint32_t *dwords, size_t left)
{
    size_t length = (dwords[0] >> 16) + (size_t)1;

    return length < left ? length : left;
}

static enum vcmd_packet_kind kind_of(const uint32_t *packet, size_t length, bool *exact)
{
    uint64_t scratch[VCMD_DECODER_SCRATCH / 8];
    struct vcmd_decoder decoder;
    struct vcmd_packet decoded;

    vcmd_decoder_init(&decoder, packet, length, scratch, sizeof(scratch));
    if (vcmd_decode_next(&decoder, &decoded) != VCMD_STATUS_OK)
        return VCMD_PACKET_UNKNOWN;
    *exact = decoded.trailing == 0;
    return decoded.kind;
}

static bool keep(struct parity_pool *pool, enum vcmd_packet_kind kind, const uint32_t *packet,
                 size_t length)
{
    uint32_t *copy = malloc(length * sizeof(*copy));

    if (!copy)
        return false;
    memcpy(copy, packet, length * sizeof(*copy));
    free(pool->samples[kind]);
    pool->samples[kind] = copy;
    pool->sample_length[kind] = length;
    return true;
}

/* All lengths for one opcode and object: one kind can come in several. */
static bool fill_kinds(struct parity_pool *pool, uint32_t opcode, uint32_t object)
{
    uint32_t packet[1 + LONGEST_FIXED] = {0};

    for (uint32_t length = 0; length <= LONGEST_FIXED; length++) {
        bool exact = false;
        enum vcmd_packet_kind kind;

        packet[0] = opcode | object << 8 | length << 16;
        kind = kind_of(packet, length + 1, &exact);
        if (kind == VCMD_PACKET_UNKNOWN || !exact || pool->samples[kind])
            continue;
        if (!keep(pool, kind, packet, length + 1))
            return false;
    }
    return true;
}

bool parity_pool_fill(struct parity_pool *pool)
{
    memset(pool, 0, sizeof(*pool));
    for (uint32_t opcode = 0; opcode < 80; opcode++)
        for (uint32_t object = 0; object < 16; object++)
            if (!fill_kinds(pool, opcode, object))
                return false;
    return true;
}

bool parity_pool_learn(struct parity_pool *pool, const struct parity_seed *seed)
{
    for (size_t at = 0; at < seed->length;) {
        size_t length = parity_packet_length(seed->dwords + at, seed->length - at);
        bool exact = false;
        enum vcmd_packet_kind kind = kind_of(seed->dwords + at, length, &exact);

        /* Shaders and uploads are long, and the short ones show as much. */
        if (kind != VCMD_PACKET_UNKNOWN && length <= 256 && length > pool->sample_length[kind] &&
            !keep(pool, kind, seed->dwords + at, length))
            return false;
        at += length;
    }
    return true;
}

void parity_pool_free(struct parity_pool *pool)
{
    for (size_t i = 0; i < VCMD_PACKET_KIND_COUNT; i++)
        free(pool->samples[i]);
}

/* ---- handles ---- */

static void remember(struct parity_pool *pool, uint32_t kind, uint32_t handle)
{
    if (kind >= PARITY_HANDLE_KINDS || handle == 0)
        return;
    pool->handles[kind][pool->handle_count[kind]++ % PARITY_HANDLES] = handle;
}

void parity_pool_begin(struct parity_pool *pool, const struct parity_seed *seed)
{
    memset(pool->handle_count, 0, sizeof(pool->handle_count));
    for (size_t i = 0; i < seed->own_count; i++)
        remember(pool, VCMD_HANDLE_RESOURCE, seed->resources[i].handle);
}

static bool see_field(void *user, const struct vcmd_field *field)
{
    if (field->handle != VCMD_HANDLE_NONE)
        for (size_t i = 0; i < field->count; i++)
            remember(user, field->handle, (uint32_t)vcmd_field_value(field, i));
    return true;
}

void parity_pool_see(struct parity_pool *pool, const uint32_t *packet, size_t length)
{
    vcmd_visit_packet(packet, length, see_field, pool, NULL);
}
