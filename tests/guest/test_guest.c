/* SPDX-License-Identifier: MIT */

/*
 * The DRM transport on a real kernel: what a mock cannot prove. It runs in the virtual machine of
 * tests/guest, which says what the machine is to offer:
 *
 *     test_guest old    no blobs, no CONTEXT_INIT (QEMU 7.2)
 *     test_guest new    both, host-visible memory, syncobjs (QEMU 10, Linux 6.12)
 */
#define _GNU_SOURCE

#include "test_guest.h"
#include <dirent.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

bool is_new;
struct vcmd_device *device;
struct vcmd_context *context;
struct vcmd_buffer buf;
static uint32_t memory[4096];

struct vcmd_device *open_with(const char *options)
{
    const struct vcmd_transport *const transports[] = {vcmd_drm_transport(), NULL};
    const struct vcmd_device_desc desc = {
        .transports = transports, .options = options, .log = log_keep};
    struct vcmd_device *opened = NULL;

    assert_ok(vcmd_device_open(&desc, &opened));
    return opened;
}

static int open_all(void **state)
{
    (void)state;
    device = open_with("");
    assert_ok(vcmd_context_create(device, "guest test", &context));
    vcmd_buffer_init(&buf, memory, ARRAY_SIZE(memory), VCMD_BUFFER_HEADROOM);
    vcmd_create_sub_ctx(&buf, &(struct vcmd_create_sub_ctx){.sub_ctx_id = 1});
    vcmd_set_sub_ctx(&buf, &(struct vcmd_set_sub_ctx){.sub_ctx_id = 1});
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    vcmd_context_destroy(context);
    vcmd_device_close(device);
    return 0;
}

struct vcmd_resource *create_target(uint32_t width, uint32_t height, uint64_t backing)
{
    const struct vcmd_resource_desc desc = {.target = VCMD_TEXTURE_2D,
                                            .format = VCMD_FORMAT_B8G8R8A8_UNORM,
                                            .bind = VCMD_BIND_RENDER_TARGET,
                                            .width = width,
                                            .height = height,
                                            .backing_size = backing};
    struct vcmd_resource *target;

    assert_ok(vcmd_resource_create(device, &desc, &target));
    assert_ok(vcmd_context_attach(context, target));
    return target;
}

uint8_t *map_resource(struct vcmd_resource *resource)
{
    void *mapped;

    assert_ok(vcmd_resource_map(resource, &mapped, NULL));
    return mapped;
}

void encode_clear_of(struct vcmd_buffer *to, uint32_t surface, uint32_t res_handle, uint8_t red)
{
    const struct vcmd_create_surface create = {
        .handle = surface, .res_handle = res_handle, .format = VCMD_FORMAT_B8G8R8A8_UNORM};
    const struct vcmd_clear clear = {.buffers = VCMD_CLEAR_COLOR0,
                                     .color = {.f = {(float)red / 255, 0.2f, 0.6f, 1}}};

    vcmd_create_surface(to, &create);
    vcmd_set_framebuffer_state(
        to, &(struct vcmd_set_framebuffer_state){.nr_cbufs = 1, .cbuf_handle = &surface});
    vcmd_clear(to, &clear);
}

void assert_colour(const uint8_t *pixel, uint8_t red)
{
    assert_int_equal(pixel[0], 153);
    assert_int_equal(pixel[1], 51);
    assert_int_equal(pixel[2], red);
    assert_int_equal(pixel[3], 255);
}

/* ---- what the machine offers ---- */

static void offers(void **state)
{
    struct vcmd_drm_info info;
    size_t sizes[3] = {0};

    (void)state;
    assert_ok(vcmd_drm_get_info(device, &info));
    (void)vcmd_device_get_capset(device, 1, NULL, 0, &sizes[1]);
    (void)vcmd_device_get_capset(device, 2, NULL, 0, &sizes[2]);
    print_message("offers: %s, driver %d.%d.%d, blob %d, host_visible %d, cross_device %d, "
                  "context_init %d, capsets 0x%llx, debug_name %d, syncobj %d, capset 1 of %zu and "
                  "capset 2 of %zu bytes\n",
                  info.path, info.version_major, info.version_minor, info.version_patch, info.blob,
                  info.host_visible, info.cross_device, info.context_init,
                  (unsigned long long)info.capset_mask, info.debug_name, info.syncobj, sizes[1],
                  sizes[2]);
    assert_int_equal(info.blob && info.host_visible && info.context_init, is_new);
    assert_int_equal(sizes[1], 308);
    assert_true(sizes[2] >= 1376);
}

