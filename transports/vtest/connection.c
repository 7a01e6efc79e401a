/* SPDX-License-Identifier: MIT */
/* POSIX threads, sockets and clocks: not in plain C11 */
#define _GNU_SOURCE

#include "device.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <virglcmd/control.h>

#define SECOND_NS            1000000000ull
#define HANDSHAKE_TIMEOUT_NS (30 * SECOND_NS)

/* ---- the end of a connection ---- */

/* The fences that nobody will hear of any more. Needs the mutex. */
static void lose_fences(struct vtest_device *device)
{
    struct vtest_loss *losses = device->losses;

    if (device->made_fence == device->reached_fence)
        return;
    /* The two oldest become one, and with them what was reached in between: long ago. */
    if (device->num_losses == VTEST_MAX_LOSSES) {
        losses[1].after = losses[0].after;
        memmove(losses, losses + 1, --device->num_losses * sizeof(*losses));
    }
    losses[device->num_losses++] =
        (struct vtest_loss){.after = device->reached_fence, .up_to = device->made_fence};
}

static void drop_connection(struct vtest_device *device)
{
    close(device->fd);
    device->fd = -1;
    device->busy_owed = false;
    pthread_mutex_lock(&device->mutex);
    lose_fences(device);
    pthread_mutex_unlock(&device->mutex);
}

enum vcmd_status vtest_lose(struct vtest_device *device, const char *what, enum vcmd_status status)
{
    int error = errno;

    drop_connection(device);
    if (status == VCMD_STATUS_TIMEOUT)
        vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_DEVICE_LOST,
                 "vtest: %s: the server on %s has not answered in time; a server that forks not, "
                 "or takes one client only, keeps others waiting",
                 what, device->path);
    else if (error == 0)
        vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_DEVICE_LOST,
                 "vtest: %s: the server on %s has closed the connection: either it has ended, or "
                 "it rejected a command, which its stderr tells more about",
                 what, device->path);
    else
        vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_DEVICE_LOST,
                 "vtest: %s: the connection to %s broke: %s", what, device->path, strerror(error));
    return VCMD_STATUS_DEVICE_LOST;
}

enum vcmd_status vtest_lose_to_nonsense(struct vtest_device *device, const char *what,
                                        const char *says, uint32_t number)
{
    drop_connection(device);
    vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_DEVICE_LOST,
             "vtest: %s: the server on %s %s (%u): it is no vtest server, or a broken one", what,
             device->path, says, number);
    return VCMD_STATUS_DEVICE_LOST;
}

/* ---- the turn ---- */

enum vcmd_status vtest_take_turn(struct vtest_device *device, uint64_t deadline)
{
    const struct timespec end = {(time_t)(deadline / SECOND_NS), (long)(deadline % SECOND_NS)};
    int result = 0;

    pthread_mutex_lock(&device->mutex);
    while (device->taken && result == 0) {
        if (deadline == VTEST_NEVER)
            pthread_cond_wait(&device->changed, &device->mutex);
        else
            result = pthread_cond_timedwait(&device->changed, &device->mutex, &end);
    }
    if (!device->taken) {
        device->taken = true;
        result = 0;
    }
    pthread_mutex_unlock(&device->mutex);
    return result == 0 ? VCMD_STATUS_OK : VCMD_STATUS_TIMEOUT;
}

void vtest_end_turn(struct vtest_device *device)
{
    pthread_mutex_lock(&device->mutex);
    device->taken = false;
    pthread_cond_signal(&device->changed);
    pthread_mutex_unlock(&device->mutex);
}

enum vcmd_status vtest_begin(struct vtest_device *device, const char *what)
{
    (void)vtest_take_turn(device, VTEST_NEVER);
    device->answer_deadline = vtest_deadline(device->timeout_ns);
    if (device->fd >= 0)
        return VCMD_STATUS_OK;
    vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_DEVICE_LOST,
             "vtest: %s: the connection to %s was lost before; destroy all contexts and resources "
             "to begin again",
             what, device->path);
    vtest_end_turn(device);
    return VCMD_STATUS_DEVICE_LOST;
}

