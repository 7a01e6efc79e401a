/* SPDX-License-Identifier: MIT */
/* Threads: not in plain C11 */
#define _GNU_SOURCE

#include "capture_observer.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture_device.h"
#include "id_tree.h"
#include "shape.h"

#define EXTENSION   ".vcap"
#define MAX_BLOBS   16 /* PIPE_RESOURCE_CREATEs whose blob has not come yet */
#define NAME_BYTES  64
#define FRAME_BINDS (VCMD_BIND_DISPLAY_TARGET | VCMD_BIND_SCANOUT)

struct record_capture {
    struct record_capture_desc desc;
    /*
     * The one at the path, open from the start, so that a wrong path is found before all else. It
     * is not written to; but who reads from a named pipe would see it end if it were closed.
     */
    int file;
    bool created; /* it was not there before */
    pthread_mutex_t mutex;
    struct record_capture_result result; /* needs the mutex */
};

struct resource {
    uint32_t id;
    struct vcmd_resource_desc desc;
    const void *memory;
};

struct described_blob {
    uint32_t blob_id; /* 0: nothing here */
    struct vcmd_resource_desc desc;
};

struct connection {
    struct record_capture *capture;
    struct capture_device device;
    struct vcmd_capture_writer *writer; /* NULL: nothing to write yet, or no more */
    bool ended;
    char name[NAME_BYTES];
    uint64_t waited_fence;
    uint64_t frames;
    struct id_tree resources; /* struct resource */
    struct described_blob blobs[MAX_BLOBS];
    size_t next_blob;
};

/* ---- files ---- */

static void note_failure(struct record_capture *capture, enum vcmd_status status)
{
    pthread_mutex_lock(&capture->mutex);
    if (capture->result.status == VCMD_STATUS_OK)
        capture->result.status = status;
    pthread_mutex_unlock(&capture->mutex);
}

/* The path of file number n. The caller frees it; NULL: no memory. */
static char *path_of(const char *path, uint32_t number)
{
    size_t length = strlen(path), stem = length;
    char *made = NULL;

    if (number == 1)
        return strdup(path);
    if (length > strlen(EXTENSION) && strcmp(path + length - strlen(EXTENSION), EXTENSION) == 0)
        stem -= strlen(EXTENSION);
    return asprintf(&made, "%.*s.%u%s", (int)stem, path, number, path + stem) < 0 ? NULL : made;
}

static void write_program(struct connection *c)
{
    struct vcmd_capture_record record = {.type = VCMD_CAPTURE_INFO};

    if (!c->capture->desc.command_line)
        return;
    record.u.info.key.text = "program";
    record.u.info.value.text = c->capture->desc.command_line;
    (void)vcmd_capture_write(c->writer, &record);
}

static enum vcmd_status open_file(struct connection *c, uint32_t number)
{
    const struct vcmd_capture_writer_options options = {.creator = c->capture->desc.creator,
                                                        .level = c->capture->desc.level};
    char *path = path_of(c->capture->desc.path, number);
    enum vcmd_status status = VCMD_STATUS_NO_MEMORY;

    if (!path)
        return status;
    status = vcmd_capture_writer_open(path, &options, &c->writer);
    /* Of other failures the result tells. */
    if (status == VCMD_STATUS_FILE_NOT_OPENED)
        fprintf(stderr, "virglcmd: record: cannot open %s: %s\n", path, strerror(errno));
    free(path);
    if (status != VCMD_STATUS_OK)
        return status;
    write_program(c);
    status = capture_device_open(&c->device, c->writer, c->name);
    if (status != VCMD_STATUS_OK) {
        (void)vcmd_capture_writer_close(c->writer);
        c->writer = NULL;
    }
    return status;
}

/* Before the first thing that is worth a file. False: it cannot be written. */
static bool is_open(struct connection *c)
{
    enum vcmd_status status;
    uint32_t number;

    if (c->writer || c->ended)
        return c->writer != NULL;
    pthread_mutex_lock(&c->capture->mutex);
    number = ++c->capture->result.files;
    pthread_mutex_unlock(&c->capture->mutex);
    status = open_file(c, number);
    if (status == VCMD_STATUS_OK)
        return true;
    c->ended = true;
    note_failure(c->capture, status);
    return false;
}

