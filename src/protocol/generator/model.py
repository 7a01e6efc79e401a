# SPDX-License-Identifier: MIT
"""The protocol as objects: what load.py read, with numbers parsed and names resolved."""

import os
import re

from .load import DescriptionError, Problem, parse

NUMBER = re.compile(r"^(0x[0-9a-fA-F]+|-?[0-9]+)$")
TYPE_BITS = {"u8": 8, "i8": 8, "char": 8, "u16": 16, "i16": 16, "u32": 32, "i32": 32, "f32": 32,
             "u64": 64, "f64": 64}


class Item:
    """A part of a layout: field, member, group, array, values, bytes, padding, optional or tail."""

    def __init__(self, kind, node):
        self.kind, self.node = kind, node
        self.file, self.line = node.file, node.line
        self.name = node.get("name", "")
        self.doc = node.prose()
        if node.find("doc"):
            self.doc = node.find("doc").prose()
        self.items = []
        self.dims = []
        self.since = node.get("since")

    @property
    def c_name(self):
        return self.name.replace(".", "_")

    def total(self):
        """Number of elements of a fixed array, 1 for a single one."""
        result = 1
        for dim in self.dims:
            result *= dim
        return result


class Named:
    """A struct, command, request or response: something with a layout."""

    def __init__(self, kind, node):
        self.kind, self.node = kind, node
        self.file, self.line = node.file, node.line
        self.name = node.get("name") or node.get("id")
        self.layout = node.get("layout", "dwords" if kind == "command" else "bytes")
        self.doc = node.find("doc").prose() if node.find("doc") else ""
        self.summary = node.find("summary").prose() if node.find("summary") else ""
        self.host = [n.prose() for n in node.all("host")]
        self.quirks = [n.prose() for n in node.all("quirk")]
        self.items = []
        self.extends = node.get("extends")

    def get(self, name, default=None):
        return self.node.get(name, default)

    @property
    def c_name(self):
        """The word after vcmd_ in the struct and the encoder."""
        name = self.name
        if self.kind == "command":
            name = re.sub(r"^(CREATE|BIND)_OBJECT\.", r"\1_", name)
            if self.get("split") == "yes":
                name += "_packet"
        elif self.kind == "request":
            name = "ctrl_" + name
        elif self.kind == "response":
            name = "ctrl_resp_" + name
        return name.replace(".", "_").lower()

    def since_text(self):
        """The host release that brought it, unless it was always there."""
        since = self.get("since")
        return since if since != "0.2.0" else None

    @property
    def wire_name(self):
        """The command's own name, without object or variant."""
        return self.name.split(".")[0]


class Enum:
    def __init__(self, node):
        self.node, self.file, self.line = node, node.file, node.line
        self.name, self.kind = node.get("name"), node.get("kind")
        self.prefix, self.origin = node.get("prefix", ""), node.get("origin", "")
        self.doc = node.find("doc").prose() if node.find("doc") else ""
        self.values = []

    def mask(self):
        result = 0
        for value in self.values:
            result |= value.value
        return result


class Value:
    def __init__(self, node, name, value, prefix, origin):
        self.node, self.file, self.line = node, node.file, node.line
        self.value, self.doc = value, node.prose()
        self.since = node.get("since")
        self.short = name
        self.c_name = "VCMD_" + prefix + self.short
        self.origin = node.get("origin") or origin + self.short


class Protocol:
    """Everything that a set of files describes."""

    def __init__(self):
        self.enums, self.limits, self.formats = {}, [], []
        self.structs, self.commands, self.requests, self.responses = {}, [], [], []
        self.releases, self.feature_versions = [], []
        self.docs = {}
        self.problems = []

    def problem(self, where, message):
        self.problems.append(Problem(where.file, where.line, message))

    def number(self, node, attribute, default=None):
        text = node.get(attribute)
        if text is None:
            return default
        if not NUMBER.match(text):
            self.problem(node, f"{attribute}=\"{text}\" is not a number")
            return default if default is not None else 0
        return int(text, 0)


def load(directory, files):
    """Reads the files and what they import. Raises DescriptionError with all problems."""
    protocol, seen = Protocol(), []

    def visit(name, where):
        if name in seen:
            return
        seen.append(name)
        path = os.path.join(directory, name)
        if not os.path.exists(path):
            raise DescriptionError([Problem(where[0], where[1], f"no such file: {name}")])
        root = parse(path, name)
        for node in root.all("import"):
            visit(node.get("file"), (name, node.line))
        protocol.docs[name] = root.find("doc").prose() if root.find("doc") else ""
        read_root(protocol, root)

    for name in files:
        visit(name, (name, 0))
    make_command_enum(protocol)
    resolve_extends(protocol)
    return protocol


