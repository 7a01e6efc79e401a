/* SPDX-License-Identifier: MIT */
#include "explain.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <virglcmd/diagnostics.h>
#include <virglcmd/format.h>

/* ---- headers of packets ---- */

/* One variant of a command among several of different sizes. */
static bool fits(const struct explain_entry *entry, uint32_t payload)
{
    char size[16];

    snprintf(size, sizeof(size), "%" PRIu32, payload);
    return strcmp(entry->size, size) == 0;
}

static bool is_plain_number(const char *size)
{
    return *size && strspn(size, "0123456789") == strlen(size);
}

/* Of the variants of a command the one with this payload, else the first. */
static const struct explain_entry *choose(uint32_t header, bool *fixed)
{
    const struct explain_entry *first = explain_find_command(header & 0xff, header >> 8 & 0xff);
    const struct explain_entry *entry;

    *fixed = first != NULL;
    for (entry = first; entry && entry->name && entry->number == first->number; entry++) {
        if (entry->has_object && entry->object != first->object)
            continue;
        if (!is_plain_number(entry->size))
            *fixed = false;
        if (fits(entry, header >> 16))
            return entry;
    }
    return first;
}

static void print_payload(FILE *out, const struct explain_entry *entry, uint32_t payload,
                          bool fixed)
{
    if (fits(entry, payload))
        fprintf(out, "  The payload has the right size: %" PRIu32 " dwords.\n", payload);
    else if (fixed)
        fprintf(out, "  The payload has a wrong size: %" PRIu32 " dwords; it should be %s.\n",
                payload, entry->size);
    else
        fprintf(out, "  The payload is of %" PRIu32 " dwords; by the description it is \"%s\".\n",
                payload, entry->size);
}

/* A header that a command has. */
static bool explain_good_header(FILE *out, uint32_t header)
{
    bool fixed;
    const struct explain_entry *entry = choose(header, &fixed);

    if (!entry)
        return false;
    if (header >> 8 & 0xff && !entry->has_object)
        return false;
    /* A small number is a header without payload only where there is such a packet. */
    if (header < 0x100 && !fits(entry, 0)) {
        fprintf(out, "As a command of the stream, %" PRIu32 " is %s\n  %s\n", header, entry->name,
                entry->summary);
        return true;
    }
    fprintf(out, "As a packet header, %" PRIu32 " (0x%08" PRIx32 ") is %s, %" PRIu32 " dwords\n",
            header, header, entry->name, header >> 16);
    print_payload(out, entry, header >> 16, fixed);
    explain_print_entry(out, entry, false);
    return true;
}

static const struct explain_entry *find_opcode(uint32_t opcode)
{
    const struct explain_entry *entry = explain_commands;

    while (entry->name && entry->number != opcode)
        entry++;
    return entry->name ? entry : NULL;
}

/* One of no command, or with object bits that its command does not have. */
static void explain_bad_header(FILE *out, uint32_t header)
{
    uint32_t opcode = header & 0xff, object = header >> 8 & 0xff;
    const struct explain_entry *entry = find_opcode(opcode);

    fprintf(out,
            "As a packet header, %" PRIu32 " (0x%08" PRIx32 ") has opcode %" PRIu32
            ", object %" PRIu32 " and a payload of %" PRIu32 " dword%s\n",
            header, header, opcode, object, header >> 16, header >> 16 == 1 ? "" : "s");
    if (!entry) {
        fprintf(out, "  There is no command with opcode %" PRIu32 ".\n", opcode);
        explain_diagnostic(out, VCMD_DIAGNOSTIC_UNKNOWN_COMMAND);
    } else if (entry->has_object) {
        fprintf(out, "  Opcode %" PRIu32 " is %.*s, which has no object %" PRIu32 ".\n", opcode,
                (int)strcspn(entry->name, "."), entry->name, object);
        explain_diagnostic(out, VCMD_DIAGNOSTIC_OBJECT_TYPE);
    } else {
        fprintf(out, "  Opcode %" PRIu32 " is %s, which has no objects.\n", opcode, entry->name);
        explain_diagnostic(out, VCMD_DIAGNOSTIC_HEADER_BITS);
        explain_print_entry(out, entry, false);
    }
}

bool explain_header(FILE *out, uint32_t header)
{
    if (!explain_good_header(out, header))
        explain_bad_header(out, header);
    return true;
}

/* ---- control commands ---- */

bool explain_control_type(FILE *out, uint32_t type)
{
    for (const struct explain_entry *entry = explain_controls; entry->name; entry++) {
        if (entry->number != type)
            continue;
        fprintf(out, "As a type of control command, 0x%" PRIx32 " is %s%s\n", type,
                type < 0x1000 ? "VIRTIO_GPU_CMD_" : "VIRTIO_GPU_RESP_", entry->name);
        explain_print_entry(out, entry, false);
        return true;
    }
    return false;
}

/* ---- formats ---- */

bool explain_format(FILE *out, uint32_t format)
{
    const struct vcmd_format_info *info = vcmd_format_info(format);

    if (!info)
        return false;
    fprintf(out, "As a format, %" PRIu32 " is %s\n", format, info->name);
    if (info->block_bits)
        fprintf(out, "  %u bits for each block of %ux%ux%u texels.", info->block_bits,
                info->block_width, info->block_height, info->block_depth);
    if (*info->since)
        fprintf(out, "%sSince virglrenderer %s.", info->block_bits ? " " : "  ", info->since);
    else
        fprintf(out, "%sNo release of virglrenderer knows it.", info->block_bits ? " " : "  ");
    if (info->drm_fourcc)
        fprintf(out, " DRM fourcc %c%c%c%c.", (char)info->drm_fourcc, (char)(info->drm_fourcc >> 8),
                (char)(info->drm_fourcc >> 16), (char)(info->drm_fourcc >> 24));
    fprintf(out, "\n  \"virglcmd info\" says what the host can use it for.\n");
    return true;
}

