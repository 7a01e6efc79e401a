/* SPDX-License-Identifier: MIT */
#include "packets.h"

#include <stdio.h>
#include <virglcmd/decode.h>

uint32_t tool_dword(const uint32_t *dword)
{
    const unsigned char *bytes = (const unsigned char *)dword;

    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

bool tool_packets_next(struct tool_packets *stream, struct tool_packet *packet)
{
    size_t left = stream->length - stream->position;

    if (left == 0)
        return false;
    packet->dwords = stream->dwords + stream->position;
    packet->header = tool_dword(packet->dwords);
    packet->size = (size_t)(packet->header >> 16) + 1;
    packet->cut_off = packet->size > left;
    if (packet->cut_off)
        packet->size = left;
    packet->index = stream->index++;
    packet->position = stream->position;
    stream->position += packet->size;
    return true;
}

static bool has_objects(uint32_t opcode)
{
    return opcode == VCMD_CCMD_CREATE_OBJECT || opcode == VCMD_CCMD_BIND_OBJECT ||
           opcode == VCMD_CCMD_DESTROY_OBJECT;
}

const char *tool_packet_name(uint32_t header, char *text)
{
    uint32_t opcode = header & 0xff, object = header >> 8 & 0xff;
    const char *name = vcmd_enum_name(VCMD_ENUM_CCMD, opcode);
    const char *kind = vcmd_enum_name(VCMD_ENUM_OBJECT_TYPE, object);

    if (!name)
        snprintf(text, TOOL_PACKET_NAME, "#%u", opcode);
    else if (!has_objects(opcode))
        snprintf(text, TOOL_PACKET_NAME, "%s", name);
    else if (kind)
        snprintf(text, TOOL_PACKET_NAME, "%s.%s", name, kind);
    else
        snprintf(text, TOOL_PACKET_NAME, "%s.#%u", name, object);
    return text;
}
