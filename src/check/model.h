/* SPDX-License-Identifier: MIT */
#ifndef VCMD_CHECK_MODEL_H
#define VCMD_CHECK_MODEL_H

#include "hash.h"
#include <virglcmd/check.h>
#include <virglcmd/enums.h>

/*
 * What a checker knows of the host: the same things that virglrenderer keeps, as far as a packet
 * can go wrong with them. Entries name each other by their number in the tables.
 */

#define VCMD_STAGES  6
#define VCMD_SLOTS   32 /* vertex, uniform, storage and atomic buffers, images, samplers */
#define VCMD_COLORS  8
#define VCMD_STREAMS 4

/* Attachments of a framebuffer behind its colors. */
#define VCMD_AT_DEPTH    VCMD_COLORS
#define VCMD_AT_STENCIL  (VCMD_COLORS + 1)
#define VCMD_ATTACHMENTS (VCMD_COLORS + 2)

/* The slot of SET_FRAMEBUFFER_STATE that is not a color: zsurf. */
#define VCMD_ZSURF VCMD_COLORS

/* An entry's neighbours in a list. */
struct vcmd_model_link {
    uint32_t previous, next;
};

/* Which queries exclude each other. */
enum vcmd_query_group {
    VCMD_GROUP_OCCLUSION = 0,
    VCMD_GROUP_TIME = 1,
    VCMD_GROUP_GENERATED = 2,
    VCMD_GROUP_EMITTED = 3,
    VCMD_GROUP_OVERFLOW = 4,
    VCMD_GROUP_OVERFLOW_ANY = 5,
    VCMD_GROUP_COUNT = 6,
    VCMD_GROUP_TIMESTAMP = 7, /* has no begin */
    VCMD_GROUP_NONE = 8       /* a type that nobody knows */
};

struct vcmd_model_context {
    struct vcmd_hash_node node;
    uint32_t id;
    uint32_t sub;         /* the current one; VCMD_HASH_NONE: not followed */
    uint32_t subs;        /* the first of its list */
    uint32_t attachments; /* the first of its list */
    bool broken;
    bool subs_lost, attachments_lost; /* some did not fit: what is not found may be there */
    bool untracked;                   /* something of it did not fit */
};

/* A resource behind a binding that takes no reference of it: the host follows a bare pointer. */
struct vcmd_model_binding {
    uint32_t resource;
    uint32_t serial; /* of the resource when it was bound */
};

struct vcmd_model_sub {
    struct vcmd_hash_node node;
    struct vcmd_model_link link; /* in the list of its context */
    uint32_t context;
    uint32_t id;
    uint32_t objects;  /* the first of its list */
    bool objects_lost; /* some did not fit: what is not found may be there */

    bool has_elements;             /* vertex elements are bound: */
    uint32_t elements;             /* their handle */
    uint32_t element_slots;        /* bit n: an element reads vertex buffer n */
    uint32_t shader[VCMD_STAGES];  /* serials of what is bound; 0: nothing */
    bool orphans[VCMD_STAGES];     /* that are destroyed, and live until they are no longer bound */
    uint32_t program[VCMD_STAGES]; /* serials of the shaders of the last program */
    bool drawn;                    /* there is one */
    bool launch_left_out;          /* for want of a shader, and nothing was drawn since */
    bool unsure_shaders;           /* one that is not followed may be bound */

    uint32_t colors; /* bit n: a surface is bound */
    uint32_t num_colors;
    bool depth, no_attach, unsure_framebuffer;
    uint32_t surface[VCMD_COLORS + 1]; /* serials, by slot; VCMD_ZSURF is the last */
    /* What GL has attached, as color or as VCMD_AT_: samples; 0: nothing. */
    uint32_t attached[VCMD_ATTACHMENTS];
    uint32_t broken_layers;            /* bit n: GL does not draw to what is attached there */
    uint8_t layered[VCMD_ATTACHMENTS]; /* the target when all of its layers are; else 0 */
    uint32_t height;                   /* of the framebuffer */

    bool blend_refused; /* GL will not take the bound state */
    bool blend_dirty;   /* which has not been told to it yet */

    uint32_t vertex_buffer[VCMD_SLOTS]; /* ids; the host looks an id up only when it changes */
    uint32_t num_vertex_buffers;
    uint32_t bad_strides; /* bit n: GL will refuse that of slot n */
    uint32_t index_buffer;
    uint32_t index_size, index_offset;
    uint32_t negative_viewports; /* bit n: GL will refuse its size, or that of scissor n */
    uint32_t negative_scissors;

    struct vcmd_model_binding uniform[VCMD_STAGES][VCMD_SLOTS];
    struct vcmd_model_binding storage[VCMD_STAGES][VCMD_SLOTS];
    struct vcmd_model_binding image[VCMD_STAGES][VCMD_SLOTS];
    struct vcmd_model_binding atomic[VCMD_SLOTS];
    uint32_t uniforms[VCMD_STAGES], storages[VCMD_STAGES], images[VCMD_STAGES], atomics;
    uint32_t bad_atomics;                       /* bit n: GL does not take what is in slot n */
    uint32_t samplers[VCMD_STAGES][VCMD_SLOTS]; /* handles */
    uint64_t bindings_seen; /* when the resources of all bindings were last looked at */

