/* SPDX-License-Identifier: MIT */
/* Requests and responses of the control queue: encoded, decoded, cut at every length. */
#include "support.h"

#if defined(__has_include)
#if __has_include(<linux/virtio_gpu.h>)
#include <linux/virtio_gpu.h>
#define KERNEL(type) sizeof(struct type)
#endif
#endif
#ifndef KERNEL
#define KERNEL(type) 0
#endif

#define HDR                                                                                        \
    {                                                                                              \
        .flags = 3, .fence_id = 0x1112131415161718u, .ctx_id = 0x21222324, .ring_idx = 0x3f        \
    }
#define RECT                                                                                       \
    {                                                                                              \
        0x31, 0x32, 0x33, 0x34                                                                     \
    }

static const struct vcmd_ctrl_mem_entry entries[3] = {
    {0x1122334455667788u, 0x1000}, {0x99aabbccddeeff00u, 0x2000}, {1, 2}};

struct message {
    enum vcmd_status (*encode)(struct vcmd_buffer *buf, const void *args);
    const void *args;
    size_t args_size;
    uint32_t type;
    size_t fixed; /* bytes, without the tail */
    size_t tail;
    size_t kernel_size; /* of the kernel's structure; 0 when there is no such header */
};

#define CALL(name)                                                                                 \
    static enum vcmd_status call_##name(struct vcmd_buffer *buf, const void *args)                 \
    {                                                                                              \
        return vcmd_ctrl_##name(buf, args);                                                        \
    }
#define MESSAGE(name, type, fixed, tail, kernel)                                                   \
    {                                                                                              \
        call_##name, &(name), sizeof(name), type, fixed, tail, KERNEL(kernel)                      \
    }
/* Arguments with a different number in each field, and the function that takes them. */
#define REQUEST(name, ...)                                                                         \
    static const struct vcmd_ctrl_##name name = {.hdr = HDR, __VA_ARGS__};                         \
    CALL(name)
#define BARE(name)                                                                                 \
    static const struct vcmd_ctrl_##name name = {.hdr = HDR};                                      \
    CALL(name)

BARE(get_display_info)
REQUEST(resource_create_2d, .resource_id = 5, .format = 67, .width = 640, .height = 480)
REQUEST(resource_unref, .resource_id = 6)
REQUEST(set_scanout, .r = RECT, .scanout_id = 7, .resource_id = 8)
REQUEST(resource_flush, .r = RECT, .resource_id = 9)
REQUEST(transfer_to_host_2d, .r = RECT, .offset = 0x4142434445464748u, .resource_id = 10)
REQUEST(resource_attach_backing, .resource_id = 11, .nr_entries = 3, .entries = entries)
REQUEST(resource_detach_backing, .resource_id = 12)
REQUEST(get_capset_info, .capset_index = 13)
REQUEST(get_capset, .capset_id = 14, .capset_version = 15)
REQUEST(get_edid, .scanout = 16)
REQUEST(resource_assign_uuid, .resource_id = 17)
REQUEST(resource_create_blob, .resource_id = 18, .blob_mem = 3, .blob_flags = 7, .nr_entries = 2,
        .blob_id = 0x5152535455565758u, .size = 0x6162636465666768u, .entries = entries)
REQUEST(set_scanout_blob, .r = RECT, .scanout_id = 19, .resource_id = 20, .width = 21, .height = 22,
        .format = 134, .strides = {23, 24, 25, 26}, .offsets = {27, 28, 29, 30})
REQUEST(ctx_create, .nlen = 5, .context_init = 2, .debug_name = "gears")
BARE(ctx_destroy)
REQUEST(ctx_attach_resource, .resource_id = 31)
REQUEST(ctx_detach_resource, .resource_id = 32)
REQUEST(resource_create_3d, .resource_id = 33, .target = 7, .format = 180, .bind = 0x4000a,
        .width = 34, .height = 35, .depth = 36, .array_size = 37, .last_level = 38,
        .nr_samples = 39, .flags = 7)
