/* SPDX-License-Identifier: MIT */
/* POSIX threads and clocks, anonymous memory: not in plain C11 */
#define _DEFAULT_SOURCE

#include <search.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "objects.h"

struct piece {
    uintptr_t start;
    uintptr_t end; /* one past the last byte */
    size_t users;
    bool freed; /* by the guest, while there were users */
};

/* Pieces do not overlap, so two ranges that touch are "equal": that finds the piece of a range. */
static int compare_pieces(const void *a, const void *b)
{
    const struct piece *left = a;
    const struct piece *right = b;

    if (left->end <= right->start)
        return -1;
    return left->start >= right->end;
}

static struct piece *find_piece(const struct guest_memory *memory, uintptr_t start, size_t length)
{
    struct piece range = {.start = start, .end = start + length};
    struct piece **node = tfind(&range, &memory->root, compare_pieces);

    return node ? *node : NULL;
}

static void free_piece(struct guest_memory *memory, struct piece *piece)
{
    tdelete(piece, &memory->root, compare_pieces);
    munmap((void *)piece->start, piece->end - piece->start);
    free(piece);
}

void *guest_memory_alloc(struct guest_memory *memory, size_t size)
{
    struct piece *piece = calloc(1, sizeof(*piece));
    void *start;

    if (!piece)
        return NULL;
    start = size > 0 ? mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                     : MAP_FAILED;
    if (start == MAP_FAILED) {
        free(piece);
        return NULL;
    }
    piece->start = (uintptr_t)start;
    piece->end = piece->start + size;
    if (!tsearch(piece, &memory->root, compare_pieces)) {
        munmap(start, size);
        free(piece);
        return NULL;
    }
    return start;
}

bool guest_memory_free(struct guest_memory *memory, void *start, bool *in_use)
{
    struct piece *piece = find_piece(memory, (uintptr_t)start, 1);

    if (!piece || piece->start != (uintptr_t)start || piece->freed)
        return false;
    *in_use = piece->users > 0;
    if (*in_use)
        piece->freed = true;
    else
        free_piece(memory, piece);
    return true;
}

void *guest_memory_use(struct guest_memory *memory, uint64_t address, uint32_t length)
{
    struct piece *piece;
    uintptr_t start;

    if (length == 0 || address > UINTPTR_MAX - length)
        return NULL;
    start = (uintptr_t)address;
    piece = find_piece(memory, start, length);
    if (!piece || start < piece->start || start + length > piece->end || piece->freed)
        return NULL;
    piece->users++;
    return (void *)start;
}

void guest_memory_release(struct guest_memory *memory, void *pointer)
{
    struct piece *piece = find_piece(memory, (uintptr_t)pointer, 1);

    if (!piece || piece->users == 0)
        return;
    piece->users--;
    if (piece->users == 0 && piece->freed)
        free_piece(memory, piece);
}

void guest_memory_clear(struct guest_memory *memory)
{
    while (memory->root)
        free_piece(memory, *(struct piece **)memory->root);
}
