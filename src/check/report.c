/* SPDX-License-Identifier: MIT */
#include "check_private.h"

void vcmd_report_to(const struct vcmd_check_desc *desc, const struct vcmd_diagnostic *diagnostic)
{
    if (desc->fn && (desc->ignore >> diagnostic->severity & 1) == 0)
        desc->fn(desc->user, diagnostic);
}

/* What the host makes of the whole stream, from the first packets that decide it. */
static void judge(struct vcmd_check *c, const struct vcmd_diagnostic *diagnostic)
{
    struct vcmd_check_result *result = c->result;
    bool rejects = diagnostic->severity == VCMD_SEVERITY_REJECT;

    if (c->skipped || result->rejected)
        return;
    if (!rejects && diagnostic->severity != VCMD_SEVERITY_ERROR)
        return;
    if (!result->broken) {
        result->broken = true;
        result->broken_packet = c->packet;
        result->broken_code = diagnostic->code;
    }
    if (c->context)
        c->context->broken = true;
    if (!rejects)
        return;
    result->rejected = true;
    result->rejected_packet = c->packet;
    result->rejected_offset = c->offset;
    result->rejected_code = diagnostic->code;
}

void vcmd_report_full(struct vcmd_check *c, struct vcmd_diagnostic *diagnostic)
{
    if (diagnostic->dword < 64)
        c->told |= (uint64_t)1 << diagnostic->dword;
    judge(c, diagnostic);
    if ((c->desc->ignore >> diagnostic->severity & 1) != 0)
        return;
    c->result->counts[diagnostic->severity]++;
    if (!c->desc->fn)
        return;
    diagnostic->context_id = c->context_id;
    diagnostic->sub_ctx_id = c->sub ? c->sub->id : 0;
    diagnostic->packet = c->packet;
    diagnostic->offset = c->offset;
    diagnostic->command = c->layout ? vcmd_table_name(c->layout->name) : NULL;
    if (!diagnostic->command && c->packet != VCMD_NO_PACKET)
        diagnostic->command = vcmd_enum_name(VCMD_ENUM_CCMD, c->opcode);
    c->desc->fn(c->desc->user, diagnostic);
}

static struct vcmd_diagnostic start(enum vcmd_diagnostic_code code, enum vcmd_severity severity)
{
    struct vcmd_diagnostic diagnostic;

    memset(&diagnostic, 0, sizeof(diagnostic));
    diagnostic.code = code;
    diagnostic.severity = severity;
    return diagnostic;
}

static void set_place(struct vcmd_diagnostic *diagnostic, struct vcmd_place place)
{
    diagnostic->dword = place.dword;
    diagnostic->field = place.field;
    diagnostic->index = place.index;
    diagnostic->has_index = place.has_index;
}

void vcmd_report(struct vcmd_check *c, enum vcmd_diagnostic_code code, enum vcmd_severity severity)
{
    struct vcmd_diagnostic diagnostic = start(code, severity);

    vcmd_report_full(c, &diagnostic);
}

void vcmd_report_value(struct vcmd_check *c, enum vcmd_diagnostic_code code,
                       enum vcmd_severity severity, struct vcmd_place place, uint64_t value)
{
    vcmd_report_limit(c, code, severity, place, value, VCMD_LIMIT_NONE, 0);
}

void vcmd_report_limit(struct vcmd_check *c, enum vcmd_diagnostic_code code,
                       enum vcmd_severity severity, struct vcmd_place place, uint64_t value,
                       enum vcmd_limit_kind kind, uint64_t limit)
{
    struct vcmd_diagnostic diagnostic = start(code, severity);

    set_place(&diagnostic, place);
    diagnostic.value = value;
    diagnostic.limit_kind = kind;
    diagnostic.limit = limit;
    vcmd_report_full(c, &diagnostic);
}

void vcmd_report_object(struct vcmd_check *c, enum vcmd_diagnostic_code code,
                        enum vcmd_severity severity, struct vcmd_place place, uint32_t handle)
{
    struct vcmd_diagnostic diagnostic = start(code, severity);

    set_place(&diagnostic, place);
    diagnostic.value = handle;
    diagnostic.object = handle;
    vcmd_report_full(c, &diagnostic);
}

void vcmd_report_resource(struct vcmd_check *c, enum vcmd_diagnostic_code code,
                          enum vcmd_severity severity, struct vcmd_place place, uint32_t resource)
{
    struct vcmd_diagnostic diagnostic = start(code, severity);

    set_place(&diagnostic, place);
    diagnostic.value = resource;
    diagnostic.resource = resource;
    vcmd_report_full(c, &diagnostic);
}

void vcmd_report_outside(struct vcmd_checker *checker, enum vcmd_diagnostic_code code,
                         enum vcmd_severity severity, uint32_t context_id, uint32_t resource)
{
    struct vcmd_diagnostic diagnostic = start(code, severity);

    diagnostic.context_id = context_id;
    diagnostic.packet = VCMD_NO_PACKET;
    diagnostic.resource = resource;
    vcmd_report_to(&checker->desc.check, &diagnostic);
}