/* ---- transfers ---- */

/* A box of a larger picture, written and read with strides that no ioctl knows. */
static void strides(void **state)
{
    struct vcmd_resource *target = create_target(16, 8, 65536);
    uint8_t *bytes = map_resource(target);
    const struct vcmd_transfer out = {.box = {3, 2, 0, 5, 4, 1}, .offset = 36, .stride = 200};
    const struct vcmd_transfer in = {.box = {3, 2, 0, 5, 4, 1}, .offset = 8192, .stride = 64};

    (void)state;
    assert_ok(vcmd_transfer_to_host(context, target, NULL)); /* zeros */
    fill_bytes(bytes, 8192, 77);
    assert_ok(vcmd_transfer_to_host(context, target, &out));
    assert_ok(vcmd_transfer_from_host(context, target, &in));
    for (size_t y = 0; y < 4; y++) {
        assert_memory_equal(bytes + 8192 + y * 64, bytes + 36 + y * 200, 20);
        assert_int_equal(bytes[8192 + y * 64 + 20], 0);
    }
    /* The whole picture: the box, and zeros around it. */
    assert_ok(vcmd_transfer_from_host(
        context, target,
        &(struct vcmd_transfer){.box = {0, 0, 0, 16, 8, 1}, .offset = 16384, .stride = 64}));
    for (size_t y = 0; y < 8; y++) {
        for (size_t x = 0; x < 16; x++) {
            const uint8_t *pixel = bytes + 16384 + y * 64 + x * 4;
            bool inside = x >= 3 && x < 8 && y >= 2 && y < 6;
            static const uint8_t zero[4];

            assert_memory_equal(pixel, inside ? bytes + 36 + (y - 2) * 200 + (x - 3) * 4 : zero, 4);
        }
    }
    vcmd_resource_destroy(target);
}

/* ---- contexts ---- */

/* Drawn in one context, read in another; a context that the host has given up harms no other. */
static void contexts_share(void **state)
{
    struct vcmd_resource *target = create_target(8, 8, 0);
    struct vcmd_context *second, *third;
    uint8_t *bytes = map_resource(target);
    uint64_t fence;

    (void)state;
    assert_ok(vcmd_context_create(device, "second", &second));
    assert_ok(vcmd_context_attach(second, target));
    encode_clear_of(&buf, 1, vcmd_resource_id(target), 102);
    assert_ok(vcmd_submit(second, &buf, &fence));
    assert_ok(vcmd_fence_wait(device, fence, VCMD_WAIT_FOREVER));
    assert_ok(vcmd_transfer_from_host(context, target, NULL));
    assert_colour(bytes, 102);
    assert_colour(bytes + 252, 102);

    vcmd_buffer_reset(&buf);
    encode_clear_of(&buf, 9, 4711, 51); /* no such resource: the host ends the context */
    assert_ok(vcmd_submit(context, &buf, NULL));
    vcmd_context_destroy(context);
    assert_ok(vcmd_context_create(device, "third", &third));
    assert_ok(vcmd_context_attach(third, target));
    context = third;
    vcmd_buffer_reset(&buf);
    vcmd_create_sub_ctx(&buf, &(struct vcmd_create_sub_ctx){.sub_ctx_id = 1});
    vcmd_set_sub_ctx(&buf, &(struct vcmd_set_sub_ctx){.sub_ctx_id = 1});
    encode_clear_of(&buf, 1, vcmd_resource_id(target), 204);
    assert_ok(vcmd_submit(context, &buf, NULL));
    assert_ok(vcmd_transfer_from_host(context, target, NULL));
    assert_colour(bytes, 204);
    vcmd_context_destroy(second);
    vcmd_resource_destroy(target);
}

/* ---- dma-bufs and sync files ---- */

