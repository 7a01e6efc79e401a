/* SPDX-License-Identifier: MIT */
/* Shared memory, sockets: not in plain C11 */
#define _GNU_SOURCE

#include "connection.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "id_tree.h"
#include "socket.h"

/* A stream may be large; beyond this a header is taken for noise. */
#define MAX_PAYLOAD 0x7fffffffu

/* TRANSFER_GET2s whose end has not been seen. More are told about without their bytes. */
#define MAX_GETS 64

/* What has been shared for a resource. */
struct resource {
    uint32_t id;
    struct vcmd_vtest_memory memory;
};

struct follower {
    struct vcmd_vtest_link *link;
    const struct vcmd_vtest_observer *observer; /* never NULL; without functions for nobody */
    uint32_t version;
    bool knows_versions; /* the server has shown that it is not one of before 0.7.0 */
    bool ping_owed;      /* may still be answered */
    bool caps2_owed;
    struct id_tree resources; /* struct resource */
    struct vtest_transfer2 gets[MAX_GETS];
    size_t num_gets;
};

/* The message that is under way. */
struct message {
    struct vtest_header header;
    uint32_t fixed[VTEST_MAX_FIXED];
    uint32_t *payload; /* all of it, fixed included; NULL for none */
    size_t size;       /* bytes of it */
    uint32_t *reply;
    uint32_t reply_size;
    int fd; /* of the reply; -1: none */
};

static const char lost_client[] = "";
static const char lost_server[] = "the server has closed the connection";
static const char not_called_for[] =
    "the server gave an answer that does not belong to the request";
static const char no_memory[] = "no memory";

/* ---- shared memory ---- */

static struct vcmd_vtest_memory find_memory(struct follower *f, uint32_t id)
{
    const struct resource *resource = id_tree_find(&f->resources, id);

    return resource ? resource->memory : (struct vcmd_vtest_memory){NULL, 0};
}

/* NULL is ignored. */
static void free_resource(struct resource *resource)
{
    if (resource && resource->memory.bytes)
        munmap((void *)(uintptr_t)resource->memory.bytes, resource->memory.size);
    free(resource);
}

/* Maps what the server has sent. Without success the resource is followed without its memory. */
static struct vcmd_vtest_memory remember(struct follower *f, uint32_t id, int fd)
{
    struct resource *resource = calloc(1, sizeof(*resource));
    struct stat file;

    if (!resource)
        return (struct vcmd_vtest_memory){NULL, 0};
    resource->id = id;
    if (fstat(fd, &file) == 0 && file.st_size > 0) {
        void *bytes = mmap(NULL, (size_t)file.st_size, PROT_READ, MAP_SHARED, fd, 0);

        if (bytes != MAP_FAILED)
            resource->memory = (struct vcmd_vtest_memory){bytes, (size_t)file.st_size};
    }
    free_resource(id_tree_remove(&f->resources, id));
    if (!id_tree_add(&f->resources, resource)) {
        free_resource(resource);
        return (struct vcmd_vtest_memory){NULL, 0};
    }
    return resource->memory;
}

/* ---- what is told before a message goes on ---- */

static void tell_transfer2(struct follower *f, bool to_host, const struct vtest_transfer2 *transfer,
                           bool with_memory)
{
    struct vcmd_vtest_memory memory = {NULL, 0};

    if (with_memory)
        memory = find_memory(f, transfer->res_handle);
    if (f->observer->transfer2)
        f->observer->transfer2(f->link->connection, to_host, transfer, &memory);
}

/* TRANSFER_GET2s that are done, or that something else came after. */
static void tell_gets(struct follower *f, bool done)
{
    for (size_t i = 0; i < f->num_gets; i++)
        tell_transfer2(f, false, &f->gets[i], done);
    f->num_gets = 0;
}

static void tell_put(struct follower *f, const struct message *m)
{
    struct vtest_transfer transfer;

    memcpy(&transfer, m->payload, sizeof(transfer));
    if (f->observer->transfer)
        f->observer->transfer(f->link->connection, true, &transfer,
                              (const uint8_t *)m->payload + sizeof(transfer),
                              m->size - sizeof(transfer));
}

static void tell_submit(struct follower *f, const uint32_t *dwords, size_t num_dwords)
{
    if (f->observer->submit && num_dwords > 0)
        f->observer->submit(f->link->connection, dwords, num_dwords);
}

