/* SPDX-License-Identifier: MIT */

/*
 * Several threads on one checked device, over the loopback: half of them draw what is good, each
 * into a picture of its own and all into one context that they share; the other half make mistakes
 * and begin anew. No mistake spoils what another thread does, and none gets through.
 *
 * cmocka's checks belong to the main thread, so the others note what went wrong.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <virglcmd/check_device.h>
#include <virglcmd/loopback.h>
#include <virglcmd/virglcmd.h>

#define NUM_THREADS 6
#define NUM_ROUNDS  25

struct worker {
    pthread_t thread;
    struct vcmd_device *device;
    struct vcmd_context *shared;
    enum vcmd_status status; /* the first that was not as it should be */
    unsigned rounds;
};

/* Lines of the log, which come from every thread. */
static atomic_uint errors, warnings;

static void note(void *user, enum vcmd_log_level level, enum vcmd_status code, const char *text)
{
    (void)user;
    (void)text;
    if (level == VCMD_LOG_ERROR && code == VCMD_STATUS_REFUSED)
        atomic_fetch_add(&errors, 1);
    else if (level != VCMD_LOG_INFO)
        atomic_fetch_add(&warnings, 1);
}

static bool expect(struct worker *worker, enum vcmd_status status, enum vcmd_status wanted)
{
    if (status == wanted)
        return true;
    worker->status = status == VCMD_STATUS_OK ? VCMD_STATUS_REFUSED : status;
    return false;
}

/* ---- what is good ---- */

static bool draw(struct worker *worker, struct vcmd_context *context,
                 const struct vcmd_resource *target)
{
    const uint32_t handle = 1;
    const struct vcmd_create_surface surface = {.handle = handle,
                                                .res_handle = vcmd_resource_id(target),
                                                .format = VCMD_FORMAT_R8G8B8A8_UNORM};
    const struct vcmd_destroy_object destroy = {VCMD_OBJECT_SURFACE, handle};
    uint32_t memory[64];
    struct vcmd_buffer buf;
    uint64_t fence;

    vcmd_buffer_init(&buf, memory, 64, VCMD_BUFFER_HEADROOM);
    vcmd_create_surface(&buf, &surface);
    vcmd_set_framebuffer_state(
        &buf, &(struct vcmd_set_framebuffer_state){.nr_cbufs = 1, .cbuf_handle = &handle});
    vcmd_clear(&buf, &(struct vcmd_clear){.buffers = VCMD_CLEAR_COLOR0});
    vcmd_set_framebuffer_state(&buf, &(struct vcmd_set_framebuffer_state){.nr_cbufs = 0});
    vcmd_destroy_object(&buf, &destroy);
    return expect(worker, vcmd_submit(context, &buf, &fence), VCMD_STATUS_OK) &&
           expect(worker, vcmd_fence_wait(worker->device, fence, VCMD_WAIT_FOREVER),
                  VCMD_STATUS_OK);
}

static bool colour(struct worker *worker)
{
    uint32_t memory[32];
    struct vcmd_buffer buf;

    vcmd_buffer_init(&buf, memory, 32, VCMD_BUFFER_HEADROOM);
    vcmd_set_blend_color(&buf, &(struct vcmd_set_blend_color){.color = {1, 0, 0, 1}});
    return expect(worker, vcmd_submit(worker->shared, &buf, NULL), VCMD_STATUS_OK);
}

static bool good_round(struct worker *worker, struct vcmd_context *context)
{
    const struct vcmd_resource_desc desc = {.target = VCMD_TEXTURE_2D,
                                            .format = VCMD_FORMAT_R8G8B8A8_UNORM,
                                            .bind = VCMD_BIND_RENDER_TARGET,
                                            .width = 8,
                                            .height = 8};
    struct vcmd_resource *target;
    bool good;

    if (!expect(worker, vcmd_resource_create(worker->device, &desc, &target), VCMD_STATUS_OK))
        return false;
    good = expect(worker, vcmd_context_attach(context, target), VCMD_STATUS_OK) &&
           draw(worker, context, target) && colour(worker) &&
           expect(worker, vcmd_transfer_from_host(context, target, NULL), VCMD_STATUS_OK) &&
           expect(worker, vcmd_context_detach(context, target), VCMD_STATUS_OK);
    vcmd_resource_destroy(target);
    return good;
}

static void *do_well(void *user)
{
    struct worker *worker = user;
    struct vcmd_context *context;

    if (!expect(worker, vcmd_context_create(worker->device, "good", &context), VCMD_STATUS_OK))
        return NULL;
    while (worker->rounds < NUM_ROUNDS && good_round(worker, context))
        worker->rounds++;
    vcmd_context_destroy(context);
    return NULL;
}

/* ---- what is not ---- */

static bool bad_round(struct worker *worker)
{
    const struct vcmd_bind_blend bind = {.handle = 77};
    struct vcmd_context *context;
    uint32_t memory[32];
    struct vcmd_buffer buf;
    bool refused;

    if (!expect(worker, vcmd_context_create(worker->device, "bad", &context), VCMD_STATUS_OK))
        return false;
    vcmd_buffer_init(&buf, memory, 32, VCMD_BUFFER_HEADROOM);
    vcmd_bind_blend(&buf, &bind);
    refused = expect(worker, vcmd_submit(context, &buf, NULL), VCMD_STATUS_REFUSED);
    vcmd_context_destroy(context);
    return refused;
}

static void *do_badly(void *user)
{
    struct worker *worker = user;

    while (worker->rounds < NUM_ROUNDS && bad_round(worker))
        worker->rounds++;
    return NULL;
}

/* ---- all together ---- */

static struct vcmd_device *open_device(void)
{
    const struct vcmd_transport *const transports[] = {vcmd_loopback_transport(), NULL};
    const struct vcmd_device_wrapper checker = vcmd_device_checker(NULL);
    const struct vcmd_device_desc desc = {
        .transports = transports, .log = note, .wrappers = &checker, .num_wrappers = 1};
    struct vcmd_device *device;

    assert_int_equal(vcmd_device_open(&desc, &device), VCMD_STATUS_OK);
    return device;
}

static void test_threads_do_not_spoil_each_other(void **state)
{
    struct worker workers[NUM_THREADS] = {0};
    struct vcmd_device *device = open_device();
    struct vcmd_context *shared;

    (void)state;
    assert_int_equal(vcmd_context_create(device, "shared", &shared), VCMD_STATUS_OK);
    for (size_t i = 0; i < NUM_THREADS; i++) {
        workers[i].device = device;
        workers[i].shared = shared;
        assert_int_equal(
            pthread_create(&workers[i].thread, NULL, i % 2 == 0 ? do_well : do_badly, &workers[i]),
            0);
    }
    for (size_t i = 0; i < NUM_THREADS; i++)
        assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
    for (size_t i = 0; i < NUM_THREADS; i++) {
        assert_int_equal(workers[i].status, VCMD_STATUS_OK);
        assert_int_equal(workers[i].rounds, NUM_ROUNDS);
    }
    /* What, rule, host and what to do, for each mistake; and nobody else's. */
    assert_int_equal(atomic_load(&errors), NUM_THREADS / 2 * NUM_ROUNDS * 4);
    assert_int_equal(atomic_load(&warnings), 0);
    vcmd_context_destroy(shared);
    vcmd_device_close(device);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threads_do_not_spoil_each_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
