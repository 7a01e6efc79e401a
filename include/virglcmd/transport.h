/* SPDX-License-Identifier: MIT */
#ifndef VIRGLCMD_TRANSPORT_H
#define VIRGLCMD_TRANSPORT_H

#include <virglcmd/device.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * For those who write a transport; users of a device need nothing of this.
 *
 * There are two kinds. A transport with calls of its own for contexts, resources and transfers (the
 * Linux DRM node, vtest) implements struct vcmd_device_ops. A transport that only carries
 * virtio-gpu control commands and brings back responses implements the smaller struct
 * vcmd_channel_ops, and vcmd_control_device_create() turns it into the former.
 *
 * See docs/adding-a-transport.md.
 */

/* A device's log, handed to the transport. */
struct vcmd_log {
    vcmd_log_fn fn; /* may be NULL */
    void *user;
};

/* Formats as printf does and hands one line to the log; cut to 1023 bytes. */
#if defined(__GNUC__)
#if defined(__MINGW32__)
__attribute__((format(gnu_printf, 4, 5)))
#else
__attribute__((format(printf, 4, 5)))
#endif
#endif
void vcmd_log(const struct vcmd_log *log, enum vcmd_log_level level, enum vcmd_status code,
              const char *format, ...);

/*
 * The typed operations. Every one may be called from any thread, concurrently; the device layer has
 * checked the arguments that it can check without the host, and keeps the ids: context_id and
 * resource_id are never 0 and never reused while the object lives.
 *
 * self is what the transport's open() gave out.
 */
struct vcmd_device_ops {
    /* The last call. The device layer has destroyed all contexts and resources before. */
    void (*close)(void *self);

    /* As vcmd_device_get_capset: BUFFER_FULL, with *size set, when capacity is too small. */
    enum vcmd_status (*get_capset)(void *self, uint32_t capset_id, void *bytes, size_t capacity,
                                   size_t *size);

    /* The transport chooses the ids: a kernel or server may insist on its own. */
    enum vcmd_status (*context_create)(void *self, const char *name, uint32_t *context_id);
    /* Resources that are still attached to it count as detached afterwards. */
    void (*context_destroy)(void *self, uint32_t context_id);

    /*
     * desc has no zero left that stands for a default. backing_size is the number of bytes wanted,
     * 0 for none. *memory is the mapped, zeroed backing, or NULL without backing.
     */
    enum vcmd_status (*resource_create)(void *self, const struct vcmd_resource_desc *desc,
                                        uint32_t *resource_id, void **memory);
    /* It has been detached from every context, except while the device closes. */
    void (*resource_destroy)(void *self, uint32_t resource_id);

    /* Two threads may attach the same pair at once: the second attach is to succeed. */
    enum vcmd_status (*attach)(void *self, uint32_t context_id, uint32_t resource_id);
    enum vcmd_status (*detach)(void *self, uint32_t context_id, uint32_t resource_id);

    /*
     * direction: VCMD_TRANSFER_TO_HOST or VCMD_TRANSFER_FROM_HOST. The box has texels and lies in
     * the level, the bytes lie in the backing, the resource is attached. Returns when it is done.
     * Textures are read back layer by layer, as hosts want it: box.d is 1.
     */
    enum vcmd_status (*transfer)(void *self, uint32_t context_id, uint32_t resource_id,
                                 uint32_t direction, const struct vcmd_transfer *transfer);

    /*
     * The buffer is good and not empty. fence NULL: none wanted. Fence numbers begin at 1 and grow
     * in the order in which they are reached, whatever thread asked.
     */
    enum vcmd_status (*submit)(void *self, uint32_t context_id, struct vcmd_buffer *buf,
                               uint64_t *fence);
    /* fence is at least 1 and at most the highest number given out. */
    enum vcmd_status (*fence_wait)(void *self, uint64_t fence, uint64_t timeout_ns);
};

/* What a transport library exports: one of these, by a function vcmd_NAME_transport(). */
struct vcmd_transport {
    const char *name;        /* "loopback"; lower-case letters, digits and hyphens */
    const char *description; /* one line for people */

    /*
     * options: never NULL. On success *ops and *self are set. On failure nothing is left behind,
     * and the log has said why.
     */
    enum vcmd_status (*open)(const char *options, const struct vcmd_log *log,
                             const struct vcmd_device_ops **ops, void **self);
};

/*
 * A decorator over whatever transport a device has: recording, checking, counting. Goes into
 * vcmd_device_desc.wrappers.
 */
struct vcmd_device_wrapper {
    /*
     * *ops and *self are the transport's, or those of the wrapper before. On success they are
     * replaced by others, whose close() closes the ones that were there. On failure they stay, and
     * the log has said why. transport: its name, static text.
     */
    enum vcmd_status (*wrap)(void *user, const char *transport, const struct vcmd_log *log,
                             const struct vcmd_device_ops **ops, void **self);
    void *user; /* for wrap(); who makes the wrapper says how long what it points to has to live */
};

