# SPDX-License-Identifier: MIT
"""Inline encoders for what a driver sends with every draw."""

from . import c, encoders

HOT = ["BIND_OBJECT.BLEND", "BIND_OBJECT.RASTERIZER", "BIND_OBJECT.DSA",
       "BIND_OBJECT.VERTEX_ELEMENTS", "SET_VIEWPORT_STATE", "SET_FRAMEBUFFER_STATE",
       "SET_VERTEX_BUFFERS", "CLEAR", "DRAW_VBO", "SET_SAMPLER_VIEWS", "SET_INDEX_BUFFER",
       "SET_CONSTANT_BUFFER", "SET_STENCIL_REF", "SET_BLEND_COLOR",
       "BIND_SAMPLER_STATES", "SET_UNIFORM_BUFFER", "SET_SUB_CTX", "BIND_SHADER"]

INTRO = [
    "Encoders to compile into the caller, for what a driver sends with every draw. A batch writes"
    " several packets with one look at the buffer:",
]

EXAMPLE = """\
 *
 *     struct vcmd_batch batch = vcmd_batch_begin(&buf);
 *     vcmd_batch_set_viewport_state(&batch, &viewport);
 *     vcmd_batch_bind_shader(&batch, &shader);
 *     vcmd_batch_draw_vbo(&batch, &draw);
 *     if (vcmd_batch_end(&batch) != VCMD_STATUS_OK)
 *         ...""".split("\n")

MORE = [
    "All packets of a batch become part of the stream at its end, or none: when one is refused, the"
    " later ones do nothing, and the end returns its status and leaves the length as it was. The"
    " error is in the buffer as after vcmd_draw_vbo(). Memory behind the length may have changed."
    " Between begin and end the buffer must not be used in another way. Keep a batch in a local"
    " variable: the compiler can then have it in registers.",
    "vcmd_draw_vbo_inline() is a batch of one packet and does what vcmd_draw_vbo() does.",
    "Arguments that are good and fit are stored at once. All else goes to the encoder of the plain"
    " name: each error, long runs of words, and on machines that are not known to be little-endian"
    " everything. No pointer may be NULL, but those in the arguments.",
]

