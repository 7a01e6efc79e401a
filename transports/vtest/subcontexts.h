/* SPDX-License-Identifier: MIT */
#ifndef VTEST_SUBCONTEXTS_H
#define VTEST_SUBCONTEXTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <virglcmd/status.h>

/*
 * Several contexts over one connection. A connection has one context on the host, and connections
 * cannot share resources; but VirGL has sub-contexts, with objects and state of their own. So each
 * sub-context of each context here is a sub-context of the connection: the numbers in
 * CREATE_SUB_CTX, SET_SUB_CTX and DESTROY_SUB_CTX are translated, and a stream for a context that
 * is not the current one gets a SET_SUB_CTX in front.
 *
 * A program with one context that creates its sub-contexts itself sees its bytes go out unchanged.
 */
struct vtest_subcontext {
    uint32_t context_id;
    uint32_t id;      /* in the context's streams */
    uint32_t host_id; /* in the connection's streams; never 0 */
};

struct vtest_current {
    uint32_t context_id;
    uint32_t id;
};

struct vtest_subcontexts {
    struct vtest_subcontext *entries;
    size_t num_entries, max_entries;
    struct vtest_current *contexts; /* each with its current sub-context */
    size_t num_contexts, max_contexts;
    uint32_t host_current;
    uint32_t next_host_id;
};

/* Gets the translated stream in one or more pieces, in their order. */
typedef enum vcmd_status (*vtest_emit_fn)(void *user, const uint32_t *dwords, size_t num_dwords);

/* Zeroed memory is a good beginning, too. Forgets everything. */
void vtest_subcontexts_clear(struct vtest_subcontexts *subs);

enum vcmd_status vtest_subcontexts_add(struct vtest_subcontexts *subs, uint32_t context_id);

/* Emits what destroys the context's sub-contexts on the host, and forgets it. */
enum vcmd_status vtest_subcontexts_remove(struct vtest_subcontexts *subs, uint32_t context_id,
                                          vtest_emit_fn emit, void *user);

/*
 * Translates a stream of a context and emits it. A stream whose packets do not add up goes out as
 * it is from there on, for the host to refuse. Returns what emit does, or NO_MEMORY.
 */
enum vcmd_status vtest_subcontexts_translate(struct vtest_subcontexts *subs, uint32_t context_id,
                                             const uint32_t *dwords, size_t num_dwords,
                                             vtest_emit_fn emit, void *user);

#endif
