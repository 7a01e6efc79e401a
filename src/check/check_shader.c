/* SPDX-License-Identifier: MIT */
#include "check_private.h"

/* Shaders: their text in pieces, and what is bound. */

/* ---- packets ---- */

/* Where the text begins, counted in dwords from the header. */
static uint32_t text_at(const struct vcmd_check *c)
{
    uint32_t outputs = vcmd_word(c, 2) == VCMD_SHADER_COMPUTE ? 0 : vcmd_word(c, 5);

    return outputs == 0 ? 6 : 10 + 2 * outputs;
}

/* False: the host rejects the packet by what stands in front of the text. */
static bool head_is_good(struct vcmd_check *c)
{
    uint32_t outputs = vcmd_word(c, 5);

    if (vcmd_word(c, 2) >= VCMD_STAGES) {
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_STAGE_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(2, "type"), vcmd_word(c, 2), VCMD_LIMIT_MOST, VCMD_STAGES - 1);
        return false;
    }
    if (vcmd_word(c, 2) == VCMD_SHADER_COMPUTE)
        return true;
    if (outputs > 64) {
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_SHADER_STREAM_OUTPUT, VCMD_SEVERITY_REJECT,
                          vcmd_place(5, "so_info.num_outputs"), outputs, VCMD_LIMIT_MOST, 64);
        return false;
    }
    if (outputs != 0 && c->length < 9 + 2 * outputs) {
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_PAYLOAD_SIZE, VCMD_SEVERITY_REJECT,
                          vcmd_place(5, "so_info.num_outputs"), outputs, VCMD_LIMIT_MOST,
                          c->length < 11 ? 0 : (c->length - 9) / 2);
        return false;
    }
    return true;
}

static void check_outputs(struct vcmd_check *c)
{
    uint32_t outputs = vcmd_word(c, 2) == VCMD_SHADER_COMPUTE ? 0 : vcmd_word(c, 5);

    for (uint32_t i = 0; i < outputs; i++) {
        uint32_t word = vcmd_word(c, 10 + 2 * i);
        uint32_t components = word >> 10 & 7, buffer = word >> 13 & 7;

        if (components < 1 || components > 4)
            vcmd_report_limit(c, VCMD_DIAGNOSTIC_SHADER_STREAM_OUTPUT, VCMD_SEVERITY_GARBAGE,
                              vcmd_place_in(10 + 2 * i, "so_info.output.num_components", i),
                              components, components == 0 ? VCMD_LIMIT_LEAST : VCMD_LIMIT_MOST,
                              components == 0 ? 1 : 4);
        else if (buffer > 3)
            vcmd_report_limit(c, VCMD_DIAGNOSTIC_SHADER_STREAM_OUTPUT, VCMD_SEVERITY_GARBAGE,
                              vcmd_place_in(10 + 2 * i, "so_info.output.output_buffer", i), buffer,
                              VCMD_LIMIT_MOST, 3);
    }
}

static bool is_terminated(const struct vcmd_check *c)
{
    const uint8_t *end = (const uint8_t *)(c->dwords + c->length + 1);

    return end[-1] == 0 || end[-2] == 0 || end[-3] == 0 || end[-4] == 0;
}

/* The stage that the text says it is for; VCMD_STAGES: none. */
static uint32_t stage_of_text(const uint8_t *text, size_t size)
{
    static const char *const words[VCMD_STAGES] = {"VERT",      "FRAG",      "GEOM",
                                                   "TESS_CTRL", "TESS_EVAL", "COMP"};

    for (uint32_t stage = 0; stage < VCMD_STAGES; stage++) {
        size_t i = 0;

        while (i < size && words[stage][i] != '\0' &&
               (text[i] == (uint8_t)words[stage][i] ||
                (words[stage][i] != '_' && text[i] == (uint8_t)(words[stage][i] + 32))))
            i++;
        if (words[stage][i] == '\0')
            return stage;
    }
    return VCMD_STAGES;
}

/* The text of the first packet; without a model it is judged only when it is the whole. */
static void check_first_text(struct vcmd_check *c, uint32_t dwords, bool whole)
{
    const uint8_t *text = (const uint8_t *)(c->dwords + text_at(c));
    uint32_t stage = stage_of_text(text, 4 * (size_t)dwords);

    if (whole && (dwords == 0 || !is_terminated(c)))
        vcmd_report_value(c, VCMD_DIAGNOSTIC_SHADER_NOT_TERMINATED, VCMD_SEVERITY_REJECT,
                          vcmd_place(3, "offlen"), vcmd_word(c, 3));
    else if (stage == VCMD_STAGES && whole)
        vcmd_report(c, VCMD_DIAGNOSTIC_SHADER_TEXT, VCMD_SEVERITY_REJECT);
    else if (stage != VCMD_STAGES && stage != vcmd_word(c, 2))
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_SHADER_TEXT, VCMD_SEVERITY_GARBAGE,
                          vcmd_place(2, "type"), vcmd_word(c, 2), VCMD_LIMIT_EXACT, stage);
}

