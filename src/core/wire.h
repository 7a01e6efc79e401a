/* SPDX-License-Identifier: MIT */
#ifndef VCMD_WIRE_H
#define VCMD_WIRE_H

#include "memory.h"
#include <stddef.h>
#include <stdint.h>

/*
 * Values between the machine and the wire, which is little-endian. Bytes are put together one by
 * one where alignment is unknown; compilers make single loads and stores of it.
 */

#if defined(__BYTE_ORDER__) && defined(__ORDER_BIG_ENDIAN__)
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define VCMD_BIG_ENDIAN 1
#endif
#endif
#ifndef VCMD_BIG_ENDIAN
#define VCMD_BIG_ENDIAN 0
#endif

static inline uint32_t vcmd_wire32(uint32_t value)
{
#if VCMD_BIG_ENDIAN
    return (value >> 24) | ((value >> 8) & 0xff00u) | ((value << 8) & 0xff0000u) | (value << 24);
#else
    return value;
#endif
}

/* memcpy, so that a float goes through integer registers: kernels may not touch the others. */
static inline uint32_t vcmd_bits_of_float(const float *value)
{
    uint32_t bits;

    memcpy(&bits, value, sizeof(bits));
    return bits;
}

static inline uint64_t vcmd_bits_of_double(const double *value)
{
    uint64_t bits;

    memcpy(&bits, value, sizeof(bits));
    return bits;
}

static inline void vcmd_store8(uint8_t *p, uint32_t value)
{
    p[0] = (uint8_t)value;
}

static inline void vcmd_store16(uint8_t *p, uint32_t value)
{
    p[0] = (uint8_t)value;
    p[1] = (uint8_t)(value >> 8);
}

static inline void vcmd_store32(uint8_t *p, uint32_t value)
{
    vcmd_store16(p, value);
    vcmd_store16(p + 2, value >> 16);
}

static inline void vcmd_store64(uint8_t *p, uint64_t value)
{
    vcmd_store32(p, (uint32_t)value);
    vcmd_store32(p + 4, (uint32_t)(value >> 32));
}

static inline uint32_t vcmd_load8(const uint8_t *p)
{
    return p[0];
}

static inline uint32_t vcmd_load16(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8;
}

static inline uint32_t vcmd_load32(const uint8_t *p)
{
    return vcmd_load16(p) | vcmd_load16(p + 2) << 16;
}

static inline uint64_t vcmd_load64(const uint8_t *p)
{
    return vcmd_load32(p) | (uint64_t)vcmd_load32(p + 4) << 32;
}

static inline void vcmd_load_float(float *value, const uint8_t *p)
{
    uint32_t bits = vcmd_load32(p);

    memcpy(value, &bits, sizeof(*value));
}

#endif
