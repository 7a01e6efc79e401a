/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <virglcmd/transport.h>

#define LINE_BYTES 1024

/* The callback is promised one line: hosts and shader compilers like to answer with several. */
static void make_one_line(char *text)
{
    size_t length = strlen(text);

    while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r'))
        text[--length] = '\0';
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\n' || text[i] == '\r')
            text[i] = ' ';
    }
}

void vcmd_log(const struct vcmd_log *log, enum vcmd_log_level level, enum vcmd_status code,
              const char *format, ...)
{
    char text[LINE_BYTES];
    va_list args;
    int written;

    if (!log || !log->fn || !format)
        return;
    va_start(args, format);
    written = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (written < 0)
        return;
    make_one_line(text);
    log->fn(log->user, level, code, text);
}
