/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "seed.h"

#define LARGEST_STREAM (64u << 20)

static long file_size(FILE *file)
{
    long size;

    if (fseek(file, 0, SEEK_END) != 0)
        return -1;
    size = ftell(file);
    return fseek(file, 0, SEEK_SET) == 0 ? size : -1;
}

static void swap_if_big(uint32_t *dwords, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const unsigned char *byte = (const unsigned char *)&dwords[i];

        dwords[i] = (uint32_t)byte[0] | (uint32_t)byte[1] << 8 | (uint32_t)byte[2] << 16 |
                    (uint32_t)byte[3] << 24;
    }
}

uint32_t *parity_read_dwords(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    uint32_t *dwords = NULL;
    long size;

    if (!file) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return NULL;
    }
    size = file_size(file);
    if (size < 0 || size % 4 != 0 || size > (long)LARGEST_STREAM) {
        fprintf(stderr, "%s: %ld bytes are no stream: wanted whole dwords, at most %u bytes\n",
                path, size, LARGEST_STREAM);
    } else {
        *length = (size_t)size / 4;
        dwords = malloc((size_t)size + 4);
        if (!dwords || fread(dwords, 4, *length, file) != *length) {
            fprintf(stderr, "%s: cannot read %zu dwords\n", path, *length);
            free(dwords);
            dwords = NULL;
        }
    }
    fclose(file);
    if (dwords)
        swap_if_big(dwords, *length);
    return dwords;
}

/* A line without a number in it is a comment. */
static int parse_resource(const char *line, struct parity_resource *resource)
{
    uint32_t *fields[] = {&resource->handle,  &resource->target,     &resource->format,
                          &resource->bind,    &resource->width,      &resource->height,
                          &resource->depth,   &resource->array_size, &resource->last_level,
                          &resource->samples, &resource->backing};
    size_t count = sizeof(fields) / sizeof(fields[0]);
    size_t found = 0;

    while (found < count) {
        char *end;
        unsigned long value = strtoul(line, &end, 10);

        if (end == line)
            break;
        *fields[found++] = (uint32_t)value;
        line = end;
    }
    return found == count ? 1 : found == 0 ? 0 : -1;
}

static bool add_resource(struct parity_seed *seed, const struct parity_resource *resource)
{
    size_t size = (seed->resource_count + 1) * sizeof(*resource);
    struct parity_resource *more = realloc(seed->resources, size);

    if (!more)
        return false;
    more[seed->resource_count++] = *resource;
    seed->resources = more;
    return true;
}

/* Their handles are above those of any program. */
static bool add_common(struct parity_seed *seed)
{
    static const struct parity_resource common[] = {
        {9001, 0, 64, 131072, 64, 1, 1, 1, 0, 0, 64},     /* results of queries */
        {9002, 0, 64, 0x8000, 4096, 1, 1, 1, 0, 0, 4096}, /* where queries write */
        {9003, 2, 67, 10, 64, 32, 1, 1, 3, 0, 16384},     /* 2D, four levels */
        {9004, 7, 67, 10, 16, 16, 1, 4, 1, 0, 8192},      /* four layers */
    };

    seed->own_count = seed->resource_count;
    for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
        if (!add_resource(seed, &common[i]))
            return false;
    return true;
}

static bool read_resources(struct parity_seed *seed, const char *path)
{
    FILE *file = fopen(path, "r");
    char line[256];
    bool ok = true;

    if (!file) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return false;
    }
    for (unsigned number = 1; ok && fgets(line, sizeof(line), file); number++) {
        struct parity_resource resource;
        int parsed = parse_resource(line, &resource);

        if (parsed < 0)
            fprintf(stderr, "%s:%u: a resource has 11 numbers\n", path, number);
        ok = parsed == 0 || (parsed > 0 && add_resource(seed, &resource));
    }
    fclose(file);
    return ok;
}

bool parity_seed_load(struct parity_seed *seed, const char *folder)
{
    const char *slash = strrchr(folder, '/');
    char path[1024];

    memset(seed, 0, sizeof(*seed));
    snprintf(seed->name, sizeof(seed->name), "%s", slash ? slash + 1 : folder);
    snprintf(path, sizeof(path), "%s/resources.txt", folder);
    if (read_resources(seed, path) && add_common(seed)) {
        snprintf(path, sizeof(path), "%s/stream.dwords", folder);
        seed->dwords = parity_read_dwords(path, &seed->length);
    }
    if (seed->dwords)
        return true;
    parity_seed_free(seed);
    return false;
}

void parity_seed_free(struct parity_seed *seed)
{
    free(seed->resources);
    free(seed->dwords);
    memset(seed, 0, sizeof(*seed));
}
