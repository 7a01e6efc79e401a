# SPDX-License-Identifier: MIT
"""Finds what is wrong with a description beyond its XML: every rule here names file and line."""

import re

from .load import DescriptionError
from .model import TYPE_BITS

MAX_PAYLOAD = 65535

GROUPS = ("objects", "state", "draw", "transfer", "query", "context", "video")
HANDLES = ("object", "resource", "surface", "sampler_view", "sampler_state", "shader", "query",
           "streamout_target", "video-codec", "video-buffer")


def check(protocol):
    """Raises DescriptionError with every problem found."""
    check_names(protocol)
    check_formats(protocol)
    for struct in protocol.structs.values():
        check_prose(protocol, struct, struct.doc, "struct")
        check_since(protocol, struct.node)
        check_layout(protocol, struct)
    for named in protocol.commands + protocol.requests + protocol.responses:
        check_prose(protocol, named, named.summary, named.kind)
        check_layout(protocol, named)
    check_variants(protocol)
    check_types(protocol)
    if protocol.problems:
        unique = {str(p): p for p in protocol.problems}
        raise DescriptionError(list(unique.values()))


def check_prose(protocol, where, text, what):
    if not text:
        protocol.problem(where, f"{what} {where.name} has no prose")


def check_names(protocol):
    seen = {}
    for enum in protocol.enums.values():
        check_prose(protocol, enum, enum.doc, "enum")
        if enum.kind not in ("enum", "flags"):
            protocol.problem(enum, f"kind=\"{enum.kind}\" is neither enum nor flags")
        if not enum.values:
            protocol.problem(enum, f"enum {enum.name} has no values")
    values = [v for e in protocol.enums.values() for v in e.values] + protocol.limits
    for value in values:
        if value.c_name in seen:
            protocol.problem(value, f"{value.c_name} is described at line {seen[value.c_name]} too")
        seen[value.c_name] = value.line
        check_since(protocol, value.node)


def check_since(protocol, node):
    since = node.get("since")
    if since and not re.match(r"^[0-9]+\.[0-9]+\.[0-9]+$", since):
        protocol.problem(node, f"since=\"{since}\" is not a release like 0.10.4")


def check_formats(protocol):
    numbers, names, codes = {}, {}, {}
    for node in protocol.formats:
        number = protocol.number(node, "value")
        for table, key in ((numbers, number), (names, node.get("name")),
                           (codes, node.get("fourcc"))):
            if key is not None and key in table:
                protocol.problem(node, f"format {key} is described at line {table[key]} too")
            table[key] = node.line
        if not re.match(r"^[0-9]+x[0-9]+x[0-9]+$", node.get("block")):
            protocol.problem(node, f"block=\"{node.get('block')}\" is not like 4x4x1")
        if node.get("fourcc") and len(node.get("fourcc")) != 4:
            protocol.problem(node, f"fourcc \"{node.get('fourcc')}\" has not four characters")
        check_since(protocol, node)


def payload_size(protocol, named):
    """(fixed units, whether more may follow): dwords for commands, bytes for the rest."""
    text = named.get("size") or named.get("dwords") or ""
    if re.match(r"^[0-9]+$", text):
        return int(text), named.kind in ("request", "response")
    if text == "any":
        return 0, True
    match = re.match(r"^([0-9]+)(?: \+ .*)?$", text)
    if match:
        return int(match.group(1)), True
    if re.match(r"^([0-9]+\*)?[a-z_]+$", text):
        return 0, True
    protocol.problem(named, f"size=\"{text}\" is neither a number nor a sum that starts with one")
    return 0, True


def item_bits(protocol, item, unit):
    """[(first bit, bits, item)] of a fixed item, places in bits from the start of the layout."""
    if item.place is None:
        return []
    if item.kind == "field":
        width = TYPE_BITS.get(item.type) if item.type != "pad" else 8 * pad_size(item)
        if width is None:
            protocol.problem(item, f"unknown type {item.type}")
            return []
        if item.has_bits and item.shift + item.bits > width:
            protocol.problem(item, f"bits {item.shift}..{item.shift + item.bits - 1} do not fit"
                                   f" {item.type}")
        if item.has_bits:
            return [(item.place * unit + item.shift, item.bits, item)]
        count = 1 if item.type == "pad" else item.total()
        return [(item.place * unit, width * count, item)]
    if item.kind == "member":
        struct = protocol.structs.get(item.struct)
        if struct is None:
            protocol.problem(item, f"unknown struct {item.struct}")
            return []
        return [(item.place * unit, 8 * struct_size(protocol, struct) * item.total(), item)]
    return []


