/* SPDX-License-Identifier: MIT */
#ifndef TEST_SHADER_MODEL_H
#define TEST_SHADER_MODEL_H

#include "support.h"

/*
 * A host's side of shader creation, by the rules of the protocol: the first packet announces the
 * length of the text, NUL included; each further one of a long text has bit 31 set and says how
 * many bytes came before it. Anything that a host rejects is a failed assertion.
 */
struct shader_model {
    bool in_progress, complete;
    uint32_t handle, type, num_tokens;
    uint32_t total;    /* bytes announced */
    uint32_t received; /* bytes so far, whole dwords */
    uint32_t packets;
    uint32_t num_outputs, stride[4]; /* of the first packet; for compute the local memory */
    uint32_t output_words[128];
    uint8_t *text;
};

void shader_model_init(struct shader_model *model);
void shader_model_free(struct shader_model *model);

/* Runs the stream of a submit. */
void shader_model_submit(struct shader_model *model, const struct vcmd_buffer *buf);

#endif
