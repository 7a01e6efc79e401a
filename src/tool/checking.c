/* SPDX-License-Identifier: MIT */
#include "checking.h"

#include "capset.h"
#include "checking_control.h"
#include "packets.h"
#include "report.h"
#include "shape.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <virglcmd/decode.h>

/* Captures of long programs have more of everything than a driver's guard needs. */
static const struct vcmd_check_limits limits = {.contexts = 64,
                                                .sub_contexts = 256,
                                                .objects = 65536,
                                                .resources = 65536,
                                                .attachments = 131072};

struct checking {
    struct checking_options options;
    struct tool_capset capset; /* of the capture */
    void *memory;
    size_t memory_size;
    struct vcmd_checker *checker;
    const struct tool_item *item; /* the one at hand; NULL at the end */
    const char *path;             /* of the last one */
    bool raw;                     /* it is of bare dwords */
    uint8_t *seen;                /* bit n: resource n of bare dwords has been made up */
    bool submitting;              /* the fault is of a submit: its result counts it */
    bool lost;                    /* what the host knows of this file is not known any more */
    bool rejected;                /* a submit at least */
    uint64_t submits, packets;
    uint64_t counts[VCMD_SEVERITY_NOTE + 1];
};

/* ---- what is printed ---- */

/* The stream's faults know their packet; the capture's know the record. */
static void print_place(const struct checking *checking)
{
    const struct tool_item *item = checking->item;

    if (!item)
        printf("%s: at the end: ", tool_file_name(checking->path));
    else if (item->is_submit)
        printf("%s: submit %zu: ", tool_file_name(item->path), item->submit);
    else
        printf("%s: byte %" PRIu64 ": ", tool_file_name(item->path), item->record->offset);
}

/* The checker finds these, too: how many they are is told. */
static bool is_left_out(const struct checking *checking, uint32_t severity)
{
    return checking->options.ignore >> severity & 1;
}

static void print_fault(void *user, const struct vcmd_diagnostic *diagnostic)
{
    struct checking *checking = user;
    char text[2048];

    /* What bare dwords leave undestroyed is the business of what comes behind them. */
    if (checking->raw && !checking->item)
        return;
    if (!checking->submitting && diagnostic->severity <= VCMD_SEVERITY_NOTE)
        checking->counts[diagnostic->severity]++;
    if (is_left_out(checking, diagnostic->severity))
        return;
    print_place(checking);
    vcmd_diagnostic_format(diagnostic,
                           checking->options.brief ? VCMD_DIAGNOSTIC_LINE : VCMD_DIAGNOSTIC_FULL,
                           text, sizeof(text));
    printf("%s\n", text);
}

/* "1 packet", "2 packets" */
static void print_count(uint64_t count, const char *word)
{
    printf("%" PRIu64 " %s%s", count, word, count == 1 ? "" : "s");
}

/* What is only needless, and notes, are no faults: remarks. Returns how many kinds there were. */
static int print_counts(const struct checking *checking, uint32_t first, uint32_t end,
                        const char *word, const char *separator)
{
    int kinds = 0;

    for (uint32_t i = first; i < end; i++) {
        if (!checking->counts[i] || is_left_out(checking, i))
            continue;
        printf("%s", kinds++ ? ", " : separator);
        print_count(checking->counts[i], word);
        printf(" (%s)", vcmd_severity_string(i));
    }
    return kinds;
}

static void print_summary(const struct checking *checking)
{
    uint64_t left_out = 0;

    print_count(checking->submits, "submit");
    printf(", ");
    print_count(checking->packets, "packet");
    printf(": ");
    if (print_counts(checking, 0, VCMD_SEVERITY_NEEDLESS, "fault", "") == 0)
        printf("no faults");
    print_counts(checking, VCMD_SEVERITY_NEEDLESS, VCMD_SEVERITY_NOTE + 1, "remark", ", ");
    for (uint32_t i = 0; i <= VCMD_SEVERITY_NOTE; i++)
        left_out += is_left_out(checking, i) ? checking->counts[i] : 0;
    if (left_out)
        printf("; %" PRIu64 " less severe left out", left_out);
    printf("\n");
}

/* ---- the checker ---- */

static struct vcmd_check_desc description(struct checking *checking)
{
    struct vcmd_check_desc desc = {.fn = print_fault,
                                   .user = checking,
                                   .caps = checking->options.caps,
                                   .release = checking->options.release};

    if (!desc.caps && checking->capset.size)
        desc.caps = &checking->capset.caps;
    return desc;
}

/* A new file is a new world. */
static bool restart(struct checking *checking)
{
    const struct vcmd_checker_desc desc = {
        .check = description(checking), .limits = limits, .seed = 1};
    enum vcmd_status status =
        vcmd_checker_init(checking->memory, checking->memory_size, &desc, &checking->checker);

    if (status != VCMD_STATUS_OK)
        tool_error("check: the checker cannot be made: %s", vcmd_status_string(status));
    return status == VCMD_STATUS_OK;
}