def pad_size(item):
    return item.total() if item.dims else 4


def struct_size(protocol, struct):
    if struct.get("dwords"):
        return 4 * protocol.number(struct.node, "dwords", 0)
    return protocol.number(struct.node, "size", 0)


def collect(protocol, items, unit, base, spans):
    """All fixed spans of a layout, arrays and groups with a fixed count spread out."""
    for item in items:
        if item.kind == "group":
            count = item.total()
            absolute = unit == 32
            start = base if absolute or item.place is None else base + item.place * unit
            for k in range(count):
                step = k * (item.stride or 0) * unit
                collect(protocol, item.items, unit, start + step, spans)
        elif item.kind in ("field", "member"):
            spans += [(base + first, bits, owner)
                      for first, bits, owner in item_bits(protocol, item, unit)]


def check_layout(protocol, named):
    unit = 32 if named.layout == "dwords" else 8
    size, open_ended = payload_size(protocol, named)
    first = 32 if named.kind == "command" else 0
    if named.kind in ("request", "response"):
        first = 24 * 8
    spans = []
    collect(protocol, named.items, unit, 0, spans)
    end = first + size * 32 if named.kind == "command" else size * unit
    used = {}
    for start, bits, item in spans:
        if start < first:
            protocol.problem(item, f"{item.name} lies before the payload of {named.name}")
        if start + bits > end:
            protocol.problem(item, f"{item.name} lies beyond the payload of {named.name}"
                             f" ({size} {'dwords' if unit == 32 else 'bytes'})")
        for bit in range(start, start + bits):
            other = used.get(bit)
            if other is not None and other is not item:
                protocol.problem(item, f"{item.name} overlaps {other.name}, line {other.line}")
                break
            used[bit] = item
    check_gaps(protocol, named, size, open_ended, used)
    if named.kind == "command":
        check_tail(protocol, named, size)
    check_items(protocol, named, named.items)


def check_gaps(protocol, named, size, open_ended, used):
    """Nothing of a command or control command may be left undescribed."""
    if named.kind == "command" and not open_ended:
        for dword in range(1, size + 1):
            if not any(dword * 32 <= bit < dword * 32 + 32 for bit in used):
                protocol.problem(named, f"no field of {named.name} is in dword {dword}")
    elif named.kind in ("request", "response"):
        for byte in range(24, size):
            if byte * 8 not in used:
                protocol.problem(named, f"no field of {named.name} is in byte {byte}")
                break


def check_tail(protocol, command, fixed):
    """What follows the fixed part: each part begins where the one before it ends."""
    cursor = fixed + 1
    for item in command.items:
        if item.kind == "optional":
            for part in item.items:
                expect(protocol, part, cursor)
                cursor = cursor + part.total() if part.kind == "field" and cursor else None
                if part.kind == "array":
                    check_element(protocol, part)
            cursor = None
        elif item.kind in ("array", "values", "bytes", "padding"):
            expect(protocol, item, cursor)
            cursor = None
            if item.kind == "array":
                check_element(protocol, item)
                if item.stride > 1 and f"{item.stride}*" not in command.get("size"):
                    protocol.problem(item, f"stride {item.stride} is not in the size of"
                                     f" {command.name}, {command.get('size')}")


def expect(protocol, item, cursor):
    if cursor is not None and item.place is not None and item.place != cursor:
        protocol.problem(item, f"{item.name} is at dword {item.place}, what comes before it ends at"
                         f" {cursor - 1}")


def check_element(protocol, array):
    """The fields of an array's element: inside the stride, and not over each other."""
    spans, used = [], {}
    collect(protocol, array.items, 32, 0, spans)
    for start, bits, item in spans:
        if start < array.place * 32 or start + bits > (array.place + array.stride) * 32:
            protocol.problem(item, f"{item.name} lies outside an element of {array.name}"
                             f" ({array.stride} dwords)")
        for bit in range(start, start + bits):
            if bit in used and used[bit] is not item:
                protocol.problem(item, f"{item.name} overlaps {used[bit].name},"
                                 f" line {used[bit].line}")
                break
            used[bit] = item


