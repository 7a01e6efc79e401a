/* SPDX-License-Identifier: MIT */
#include "line.h"
#include <virglcmd/status.h>

static const char *const sentences[] = {
    [VCMD_STATUS_OK] = "success",
    [VCMD_STATUS_NULL_ARGUMENT] = "a required pointer is NULL",
    [VCMD_STATUS_OUT_OF_RANGE] = "a number is outside the range that its field allows",
    [VCMD_STATUS_UNKNOWN_VALUE] = "a number that its enumeration does not have",
    [VCMD_STATUS_RESERVED_BITS] = "bits that the protocol does not define are set",
    [VCMD_STATUS_TOO_MANY] = "more elements than the protocol allows",
    [VCMD_STATUS_TOO_FEW] = "fewer elements than the host accepts",
    [VCMD_STATUS_TOO_LONG] = "longer than a packet can be",
    [VCMD_STATUS_INVALID_OPTION] = "an option that the transport does not understand",
    [VCMD_STATUS_BUFFER_FULL] = "the buffer has no room for it",
    [VCMD_STATUS_TRUNCATED] = "fewer bytes than there must be",
    [VCMD_STATUS_MALFORMED] = "the input contradicts itself or the protocol",
    [VCMD_STATUS_NO_MEMORY] = "the system has no memory left",
    [VCMD_STATUS_UNKNOWN_TRANSPORT] = "no transport of that name is linked in",
    [VCMD_STATUS_NO_DEVICE] = "there is no such device, or it has no 3D",
    [VCMD_STATUS_BUSY] = "somebody else uses what can be used only once",
    [VCMD_STATUS_UNSUPPORTED] = "the device or transport does not offer it",
    [VCMD_STATUS_TIMEOUT] = "the time was over before the fence was reached",
    [VCMD_STATUS_DEVICE_CLOSED] = "the device of this object has been closed",
    [VCMD_STATUS_DEVICE_LOST] = "the transport broke, the device is of no further use",
    [VCMD_STATUS_WRONG_DEVICE] = "the objects belong to different devices",
    [VCMD_STATUS_NOT_ATTACHED] = "the resource is not attached to the context",
    [VCMD_STATUS_REFUSED] = "the check found faults in the stream, and it was not sent",
    [VCMD_STATUS_NO_PERMISSION] = "the system does not let this user at the device",
    [VCMD_STATUS_HOST_UNSPEC] = "the host refused without giving a reason",
    [VCMD_STATUS_HOST_OUT_OF_MEMORY] = "the host has no memory left",
    [VCMD_STATUS_HOST_INVALID_SCANOUT_ID] = "the host does not know the scanout",
    [VCMD_STATUS_HOST_INVALID_RESOURCE_ID] =
        "the host does not know the resource, or knows it already",
    [VCMD_STATUS_HOST_INVALID_CONTEXT_ID] =
        "the host does not know the context, or knows it already",
    [VCMD_STATUS_HOST_INVALID_PARAMETER] = "the host refused an argument",
    [VCMD_STATUS_HOST_BAD_RESPONSE] = "the host's answer has a wrong type or size",
    [VCMD_STATUS_FILE_NOT_OPENED] = "the file cannot be opened",
    [VCMD_STATUS_FILE_FAILED] = "reading or writing the file failed",
};

const char *vcmd_status_string(enum vcmd_status status)
{
    size_t row = (size_t)status;

    if (row >= sizeof(sentences) / sizeof(sentences[0]) || sentences[row] == NULL)
        return "an unknown status number";
    return sentences[row];
}

/* What the limit of an error means, or NULL when it says nothing. */
static const char *limit_text(const struct vcmd_error *error)
{
    switch (error->status) {
    case VCMD_STATUS_OUT_OF_RANGE:
        return (int64_t)error->value > (int64_t)error->limit ? "at most " : "at least ";
    case VCMD_STATUS_UNKNOWN_VALUE:
        return error->limit != 0 ? "the largest is " : NULL;
    case VCMD_STATUS_TOO_MANY:
    case VCMD_STATUS_TOO_LONG:
        return "at most ";
    case VCMD_STATUS_TOO_FEW:
    case VCMD_STATUS_TRUNCATED:
        return error->limit != 0 ? "at least " : NULL;
    case VCMD_STATUS_MALFORMED:
        return error->limit != 0 ? "there is room for " : NULL;
    case VCMD_STATUS_BUFFER_FULL:
        return "dwords left: ";
    default:
        return NULL;
    }
}

static void put_place(struct vcmd_line *line, const struct vcmd_error *error)
{
    vcmd_line_text(line, error->field);
    if (error->index != 0)
        vcmd_line_index(line, error->index);
    if (error->offset != 0) {
        vcmd_line_text(line, " (dword ");
        vcmd_line_number(line, error->offset);
        vcmd_line_char(line, ')');
    }
}

size_t vcmd_error_format(const struct vcmd_error *error, char *text, size_t capacity)
{
    struct vcmd_line line = {text, text != NULL ? capacity : 0, 0};
    const char *limit;

    if (error == NULL)
        return vcmd_line_end(&line);
    if (error->command != NULL) {
        vcmd_line_text(&line, error->command);
        vcmd_line_text(&line, ": ");
    }
    if (error->field != NULL) {
        put_place(&line, error);
        if (error->status != VCMD_STATUS_NULL_ARGUMENT) {
            vcmd_line_text(&line, " is ");
            vcmd_line_value(&line, error->value);
        }
        vcmd_line_text(&line, ": ");
    } else if (error->status == VCMD_STATUS_BUFFER_FULL) {
        vcmd_line_number(&line, error->value);
        vcmd_line_text(&line, " dwords: ");
    }
    vcmd_line_text(&line, vcmd_status_string(error->status));
    limit = limit_text(error);
    if (limit != NULL) {
        vcmd_line_text(&line, "; ");
        vcmd_line_text(&line, limit);
        vcmd_line_value(&line, error->limit);
    }
    return vcmd_line_end(&line);
}
