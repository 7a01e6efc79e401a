# SPDX-License-Identifier: MIT
"""Inline encoders for what a driver sends with every draw."""

from . import c, encoders

HOT = ["BIND_OBJECT.BLEND", "BIND_OBJECT.RASTERIZER", "BIND_OBJECT.DSA",
       "BIND_OBJECT.VERTEX_ELEMENTS", "SET_VIEWPORT_STATE", "SET_FRAMEBUFFER_STATE",
       "SET_VERTEX_BUFFERS", "CLEAR", "DRAW_VBO", "SET_SAMPLER_VIEWS", "SET_INDEX_BUFFER",
       "SET_CONSTANT_BUFFER", "SET_STENCIL_REF", "SET_BLEND_COLOR",
       "BIND_SAMPLER_STATES", "SET_UNIFORM_BUFFER", "SET_SUB_CTX", "BIND_SHADER"]

INTRO = [
    "Inline forms of the encoders that a driver calls for every draw: vcmd_draw_vbo_inline() does"
    " what vcmd_draw_vbo() does, at the price of code in each place that calls it.",
    "Arguments that are good and fit are stored at once; everything else, each error included, goes"
    " to the encoder of the plain name. On machines that are not known to be little-endian all"
    " goes there. buf and args must not be NULL.",
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

/* Whether a small number is in a set given as bits. */
static inline bool vcmd_inline_in_set(uint64_t set, uint32_t value)
{
    return value < 64 && (set >> value & 1) != 0;
}

/* Where so many dwords go, or NULL when something is not as it should be. */
static inline uint32_t *vcmd_inline_room(const struct vcmd_buffer *buf, size_t dwords)
{
    size_t used = buf->headroom + buf->length;

    if (!VCMD_INLINE_LITTLE_ENDIAN || buf->error.status != VCMD_STATUS_OK ||
        dwords > buf->capacity - used)
        return NULL;
    return buf->dwords + used;
}""".split("\n")


def header(protocol):
    body = list(HELPERS)
    by_name = {command.name: command for command in protocol.commands}
    groups = sorted({by_name[name].get("group") for name in HOT})
    for name in HOT:
        body += [""] + function(protocol, by_name[name])
    includes = ["<stdbool.h>", "<stddef.h>"] + [f"<virglcmd/{group}.h>" for group in groups]
    lines = c.header("virgl.xml", INTRO) + c.guarded("inline.h", includes, body)
    place = lines.index("#include <stddef.h>") + 1
    lines[place:place] = ["#if !defined(__STDC_HOSTED__) || __STDC_HOSTED__ == 1",
                          "#include <string.h>", "#endif"]
    return lines


def conditions(lines):
    """The tests of an encoder's checks: all must fail for the arguments to be good."""
    return [line.strip()[len("if ("):-1] for line in lines if line.strip().startswith("if (")]


def function(protocol, command):
    # A copy that nothing else can point to: the stores below cannot change it, as far as the
    # compiler knows, and so it stays in registers.
    name, scope = command.c_name, encoders.Scope("a.")
    bad = conditions(encoders.checks(protocol, encoders.Rules(command), command.items, scope))
    fixed, terms = encoders.payload_terms(command)
    payload = " + ".join(([f"{fixed}u"] if fixed else []) + terms).replace("args->", "a.")
    bad = [text.replace("args->", "a.") for text in bad]
    bad = [text.replace("vcmd_in_set", "vcmd_inline_in_set") for text in bad]
    object_ = f"VCMD_OBJECT_{command.get('object')} << 8 | " if command.get("object") else ""
    lines = c.signature(f"static inline enum vcmd_status vcmd_{name}_inline(",
                        ["struct vcmd_buffer *buf", f"const struct vcmd_{name} *args"])
    lines += ["{", f"    const struct vcmd_{name} a = *args;",
              f"    const uint32_t payload = {payload};",
              "    uint32_t *p = vcmd_inline_room(buf, (size_t)payload + 1);", ""]
    lines += condition(["p == NULL"] + bad) + [f"        return vcmd_{name}(buf, args);"]
    lines += [f"    p[0] = payload << 16 | {object_}VCMD_CCMD_{command.wire_name};"]
    lines += stores(protocol, command) + tail(protocol, command, fixed)
    return lines + ["    buf->length += (size_t)payload + 1;", "    return VCMD_STATUS_OK;", "}"]


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
            lines.append(f"    if (a.{item.count} != 0)")
            lines.append(f"        memcpy(p + {fixed + 1}, a.{item.c_name},"
                         f" a.{item.count} * sizeof(*p));")
        elif item.kind == "array":
            words, _ = encoders.fixed_words(protocol, item.items, "element.")
            lines += [f"    p += {fixed + 1};",
                      f"    for (size_t i = 0; i < a.{item.count}; i++, p += {item.stride}) {{",
                      f"        const struct vcmd_{item.struct} element = a.{item.c_name}[i];", ""]
            lines += [f"        {store(place - item.place, words[place])}"
                      for place in sorted(words)]
            lines.append("    }")
    return lines
