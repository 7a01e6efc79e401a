/* SPDX-License-Identifier: MIT */
#ifndef VIRGLCMD_CAPTURE_H
#define VIRGLCMD_CAPTURE_H

#include <virglcmd/device.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Captures: files of what a program did with a virtio-gpu device, record by record. This header
 * writes and reads them; <virglcmd/record.h> records what goes through a device of this library,
 * <virglcmd/replay.h> runs a capture on one. All of it is in the library virglcmd-capture.
 *
 * docs/capture-format.md describes the bytes. The rules that matter here:
 * - A record tells what was done, in the order in which the host saw it, before its outcome was
 *   known (a capture is also for the command that kills the host). An outcome that is not success
 *   is a record of its own, VCMD_CAPTURE_FAILURE, right behind it.
 * - Memory that the guest writes is recorded when the host is told to read it.
 * - One capture is of one device: a context or resource id means one thing at a time.
 */

enum vcmd_capture_type {
    /* Read only: there are no more records. Not in files. */
    VCMD_CAPTURE_END = 0,

    VCMD_CAPTURE_COMMENT = 1,
    VCMD_CAPTURE_INFO = 2,
    VCMD_CAPTURE_FRAME = 3,
    VCMD_CAPTURE_CAPSET = 4,
    VCMD_CAPTURE_CONTEXT_CREATE = 5,
    VCMD_CAPTURE_CONTEXT_DESTROY = 6,
    VCMD_CAPTURE_RESOURCE_CREATE = 7,
    VCMD_CAPTURE_RESOURCE_DESTROY = 8,
    VCMD_CAPTURE_ATTACH = 9,
    VCMD_CAPTURE_DETACH = 10,
    VCMD_CAPTURE_TRANSFER = 11,
    VCMD_CAPTURE_MEMORY = 12,
    VCMD_CAPTURE_SUBMIT = 13,
    VCMD_CAPTURE_FENCE = 14,
    VCMD_CAPTURE_FENCE_WAIT = 15,
    VCMD_CAPTURE_CONTROL = 16,
    VCMD_CAPTURE_FAILURE = 17
};

/* Bit of vcmd_capture_record.flags: who does not know the type must not replay the capture. */
#define VCMD_CAPTURE_ESSENTIAL 0x8000u

/* Largest payload of a record, in bytes, before compression. */
#define VCMD_CAPTURE_MAX_PAYLOAD 0x10000000u

/* Longest creator, and longest text of comments, names, keys with their value; bytes, no NUL. */
#define VCMD_CAPTURE_MAX_CREATOR 255u
#define VCMD_CAPTURE_MAX_TEXT    65535u

/* ---- records ---- */

/* Text is UTF-8 without a NUL; readers put a NUL behind it that size does not count. */
struct vcmd_capture_text {
    const char *text;
    size_t size; /* bytes. When writing: 0 counts up to a NUL */
};

/*
 * Something about the capture as a whole. Keys of this version: "program" (the command line),
 * "transport", "options", "host" (machine or server), "renderer" (the host's OpenGL).
 */
struct vcmd_capture_info {
    struct vcmd_capture_text key;
    struct vcmd_capture_text value;
};

#define VCMD_CAPTURE_FRAME_TOP_FIRST 0x1u /* row 0 of a transfer from the host is the top row */

/* A picture is complete: the program presented it, swapped, flushed. */
struct vcmd_capture_frame {
    uint32_t context_id;  /* who drew; 0: unknown */
    uint32_t resource_id; /* what holds the picture; 0: unknown */
    uint32_t level;
    uint32_t layer;
    uint32_t x, y, width, height; /* the part that is shown, in texels; width 0: all */
    uint32_t flags;               /* VCMD_CAPTURE_FRAME_* */
};

struct vcmd_capture_capset {
    uint32_t id; /* VCMD_CTRL_CAPSET_* */
    uint32_t version;
    const void *bytes;
    size_t size;
};

/* Used for creation, too: only then there is a name and flags. */
struct vcmd_capture_context {
    uint32_t id;    /* 0: the creation failed; VCMD_CAPTURE_FAILURE follows */
    uint32_t flags; /* context_init of CTX_CREATE; 0 for VirGL */
    struct vcmd_capture_text name;
};

