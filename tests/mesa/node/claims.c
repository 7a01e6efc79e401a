/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "node.h"

/* Offsets in the VIRGL2 capset. */
enum { CAPABILITY_BITS_V2 = 688, NUM_VIDEO_CAPS = 856, VIDEO_CAPS = 860 };

/* PIPE_VIDEO_PROFILE_MPEG4_AVC_MAIN, PIPE_VIDEO_ENTRYPOINT_BITSTREAM, level 4.1. */
enum { PROFILE = 11, ENTRYPOINT = 1, LEVEL = 41 };
enum { MAX_SIZE = 1920, FORMAT_NV12 = 166, SUPPORTS_PROGRESSIVE = 3 };

static struct node_claims claimed;
static const struct vcmd_device_ops *below;
static struct vcmd_device_ops above;

static void put(uint8_t *bytes, uint32_t value)
{
    const uint32_t wire = vcmd_le32(value);

    memcpy(bytes, &wire, sizeof(wire));
}

static uint32_t get(const uint8_t *bytes)
{
    uint32_t wire;

    memcpy(&wire, bytes, sizeof(wire));
    return vcmd_le32(wire);
}

static enum vcmd_status get_capset(void *self, uint32_t capset_id, void *bytes, size_t capacity,
                                   size_t *size)
{
    const enum vcmd_status status = below->get_capset(self, capset_id, bytes, capacity, size);
    uint8_t *caps = bytes;

    if (status != VCMD_STATUS_OK || capset_id != 2 || *size < VIDEO_CAPS + 16)
        return status;
    put(caps + CAPABILITY_BITS_V2, get(caps + CAPABILITY_BITS_V2) | claimed.capability_bits_v2);
    if (claimed.video) {
        put(caps + NUM_VIDEO_CAPS, 1);
        put(caps + VIDEO_CAPS, PROFILE | ENTRYPOINT << 8 | LEVEL << 16);
        put(caps + VIDEO_CAPS + 4, MAX_SIZE | MAX_SIZE << 16);
        put(caps + VIDEO_CAPS + 8, FORMAT_NV12);
        put(caps + VIDEO_CAPS + 12, SUPPORTS_PROGRESSIVE);
    }
    return status;
}

static enum vcmd_status wrap(void *user, const char *transport, const struct vcmd_log *log,
                             const struct vcmd_device_ops **ops, void **self)
{
    (void)user;
    (void)transport;
    (void)log;
    (void)self;
    below = *ops;
    above = **ops;
    above.get_capset = get_capset;
    *ops = &above;
    return VCMD_STATUS_OK;
}

struct vcmd_device_wrapper node_claiming(const struct node_claims *claims)
{
    const struct vcmd_device_wrapper wrapper = {.wrap = wrap};

    claimed = *claims;
    return wrapper;
}