HELPERS = """\
/* Without a C library the program has it, as for the core itself. */
#if defined(__STDC_HOSTED__) && __STDC_HOSTED__ == 0
void *memcpy(void *to, const void *from, size_t size);
#endif

#if defined(__BYTE_ORDER__) && defined(__ORDER_LITTLE_ENDIAN__)
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define VCMD_INLINE_LITTLE_ENDIAN 1
#endif
#elif defined(_WIN32)
#define VCMD_INLINE_LITTLE_ENDIAN 1
#endif
#ifndef VCMD_INLINE_LITTLE_ENDIAN
#define VCMD_INLINE_LITTLE_ENDIAN 0
#endif

/* A batch stays in registers only where all of it is inlined, and no error is. */
#if defined(__GNUC__)
#define VCMD_INLINE      static inline __attribute__((always_inline))
#define VCMD_INLINE_COLD static __attribute__((noinline, cold, unused))
#elif defined(_MSC_VER)
#define VCMD_INLINE      static __forceinline
#define VCMD_INLINE_COLD static inline __declspec(noinline)
#else
#define VCMD_INLINE      static inline
#define VCMD_INLINE_COLD static inline
#endif

/* Longer runs of words are copied by the encoder of the plain name, through the C library. */
#define VCMD_INLINE_WORDS 64

/* Packets on their way into a buffer. Its members are for the functions below. */
struct vcmd_batch {
    struct vcmd_buffer *buf;
    uint32_t *next; /* where the next packet goes; NULL when the batch has failed */
    uint32_t *end;  /* behind the memory of the buffer */
};

VCMD_INLINE struct vcmd_batch vcmd_batch_begin(struct vcmd_buffer *buf)
{
    struct vcmd_batch batch;

    batch.buf = buf;
    batch.next = NULL;
    batch.end = NULL;
    if (buf->error.status == VCMD_STATUS_OK && buf->dwords != NULL) {
        batch.next = buf->dwords + buf->headroom + buf->length;
        batch.end = VCMD_INLINE_LITTLE_ENDIAN ? buf->dwords + buf->capacity : batch.next;
    }
    return batch;
}

/* Makes the packets part of the stream; the status of the first that was refused, if any. */
VCMD_INLINE enum vcmd_status vcmd_batch_end(struct vcmd_batch *batch)
{
    struct vcmd_buffer *buf = batch->buf;

    if (batch->next == NULL)
        return buf->error.status;
    buf->length = (size_t)(batch->next - buf->dwords) - buf->headroom;
    return VCMD_STATUS_OK;
}

/*
 * Before and after the call of an encoder of the plain name: the packets so far count for it. For
 * good they do so at the end of the batch; length is what the buffer had at its begin.
 */
VCMD_INLINE void vcmd_batch_lend(struct vcmd_buffer *buf, const uint32_t *next)
{
    if (next != NULL)
        buf->length = (size_t)(next - buf->dwords) - buf->headroom;
}

VCMD_INLINE uint32_t *vcmd_batch_return(struct vcmd_buffer *buf, size_t length)
{
    uint32_t *next = NULL;

    if (buf->error.status == VCMD_STATUS_OK)
        next = buf->dwords + buf->headroom + buf->length;
    buf->length = length;
    return next;
}

/* Goes on behind a packet that an encoder of the plain name wrote, or nowhere. */
VCMD_INLINE void vcmd_batch_go_on(struct vcmd_batch *batch, uint32_t *next)
{
    batch->next = next;
    if (next == NULL || !VCMD_INLINE_LITTLE_ENDIAN)
        batch->end = next;
}

/* Whether a small number is in a set given as bits. */
VCMD_INLINE bool vcmd_inline_in_set(uint64_t set, uint32_t value)
{
    return value < 64 && (set >> value & 1) != 0;
}

/* A copy of a few words, without a call. */
VCMD_INLINE void vcmd_inline_copy(uint32_t *p, const uint32_t *words, size_t count)
{
    for (; count >= 16; count -= 16, p += 16, words += 16)
        memcpy(p, words, 16 * sizeof(*p));
    for (; count >= 4; count -= 4, p += 4, words += 4)
        memcpy(p, words, 4 * sizeof(*p));
    for (; count != 0; count--)
        *p++ = *words++;
}""".split("\n")


def header(protocol):
    body = list(HELPERS)
    by_name = {command.name: command for command in protocol.commands}
    groups = sorted({by_name[name].get("group") for name in HOT})
    for name in HOT:
        body += [""] + function(protocol, by_name[name])
    includes = ["<stdbool.h>", "<stddef.h>"] + [f"<virglcmd/{group}.h>" for group in groups]
    lines = c.header("virgl.xml") + [""] + intro()
    lines += c.guarded("inline.h", includes, body)
    place = lines.index("#include <stddef.h>") + 1
    lines[place:place] = ["#if !defined(__STDC_HOSTED__) || __STDC_HOSTED__ == 1",
                          "#include <string.h>", "#endif"]
    return lines


def intro():
    """The comment at the top, with an example that must not be wrapped."""
    return c.comment(INTRO + [""])[:-1] + EXAMPLE + [" *"] + c.comment(MORE)[1:]


def conditions(lines):
    """The tests of an encoder's checks: all must fail for the arguments to be good."""
    return [line.strip()[len("if ("):-1] for line in lines if line.strip().startswith("if (")]


def function(protocol, command):
    return slow(command) + [""] + batch(protocol, command) + [""] + single(command)


def slow(command):
    name = command.c_name
    return c.signature(f"VCMD_INLINE_COLD uint32_t *vcmd_batch_slow_{name}(",
                       ["struct vcmd_buffer *buf", "const uint32_t *next",
                        f"const struct vcmd_{name} *args"]) + [
        "{", "    size_t length = buf->length;", "",
        "    vcmd_batch_lend(buf, next);",
        f"    (void)vcmd_{name}(buf, args);",
        "    return vcmd_batch_return(buf, length);", "}"]


def single(command):
    name = command.c_name
    return c.signature(f"VCMD_INLINE enum vcmd_status vcmd_{name}_inline(",
                       ["struct vcmd_buffer *buf", f"const struct vcmd_{name} *args"]) + [
        "{", "    struct vcmd_batch batch = vcmd_batch_begin(buf);", "",
        f"    vcmd_batch_{name}(&batch, args);",
        "    return vcmd_batch_end(&batch);", "}"]


