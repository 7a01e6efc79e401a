/* SPDX-License-Identifier: MIT */
/*
 * The one function that takes a float by value. Alone in its file, so that a kernel whose compiler
 * refuses floating-point arguments can leave it out.
 */
#include "wire.h"
#include <virglcmd/buffer.h>

uint32_t vcmd_float_bits(float value)
{
    return vcmd_bits_of_float(&value);
}
