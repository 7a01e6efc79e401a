/* SPDX-License-Identifier: MIT */
#include "direct.h"
#include "bench.h"
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <virglrenderer.h>

/* No fence of the library comes near it. */
#define FENCE 0x7fffffff

int __real_virgl_renderer_init(void *cookie, int flags, struct virgl_renderer_callbacks *cb);
int __wrap_virgl_renderer_init(void *cookie, int flags, struct virgl_renderer_callbacks *cb);
int __real_virgl_renderer_submit_cmd(void *buffer, int ctx_id, int ndw);
int __wrap_virgl_renderer_submit_cmd(void *buffer, int ctx_id, int ndw);

/* The caller writes it while the renderer's thread is idle, which takes a lock in between. */
static struct {
    struct virgl_renderer_callbacks callbacks;
    void (*write_fence)(void *cookie, uint32_t fence);
    uint32_t *dwords; /* of the next direct frame, else NULL */
    size_t length;
    bool linked, reached;
    struct direct_times times;
} direct;

static void write_fence(void *cookie, uint32_t fence)
{
    if (fence == FENCE)
        direct.reached = true;
    else
        direct.write_fence(cookie, fence);
}

int __wrap_virgl_renderer_init(void *cookie, int flags, struct virgl_renderer_callbacks *cb)
{
    direct.linked = true;
    direct.callbacks = *cb;
    direct.write_fence = cb->write_fence;
    direct.callbacks.write_fence = write_fence;
    return __real_virgl_renderer_init(cookie, flags, &direct.callbacks);
}

static int run_direct(int ctx_id)
{
    int result;

    direct.reached = false;
    direct.times.begun = bench_now();
    result = __real_virgl_renderer_submit_cmd(direct.dwords, ctx_id, (int)direct.length);
    direct.times.submit = bench_now() - direct.times.begun;
    if (result == 0 && virgl_renderer_create_fence(FENCE, 0) != 0) {
        (void)fprintf(stderr, "bench_loopback: virgl_renderer_create_fence failed\n");
        exit(1);
    }
    while (result == 0 && !direct.reached)
        virgl_renderer_poll();
    direct.times.whole = bench_now() - direct.times.begun;
    direct.dwords = NULL;
    return result;
}

int __wrap_virgl_renderer_submit_cmd(void *buffer, int ctx_id, int ndw)
{
    int result;

    if (direct.dwords)
        return run_direct(ctx_id);
    direct.times.begun = bench_now();
    result = __real_virgl_renderer_submit_cmd(buffer, ctx_id, ndw);
    direct.times.submit = bench_now() - direct.times.begun;
    return result;
}

int direct_is_linked(void)
{
    return direct.linked;
}

void direct_next(uint32_t *dwords, size_t length)
{
    direct.dwords = dwords;
    direct.length = length;
}

struct direct_times direct_last(void)
{
    return direct.times;
}
