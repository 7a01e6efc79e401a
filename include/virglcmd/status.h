/* SPDX-License-Identifier: MIT */
#ifndef VIRGLCMD_STATUS_H
#define VIRGLCMD_STATUS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * What every function of the library answers. Zero is success; a number keeps its meaning forever.
 * vcmd_status_string() has a sentence for each.
 */
enum vcmd_status {
    VCMD_STATUS_OK = 0,

    /* The caller's arguments. Nothing was written or sent. */
    VCMD_STATUS_NULL_ARGUMENT = 1,  /* a required pointer is NULL */
    VCMD_STATUS_OUT_OF_RANGE = 2,   /* a number is outside the range that its field allows */
    VCMD_STATUS_UNKNOWN_VALUE = 3,  /* a number that its enumeration does not have */
    VCMD_STATUS_RESERVED_BITS = 4,  /* flags that the protocol does not define are set */
    VCMD_STATUS_TOO_MANY = 5,       /* more elements than the protocol allows */
    VCMD_STATUS_TOO_FEW = 6,        /* fewer elements than the host accepts */
    VCMD_STATUS_TOO_LONG = 7,       /* a payload over 65535 dwords, or text over its limit */
    VCMD_STATUS_INVALID_OPTION = 8, /* an options string that the transport does not understand */

    /* Memory that the caller gave. */
    VCMD_STATUS_BUFFER_FULL = 16, /* the packet does not fit into the rest of the buffer */
    VCMD_STATUS_TRUNCATED = 17,   /* the input ends too early: bytes that must be there are not */
    VCMD_STATUS_MALFORMED = 18,   /* the input contradicts itself or the protocol */

    /* Devices. */
    VCMD_STATUS_NO_MEMORY = 32,         /* the system has no memory left */
    VCMD_STATUS_UNKNOWN_TRANSPORT = 33, /* no transport of that name is linked in */
    VCMD_STATUS_NO_DEVICE = 34,         /* no such device, or one without 3D */
    VCMD_STATUS_BUSY = 35,              /* somebody else uses what can be used only once */
    VCMD_STATUS_UNSUPPORTED = 36,       /* the device or transport does not offer it */
    VCMD_STATUS_TIMEOUT = 37,           /* the time was over before the fence was reached */
    VCMD_STATUS_DEVICE_CLOSED = 38,     /* the device of this object has been closed */
    VCMD_STATUS_DEVICE_LOST = 39,       /* the transport broke; the device is of no further use */
    VCMD_STATUS_WRONG_DEVICE = 40,      /* objects of two devices in one call */
    VCMD_STATUS_NOT_ATTACHED = 41,      /* the resource is not attached to this context */
    VCMD_STATUS_REFUSED = 42,           /* the device's checker found faults: nothing was sent */
    VCMD_STATUS_NO_PERMISSION = 43,     /* the system does not let this user at the device */

    /* What the host answered. The names follow VIRTIO_GPU_RESP_ERR_*. */
    VCMD_STATUS_HOST_UNSPEC = 64,
    VCMD_STATUS_HOST_OUT_OF_MEMORY = 65,
    VCMD_STATUS_HOST_INVALID_SCANOUT_ID = 66,
    VCMD_STATUS_HOST_INVALID_RESOURCE_ID = 67,
    VCMD_STATUS_HOST_INVALID_CONTEXT_ID = 68,
    VCMD_STATUS_HOST_INVALID_PARAMETER = 69,
    VCMD_STATUS_HOST_BAD_RESPONSE = 70, /* an answer of a wrong type or size */

    /* Files. Where the C library says why, it is in errno. */
    VCMD_STATUS_FILE_NOT_OPENED = 80, /* the file cannot be opened */
    VCMD_STATUS_FILE_FAILED = 81      /* it was opened, and reading or writing it failed */
};

/*
 * A sentence, in English, without a full stop. Never NULL: an unknown number gets a sentence that
 * says so. The text is static.
 */
const char *vcmd_status_string(enum vcmd_status status);

/*
 * Where and why something was refused. All pointers are to static text; NULL or 0 when there is
 * nothing to say.
 */
struct vcmd_error {
    enum vcmd_status status;
    const char *command; /* the command or structure, in the protocol's words: "DRAW_VBO" */
    const char *field;   /* the field in it, in the words of the argument struct: "mode" */
    size_t index;        /* which element, when the field is in an array; else 0 */
    uint64_t value;      /* the value that was refused */
    uint64_t limit;      /* the largest (or smallest, or exact) value allowed there */
    size_t offset;       /* dword of the field: 0 is a packet's header, or the first of a control
                            command */
};

/*
 * Writes one line about an error into text, always with a final NUL when capacity is not 0:
 * "DRAW_VBO: mode (dword 3) is 99: a number that its enumeration does not have; the largest is 14".
 * Returns the length of the whole line without the NUL, as snprintf does.
 */
size_t vcmd_error_format(const struct vcmd_error *error, char *text, size_t capacity);

#ifdef __cplusplus
}
#endif

#endif
