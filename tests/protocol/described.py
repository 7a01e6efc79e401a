# SPDX-License-Identifier: MIT
"""The protocol description as flat rows, one a field, named in the way of the facts."""

import os
import sys

TOP = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
DESCRIPTION = os.path.join(TOP, "src", "protocol")
GENERATE = os.path.join(DESCRIPTION, "generate.py")
sys.path.insert(0, DESCRIPTION)
sys.dont_write_bytecode = True

from generator import model  # noqa: E402
from generator.check import check  # noqa: E402

FILES = ["virgl.xml", "virtio-gpu.xml"]

# Counted parts that the facts name; the facts give the fields of all others without a prefix.
NAMED_ARRAYS = {"so_info.output": "so_info.output.", "planes": "plane."}

BYTES = {"u8": 1, "i8": 1, "char": 1, "u16": 2, "i16": 2, "u32": 4, "i32": 4, "f32": 4, "u64": 8,
         "f64": 8}


def load():
    protocol = model.load(DESCRIPTION, FILES)
    check(protocol)
    return protocol


class Row:
    """A field with all that is around it folded in.

    repeats: [(count, stride)], outermost first; a count is a number, or the name of the argument
    that holds it. c: the C expression behind args->, with {k} for the index of repeats[k].
    pointer: the argument that points to the elements, where there is one. when: the argument on
    which the row depends.
    """

    def __init__(self, item, name, c, place, repeats, pointer, when):
        self.item, self.name, self.c, self.place = item, name, c, place
        self.repeats, self.pointer, self.when = repeats, pointer, when
        self.kind, self.type = item.kind, item.type
        self.shift, self.bits = item.shift, item.bits
        self.since = item.since
        self.minimum = item.min


class Walk:
    """Where a walk through a layout stands."""

    def __init__(self, base=0, name="", c="", repeats=(), pointer=None, when=None, least=None):
        self.base, self.name, self.c, self.repeats = base, name, c, list(repeats)
        self.pointer, self.when, self.least = pointer, when, least

    def inner(self, **changes):
        state = dict(self.__dict__)
        state.update(changes)
        return Walk(**state)


def command_rows(protocol, command):
    """The rows of a command; places are dwords of the payload."""
    rows = []
    walk_dwords(protocol, command.items, Walk(), rows)
    return rows


def walk_dwords(protocol, items, walk, rows):
    for item in items:
        place = None if item.place is None else walk.base + item.place
        if item.kind == "field":
            rows.append(field_row(item, walk, place, max(1, item.bits // 32)))
        elif item.kind == "member":
            name = "" if item.struct == "box" else item.name + "."
            walk_dwords(protocol, protocol.structs[item.struct].items,
                        walk.inner(base=place, name=walk.name + name,
                                   c=f"{walk.c}{item.c_name}.", least=item.min), rows)
        elif item.kind == "group":
            walk_dwords(protocol, item.items, group_walk(item, walk, walk.base), rows)
        elif item.kind == "array":
            prefix = NAMED_ARRAYS.get(item.name, "")
            walk_dwords(protocol, item.items, walk.inner(
                name=walk.name + prefix, c=f"{item.c_name}[{{{len(walk.repeats)}}}].",
                repeats=walk.repeats + [(item.count, item.stride)], pointer=item), rows)
        elif item.kind == "values":
            rows.append(Row(item, walk.name + item.name, f"{item.c_name}[{{0}}]", place,
                            [(item.count, 1)], item, walk.when))
        elif item.kind in ("bytes", "padding"):
            rows.append(Row(item, walk.name + item.name, item.c_name, place, [(item.count, 1)],
                            item, walk.when))
        elif item.kind == "optional":
            when = item.flag or item.when.replace(".", "_")
            walk_dwords(protocol, item.items, walk.inner(when=when), rows)


def field_row(item, walk, place, step):
    """step: units that one element takes."""
    c, repeats, strides = walk.c + item.c_name, list(walk.repeats), []
    for dim in reversed(item.dims):
        strides.insert(0, (dim, step))
        step *= dim
    if item.union:
        c += ".u"
    for entry in strides:
        c += f"[{{{len(repeats)}}}]"
        repeats.append(entry)
    row = Row(item, walk.name + item.name, c, place, repeats, walk.pointer, walk.when)
    if row.minimum is None:
        row.minimum = walk.least
    return row


def group_walk(item, walk, base):
    index = f"[{{{len(walk.repeats)}}}]" if item.dims else ""
    repeats = walk.repeats + [(item.total(), item.stride)] if item.dims else walk.repeats
    return walk.inner(base=base, name=f"{walk.name}{item.name}.",
                      c=f"{walk.c}{item.c_name}{index}.", repeats=repeats)


def struct_rows(protocol, named):
    """The rows of a struct, request or response; places are bytes from its start."""
    rows = []
    unit = 4 if named.layout == "dwords" else 1
    walk_bytes(protocol, named.items, Walk(), rows, unit)
    return rows


def message_rows(protocol, message):
    """The rows of a request or response with those of its header."""
    rows = []
    walk_bytes(protocol, protocol.structs["ctrl_hdr"].items, Walk(name="hdr.", c="hdr."), rows, 1)
    walk_bytes(protocol, message.items, Walk(), rows, 1)
    return rows


def walk_bytes(protocol, items, walk, rows, unit):
    for item in items:
        place = None if item.place is None else walk.base + item.place * unit
        if item.kind == "field":
            rows.append(field_row(item, walk, place, BYTES.get(item.type, 1)))
        elif item.kind == "member":
            inner = protocol.structs[item.struct]
            index = f"[{{{len(walk.repeats)}}}]" if item.dims else ""
            repeats = list(walk.repeats)
            if item.dims:
                repeats.append((item.total(), struct_size(inner)))
            name = f"{walk.name}{item.name}{'[]' if item.dims else ''}."
            before = len(rows)
            walk_bytes(protocol, inner.items, walk.inner(
                base=place, name=name, c=f"{walk.c}{item.c_name}{index}.", repeats=repeats), rows,
                4 if inner.layout == "dwords" else 1)
            for row in rows[before:]:
                row.since = row.since or item.since
        elif item.kind == "group":
            inner = group_walk(item, walk, walk.base + (item.place or 0) if item.dims
                               else walk.base)
            if item.dims:
                inner.name = f"{walk.name}{item.name}[]."
            walk_bytes(protocol, item.items, inner, rows, 1)


def unroll(rows):
    """Rows of arrays as one row an element, which is how the facts have virgl_resource_layout."""
    for row in rows:
        if "[]" not in row.name:
            yield row
            continue
        ((count, stride),) = row.repeats
        for k in range(count):
            yield Row(row.item, row.name.replace("[]", f"[{k}]"), row.c.format(k),
                      row.place + k * stride, [], row.pointer, row.when)


def struct_size(struct):
    if struct.get("dwords"):
        return 4 * int(struct.get("dwords"))
    return int(struct.get("size"))


def pad_bytes(item):
    return item.total() if item.dims else 4
