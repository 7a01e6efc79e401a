/* SPDX-License-Identifier: MIT */

/*
 * Many threads on one device: contexts and resources come and go in all of them, also while the
 * device closes. Over a mock channel, which watches what reaches the device.
 *
 * cmocka's checks belong to the main thread, so the others note the first status that is wrong.
 */
#include "fake_channel.h"

#include <pthread.h>

#define NUM_THREADS 8
#define NUM_SHARED  8

static const struct vcmd_resource_desc texture = {
    .target = VCMD_TEXTURE_2D,
    .format = VCMD_FORMAT_B8G8R8A8_UNORM,
    .bind = VCMD_BIND_RENDER_TARGET,
    .width = 8,
    .height = 8,
};

static struct vcmd_device *device;
static struct vcmd_context *contexts[NUM_SHARED];
static struct vcmd_resource *resources[NUM_SHARED];

struct worker {
    pthread_t thread;
    uint32_t random;
    bool may_close; /* the device may be closed meanwhile */
    enum vcmd_status wrong;
};

/* Whether to go on. */
static bool check(struct worker *worker, enum vcmd_status status)
{
    if (status == VCMD_STATUS_OK)
        return true;
    if (!worker->may_close || status != VCMD_STATUS_DEVICE_CLOSED)
        worker->wrong = status;
    return false;
}

static void start(struct worker *workers, size_t count, void *(*fn)(void *), bool may_close)
{
    for (size_t i = 0; i < count; i++) {
        workers[i] = (struct worker){.random = (uint32_t)i, .may_close = may_close};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, fn, &workers[i]), 0);
    }
}

static void finish(struct worker *workers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        pthread_join(workers[i].thread, NULL);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(workers[i].wrong, VCMD_STATUS_OK);
    if (channel.broken)
        fail_msg("broken rule: %s", channel.broken);
}

static void open_shared(void)
{
    channel_reset();
    device = channel_open();
    for (size_t i = 0; i < NUM_SHARED; i++) {
        assert_ok(vcmd_context_create(device, "shared", &contexts[i]));
        assert_ok(vcmd_resource_create(device, &texture, &resources[i]));
    }
}

static void destroy_shared(void)
{
    for (size_t i = 0; i < NUM_SHARED; i++) {
        vcmd_resource_destroy(resources[i]);
        vcmd_context_destroy(contexts[i]);
    }
}

/* ---- all calls at once ---- */

static bool submit_and_wait(struct worker *worker, struct vcmd_context *context)
{
    uint32_t memory[9] = {0};
    struct vcmd_buffer buf;
    uint64_t fence;
    size_t headroom = next_random(&worker->random) % 9;

    vcmd_buffer_init(&buf, memory, ARRAY_SIZE(memory), headroom);
    buf.length = 1;
    return check(worker, vcmd_submit(context, &buf, &fence)) &&
           check(worker, vcmd_fence_wait(device, fence, VCMD_WAIT_FOREVER));
}

/* Own objects with shared ones, crosswise. */
static bool use(struct worker *worker, struct vcmd_context *context, struct vcmd_resource *resource)
{
    for (int i = 0; i < 4; i++) {
        uint32_t n = next_random(&worker->random) % NUM_SHARED;

        if (!check(worker, vcmd_context_attach(context, resources[n])) ||
            !check(worker, vcmd_context_attach(contexts[n], resource)))
            return false;
    }
    return check(worker, vcmd_context_attach(context, resource)) &&
           check(worker, vcmd_transfer_to_host(context, resource, NULL)) &&
           submit_and_wait(worker, context) &&
           check(worker, vcmd_transfer_from_host(context, resource, NULL));
}

