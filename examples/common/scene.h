/* SPDX-License-Identifier: MIT */
#ifndef EXAMPLES_COMMON_SCENE_H
#define EXAMPLES_COMMON_SCENE_H

#include "common/options.h"
#include "common/report.h"
#include <virglcmd/device.h>
#include <virglcmd/virglcmd.h>

/*
 * What an example needs before it comes to its subject: a device, a context, resources, and plain
 * state to draw with. triangle.c spells all of this out; it is the one to copy from.
 */

#define SCENE_MAX_RESOURCES 8
#define SCENE_DWORDS        4096

/* Set name and options, the rest to zero. scene_end() takes it in whatever state it got to. */
struct scene {
    const char *name; /* of the program */
    struct example_options options;
    struct vcmd_device *device;
    struct vcmd_context *context;
    struct vcmd_caps caps;        /* what the host offers */
    struct vcmd_resource *target; /* the picture; NULL in programs that draw none */
    struct vcmd_resource *resources[SCENE_MAX_RESOURCES];
    uint32_t num_resources;
    uint32_t memory[SCENE_DWORDS];
    struct vcmd_buffer buf; /* commands for the context, over memory */
};

/* Opens the device and a context, and begins buf with a sub-context. */
enum vcmd_status scene_open(struct scene *s);

/* VCMD_STATUS_OK when the host has something, else says what is missing. */
enum vcmd_status scene_need(const struct scene *s, bool has, const char *what);

/* A resource that is attached to the context, and destroyed by scene_end(). */
enum vcmd_status scene_create(struct scene *s, const struct vcmd_resource_desc *desc,
                              struct vcmd_resource **resource);

/* A buffer of size bytes, on the host as here; data NULL: zeros. */
enum vcmd_status scene_create_buffer(struct scene *s, uint32_t bind, const void *data,
                                     uint32_t size, struct vcmd_resource **resource);

/* Creates s->target as large as the options say, for SCENE_FORMAT, and encodes it as the target. */
enum vcmd_status scene_create_target(struct scene *s);

/* A format for depth buffers that this host has; 0, and a line on stderr: none. */
uint32_t scene_depth_format(const struct scene *s);

/* Sends buf, empties it, and waits until the host is through with it. */
enum vcmd_status scene_submit(struct scene *s);

/*
 * The end of main: when all went well writes the picture, if there is one, and prints its name;
 * destroys everything. Returns what the program ends with.
 */
int scene_end(struct scene *s, enum vcmd_status status);

/* ---- commands, for the buffer of any context ---- */

#define SCENE_FORMAT VCMD_FORMAT_B8G8R8A8_UNORM

/* The objects that these create. An example's own start at SCENE_OBJECTS. */
enum {
    SCENE_SURFACE = 1,
    SCENE_BLEND,
    SCENE_DSA,
    SCENE_RASTERIZER,
    SCENE_ELEMENTS,
    SCENE_VERTEX,
    SCENE_FRAGMENT,
    SCENE_OBJECTS
};

/* Sub-context 1, as the current one. */
void encode_sub_context(struct vcmd_buffer *buf);

/* All of a texture of SCENE_FORMAT as what is drawn to. surface: the object to create for it. */
void encode_target(struct vcmd_buffer *buf, uint32_t surface, const struct vcmd_resource *texture,
                   uint32_t width, uint32_t height);

/* No blending, no depth or stencil test, no culling. */
void encode_plain_state(struct vcmd_buffer *buf);

/* The position is input 0; input 1 goes to the fragment shader as GENERIC[0]. */
extern const char scene_vertex_text[];

/* The colour is GENERIC[0]. */
extern const char scene_color_text[];

/* Creates a shader under a handle and binds it; text is TGSI. */
void encode_shader(struct vcmd_buffer *buf, uint32_t handle, uint32_t type, const char *text);

/* Both shaders that a draw needs. */
void encode_shaders(struct vcmd_buffer *buf, const char *vertex, const char *fragment);

/* A vertex buffer whose vertices are the attributes in these formats, one tight behind another. */
void encode_vertices(struct vcmd_buffer *buf, const struct vcmd_resource *vertices,
                     const uint32_t *formats, uint32_t num_formats);

/* Clears the colour of the target. */
void encode_clear(struct vcmd_buffer *buf, float red, float green, float blue);

/* Draws count vertices from the first on; prim: VCMD_PRIM_*. */
void encode_draw(struct vcmd_buffer *buf, uint32_t prim, uint32_t first, uint32_t count);

#endif