/* ---- the checker's codes ---- */

bool explain_diagnostic(FILE *out, uint32_t code)
{
    const struct vcmd_diagnostic_info *info = vcmd_diagnostic_info(code);

    if (!info)
        return false;
    fprintf(out, "As a fault that \"virglcmd check\" finds, %" PRIu32 " is %s: %s\n", info->code,
            info->name, info->title);
    explain_print(out, "  rule: ", info->rule);
    explain_print(out, "  host: ", info->host);
    explain_print(out, "  to do: ", info->fix);
    return true;
}

/* ---- errors ---- */

bool explain_errno(FILE *out, uint32_t number)
{
    if (number == 0 || number > 133)
        return false;
    fprintf(out, "As an error number of Linux, %" PRIu32 " is: %s\n", number,
            strerror((int)number));
    return true;
}

bool explain_context_error(FILE *out, uint32_t number)
{
    for (const struct explain_value *value = explain_values; value->name; value++) {
        if (strcmp(value->enumeration, "context_error") != 0 || value->value != number)
            continue;
        fprintf(out, "As an error of a context, %" PRIu32 " is VIRGL_ERROR_%s: %s\n", number,
                value->name, value->doc);
        return true;
    }
    return false;
}

static const char *const gl_errors[] = {"INVALID_ENUM",
                                        "INVALID_VALUE",
                                        "INVALID_OPERATION",
                                        "STACK_OVERFLOW",
                                        "STACK_UNDERFLOW",
                                        "OUT_OF_MEMORY",
                                        "INVALID_FRAMEBUFFER_OPERATION",
                                        "CONTEXT_LOST"};

#define NUM_GL_ERRORS (sizeof(gl_errors) / sizeof(gl_errors[0]))

bool explain_gl_error(FILE *out, uint32_t number)
{
    if (number < 0x500 || number - 0x500 >= NUM_GL_ERRORS)
        return false;
    fprintf(out, "As an error of OpenGL, %" PRIu32 " (0x%" PRIx32 ") is GL_%s\n", number, number,
            gl_errors[number - 0x500]);
    return true;
}

bool explain_gl_error_name(FILE *out, const char *name)
{
    for (uint32_t i = 0; i < NUM_GL_ERRORS && strncasecmp(name, "GL_", 3) == 0; i++) {
        if (strcasecmp(name + 3, gl_errors[i]) == 0)
            return explain_gl_error(out, 0x500 + i);
    }
    return false;
}

/* Those that hosts, devices and kernels return for commands; the numbers are everywhere Linux's. */
bool explain_errno_name(FILE *out, const char *name)
{
    static const struct {
        const char *name;
        uint32_t number;
    } errors[] = {
        {"EPERM", 1},        {"ENOENT", 2},      {"EINTR", 4},       {"EIO", 5},
        {"ENXIO", 6},        {"E2BIG", 7},       {"EBADF", 9},       {"EAGAIN", 11},
        {"ENOMEM", 12},      {"EACCES", 13},     {"EFAULT", 14},     {"EBUSY", 16},
        {"EEXIST", 17},      {"ENODEV", 19},     {"EINVAL", 22},     {"ENFILE", 23},
        {"EMFILE", 24},      {"ENOTTY", 25},     {"ENOSPC", 28},     {"EPIPE", 32},
        {"ERANGE", 34},      {"EDEADLK", 35},    {"ENOSYS", 38},     {"ETIME", 62},
        {"EPROTO", 71},      {"EOVERFLOW", 75},  {"ENOTSUP", 95},    {"EOPNOTSUPP", 95},
        {"ECONNRESET", 104}, {"ETIMEDOUT", 110}, {"ECANCELED", 125}, {"ENOTRECOVERABLE", 131}};

    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        if (strcasecmp(errors[i].name, name) == 0)
            return explain_errno(out, errors[i].number);
    }
    return false;
}

/*
 * Whether a number is a packet header before it is anything else. Without a payload only some
 * packets are whole: else it is more often a type, an error or a format that happens to look so.
 */
static bool is_likely_header(uint32_t number)
{
    bool fixed;
    const struct explain_entry *entry = choose(number, &fixed);

    return number >> 16 || number < 0x100 || (entry && (fits(entry, 0) || !fixed));
}

bool explain_number(FILE *out, uint64_t number)
{
    bool (*const others[])(FILE *, uint32_t) = {explain_control_type,  explain_gl_error,
                                                explain_diagnostic,    explain_format,
                                                explain_context_error, explain_errno};
    bool header_first = number <= UINT32_MAX && is_likely_header((uint32_t)number);
    unsigned int count = 0;

    if (number > UINT32_MAX)
        return false;
    if (header_first)
        count += explain_good_header(out, (uint32_t)number);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        count += others[i](out, (uint32_t)number);
    if (!header_first)
        count += explain_good_header(out, (uint32_t)number);
    if (count == 0)
        explain_bad_header(out, (uint32_t)number);
    if (count > 1)
        fprintf(
            out,
            "These are %u readings of one number, the likeliest first. A word before it chooses "
            "one:\n  header, type, format, code, errno or \"GL error\", as in \"virglcmd "
            "explain type 0x1203\".\n",
            count);
    return true;
}
