# SPDX-License-Identifier: MIT
"""Structures laid out in bytes: store and load functions, and what is built from them."""

from . import c, encoders
from .check import pad_size
from .headers import encoder_head, is_top

SIZES = {"u8": 8, "i8": 8, "char": 8, "u16": 16, "i16": 16, "u32": 32, "i32": 32, "f32": 32, "u64": 64}


def at(base, offset):
    return base if offset == 0 else f"{base} + {offset}"


def store_value(item, target, expr):
    width = SIZES[item.type]
    if item.type == "f32":
        return f"vcmd_store32({target}, vcmd_bits_of_float(&{expr}));"
    cast = "" if c.c_type(item) in ("uint32_t", "uint64_t") else "(uint32_t)"
    return f"vcmd_store{width}({target}, {cast}{expr});"


def load_value(item, source):
    width = SIZES[item.type]
    kind = c.c_type(item)
    cast = "" if kind in ("uint32_t", "uint64_t") else f"({kind})"
    return f"{cast}vcmd_load{width}({source})"


def groups_of_bits(items):
    """Items with neighbours that share their unit joined: [[item, ...], ...]."""
    runs = []
    for item in items:
        shared = (runs and item.kind == "field" and item.has_bits and runs[-1][0].kind == "field"
                  and runs[-1][0].has_bits and runs[-1][0].place == item.place)
        if shared:
            runs[-1].append(item)
        else:
            runs.append([item])
    return runs


def array_expr(item, expr):
    """Multi-dimensional arrays lie in order, so one index over all elements will do."""
    zeros = "[0]" * (len(item.dims) - 1)
    return f"(&{expr}{zeros}[0])[i]" if len(item.dims) > 1 else f"{expr}[i]"


def store_items(protocol, items, base, expr, pad, unit=1):
    lines = []
    for run in groups_of_bits(items):
        item = run[0]
        if item.kind == "field" and item.has_bits:
            texts = [encoders.word(i, expr + i.c_name) for i in run]
            joined = f" |\n{pad}    ".join(texts)
            width = SIZES[item.type]
            lines += f"{pad}vcmd_store{width}({at(base, item.place)}, {joined});".split("\n")
        elif item.kind == "field":
            lines += store_field(item, base, expr, pad, unit)
        elif item.kind == "member":
            lines += struct_call(protocol, item, base, expr, pad, "store")
        elif item.kind == "group":
            lines += group(protocol, item, base, expr, pad, store_items)
    return lines


def store_field(item, base, expr, pad, unit):
    if item.type == "pad":
        return []
    target, value = at(base, item.place * unit), expr + item.c_name
    if not item.dims:
        return [f"{pad}{store_value(item, target, value)}"]
    if item.type in ("u8", "char") and item.total() > 1:
        return [f"{pad}memcpy({target}, {value}, sizeof({value}));"]
    step = SIZES[item.type] // 8
    return [f"{pad}for (i = 0; i < {item.total()}; i++)",
            f"{pad}    {store_value(item, f'{target} + i * {step}', array_expr(item, value))}"]


def load_items(protocol, items, base, expr, pad, unit=1):
    lines = []
    for run in groups_of_bits(items):
        item = run[0]
        if item.kind == "field" and item.has_bits:
            lines += load_bits(run, base, expr, pad)
        elif item.kind == "field":
            lines += load_field(item, base, expr, pad, unit)
        elif item.kind == "member":
            lines += struct_call(protocol, item, base, expr, pad, "load")
        elif item.kind == "group":
            lines += group(protocol, item, base, expr, pad, load_items)
    return lines


def load_bits(run, base, expr, pad):
    width = SIZES[run[0].type]
    lines = [f"{pad}bits = vcmd_load{width}({at(base, run[0].place)});"]
    for item in run:
        mask = (1 << item.bits) - 1
        value = f"bits >> {item.shift} & 0x{mask:x}u" if item.shift else f"bits & 0x{mask:x}u"
        if c.is_bool(item):
            value = f"({value}) != 0"
        elif c.c_type(item) != "uint32_t":
            value = f"({c.c_type(item)})({value})"
        lines.append(f"{pad}{expr}{item.c_name} = {value};")
    return lines


