/* SPDX-License-Identifier: MIT */
#ifndef TOOL_PACKETS_H
#define TOOL_PACKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One packet of a stream as it lies there, header first. */
struct tool_packet {
    const uint32_t *dwords;
    size_t size;     /* dwords, header included; those that are left when the stream is cut off */
    size_t index;    /* number of the packet in its stream */
    size_t position; /* dword of the header */
    bool cut_off;
    uint32_t header;
};

/* Goes through a stream; starts zeroed but for dwords and length. */
struct tool_packets {
    const uint32_t *dwords;
    size_t length;
    size_t position;
    size_t index;
};

/* A dword as a number; in streams they are in the byte order of the wire. */
uint32_t tool_dword(const uint32_t *dword);

bool tool_packets_next(struct tool_packets *stream, struct tool_packet *packet);

/*
 * "DRAW_VBO", "CREATE_OBJECT.BLEND"; for numbers without a name "#200". text holds at least
 * TOOL_PACKET_NAME bytes.
 */
#define TOOL_PACKET_NAME 64u
const char *tool_packet_name(uint32_t header, char *text);

#endif