static void comment(struct connection *c, const char *text)
{
    struct vcmd_capture_record record = {.type = VCMD_CAPTURE_COMMENT};

    record.u.comment.text = text;
    (void)vcmd_capture_write(c->writer, &record);
}

/* ---- connections ---- */

static void *on_connect(void *user, uint32_t number)
{
    struct connection *c = calloc(1, sizeof(*c));

    (void)number;
    if (!c) {
        note_failure(user, VCMD_STATUS_NO_MEMORY);
        return NULL;
    }
    c->capture = user;
    return c;
}

static void close_file(struct connection *c)
{
    struct record_capture_result *result = &c->capture->result;
    uint64_t records, bytes;
    enum vcmd_status status;

    if (!c->writer)
        return;
    capture_device_close(&c->device);
    vcmd_capture_writer_stats(c->writer, &records, &bytes);
    status = vcmd_capture_writer_close(c->writer);
    if (status != VCMD_STATUS_OK)
        note_failure(c->capture, status);
    pthread_mutex_lock(&c->capture->mutex);
    result->records += records;
    result->bytes += bytes;
    result->frames += c->frames;
    pthread_mutex_unlock(&c->capture->mutex);
}

static void on_disconnect(void *connection)
{
    struct connection *c = connection;

    close_file(c);
    while (c->resources.root)
        free(id_tree_pop(&c->resources));
    for (size_t i = 0; i < 2; i++)
        free(c->device.capsets[i].bytes);
    free(c);
}

static void on_name(void *connection, const char *name, size_t size)
{
    struct connection *c = connection;

    if (size >= sizeof(c->name))
        size = sizeof(c->name) - 1;
    if (size > 0)
        memcpy(c->name, name, size);
    c->name[size] = '\0';
}

static void on_capset(void *connection, uint32_t number, const void *bytes, size_t size)
{
    struct connection *c = connection;
    void *copy;

    if (number < 1 || number > 2 || c->device.capsets[number - 1].bytes)
        return;
    copy = malloc(size);
    if (!copy)
        return;
    memcpy(copy, bytes, size);
    c->device.capsets[number - 1].bytes = copy;
    c->device.capsets[number - 1].size = size;
}

/* ---- resources ---- */

static void remove_resource(struct connection *c, uint32_t id)
{
    struct resource *resource = id_tree_remove(&c->resources, id);

    if (!resource)
        return;
    free(resource);
    c->device.ops->resource_destroy(c->device.self, id);
}

/*
 * What a resource of version 0 has of guest memory is the program's affair. A replay needs some:
 * all of it, tightly.
 */
static uint64_t tight_size(const struct vcmd_resource_desc *desc)
{
    struct vcmd_level level;
    uint64_t total = 0;

    if (desc->target == VCMD_BUFFER)
        return desc->width;
    if (desc->nr_samples > 1)
        return 0;
    for (uint32_t i = 0; i <= desc->last_level && i < 32; i++) {
        if (!vcmd_level_of(desc, i, &level))
            return 0;
        total += level.stride * level.rows * level.layers;
    }
    return total;
}

static void add_resource(struct connection *c, uint32_t id, const struct vcmd_resource_desc *desc,
                         const void *memory)
{
    struct resource *resource;
    uint32_t created;
    void *created_memory;

    if (!is_open(c))
        return;
    remove_resource(c, id);
    resource = calloc(1, sizeof(*resource));
    if (!resource)
        return;
    *resource = (struct resource){id, *desc, memory};
    if (!id_tree_add(&c->resources, resource)) {
        free(resource);
        return;
    }
    c->device.next_resource = id;
    c->device.next_memory = (void *)(uintptr_t)memory;
    (void)c->device.ops->resource_create(c->device.self, desc, &created, &created_memory);
    (void)c->device.ops->attach(c->device.self, CAPTURE_CONTEXT, id);
}

static void on_create(void *connection, const struct vtest_resource_create *create,
                      const struct vcmd_vtest_memory *memory)
{
    struct vcmd_resource_desc desc = {
        VCMD_DESC_BUT_FLAGS(create),
        .backing_size = memory->size,
    };

    if (!memory->bytes)
        desc.backing_size = tight_size(&desc);
    add_resource(connection, create->res_handle, &desc, memory->bytes);
}

