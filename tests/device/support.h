/* SPDX-License-Identifier: MIT */
#ifndef TESTS_DEVICE_SUPPORT_H
#define TESTS_DEVICE_SUPPORT_H

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>
#include <virglcmd/device.h>
#include <virglcmd/transport.h>
#include <virglcmd/virglcmd.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/*
 * What devices say is kept, from any thread. Each line is checked on arrival for what the header
 * promises of every line: it is one line, it is not empty, its level exists, and only an error has
 * a code.
 */
void log_keep(void *user, enum vcmd_log_level level, enum vcmd_status code, const char *text);
void log_forget(void);
size_t log_lines(void);
size_t log_errors(void);

/* A line of that level and code with that part in its text. */
bool log_has(enum vcmd_log_level level, enum vcmd_status code, const char *part);

/* The call fails with wanted, and each error in the log is about that; one has part in its text. */
#define assert_refused(call, wanted, part)                                                         \
    (log_forget(), check_refused((call), (wanted), (part), #call, __FILE__, __LINE__))

/* The call answers wanted without a line in the log. */
#define assert_silent(call, wanted)                                                                \
    (log_forget(), check_silent((call), (wanted), #call, __FILE__, __LINE__))

/* The call succeeds without an error in the log. */
#define assert_ok(call) (log_forget(), check_ok((call), #call, __FILE__, __LINE__))

void check_refused(enum vcmd_status status, enum vcmd_status wanted, const char *part,
                   const char *call, const char *file, int line);
void check_silent(enum vcmd_status status, enum vcmd_status wanted, const char *call,
                  const char *file, int line);
void check_ok(enum vcmd_status status, const char *call, const char *file, int line);

/* A number that is the same on every machine and in every run. */
uint32_t next_random(uint32_t *random);

/* Fills memory with bytes that depend on seed and place. */
void fill_bytes(void *memory, size_t size, uint32_t seed);

/*
 * Calls fn with every order of 0 to count - 1; count at most 8. order is fn's to read only.
 */
void for_each_order(size_t count, void (*fn)(const size_t *order, size_t count));

#endif
