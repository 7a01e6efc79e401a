/* SPDX-License-Identifier: MIT */
#include "capset.h"

#include "report.h"
#include <string.h>

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
    if (size > sizeof(capset->bytes)) {
        tool_error("%s: a capset of %zu bytes; at most %zu are known", where, size,
                   sizeof(capset->bytes));
        return false;
    }
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
            good = keep(capset, found->id, found->bytes, found->size, path);
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

bool tool_capset_of_file(struct tool_capset *capset, const struct tool_command *command,
                         const char *path)
{
    char *place = (char *)(uintptr_t)path;
    struct tool_bytes bytes;
    bool is_capture, good;

    /* A pipe can be read once: there it is a capture. */
    if (strcmp(path, "-") == 0)
        return of_capture(capset, command, place);
    if (!tool_read_file(path, &bytes))
        return false;
    is_capture = tool_is_capture(&bytes);
    good = is_capture || keep(capset, 0, bytes.data ? bytes.data : "", bytes.size, path);
    tool_free_bytes(&bytes);
    if (is_capture)
        return of_capture(capset, command, place);
    return good && tool_capset_decode(capset, path);
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
