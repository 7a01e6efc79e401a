/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <virglrenderer.h>

#include "renderer_log.h"

/* A rejected shader is printed in full, twice. What does not fit is counted. */
#define KEPT_BYTES 65536

/* What virglrenderer says when it stops executing anything for a context, for ever. */
#define CONTEXT_ERROR "context error reported"

static struct {
    const struct vcmd_log *log;
    virgl_debug_callback_type previous;
    char *text;
    size_t length;
    size_t lost;
    bool context_error;
} state;

static void on_debug(const char *format, va_list args)
{
    char *start = state.text + state.length;
    size_t space = KEPT_BYTES - state.length;
    int written;

    if (!state.text)
        return;
    written = vsnprintf(start, space, format, args);
    if (written < 0)
        return;
    if ((size_t)written < space) {
        state.length += (size_t)written;
    } else {
        state.lost += (size_t)written - (space - 1);
        state.length = KEPT_BYTES - 1;
    }
    /* The format as well: it is there whole when the text does not fit. */
    if (strstr(format, CONTEXT_ERROR) || strstr(start, CONTEXT_ERROR))
        state.context_error = true;
}

bool renderer_log_install(const struct vcmd_log *log)
{
    state.text = malloc(KEPT_BYTES);
    if (!state.text)
        return false;
    state.text[0] = '\0';
    state.log = log;
    state.length = 0;
    state.lost = 0;
    state.context_error = false;
    state.previous = virgl_set_debug_callback(on_debug);
    return true;
}

void renderer_log_uninstall(void)
{
    virgl_set_debug_callback(state.previous);
    free(state.text);
    state.text = NULL;
    state.log = NULL;
}

bool renderer_log_saw_context_error(void)
{
    return state.context_error;
}

void renderer_log_flush(enum vcmd_log_level level, enum vcmd_status code)
{
    char *line = state.text;

    while (line && *line) {
        char *end = strchr(line, '\n');

        if (end)
            *end = '\0';
        if (*line)
            vcmd_log(state.log, level, code, "virglrenderer: %s", line);
        line = end ? end + 1 : NULL;
    }
    if (state.lost > 0)
        vcmd_log(state.log, level, code, "virglrenderer: %zu more bytes of text were dropped",
                 state.lost);
    if (state.text)
        state.text[0] = '\0';
    state.length = 0;
    state.lost = 0;
    state.context_error = false;
}
