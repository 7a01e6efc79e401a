/* SPDX-License-Identifier: MIT */

/*
 * Eight threads that each draw into a picture of their own and read it back, while two others
 * create and destroy; and a device that closes while they work. Over the loopback.
 *
 * cmocka's checks belong to the main thread, so the others note what went wrong.
 */
#include "loopback_support.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#define NUM_DRAWERS  8
#define NUM_CHURNERS 2
#define NUM_FRAMES   30
#define SIDE         32

struct worker {
    pthread_t thread;
    unsigned number;
    struct vcmd_context *context;
    struct vcmd_resource *target;
    enum vcmd_status status; /* the first that was not OK */
    bool wrong_pixels;
    unsigned frames;
};

static struct vcmd_device *device;
static atomic_bool stop;

static const struct vcmd_resource_desc target_desc = {
    .target = VCMD_TEXTURE_2D,
    .format = VCMD_FORMAT_R8G8B8A8_UNORM,
    .bind = VCMD_BIND_RENDER_TARGET,
    .width = SIDE,
    .height = SIDE,
};

static bool check(struct worker *worker, enum vcmd_status status)
{
    if (status != VCMD_STATUS_OK)
        worker->status = status;
    return status == VCMD_STATUS_OK;
}

static void start(struct worker *workers, size_t count, void *(*fn)(void *))
{
    for (size_t i = 0; i < count; i++) {
        workers[i].number = (unsigned)i;
        assert_int_equal(pthread_create(&workers[i].thread, NULL, fn, &workers[i]), 0);
    }
}

static void join(struct worker *workers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        pthread_join(workers[i].thread, NULL);
}

/* ---- drawing ---- */

static bool open_picture(struct worker *worker)
{
    return check(worker, vcmd_context_create(device, "drawer", &worker->context)) &&
           check(worker, vcmd_resource_create(device, &target_desc, &worker->target)) &&
           check(worker, vcmd_context_attach(worker->context, worker->target));
}

static void close_picture(struct worker *worker)
{
    vcmd_resource_destroy(worker->target);
    vcmd_context_destroy(worker->context);
}

/* Each thread and frame has a colour that no other has. */
static void put_frame(const struct worker *worker, struct vcmd_buffer *buf, unsigned frame)
{
    const struct vcmd_create_surface surface = {.handle = frame + 1,
                                                .res_handle = vcmd_resource_id(worker->target),
                                                .format = target_desc.format};
    const uint32_t handle = frame + 1;

    vcmd_create_surface(buf, &surface);
    vcmd_set_framebuffer_state(
        buf, &(struct vcmd_set_framebuffer_state){.nr_cbufs = 1, .cbuf_handle = &handle});
    vcmd_clear(buf, &(struct vcmd_clear){
                        .buffers = VCMD_CLEAR_COLOR0,
                        .color = {.f = {(float)worker->number / 255, (float)frame / 255, 1, 0}}});
}

static bool draw(struct worker *worker, unsigned frame)
{
    uint32_t memory[64];
    struct vcmd_buffer buf;
    uint64_t fence;

    vcmd_buffer_init(&buf, memory, 64, frame % 2 ? VCMD_BUFFER_HEADROOM : 0);
    put_frame(worker, &buf, frame);
    /* Every third frame without waiting: the transfer is in order all the same. */
    if (frame % 3 == 0)
        return check(worker, vcmd_submit(worker->context, &buf, NULL));
    return check(worker, vcmd_submit(worker->context, &buf, &fence)) &&
           check(worker, vcmd_fence_wait(device, fence, VCMD_WAIT_FOREVER));
}

static bool read_back(struct worker *worker, unsigned frame)
{
    const uint8_t expected[4] = {(uint8_t)worker->number, (uint8_t)frame, 255, 0};
    uint8_t *bytes;

    if (!check(worker, vcmd_transfer_from_host(worker->context, worker->target, NULL)) ||
        !check(worker, vcmd_resource_map(worker->target, (void **)&bytes, NULL)))
        return false;
    for (size_t i = 0; i < (size_t)SIDE * SIDE; i++)
        worker->wrong_pixels |= memcmp(bytes + i * 4, expected, 4) != 0;
    return true;
}

