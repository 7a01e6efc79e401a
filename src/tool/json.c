/* SPDX-License-Identifier: MIT */
#include "json.h"

#include "clean.h"
#include "report.h"
#include <inttypes.h>
#include <string.h>
#include <virglcmd/print.h>

/* An array of structs that the fields so far belong to. */
struct visit {
    FILE *file;
    bool any;          /* a field has been written where we are */
    const char *array; /* "rt" of "rt.colormask", not ended by NUL; or NULL */
    size_t array_length;
    size_t index;
};

/* ---- strings ---- */

static void write_escaped(FILE *file, unsigned char c)
{
    if (c == '"' || c == '\\')
        fprintf(file, "\\%c", c);
    else if (c == '\n')
        fputs("\\n", file);
    else if (c == '\t')
        fputs("\\t", file);
    else
        fprintf(file, "\\u%04x", c);
}

void tool_json_string(FILE *file, const void *bytes, size_t size)
{
    const unsigned char *text = bytes;

    putc('"', file);
    for (size_t i = 0; i < size;) {
        size_t length = tool_utf8_length(text + i, size - i);

        if (length == 0 || text[i] < 0x20 || text[i] == '"' || text[i] == '\\' || text[i] == 0x7f) {
            write_escaped(file, text[i]);
            i++;
            continue;
        }
        fwrite(text + i, 1, length, file);
        i += length;
    }
    putc('"', file);
}

static void write_hex(FILE *file, const uint8_t *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";

    putc('"', file);
    for (size_t i = 0; i < size; i++) {
        putc(digits[bytes[i] >> 4], file);
        putc(digits[bytes[i] & 15], file);
    }
    putc('"', file);
}

/* ---- values ---- */

static void write_flags(FILE *file, enum vcmd_enum_id id, uint32_t value)
{
    const char *separator = "";

    putc('[', file);
    for (uint32_t bit = 1; bit != 0; bit <<= 1) {
        const char *name = value & bit ? vcmd_enum_name(id, bit) : NULL;

        if (!name)
            continue;
        fprintf(file, "%s\"%s\"", separator, name);
        separator = ",";
        value &= ~bit;
    }
    if (value)
        fprintf(file, "%s%" PRIu32, separator, value);
    putc(']', file);
}

static void write_unsigned(FILE *file, const struct vcmd_field *field, uint64_t value)
{
    enum vcmd_enum_id id = (enum vcmd_enum_id)field->enum_id;
    const char *name = NULL;

    if (id != VCMD_ENUM_NONE && vcmd_enum_is_flags(id)) {
        write_flags(file, id, (uint32_t)value);
        return;
    }
    if (id != VCMD_ENUM_NONE)
        name = vcmd_enum_name(id, (uint32_t)value);
    if (name)
        fprintf(file, "\"%s\"", name);
    else
        fprintf(file, "%" PRIu64, value);
}

/* JSON has no infinities and no NaN: there the exponent is all ones. */
static bool is_finite(const struct vcmd_field *field, uint64_t bits)
{
    if (field->width == 4)
        return (bits & 0x7f800000u) != 0x7f800000u;
    return (bits & UINT64_C(0x7ff0000000000000)) != UINT64_C(0x7ff0000000000000);
}

static void write_float(FILE *file, const struct vcmd_field *field, size_t i)
{
    uint64_t bits = vcmd_field_value(field, i);
    uint32_t low = (uint32_t)bits;
    double wide;
    float narrow;

    if (!is_finite(field, bits)) {
        putc('"', file);
        vcmd_print_value(field, i, tool_print_text, file);
        putc('"', file);
        return;
    }
    memcpy(&narrow, &low, sizeof(narrow));
    memcpy(&wide, &bits, sizeof(wide));
    if (field->width == 4)
        fprintf(file, "%.9g", (double)narrow);
    else
        fprintf(file, "%.17g", wide);
}

static void write_value(FILE *file, const struct vcmd_field *field, size_t i)
{
    switch (field->type) {
    case VCMD_FIELD_STRING:
        tool_json_string(file, field->bytes, field->count);
        break;
    case VCMD_FIELD_BYTES:
        write_hex(file, field->bytes, field->count);
        break;
    case VCMD_FIELD_FLOAT:
        write_float(file, field, i);
        break;
    case VCMD_FIELD_INT:
        fprintf(file, "%" PRId64, (int64_t)vcmd_field_value(field, i));
        break;
    case VCMD_FIELD_BOOL:
        fputs(vcmd_field_value(field, i) ? "true" : "false", file);
        break;
    default:
        write_unsigned(file, field, vcmd_field_value(field, i));
        break;
    }
}

