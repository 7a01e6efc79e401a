/* SPDX-License-Identifier: MIT */
#ifndef TESTS_MESA_NODE_SCENES_H
#define TESTS_MESA_NODE_SCENES_H

#include <stdbool.h>

/* What one capture is of. Each returns whether Mesa did what it was asked for; else a line. */
bool draw_plain(int fd);
bool ask_memory(int fd);
bool draw_blob(int fd);
bool draw_import(int fd);
bool draw_samples(int fd);
bool decode_video(int fd);

#endif