/* To another open file of the device, as to another process. */
static void export_and_import(void **state)
{
    struct vcmd_resource *target = create_target(8, 8, 0), *imported;
    struct vcmd_device *other = open_with("path=/dev/dri/renderD128");
    const struct vcmd_resource_desc desc = {.target = VCMD_TEXTURE_2D,
                                            .format = VCMD_FORMAT_B8G8R8A8_UNORM,
                                            .bind = VCMD_BIND_RENDER_TARGET,
                                            .width = 8,
                                            .height = 8};
    struct vcmd_drm_resource_info info;
    struct vcmd_context *theirs;
    int fd;

    (void)state;
    assert_ok(vcmd_drm_resource_export(target, &fd));
    assert_ok(vcmd_drm_resource_import(other, fd, &desc, &imported));
    close(fd);
    assert_int_equal(vcmd_resource_id(imported), vcmd_resource_id(target));
    assert_ok(vcmd_drm_resource_get_info(imported, &info));
    assert_int_equal(info.size, 4096);
    assert_ok(vcmd_context_create(other, "theirs", &theirs));
    assert_ok(vcmd_context_attach(theirs, imported));
    encode_clear_of(&buf, 1, vcmd_resource_id(target), 51);
    assert_ok(vcmd_submit(context, &buf, NULL));
    assert_ok(vcmd_drm_resource_wait(target, true));
    assert_ok(vcmd_drm_resource_wait(imported, false));
    vcmd_resource_destroy(target); /* theirs lives on */
    assert_ok(vcmd_transfer_from_host(theirs, imported, NULL));
    assert_colour(map_resource(imported), 51);
    vcmd_device_close(other);
    vcmd_resource_destroy(imported);
    vcmd_context_destroy(theirs);
}

/* The kernel locks what a submit names, and takes no list that has something twice. */
static void named_twice(void **state)
{
    struct vcmd_resource *one = create_target(8, 8, 0), *shared = create_target(8, 8, 0);
    struct vcmd_resource *const list[] = {shared, one, shared, one};
    const struct vcmd_drm_submit_args args = {.resources = list, .num_resources = 4};
    int fd;

    (void)state;
    assert_ok(vcmd_drm_resource_export(shared, &fd));
    assert_ok(vcmd_drm_submit(context, &buf, &args));
    assert_ok(vcmd_drm_resource_wait(one, true));
    assert_ok(vcmd_drm_resource_wait(shared, true));
    close(fd);
    vcmd_resource_destroy(one);
    vcmd_resource_destroy(shared);
}

static void sync_files(void **state)
{
    struct vcmd_context *second;
    struct pollfd wanted = {.events = POLLIN};
    int first = -1, last = -1;

    (void)state;
    assert_ok(vcmd_context_create(device, "second", &second));
    assert_ok(vcmd_drm_submit(context, &buf, &(struct vcmd_drm_submit_args){.signal_fd = &first}));
    assert_ok(vcmd_drm_submit(
        second, &buf, &(struct vcmd_drm_submit_args){.wait_fd = &first, .signal_fd = &last}));
    assert_true(first >= 0 && last >= 0 && first != last);
    wanted.fd = last;
    assert_int_equal(poll(&wanted, 1, 10000), 1);
    wanted.fd = first;
    assert_int_equal(poll(&wanted, 1, 0), 1);
    close(first);
    close(last);
    vcmd_context_destroy(second);
}

/* ---- errors ---- */

static void no_permission(void **state)
{
    pid_t child = fork();
    int status;

    (void)state;
    if (child == 0) {
        const struct vcmd_transport *const transports[] = {vcmd_drm_transport(), NULL};
        const struct vcmd_device_desc desc = {.transports = transports};
        struct vcmd_device *opened;

        if (setgid(65534) != 0 || setuid(65534) != 0)
            _exit(99);
        _exit((int)vcmd_device_open(&desc, &opened));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), VCMD_STATUS_NO_PERMISSION);
}

static void on_alarm(int number)
{
    (void)number;
}

