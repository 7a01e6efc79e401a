/* SPDX-License-Identifier: MIT */
#ifndef PARITY_HOST_H
#define PARITY_HOST_H

#include "seed.h"

#include <virglcmd/caps.h>

/* What virglrenderer makes of a stream. A crash or a hang is seen by the process above. */
enum parity_verdict {
    PARITY_ACCEPTED, /* every packet was taken, though perhaps without any effect */
    PARITY_REJECTED, /* the submit of a packet returned an error */
    PARITY_POISONED, /* it returned 0, but the context has reported an error: nothing more is done
                      */
    PARITY_CRASHED,
    PARITY_HUNG,
};

struct parity_result {
    enum parity_verdict verdict;
    uint32_t packet;  /* index of the packet that was not accepted, or how many there were */
    uint32_t dword;   /* where that packet begins */
    int error;        /* what the submit returned */
    char reason[160]; /* the first line that the host wrote about it, or "" */
};

const char *parity_verdict_name(enum parity_verdict verdict);

/*
 * virglrenderer in this process, for good: there is one, and its thread is the calling one. There
 * is no other thread, so that the process may fork in the middle of a stream; the copy plays on
 * from there. Draws are validated by OpenGL but have no vertices: host_gl.c.
 */
bool parity_host_open(void);

/* Its second capset. */
const struct vcmd_caps *parity_host_caps(void);

/*
 * The seed's resources and one context to which they belong. False: it has said why. The seed must
 * stay valid until the end.
 */
bool parity_host_begin(const struct parity_seed *seed);
void parity_host_end(void);

/*
 * Gives the context packet after packet, up to the first that is not accepted. A last packet that
 * claims more than is there is given as it is. *progress, if not NULL, is the index of the packet
 * in work, for a watcher in another process.
 */
void parity_host_play(const uint32_t *dwords, size_t length, volatile uint32_t *progress,
                      struct parity_result *result);

/* Puts draws without vertices in the place of OpenGL's; called by parity_host_open. */
bool parity_host_gl(void);

/* Whether libraries call our getpid(): host_pid.c. */
bool parity_host_pid(void);

#endif
