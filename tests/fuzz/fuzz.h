/* SPDX-License-Identifier: MIT */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <virglcmd.h>

/* The fuzzers are built from the amalgamation, with clang's libFuzzer and sanitizers. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_CHECK(condition)                                                                      \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            (void)fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                  \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

struct fuzz_text {
    char *at;
    size_t length, capacity;
};

static inline void fuzz_add(void *user, const char *text, size_t length)
{
    struct fuzz_text *t = (struct fuzz_text *)user;

    if (t->length + length > t->capacity) {
        t->capacity = 2 * (t->length + length);
        t->at = (char *)realloc(t->at, t->capacity);
        FUZZ_CHECK(t->at != NULL);
    }
    memcpy(t->at + t->length, text, length);
    t->length += length;
}

/* A stream as text and back is the stream. */
static inline void fuzz_identity(const uint32_t *dwords, size_t count, unsigned int flags)
{
    struct fuzz_text text = {NULL, 0, 0};
    uint32_t *back = (uint32_t *)malloc((count + 8) * 4);
    struct vcmd_buffer buf;

    FUZZ_CHECK(back != NULL);
    vcmd_print_stream(dwords, count, flags, fuzz_add, &text);
    vcmd_buffer_init(&buf, back, count + 8, 0);
    FUZZ_CHECK(vcmd_assemble(&buf, text.at, text.length, NULL) == VCMD_STATUS_OK);
    FUZZ_CHECK(buf.length == count && memcmp(back, dwords, 4 * count) == 0);
    free(back);
    free(text.at);
}

#endif
