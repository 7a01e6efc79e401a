/* SPDX-License-Identifier: MIT */
/* The headers and the library from C++11: the bytes of one packet, and an error as a sentence. */
#ifdef AMALGAMATION
#include "virglcmd.h"
#else
#include <virglcmd/virglcmd.h>
#endif
#include <cstdio>
#include <cstring>

int main()
{
    /* SET_STENCIL_REF, as in core.c. */
    static const unsigned char expected[] = {13, 0, 1, 0, 0x34, 0x12, 0, 0};
    struct vcmd_set_stencil_ref stencil = {};
    uint32_t memory[2];
    vcmd_buffer buf;

    stencil.front = 0x34;
    stencil.back = 0x12;
    vcmd_buffer_init(&buf, memory, 2, 0);
    if (vcmd_set_stencil_ref(&buf, &stencil) != VCMD_STATUS_OK ||
        std::memcmp(vcmd_buffer_stream(&buf), expected, sizeof(expected)) != 0) {
        std::fprintf(stderr, "wrong bytes: %s\n", vcmd_status_string(buf.error.status));
        return 1;
    }
    if (vcmd_set_stencil_ref(&buf, &stencil) != VCMD_STATUS_BUFFER_FULL || buf.length != 2) {
        std::fprintf(stderr, "a packet went into a full buffer\n");
        return 1;
    }
    std::printf("C++ core %s\n", VCMD_VERSION_STRING);
    return 0;
}