    uint32_t long_shader[VCMD_STAGES];              /* handle of the one whose text is under way */
    uint32_t query[VCMD_GROUP_COUNT][VCMD_STREAMS]; /* handle of the one that counts */
    bool condition;            /* something decides whether there is drawing: */
    uint32_t condition_query;  /* the handle of that query, */
    uint32_t condition_serial; /* and its serial */
    bool condition_gone;       /* it is destroyed, and no other may have its number in GL by now */
};

struct vcmd_model_object {
    struct vcmd_hash_node node;
    struct vcmd_model_link link; /* in the list of its sub-context */
    uint32_t sub;
    uint32_t handle;
    uint32_t serial; /* as that of a resource: the handle may be that of another one by now */
    uint8_t kind;    /* enum vcmd_object_type */
    uint8_t type;    /* of a query: enum vcmd_query_type */
    uint8_t stage;   /* of a shader */
    uint8_t group;   /* of a query: enum vcmd_query_group */
    uint16_t stream;
    bool used;        /* a query that has been begun, or a timestamp that has been taken */
    bool complete;    /* a shader whose text is all there */
    uint8_t samples;  /* of a surface; 0: GL knows nothing of it */
    bool is_broken;   /* a surface of a layer that is not there, or that has no colors; a stream
                         output target that GL does   not take */
    bool is_refused;  /* a surface that GL does not even attach; a blend state that it does not take
                       */
    bool is_depth;    /* a surface that is attached as depth and stencil, wherever it is named */
    bool is_stencil;  /* as stencil only */
    uint8_t layered;  /* a surface of several layers: the target of its resource; else 0 */
    uint16_t refusal; /* why GL does not take a view when it is set, or a rasterizer when it is
                         bound: enum vcmd_diagnostic_code; 0: it does */
    bool bad_text;    /* a shader whose text does not begin as one */
    bool bound;       /* a sampler state that has been in a slot */
    uint32_t height;  /* of a surface */
    uint32_t slots;   /* of vertex elements: buffers that they read */
    uint32_t size;    /* of a shader's text, in bytes, rounded up to dwords */
    uint32_t offset;  /* of it so far */
};

/* The host keeps so much of the number of samples: a field of 8 bits in its pipe_resource. */
#define VCMD_KEPT_SAMPLES 0xffu

/* A resource as it was created. */
struct vcmd_check_resource {
    uint32_t target, format, bind;
    uint32_t width, height, depth;
    uint32_t array_size, last_level, nr_samples, flags;
    uint64_t backing_size; /* bytes of backing memory; 0: none */
    bool untyped;          /* a blob without a type yet: nothing else is known */
};

struct vcmd_model_resource {
    struct vcmd_hash_node node;
    uint32_t id;
    uint32_t serial;      /* no two resources or objects have the same */
    uint32_t attachments; /* the first of its list */
    struct vcmd_check_resource is;
};

struct vcmd_model_attachment {
    struct vcmd_hash_node node;
    struct vcmd_model_link in_context, in_resource;
    uint32_t context, resource;
};

struct vcmd_checker {
    struct vcmd_checker_desc desc;
    const struct vcmd_host_release *host;
    struct vcmd_hash contexts, subs, objects, resources, attachments;
    uint32_t next_serial;
    uint64_t removals; /* of resources, so far */

    /* So many are there that did not fit: one that is not found may be one of them. */
    uint32_t contexts_lost, resources_lost;
};

static inline struct vcmd_model_context *vcmd_model_context_at(const struct vcmd_checker *checker,
                                                               uint32_t entry)
{
    return vcmd_hash_at(&checker->contexts, entry);
}

static inline struct vcmd_model_sub *vcmd_model_sub_at(const struct vcmd_checker *checker,
                                                       uint32_t entry)
{
    return vcmd_hash_at(&checker->subs, entry);
}

static inline struct vcmd_model_object *vcmd_model_object_at(const struct vcmd_checker *checker,
                                                             uint32_t entry)
{
    return vcmd_hash_at(&checker->objects, entry);
}

static inline struct vcmd_model_resource *vcmd_model_resource_at(const struct vcmd_checker *checker,
                                                                 uint32_t entry)
{
    return vcmd_hash_at(&checker->resources, entry);
}

static inline struct vcmd_model_attachment *
vcmd_model_attachment_at(const struct vcmd_checker *checker, uint32_t entry)
{
    return vcmd_hash_at(&checker->attachments, entry);
}

/* ---- model.c: finding, adding, removing; nothing is reported but a table that is full ---- */

uint32_t vcmd_model_find_context(const struct vcmd_checker *checker, uint32_t context_id);
uint32_t vcmd_model_find_resource(const struct vcmd_checker *checker, uint32_t resource_id);
uint32_t vcmd_model_find_sub(const struct vcmd_checker *checker, uint32_t context, uint32_t id);
uint32_t vcmd_model_find_object(const struct vcmd_checker *checker, uint32_t sub, uint32_t handle);
uint32_t vcmd_model_find_attachment(const struct vcmd_checker *checker, uint32_t context,
                                    uint32_t resource);

/* A sub-context that is not there yet; VCMD_HASH_NONE when there is no room. */
uint32_t vcmd_model_add_sub(struct vcmd_checker *checker, uint32_t context, uint32_t id);
/* With all of its objects. */
void vcmd_model_remove_sub(struct vcmd_checker *checker, uint32_t entry);

uint32_t vcmd_model_add_object(struct vcmd_checker *checker, uint32_t sub, uint32_t handle);
void vcmd_model_remove_object(struct vcmd_checker *checker, uint32_t entry);

#endif
