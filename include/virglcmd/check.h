/* SPDX-License-Identifier: MIT */
#ifndef VIRGLCMD_CHECK_H
#define VIRGLCMD_CHECK_H

#include <stdbool.h>
#include <virglcmd/caps.h>
#include <virglcmd/control.h>
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
 *  - A device of <virglcmd/device.h> has all of that done for it: see <virglcmd/check_device.h>.
 *
 * docs/checking.md shows each of them at work.
 *
 * Faults are found in data and told of; they are not errors of the calls. A call fails for what its
 * caller did wrong: with VCMD_STATUS_NULL_ARGUMENT for a pointer that may not be NULL, and as it
 * says. Functions without a result do nothing with a NULL checker.
 *
 * Both look at every packet once, whatever is in it: the time is proportional to the length of the
 * stream plus that of the objects it creates, also for a stream made to be slow. Nothing here
 * allocates, locks, or keeps global state, and stack use is small and fixed: an interrupt handler
 * may check. One checker belongs to one thread at a time; several checkers are independent.
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
    VCMD_LIMIT_EXACT = 3,
    VCMD_LIMIT_END = 4 /* the largest place where it may end; value is where it ends: the field is
                          the start or the length of something, and both together are too much */
};

/* In place of an index of a packet, for faults outside of any. */
#define VCMD_NO_PACKET SIZE_MAX

/* One fault. Text is static. */
struct vcmd_diagnostic {
    enum vcmd_diagnostic_code code;
    enum vcmd_severity severity;

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
    uint64_t value; /* of the field, but for VCMD_LIMIT_END; signed ones as two's complement */
    uint64_t limit; /* that it breaks, as limit_kind says */
    enum vcmd_limit_kind limit_kind;
    uint32_t object;   /* handle of the object that it is about; 0: none */
    uint32_t resource; /* id of the resource that it is about; 0: none */
};

/*
 * Called for each fault, in the order of the packets, from within the call that finds it. The
 * diagnostic is valid during the call. Must not call into the checker that it comes from.
 */
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
    size_t rejected_packet, rejected_offset; /* the number of the packet, and its first dword;
                                                VCMD_NO_PACKET: the context takes no stream */
    enum vcmd_diagnostic_code rejected_code; /* these three are 0 when it is not */

    /* The host marks the context as broken, at the latest here; true also when it was before. */
    bool broken;
    size_t broken_packet;
    enum vcmd_diagnostic_code broken_code;

    /*
     * The checker has had no room for something that the stream may name, now or earlier
     * (TRACKING_FULL): what it did not find it has taken for good. A filter refuses such a context,
     * or has given the checker higher limits. Never in vcmd_check_stream().
     */
    bool untracked;
};

/* How much text. */
enum vcmd_diagnostic_text {
    VCMD_DIAGNOSTIC_LINE = 0, /* one line: where and what */
    VCMD_DIAGNOSTIC_FULL = 1  /* then the rule, what the host does, and what to do: four lines,
                                 each but the last ended by a line feed */
};

/*
 * Writes the text of a fault, in English; 1024 bytes have room for all of them. Always writes a NUL
 * when capacity is not 0. Returns the length of the whole text without it, as snprintf does.
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
     * Does not tell of faults of a severity: bit n for severity n. They do not count in the result
     * either. The verdict, rejected and broken, stays.
     */
    uint32_t ignore;
};

/*
 * Checks a stream packet by packet, without memory of what came before: sizes, ranges,
 * enumerations, reserved bits, floats.
 *
 * dwords: the stream as it is submitted, little-endian; NULL with a count of 0. desc may be NULL
 * for zeros, and result NULL. VCMD_STATUS_OK says that the check took place, and not that nothing
 * was found. A release that is not known: VCMD_STATUS_UNKNOWN_VALUE.
 */
enum vcmd_status vcmd_check_stream(const uint32_t *dwords, size_t count,
                                   const struct vcmd_check_desc *desc,
                                   struct vcmd_check_result *result);

/* ---- following state ---- */

/*
 * How much a checker can follow. A field of 0 takes the number in brackets; all of them together
 * are 0.8 MB of memory, see vcmd_checker_size().
 *
 * What does not fit is said once for each context (TRACKING_FULL); from then on, there, an id that
 * is not known is taken for good, and the rest is checked as before. That lasts until the context,
 * sub-context or resource that did not fit is destroyed. Contexts share what room there is: clients
 * that must not take it from each other get a checker each.
 */
