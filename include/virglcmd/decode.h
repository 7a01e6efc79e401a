/* SPDX-License-Identifier: MIT */
#ifndef VIRGLCMD_DECODE_H
#define VIRGLCMD_DECODE_H

#include <virglcmd/packet.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Reads a command stream: any dwords at all. Each packet becomes a struct vcmd_packet, or an error
 * that says where and why; nothing outside of the input is read and nothing is allocated. Values
 * are not compared with their ranges: to read a packet is one thing, to judge it another.
 *
 *     uint64_t scratch[VCMD_DECODER_SCRATCH / 8];
 *     struct vcmd_decoder decoder;
 *     struct vcmd_packet packet;
 *     vcmd_decoder_init(&decoder, dwords, length, scratch, sizeof(scratch));
 *     while (vcmd_decoder_more(&decoder)) {
 *         if (vcmd_decode_next(&decoder, &packet) != VCMD_STATUS_OK)
 *             ...decoder.error, and packet.position of the packet that was skipped
 *         else if (packet.kind == VCMD_PACKET_DRAW_VBO)
 *             ...packet.draw_vbo.count
 *     }
 */

/*
 * Bytes of scratch memory that suffice for every packet that hosts accept, on little-endian
 * machines. On big-endian ones whatever is not bytes goes there, so a constant buffer takes its own
 * size; 262144 bytes suffice for all.
 */
#define VCMD_DECODER_SCRATCH 2048u

struct vcmd_decoder {
    const uint32_t *dwords;  /* the stream, in the byte order of the wire */
    size_t length;           /* dwords of it */
    size_t position;         /* dword of the next packet; may be set, to read a packet again */
    void *scratch;           /* the caller's memory for elements that must be converted */
    size_t scratch_size;     /* bytes of it */
    struct vcmd_error error; /* of the last packet, or status VCMD_STATUS_OK */
};

/* dwords and scratch stay the caller's; they may be NULL when their size is 0. */
void vcmd_decoder_init(struct vcmd_decoder *decoder, const uint32_t *dwords, size_t length,
                       void *scratch, size_t scratch_size);

/* Whether there is another packet. */
static inline bool vcmd_decoder_more(const struct vcmd_decoder *decoder)
{
    return decoder->position < decoder->length;
}

/*
 * Decodes the packet at decoder->position and moves on to the one behind it, whatever comes of it:
 *
 * VCMD_STATUS_OK             packet is filled; packet->trailing tells of dwords too many
 * VCMD_STATUS_UNKNOWN_VALUE  there is no such opcode, or no such object
 * VCMD_STATUS_TRUNCATED      the payload is too short for what it should hold, or the stream for
 *                            the payload; in that case the stream ends here
 * VCMD_STATUS_MALFORMED      a count in the packet is more than its payload has
 * VCMD_STATUS_BUFFER_FULL    error.limit bytes of scratch are needed
 *
 * On an error the five facts about the header in packet are good. The arguments of packet.kind are
 * zero; VCMD_PACKET_UNKNOWN has none, and they are left as they were.
 * Scratch memory is used anew for each packet. error.offset counts from the packet's header.
 *
 * Text has the size up to its NUL, which counts unless the encoder adds one; data has that of its
 * dwords. An optional part that is missing is zero. SURFACE of a buffer is told from that of a
 * texture by a last layer below the first; where that is not so the packet says too little.
 */
enum vcmd_status vcmd_decode_next(struct vcmd_decoder *decoder, struct vcmd_packet *packet);

/*
 * Encodes what was decoded, with the encoder of its kind. The same dwords come out, unless the
 * packet has an error that the encoder refuses or is not as an encoder writes it:
 * vcmd_packet_differences().
 */
enum vcmd_status vcmd_encode_packet(struct vcmd_buffer *buf, const struct vcmd_packet *packet);

/*
 * "CREATE_OBJECT.BLEND": as in the description and in errors. "UNKNOWN" for VCMD_PACKET_UNKNOWN and
 * for numbers that are no kind.
 */
const char *vcmd_packet_kind_name(enum vcmd_packet_kind kind);

/*
 * The fields of a packet, one by one in the order of the wire, without a struct, also of packets
 * whose values are senseless.
 */
enum vcmd_field_type {
    VCMD_FIELD_UINT,
    VCMD_FIELD_INT,
    VCMD_FIELD_BOOL,  /* 0 or 1 */
    VCMD_FIELD_FLOAT, /* of 4 or 8 bytes: vcmd_field_value has the bits */
    VCMD_FIELD_STRING,
    VCMD_FIELD_BYTES,
    VCMD_FIELD_PADDING /* count dwords that the host skips */
};

