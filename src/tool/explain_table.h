/* SPDX-License-Identifier: MIT */
#ifndef TOOL_EXPLAIN_TABLE_H
#define TOOL_EXPLAIN_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <virglcmd/caps.h>

/*
 * The prose of the protocol description, as the generator puts it into generated/explain_table.c.
 * Each table ends with an entry without a name. Text of several sentences has a line feed between
 * them.
 */

#define EXPLAIN_NO_PLACE   0xffffu
#define EXPLAIN_ANY_OBJECT 0xffu

struct explain_field {
    const char *name;
    uint16_t place; /* dword in the packet, or byte in the control command; EXPLAIN_NO_PLACE */
    const char *doc;
};

struct explain_entry {
    const char *name;    /* "CREATE_OBJECT.BLEND" */
    uint32_t number;     /* opcode, or type of the control command */
    uint8_t object;      /* bits 15:8 of the header; EXPLAIN_ANY_OBJECT */
    bool has_object;     /* false: those bits are 0 */
    const char *size;    /* dwords of payload, or bytes: "12", "3+4*count", "any" */
    const char *since;   /* "0.8.0"; "": always there */
    const char *summary; /* one sentence */
    const char *doc;     /* more of it; NULL: none */
    const char *host;    /* what hosts do with violations; NULL: nothing known */
    const char *quirks;  /* what one would not expect; NULL: nothing known */
    const struct explain_field *fields;
};

struct explain_value {
    const char *enumeration; /* "prim" */
    bool is_flag;
    const char *name;   /* "TRIANGLES" */
    const char *origin; /* "PIPE_PRIM_TRIANGLES", as Mesa and virglrenderer have it */
    const char *c_name; /* "VCMD_PRIM_TRIANGLES" */
    uint32_t value;
    const char *doc;
    const char *message; /* what a host's log has in its place; NULL: nothing */
};

/* A number, text or mask of the capsets. */
struct explain_caps_field {
    const char *name; /* "bset.texture_multisample" */
    uint16_t offset;  /* bytes from the start of the capset */
    uint16_t count;   /* values of 4 bytes, or characters */
    uint16_t stride;  /* bytes from one video_caps to the next; 0: it is there once */
    uint8_t shift;
    uint8_t bits; /* 0: the whole dword */
    char kind;    /* 'u' unsigned, 'i' signed, 'x' bits, 'f' float, 'c' text, 'm' mask of formats */
    uint8_t feature_version;
    const char *since;
    enum vcmd_caps_field field; /* what it is, or is in */
    const char *doc;
};

extern const struct explain_caps_field explain_caps[];
extern const struct explain_entry explain_commands[];
extern const struct explain_entry explain_controls[]; /* requests and responses */
extern const struct explain_value explain_values[];

#endif