REQUEST(transfer_to_host_3d, .box = {1, -2, 3, 4, 5, 6}, .offset = 0x7172737475767778u,
        .resource_id = 40, .level = 41, .stride = 42, .layer_stride = 43)
REQUEST(transfer_from_host_3d, .box = {7, 8, 9, 10, 11, 12}, .offset = 44, .resource_id = 45,
        .level = 46, .stride = 47, .layer_stride = 48)
REQUEST(submit_3d, .size = 0)
REQUEST(resource_map_blob, .resource_id = 49, .offset = 0x8182838485868788u)
REQUEST(resource_unmap_blob, .resource_id = 50)
REQUEST(update_cursor, .pos = {51, 52, 53}, .resource_id = 54, .hot_x = 55, .hot_y = 56)
REQUEST(move_cursor, .pos = {57, 58, 59}, .resource_id = 60, .hot_x = 61, .hot_y = 62)

BARE(resp_ok_nodata)
REQUEST(resp_ok_display_info,
        .pmodes = {{{1, 2, 3, 4}, 5, 6}, [15] = {{0xf1, 0xf2, 0xf3, 0xf4}, 0xf5, 0xf6}})
REQUEST(resp_ok_capset_info, .capset_id = 63, .capset_max_version = 64, .capset_max_size = 65)
BARE(resp_ok_capset)
REQUEST(resp_ok_edid, .size = 256, .edid = {1, 2, 3, [1023] = 0xff})
REQUEST(resp_ok_resource_uuid, .uuid = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
REQUEST(resp_ok_map_info, .map_info = 66)
BARE(resp_err_unspec)
BARE(resp_err_out_of_memory)
BARE(resp_err_invalid_scanout_id)
BARE(resp_err_invalid_resource_id)
BARE(resp_err_invalid_context_id)
BARE(resp_err_invalid_parameter)

static const struct message requests[] = {
    MESSAGE(get_display_info, 0x100, 24, 0, virtio_gpu_ctrl_hdr),
    MESSAGE(resource_create_2d, 0x101, 40, 0, virtio_gpu_resource_create_2d),
    MESSAGE(resource_unref, 0x102, 32, 0, virtio_gpu_resource_unref),
    MESSAGE(set_scanout, 0x103, 48, 0, virtio_gpu_set_scanout),
    MESSAGE(resource_flush, 0x104, 48, 0, virtio_gpu_resource_flush),
    MESSAGE(transfer_to_host_2d, 0x105, 56, 0, virtio_gpu_transfer_to_host_2d),
    MESSAGE(resource_attach_backing, 0x106, 32, 48, virtio_gpu_resource_attach_backing),
    MESSAGE(resource_detach_backing, 0x107, 32, 0, virtio_gpu_resource_detach_backing),
    MESSAGE(get_capset_info, 0x108, 32, 0, virtio_gpu_get_capset_info),
    MESSAGE(get_capset, 0x109, 32, 0, virtio_gpu_get_capset),
    MESSAGE(get_edid, 0x10a, 32, 0, virtio_gpu_cmd_get_edid),
    MESSAGE(resource_assign_uuid, 0x10b, 32, 0, virtio_gpu_resource_assign_uuid),
    MESSAGE(resource_create_blob, 0x10c, 56, 32, virtio_gpu_resource_create_blob),
    MESSAGE(set_scanout_blob, 0x10d, 96, 0, virtio_gpu_set_scanout_blob),
    MESSAGE(ctx_create, 0x200, 96, 0, virtio_gpu_ctx_create),
    MESSAGE(ctx_destroy, 0x201, 24, 0, virtio_gpu_ctx_destroy),
    MESSAGE(ctx_attach_resource, 0x202, 32, 0, virtio_gpu_ctx_resource),
    MESSAGE(ctx_detach_resource, 0x203, 32, 0, virtio_gpu_ctx_resource),
    MESSAGE(resource_create_3d, 0x204, 72, 0, virtio_gpu_resource_create_3d),
    MESSAGE(transfer_to_host_3d, 0x205, 72, 0, virtio_gpu_transfer_host_3d),
    MESSAGE(transfer_from_host_3d, 0x206, 72, 0, virtio_gpu_transfer_host_3d),
    MESSAGE(submit_3d, 0x207, 32, 0, virtio_gpu_cmd_submit),
    MESSAGE(resource_map_blob, 0x208, 40, 0, virtio_gpu_resource_map_blob),
    MESSAGE(resource_unmap_blob, 0x209, 32, 0, virtio_gpu_resource_unmap_blob),
    MESSAGE(update_cursor, 0x300, 56, 0, virtio_gpu_update_cursor),
    MESSAGE(move_cursor, 0x301, 56, 0, virtio_gpu_update_cursor),
};

static const struct message responses[] = {
    MESSAGE(resp_ok_nodata, 0x1100, 24, 0, virtio_gpu_ctrl_hdr),
    MESSAGE(resp_ok_display_info, 0x1101, 408, 0, virtio_gpu_resp_display_info),
    MESSAGE(resp_ok_capset_info, 0x1102, 40, 0, virtio_gpu_resp_capset_info),
    MESSAGE(resp_ok_capset, 0x1103, 24, 0, virtio_gpu_resp_capset),
    MESSAGE(resp_ok_edid, 0x1104, 1056, 0, virtio_gpu_resp_edid),
    MESSAGE(resp_ok_resource_uuid, 0x1105, 40, 0, virtio_gpu_resp_resource_uuid),
    MESSAGE(resp_ok_map_info, 0x1106, 32, 0, virtio_gpu_resp_map_info),
    MESSAGE(resp_err_unspec, 0x1200, 24, 0, virtio_gpu_ctrl_hdr),
    MESSAGE(resp_err_out_of_memory, 0x1201, 24, 0, virtio_gpu_ctrl_hdr),
    MESSAGE(resp_err_invalid_scanout_id, 0x1202, 24, 0, virtio_gpu_ctrl_hdr),
    MESSAGE(resp_err_invalid_resource_id, 0x1203, 24, 0, virtio_gpu_ctrl_hdr),
    MESSAGE(resp_err_invalid_context_id, 0x1204, 24, 0, virtio_gpu_ctrl_hdr),
    MESSAGE(resp_err_invalid_parameter, 0x1205, 24, 0, virtio_gpu_ctrl_hdr),
};

/* A request or a response, whichever was decoded. */
struct decoded {
    uint32_t type;
    const uint8_t *tail;
    size_t tail_size;
    uint8_t typed[2048];
    struct vcmd_error error;
};

static enum vcmd_status decode(struct decoded *decoded, const void *bytes, size_t size,
                               bool response)
{
    struct vcmd_ctrl_request request;
    struct vcmd_ctrl_response answer;
    enum vcmd_status status;

    memset(decoded, 0, sizeof(*decoded));
    if (response) {
        memset(&answer, 0x5a, sizeof(answer));
        status = vcmd_ctrl_decode_response(bytes, size, &answer, &decoded->error);
        decoded->type = answer.type;
        decoded->tail = answer.tail;
        decoded->tail_size = answer.tail_size;
        memcpy(decoded->typed, &answer.hdr,
               sizeof(answer) - offsetof(struct vcmd_ctrl_response, hdr));
    } else {
        memset(&request, 0x5a, sizeof(request));
        status = vcmd_ctrl_decode_request(bytes, size, &request, &decoded->error);
        decoded->type = request.type;
        decoded->tail = request.tail;
        decoded->tail_size = request.tail_size;
        memcpy(decoded->typed, &request.hdr,
               sizeof(request) - offsetof(struct vcmd_ctrl_request, hdr));
    }
    return status;
}

/* The arguments as the decoder must give them back: with the type, without pointers. */
static void expected_typed(const struct message *message, uint8_t *typed)
{
    struct vcmd_ctrl_hdr hdr;

    memset(typed, 0, 2048);
    memcpy(typed, message->args, message->args_size);
    memcpy(&hdr, typed, sizeof(hdr));
    hdr.type = message->type;
    memcpy(typed, &hdr, sizeof(hdr));
    if (message->type == 0x106)
        memset(typed + offsetof(struct vcmd_ctrl_resource_attach_backing, entries), 0,
               sizeof(void *));
    if (message->type == 0x10c)
        memset(typed + offsetof(struct vcmd_ctrl_resource_create_blob, entries), 0, sizeof(void *));
}

static size_t encode(const struct message *message, uint32_t *memory, size_t dwords)
{
    struct vcmd_buffer buf;

    vcmd_buffer_init(&buf, memory, dwords, 0);
    assert_int_equal(message->encode(&buf, message->args), VCMD_STATUS_OK);
    assert_int_equal(buf.length * 4, message->fixed + message->tail);
    return buf.length * 4;
}

static void check_tail(const struct message *message, const struct decoded *decoded)
{
    struct vcmd_ctrl_mem_entry entry;
    size_t i;

    for (i = 0; i < message->tail / 16; i++) {
        /* The last four bytes of an entry mean nothing: zeros, not what the memory held before. */
        assert_memory_equal(decoded->tail + 16 * i + 12, "\0\0\0\0", 4);
        assert_int_equal(
            vcmd_unpack_ctrl_mem_entry(&entry, decoded->tail + 16 * i, decoded->tail_size - 16 * i),
            VCMD_STATUS_OK);
        assert_int_equal(entry.addr, entries[i].addr);
        assert_int_equal(entry.length, entries[i].length);
    }
}

static void check_round_trip(const struct message *message, bool response)
{
    uint32_t memory[512];
    uint8_t expected[2048];
    struct decoded decoded;
    size_t size;

    fill_bytes(memory, sizeof(memory), 3);
    size = encode(message, memory, ARRAY_SIZE(memory));
    if (message->kernel_size != 0)
        assert_int_equal(message->fixed, message->kernel_size);
    assert_int_equal(decode(&decoded, memory, size, response), VCMD_STATUS_OK);
    assert_int_equal(decoded.type, message->type);
    assert_ptr_equal(decoded.tail, (const uint8_t *)memory + message->fixed);
    assert_int_equal(decoded.tail_size, message->tail);
    assert_memory_equal((const uint8_t *)memory + 21, "\0\0\0", 3); /* behind ring_idx */
    expected_typed(message, expected);
    assert_memory_equal(decoded.typed, expected, message->args_size);
    check_tail(message, &decoded);
    /* More bytes than the message are its tail. */
    assert_int_equal(decode(&decoded, memory, size + 12, response), VCMD_STATUS_OK);
    assert_int_equal(decoded.tail_size, message->tail + 12);
}

static void round_trips(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < ARRAY_SIZE(requests); i++)
        check_round_trip(&requests[i], false);
    for (i = 0; i < ARRAY_SIZE(responses); i++)
        check_round_trip(&responses[i], true);
}

