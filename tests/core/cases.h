/* SPDX-License-Identifier: MIT */
#ifndef TEST_CASES_H
#define TEST_CASES_H

#include "support.h"

/*
 * Tables of what the encoders must refuse. Each encoder has arguments that are good; each refusal
 * changes one field of them. The bounds are those of the protocol: widths of fields, the numbers
 * of an enumeration, counts and slots for which the host rejects the submit.
 */

struct encoder {
    const char *command; /* as errors call it */
    enum vcmd_status (*encode)(struct vcmd_buffer *buf, const void *args);
    const void *args; /* good ones */
    size_t dwords;    /* of the packet that they make, header included */
};

struct refusal {
    const struct encoder *encoder;
    void *field; /* in the good arguments, or in what they point to */
    size_t size;
    uint64_t value;    /* what is refused */
    uint64_t reported; /* what the error gives as the value */
    enum vcmd_status status;
    const char *name; /* of the field, as the error calls it */
    size_t index;
    uint64_t limit;
    size_t dword;    /* place of the field in the packet; 0 is the header */
    bool has_accept; /* the nearest good value: */
    uint64_t accept;
};

struct case_group {
    const struct encoder *const *encoders;
    size_t num_encoders;
    const struct refusal *refusals;
    size_t num_refusals;
};

extern const struct case_group state_cases, object_cases, draw_cases, transfer_cases, context_cases;

/* A function of one type for an encoder, and its entry: encoder_NAME. */
#define ENCODER(name, command, args, dwords)                                                       \
    static enum vcmd_status call_##name(struct vcmd_buffer *buf, const void *a)                    \
    {                                                                                              \
        return vcmd_##name(buf, a);                                                                \
    }                                                                                              \
    static const struct encoder encoder_##name = {command, call_##name, &(args), dwords}

#define REFUSE_AS(encoder, lvalue, value, reported, status, name, index, limit, dword, accept)     \
    {                                                                                              \
        &encoder_##encoder, &(lvalue), sizeof(lvalue), (uint64_t)(value), (uint64_t)(reported),    \
            VCMD_STATUS_##status, name, index, (uint64_t)(limit), dword, true, (uint64_t)(accept)  \
    }
#define REFUSE(encoder, lvalue, value, status, name, index, limit, dword, accept)                  \
    REFUSE_AS(encoder, lvalue, value, value, status, name, index, limit, dword, accept)

/* One more than the largest number that the field takes. */
#define ABOVE(encoder, lvalue, max, name, dword)                                                   \
    REFUSE(encoder, lvalue, (max) + 1, OUT_OF_RANGE, name, 0, max, dword, max)
#define ABOVE_AT(encoder, lvalue, max, name, index, dword)                                         \
    REFUSE(encoder, lvalue, (max) + 1, OUT_OF_RANGE, name, index, max, dword, max)

/* One more than the largest number of the enumeration. */
#define UNKNOWN(encoder, lvalue, max, name, dword)                                                 \
    REFUSE(encoder, lvalue, (max) + 1, UNKNOWN_VALUE, name, 0, max, dword, max)
#define UNKNOWN_AT(encoder, lvalue, max, name, index, dword)                                       \
    REFUSE(encoder, lvalue, (max) + 1, UNKNOWN_VALUE, name, index, max, dword, max)

/* A number in a gap of the enumeration. */
#define GAP(encoder, lvalue, value, max, name, index, dword, accept)                               \
    REFUSE(encoder, lvalue, value, UNKNOWN_VALUE, name, index, max, dword, accept)

/* Formats: 73 is a gap, 481 the last. */
#define FORMAT(encoder, lvalue, name, index, dword)                                                \
    GAP(encoder, lvalue, 73, 481, name, index, dword, 72),                                         \
        GAP(encoder, lvalue, 482, 481, name, index, dword, 481),                                   \
        GAP(encoder, lvalue, 0xffffffffu, 481, name, index, dword, 1)

/* The lowest bit that no flag has; mask is all that have one. */
#define RESERVED(encoder, lvalue, bit, mask, name, index, dword)                                   \
    REFUSE(encoder, lvalue, (mask) | (bit), RESERVED_BITS, name, index, mask, dword, mask)

#define ZERO(encoder, lvalue, name, dword)                                                         \
    REFUSE(encoder, lvalue, 0, OUT_OF_RANGE, name, 0, 1, dword, 1)

#define TOO_MANY(encoder, lvalue, max, name, dword)                                                \
    REFUSE(encoder, lvalue, (max) + 1, TOO_MANY, name, 0, max, dword, max),                        \
        REFUSE(encoder, lvalue, 0xffffffffu, TOO_MANY, name, 0, max, dword, max)

#define NEGATIVE(encoder, lvalue, name, dword)                                                     \
    REFUSE(encoder, lvalue, -1, OUT_OF_RANGE, name, 0, 0, dword, 0),                               \
        REFUSE(encoder, lvalue, INT32_MIN, OUT_OF_RANGE, name, 0, 0, dword, INT32_MAX)

#define BOX(encoder, box, name, dword)                                                             \
    NEGATIVE(encoder, (box).x, name ".x", dword),                                                  \
        NEGATIVE(encoder, (box).y, name ".y", (dword) + 1),                                        \
        NEGATIVE(encoder, (box).z, name ".z", (dword) + 2),                                        \
        NEGATIVE(encoder, (box).w, name ".w", (dword) + 3),                                        \
        NEGATIVE(encoder, (box).h, name ".h", (dword) + 4),                                        \
        NEGATIVE(encoder, (box).d, name ".d", (dword) + 5)

/* A pointer that is NULL although its count is not 0. */
#define NULL_POINTER(encoder, lvalue, name, dword)                                                 \
    {                                                                                              \
        &encoder_##encoder, &(lvalue), sizeof(lvalue), 0, 0, VCMD_STATUS_NULL_ARGUMENT, name, 0,   \
            0, dword, false, 0                                                                     \
    }

/* Slots: the good arguments have two elements, so the last slot to start from is slots - 2. */
#define SLOTS(encoder, args, slots, dword)                                                         \
    ABOVE(encoder, (args).start_slot, (slots)-2, "start_slot", dword),                             \
        REFUSE(encoder, (args).start_slot, 0xffffffffu, OUT_OF_RANGE, "start_slot", 0, (slots)-2,  \
               dword, 0)

#endif