def batch(protocol, command):
    # a is a copy that nothing else can point to: the stores below cannot change it, as far as the
    # compiler knows, and so it stays in registers. The slow way gets a copy of its own, so that
    # the arguments themselves need not be in memory either. What lies in memory as on the wire is
    # copied in one piece, which beats both.
    name, block = command.c_name, whole_block(protocol, command)
    scope = encoders.Scope("args->")
    bad = conditions(encoders.checks(protocol, encoders.Rules(command), command.items, scope))
    bad += [f"args->{i.count} > VCMD_INLINE_WORDS" for i in command.items
            if i.kind == "values" and not i.max_count]
    fixed, terms = encoders.payload_terms(command)
    payload = " + ".join(([f"{fixed}u"] if fixed else []) + terms)
    object_ = f"VCMD_OBJECT_{command.get('object')} << 8 | " if command.get("object") else ""
    code = [f"    const uint32_t payload = {payload};",
            "    uint32_t *p = batch->next;", ""]
    code += condition(["(size_t)(batch->end - p) < (size_t)payload + 1"] + bad)
    code[-1] += " {"
    code += [f"        const struct vcmd_{name} again = {'*args' if block else 'a'};", "",
             f"        vcmd_batch_go_on(batch, vcmd_batch_slow_{name}(batch->buf, p, &again));",
             "        return;", "    }",
             f"    p[0] = payload << 16 | {object_}VCMD_CCMD_{command.wire_name};"]
    if block:
        code.append(f"    memcpy(p + 1, args, {block} * sizeof(*p));")
    else:
        code = [line.replace("args->", "a.") for line in code]
        code = [f"    const struct vcmd_{name} a = *args;"] + code
        code += stores(protocol, command) + tail(protocol, command, fixed)
    code = [line.replace("vcmd_in_set", "vcmd_inline_in_set") for line in code]
    return c.signature(f"VCMD_INLINE void vcmd_batch_{name}(",
                       ["struct vcmd_batch *batch", f"const struct vcmd_{name} *args"]) + \
        ["{"] + code + ["    batch->next += (size_t)payload + 1;", "}"]


def whole_block(protocol, command):
    """The number of words, when the arguments lie in memory as on the wire from first to last."""
    runs = encoders.blocks(protocol, command.items)
    fixed, terms = encoders.payload_terms(command)
    return fixed if not terms and len(runs) == 1 and runs[0][3] == fixed else 0


def condition(tests):
    texts = [f"({t})" if " && " in t and len(tests) > 1 else t for t in tests]
    lines = ["    if (" + texts[0]] + ["        " + t for t in texts[1:]]
    return [line + " ||" for line in lines[:-1]] + [lines[-1] + ")"]


def stores(protocol, command):
    """The fixed part, word by word: what the compiler sees of the arguments need not go through
    memory then, where a wide load would wait for the narrow stores before it."""
    items = [i for i in command.items if i.kind in ("field", "member", "group")]
    words, wide = encoders.fixed_words(protocol, items, "a.")
    lines = [f"    {store(place, words[place])}" for place in sorted(words)]
    for place, _, value in wide:
        lines.append(f"    memcpy(p + {place}, &{value}, sizeof({value}));")
    return lines


def store(place, texts):
    """One word. A float is copied: kernels may not load it into a register for floats."""
    if texts[0].startswith("vcmd_bits_of_float("):
        return f"memcpy(p + {place}, {texts[0][len('vcmd_bits_of_float('):-1]}, sizeof(*p));"
    return f"p[{place}] = {' | '.join(texts)};"


def tail(protocol, command, fixed):
    lines = []
    for item in command.items:
        if item.kind == "values":
            lines.append(f"    vcmd_inline_copy(p + {fixed + 1}, a.{item.c_name},"
                         f" a.{item.count});")
        elif item.kind == "array":
            words, _ = encoders.fixed_words(protocol, item.items, "element.")
            lines += [f"    p += {fixed + 1};",
                      f"    for (size_t i = 0; i < a.{item.count}; i++, p += {item.stride}) {{",
                      f"        const struct vcmd_{item.struct} element = a.{item.c_name}[i];", ""]
            lines += [f"        {store(place - item.place, words[place])}"
                      for place in sorted(words)]
            lines.append("    }")
    return lines
