/* SPDX-License-Identifier: MIT */
#include "explain.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
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

static void print_payload(const struct explain_entry *entry, uint32_t payload, bool fixed)
{
    if (fits(entry, payload))
        printf("  The payload has the right size: %" PRIu32 " dwords.\n", payload);
    else if (fixed)
        printf("  The payload has a wrong size: %" PRIu32 " dwords; it should be %s.\n", payload,
               entry->size);
    else
        printf("  The payload is of %" PRIu32 " dwords; by the description it is \"%s\".\n",
               payload, entry->size);
}

bool explain_header(uint32_t header)
{
    bool fixed;
    const struct explain_entry *entry = choose(header, &fixed);

    if (!entry)
        return false;
    if (header >> 8 & 0xff && !entry->has_object)
        return false;
    /* A small number is a header without payload only where there is such a packet. */
    if (header < 0x100 && !fits(entry, 0)) {
        printf("As a command of the stream, %" PRIu32 " is %s\n  %s\n", header, entry->name,
               entry->summary);
        return true;
    }
    printf("As a packet header, %" PRIu32 " (0x%08" PRIx32 ") is %s, %" PRIu32 " dwords\n", header,
           header, entry->name, header >> 16);
    print_payload(entry, header >> 16, fixed);
    explain_print_entry(entry, false);
    return true;
}

/* ---- control commands ---- */

bool explain_control_type(uint32_t type)
{
    for (const struct explain_entry *entry = explain_controls; entry->name; entry++) {
        if (entry->number != type)
            continue;
        printf("As a type of control command, 0x%" PRIx32 " is %s%s\n", type,
               type < 0x1000 ? "VIRTIO_GPU_CMD_" : "VIRTIO_GPU_RESP_", entry->name);
        explain_print_entry(entry, false);
        return true;
    }
    return false;
}

/* ---- formats ---- */

bool explain_format(uint32_t format)
{
    const struct vcmd_format_info *info = vcmd_format_info(format);

    if (!info)
        return false;
    printf("As a format, %" PRIu32 " is %s\n", format, info->name);
    if (info->block_bits)
        printf("  %u bits for each block of %ux%ux%u texels.", info->block_bits, info->block_width,
               info->block_height, info->block_depth);
    if (*info->since)
        printf("%sSince virglrenderer %s.", info->block_bits ? " " : "  ", info->since);
    else
        printf("%sNo release of virglrenderer knows it.", info->block_bits ? " " : "  ");
    if (info->drm_fourcc)
        printf(" DRM fourcc %c%c%c%c.", (char)info->drm_fourcc, (char)(info->drm_fourcc >> 8),
               (char)(info->drm_fourcc >> 16), (char)(info->drm_fourcc >> 24));
    printf("\n  \"virglcmd info\" says what the host can use it for.\n");
    return true;
}

/* ---- the checker's codes ---- */

bool explain_diagnostic(uint32_t code)
{
    const struct vcmd_diagnostic_info *info = vcmd_diagnostic_info(code);

    if (!info)
        return false;
    printf("As a fault that \"virglcmd check\" finds, %" PRIu32 " is %s: %s\n", info->code,
           info->name, info->title);
    explain_print("  rule: ", info->rule);
    explain_print("  host: ", info->host);
    explain_print("  to do: ", info->fix);
    return true;
}

/* ---- errors ---- */

bool explain_errno(uint32_t number)
{
    if (number == 0 || number > 133)
        return false;
    printf("As an error number of Linux, %" PRIu32 " is: %s\n", number, strerror((int)number));
    return true;
}

bool explain_context_error(uint32_t number)
{
    for (const struct explain_value *value = explain_values; value->name; value++) {
        if (strcmp(value->enumeration, "context_error") != 0 || value->value != number)
            continue;
        printf("As an error of a context, %" PRIu32 " is VIRGL_ERROR_%s: %s\n", number, value->name,
               value->doc);
        return true;
    }
    return false;
}

bool explain_gl_error(uint32_t number)
{
    static const char *const names[] = {"INVALID_ENUM",
                                        "INVALID_VALUE",
                                        "INVALID_OPERATION",
                                        "STACK_OVERFLOW",
                                        "STACK_UNDERFLOW",
                                        "OUT_OF_MEMORY",
                                        "INVALID_FRAMEBUFFER_OPERATION",
                                        "CONTEXT_LOST"};

    if (number < 0x500 || number - 0x500 >= sizeof(names) / sizeof(names[0]))
        return false;
    printf("As an error of OpenGL, %" PRIu32 " (0x%" PRIx32 ") is GL_%s\n", number, number,
           names[number - 0x500]);
    return true;
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

bool explain_number(uint64_t number)
{
    bool (*const others[])(uint32_t) = {explain_control_type,  explain_gl_error,
                                        explain_diagnostic,    explain_format,
                                        explain_context_error, explain_errno};
    bool header_first = number <= UINT32_MAX && is_likely_header((uint32_t)number);
    unsigned int count = 0;

    if (number > UINT32_MAX)
        return false;
    if (header_first)
        count += explain_header((uint32_t)number);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        count += others[i]((uint32_t)number);
    if (!header_first)
        count += explain_header((uint32_t)number);
    if (count > 1)
        printf("These are %u readings of one number, the likeliest first. A word before it chooses "
               "one:\n  header, type, format, code, errno or \"GL error\", as in \"virglcmd "
               "explain type 0x1203\".\n",
               count);
    return count > 0;
}
