/* SPDX-License-Identifier: MIT */
#include "fake_channel.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define MAX_IDS      2048
#define HEADER_BYTES 24

struct fake_channel channel;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static bool contexts[MAX_IDS];
static bool resources[MAX_IDS];
static bool backed[MAX_IDS];
static bool attached[MAX_IDS][MAX_IDS]; /* by context and resource */

/* ---- book-keeping, with the mutex ---- */

static void expect(bool kept, const char *rule)
{
    if (!kept && !channel.broken)
        channel.broken = rule;
}

static bool is_alive(const bool *table, uint32_t id)
{
    return id > 0 && id < MAX_IDS && table[id];
}

static void set_alive(bool *table, uint32_t id, bool alive, size_t *count)
{
    expect(id > 0 && id < MAX_IDS, "ids are small and not 0");
    if (id == 0 || id >= MAX_IDS)
        return;
    expect(table[id] != alive, "what lives is not created, what does not is not destroyed");
    *count += alive ? 1 : (size_t)-1;
    table[id] = alive;
}

static void set_attached(uint32_t context, uint32_t resource, bool value)
{
    expect(is_alive(contexts, context) && is_alive(resources, resource), "both of a pair live");
    if (context >= MAX_IDS || resource >= MAX_IDS)
        return;
    expect(value || attached[context][resource], "only what is attached is detached");
    channel.attached += (size_t)value - (size_t)attached[context][resource];
    attached[context][resource] = value;
}

static void drop_context(uint32_t id)
{
    for (uint32_t i = 0; i < MAX_IDS && id < MAX_IDS; i++) {
        channel.attached -= attached[id][i];
        attached[id][i] = false;
    }
    set_alive(contexts, id, false, &channel.contexts);
}

static void drop_resource(uint32_t id)
{
    for (uint32_t i = 0; i < MAX_IDS && id < MAX_IDS; i++)
        expect(!attached[i][id], "a resource is detached from every context before it goes");
    expect(!is_alive(backed, id), "the backing is detached before the resource goes");
    set_alive(resources, id, false, &channel.resources);
}

static void set_backing(uint32_t id, bool value)
{
    expect(is_alive(resources, id), "the resource of a backing lives");
    if (id >= MAX_IDS)
        return;
    expect(backed[id] != value, "a backing is attached once and detached once");
    backed[id] = value;
}

static void check_work(uint32_t context, uint32_t resource)
{
    expect(is_alive(contexts, context), "the context lives");
    expect(is_alive(resources, resource) && attached[context][resource],
           "what is used is attached");
    expect(is_alive(backed, resource), "what is transferred has a backing");
}

static void keep_book(const struct vcmd_ctrl_request *request)
{
    uint32_t context = request->hdr.ctx_id;

    switch (request->type) {
    case VCMD_CTRL_CMD_GET_CAPSET_INFO:
    case VCMD_CTRL_CMD_GET_CAPSET:
        break;
    case VCMD_CTRL_CMD_CTX_CREATE:
        set_alive(contexts, context, true, &channel.contexts);
        break;
    case VCMD_CTRL_CMD_CTX_DESTROY:
        drop_context(context);
        break;
    case VCMD_CTRL_CMD_CTX_ATTACH_RESOURCE:
        set_attached(context, request->ctx_attach_resource.resource_id, true);
        break;
    case VCMD_CTRL_CMD_CTX_DETACH_RESOURCE:
        set_attached(context, request->ctx_detach_resource.resource_id, false);
        break;
    case VCMD_CTRL_CMD_RESOURCE_CREATE_3D:
        set_alive(resources, request->resource_create_3d.resource_id, true, &channel.resources);
        break;
    case VCMD_CTRL_CMD_RESOURCE_UNREF:
        drop_resource(request->resource_unref.resource_id);
        break;
    case VCMD_CTRL_CMD_RESOURCE_ATTACH_BACKING:
        set_backing(request->resource_attach_backing.resource_id, true);
        break;
    case VCMD_CTRL_CMD_RESOURCE_DETACH_BACKING:
        set_backing(request->resource_detach_backing.resource_id, false);
        break;
    case VCMD_CTRL_CMD_TRANSFER_TO_HOST_3D:
        check_work(context, request->transfer_to_host_3d.resource_id);
        break;
    case VCMD_CTRL_CMD_TRANSFER_FROM_HOST_3D:
        check_work(context, request->transfer_from_host_3d.resource_id);
        break;
    case VCMD_CTRL_CMD_SUBMIT_3D:
        expect(is_alive(contexts, context), "the context lives");
        expect(request->tail_size == request->submit_3d.size, "the stream has the size it says");
        break;
    default:
        expect(false, "only known commands are sent");
    }
}