/* Used for creation, too: only then there is a description. */
struct vcmd_capture_resource {
    uint32_t id; /* 0: the creation failed; VCMD_CAPTURE_FAILURE follows */
    /* No zero stands for a default, but for backing_size: the bytes of guest memory, 0: none. */
    struct vcmd_resource_desc desc;
};

/* Attach and detach. */
struct vcmd_capture_pair {
    uint32_t context_id;
    uint32_t resource_id;
};

/*
 * Rows of bytes in the memory behind a resource:
 *     for each layer, for each row: row_bytes from offset + layer * layer_stride + row * row_stride
 * In a record the rows lie tightly, one after the other. One run of bytes: rows and layers are 1.
 */
struct vcmd_capture_rows {
    uint64_t offset;
    uint32_t row_bytes;
    uint32_t row_stride;
    uint32_t rows; /* of blocks, for compressed formats */
    uint32_t layer_stride;
    uint32_t layers;
};

/*
 * To the host: data is what the guest's memory held. From the host: what came back (written after
 * the transfer; who replays compares with it). data NULL, size 0: not recorded, or, to the host, in
 * records VCMD_CAPTURE_MEMORY before it. rows says which bytes the transfer concerns in any case.
 */
struct vcmd_capture_transfer {
    uint32_t context_id;
    uint32_t resource_id;
    uint32_t direction;            /* enum vcmd_transfer_direction */
    struct vcmd_transfer transfer; /* as it was given to the host, zero strides included */
    struct vcmd_capture_rows rows;
    const void *data;
    size_t size;
};

/*
 * What the memory behind a resource holds, for commands that read it without a transfer of their
 * own: TRANSFER3D and COPY_TRANSFER3D in a stream, buffers that live in guest memory.
 */
struct vcmd_capture_memory {
    uint32_t resource_id;
    uint32_t writer; /* VCMD_CAPTURE_BY_GUEST, or _BY_HOST: to compare with, not to write */
    struct vcmd_capture_rows rows;
    const void *data;
    size_t size;
};

#define VCMD_CAPTURE_BY_GUEST 0u
#define VCMD_CAPTURE_BY_HOST  1u

struct vcmd_capture_submit {
    uint32_t context_id;
    const uint32_t *dwords; /* as they go over the wire: little-endian */
    size_t num_dwords;
};

/* The submit of that context before this record made a fence. */
struct vcmd_capture_fence {
    uint32_t context_id;
    uint64_t fence;
};

/* Somebody has waited, and the fence was reached, unless VCMD_CAPTURE_FAILURE follows. */
struct vcmd_capture_fence_wait {
    uint64_t fence;
    uint64_t timeout_ns; /* VCMD_WAIT_FOREVER: no limit */
};

/*
 * A request of a control queue with its response, byte by byte; for captures of what has no typed
 * record. response_size 0: none seen.
 */
struct vcmd_capture_control {
    const void *request;
    size_t request_size;
    const void *response;
    size_t response_size;
};

/* The record before did not succeed. */
struct vcmd_capture_failure {
    uint32_t status; /* enum vcmd_status */
    struct vcmd_capture_text text;
};

/* A record of a type that this library does not know, or one to be copied as it is. */
struct vcmd_capture_raw {
    const void *bytes; /* the payload, not compressed */
    size_t size;
};

struct vcmd_capture_record {
    uint32_t type;    /* enum vcmd_capture_type, or a number that it does not have */
    uint32_t flags;   /* VCMD_CAPTURE_ESSENTIAL; for known types the writer sets it */
    uint64_t time_ns; /* since the capture began. When writing: 0 takes the time of the call */
    uint64_t offset;  /* where the record begins in the file, in bytes; set by the reader */
    union {
        struct vcmd_capture_text comment;
        struct vcmd_capture_info info;
        struct vcmd_capture_frame frame;
        struct vcmd_capture_capset capset;
        struct vcmd_capture_context context;   /* CONTEXT_CREATE, CONTEXT_DESTROY */
        struct vcmd_capture_resource resource; /* RESOURCE_CREATE, RESOURCE_DESTROY */
        struct vcmd_capture_pair pair;         /* ATTACH, DETACH */
        struct vcmd_capture_transfer transfer;
        struct vcmd_capture_memory memory;
        struct vcmd_capture_submit submit;
        struct vcmd_capture_fence fence;
        struct vcmd_capture_fence_wait fence_wait;
        struct vcmd_capture_control control;
        struct vcmd_capture_failure failure;
        struct vcmd_capture_raw raw; /* unknown types */
    } u;
};