/* SUBMIT_CMD2: batches of 8 dwords, of which the second and third say where commands are. */
static void tell_batches(struct follower *f, const struct message *m)
{
    size_t num = m->size / 4;

    for (size_t i = 0; num > 0 && i < m->payload[0] && 1 + 8 * i + 3 <= num; i++) {
        uint32_t offset = m->payload[1 + 8 * i + 1], size = m->payload[1 + 8 * i + 2];

        if (offset <= num && size <= num - offset)
            tell_submit(f, m->payload + offset, size);
    }
}

static void tell_request(struct follower *f, const struct message *m)
{
    struct vtest_transfer2 transfer2;

    if (m->header.id != VTEST_RESOURCE_BUSY_WAIT && m->header.id != VTEST_TRANSFER_GET2)
        tell_gets(f, false);
    switch (m->header.id) {
    case VTEST_CREATE_RENDERER:
        if (f->observer->name)
            f->observer->name(f->link->connection, (const char *)m->payload,
                              m->size ? strnlen((const char *)m->payload, m->size) : 0);
        break;
    case VTEST_RESOURCE_UNREF:
        if (f->observer->resource_unref)
            f->observer->resource_unref(f->link->connection, m->fixed[0]);
        free_resource(id_tree_remove(&f->resources, m->fixed[0]));
        break;
    case VTEST_TRANSFER_PUT:
        tell_put(f, m);
        break;
    case VTEST_TRANSFER_PUT2:
    case VTEST_TRANSFER_GET2:
        memcpy(&transfer2, m->fixed, sizeof(transfer2));
        if (m->header.id == VTEST_TRANSFER_PUT2)
            tell_transfer2(f, true, &transfer2, true);
        else if (f->num_gets < MAX_GETS)
            f->gets[f->num_gets++] = transfer2;
        else
            tell_transfer2(f, false, &transfer2, false);
        break;
    case VTEST_SUBMIT_CMD:
        tell_submit(f, m->payload, m->size / 4);
        break;
    case VTEST_SUBMIT_CMD2:
        tell_batches(f, m);
        break;
    default:
        break;
    }
}

/* ---- what is told after the answer ---- */

static void tell_created(struct follower *f, const struct message *m)
{
    struct vtest_resource_create create = {0};
    struct vcmd_vtest_memory memory = {NULL, 0};
    size_t size = m->header.id == VTEST_RESOURCE_CREATE2 ? VTEST_RESOURCE_CREATE2_DWORDS * 4
                                                         : VTEST_RESOURCE_CREATE_DWORDS * 4;

    memcpy(&create, m->fixed, size);
    if (m->reply)
        create.res_handle = m->reply[0];
    if (m->fd >= 0)
        memory = remember(f, create.res_handle, m->fd);
    if (f->observer->resource_create)
        f->observer->resource_create(f->link->connection, &create, &memory);
}

static void tell_blob(struct follower *f, const struct message *m)
{
    struct vtest_resource_create_blob create;
    struct vcmd_vtest_memory memory = remember(f, m->reply[0], m->fd);

    memcpy(&create, m->fixed, sizeof(create));
    if (f->observer->resource_create_blob)
        f->observer->resource_create_blob(f->link->connection, &create, m->reply[0], &memory);
}

static void tell_capset(struct follower *f, uint32_t number, const void *bytes, size_t size)
{
    if (f->observer->capset)
        f->observer->capset(f->link->connection, number, bytes, size);
}

