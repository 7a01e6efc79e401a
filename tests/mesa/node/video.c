/* SPDX-License-Identifier: MIT */

/*
 * One picture of H.264 through VA-API. The slice is no picture: nobody here decodes it, since the
 * host has no decoder; what Mesa sends does not depend on it.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <va/va.h>
#include <va/va_drm.h>

#include "scenes.h"

#define WIDTH  64
#define HEIGHT 48

enum { PICTURE, MATRIX, SLICE, DATA, NUM_BUFFERS };

static bool good(const char *what, VAStatus status)
{
    if (status != VA_STATUS_SUCCESS)
        fprintf(stderr, "video: %s: %s\n", what, vaErrorStr(status));
    return status == VA_STATUS_SUCCESS;
}

static VAPictureParameterBufferH264 describe_picture(VASurfaceID surface)
{
    VAPictureParameterBufferH264 picture;

    memset(&picture, 0, sizeof(picture));
    picture.CurrPic.picture_id = surface;
    for (size_t i = 0; i < 16; i++) {
        picture.ReferenceFrames[i].picture_id = VA_INVALID_SURFACE;
        picture.ReferenceFrames[i].flags = VA_PICTURE_H264_INVALID;
    }
    picture.picture_width_in_mbs_minus1 = WIDTH / 16 - 1;
    picture.picture_height_in_mbs_minus1 = HEIGHT / 16 - 1;
    picture.num_ref_frames = 1;
    picture.seq_fields.bits.chroma_format_idc = 1;
    picture.seq_fields.bits.frame_mbs_only_flag = 1;
    return picture;
}

static bool decode(VADisplay display, VAContextID context, VASurfaceID surface)
{
    uint8_t data[256] = {0, 0, 1, 0x65};
    VAPictureParameterBufferH264 picture = describe_picture(surface);
    VAIQMatrixBufferH264 matrix;
    VASliceParameterBufferH264 slice;
    VABufferID buffers[NUM_BUFFERS];
    const struct {
        VABufferType type;
        unsigned size;
        void *bytes;
    } contents[NUM_BUFFERS] = {
        [PICTURE] = {VAPictureParameterBufferType, sizeof(picture), &picture},
        [MATRIX] = {VAIQMatrixBufferType, sizeof(matrix), &matrix},
        [SLICE] = {VASliceParameterBufferType, sizeof(slice), &slice},
        [DATA] = {VASliceDataBufferType, sizeof(data), data},
    };

    memset(&matrix, 16, sizeof(matrix));
    memset(&slice, 0, sizeof(slice));
    slice.slice_data_size = sizeof(data);
    slice.slice_type = 2;
    for (size_t i = 0; i < NUM_BUFFERS; i++) {
        if (!good("a buffer", vaCreateBuffer(display, context, contents[i].type, contents[i].size,
                                             1, contents[i].bytes, &buffers[i])))
            return false;
    }
    return good("begin", vaBeginPicture(display, context, surface)) &&
           good("render", vaRenderPicture(display, context, buffers, NUM_BUFFERS)) &&
           good("end", vaEndPicture(display, context)) &&
           good("sync", vaSyncSurface(display, surface));
}

static bool run(VADisplay display)
{
    VAConfigAttrib attribute = {VAConfigAttribRTFormat, VA_RT_FORMAT_YUV420};
    VASurfaceID surface;
    VAContextID context;
    VAConfigID config;
    bool done;

    if (!good("configuration",
              vaCreateConfig(display, VAProfileH264Main, VAEntrypointVLD, &attribute, 1, &config)))
        return false;
    if (!good("surface", vaCreateSurfaces(display, VA_RT_FORMAT_YUV420, WIDTH, HEIGHT, &surface, 1,
                                          NULL, 0)) ||
        !good("context", vaCreateContext(display, config, WIDTH, HEIGHT, VA_PROGRESSIVE, &surface,
                                         1, &context)))
        return false;
    done = decode(display, context, surface);
    vaDestroyContext(display, context);
    vaDestroySurfaces(display, &surface, 1);
    vaDestroyConfig(display, config);
    return done;
}

bool decode_video(int fd)
{
    VADisplay display = vaGetDisplayDRM(fd);
    int major, minor;
    bool done;

    if (!display || !good("start", vaInitialize(display, &major, &minor)))
        return false;
    done = run(display);
    vaTerminate(display);
    return done;
}