/* The name of a type: "submit", "resource-create"; "unknown" for others. Static text. */
const char *vcmd_capture_type_name(uint32_t type);

/*
 * Which bytes of the memory behind a resource a transfer concerns. desc as vcmd_resource_create
 * takes it. OUT_OF_RANGE: the box is negative, outside of its level, or the strides are too small
 * for it. UNKNOWN_VALUE: nobody knows the size of the format's texels.
 */
enum vcmd_status vcmd_capture_rows_of_transfer(const struct vcmd_resource_desc *desc,
                                               const struct vcmd_transfer *transfer,
                                               struct vcmd_capture_rows *rows);

/* Bytes of all rows together, and the end of the last one in the memory: UINT64_MAX: over 2^64. */
uint64_t vcmd_capture_rows_size(const struct vcmd_capture_rows *rows);
uint64_t vcmd_capture_rows_end(const struct vcmd_capture_rows *rows);

/* ---- writing ---- */

struct vcmd_capture_writer;

/*
 * Where bytes go. write gets whole records, one a call, and returns VCMD_STATUS_OK only when all
 * bytes are out of its hands; after another status it is not called any more. close may be NULL; it
 * is called once, and what it returns counts as an error of writing.
 */
struct vcmd_capture_sink {
    enum vcmd_status (*write)(void *user, const void *bytes, size_t size);
    enum vcmd_status (*close)(void *user);
    void *user;
};

struct vcmd_capture_writer_options {
    const char *creator; /* who writes: "virglcmd 0.1.0"; NULL: this library. Longer is cut */

    /* Compression of records: 1 to 9, fast to small; 0 takes 1, -1 does not compress. */
    int level;
};

/*
 * Begins a capture. options NULL: defaults. On failure *writer is NULL and the sink has been
 * closed. Every call with a writer may come from any thread, at any time but after the close.
 */
enum vcmd_status vcmd_capture_writer_create(const struct vcmd_capture_sink *sink,
                                            const struct vcmd_capture_writer_options *options,
                                            struct vcmd_capture_writer **writer);

/*
 * The same, into a new file; one that is there is emptied. Nothing is kept back: when a call has
 * returned, the system has the record, and keeps it if this process ends then.
 * FILE_NOT_OPENED: it cannot be opened for writing; errno says why.
 */
enum vcmd_status vcmd_capture_writer_open(const char *path,
                                          const struct vcmd_capture_writer_options *options,
                                          struct vcmd_capture_writer **writer);

/*
 * Writes one record. Pointers in it are only read during the call. What does not fit a record is
 * refused and nothing is written: OUT_OF_RANGE, TOO_LONG (over VCMD_CAPTURE_MAX_PAYLOAD),
 * NULL_ARGUMENT. When the sink fails (FILE_FAILED from a file: the disk is full), the writer is
 * done: this and every later call return that status.
 */
enum vcmd_status vcmd_capture_write(struct vcmd_capture_writer *writer,
                                    const struct vcmd_capture_record *record);

/*
 * Writes a transfer with the bytes that lie in the memory behind the resource: the rows are
 * computed and packed; those in *transfer, data and size are not read. memory_size: bytes at
 * memory. Data of more than 64 MiB goes into records VCMD_CAPTURE_MEMORY, before a transfer to
 * the host and behind one from it; nothing of another thread comes between. A box that is not in
 * the resource or its memory: the transfer is written without data, and a comment says so.
 */
