/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define EGL_EGLEXT_PROTOTYPES
#define GL_GLEXT_PROTOTYPES
#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <GL/gl.h>
#include <GL/glext.h>
#include <gbm.h>
#include <xf86drm.h>

#include <drm_fourcc.h>

#include "node.h"
#include "scenes.h"

#define SIZE 64

/* Extensions that desktop GL has no header for, or no symbol. */
typedef void (*image_target_fn)(GLenum target, GLeglImageOES image);
typedef void (*texture_samples_fn)(GLenum target, GLenum attachment, GLenum textarget,
                                   GLuint texture, GLint level, GLsizei samples);

static struct {
    struct gbm_device *gbm;
    EGLDisplay display;
    EGLContext context;
} egl;

static bool complain(const char *what)
{
    fprintf(stderr, "gl: %s (EGL 0x%x)\n", what, (unsigned)eglGetError());
    return false;
}

static bool begin(int fd, EGLenum api)
{
    static const EGLint of_es[] = {EGL_CONTEXT_CLIENT_VERSION, 2, EGL_NONE};

    egl.gbm = gbm_create_device(fd);
    if (!egl.gbm)
        return complain("no GBM device");
    egl.display = eglGetPlatformDisplay(EGL_PLATFORM_GBM_KHR, egl.gbm, NULL);
    if (!egl.display || !eglInitialize(egl.display, NULL, NULL))
        return complain("no display");
    eglBindAPI(api);
    egl.context = eglCreateContext(egl.display, EGL_NO_CONFIG_KHR, EGL_NO_CONTEXT,
                                   api == EGL_OPENGL_ES_API ? of_es : NULL);
    if (!egl.context || !eglMakeCurrent(egl.display, EGL_NO_SURFACE, EGL_NO_SURFACE, egl.context))
        return complain("no context");
    if (!strstr((const char *)glGetString(GL_RENDERER), "virgl"))
        return complain("this is not virgl");
    return true;
}

static bool end(bool good)
{
    if (good && glGetError() != GL_NO_ERROR)
        good = complain("a GL error");
    if (egl.display) {
        eglMakeCurrent(egl.display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
        if (egl.context)
            eglDestroyContext(egl.display, egl.context);
        eglTerminate(egl.display);
    }
    if (egl.gbm)
        gbm_device_destroy(egl.gbm);
    return good;
}

/* A framebuffer of one texture, cleared to blue. */
static GLuint make_target(void)
{
    GLuint texture, framebuffer;

    glGenTextures(1, &texture);
    glBindTexture(GL_TEXTURE_2D, texture);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, SIZE, SIZE, 0, GL_RGBA, GL_UNSIGNED_BYTE, NULL);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
    glGenFramebuffers(1, &framebuffer);
    glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture, 0);
    glViewport(0, 0, SIZE, SIZE);
    glClearColor(0, 0, 1, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    return texture;
}

static bool pixel_is(int x, int y, uint32_t red, uint32_t green, uint32_t blue)
{
    uint8_t p[4] = {0};

    glReadPixels(x, y, 1, 1, GL_RGBA, GL_UNSIGNED_BYTE, p);
    if (p[0] == red && p[1] == green && p[2] == blue)
        return true;
    fprintf(stderr, "gl: pixel %d, %d is %d, %d, %d\n", x, y, p[0], p[1], p[2]);
    return false;
}

/* The lower left half of the target, in the current colour or texture. */
static const float corners[] = {-1, -1, 1, -1, -1, 1};

bool draw_plain(int fd)
{
    bool good = begin(fd, EGL_OPENGL_API);

    if (good) {
        make_target();
        glColor3f(0, 1, 0);
        glVertexPointer(2, GL_FLOAT, 0, corners);
        glEnableClientState(GL_VERTEX_ARRAY);
        glDrawArrays(GL_TRIANGLES, 0, 3);
        good = pixel_is(8, 8, 0, 255, 0) && pixel_is(SIZE - 8, SIZE - 8, 0, 0, 255);
    }
    return end(good);
}

bool ask_memory(int fd)
{
    GLint kilobytes = -1;
    bool good = begin(fd, EGL_OPENGL_API);

    if (good) {
        glGetIntegerv(GL_GPU_MEMORY_INFO_DEDICATED_VIDMEM_NVX, &kilobytes);
        good = kilobytes >= 0 || complain("no answer about memory");
    }
    return end(good);
}

