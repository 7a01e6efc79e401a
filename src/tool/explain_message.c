/* SPDX-License-Identifier: MIT */
#include "explain.h"

#include <inttypes.h>
#include <stdio.h>

/* Messages of virglrenderer that stand alone: without an error of a context, or beside one. */

/* The number behind "failed to complete framebuffer". */
static bool explain_framebuffer(FILE *out, uint32_t status)
{
    static const struct {
        uint32_t status;
        const char *name, *why;
    } known[] = {
        {0x8cd6, "INCOMPLETE_ATTACHMENT",
         "a surface cannot be drawn to: its format, or its size is 0"},
        {0x8cd7, "INCOMPLETE_MISSING_ATTACHMENT", "there is no surface at all"},
        {0x8cd9, "INCOMPLETE_DIMENSIONS", "the surfaces are of different sizes"},
        {0x8cdb, "INCOMPLETE_DRAW_BUFFER", "a colour buffer that is drawn to is not there"},
        {0x8cdc, "INCOMPLETE_READ_BUFFER", "the colour buffer that is read is not there"},
        {0x8cdd, "UNSUPPORTED", "the host's OpenGL cannot have these formats together"},
        {0x8d56, "INCOMPLETE_MULTISAMPLE", "the surfaces have different numbers of samples"},
        {0x8da8, "INCOMPLETE_LAYER_TARGETS", "some surfaces have layers and others have none"},
    };

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (known[i].status != status)
            continue;
        fprintf(out, "  0x%" PRIx32 " is GL_FRAMEBUFFER_%s: %s.\n", status, known[i].name,
                known[i].why);
        return true;
    }
    return false;
}

static bool explain_sampler(FILE *out, uint32_t handle)
{
    fprintf(out, "  It is about the object with handle %" PRIu32 ".\n", handle);
    return true;
}

static const struct {
    const char *phrase;
    const char *text;
    bool (*explain_number)(FILE *out, uint32_t number); /* that stands behind it; NULL: none */
    const char *word;                                   /* that says more; NULL: none */
} messages[] = {
    {"illegal VE setup",
     "The host skipped a draw: no vertex elements object is bound. None was, its handle was 0, or "
     "it "
     "has been destroyed since.",
     NULL, "DRAW_NO_VERTEX_ELEMENTS"},
    {"dropping rendering due to missing shaders",
     "The host skipped a draw or a dispatch: there is no program. A shader is not bound, or they "
     "could not be compiled or linked, which the log says before.",
     NULL, "DRAW_NO_SHADER"},
    {"shader failed to compile",
     "The host's OpenGL did not take the GLSL that the host made of a shader; what it says about "
     "it "
     "comes behind this line, and then the shader. Draws with it are skipped.",
     NULL, "VIRGL_ERROR_CTX_ILLEGAL_SHADER"},
    {"failure to compile shader variants",
     "The host skipped draws: for the state that is bound it needs another form of a shader, and "
     "its "
     "OpenGL did not take that.",
     NULL, "VIRGL_ERROR_CTX_ILLEGAL_SHADER"},
    {"Error linking program",
     "The host's OpenGL could not link the shaders that are bound: each was compiled, and they do "
     "not "
     "fit together; what it says about it comes behind this line. Draws with them are skipped.",
     NULL, "VIRGL_ERROR_CTX_ILLEGAL_SHADER"},
    {"failed to complete framebuffer",
     "The surfaces of SET_FRAMEBUFFER_STATE are no framebuffer that OpenGL can draw to. The host "
     "goes "
     "on; draws and clears are without effect, and end as errors of OpenGL.",
     explain_framebuffer, "SET_FRAMEBUFFER_STATE"},
    {"Entering with stale GL error:",
     "Before the host filled in what it offers it found an error of OpenGL that nobody had asked "
     "for. "
     "It comes from an earlier command or from the start of the host, and does no harm here.",
     explain_gl_error, NULL},
    {"Failed to bind sampler state (handle=",
     "The sub-context has no sampler state with this handle. The host leaves the slot empty, and "
     "the "
     "context is not in error.",
     explain_sampler, "BIND_SAMPLER_STATES"},
    {"VBO missing indexed array buffer",
     "The host skipped an indexed draw: no index buffer is bound.", NULL, "SET_INDEX_BUFFER"},
    {"cannot find vbo buf",
     "A vertex element names a vertex buffer that is not bound: the first number is that of the "
     "element. The host leaves the attribute out.",
     NULL, "SET_VERTEX_BUFFERS"},
};

bool explain_message(FILE *out, const char *line)
{
    for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
        const char *behind = explain_behind(line, messages[i].phrase);
        uint32_t number;

        if (!behind)
            continue;
        explain_print(out, "", messages[i].text);
        if (messages[i].explain_number && explain_number_at(behind, &number))
            messages[i].explain_number(out, number);
        if (messages[i].word)
            explain_word(out, messages[i].word);
        return true;
    }
    return false;
}
