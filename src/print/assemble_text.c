/* SPDX-License-Identifier: MIT */
#include "assemble_text.h"

#include "../core/line.h"

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '.' || c == '-' || c == '+';
}

bool vcmd_scan_fail(const struct vcmd_scanner *s, size_t at, size_t length, enum vcmd_status status,
                    const char *expected, const char *name)
{
    struct vcmd_text_error *error = s->error;

    error->status = status;
    error->expected = expected;
    error->name = name;
    error->line = error->column = 1;
    error->found = s->text + at;
    error->found_length = length;
    for (size_t i = 0; i < at; i++) {
        error->column++;
        if (s->text[i] == '\n') {
            error->line++;
            error->column = 1;
        }
    }
    return false;
}

void vcmd_scan_space(struct vcmd_scanner *s)
{
    while (s->at < s->length) {
        if (s->text[s->at] == '#') {
            while (s->at < s->length && s->text[s->at] != '\n')
                s->at++;
        } else if (is_space(s->text[s->at])) {
            s->at++;
        } else {
            return;
        }
    }
}

bool vcmd_scan_take(struct vcmd_scanner *s, char c)
{
    if (s->at == s->length || s->text[s->at] != c)
        return false;
    s->at++;
    return true;
}

size_t vcmd_scan_word(struct vcmd_scanner *s, const char **word)
{
    size_t start = s->at;

    *word = s->text + start;
    while (s->at < s->length && is_word(s->text[s->at]))
        s->at++;
    return s->at - start;
}

/* Length of what is next. */
static size_t peek(const struct vcmd_scanner *s)
{
    struct vcmd_scanner ahead = *s;
    const char *word;
    size_t length = vcmd_scan_word(&ahead, &word);

    return length != 0 || s->at == s->length ? length : 1;
}

bool vcmd_fail_here(const struct vcmd_scanner *s, enum vcmd_status status, const char *expected,
                    const char *name)
{
    return vcmd_scan_fail(s, s->at, peek(s), status, expected, name);
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool vcmd_number_of(const char *word, size_t length, uint64_t *value)
{
    bool hex = length > 2 && word[0] == '0' && (word[1] == 'x' || word[1] == 'X');
    uint64_t base = hex ? 16 : 10, most = hex ? UINT64_MAX / 16 : UINT64_MAX / 10 - 1;

    *value = 0;
    for (size_t i = hex ? 2 : 0; i < length; i++) {
        int digit = digit_of(word[i]);

        if (digit < 0 || (!hex && digit > 9) || *value > most)
            return false;
        *value = *value * base + (uint64_t)digit;
    }
    return length != 0;
}

/* Two digits, or nothing. */
static bool take_byte(struct vcmd_scanner *s, uint8_t *byte)
{
    int high, low;

    if (s->length - s->at < 2)
        return false;
    high = digit_of(s->text[s->at]);
    low = digit_of(s->text[s->at + 1]);
    if (high < 0 || low < 0)
        return false;
    s->at += 2;
    *byte = (uint8_t)(high << 4 | low);
    return true;
}

static bool take_escape(struct vcmd_scanner *s, uint8_t *byte)
{
    static const char letters[] = "nt\"\\0", values[] = "\n\t\"\\";

    if (vcmd_scan_take(s, 'x'))
        return take_byte(s, byte);
    for (size_t i = 0; i < sizeof(letters) - 1; i++) {
        if (vcmd_scan_take(s, letters[i])) {
            *byte = (uint8_t)values[i];
            return true;
        }
    }
    return false;
}

static void put(uint8_t *to, size_t *size, uint8_t byte)
{
    if (to != NULL)
        to[*size] = byte;
    ++*size;
}

static bool scan_text(struct vcmd_scanner *s, const char *field, uint8_t *to, size_t *size)
{
    size_t start = s->at - 1;
    uint8_t byte;

    while (s->at < s->length && s->text[s->at] != '"') {
        byte = (uint8_t)s->text[s->at++];
        if (byte == '\\' && !take_escape(s, &byte))
            return vcmd_scan_fail(s, s->at - 1, 1, VCMD_STATUS_MALFORMED,
                                  "\\n, \\t, \\0, \\\", \\\\ or \\x and two digits in", field);
        put(to, size, byte);
    }
    if (!vcmd_scan_take(s, '"'))
        return vcmd_scan_fail(s, start, 1, VCMD_STATUS_MALFORMED, "a second quote for", field);
    return true;
}

static bool scan_hex(struct vcmd_scanner *s, const char *field, uint8_t *to, size_t *size)
{
    uint8_t byte;

    for (;;) {
        vcmd_scan_space(s);
        if (vcmd_scan_take(s, '"'))
            return true;
        if (!take_byte(s, &byte))
            return vcmd_fail_here(s, VCMD_STATUS_MALFORMED,
                                  "pairs of hexadecimal digits and a quote in", field);
        put(to, size, byte);
    }
}

bool vcmd_scan_bytes(struct vcmd_scanner *s, const char *field, uint8_t *to, size_t *size)
{
    bool hex = vcmd_scan_take(s, 'x');

    *size = 0;
    if (!vcmd_scan_take(s, '"'))
        return vcmd_fail_here(s, VCMD_STATUS_MALFORMED,
                              "text in quotes or x\"hexadecimal digits\" for", field);
    return hex ? scan_hex(s, field, to, size) : scan_text(s, field, to, size);
}

bool vcmd_same_word(const char *word, size_t length, const char *name)
{
    for (size_t i = 0; i < length; i++) {
        if (name[i] == '\0' || name[i] != word[i])
            return false;
    }
    return name[length] == '\0';
}

/* Of the text of others only what a terminal shows, up to a NUL. */
static void put_found(struct vcmd_line *line, const char *text, size_t length)
{
    for (size_t i = 0; i < length && text[i] != '\0'; i++) {
        char c = text[i];

        if (c < ' ' || c > '~')
            c = '?';
        vcmd_line_char(line, c);
    }
}

size_t vcmd_text_error_format(const struct vcmd_text_error *error, char *text, size_t capacity)
{
    struct vcmd_line line = {text, capacity, 0};

    if (error->status == VCMD_STATUS_OK) {
        vcmd_line_text(&line, vcmd_status_string(VCMD_STATUS_OK));
        return vcmd_line_end(&line);
    }
    vcmd_line_number(&line, error->line);
    vcmd_line_char(&line, ':');
    vcmd_line_number(&line, error->column);
    vcmd_line_text(&line, ": expected ");
    vcmd_line_text(&line, error->expected);
    if (error->name != NULL) {
        vcmd_line_char(&line, ' ');
        vcmd_line_text(&line, error->name);
    }
    vcmd_line_text(&line, ", found ");
    if (error->found_length != 0)
        put_found(&line, error->found, error->found_length < 60 ? error->found_length : 60);
    else
        vcmd_line_text(&line, "the end of the text");
    return vcmd_line_end(&line);
}