static void on_blob(void *connection, const struct vtest_resource_create_blob *create, uint32_t id,
                    const struct vcmd_vtest_memory *memory)
{
    struct connection *c = connection;

    for (size_t i = 0; i < MAX_BLOBS; i++) {
        if (create->blob_id_lo != 0 && c->blobs[i].blob_id == create->blob_id_lo) {
            c->blobs[i].blob_id = 0;
            c->blobs[i].desc.backing_size = memory->size;
            add_resource(c, id, &c->blobs[i].desc, memory->bytes);
            return;
        }
    }
    if (is_open(c))
        comment(c, "a blob without PIPE_RESOURCE_CREATE was created; it is not in this capture");
}

static void on_unref(void *connection, uint32_t id)
{
    struct connection *c = connection;

    if (c->writer)
        remove_resource(c, id);
}

/* ---- transfers ---- */

/* A picture has come to where the program shows it from; Mesa draws those upside down. */
static void note_frame(struct connection *c, const struct resource *resource,
                       const struct vcmd_transfer *transfer)
{
    struct vcmd_capture_record record = {.type = VCMD_CAPTURE_FRAME};

    if (!(resource->desc.bind & FRAME_BINDS) || transfer->level != 0)
        return;
    record.u.frame = (struct vcmd_capture_frame){
        .context_id = CAPTURE_CONTEXT,
        .resource_id = resource->id,
        .flags = VCMD_CAPTURE_FRAME_TOP_FIRST,
    };
    if (vcmd_capture_write(c->writer, &record) == VCMD_STATUS_OK)
        c->frames++;
}

/* NULL: what cannot be recorded, and a comment says so; the host judges it on its own. */
static const struct resource *resource_for(struct connection *c, uint32_t id,
                                           const struct vcmd_transfer *transfer, uint64_t size)
{
    const struct resource *resource = c->writer ? id_tree_find(&c->resources, id) : NULL;
    struct vcmd_capture_rows rows;

    if (!c->writer)
        return NULL;
    if (resource &&
        vcmd_capture_rows_of_transfer(&resource->desc, transfer, &rows) == VCMD_STATUS_OK &&
        vcmd_capture_rows_end(&rows) <= size)
        return resource;
    comment(c, "a transfer of an unknown resource, or outside of it, was left out");
    return NULL;
}

static void on_transfer(void *connection, bool to_host, const struct vtest_transfer *t,
                        const void *data, size_t size)
{
    struct connection *c = connection;
    const struct vcmd_capture_transfer record = {
        .context_id = CAPTURE_CONTEXT,
        .resource_id = t->res_handle,
        .direction = to_host ? VCMD_TRANSFER_TO_HOST : VCMD_TRANSFER_FROM_HOST,
        .transfer = {.box = {(int32_t)t->x, (int32_t)t->y, (int32_t)t->z, (int32_t)t->width,
                             (int32_t)t->height, (int32_t)t->depth},
                     .level = t->level,
                     .stride = t->stride,
                     .layer_stride = t->layer_stride},
    };
    const struct resource *resource = resource_for(c, t->res_handle, &record.transfer, size);

    if (!resource)
        return;
    (void)vcmd_capture_write_transfer(c->writer, &record, &resource->desc, data, size);
    if (!to_host)
        note_frame(c, resource, &record.transfer);
}

static void on_transfer2(void *connection, bool to_host, const struct vtest_transfer2 *t,
                         const struct vcmd_vtest_memory *memory)
{
    struct connection *c = connection;
    const struct vcmd_transfer transfer = {
        .box = {(int32_t)t->x, (int32_t)t->y, (int32_t)t->z, (int32_t)t->width, (int32_t)t->height,
                (int32_t)t->depth},
        .level = t->level,
        .offset = t->offset,
    };
    uint32_t direction = to_host ? VCMD_TRANSFER_TO_HOST : VCMD_TRANSFER_FROM_HOST;
    const struct resource *resource;

    if (!memory->bytes) {
        if (c->writer)
            comment(c, "a transfer whose bytes were not seen was left out");
        return;
    }
    resource = resource_for(c, t->res_handle, &transfer, memory->size);
    if (!resource)
        return;
    (void)c->device.ops->transfer(c->device.self, CAPTURE_CONTEXT, t->res_handle, direction,
                                  &transfer);
    if (!to_host)
        note_frame(c, resource, &transfer);
}

