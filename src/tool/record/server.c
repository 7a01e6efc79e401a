/* SPDX-License-Identifier: MIT */
/* Processes and signals: not in plain C11 */
#define _GNU_SOURCE

#include "server.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "signals.h"
#include "socket.h"

#define DEFAULT_SERVER "virgl_test_server"
#define START_NS       30000000000ull
#define NAP_NS         10000000

/* In the child: only what is safe between fork and exec. */
static void exec_server(const struct record_options *options, char *const *argv, int report)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    /* A group of its own: Ctrl-C is for the program, and the end is for all its children. */
    (void)setpgid(0, 0);
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    /* This process may ignore it; a server is not to inherit that. */
    (void)signal(SIGPIPE, SIG_DFL);
    if (null >= 0) {
        (void)dup2(null, 0);
        (void)dup2(options->verbose ? 2 : null, 1);
        if (!options->verbose)
            (void)dup2(null, 2);
    }
    (void)execvp(argv[0], argv);
    (void)!write(report, &errno, sizeof(errno));
    _exit(127);
}

/* What exec failed with; 0: it did not. */
static int exec_error(int report)
{
    int error = 0;
    ssize_t got;

    do {
        got = read(report, &error, sizeof(error));
    } while (got < 0 && errno == EINTR);
    return got == (ssize_t)sizeof(error) ? error : 0;
}

static pid_t spawn(const struct record_options *options, char *const *argv)
{
    int report[2], error;
    pid_t pid;

    if (pipe2(report, O_CLOEXEC) != 0) {
        fprintf(stderr, "virglcmd: record: no pipe: %s\n", strerror(errno));
        return -1;
    }
    pid = fork();
    if (pid == 0)
        exec_server(options, argv, report[1]);
    error = pid < 0 ? errno : 0;
    close(report[1]);
    if (pid > 0)
        error = exec_error(report[0]);
    close(report[0]);
    if (error == 0)
        return pid;
    if (pid > 0)
        waitpid(pid, NULL, 0);
    fprintf(stderr,
            "virglcmd: record: cannot start %s: %s; it is in Debian's package virgl-server\n",
            argv[0], strerror(error));
    return -1;
}

/* A visit does not hurt: the server sees a client that says nothing. */
static bool listens(const char *path)
{
    int fd;

    if (vtest_connect(path, &fd, vtest_deadline(0)) != VCMD_STATUS_OK)
        return false;
    close(fd);
    return true;
}

pid_t record_server_start(const struct record_options *options, const char *socket_path)
{
    const char *program = options->server_program ? options->server_program : DEFAULT_SERVER;
    const struct timespec nap = {0, NAP_NS};
    uint64_t end = vtest_deadline(START_NS);
    char socket_option[VTEST_PATH_BYTES + 32];
    char *argv[] = {(char *)(uintptr_t)program, (char *)(uintptr_t) "--use-egl-surfaceless",
                    socket_option, options->gles ? (char *)(uintptr_t) "--use-gles" : NULL, NULL};
    pid_t server;

    snprintf(socket_option, sizeof(socket_option), "--socket-path=%s", socket_path);
    server = spawn(options, argv);
    while (server > 0 && !record_signals_came() && !listens(socket_path)) {
        bool ended = waitpid(server, NULL, WNOHANG) == server;

        if (ended || vtest_now_ns() > end) {
            fprintf(stderr, "virglcmd: record: %s %s; let it say why with --verbose\n", program,
                    ended ? "has ended at once" : "does not listen");
            if (!ended)
                record_server_stop(server);
            return -1;
        }
        nanosleep(&nap, NULL);
    }
    return server;
}

void record_server_stop(pid_t server)
{
    if (server <= 0)
        return;
    (void)kill(-server, SIGKILL); /* its clients are gone; it has nothing to put in order */
    while (waitpid(server, NULL, 0) < 0 && errno == EINTR)
        continue;
}
