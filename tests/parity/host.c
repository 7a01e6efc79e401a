/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include <virglrenderer.h>

#include "host.h"

#define CONTEXT 1
#define CAPSET  2

/* Each resource has its guest memory here, over that of the others: nobody looks at the data. */
#define BACKING_BYTES (16u << 20)

static struct {
    const struct parity_seed *seed;
    struct iovec *backing;
    char *memory;
    bool context_error, gl_error;
    struct vcmd_caps caps;
    char reason[160];
} host;

/* ---- what virglrenderer writes ---- */

/*
 * The first line says what was wrong: "Illegal resource 7"; those after it only that the command
 * has failed. Lines of a failed shader are long; they are cut.
 */
static void on_debug(const char *format, va_list args)
{
    char line[256];

    vsnprintf(line, sizeof(line), format, args);
    line[strcspn(line, "\n")] = '\0';
    if (strstr(line, "context error reported"))
        host.context_error = true;
    if (strstr(line, "vrend_check_no_error"))
        host.gl_error = true;
    if (!host.reason[0])
        snprintf(host.reason, sizeof(host.reason), "%.*s", (int)sizeof(host.reason) - 1, line);
}

static void on_fence(void *cookie, uint32_t fence)
{
    (void)cookie;
    (void)fence;
}

/* ---- life ---- */

/*
 * As every guest does, before anything else: virglrenderer does not know how large a texture buffer
 * may be before it was asked, and tries framebuffers for the answer in the GL context that is
 * current, which is left without the framebuffer that it is to draw to.
 */
static bool read_caps(void)
{
    uint32_t version = 0;
    uint32_t size = 0;
    void *bytes;
    bool ok;

    virgl_renderer_get_cap_set(CAPSET, &version, &size);
    bytes = calloc(1, size + 1);
    if (!bytes)
        return false;
    virgl_renderer_fill_caps(CAPSET, version, bytes);
    ok = vcmd_caps_decode(&host.caps, bytes, size) == VCMD_STATUS_OK;
    free(bytes);
    return ok;
}

const struct vcmd_caps *parity_host_caps(void)
{
    return &host.caps;
}

bool parity_host_open(void)
{
    static struct virgl_renderer_callbacks callbacks = {.version = 1, .write_fence = on_fence};
    static int cookie;
    const int flags = VIRGL_RENDERER_USE_EGL | VIRGL_RENDERER_USE_SURFACELESS;

    setenv("EGL_PLATFORM", "surfaceless", 1);
    setenv("LIBGL_ALWAYS_SOFTWARE", "1", 1);
    /* No thread but this one: not for drawing, nor in front of the driver, nor for a cache. */
    setenv("LP_NUM_THREADS", "0", 1);
    setenv("GALLIUM_THREAD", "0", 1);
    setenv("MESA_SHADER_CACHE_DISABLE", "true", 1);
    /* What is compiled runs once, if at all. */
    setenv("GALLIVM_PERF", "nopt", 1);
    /* It shall say which call it refuses. */
    setenv("MESA_DEBUG", "1", 1);
    if (!parity_host_pid()) {
        fprintf(stderr, "this program does not export its getpid()\n");
        return false;
    }
    host.memory = calloc(1, BACKING_BYTES);
    virgl_set_debug_callback(on_debug);
    if (host.memory && virgl_renderer_init(&cookie, flags, &callbacks) == 0 && parity_host_gl() &&
        read_caps())
        return true;
    fprintf(stderr, "virglrenderer does not start: %s\n", host.reason);
    return false;
}

static void drop_resources(size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct iovec *backing;
        int pieces;

        virgl_renderer_resource_detach_iov((int)host.seed->resources[i].handle, &backing, &pieces);
        virgl_renderer_resource_unref(host.seed->resources[i].handle);
    }
    free(host.backing);
    host.backing = NULL;
    host.seed = NULL;
}