/* The host declares as much; whether it is used, and so whether that compiles, the text says. */
static void check_local_memory(struct vcmd_check *c)
{
    uint32_t most = c->desc->caps ? c->desc->caps->max_compute_shared_memory_size : 0;

    if (most != 0 && vcmd_word(c, 5) > most)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_VALUE_RANGE, VCMD_SEVERITY_GARBAGE,
                          vcmd_place(5, "req_local_mem"), vcmd_word(c, 5), VCMD_LIMIT_MOST, most);
}

void vcmd_packet_create_shader(struct vcmd_check *c)
{
    uint32_t announced = (vcmd_word(c, 3) & 0x7fffffff) / 4 + (vcmd_word(c, 3) % 4 != 0);
    uint32_t dwords;

    if (!head_is_good(c))
        return;
    check_outputs(c);
    if (vcmd_word(c, 2) == VCMD_SHADER_COMPUTE && !vcmd_offers(c, VCMD_CAP_COMPUTE_SHADER))
        vcmd_report(c, VCMD_DIAGNOSTIC_FEATURE_MISSING, VCMD_SEVERITY_REJECT);
    if (vcmd_word(c, 3) >> 31 != 0)
        return;
    if (vcmd_word(c, 2) == VCMD_SHADER_COMPUTE)
        check_local_memory(c);
    dwords = c->length + 1 - text_at(c);
    if (dwords > announced)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_SHADER_SIZE, VCMD_SEVERITY_REJECT,
                          vcmd_place(3, "offlen"), vcmd_word(c, 3), VCMD_LIMIT_LEAST,
                          4 * (uint64_t)dwords - 3);
    else
        check_first_text(c, dwords, dwords == announced);
}

/* ---- the model ---- */

static void begin_shader(struct vcmd_check *c, struct vcmd_model_object *object, uint32_t stage)
{
    uint32_t dwords = c->length + 1 - text_at(c);

    if (c->sub->long_shader[stage] != 0)
        vcmd_report_object(c, VCMD_DIAGNOSTIC_SHADER_IN_PROGRESS, VCMD_SEVERITY_REJECT,
                           vcmd_place(1, "handle"), vcmd_word(c, 1));
    c->sub->long_shader[stage] = 0;
    if (!object)
        return;
    object->stage = (uint8_t)stage;
    object->size = (vcmd_word(c, 3) + 3) / 4 * 4;
    object->offset = 4 * dwords;
    object->complete = object->offset >= object->size;
    if (object->complete)
        return;
    c->sub->long_shader[stage] = object->handle;
    object->bad_text =
        stage_of_text((const uint8_t *)(c->dwords + text_at(c)), 4 * (size_t)dwords) == VCMD_STAGES;
}

static void wrong_continuation(struct vcmd_check *c, const char *field, uint32_t value,
                               enum vcmd_limit_kind kind, uint32_t limit)
{
    vcmd_report_limit(c, VCMD_DIAGNOSTIC_SHADER_CONTINUATION, VCMD_SEVERITY_REJECT,
                      vcmd_place(3, field), value, kind, limit);
}

static void finish_shader(struct vcmd_check *c, struct vcmd_model_object *object)
{
    object->complete = true;
    c->sub->long_shader[object->stage] = 0;
    if (!is_terminated(c))
        vcmd_report_value(c, VCMD_DIAGNOSTIC_SHADER_NOT_TERMINATED, VCMD_SEVERITY_REJECT,
                          vcmd_place(3, "offlen"), vcmd_word(c, 3) & 0x7fffffff);
    else if (object->bad_text)
        vcmd_report(c, VCMD_DIAGNOSTIC_SHADER_TEXT, VCMD_SEVERITY_REJECT);
}

