/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <virglcmd/check.h>

#include "judge.h"

#define CONTEXT 1

static struct {
    struct vcmd_checker *checker;
    void *memory;
    void *kept; /* a copy of it */
    size_t size;
} judge;

static void tell_resource(const struct parity_resource *from)
{
    const struct vcmd_ctrl_resource_create_3d resource = {
        .resource_id = from->handle,
        .target = from->target,
        .format = from->format,
        .bind = from->bind,
        .width = from->width,
        .height = from->height,
        .depth = from->depth,
        .array_size = from->array_size,
        .last_level = from->last_level,
        .nr_samples = from->samples,
    };

    vcmd_checker_resource_create(judge.checker, &resource);
    vcmd_checker_set_backing(judge.checker, from->handle, from->backing);
    vcmd_checker_attach(judge.checker, CONTEXT, from->handle);
}

bool parity_judge_begin(const struct parity_seed *seed)
{
    struct vcmd_checker_desc desc = {.check = {.caps = parity_host_caps()}};

    judge.size = vcmd_checker_size(&desc.limits);
    judge.memory = malloc(judge.size);
    judge.kept = malloc(judge.size);
    if (!judge.memory || !judge.kept ||
        vcmd_checker_init(judge.memory, judge.size, &desc, &judge.checker) != VCMD_STATUS_OK) {
        fprintf(stderr, "%s: the checker does not start\n", seed->name);
        parity_judge_end();
        return false;
    }
    vcmd_checker_context_create(judge.checker, CONTEXT);
    for (size_t i = 0; i < seed->resource_count; i++)
        tell_resource(&seed->resources[i]);
    return true;
}

void parity_judge_end(void)
{
    free(judge.memory);
    free(judge.kept);
    judge.memory = NULL;
    judge.kept = NULL;
    judge.checker = NULL;
}

void parity_judge_keep(void)
{
    memcpy(judge.kept, judge.memory, judge.size);
}

void parity_judge_return(void)
{
    memcpy(judge.memory, judge.kept, judge.size);
}

static const char *code_name(uint32_t code)
{
    const struct vcmd_diagnostic_info *info = vcmd_diagnostic_info(code);

    return info ? info->name : "?";
}

void parity_judge(const uint32_t *dwords, size_t length, struct parity_judgement *judgement)
{
    struct vcmd_check_result result;

    memset(judgement, 0, sizeof(*judgement));
    if (vcmd_checker_submit(judge.checker, CONTEXT, dwords, length, &result) != VCMD_STATUS_OK)
        return;
    if (result.broken && (!result.rejected || result.broken_packet < result.rejected_packet)) {
        judgement->verdict = PARITY_POISONED;
        judgement->packet = (uint32_t)result.broken_packet;
        judgement->code = code_name(result.broken_code);
    } else if (result.rejected) {
        judgement->verdict = PARITY_REJECTED;
        judgement->packet = (uint32_t)result.rejected_packet;
        judgement->code = code_name(result.rejected_code);
    }
}
