/* SPDX-License-Identifier: MIT */
#ifndef VCMD_LOOPBACK_RENDERER_LOG_H
#define VCMD_LOOPBACK_RENDERER_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <virglcmd/transport.h>

/*
 * virglrenderer's debug callback: the only place where many of its errors can be seen. The lines of
 * one job are kept until it is known whether the job failed, because that decides their level.
 *
 * The callback has no user pointer, hence one log per process; it only comes on the thread that
 * calls virglrenderer, so nothing here is locked.
 */

/* Installs the callback; log must live until the uninstall. False: no memory. */
bool renderer_log_install(const struct vcmd_log *log);
void renderer_log_uninstall(void);

/* True when virglrenderer has put a context into its error state since the last flush. */
bool renderer_log_saw_context_error(void);

/* Hands the kept lines to the log and forgets them. */
void renderer_log_flush(enum vcmd_log_level level, enum vcmd_status code);

#endif