static void check_fence(const struct vcmd_ctrl_hdr *hdr)
{
    if (hdr->flags == 0)
        return;
    expect(hdr->flags == VCMD_CTRL_FLAG_FENCE, "there is no flag but FENCE");
    expect(hdr->fence_id > channel.last_fence, "fences grow");
    channel.last_fence = hdr->fence_id;
}

/* Types have a small number in their low byte, and a class above it. */
static struct fake_request *request_of_type(uint32_t type)
{
    static struct fake_request last[3][16];

    return &last[(type >> 8) % 3][type % 16];
}

static void remember(const void *bytes, size_t size, uint32_t type)
{
    struct fake_request *request = request_of_type(type);
    size_t kept = size < sizeof(request->words) ? size : sizeof(request->words);

    request->place = bytes;
    request->size = size;
    memset(request->words, 0, sizeof(request->words));
    memcpy(request->words, bytes, kept);
    for (size_t i = 0; i < ARRAY_SIZE(request->words); i++)
        request->words[i] = vcmd_le32(request->words[i]);
}

/* ---- answers ---- */

static size_t answer_info(const struct vcmd_ctrl_request *request, uint32_t *words)
{
    uint32_t index = request->get_capset_info.capset_index;
    struct vcmd_buffer buf;

    expect(index < channel.num_capsets, "only capsets that exist are asked for");
    vcmd_buffer_init(&buf, words, 16, 0);
    vcmd_ctrl_resp_ok_capset_info(&buf, &channel.infos[index]);
    return buf.length * sizeof(uint32_t);
}

/* The bytes of a capset are 0xff: all formats, and limits that nothing reaches. */
static size_t answer_capset(const struct vcmd_ctrl_request *request, void *response,
                            size_t capacity)
{
    size_t size = channel.capset_given;

    for (uint32_t i = 0; i < channel.num_capsets && size == 0; i++) {
        if (channel.infos[i].capset_id == request->get_capset.capset_id)
            size = channel.infos[i].capset_max_size;
    }
    expect(size > 0, "only capsets that exist are asked for");
    if (size > capacity - HEADER_BYTES)
        size = capacity - HEADER_BYTES;
    memset((uint8_t *)response + HEADER_BYTES, 0xff, size);
    return HEADER_BYTES + size;
}

static size_t answer(const struct vcmd_ctrl_request *request, void *response, size_t capacity)
{
    uint32_t words[16] = {0};
    size_t size = HEADER_BYTES;

    if (request->type == channel.fail_type) {
        words[0] = vcmd_le32(channel.answer);
        size = channel.answer_size;
        memcpy(response, words, size);
        return size;
    }
    check_fence(&request->hdr);
    keep_book(request);
    words[0] = vcmd_le32(VCMD_CTRL_RESP_OK_NODATA);
    if (request->type == VCMD_CTRL_CMD_GET_CAPSET_INFO)
        size = answer_info(request, words);
    if (request->type == VCMD_CTRL_CMD_GET_CAPSET) {
        words[0] = vcmd_le32(VCMD_CTRL_RESP_OK_CAPSET);
        memcpy(response, words, HEADER_BYTES);
        return answer_capset(request, response, capacity);
    }
    memcpy(response, words, size);
    return size;
}

/* ---- the channel ---- */

static void channel_close(void *self)
{
    (void)self;
    pthread_mutex_lock(&mutex);
    channel.closes++;
    channel.last_fence = 0;
    pthread_mutex_unlock(&mutex);
}

static void channel_get_info(void *self, struct vcmd_channel_info *info)
{
    (void)self;
    info->features = channel.features;
    info->num_capsets = channel.num_capsets;
}