def member_names(items):
    for item in items:
        yield item.c_name
        if item.kind == "optional":
            yield from member_names(item.items)


def check_items(protocol, named, items, siblings=None):
    names = list(member_names(items))
    siblings = siblings or names
    for name in names:
        if name and names.count(name) > 1:
            first = next(i for i in items if i.c_name == name)
            protocol.problem(first, f"{named.name} has {name} more than once")
    for item in items:
        if item.kind != "optional" and not item.doc:
            protocol.problem(item, f"{item.name} of {named.name} has no prose")
        if item.enum and item.enum != "format" and item.enum not in protocol.enums:
            protocol.problem(item, f"unknown enum {item.enum}")
        for other in item.also:
            if not other.isdigit() and other not in protocol.enums:
                protocol.problem(item, f"unknown enum {other}")
        check_range(protocol, item)
        check_since(protocol, item.node)
        if item.handle and item.handle not in HANDLES:
            protocol.problem(item, f"unknown kind of handle {item.handle}")
        if item.union and item.union != "color":
            protocol.problem(item, f"unknown union {item.union}")
        if item.kind == "tail" and item.count and item.count not in siblings:
            protocol.problem(item, f"{item.name} is counted by {item.count}, which {named.name}"
                             " has not")
        for other in (item.slot, item.min_field):
            if other and other not in siblings:
                protocol.problem(item, f"{item.name} names {other}, which {named.name} has not")
        if item.struct and item.kind in ("member", "tail") and item.struct not in protocol.structs:
            protocol.problem(item, f"unknown struct {item.struct}")
        if item.kind == "optional" and not item.flag \
                and (item.when or "").replace(".", "_") not in siblings:
            protocol.problem(item, f"optional depends on {item.when}, which {named.name} has not")
        if item.items:
            outer = siblings if item.kind == "optional" else None
            check_items(protocol, named, item.items, outer)


def check_range(protocol, item):
    if item.kind not in ("field", "values"):
        return
    if item.max is not None and item.max >= 1 << item.bits:
        protocol.problem(item, f"max={item.max} does not fit {item.bits} bits")
    if None not in (item.min, item.max) and item.min > item.max:
        protocol.problem(item, f"min={item.min} is over max={item.max}")
    enum = protocol.enums.get(item.enum)
    # Of flags a field may take those that it has bits for.
    if enum is not None and enum.kind == "enum":
        top = max(v.value for v in enum.values)
        if top >= 1 << item.bits:
            protocol.problem(item, f"value {top} of {item.enum} does not fit {item.bits} bits")


def check_variants(protocol):
    """Two layouts with the same header and length could not be told apart."""
    seen = {}
    for command in protocol.commands:
        key = (command.opcode, command.get("object"), command.get("size"))
        same = seen.get(key)
        if same and not command.name.startswith(same.name + "."):
            protocol.problem(command, f"{command.name} has the header and size of {same.name}")
        seen.setdefault(key, command)
        if command.opcode > 255:
            protocol.problem(command, f"opcode {command.opcode} does not fit 8 bits")
        if command.get("group") not in GROUPS:
            protocol.problem(command, f"unknown group {command.get('group')}")
        obj = command.get("object")
        if obj and obj != "any":
            names = [v.short for v in protocol.enums["object_type"].values]
            if obj not in names:
                protocol.problem(command, f"unknown object type {obj}")
        check_since(protocol, command.node)
        size, _ = payload_size(protocol, command)
        if size > MAX_PAYLOAD:
            protocol.problem(command, f"size {size} is over {MAX_PAYLOAD} dwords")


def check_types(protocol):
    """Request and response numbers, and the response that each request names."""
    seen = {}
    for named in protocol.requests + protocol.responses:
        named.type = protocol.number(named.node, "type")
        if named.type in seen:
            protocol.problem(named, f"type 0x{named.type:04x} belongs to {seen[named.type]}"
                                    " already")
        seen[named.type] = named.name
    names = {r.name for r in protocol.responses}
    for request in protocol.requests:
        if request.get("queue") not in (None, "cursor"):
            protocol.problem(request, f"unknown queue {request.get('queue')}")
        if request.get("response") not in names:
            protocol.problem(request, f"unknown response {request.get('response')}")
