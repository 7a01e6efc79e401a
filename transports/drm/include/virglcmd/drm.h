/* SPDX-License-Identifier: MIT */
#ifndef VIRGLCMD_DRM_H
#define VIRGLCMD_DRM_H

#include <stdbool.h>
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
 * What follows is for devices opened on this transport, without wrappers, which would not see it;
 * with any other: VCMD_STATUS_UNSUPPORTED.
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
    uint32_t num_rings;       /* at most 64: timelines of its own, for vcmd_drm_submit; see there */
    uint64_t poll_rings_mask; /* bit n: fences of ring n make the context's file readable */
};

/* Always in a file of its own. Without context_init anything but a name is UNSUPPORTED. */
enum vcmd_status vcmd_drm_context_create(struct vcmd_device *device,
                                         const struct vcmd_drm_context_desc *desc,
                                         struct vcmd_context **context);

/*
 * The open file of a context: for libdrm's functions on syncobjs, whose handles belong to a file,
 * and to read the events of polled rings from. It stays the context's: not to be closed. -1: no
 * such.
 */
int vcmd_drm_context_fd(struct vcmd_context *context);

/* ---- submits with more than a fence ---- */

struct vcmd_drm_syncobj {
    uint32_t handle; /* in the context's file */
    uint64_t point;  /* of a timeline; 0: a plain syncobj */
    bool reset;      /* of those waited for: unsignalled again after the wait */
};

/* All zero: just the stream. */
struct vcmd_drm_submit_args {
    /* A sync file that must be signalled first, which stays the caller's; NULL: none. */
    const int *wait_fd;
    /* Receives a sync file of this submit, which the caller closes; NULL: none. */
    int *signal_fd;

    /*
     * Fences are on timeline `ring` of the context, not on the device's. In a VirGL context only
     * ring 0 works: virglrenderer (1.1 and before) takes no fences on others, nobody tells the
     * guest, and what such a submit signals is never signalled.
     */
    bool use_ring;
    uint32_t ring;

    const struct vcmd_drm_syncobj *wait;
    uint32_t num_wait;
    const struct vcmd_drm_syncobj *signal;
    uint32_t num_signal;

    /*
     * Resources whose users are to wait for this submit: vcmd_drm_resource_wait(), other programs.
     * Each is of the context's device and attached to the context, else WRONG_DEVICE or
     * NOT_ATTACHED. What was exported or imported is named without being here; naming it twice does
     * no harm.
     */
    struct vcmd_resource *const *resources;
    uint32_t num_resources;
};

/*
 * As vcmd_submit() otherwise. A stream without dwords is sent if there is something to signal.
 *
 * What other drivers have to signal yet the kernel waits for in this call, before it sends the
 * stream. So long no other submit to this device goes on, nor is a shared resource of it detached,
 * destroyed or imported: what may take long, or needs such a call, is better waited for before.
 */
enum vcmd_status vcmd_drm_submit(struct vcmd_context *context, struct vcmd_buffer *buf,
                                 const struct vcmd_drm_submit_args *args);

/* ---- resources of more kinds ---- */

enum vcmd_drm_blob_mem {
    VCMD_DRM_BLOB_GUEST = 1,       /* memory of the guest alone */
    VCMD_DRM_BLOB_HOST3D = 2,      /* memory of the host; zero-copy once mapped */
    VCMD_DRM_BLOB_HOST3D_GUEST = 3 /* both */
};

#define VCMD_DRM_BLOB_MAPPABLE     0x1u
#define VCMD_DRM_BLOB_SHAREABLE    0x2u
#define VCMD_DRM_BLOB_CROSS_DEVICE 0x4u

struct vcmd_drm_blob_desc {
    uint32_t mem;   /* enum vcmd_drm_blob_mem */
    uint32_t flags; /* VCMD_DRM_BLOB_* */
    uint64_t size;  /* bytes */

    /*
     * For host memory: which object of the context it is to be. The stream runs first and makes it:
     * a PIPE_RESOURCE_CREATE with the same blob_id. Both only for the HOST3D kinds.
     */
    uint64_t blob_id;
    struct vcmd_buffer *stream;

    struct vcmd_resource_desc desc; /* what it is; with width 0 a buffer of size bytes */
};

/*
 * A blob, made in a context and attached to it. With MAPPABLE, or in guest memory, it is mapped:
 * vcmd_resource_map(). What is written to mapped host memory needs no transfer.
 */
enum vcmd_status vcmd_drm_blob_create(struct vcmd_context *context,
                                      const struct vcmd_drm_blob_desc *desc,
                                      struct vcmd_resource **resource);

/* A dma-buf of a resource, for other processes and drivers; the caller closes it. */
enum vcmd_status vcmd_drm_resource_export(struct vcmd_resource *resource, int *fd);

/*
 * A resource that somebody exported from the same device; the dma-buf stays the caller's.
 * desc: what it is. A resource that this device has already is BUSY. It is mapped, unless it is a
 * blob in host memory that was made without MAPPABLE: vcmd_resource_map() refuses that.
 */
enum vcmd_status vcmd_drm_resource_import(struct vcmd_device *device, int fd,
                                          const struct vcmd_resource_desc *desc,
                                          struct vcmd_resource **resource);

struct vcmd_drm_resource_info {
    uint32_t handle;   /* the GEM handle in the device's file */
    uint32_t size;     /* bytes, whole pages */
    uint32_t blob_mem; /* enum vcmd_drm_blob_mem; 0: not a blob */
};

enum vcmd_status vcmd_drm_resource_get_info(struct vcmd_resource *resource,
                                            struct vcmd_drm_resource_info *info);

/*
 * Waits for transfers of the resource, and for submits that named it. block false only asks: what
 * is still in use gives VCMD_STATUS_TIMEOUT, and no line in the log.
 */
enum vcmd_status vcmd_drm_resource_wait(struct vcmd_resource *resource, bool block);

#ifdef __cplusplus
}
#endif

#endif