struct vcmd_item;

struct vcmd_field {
    const char *name;             /* "rt.colormask", as in errors and in the argument struct */
    const uint8_t *bytes;         /* the first unit in the input; text or data itself */
    size_t place;                 /* byte of it in the packet or command; 4 is dword 1 */
    size_t count;                 /* values of an array, bytes of text or data; else 1 */
    size_t index;                 /* which element, when the field is in an array of structs */
    bool in_array;                /* "rt[2].colormask": the index belongs behind the first word */
    bool is_array;                /* an array of values, if only of one or none */
    uint8_t type;                 /* enum vcmd_field_type */
    uint8_t width;                /* bytes of a unit: 1, 2, 4, 8 */
    uint8_t shift, bits;          /* where in the unit */
    uint8_t row;                  /* values in a row of a two-dimensional array; else 0 */
    uint8_t enum_id;              /* enum vcmd_enum_id */
    uint8_t handle;               /* enum vcmd_handle_kind */
    const struct vcmd_item *item; /* of the descriptor table */
};

/* Returns false to stop. */
typedef bool (*vcmd_field_fn)(void *user, const struct vcmd_field *field);

/* Value number i of a field: INT extended to 64 bits, FLOAT as its bits. */
uint64_t vcmd_field_value(const struct vcmd_field *field, size_t i);

/*
 * Writes the name with its indices, "ucp[3][1]", always with a final NUL when capacity is not 0. i
 * is the number of the value; SIZE_MAX for the field as a whole. Returns the length of the whole
 * name, as snprintf does.
 */
size_t vcmd_field_name(const struct vcmd_field *field, size_t i, char *text, size_t capacity);

/*
 * Visits the fields of the packet at dwords; length may reach beyond the packet. Fields in front of
 * an error have been visited. error may be NULL. VCMD_STATUS_OK when the visitor stopped, too.
 * Errors are those of vcmd_decode_next.
 */
enum vcmd_status vcmd_visit_packet(const uint32_t *dwords, size_t length, vcmd_field_fn visit,
                                   void *user, struct vcmd_error *error);

/* The same for a control request or response of size bytes, header included. */
enum vcmd_status vcmd_visit_control(const void *bytes, size_t size, vcmd_field_fn visit, void *user,
                                    struct vcmd_error *error);

/* "RESOURCE_CREATE_3D", "OK_NODATA"; NULL for types that there are not. */
const char *vcmd_ctrl_type_name(uint32_t type);

/*
 * What a packet has that the description has not: reserved bits, filling behind text that is not
 * zero, padding that is not zero, dwords behind the end. One call for each such dword, in order;
 * found is what is there, canonical what belongs there. trailing: it should not be there at all.
 */
struct vcmd_difference {
    size_t dword; /* of the packet; 0 is the header */
    uint32_t found, canonical;
    bool trailing;
};

typedef bool (*vcmd_difference_fn)(void *user, const struct vcmd_difference *difference);

/*
 * Returns VCMD_STATUS_OK, also when there are differences, or the error of vcmd_decode_next. report
 * may return false to stop; error may be NULL.
 */
enum vcmd_status vcmd_packet_differences(const uint32_t *dwords, size_t length,
                                         vcmd_difference_fn report, void *user,
                                         struct vcmd_error *error);

/*
 * The word for a value: vcmd_enum_name(VCMD_ENUM_PRIM, 4) is "TRIANGLES". NULL for a value that the
 * enumeration has not, and for any of what is no enumeration. For flags value is a single flag.
 */
const char *vcmd_enum_name(enum vcmd_enum_id id, uint32_t value);

/* Value number i of an enumeration, in rising order; false behind the last. */
bool vcmd_enum_value(enum vcmd_enum_id id, size_t i, uint32_t *value, const char **name);

/* The value for a word of so many characters; false when the enumeration has not got it. */
bool vcmd_enum_by_name(enum vcmd_enum_id id, const char *name, size_t length, uint32_t *value);

/* Whether values are bits that can be joined. */
bool vcmd_enum_is_flags(enum vcmd_enum_id id);

/* "prim"; "" for VCMD_ENUM_NONE and for numbers that are no enumeration. */
const char *vcmd_enum_id_name(enum vcmd_enum_id id);

/* "resource"; "" for VCMD_HANDLE_NONE and for numbers that are no kind. */
const char *vcmd_handle_kind_name(enum vcmd_handle_kind kind);

#ifdef __cplusplus
}
#endif

#endif
