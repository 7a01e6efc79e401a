/* SPDX-License-Identifier: MIT */
/* A driver that a loader opens, with the static library inside. It shows its entry point only. */
#include <virglcmd/virglcmd.h>

unsigned int plugin_entry(void);

unsigned int plugin_entry(void)
{
    uint32_t memory[8];
    struct vcmd_buffer buf;

    vcmd_buffer_init(&buf, memory, 8, 0);
    vcmd_bind_blend(&buf, &(const struct vcmd_bind_blend){.handle = 1});
    return buf.error.status == VCMD_STATUS_OK ? vcmd_version() : 0;
}
