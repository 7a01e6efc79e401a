/* SPDX-License-Identifier: MIT */
#ifndef DRM_PRIVATE_H
#define DRM_PRIVATE_H

#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>

#include <virglcmd/drm.h>
#include <virglcmd/transport.h>

#include "id_tree.h"
#include "system.h"
#include "uapi.h"

/*
 * The kernel gives each open file one context. So a vcmd_context is a file of its own, but for the
 * first one, which has that of the device: resources are created there, and a program with a single
 * context pays nothing for attaching them. Into another file they come as a dma-buf and back out of
 * it, which the kernel turns into CTX_ATTACH_RESOURCE.
 */
struct drm_context {
    uint32_t id;
    int fd;
    bool main;              /* fd is the device's */
    uint32_t num_rings;     /* 0: only the timeline of the device */
    uint32_t timeline;      /* the device's syncobj in this file; 0 without */
    struct id_tree handles; /* (m) struct drm_handle: what is attached; unused when main */
    uint32_t *shared;       /* (m) handles that submits must name: others use those resources too */
    size_t num_shared;
    struct drm_context *next; /* (m) */
};

/* What a resource is called in the file of a context. */
struct drm_handle {
    uint32_t resource_id;
    uint32_t handle;
};

struct drm_resource {
    uint32_t id;     /* what commands call it: res_handle */
    uint32_t handle; /* in the device's file: bo_handle */
    struct vcmd_resource_desc desc;
    void *memory; /* the mapped backing; NULL without */
    size_t size;  /* of the mapping */
    uint32_t blob_mem;
    bool may_be_hidden; /* if the kernel does not let it be mapped, then it goes without */
    bool shared;        /* others may use it too, so submits must name it */
    uint64_t last_use;  /* (m) the submit after which it was put into the cache */
    struct drm_resource *older, *newer; /* (m) neighbours in the cache */
};

/* A fence that has been given out and has not been seen to be reached. */
struct drm_fence {
    uint64_t number;
    uint64_t submits; /* how many submits had been made with it */
    int fd;
};

struct drm_fences {
    pthread_mutex_t mutex; /* guards what is below; never held while waiting */
    uint64_t last;         /* the highest number given out */
    uint64_t reached;      /* all up to here have been */
    uint64_t submits;      /* with and without a fence */
    uint64_t done;         /* so many of them are known to be through */
    unsigned waiting;      /* threads that wait for some fd: nothing is closed meanwhile */
    struct drm_fence *list;
    size_t count, capacity;
    uint32_t timeline; /* syncobj whose points are the numbers; 0: sync files, in the list */
};

/* Freed buffers that may be had again. */
struct drm_cache {
    struct drm_resource *oldest, *newest;
    size_t count;
    size_t bytes, max_bytes; /* max_bytes 0: off */
};

struct drm_device {
    const struct drm_system *system;
    struct vcmd_log log;
    struct vcmd_drm_info info;
    int fd;
    bool has_transfer3d; /* commands may transfer, with any strides */

    pthread_mutex_t mutex; /* guards what is marked (m); held over short ioctls only */
    /*
     * One submit after the other: fences grow as the kernel sees them. And no handle that others
     * share is closed while a submit names it or an import finds it. Taken before the other mutex.
     */
    pthread_mutex_t submit;
    bool main_begun;              /* (m) the device's file has its context */
    bool main_lent;               /* (m) a vcmd_context has, or had, that one */
    uint32_t last_context;        /* (m) */
    struct drm_context *contexts; /* (m) */
    struct id_tree resources;     /* (m) struct drm_resource */

    struct drm_fences fences;
    struct drm_cache cache; /* (m) */
};

/* ---- calls and errors (errors.c) ---- */

/* Repeats what was interrupted. Returns 0 or an errno. */
int drm_call(const struct drm_device *device, int fd, unsigned long request, void *arg);

/* The status for an errno. */
enum vcmd_status drm_status(int error);

/* What there is to say about an errno, beyond its own text; "" if nothing. */
const char *drm_hint(int error);

/* Logs "drm: WHAT: text of the errno; what to do", and returns its status. */
__attribute__((format(printf, 3, 4))) enum vcmd_status drm_fail(const struct drm_device *device,
                                                                int error, const char *format, ...);

/* Logs "drm: ..." and returns status. */
__attribute__((format(printf, 3, 4))) enum vcmd_status
drm_refuse(const struct drm_device *device, enum vcmd_status status, const char *format, ...);

/* ---- finding a device (node.c) ---- */

/* Opens what the options name, or the first node that will do. On failure nothing is open. */
enum vcmd_status drm_node_open(struct drm_device *device, const char *path, int fd);

/* A parameter's value; 0 when the kernel does not know it. *value is only set on success. */
int drm_get_param(const struct drm_device *device, int fd, uint64_t param, int32_t *value);

/* ---- objects ---- */

struct drm_context *drm_find_context(struct drm_device *device, uint32_t context_id);
struct drm_resource *drm_find_resource(struct drm_device *device, uint32_t resource_id);

/* CONTEXT_INIT on the device's file, once, before the first use of 3D there. */
enum vcmd_status drm_begin_main(struct drm_device *device, const char *name);

/* A context with a file of its own, with what desc asks for. */
enum vcmd_status drm_context_open(struct drm_device *device,
                                  const struct vcmd_drm_context_desc *desc, uint32_t *context_id);

enum vcmd_status drm_context_create(void *self, const char *name, uint32_t *context_id);
void drm_context_destroy(void *self, uint32_t context_id);
enum vcmd_status drm_attach(void *self, uint32_t context_id, uint32_t resource_id);
enum vcmd_status drm_detach(void *self, uint32_t context_id, uint32_t resource_id);

