/* SPDX-License-Identifier: MIT */
#ifndef VCMD_TABLE_H
#define VCMD_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <virglcmd/decode.h>

/*
 * The description as one const table: what the decoder, the printer, the assembler and the checker
 * walk. A layout is a packet or control command; it consists of parts, in the order of the wire,
 * and a part of items, which are the leaves. Nothing nests deeper, so nothing recurses.
 *
 * Places on the wire are in bytes, from the start of the packet (its header) or of an element.
 * Names are offsets into vcmd_table_names.
 *
 * Nearly every value of nearly every stream is good, so the table tells the checker what it need
 * not look at (worked out by src/protocol/generator/checked.py, used by src/check/fields.c):
 *  - Items that cannot be wrong are left out: `checked` of a part is the first one to look at,
 *    `next` of an item the one after it. They are numbers within the part; the number of its items
 *    says that there is no more.
 *  - A dword of zeros whose items take 0 is done with one comparison: `after` of its first item to
 *    look at is the next one to look at behind the dword.
 *  - A value below 64 is looked up in `good` of its rule, one bit each. Only when that says no, or
 *    the value is larger, is the rule itself asked.
 *  - Bits that belong to no item are a mask in vcmd_table_reserved: `reserved` of the last item of
 *    their dword says which.
 */

enum vcmd_part_kind {
    VCMD_PART_FIXED,   /* items, once; their places count from the start of the packet */
    VCMD_PART_REPEAT,  /* so many elements, always; they are an array in the argument struct */
    VCMD_PART_ARRAY,   /* elements behind a pointer, as many as a count or the payload says */
    VCMD_PART_VALUES,  /* the same, of plain words; one item */
    VCMD_PART_BYTES,   /* text or data, filled up to a dword; one item */
    VCMD_PART_PADDING, /* dwords that the host skips */
    VCMD_PART_TAIL     /* bytes up to the end that another layer understands; one item */
};

/* A condition on the whole part. */
enum vcmd_part_when {
    VCMD_WHEN_ALWAYS,
    VCMD_WHEN_ROOM, /* there when the payload goes on; a bool in the argument struct says so */
    VCMD_WHEN_COUNT /* there when the item when_item is not 0 */
};

/* Parts that a packet has at most. */
#define VCMD_MAX_PARTS 8

#define VCMD_NO_OFFSET 0xffffu

/* What a value may be, for those items that have a rule. The first of the table is no rule. */
struct vcmd_item_rule {
    int64_t min, max;   /* INT64_MIN and INT64_MAX where there is none */
    uint64_t good;      /* bit n: nothing here speaks against the value n */
    uint8_t enum_id;    /* enum vcmd_enum_id; its values, unless open */
    uint8_t also_enum;  /* values of this one are good, too */
    bool also_zero;     /* and so is 0 */
    bool open;          /* any other value, too */
    bool flags;         /* enum_id has flags: any of their bits */
    uint32_t flag_mask; /* those bits */
};

struct vcmd_item {
    uint16_t name;
    uint16_t place;    /* bytes */
    uint16_t offset;   /* of the member in the argument struct, or in the struct of the element */
    uint16_t count;    /* elements of a fixed array in all, 1 for a single value */
    uint16_t run;      /* not 0: words from here on that lie in memory as on the wire */
    uint16_t rule;     /* row of vcmd_table_rules; 0: none */
    uint16_t since;    /* host release, 10000 * major + 100 * minor + patch; 0: always */
    uint8_t run_items; /* items that the run takes */
    uint8_t type;      /* enum vcmd_field_type */
    uint8_t width;     /* bytes of the unit on the wire; those of the C member unless bool */
    uint8_t shift, bits;
    uint8_t row;      /* elements in a row of a two-dimensional array, else 0 */
    uint8_t enum_id;  /* enum vcmd_enum_id */
    uint8_t handle;   /* enum vcmd_handle_kind */
    uint8_t least;    /* 1 + number of the item of this layout that it must not be below; 0: none */
    bool is_count;    /* counts the elements of a later part */
    bool terminated;  /* text whose NUL is not counted */
    bool begins;      /* the first of an element, or of an optional part, that only the size of the
                         payload tells of */
    uint8_t next;     /* for the checker: the item after this one */
    uint8_t after;    /* and the one when the dword is 0; 0: every item of the dword is asked */
    uint8_t reserved; /* row of vcmd_table_reserved; 0: none */
};

