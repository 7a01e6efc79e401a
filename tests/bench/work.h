/* SPDX-License-Identifier: MIT */
#ifndef BENCH_WORK_H
#define BENCH_WORK_H

#include <virglcmd/virglcmd.h>

/*
 * A writer of the usual shape: each dword goes through a counter in a struct behind a pointer, and
 * each command is a function of its own. It checks nothing but the room.
 */
struct counter_buffer {
    unsigned int cdw;
    uint32_t *buf;
};

struct counter_writer {
    struct counter_buffer *cbuf;
    unsigned int capacity;
};

/*
 * The rows of bench_encode: pieces of a frame, each written in three ways that must give the same
 * dwords. n makes the arguments of each round different, as they are in a driver.
 */
struct work {
    const char *name;
    void (*plain)(struct vcmd_buffer *buf, uint32_t n);   /* the encoders */
    void (*inlined)(struct vcmd_buffer *buf, uint32_t n); /* the inline encoders; NULL: none */
    void (*counter)(struct counter_writer *w, uint32_t n);
};

/* 256 constants, and 4 KiB to write inline. */
extern const uint32_t work_constants[256];
extern const uint8_t work_bytes[4096];

extern const struct work works[];
extern const size_t num_works;

#endif
