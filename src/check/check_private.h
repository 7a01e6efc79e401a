/* SPDX-License-Identifier: MIT */
#ifndef VCMD_CHECK_PRIVATE_H
#define VCMD_CHECK_PRIVATE_H

#include "../core/memory.h"
#include "../core/wire.h"
#include "../decode/table.h"
#include "model.h"
#include <virglcmd/check.h>
#include <virglcmd/enums.h>

/*
 * One run over a stream. Each packet goes through three steps: its size; the rules of its command
 * that need nothing but the packet; and, with a checker, those of the model, which the packet then
 * changes. Fields whose rule is in the description come last, so that what a command says about one
 * of them in particular is said once.
 */
struct vcmd_check {
    const struct vcmd_check_desc *desc;
    const struct vcmd_host_release *host;
    struct vcmd_check_result *result;

    /* The model; all NULL without a checker. */
    struct vcmd_checker *checker;
    struct vcmd_model_context *context;
    struct vcmd_model_sub *sub; /* the current one; NULL when it could not be followed */
    uint32_t context_id;

    /* The packet. */
    const uint32_t *dwords; /* the header */
    uint32_t length;        /* of the payload */
    uint32_t opcode, object_type;
    size_t packet, offset;            /* VCMD_NO_PACKET: before the first */
    const struct vcmd_layout *layout; /* NULL: not described */
    uint64_t told;                    /* dwords below 64 with a fault already */
    bool skipped;                     /* the host does not execute it, so that it cannot fail */
};

/* Mip levels that GL has at all, with textures of up to 16384 texels. */
#define VCMD_GL_LEVELS 15u

/* Whether a buffer of the guest is one of GL: query results and staging buffers are not. */
static inline bool vcmd_is_gl_buffer(const struct vcmd_check_resource *is)
{
    return is->target == VCMD_BUFFER && is->bind != VCMD_BIND_CUSTOM &&
           is->bind != VCMD_BIND_STAGING;
}

/* A place in a packet. */
struct vcmd_place {
    uint32_t dword;
    const char *field;
    size_t index;
    bool has_index;
};

static inline struct vcmd_place vcmd_place(uint32_t dword, const char *field)
{
    struct vcmd_place place = {dword, field, 0, false};

    return place;
}

/* In an element of an array. */
static inline struct vcmd_place vcmd_place_in(uint32_t dword, const char *field, size_t index)
{
    struct vcmd_place place = {dword, field, index, true};

    return place;
}

/* A dword of the packet; 0 is the header. The caller knows that it is there. */
static inline uint32_t vcmd_word(const struct vcmd_check *c, uint32_t dword)
{
    return vcmd_wire32(c->dwords[dword]);
}

/* ---- report.c ---- */

void vcmd_report(struct vcmd_check *c, enum vcmd_diagnostic_code code, enum vcmd_severity severity);
void vcmd_report_value(struct vcmd_check *c, enum vcmd_diagnostic_code code,
                       enum vcmd_severity severity, struct vcmd_place place, uint64_t value);
void vcmd_report_limit(struct vcmd_check *c, enum vcmd_diagnostic_code code,
                       enum vcmd_severity severity, struct vcmd_place place, uint64_t value,
                       enum vcmd_limit_kind kind, uint64_t limit);
void vcmd_report_object(struct vcmd_check *c, enum vcmd_diagnostic_code code,
                        enum vcmd_severity severity, struct vcmd_place place, uint32_t handle);
void vcmd_report_resource(struct vcmd_check *c, enum vcmd_diagnostic_code code,
                          enum vcmd_severity severity, struct vcmd_place place, uint32_t resource);
/* Fills what every diagnostic has, and hands it on. */
void vcmd_report_full(struct vcmd_check *c, struct vcmd_diagnostic *diagnostic);
/* Hands a diagnostic on as it is. */
void vcmd_report_to(const struct vcmd_check_desc *desc, const struct vcmd_diagnostic *diagnostic);
/* For faults that have no packet. */
void vcmd_report_outside(struct vcmd_checker *checker, enum vcmd_diagnostic_code code,
                         enum vcmd_severity severity, uint32_t context_id, uint32_t resource);

/* ---- the rules, by subject ---- */

/* A release by its name, NULL for the default one. NULL: there is no such release. */
const struct vcmd_host_release *vcmd_check_host(const char *name);

/* False: the host rejects the packet by its size, and nothing in it can be looked at. */
bool vcmd_check_size(struct vcmd_check *c);
void vcmd_check_fields(struct vcmd_check *c);

/* What a command's own rules are: either may be NULL. */
struct vcmd_rules {
    void (*packet)(struct vcmd_check *c);
    void (*model)(struct vcmd_check *c); /* only with c->context and c->sub */
};

/* Never NULL. */
const struct vcmd_rules *vcmd_rules_of(uint32_t opcode);

void vcmd_packet_create_object(struct vcmd_check *c);
void vcmd_packet_bind_object(struct vcmd_check *c);
void vcmd_packet_slots(struct vcmd_check *c);
void vcmd_packet_framebuffer(struct vcmd_check *c);
void vcmd_packet_stage(struct vcmd_check *c);
void vcmd_packet_uniform_buffer(struct vcmd_check *c);
void vcmd_packet_constant_buffer(struct vcmd_check *c);
void vcmd_packet_index_buffer(struct vcmd_check *c);
void vcmd_packet_draw(struct vcmd_check *c);
void vcmd_packet_clear(struct vcmd_check *c);
void vcmd_packet_blit(struct vcmd_check *c);
void vcmd_packet_transfer(struct vcmd_check *c);
void vcmd_packet_string(struct vcmd_check *c);
void vcmd_packet_images(struct vcmd_check *c);
void vcmd_packet_resource_create(struct vcmd_check *c);
void vcmd_packet_set_type(struct vcmd_check *c);
void vcmd_packet_query_result(struct vcmd_check *c);
void vcmd_packet_feature(struct vcmd_check *c);

