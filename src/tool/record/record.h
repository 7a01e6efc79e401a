/* SPDX-License-Identifier: MIT */
#ifndef VCMD_TOOL_RECORD_H
#define VCMD_TOOL_RECORD_H

#include "observer.h"

/*
 * Runs a program on Mesa's virpipe driver, with a proxy between it and a virgl_test_server that
 * this starts, and lets an observer follow. What `virglcmd record -- PROGRAM` does.
 */
struct record_options {
    char *const *argv; /* the program, found by PATH, and its arguments; ended by NULL */

    const struct vcmd_vtest_observer *observer;
    void *user; /* of observer->connect */

    const char *server_socket;  /* of a server that runs already; NULL: starts one */
    const char *server_program; /* NULL: virgl_test_server */
    bool gles;                  /* the server it starts is to use OpenGL ES */
    bool verbose;               /* shows what the server it starts says */

    /*
     * A library for LD_PRELOAD that leads Mesa before 23.0 to the proxy, see redirect.c. NULL: the
     * one beside this program or where it is installed. "": none.
     */
    const char *redirect;

    bool *started; /* set: whether the program was; NULL: nobody asks */
};

/* Exit statuses of its own; others are the program's, 128 + n for one that signal n ended. */
#define RECORD_FAILED    125 /* the server or the proxy could not be started */
#define RECORD_NOT_RUN   126 /* the program could not be executed */
#define RECORD_NOT_FOUND 127

/*
 * Returns the exit status, after stderr has been told what went wrong. SIGINT of the terminal goes
 * to the program, as do SIGTERM and SIGHUP of this process; the recording ends with the program.
 * One of them that comes before it was started ends the recording: 128 + its number.
 * Once at a time in a process: it sets handlers of these signals, and sets them back.
 */
int record_run(const struct record_options *options);

#endif
