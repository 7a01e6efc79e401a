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

/* How long connections may outlive the program: what it left in the socket is still to be read. */
#define PATIENCE_MS 1000u

#define REDIRECT_NAME "virglcmd-vtest-redirect.so"

#ifndef RECORD_REDIRECT_FOLDER
#define RECORD_REDIRECT_FOLDER ""
#endif

extern char **environ;

static void complain(void *user, const char *text)
{
    (void)user;
    fprintf(stderr, "record: %s\n", text);
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

/* Where the signals go that this process gets. */
static volatile sig_atomic_t program_pid;

static void pass_on(int number)
{
    if (program_pid > 0)
        (void)kill((pid_t)program_pid, number);
}

static const int passed_signals[] = {SIGTERM, SIGHUP};
#define NUM_PASSED (sizeof(passed_signals) / sizeof(passed_signals[0]))

struct old_signals {
    struct sigaction passed[NUM_PASSED];
    struct sigaction interrupt, quit;
};

/* The terminal's Ctrl-C reaches the program without us. */
static void take_signals(struct old_signals *old)
{
    struct sigaction action = {.sa_handler = pass_on};

    for (size_t i = 0; i < NUM_PASSED; i++)
        sigaction(passed_signals[i], &action, &old->passed[i]);
    action.sa_handler = SIG_IGN;
    sigaction(SIGINT, &action, &old->interrupt);
    sigaction(SIGQUIT, &action, &old->quit);
}

static void give_signals_back(const struct old_signals *old)
{
    for (size_t i = 0; i < NUM_PASSED; i++)
        sigaction(passed_signals[i], &old->passed[i], NULL);
    sigaction(SIGINT, &old->interrupt, NULL);
    sigaction(SIGQUIT, &old->quit, NULL);
}

static int spawn_program(const struct record_options *options, char **environment, pid_t *pid)
{
    posix_spawnattr_t attributes;
    sigset_t defaults;
    int error = posix_spawnattr_init(&attributes);

    if (error != 0)
        return error;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGINT);
    sigaddset(&defaults, SIGQUIT);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    error = posix_spawnp(pid, options->argv[0], NULL, &attributes, options->argv, environment);
    posix_spawnattr_destroy(&attributes);
    return error;
}

static int wait_for_program(pid_t pid)
{
    int status = 0;

    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR)
            return RECORD_FAILED;
    }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int run_program(const struct record_options *options, const char *socket_path)
{
    struct environment env = {0};
    struct old_signals old;
    char redirect[600];
    pid_t pid = 0;
    int error = ENOMEM, result;

    find_redirect(options, redirect, sizeof(redirect));
    take_signals(&old);
    if (make_environment(&env, socket_path, redirect))
        error = spawn_program(options, env.entries, &pid);
    free_environment(&env);
    if (error == 0) {
        program_pid = pid;
        result = wait_for_program(pid);
        program_pid = 0;
    } else {
        fprintf(stderr, "record: cannot run %s: %s\n", options->argv[0], strerror(error));
        result = error == ENOENT ? RECORD_NOT_FOUND : RECORD_NOT_RUN;
    }
    give_signals_back(&old);
    return result;
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
    struct vcmd_vtest_proxy *proxy = vcmd_vtest_proxy_start(&desc);
    int result;

    if (!proxy) {
        fprintf(stderr, "record: cannot listen on %s: %s\n", proxy_path, strerror(errno));
        return RECORD_FAILED;
    }
    result = run_program(options, proxy_path);
    vcmd_vtest_proxy_stop(proxy, PATIENCE_MS);
    return result;
}

#define FOLDER_NAME "virglcmd-record-XXXXXX"

/* The names of the sockets have to fit their address. False: stderr has been told why. */
static bool make_folder(char *folder, size_t capacity)
{
    const char *parent = getenv("TMPDIR");

    if (!parent || parent[0] == '\0' || strlen(parent) + sizeof("/" FOLDER_NAME "/server") > 108)
        parent = "/tmp";
    snprintf(folder, capacity, "%s/" FOLDER_NAME, parent);
    if (mkdtemp(folder))
        return true;
    fprintf(stderr, "record: cannot make a folder in %s: %s\n", parent, strerror(errno));
    return false;
}

int record_run(const struct record_options *options)
{
    char folder[108], server_path[sizeof(folder) + 16], proxy_path[sizeof(folder) + 16];
    pid_t server = 0;
    int result = RECORD_FAILED;

    if (!make_folder(folder, sizeof(folder)))
        return RECORD_FAILED;
    snprintf(server_path, sizeof(server_path), "%s/server", folder);
    snprintf(proxy_path, sizeof(proxy_path), "%s/proxy", folder);
    if (!options->server_socket)
        server = record_server_start(options, server_path);
    if (server >= 0)
        result = run_with_proxy(
            options, options->server_socket ? options->server_socket : server_path, proxy_path);
    record_server_stop(server);
    unlink(server_path);
    rmdir(folder);
    return result;
}