void vcmd_model_create_object(struct vcmd_check *c);
void vcmd_model_bind_object(struct vcmd_check *c);
void vcmd_model_destroy_object(struct vcmd_check *c);
void vcmd_model_bind_shader(struct vcmd_check *c);
void vcmd_model_link_shader(struct vcmd_check *c);
void vcmd_model_sampler_views(struct vcmd_check *c);
void vcmd_model_sampler_states(struct vcmd_check *c);
void vcmd_model_streamout(struct vcmd_check *c);
void vcmd_model_framebuffer(struct vcmd_check *c);
void vcmd_model_no_attach(struct vcmd_check *c);
void vcmd_model_vertex_buffers(struct vcmd_check *c);
void vcmd_model_index_buffer(struct vcmd_check *c);
void vcmd_model_uniform_buffer(struct vcmd_check *c);
void vcmd_model_shader_buffers(struct vcmd_check *c);
void vcmd_model_atomic_buffers(struct vcmd_check *c);
void vcmd_model_images(struct vcmd_check *c);
void vcmd_model_viewports(struct vcmd_check *c);
void vcmd_model_scissors(struct vcmd_check *c);
void vcmd_model_clear(struct vcmd_check *c);
void vcmd_model_draw(struct vcmd_check *c);
void vcmd_model_launch(struct vcmd_check *c);
void vcmd_model_blit(struct vcmd_check *c);
void vcmd_model_copy(struct vcmd_check *c);
void vcmd_model_clear_texture(struct vcmd_check *c);
void vcmd_model_inline_write(struct vcmd_check *c);
void vcmd_model_transfer(struct vcmd_check *c);
void vcmd_model_copy_transfer(struct vcmd_check *c);
void vcmd_model_set_type(struct vcmd_check *c);
void vcmd_model_memory_info(struct vcmd_check *c);
void vcmd_model_begin_query(struct vcmd_check *c);
void vcmd_model_end_query(struct vcmd_check *c);
void vcmd_model_query_result(struct vcmd_check *c);
void vcmd_model_query_result_qbo(struct vcmd_check *c);
void vcmd_model_condition(struct vcmd_check *c);
void vcmd_model_pause_condition(struct vcmd_check *c);
void vcmd_model_sub_ctx(struct vcmd_check *c);

/* Kinds of objects, one part of create and destroy each. */
void vcmd_model_create_shader(struct vcmd_check *c, struct vcmd_model_object *object);
void vcmd_packet_create_shader(struct vcmd_check *c);
void vcmd_model_create_surface(struct vcmd_check *c, struct vcmd_model_object *object);
void vcmd_model_create_view(struct vcmd_check *c, struct vcmd_model_object *object);
/* A query goes away, and ends when it was counting. */
void vcmd_model_forget_query(struct vcmd_model_sub *sub, const struct vcmd_model_object *query);
/* A shader is destroyed, which ends the program that was linked of it, unless it is still bound. */
void vcmd_model_forget_shader(struct vcmd_model_sub *sub, const struct vcmd_model_object *shader);

/* ---- looking things up ---- */

/*
 * The object of a kind behind a handle that is not 0. NULL when there is none, which has been
 * reported with the severity, or when the checker cannot know.
 */
struct vcmd_model_object *vcmd_use_object(struct vcmd_check *c, struct vcmd_place place,
                                          uint32_t handle, uint32_t kind, uint32_t severity);

/* What the place wants. */
enum vcmd_use { VCMD_USE_ANY, VCMD_USE_BUFFER, VCMD_USE_TEXTURE };

/* The same for a resource that the context sees. NULL also for one of which nothing is known. */
const struct vcmd_model_resource *vcmd_use_resource(struct vcmd_check *c, struct vcmd_place place,
                                                    uint32_t id, enum vcmd_use use,
                                                    uint32_t severity);

/* Whether the host has anything for a format; true without a capset. */
bool vcmd_is_offered(const struct vcmd_check *c, uint32_t format);

/* Whether the host knows more of a format than its number. */
bool vcmd_is_described(const struct vcmd_check *c, uint32_t format);

/* Blocks of texels. */
bool vcmd_is_compressed(uint32_t format);

/* Whether a framebuffer can have a texture of the format. */
bool vcmd_is_drawable(const struct vcmd_check *c, uint32_t format);

/* Whether the host has GL copy texels of a format to ones of another as they are. */
bool vcmd_is_copy_compatible(uint32_t from, uint32_t to);

/* Whether GL blits texels of a color format to ones of another. */
bool vcmd_is_blit_type(uint32_t from, uint32_t to);

/* Whether a texture of a format can have a view in another one. */
bool vcmd_is_viewable(const struct vcmd_check *c, uint32_t format, uint32_t as);

/* Whether the device's capset has a bit; true without a capset. */
bool vcmd_offers(const struct vcmd_check *c, uint32_t cap);

#endif
