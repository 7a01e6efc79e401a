/* SPDX-License-Identifier: MIT */
#ifndef TESTS_DRM_MOCK_KERNEL_H
#define TESTS_DRM_MOCK_KERNEL_H

/*
 * A MOCK of the kernel's virtio_gpu driver and of the files around it: what the transport's table
 * of system calls leads to in the unit tests. It keeps books (files, handles, mappings) and answers
 * as the kernel does, by its rules; it draws nothing. What it says proves that the transport asks
 * as it should and cleans up, not that a kernel answers so: tests/guest is for that.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "system.h"
#include "uapi.h"
#include <virglcmd/transport.h>

#define MOCK_MAX_FILES   1100
#define MOCK_MAX_HANDLES 600
#define MOCK_MAX_CALLS   256
#define MOCK_MAX_TRACE   512

/* Calls that are not ioctls, among the numbers of those. */
enum { MOCK_LIST = 1, MOCK_OPEN, MOCK_DUPLICATE, MOCK_MAP, MOCK_POLL };

struct mock_call {
    unsigned long request; /* of an ioctl, or MOCK_* */
    uint64_t detail; /* the parameter of GETPARAM, the flags of WAIT; poll: 1 if it may wait */
};

enum mock_kind { MOCK_FREE, MOCK_NODE, MOCK_DMA_BUF, MOCK_SYNC_FILE, MOCK_SYNCOBJ_FILE };

struct mock_object {
    uint32_t res_handle;
    unsigned references; /* handles, dma-bufs, mappings */
    size_t size;
    void *memory;
    uint32_t blob_mem;
    bool hidden; /* cannot be mapped */
};

struct mock_file {
    enum mock_kind kind;
    int node;                   /* which node, of MOCK_NODE */
    bool has_context;           /* CONTEXT_INIT, or a first use of 3D */
    bool initialised;           /* by CONTEXT_INIT */
    uint64_t fence;             /* of MOCK_SYNC_FILE */
    unsigned syncobjs;          /* handles of the one syncobj that there is */
    struct mock_object *object; /* of MOCK_DMA_BUF */
    struct mock_object *handles[MOCK_MAX_HANDLES];
    struct vg_context_param params[4]; /* as CONTEXT_INIT got them */
    uint32_t num_params;
    char name[64];
};

struct mock {
    /* ---- knobs; mock_reset() sets them to a kernel 6.1 with virgl ---- */
    int num_nodes;
    const char *driver[4];       /* of node n, "virtio_gpu" */
    bool no_permission;          /* open gives EACCES */
    int version_minor;           /* 1; 0: before Linux 5.0 */
    bool no_3d;                  /* 3D_FEATURES is 0 */
    bool old_params;             /* GETPARAM knows only 3D_FEATURES and CAPSET_QUERY_FIX */
    bool no_query_fix;           /* CAPSET_QUERY_FIX is 0 */
    bool capset1_only;           /* capset 2 is EINVAL */
    size_t capset2_size;         /* 1376 */
    uint32_t max_capset_version; /* 2 */
    bool no_transfer3d;          /* the capset lacks the bit */
    bool blob, host_visible, context_init, debug_name, syncobj;
    bool stuck;              /* fences never signal, buffers stay busy */
    unsigned signalled_late; /* that many polls or waits before a fence signals */
    unsigned interruptions;  /* every ioctl and poll gives EINTR so often first */
    bool unplugged;          /* every ioctl and open gives ENODEV */
    unsigned goes_away_at;   /* unplugged from the n-th call on; 0: never */

    /* Called once, NULL: not. */
    void (*during_exec)(void); /* when EXECBUFFER has looked up its handles */
    void (*during_map)(void);  /* by MAP */

    /* The n-th call from now fails, n from 1; 0: none does. */
    unsigned fail_at;
    int fail_errno;

    /* ---- what happened ---- */
    unsigned calls;                         /* all calls since mock_reset() */
    struct mock_call trace[MOCK_MAX_TRACE]; /* the first of them */
    unsigned long last[MOCK_MAX_CALLS];     /* requests of the last ioctls since mock_forget() */
    size_t num_last;
    unsigned polls;            /* since mock_forget() */
    struct vg_execbuffer exec; /* the last one that succeeded */
    uint32_t exec_handles[16];
    uint32_t stream[64]; /* its first dwords */
    struct vg_transfer transfers[64];
    size_t num_transfers;
    struct vg_exec_syncobj in, out; /* the first ones of the last EXECBUFFER */

    /* ---- books ---- */
    struct mock_file files[MOCK_MAX_FILES];
    size_t open_files, max_open_files;
    size_t mappings;
    size_t objects;
    size_t left_handles, left_syncobjs; /* of files when they were closed */
    uint32_t last_resource;
    uint64_t last_fence, reached_fence; /* reached_fence follows unless stuck */
    uint64_t timeline;                  /* the point that the syncobj has reached */
    int64_t now;
};

extern struct mock mock;
extern const struct drm_system mock_system;

/* Knobs to their defaults, books empty. Fails the test when something was left open. */
void mock_reset(void);
/* Empties the list of calls. */
void mock_forget(void);
/* How many ioctls of a kind there were since then. */
size_t mock_count(unsigned long request);
/* Fails the test when a file, a mapping or an object is left. */
void mock_assert_clean(void);

/* The file of a number that the transport knows. */
struct mock_file *mock_file(int fd);

/* The transport over the mock. */
const struct vcmd_transport *mock_transport(void);

#endif