enum vcmd_status vtest_begin_creation(struct vtest_device *device, const char *what)
{
    enum vcmd_status status = VCMD_STATUS_OK;

    (void)vtest_take_turn(device, VTEST_NEVER);
    if (device->fd < 0 && device->num_objects == 0)
        status = vtest_open_connection(device);
    vtest_end_turn(device);
    return status == VCMD_STATUS_OK ? vtest_begin(device, what) : status;
}

/* ---- requests and answers ---- */

/* What a timed wait has left behind. */
static enum vcmd_status take_owed(struct vtest_device *device, uint64_t deadline)
{
    const char *const what = vtest_command_name(VTEST_RESOURCE_BUSY_WAIT);
    enum vcmd_status status;

    if (!device->busy_owed)
        return VCMD_STATUS_OK;
    status = vtest_receive_part(device->fd, device->busy_answer, sizeof(device->busy_answer),
                                &device->busy_got, deadline);
    if (status == VCMD_STATUS_TIMEOUT)
        return status;
    if (status != VCMD_STATUS_OK)
        return vtest_lose(device, what, status);
    device->busy_owed = false;
    if (device->busy_answer[0] != 1 || device->busy_answer[1] != VTEST_RESOURCE_BUSY_WAIT)
        return vtest_lose_to_nonsense(device, what, "gave an answer to another command",
                                      device->busy_answer[1]);
    if (device->busy_answer[2] == 0) {
        pthread_mutex_lock(&device->mutex);
        if (device->busy_fence > device->reached_fence)
            device->reached_fence = device->busy_fence;
        pthread_mutex_unlock(&device->mutex);
    }
    return VCMD_STATUS_OK;
}

enum vcmd_status vtest_request(struct vtest_device *device, uint32_t id, uint32_t length,
                               const void *payload, size_t payload_size, const void *data,
                               size_t data_size)
{
    struct vtest_header header = {length, id};
    /* The memory is only read. */
    struct iovec parts[3] = {{&header, sizeof(header)},
                             {(void *)(uintptr_t)payload, payload_size},
                             {(void *)(uintptr_t)data, data_size}};
    enum vcmd_status status = vtest_send(device->fd, parts, 3, device->answer_deadline);

    return status == VCMD_STATUS_OK ? status : vtest_lose(device, vtest_command_name(id), status);
}

enum vcmd_status vtest_answer_bytes(struct vtest_device *device, uint32_t id, void *bytes,
                                    size_t size)
{
    enum vcmd_status status = take_owed(device, device->answer_deadline);

    if (status == VCMD_STATUS_DEVICE_LOST)
        return status; /* said already */
    if (status == VCMD_STATUS_OK)
        status = vtest_receive(device->fd, bytes, size, device->answer_deadline);
    return status == VCMD_STATUS_OK ? status : vtest_lose(device, vtest_command_name(id), status);
}

enum vcmd_status vtest_answer_fd(struct vtest_device *device, uint32_t id, int *fd)
{
    enum vcmd_status status = take_owed(device, device->answer_deadline);

    if (status == VCMD_STATUS_DEVICE_LOST)
        return status;
    if (status == VCMD_STATUS_OK)
        status = vtest_receive_fd(device->fd, fd, device->answer_deadline);
    if (status == VCMD_STATUS_DEVICE_LOST && errno == EPROTO)
        return vtest_lose_to_nonsense(device, vtest_command_name(id),
                                      "sent no file descriptor with its answer", 0);
    return status == VCMD_STATUS_OK ? status : vtest_lose(device, vtest_command_name(id), status);
}

