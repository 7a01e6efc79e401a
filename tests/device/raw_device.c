/* SPDX-License-Identifier: MIT */
#include "raw_device.h"

#include <string.h>

#include "device_model.h"
#include "renderer.h"

static struct renderer *renderer;
static struct device_model *model;
static const struct vcmd_log raw_log = {log_keep, NULL};
static uint32_t memory[2048];

uint32_t raw_words[512];
size_t raw_size;
struct vcmd_buffer raw_buf;

/* ---- jobs, which run on the renderer's thread ---- */

static void create_job(void *arg)
{
    (void)arg;
    model = device_model_create(&raw_log, renderer);
}

static void destroy_job(void *arg)
{
    (void)arg;
    device_model_destroy(model);
}

static void execute_job(void *arg)
{
    const size_t *size = arg;

    raw_size = device_model_execute(model, vcmd_buffer_stream(&raw_buf), *size, raw_words,
                                    sizeof(raw_words));
}

static void alloc_job(void *arg)
{
    void **piece = arg;

    *piece = device_model_memory_alloc(model, (size_t)(uintptr_t)*piece);
}

static void free_job(void *arg)
{
    device_model_memory_free(model, arg);
}

/* ---- */

void raw_open(void)
{
    log_forget();
    assert_int_equal(renderer_start(&raw_log, false, &renderer), VCMD_STATUS_OK);
    renderer_run(renderer, create_job, NULL);
    assert_non_null(model);
    vcmd_buffer_init(&raw_buf, memory, ARRAY_SIZE(memory), 0);
}

void raw_close(void)
{
    renderer_run(renderer, destroy_job, NULL);
    renderer_stop(renderer);
}

void raw_send(size_t size, uint32_t expected, const char *file, int line)
{
    uint32_t type;

    memset(raw_words, 0, sizeof(raw_words));
    log_forget();
    renderer_run(renderer, execute_job, &size);
    type = vcmd_le32(raw_words[0]);
    if (type != expected)
        print_error("the response is 0x%04x, not 0x%04x\n", type, expected);
    if (type != expected || (type >= VCMD_CTRL_RESP_ERR_UNSPEC) != (log_errors() > 0))
        _fail(file, line);
}

/* By hand: the encoder refuses much of what is to be tried. */
bool raw_create(const struct vcmd_ctrl_resource_create_3d *create)
{
    const uint32_t words[18] = {
        VCMD_CTRL_CMD_RESOURCE_CREATE_3D,
        0,
        0,
        0,
        0,
        0,
        create->resource_id,
        create->target,
        create->format,
        create->bind,
        create->width,
        create->height,
        create->depth,
        create->array_size,
        create->last_level,
        create->nr_samples,
        create->flags,
        0,
    };
    size_t size = sizeof(words);
    bool taken;

    vcmd_buffer_reset(&raw_buf);
    for (size_t i = 0; i < ARRAY_SIZE(words); i++)
        raw_buf.dwords[i] = vcmd_le32(words[i]);
    log_forget();
    renderer_run(renderer, execute_job, &size);
    taken = vcmd_le32(raw_words[0]) == VCMD_CTRL_RESP_OK_NODATA;
    if (taken)
        raw_run(VCMD_CTRL_RESP_OK_NODATA, resource_unref, .resource_id = create->resource_id);
    return taken;
}

void *raw_alloc(size_t size)
{
    void *piece = (void *)(uintptr_t)size;

    renderer_run(renderer, alloc_job, &piece);
    return piece;
}

void raw_free(void *piece)
{
    renderer_run(renderer, free_job, piece);
}

enum vcmd_status raw_wait_fence(uint64_t fence, uint64_t timeout_ns)
{
    return renderer_wait_fence(renderer, fence, timeout_ns);
}
