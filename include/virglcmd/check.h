/* SPDX-License-Identifier: MIT */
#ifndef VIRGLCMD_CHECK_H
#define VIRGLCMD_CHECK_H

#include <stdbool.h>
#include <virglcmd/caps.h>
#include <virglcmd/diagnostics.h>
#include <virglcmd/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Says before the submit what the host will make of a command stream: which packet it rejects and
 * why, what it ignores, what it takes without looking. Hosts tell the guest none of that.
 *
 *  - vcmd_check_stream() looks at each packet for itself. It needs no memory and no preparation.
 *  - A struct vcmd_checker also follows contexts, objects, resources and what is bound, over as
 *    many submits as there are. It lives in memory of the caller, of a size that never grows.
 *
 * Both look at every packet once, whatever is in it: the time is proportional to the length of the
 * stream plus that of the objects it creates, also for a stream made to be slow. Nothing here
 * allocates, locks or keeps global state; one checker belongs to one thread at a time.
 *
 * What the host does is that of virglrenderer 0.10.4, built as its defaults are (GL errors end the
 * submit), unless another release is asked for. What cannot be seen from here: whether the text of
 * a shader translates and links, what the host's GL driver refuses, lack of memory.
 */

/* What a diagnostic's limit means. */
enum vcmd_limit_kind {
    VCMD_LIMIT_NONE = 0, /* there is none */
    VCMD_LIMIT_MOST = 1,
    VCMD_LIMIT_LEAST = 2,
    VCMD_LIMIT_EXACT = 3
};

/* In place of an index of a packet, for faults outside of any. */
#define VCMD_NO_PACKET SIZE_MAX

/* One fault. Text is static. */
struct vcmd_diagnostic {
    uint32_t code;     /* enum vcmd_diagnostic_code */
    uint32_t severity; /* enum vcmd_severity */

    /* Where. */
    uint32_t context_id; /* 0: not known */
    uint32_t sub_ctx_id;
    size_t packet;       /* number of the packet in the stream, from 0; VCMD_NO_PACKET */
    size_t offset;       /* dword of the packet's header in the stream */
    uint32_t dword;      /* dword of the field in the packet; 0 is the header */
    const char *command; /* "DRAW_VBO"; NULL: no packet, or a command that nobody knows */
    const char *field;   /* "buffers.res_handle"; NULL: the packet as a whole */
    size_t index;        /* the element, for a field of an array */
    bool has_index;

    /* What. */
    uint64_t value;      /* of the field; signed fields as two's complement */
    uint64_t limit;      /* that it breaks, as limit_kind says */
    uint32_t limit_kind; /* enum vcmd_limit_kind */
    uint32_t object;     /* handle of the object that it is about; 0: none */
    uint32_t resource;   /* id of the resource that it is about; 0: none */
};

/* Called for each fault, in the order of the packets. The diagnostic is valid during the call. */
typedef void (*vcmd_diagnostic_fn)(void *user, const struct vcmd_diagnostic *diagnostic);

/* What the host makes of a stream as a whole. */
struct vcmd_check_result {
    size_t packets; /* packets in the stream; one that runs over the end counts */
    size_t counts[VCMD_SEVERITY_NOTE + 1]; /* faults of each severity */

    /*
     * The host rejects the stream: it executes the packets before this one and stops. Faults behind
     * it were looked for as if it had been mended.
     */
    bool rejected;
    size_t rejected_packet, rejected_offset;
    uint32_t rejected_code;

    /* The host marks the context as broken, at the latest here; true also when it was before. */
    bool broken;
    size_t broken_packet;
    uint32_t broken_code;
};

/* Writes the text of a fault: where, what, the rule, what the host does, what to do. */
enum vcmd_diagnostic_text {
    VCMD_DIAGNOSTIC_LINE = 0, /* one line: where and what */
    VCMD_DIAGNOSTIC_FULL = 1  /* four lines, each but the last ended by a line feed */
};

/*
 * Always writes a NUL when capacity is not 0. Returns the length of the whole text without it, as
 * snprintf does.
 */
size_t vcmd_diagnostic_format(const struct vcmd_diagnostic *diagnostic,
                              enum vcmd_diagnostic_text form, char *text, size_t capacity);

/* What is checked against, and where faults go. Zero is a good default for every field. */
struct vcmd_check_desc {
    vcmd_diagnostic_fn fn; /* NULL: only the result */
    void *user;