/* Between two items: tells what is left of the file. */
static void finish(struct checking *checking)
{
    if (checking->checker && !checking->options.stateless && !checking->lost)
        vcmd_checker_finish(checking->checker);
}

struct checking *checking_begin(const struct checking_options *options)
{
    struct checking *checking = calloc(1, sizeof(*checking));

    if (!checking) {
        tool_error("check: no memory left");
        return NULL;
    }
    checking->options = *options;
    checking->memory_size = vcmd_checker_size(&limits);
    checking->memory = malloc(checking->memory_size);
    if (!checking->memory) {
        tool_error("check: no memory left");
        free(checking);
        return NULL;
    }
    return checking;
}

/* ---- bare dwords ---- */

/* Only handles up to here: what is above is hardly a resource of a sane stream. */
#define MAX_RESOURCE 0x100000u

static bool make_up_resource(void *user, const struct vcmd_field *field)
{
    struct checking *checking = user;

    for (size_t i = 0; field->handle == VCMD_HANDLE_RESOURCE && i < field->count; i++) {
        uint64_t id = vcmd_field_value(field, i);

        if (id == 0 || id >= MAX_RESOURCE || (checking->seen[id / 8] >> (id % 8) & 1))
            continue;
        checking->seen[id / 8] |= (uint8_t)(1u << (id % 8));
        vcmd_checker_resource_create_blob(checking->checker, (uint32_t)id, UINT64_MAX);
        vcmd_checker_attach(checking->checker, 1, (uint32_t)id);
    }
    return true;
}

/*
 * Bare dwords do not say which resources there are: each one that is named counts as created and
 * attached, and nothing more is known about it.
 */
static void make_up_resources(struct checking *checking, const struct tool_item *item)
{
    struct tool_packets stream = {.dwords = item->dwords, .length = item->num_dwords};
    struct tool_packet packet;

    while (tool_packets_next(&stream, &packet))
        vcmd_visit_packet(packet.dwords, packet.size, make_up_resource, checking, NULL);
}

static bool begin_raw(struct checking *checking)
{
    checking->raw = true;
    checking->seen = calloc(1, MAX_RESOURCE / 8);
    if (!checking->seen) {
        tool_error("check: no memory left");
        return false;
    }
    if (!restart(checking))
        return false;
    vcmd_checker_context_create(checking->checker, 1);
    return true;
}

/* ---- items ---- */

static void tell_of_resource(struct checking *checking,
                             const struct vcmd_capture_resource *resource)
{
    const struct vcmd_resource_desc *desc = &resource->desc;
    const struct vcmd_ctrl_resource_create_3d told = {.resource_id = resource->id, VCMD_DESC(desc)};

    /* 0: the creation failed. */
    if (resource->id == 0)
        return;
    vcmd_checker_resource_create(checking->checker, &told);
    if (desc->backing_size != 0)
        vcmd_checker_set_backing(checking->checker, resource->id, desc->backing_size);
}

/* The first capset decides which features there are; it comes before all else. */
static bool take_capset(struct checking *checking, const struct vcmd_capture_capset *capset,
                        const char *path)
{
    bool is_virgl = capset->id == VCMD_CTRL_CAPSET_VIRGL || capset->id == VCMD_CTRL_CAPSET_VIRGL2;

    if (checking->options.caps || checking->submits || !is_virgl ||
        capset->size > sizeof(checking->capset.bytes) ||
        checking->capset.id == VCMD_CTRL_CAPSET_VIRGL2)
        return true;
    checking->capset.id = capset->id;
    checking->capset.size = capset->size;
    memcpy(checking->capset.bytes, capset->bytes, capset->size);
    return tool_capset_decode(&checking->capset, path) && restart(checking);
}

/*
 * Something that is not understood has changed contexts or resources. From here on faults of what
 * is bound, created or attached would be invented.
 */
static void lose_state(struct checking *checking, const char *what)
{
    if (!checking->lost && !checking->options.stateless) {
        print_place(checking);
        printf("%s: what the host knows is not known from here on, so each packet is looked at for "
               "itself\n",
               what);
    }
    checking->lost = true;
}

static bool check_submit(struct checking *checking, const struct tool_item *item);

/* The stream of a raw SUBMIT_3D lies anywhere in its record. */
static bool check_request(struct checking *checking, const struct vcmd_ctrl_request *request)
{
    struct tool_item item = *checking->item;
    size_t size = request->tail_size & ~(size_t)3;
    uint32_t *dwords = malloc(size + 4);
    bool good;

    if (!dwords) {
        tool_error("check: no memory left");
        return false;
    }
    if (size)
        memcpy(dwords, request->tail, size);
    item.context_id = request->hdr.ctx_id;
    item.dwords = dwords;
    item.num_dwords = size / 4;
    good = check_submit(checking, &item);
    free(dwords);
    return good;
}