def load_field(item, base, expr, pad, unit):
    if item.type == "pad":
        return []
    source, value = at(base, item.place * unit), expr + item.c_name
    if not item.dims and item.type == "f32":
        return [f"{pad}vcmd_load_float(&{value}, {source});"]
    if not item.dims:
        return [f"{pad}{value} = {load_value(item, source)};"]
    if item.type in ("u8", "char") and item.total() > 1:
        return [f"{pad}memcpy({value}, {source}, sizeof({value}));"]
    step = SIZES[item.type] // 8
    return [f"{pad}for (i = 0; i < {item.total()}; i++)",
            f"{pad}    {array_expr(item, value)} = {load_value(item, f'{source} + i * {step}')};"]


def struct_call(protocol, item, base, expr, pad, verb):
    name, target = item.struct, at(base, item.place)
    size = struct_bytes(protocol, name)
    if item.dims:
        loop = f"{pad}for (i = 0; i < {item.total()}; i++)"
        where = f"{target} + i * {size}"
        value = f"&{expr}{item.c_name}[i]"
    else:
        loop, where, value = None, target, f"&{expr}{item.c_name}"
    call = (f"store_{name}({where}, {value});" if verb == "store"
            else f"load_{name}({value}, {where});")
    return [loop, f"{pad}    {call}"] if loop else [f"{pad}{call}"]


def struct_bytes(protocol, name):
    struct = protocol.structs[name]
    dwords = struct.get("dwords")
    return 4 * int(dwords) if dwords else int(struct.get("size"))


def group(protocol, item, base, expr, pad, emit):
    """A group that is an array has places of its own, else those of the struct around it."""
    if not item.dims:
        return emit(protocol, item.items, base, f"{expr}{item.c_name}.", pad)
    inner = f"({at(base, item.place)}) + k * {item.stride}"
    lines = [f"{pad}for (k = 0; k < {item.total()}; k++) {{"]
    lines += emit(protocol, item.items, inner, f"{expr}{item.c_name}[k].", pad + "    ")
    return lines + [f"{pad}}}"]


def locals_of(body):
    text = "\n".join(body)
    lines = []
    indices = [v for v in ("i", "k") if f"for ({v} = 0" in text]
    if indices:
        lines.append(f"    size_t {', '.join(indices)};")
    if " bits = vcmd_load" in text:
        lines.append("    uint32_t bits;")
    return lines + [""] if lines else []


def store_function(protocol, struct):
    unit = 4 if struct.layout == "dwords" else 1
    body = store_items(protocol, struct.items, "p", "s->", "    ", unit)
    return [f"static void store_{struct.name}(uint8_t *p, const struct vcmd_{struct.c_name} *s)",
            "{"] + locals_of(body) + body + ["}"]


def load_function(protocol, struct):
    unit = 4 if struct.layout == "dwords" else 1
    body = load_items(protocol, struct.items, "p", "s->", "    ", unit)
    return [f"static void load_{struct.name}(struct vcmd_{struct.c_name} *s, const uint8_t *p)",
            "{"] + locals_of(body) + body + ["}"]


def pack_function(struct):
    name = struct.c_name
    lead = f"enum vcmd_status vcmd_pack_{name}("
    return [lead + "void *bytes, size_t size,",
            f"{' ' * len(lead)}const struct vcmd_{name} *args)", "{",
            "    if (bytes == NULL || args == NULL)",
            "        return VCMD_STATUS_NULL_ARGUMENT;",
            f"    if (size < VCMD_{name.upper()}_SIZE)",
            "        return VCMD_STATUS_BUFFER_FULL;",
            f"    memset(bytes, 0, VCMD_{name.upper()}_SIZE);",
            f"    store_{struct.name}((uint8_t *)bytes, args);",
            "    return VCMD_STATUS_OK;", "}"]


def unpack_function(struct):
    name, least = struct.c_name, struct.get("min-size")
    macro = f"VCMD_{name.upper()}_SIZE"
    lead = f"enum vcmd_status vcmd_unpack_{name}("
    lines = [f"{lead}struct vcmd_{name} *args, const void *bytes,",
             f"{' ' * len(lead)}size_t size)", "{"]
    if least:
        lines += [f"    uint8_t whole[{macro}] = {{0}};", ""]
    lines += ["    if (bytes == NULL || args == NULL)",
              "        return VCMD_STATUS_NULL_ARGUMENT;",
              f"    if (size < {least or macro})",
              "        return VCMD_STATUS_TRUNCATED;",
              "    memset(args, 0, sizeof(*args));"]
    if least:
        lines.append(f"    memcpy(whole, bytes, size < {macro} ? size : {macro});")
    source_ = "whole" if least else "(const uint8_t *)bytes"
    return lines + [f"    load_{struct.name}(args, {source_});", "    return VCMD_STATUS_OK;", "}"]