static enum vcmd_status channel_execute(void *self, const void *bytes, size_t size, void *response,
                                        size_t capacity, size_t *response_size)
{
    struct vcmd_ctrl_request request;
    enum vcmd_status status = vcmd_ctrl_decode_request(bytes, size, &request, NULL);

    (void)self;
    pthread_mutex_lock(&mutex);
    expect(status == VCMD_STATUS_OK, "requests can be decoded");
    expect(capacity >= HEADER_BYTES, "there is room for a header");
    remember(bytes, size, request.type);
    status = channel.lost;
    if (status == VCMD_STATUS_OK)
        *response_size = answer(&request, response, capacity);
    if (channel.late)
        *response_size = 0;
    pthread_mutex_unlock(&mutex);
    return status;
}

static enum vcmd_status channel_wait_fence(void *self, uint64_t fence_id, uint64_t timeout_ns)
{
    (void)self;
    (void)timeout_ns;
    pthread_mutex_lock(&mutex);
    expect(fence_id >= 1 && fence_id <= channel.last_fence, "only fences that exist are awaited");
    pthread_mutex_unlock(&mutex);
    return channel.wait_status;
}

/* Memory is never touched from here: a small piece stands for any size over 64 KiB. */
static enum vcmd_status channel_memory_alloc(void *self, size_t size, void **memory,
                                             uint64_t *address)
{
    (void)self;
    if (channel.no_memory)
        return VCMD_STATUS_NO_MEMORY;
    *memory = calloc(1, size < 65536 ? size : 65536);
    if (!*memory)
        return VCMD_STATUS_NO_MEMORY;
    *address = 0x123456789000u; /* as a bus address is: not the pointer */
    pthread_mutex_lock(&mutex);
    channel.pieces++;
    pthread_mutex_unlock(&mutex);
    return VCMD_STATUS_OK;
}

static void channel_memory_free(void *self, void *memory, size_t size)
{
    (void)self;
    (void)size;
    free(memory);
    pthread_mutex_lock(&mutex);
    channel.pieces--;
    pthread_mutex_unlock(&mutex);
}

const struct vcmd_channel_ops fake_channel_ops = {
    .close = channel_close,
    .get_info = channel_get_info,
    .execute = channel_execute,
    .wait_fence = channel_wait_fence,
    .memory_alloc = channel_memory_alloc,
    .memory_free = channel_memory_free,
};

/* ---- a transport around it ---- */

static enum vcmd_status open_control(const char *options, const struct vcmd_log *log,
                                     const struct vcmd_device_ops **ops, void **self)
{
    (void)options;
    return vcmd_control_device_create(&fake_channel_ops, NULL, log, ops, self);
}

static const struct vcmd_transport control = {
    .name = "control", .description = "a mock behind the adapter", .open = open_control};

void channel_reset(void)
{
    channel = (struct fake_channel){
        .features = 1,
        .num_capsets = 1,
        .infos[0] = {.capset_id = 2, .capset_max_version = 2, .capset_max_size = 1376},
        .answer_size = HEADER_BYTES,
    };
    memset(contexts, 0, sizeof(contexts));
    memset(resources, 0, sizeof(resources));
    memset(backed, 0, sizeof(backed));
    memset(attached, 0, sizeof(attached));
}

enum vcmd_status channel_try_open(struct vcmd_device **device)
{
    const struct vcmd_transport *const transports[] = {&control, NULL};
    const struct vcmd_device_desc desc = {.transports = transports, .log = log_keep};

    return vcmd_device_open(&desc, device);
}

struct vcmd_device *channel_open(void)
{
    struct vcmd_device *device = NULL;

    assert_ok(channel_try_open(&device));
    return device;
}

const struct fake_request *channel_last(uint32_t type)
{
    return request_of_type(type);
}

void assert_channel_clean(size_t closes)
{
    if (channel.broken)
        fail_msg("broken rule: %s", channel.broken);
    assert_int_equal(channel.closes, closes);
    assert_int_equal(channel.contexts, 0);
    assert_int_equal(channel.resources, 0);
    assert_int_equal(channel.attached, 0);
    assert_int_equal(channel.pieces, 0);
}
