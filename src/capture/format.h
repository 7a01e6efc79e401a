/* SPDX-License-Identifier: MIT */
#ifndef VCMD_CAPTURE_FORMAT_H
#define VCMD_CAPTURE_FORMAT_H

#include <virglcmd/capture.h>

/* The bytes of docs/capture-format.md. */

#define CAPTURE_MAGIC_SIZE 8u
extern const uint8_t capture_magic[CAPTURE_MAGIC_SIZE];
#define CAPTURE_MAJOR 1u
#define CAPTURE_MINOR 0u

/* The file's header without creator and CRC, and that of a record. */
#define CAPTURE_HEADER_SIZE 28u
#define CAPTURE_RECORD_SIZE 32u

/* Bits 0 to 3 of a record's flags: how its payload is stored. */
#define CAPTURE_STORED_MASK  0xfu
#define CAPTURE_STORED_PLAIN 0u
#define CAPTURE_STORED_ZLIB  1u

/*
 * What the payload of a type consists of. Fields are copied in the order of the table; what varies
 * in size leaves its size there and comes behind all fields.
 */
enum capture_field_kind {
    CAPTURE_U32,
    CAPTURE_U64,
    CAPTURE_TEXT, /* bytes, at most VCMD_CAPTURE_MAX_TEXT, without a NUL */
    CAPTURE_BYTES,
    CAPTURE_DWORDS /* the size counts dwords, the bytes are in wire order */
};

struct capture_field {
    enum capture_field_kind kind;
    size_t offset;      /* in struct vcmd_capture_record: the number, or the pointer */
    size_t size_offset; /* a size_t */
};

struct capture_type {
    const char *name;
    uint32_t flags;
    const struct capture_field *fields;
    size_t num_fields;
};

/* NULL: unknown. */
const struct capture_type *capture_find_type(uint32_t type);

/* What may be in a field of variable size. */
const void *capture_blob(const struct vcmd_capture_record *record,
                         const struct capture_field *field);
size_t capture_blob_size(const struct vcmd_capture_record *record,
                         const struct capture_field *field);
void capture_set_blob(struct vcmd_capture_record *record, const struct capture_field *field,
                      const void *bytes, size_t size);

/* Gives texts without a size the size that they have up to their NUL. */
void capture_complete_texts(struct vcmd_capture_record *record);

/* Bytes of the payload. Sets *why to static text when it fails: TOO_LONG, NULL_ARGUMENT. */
enum vcmd_status capture_payload_size(const struct vcmd_capture_record *record, size_t *size,
                                      const char **why);
void capture_encode_payload(const struct vcmd_capture_record *record, uint8_t *payload);

/*
 * Sets type-specific fields of a record; its type is set. The pointers in it are into the payload.
 * MALFORMED: the payload does not hold what its type says.
 */
enum vcmd_status capture_decode_payload(struct vcmd_capture_record *record, const uint8_t *payload,
                                        size_t size, const char **why);

/* What the fields of a record must fulfil, whoever made it. OUT_OF_RANGE, UNKNOWN_VALUE. */
enum vcmd_status capture_check_record(const struct vcmd_capture_record *record, const char **why);

#endif
