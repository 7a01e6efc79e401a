/* SPDX-License-Identifier: MIT */
#ifndef PARITY_CASE_H
#define PARITY_CASE_H

#include "generate.h"
#include "judge.h"
#include "mutate.h"

/* How far a copy of the process has come, so that the original knows where it died. */
enum parity_stage { PARITY_MAKING, PARITY_CHECKING, PARITY_PLAYING, PARITY_DONE };

/* What a stream is made of. */
enum parity_source {
    PARITY_CAPTURED,         /* the rest of the seed, changed */
    PARITY_GENERATED,        /* valid packets from the table, as they are */
    PARITY_GENERATED_CHANGED /* the same, changed */
};

/* One stream and what came of it, in memory that two processes share. */
struct parity_case {
    volatile uint32_t stage;
    volatile uint32_t progress;
    volatile uint32_t source; /* enum parity_source */
    struct parity_stream stream;
    struct parity_result host;
    struct parity_judgement check;
};

/* Memory for one, seen by this process and its children. NULL: there is none. */
struct parity_case *parity_case_new(void);

/* What a stream is made from: what is there at a packet of a seed, and what follows it. */
struct parity_place {
    const struct parity_pool *pool;
    const struct parity_world *world;
    const uint32_t *tail;
    size_t length;
};

/*
 * In a copy of this process: makes a stream from what follows here, has it checked, and plays it.
 * Host and checker in this process stay where they were. False: no process could be made, or the
 * checker has crashed, which is told on stderr.
 */
bool parity_case_run(struct parity_case *shared, const struct parity_place *place, uint64_t random);

/* Makes the same stream in this process and has it checked; nothing is played. */
void parity_case_judge(struct parity_case *shared, const struct parity_place *place,
                       uint64_t random);

#endif
