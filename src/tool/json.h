/* SPDX-License-Identifier: MIT */
#ifndef TOOL_JSON_H
#define TOOL_JSON_H

#include "input.h"
#include "packets.h"
#include <stdio.h>

/*
 * One packet as one line of JSON. Words of enumerations are strings, flags lists of them; numbers
 * stand where there is no word. Floats that are not finite are the strings that the assembler
 * takes. Data is a string of hexadecimal digits. Reserved bits, filling and dwords behind the end
 * that are not zero are in "overrides". Returns false when the packet cannot be decoded; the line
 * says so in "error", and has the packet, its header first, in "dwords".
 */
bool tool_json_packet(FILE *file, const struct tool_item *item, const struct tool_packet *packet);

/* A string with its quotes; bytes that are not UTF-8 appear as U+0080 to U+00FF. */
void tool_json_string(FILE *file, const void *bytes, size_t size);

#endif
