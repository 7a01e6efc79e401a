/* SPDX-License-Identifier: MIT */

/*
 * What the library adds to a frame: the same bytes through a device on the loopback, and straight
 * into virglrenderer by the thread that owns it (direct.h). One process, one context, frame by
 * frame in turns; each frame of the device is compared with the direct one next to it.
 *
 *     bench_loopback [ROUNDS]
 *     bench_loopback --count WAY DRAWS FRAMES    direct or device and nothing else, for callgrind
 *
 * Fails when the library allocates in a frame.
 */
#include "bench.h"
#include "direct.h"
#include "frames.h"
#include "handover.h"
#include "samples.h"
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <virglcmd/device.h>
#include <virglcmd/loopback.h>

#define MAX_DRAWS 10000

/* Calls of the library to the C library's allocator: the linker sends them here. */
static _Atomic size_t allocations;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);

void *__wrap_malloc(size_t size)
{
    allocations++;
    return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    allocations++;
    return __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
    allocations++;
    return __real_realloc(memory, size);
}

static void check(bool good, const char *what)
{
    if (good)
        return;
    (void)fprintf(stderr, "bench_loopback: %s failed\n", what);
    exit(1);
}

/* ---- what is drawn with ---- */

static struct vcmd_device *device;
static struct vcmd_context *context;
static struct vcmd_resource *target, *vertices;
static struct vcmd_buffer frame; /* what is measured */
static struct vcmd_buffer mark;  /* a packet that a direct frame takes the place of */

static void make_buffer(struct vcmd_buffer *buf, size_t dwords)
{
    size_t capacity = dwords + VCMD_BUFFER_HEADROOM;
    uint32_t *memory = calloc(capacity, sizeof(*memory));

    check(memory != NULL, "calloc");
    vcmd_buffer_init(buf, memory, capacity, VCMD_BUFFER_HEADROOM);
}

static void open_device(void)
{
    const struct vcmd_transport *const transports[] = {vcmd_loopback_transport(), NULL};
    const struct vcmd_device_desc desc = {.transports = transports};
    const struct vcmd_resource_desc texture = {.target = VCMD_TEXTURE_2D,
                                               .format = VCMD_FORMAT_B8G8R8A8_UNORM,
                                               .bind = VCMD_BIND_RENDER_TARGET,
                                               .width = FRAME_SIZE,
                                               .height = FRAME_SIZE};
    const struct vcmd_resource_desc buffer = {.bind = VCMD_BIND_VERTEX_BUFFER,
                                              .width = sizeof(frame_vertices)};
    void *memory;

    check(vcmd_device_open(&desc, &device) == VCMD_STATUS_OK, "vcmd_device_open");
    check(vcmd_context_create(device, "bench", &context) == VCMD_STATUS_OK, "context");
    check(vcmd_resource_create(device, &texture, &target) == VCMD_STATUS_OK, "target");
    check(vcmd_resource_create(device, &buffer, &vertices) == VCMD_STATUS_OK, "vertices");
    check(vcmd_context_attach(context, target) == VCMD_STATUS_OK, "attach");
    check(vcmd_context_attach(context, vertices) == VCMD_STATUS_OK, "attach");
    check(vcmd_resource_map(vertices, &memory, NULL) == VCMD_STATUS_OK, "map");
    memcpy(memory, frame_vertices, sizeof(frame_vertices));
    check(vcmd_transfer_to_host(context, vertices, NULL) == VCMD_STATUS_OK, "transfer");
    /* Opening allocates: if nothing was counted, nothing can be (shared libraries). */
    check(allocations > 0 && direct_is_linked(), "getting between the library and what it calls");
}

static void prepare(void)
{
    make_buffer(&frame, frame_capacity(MAX_DRAWS));
    make_buffer(&mark, 1);
    vcmd_nop(&mark, &(struct vcmd_nop){0});
    frame_setup(&frame, vcmd_resource_id(target), vcmd_resource_id(vertices));
    check(vcmd_submit(context, &frame, NULL) == VCMD_STATUS_OK, "setup");
}

static void close_device(void)
{
    vcmd_context_destroy(context);
    vcmd_resource_destroy(vertices);
    vcmd_resource_destroy(target);
    vcmd_device_close(device);
    free(mark.dwords);
    free(frame.dwords);
}

/* ---- one frame ---- */

/* Nanoseconds: all of it, what was not spent in submit_cmd, and what of that came before it. */
struct frame_times {
    double whole, outside, before;
};

static struct frame_times run_device(void)
{
    struct frame_times times;
    struct direct_times inside;
    double start = bench_now();
    uint64_t fence;

    check(vcmd_submit(context, &frame, &fence) == VCMD_STATUS_OK, "submit");
    check(vcmd_fence_wait(device, fence, VCMD_WAIT_FOREVER) == VCMD_STATUS_OK, "wait");
    times.whole = bench_now() - start;
    inside = direct_last();
    times.outside = times.whole - inside.submit;
    times.before = inside.begun - start;
    return times;
}

static struct frame_times run_direct(void)
{
    struct frame_times times = {0};
    struct direct_times inside;