static void continue_shader(struct vcmd_check *c, struct vcmd_model_object *object, uint32_t stage)
{
    uint32_t offset = vcmd_word(c, 3) & 0x7fffffff;
    uint32_t bytes = 4 * (c->length + 1 - text_at(c));

    if (c->sub->long_shader[stage] != 0 && c->sub->long_shader[stage] != vcmd_word(c, 1)) {
        wrong_continuation(c, "handle", vcmd_word(c, 1), VCMD_LIMIT_EXACT,
                           c->sub->long_shader[stage]);
        return;
    }
    if (!object) {
        if (!c->sub->objects_lost)
            wrong_continuation(c, "handle", vcmd_word(c, 1), VCMD_LIMIT_NONE, 0);
        return;
    }
    if (object->kind != VCMD_OBJECT_SHADER) {
        wrong_continuation(c, "handle", vcmd_word(c, 1), VCMD_LIMIT_NONE, 0);
        return;
    }
    if (offset != object->offset) {
        wrong_continuation(c, "offlen", offset, VCMD_LIMIT_EXACT, object->offset);
        return;
    }
    if (bytes > object->size - object->offset) {
        wrong_continuation(c, "offlen", offset + bytes, VCMD_LIMIT_MOST, object->size);
        return;
    }
    object->offset += bytes;
    if (object->offset >= object->size)
        finish_shader(c, object);
}

void vcmd_model_create_shader(struct vcmd_check *c, struct vcmd_model_object *object)
{
    uint32_t stage = vcmd_word(c, 2);

    if (stage >= VCMD_STAGES || text_at(c) > c->length + 1 ||
        (stage != VCMD_SHADER_COMPUTE && vcmd_word(c, 5) > 64))
        return;
    if (vcmd_word(c, 3) >> 31 != 0)
        continue_shader(c, object, stage);
    else
        begin_shader(c, object, stage);
}

/* The host's program goes with any of its shaders (vrend_shader_destroy). */
static void end_program(struct vcmd_model_sub *sub, uint32_t stage, uint32_t serial)
{
    if (sub->program[stage] == serial)
        sub->drawn = false;
}

static void bind_stage(struct vcmd_model_sub *sub, uint32_t stage, uint32_t serial)
{
    if (sub->orphans[stage] && sub->shader[stage] != serial)
        end_program(sub, stage, sub->shader[stage]);
    sub->orphans[stage] = false;
    sub->shader[stage] = serial;
    if (stage == VCMD_SHADER_COMPUTE)
        sub->launch_left_out = false;
}

void vcmd_model_forget_shader(struct vcmd_model_sub *sub, const struct vcmd_model_object *shader)
{
    if (shader->stage >= VCMD_STAGES)
        return;
    if (sub->shader[shader->stage] == shader->serial)
        sub->orphans[shader->stage] = true;
    else
        end_program(sub, shader->stage, shader->serial);
}

void vcmd_model_bind_shader(struct vcmd_check *c)
{
    uint32_t handle = vcmd_word(c, 1), stage = vcmd_word(c, 2);
    const struct vcmd_model_object *shader;

    if (stage >= VCMD_STAGES)
        return;
    if (handle == 0) {
        bind_stage(c->sub, stage, 0);
        return;
    }
    shader = vcmd_use_object(c, vcmd_place(1, "handle"), handle, VCMD_OBJECT_SHADER,
                             VCMD_SEVERITY_IGNORED);
    if (!shader) {
        if (c->sub->objects_lost)
            c->sub->unsure_shaders = true;
        return;
    }
    if (shader->stage != stage) {
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_SHADER_STAGE, VCMD_SEVERITY_IGNORED,
                          vcmd_place(2, "type"), stage, VCMD_LIMIT_EXACT, shader->stage);
        return;
    }
    if (!shader->complete)
        vcmd_report_object(c, VCMD_DIAGNOSTIC_SHADER_INCOMPLETE, VCMD_SEVERITY_GARBAGE,
                           vcmd_place(1, "handle"), handle);
    bind_stage(c->sub, stage, shader->serial);
}

/*
 * Whether the host binds the shaders for the time of the packet, and looks for a program afterwards
 * (vrend_link_program_hook). Where the vertex or the fragment shader is missing, a text says.
 */
static bool looks_for_program(const struct vcmd_check *c)
{
    bool compute = vcmd_word(c, 1 + VCMD_SHADER_COMPUTE) != 0;
    bool control = vcmd_word(c, 1 + VCMD_SHADER_TESS_CTRL) != 0;
    bool evaluation = vcmd_word(c, 1 + VCMD_SHADER_TESS_EVAL) != 0;

    return !compute && (!control || evaluation);
}

void vcmd_model_link_shader(struct vcmd_check *c)
{
    static const char *const fields[VCMD_STAGES] = {"vs_handle",  "fs_handle",  "gs_handle",
                                                    "tcs_handle", "tes_handle", "cs_handle"};

    if (looks_for_program(c))
        c->sub->launch_left_out = false;
    for (uint32_t i = 0; i < VCMD_STAGES; i++) {
        if (vcmd_word(c, 1 + i) != 0)
            vcmd_use_object(c, vcmd_place(1 + i, fields[i]), vcmd_word(c, 1 + i),
                            VCMD_OBJECT_SHADER, VCMD_SEVERITY_IGNORED);
    }
}
