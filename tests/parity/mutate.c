/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "mutate.h"

static void append(struct parity_stream *stream, const uint32_t *dwords, size_t length)
{
    if (length > PARITY_LONGEST - stream->length)
        length = PARITY_LONGEST - stream->length;
    memcpy(stream->dwords + stream->length, dwords, length * sizeof(*dwords));
    stream->length += length;
}

static void set_length(uint32_t *header, size_t payload)
{
    *header = (*header & 0xffff) | (uint32_t)payload << 16;
}

/* ---- changes of the packet at a place; what is behind it moves ---- */

struct place {
    struct parity_stream *stream;
    const struct parity_pool *pool;
    struct parity_random *random;
    uint32_t *packet;
    size_t length; /* dwords of the packet, header included */
};

static void change_bit(struct place *at)
{
    at->packet[parity_below(at->random, (uint32_t)at->length)] ^= UINT32_C(1)
                                                                  << parity_below(at->random, 32);
}

static void change_dword(struct place *at)
{
    at->packet[parity_below(at->random, (uint32_t)at->length)] = (uint32_t)parity_next(at->random);
}

static void change_field(struct place *at)
{
    if (!parity_change_field(at->packet, at->length, at->pool, at->random))
        change_bit(at);
}

static void change_two_fields(struct place *at)
{
    change_field(at);
    change_field(at);
}

/* The header lies about the length: what follows is read from the wrong place. */
static void lie_about_length(struct place *at)
{
    uint32_t wrong = parity_chance(at->random, 70) ? parity_below(at->random, 8)
                                                   : parity_below(at->random, 65536);

    set_length(at->packet, at->length - 1 + wrong - 4);
}

static void resize(struct place *at, size_t length)
{
    struct parity_stream *stream = at->stream;
    size_t from = (size_t)(at->packet - stream->dwords) + at->length;
    size_t behind = stream->length - from;

    if (length > at->length && length - at->length > PARITY_LONGEST - stream->length)
        return;
    memmove(at->packet + length, stream->dwords + from, behind * sizeof(uint32_t));
    for (size_t i = at->length; i < length; i++)
        at->packet[i] = parity_chance(at->random, 50) ? 0 : parity_below(at->random, 64);
    stream->length = stream->length - at->length + length;
    at->length = length;
}

/* Longer or shorter, and the header knows it. */
static void change_length(struct place *at)
{
    size_t length = parity_chance(at->random, 80) ? at->length + parity_below(at->random, 9)
                                                  : at->length + parity_below(at->random, 200);

    length = length > 5 ? length - 4 : 1;
    resize(at, length);
    set_length(at->packet, at->length - 1);
}

static void change_opcode(struct place *at)
{
    at->packet[0] = (at->packet[0] & ~UINT32_C(0xff)) | parity_below(at->random, 72);
}

static void change_object(struct place *at)
{
    at->packet[0] = (at->packet[0] & ~UINT32_C(0xff00)) | parity_below(at->random, 14) << 8;
}

static void delete_packet(struct place *at)
{
    resize(at, 0);
}

static void duplicate(struct place *at)
{
    struct parity_stream *stream = at->stream;
    size_t from = (size_t)(at->packet - stream->dwords);

    if (at->length > PARITY_LONGEST - stream->length)
        return;
    memmove(at->packet + at->length, at->packet, (stream->length - from) * sizeof(uint32_t));
    stream->length += at->length;
}

static void truncate_stream(struct place *at)
{
    size_t end =
        (size_t)(at->packet - at->stream->dwords) + parity_below(at->random, (uint32_t)at->length);

    at->stream->length = end > 0 ? end : 1;
}

/* A packet of any kind in front, with some fields changed. */
static void insert_sample(struct place *at)
{
    struct parity_stream *stream = at->stream;
    size_t from = (size_t)(at->packet - stream->dwords);
    uint32_t kind = parity_below(at->random, VCMD_PACKET_KIND_COUNT);
    size_t length = at->pool->sample_length[kind];
    uint32_t changes = 1 + parity_below(at->random, 6);

    if (length == 0 || length > PARITY_LONGEST - stream->length)
        return;
    memmove(at->packet + length, at->packet, (stream->length - from) * sizeof(uint32_t));
    memcpy(at->packet, at->pool->samples[kind], length * sizeof(uint32_t));
    stream->length += length;
    while (changes-- > 0)
        parity_change_field(at->packet, length, at->pool, at->random);
}

/* Those of single fields are the ones that a checker can get wrong, so most are of that kind. */
static void change_something(struct place *at)
{
    static void (*const changes[])(struct place *) = {
        change_field,    change_field,      change_field,  change_field,     change_field,
        change_field,    change_two_fields, insert_sample, insert_sample,    insert_sample,
        insert_sample,   change_bit,        change_dword,  lie_about_length, change_length,
        change_length,   change_opcode,     change_object, delete_packet,    duplicate,
        truncate_stream,
    };

    changes[parity_below(at->random, sizeof(changes) / sizeof(changes[0]))](at);
}

/* How much of the stream follows the change. */
static size_t packets_to_keep(struct parity_random *random)
{
    uint32_t percent = parity_below(random, 100);

    return percent < 60 ? 4 : percent < 90 ? 16 : 64;
}

void parity_mutate(struct parity_stream *stream, const struct parity_pool *pool,
                   const uint32_t *tail, size_t length, struct parity_random *random)
{
    size_t keep = packets_to_keep(random);
    uint32_t changes = parity_chance(random, 85) ? 1 : 2;

    stream->length = 0;
    for (size_t at = 0; at < length && keep > 0; keep--) {
        size_t packet = parity_packet_length(tail + at, length - at);

        append(stream, tail + at, packet);
        at += packet;
    }
    for (size_t offset = 0; changes > 0 && offset < stream->length; changes--) {
        struct place at = {.stream = stream, .pool = pool, .random = random};

        at.packet = stream->dwords + offset;
        at.length = parity_packet_length(at.packet, stream->length - offset);
        change_something(&at);
        if (offset < stream->length)
            offset += parity_packet_length(stream->dwords + offset, stream->length - offset);
    }
}
