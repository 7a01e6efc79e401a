/* SPDX-License-Identifier: MIT */
#include "subcontexts.h"

#include <stdlib.h>
#include <string.h>

#include <virglcmd/buffer.h>
#include <virglcmd/enums.h>

/* Numbers that programs hardly use; those that they do use are kept where possible. */
#define FIRST_HOST_ID 0x40000000u

#define HEADER(command) (1u << 16 | (uint32_t)(command))

/* ---- the table ---- */

void vtest_subcontexts_clear(struct vtest_subcontexts *subs)
{
    free(subs->entries);
    free(subs->contexts);
    memset(subs, 0, sizeof(*subs));
}

static struct vtest_current *find_context(struct vtest_subcontexts *subs, uint32_t context_id)
{
    for (size_t i = 0; i < subs->num_contexts; i++) {
        if (subs->contexts[i].context_id == context_id)
            return &subs->contexts[i];
    }
    return NULL;
}

/* 0: there is none. */
static uint32_t host_id_of(const struct vtest_subcontexts *subs, uint32_t context_id, uint32_t id)
{
    for (size_t i = 0; i < subs->num_entries; i++) {
        if (subs->entries[i].context_id == context_id && subs->entries[i].id == id)
            return subs->entries[i].host_id;
    }
    return 0;
}

static bool host_id_is_used(const struct vtest_subcontexts *subs, uint32_t host_id)
{
    for (size_t i = 0; i < subs->num_entries; i++) {
        if (subs->entries[i].host_id == host_id)
            return true;
    }
    return host_id == 0;
}

/* A number that the host does not know. */
static uint32_t unused_host_id(struct vtest_subcontexts *subs)
{
    if (subs->next_host_id < FIRST_HOST_ID)
        subs->next_host_id = FIRST_HOST_ID;
    while (host_id_is_used(subs, subs->next_host_id))
        subs->next_host_id++;
    return subs->next_host_id;
}

/* Room for one more element; false: no memory. */
static bool grow(void **array, size_t num, size_t *max, size_t element)
{
    size_t wanted = *max ? *max * 2 : 4;
    void *grown;

    if (num < *max)
        return true;
    grown = realloc(*array, wanted * element);
    if (!grown)
        return false;
    *array = grown;
    *max = wanted;
    return true;
}

/* 0: no memory. */
static uint32_t add_entry(struct vtest_subcontexts *subs, uint32_t context_id, uint32_t id)
{
    uint32_t host_id = host_id_is_used(subs, id) ? unused_host_id(subs) : id;
    void *entries = subs->entries;

    if (!grow(&entries, subs->num_entries, &subs->max_entries, sizeof(*subs->entries)))
        return 0;
    subs->entries = entries;
    subs->entries[subs->num_entries++] = (struct vtest_subcontext){context_id, id, host_id};
    return host_id;
}

static void remove_entry(struct vtest_subcontexts *subs, uint32_t host_id)
{
    for (size_t i = 0; i < subs->num_entries; i++) {
        if (subs->entries[i].host_id == host_id) {
            subs->entries[i] = subs->entries[--subs->num_entries];
            return;
        }
    }
}

enum vcmd_status vtest_subcontexts_add(struct vtest_subcontexts *subs, uint32_t context_id)
{
    void *contexts = subs->contexts;

    if (!grow(&contexts, subs->num_contexts, &subs->max_contexts, sizeof(*subs->contexts)))
        return VCMD_STATUS_NO_MEMORY;
    subs->contexts = contexts;
    subs->contexts[subs->num_contexts++] = (struct vtest_current){context_id, 0};
    return VCMD_STATUS_OK;
}

enum vcmd_status vtest_subcontexts_remove(struct vtest_subcontexts *subs, uint32_t context_id,
                                          vtest_emit_fn emit, void *user)
{
    enum vcmd_status status = VCMD_STATUS_OK;
    struct vtest_current *context = find_context(subs, context_id);

    for (size_t i = subs->num_entries; i-- > 0;) {
        uint32_t host_id = subs->entries[i].host_id;
        const uint32_t packet[2] = {vcmd_le32(HEADER(VCMD_CCMD_DESTROY_SUB_CTX)),
                                    vcmd_le32(host_id)};

        if (subs->entries[i].context_id != context_id)
            continue;
        if (status == VCMD_STATUS_OK)
            status = emit(user, packet, 2);
        subs->entries[i] = subs->entries[--subs->num_entries];
        if (subs->host_current == host_id)
            subs->host_current = 0;
    }
    if (context)
        *context = subs->contexts[--subs->num_contexts];
    return status;
}

/* ---- streams ---- */

struct translation {
    struct vtest_subcontexts *subs;
    struct vtest_current *context;
    const uint32_t *dwords; /* the caller's, or the copy */
    uint32_t *copy;
    size_t num_dwords;
    size_t begin; /* of what has not been emitted yet */
    vtest_emit_fn emit;
    void *user;
};

/* Changes a dword, in a copy. */
static enum vcmd_status patch(struct translation *t, size_t at, uint32_t value)
{
    value = vcmd_le32(value);
    if (t->dwords[at] == value)
        return VCMD_STATUS_OK;
    if (!t->copy) {
        t->copy = malloc(t->num_dwords * sizeof(*t->copy));
        if (!t->copy)
            return VCMD_STATUS_NO_MEMORY;
        memcpy(t->copy, t->dwords, t->num_dwords * sizeof(*t->copy));
        t->dwords = t->copy;
    }
    t->copy[at] = value;
    return VCMD_STATUS_OK;
}

