/* SPDX-License-Identifier: MIT */
#ifndef VCMD_WRITER_H
#define VCMD_WRITER_H

#include "../core/memory.h"
#include <stdint.h>
#include <virglcmd/print.h>

/* Text on its way to a callback, which gets it in larger pieces. */
struct vcmd_writer {
    vcmd_text_fn text;
    void *user;
    size_t used;
    char piece[128];
};

void vcmd_write_flush(struct vcmd_writer *w);

static inline void vcmd_write_char(struct vcmd_writer *w, char c)
{
    if (w->used == sizeof(w->piece))
        vcmd_write_flush(w);
    w->piece[w->used++] = c;
}

void vcmd_write_text(struct vcmd_writer *w, const char *text);
void vcmd_write_number(struct vcmd_writer *w, uint64_t value);
void vcmd_write_signed(struct vcmd_writer *w, int64_t value);
void vcmd_write_hex(struct vcmd_writer *w, uint64_t value);

/* "text with \n and \x00". */
void vcmd_write_string(struct vcmd_writer *w, const uint8_t *text, size_t size);

/* Pairs of hexadecimal digits. */
void vcmd_write_bytes(struct vcmd_writer *w, const uint8_t *bytes, size_t size);

/* One value of a field, or all of its text. */
void vcmd_write_value(struct vcmd_writer *w, const struct vcmd_field *field, size_t i);

#endif
