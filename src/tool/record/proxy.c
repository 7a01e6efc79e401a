/* SPDX-License-Identifier: MIT */
/* Sockets, threads: not in plain C11 */
#define _GNU_SOURCE

#include "proxy.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "connection.h"
#include "socket.h"

#define BACKLOG 16
#define MS_NS   1000000ull

/* Between two attempts to take a client when the system has no room for it. */
#define NAP_MS 100

/* How long a client that waits for the server goes without a look at whether it is still there. */
#define LOOK_NS 100000000ull

struct client {
    struct vcmd_vtest_proxy *proxy;
    struct vcmd_vtest_link link;
    uint32_t number; /* from 1 */
    pthread_t thread;
    /* Need the mutex, as does link.server until it is there. */
    bool shut_out;
    bool done;
    struct client *next;
};

struct vcmd_vtest_proxy {
    struct vcmd_vtest_proxy_desc desc;
    char listen_path[VTEST_PATH_BYTES];
    char server_path[VTEST_PATH_BYTES];
    struct vcmd_vtest_observer observer; /* with nothing in it for none */
    int listener;
    int wake[2]; /* a pipe: closed at its writing end, the listening thread stops */
    pthread_t thread;

    pthread_mutex_t mutex;
    pthread_cond_t left;    /* a client is done */
    struct client *clients; /* needs the mutex */
    uint32_t num_clients;   /* of the listening thread */
};

static void complain(const struct vcmd_vtest_proxy *proxy, uint32_t number, const char *text)
{
    char line[512];

    if (!proxy->desc.complain)
        return;
    snprintf(line, sizeof(line), "connection %u: %s", number, text);
    proxy->desc.complain(proxy->desc.user, line);
}

/* ---- one client ---- */

static bool has_left(int fd)
{
    struct pollfd entry = {.fd = fd, .events = POLLRDHUP};

    return poll(&entry, 1, 0) > 0;
}

/* False: it has been shut out meanwhile. */
static bool keep_server(struct client *client, int fd)
{
    bool kept;

    pthread_mutex_lock(&client->proxy->mutex);
    kept = !client->shut_out;
    if (kept)
        client->link.server = fd;
    pthread_mutex_unlock(&client->proxy->mutex);
    if (!kept)
        close(fd);
    return kept;
}

/* Waits for a server that takes no more clients as long as this one does. False: complained. */
static bool connect_to_server(struct client *client)
{
    const char *path = client->proxy->server_path;
    enum vcmd_status status;
    char problem[256];
    int fd;

    do {
        status = vtest_connect(path, &fd, vtest_deadline(LOOK_NS));
    } while (status == VCMD_STATUS_TIMEOUT && !has_left(client->link.client));
    if (status == VCMD_STATUS_OK && keep_server(client, fd))
        return true;
    if (status == VCMD_STATUS_DEVICE_LOST)
        snprintf(problem, sizeof(problem), "no server answers on %s: %s", path, strerror(errno));
    else
        snprintf(problem, sizeof(problem), "the server on %s has not taken it", path);
    complain(client->proxy, client->number, problem);
    return false;
}

static void pass_on(struct client *client)
{
    struct vcmd_vtest_proxy *proxy = client->proxy;
    const char *problem;

    if (proxy->observer.connect)
        client->link.connection = proxy->observer.connect(proxy->desc.user, client->number);
    problem = vcmd_vtest_link_run(&client->link);
    if (problem)
        complain(proxy, client->number, problem);
    if (client->link.connection && proxy->observer.disconnect)
        proxy->observer.disconnect(client->link.connection);
}

static void *serve(void *arg)
{
    struct client *client = arg;
    struct vcmd_vtest_proxy *proxy = client->proxy;

    if (connect_to_server(client))
        pass_on(client);

    pthread_mutex_lock(&proxy->mutex);
    close(client->link.client);
    if (client->link.server >= 0)
        close(client->link.server);
    client->done = true;
    pthread_cond_broadcast(&proxy->left);
    pthread_mutex_unlock(&proxy->mutex);
    return NULL;
}

/* Takes over the descriptor. */
static void take_client(struct vcmd_vtest_proxy *proxy, int fd)
{
    struct client *client = calloc(1, sizeof(*client));
    int result = ENOMEM;

    proxy->num_clients++;
    if (client) {
        client->proxy = proxy;
        client->number = proxy->num_clients;
        client->link =
            (struct vcmd_vtest_link){.client = fd, .server = -1, .observer = &proxy->observer};
        pthread_mutex_lock(&proxy->mutex);
        result = pthread_create(&client->thread, NULL, serve, client);
        if (result == 0) {
            client->next = proxy->clients;
            proxy->clients = client;
        }
        pthread_mutex_unlock(&proxy->mutex);
    }
    if (result == 0)
        return;
    complain(proxy, proxy->num_clients, client ? "no thread for it" : "no memory");
    close(fd);
    free(client);
}

