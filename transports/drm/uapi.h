/* SPDX-License-Identifier: MIT */
#ifndef DRM_UAPI_H
#define DRM_UAPI_H

/*
 * The ioctls of the kernel's virtio_gpu driver, as of Linux 6.12. Declared here because the headers
 * of installed systems lag behind: those of Debian 12 know no blobs, no CONTEXT_INIT, no rings and
 * no syncobjs. The layouts are the same on 32 and 64 bits, which the assertions below hold fast;
 * the tests compare them with the system's header as far as that goes.
 *
 * The kernel takes structures of other sizes: what is missing reads as zero, what it does not know
 * it ignores. So the newest layout goes to every kernel.
 */
#include <stddef.h>
#include <stdint.h>

#include <drm.h>

/* GETPARAM: what the device and driver offer. An unknown parameter is EINVAL. */
enum {
    VG_PARAM_3D_FEATURES = 1,
    VG_PARAM_CAPSET_QUERY_FIX = 2, /* sizes of capsets are right: capset 2 can be asked for */
    VG_PARAM_RESOURCE_BLOB = 3,
    VG_PARAM_HOST_VISIBLE = 4, /* blobs in host memory can be mapped */
    VG_PARAM_CROSS_DEVICE = 5, /* resources have UUIDs that other virtio devices know */
    VG_PARAM_CONTEXT_INIT = 6,
    VG_PARAM_SUPPORTED_CAPSETS = 7, /* bit n: capset n */
    VG_PARAM_EXPLICIT_DEBUG_NAME = 8
};

struct vg_getparam {
    uint64_t param;
    uint64_t value; /* address of an int32_t */
};

struct vg_get_caps {
    uint32_t cap_set_id;
    uint32_t cap_set_ver;
    uint64_t addr;
    uint32_t size; /* bytes at addr; not 0 */
    uint32_t pad;
};

enum {
    VG_CONTEXT_CAPSET_ID = 1,
    VG_CONTEXT_NUM_RINGS = 2,
    VG_CONTEXT_POLL_RINGS_MASK = 3,
    VG_CONTEXT_DEBUG_NAME = 4 /* address of a string */
};

struct vg_context_param {
    uint64_t param;
    uint64_t value;
};

/* EEXIST when the file has its context already: any earlier use of 3D makes it. */
struct vg_context_init {
    uint32_t num_params;
    uint32_t pad;
    uint64_t params; /* address of struct vg_context_param */
};

struct vg_resource_create {
    uint32_t target;
    uint32_t format;
    uint32_t bind;
    uint32_t width;
    uint32_t height;
    uint32_t depth;
    uint32_t array_size;
    uint32_t last_level;
    uint32_t nr_samples;
    uint32_t flags;
    uint32_t bo_handle;  /* out: what the other ioctls of this file take */
    uint32_t res_handle; /* out: what commands take */
    uint32_t size;       /* bytes of backing; 0 is one page */
    uint32_t stride;     /* ignored */
};

enum { VG_BLOB_MEM_GUEST = 1, VG_BLOB_MEM_HOST3D = 2, VG_BLOB_MEM_HOST3D_GUEST = 3 };
enum { VG_BLOB_USE_MAPPABLE = 1, VG_BLOB_USE_SHAREABLE = 2, VG_BLOB_USE_CROSS_DEVICE = 4 };

struct vg_resource_create_blob {
    uint32_t blob_mem;
    uint32_t blob_flags;
    uint32_t bo_handle;  /* out */
    uint32_t res_handle; /* out */
    uint64_t size;
    uint32_t pad;
    uint32_t cmd_size; /* bytes of commands that run first; a multiple of 4 */
    uint64_t cmd;
    uint64_t blob_id;
};

struct vg_resource_info {
    uint32_t bo_handle;
    uint32_t res_handle; /* out */
    uint32_t size;       /* out: bytes, whole pages */
    uint32_t blob_mem;   /* out; 0: not a blob */
};

struct vg_map {
    uint64_t offset; /* out: for mmap of the same file */
    uint32_t handle;
    uint32_t pad;
};

struct vg_box {
    uint32_t x, y, z;
    uint32_t w, h, d;
};

/* Both directions. Strides are only for blobs in host memory: else they must be 0. */
struct vg_transfer {
    uint32_t bo_handle;
    struct vg_box box;
    uint32_t level;
    uint32_t offset;
    uint32_t stride;
    uint32_t layer_stride;
};

enum { VG_WAIT_NOWAIT = 1 };

/* Waits for everything that uses a buffer. EBUSY: not yet, or not within 15 seconds. */
struct vg_wait {
    uint32_t handle;
    uint32_t flags;
};

enum { VG_EXEC_FENCE_FD_IN = 1, VG_EXEC_FENCE_FD_OUT = 2, VG_EXEC_RING_IDX = 4 };
enum { VG_SYNCOBJ_RESET = 1 };

struct vg_exec_syncobj {
    uint32_t handle;
    uint32_t flags; /* VG_SYNCOBJ_RESET, of those waited for */
    uint64_t point; /* 0: not a timeline */
};