def read_root(protocol, root):
    for node in root.children:
        if node.tag == "enum":
            read_enum(protocol, node)
        elif node.tag == "limits":
            for child in node.all("limit"):
                value = Value(child, child.get("name"), protocol.number(child, "value"),
                              node.get("prefix", ""), "")
                value.origin = child.get("origin")
                protocol.limits.append(value)
        elif node.tag == "formats":
            protocol.formats += [n for n in node.all("format")]
        elif node.tag == "struct":
            struct = Named("struct", node)
            struct.items = read_items(protocol, node)
            if struct.name in protocol.structs:
                protocol.problem(node, f"struct {struct.name} is described twice")
            protocol.structs[struct.name] = struct
        elif node.tag in ("command", "request", "response"):
            named = Named(node.tag, node)
            named.items = read_items(protocol, node)
            {"command": protocol.commands, "request": protocol.requests,
             "response": protocol.responses}[node.tag].append(named)
        elif node.tag == "releases":
            protocol.releases += node.all("release")
        elif node.tag == "feature-versions":
            protocol.feature_versions += node.all("feature-version")
        elif node.tag not in ("doc", "import"):
            protocol.problem(node, f"<{node.tag}> has no place here")


def read_enum(protocol, node):
    enum = Enum(node)
    for child in node.all("value"):
        enum.values.append(Value(child, child.get("name"), protocol.number(child, "value"),
                                 enum.prefix, enum.origin))
    if enum.name in protocol.enums:
        protocol.problem(node, f"enum {enum.name} is described twice")
    protocol.enums[enum.name] = enum


LAYOUT_TAGS = ("field", "member", "group", "array", "values", "bytes", "padding", "optional",
               "tail")


def read_items(protocol, node):
    items = []
    for child in node.children:
        if child.tag in LAYOUT_TAGS:
            items.append(read_item(protocol, child))
        elif child.tag not in ("doc", "summary", "host", "quirk"):
            protocol.problem(child, f"<{child.tag}> has no place in a layout")
    return items


def read_item(protocol, node):
    item = Item(node.tag, node)
    number = protocol.number
    item.place = number(node, "dword", number(node, "offset"))
    item.type = node.get("type")
    item.shift, item.bits = number(node, "shift", 0), number(node, "bits")
    if item.bits is None:
        item.bits = TYPE_BITS.get(item.type, 32)
    item.has_bits = node.get("bits") is not None
    item.enum, item.also = node.get("enum"), (node.get("also") or "").split()
    item.open = node.get("open") == "yes"
    item.min, item.max = number(node, "min"), number(node, "max")
    item.min_field, item.handle = node.get("min-field"), node.get("handle")
    item.union, item.struct = node.get("union"), node.get("struct")
    item.stride = number(node, "stride")
    item.feature_version = number(node, "feature-version", 0)
    item.min_count, item.max_count = number(node, "min-count", 0), number(node, "max-count")
    item.slot, item.slots = node.get("slot"), number(node, "slots")
    item.min_bytes = number(node, "min-bytes", 0)
    item.spare = number(node, "spare-dwords", 0)
    item.terminated = node.get("terminated") == "yes"
    item.when, item.flag, item.by = node.get("when"), node.get("flag"), node.get("by")
    item.count = None
    if node.tag in ("field", "member", "group"):
        if node.get("count"):
            if not re.match(r"^[0-9]+( [0-9]+)*$", node.get("count")):
                protocol.problem(node, f"count=\"{node.get('count')}\" is not a list of numbers")
            else:
                item.dims = [int(d) for d in node.get("count").split()]
    else:
        item.count = (node.get("count") or "").replace(".", "_") or None
    if node.tag in ("group", "array", "optional"):
        item.items = read_items(protocol, node)
    return item


def make_command_enum(protocol):
    """VCMD_CCMD_*: the command numbers, each base name once."""
    if not protocol.commands:
        return
    if "ccmd" in protocol.enums:
        protocol.problem(protocol.enums["ccmd"], "enum ccmd is made from the commands")
    enum = Enum(protocol.commands[0].node)
    enum.name, enum.kind, enum.prefix, enum.origin = "ccmd", "enum", "CCMD_", "VIRGL_CCMD_"
    enum.doc = "Command numbers: bits 7:0 of a packet's header."
    numbers = {}
    for command in protocol.commands:
        opcode = protocol.number(command.node, "opcode")
        command.opcode = opcode
        known = numbers.get(command.wire_name)
        if known is not None and known != opcode:
            protocol.problem(command, f"{command.wire_name} has opcode {known} elsewhere")
        for name, other in numbers.items():
            if other == opcode and name != command.wire_name:
                protocol.problem(command, f"opcode {opcode} belongs to {name} already")
        if known is None:
            numbers[command.wire_name] = opcode
            value = Value(command.node, command.wire_name, opcode, enum.prefix, enum.origin)
            enum.values.append(value)
    protocol.enums["ccmd"] = enum


def resolve_extends(protocol):
    """A variant starts with the items of what it extends."""
    for group in (protocol.commands, protocol.requests):
        by_name = {}
        for named in group:
            if named.name in by_name:
                protocol.problem(named, f"{named.name} is described twice")
            if named.extends:
                base = by_name.get(named.extends)
                if base is None:
                    protocol.problem(named,
                                     f"extends {named.extends}, which is not described above")
                else:
                    named.items = base.items + named.items
            by_name[named.name] = named