/* ---- streams ---- */

/* What a blob will be: the 11 dwords behind the header. */
static void note_pipe_resource(struct connection *c, const uint32_t *dwords)
{
    struct described_blob *blob = &c->blobs[c->next_blob++ % MAX_BLOBS];
    struct vcmd_resource_desc *desc = &blob->desc;
    uint32_t *const fields[] = {&desc->target,     &desc->format,     &desc->bind,
                                &desc->width,      &desc->height,     &desc->depth,
                                &desc->array_size, &desc->last_level, &desc->nr_samples,
                                &desc->flags,      &blob->blob_id};

    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        *fields[i] = vcmd_le32(dwords[1 + i]);
}

static void look_for_blobs(struct connection *c, const uint32_t *dwords, size_t num_dwords)
{
    for (size_t at = 0; at < num_dwords; at += 1 + (size_t)(vcmd_le32(dwords[at]) >> 16)) {
        uint32_t header = vcmd_le32(dwords[at]);

        if ((header & 0xff) == VCMD_CCMD_PIPE_RESOURCE_CREATE && header >> 16 == 11 &&
            num_dwords - at >= 12)
            note_pipe_resource(c, dwords + at);
    }
}

static void on_submit(void *connection, const uint32_t *dwords, size_t num_dwords)
{
    struct connection *c = connection;
    /* The recorder only reads. */
    struct vcmd_buffer buf = {
        .dwords = (uint32_t *)(uintptr_t)dwords, .capacity = num_dwords, .length = num_dwords};
    uint64_t fence;

    if (!is_open(c))
        return;
    look_for_blobs(c, dwords, num_dwords);
    (void)c->device.ops->submit(c->device.self, CAPTURE_CONTEXT, &buf, &fence);
}

static void on_busy_wait(void *connection, bool waited, bool busy)
{
    struct connection *c = connection;

    (void)waited;
    if (!c->writer || busy || c->device.fence == c->waited_fence)
        return;
    c->waited_fence = c->device.fence;
    (void)c->device.ops->fence_wait(c->device.self, c->device.fence, VCMD_WAIT_FOREVER);
}

/* ---- all together ---- */

/* What is in the file stays until there is something to record. */
static bool hold_file(struct record_capture *capture)
{
    const char *path = capture->desc.path;

    capture->file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    capture->created = capture->file >= 0;
    if (capture->file < 0 && errno == EEXIST)
        capture->file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    return capture->file >= 0;
}

struct record_capture *record_capture_create(const struct record_capture_desc *desc)
{
    struct record_capture *capture = calloc(1, sizeof(*capture));
    int reason = ENOMEM;

    if (!capture)
        return NULL;
    capture->desc = *desc;
    if (pthread_mutex_init(&capture->mutex, NULL) == 0) {
        if (hold_file(capture))
            return capture;
        reason = errno;
        pthread_mutex_destroy(&capture->mutex);
    }
    free(capture);
    errno = reason;
    return NULL;
}

const struct vcmd_vtest_observer *record_capture_observer(void)
{
    static const struct vcmd_vtest_observer observer = {
        .connect = on_connect,
        .disconnect = on_disconnect,
        .name = on_name,
        .capset = on_capset,
        .resource_create = on_create,
        .resource_create_blob = on_blob,
        .resource_unref = on_unref,
        .transfer = on_transfer,
        .transfer2 = on_transfer2,
        .submit = on_submit,
        .busy_wait = on_busy_wait,
    };

    return &observer;
}

void record_capture_finish(struct record_capture *capture, struct record_capture_result *result)
{
    if (!capture)
        return;
    if (result)
        *result = capture->result;
    close(capture->file);
    if (capture->created && capture->result.files == 0)
        unlink(capture->desc.path);
    pthread_mutex_destroy(&capture->mutex);
    free(capture);
}