    /* What the host offers; NULL: features and formats are not checked. Must stay valid. */
    const struct vcmd_caps *caps;

    /* The host, by the name of a release of virglrenderer: "0.10.4", which NULL stands for. */
    const char *release;

    /*
     * Leaves out faults of a severity: bit n for severity n. They do not count in the result
     * either. The verdict stays.
     */
    uint32_t ignore;
};

/*
 * Checks a stream packet by packet, without memory of what came before: sizes, ranges,
 * enumerations, reserved bits, floats.
 *
 * dwords: the stream as it is submitted, little-endian. result may be NULL.
 * VCMD_STATUS_OK says that the check took place. A release that is not known:
 * VCMD_STATUS_UNKNOWN_VALUE.
 */
enum vcmd_status vcmd_check_stream(const uint32_t *dwords, size_t count,
                                   const struct vcmd_check_desc *desc,
                                   struct vcmd_check_result *result);

/* ---- following state ---- */

/* How much a checker can follow. A field of 0 takes the number in brackets. */
struct vcmd_check_limits {
    uint32_t contexts;     /* [8] */
    uint32_t sub_contexts; /* of all contexts together; each context needs one [16] */
    uint32_t objects;      /* of all sub-contexts together [4096] */
    uint32_t resources;    /* [2048] */
    uint32_t attachments;  /* pairs of a context and a resource [4096] */
};

/* The largest value of each limit. */
#define VCMD_CHECK_LIMIT_MAX 0x1000000u

struct vcmd_checker_desc {
    struct vcmd_check_desc check;
    struct vcmd_check_limits limits;

    /*
     * Any number that a hostile guest cannot guess: it picks the places in the hash tables. Without
     * one a guest can choose handles that the checker cannot keep; it says so, and stays fast.
     */
    uint64_t seed;
};

struct vcmd_checker;

/* Bytes that a checker of these limits needs: 0 when one is over VCMD_CHECK_LIMIT_MAX. */
size_t vcmd_checker_size(const struct vcmd_check_limits *limits);

/*
 * Makes a checker in memory of the caller, which it uses until the caller takes the memory back:
 * there is nothing to free. Any alignment will do.
 * Memory too small: VCMD_STATUS_BUFFER_FULL. A limit too large: VCMD_STATUS_OUT_OF_RANGE.
 */
enum vcmd_status vcmd_checker_init(void *memory, size_t size, const struct vcmd_checker_desc *desc,
                                   struct vcmd_checker **checker);

/* A resource as it was created. */
struct vcmd_check_resource {
    uint32_t target; /* enum vcmd_texture_target */
    uint32_t format;
    uint32_t bind;
    uint32_t width, height, depth;
    uint32_t array_size;
    uint32_t last_level;
    uint32_t nr_samples;
    uint32_t flags;
    uint64_t backing_size; /* bytes of backing memory; 0: none */
    bool untyped;          /* a blob that PIPE_RESOURCE_SET_TYPE will describe: nothing is known */
};

/*
 * What travels outside of the stream is told by these calls, before the submits that rely on it.
 * They report through the callback (VCMD_NO_PACKET), and return nothing.
 */
void vcmd_checker_context_create(struct vcmd_checker *checker, uint32_t context_id);
void vcmd_checker_context_destroy(struct vcmd_checker *checker, uint32_t context_id);
void vcmd_checker_resource_create(struct vcmd_checker *checker, uint32_t resource_id,
                                  const struct vcmd_check_resource *resource);
void vcmd_checker_resource_destroy(struct vcmd_checker *checker, uint32_t resource_id);
void vcmd_checker_attach(struct vcmd_checker *checker, uint32_t context_id, uint32_t resource_id);
void vcmd_checker_detach(struct vcmd_checker *checker, uint32_t context_id, uint32_t resource_id);
/* Attaches backing memory to a resource; 0 bytes take it away. */
void vcmd_checker_set_backing(struct vcmd_checker *checker, uint32_t resource_id, uint64_t size);

/* As vcmd_check_stream, with all that is known about the context. */
enum vcmd_status vcmd_checker_submit(struct vcmd_checker *checker, uint32_t context_id,
                                     const uint32_t *dwords, size_t count,
                                     struct vcmd_check_result *result);

/*
 * Says what was never destroyed: objects and sub-contexts of the contexts that are left, and
 * resources. The checker is as after vcmd_checker_init() then.
 */
void vcmd_checker_finish(struct vcmd_checker *checker);

#ifdef __cplusplus
}
#endif

#endif
