/* SPDX-License-Identifier: MIT */

/* The transport's declarations beside those of the system, as far as these go. */
#include "support.h"
#include "uapi.h"

#include <virtgpu_drm.h>

#define SAME_SIZE(a, b) assert_int_equal(sizeof(struct a), sizeof(struct b))
#define SAME_FIELD(a, b, field)                                                                    \
    assert_int_equal(offsetof(struct a, field), offsetof(struct b, field))

static void numbers(void **state)
{
    (void)state;
    assert_int_equal(VG_IOCTL_MAP, DRM_IOCTL_VIRTGPU_MAP);
    assert_int_equal(VG_IOCTL_GETPARAM, DRM_IOCTL_VIRTGPU_GETPARAM);
    assert_int_equal(VG_IOCTL_RESOURCE_CREATE, DRM_IOCTL_VIRTGPU_RESOURCE_CREATE);
    assert_int_equal(VG_IOCTL_RESOURCE_INFO, DRM_IOCTL_VIRTGPU_RESOURCE_INFO);
    assert_int_equal(VG_IOCTL_WAIT, DRM_IOCTL_VIRTGPU_WAIT);
    assert_int_equal(VG_IOCTL_GET_CAPS, DRM_IOCTL_VIRTGPU_GET_CAPS);
    /* These structures have grown since: only the number is the same. */
    assert_int_equal(_IOC_NR(VG_IOCTL_TRANSFER_FROM_HOST),
                     _IOC_NR(DRM_IOCTL_VIRTGPU_TRANSFER_FROM_HOST));
    assert_int_equal(_IOC_NR(VG_IOCTL_TRANSFER_TO_HOST),
                     _IOC_NR(DRM_IOCTL_VIRTGPU_TRANSFER_TO_HOST));
    assert_int_equal(_IOC_NR(VG_IOCTL_EXECBUFFER), _IOC_NR(DRM_IOCTL_VIRTGPU_EXECBUFFER));
    assert_int_equal(VG_EXEC_FENCE_FD_IN, VIRTGPU_EXECBUF_FENCE_FD_IN);
    assert_int_equal(VG_EXEC_FENCE_FD_OUT, VIRTGPU_EXECBUF_FENCE_FD_OUT);
    assert_int_equal(VG_WAIT_NOWAIT, VIRTGPU_WAIT_NOWAIT);
    assert_int_equal(VG_PARAM_3D_FEATURES, VIRTGPU_PARAM_3D_FEATURES);
    assert_int_equal(VG_PARAM_CAPSET_QUERY_FIX, VIRTGPU_PARAM_CAPSET_QUERY_FIX);
}

static void layouts(void **state)
{
    (void)state;
    SAME_SIZE(vg_map, drm_virtgpu_map);
    SAME_FIELD(vg_map, drm_virtgpu_map, offset);
    SAME_FIELD(vg_map, drm_virtgpu_map, handle);
    SAME_FIELD(vg_execbuffer, drm_virtgpu_execbuffer, command);
    SAME_FIELD(vg_execbuffer, drm_virtgpu_execbuffer, bo_handles);
    SAME_FIELD(vg_execbuffer, drm_virtgpu_execbuffer, num_bo_handles);
    SAME_FIELD(vg_execbuffer, drm_virtgpu_execbuffer, fence_fd);
    SAME_SIZE(vg_resource_create, drm_virtgpu_resource_create);
    SAME_FIELD(vg_resource_create, drm_virtgpu_resource_create, last_level);
    SAME_FIELD(vg_resource_create, drm_virtgpu_resource_create, bo_handle);
    SAME_FIELD(vg_resource_create, drm_virtgpu_resource_create, res_handle);
    SAME_FIELD(vg_resource_create, drm_virtgpu_resource_create, size);
    SAME_SIZE(vg_resource_info, drm_virtgpu_resource_info);
    SAME_FIELD(vg_resource_info, drm_virtgpu_resource_info, res_handle);
    SAME_FIELD(vg_resource_info, drm_virtgpu_resource_info, size);
    SAME_SIZE(vg_box, drm_virtgpu_3d_box);
    SAME_FIELD(vg_transfer, drm_virtgpu_3d_transfer_to_host, box);
    SAME_FIELD(vg_transfer, drm_virtgpu_3d_transfer_to_host, level);
    SAME_FIELD(vg_transfer, drm_virtgpu_3d_transfer_to_host, offset);
    SAME_FIELD(vg_transfer, drm_virtgpu_3d_transfer_from_host, level);
    SAME_FIELD(vg_transfer, drm_virtgpu_3d_transfer_from_host, offset);
    SAME_FIELD(vg_get_caps, drm_virtgpu_get_caps, addr);
    SAME_FIELD(vg_get_caps, drm_virtgpu_get_caps, size);
    SAME_FIELD(vg_getparam, drm_virtgpu_getparam, value);
}

#ifdef DRM_IOCTL_VIRTGPU_CONTEXT_INIT
static void newer_headers(void **state)
{
    (void)state;
    assert_int_equal(VG_IOCTL_CONTEXT_INIT, DRM_IOCTL_VIRTGPU_CONTEXT_INIT);
    assert_int_equal(VG_IOCTL_RESOURCE_CREATE_BLOB, DRM_IOCTL_VIRTGPU_RESOURCE_CREATE_BLOB);
    SAME_FIELD(vg_execbuffer, drm_virtgpu_execbuffer, ring_idx);
    SAME_FIELD(vg_resource_create_blob, drm_virtgpu_resource_create_blob, blob_id);
    SAME_FIELD(vg_resource_create_blob, drm_virtgpu_resource_create_blob, cmd);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),
        cmocka_unit_test(layouts),
#ifdef DRM_IOCTL_VIRTGPU_CONTEXT_INIT
        cmocka_unit_test(newer_headers),
#endif
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
