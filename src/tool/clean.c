/* SPDX-License-Identifier: MIT */
#include "clean.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

size_t tool_utf8_length(const unsigned char *text, size_t left)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = text[0] < 0x80 ? 1 : text[0] < 0xc0 ? 0 : text[0] < 0xe0 ? 2 : 3;
    uint32_t value;

    if (text[0] >= 0xf0)
        length = text[0] < 0xf8 ? 4 : 0;
    if (length <= 1 || length > left)
        return length == 1;
    value = text[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (text[i] & 0x3f);
    }
    if (value < least[length] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        return 0;
    return length;
}

/* One of ASCII, or of the second set, U+0080 to U+009F, which some terminals obey, too. */
static bool is_control(const unsigned char *text, size_t length)
{
    return (length == 1 && (text[0] < 0x20 || text[0] == 0x7f)) ||
           (length == 2 && text[0] == 0xc2 && text[1] < 0xa0);
}

void tool_clean(const char *text, size_t size, char *out, size_t capacity)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t written = 0;

    for (size_t i = 0, taken; i < size && capacity > 0; i += taken) {
        size_t length = tool_utf8_length(bytes + i, size - i);
        bool shown = length > 0 && !is_control(bytes + i, length);

        taken = shown ? length : 1;
        if (written + (shown ? length : 4) >= capacity)
            break;
        if (shown)
            memcpy(out + written, bytes + i, length);
        else
            snprintf(out + written, 5, "\\x%02x", bytes[i]);
        written += shown ? length : 4;
    }
    if (capacity > 0)
        out[written] = '\0';
}