static void check_cut(const struct message *message, bool response)
{
    uint32_t memory[512];
    struct decoded decoded;
    size_t size = encode(message, memory, ARRAY_SIZE(memory)), cut;

    for (cut = 0; cut < size; cut++) {
        /* A copy of that size: sanitizers see a byte too many. */
        uint8_t *copy = test_memory(cut);
        struct vcmd_ctrl_hdr hdr;

        memcpy(copy, memory, cut);
        assert_int_equal(decode(&decoded, copy, cut, response), VCMD_STATUS_TRUNCATED);
        assert_int_equal(decoded.error.status, VCMD_STATUS_TRUNCATED);
        assert_non_null(decoded.error.command);
        assert_non_null(decoded.error.field);
        assert_in_range(decoded.tail_size, 0, cut);
        memcpy(&hdr, decoded.typed, sizeof(hdr));
        /* The header is there as soon as it is whole. */
        assert_int_equal(hdr.ctx_id, cut >= 24 ? 0x21222324 : 0);
        assert_int_equal(decoded.type, cut >= 24 ? message->type : 0);
        free(copy);
    }
}

static void cut_at_every_length(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < ARRAY_SIZE(requests); i++)
        check_cut(&requests[i], false);
    for (i = 0; i < ARRAY_SIZE(responses); i++)
        check_cut(&responses[i], true);
}