/* A signal every 200 microseconds, into every call. */
static void storm_of_signals(void **state)
{
    const struct sigaction action = {.sa_handler = on_alarm}; /* no SA_RESTART */
    struct itimerval often = {{0, 200}, {0, 200}}, never = {{0, 0}, {0, 0}};
    struct vcmd_resource *target = create_target(256, 256, 0);
    uint8_t *bytes = map_resource(target);

    (void)state;
    sigaction(SIGALRM, &action, NULL);
    encode_clear_of(&buf, 1, vcmd_resource_id(target), 0);
    setitimer(ITIMER_REAL, &often, NULL);
    for (int i = 0; i < 50; i++) {
        uint64_t fence;

        assert_ok(vcmd_submit(context, &buf, &fence));
        assert_ok(vcmd_fence_wait(device, fence, VCMD_WAIT_FOREVER));
        assert_ok(vcmd_transfer_from_host(context, target, NULL));
    }
    setitimer(ITIMER_REAL, &never, NULL);
    assert_colour(bytes + 256 * 256 * 4 - 4, 0);
    vcmd_resource_destroy(target);
}

/* The longest stream that the transport lets through arrives; its last command shows it. */
static void longest_stream(void **state)
{
    struct vcmd_resource *target = create_target(8, 8, 0);
    const size_t capacity = 1000 * 1024;
    uint32_t *words = calloc(capacity, sizeof(*words));
    struct vcmd_buffer tail;

    (void)state;
    assert_non_null(words);
    vcmd_buffer_init(&buf, words, capacity, 0);
    vcmd_create_sub_ctx(&buf, &(struct vcmd_create_sub_ctx){.sub_ctx_id = 1});
    vcmd_set_sub_ctx(&buf, &(struct vcmd_set_sub_ctx){.sub_ctx_id = 1});
    vcmd_buffer_init(&tail, memory, ARRAY_SIZE(memory), 0);
    encode_clear_of(&tail, 1, vcmd_resource_id(target), 255);
    while (buf.length < capacity - tail.length)
        vcmd_nop(&buf, &(struct vcmd_nop){0});
    encode_clear_of(&buf, 1, vcmd_resource_id(target), 255);
    assert_int_equal(buf.error.status, VCMD_STATUS_OK);
    assert_int_equal(buf.length, capacity);
    assert_ok(vcmd_submit(context, &buf, NULL));
    assert_ok(vcmd_transfer_from_host(context, target, NULL));
    assert_colour(map_resource(target), 255);
    vcmd_resource_destroy(target);
    free(words);
}

/* ---- threads ---- */

#define NUM_THREADS 4
#define NUM_ROUNDS  30

struct worker {
    pthread_t thread;
    struct vcmd_resource *shared; /* attached and detached by all of them */
    uint8_t red;
    uint32_t wrong; /* calls that failed, and pictures with another's colour */
};

/* Draws into a picture of its own and reads it back, in a context of its own. */
static uint32_t work_once(struct worker *w, struct vcmd_context *own)
{
    const struct vcmd_resource_desc desc = {.target = VCMD_TEXTURE_2D,
                                            .format = VCMD_FORMAT_B8G8R8A8_UNORM,
                                            .bind = VCMD_BIND_RENDER_TARGET,
                                            .width = 8,
                                            .height = 8};
    const struct vcmd_resource_desc vertices = {.bind = VCMD_BIND_VERTEX_BUFFER, .width = 64};
    struct vcmd_resource *target, *buffer;
    uint32_t words[64], wrong = 0;
    struct vcmd_buffer stream;
    uint64_t fence;
    void *mapped = NULL;

    vcmd_buffer_init(&stream, words, ARRAY_SIZE(words), 0);
    wrong += vcmd_resource_create(device, &desc, &target) != VCMD_STATUS_OK;
    wrong += vcmd_resource_create(device, &vertices, &buffer) != VCMD_STATUS_OK;
    wrong += vcmd_context_attach(own, target) != VCMD_STATUS_OK;
    wrong += vcmd_context_attach(own, w->shared) != VCMD_STATUS_OK;
    encode_clear_of(&stream, 1, vcmd_resource_id(target), w->red);
    vcmd_destroy_object(
        &stream, &(struct vcmd_destroy_object){.handle = 1, .object_type = VCMD_OBJECT_SURFACE});
    wrong += vcmd_submit(own, &stream, &fence) != VCMD_STATUS_OK;
    wrong += vcmd_fence_wait(device, fence, VCMD_WAIT_FOREVER) != VCMD_STATUS_OK;
    wrong += vcmd_transfer_from_host(own, target, NULL) != VCMD_STATUS_OK;
    wrong += vcmd_resource_map(target, &mapped, NULL) != VCMD_STATUS_OK;
    wrong += !mapped || ((uint8_t *)mapped)[2] != w->red;
    wrong += vcmd_context_detach(own, w->shared) != VCMD_STATUS_OK;
    vcmd_resource_destroy(buffer);
    vcmd_resource_destroy(target);
    return wrong;
}

