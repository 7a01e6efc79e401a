/* SPDX-License-Identifier: MIT */
#ifndef VCMD_LOOPBACK_RENDERER_H
#define VCMD_LOOPBACK_RENDERER_H

#include <stdbool.h>
#include <stdint.h>
#include <virglcmd/transport.h>

/*
 * The one thread that owns virglrenderer. OpenGL contexts belong to threads, and virglrenderer has
 * no locks, so everything that touches it runs here, one job after the other.
 */
struct renderer;

/* Starts the thread and virglrenderer on it. On failure the log has said why. */
enum vcmd_status renderer_start(const struct vcmd_log *log, bool gles, struct renderer **renderer);

/* Ends both. No job may be running or come later. */
void renderer_stop(struct renderer *renderer);

/* Runs fn(arg) on the thread and returns when it is done. Not from the thread itself. */
void renderer_run(struct renderer *renderer, void (*fn)(void *arg), void *arg);

/*
 * Inside a job: makes a fence after everything so far. Numbers must grow. False: virglrenderer
 * has refused.
 */
bool renderer_create_fence(struct renderer *renderer, uint32_t fence);

/* From any thread. OUT_OF_RANGE when the fence has not been made. */
enum vcmd_status renderer_wait_fence(struct renderer *renderer, uint64_t fence,
                                     uint64_t timeout_ns);

#endif
