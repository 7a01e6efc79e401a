/* SPDX-License-Identifier: MIT */

/*
 * Every system call of the transport fails once, with each of several errors, over a mock: what a
 * caller does next works or says why not, and nothing is left open, mapped or alive.
 */
#include "drm_support.h"
#include "failing_memory.h"
#include <errno.h>

struct scene {
    struct vcmd_device *device;
    struct vcmd_context *contexts[3];
    struct vcmd_resource *resources[5];
    int dma_buf;
    unsigned failures;
};

/* Counts what failed; each failure must have said something, or be one that says nothing. */
static bool check(struct scene *s, enum vcmd_status status)
{
    if (status == VCMD_STATUS_OK)
        return true;
    s->failures++;
    return false;
}

static void create_some(struct scene *s)
{
    const struct vcmd_resource_desc texture = {.target = VCMD_TEXTURE_2D,
                                               .format = VCMD_FORMAT_B8G8R8A8_UNORM,
                                               .bind = VCMD_BIND_RENDER_TARGET,
                                               .width = 8,
                                               .height = 8,
                                               .backing_size = 4096};
    const struct vcmd_resource_desc buffer = {.bind = VCMD_BIND_VERTEX_BUFFER, .width = 100};
    const struct vcmd_drm_context_desc rings = {.name = "rings", .num_rings = 2};
    const struct vcmd_drm_blob_desc blob = {
        .mem = VCMD_DRM_BLOB_HOST3D, .flags = VCMD_DRM_BLOB_MAPPABLE, .size = 4096, .blob_id = 5};

    check(s, vcmd_resource_create(s->device, &texture, &s->resources[0]));
    check(s, vcmd_context_create(s->device, "one", &s->contexts[0]));
    check(s, vcmd_context_create(s->device, "two", &s->contexts[1]));
    check(s, vcmd_resource_create(s->device, &buffer, &s->resources[1]));
    vcmd_resource_destroy(s->resources[1]);
    check(s, vcmd_resource_create(s->device, &buffer, &s->resources[1]));
    if (mock.context_init)
        check(s, vcmd_drm_context_create(s->device, &rings, &s->contexts[2]));
    for (size_t i = 0; i < 2; i++) {
        if (mock.blob && s->contexts[i])
            check(s, vcmd_drm_blob_create(s->contexts[i], &blob, &s->resources[2 + i]));
    }
}

static void work_some(struct scene *s, struct vcmd_context *context)
{
    struct vcmd_transfer part = {.box = {1, 1, 0, 2, 2, 1}, .stride = 64};
    struct vcmd_drm_resource_info info;
    uint64_t fence;

    if (!context || !s->resources[0])
        return;
    if (!check(s, vcmd_context_attach(context, s->resources[0])))
        return;
    check(s, vcmd_transfer_to_host(context, s->resources[0], NULL));
    check(s, vcmd_transfer_from_host(context, s->resources[0], &part));
    check(s, submit_nop(context, NULL));
    if (check(s, submit_nop(context, &fence)))
        check(s, vcmd_fence_wait(s->device, fence, VCMD_WAIT_FOREVER));
    check(s, vcmd_drm_resource_get_info(s->resources[0], &info));
    check(s, vcmd_drm_resource_wait(s->resources[0], true));
    check(s, vcmd_drm_resource_wait(s->resources[0], false));
    check(s, vcmd_context_detach(context, s->resources[0]));
}

