/* SPDX-License-Identifier: MIT */
/*
 * Draws without vertices. virglrenderer calls OpenGL through epoxy's table of pointers; here those
 * that draw are replaced by ones that hand OpenGL the same call with nothing to draw. It still
 * checks everything else and still reports its errors, but no shader is compiled for the processor
 * and no stream can make it draw for hours. Numbers that OpenGL refuses go through as they are.
 * Indirect draws, whose numbers are in buffers, are left alone.
 */
#include <epoxy/egl.h>
#include <epoxy/gl.h>

#include "host.h"

/* What an implementation must at least dispatch in each direction, and llvmpipe's limit. */
#define MOST_GROUPS 65535u

static struct {
    PFNGLDRAWARRAYSINSTANCEDBASEINSTANCEPROC arrays;
    PFNGLDRAWARRAYSINSTANCEDARBPROC arrays_instanced;
    PFNGLDRAWRANGEELEMENTSBASEVERTEXPROC range;
    PFNGLDRAWELEMENTSINSTANCEDBASEVERTEXBASEINSTANCEPROC elements;
    PFNGLDISPATCHCOMPUTEPROC dispatch;
} real;

static GLsizei nothing(GLsizei count)
{
    return count < 0 ? count : 0;
}

static void draw_arrays(GLenum mode, GLint first, GLsizei count)
{
    real.arrays(mode, first, nothing(count), 1, 0);
}

static void draw_arrays_instanced(GLenum mode, GLint first, GLsizei count, GLsizei instances)
{
    real.arrays_instanced(mode, first, nothing(count), instances);
}

static void draw_arrays_base(GLenum mode, GLint first, GLsizei count, GLsizei instances,
                             GLuint base)
{
    real.arrays(mode, first, nothing(count), instances, base);
}

static void draw_elements(GLenum mode, GLsizei count, GLenum type, const void *indices)
{
    real.elements(mode, nothing(count), type, indices, 1, 0, 0);
}

static void draw_elements_vertex(GLenum mode, GLsizei count, GLenum type, const void *indices,
                                 GLint vertex)
{
    real.elements(mode, nothing(count), type, indices, 1, vertex, 0);
}

static void draw_elements_instanced(GLenum mode, GLsizei count, GLenum type, const void *indices,
                                    GLsizei instances)
{
    real.elements(mode, nothing(count), type, indices, instances, 0, 0);
}

static void draw_elements_instanced_vertex(GLenum mode, GLsizei count, GLenum type,
                                           const void *indices, GLsizei instances, GLint vertex)
{
    real.elements(mode, nothing(count), type, indices, instances, vertex, 0);
}

static void draw_elements_instanced_base(GLenum mode, GLsizei count, GLenum type,
                                         const void *indices, GLsizei instances, GLuint base)
{
    real.elements(mode, nothing(count), type, indices, instances, 0, base);
}

static void draw_elements_all(GLenum mode, GLsizei count, GLenum type, const void *indices,
                              GLsizei instances, GLint vertex, GLuint base)
{
    real.elements(mode, nothing(count), type, indices, instances, vertex, base);
}

static void draw_range(GLenum mode, GLuint start, GLuint end, GLsizei count, GLenum type,
                       const void *indices)
{
    real.range(mode, start, end, nothing(count), type, indices, 0);
}

static void draw_range_vertex(GLenum mode, GLuint start, GLuint end, GLsizei count, GLenum type,
                              const void *indices, GLint vertex)
{
    real.range(mode, start, end, nothing(count), type, indices, vertex);
}

static void dispatch(GLuint x, GLuint y, GLuint z)
{
    if (x > MOST_GROUPS || y > MOST_GROUPS || z > MOST_GROUPS)
        real.dispatch(x, y, z);
    else
        real.dispatch(0, 0, 0);
}

static bool find_real(void)
{
    real.arrays = (PFNGLDRAWARRAYSINSTANCEDBASEINSTANCEPROC)eglGetProcAddress(
        "glDrawArraysInstancedBaseInstance");
    real.arrays_instanced =
        (PFNGLDRAWARRAYSINSTANCEDARBPROC)eglGetProcAddress("glDrawArraysInstancedARB");
    real.range =
        (PFNGLDRAWRANGEELEMENTSBASEVERTEXPROC)eglGetProcAddress("glDrawRangeElementsBaseVertex");
    real.elements = (PFNGLDRAWELEMENTSINSTANCEDBASEVERTEXBASEINSTANCEPROC)eglGetProcAddress(
        "glDrawElementsInstancedBaseVertexBaseInstance");
    real.dispatch = (PFNGLDISPATCHCOMPUTEPROC)eglGetProcAddress("glDispatchCompute");
    return real.arrays && real.arrays_instanced && real.range && real.elements && real.dispatch;
}

bool parity_host_gl(void)
{
    if (!find_real())
        return false;
    epoxy_glDrawArrays = draw_arrays;
    epoxy_glDrawArraysInstancedARB = draw_arrays_instanced;
    epoxy_glDrawArraysInstancedBaseInstance = draw_arrays_base;
    epoxy_glDrawElements = draw_elements;
    epoxy_glDrawElementsBaseVertex = draw_elements_vertex;
    epoxy_glDrawElementsInstancedARB = draw_elements_instanced;
    epoxy_glDrawElementsInstancedBaseVertex = draw_elements_instanced_vertex;
    epoxy_glDrawElementsInstancedBaseInstance = draw_elements_instanced_base;
    epoxy_glDrawElementsInstancedBaseVertexBaseInstance = draw_elements_all;
    epoxy_glDrawRangeElements = draw_range;
    epoxy_glDrawRangeElementsBaseVertex = draw_range_vertex;
    epoxy_glDispatchCompute = dispatch;
    return true;
}
