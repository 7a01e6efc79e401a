/* SPDX-License-Identifier: MIT */
#include "check_private.h"

/* Text being written: keeps counting when the memory is full. */
struct writer {
    char *text;
    size_t capacity, length;
};

static void put_char(struct writer *w, char c)
{
    if (w->length + 1 < w->capacity)
        w->text[w->length] = c;
    w->length++;
}

static void put(struct writer *w, const char *text)
{
    while (*text != '\0')
        put_char(w, *text++);
}

static void put_number(struct writer *w, uint64_t value)
{
    char digits[20];
    size_t count = 0;

    do {
        digits[count++] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    while (count > 0)
        put_char(w, digits[--count]);
}

/* Negative values arrive as large ones: show them as they were. */
static void put_value(struct writer *w, uint64_t value)
{
    if (value >> 63 != 0) {
        put_char(w, '-');
        value = ~value + 1;
    }
    put_number(w, value);
}

static void put_hex(struct writer *w, uint64_t value)
{
    bool started = false;

    put(w, "0x");
    for (int shift = 60; shift >= 0; shift -= 4) {
        uint32_t digit = (uint32_t)(value >> shift) & 0xf;

        if (digit == 0 && !started && shift > 0)
            continue;
        started = true;
        put_char(w, (char)(digit < 10 ? '0' + digit : 'a' + digit - 10));
    }
}

static void put_where(struct writer *w, const struct vcmd_diagnostic *d)
{
    if (d->context_id != 0) {
        put(w, "context ");
        put_number(w, d->context_id);
        if (d->sub_ctx_id != 0) {
            put_char(w, '/');
            put_number(w, d->sub_ctx_id);
        }
        put(w, ", ");
    }
    if (d->packet == VCMD_NO_PACKET)
        return;
    put(w, "packet ");
    put_number(w, d->packet);
    put(w, " at dword ");
    put_number(w, d->offset);
    put(w, ", ");
    put(w, d->command ? d->command : "unknown command");
    put(w, ": ");
}

/* "buffers[3].res_handle": the index belongs behind the first word. */
static void put_field(struct writer *w, const struct vcmd_diagnostic *d)
{
    const char *name = d->field;
    bool indexed = !d->has_index;

    for (; *name != '\0'; name++) {
        if (*name == '.' && !indexed) {
            put_char(w, '[');
            put_number(w, d->index);
            put_char(w, ']');
            indexed = true;
        }
        put_char(w, *name);
    }
    if (!indexed) {
        put_char(w, '[');
        put_number(w, d->index);
        put_char(w, ']');
    }
}

/* Bits say more in hexadecimal. */
static bool is_bits(uint32_t code)
{
    return code == VCMD_DIAGNOSTIC_RESERVED_BITS || code == VCMD_DIAGNOSTIC_FLAGS_UNKNOWN ||
           code == VCMD_DIAGNOSTIC_FLOAT_INVALID || code == VCMD_DIAGNOSTIC_CLEAR_ATTACHMENT;
}

static void put_limit(struct writer *w, const struct vcmd_diagnostic *d)
{
    static const char *const words[] = {"", "at most ", "at least ", "exactly "};

    if (d->limit_kind == VCMD_LIMIT_NONE || d->limit_kind > VCMD_LIMIT_EXACT)
        return;
    put(w, "; ");
    if (is_bits(d->code)) {
        put(w, "all bits: ");
        put_hex(w, d->limit);
        return;
    }
    put(w, words[d->limit_kind]);
    put_value(w, d->limit);
}

static void put_what(struct writer *w, const struct vcmd_diagnostic *d,
                     const struct vcmd_diagnostic_info *info)
{
    if (d->field) {
        put_field(w, d);
        put(w, d->dword != 0 ? " (dword " : "");
        if (d->dword != 0) {
            put_number(w, d->dword);
            put_char(w, ')');
        }
        put(w, " is ");
        if (is_bits(d->code))
            put_hex(w, d->value);
        else
            put_value(w, d->value);
        put(w, ": ");
    } else if (d->object != 0) {
        put(w, "object ");
        put_number(w, d->object);
        put(w, ": ");
    } else if (d->resource != 0) {
        put(w, "resource ");
        put_number(w, d->resource);
        put(w, ": ");
    }
    put(w, info ? info->title : "an unknown fault");
    put_limit(w, d);
}

size_t vcmd_diagnostic_format(const struct vcmd_diagnostic *diagnostic,
                              enum vcmd_diagnostic_text form, char *text, size_t capacity)
{
    struct writer w = {text, text ? capacity : 0, 0};

    if (diagnostic) {
        const struct vcmd_diagnostic_info *info = vcmd_diagnostic_info(diagnostic->code);

        put_where(&w, diagnostic);
        put_what(&w, diagnostic, info);
        put(&w, " [");
        put_number(&w, diagnostic->code);
        put_char(&w, ' ');
        put(&w, info ? info->name : "?");
        put(&w, ", ");
        put(&w, vcmd_severity_string(diagnostic->severity));
        put_char(&w, ']');
        if (form == VCMD_DIAGNOSTIC_FULL && info) {
            put(&w, "\n  rule: ");
            put(&w, info->rule);
            put(&w, "\n  host: ");
            put(&w, info->host);
            put(&w, "\n  do:   ");
            put(&w, info->fix);
        }
    }
    if (text && w.capacity != 0)
        text[w.length < w.capacity ? w.length : w.capacity - 1] = '\0';
    return w.length;
}