/* What the resource is called in the file of the context; 0: it is not attached. */
uint32_t drm_handle_in(struct drm_device *device, const struct drm_context *context,
                       const struct drm_resource *resource);

/* A dma-buf of a handle of a file; -1, and the errno. And a handle in a file for a dma-buf. */
int drm_export(const struct drm_device *device, int fd, uint32_t handle, int *error);
int drm_import(const struct drm_device *device, int fd, int dma_buf, uint32_t *handle);

/* From now on submits name the resource, in all contexts that have it. */
enum vcmd_status drm_share(struct drm_device *device, struct drm_resource *resource);

/* Handles that every submit of the context names. Both need the mutex. False: no memory. */
bool drm_context_share(struct drm_context *context, uint32_t handle);
void drm_context_unshare(struct drm_context *context, uint32_t handle);

void drm_gem_close(const struct drm_device *device, int fd, uint32_t handle);

enum vcmd_status drm_resource_create(void *self, const struct vcmd_resource_desc *desc,
                                     uint32_t *resource_id, void **memory);
void drm_resource_destroy(void *self, uint32_t resource_id);

/*
 * The second half of making a resource, however the kernel came by it: maps size bytes of it (0:
 * none) and enters it into the table. On failure the handle is closed and *resource freed.
 */
enum vcmd_status drm_resource_finish(struct drm_device *device, struct drm_resource *resource,
                                     size_t size);
/* Unmaps, closes, frees: it is in no table any more. */
void drm_resource_release(struct drm_device *device, struct drm_resource *resource);

/* ---- the cache of freed buffers (cache.c); all need the mutex ---- */

/* True: the cache has taken it, and may be too full now. */
bool drm_cache_put(struct drm_device *device, struct drm_resource *resource);
/* The oldest one, taken out while the cache is too full; NULL: it is not. */
struct drm_resource *drm_cache_evict(struct drm_device *device);
/* An idle buffer of this description; NULL: there is none. */
struct drm_resource *drm_cache_take(struct drm_device *device,
                                    const struct vcmd_resource_desc *desc);
/* Nothing is kept any more. Takes the mutex itself. */
void drm_cache_stop(struct drm_device *device);
/* The next one to release when the device closes. */
struct drm_resource *drm_cache_pop(struct drm_device *device);

/* ---- work ---- */

enum vcmd_status drm_get_capset(void *self, uint32_t capset_id, void *bytes, size_t capacity,
                                size_t *size);
enum vcmd_status drm_transfer(void *self, uint32_t context_id, uint32_t resource_id,
                              uint32_t direction, const struct vcmd_transfer *transfer);
enum vcmd_status drm_submit(void *self, uint32_t context_id, struct vcmd_buffer *buf,
                            uint64_t *fence);
enum vcmd_status drm_fence_wait(void *self, uint64_t fence, uint64_t timeout_ns);

/* WAIT on a buffer of a file, as long as it takes within reason. */
enum vcmd_status drm_wait_idle(struct drm_device *device, int fd, uint32_t handle, const char *what,
                               uint32_t id);

/* TOO_LONG for a stream that hosts do not take in one piece. */
enum vcmd_status drm_check_length(const struct drm_device *device, const struct vcmd_buffer *buf);

/* Handles, in the file of a context, of what a submit uses and others wait for. */
struct drm_names {
    const uint32_t *handles;
    size_t count;
};

/*
 * EXECBUFFER in its turn, with the names and those of everything that is shared. fence NULL:
 * without a fence of the device. Returns 0 or an errno.
 */
int drm_exec(struct drm_device *device, const struct drm_context *context,
             const struct drm_names *names, struct vg_execbuffer *args, uint64_t *fence);

/* EXECBUFFER, repeated when interrupted. Returns 0 or an errno; out fields are only set on 0. */
int drm_execbuffer(const struct drm_device *device, int fd, struct vg_execbuffer *args);

/* ---- fences (fences.c) ---- */

/* Without the kernel: the lock and the list. */
bool drm_fences_init(struct drm_device *device);
void drm_fences_destroy(struct drm_device *device);

/* The syncobj, where the kernel has timelines of them; and what keeps fds. */
enum vcmd_status drm_fences_open(struct drm_device *device);
void drm_fences_close(struct drm_device *device);
/* The same syncobj in the file of another context; *timeline 0 where there is none. */
enum vcmd_status drm_fences_join(struct drm_device *device, int fd, uint32_t *timeline);

/*
 * Before a submit: room for one more fence. Returns 0 or an errno; ETIME: too many are outstanding
 * as it is, and none has been reached for a minute.
 */
int drm_fences_reserve(struct drm_device *device);
/* After a submit: its number; fd is taken over, -1 with a timeline. */
uint64_t drm_fences_add(struct drm_device *device, int fd);
/* A submit without a fence. */
void drm_fences_count(struct drm_device *device);
/* How many submits there were; and that all of them up to there are through. */
uint64_t drm_fences_submits(struct drm_device *device);
void drm_fences_note_done(struct drm_device *device, uint64_t submits);
/* True when everything up to that submit is known to be through. Asks, does not wait. */
bool drm_fences_are_done(struct drm_device *device, uint64_t submits);

/* ---- life (drm.c) ---- */

enum vcmd_status drm_open_on(const struct drm_system *system, const char *options,
                             const struct vcmd_log *log, const struct vcmd_device_ops **ops,
                             void **self);
extern const struct vcmd_device_ops drm_ops;

#endif
