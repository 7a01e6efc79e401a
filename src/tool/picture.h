/* SPDX-License-Identifier: MIT */
#ifndef TOOL_PICTURE_H
#define TOOL_PICTURE_H

#include <stdbool.h>
#include <virglcmd/replay.h>

/* Writes a PNG, whole or not at all; "-" is standard output. On failure says why. */
bool tool_write_png(const struct vcmd_replay_picture *picture, const char *path);

#endif