def used_structs(protocol, roots):
    """The structs that some layouts contain, each after those that it contains itself."""
    order = []

    def visit(items):
        for item in items:
            if item.kind == "member":
                visit(protocol.structs[item.struct].items)
                if item.struct not in order:
                    order.append(item.struct)
            visit(item.items)

    for root in roots:
        visit(root.items)
    return [protocol.structs[name] for name in order]


def video(protocol):
    lines = c.header("virgl-video.xml") + ["", '#include "../core/wire.h"',
                                           "#include <virglcmd/video_descriptors.h>"]
    structs = [s for s in protocol.structs.values() if s.file == "virgl-video.xml"]
    tops = [s for s in structs if is_top(s)]
    needed = {s.name for s in used_structs(protocol, tops)} | {s.name for s in tops}
    for struct in structs:
        if struct.name in needed:
            lines += [""] + store_function(protocol, struct)
            lines += [""] + load_function(protocol, struct)
    for struct in tops:
        lines += [""] + pack_function(struct) + [""] + unpack_function(struct)
    return lines


def host_structs(protocol):
    lines = c.header("virgl-caps.xml") + ["", '#include "../core/wire.h"',
                                          "#include <virglcmd/structs.h>"]
    for struct in protocol.structs.values():
        if struct.file == "virgl-caps.xml" and struct.get("origin"):
            lines += [""] + load_function(protocol, struct) + [""] + unpack_function(struct)
    return lines


def control(protocol):
    source = "virtio-gpu.xml"
    lines = c.header(source) + ["", '#include "../core/encode.h"', "#include <virglcmd/control.h>"]
    group_ = protocol.requests + protocol.responses
    hdr = protocol.structs["ctrl_hdr"]
    shared = [hdr] + [s for s in used_structs(protocol, group_) if s is not hdr]
    for struct in shared + [protocol.structs["ctrl_mem_entry"]]:
        lines += [""] + store_function(protocol, struct)
    lines += [""] + HEADER_HELPER.split("\n")
    for named in group_:
        lines += [""] + control_encoder(protocol, named)
    return lines


def control_structs(protocol):
    """What is read by itself: an entry of a tail, the configuration space."""
    lines = c.header("virtio-gpu.xml") + ["", '#include "../core/wire.h"',
                                          "#include <virglcmd/control.h>"]
    for name in ("ctrl_mem_entry", "ctrl_config"):
        struct = protocol.structs[name]
        lines += [""] + load_function(protocol, struct) + [""] + unpack_function(struct)
    return lines


HEADER_HELPER = """\
/* The header of a request or response, with the type that the encoder is for. */
static void store_header(uint8_t *p, const struct vcmd_ctrl_hdr *hdr, uint32_t type)
{
    store_ctrl_hdr(p, hdr);
    vcmd_store32(p, type);
}"""


def fixed_items(named):
    return [i for i in named.items if i.kind in ("field", "member", "group")]


def control_encoder(protocol, named):
    rules = encoders.Rules(named)
    tail = next((i for i in named.items if i.kind == "tail" and i.by != "caller"), None)
    hdr_rule = rules.add("hdr.flags", 4, "RESERVED_BITS",
                         protocol.enums["ctrl_flags"].mask())
    mask = protocol.enums["ctrl_flags"].mask()
    body = encoders.reject(encoders.Scope(), f"(args->hdr.flags & ~0x{mask:x}u) != 0",
                           hdr_rule, "args->hdr.flags", "0")
    body += encoders.checks(protocol, rules, named.items, encoders.Scope())
    size = int(named.get("size"))
    entry = struct_bytes(protocol, tail.struct) if tail else 0
    extra = f" + (size_t)args->{tail.count} * {entry // 4}" if tail else ""
    bytes_ = f" + (size_t)args->{tail.count} * {entry}" if tail else ""
    code = body + [f'    words = vcmd_reserve(buf, "{named.name}", {size // 4}{extra});',
                   "    if (words == NULL)", "        return vcmd_encode_status(buf);",
                   "    p = (uint8_t *)words;", f"    memset(p, 0, {size}{bytes_});",
                   f"    store_header(p, &args->hdr, 0x{named.type:04x});"]
    code += store_items(protocol, fixed_items(named), "p", "args->", "    ")
    if tail:
        code += [f"    for (i = 0; i < args->{tail.count}; i++)",
                 f"        store_{tail.struct}(p + {size} + i * {entry}, &args->{tail.c_name}[i]);"]
    lines = encoder_head(named) + ["{"]
    lines += rules.lines() + ["    uint32_t *words;", "    uint8_t *p;"]
    lines += [l for l in locals_of(code) if l]
    return lines + ["", f'    if (!vcmd_encode_begin(buf, args, "{named.name}"))',
                    "        return vcmd_encode_status(buf);"] + code + [
                        "    return VCMD_STATUS_OK;", "}"]