static void *run_worker(void *user)
{
    struct worker *w = user;
    struct vcmd_context *own;

    w->wrong += vcmd_context_create(device, "worker", &own) != VCMD_STATUS_OK;
    w->wrong += vcmd_submit(own, &buf, NULL) != VCMD_STATUS_OK; /* the sub-context */
    for (int i = 0; i < NUM_ROUNDS && w->wrong == 0; i++)
        w->wrong += work_once(w, own);
    vcmd_context_destroy(own);
    return NULL;
}

static void several_threads(void **state)
{
    struct worker workers[NUM_THREADS];
    struct vcmd_resource *shared = create_target(8, 8, 0);

    (void)state;
    for (size_t i = 0; i < NUM_THREADS; i++) {
        workers[i] = (struct worker){.shared = shared, .red = (uint8_t)(51 * (i + 1))};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, run_worker, &workers[i]), 0);
    }
    for (size_t i = 0; i < NUM_THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        assert_int_equal(workers[i].wrong, 0);
    }
    vcmd_resource_destroy(shared);
}

/* ---- leaks ---- */

static size_t count_files(void)
{
    DIR *folder = opendir("/proc/self/fd");
    size_t count = 0;

    assert_non_null(folder);
    while (readdir(folder))
        count++;
    closedir(folder);
    return count;
}

static size_t count_mappings(void)
{
    FILE *file = fopen("/proc/self/maps", "r");
    char line[512];
    size_t count = 0;

    assert_non_null(file);
    while (fgets(line, sizeof(line), file))
        count += strstr(line, "/dev/dri") != NULL;
    (void)fclose(file);
    return count;
}

static void use_everything(void)
{
    struct vcmd_resource *target, *buffer;
    struct vcmd_context *second;
    uint64_t fence;
    int fd;

    open_all(NULL);
    target = create_target(8, 8, 0);
    assert_ok(vcmd_resource_create(
        device, &(struct vcmd_resource_desc){.bind = VCMD_BIND_VERTEX_BUFFER, .width = 100},
        &buffer));
    assert_ok(vcmd_context_create(device, "second", &second));
    assert_ok(vcmd_context_attach(second, buffer));
    for (int i = 0; i < 5; i++)
        assert_ok(vcmd_submit(i % 2 ? second : context, &buf, &fence));
    assert_ok(vcmd_drm_resource_export(target, &fd));
    close(fd);
    vcmd_resource_destroy(buffer);
    vcmd_device_close(device); /* the rest is left to it */
    vcmd_resource_destroy(target);
    vcmd_context_destroy(second);
    vcmd_context_destroy(context);
}

static void nothing_leaks(void **state)
{
    size_t files, mappings;

    (void)state;
    use_everything();
    files = count_files();
    mappings = count_mappings();
    for (int i = 0; i < 20; i++)
        use_everything();
    assert_int_equal(count_files(), files);
    assert_int_equal(count_mappings(), mappings);
    assert_int_equal(mappings, 0);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, open_all, close_all)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(offers),
        TEST(strides),
        TEST(contexts_share),
        TEST(export_and_import),
        TEST(named_twice),
        TEST(sync_files),
        TEST(no_permission),
        TEST(storm_of_signals),
        TEST(longest_stream),
        TEST(several_threads),
        cmocka_unit_test(nothing_leaks),
        TEST(blobs_in_guest_memory),
        TEST(zero_copy_vertices),
        TEST(hidden_blobs),
        TEST(contexts_with_rings),
        TEST(rings_beyond_the_first),
        TEST(syncobjs),
    };

    if (argc != 2 || (strcmp(argv[1], "old") != 0 && strcmp(argv[1], "new") != 0)) {
        fprintf(stderr, "usage: test_guest old|new\n");
        return 2;
    }
    is_new = strcmp(argv[1], "new") == 0;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
