/* SPDX-License-Identifier: MIT */
#include "../core/line.h"
#include "check_private.h"

static void put_where(struct vcmd_line *w, const struct vcmd_diagnostic *d)
{
    if (d->context_id != 0) {
        vcmd_line_text(w, "context ");
        vcmd_line_number(w, d->context_id);
        if (d->sub_ctx_id != 0) {
            vcmd_line_char(w, '/');
            vcmd_line_number(w, d->sub_ctx_id);
        }
        vcmd_line_text(w, ", ");
    }
    if (d->packet == VCMD_NO_PACKET)
        return;
    vcmd_line_text(w, "packet ");
    vcmd_line_number(w, d->packet);
    vcmd_line_text(w, " at dword ");
    vcmd_line_number(w, d->offset);
    vcmd_line_text(w, ", ");
    vcmd_line_text(w, d->command ? d->command : "unknown command");
    vcmd_line_text(w, ": ");
}

/* Bits say more in hexadecimal. */
static bool is_bits(uint32_t code)
{
    return code == VCMD_DIAGNOSTIC_RESERVED_BITS || code == VCMD_DIAGNOSTIC_FLAGS_UNKNOWN ||
           code == VCMD_DIAGNOSTIC_FLOAT_INVALID || code == VCMD_DIAGNOSTIC_CLEAR_ATTACHMENT;
}

static void put_limit(struct vcmd_line *w, const struct vcmd_diagnostic *d)
{
    static const char *const words[] = {"", "at most ", "at least ", "exactly ", "at most "};

    if (d->limit_kind == VCMD_LIMIT_NONE || d->limit_kind > VCMD_LIMIT_END)
        return;
    vcmd_line_text(w, "; ");
    if (is_bits(d->code)) {
        vcmd_line_text(w, "all bits: ");
        vcmd_line_hex(w, d->limit);
        return;
    }
    vcmd_line_text(w, words[d->limit_kind]);
    vcmd_line_value(w, d->limit);
}

static void put_what(struct vcmd_line *w, const struct vcmd_diagnostic *d,
                     const struct vcmd_diagnostic_info *info)
{
    if (d->field) {
        if (d->has_index)
            vcmd_line_element(w, d->field, d->index);
        else
            vcmd_line_text(w, d->field);
        vcmd_line_text(w, d->dword != 0 ? " (dword " : "");
        if (d->dword != 0) {
            vcmd_line_number(w, d->dword);
            vcmd_line_char(w, ')');
        }
        vcmd_line_text(w, d->limit_kind == VCMD_LIMIT_END ? " reaches to " : " is ");
        if (is_bits(d->code))
            vcmd_line_hex(w, d->value);
        else
            vcmd_line_value(w, d->value);
        vcmd_line_text(w, ": ");
    } else if (d->object != 0) {
        vcmd_line_text(w, "object ");
        vcmd_line_number(w, d->object);
        vcmd_line_text(w, ": ");
    } else if (d->resource != 0) {
        vcmd_line_text(w, "resource ");
        vcmd_line_number(w, d->resource);
        vcmd_line_text(w, ": ");
    }
    vcmd_line_text(w, info ? info->title : "an unknown fault");
    put_limit(w, d);
}

size_t vcmd_diagnostic_format(const struct vcmd_diagnostic *diagnostic,
                              enum vcmd_diagnostic_text form, char *text, size_t capacity)
{
    struct vcmd_line w = {text, text ? capacity : 0, 0};

    if (diagnostic) {
        const struct vcmd_diagnostic_info *info = vcmd_diagnostic_info(diagnostic->code);

        put_where(&w, diagnostic);
        put_what(&w, diagnostic, info);
        vcmd_line_text(&w, " [");
        vcmd_line_number(&w, diagnostic->code);
        vcmd_line_char(&w, ' ');
        vcmd_line_text(&w, info ? info->name : "?");
        vcmd_line_text(&w, ", ");
        vcmd_line_text(&w, vcmd_severity_string(diagnostic->severity));
        vcmd_line_char(&w, ']');
        if (form == VCMD_DIAGNOSTIC_FULL && info) {
            vcmd_line_text(&w, "\n  rule: ");
            vcmd_line_text(&w, info->rule);
            vcmd_line_text(&w, "\n  host: ");
            vcmd_line_text(&w, info->host);
            vcmd_line_text(&w, "\n  do:   ");
            vcmd_line_text(&w, info->fix);
        }
    }
    return vcmd_line_end(&w);
}
