/* SPDX-License-Identifier: MIT */
/* getopt: not in plain C11 */
#define _DEFAULT_SOURCE

/*
 * record_log [-s SOCKET] [-g] FILE PROGRAM...: runs a program through the proxy and writes a line
 * about everything that an observer hears. With the socket of a server that runs already.
 */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "record.h"

static FILE *out;
static uint32_t numbers[64];

static void *on_connect(void *user, uint32_t number)
{
    (void)user;
    if (number >= sizeof(numbers) / sizeof(numbers[0]))
        return NULL;
    numbers[number] = number;
    fprintf(out, "%u connect\n", number);
    return &numbers[number];
}

static unsigned number_of(void *connection)
{
    return *(uint32_t *)connection;
}

static void on_disconnect(void *connection)
{
    fprintf(out, "%u disconnect\n", number_of(connection));
}

static void on_name(void *connection, const char *name, size_t size)
{
    fprintf(out, "%u name %.*s\n", number_of(connection), (int)size, name);
}

static void on_version(void *connection, uint32_t version)
{
    fprintf(out, "%u version %u\n", number_of(connection), version);
}

/* FNV-1a: enough to see whether two runs saw the same bytes. */
static uint64_t sum(const void *bytes, size_t size)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (size_t i = 0; i < size; i++)
        hash = (hash ^ ((const uint8_t *)bytes)[i]) * 0x100000001b3u;
    return hash;
}

static void on_capset(void *connection, uint32_t id, const void *bytes, size_t size)
{
    fprintf(out, "%u capset %u %zu %016" PRIx64 "\n", number_of(connection), id, size,
            sum(bytes, size));
}

static void on_create(void *connection, const struct vtest_resource_create *create,
                      const struct vcmd_vtest_memory *memory)
{
    fprintf(out, "%u create %u target %u format %u bind 0x%x size %ux%ux%u memory %zu\n",
            number_of(connection), create->res_handle, create->target, create->format, create->bind,
            create->width, create->height, create->depth, memory->size);
}

static void on_blob(void *connection, const struct vtest_resource_create_blob *create, uint32_t id,
                    const struct vcmd_vtest_memory *memory)
{
    fprintf(out, "%u blob %u type %u memory %zu\n", number_of(connection), id, create->type,
            memory->size);
}

static void on_unref(void *connection, uint32_t id)
{
    fprintf(out, "%u unref %u\n", number_of(connection), id);
}

static void on_transfer(void *connection, bool to_host, const struct vtest_transfer *transfer,
                        const void *data, size_t size)
{
    fprintf(out, "%u %s %u box %ux%ux%u bytes %zu %016" PRIx64 "\n", number_of(connection),
            to_host ? "put" : "get", transfer->res_handle, transfer->width, transfer->height,
            transfer->depth, size, sum(data, size));
}

static void on_transfer2(void *connection, bool to_host, const struct vtest_transfer2 *transfer,
                         const struct vcmd_vtest_memory *memory)
{
    fprintf(out, "%u %s %u box %ux%ux%u memory %zu %016" PRIx64 "\n", number_of(connection),
            to_host ? "put2" : "get2", transfer->res_handle, transfer->width, transfer->height,
            transfer->depth, memory->size, memory->bytes ? sum(memory->bytes, memory->size) : 0);
}

static void on_submit(void *connection, const uint32_t *dwords, size_t num_dwords)
{
    fprintf(out, "%u submit %zu %016" PRIx64 "\n", number_of(connection), num_dwords,
            sum(dwords, num_dwords * 4));
}

static void on_busy_wait(void *connection, bool waited, bool busy)
{
    /* How often a program asks depends on the machine. */
    if (waited || !busy)
        fprintf(out, "%u idle\n", number_of(connection));
}

static const struct vcmd_vtest_observer observer = {
    .connect = on_connect,
    .disconnect = on_disconnect,
    .name = on_name,
    .version = on_version,
    .capset = on_capset,
    .resource_create = on_create,
    .resource_create_blob = on_blob,
    .resource_unref = on_unref,
    .transfer = on_transfer,
    .transfer2 = on_transfer2,
    .submit = on_submit,
    .busy_wait = on_busy_wait,
};

int main(int argc, char **argv)
{
    struct record_options options = {.observer = &observer};
    int option, result;

    while ((option = getopt(argc, argv, "+s:gv")) != -1) {
        if (option == 's')
            options.server_socket = optarg;
        else if (option == 'g')
            options.gles = true;
        else if (option == 'v')
            options.verbose = true;
        else
            return 2;
    }
    if (optind + 2 > argc) {
        fprintf(stderr, "usage: record_log [-s SOCKET] [-g] [-v] FILE PROGRAM...\n");
        return 2;
    }
    out = fopen(argv[optind], "w");
    if (!out) {
        perror(argv[optind]);
        return 2;
    }
    options.argv = argv + optind + 1;
    result = record_run(&options);
    fclose(out);
    return result;
}
