/* SPDX-License-Identifier: MIT */
#ifndef PARITY_SEED_H
#define PARITY_SEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A resource as the device creates it, before the stream; fields as RESOURCE_CREATE_3D has them. */
struct parity_resource {
    uint32_t handle, target, format, bind;
    uint32_t width, height, depth, array_size;
    uint32_t last_level, samples;
    uint32_t backing; /* bytes of guest memory behind it */
};

/* What a stream is played against, and the stream: one context to which all resources belong. */
struct parity_seed {
    char name[64];
    struct parity_resource *resources;
    size_t resource_count;
    size_t own_count; /* of them; behind them are some that every seed has */
    uint32_t *dwords;
    size_t length; /* dwords */
};

/*
 * Besides the seed's own resources there are always those that generated packets want and that few
 * programs have: a buffer for results of queries, an array of textures.
 *
 * Reads FOLDER/resources.txt (a resource a line, its eleven numbers in the order above) and
 * FOLDER/stream.dwords (little-endian). False: it has said why on stderr, and there is nothing to
 * free.
 */
bool parity_seed_load(struct parity_seed *seed, const char *folder);

void parity_seed_free(struct parity_seed *seed);

/* Bytes of a file as dwords, in the caller's ownership; NULL after a message on stderr. */
uint32_t *parity_read_dwords(const char *path, size_t *length);

#endif
