/* SPDX-License-Identifier: MIT */
#ifndef VCMD_LOOPBACK_MODEL_PRIVATE_H
#define VCMD_LOOPBACK_MODEL_PRIVATE_H

#include <virglcmd/control.h>

#include "device_model.h"
#include "objects.h"

#define MODEL_CAPSETS 2

struct model_capset {
    uint32_t id;
    uint32_t version;
    uint32_t size;
    uint8_t *bytes;
};

struct device_model {
    struct vcmd_log log;
    struct renderer *renderer;

    struct model_capset capsets[MODEL_CAPSETS];
    uint32_t num_capsets;
    const struct model_capset *answer; /* the capset that the current response is about */

    struct model_context *contexts;
    struct id_tree resources;
    struct guest_memory memory;
    uint64_t last_fence;
};

/* A handler answers with the type of the response. */
typedef uint32_t (*model_handler)(struct device_model *model,
                                  const struct vcmd_ctrl_request *request);

/* Says why in the log, as the error that the guest will get, and returns response. */
#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
uint32_t
model_refuse(struct device_model *model, uint32_t response, const char *format, ...);

/* NULL: unknown, and the log says so. */
struct model_context *model_find_context(struct device_model *model, const char *command,
                                         uint32_t id);
struct model_resource *model_find_resource(struct device_model *model, const char *command,
                                           uint32_t id);

/*
 * The answer to a command that virglrenderer has executed for a context: its return value alone
 * says little, see README.md.
 */
uint32_t model_judge(struct device_model *model, struct model_context *context, const char *command,
                     int result);

/* Refuses commands for a context that virglrenderer ignores: 0 when it is alive. */
uint32_t model_check_alive(struct device_model *model, const struct model_context *context,
                           const char *command);

/* model_context.c */
uint32_t model_ctx_create(struct device_model *model, const struct vcmd_ctrl_request *request);
uint32_t model_ctx_destroy(struct device_model *model, const struct vcmd_ctrl_request *request);
uint32_t model_ctx_attach(struct device_model *model, const struct vcmd_ctrl_request *request);
uint32_t model_ctx_detach(struct device_model *model, const struct vcmd_ctrl_request *request);
uint32_t model_submit(struct device_model *model, const struct vcmd_ctrl_request *request);
void model_destroy_contexts(struct device_model *model);

/* model_resource.c */
uint32_t model_create_3d(struct device_model *model, const struct vcmd_ctrl_request *request);
uint32_t model_unref(struct device_model *model, const struct vcmd_ctrl_request *request);
uint32_t model_attach_backing(struct device_model *model, const struct vcmd_ctrl_request *request);
uint32_t model_detach_backing(struct device_model *model, const struct vcmd_ctrl_request *request);
void model_destroy_resources(struct device_model *model);

/* model_transfer.c */
uint32_t model_transfer_to_host(struct device_model *model,
                                const struct vcmd_ctrl_request *request);
uint32_t model_transfer_from_host(struct device_model *model,
                                  const struct vcmd_ctrl_request *request);

#endif