/* ---- control channels ---- */

/* What the device offers, as its config space and feature bits say. */
struct vcmd_channel_info {
    uint64_t features; /* bit n set: feature bit n (VCMD_CTRL_F_*) */
    uint32_t num_capsets;
};

/*
 * Moves virtio-gpu control commands and brings back responses.
 * Every operation may be called from any thread, concurrently.
 */
struct vcmd_channel_ops {
    void (*close)(void *self);
    void (*get_info)(void *self, struct vcmd_channel_info *info);

    /*
     * Executes one request and waits for its response. request_size and the response are in bytes;
     * *response_size is set to the bytes written, at most response_capacity.
     * A request is complete when the call returns, but for one with VCMD_CTRL_FLAG_FENCE, which is
     * waited for with wait_fence. A device that answers such a request at once gives its answer
     * here. A device that answers when the fence is reached (a virtqueue does): copy the request,
     * since its memory belongs to the caller again when this returns, and return VCMD_STATUS_OK
     * with *response_size 0. An error in the late answer is then what wait_fence returns. Returns a
     * status of its own only when the response could not be had; what the device thinks of the
     * request is in the response.
     */
    enum vcmd_status (*execute)(void *self, const void *request, size_t request_size,
                                void *response, size_t response_capacity, size_t *response_size);

    /*
     * Fence ids grow from 1, below 2^32. Also returns the error (VCMD_STATUS_HOST_*) of a late
     * answer to the request that made the fence.
     */
    enum vcmd_status (*wait_fence)(void *self, uint64_t fence_id, uint64_t timeout_ns);

    /*
     * Memory that the device can reach: zeroed, page aligned. *address is what goes into a
     * virtio_gpu_mem_entry; the memory is one contiguous range there. (A channel that can only
     * offer scattered pages will need more than one address: this call will grow for it.)
     */
    enum vcmd_status (*memory_alloc)(void *self, size_t size, void **memory, uint64_t *address);
    void (*memory_free)(void *self, void *memory, size_t size);
};

/*
 * A device over a control channel: use it as the last step of a transport's open(). Takes over the
 * channel also on failure: it is closed then. Fenced requests reach the channel one at a time, in
 * the order of their fence ids; all others concurrently.
 */
enum vcmd_status vcmd_control_device_create(const struct vcmd_channel_ops *channel_ops,
                                            void *channel, const struct vcmd_log *log,
                                            const struct vcmd_device_ops **ops, void **self);

/* ---- what only one transport can do ---- */

/*
 * A transport whose device can do more than struct vcmd_device_ops says has functions of its own in
 * a header of its own. Each of them is bracketed by these two.
 *
 * ops: the transport's; they tell its devices from others'. On success *self is what open() gave
 * out, and the device stays open until vcmd_transport_leave(). A device of another transport, or
 * with a wrapper: VCMD_STATUS_UNSUPPORTED and a line in the log that begins with what.
 */
enum vcmd_status vcmd_transport_enter(struct vcmd_device *device, const struct vcmd_device_ops *ops,
                                      const char *what, void **self);
void vcmd_transport_leave(struct vcmd_device *device);

/* NULL and 0 for NULL. The id is what context_create() gave out. */
struct vcmd_device *vcmd_context_device(const struct vcmd_context *context);
uint32_t vcmd_context_id(const struct vcmd_context *context);
struct vcmd_device *vcmd_resource_device(const struct vcmd_resource *resource);

/*
 * Makes an object of what such a function has made, between the brackets; from then on it is
 * destroyed through the operations. On failure (VCMD_STATUS_NO_MEMORY) it stays the transport's.
 * desc: as the caller wrote it, zeros stand for defaults; backing_size: the bytes of memory.
 */
enum vcmd_status vcmd_transport_adopt_context(struct vcmd_device *device, uint32_t context_id,
                                              struct vcmd_context **context);
enum vcmd_status vcmd_transport_adopt_resource(struct vcmd_device *device,
                                               const struct vcmd_resource_desc *desc,
                                               uint32_t resource_id, void *memory,
                                               struct vcmd_resource **resource);

/*
 * Goes through an options string "key=value,flag,key=value" and calls fn for each; value is "" for
 * a flag. Stops at the first status that is not VCMD_STATUS_OK and returns it. A key without a name
 * or over 31 bytes, or a value over 255, is VCMD_STATUS_INVALID_OPTION.
 */
enum vcmd_status vcmd_options_parse(const char *options,
                                    enum vcmd_status (*fn)(void *user, const char *key,
                                                           const char *value),
                                    void *user);

#ifdef __cplusplus
}
#endif

#endif
