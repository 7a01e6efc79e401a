/* SPDX-License-Identifier: MIT */
#ifndef VIRGLCMD_DEVICE_H
#define VIRGLCMD_DEVICE_H

#include <stdbool.h>
#include <virglcmd/buffer.h>
#include <virglcmd/caps.h>
#include <virglcmd/structs.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A virtio-gpu device with 3D, whatever carries the commands to it.
 *
 *     open a device -> create contexts and resources -> attach resources to contexts
 *                   -> write backing memory, transfer, submit, wait -> destroy -> close
 *
 * Threads. Every function may be called from any thread at any time, with two exceptions: an object
 * must not be used while, or after, another thread destroys it; and one vcmd_buffer belongs to one
 * thread. Locks of a device are held for book-keeping, and never while waiting for a fence; submits
 * with a fence go to the transport one at a time. Commands of one thread reach the host in the
 * order of the calls. Contexts that two threads share need an
 * order of the threads' own.
 *
 * Order of destruction. Any. Closing a device destroys everything on the host; the contexts and
 * resources that are left stay valid for their destroy call, and every other call with them returns
 * VCMD_STATUS_DEVICE_CLOSED. Destroy each object exactly once; NULL is ignored.
 *
 * Errors. Every failure is a status, and one or more lines through the device's log callback which
 * say what failed and why, in the host's own words where the transport can get at them. Without a
 * line are a NULL argument, a timeout, asking for the size of a capset or for one that is not
 * offered, and everything after the close: the log is not called any more then.
 */
struct vcmd_device;
struct vcmd_context;
struct vcmd_resource;
struct vcmd_transport;
struct vcmd_device_wrapper;

enum vcmd_log_level {
    VCMD_LOG_ERROR = 0,   /* a call fails because of this */
    VCMD_LOG_WARNING = 1, /* works, and probably not as meant */
    VCMD_LOG_INFO = 2     /* what the host is and says */
};

/*
 * code: the status that the call will return, or VCMD_STATUS_OK for a line that no call fails for.
 * text: one line without a line feed, valid during the callback. May be called from any thread,
 * also from threads of the transport; must not call into the device.
 */
typedef void (*vcmd_log_fn)(void *user, enum vcmd_log_level level, enum vcmd_status code,
                            const char *text);

struct vcmd_device_desc {
    /*
     * The transports to choose from, each from its own library, ended by NULL:
     *     const struct vcmd_transport *const transports[] = {vcmd_loopback_transport(), NULL};
     * Only read during vcmd_device_open.
     */
    const struct vcmd_transport *const *transports;
    const char *transport; /* a transport's name; NULL or "" takes the first of the list */
    const char *options;   /* "key=value,key=value"; NULL for none; the keys are the transport's */
    vcmd_log_fn log;       /* NULL: no log */
    void *log_user;

    /*
     * What stands between the device and its transport: recorders, checkers; each from its own
     * library. The first is next to the transport. Only read during vcmd_device_open; how long what
     * their user points to has to live, whoever makes the wrapper says.
     */
    const struct vcmd_device_wrapper *wrappers;
    size_t num_wrappers;
};

/* On failure *device is NULL, and the log says why. */
enum vcmd_status vcmd_device_open(const struct vcmd_device_desc *desc, struct vcmd_device **device);
void vcmd_device_close(struct vcmd_device *device);

/* The name of the transport, static text; "" when device is NULL. */
const char *vcmd_device_transport_name(const struct vcmd_device *device);

/*
 * The best capset of the device, decoded: VIRGL2 where there is one, else VIRGL.
 * It is read once, at open.
 */
enum vcmd_status vcmd_device_get_caps(struct vcmd_device *device, struct vcmd_caps *caps);

/*
 * The bytes of a capset (VCMD_CTRL_CAPSET_*), as the host gives them. *size is set to the size of
 * the whole capset; when that is over capacity, capacity bytes are written and the result is
 * VCMD_STATUS_BUFFER_FULL. bytes may be NULL with capacity 0, to ask for the size.
 * An id that the device does not offer: VCMD_STATUS_UNSUPPORTED.
 */
enum vcmd_status vcmd_device_get_capset(struct vcmd_device *device, uint32_t capset_id, void *bytes,
                                        size_t capacity, size_t *size);

/* ---- contexts ---- */

/*
 * A rendering context: its own objects, its own state, its own stream of commands.
 * name: for the host's debug output, cut to 63 bytes; NULL for none.
 */
enum vcmd_status vcmd_context_create(struct vcmd_device *device, const char *name,
                                     struct vcmd_context **context);
void vcmd_context_destroy(struct vcmd_context *context);

/* ---- resources ---- */

/*
 * What to create: a buffer or a texture. Fields that are 0 take the value in brackets, so that
 * {.target, .format, .bind, .width, .height} is a plain 2D texture.
 */
struct vcmd_resource_desc {
    uint32_t target;     /* enum vcmd_texture_target; VCMD_BUFFER is 0 */
    uint32_t format;     /* enum vcmd_format; buffers: of 8 bits [VCMD_FORMAT_R8_UNORM] */
    uint32_t bind;       /* VCMD_BIND_*: every use that will be made of it */
    uint32_t width;      /* texels; bytes for a buffer */
    uint32_t height;     /* texels [1] */
    uint32_t depth;      /* texels [1] */
    uint32_t array_size; /* layers [1; 6 for cubes and cube arrays, which count faces] */
    uint32_t last_level; /* highest mip level */
    uint32_t nr_samples; /* 0 or 1: not multisampled */
    uint32_t flags;      /* VCMD_RESOURCE_* */

