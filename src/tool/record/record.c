/* SPDX-License-Identifier: MIT */
/* Processes and signals: not in plain C11 */
#define _GNU_SOURCE

#include "record.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proxy.h"
#include "server.h"
#include "signals.h"

/* How long connections may outlive the program: what it left in the socket is still to be read. */
#define PATIENCE_MS 1000u

#define REDIRECT_NAME "virglcmd-vtest-redirect.so"

#ifndef RECORD_REDIRECT_FOLDER
#define RECORD_REDIRECT_FOLDER ""
#endif

static void complain(void *user, const char *text)
{
    (void)user;
    fprintf(stderr, "virglcmd: record: %s\n", text);
}

/* ---- the environment of the program ---- */

#define NUM_VARIABLES 4

struct environment {
    char **entries; /* the inherited ones and these; ended by NULL */
    char *own[NUM_VARIABLES];
    size_t num_own;
};

static bool set_variable(struct environment *env, const char *name, const char *value,
                         const char *more)
{
    const char *between = more && more[0] ? ":" : "";
    char *entry = NULL;

    if (asprintf(&entry, "%s=%s%s%s", name, value, between, more ? more : "") < 0)
        return false;
    env->own[env->num_own++] = entry;
    return true;
}

static bool is_own(const struct environment *env, const char *entry)
{
    for (size_t i = 0; i < env->num_own; i++) {
        size_t name = strcspn(env->own[i], "=") + 1;

        if (strncmp(env->own[i], entry, name) == 0)
            return true;
    }
    return false;
}

static void free_environment(struct environment *env)
{
    for (size_t i = 0; i < env->num_own; i++)
        free(env->own[i]);
    free(env->entries);
}

static bool make_environment(struct environment *env, const char *socket_path, const char *redirect)
{
    size_t num = 0, kept = 0;

    if (!set_variable(env, "VTEST_SOCKET_NAME", socket_path, NULL) ||
        !set_variable(env, "GALLIUM_DRIVER", "virpipe", NULL) ||
        !set_variable(env, "LIBGL_ALWAYS_SOFTWARE", "1", NULL))
        return false;
    if (redirect[0] && !set_variable(env, "LD_PRELOAD", redirect, getenv("LD_PRELOAD")))
        return false;
    while (environ[num])
        num++;
    env->entries = calloc(num + NUM_VARIABLES + 1, sizeof(*env->entries));
    if (!env->entries)
        return false;
    for (size_t i = 0; i < num; i++) {
        if (!is_own(env, environ[i]))
            env->entries[kept++] = environ[i];
    }
    memcpy(env->entries + kept, env->own, env->num_own * sizeof(env->own[0]));
    return true;
}

/* Into path, "" when it is nowhere. */
static void find_redirect(const struct record_options *options, char *path, size_t capacity)
{
    char own[512] = "";
    ssize_t length = readlink("/proc/self/exe", own, sizeof(own) - 1);
    char *slash = length > 0 ? strrchr(own, '/') : NULL;

    if (options->redirect) {
        snprintf(path, capacity, "%s", options->redirect);
        return;
    }
    if (slash) {
        *slash = '\0';
        snprintf(path, capacity, "%s/%s", own, REDIRECT_NAME);
        if (access(path, R_OK) == 0)
            return;
    }
    snprintf(path, capacity, "%s/%s", RECORD_REDIRECT_FOLDER, REDIRECT_NAME);
    if (access(path, R_OK) != 0)
        path[0] = '\0';
}

/* ---- the program ---- */

/*
 * The program gets the mask that this process had. It is ended by a broken pipe, even if this
 * process is not: what it records may go into one.
 */
static int spawn_program(const struct record_options *options, char **environment,
                         const sigset_t *mask, pid_t *pid)
{
    posix_spawnattr_t attributes;
    int error = posix_spawnattr_init(&attributes);
    sigset_t standard;

    if (error != 0)
        return error;
    sigemptyset(&standard);
    sigaddset(&standard, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &standard);
    posix_spawnattr_setsigmask(&attributes, mask);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    error = posix_spawnp(pid, options->argv[0], NULL, &attributes, options->argv, environment);
    posix_spawnattr_destroy(&attributes);
    return error;
}

/*
 * Signals are for the program until it has ended, and no longer than its number is its own: that is
 * free for another process as soon as waitpid() has returned.
 */
