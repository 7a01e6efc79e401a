/* SPDX-License-Identifier: MIT */
#ifndef VCMD_TOOL_RECORD_SERVER_H
#define VCMD_TOOL_RECORD_SERVER_H

#include "record.h"
#include <sys/types.h>

/*
 * Starts a virgl_test_server on a socket, and waits until it listens. It ends when this process
 * does. -1: stderr has been told why.
 */
pid_t record_server_start(const struct record_options *options, const char *socket_path);

/* Ends it with all its children. */
void record_server_stop(pid_t server);

#endif
