/* SPDX-License-Identifier: MIT */

/* mesa_on_node SCENE FILE.vcap: records what Mesa's driver for DRM sends. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <virglcmd/enums.h>

#include "node.h"
#include "scenes.h"

static const struct scene {
    const char *name;
    bool (*run)(int fd);
    struct node_claims claims;
} scenes[] = {
    {"tweaks", draw_plain, {0}},
    {"memory-info", ask_memory, {.capability_bits_v2 = VCMD_CAP_V2_MEMINFO}},
    {"blob", draw_blob, {.blobs = true}},
    {"import", draw_import, {0}},
    {"samples", draw_samples, {.capability_bits_v2 = VCMD_CAP_V2_IMPLICIT_MSAA}},
    {"video", decode_video, {.video = true}},
};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 3 && i < sizeof(scenes) / sizeof(scenes[0]); i++) {
        bool good;

        if (strcmp(argv[1], scenes[i].name) != 0)
            continue;
        good = scenes[i].run(node_open(argv[2], &scenes[i].claims));
        good = node_close() && good;
        return good ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    fprintf(stderr, "usage: %s tweaks|memory-info|blob|import|samples|video FILE.vcap\n", argv[0]);
    return 2;
}
