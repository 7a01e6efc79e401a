/* SPDX-License-Identifier: MIT */

/*
 * Every system call of the transport fails once, with each of several errors, over a mock: the
 * function that made it says so, with the status and the words for that error, what came before it
 * is as it was, and nothing is left open, mapped or alive.
 */
#include "failing_memory.h"
#include "scene.h"
#include <errno.h>
#include <string.h>

#define ANY 0

/* What fails without that the caller hears of it, each on purpose. */
static const struct {
    unsigned long request;
    int error;       /* ANY: each */
    uint64_t detail; /* ANY: each; else with this one only */
    const char *why;
} unheard[] = {
    {DRM_IOCTL_GEM_CLOSE, ANY, ANY, "nothing can be done then; the handle goes with its file"},
    {DRM_IOCTL_SYNCOBJ_DESTROY, ANY, ANY, "as above; the file is closed next"},
    {DRM_IOCTL_SYNCOBJ_QUERY, ANY, ANY, "only to reuse a buffer; a new one is made"},
    {VG_IOCTL_GETPARAM, EINVAL, VG_PARAM_CAPSET_QUERY_FIX, "older kernels: only capset 1"},
    {VG_IOCTL_GETPARAM, EINVAL, VG_PARAM_RESOURCE_BLOB, "older kernels: not offered"},
    {VG_IOCTL_GETPARAM, EINVAL, VG_PARAM_HOST_VISIBLE, "older kernels: not offered"},
    {VG_IOCTL_GETPARAM, EINVAL, VG_PARAM_CROSS_DEVICE, "older kernels: not offered"},
    {VG_IOCTL_GETPARAM, EINVAL, VG_PARAM_CONTEXT_INIT, "older kernels: not offered"},
    {VG_IOCTL_GETPARAM, EINVAL, VG_PARAM_SUPPORTED_CAPSETS, "older kernels: no choice"},
    {VG_IOCTL_GETPARAM, EINVAL, VG_PARAM_EXPLICIT_DEBUG_NAME, "older kernels: not offered"},
    {DRM_IOCTL_GET_CAP, EINVAL, ANY, "older kernels: sync files instead of syncobjs"},
    {VG_IOCTL_GET_CAPS, EINVAL, ANY, "the host has no version 1: version 0 is asked for"},
};

static bool is_heard(const struct mock_call *call, int error)
{
    for (size_t i = 0; i < ARRAY_SIZE(unheard); i++) {
        if (unheard[i].request == call->request &&
            (unheard[i].error == ANY || unheard[i].error == error) &&
            (unheard[i].detail == ANY || unheard[i].detail == call->detail))
            return false;
    }
    if (call->request == MOCK_POLL && call->detail == 0)
        return false; /* only asks, as SYNCOBJ_QUERY */
    /* Busy is no failure there: it is asked again. */
    return !(call->request == VG_IOCTL_WAIT && call->detail == 0 && error == EBUSY);
}

/* The status and the words for an error; "": none. */
static enum vcmd_status expected(const struct mock_call *call, int error, const char **words)
{
    static const struct {
        int error;
        enum vcmd_status status;
    } table[] = {
        {ENOMEM, VCMD_STATUS_NO_MEMORY},     {ENOSPC, VCMD_STATUS_NO_MEMORY},
        {EMFILE, VCMD_STATUS_NO_MEMORY},     {ENODEV, VCMD_STATUS_DEVICE_LOST},
        {EIO, VCMD_STATUS_DEVICE_LOST},      {EINVAL, VCMD_STATUS_OUT_OF_RANGE},
        {EACCES, VCMD_STATUS_NO_PERMISSION}, {EBUSY, VCMD_STATUS_BUSY},
    };

    *words = strerror(error);
    if (call->request == VG_IOCTL_GETPARAM && call->detail == VG_PARAM_3D_FEATURES &&
        error == EINVAL) {
        *words = "virtio_gpu without 3D";
        return VCMD_STATUS_NO_DEVICE;
    }
    if (call->request == VG_IOCTL_WAIT && call->detail == VG_WAIT_NOWAIT && error == EBUSY) {
        *words = NULL;
        return VCMD_STATUS_TIMEOUT;
    }
    for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
        if (table[i].error == error)
            return table[i].status;
    }
    fail_msg("no status for errno %d", error);
    return VCMD_STATUS_OK;
}

static void set_kernel(bool is_new)
{
    mock_reset();
    mock.blob = mock.host_visible = mock.context_init = mock.debug_name = mock.syncobj = is_new;
    log_forget();
}

#define NODE "path=/dev/dri/renderD128"