static bool live_once(struct worker *worker)
{
    struct vcmd_context *context = NULL;
    struct vcmd_resource *resource = NULL;
    bool go_on = check(worker, vcmd_context_create(device, "own", &context)) &&
                 check(worker, vcmd_resource_create(device, &texture, &resource)) &&
                 use(worker, context, resource);

    if (next_random(&worker->random) % 2 == 0) {
        vcmd_context_destroy(context);
        vcmd_resource_destroy(resource);
    } else {
        vcmd_resource_destroy(resource);
        vcmd_context_destroy(context);
    }
    return go_on;
}

static void *live(void *arg)
{
    struct worker *worker = arg;

    for (int i = 0; i < 60 && live_once(worker); i++)
        ;
    return NULL;
}

static void lives(void **state)
{
    struct worker workers[NUM_THREADS];

    (void)state;
    open_shared();
    start(workers, NUM_THREADS, live, false);
    finish(workers, NUM_THREADS);
    assert_int_equal(channel.contexts, NUM_SHARED);
    assert_int_equal(channel.resources, NUM_SHARED);
    assert_int_equal(channel.last_fence, NUM_THREADS * 60);
    destroy_shared();
    vcmd_device_close(device);
    assert_channel_clean(1);
}

/* ---- closing under work ---- */

/* Only with objects: the device's own pointer is not to be used after the close. */
static void *use_shared(void *arg)
{
    struct worker *worker = arg;
    uint32_t memory[9];
    struct vcmd_buffer buf;

    for (;;) {
        uint32_t n = next_random(&worker->random) % NUM_SHARED;
        uint32_t m = next_random(&worker->random) % NUM_SHARED;
        struct vcmd_level_layout layout;
        void *mapped;

        vcmd_buffer_init(&buf, memory, ARRAY_SIZE(memory), VCMD_BUFFER_HEADROOM);
        vcmd_nop(&buf, &(struct vcmd_nop){0});
        if (!check(worker, vcmd_context_attach(contexts[n], resources[m])) ||
            !check(worker, vcmd_transfer_to_host(contexts[n], resources[m], NULL)) ||
            !check(worker, vcmd_resource_map(resources[m], &mapped, NULL)) ||
            !check(worker, vcmd_resource_get_layout(resources[m], 0, &layout)) ||
            !check(worker, vcmd_submit(contexts[n], &buf, NULL)))
            return NULL;
    }
}

static void close_under_work(void **state)
{
    struct worker workers[NUM_THREADS];

    (void)state;
    for (int round = 0; round < 20; round++) {
        open_shared();
        start(workers, NUM_THREADS, use_shared, true);
        vcmd_device_close(device);
        finish(workers, NUM_THREADS);
        destroy_shared();
        assert_channel_clean(1);
    }
}

/* ---- destroying at once ---- */

static void *destroy_contexts(void *arg)
{
    (void)arg;
    for (size_t i = 0; i < NUM_SHARED; i++)
        vcmd_context_destroy(contexts[i]);
    return NULL;
}

static void *destroy_resources(void *arg)
{
    (void)arg;
    for (size_t i = 0; i < NUM_SHARED; i++)
        vcmd_resource_destroy(resources[i]);
    return NULL;
}

static void *close_device(void *arg)
{
    (void)arg;
    vcmd_device_close(device);
    return NULL;
}

static void destroy_at_once(void **state)
{
    struct worker workers[3];

    (void)state;
    for (int round = 0; round < 100; round++) {
        bool with_device = round % 2 == 0;

        open_shared();
        for (size_t i = 0; i < NUM_SHARED; i++) {
            for (size_t k = 0; k < NUM_SHARED; k++)
                assert_ok(vcmd_context_attach(contexts[i], resources[k]));
        }
        start(&workers[0], 1, destroy_contexts, false);
        start(&workers[1], 1, destroy_resources, false);
        if (with_device)
            start(&workers[2], 1, close_device, false);
        finish(workers, with_device ? 3 : 2);
        if (!with_device)
            vcmd_device_close(device);
        assert_channel_clean(1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lives),
        cmocka_unit_test(close_under_work),
        cmocka_unit_test(destroy_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