static enum vcmd_status flush(struct translation *t, size_t end)
{
    size_t begin = t->begin;

    t->begin = end;
    return begin < end ? t->emit(t->user, t->dwords + begin, end - begin) : VCMD_STATUS_OK;
}

/* The host makes a new sub-context the current one; one that it knows it leaves as it is. */
static enum vcmd_status create(struct translation *t, size_t at, uint32_t id)
{
    uint32_t host_id = host_id_of(t->subs, t->context->context_id, id);

    if (host_id != 0 || id == 0)
        return patch(t, at + 1, host_id);
    host_id = add_entry(t->subs, t->context->context_id, id);
    if (host_id == 0)
        return VCMD_STATUS_NO_MEMORY;
    t->context->id = id;
    t->subs->host_current = host_id;
    return patch(t, at + 1, host_id);
}

static enum vcmd_status set(struct translation *t, size_t at, uint32_t id)
{
    uint32_t host_id = host_id_of(t->subs, t->context->context_id, id);
    enum vcmd_status status;

    if (host_id == 0 && id != 0)
        return patch(t, at + 1, unused_host_id(t->subs)); /* nor does the host heed it */
    if (host_id == 0) {
        host_id = add_entry(t->subs, t->context->context_id, 0);
        if (host_id == 0)
            return VCMD_STATUS_NO_MEMORY;
        status = patch(t, at, HEADER(VCMD_CCMD_CREATE_SUB_CTX));
        if (status != VCMD_STATUS_OK)
            return status;
    }
    t->context->id = id;
    t->subs->host_current = host_id;
    return patch(t, at + 1, host_id);
}

/* Sub-context 0 cannot be destroyed; it is the current one after that of another. */
static enum vcmd_status destroy(struct translation *t, size_t at, uint32_t id)
{
    uint32_t host_id = id ? host_id_of(t->subs, t->context->context_id, id) : 0;

    if (host_id != 0) {
        remove_entry(t->subs, host_id);
        if (t->context->id == id)
            t->context->id = 0;
        if (t->subs->host_current == host_id)
            t->subs->host_current = 0;
    }
    return patch(t, at + 1, host_id);
}

/* In front of a command that means the current sub-context. */
static enum vcmd_status select_current(struct translation *t, size_t at)
{
    uint32_t host_id = host_id_of(t->subs, t->context->context_id, t->context->id);
    uint32_t command = VCMD_CCMD_SET_SUB_CTX;
    uint32_t packet[2];
    enum vcmd_status status;

    if (host_id != 0 && host_id == t->subs->host_current)
        return VCMD_STATUS_OK;
    if (host_id == 0) { /* sub-context 0 is there from the beginning, for the program */
        command = VCMD_CCMD_CREATE_SUB_CTX;
        host_id = add_entry(t->subs, t->context->context_id, t->context->id);
        if (host_id == 0)
            return VCMD_STATUS_NO_MEMORY;
    }
    t->subs->host_current = host_id;
    status = flush(t, at);
    if (status != VCMD_STATUS_OK)
        return status;
    packet[0] = vcmd_le32(HEADER(command));
    packet[1] = vcmd_le32(host_id);
    return t->emit(t->user, packet, 2);
}

static enum vcmd_status translate_packet(struct translation *t, size_t at, uint32_t header)
{
    bool has_id = header >> 16 == 1;

    if (has_id && (header & 0xff) == VCMD_CCMD_CREATE_SUB_CTX)
        return create(t, at, vcmd_le32(t->dwords[at + 1]));
    if (has_id && (header & 0xff) == VCMD_CCMD_SET_SUB_CTX)
        return set(t, at, vcmd_le32(t->dwords[at + 1]));
    if (has_id && (header & 0xff) == VCMD_CCMD_DESTROY_SUB_CTX)
        return destroy(t, at, vcmd_le32(t->dwords[at + 1]));
    return select_current(t, at);
}

enum vcmd_status vtest_subcontexts_translate(struct vtest_subcontexts *subs, uint32_t context_id,
                                             const uint32_t *dwords, size_t num_dwords,
                                             vtest_emit_fn emit, void *user)
{
    struct translation t = {.subs = subs,
                            .context = find_context(subs, context_id),
                            .dwords = dwords,
                            .num_dwords = num_dwords,
                            .emit = emit,
                            .user = user};
    enum vcmd_status status = t.context ? VCMD_STATUS_OK : VCMD_STATUS_DEVICE_LOST;
    size_t at = 0;

    while (status == VCMD_STATUS_OK && at < num_dwords) {
        uint32_t header = vcmd_le32(t.dwords[at]);
        size_t size = 1 + (size_t)(header >> 16);

        if (size > num_dwords - at) {
            status = select_current(&t, at);
            break;
        }
        status = translate_packet(&t, at, header);
        at += size;
    }
    if (status == VCMD_STATUS_OK)
        status = flush(&t, num_dwords);
    free(t.copy);
    return status;
}
