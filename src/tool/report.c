/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "report.h"

#include "clean.h"
#include "command.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Bytes of the longest error; what is longer is cut. */
#define MAX_ERROR 8192u

/* The one thing that is of the whole process: what stands on the terminal's last line. */
static struct {
    int terminal; /* 0: not asked yet, 1: stderr is one, -1: it is not */
    bool visible;
    double last;
} progress;

void tool_error(const char *format, ...)
{
    char text[MAX_ERROR], clean[MAX_ERROR];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    tool_clean(text, strlen(text), clean, sizeof(clean));
    tool_progress_end();
    fflush(stdout);
    fprintf(stderr, "virglcmd: %s\n", clean);
}

void tool_output_begin(void)
{
    struct sigaction ignore;

    /* A file opened for reading in place of stdout: writing to it fails, as it should. */
    for (int fd = 0; fd < 3; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) < 0)
            _exit(TOOL_TROUBLE);
    }
    memset(&ignore, 0, sizeof(ignore));
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &ignore, NULL);
}

/* Why the first write failed that was noticed. */
static int output_errno;

bool tool_output_lost(void)
{
    if (!ferror(stdout))
        return false;
    if (!output_errno)
        output_errno = errno;
    return true;
}

/* errno is of the last call that failed, not of the first: ask the pipe itself. */
static bool reader_is_gone(void)
{
    struct pollfd output = {.fd = STDOUT_FILENO, .events = POLLOUT};

    return poll(&output, 1, 0) > 0 && (output.revents & (POLLERR | POLLHUP)) != 0;
}

int tool_output_end(int result)
{
    static bool said;

    tool_progress_end();
    errno = 0;
    if ((fflush(stdout) == 0 && !ferror(stdout)) || errno == EPIPE || reader_is_gone())
        return result;
    if (errno)
        output_errno = errno;
    if (!said)
        tool_error("standard output: cannot be written (%s); the output is incomplete",
                   output_errno ? strerror(output_errno) : "an earlier write failed");
    said = true;
    return TOOL_TROUBLE;
}

void tool_print_text(void *user, const char *text, size_t length)
{
    fwrite(text, 1, length, user ? user : stdout);
}

double tool_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

void tool_progress(const char *what, uint64_t done, uint64_t total, const char *unit)
{
    double now;

    if (progress.terminal == 0)
        progress.terminal = isatty(STDERR_FILENO) ? 1 : -1;
    if (progress.terminal < 0)
        return;
    now = tool_seconds();
    if (progress.last == 0)
        progress.last = now;
    if (now - progress.last < 0.5)
        return;
    progress.last = now;
    progress.visible = true;
    if (total)
        fprintf(stderr, "\r%s: %.0f %%\033[K", what, 100.0 * (double)done / (double)total);
    else
        fprintf(stderr, "\r%s: %" PRIu64 " %s\033[K", what, done, unit);
}

void tool_progress_end(void)
{
    if (progress.visible)
        fputs("\r\033[K", stderr);
    progress.visible = false;
}