static void check_encoder(const struct message *message)
{
    size_t dwords = (message->fixed + message->tail) / 4;
    uint8_t args[2048];
    struct vcmd_ctrl_hdr hdr;
    struct guarded g;
    uint32_t bit;

    assert_int_equal(message->encode(NULL, message->args), VCMD_STATUS_NULL_ARGUMENT);
    guarded_init(&g);
    assert_int_equal(message->encode(&g.buf, NULL), VCMD_STATUS_NULL_ARGUMENT);
    guarded_check_unchanged(&g);
    guarded_init_space(&g, dwords - 1);
    assert_int_equal(message->encode(&g.buf, message->args), VCMD_STATUS_BUFFER_FULL);
    assert_int_equal(g.buf.error.value, dwords);
    guarded_check_unchanged(&g);
    guarded_check_sticky(&g, VCMD_STATUS_BUFFER_FULL);
    guarded_init_space(&g, dwords);
    assert_int_equal(message->encode(&g.buf, message->args), VCMD_STATUS_OK);

    /* Two flags exist, bits 0 and 1. */
    for (bit = 2; bit < 32; bit += 29) {
        memcpy(args, message->args, message->args_size);
        memcpy(&hdr, args, sizeof(hdr));
        hdr.flags = 1u << bit;
        memcpy(args, &hdr, sizeof(hdr));
        guarded_init(&g);
        assert_int_equal(message->encode(&g.buf, args), VCMD_STATUS_RESERVED_BITS);
        assert_string_equal(g.buf.error.field, "hdr.flags");
        assert_int_equal(g.buf.error.value, 1u << bit);
        assert_int_equal(g.buf.error.limit, 3);
        assert_int_equal(g.buf.error.offset, 1);
        guarded_check_unchanged(&g);
        guarded_check_sticky(&g, VCMD_STATUS_RESERVED_BITS);
    }
}