static bool tell_of_control(struct checking *checking, const struct vcmd_capture_control *control)
{
    struct vcmd_ctrl_request request;

    if (vcmd_ctrl_decode_request(control->request, control->request_size, &request, NULL) !=
        VCMD_STATUS_OK) {
        if (!checking_control_failed(control))
            lose_state(checking, "a control request that cannot be decoded");
        return true;
    }
    /* What of a stream came before an error was executed. */
    if (request.type == VCMD_CTRL_CMD_SUBMIT_3D)
        return check_request(checking, &request);
    if (!checking_control_failed(control) && !checking_control(checking->checker, &request))
        lose_state(checking, "memory entries that cannot be read");
    return true;
}

static bool tell_of_record(struct checking *checking, const struct tool_item *item)
{
    const struct vcmd_capture_record *record = item->record;
    struct vcmd_checker *checker = checking->checker;

    switch (record->type) {
    case VCMD_CAPTURE_CAPSET:
        return take_capset(checking, &record->u.capset, item->path);
    case VCMD_CAPTURE_CONTEXT_CREATE:
        if (record->u.context.id != 0)
            vcmd_checker_context_create(checker, record->u.context.id);
        return true;
    case VCMD_CAPTURE_CONTEXT_DESTROY:
        vcmd_checker_context_destroy(checker, record->u.context.id);
        return true;
    case VCMD_CAPTURE_RESOURCE_CREATE:
        tell_of_resource(checking, &record->u.resource);
        return true;
    case VCMD_CAPTURE_RESOURCE_DESTROY:
        vcmd_checker_resource_destroy(checker, record->u.resource.id);
        return true;
    case VCMD_CAPTURE_ATTACH:
        vcmd_checker_attach(checker, record->u.pair.context_id, record->u.pair.resource_id);
        return true;
    case VCMD_CAPTURE_DETACH:
        vcmd_checker_detach(checker, record->u.pair.context_id, record->u.pair.resource_id);
        return true;
    case VCMD_CAPTURE_CONTROL:
        return tell_of_control(checking, &record->u.control);
    default:
        if (record->type > VCMD_CAPTURE_FAILURE && record->flags & VCMD_CAPTURE_ESSENTIAL)
            lose_state(checking, "an essential record of a type that is not known");
        return true;
    }
}

static void print_rejection(const struct checking *checking, const struct vcmd_check_result *result)
{
    print_place(checking);
    if (result->rejected_packet == VCMD_NO_PACKET)
        printf("the host rejects this submit as a whole\n");
    else
        printf("the host rejects this submit at packet %zu (dword %zu): it executes the packets "
               "before it, and none behind it\n",
               result->rejected_packet, result->rejected_offset);
}

static bool check_submit(struct checking *checking, const struct tool_item *item)
{
    const struct vcmd_check_desc desc = description(checking);
    struct vcmd_check_result result;
    enum vcmd_status status;

    if (checking->raw && !checking->options.stateless)
        make_up_resources(checking, item);
    checking->submitting = true;
    if (checking->options.stateless || checking->lost)
        status = vcmd_check_stream(item->dwords, item->num_dwords, &desc, &result);
    else
        status = vcmd_checker_submit(checking->checker, item->context_id, item->dwords,
                                     item->num_dwords, &result);
    checking->submitting = false;
    if (status != VCMD_STATUS_OK) {
        tool_error("%s: submit %zu cannot be checked: %s", tool_file_name(item->path), item->submit,
                   vcmd_status_string(status));
        return false;
    }
    checking->submits++;
    checking->packets += result.packets;
    for (int i = 0; i <= VCMD_SEVERITY_NOTE; i++)
        checking->counts[i] += result.counts[i];
    if (result.rejected) {
        checking->rejected = true;
        print_rejection(checking, &result);
    }
    return true;
}

bool checking_item(struct checking *checking, const struct tool_item *item)
{
    bool good = true;

    if (item->record && item->new_file && !item->after_cut)
        finish(checking);
    checking->item = item;
    checking->path = item->path;
    if (item->record && item->new_file) {
        memset(&checking->capset, 0, sizeof(checking->capset));
        checking->lost = false;
        good = restart(checking);
    } else if (!item->record && !checking->raw) {
        good = begin_raw(checking);
    }
    if (good && item->is_submit)
        good = check_submit(checking, item);
    else if (good && item->record)
        good = tell_of_record(checking, item);
    checking->item = NULL;
    return good;
}

bool checking_end(struct checking *checking, bool whole)
{
    bool good = !checking->rejected;

    /* Behind the place where the reading stopped there may be the end of anything. */
    if (whole)
        finish(checking);
    if (checking->checker || whole)
        print_summary(checking);
    for (uint32_t i = 0; i < VCMD_SEVERITY_NEEDLESS; i++)
        good = good && (checking->counts[i] == 0 || is_left_out(checking, i));
    free(checking->memory);
    free(checking->seen);
    free(checking);
    return good;
}
