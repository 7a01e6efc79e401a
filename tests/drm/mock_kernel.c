/* SPDX-License-Identifier: MIT */
/* anonymous memory: not in plain C11 */
#define _DEFAULT_SOURCE

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "drm_private.h"
#include "mock_kernel.h"
#include "mock_private.h"

#define FIRST_FD 100

struct mock mock;

void mock_reset(void)
{
    mock_assert_clean();
    memset(&mock, 0, sizeof(mock));
    mock.num_nodes = 1;
    for (int i = 0; i < 4; i++)
        mock.driver[i] = "virtio_gpu";
    mock.version_minor = 1;
    mock.capset2_size = 1376;
    mock.max_capset_version = 2;
    mock.last_resource = 3; /* those of the console */
}

void mock_forget(void)
{
    mock.num_last = 0;
    mock.polls = 0;
    mock.num_transfers = 0;
}

size_t mock_count(unsigned long request)
{
    size_t count = 0;

    for (size_t i = 0; i < mock.num_last; i++)
        count += mock.last[i] == request;
    return count;
}

void mock_assert_clean(void)
{
    assert_int_equal(mock.open_files, 0);
    assert_int_equal(mock.mappings, 0);
    assert_int_equal(mock.objects, 0);
}

/* ---- every call comes by here ---- */

static bool fails(unsigned long request, uint64_t detail)
{
    if (mock.calls < MOCK_MAX_TRACE)
        mock.trace[mock.calls] = (struct mock_call){request, detail};
    mock.calls++;
    if (mock.goes_away_at > 0 && mock.calls >= mock.goes_away_at)
        mock.unplugged = true;
    if (mock.fail_at > 0 && --mock.fail_at == 0) {
        errno = mock.fail_errno;
        return true;
    }
    return false;
}

static bool interrupted(void)
{
    static unsigned left;
    static bool counting;

    if (mock.interruptions == 0) {
        counting = false;
        return false;
    }
    if (!counting) {
        left = mock.interruptions;
        counting = true;
    }
    if (left == 0) {
        counting = false;
        return false;
    }
    left--;
    errno = EINTR;
    return true;
}

/* ---- files ---- */

int mock_new_file(enum mock_kind kind)
{
    for (int i = 0; i < MOCK_MAX_FILES; i++) {
        if (mock.files[i].kind != MOCK_FREE)
            continue;
        memset(&mock.files[i], 0, sizeof(mock.files[i]));
        mock.files[i].kind = kind;
        mock.open_files++;
        if (mock.open_files > mock.max_open_files)
            mock.max_open_files = mock.open_files;
        return FIRST_FD + i;
    }
    errno = EMFILE;
    return -1;
}

struct mock_file *mock_file(int fd)
{
    if (fd < FIRST_FD || fd >= FIRST_FD + MOCK_MAX_FILES ||
        mock.files[fd - FIRST_FD].kind == MOCK_FREE)
        return NULL;
    return &mock.files[fd - FIRST_FD];
}

void *mock_alloc(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    assert_true(memory != MAP_FAILED);
    return memory;
}

void mock_unreference(struct mock_object *object)
{
    if (--object->references > 0)
        return;
    munmap(object->memory, object->size);
    munmap(object, sizeof(*object));
    mock.objects--;
}

static int mock_list_nodes(char paths[DRM_MAX_NODES][DRM_PATH_BYTES])
{
    if (fails(MOCK_LIST, 0))
        return -1;
    for (int i = 0; i < mock.num_nodes; i++)
        (void)snprintf(paths[i], DRM_PATH_BYTES, "/dev/dri/renderD%d", 128 + i);
    return mock.num_nodes;
}

static int mock_open(const char *path)
{
    int node = 0;
    int fd;

    if (fails(MOCK_OPEN, 0) || interrupted())
        return -1;
    if (mock.no_permission || mock.unplugged) {
        errno = mock.unplugged ? ENODEV : EACCES;
        return -1;
    }
    if (strncmp(path, "/proc/self/fd/", 14) == 0) {
        const struct mock_file *same = mock_file((int)strtol(path + 14, NULL, 10));

        assert_non_null(same);
        node = same->node;
    } else if (strncmp(path, "/dev/dri/renderD", 16) == 0) {
        node = (int)strtol(path + 16, NULL, 10) - 128;
    }
    if (node < 0 || node >= mock.num_nodes) {
        errno = ENOENT;
        return -1;
    }
    fd = mock_new_file(MOCK_NODE);
    if (fd >= 0)
        mock_file(fd)->node = node;
    return fd;
}