    /*
     * Bytes of backing memory [all levels, layers and samples 0 of the resource, tightly packed].
     * VCMD_NO_BACKING: none; such a resource can be rendered to and sampled, but not transferred.
     */
    uint64_t backing_size;
};

#define VCMD_NO_BACKING UINT64_MAX

/*
 * The resource is attached to no context yet. Multisampled resources get no backing unless
 * backing_size asks for it: hosts cannot transfer them.
 *
 * A description that today's hosts refuse is refused here (VCMD_STATUS_OUT_OF_RANGE,
 * _UNKNOWN_VALUE, _RESERVED_BITS, and a line in the log that says which rule), because most devices
 * swallow the host's verdict and fail much later: sizes over the capset's limits, two uses of a
 * plain buffer in one bind, a cube that is not square.
 */
enum vcmd_status vcmd_resource_create(struct vcmd_device *device,
                                      const struct vcmd_resource_desc *desc,
                                      struct vcmd_resource **resource);

/* Detaches it from every context first. NULL is ignored. */
void vcmd_resource_destroy(struct vcmd_resource *resource);

/* The id that commands name the resource by ("res_handle"). Never 0. */
uint32_t vcmd_resource_id(const struct vcmd_resource *resource);

/*
 * The backing memory, readable and writable, zeroed at creation, valid until the resource is
 * destroyed or the device closed. It is not the host's copy: transfers move bytes between the two.
 * (Except for buffers of bind CUSTOM or STAGING alone: virglrenderer keeps those in the backing.)
 * *size may be NULL. Without backing: VCMD_STATUS_UNSUPPORTED.
 */
enum vcmd_status vcmd_resource_map(struct vcmd_resource *resource, void **memory, size_t *size);

/* Where a mip level starts in the backing of a tightly packed resource, and its strides, in bytes.
 */
struct vcmd_level_layout {
    uint64_t offset;
    uint32_t stride;       /* from one row of blocks to the next */
    uint32_t layer_stride; /* from one layer or slice to the next */
};

enum vcmd_status vcmd_resource_get_layout(const struct vcmd_resource *resource, uint32_t level,
                                          struct vcmd_level_layout *layout);

/* Makes a resource usable by the commands of a context. Attaching twice is allowed. */
enum vcmd_status vcmd_context_attach(struct vcmd_context *context, struct vcmd_resource *resource);
enum vcmd_status vcmd_context_detach(struct vcmd_context *context, struct vcmd_resource *resource);

/* ---- moving bytes ---- */

struct vcmd_transfer {
    struct vcmd_box box; /* texels of the level; bytes in x and w for a buffer. Layers of arrays
                            and cubes are z and d */
    uint32_t level;
    uint32_t stride;       /* bytes from row to row in the backing, a whole number of texels (of
                              blocks for compressed formats); 0: rows of the whole level */
    uint32_t layer_stride; /* bytes from layer to layer; 0: stride times the rows of the level */
    uint64_t offset;       /* byte in the backing where the box's first texel is */
};

/*
 * Copies a box from the backing to the host's copy, or back. The resource must be attached to the
 * context. Ordered after everything that the context submitted before. transfer NULL: the whole of
 * level 0, from offset 0. A box without texels is checked, and nothing is sent.
 *
 * Boxes of several layers may take one request each: hosts read back only one at a time. Textures
 * that the host cannot draw to are read back by whole layers only, and some hosts (on OpenGL ES)
 * cannot read all formats back: else VCMD_STATUS_UNSUPPORTED.
 *
 * Row 0 of a read-back is the bottom row of what was drawn (OpenGL's origin), unless the resource
 * has VCMD_RESOURCE_Y_0_TOP.
 *
 * vcmd_transfer_from_host returns when the bytes are there. vcmd_transfer_to_host returns when the
 * backing may be written again.
 */
enum vcmd_status vcmd_transfer_to_host(struct vcmd_context *context, struct vcmd_resource *resource,
                                       const struct vcmd_transfer *transfer);
enum vcmd_status vcmd_transfer_from_host(struct vcmd_context *context,
                                         struct vcmd_resource *resource,
                                         const struct vcmd_transfer *transfer);

/* ---- commands and fences ---- */

/*
 * Sends the stream of a buffer to the context. The buffer may be reset and reused as soon as the
 * call returns. A buffer with a sticky error is refused with that error, an empty one is not sent:
 * its fence is that of the last submit of the device that made one, and does not cover submits
 * without a fence since.
 * A buffer with VCMD_BUFFER_HEADROOM free dwords in front is sent without a copy; its headroom is
 * overwritten.
 *
 * fence: receives a number to wait for; NULL for no fence. Fences of a device are reached in the
 * order in which they were made.
 *
 * A transport that learns of it returns an error when the host rejects the stream (the loopback
 * does); the stream may have been executed in part, and the context must be destroyed: most
 * rejections make the host ignore whatever comes for it. Others learn nothing: see each transport's
 * README.
 */
enum vcmd_status vcmd_submit(struct vcmd_context *context, struct vcmd_buffer *buf,
                             uint64_t *fence);

/*
 * Waits until a fence is reached. timeout_ns 0: only asks; VCMD_WAIT_FOREVER: no limit. When the
 * time is over: VCMD_STATUS_TIMEOUT. A number that no submit gave out: VCMD_STATUS_OUT_OF_RANGE.
 * Fence 0 is always reached.
 */
enum vcmd_status vcmd_fence_wait(struct vcmd_device *device, uint64_t fence, uint64_t timeout_ns);

#define VCMD_WAIT_FOREVER UINT64_MAX

#ifdef __cplusplus
}
#endif

#endif