/* The run without any failure: what the others are compared with. */
static void play_well(struct scene *scene, struct mock_call trace[MOCK_MAX_TRACE], bool is_new,
                      const char *options)
{
    set_kernel(is_new);
    scene_play(scene, options);
    memcpy(trace, mock.trace, sizeof(mock.trace));
    for (size_t i = 0; i < scene->num_steps; i++)
        assert_int_equal(scene->steps[i].status, VCMD_STATUS_OK);
    assert_int_equal(log_errors(), 0);
    assert_int_equal(mock.left_handles + mock.left_syncobjs, 0);
}

static void check_status(const struct scene_step *step, const struct mock_call *call, int error,
                         enum vcmd_status wanted)
{
    if (step->status != wanted)
        fail_msg("request 0x%lx, detail %u: %s: %s gave status %d, not %d", call->request,
                 (unsigned)call->detail, strerror(error), step->text, step->status, wanted);
}

/* Before the failure all is well, and in its step it is said. After it, steps may lack something.
 */
static void check_run(const struct scene *good, const struct scene *bad, unsigned index,
                      const struct mock_call *call, int error)
{
    const bool heard = is_heard(call, error);
    const size_t failing = (size_t)(scene_step_of(good, index) - good->steps);
    const char *words;
    enum vcmd_status wanted = heard ? expected(call, error, &words) : VCMD_STATUS_OK;
    const size_t count = heard ? failing : bad->num_steps;

    for (size_t i = 0; i < count; i++)
        check_status(&bad->steps[i], call, error, VCMD_STATUS_OK);
    if (!heard) {
        assert_int_equal(log_errors(), 0);
        return;
    }
    check_status(&bad->steps[failing], call, error, wanted);
    if (words && !log_has(VCMD_LOG_ERROR, wanted, words))
        fail_msg("%s: request 0x%lx: no line that says \"%s\"", good->steps[failing].text,
                 call->request, words);
}

/* What a failure may leave to the end of its file: the very object that could not be freed. */
static void check_leaks(const struct mock_call *call)
{
    mock_assert_clean();
    if (call->request == DRM_IOCTL_GEM_CLOSE)
        assert_true(mock.left_handles <= 1); /* attaching it again finds it */
    else
        assert_int_equal(mock.left_handles, 0);
    assert_int_equal(mock.left_syncobjs, call->request == DRM_IOCTL_SYNCOBJ_DESTROY);
}

static struct scene good, bad;
static struct mock_call trace[MOCK_MAX_TRACE];

static void fail_each(bool is_new, int error)
{
    unsigned calls, silent = 0;

    play_well(&good, trace, is_new, NODE);
    calls = mock.calls;
    for (unsigned i = 0; i < calls; i++) {
        set_kernel(is_new);
        mock.fail_at = i + 1;
        mock.fail_errno = error;
        scene_play(&bad, NODE);
        assert_int_equal(mock.fail_at, 0); /* it came to that */
        check_run(&good, &bad, i, &trace[i], error);
        check_leaks(&trace[i]);
        silent += !is_heard(&trace[i], error);
    }
    print_message("%s, %s kernel: %u calls failed one by one, %u unheard on purpose\n",
                  strerror(error), is_new ? "new" : "old", calls, silent);
}

static void each_call_fails_once(void **state)
{
    static const int errors[] = {ENOMEM, ENODEV, EIO, EINVAL, ENOSPC, EACCES, EBUSY, EMFILE};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
        fail_each(false, errors[i]);
        fail_each(true, errors[i]);
    }
}

/* Each of those that can be is interrupted once, and nobody notices. */
static void interrupt_each(bool is_new, int error)
{
    unsigned calls;

    play_well(&good, trace, is_new, NODE);
    calls = mock.calls;
    for (unsigned i = 0; i < calls; i++) {
        if (trace[i].request == MOCK_MAP || (trace[i].request == MOCK_OPEN && error == EAGAIN))
            continue; /* gives no such error */
        set_kernel(is_new);
        mock.fail_at = i + 1;
        mock.fail_errno = error;
        scene_play(&bad, NODE);
        assert_int_equal(bad.num_steps, good.num_steps);
        for (size_t j = 0; j < bad.num_steps; j++)
            check_status(&bad.steps[j], &trace[i], error, VCMD_STATUS_OK);
        assert_int_equal(log_errors(), 0);
        mock_assert_clean();
        assert_int_equal(mock.left_handles + mock.left_syncobjs, 0);
    }
}

static void each_call_is_interrupted_once(void **state)
{
    (void)state;
    interrupt_each(false, EINTR);
    interrupt_each(true, EINTR);
    interrupt_each(false, EAGAIN);
    interrupt_each(true, EAGAIN);
}