static void share_some(struct scene *s)
{
    const struct vcmd_resource_desc desc = {.width = 4096};
    const struct vcmd_drm_submit_args args = {.resources = s->resources, .num_resources = 1};
    uint32_t memory[4];
    struct vcmd_buffer buf;

    vcmd_buffer_init(&buf, memory, ARRAY_SIZE(memory), 0);
    vcmd_nop(&buf, &(struct vcmd_nop){0});
    if (!s->resources[0] || !s->contexts[0])
        return;
    if (check(s, vcmd_context_attach(s->contexts[0], s->resources[0])))
        check(s, vcmd_drm_submit(s->contexts[0], &buf, &args));
    if (!check(s, vcmd_drm_resource_export(s->resources[0], &s->dma_buf)))
        return;
    check(s, submit_nop(s->contexts[0], NULL));
    vcmd_resource_destroy(s->resources[0]);
    s->resources[0] = NULL;
    check(s, vcmd_drm_resource_import(s->device, s->dma_buf, &desc, &s->resources[4]));
}

/* The whole scene. Returns how many of its calls failed. */
static unsigned play(void)
{
    struct scene s = {.dma_buf = -1};

    if (check(&s, try_open("", &s.device))) {
        create_some(&s);
        for (size_t i = 0; i < ARRAY_SIZE(s.contexts); i++)
            work_some(&s, s.contexts[i]);
        share_some(&s);
    }
    for (size_t i = 0; i < ARRAY_SIZE(s.resources); i++)
        vcmd_resource_destroy(s.resources[i]);
    for (size_t i = 0; i < ARRAY_SIZE(s.contexts); i++)
        vcmd_context_destroy(s.contexts[i]);
    vcmd_device_close(s.device);
    if (s.dma_buf >= 0)
        mock_system.close(s.dma_buf);
    return s.failures;
}

static void set_kernel(bool is_new)
{
    mock.blob = mock.host_visible = mock.context_init = mock.debug_name = mock.syncobj = is_new;
}

/* Calls whose failure nobody needs to hear of: the second request for a version of a capset, what
 * only asks, what only tidies up. */
static void fail_each(bool is_new, int error)
{
    unsigned silent = 0, calls;

    mock_reset();
    set_kernel(is_new);
    assert_int_equal(play(), 0);
    calls = mock.calls;
    for (unsigned i = 1; i <= calls; i++) {
        unsigned failures;

        mock_reset();
        set_kernel(is_new);
        mock.fail_at = i;
        mock.fail_errno = error;
        log_forget();
        failures = play();
        assert_int_equal(mock.fail_at, 0); /* it came to that */
        if (failures > 0)
            assert_true(log_errors() > 0);
        else
            silent++;
        mock_assert_clean();
    }
    print_message("errno %d, %s kernel: %u calls failed one by one, %u without effect\n", error,
                  is_new ? "new" : "old", calls, silent);
    assert_true(silent < calls / 2);
}

static void each_call_fails_once(void **state)
{
    static const int errors[] = {ENOMEM, ENODEV, EINVAL, ENOSPC, EACCES};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
        fail_each(false, errors[i]);
        fail_each(true, errors[i]);
    }
}

/* The device goes away after each number of calls, and does not come back. */
static void device_goes_away(void **state)
{
    unsigned calls;

    (void)state;
    mock_reset();
    set_kernel(true);
    assert_int_equal(play(), 0);
    calls = mock.calls;
    for (unsigned i = 1; i <= calls; i += 3) {
        mock_reset();
        set_kernel(true);
        mock.goes_away_at = i;
        assert_true(play() > 0 || i + 12 > calls);
        /* With a file all goes that the kernel keeps for it: nothing needs an ioctl that works. */
        assert_int_equal(mock.open_files, 0);
        assert_int_equal(mock.mappings, 0);
    }
}

/* Every allocation fails once, of the transport and of the device layer above it. */
static void fail_each_allocation(bool is_new)
{
    size_t before, count = 0, silent = 0;

    mock_reset();
    set_kernel(is_new);
    before = memory_in_use();
    for (;; count++) {
        unsigned failures;

        mock_reset();
        set_kernel(is_new);
        log_forget();
        memory_fail_after(count);
        failures = play();
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
        cmocka_unit_test_setup_teardown(device_goes_away, begin, end),
        cmocka_unit_test_setup_teardown(each_allocation_fails_once, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