static void encoders(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < ARRAY_SIZE(requests); i++)
        check_encoder(&requests[i]);
    for (i = 0; i < ARRAY_SIZE(responses); i++)
        check_encoder(&responses[i]);
}

/* The numbers of requests are no responses, and the other way round; all others are unknown. */
static void unknown_types(void **state)
{
    uint32_t type, known;
    size_t i;

    (void)state;
    for (type = 0; type < 0x1400; type++) {
        uint8_t bytes[64] = {(uint8_t)type, (uint8_t)(type >> 8), 0, 0, 1};
        struct vcmd_ctrl_hdr hdr;
        struct decoded decoded;

        for (known = 0, i = 0; i < ARRAY_SIZE(requests); i++)
            known += requests[i].type == type;
        if (known == 0) {
            assert_int_equal(decode(&decoded, bytes, 64, false), VCMD_STATUS_UNKNOWN_VALUE);
            assert_int_equal(decoded.type, type);
            assert_int_equal(decoded.error.value, type);
            memcpy(&hdr, decoded.typed, sizeof(hdr));
            assert_int_equal(hdr.flags, 1);
        }
        for (known = 0, i = 0; i < ARRAY_SIZE(responses); i++)
            known += responses[i].type == type;
        if (known == 0)
            assert_int_equal(decode(&decoded, bytes, 64, true), VCMD_STATUS_UNKNOWN_VALUE);
    }
}