/* A search looks at the nodes a second time, to say why none will do: then it succeeds. */
static void search_looks_twice(void **state)
{
    unsigned calls;

    (void)state;
    set_kernel(true);
    vcmd_device_close(open_device(NODE));
    calls = mock.calls; /* those of one look, and what is asked of the node that was taken */
    for (unsigned i = 0; i <= calls; i++) {
        struct vcmd_device *device;
        enum vcmd_status status;

        set_kernel(true);
        mock.fail_at = i + 1;
        mock.fail_errno = EIO;
        status = try_open("", &device);
        if (status != VCMD_STATUS_OK)
            assert_int_equal(status, VCMD_STATUS_DEVICE_LOST);
        assert_true(status == VCMD_STATUS_OK || log_has(VCMD_LOG_ERROR, status, strerror(EIO)));
        if (i == 0)
            assert_int_equal(status, VCMD_STATUS_DEVICE_LOST); /* the listing of nodes */
        if (i == 1 || i == 2)
            assert_int_equal(status, VCMD_STATUS_OK); /* open, VERSION */
        vcmd_device_close(device);
        mock_assert_clean();
    }
}

/* It makes a call that says when the device has gone. A poll and a mapping do not. */
static bool needs_the_device(const struct scene_step *step)
{
    for (unsigned i = step->first; i < step->end; i++) {
        if (trace[i].request != MOCK_POLL && trace[i].request != MOCK_MAP &&
            is_heard(&trace[i], ENODEV))
            return true;
    }
    return false;
}

/* The device goes away before the index-th call, and does not come back. */
static void go_away(bool is_new, unsigned index)
{
    set_kernel(is_new);
    mock.goes_away_at = index + 1;
    scene_play(&bad, NODE);
    for (size_t i = 0; i < bad.num_steps; i++) {
        const struct scene_step *step = &bad.steps[i];
        const struct scene_step *same = scene_same_step(&good, step);
        enum vcmd_status wanted = VCMD_STATUS_OK;

        assert_non_null(same);
        /*
         * The step in which it goes may come to its end yet. And where a buffer came from the cache
         * a new one may be wanted.
         */
        if ((same->first >= index && needs_the_device(same)) ||
            (same->end > index && step->status != VCMD_STATUS_OK))
            wanted = VCMD_STATUS_DEVICE_LOST;
        check_status(step, &trace[index], ENODEV, wanted);
        if (wanted != VCMD_STATUS_OK)
            assert_true(log_has(VCMD_LOG_ERROR, VCMD_STATUS_DEVICE_LOST, "the device has gone"));
    }
    /* Handles could not be closed: they go with the files, and with them all else. */
    mock_assert_clean();
}

static void device_goes_away(void **state)
{
    (void)state;
    for (int is_new = 0; is_new < 2; is_new++) {
        unsigned calls;

        play_well(&good, trace, is_new, NODE);
        calls = mock.calls;
        for (unsigned i = 0; i < calls; i++)
            go_away(is_new, i);
    }
}

static unsigned play_counted(void)
{
    unsigned failures = 0;

    scene_play(&bad, "");
    for (size_t i = 0; i < bad.num_steps; i++)
        failures += bad.steps[i].status != VCMD_STATUS_OK;
    return failures;
}

/* Every allocation fails once, of the transport and of the device layer above it. */
static void fail_each_allocation(bool is_new)
{
    size_t before, count = 0, silent = 0;

    set_kernel(is_new);
    before = memory_in_use();
    for (;; count++) {
        unsigned failures;

        set_kernel(is_new);
        memory_fail_after(count);
        failures = play_counted();
        assert_int_equal(memory_in_use(), before);
        mock_assert_clean();
        if (!memory_has_failed())
            break;
        silent += failures == 0;
        assert_true(failures == 0 || log_has(VCMD_LOG_ERROR, VCMD_STATUS_NO_MEMORY, "") ||
                    count == 0);
    }
    memory_fail_after(SIZE_MAX);
    print_message("%s kernel: %zu allocations failed one by one, %zu without effect\n",
                  is_new ? "new" : "old", count, silent);
    assert_true(count > 10);
    assert_int_equal(silent, 0);
}

static void each_allocation_fails_once(void **state)
{
    (void)state;
    fail_each_allocation(false);
    fail_each_allocation(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_call_fails_once, begin, end),
        cmocka_unit_test_setup_teardown(each_call_is_interrupted_once, begin, end),
        cmocka_unit_test_setup_teardown(search_looks_twice, begin, end),
        cmocka_unit_test_setup_teardown(device_goes_away, begin, end),
        cmocka_unit_test_setup_teardown(each_allocation_fails_once, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
