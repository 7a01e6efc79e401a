/* SPDX-License-Identifier: MIT */
#include "capset.h"
#include "clean.h"
#include "command.h"
#include "explain_table.h"
#include "report.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <virglcmd/decode.h>
#include <virglcmd/format.h>

/* "info": what a host offers. */

struct info_options {
    struct tool_device_options device;
    bool explain;
    const char *save;
};

static const struct tool_option options[] = {
    TOOL_DEVICE_OPTIONS(struct info_options, device),
    {"explain", 'e', TOOL_FLAG, offsetof(struct info_options, explain), NULL,
     "a sentence about each value", NULL},
    {"save", 's', TOOL_FILE, offsetof(struct info_options, save), "FILE",
     "write the bytes of the capset, too, for check --capset", NULL},
    {NULL, 0, 0, 0, NULL, NULL, NULL},
};

/* Numbers that no format has end here: as many as the masks have bits. */
#define MAX_FORMATS 512u

static uint32_t load(const struct tool_capset *capset, size_t offset)
{
    const uint8_t *p = capset->bytes + offset;

    if (offset + 4 > capset->size)
        return 0;
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* It comes from the host, or out of a file. */
static void print_renderer(const struct vcmd_caps *caps)
{
    char clean[4 * sizeof(caps->renderer) + 1];

    tool_clean(caps->renderer, strnlen(caps->renderer, sizeof(caps->renderer)), clean,
               sizeof(clean));
    printf(" %s", clean);
}

/* Hosts do not say their release, but the capset and a number in it grow with it. */
static void print_host(const struct tool_capset *capset)
{
    const struct vcmd_caps *caps = &capset->caps;
    size_t count;
    const struct vcmd_host_release *release = vcmd_host_releases(&count);
    bool any = false;

    printf("renderer:");
    if (vcmd_caps_has(caps, VCMD_CAPS_RENDERER))
        print_renderer(caps);
    else
        printf(" not told");
    putchar('\n');
    printf("capset: ");
    if (capset->id)
        printf("%s, ", capset->id == VCMD_CTRL_CAPSET_VIRGL ? "VIRGL" : "VIRGL2");
    printf("version %" PRIu32 ", %zu bytes\n", caps->max_version, capset->size);
    printf("virglrenderer:");
    for (size_t i = 0; i < count; i++) {
        if (release[i].caps_size == capset->size &&
            release[i].feature_version == caps->host_feature_check_version) {
            printf(" %s", release[i].name);
            any = true;
        }
    }
    printf("%s\n", any ? " or alike" : " not a known release");
}

static void print_numbers(const struct tool_capset *capset, const struct explain_caps_field *field,
                          size_t offset)
{
    for (size_t i = 0; i < field->count; i++) {
        uint32_t value = load(capset, offset + 4 * i) >> field->shift;
        float number;

        if (field->bits && field->bits < 32)
            value &= (UINT32_C(1) << field->bits) - 1;
        memcpy(&number, &value, sizeof(number));
        if (field->kind == 'f')
            printf(" %.9g", (double)number);
        else if (field->kind == 'i')
            printf(" %" PRId32, (int32_t)value);
        else if (field->kind == 'x')
            printf(" 0x%08" PRIx32, value);
        else
            printf(" %" PRIu32, value);
    }
}

static void print_flags(const struct tool_capset *capset, const struct explain_caps_field *field,
                        enum vcmd_enum_id id)
{
    uint32_t bits = load(capset, field->offset);

    for (uint32_t bit = 1; bit != 0; bit <<= 1) {
        const char *name = vcmd_enum_name(id, bit);

        if (name)
            printf("\n    %-34s %s", name, bits & bit ? "yes" : "no");
        else if (bits & bit)
            printf("\n    0x%08" PRIx32 "                         yes, and not known", bit);
    }
}

static void print_value(const struct tool_capset *capset, const struct explain_caps_field *field,
                        size_t offset)
{
    if (!vcmd_caps_has(&capset->caps, field->field))
        printf(" not told");
    else if (field->kind == 'c')
        print_renderer(&capset->caps);
    else if (field->field == VCMD_CAPS_CAPABILITY_BITS)
        print_flags(capset, field, VCMD_ENUM_CAP_BITS);
    else if (field->field == VCMD_CAPS_CAPABILITY_BITS_V2)
        print_flags(capset, field, VCMD_ENUM_CAP_BITS_V2);
    else
        print_numbers(capset, field, offset);
}

static void print_fields(const struct tool_capset *capset, bool explain)
{
    printf("\nvalues\n");
    for (const struct explain_caps_field *field = explain_caps; field->name; field++) {
        size_t count = field->stride ? capset->caps.num_video_caps : 1;

        if (field->kind == 'm' || count > 32)
            continue;
        for (size_t i = 0; i < count; i++) {
            printf("  %-36s", field->name);
            if (field->stride)
                printf(" [%zu]", i);
            print_value(capset, field, field->offset + i * field->stride);
            putchar('\n');
        }
        if (explain && count)
            printf("      %s Since %s.\n", field->doc, field->since);
    }
}

/* Scanout alone does not count: hosts without GBM claim it for every number. */
static void print_formats(const struct vcmd_caps *caps)
{
    static const char letters[] = "srdvbom";
    char uses[sizeof(letters)] = "";

    printf("\nformats: s sampler, r render target, d depth and stencil, v vertices, b read back,\n"
           "         o scanout, m multisample\n");
    for (uint32_t format = 1; format < MAX_FORMATS; format++) {
        bool any = false;

        for (int use = 0; use < (int)sizeof(letters) - 1; use++) {
            bool has = vcmd_caps_has_format(caps, format, (enum vcmd_format_use)use);

            uses[use] = '.';
            if (has)
                uses[use] = letters[use];
            any = any || (has && use != VCMD_FORMAT_USE_SCANOUT);
        }
        if (any)
            printf("  %3" PRIu32 " %-32s %s\n", format, vcmd_format_name(format), uses);
    }
}

static bool save(const struct tool_capset *capset, const char *path)
{
    struct tool_output_file output;

    if (!tool_output_open(&output, path))
        return false;
    fwrite(capset->bytes, 1, capset->size, output.stream);
    return tool_output_close(&output, true);
}

static int run(int argc, char **argv)
{
    struct info_options chosen = {0};
    struct tool_capset capset = {0};
    int first, result;
    bool good;

    if (!tool_parse(&tool_info, argc, argv, &chosen, &first, &result))
        return result;
    if (argc - first > 1)
        return tool_wrong_arguments(&tool_info, "more than one file is named");
    if (first < argc && (chosen.device.transport || chosen.device.options))
        return tool_wrong_arguments(&tool_info, "a file and a transport: name one of them");
    if (first < argc)
        good = tool_capset_of_file(&capset, &tool_info, argv[first]);
    else
        good = tool_capset_of_device(&capset, &tool_info, &chosen.device);
    if (!good || (chosen.save && !save(&capset, chosen.save)))
        return TOOL_TROUBLE;
    /* Behind the bytes text would be taken for more of them. */
    if (chosen.save && tool_output_is_standard(chosen.save))
        return TOOL_GOOD;
    print_host(&capset);
    print_fields(&capset, chosen.explain);
    print_formats(&capset.caps);
    return TOOL_GOOD;
}

const struct tool_command tool_info = {
    .name = "info",
    .arguments = "[FILE]",
    .summary = "Shows what a host offers: that of a transport, or of a capture or saved capset",
    .options = options,
    .takes_files = true,
    .run = run,
};
