/* SPDX-License-Identifier: MIT */
/* A driver's use of the core: encodes two packets and says what is in them. */
#ifdef AMALGAMATION
#include "virglcmd.h"
#else
#include <virglcmd/virglcmd.h>
#endif
#include <stdio.h>
#include <string.h>

int main(void)
{
    /* By hand, from virglrenderer's virgl_protocol.h: SET_STENCIL_REF is opcode 13 with one dword,
       SET_BLEND_COLOR is 14 with four; 1.0f is 0x3f800000. */
    static const unsigned char expected[] = {
        13,   0,    1, 0, /* header */
        0x34, 0x12, 0, 0, /* front, back */
        14,   0,    4, 0, /* header */
        0,    0,    0, 0, 0, 0, 0x80, 0x3f, 0, 0, 0, 0, 0, 0, 0x80, 0x3f,
    };
    struct vcmd_set_stencil_ref stencil = {0};
    struct vcmd_set_blend_color blend = {0};
    struct vcmd_buffer buf;
    uint32_t memory[16];

    stencil.front = 0x34;
    stencil.back = 0x12;
    blend.color[1] = 1;
    blend.color[3] = 1;
    vcmd_buffer_init(&buf, memory, 16, 0);
    vcmd_set_stencil_ref(&buf, &stencil);
    vcmd_set_blend_color(&buf, &blend);
    if (buf.error.status != VCMD_STATUS_OK || buf.length * 4 != sizeof(expected) ||
        memcmp(vcmd_buffer_stream(&buf), expected, sizeof(expected)) != 0) {
        fprintf(stderr, "wrong bytes: %s\n", vcmd_status_string(buf.error.status));
        return 1;
    }
    if (vcmd_version() != VCMD_VERSION_NUMBER) {
        fprintf(stderr, "headers of version %d, library of version %u\n", VCMD_VERSION_NUMBER,
                vcmd_version());
        return 1;
    }
    printf("core %s\n", VCMD_VERSION_STRING);
    return 0;
}
