/* SPDX-License-Identifier: MIT */
#ifndef VTEST_PROTOCOL_H
#define VTEST_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The messages of the vtest protocol, versions 0 to 3, without a socket: what a transport sends and
 * a proxy follows.
 *
 * Every message is a header of two dwords and a payload, in the byte order of the machine. How long
 * the payload is follows from the command, and only sometimes from the header, see
 * vtest_request_size().
 */
#define VTEST_DEFAULT_SOCKET "/tmp/.virgl_test"
#define VTEST_MAX_VERSION    3u

enum vtest_command {
    VTEST_GET_CAPS = 1,
    VTEST_RESOURCE_CREATE = 2,
    VTEST_RESOURCE_UNREF = 3,
    VTEST_TRANSFER_GET = 4,
    VTEST_TRANSFER_PUT = 5,
    VTEST_SUBMIT_CMD = 6,
    VTEST_RESOURCE_BUSY_WAIT = 7,
    VTEST_CREATE_RENDERER = 8,
    VTEST_GET_CAPS2 = 9,
    VTEST_PING_PROTOCOL_VERSION = 10,
    VTEST_PROTOCOL_VERSION = 11,
    /* version 2 */
    VTEST_RESOURCE_CREATE2 = 12,
    VTEST_TRANSFER_GET2 = 13,
    VTEST_TRANSFER_PUT2 = 14,
    /* version 3 */
    VTEST_GET_PARAM = 15,
    VTEST_GET_CAPSET = 16,
    VTEST_CONTEXT_INIT = 17,
    VTEST_RESOURCE_CREATE_BLOB = 18,
    VTEST_SYNC_CREATE = 19,
    VTEST_SYNC_UNREF = 20,
    VTEST_SYNC_READ = 21,
    VTEST_SYNC_WRITE = 22,
    VTEST_SYNC_WAIT = 23,
    VTEST_SUBMIT_CMD2 = 24,
    VTEST_NUM_COMMANDS = 25
};

/* Type of a blob: memory of the guest under a resource of the host. */
#define VTEST_BLOB_HOST3D_GUEST 3u

struct vtest_header {
    uint32_t length; /* usually dwords of payload */
    uint32_t id;     /* enum vtest_command; in answers about capsets the number of the capset */
};

/* The longest payload of a fixed size, in dwords. */
#define VTEST_MAX_FIXED 11

/* Payload of RESOURCE_CREATE, and with data_size of RESOURCE_CREATE2. */
struct vtest_resource_create {
    uint32_t res_handle, target, format, bind;
    uint32_t width, height, depth, array_size, last_level, nr_samples;
    uint32_t data_size; /* bytes of shared memory */
};
#define VTEST_RESOURCE_CREATE_DWORDS  10u
#define VTEST_RESOURCE_CREATE2_DWORDS 11u

/* Payload of TRANSFER_GET and TRANSFER_PUT: the bytes travel over the socket. */
struct vtest_transfer {
    uint32_t res_handle, level, stride, layer_stride;
    uint32_t x, y, z, width, height, depth;
    uint32_t data_size;
};
#define VTEST_TRANSFER_DWORDS 11u

/* Payload of TRANSFER_GET2 and TRANSFER_PUT2: the bytes lie in the shared memory. */
struct vtest_transfer2 {
    uint32_t res_handle, level;
    uint32_t x, y, z, width, height, depth;
    uint32_t data_size; /* servers ignore it */
    uint32_t offset;    /* byte of the shared memory */
};
#define VTEST_TRANSFER2_DWORDS 10u

struct vtest_resource_create_blob {
    uint32_t type, flags;
    uint32_t size_lo, size_hi;
    uint32_t blob_id_lo, blob_id_hi;
};
#define VTEST_RESOURCE_CREATE_BLOB_DWORDS 6u

/* The name of a command: "SUBMIT_CMD"; "?" for a number that is none. Static text. */
const char *vtest_command_name(uint32_t id);

/*
 * Bytes of a request's payload that are there in any case; false: no command of these versions, or
 * one whose length contradicts itself.
 */
bool vtest_request_fixed_bytes(const struct vtest_header *header, uint32_t *bytes);

/* All bytes of the payload. fixed: the bytes of vtest_request_fixed_bytes(). */
uint64_t vtest_request_size(const struct vtest_header *header, const uint32_t *fixed);

/* What the server answers to a request. */
enum vtest_reply {
    VTEST_REPLY_NONE,
    VTEST_REPLY_MESSAGE, /* a header, and as many dwords as it says */
    VTEST_REPLY_CAPS,    /* a header, and as many bytes as it says, less 1 */
    VTEST_REPLY_RAW      /* bytes without a header */
};

struct vtest_answer {
    enum vtest_reply reply;
    uint32_t id;         /* MESSAGE, CAPS: of the header */
    uint32_t min_dwords; /* MESSAGE: its length */
    uint32_t max_dwords;
    uint32_t raw_bytes; /* RAW */
    bool fd;            /* a file descriptor comes behind it */
};

/* Longest capset that is believed, in bytes. */
#define VTEST_MAX_CAPSET 65536u

/* version: the one agreed on. */
void vtest_answer_to(const struct vtest_header *header, const uint32_t *fixed, uint32_t version,
                     struct vtest_answer *answer);

/* Bytes behind the header of an answer; false: it is not what the request calls for. */
bool vtest_answer_size(const struct vtest_answer *answer, const struct vtest_header *header,
                       uint32_t *bytes);

#endif