/* A vertex buffer that stays mapped while it is drawn from. */
bool draw_blob(int fd)
{
    const GLbitfield flags = GL_MAP_WRITE_BIT | GL_MAP_PERSISTENT_BIT | GL_MAP_COHERENT_BIT;
    bool good = begin(fd, EGL_OPENGL_API);
    void *memory;
    GLuint buffer;

    if (!good)
        return end(good);
    make_target();
    glGenBuffers(1, &buffer);
    glBindBuffer(GL_ARRAY_BUFFER, buffer);
    glBufferStorage(GL_ARRAY_BUFFER, sizeof(corners), NULL, flags);
    memory = glMapBufferRange(GL_ARRAY_BUFFER, 0, sizeof(corners), flags);
    good = memory || complain("no mapping");
    if (memory) {
        memcpy(memory, corners, sizeof(corners));
        glVertexPointer(2, GL_FLOAT, 0, NULL);
        glEnableClientState(GL_VERTEX_ARRAY);
        glDrawArrays(GL_TRIANGLES, 0, 3);
        good = pixel_is(8, 8, 255, 255, 255) && pixel_is(SIZE - 8, SIZE - 8, 0, 0, 255);
    }
    glDeleteBuffers(1, &buffer);
    return end(good);
}

static EGLImage import_image(int foreign)
{
    const EGLint attributes[] = {EGL_WIDTH,
                                 SIZE,
                                 EGL_HEIGHT,
                                 SIZE,
                                 EGL_LINUX_DRM_FOURCC_EXT,
                                 (EGLint)DRM_FORMAT_ARGB8888,
                                 EGL_DMA_BUF_PLANE0_FD_EXT,
                                 foreign,
                                 EGL_DMA_BUF_PLANE0_OFFSET_EXT,
                                 0,
                                 EGL_DMA_BUF_PLANE0_PITCH_EXT,
                                 4 * SIZE,
                                 EGL_NONE};
    PFNEGLCREATEIMAGEKHRPROC create =
        (PFNEGLCREATEIMAGEKHRPROC)eglGetProcAddress("eglCreateImageKHR");

    return create(egl.display, EGL_NO_CONTEXT, EGL_LINUX_DMA_BUF_EXT, NULL, attributes);
}

bool draw_import(int fd)
{
    bool good = begin(fd, EGL_OPENGL_API);
    image_target_fn target;
    EGLImage image;
    GLuint texture, framebuffer;

    if (!good)
        return end(good);
    image = import_image(node_foreign_buffer(SIZE, SIZE));
    target = (image_target_fn)eglGetProcAddress("glEGLImageTargetTexture2DOES");
    if (!image || !target)
        return end(complain("the foreign buffer cannot be imported"));
    glGenTextures(1, &texture);
    glBindTexture(GL_TEXTURE_2D, texture);
    target(GL_TEXTURE_2D, image);
    glGenFramebuffers(1, &framebuffer);
    glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture, 0);
    glClearColor(1, 0, 0, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    good = pixel_is(8, 8, 255, 0, 0);
    glDeleteFramebuffers(1, &framebuffer);
    glDeleteTextures(1, &texture);
    eglDestroyImage(egl.display, image);
    return end(good);
}

/* Drawing with samples into a texture without: GL_EXT_multisampled_render_to_texture. */
bool draw_samples(int fd)
{
    bool good = begin(fd, EGL_OPENGL_ES_API);
    texture_samples_fn attach;
    GLuint texture;

    if (!good)
        return end(good);
    attach = (texture_samples_fn)eglGetProcAddress("glFramebufferTexture2DMultisampleEXT");
    if (!attach ||
        !strstr((const char *)glGetString(GL_EXTENSIONS), "GL_EXT_multisampled_render_to_texture"))
        return end(complain("no rendering with samples to textures"));
    texture = make_target();
    attach(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture, 0, 4);
    if (glCheckFramebufferStatus(GL_FRAMEBUFFER) != GL_FRAMEBUFFER_COMPLETE)
        return end(complain("the framebuffer with samples is not complete"));
    glClearColor(1, 0, 0, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    return end(pixel_is(8, 8, 255, 0, 0));
}