struct vg_execbuffer {
    uint32_t flags;
    uint32_t size; /* bytes */
    uint64_t command;
    uint64_t bo_handles;
    uint32_t num_bo_handles;
    int32_t fence_fd; /* in or out; old kernels write -1 here when they fail */
    uint32_t ring_idx;
    uint32_t syncobj_stride;
    uint32_t num_in_syncobjs;
    uint32_t num_out_syncobjs;
    uint64_t in_syncobjs;
    uint64_t out_syncobjs;
};

#define VG_IOCTL(nr, type) DRM_IOWR(DRM_COMMAND_BASE + (nr), type)

#define VG_IOCTL_MAP                  VG_IOCTL(1, struct vg_map)
#define VG_IOCTL_EXECBUFFER           VG_IOCTL(2, struct vg_execbuffer)
#define VG_IOCTL_GETPARAM             VG_IOCTL(3, struct vg_getparam)
#define VG_IOCTL_RESOURCE_CREATE      VG_IOCTL(4, struct vg_resource_create)
#define VG_IOCTL_RESOURCE_INFO        VG_IOCTL(5, struct vg_resource_info)
#define VG_IOCTL_TRANSFER_FROM_HOST   VG_IOCTL(6, struct vg_transfer)
#define VG_IOCTL_TRANSFER_TO_HOST     VG_IOCTL(7, struct vg_transfer)
#define VG_IOCTL_WAIT                 VG_IOCTL(8, struct vg_wait)
#define VG_IOCTL_GET_CAPS             VG_IOCTL(9, struct vg_get_caps)
#define VG_IOCTL_RESOURCE_CREATE_BLOB VG_IOCTL(10, struct vg_resource_create_blob)
#define VG_IOCTL_CONTEXT_INIT         VG_IOCTL(11, struct vg_context_init)

/* The number of an ioctl contains the size of its structure. */
_Static_assert(VG_IOCTL_MAP == 0xc0106441, "MAP");
_Static_assert(VG_IOCTL_EXECBUFFER == 0xc0406442, "EXECBUFFER");
_Static_assert(VG_IOCTL_GETPARAM == 0xc0106443, "GETPARAM");
_Static_assert(VG_IOCTL_RESOURCE_CREATE == 0xc0386444, "RESOURCE_CREATE");
_Static_assert(VG_IOCTL_RESOURCE_INFO == 0xc0106445, "RESOURCE_INFO");
_Static_assert(VG_IOCTL_TRANSFER_FROM_HOST == 0xc02c6446, "TRANSFER_FROM_HOST");
_Static_assert(VG_IOCTL_TRANSFER_TO_HOST == 0xc02c6447, "TRANSFER_TO_HOST");
_Static_assert(VG_IOCTL_WAIT == 0xc0086448, "WAIT");
_Static_assert(VG_IOCTL_GET_CAPS == 0xc0186449, "GET_CAPS");
_Static_assert(VG_IOCTL_RESOURCE_CREATE_BLOB == 0xc030644a, "RESOURCE_CREATE_BLOB");
_Static_assert(VG_IOCTL_CONTEXT_INIT == 0xc010644b, "CONTEXT_INIT");
_Static_assert(sizeof(struct vg_exec_syncobj) == 16, "syncobj record");
_Static_assert(sizeof(struct vg_context_param) == 16, "context parameter");

_Static_assert(offsetof(struct vg_get_caps, addr) == 8, "GET_CAPS addr");
_Static_assert(offsetof(struct vg_get_caps, size) == 16, "GET_CAPS size");
_Static_assert(offsetof(struct vg_context_init, params) == 8, "CONTEXT_INIT params");
_Static_assert(offsetof(struct vg_resource_create, bo_handle) == 40, "RESOURCE_CREATE bo_handle");
_Static_assert(offsetof(struct vg_resource_create, size) == 48, "RESOURCE_CREATE size");
_Static_assert(offsetof(struct vg_resource_create_blob, size) == 16, "CREATE_BLOB size");
_Static_assert(offsetof(struct vg_resource_create_blob, cmd_size) == 28, "CREATE_BLOB cmd_size");
_Static_assert(offsetof(struct vg_resource_create_blob, cmd) == 32, "CREATE_BLOB cmd");
_Static_assert(offsetof(struct vg_resource_create_blob, blob_id) == 40, "CREATE_BLOB blob_id");
_Static_assert(offsetof(struct vg_transfer, level) == 28, "TRANSFER level");
_Static_assert(offsetof(struct vg_transfer, layer_stride) == 40, "TRANSFER layer_stride");
_Static_assert(offsetof(struct vg_execbuffer, command) == 8, "EXECBUFFER command");
_Static_assert(offsetof(struct vg_execbuffer, fence_fd) == 28, "EXECBUFFER fence_fd");
_Static_assert(offsetof(struct vg_execbuffer, ring_idx) == 32, "EXECBUFFER ring_idx");
_Static_assert(offsetof(struct vg_execbuffer, num_out_syncobjs) == 44, "EXECBUFFER num_out");
_Static_assert(offsetof(struct vg_execbuffer, in_syncobjs) == 48, "EXECBUFFER in_syncobjs");
_Static_assert(offsetof(struct vg_execbuffer, out_syncobjs) == 56, "EXECBUFFER out_syncobjs");

#endif
