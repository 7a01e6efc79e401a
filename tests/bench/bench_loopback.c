/* SPDX-License-Identifier: MIT */

/*
 * What the library adds to a frame: the same streams through a device on the loopback, and straight
 * into virglrenderer. Two child processes, because virglrenderer exists once in each; they take
 * turns, and the fastest frame of each counts.
 *
 *     bench_loopback [ROUNDS]
 *
 * Fails when the library allocates in a frame, or when a child does.
 */
#include "bench.h"
#include "frames.h"
#include "handover.h"
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
#include <virglcmd/device.h>
#include <virglcmd/loopback.h>
#include <virglrenderer.h>

#define MAX_DRAWS 10000

/* virglrenderer.h only names it. */
struct virgl_box {
    uint32_t x, y, z, w, h, d;
};

/* What the parent asks of a child, and what it answers. */
struct question {
    size_t draws; /* 0: end */
};

struct answer {
    double ns; /* of one frame: submit, fence reached */
    size_t allocations;
};

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
    fprintf(stderr, "bench_loopback: %s failed\n", what);
    exit(1);
}

static struct vcmd_buffer make_buffer(void)
{
    size_t capacity = frame_capacity(MAX_DRAWS) + VCMD_BUFFER_HEADROOM;
    uint32_t *memory = calloc(capacity, sizeof(*memory));
    struct vcmd_buffer buf;

    check(memory != NULL, "calloc");
    vcmd_buffer_init(&buf, memory, capacity, VCMD_BUFFER_HEADROOM);
    return buf;
}

/* ---- through the library ---- */

static struct vcmd_device *device;
static struct vcmd_context *context;
static struct vcmd_buffer device_buf;

static void device_open(void)
{
    const struct vcmd_transport *const transports[] = {vcmd_loopback_transport(), NULL};
    const struct vcmd_device_desc desc = {.transports = transports};
    const struct vcmd_resource_desc target = {.target = VCMD_TEXTURE_2D,
                                              .format = VCMD_FORMAT_B8G8R8A8_UNORM,
                                              .bind = VCMD_BIND_RENDER_TARGET,
                                              .width = FRAME_SIZE,
                                              .height = FRAME_SIZE};
    const struct vcmd_resource_desc vertices = {.bind = VCMD_BIND_VERTEX_BUFFER,
                                                .width = sizeof(frame_vertices)};
    struct vcmd_resource *resources[2];
    void *memory;

    check(vcmd_device_open(&desc, &device) == VCMD_STATUS_OK, "vcmd_device_open");
    check(vcmd_context_create(device, "bench", &context) == VCMD_STATUS_OK, "context");
    check(vcmd_resource_create(device, &target, &resources[0]) == VCMD_STATUS_OK, "target");
    check(vcmd_resource_create(device, &vertices, &resources[1]) == VCMD_STATUS_OK, "vertices");
    check(vcmd_context_attach(context, resources[0]) == VCMD_STATUS_OK, "attach");
    check(vcmd_context_attach(context, resources[1]) == VCMD_STATUS_OK, "attach");
    check(vcmd_resource_map(resources[1], &memory, NULL) == VCMD_STATUS_OK, "map");
    memcpy(memory, frame_vertices, sizeof(frame_vertices));
    check(vcmd_transfer_to_host(context, resources[1], NULL) == VCMD_STATUS_OK, "transfer");
    device_buf = make_buffer();
    frame_setup(&device_buf, vcmd_resource_id(resources[0]), vcmd_resource_id(resources[1]));
    check(vcmd_submit(context, &device_buf, NULL) == VCMD_STATUS_OK, "setup");
}

static void device_frame(void)
{
    uint64_t fence;

    check(vcmd_submit(context, &device_buf, &fence) == VCMD_STATUS_OK, "submit");
    check(vcmd_fence_wait(device, fence, VCMD_WAIT_FOREVER) == VCMD_STATUS_OK, "wait");
}

/* ---- straight ---- */

#define CONTEXT_ID 1

static uint32_t reached;
static uint32_t next_fence;
static struct vcmd_buffer direct_buf;

static void write_fence(void *cookie, uint32_t fence)
{
    (void)cookie;
    reached = fence;
}

static void direct_resource(uint32_t id, uint32_t target, uint32_t format, uint32_t bind,
                            uint32_t width, uint32_t height)
{
    struct virgl_renderer_resource_create_args args = {.handle = id,
                                                       .target = target,
                                                       .format = format,
                                                       .bind = bind,
                                                       .width = width,
                                                       .height = height,
                                                       .depth = 1,
                                                       .array_size = 1};

    check(virgl_renderer_resource_create(&args, NULL, 0) == 0, "virgl_renderer_resource_create");
    virgl_renderer_ctx_attach_resource(CONTEXT_ID, (int)id);
}

static void direct_submit(void)
{
    check(virgl_renderer_submit_cmd(direct_buf.dwords + direct_buf.headroom, CONTEXT_ID,
                                    (int)direct_buf.length) == 0,
          "virgl_renderer_submit_cmd");
}