struct vcmd_part {
    uint8_t kind;        /* enum vcmd_part_kind */
    uint8_t when;        /* enum vcmd_part_when */
    uint8_t when_item;   /* number in the layout */
    uint8_t count_item;  /* 1 + number in the layout; 0: as many as the payload has room for */
    uint8_t slot_item;   /* 1 + number of the item with the first slot; 0: none */
    uint8_t spare;       /* BYTES: dwords of zeros behind the text */
    bool wire_shaped;    /* elements lie in memory as on the wire, on little-endian machines */
    bool terminated;     /* BYTES: a NUL follows that the size does not count */
    uint16_t name;       /* of the array, the values or the bytes; of a group */
    uint16_t first_item; /* in vcmd_table_items */
    uint16_t items;
    uint16_t checked;       /* the first item for the checker */
    uint16_t place;         /* REPEAT: bytes */
    uint16_t bytes;         /* FIXED: how many it takes when it is conditional */
    uint16_t stride;        /* bytes of an element on the wire */
    uint16_t element;       /* bytes of an element in memory */
    uint16_t repeat;        /* REPEAT: how many */
    uint16_t offset;        /* of the array or pointer in the argument struct; places in memory of
                               REPEAT are those of the first element already */
    uint16_t count_offset;  /* of the count, unless it is an item */
    uint16_t flag_offset;   /* of the bool that says whether a conditional part is there */
    uint16_t min_count;     /* elements, or bytes of BYTES */
    uint16_t max_count;     /* 0: no bound but the payload's */
    uint16_t slots;         /* slot_item + count must not pass it */
    uint16_t least_payload; /* BYTES: bytes that hosts want in all */
};

/* What the host accepts as the size of a payload. */
enum vcmd_size_kind {
    VCMD_SIZE_EXACT,    /* base dwords */
    VCMD_SIZE_ANY,      /* any number */
    VCMD_SIZE_AT_LEAST, /* base or more */
    VCMD_SIZE_ONE_OF,   /* a bit of sizes */
    VCMD_SIZE_STEPS     /* base + step * n, n at most most */
};

struct vcmd_size_rule {
    uint8_t kind; /* enum vcmd_size_kind */
    uint8_t base, step, most;
    bool remainder; /* dwords that do not make a whole step are ignored, not refused */
    uint32_t sizes; /* bit n: n dwords */
};

/* How a layout is told from the one before it, which has the same header. */
enum vcmd_select_kind {
    VCMD_SELECT_SIZE,  /* by its size alone */
    VCMD_SELECT_EQUAL, /* the bits are value */
    VCMD_SELECT_LESS   /* the bits are less than those from other_shift on */
};

struct vcmd_select {
    uint8_t kind; /* enum vcmd_select_kind */
    uint8_t place, shift, bits, value, other_shift;
};

#define VCMD_OBJECT_NONE 0xff /* no object in the header */
#define VCMD_OBJECT_ANY  0xfe

struct vcmd_layout {
    uint16_t name;
    uint16_t number; /* opcode, or type of a control command */
    uint8_t object;  /* byte of the header, VCMD_OBJECT_NONE or VCMD_OBJECT_ANY */
    uint8_t parts;
    uint16_t first_part;
    uint16_t first_item;
    uint16_t items;
    uint16_t fixed;         /* bytes that are always there, header included */
    uint16_t size;          /* bytes of the argument struct */
    uint16_t object_offset; /* of the member object_type, for VCMD_OBJECT_ANY */
    uint16_t since;         /* host release, 10000 * major + 100 * minor + patch; 0: always */
    uint16_t response;      /* type that answers a request; 0 otherwise */
    struct vcmd_size_rule host;
    struct vcmd_select select;
};

struct vcmd_enum_row {
    uint32_t value;
    uint16_t name; /* in vcmd_table_names */
};

struct vcmd_enum_table {
    uint16_t name;
    uint16_t first, count; /* rows, by value */
    bool flags;
};

extern const char vcmd_table_names[];
extern const struct vcmd_item vcmd_table_items[];
extern const struct vcmd_item_rule vcmd_table_rules[];
/* Bits of a dword that belong to no item. */
extern const uint32_t vcmd_table_reserved[];
extern const struct vcmd_part vcmd_table_parts[];

/* By enum vcmd_packet_kind; [0] is empty. */
extern const struct vcmd_layout vcmd_table_packets[];
/* The first layout of an opcode; those of opcode n end where those of n + 1 begin. */
extern const uint8_t vcmd_table_opcodes[];
extern const uint32_t vcmd_table_opcode_count;

/* Requests, then responses, by type. */
extern const struct vcmd_layout vcmd_table_control[];
extern const uint32_t vcmd_table_control_count;

/* By enum vcmd_enum_id; [0] is empty. */
extern const struct vcmd_enum_table vcmd_table_enums[];
extern const struct vcmd_enum_row vcmd_table_enum_rows[];
extern const uint32_t vcmd_table_enum_count;

/* By enum vcmd_handle_kind: names. */
extern const uint16_t vcmd_table_handles[];

static inline const char *vcmd_table_name(uint16_t name)
{
    return vcmd_table_names + name;
}

#endif