static void without_arguments(void **state)
{
    const uint8_t bytes[24] = {0, 1};
    struct vcmd_ctrl_request request;
    struct vcmd_ctrl_response response;
    struct vcmd_error error;

    (void)state;
    assert_int_equal(vcmd_ctrl_decode_request(NULL, 24, &request, &error),
                     VCMD_STATUS_NULL_ARGUMENT);
    assert_int_equal(error.status, VCMD_STATUS_NULL_ARGUMENT);
    assert_int_equal(vcmd_ctrl_decode_request(bytes, 24, NULL, &error), VCMD_STATUS_NULL_ARGUMENT);
    assert_int_equal(vcmd_ctrl_decode_request(bytes, 24, NULL, NULL), VCMD_STATUS_NULL_ARGUMENT);
    assert_int_equal(vcmd_ctrl_decode_request(bytes, 23, &request, NULL), VCMD_STATUS_TRUNCATED);
    assert_int_equal(vcmd_ctrl_decode_request(bytes, 24, &request, NULL), VCMD_STATUS_OK);
    assert_int_equal(vcmd_ctrl_decode_response(NULL, 24, &response, NULL),
                     VCMD_STATUS_NULL_ARGUMENT);
    assert_int_equal(vcmd_ctrl_decode_response(bytes, 24, NULL, NULL), VCMD_STATUS_NULL_ARGUMENT);
    assert_int_equal(vcmd_ctrl_decode_response(bytes, 24, &response, NULL),
                     VCMD_STATUS_UNKNOWN_VALUE);
}