static int wait_for_program(pid_t pid)
{
    siginfo_t info;
    int status = 0;

    while (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) < 0 && errno == EINTR)
        continue;
    record_signals_for(0);
    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR)
            return RECORD_FAILED;
    }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Before the program runs, or is about to. */
static int interrupted(void)
{
    int number = record_signals_came();

    fprintf(stderr, "virglcmd: record: ended by a signal (%s) before the program was started\n",
            strsignal(number));
    return 128 + number;
}

/* 0, and *pid, which gets the signals from now on; else what went wrong. */
static int start_program(const struct record_options *options, const char *socket_path, pid_t *pid)
{
    struct environment env = {0};
    char redirect[600];
    sigset_t mask;
    int error = ENOMEM;

    find_redirect(options, redirect, sizeof(redirect));
    if (make_environment(&env, socket_path, redirect)) {
        record_signals_hold(&mask);
        error = record_signals_came() ? EINTR : spawn_program(options, env.entries, &mask, pid);
        if (error == 0)
            record_signals_for(*pid);
        record_signals_release(&mask);
    }
    free_environment(&env);
    return error;
}

static int run_program(const struct record_options *options, const char *socket_path)
{
    pid_t pid = 0;
    int error = start_program(options, socket_path, &pid);

    if (error != 0 && record_signals_came())
        return interrupted();
    if (error != 0) {
        fprintf(stderr, "virglcmd: record: cannot run %s: %s\n", options->argv[0], strerror(error));
        return error == ENOENT ? RECORD_NOT_FOUND : RECORD_NOT_RUN;
    }
    if (options->started)
        *options->started = true;
    return wait_for_program(pid);
}

/* ---- all together ---- */

static int run_with_proxy(const struct record_options *options, const char *server_path,
                          const char *proxy_path)
{
    const struct vcmd_vtest_proxy_desc desc = {.listen_path = proxy_path,
                                               .server_path = server_path,
                                               .observer = options->observer,
                                               .user = options->user,
                                               .complain = complain};
    struct vcmd_vtest_proxy *proxy;
    sigset_t mask;
    int result;

    /* Its threads have no part in the signals. */
    record_signals_hold(&mask);
    proxy = vcmd_vtest_proxy_start(&desc);
    record_signals_release(&mask);
    if (!proxy) {
        fprintf(stderr, "virglcmd: record: cannot listen on %s: %s\n", proxy_path, strerror(errno));
        return RECORD_FAILED;
    }
    result = run_program(options, proxy_path);
    vcmd_vtest_proxy_stop(proxy, PATIENCE_MS);
    return result;
}

#define FOLDER_NAME  "virglcmd-record-XXXXXX"
#define FOLDER_BYTES 108

/* The names of the sockets have to fit their address. False: stderr has been told why. */
static bool make_folder(char *folder, size_t capacity)
{
    const char *parent = getenv("TMPDIR");

    if (!parent || parent[0] == '\0' ||
        strlen(parent) + sizeof("/" FOLDER_NAME "/server") > FOLDER_BYTES)
        parent = "/tmp";
    snprintf(folder, capacity, "%s/" FOLDER_NAME, parent);
    if (mkdtemp(folder))
        return true;
    fprintf(stderr, "virglcmd: record: cannot make a folder in %s: %s\n", parent, strerror(errno));
    return false;
}

static int run_in_folder(const struct record_options *options, const char *folder)
{
    char server_path[FOLDER_BYTES + 16], proxy_path[FOLDER_BYTES + 16];
    pid_t server = 0;
    int result = RECORD_FAILED;

    snprintf(server_path, sizeof(server_path), "%s/server", folder);
    snprintf(proxy_path, sizeof(proxy_path), "%s/proxy", folder);
    if (!options->server_socket)
        server = record_server_start(options, server_path);
    if (record_signals_came())
        result = interrupted();
    else if (server >= 0)
        result = run_with_proxy(
            options, options->server_socket ? options->server_socket : server_path, proxy_path);
    record_server_stop(server);
    unlink(server_path);
    return result;
}

int record_run(const struct record_options *options)
{
    struct record_signals signals;
    char folder[FOLDER_BYTES];
    int result = RECORD_FAILED;

    if (options->started)
        *options->started = false;
    /* First of all: what ends this process by a signal would leave the folder behind. */
    record_signals_begin(&signals);
    if (make_folder(folder, sizeof(folder))) {
        result = run_in_folder(options, folder);
        rmdir(folder);
    }
    record_signals_end(&signals);
    return result;
}
