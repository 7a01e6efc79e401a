/* SPDX-License-Identifier: MIT */
#ifndef PARITY_TEXTS_H
#define PARITY_TEXTS_H

#include <stdint.h>

/* The smallest TGSI text of a stage (enum vcmd_shader_type) that is a whole program. */
const char *parity_shader_text(uint32_t stage);

#endif
