/* SPDX-License-Identifier: MIT */
#ifndef PARITY_MUTATE_H
#define PARITY_MUTATE_H

#include <stddef.h>
#include <stdint.h>

#include <virglcmd/decode.h>

#include "random.h"
#include "seed.h"

/* As many kinds of handles as there may be, and how many of each are remembered. */
#define PARITY_HANDLE_KINDS 32
#define PARITY_HANDLES      32

/* The longest stream that is made, in dwords; longer ones are cut. */
#define PARITY_LONGEST 16384

/*
 * What a mutation draws on beside the stream: the handles that are in use, so that some of the
 * changed ones mean something, and a packet of every kind for inserting it elsewhere.
 */
struct parity_pool {
    uint32_t handles[PARITY_HANDLE_KINDS][PARITY_HANDLES];
    uint32_t handle_count[PARITY_HANDLE_KINDS]; /* all that were seen; the last are kept */
    uint32_t *samples[VCMD_PACKET_KIND_COUNT];  /* header and payload; NULL: none known */
    size_t sample_length[VCMD_PACKET_KIND_COUNT];
};

/*
 * The shortest packet of zeros that is one of each kind, as the description has it. False: no
 * memory.
 */
bool parity_pool_fill(struct parity_pool *pool);

/* Takes the seed's packets as samples in place of zeros: longer ones, with values that make sense.
 */
bool parity_pool_learn(struct parity_pool *pool, const struct parity_seed *seed);

/* Forgets the handles, then those of the resources of a seed are the known ones. */
void parity_pool_begin(struct parity_pool *pool, const struct parity_seed *seed);

/* Remembers the handles of a packet. */
void parity_pool_see(struct parity_pool *pool, const uint32_t *packet, size_t length);

void parity_pool_free(struct parity_pool *pool);

/* A stream in the making. */
struct parity_stream {
    uint32_t dwords[PARITY_LONGEST];
    size_t length;
};

/* Dwords of the packet at a place, no more than there are. */
size_t parity_packet_length(const uint32_t *dwords, size_t left);

/* Makes a stream from what would follow: some packets of it, changed, mostly the first ones. */
void parity_mutate(struct parity_stream *stream, const struct parity_pool *pool,
                   const uint32_t *tail, size_t length, struct parity_random *random);

/* Changes one field of a packet, as the description knows it. False: it has no field. */
bool parity_change_field(uint32_t *packet, size_t length, const struct parity_pool *pool,
                         struct parity_random *random);

#endif
