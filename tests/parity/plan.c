/* SPDX-License-Identifier: MIT */
#include "plan.h"
#include "mutate.h"

/* Opcode and, for objects, which; folded into the table. */
static uint32_t kind_of(uint32_t header)
{
    uint32_t opcode = header & 0xff;
    uint32_t object = header >> 8 & 0xff;

    return opcode >= 1 && opcode <= 3 ? 80 + (opcode - 1) * 16 + object % 16 : opcode % 80;
}

void parity_plan_add(struct parity_plan *plan, const struct parity_seed *seed)
{
    for (size_t at = 0; at < seed->length;) {
        uint64_t *count = &plan->of_kind[kind_of(seed->dwords[at])];

        if (*count == 0)
            plan->kinds++;
        (*count)++;
        plan->packets++;
        at += parity_packet_length(seed->dwords + at, seed->length - at);
    }
}

uint32_t parity_plan_at(const struct parity_plan *plan, const uint32_t *packet, uint64_t number)
{
    double even = 0.5 / (double)plan->packets;
    double by_kind = 0.5 / plan->kinds / (double)plan->of_kind[kind_of(*packet)];
    double wanted = (double)plan->total * (even + by_kind);
    struct parity_random random = {.state = number};
    uint32_t whole = (uint32_t)wanted;

    return whole + (parity_below(&random, 1u << 24) < (wanted - whole) * (1u << 24) ? 1 : 0);
}
