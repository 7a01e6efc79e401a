/* SPDX-License-Identifier: MIT */
#include "check_private.h"

/* Which rules a command has, by its number. */
static const struct vcmd_rules by_opcode[] = {
    [VCMD_CCMD_CREATE_OBJECT] = {vcmd_packet_create_object, vcmd_model_create_object},
    [VCMD_CCMD_BIND_OBJECT] = {NULL, vcmd_model_bind_object},
    [VCMD_CCMD_DESTROY_OBJECT] = {NULL, vcmd_model_destroy_object},
    [VCMD_CCMD_SET_VIEWPORT_STATE] = {vcmd_packet_slots, vcmd_model_viewports},
    [VCMD_CCMD_SET_FRAMEBUFFER_STATE] = {vcmd_packet_framebuffer, vcmd_model_framebuffer},
    [VCMD_CCMD_SET_VERTEX_BUFFERS] = {NULL, vcmd_model_vertex_buffers},
    [VCMD_CCMD_CLEAR] = {vcmd_packet_clear, vcmd_model_clear},
    [VCMD_CCMD_DRAW_VBO] = {vcmd_packet_draw, vcmd_model_draw},
    [VCMD_CCMD_RESOURCE_INLINE_WRITE] = {NULL, vcmd_model_inline_write},
    [VCMD_CCMD_SET_SAMPLER_VIEWS] = {vcmd_packet_slots, vcmd_model_sampler_views},
    [VCMD_CCMD_SET_INDEX_BUFFER] = {vcmd_packet_index_buffer, vcmd_model_index_buffer},
    [VCMD_CCMD_SET_CONSTANT_BUFFER] = {vcmd_packet_constant_buffer, NULL},
    [VCMD_CCMD_SET_SCISSOR_STATE] = {vcmd_packet_slots, vcmd_model_scissors},
    [VCMD_CCMD_BLIT] = {vcmd_packet_blit, vcmd_model_blit},
    [VCMD_CCMD_RESOURCE_COPY_REGION] = {NULL, vcmd_model_copy},
    [VCMD_CCMD_BIND_SAMPLER_STATES] = {vcmd_packet_slots, vcmd_model_sampler_states},
    [VCMD_CCMD_BEGIN_QUERY] = {NULL, vcmd_model_begin_query},
    [VCMD_CCMD_END_QUERY] = {NULL, vcmd_model_end_query},
    [VCMD_CCMD_GET_QUERY_RESULT] = {vcmd_packet_query_result, vcmd_model_query_result},
    [VCMD_CCMD_SET_STREAMOUT_TARGETS] = {NULL, vcmd_model_streamout},
    [VCMD_CCMD_SET_RENDER_CONDITION] = {NULL, vcmd_model_condition},
    [VCMD_CCMD_SET_UNIFORM_BUFFER] = {vcmd_packet_uniform_buffer, vcmd_model_uniform_buffer},
    [VCMD_CCMD_BIND_SHADER] = {vcmd_packet_stage, vcmd_model_bind_shader},
    [VCMD_CCMD_SET_SHADER_BUFFERS] = {vcmd_packet_slots, vcmd_model_shader_buffers},
    [VCMD_CCMD_SET_SHADER_IMAGES] = {vcmd_packet_images, vcmd_model_images},
    [VCMD_CCMD_LAUNCH_GRID] = {NULL, vcmd_model_launch},
    [VCMD_CCMD_SET_FRAMEBUFFER_STATE_NO_ATTACH] = {NULL, vcmd_model_no_attach},
    [VCMD_CCMD_SET_ATOMIC_BUFFERS] = {vcmd_packet_slots, vcmd_model_atomic_buffers},
    [VCMD_CCMD_GET_QUERY_RESULT_QBO] = {NULL, vcmd_model_query_result_qbo},
    [VCMD_CCMD_TRANSFER3D] = {vcmd_packet_transfer, vcmd_model_transfer},
    [VCMD_CCMD_COPY_TRANSFER3D] = {NULL, vcmd_model_copy_transfer},
    [VCMD_CCMD_CLEAR_TEXTURE] = {NULL, vcmd_model_clear_texture},
    [VCMD_CCMD_PIPE_RESOURCE_CREATE] = {vcmd_packet_resource_create, NULL},
    [VCMD_CCMD_PIPE_RESOURCE_SET_TYPE] = {vcmd_packet_set_type, vcmd_model_set_type},
    [VCMD_CCMD_GET_MEMORY_INFO] = {NULL, vcmd_model_memory_info},
    [VCMD_CCMD_SEND_STRING_MARKER] = {vcmd_packet_string, NULL},
    [VCMD_CCMD_LINK_SHADER] = {NULL, vcmd_model_link_shader},
};