static void put32(uint8_t *bytes, uint32_t value)
{
    size_t i;

    for (i = 0; i < 4; i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
}

/* A count that promises more than the tail has; place: byte of the count, unit: bytes of one. */
static void check_count(uint32_t type, size_t fixed, size_t place, size_t unit, const char *field)
{
    static const uint32_t huge[] = {6,          1000,        0x0fffffff, 0x10000000,
                                    0x10000001, 0x80000000u, 0xffffffffu};
    uint8_t bytes[256] = {0};
    struct decoded decoded;
    uint32_t count;
    size_t i, tail;

    put32(bytes, type);
    for (tail = 0; tail <= 5 * unit; tail++) {
        for (count = 0; count <= 5; count++) {
            bool fits = count * unit <= tail;

            put32(bytes + place, count);
            assert_int_equal(decode(&decoded, bytes, fixed + tail, false),
                             fits ? VCMD_STATUS_OK : VCMD_STATUS_TRUNCATED);
            if (fits)
                continue;
            assert_string_equal(decoded.error.field, field);
            assert_int_equal(decoded.error.value, count);
        }
        for (i = 0; i < ARRAY_SIZE(huge); i++) {
            put32(bytes + place, huge[i]);
            assert_int_equal(decode(&decoded, bytes, fixed + tail, false), VCMD_STATUS_TRUNCATED);
            assert_int_equal(decoded.error.value, huge[i]);
        }
    }
}

static void counts_over_the_tail(void **state)
{
    (void)state;
    check_count(0x106, 32, 28, 16, "nr_entries");
    check_count(0x10c, 56, 36, 16, "nr_entries");
    check_count(0x207, 32, 24, 1, "size");
}

static void check_value(const struct message *message, size_t member, uint32_t value,
                        enum vcmd_status status, const char *field)
{
    uint8_t args[2048];
    struct guarded g;

    memcpy(args, message->args, message->args_size);
    memcpy(args + member, &value, sizeof(value));
    guarded_init(&g);
    assert_int_equal(message->encode(&g.buf, args), status);
    if (status == VCMD_STATUS_OK)
        return;
    assert_string_equal(g.buf.error.field, field);
    guarded_check_unchanged(&g);
    guarded_check_sticky(&g, status);
}

#define VALUE(index, name, field, value, status)                                                   \
    check_value(&requests[index], offsetof(struct vcmd_ctrl_##name, field), value,                 \
                VCMD_STATUS_##status, #field)

static void refused_values(void **state)
{
    (void)state;
    VALUE(1, resource_create_2d, format, 0, UNKNOWN_VALUE);
    VALUE(1, resource_create_2d, format, 5, UNKNOWN_VALUE);
    VALUE(1, resource_create_2d, format, 135, UNKNOWN_VALUE);
    VALUE(1, resource_create_2d, format, 134, OK);
    VALUE(12, resource_create_blob, blob_mem, 0, UNKNOWN_VALUE);
    VALUE(12, resource_create_blob, blob_mem, 4, UNKNOWN_VALUE);
    VALUE(12, resource_create_blob, blob_flags, 8, RESERVED_BITS);
    VALUE(13, set_scanout_blob, format, 66, UNKNOWN_VALUE);
    VALUE(18, resource_create_3d, target, 9, UNKNOWN_VALUE);
    VALUE(18, resource_create_3d, format, 73, UNKNOWN_VALUE);
    VALUE(18, resource_create_3d, format, 482, UNKNOWN_VALUE);
    VALUE(18, resource_create_3d, bind, 0x4, RESERVED_BITS);
    VALUE(18, resource_create_3d, flags, 8, RESERVED_BITS);
}

/* Counts that say more than the structure has room for. */
static void refused_counts(void **state)
{
    struct vcmd_ctrl_resource_attach_backing attach = resource_attach_backing;
    struct vcmd_ctrl_resource_create_blob blob = resource_create_blob;
    struct vcmd_ctrl_ctx_create create = ctx_create;
    struct vcmd_ctrl_resp_ok_edid edid = resp_ok_edid;
    struct guarded g;

    (void)state;
    guarded_init(&g);
    attach.entries = NULL;
    assert_int_equal(vcmd_ctrl_resource_attach_backing(&g.buf, &attach), VCMD_STATUS_NULL_ARGUMENT);
    guarded_check_unchanged(&g);
    guarded_init(&g);
    blob.entries = NULL;
    assert_int_equal(vcmd_ctrl_resource_create_blob(&g.buf, &blob), VCMD_STATUS_NULL_ARGUMENT);
    guarded_check_unchanged(&g);
    guarded_init(&g);
    blob.nr_entries = 0;
    assert_int_equal(vcmd_ctrl_resource_create_blob(&g.buf, &blob), VCMD_STATUS_OK);
    guarded_init(&g);
    attach.entries = entries;
    attach.nr_entries = 0x10000000;
    assert_int_equal(vcmd_ctrl_resource_attach_backing(&g.buf, &attach), VCMD_STATUS_TOO_LONG);
    guarded_check_unchanged(&g);
    /* 64 bytes of name, 1024 bytes of EDID. */
    guarded_init(&g);
    create.nlen = 65;
    assert_int_not_equal(vcmd_ctrl_ctx_create(&g.buf, &create), VCMD_STATUS_OK);
    guarded_init(&g);
    edid.size = 1025;
    assert_int_not_equal(vcmd_ctrl_resp_ok_edid(&g.buf, &edid), VCMD_STATUS_OK);
}

static void config_space(void **state)
{
    const uint8_t bytes[20] = {1, 0, 0, 0, 2, 0, 0, 0, 16, 0, 0, 0, 3, 0, 0, 0, 0, 0x10, 0, 0};
    struct vcmd_ctrl_config config;

    (void)state;
    assert_int_equal(vcmd_unpack_ctrl_config(&config, bytes, 20), VCMD_STATUS_OK);
    assert_int_equal(config.events_read, 1);
    assert_int_equal(config.events_clear, 2);
    assert_int_equal(config.num_scanouts, 16);
    assert_int_equal(config.num_capsets, 3);
    assert_int_equal(config.blob_alignment, 4096);
    /* Without feature BLOB_ALIGNMENT a device has 16 bytes. */
    assert_int_equal(vcmd_unpack_ctrl_config(&config, bytes, 16), VCMD_STATUS_OK);
    assert_int_equal(config.num_capsets, 3);
    assert_int_equal(config.blob_alignment, 0);
    assert_int_equal(vcmd_unpack_ctrl_config(&config, bytes, 15), VCMD_STATUS_TRUNCATED);
    assert_int_equal(vcmd_unpack_ctrl_config(&config, NULL, 20), VCMD_STATUS_NULL_ARGUMENT);
    assert_int_equal(vcmd_unpack_ctrl_config(NULL, bytes, 20), VCMD_STATUS_NULL_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trips),       cmocka_unit_test(cut_at_every_length),
        cmocka_unit_test(encoders),          cmocka_unit_test(unknown_types),
        cmocka_unit_test(without_arguments), cmocka_unit_test(counts_over_the_tail),
        cmocka_unit_test(refused_values),    cmocka_unit_test(refused_counts),
        cmocka_unit_test(config_space),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
