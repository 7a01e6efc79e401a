/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <virglcmd/transport.h>

#define KEY_BYTES   32
#define VALUE_BYTES 256

/* Copies [from, end) and a NUL; false when that does not fit. */
static bool copy_part(char *to, size_t capacity, const char *from, const char *end)
{
    size_t length = (size_t)(end - from);

    if (length >= capacity)
        return false;
    memcpy(to, from, length);
    to[length] = '\0';
    return true;
}

static enum vcmd_status
parse_item(const char *item, const char *end,
           enum vcmd_status (*fn)(void *user, const char *key, const char *value), void *user)
{
    char key[KEY_BYTES];
    char value[VALUE_BYTES];
    const char *equals = memchr(item, '=', (size_t)(end - item));
    const char *key_end = equals ? equals : end;

    if (key_end == item || !copy_part(key, sizeof(key), item, key_end))
        return VCMD_STATUS_INVALID_OPTION;
    if (!copy_part(value, sizeof(value), equals ? equals + 1 : end, end))
        return VCMD_STATUS_INVALID_OPTION;
    return fn(user, key, value);
}

enum vcmd_status vcmd_options_parse(const char *options,
                                    enum vcmd_status (*fn)(void *user, const char *key,
                                                           const char *value),
                                    void *user)
{
    const char *item = options;

    if (!fn)
        return VCMD_STATUS_NULL_ARGUMENT;
    if (!options || options[0] == '\0')
        return VCMD_STATUS_OK;
    for (;;) {
        const char *comma = strchr(item, ',');
        const char *end = comma ? comma : item + strlen(item);
        enum vcmd_status status = parse_item(item, end, fn, user);

        if (status != VCMD_STATUS_OK || !comma)
            return status;
        item = comma + 1;
    }
}
