/* SPDX-License-Identifier: MIT */
#include "capset.h"

#include "report.h"
#include <inttypes.h>
#include <string.h>

bool tool_capset_fits(size_t size, const char *where)
{
    if (size <= TOOL_CAPSET_BYTES)
        return true;
    tool_error("%s: a capset of %zu bytes; at most %u are known", where, size, TOOL_CAPSET_BYTES);
    return false;
}

bool tool_capset_decode(struct tool_capset *capset, const char *where)
{
    enum vcmd_status status = vcmd_caps_decode(&capset->caps, capset->bytes, capset->size);

    if (status == VCMD_STATUS_OK)
        return true;
    tool_error("%s: %zu bytes are no capset: %s; one of VIRGL has 308 bytes, one of VIRGL2 more",
               where, capset->size, vcmd_status_string(status));
    return false;
}

static bool keep(struct tool_capset *capset, uint32_t id, const void *bytes, size_t size,
                 const char *where)
{
    if (size == 0) {
        tool_error("%s: byte 0: the %s is empty", where, id ? "capset" : "file");
        return false;
    }
    if (!tool_capset_fits(size, where))
        return false;
    capset->id = id;
    capset->size = size;
    memcpy(capset->bytes, bytes, size);
    return true;
}

static bool is_better(const struct tool_capset *capset, uint32_t id)
{
    return (id == VCMD_CTRL_CAPSET_VIRGL && capset->id == 0) || id == VCMD_CTRL_CAPSET_VIRGL2;
}

static bool of_capture(struct tool_capset *capset, const struct tool_command *command, char *path)
{
    struct tool_input input;
    struct tool_item item;
    enum tool_next next = TOOL_NEXT_END;
    bool good = true;

    capset->id = 0;
    if (!tool_input_begin(&input, command, 1, &path, false))
        return false;
    /* What is behind the best one is not looked at. */
    while (good && capset->id != VCMD_CTRL_CAPSET_VIRGL2 &&
           (next = tool_input_next(&input, &item)) == TOOL_NEXT_ITEM) {
        const struct vcmd_capture_capset *found = &item.record->u.capset;

        if (item.record->type == VCMD_CAPTURE_CAPSET && is_better(capset, found->id))
            good = keep(capset, found->id, found->bytes, found->size, tool_file_name(path));
    }
    tool_input_end(&input);
    if (!good || (next == TOOL_NEXT_TROUBLE && capset->id == 0))
        return false;
    if (capset->id == 0) {
        tool_error("%s: there is no capset of VIRGL or VIRGL2 in this capture",
                   tool_file_name(path));
        return false;
    }
    return tool_capset_decode(capset, tool_file_name(path));
}

/* Nearly any bytes can be decoded; the version in front is what tells a capset from others. */
static bool decode_bytes(struct tool_capset *capset, const char *where)
{
    if (!tool_capset_decode(capset, where))
        return false;
    if (capset->caps.max_version == 1 || capset->caps.max_version == 2)
        return true;
    tool_error("%s: byte 0: this is no capset: its version would be %" PRIu32 ", and there are 1 "
               "and 2",
               where, capset->caps.max_version);
    return false;
}

static bool of_bytes(struct tool_capset *capset, const struct tool_bytes *bytes, const char *where)
{
    return keep(capset, 0, bytes->data ? bytes->data : "", bytes->size, where) &&
           decode_bytes(capset, where);
}

/* A pipe can be read once: its first byte tells, a capset begins with its version. */
static bool capture_on_stdin(void)
{
    int first = getc(stdin);

    ungetc(first, stdin);
    return first == 0x89;
}

bool tool_capset_of_file(struct tool_capset *capset, const struct tool_command *command,
                         const char *path)
{
    bool is_stdin = strcmp(path, "-") == 0, good;
    char *place = (char *)(uintptr_t)path;
    struct tool_bytes bytes;

    if (is_stdin && capture_on_stdin())
        return of_capture(capset, command, place);
    if (!tool_read_file(path, &bytes))
        return false;
    if (!is_stdin && tool_is_capture(&bytes)) {
        tool_free_bytes(&bytes);
        return of_capture(capset, command, place);
    }
    good = of_bytes(capset, &bytes, tool_file_name(path));
    tool_free_bytes(&bytes);
    return good;
}

bool tool_capset_of_device(struct tool_capset *capset, const struct tool_command *command,
                           const struct tool_device_options *options)
{
    struct vcmd_device *device = tool_open_device(command->name, options);
    enum vcmd_status status;

    if (!device)
        return false;
    capset->id = VCMD_CTRL_CAPSET_VIRGL2;
    status = vcmd_device_get_capset(device, capset->id, capset->bytes, sizeof(capset->bytes),
                                    &capset->size);
    if (status == VCMD_STATUS_UNSUPPORTED) {
        capset->id = VCMD_CTRL_CAPSET_VIRGL;
        status = vcmd_device_get_capset(device, capset->id, capset->bytes, sizeof(capset->bytes),
                                        &capset->size);
    }
    if (status != VCMD_STATUS_OK)
        tool_error("%s: the capset of %s cannot be had: %s", command->name,
                   vcmd_device_transport_name(device), vcmd_status_string(status));
    vcmd_device_close(device);
    return status == VCMD_STATUS_OK && tool_capset_decode(capset, command->name);
}