enum vcmd_status vtest_answer(struct vtest_device *device, uint32_t id, uint32_t *dwords,
                              uint32_t num)
{
    struct vtest_header header;
    enum vcmd_status status = vtest_answer_bytes(device, id, &header, sizeof(header));

    if (status != VCMD_STATUS_OK)
        return status;
    if (header.id != id)
        return vtest_lose_to_nonsense(device, vtest_command_name(id),
                                      "gave an answer to another command", header.id);
    if (header.length != num)
        return vtest_lose_to_nonsense(device, vtest_command_name(id),
                                      "gave an answer of a wrong length", header.length);
    return vtest_answer_bytes(device, id, dwords, num * sizeof(*dwords));
}

/*
 * TIMEOUT: nothing has been sent, because the server has not read what was sent before. The caller
 * may ask again.
 */
static enum vcmd_status send_busy_wait(struct vtest_device *device, uint64_t deadline)
{
    /* no resource; do not wait */
    uint32_t message[4] = {2, VTEST_RESOURCE_BUSY_WAIT, 0, 0};
    struct iovec part = {message, sizeof(message)};
    enum vcmd_status status = vtest_send(device->fd, &part, 1, deadline);

    /* Half of a message would put the stream out of step; the system takes one this short whole. */
    if (status == VCMD_STATUS_OK ||
        (status == VCMD_STATUS_TIMEOUT && part.iov_len == sizeof(message)))
        return status;
    return vtest_lose(device, vtest_command_name(VTEST_RESOURCE_BUSY_WAIT), status);
}

enum vcmd_status vtest_ask_busy(struct vtest_device *device, uint64_t deadline)
{
    enum vcmd_status status = take_owed(device, deadline);

    if (status == VCMD_STATUS_OK)
        status = send_busy_wait(device, deadline);
    if (status != VCMD_STATUS_OK)
        return status;
    pthread_mutex_lock(&device->mutex);
    device->busy_fence = device->made_fence;
    pthread_mutex_unlock(&device->mutex);
    device->busy_owed = true;
    device->busy_got = 0;
    return take_owed(device, deadline);
}

enum vcmd_status vtest_settle(struct vtest_device *device)
{
    enum vcmd_status status = vtest_ask_busy(device, device->answer_deadline);

    return status == VCMD_STATUS_TIMEOUT ? vtest_lose(device, "waiting", status) : status;
}

/* ---- the handshake ---- */

/* Header and bytes of an answer with a capset; a header that was read before comes in. */
static enum vcmd_status read_caps(struct vtest_device *device, const struct vtest_answer *answer,
                                  const struct vtest_header *header, struct vtest_capset *capset)
{
    uint32_t size;
    void *bytes;
    enum vcmd_status status;

    if (!vtest_answer_size(answer, header, &size))
        return vtest_lose_to_nonsense(device, vtest_command_name(VTEST_GET_CAPS),
                                      "gave a capset of an impossible size", header->length);
    bytes = malloc(size);
    if (!bytes)
        return VCMD_STATUS_NO_MEMORY;
    status = vtest_answer_bytes(device, VTEST_GET_CAPS, bytes, size);
    if (status == VCMD_STATUS_OK && capset->size == 0) {
        *capset = (struct vtest_capset){bytes, size};
        return VCMD_STATUS_OK;
    }
    free(bytes);
    return status;
}

/* Below version 3. Old servers know GET_CAPS only, and skip what they do not know. */
static enum vcmd_status get_both_caps(struct vtest_device *device)
{
    static const struct vtest_answer caps2 = {.reply = VTEST_REPLY_CAPS, .id = 2};
    static const struct vtest_answer caps1 = {.reply = VTEST_REPLY_CAPS, .id = 1};
    struct vtest_header header;
    enum vcmd_status status = vtest_request(device, VTEST_GET_CAPS2, 0, NULL, 0, NULL, 0);

