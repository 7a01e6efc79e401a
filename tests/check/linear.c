/* SPDX-License-Identifier: MIT */

/*
 * Work for linear.sh, which counts instructions:
 *
 *     check_linear random|hostile N      N objects created, bound and destroyed
 *
 * random: the handles of a driver. hostile: handles that all fall into one place of the table of a
 * checker whose seed is known, found by trying them with a checker of one place more.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <virglcmd/virglcmd.h>

#define BUCKETS 4096u

/* As src/check/hash.c has it, for seed 0: what a guest that has read the source can do. */
static uint32_t bucket_of(uint64_t key)
{
    uint64_t hash = key;

    hash = (hash ^ hash >> 30) * 0xbf58476d1ce4e5b9u;
    hash = (hash ^ hash >> 27) * 0x94d049bb133111ebu;
    return (uint32_t)(hash ^ hash >> 31) & (BUCKETS - 1);
}

/* The object table's key of a handle in the first sub-context is the handle itself. */
static uint32_t next_handle(uint32_t handle, int hostile)
{
    do
        handle++;
    while (hostile && bucket_of(handle) != 0);
    return handle;
}

static size_t fill(uint32_t *dwords, size_t count, int hostile)
{
    uint32_t handle = 0;
    size_t at = 0;

    for (size_t i = 0; i < count; i++) {
        handle = next_handle(handle, hostile);
        dwords[at++] = vcmd_le32(VCMD_CCMD_CREATE_OBJECT | VCMD_OBJECT_DSA << 8 | 5u << 16);
        dwords[at++] = vcmd_le32(handle);
        memset(dwords + at, 0, 16);
        at += 4;
        dwords[at++] = vcmd_le32(VCMD_CCMD_BIND_OBJECT | VCMD_OBJECT_DSA << 8 | 1u << 16);
        dwords[at++] = vcmd_le32(handle);
    }
    return at;
}

int main(int argc, char **argv)
{
    size_t count = argc > 2 ? (size_t)strtoul(argv[2], NULL, 10) : 0;
    int hostile = argc > 1 && strcmp(argv[1], "hostile") == 0;
    size_t size = vcmd_checker_size(NULL);
    struct vcmd_checker_desc desc = {0};
    struct vcmd_check_result result;
    struct vcmd_checker *checker;
    uint32_t *dwords = malloc((8 * count + 1) * 4);
    void *memory = malloc(size);

    if (!dwords || !memory || count == 0 ||
        vcmd_checker_init(memory, size, &desc, &checker) != VCMD_STATUS_OK)
        exit(2);
    vcmd_checker_context_create(checker, 1);
    if (vcmd_checker_submit(checker, 1, dwords, fill(dwords, count, hostile), &result) !=
        VCMD_STATUS_OK)
        exit(2);
    printf("%zu packets, rejected %d, broken %d\n", result.packets, result.rejected, result.broken);
    free(memory);
    free(dwords);
    return result.rejected || result.broken;
}