/* Frees those that are done: each has a thread's stack. */
static void reap_clients(struct vcmd_vtest_proxy *proxy)
{
    struct client **place = &proxy->clients;

    pthread_mutex_lock(&proxy->mutex);
    while (*place) {
        struct client *client = *place;

        if (!client->done) {
            place = &client->next;
            continue;
        }
        *place = client->next;
        pthread_join(client->thread, NULL); /* it has nothing left to do */
        free(client);
    }
    pthread_mutex_unlock(&proxy->mutex);
}

static void *listen_for_clients(void *arg)
{
    struct vcmd_vtest_proxy *proxy = arg;

    for (;;) {
        struct pollfd entries[2] = {{.fd = proxy->listener, .events = POLLIN},
                                    {.fd = proxy->wake[0], .events = POLLIN}};
        int fd;

        if (poll(entries, 2, -1) < 0)
            continue; /* a signal */
        if (entries[1].revents)
            return NULL;
        fd = accept4(proxy->listener, NULL, NULL, SOCK_CLOEXEC);
        reap_clients(proxy);
        if (fd >= 0)
            take_client(proxy, fd);
        else
            (void)poll(&entries[1], 1, NAP_MS); /* no descriptors; it still waits to be accepted */
    }
}

/* ---- start and stop ---- */

static int open_listener(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    memcpy(address.sun_path, path, strlen(path) + 1);
    if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0 ||
        listen(fd, BACKLOG) != 0) {
        int error = errno;

        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

static bool open_ends(struct vcmd_vtest_proxy *proxy)
{
    if (pipe2(proxy->wake, O_CLOEXEC) != 0)
        return false;
    proxy->listener = open_listener(proxy->listen_path);
    if (proxy->listener >= 0 &&
        (errno = pthread_create(&proxy->thread, NULL, listen_for_clients, proxy)) == 0)
        return true;
    if (proxy->listener >= 0) {
        close(proxy->listener);
        unlink(proxy->listen_path);
    }
    close(proxy->wake[0]);
    close(proxy->wake[1]);
    return false;
}

struct vcmd_vtest_proxy *vcmd_vtest_proxy_start(const struct vcmd_vtest_proxy_desc *desc)
{
    struct vcmd_vtest_proxy *proxy;

    if (strlen(desc->listen_path) >= VTEST_PATH_BYTES ||
        strlen(desc->server_path) >= VTEST_PATH_BYTES) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    proxy = calloc(1, sizeof(*proxy));
    if (!proxy)
        return NULL;
    proxy->desc = *desc;
    memcpy(proxy->listen_path, desc->listen_path, strlen(desc->listen_path) + 1);
    memcpy(proxy->server_path, desc->server_path, strlen(desc->server_path) + 1);
    if (desc->observer)
        proxy->observer = *desc->observer;
    pthread_mutex_init(&proxy->mutex, NULL);
    pthread_cond_init(&proxy->left, NULL);
    if (open_ends(proxy))
        return proxy;
    pthread_cond_destroy(&proxy->left);
    pthread_mutex_destroy(&proxy->mutex);
    free(proxy);
    return NULL;
}

/* Needs the mutex. */
static bool all_done(const struct vcmd_vtest_proxy *proxy)
{
    for (const struct client *client = proxy->clients; client; client = client->next) {
        if (!client->done)
            return false;
    }
    return true;
}

/* Waits for the clients; who stays too long is shut out. Needs the mutex. */
static void see_off(struct vcmd_vtest_proxy *proxy, unsigned patience_ms)
{
    struct timespec end;
    int result = 0;

    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += (time_t)(patience_ms / 1000);
    end.tv_nsec += (long)(patience_ms % 1000) * (long)MS_NS;
    if (end.tv_nsec >= 1000000000) {
        end.tv_nsec -= 1000000000;
        end.tv_sec++;
    }
    while (!all_done(proxy) && result == 0)
        result = pthread_cond_timedwait(&proxy->left, &proxy->mutex, &end);
    for (struct client *client = proxy->clients; client; client = client->next) {
        if (client->done)
            continue;
        client->shut_out = true;
        shutdown(client->link.client, SHUT_RDWR);
        if (client->link.server >= 0)
            shutdown(client->link.server, SHUT_RDWR);
    }
}

void vcmd_vtest_proxy_stop(struct vcmd_vtest_proxy *proxy, unsigned patience_ms)
{
    if (!proxy)
        return;
    close(proxy->wake[1]);
    pthread_join(proxy->thread, NULL);
    close(proxy->wake[0]);
    close(proxy->listener);
    unlink(proxy->listen_path);

    pthread_mutex_lock(&proxy->mutex);
    see_off(proxy, patience_ms);
    pthread_mutex_unlock(&proxy->mutex);
    while (proxy->clients) {
        struct client *client = proxy->clients;

        proxy->clients = client->next;
        pthread_join(client->thread, NULL);
        free(client);
    }
    pthread_cond_destroy(&proxy->left);
    pthread_mutex_destroy(&proxy->mutex);
    free(proxy);
}