    if (status == VCMD_STATUS_OK)
        status = vtest_request(device, VTEST_GET_CAPS, 0, NULL, 0, NULL, 0);
    if (status == VCMD_STATUS_OK)
        status = vtest_answer_bytes(device, VTEST_GET_CAPS2, &header, sizeof(header));
    if (status == VCMD_STATUS_OK && header.id == 2) {
        status = read_caps(device, &caps2, &header, &device->capsets[1]);
        if (status == VCMD_STATUS_OK)
            status = vtest_answer_bytes(device, VTEST_GET_CAPS, &header, sizeof(header));
    }
    return status == VCMD_STATUS_OK ? read_caps(device, &caps1, &header, &device->capsets[0])
                                    : status;
}

/* Version 3 tells the whole capset, as its newest version. number: of the capset. */
static enum vcmd_status get_capset(struct vtest_device *device, uint32_t number, uint32_t version,
                                   struct vtest_capset *capset)
{
    const uint32_t payload[2] = {number, version};
    uint32_t valid;
    struct vtest_header header, request = {2, VTEST_GET_CAPSET};
    struct vtest_answer answer;
    enum vcmd_status status =
        vtest_request(device, request.id, request.length, payload, sizeof(payload), NULL, 0);

    vtest_answer_to(&request, payload, device->version, &answer);
    if (status == VCMD_STATUS_OK)
        status = vtest_answer_bytes(device, request.id, &header, sizeof(header));
    if (status != VCMD_STATUS_OK)
        return status;
    if (header.id != answer.id || header.length < answer.min_dwords ||
        header.length > answer.max_dwords)
        return vtest_lose_to_nonsense(device, "GET_CAPSET", "gave an answer of a wrong length",
                                      header.length);
    status = vtest_answer_bytes(device, request.id, &valid, sizeof(valid));
    /* One that is not valid has no bytes, and one that is has some. */
    if (status == VCMD_STATUS_OK && (valid != 0) != (header.length > 1))
        return vtest_lose_to_nonsense(device, "GET_CAPSET", "gave an answer of a wrong length",
                                      header.length);
    if (status != VCMD_STATUS_OK || valid == 0)
        return status;
    /* From here it is as many bytes as the other kind of answer has. */
    answer = (struct vtest_answer){.reply = VTEST_REPLY_CAPS, .id = header.id};
    header.length = (header.length - 1) * 4 + 1;
    return read_caps(device, &answer, &header, capset);
}

static enum vcmd_status get_caps(struct vtest_device *device)
{
    enum vcmd_status status;

    if (device->version < 3)
        return get_both_caps(device);
    /* A server refuses a version that it does not have, so from the newest down. */
    status = get_capset(device, VCMD_CTRL_CAPSET_VIRGL, 1, &device->capsets[0]);
    for (uint32_t version = 2; status == VCMD_STATUS_OK && version > 0; version--) {
        if (device->capsets[1].size == 0)
            status = get_capset(device, VCMD_CTRL_CAPSET_VIRGL2, version, &device->capsets[1]);
    }
    return status;
}

/*
 * Servers before 0.7.0 skip the ping, so it is followed by what they do answer. Sets *knows to
 * whether this one does versions.
 */
static enum vcmd_status ping(struct vtest_device *device, bool *knows)
{
    static const uint32_t wait[2] = {0, 0};
    uint32_t answer[3] = {0};
    enum vcmd_status status =
        vtest_request(device, VTEST_PING_PROTOCOL_VERSION, 0, NULL, 0, NULL, 0);

    if (status == VCMD_STATUS_OK)
        status = vtest_request(device, VTEST_RESOURCE_BUSY_WAIT, 2, wait, sizeof(wait), NULL, 0);
    if (status == VCMD_STATUS_OK)
        status = vtest_answer_bytes(device, VTEST_PING_PROTOCOL_VERSION, answer, 8);
    if (status != VCMD_STATUS_OK)
        return status;
    *knows = answer[1] == VTEST_PING_PROTOCOL_VERSION;
    if (*knows && answer[0] != 0)
        return vtest_lose_to_nonsense(device, "PING_PROTOCOL_VERSION",
                                      "gave an answer of a wrong length", answer[0]);
    if (*knows)
        return vtest_answer(device, VTEST_RESOURCE_BUSY_WAIT, answer, 1);
    if (answer[1] != VTEST_RESOURCE_BUSY_WAIT || answer[0] != 1)
        return vtest_lose_to_nonsense(device, "PING_PROTOCOL_VERSION",
                                      "gave an answer to another command", answer[1]);
    return vtest_answer_bytes(device, VTEST_RESOURCE_BUSY_WAIT, answer, 4);
}

