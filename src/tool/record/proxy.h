/* SPDX-License-Identifier: MIT */
#ifndef VCMD_VTEST_PROXY_H
#define VCMD_VTEST_PROXY_H

#include "observer.h"

/*
 * Stands between programs and a virgl_test_server: listens on a socket, makes one connection to the
 * server for each client, and passes all messages on, in both directions, file descriptors
 * included. Nothing is altered but the version that a client asks for, which is cut to 3.
 */
struct vcmd_vtest_proxy;

struct vcmd_vtest_proxy_desc {
    const char *listen_path; /* must not exist */
    const char *server_path;
    const struct vcmd_vtest_observer *observer; /* stays in use until the stop */
    void *user;                                 /* of observer->connect */
    /* A line for people, when something goes wrong; from any thread. May be NULL. */
    void (*complain)(void *user, const char *text);
};

/* NULL: errno says why not. The socket exists when this returns. */
struct vcmd_vtest_proxy *vcmd_vtest_proxy_start(const struct vcmd_vtest_proxy_desc *desc);

/* Gives the clients that are left patience_ms to leave, then ends their connections. */
void vcmd_vtest_proxy_stop(struct vcmd_vtest_proxy *proxy, unsigned patience_ms);

#endif