static bool create_resource(const struct parity_resource *from, struct iovec *backing)
{
    struct virgl_renderer_resource_create_args args = {
        .handle = from->handle,
        .target = from->target,
        .format = from->format,
        .bind = from->bind,
        .width = from->width,
        .height = from->height,
        .depth = from->depth,
        .array_size = from->array_size,
        .last_level = from->last_level,
        .nr_samples = from->samples,
    };

    if (from->backing > BACKING_BYTES || virgl_renderer_resource_create(&args, NULL, 0) != 0)
        return false;
    backing->iov_base = host.memory;
    backing->iov_len = from->backing;
    return from->backing == 0 ||
           virgl_renderer_resource_attach_iov((int)from->handle, backing, 1) == 0;
}

static bool create_resources(const struct parity_seed *seed)
{
    for (size_t i = 0; i < seed->resource_count; i++) {
        if (create_resource(&seed->resources[i], &host.backing[i])) {
            virgl_renderer_ctx_attach_resource(CONTEXT, (int)seed->resources[i].handle);
            continue;
        }
        fprintf(stderr, "%s: the host refuses resource %u: %s\n", seed->name,
                seed->resources[i].handle, host.reason);
        drop_resources(i);
        return false;
    }
    return true;
}

bool parity_host_begin(const struct parity_seed *seed)
{
    host.seed = seed;
    host.reason[0] = '\0';
    host.context_error = false;
    host.backing = calloc(seed->resource_count + 1, sizeof(*host.backing));
    if (!host.backing || virgl_renderer_context_create(CONTEXT, 6, "parity") != 0) {
        fprintf(stderr, "%s: the host makes no context\n", seed->name);
        free(host.backing);
        return false;
    }
    if (create_resources(seed))
        return true;
    virgl_renderer_context_destroy(CONTEXT);
    return false;
}

void parity_host_end(void)
{
    virgl_renderer_context_destroy(CONTEXT);
    drop_resources(host.seed->resource_count);
}

/* ---- playing ---- */

/*
 * Which call OpenGL has refused, and why, in Mesa's words: it writes them to stderr, which is good
 * for this when it is a file. virglrenderer knows the number of the error only.
 */
static void ask_mesa(char *reason, size_t size)
{
    static const char mark[] = "Mesa: User error: ";
    char text[4097];
    off_t end = lseek(STDERR_FILENO, 0, SEEK_END);
    off_t from = end > 4096 ? end - 4096 : 0;
    ssize_t got = end > 0 ? pread(STDERR_FILENO, text, sizeof(text) - 1, from) : 0;
    const char *last = NULL;

    if (got <= 0)
        return;
    text[got] = '\0';
    for (const char *at = strstr(text, mark); at; at = strstr(at + 1, mark))
        last = at + sizeof(mark) - 1;
    if (last)
        snprintf(reason, size, "%.*s", (int)strcspn(last, "\n"), last);
}

/* Gives one packet; false: it was not accepted. */
static bool play_packet(uint32_t *packet, size_t length, struct parity_result *result)
{
    host.reason[0] = '\0'; /* what it has written about packets that it took */
    host.gl_error = false;
    result->error = virgl_renderer_submit_cmd(packet, CONTEXT, (int)length);
    if (result->error != 0)
        result->verdict = PARITY_REJECTED;
    else if (host.context_error)
        result->verdict = PARITY_POISONED;
    return result->verdict == PARITY_ACCEPTED;
}

void parity_host_play(const uint32_t *dwords, size_t length, volatile uint32_t *progress,
                      struct parity_result *result)
{
    /* virglrenderer takes them without const; it does not write there. */
    uint32_t *writable = (uint32_t *)(uintptr_t)dwords;
    size_t at = 0;

    memset(result, 0, sizeof(*result));
    while (at < length) {
        size_t packet = (dwords[at] >> 16) + (size_t)1;

        if (packet > length - at)
            packet = length - at;
        if (progress)
            *progress = result->packet;
        result->dword = (uint32_t)at;
        if (!play_packet(writable + at, packet, result))
            break;
        result->packet++;
        at += packet;
    }
    snprintf(result->reason, sizeof(result->reason), "%s", host.reason);
    if (result->verdict != PARITY_ACCEPTED && host.gl_error)
        ask_mesa(result->reason, sizeof(result->reason));
}

const char *parity_verdict_name(enum parity_verdict verdict)
{
    static const char *const names[] = {"accepted", "rejected", "poisoned", "crashed", "hung"};

    return names[verdict];
}
