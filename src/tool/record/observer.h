/* SPDX-License-Identifier: MIT */
#ifndef VCMD_VTEST_OBSERVER_H
#define VCMD_VTEST_OBSERVER_H

#include <stdbool.h>

#include "protocol.h"

/*
 * What a proxy tells about one connection between a program and a virgl_test_server. Each function
 * may be NULL. Calls for one connection come from one thread, in the order in which the server
 * reads the messages; those for several connections come at once.
 *
 * Pointers are valid during the call.
 */

/* Memory that program and server share, as it is at this moment. The program may be writing. */
struct vcmd_vtest_memory {
    const void *bytes; /* NULL: none */
    size_t size;
};

struct vcmd_vtest_observer {
    /* user of all calls: what connect() gave out for the connection. */
    void *(*connect)(void *user, uint32_t number); /* NULL: do not follow this one */
    void (*disconnect)(void *connection);

    void (*name)(void *connection, const char *name, size_t size);
    void (*version)(void *connection, uint32_t version);
    /* number: 1 or 2, and those of newer kinds of contexts. */
    void (*capset)(void *connection, uint32_t number, const void *bytes, size_t size);

    /* After the answer, so that the id is known; flags and levels are the protocol's. */
    void (*resource_create)(void *connection, const struct vtest_resource_create *create,
                            const struct vcmd_vtest_memory *memory);
    /* The memory is under the resource that the last PIPE_RESOURCE_CREATE with this id described */
    void (*resource_create_blob)(void *connection, const struct vtest_resource_create_blob *create,
                                 uint32_t res_handle, const struct vcmd_vtest_memory *memory);
    void (*resource_unref)(void *connection, uint32_t res_handle);

    /* Through the socket: to the server before it is sent, from the server when it has come. */
    void (*transfer)(void *connection, bool to_host, const struct vtest_transfer *transfer,
                     const void *data, size_t size);
    /*
     * Through shared memory: to the server before the request is sent. From the server when a later
     * answer says that it is done; memory is NULL when the program did not wait for one.
     */
    void (*transfer2)(void *connection, bool to_host, const struct vtest_transfer2 *transfer,
                      const struct vcmd_vtest_memory *memory);

    /* Before it is sent: what it makes the server read from shared memory is still there. */
    void (*submit)(void *connection, const uint32_t *dwords, size_t num_dwords);
    void (*busy_wait)(void *connection, bool waited, bool busy);
};

#endif