static void direct_open(void)
{
    static struct virgl_renderer_callbacks callbacks = {.version = 1, .write_fence = write_fence};
    struct virgl_box box = {.w = sizeof(frame_vertices), .h = 1, .d = 1};
    static float vertices[12];
    struct iovec iov = {vertices, sizeof(vertices)};

    memcpy(vertices, frame_vertices, sizeof(vertices));
    check(virgl_renderer_init(&callbacks, VIRGL_RENDERER_USE_EGL | VIRGL_RENDERER_USE_SURFACELESS,
                              &callbacks) == 0,
          "virgl_renderer_init");
    check(virgl_renderer_context_create(CONTEXT_ID, 5, "bench") == 0, "context");
    direct_resource(1, VCMD_TEXTURE_2D, VCMD_FORMAT_B8G8R8A8_UNORM, VCMD_BIND_RENDER_TARGET,
                    FRAME_SIZE, FRAME_SIZE);
    direct_resource(2, VCMD_BUFFER, VCMD_FORMAT_R8_UNORM, VCMD_BIND_VERTEX_BUFFER,
                    sizeof(frame_vertices), 1);
    check(virgl_renderer_resource_attach_iov(2, &iov, 1) == 0, "iov");
    check(virgl_renderer_transfer_write_iov(2, CONTEXT_ID, 0, 0, 0, &box, 0, NULL, 0) == 0,
          "transfer");
    direct_buf = make_buffer();
    frame_setup(&direct_buf, 1, 2);
    direct_submit();
}

static void direct_frame(void)
{
    direct_submit();
    next_fence++;
    check(virgl_renderer_create_fence((int)next_fence, CONTEXT_ID) == 0, "fence");
    while (reached != next_fence)
        virgl_renderer_poll();
}

/* ---- children and parent ---- */

struct way {
    const char *name;
    void (*open)(void);
    void (*frame)(void);
    struct vcmd_buffer *buf;
    int to_child, from_child;
    pid_t child;
};

static struct way ways[2] = {
    {"direct", direct_open, direct_frame, &direct_buf, 0, 0, 0},
    {"device", device_open, device_frame, &device_buf, 0, 0, 0},
};

static void child(const struct way *way, int in, int out)
{
    struct question question;

    way->open();
    /* Opening allocates: if nothing was counted, nothing can be (shared libraries). */
    check(way != &ways[1] || allocations > 0, "counting allocations");
    while (read(in, &question, sizeof(question)) == sizeof(question) && question.draws != 0) {
        struct answer answer;
        size_t before;
        double start;

        vcmd_buffer_reset(way->buf);
        frame_draw(way->buf, question.draws);
        before = allocations;
        start = bench_now();
        way->frame();
        answer.ns = bench_now() - start;
        answer.allocations = allocations - before;
        check(write(out, &answer, sizeof(answer)) == sizeof(answer), "write");
    }
    exit(0);
}

static void start(struct way *way)
{
    int in[2], out[2];

    check(pipe(in) == 0 && pipe(out) == 0, "pipe");
    way->child = fork();
    switch (way->child) {
    case -1:
        check(false, "fork");
        break;
    case 0:
        close(in[1]);
        close(out[0]);
        child(way, in[0], out[1]);
        break;
    default:
        way->to_child = in[1];
        way->from_child = out[0];
        close(in[0]);
        close(out[1]);
    }
}

static struct answer ask(const struct way *way, size_t draws)
{
    struct question question = {draws};
    struct answer answer;

    check(write(way->to_child, &question, sizeof(question)) == sizeof(question), "write");
    check(read(way->from_child, &answer, sizeof(answer)) == sizeof(answer), way->name);
    return answer;
}

/* True when the library allocated nothing. */
static bool print_row(size_t draws, int rounds)
{
    double best[2] = {0, 0};
    size_t allocated = 0;
    int round, i;

    for (round = 0; round < rounds; round++) {
        for (i = 0; i < 2; i++) {
            struct answer answer = ask(&ways[i], draws);

            if (round == 0)
                continue; /* shaders are compiled, memory grows */
            if (best[i] == 0 || answer.ns < best[i])
                best[i] = answer.ns;
            if (i == 1)
                allocated += answer.allocations;
        }
    }
    printf("%6zu %12.1f %12.1f %8.2f %% %10.1f %12.2f\n", draws, best[0] / 1000, best[1] / 1000,
           100 * (best[1] / best[0] - 1), best[1] / (double)draws,
           (double)allocated / (rounds - 1));
    return allocated == 0;
}

/* Both must have come to their end; what they complained about is on stderr. */
static bool stop(const struct way *way)
{
    struct question end = {0};
    int status;

    check(write(way->to_child, &end, sizeof(end)) == sizeof(end), "write");
    check(waitpid(way->child, &status, 0) == way->child, "waitpid");
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    fprintf(stderr, "bench_loopback: the child \"%s\" ended with status 0x%x\n", way->name,
            (unsigned int)status);
    return false;
}

static void print_handover(int rounds)
{
    double best, mean;

    check(handover_measure(rounds * 50, &best, &mean), "pthread_create");
    printf("A hand-over to another thread and back: %.1f us at best, %.1f on average\n",
           best / 1000, mean / 1000);
}

int main(int argc, char **argv)
{
    static const size_t sizes[] = {10, 100, 1000, 10000};
    int rounds = argc > 1 ? (int)bench_number(argv[1]) : 200;
    bool good = true;
    size_t i;

    if (rounds < 2) {
        fprintf(stderr, "usage: bench_loopback [ROUNDS, at least 2]\n");
        return 2;
    }
    start(&ways[0]);
    start(&ways[1]);
    printf("%6s %12s %12s %10s %10s %12s\n", "draws", "direct us", "device us", "overhead",
           "ns/draw", "allocations");
    for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
        good = print_row(sizes[i], sizes[i] > 1000 ? rounds / 10 + 2 : rounds) && good;
    if (!good)
        fprintf(stderr, "bench_loopback: the library allocates in a frame\n");
    for (i = 0; i < 2; i++)
        good = stop(&ways[i]) && good;
    print_handover(rounds);
    return good ? 0 : 1;
}