const struct vcmd_rules *vcmd_rules_of(uint32_t opcode)
{
    static const struct vcmd_rules none = {NULL, NULL};

    return opcode < sizeof(by_opcode) / sizeof(by_opcode[0]) ? &by_opcode[opcode] : &none;
}

/* ---- what the capset says about a command as a whole ---- */

struct need {
    uint8_t opcode;
    uint8_t severity;
    uint32_t cap; /* VCMD_CAP_* */
};

static const struct need needs[] = {
    {VCMD_CCMD_SET_MIN_SAMPLES, VCMD_SEVERITY_IGNORED, VCMD_CAP_SET_MIN_SAMPLES},
    {VCMD_CCMD_MEMORY_BARRIER, VCMD_SEVERITY_IGNORED, VCMD_CAP_MEMORY_BARRIER},
    {VCMD_CCMD_LAUNCH_GRID, VCMD_SEVERITY_IGNORED, VCMD_CAP_COMPUTE_SHADER},
    {VCMD_CCMD_SET_FRAMEBUFFER_STATE_NO_ATTACH, VCMD_SEVERITY_IGNORED, VCMD_CAP_FB_NO_ATTACH},
    {VCMD_CCMD_GET_QUERY_RESULT_QBO, VCMD_SEVERITY_IGNORED, VCMD_CAP_QBO},
    {VCMD_CCMD_CLEAR_TEXTURE, VCMD_SEVERITY_GARBAGE, VCMD_CAP_CLEAR_TEXTURE},
};

void vcmd_packet_feature(struct vcmd_check *c)
{
    for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
        if (needs[i].opcode == c->opcode && !vcmd_offers(c, needs[i].cap))
            vcmd_report(c, VCMD_DIAGNOSTIC_FEATURE_MISSING, needs[i].severity);
    }
}

/* ---- commands whose slots are numbered ---- */

struct slots {
    uint32_t opcode;
    uint32_t dword;      /* of the first slot */
    uint32_t base, step; /* of the payload */
    uint32_t most;
    bool has_stage;
    bool none_is_good; /* without slots the host looks no further */
    uint32_t severity;
};

static const struct slots *slots_of(uint32_t opcode)
{
    static const struct slots all[] = {
        {VCMD_CCMD_SET_VIEWPORT_STATE, 1, 1, 6, 16, false, false, VCMD_SEVERITY_REJECT},
        {VCMD_CCMD_SET_SCISSOR_STATE, 1, 1, 2, 16, false, false, VCMD_SEVERITY_ERROR},
        {VCMD_CCMD_SET_SAMPLER_VIEWS, 2, 2, 1, 128, true, false, VCMD_SEVERITY_REJECT},
        {VCMD_CCMD_BIND_SAMPLER_STATES, 2, 2, 1, 32, true, false, VCMD_SEVERITY_ERROR},
        {VCMD_CCMD_SET_SHADER_BUFFERS, 2, 2, 3, 32, true, true, VCMD_SEVERITY_REJECT},
        {VCMD_CCMD_SET_SHADER_IMAGES, 2, 2, 5, 32, true, true, VCMD_SEVERITY_REJECT},
        {VCMD_CCMD_SET_ATOMIC_BUFFERS, 1, 1, 3, 32, false, true, VCMD_SEVERITY_REJECT},
    };

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        if (all[i].opcode == opcode)
            return &all[i];
    }
    return NULL;
}

static bool stage_is_good(struct vcmd_check *c, uint32_t dword, const char *field,
                          uint32_t severity)
{
    uint32_t stage = vcmd_word(c, dword);

    if (stage < VCMD_STAGES)
        return true;
    vcmd_report_limit(c, VCMD_DIAGNOSTIC_STAGE_RANGE, severity, vcmd_place(dword, field), stage,
                      VCMD_LIMIT_MOST, VCMD_STAGES - 1);
    return false;
}