    direct_next(frame.dwords + frame.headroom, frame.length);
    check(vcmd_submit(context, &mark, NULL) == VCMD_STATUS_OK, "submit of a direct frame");
    inside = direct_last();
    times.whole = inside.whole;
    times.outside = inside.whole - inside.submit;
    return times;
}

/* ---- a row ---- */

#define MAX_ROUNDS 100000

/* One of each for each round. */
enum { DIRECT, DEVICE, MORE, ADDED, BEFORE, COLUMNS };

struct row {
    size_t draws, rounds;
    double *values[COLUMNS];
    size_t allocated;
};

/* One pair; who begins changes, so that neither always comes behind the same. */
static void run_pair(struct row *row, size_t round)
{
    struct frame_times direct = {0}, through;
    size_t before;

    if (round % 2 == 0)
        direct = run_direct();
    before = allocations;
    through = run_device();
    row->allocated += allocations - before;
    if (round % 2 != 0)
        direct = run_direct();
    row->values[DIRECT][round] = direct.whole;
    row->values[DEVICE][round] = through.whole;
    row->values[MORE][round] = through.whole - direct.whole;
    row->values[ADDED][round] = through.outside - direct.outside;
    row->values[BEFORE][round] = through.before;
}

static void print_row(struct row *row)
{
    struct samples_median medians[COLUMNS];
    double fast[2], percent;

    for (size_t i = 0; i < COLUMNS; i++)
        medians[i] = samples_median(row->values[i], row->rounds);
    for (size_t i = 0; i < 2; i++)
        fast[i] = row->values[i][row->rounds / 10];
    percent = 100 / medians[DIRECT].median;
    printf("%6zu %10.1f %7.2f (%6.2f to %5.2f) %7.2f %9.1f (%6.1f to %5.1f) %7.1f %9.1f %5.2f\n",
           row->draws, medians[DIRECT].median / 1000, percent * medians[MORE].median,
           percent * medians[MORE].low, percent * medians[MORE].high,
           100 * (fast[DEVICE] / fast[DIRECT] - 1), medians[ADDED].median / 1000,
           medians[ADDED].low / 1000, medians[ADDED].high / 1000, medians[BEFORE].median / 1000,
           medians[DEVICE].median / (double)row->draws,
           (double)row->allocated / (double)row->rounds);
}

/* True when the library allocated nothing. */
static bool measure(size_t draws, size_t rounds)
{
    double *memory = calloc(COLUMNS * rounds, sizeof(*memory));
    struct row row = {.draws = draws, .rounds = rounds};

    check(memory != NULL, "calloc");
    for (size_t i = 0; i < COLUMNS; i++)
        row.values[i] = memory + i * rounds;
    vcmd_buffer_reset(&frame);
    frame_draw(&frame, draws);
    (void)run_direct(); /* shaders are compiled, memory grows */
    (void)run_device();
    for (size_t round = 0; round < rounds; round++)
        run_pair(&row, round);
    print_row(&row);
    free(memory);
    return row.allocated == 0;
}

static bool measure_all(size_t rounds)
{
    static const size_t sizes[] = {10, 100, 1000, 10000};
    bool good = true;

    printf("%6s %10s %26s %7s %28s %7s %9s %5s\n", "", "", "device over direct, %", "fast",
           "outside of submit_cmd", "before", "", "");
    printf("%6s %10s %7s %18s %7s %9s %18s %7s %9s %5s\n", "draws", "direct us", "median", "95 %",
           "tenth", "us", "95 %", "us", "ns/draw", "alloc");
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
        good = measure(sizes[i], sizes[i] > 1000 ? rounds / 10 + 2 : rounds) && good;
    if (!good)
        (void)fprintf(stderr, "bench_loopback: the library allocates in a frame\n");
    return good;
}

static void print_handover(int rounds)
{
    double best, mean;

    check(handover_measure(rounds * 50, &best, &mean), "pthread_create");
    printf("A hand-over to another thread and back: %.1f us at best, %.1f on average\n",
           best / 1000, mean / 1000);
}

static void count(const char *way, size_t draws, size_t frames)
{
    vcmd_buffer_reset(&frame);
    frame_draw(&frame, draws);
    for (size_t i = 0; i < frames; i++)
        (void)(strcmp(way, "direct") == 0 ? run_direct() : run_device());
}

int main(int argc, char **argv)
{
    bool counts = argc == 5 && strcmp(argv[1], "--count") == 0;
    double rounds = argc == 2 ? bench_number(argv[1]) : 1000;
    double draws = counts ? bench_number(argv[3]) : 1, frames = counts ? bench_number(argv[4]) : 1;
    bool good = true;

    if ((argc > 2 && !counts) || rounds < 2 || rounds > MAX_ROUNDS || draws < 1 ||
        draws > MAX_DRAWS || frames < 1) {
        (void)fprintf(stderr,
                      "usage: bench_loopback [ROUNDS, 2 to %d] | --count direct|device "
                      "DRAWS FRAMES\n",
                      MAX_ROUNDS);
        return 2;
    }
    open_device();
    prepare();
    if (counts) {
        count(argv[2], (size_t)draws, (size_t)frames);
    } else {
        good = measure_all((size_t)rounds);
        print_handover((int)rounds);
    }
    close_device();
    return good ? 0 : 1;
}
