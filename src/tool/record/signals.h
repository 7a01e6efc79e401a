/* SPDX-License-Identifier: MIT */
#ifndef VCMD_TOOL_RECORD_SIGNALS_H
#define VCMD_TOOL_RECORD_SIGNALS_H

#include <signal.h>
#include <sys/types.h>

/*
 * What becomes of SIGINT, SIGQUIT, SIGTERM and SIGHUP while something is recorded. Before the
 * program runs they end the recording in good order. While it runs SIGTERM and SIGHUP are passed on
 * to it; the other two it gets from the terminal itself. Those that are ignored stay so.
 *
 * Once at a time in a process, from one thread.
 */
#define RECORD_NUM_SIGNALS 4

struct record_signals {
    struct sigaction before[RECORD_NUM_SIGNALS];
};

void record_signals_begin(struct record_signals *signals);
void record_signals_end(const struct record_signals *signals);

/* The signal that came while no program was running; 0: none. */
int record_signals_came(void);

/* Between these no signal is delivered to this thread and to those that it starts. */
void record_signals_hold(sigset_t *before);
void record_signals_release(const sigset_t *before);

/*
 * From now on signals are for this process; 0: it has ended. To be called between hold and release:
 * one that is pending then is sent to it.
 */
void record_signals_for(pid_t program);

#endif
