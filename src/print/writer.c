/* SPDX-License-Identifier: MIT */
#include "writer.h"

#include "../core/line.h"

static const char hex_digits[] = "0123456789abcdef";

void vcmd_write_flush(struct vcmd_writer *w)
{
    if (w->used != 0)
        w->text(w->user, w->piece, w->used);
    w->used = 0;
}

void vcmd_write_text(struct vcmd_writer *w, const char *text)
{
    while (*text != '\0')
        vcmd_write_char(w, *text++);
}

void vcmd_write_hex(struct vcmd_writer *w, uint64_t value)
{
    char text[VCMD_HEX];
    size_t length = vcmd_hex(text, value);

    for (size_t i = 0; i < length; i++)
        vcmd_write_char(w, text[i]);
}

void vcmd_write_number(struct vcmd_writer *w, uint64_t value)
{
    char digits[VCMD_DIGITS];
    size_t count;

    /* Larger ones say more in hexadecimal. */
    if (value > UINT32_MAX) {
        vcmd_write_hex(w, value);
        return;
    }
    count = vcmd_digits(digits, value);
    for (size_t i = 0; i < count; i++)
        vcmd_write_char(w, digits[i]);
}

void vcmd_write_signed(struct vcmd_writer *w, int64_t value)
{
    if (value < 0)
        vcmd_write_char(w, '-');
    vcmd_write_number(w, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void vcmd_write_string(struct vcmd_writer *w, const uint8_t *text, size_t size)
{
    vcmd_write_char(w, '"');
    for (size_t i = 0; i < size; i++) {
        char c = (char)text[i];

        if (c == '\n') {
            vcmd_write_text(w, "\\n");
        } else if (c == '"' || c == '\\') {
            vcmd_write_char(w, '\\');
            vcmd_write_char(w, c);
        } else if (text[i] >= 0x20 && text[i] < 0x7f) {
            vcmd_write_char(w, c);
        } else {
            vcmd_write_text(w, "\\x");
            vcmd_write_char(w, hex_digits[text[i] >> 4]);
            vcmd_write_char(w, hex_digits[text[i] & 15]);
        }
    }
    vcmd_write_char(w, '"');
}

void vcmd_write_bytes(struct vcmd_writer *w, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        vcmd_write_char(w, hex_digits[bytes[i] >> 4]);
        vcmd_write_char(w, hex_digits[bytes[i] & 15]);
    }
}