static void tell_answer(struct follower *f, const struct message *m)
{
    struct vtest_transfer transfer;

    switch (m->header.id) {
    case VTEST_GET_CAPS:
    case VTEST_GET_CAPS2:
        tell_capset(f, m->header.id == VTEST_GET_CAPS ? 1 : 2, m->reply, m->reply_size);
        break;
    case VTEST_GET_CAPSET:
        if (m->reply[0] != 0 && m->reply_size > 4)
            tell_capset(f, m->fixed[0], m->reply + 1, m->reply_size - 4);
        break;
    case VTEST_PROTOCOL_VERSION:
        f->version = m->reply[0];
        f->knows_versions = true;
        if (f->observer->version)
            f->observer->version(f->link->connection, f->version);
        break;
    case VTEST_RESOURCE_CREATE:
    case VTEST_RESOURCE_CREATE2:
        tell_created(f, m);
        break;
    case VTEST_RESOURCE_CREATE_BLOB:
        tell_blob(f, m);
        break;
    case VTEST_TRANSFER_GET:
        memcpy(&transfer, m->fixed, sizeof(transfer));
        if (f->observer->transfer)
            f->observer->transfer(f->link->connection, false, &transfer, m->reply, m->reply_size);
        break;
    case VTEST_RESOURCE_BUSY_WAIT:
        tell_gets(f, true);
        if (f->observer->busy_wait)
            f->observer->busy_wait(f->link->connection, m->fixed[1] & 1, m->reply[0] != 0);
        break;
    default:
        break;
    }
}

/* ---- passing on ---- */

static const char *send_bytes(int fd, const void *head, size_t head_size, const void *bytes,
                              size_t size, const char *lost)
{
    struct iovec parts[2] = {{(void *)(uintptr_t)head, head_size},
                             {(void *)(uintptr_t)bytes, size}};

    return vtest_send(fd, parts, 2, VTEST_NEVER) == VCMD_STATUS_OK ? NULL : lost;
}

/* The whole message of the client, in m->payload. */
static const char *read_request(struct follower *f, struct message *m)
{
    int client = f->link->client;
    uint32_t fixed;
    uint64_t size;

    if (vtest_receive(client, &m->header, sizeof(m->header), VTEST_NEVER) != VCMD_STATUS_OK)
        return lost_client;
    if (!vtest_request_fixed_bytes(&m->header, &fixed))
        return "the program sent a command that no version up to 3 of the protocol has";
    if (vtest_receive(client, m->fixed, fixed, VTEST_NEVER) != VCMD_STATUS_OK)
        return lost_client;
    if (m->header.id == VTEST_PROTOCOL_VERSION && m->fixed[0] > VTEST_MAX_VERSION)
        m->fixed[0] = VTEST_MAX_VERSION;
    size = vtest_request_size(&m->header, m->fixed);
    if (size > MAX_PAYLOAD)
        return "the program sent a message of more than 2 GiB";
    m->size = (size_t)size;
    if (m->size == 0)
        return NULL;
    m->payload = malloc(m->size);
    if (!m->payload)
        return no_memory;
    memcpy(m->payload, m->fixed, fixed);
    if (vtest_receive(client, (char *)m->payload + fixed, m->size - fixed, VTEST_NEVER) !=
        VCMD_STATUS_OK)
        return lost_client;
    return NULL;
}

/* The bytes behind a header, which come and go on with it. */
static const char *pass_reply(struct follower *f, struct message *m,
                              const struct vtest_header *header, uint32_t size)
{
    m->reply = calloc(1, size ? size : 1);
    m->reply_size = size;
    if (!m->reply)
        return no_memory;
    if (vtest_receive(f->link->server, m->reply, size, VTEST_NEVER) != VCMD_STATUS_OK)
        return lost_server;
    return send_bytes(f->link->client, header, header ? sizeof(*header) : 0, m->reply, size,
                      lost_client);
}

/* An answer that an old server would not give: true when this is it, and it has gone on. */
static bool is_owed(struct follower *f, const struct vtest_header *header, const char **problem)
{
    struct message m = {.header = {0, VTEST_GET_CAPS2}, .fd = -1};
    struct vtest_answer answer;
    uint32_t size;

    if (f->ping_owed && header->id == VTEST_PING_PROTOCOL_VERSION) {
        f->ping_owed = false;
        f->knows_versions = true;
        *problem = send_bytes(f->link->client, header, sizeof(*header), NULL, 0, lost_client);
        return true;
    }
    if (!f->caps2_owed || header->id != 2)
        return false;
    f->caps2_owed = false;
    f->knows_versions = true;
    vtest_answer_to(&m.header, m.fixed, f->version, &answer);
    *problem = "the server gave a capset of an impossible size";
    if (vtest_answer_size(&answer, header, &size))
        *problem = pass_reply(f, &m, header, size);
    if (!*problem)
        tell_answer(f, &m);
    free(m.reply);
    return true;
}

