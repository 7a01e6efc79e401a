/* SPDX-License-Identifier: MIT */
#ifndef VTEST_DEVICE_H
#define VTEST_DEVICE_H

#include <pthread.h>
#include <virglcmd/transport.h>

#include "id_tree.h"
#include "protocol.h"
#include "socket.h"
#include "subcontexts.h"

struct vtest_capset {
    void *bytes;
    size_t size; /* 0: the server does not offer it */
};

/* What a resource needs while it lives; the device layer keeps the rest. */
struct vtest_resource {
    uint32_t id; /* of commands */
    struct vcmd_resource_desc desc;
    void *memory; /* NULL: without backing */
    bool shared;  /* memory is the server's, too */
    bool blob;    /* the server has the memory, but virglrenderer does not transfer with it */
};

/* Fences of a lost connection: after the first number and up to the second nobody will ever know */
struct vtest_loss {
    uint64_t after, up_to;
};
#define VTEST_MAX_LOSSES 8

/*
 * The server reads and answers one message after the other, so whoever talks to it has the turn,
 * from a request to its answer. Only one answer may be outstanding without it: to a
 * RESOURCE_BUSY_WAIT whose sender ran out of time.
 */
struct vtest_device {
    struct vcmd_log log;
    char path[VTEST_PATH_BYTES];
    uint32_t max_version;
    uint64_t timeout_ns; /* for an answer; VCMD_WAIT_FOREVER: none */
    bool sync;
    struct vtest_capset capsets[2]; /* number 1 and 2; constant once the device is open */

    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool taken; /* the turn */

    /* Needs the mutex. */
    uint64_t made_fence;
    uint64_t reached_fence;
    struct vtest_loss losses[VTEST_MAX_LOSSES]; /* the oldest first */
    size_t num_losses;

    /* Needs the turn. */
    int fd; /* -1: the connection is lost */
    uint64_t connections;
    uint32_t version;
    uint64_t answer_deadline; /* of the request that is under way */
    bool busy_owed;           /* the answer to a RESOURCE_BUSY_WAIT is outstanding */
    uint32_t busy_answer[3];
    size_t busy_got;
    uint64_t busy_fence; /* reached if the answer says that nothing is busy */
    struct vtest_subcontexts subs;
    uint32_t next_context_id;
    uint32_t next_resource_id; /* below version 3 */
    uint32_t next_blob_id;
    struct id_tree resources; /* struct vtest_resource */
    size_t num_objects;
};

/* ---- the turn ---- */

/* VCMD_STATUS_TIMEOUT: somebody else had it until the deadline. */
enum vcmd_status vtest_take_turn(struct vtest_device *device, uint64_t deadline);
void vtest_end_turn(struct vtest_device *device);

/* As vtest_take_turn without an end, for an operation on a connection that must be there. */
enum vcmd_status vtest_begin(struct vtest_device *device, const char *what);

/*
 * The same, to make an object. Connects anew where the connection was lost and nothing is left
 * that it carried.
 */
enum vcmd_status vtest_begin_creation(struct vtest_device *device, const char *what);

/* ---- the connection; all of these need the turn ---- */

/* Connects, agrees on the version, and reads the capsets where there are none. */
enum vcmd_status vtest_open_connection(struct vtest_device *device);

/*
 * Ends the connection because of a status that a function of socket.h gave, tells why, and returns
 * VCMD_STATUS_DEVICE_LOST.
 */
enum vcmd_status vtest_lose(struct vtest_device *device, const char *what, enum vcmd_status status);

/* The same because of an answer that is none: says is a format without a full stop. */
enum vcmd_status vtest_lose_to_nonsense(struct vtest_device *device, const char *what,
                                        const char *says, uint32_t number);

/* Sends a message of one or two parts; the length in its header is length. */
enum vcmd_status vtest_request(struct vtest_device *device, uint32_t id, uint32_t length,
                               const void *payload, size_t payload_size, const void *data,
                               size_t data_size);

/* Receives the answer to a request: a header, then num dwords. */
enum vcmd_status vtest_answer(struct vtest_device *device, uint32_t id, uint32_t *dwords,
                              uint32_t num);

/* Bytes and a descriptor of an answer. */
enum vcmd_status vtest_answer_bytes(struct vtest_device *device, uint32_t id, void *bytes,
                                    size_t size);
enum vcmd_status vtest_answer_fd(struct vtest_device *device, uint32_t id, int *fd);

/*
 * Asks whether the host is through with everything, and notes which fences are reached. By the way
 * it is through with all requests before, but for drawing. TIMEOUT: not answered by the deadline,
 * or not even asked; an answer to come will be taken by whoever talks next.
 */
enum vcmd_status vtest_ask_busy(struct vtest_device *device, uint64_t deadline);

/* Waits until the server has read all requests. */
enum vcmd_status vtest_settle(struct vtest_device *device);

/* ---- resources ---- */

enum vcmd_status vtest_resource_create(void *self, const struct vcmd_resource_desc *desc,
                                       uint32_t *resource_id, void **memory);
void vtest_resource_destroy(void *self, uint32_t resource_id);

enum vcmd_status vtest_transfer(void *self, uint32_t context_id, uint32_t resource_id,
                                uint32_t direction, const struct vcmd_transfer *transfer);

/* ---- contexts ---- */

/* Sends part of a stream: a vtest_emit_fn; user is the device. */
enum vcmd_status vtest_send_stream(void *user, const uint32_t *dwords, size_t num_dwords);

extern const struct vcmd_device_ops vtest_device_ops;

#endif
