/* SPDX-License-Identifier: MIT */
/* POSIX threads: not in plain C11 */
#define _DEFAULT_SOURCE

/*
 * Several threads with a context each, on one device and one connection: each sees its own colour.
 * Needs a server; with_server.py starts one.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <virglcmd/device.h>
#include <virglcmd/enums.h>
#include <virglcmd/virglcmd.h>
#include <virglcmd/vtest.h>

#define THREADS 4
#define ROUNDS  25
#define SIZE    16u

struct worker {
    struct vcmd_device *device;
    uint8_t colour;     /* of all channels but alpha */
    const char *failed; /* what; NULL: nothing */
    pthread_t thread;
};

static void log_line(void *user, enum vcmd_log_level level, enum vcmd_status code, const char *text)
{
    (void)user;
    (void)code;
    if (level != VCMD_LOG_INFO)
        fprintf(stderr, "%s\n", text);
}

/* The same numbers for sub-context and surface in every thread. */
static void encode(struct vcmd_buffer *buf, const struct vcmd_resource *target, uint8_t colour)
{
    const uint32_t surface = 1;
    const float value = (float)colour / 255;

    vcmd_create_sub_ctx(buf, &(struct vcmd_create_sub_ctx){.sub_ctx_id = 1});
    vcmd_set_sub_ctx(buf, &(struct vcmd_set_sub_ctx){.sub_ctx_id = 1});
    vcmd_create_surface(buf, &(struct vcmd_create_surface){.handle = surface,
                                                           .res_handle = vcmd_resource_id(target),
                                                           .format = VCMD_FORMAT_B8G8R8A8_UNORM});
    vcmd_set_framebuffer_state(
        buf, &(struct vcmd_set_framebuffer_state){.nr_cbufs = 1, .cbuf_handle = &surface});
    vcmd_clear(buf, &(struct vcmd_clear){.buffers = VCMD_CLEAR_COLOR0,
                                         .color = {.f = {value, value, value, 1}}});
}

static const char *draw(struct worker *worker, struct vcmd_context *context,
                        struct vcmd_resource *target)
{
    uint32_t memory[128];
    struct vcmd_buffer buf;
    uint8_t *pixels;
    uint64_t fence;
    void *mapped;

    vcmd_buffer_init(&buf, memory, 128, VCMD_BUFFER_HEADROOM);
    encode(&buf, target, worker->colour);
    if (vcmd_context_attach(context, target) != VCMD_STATUS_OK)
        return "attach";
    if (vcmd_submit(context, &buf, &fence) != VCMD_STATUS_OK)
        return "submit";
    /* Asking in between must not confuse those who wait. */
    (void)vcmd_fence_wait(worker->device, fence, worker->colour % 2 ? 0 : 1000);
    if (vcmd_fence_wait(worker->device, fence, VCMD_WAIT_FOREVER) != VCMD_STATUS_OK)
        return "fence_wait";
    if (vcmd_transfer_from_host(context, target, NULL) != VCMD_STATUS_OK ||
        vcmd_resource_map(target, &mapped, NULL) != VCMD_STATUS_OK)
        return "transfer";
    pixels = mapped;
    for (size_t i = 0; i < (size_t)SIZE * SIZE * 4; i++) {
        if (pixels[i] != (i % 4 == 3 ? 255 : worker->colour))
            return "a pixel has another's colour";
    }
    return NULL;
}

static const char *do_round(struct worker *worker)
{
    const struct vcmd_resource_desc desc = {.target = VCMD_TEXTURE_2D,
                                            .format = VCMD_FORMAT_B8G8R8A8_UNORM,
                                            .bind = VCMD_BIND_RENDER_TARGET,
                                            .width = SIZE,
                                            .height = SIZE};
    struct vcmd_context *context;
    struct vcmd_resource *target;
    const char *failed = "resource_create";

    if (vcmd_context_create(worker->device, "thread", &context) != VCMD_STATUS_OK)
        return "context_create";
    if (vcmd_resource_create(worker->device, &desc, &target) == VCMD_STATUS_OK) {
        failed = draw(worker, context, target);
        vcmd_resource_destroy(target);
    }
    vcmd_context_destroy(context);
    return failed;
}

static void *work(void *arg)
{
    struct worker *worker = arg;

    for (int i = 0; i < ROUNDS && !worker->failed; i++)
        worker->failed = do_round(worker);
    return NULL;
}

static void each_has_its_colour(void **state)
{
    const struct vcmd_transport *const transports[] = {vcmd_vtest_transport(), NULL};
    const char *options = *state;
    const struct vcmd_device_desc desc = {
        .transports = transports, .options = options, .log = log_line};
    struct vcmd_device *device;
    struct worker workers[THREADS];

    assert_int_equal(vcmd_device_open(&desc, &device), VCMD_STATUS_OK);
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.device = device, .colour = (uint8_t)(40 * i + 15 + i)};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(workers[i].thread, NULL);
    for (int i = 0; i < THREADS; i++) {
        if (workers[i].failed)
            fail_msg("%s: thread %d: %s", options, i, workers[i].failed);
    }
    vcmd_device_close(device);
}

int main(void)
{
    static char versions[3][16] = {"version=0", "version=2", "version=3"};
    const struct CMUnitTest tests[] = {
        {"version 0", each_has_its_colour, NULL, NULL, versions[0]},
        {"version 2", each_has_its_colour, NULL, NULL, versions[1]},
        {"version 3", each_has_its_colour, NULL, NULL, versions[2]},
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