static enum vcmd_status agree_on_version(struct vtest_device *device)
{
    bool knows = false;
    enum vcmd_status status = ping(device, &knows);

    device->version = 0;
    if (status != VCMD_STATUS_OK || !knows)
        return status;
    status = vtest_request(device, VTEST_PROTOCOL_VERSION, 1, &device->max_version, 4, NULL, 0);
    if (status == VCMD_STATUS_OK)
        status = vtest_answer(device, VTEST_PROTOCOL_VERSION, &device->version, 1);
    if (status != VCMD_STATUS_OK)
        return status;
    if (device->version > device->max_version)
        return vtest_lose_to_nonsense(device, "PROTOCOL_VERSION",
                                      "chose a version that was not offered", device->version);
    if (device->version == 1)
        device->version = 0; /* withdrawn: as servers of today take it */
    return VCMD_STATUS_OK;
}

static enum vcmd_status shake_hands(struct vtest_device *device)
{
    static const char name[] = "virglcmd";
    enum vcmd_status status;

    /* The only message whose length counts bytes. */
    status =
        vtest_request(device, VTEST_CREATE_RENDERER, sizeof(name), name, sizeof(name), NULL, 0);
    if (status == VCMD_STATUS_OK)
        status = agree_on_version(device);
    if (status == VCMD_STATUS_OK && device->connections == 0)
        status = get_caps(device);
    return status;
}

static enum vcmd_status connect_to_server(struct vtest_device *device)
{
    enum vcmd_status status = vtest_connect(device->path, &device->fd, device->answer_deadline);

    if (status == VCMD_STATUS_OK)
        return status;
    if (status == VCMD_STATUS_TIMEOUT)
        vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_NO_DEVICE,
                 "vtest: the server on %s has not taken the connection in time; a server that "
                 "does not fork, or takes one client only, keeps others waiting",
                 device->path);
    else
        vcmd_log(&device->log, VCMD_LOG_ERROR, VCMD_STATUS_NO_DEVICE,
                 "vtest: no server answers on %s: %s; start one with virgl_test_server "
                 "--use-egl-surfaceless --socket-path=%s",
                 device->path, strerror(errno), device->path);
    return VCMD_STATUS_NO_DEVICE;
}

enum vcmd_status vtest_open_connection(struct vtest_device *device)
{
    enum vcmd_status status;

    device->answer_deadline = vtest_deadline(
        device->timeout_ns == VCMD_WAIT_FOREVER ? HANDSHAKE_TIMEOUT_NS : device->timeout_ns);
    status = connect_to_server(device);
    if (status != VCMD_STATUS_OK)
        return status;
    vtest_subcontexts_clear(&device->subs);
    status = shake_hands(device);
    if (status == VCMD_STATUS_OK) {
        device->connections++;
        vcmd_log(&device->log, VCMD_LOG_INFO, VCMD_STATUS_OK,
                 "vtest: connected to %s, version %u of the protocol", device->path,
                 device->version);
        return status;
    }
    if (device->fd >= 0)
        drop_connection(device);
    if (status == VCMD_STATUS_NO_MEMORY)
        vcmd_log(&device->log, VCMD_LOG_ERROR, status, "vtest: no memory for the capset");
    else if (device->max_version < 3) /* beside what has been said of the connection */
        vcmd_log(&device->log, VCMD_LOG_ERROR, status,
                 "vtest: a server with --multi-clients serves version 3 only; this asked for %u",
                 device->max_version);
    return status;
}