void vcmd_packet_slots(struct vcmd_check *c)
{
    const struct slots *s = slots_of(c->opcode);
    uint32_t first, count;

    if (!s)
        return;
    if (s->has_stage)
        stage_is_good(c, 1, "shader_type", VCMD_SEVERITY_REJECT);
    first = vcmd_word(c, s->dword);
    count = (c->length - s->base) / s->step;
    if (count == 0 && s->none_is_good) {
        if (c->opcode == VCMD_CCMD_SET_ATOMIC_BUFFERS && c->length < 2)
            vcmd_report_limit(c, VCMD_DIAGNOSTIC_PAYLOAD_SIZE, VCMD_SEVERITY_REJECT,
                              vcmd_place(0, "length"), c->length, VCMD_LIMIT_LEAST, 2);
        return;
    }
    if (c->opcode == VCMD_CCMD_SET_SCISSOR_STATE && first == s->most && count == 0)
        count = 1; /* the host wants the first slot itself to be one */
    if (count <= s->most && first <= s->most - count)
        return;
    vcmd_report_limit(c, VCMD_DIAGNOSTIC_SLOT_RANGE, s->severity,
                      vcmd_place(s->dword, "start_slot"), first, VCMD_LIMIT_MOST,
                      count <= s->most ? s->most - count : s->most);
}

void vcmd_packet_stage(struct vcmd_check *c)
{
    stage_is_good(c, 2, "type", VCMD_SEVERITY_IGNORED);
}

void vcmd_packet_constant_buffer(struct vcmd_check *c)
{
    stage_is_good(c, 1, "shader_type", VCMD_SEVERITY_REJECT);
    if (vcmd_word(c, 2) != 0)
        vcmd_report_value(c, VCMD_DIAGNOSTIC_FIELD_IGNORED, VCMD_SEVERITY_NEEDLESS,
                          vcmd_place(2, "index"), vcmd_word(c, 2));
}

void vcmd_packet_uniform_buffer(struct vcmd_check *c)
{
    stage_is_good(c, 1, "shader_type", VCMD_SEVERITY_REJECT);
    if (vcmd_word(c, 2) >= VCMD_SLOTS)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_SLOT_RANGE, VCMD_SEVERITY_REJECT,
                          vcmd_place(2, "index"), vcmd_word(c, 2), VCMD_LIMIT_MOST, VCMD_SLOTS - 1);
}

void vcmd_packet_index_buffer(struct vcmd_check *c)
{
    uint32_t size;

    if (c->length == 1) {
        if (vcmd_word(c, 1) != 0)
            c->told |= 2; /* legal, with an index size of 0: the model says what there is to say */
        return;
    }
    size = vcmd_word(c, 2);
    if (size != 1 && size != 2 && size != 4)
        vcmd_report_value(c, VCMD_DIAGNOSTIC_INDEX_SIZE, VCMD_SEVERITY_GARBAGE,
                          vcmd_place(2, "index_size"), size);
}

void vcmd_packet_framebuffer(struct vcmd_check *c)
{
    uint32_t count = vcmd_word(c, 1);

    if (count != c->length - 2)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_PAYLOAD_SIZE, VCMD_SEVERITY_REJECT,
                          vcmd_place(1, "nr_cbufs"), count, VCMD_LIMIT_EXACT, c->length - 2);
}

void vcmd_packet_images(struct vcmd_check *c)
{
    uint32_t count = (c->length - 2) / 5;

    vcmd_packet_slots(c);
    for (uint32_t i = 0; i < count && i < VCMD_SLOTS; i++) {
        uint32_t format = vcmd_word(c, 3 + 5 * i);

        if (format >= c->host->formats)
            vcmd_report_limit(c, VCMD_DIAGNOSTIC_FORMAT_RANGE, VCMD_SEVERITY_GARBAGE,
                              vcmd_place_in(3 + 5 * i, "images.format", i), format, VCMD_LIMIT_MOST,
                              c->host->formats - 1);
    }
}

void vcmd_packet_string(struct vcmd_check *c)
{
    uint32_t bytes = 4 * (c->length - 1);

    if (vcmd_word(c, 1) > bytes)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_STRING_LENGTH, VCMD_SEVERITY_REJECT,
                          vcmd_place(1, "string_length"), vcmd_word(c, 1), VCMD_LIMIT_MOST, bytes);
}

void vcmd_packet_set_type(struct vcmd_check *c)
{
    if (c->length < 10)
        vcmd_report_limit(c, VCMD_DIAGNOSTIC_PAYLOAD_SIZE, VCMD_SEVERITY_REJECT,
                          vcmd_place(0, "length"), c->length, VCMD_LIMIT_LEAST, 10);
}
