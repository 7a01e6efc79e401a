/* SPDX-License-Identifier: MIT */
#ifndef VIRGLCMD_DRM_H
#define VIRGLCMD_DRM_H

#include <virglcmd/transport.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The transport "drm": the virtio_gpu driver of a Linux guest, through /dev/dri/renderD*.
 *
 * Options:
 *     path=FILE    this node; without it the first one whose driver is virtio_gpu and has 3D
 *     fd=N         this open node instead; it is duplicated, and stays the caller's
 *     cache=BYTES  freed buffers to keep for reuse, at most so many bytes in all; 0: none.
 *                  Without it 16777216
 *
 * A stream goes from the buffer to the kernel as it is: headroom is not needed, and not touched.
 * A submit is one system call. Nothing tells what the host thinks of it: an error in a stream shows
 * as a picture that stays as it was.
 *
 * Returns static data.
 */
const struct vcmd_transport *vcmd_drm_transport(void);

/*
 * What follows is for devices opened on this transport; with any other: VCMD_STATUS_UNSUPPORTED.
 */

/* What driver and device offer. */
struct vcmd_drm_info {
    char path[64]; /* of the node; "" when it was given as fd= */
    int version_major, version_minor, version_patch;
    bool blob;            /* blobs can be created */
    bool host_visible;    /* those in host memory can be mapped */
    bool cross_device;    /* exported ones mean something to other virtio devices */
    bool context_init;    /* contexts can choose their capset and have rings */
    bool debug_name;      /* contexts can have a name */
    bool syncobj;         /* submits can wait for syncobjs and signal them */
    uint64_t capset_mask; /* bit n: contexts of capset n can be had; 0 without context_init */
};

enum vcmd_status vcmd_drm_get_info(struct vcmd_device *device, struct vcmd_drm_info *info);

/* A context with what CONTEXT_INIT offers. Fields that are 0 are left to the kernel. */
struct vcmd_drm_context_desc {
    const char *name;         /* for the host's debug output; NULL: none */
    uint32_t capset_id;       /* VCMD_CTRL_CAPSET_* */
    uint32_t num_rings;       /* at most 64: timelines of its own, for vcmd_drm_submit */
    uint64_t poll_rings_mask; /* bit n: fences of ring n make the context's file readable */
};

#ifdef __cplusplus
}
#endif

#endif
