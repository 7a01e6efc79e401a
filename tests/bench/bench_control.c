/* SPDX-License-Identifier: MIT */

/*
 * What the control-queue adapter costs: commands per second over a channel that answers at once and
 * does nothing (a mock: the adapter and the device layer alone), and over the loopback.
 *
 *     bench_control [SECONDS]
 */
#include "bench.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <virglcmd/loopback.h>
#include <virglcmd/virglcmd.h>

/* ---- a channel that says yes ---- */

static void yes_close(void *self)
{
    (void)self;
}

static void yes_info(void *self, struct vcmd_channel_info *info)
{
    (void)self;
    *info = (struct vcmd_channel_info){1u << VCMD_CTRL_F_VIRGL, 1};
}

static enum vcmd_status yes_execute(void *self, const void *request, size_t request_size,
                                    void *response, size_t capacity, size_t *response_size)
{
    struct vcmd_ctrl_request decoded;
    struct vcmd_buffer buf;

    (void)self;
    (void)vcmd_ctrl_decode_request(request, request_size, &decoded, NULL);
    memset(response, 0, capacity);
    vcmd_buffer_init(&buf, response, capacity / 4, 0);
    if (decoded.type == VCMD_CTRL_CMD_GET_CAPSET_INFO) {
        const struct vcmd_ctrl_resp_ok_capset_info info = {
            .capset_id = 1, .capset_max_version = 1, .capset_max_size = 308};

        vcmd_ctrl_resp_ok_capset_info(&buf, &info);
        *response_size = buf.length * 4;
    } else if (decoded.type == VCMD_CTRL_CMD_GET_CAPSET) {
        vcmd_ctrl_resp_ok_capset(&buf, &(struct vcmd_ctrl_resp_ok_capset){0});
        *response_size = buf.length * 4 + 308;
    } else {
        const struct vcmd_ctrl_resp_ok_nodata yes = {
            .hdr = {.flags = decoded.hdr.flags, .fence_id = decoded.hdr.fence_id}};

        vcmd_ctrl_resp_ok_nodata(&buf, &yes);
        *response_size = buf.length * 4;
    }
    return VCMD_STATUS_OK;
}

static enum vcmd_status yes_wait(void *self, uint64_t fence, uint64_t timeout)
{
    (void)self;
    (void)fence;
    (void)timeout;
    return VCMD_STATUS_OK;
}

static enum vcmd_status yes_alloc(void *self, size_t size, void **memory, uint64_t *address)
{
    (void)self;
    *memory = calloc(1, size);
    *address = (uint64_t)(uintptr_t)*memory;
    return *memory != NULL ? VCMD_STATUS_OK : VCMD_STATUS_NO_MEMORY;
}

static void yes_free(void *self, void *memory, size_t size)
{
    (void)self;
    (void)size;
    free(memory);
}

static enum vcmd_status yes_open(const char *options, const struct vcmd_log *log,
                                 const struct vcmd_device_ops **ops, void **self)
{
    static const struct vcmd_channel_ops channel = {yes_close, yes_info,  yes_execute,
                                                    yes_wait,  yes_alloc, yes_free};

    (void)options;
    return vcmd_control_device_create(&channel, NULL, log, ops, self);
}

static const struct vcmd_transport yes_transport = {"mock", "answers at once", yes_open};

/* ---- what is measured ---- */

struct job {
    struct vcmd_device *device;
    struct vcmd_context *context;
    struct vcmd_resource *resource;
    uint32_t memory[64];
};

static void check(enum vcmd_status status)
{
    if (status == VCMD_STATUS_OK)
        return;
    fprintf(stderr, "bench_control: %s\n", vcmd_status_string(status));
    exit(1);
}

/* Two commands. */
static void attach_detach(void *user, size_t count)
{
    struct job *job = user;

    while (count-- > 0) {
        check(vcmd_context_attach(job->context, job->resource));
        check(vcmd_context_detach(job->context, job->resource));
    }
}

/* Two commands, and memory to keep. */
static void create_destroy(void *user, size_t count)
{
    const struct vcmd_resource_desc desc = {
        .bind = VCMD_BIND_VERTEX_BUFFER, .width = 64, .backing_size = VCMD_NO_BACKING};
    struct vcmd_resource *resource;
    struct job *job = user;

    while (count-- > 0) {
        check(vcmd_resource_create(job->device, &desc, &resource));
        vcmd_resource_destroy(resource);
    }
}

/* One command with a stream of one packet, without a fence. */
static void submit(void *user, size_t count)
{
    struct job *job = user;
    struct vcmd_buffer buf;

    vcmd_buffer_init(&buf, job->memory, 64, VCMD_BUFFER_HEADROOM);
    vcmd_nop(&buf, &(struct vcmd_nop){0});
    while (count-- > 0)
        check(vcmd_submit(job->context, &buf, NULL));
}

static void measure(const struct vcmd_transport *transport, double seconds)
{
    const struct vcmd_transport *const transports[] = {transport, NULL};
    const struct vcmd_device_desc desc = {.transports = transports};
    const struct vcmd_resource_desc buffer = {.bind = VCMD_BIND_VERTEX_BUFFER, .width = 64};
    struct job job;
    struct bench_entry entries[] = {
        {"attach + detach", attach_detach, &job, 0},
        {"create + destroy", create_destroy, &job, 0},
        {"submit of one packet", submit, &job, 0},
    };
    const double commands[] = {2, 2, 1};

    check(vcmd_device_open(&desc, &job.device));
    check(vcmd_context_create(job.device, "bench", &job.context));
    check(vcmd_resource_create(job.device, &buffer, &job.resource));
    bench_compare(entries, 3, seconds);
    for (size_t i = 0; i < 3; i++)
        printf("%-10s %-22s %10.0f ns %12.0f commands/s\n", transport->name, entries[i].name,
               entries[i].best / commands[i], commands[i] * 1e9 / entries[i].best);
    vcmd_device_close(job.device);
    vcmd_resource_destroy(job.resource);
    vcmd_context_destroy(job.context);
}

int main(int argc, char **argv)
{
    double seconds = argc > 1 ? bench_number(argv[1]) : 3;

    if (seconds <= 0) {
        fprintf(stderr, "usage: bench_control [SECONDS]\n");
        return 2;
    }
    measure(&yes_transport, seconds);
    measure(vcmd_loopback_transport(), seconds);
    return 0;
}
