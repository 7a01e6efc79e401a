/* SPDX-License-Identifier: MIT */
/* Signals: not in plain C11 */
#define _GNU_SOURCE

#include "signals.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

static const int numbers[RECORD_NUM_SIGNALS] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};

/* Handlers have no other place to look at. */
static volatile sig_atomic_t came, program_pid;

static bool is_of_terminal(int number)
{
    return number == SIGINT || number == SIGQUIT;
}

static void take(int number)
{
    int error = errno;

    if (program_pid == 0)
        came = number;
    else if (!is_of_terminal(number))
        (void)kill((pid_t)program_pid, number);
    errno = error; /* of whatever it came between */
}

void record_signals_begin(struct record_signals *signals)
{
    struct sigaction action = {.sa_handler = take};

    came = 0;
    program_pid = 0;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < RECORD_NUM_SIGNALS; i++) {
        sigaction(numbers[i], NULL, &signals->before[i]);
        if (signals->before[i].sa_handler != SIG_IGN)
            sigaction(numbers[i], &action, NULL);
    }
}

void record_signals_end(const struct record_signals *signals)
{
    for (size_t i = 0; i < RECORD_NUM_SIGNALS; i++)
        sigaction(numbers[i], &signals->before[i], NULL);
}

int record_signals_came(void)
{
    return came;
}

void record_signals_hold(sigset_t *before)
{
    sigset_t held;

    sigemptyset(&held);
    for (size_t i = 0; i < RECORD_NUM_SIGNALS; i++)
        sigaddset(&held, numbers[i]);
    pthread_sigmask(SIG_BLOCK, &held, before);
}

void record_signals_release(const sigset_t *before)
{
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

void record_signals_for(pid_t program)
{
    sigset_t pending;

    program_pid = (sig_atomic_t)program;
    /* The terminal's may have been sent before the program was there to get them. */
    if (program == 0 || sigpending(&pending) != 0)
        return;
    for (size_t i = 0; i < RECORD_NUM_SIGNALS; i++) {
        if (is_of_terminal(numbers[i]) && sigismember(&pending, numbers[i]) == 1)
            (void)kill(program, numbers[i]);
    }
}