struct vcmd_check_limits {
    uint32_t contexts;     /* [8] */
    uint32_t sub_contexts; /* of all contexts together; each context needs one, which is kept for it
                              [24] */
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

/*
 * Bytes that a checker of these limits needs; NULL for zeros. 0 when one is over
 * VCMD_CHECK_LIMIT_MAX, or the sum is more than size_t holds.
 */
size_t vcmd_checker_size(const struct vcmd_check_limits *limits);

/*
 * Makes a checker in memory of the caller, which it uses until the caller takes the memory back:
 * there is nothing to free. Any alignment will do. desc, NULL for zeros, is copied; of what it
 * points to, the caps and what fn and user are have to stay.
 *
 * Memory too small: VCMD_STATUS_BUFFER_FULL. A limit too large: VCMD_STATUS_OUT_OF_RANGE. A release
 * that is not known: VCMD_STATUS_UNKNOWN_VALUE. *checker is NULL then.
 */
enum vcmd_status vcmd_checker_init(void *memory, size_t size, const struct vcmd_checker_desc *desc,
                                   struct vcmd_checker **checker);

/*
 * What travels outside of the stream is told by these calls, one for each command of the control
 * queue, once the host has carried it out and before the submits that rely on it. A call that
 * cannot be, such as an id that is created twice, is told of (CALL_ORDER, VCMD_NO_PACKET) and
 * otherwise left out.
 */

/* CTX_CREATE, CTX_DESTROY. */
void vcmd_checker_context_create(struct vcmd_checker *checker, uint32_t context_id);
void vcmd_checker_context_destroy(struct vcmd_checker *checker, uint32_t context_id);

/* RESOURCE_CREATE_3D: without backing memory. hdr is not looked at, nor are the values checked. */
void vcmd_checker_resource_create(struct vcmd_checker *checker,
                                  const struct vcmd_ctrl_resource_create_3d *resource);
/*
 * RESOURCE_CREATE_BLOB: size bytes of memory, of which nothing else is known before
 * PIPE_RESOURCE_SET_TYPE describes them. Rules that need more take such a resource for good.
 */
void vcmd_checker_resource_create_blob(struct vcmd_checker *checker, uint32_t resource_id,
                                       uint64_t size);
/* RESOURCE_UNREF: also detaches it from every context. */
void vcmd_checker_resource_destroy(struct vcmd_checker *checker, uint32_t resource_id);

/* RESOURCE_ATTACH_BACKING with size bytes in all, RESOURCE_DETACH_BACKING with 0. */
void vcmd_checker_set_backing(struct vcmd_checker *checker, uint32_t resource_id, uint64_t size);

/* CTX_ATTACH_RESOURCE, CTX_DETACH_RESOURCE. */
void vcmd_checker_attach(struct vcmd_checker *checker, uint32_t context_id, uint32_t resource_id);
void vcmd_checker_detach(struct vcmd_checker *checker, uint32_t context_id, uint32_t resource_id);

/*
 * SUBMIT_3D: as vcmd_check_stream(), with all that is known about the context, and what the stream
 * does to it is known from then on. So tell it each stream once, in the order in which the host
 * gets them. One that is checked here and then not sent leaves the checker ahead of the host: tell
 * it so by vcmd_checker_context_break().
 *
 * A context that is not there, or broken before the stream, is told of with VCMD_NO_PACKET.
 */
enum vcmd_status vcmd_checker_submit(struct vcmd_checker *checker, uint32_t context_id,
                                     const uint32_t *dwords, size_t count,
                                     struct vcmd_check_result *result);

/*
 * A stream that the checker has followed did not get to the host, so nothing more is known of the
 * context: it counts as broken. Destroy it on both sides, as after a stream that the host has
 * rejected.
 */
void vcmd_checker_context_break(struct vcmd_checker *checker, uint32_t context_id);

/*
 * The end of the device: says what was never destroyed (LEAK_OBJECT, LEAK_SUB_CTX, LEAK_RESOURCE,
 * VCMD_NO_PACKET), which is objects and sub-contexts of the contexts that are left, and resources.
 * The checker is as after vcmd_checker_init() then. Not needed for a checker that is dropped.
 */
void vcmd_checker_finish(struct vcmd_checker *checker);

#ifdef __cplusplus
}
#endif

#endif
