/* SPDX-License-Identifier: MIT */
#include "support.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_LINES 256

struct line {
    enum vcmd_log_level level;
    enum vcmd_status code;
    char text[1024];
};

static struct {
    pthread_mutex_t mutex;
    struct line lines[MAX_LINES]; /* the first ones */
    size_t num_lines;
    size_t num_errors;
    const char *broken; /* a promise of the header that a line has broken */
} state = {.mutex = PTHREAD_MUTEX_INITIALIZER};

/* ---- keeping ---- */

static const char *find_fault(enum vcmd_log_level level, enum vcmd_status code, const char *text)
{
    if (!text || text[0] == '\0')
        return "a line without text";
    if (strchr(text, '\n') || strchr(text, '\r'))
        return "a line feed inside a line";
    if (strlen(text) > 1023)
        return "a line of more than 1023 bytes";
    if (level != VCMD_LOG_ERROR && level != VCMD_LOG_WARNING && level != VCMD_LOG_INFO)
        return "an unknown level";
    if ((level == VCMD_LOG_ERROR) != (code != VCMD_STATUS_OK))
        return "an error without code, or a code without error";
    return NULL;
}

void log_keep(void *user, enum vcmd_log_level level, enum vcmd_status code, const char *text)
{
    const char *fault = find_fault(level, code, text);

    (void)user;
    pthread_mutex_lock(&state.mutex);
    if (fault)
        state.broken = fault;
    if (!fault && state.num_lines < MAX_LINES) {
        struct line *line = &state.lines[state.num_lines];

        line->level = level;
        line->code = code;
        snprintf(line->text, sizeof(line->text), "%s", text);
    }
    state.num_lines++;
    if (level == VCMD_LOG_ERROR)
        state.num_errors++;
    pthread_mutex_unlock(&state.mutex);
}

void log_forget(void)
{
    pthread_mutex_lock(&state.mutex);
    state.num_lines = 0;
    state.num_errors = 0;
    pthread_mutex_unlock(&state.mutex);
}

size_t log_lines(void)
{
    size_t count;

    pthread_mutex_lock(&state.mutex);
    count = state.num_lines;
    pthread_mutex_unlock(&state.mutex);
    return count;
}

size_t log_errors(void)
{
    size_t count;

    pthread_mutex_lock(&state.mutex);
    count = state.num_errors;
    pthread_mutex_unlock(&state.mutex);
    return count;
}

static size_t kept(void)
{
    return state.num_lines < MAX_LINES ? state.num_lines : MAX_LINES;
}

bool log_has(enum vcmd_log_level level, enum vcmd_status code, const char *part)
{
    bool found = false;

    pthread_mutex_lock(&state.mutex);
    for (size_t i = 0; i < kept() && !found; i++) {
        const struct line *line = &state.lines[i];

        found = line->level == level && line->code == code && strstr(line->text, part) != NULL;
    }
    pthread_mutex_unlock(&state.mutex);
    return found;
}

/* ---- checks ---- */

static void complain(const char *call, const char *what, const char *file, int line)
{
    print_error("%s: %s; the log:\n", call, what);
    for (size_t i = 0; i < kept(); i++)
        print_error("    level %d, code %d: %s\n", (int)state.lines[i].level,
                    (int)state.lines[i].code, state.lines[i].text);
    _fail(file, line);
}

static void check_status(enum vcmd_status status, enum vcmd_status wanted, const char *call,
                         const char *file, int line)
{
    char text[96];

    if (state.broken)
        complain(call, state.broken, file, line);
    if (status == wanted)
        return;
    snprintf(text, sizeof(text), "the status is %d, not %d", (int)status, (int)wanted);
    complain(call, text, file, line);
}

void check_refused(enum vcmd_status status, enum vcmd_status wanted, const char *part,
                   const char *call, const char *file, int line)
{
    check_status(status, wanted, call, file, line);
    if (!log_has(VCMD_LOG_ERROR, wanted, part))
        complain(call, part, file, line);
    for (size_t i = 0; i < kept(); i++) {
        if (state.lines[i].level == VCMD_LOG_ERROR && state.lines[i].code != wanted)
            complain(call, "an error has another code than the call", file, line);
    }
}

void check_silent(enum vcmd_status status, enum vcmd_status wanted, const char *call,
                  const char *file, int line)
{
    check_status(status, wanted, call, file, line);
    if (log_lines() != 0)
        complain(call, "there are lines where none is expected", file, line);
}

void check_ok(enum vcmd_status status, const char *call, const char *file, int line)
{
    check_status(status, VCMD_STATUS_OK, call, file, line);
    if (log_errors() != 0)
        complain(call, "it succeeds, and the log has errors", file, line);
}

/* ---- odds and ends ---- */

uint32_t next_random(uint32_t *random)
{
    *random = *random * 1664525u + 1013904223u;
    return *random >> 8;
}

void fill_bytes(void *memory, size_t size, uint32_t seed)
{
    uint8_t *bytes = memory;

    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)next_random(&seed);
}

static void permute(size_t *order, size_t first, size_t count,
                    void (*fn)(const size_t *order, size_t count))
{
    if (first == count) {
        fn(order, count);
        return;
    }
    for (size_t i = first; i < count; i++) {
        size_t moved = order[i];

        order[i] = order[first];
        order[first] = moved;
        permute(order, first + 1, count, fn);
        order[first] = order[i];
        order[i] = moved;
    }
}

void for_each_order(size_t count, void (*fn)(const size_t *order, size_t count))
{
    size_t order[8];

    assert_true(count <= ARRAY_SIZE(order));
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    permute(order, 0, count, fn);
}
