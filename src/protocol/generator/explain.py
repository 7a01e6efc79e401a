# SPDX-License-Identifier: MIT
"""The prose of the description for the tool's `explain`: what a command is and what goes wrong."""

from . import c
from .diagnostics import string

PAD = "     "


def texts(parts):
    """One literal of several sentences, a line feed between them; NULL for none."""
    if not parts:
        return [f"{PAD}NULL"]
    lines = []
    for number, part in enumerate(parts):
        piece = string(part, PAD)
        if number + 1 < len(parts):
            piece[-1] = piece[-1][:-1] + "\\n\""
        lines += piece
    return lines


def fields(items, prefix=""):
    """(name, place, prose) of everything that a guest fills in, in the order of the wire."""
    result = []
    for item in items:
        if item.kind in ("group", "optional"):
            result += fields(item.items, prefix + (item.name + "." if item.name else ""))
        elif item.kind == "array":
            result.append((prefix + item.name, item.place, item.doc))
            result += fields(item.items, prefix + item.name + ".")
        elif item.kind in ("field", "member", "values", "bytes") and item.type != "pad":
            result.append((prefix + item.name, item.place, item.doc))
    return result


def field_table(named, prefix):
    name = prefix + named.c_name
    lines = [f"static const struct explain_field {name}_fields[] = {{"]
    for field, place, doc in fields(named.items):
        text = string(doc, PAD)
        text[-1] += "},"
        lines += [f'    {{"{field}", {0xffff if place is None else place},'] + text
    return lines + ["    {NULL, 0, NULL},", "};", ""]


def entry(named, prefix, numbers):
    """One initialiser of struct explain_entry."""
    lines = [f'    {{"{named.name}", {numbers},']
    for text in (string(named.summary or named.doc, PAD),
                 texts([named.doc] if named.doc and named.summary else []),
                 texts(named.host), texts(named.quirks)):
        text[-1] += ","
        lines += text
    return lines + [f"{PAD}{prefix}{named.c_name}_fields}},"]


def command_numbers(protocol, command):
    objects = {v.short: v.value for v in protocol.enums["object_type"].values}
    objects["any"] = 0xff
    kind = command.get("object")
    return (f'{command.opcode}, {objects[kind] if kind else 0}, {"true" if kind else "false"},'
            f' "{command.get("size")}", "{command.since_text() or ""}"')


def control_numbers(named):
    return f'{named.get("type")}, 0, false, "{named.get("size")}", ""'


def values(protocol):
    lines = ["const struct explain_value explain_values[] = {"]
    for enum in protocol.enums.values():
        if enum.name == "ccmd":
            continue
        for value in enum.values:
            text = string(value.doc, PAD) if value.doc else [f'{PAD}""']
            text[-1] += ","
            message = value.node.get("message")
            flags = "true" if enum.kind == "flags" else "false"
            number = value.value & 0xffffffff
            lines += [f'    {{"{enum.name}", {flags}, "{value.short}", "{value.origin}",'
                      f' "{value.c_name}", {number:#x},']
            lines += text
            lines += string(message, PAD) if message else [f"{PAD}NULL"]
            lines[-1] += "},"
    return lines + ["    {NULL, false, NULL, NULL, NULL, 0, NULL, NULL},", "};"]


def caps_row(name, item, offset, parent, kind, stride=0):
    """One initialiser of struct explain_caps_field. parent is what stands in struct caps itself."""
    text = string(item.doc, PAD)
    text[-1] += "},"
    bits = item.bits if item.has_bits else 0
    return [f'    {{"{name}", {offset}, {item.total()}, {stride}, {item.shift}, {bits}, \'{kind}\','
            f' {parent.feature_version}, "{parent.since or ""}", VCMD_CAPS_{parent.name.upper()},'
            ] + text


# Whole dwords of the capsets whose bits mean something and have no enumeration.
BITS = ("prim_mask", "sample_locations")


def caps(protocol):
    lines = ["const struct explain_caps_field explain_caps[] = {"]
    for item in protocol.structs["caps"].items:
        if item.kind == "member" and item.struct == "format_mask":
            lines += caps_row(item.name, item, item.place, item, "m")
        elif item.kind == "member":
            inner = protocol.structs[item.struct]
            stride = int(inner.get("size")) if item.dims else 0
            for part in inner.items:
                if part.type != "pad":
                    lines += caps_row(f"{item.name}.{part.name}", part, item.place + part.place,
                                      item, "u", stride)
        elif item.type != "pad":
            kind = {"f32": "f", "char": "c", "i32": "i"}.get(item.type, "u")
            lines += caps_row(item.name, item, item.place, item,
                              "x" if item.name in BITS else kind)
    return lines + ["    {NULL, 0, 0, 0, 0, 0, 0, 0, NULL, VCMD_CAPS_FIELD_COUNT, NULL},", "};"]


def source(protocol):
    lines = c.header("virgl.xml") + ['#include "../explain_table.h"', ""]
    tables = []
    for name, prefix, group, numbers in (
            ("explain_commands", "", protocol.commands,
             lambda command: command_numbers(protocol, command)),
            ("explain_controls", "", protocol.requests + protocol.responses, control_numbers)):
        tables += [f"const struct explain_entry {name}[] = {{"]
        for named in group:
            lines += field_table(named, prefix)
            tables += entry(named, prefix, numbers(named))
        tables += ["    {NULL, 0, 0, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL},", "};", ""]
    return lines + tables + values(protocol) + [""] + caps(protocol)
