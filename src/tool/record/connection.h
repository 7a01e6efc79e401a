/* SPDX-License-Identifier: MIT */
#ifndef VCMD_VTEST_PROXY_CONNECTION_H
#define VCMD_VTEST_PROXY_CONNECTION_H

#include "observer.h"

/* One client and its connection to the server, followed message by message. */
struct vcmd_vtest_link {
    int client;
    int server;
    const struct vcmd_vtest_observer *observer;
    void *connection; /* NULL: nobody listens */
};

/*
 * Passes on until either side leaves, and closes neither. NULL: all went well; else a static
 * sentence that says what was wrong.
 */
const char *vcmd_vtest_link_run(struct vcmd_vtest_link *link);

#endif
