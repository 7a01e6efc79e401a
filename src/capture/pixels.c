/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <virglcmd/format.h>

#include "bytes.h"
#include "replay_private.h"

/* ---- one channel to a number between 0 and 1 ---- */

static uint32_t get_bits(const uint8_t *texel, uint32_t start, uint32_t bits)
{
    uint64_t word = 0;

    for (uint32_t i = 0; i * 8 < start % 8 + bits; i++)
        word |= (uint64_t)texel[start / 8 + i] << (8 * i);
    return (uint32_t)(word >> start % 8 & ((UINT64_C(1) << bits) - 1));
}

/* What is below 0 is cut to 0 anyway. */
static double half_float(uint32_t value)
{
    uint32_t exponent = value >> 10 & 0x1f;
    double result = (double)(value & 0x3ff) / 1024;

    if (value >> 15)
        return 0;
    if (exponent == 0)
        return result / 16384;
    result += 1;
    for (; exponent > 15; exponent--)
        result *= 2;
    for (; exponent < 15; exponent++)
        result /= 2;
    return result;
}

static double read_float(uint32_t value, uint32_t bits)
{
    float single;

    if (bits == 16)
        return half_float(value);
    memcpy(&single, &value, sizeof(single));
    return single;
}

static double read_channel(const struct vcmd_format_channel *channel, uint32_t value)
{
    uint64_t most = (UINT64_C(1) << channel->bits) - 1;
    bool negative = value >> (channel->bits - 1) != 0;

    switch (channel->type) {
    case VCMD_CHANNEL_UNORM:
        return (double)value / (double)most;
    case VCMD_CHANNEL_SNORM:
        return negative ? 0 : (double)value / (double)(most >> 1);
    case VCMD_CHANNEL_FLOAT:
        return read_float(value, channel->bits);
    case VCMD_CHANNEL_FIXED:
        return negative ? 0 : (double)value / 65536;
    case VCMD_CHANNEL_SINT:
    case VCMD_CHANNEL_SSCALED:
        return negative ? 0 : (double)value / 255;
    default: /* integers of more than 255 are white */
        return (double)value / 255;
    }
}

static uint8_t to_byte(double value)
{
    const double half = 0.5;

    if (!(value > 0)) /* not a number, too */
        return 0;
    return value >= 1 ? 255 : (uint8_t)(int)(value * 255 + half);
}

/* ---- texels ---- */

static uint8_t pick(char from, const double *channels, uint32_t count)
{
    static const char names[] = "xyzw";

    if (from == '1')
        return 255;
    for (uint32_t i = 0; i < count; i++) {
        if (names[i] == from)
            return to_byte(channels[i]);
    }
    return 0;
}

static void convert(const struct vcmd_format_info *info, const uint8_t *texel, uint8_t *rgba)
{
    double channels[4] = {0};
    uint32_t start = 0;

    for (uint32_t i = 0; i < info->num_channels; i++) {
        const struct vcmd_format_channel *channel = &info->channels[i];

        if (channel->type != VCMD_CHANNEL_VOID && channel->bits > 0)
            channels[i] = read_channel(channel, get_bits(texel, start, channel->bits));
        start += channel->bits;
    }
    for (uint32_t i = 0; i < 4; i++)
        rgba[i] = pick(info->swizzle[i], channels, info->num_channels);
}

/* The channels fill whole bytes, are no wider than 32 bits, and are colours. */
static bool is_readable(const struct vcmd_format_info *info)
{
    uint32_t bits = 0;

    if (!info || info->num_channels == 0 || info->num_channels > 4 || info->block_width != 1 ||
        info->block_height != 1)
        return false;
    if (info->colorspace != VCMD_COLORSPACE_RGB && info->colorspace != VCMD_COLORSPACE_SRGB)
        return false;
    for (uint32_t i = 0; i < info->num_channels; i++) {
        if (info->channels[i].bits > 32)
            return false;
        bits += info->channels[i].bits;
    }
    return bits % 8 == 0 && bits == info->block_bits;
}

bool capture_pixels_convert(uint32_t format, const uint8_t *texels, size_t count, uint8_t *rgba)
{
    const struct vcmd_format_info *info = vcmd_format_info(format);
    size_t texel_bytes;

    if (!is_readable(info))
        return false;
    texel_bytes = info->block_bits / 8u;
    for (size_t i = 0; i < count; i++)
        convert(info, texels + i * texel_bytes, rgba + i * 4);
    return true;
}