static void write_values(FILE *file, const struct vcmd_field *field)
{
    putc('[', file);
    for (size_t i = 0; i < field->count; i++) {
        if (i > 0)
            putc(',', file);
        if (field->row && i % field->row == 0)
            putc('[', file);
        write_value(file, field, i);
        if (field->row && i % field->row == field->row - 1u)
            putc(']', file);
    }
    putc(']', file);
}

/* ---- fields ---- */

static void close_array(struct visit *visit)
{
    if (visit->array)
        fputs("}]", visit->file);
    visit->array = NULL;
}

/* Opens, goes on in or leaves the array that a field is in; returns the rest of its name. */
static const char *enter(struct visit *visit, const struct vcmd_field *field)
{
    size_t length = strcspn(field->name, ".");

    if (!field->in_array || field->name[length] != '.') {
        close_array(visit);
        return field->name;
    }
    if (visit->array && length == visit->array_length &&
        memcmp(visit->array, field->name, length) == 0) {
        if (visit->index != field->index)
            fputs("},{", visit->file);
        visit->any = visit->index == field->index;
    } else {
        close_array(visit);
        fprintf(visit->file, "%s\"%.*s\":[{", visit->any ? "," : "", (int)length, field->name);
        visit->array = field->name;
        visit->array_length = length;
        visit->any = false;
    }
    visit->index = field->index;
    return field->name + length + 1;
}

static bool write_field(void *user, const struct vcmd_field *field)
{
    struct visit *visit = user;
    const char *name = enter(visit, field);

    fprintf(visit->file, "%s\"%s\":", visit->any ? "," : "", name);
    if (field->is_array)
        write_values(visit->file, field);
    else
        write_value(visit->file, field, 0);
    visit->any = true;
    return true;
}

/* ---- what no field has ---- */

/* What the assembler's "@2=7" says: dwords that are not as the fields alone would make them. */
static bool write_override(void *user, const struct vcmd_difference *difference)
{
    struct visit *visit = user;

    if (difference->found == difference->canonical)
        return true;
    fprintf(visit->file, "%s{\"dword\":%zu,\"value\":%" PRIu32 "}",
            visit->any ? "," : ",\"overrides\":[", difference->dword, difference->found);
    visit->any = true;
    return true;
}

static void write_overrides(FILE *file, const struct tool_packet *packet)
{
    struct visit visit = {.file = file};

    vcmd_packet_differences(packet->dwords, packet->size, write_override, &visit, NULL);
    if (visit.any)
        putc(']', file);
}

static void write_dwords(FILE *file, const struct tool_packet *packet)
{
    fputs(",\"dwords\":[", file);
    for (size_t i = 0; i < packet->size; i++)
        fprintf(file, "%s%" PRIu32, i ? "," : "", tool_dword(packet->dwords + i));
    putc(']', file);
}

/* ---- the packet ---- */

bool tool_json_packet(FILE *file, const struct tool_item *item, const struct tool_packet *packet)
{
    struct visit visit = {.file = file};
    uint64_t scratch[VCMD_DECODER_SCRATCH / 8];
    struct vcmd_packet decoded;
    struct vcmd_decoder decoder;
    struct vcmd_error error;
    char text[512];

    vcmd_decoder_init(&decoder, packet->dwords, packet->size, scratch, sizeof(scratch));
    if (vcmd_decode_next(&decoder, &decoded) == VCMD_STATUS_OK)
        snprintf(text, sizeof(text), "%s", vcmd_packet_kind_name(decoded.kind));
    else
        tool_packet_name(packet->header, text);
    fputs("{\"file\":", file);
    tool_json_string(file, item->path, strlen(item->path));
    fprintf(file,
            ",\"submit\":%zu,\"context\":%" PRIu32 ",\"packet\":%zu,\"dword\":%zu,"
            "\"command\":\"%s\",\"size\":%" PRIu32 ",\"fields\":{",
            item->submit, item->context_id, packet->index, packet->position, text,
            packet->header >> 16);
    vcmd_visit_packet(packet->dwords, packet->size, write_field, &visit, &error);
    close_array(&visit);
    putc('}', file);
    if (error.status != VCMD_STATUS_OK) {
        size_t length = vcmd_error_format(&error, text, sizeof(text));

        fputs(",\"error\":", file);
        tool_json_string(file, text, length < sizeof(text) ? length : sizeof(text) - 1);
        write_dwords(file, packet);
    } else {
        write_overrides(file, packet);
    }
    fputs("}\n", file);
    return error.status == VCMD_STATUS_OK;
}