static void *drawer(void *arg)
{
    struct worker *worker = arg;

    if (open_picture(worker)) {
        while (worker->frames < NUM_FRAMES && draw(worker, worker->frames) &&
               read_back(worker, worker->frames))
            worker->frames++;
    }
    close_picture(worker);
    return NULL;
}

/* ---- creating and destroying meanwhile ---- */

static void *churner(void *arg)
{
    struct worker *worker = arg;

    for (unsigned i = 0; !atomic_load(&stop); i++) {
        struct vcmd_context *context = NULL;
        struct vcmd_resource *resource = NULL;
        bool ok = check(worker, vcmd_context_create(device, "churner", &context)) &&
                  check(worker, vcmd_resource_create(device, &target_desc, &resource)) &&
                  check(worker, vcmd_context_attach(context, resource)) &&
                  check(worker, vcmd_transfer_to_host(context, resource, NULL));

        if (i % 2) {
            vcmd_context_destroy(context);
            vcmd_resource_destroy(resource);
        } else {
            vcmd_resource_destroy(resource);
            vcmd_context_destroy(context);
        }
        if (!ok)
            break;
    }
    return NULL;
}

static void draw_and_churn(void **state)
{
    struct worker drawers[NUM_DRAWERS] = {0};
    struct worker churners[NUM_CHURNERS] = {0};

    (void)state;
    device = loopback_open();
    atomic_store(&stop, false);
    log_forget();
    start(churners, NUM_CHURNERS, churner);
    start(drawers, NUM_DRAWERS, drawer);
    join(drawers, NUM_DRAWERS);
    atomic_store(&stop, true);
    join(churners, NUM_CHURNERS);
    for (size_t i = 0; i < NUM_DRAWERS; i++) {
        assert_int_equal(drawers[i].status, VCMD_STATUS_OK);
        assert_int_equal(drawers[i].frames, NUM_FRAMES);
        assert_false(drawers[i].wrong_pixels);
    }
    for (size_t i = 0; i < NUM_CHURNERS; i++)
        assert_int_equal(churners[i].status, VCMD_STATUS_OK);
    assert_int_equal(log_errors(), 0);
    vcmd_device_close(device);
}

/* ---- closing meanwhile ---- */

/* Goes on until the device is gone. Uses its objects only, not the device, which goes away. */
static void *until_closed(void *arg)
{
    struct worker *worker = arg;
    uint32_t memory[64];
    struct vcmd_buffer buf;
    void *mapped;

    for (unsigned frame = 0; worker->status == VCMD_STATUS_OK; frame++) {
        vcmd_buffer_init(&buf, memory, 64, VCMD_BUFFER_HEADROOM);
        put_frame(worker, &buf, frame);
        if (check(worker, vcmd_submit(worker->context, &buf, NULL)) &&
            check(worker, vcmd_transfer_from_host(worker->context, worker->target, NULL)))
            check(worker, vcmd_resource_map(worker->target, &mapped, NULL));
    }
    close_picture(worker);
    return NULL;
}

static void close_under_work(void **state)
{
    (void)state;
    for (int round = 0; round < 5; round++) {
        struct worker workers[NUM_DRAWERS] = {0};

        device = loopback_open();
        for (size_t i = 0; i < NUM_DRAWERS; i++)
            assert_true(open_picture(&workers[i]));
        log_forget();
        start(workers, NUM_DRAWERS, until_closed);
        vcmd_device_close(device);
        join(workers, NUM_DRAWERS);
        for (size_t i = 0; i < NUM_DRAWERS; i++)
            assert_int_equal(workers[i].status, VCMD_STATUS_DEVICE_CLOSED);
        assert_int_equal(log_errors(), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draw_and_churn),
        cmocka_unit_test(close_under_work),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
