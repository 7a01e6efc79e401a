/* SPDX-License-Identifier: MIT */
#ifndef TEST_DECODED_H
#define TEST_DECODED_H

#include <stddef.h>
#include <stdint.h>

/*
 * What the golden tests encode, read back: their sources are compiled a second time, with these
 * macros in place of those that encode. The dwords and the structs come from independent facts.
 */

/* All that must hold for a packet. encode is the name of its encoder, args its arguments. */
void decoded_packet(const char *encode, const void *args, size_t size, const uint32_t *expected,
                    size_t count);

/* The same for a control request or response. */
void decoded_control(const char *encode, const uint8_t *expected, size_t size);

#define GOLDEN(encode, args, expected)                                                             \
    decoded_packet(#encode, &(args), sizeof(args), expected, COUNT(expected))

#define GOLDEN_BYTES(encode, args, expected)                                                       \
    do {                                                                                           \
        (void)(args);                                                                              \
        decoded_control(#encode, expected, COUNT(expected));                                       \
    } while (0)

#endif