enum vcmd_status vcmd_capture_write_transfer(struct vcmd_capture_writer *writer,
                                             const struct vcmd_capture_transfer *transfer,
                                             const struct vcmd_resource_desc *desc,
                                             const void *memory, uint64_t memory_size);

/* Writes rows of a memory as VCMD_CAPTURE_MEMORY, in as many records as it takes. */
enum vcmd_status vcmd_capture_write_memory(struct vcmd_capture_writer *writer, uint32_t resource_id,
                                           uint32_t written_by,
                                           const struct vcmd_capture_rows *rows, const void *memory,
                                           uint64_t memory_size);

/* Records and bytes so far, the file's header included. Either may be NULL. */
void vcmd_capture_writer_stats(struct vcmd_capture_writer *writer, uint64_t *records,
                               uint64_t *bytes);

/* The first failure of the sink, or VCMD_STATUS_OK. */
enum vcmd_status vcmd_capture_writer_status(struct vcmd_capture_writer *writer);

/* Ends the capture; returns the first failure of all. NULL is ignored: VCMD_STATUS_OK. */
enum vcmd_status vcmd_capture_writer_close(struct vcmd_capture_writer *writer);

/* ---- reading ---- */

struct vcmd_capture_reader;

/*
 * Where bytes come from. read sets *got to the number of bytes that it has put there: fewer than
 * size only at the end of the file. A status other than OK ends the reading with that status.
 */
struct vcmd_capture_source {
    enum vcmd_status (*read)(void *user, void *bytes, size_t size, size_t *got);
    void (*close)(void *user); /* may be NULL */
    void *user;
};

/* What was wrong with a capture, and where. */
struct vcmd_capture_error {
    enum vcmd_status status;
    uint64_t offset; /* byte of the file where the record (or the header) begins */
    /* A sentence, without the offset: "this record is damaged: its checksum is wrong". */
    char text[192];
};

struct vcmd_capture_header {
    uint32_t major_version;
    uint32_t minor_version;
    uint64_t unix_time_ns; /* when it was begun, since 1970 UTC; 0: unknown */
    char creator[VCMD_CAPTURE_MAX_CREATOR + 1];
};

/*
 * Reads the header. On failure *reader is NULL, the source has been closed, and error (may be NULL)
 * says why: MALFORMED (not a capture, or damaged), UNSUPPORTED (of a later major version),
 * TRUNCATED (ends in its header), NULL_ARGUMENT, NO_MEMORY, or what the source said.
 * max_payload: refuses records with more bytes (TOO_LONG); 0: VCMD_CAPTURE_MAX_PAYLOAD. A reader
 * needs about twice the size of the largest record that there really is.
 * A reader belongs to one thread at a time.
 */
enum vcmd_status vcmd_capture_reader_create(const struct vcmd_capture_source *source,
                                            size_t max_payload, struct vcmd_capture_reader **reader,
                                            struct vcmd_capture_error *error);

/* The same, from a file. FILE_NOT_OPENED: it cannot be opened; errno says why. */
enum vcmd_status vcmd_capture_reader_open(const char *path, size_t max_payload,
                                          struct vcmd_capture_reader **reader,
                                          struct vcmd_capture_error *error);

const struct vcmd_capture_header *vcmd_capture_reader_header(const struct vcmd_capture_reader *r);

/*
 * The next record. Its pointers are into the reader, valid until the next call.
 * At the end of the file: VCMD_STATUS_OK and the type VCMD_CAPTURE_END.
 * TRUNCATED: the file ends inside of a record, as after a crash; all whole records have been read.
 * MALFORMED: the record is damaged (its checksum or its contents are wrong). After an error every
 * later call returns the same.
 */
enum vcmd_status vcmd_capture_read(struct vcmd_capture_reader *reader,
                                   struct vcmd_capture_record *record);

/* The error that ended the reading; status VCMD_STATUS_OK: none so far. */
const struct vcmd_capture_error *vcmd_capture_reader_error(const struct vcmd_capture_reader *r);

/* NULL is ignored. */
void vcmd_capture_reader_close(struct vcmd_capture_reader *reader);

#ifdef __cplusplus
}
#endif

#endif
