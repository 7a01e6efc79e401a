/* SPDX-License-Identifier: MIT */
#ifndef VCMD_ID_TREE_H
#define VCMD_ID_TREE_H

#include <search.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What belongs to ids that somebody else has given out: a tree of the C library over structures
 * that begin with their id, a uint32_t. It does not own them. Zeroed: empty. Not locked.
 *
 * Needs POSIX: for transports and programs that do, not for what Windows builds, too.
 */
struct id_tree {
    void *root;
};

static inline int id_tree_compare(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a;
    uint32_t right = *(const uint32_t *)b;

    return (left > right) - (left < right);
}

/* NULL: unknown. */
static inline void *id_tree_find(const struct id_tree *tree, uint32_t id)
{
    void **node = tfind(&id, &tree->root, id_tree_compare);

    return node ? *node : NULL;
}

/* False: no memory. When there is one with this id already, it stays, and this one is left out. */
static inline bool id_tree_add(struct id_tree *tree, void *object)
{
    return tsearch(object, &tree->root, id_tree_compare) != NULL;
}

/* NULL: unknown. */
static inline void *id_tree_remove(struct id_tree *tree, uint32_t id)
{
    void *object = id_tree_find(tree, id);

    if (object)
        tdelete(&id, &tree->root, id_tree_compare);
    return object;
}

/* Takes out any object; NULL when there is none left. */
static inline void *id_tree_pop(struct id_tree *tree)
{
    /* A node begins with the pointer to its object: POSIX promises that. */
    return tree->root ? id_tree_remove(tree, **(uint32_t **)tree->root) : NULL;
}

#endif