/* The tests use it on descriptors of nodes alone; the copy has the same context in truth. */
static int mock_duplicate(int fd)
{
    if (fails(MOCK_DUPLICATE, 0))
        return -1;
    if (!mock_file(fd)) {
        errno = EBADF;
        return -1;
    }
    fd = mock_new_file(MOCK_NODE);
    if (fd >= 0)
        mock_file(fd)->has_context = true;
    return fd;
}

static int mock_close(int fd)
{
    struct mock_file *file = mock_file(fd);

    assert_non_null(file); /* closed twice, or never open */
    for (size_t i = 0; i < MOCK_MAX_HANDLES; i++) {
        if (!file->handles[i])
            continue;
        mock_unreference(file->handles[i]);
        mock.left_handles++;
    }
    mock.left_syncobjs += file->syncobjs;
    if (file->object)
        mock_unreference(file->object);
    file->kind = MOCK_FREE;
    mock.open_files--;
    return 0;
}

/* ---- memory ---- */

static void *mock_map(size_t size, int fd, uint64_t offset)
{
    struct mock_object *object;

    if (fails(MOCK_MAP, 0))
        return NULL;
    object = mock_file(fd)->handles[offset >> 12];
    assert_non_null(object);
    assert_true(size <= object->size);
    if (object->hidden) {
        errno = EINVAL;
        return NULL;
    }
    object->references++;
    mock.mappings++;
    return object->memory;
}

static int mock_unmap(void *memory, size_t size)
{
    assert_true(size > 0);
    for (int i = 0; i < MOCK_MAX_FILES; i++) {
        for (int j = 0; j < MOCK_MAX_HANDLES && mock.files[i].kind == MOCK_NODE; j++) {
            struct mock_object *object = mock.files[i].handles[j];

            if (!object || object->memory != memory)
                continue;
            mock.mappings--;
            mock_unreference(object);
            return 0;
        }
    }
    fail_msg("unmapped what is not mapped");
    return -1;
}

/* ---- time ---- */

static int mock_poll(int fd, int64_t timeout_ns)
{
    const struct mock_file *file = mock_file(fd);

    assert_non_null(file);
    mock.polls++;
    if (fails(MOCK_POLL, timeout_ns != 0) || interrupted())
        return -1;
    assert_int_equal(file->kind, MOCK_SYNC_FILE);
    mock_pass_time();
    if (file->fence <= mock.reached_fence)
        return 1;
    assert_true(timeout_ns >= 0); /* else this would never end */
    mock.now += timeout_ns;
    return 0;
}

void mock_pass_time(void)
{
    if (mock.signalled_late > 0)
        mock.signalled_late--;
    else if (!mock.stuck)
        mock.reached_fence = mock.last_fence;
}

static int64_t mock_now(void)
{
    return mock.now;
}

/* Of what there are several kinds by the same number. */
static uint64_t detail_of(unsigned long request, const void *arg)
{
    switch (request) {
    case VG_IOCTL_GETPARAM:
        return ((const struct vg_getparam *)arg)->param;
    case VG_IOCTL_WAIT:
        return ((const struct vg_wait *)arg)->flags;
    default:
        return 0;
    }
}

static int mock_ioctl(int fd, unsigned long request, void *arg)
{
    int error;

    if (mock.num_last < MOCK_MAX_CALLS)
        mock.last[mock.num_last++] = request;
    if (fails(request, detail_of(request, arg)) || interrupted()) {
        /* As old kernels do. */
        if (request == VG_IOCTL_EXECBUFFER)
            ((struct vg_execbuffer *)arg)->fence_fd = -1;
        return -1;
    }
    assert_non_null(mock_file(fd));
    assert_int_equal(mock_file(fd)->kind, MOCK_NODE);
    error = mock.unplugged ? ENODEV : mock_dispatch(mock_file(fd), request, arg);
    if (error == 0)
        return 0;
    errno = error;
    return -1;
}

const struct drm_system mock_system = {
    .list_nodes = mock_list_nodes,
    .open = mock_open,
    .duplicate = mock_duplicate,
    .close = mock_close,
    .ioctl = mock_ioctl,
    .map = mock_map,
    .unmap = mock_unmap,
    .poll = mock_poll,
    .now = mock_now,
};

static enum vcmd_status open_mock(const char *options, const struct vcmd_log *log,
                                  const struct vcmd_device_ops **ops, void **self)
{
    return drm_open_on(&mock_system, options, log, ops, self);
}

const struct vcmd_transport *mock_transport(void)
{
    static const struct vcmd_transport transport = {
        .name = "drm", .description = "a mock", .open = open_mock};

    return &transport;
}