def caps(protocol):
    """vcmd_caps_decode: each field only when the host's bytes cover the whole of it."""
    lines = c.header("virgl-caps.xml") + ["", '#include "../core/caps_table.h"',
                                          '#include "../core/wire.h"', "#include <virglcmd/caps.h>"]
    struct = protocol.structs["caps"]
    for inner in used_structs(protocol, [struct]):
        lines += [""] + load_function(protocol, inner)
    lines += ["", "void vcmd_caps_load(struct vcmd_caps *s, const uint8_t *p, size_t size)", "{"]
    body = []
    for item in struct.items:
        end = item.place + field_bytes(protocol, item)
        one = load_items(protocol, [item], "p", "s->", "        ")
        brace = len(one) > 1
        body.append(f"    if (size >= {end})" + (" {" if brace else ""))
        body += one + (["    }"] if brace else [])
    lines += locals_of(body) + body + ["}", ""]
    lines += ["const struct vcmd_caps_field_info vcmd_caps_fields[VCMD_CAPS_FIELD_COUNT] = {"]
    for item in struct.items:
        size = field_bytes(protocol, item)
        lines.append(f'    {{"{item.name}", {item.place}, {size}, {item.feature_version},'
                     f' "{item.since}"}},')
    lines += ["};", "", "const struct vcmd_host_release vcmd_host_release_table[] = {"]
    for node in protocol.releases:
        lines.append(f'    {{"{node.get("name")}", {node.get("caps-size")},'
                     f' {node.get("feature-version", "0")}, {node.get("formats")},'
                     f' {node.get("commands")}, {node.get("objects")}}},')
    lines += ["};", f"const size_t vcmd_host_release_count = {len(protocol.releases)};"]
    return lines


def field_bytes(protocol, item):
    if item.kind == "member":
        return struct_bytes(protocol, item.struct) * item.total()
    if item.type == "pad":
        return pad_size(item)
    return SIZES[item.type] // 8 * item.total()


def formats(protocol):
    lines = c.header("virgl-formats.xml") + ["", '#include "../core/format_table.h"', ""]
    lines.append("const struct vcmd_format_info vcmd_format_table[] = {")
    for node in protocol.formats:
        lines += format_row(node)
    top = max(int(n.get("value")) for n in protocol.formats) + 1
    index = {int(n.get("value")): k + 1 for k, n in enumerate(protocol.formats)}
    lines += ["};", "", "/* Row of each format number in the table, plus 1; 0 where there is none. */",
              f"const uint16_t vcmd_format_index[{top}] = {{"]
    for start in range(0, top, 16):
        row = ", ".join(str(index.get(k, 0)) for k in range(start, min(start + 16, top)))
        lines.append(f"    {row},")
    lines += ["};", f"const size_t vcmd_format_count = {len(protocol.formats)};"]
    return lines


def format_row(node):
    w, h, d = node.get("block").split("x")
    channels = []
    for text in (node.get("channels") or "").split():
        kind = text.rstrip("0123456789")
        channels.append(f"{{VCMD_CHANNEL_{kind.upper()}, {text[len(kind):]}}}")
    code = node.get("fourcc")
    fourcc = "0"
    if code:
        fourcc = "0x%08xu" % sum(ord(ch) << (8 * k) for k, ch in enumerate(code))
    swizzle = node.get("swizzle") or ""
    count = len(channels)
    block = ", ".join(channels) if channels else "{VCMD_CHANNEL_VOID, 0}"
    return [f'    {{"{node.get("name")}", {node.get("value")}, {fourcc},'
            f' {node.get("bits") or 0}, {w}, {h}, {d},',
            f'     VCMD_LAYOUT_{node.get("layout").upper()},'
            f' VCMD_COLORSPACE_{node.get("colorspace").upper()}, {count},',
            f'     {{{block}}}, "{swizzle}", "{node.get("since") or ""}"}},']