/* What the server says while the client has no request: only what is owed can come. */
static const char *pass_owed(struct follower *f)
{
    struct vtest_header header;
    const char *problem = NULL;

    if (vtest_receive(f->link->server, &header, sizeof(header), VTEST_NEVER) != VCMD_STATUS_OK)
        return lost_server;
    if (!is_owed(f, &header, &problem))
        return not_called_for;
    return problem;
}

/*
 * Until there is one of the next bytes of the client. Meanwhile the server may leave, or give an
 * answer that the client waits for before it says more.
 */
static const char *wait_for_request(struct follower *f)
{
    const char *problem = NULL;

    while (!problem) {
        bool owed = f->ping_owed || f->caps2_owed;
        struct pollfd entries[2] = {
            {.fd = f->link->client, .events = POLLIN},
            {.fd = f->link->server, .events = (short)(POLLRDHUP | (owed ? POLLIN : 0))}};

        if (poll(entries, 2, -1) < 0)
            continue; /* a signal */
        if (entries[1].revents & POLLIN)
            problem = pass_owed(f);
        else if (entries[1].revents)
            problem = lost_server;
        else if (entries[0].revents)
            return NULL;
    }
    return problem;
}

/* A header, and what belongs to it. */
static const char *pass_message(struct follower *f, struct message *m,
                                const struct vtest_answer *answer)
{
    struct vtest_header header;
    const char *problem = NULL;
    uint32_t size;

    do {
        if (problem)
            return problem;
        if (vtest_receive(f->link->server, &header, sizeof(header), VTEST_NEVER) != VCMD_STATUS_OK)
            return lost_server;
    } while (is_owed(f, &header, &problem));
    f->ping_owed = f->caps2_owed = false; /* too late for them now */
    if (!vtest_answer_size(answer, &header, &size))
        return not_called_for;
    return pass_reply(f, m, &header, size);
}

static const char *pass_fd(struct follower *f, struct message *m)
{
    if (vtest_receive_fd(f->link->server, &m->fd, VTEST_NEVER) != VCMD_STATUS_OK) {
        m->fd = -1;
        return lost_server;
    }
    if (vtest_send_fd(f->link->client, m->fd, VTEST_NEVER) != VCMD_STATUS_OK)
        return lost_client;
    return NULL;
}

static const char *pass_answer(struct follower *f, struct message *m)
{
    struct vtest_answer answer;
    const char *problem = NULL;

    vtest_answer_to(&m->header, m->fixed, f->version, &answer);
    /* Servers before 0.7.0 answer neither: the answer goes on if and when it comes. */
    if (!f->knows_versions && m->header.id == VTEST_PING_PROTOCOL_VERSION) {
        f->ping_owed = true;
        return NULL;
    }
    if (!f->knows_versions && m->header.id == VTEST_GET_CAPS2) {
        f->caps2_owed = true;
        return NULL;
    }
    if (answer.reply == VTEST_REPLY_RAW)
        problem = pass_reply(f, m, NULL, answer.raw_bytes);
    else if (answer.reply != VTEST_REPLY_NONE)
        problem = pass_message(f, m, &answer);
    if (!problem && answer.fd)
        problem = pass_fd(f, m);
    if (!problem)
        tell_answer(f, m);
    return problem;
}

static const char *pass_request(struct follower *f)
{
    struct message m = {.fd = -1};
    const char *problem = wait_for_request(f);

    if (!problem)
        problem = read_request(f, &m);
    if (!problem) {
        tell_request(f, &m);
        problem = send_bytes(f->link->server, &m.header, sizeof(m.header), m.payload, m.size,
                             lost_server);
    }
    if (!problem)
        problem = pass_answer(f, &m);
    if (m.fd >= 0)
        close(m.fd);
    free(m.payload);
    free(m.reply);
    return problem;
}

const char *vcmd_vtest_link_run(struct vcmd_vtest_link *link)
{
    static const struct vcmd_vtest_observer nobody;
    struct follower *f = calloc(1, sizeof(*f));
    const char *problem = f ? NULL : no_memory;

    if (!f)
        return problem;
    f->link = link;
    f->observer = link->connection ? link->observer : &nobody;
    while (!problem)
        problem = pass_request(f);
    tell_gets(f, false);
    while (f->resources.root)
        free_resource(id_tree_pop(&f->resources));
    free(f);
    return problem == lost_client ? NULL : problem;
}
