# SPDX-License-Identifier: MIT
"""The descriptor table: the whole description as const data for src/decode."""

import copy
import pathlib
import re

from . import c, checked
from .check import HANDLES, payload_size
from .bytestructs import struct_bytes

TABLE_H = pathlib.Path(__file__).resolve().parents[2] / "decode" / "table.h"
WIDTHS = {"u8": 1, "i8": 1, "char": 1, "u16": 2, "i16": 2, "u32": 4, "i32": 4, "f32": 4,
          "u64": 8, "f64": 8}
INT64_MIN, INT64_MAX = "INT64_MIN", "INT64_MAX"


def packet_names(command):
    """(member of struct vcmd_packet, constant) of a layout."""
    base = command.c_name
    if command.get("split") == "yes":
        base = base.removesuffix("_packet")
    return base, "VCMD_PACKET_" + base.upper()


def handle_constant(name):
    return "VCMD_HANDLE_" + (name or "none").replace("-", "_").upper()


def enum_constant(name):
    return "VCMD_ENUM_" + (name or "none").upper()


def all_enums(protocol):
    """[(name, is flags, [(value, name)])]; of values that appear twice the first name."""
    found = []
    for enum in protocol.enums.values():
        found.append((enum.name, enum.kind == "flags", [(v.value, v.short) for v in enum.values]))
    types = [(n.type, n.name) for n in protocol.requests + protocol.responses]
    found.append(("ctrl_type", False, types))
    return found


def release(text):
    if not text or text == "0.2.0":
        return 0
    major, minor, patch = (int(part) for part in text.split("."))
    return major * 10000 + minor * 100 + patch


class Leaf:
    """An item with its place from the start of the layout, path in C and name for people."""

    def __init__(self, item, place, path, name):
        self.item, self.place, self.path, self.name = item, place, path, name


class Table:
    """Collects rows; every name is stored once."""

    def __init__(self, protocol):
        self.protocol = protocol
        self.names, self.pool = {}, []
        self.size = 0
        self.items, self.parts, self.rules, self.reserved = [], [], {}, {0: 0}
        self.packets, self.control, self.asserts = [], [], []
        self.rule_row(None)
        self.name("")

    def name(self, text):
        if text not in self.names:
            self.names[text] = self.size
            self.pool.append(text)
            self.size += len(text) + 1
        return self.names[text]

    def rule_row(self, item):
        row = ("0, 0, 0, 0, VCMD_ENUM_NONE, false, false, false, 0" if item is None
               else rule_text(self.protocol, item))
        if row is None:
            return 0
        return self.rules.setdefault(row, len(self.rules))


def rule_text(protocol, item):
    if not item.enum and item.min is None and item.max is None and not item.min_field:
        return None
    rule = checked.Rule(protocol, item)
    low = INT64_MIN if item.min is None else item.min
    high = INT64_MAX if item.max is None else item.max
    return (f"{low}, {high}, 0x{rule.good():x}u, {enum_constant(item.enum)},"
            f" {enum_constant(rule.also)}, {c_bool('0' in item.also)}, {c_bool(item.open)},"
            f" {c_bool(rule.flags)}, 0x{rule.mask:x}u")


def c_bool(value):
    return "true" if value else "false"


def leaves(protocol, items, unit, path="", name="", shift=0, least=None):
    """
    The leaves and fixed arrays of structs among some items, groups and members dissolved. least is
    what a member demands of its fields, those that have no least value of their own.
    """
    found = []
    for item in items:
        if item.kind == "field" and item.type != "pad":
            if item.min is None and least is not None:
                item = copy.copy(item)
                item.min = least
            found.append(Leaf(item, item.place * unit + shift, path + item.c_name,
                              name + item.c_name))
        elif item.kind == "member" and not item.dims:
            struct = protocol.structs[item.struct]
            inner_unit = 4 if struct.layout == "dwords" else 1
            base = shift + item.place * unit
            found += leaves(protocol, struct.items, inner_unit, f"{path}{item.c_name}.",
                            f"{name}{item.c_name}.", base, item.min)
        elif item.kind == "group" and not item.dims:
            found += leaves(protocol, item.items, unit, f"{path}{item.c_name}.",
                            f"{name}{item.c_name}.", shift)
        elif item.kind in ("member", "group"):
            found.append(Leaf(item, item.place * unit + shift, path + item.c_name,
                              name + item.c_name))
    return found


def memory_order(protocol, items, path=""):
    """[path or None]: members of four bytes in the order of declaration; None is anything else."""
    order = []
    for item in items:
        four = item.kind == "field" and item.type in ("u32", "i32", "f32")
        if item.kind == "field" and item.type != "pad":
            order.append(path + item.c_name if four and not c.is_bool(item) else None)
        elif item.kind == "member" and not item.dims:
            order += memory_order(protocol, protocol.structs[item.struct].items,
                                  f"{path}{item.c_name}.")
        elif item.kind == "group" and not item.dims:
            order += memory_order(protocol, item.items, f"{path}{item.c_name}.")
        elif item.kind == "optional":
            order += [None] + memory_order(protocol, item.items, path)
        else:
            order.append(None)
    return order


def element_runs(found, order):
    """How many leaves from each one on one copy can take."""
    places = {path: k for k, path in enumerate(order) if path}
    runs = [1 if whole_word(leaf.item) and leaf.path in places else 0 for leaf in found]
    for k in range(len(found) - 2, -1, -1):
        here, after = found[k], found[k + 1]
        follows = (runs[k] and runs[k + 1]
                   and after.place == here.place + 4 * here.item.total()
                   and places[after.path] == places[here.path] + 1)
        if follows:
            runs[k] = runs[k + 1] + 1
    return runs


def whole_word(item):
    return item.kind == "field" and not item.has_bits and item.type in ("u32", "i32", "f32")


def field_type(item):
    if item.kind == "padding":
        return "PADDING"
    if item.kind == "tail":
        return "BYTES"
    if item.kind == "bytes":
        return "STRING" if item.type == "string" else "BYTES"
    if c.is_bool(item):
        return "BOOL"
    if item.type in ("f32", "f64"):
        return "FLOAT"
    if item.type == "char":
        return "STRING"
    return "INT" if item.type in ("i32", "i16", "i8") else "UINT"


class Layout:
    """Builds the parts and items of one layout."""

    def __init__(self, table, named):
        self.table, self.named, self.protocol = table, named, table.protocol
        self.unit = 4 if named.kind == "command" else 1
        self.struct = f"struct vcmd_{named.c_name}"
        self.first_part, self.first_item = len(table.parts), len(table.items)
        self.numbers = {}
        self.counts = {i.count for i in c.flat(named.items) if i.count}

    def build(self):
        items = list(self.named.items)
        if self.named.kind != "command":
            hdr = self.protocol.structs["ctrl_hdr"]
            self.fixed(leaves(self.protocol, hdr.items, 1, "hdr.", "hdr."), [])
        self.fixed(leaves(self.protocol, items, self.unit), items)
        for item in items:
            if item.kind == "optional":
                self.optional(item)
            elif item.kind in ("array", "values", "bytes", "padding", "tail"):
                self.counted(item)

    def fixed(self, found, items, when=()):
        """Leaves in the order of the wire, cut at arrays of structs."""
        found = sorted(found, key=lambda leaf: (leaf.place, leaf.item.shift))
        run = []
        for leaf in found + [None]:
            if leaf is not None and leaf.item.kind == "field":
                run.append(leaf)
                continue
            if run:
                self.part("FIXED", run, items, when=when)
                run = []
            if leaf is not None:
                self.repeat(leaf)

    def repeat(self, leaf):
        item, unit = leaf.item, self.unit
        if item.kind == "member":
            struct = self.protocol.structs[item.struct]
            stride, inner = struct_bytes(self.protocol, item.struct), struct.items
            found = leaves(self.protocol, inner, 4 if struct.layout == "dwords" else 1)
        else:
            stride, inner = item.stride * unit, item.items
            found = leaves(self.protocol, inner, unit, shift=0)
            for part in found:
                part.place -= leaf.place
        for part in found:
            part.name = f"{leaf.name}.{part.name}"
        whole = f"(({self.struct} *)0)->{leaf.path}[0]"
        self.part("REPEAT", found, inner, owner=leaf.path, name=leaf.name, place=leaf.place,
                  stride=stride, element=f"sizeof({whole})", repeat=item.total(),
                  offset=self.offset(leaf.path), prefix=f"{leaf.path}[0].")

    def optional(self, item):
        flat = leaves(self.protocol, item.items, self.unit)
        if item.flag:
            when = ("ROOM", 0, self.offset(item.flag))
        else:
            when = ("COUNT", self.numbers[item.when.replace(".", "_")], "VCMD_NO_OFFSET")
        self.fixed(flat, item.items, when)
        for inner in item.items:
            if inner.kind == "array":
                self.counted(inner, when)

    def counted(self, item, when=()):
        """A part with a count. Its name and values are those of the item."""
        is_field = item.count in self.numbers
        keys = {"offset": "VCMD_NO_OFFSET" if item.kind == "padding" or item.by == "caller"
                else self.offset(item.c_name), "name": item.c_name, "when": when,
                "count_item": self.numbers[item.count] + 1 if is_field else 0,
                "count_offset": "VCMD_NO_OFFSET" if is_field or not item.count
                else self.offset(item.count),
                "min_count": item.min_count, "max_count": item.max_count or 0,
                "slot_item": self.numbers[item.slot] + 1 if item.slot else 0,
                "slots": item.slots or 0, "spare": item.spare, "terminated": item.terminated,
                "least_payload": item.min_bytes}
        if item.kind == "array" or item.struct:
            self.counted_structs(item, keys)
        else:
            leaf = Leaf(item, 0, None, item.c_name)
            kind = {"tail": "TAIL"}.get(item.kind, item.kind.upper())
            keys["stride"] = 4 if item.kind in ("values", "padding") else 1
            keys["element"] = keys["stride"]
            keys["wire_shaped"] = True
            self.part(kind, [leaf], [], **keys)

    def counted_structs(self, item, keys):
        struct = f"struct vcmd_{item.struct}"
        if item.kind == "array":
            inner, base, unit = item.items, item.place * self.unit, self.unit
            keys["stride"] = item.stride * self.unit
        else:
            inner, base, unit = self.protocol.structs[item.struct].items, 0, 1
            keys["stride"] = struct_bytes(self.protocol, item.struct)
        found = leaves(self.protocol, inner, unit)
        for leaf in found:
            leaf.place -= base
            leaf.name = f"{item.c_name}.{leaf.name}"
        words = keys["stride"] // 4
        runs = element_runs(found, memory_order(self.protocol, inner))
        shaped = runs[0] == len(found) and sum(l.item.total() for l in found) == words
        self.part("ARRAY", found, inner, element=f"sizeof({struct})", struct=struct,
                  wire_shaped=shaped, **keys)
        if shaped:
            self.table.asserts.append(f"sizeof({struct}) == {keys['stride']}")

    def offset(self, path):
        return f"offsetof({self.struct}, {path})"

    def part(self, kind, found, items, **keys):
        struct, prefix = keys.get("struct", self.struct), keys.get("prefix", "")
        first = len(self.table.items)
        runs = element_runs(found, memory_order(self.protocol, items)) if items else []
        first_step, steps = self.steps(found)
        for k, leaf in enumerate(found):
            number = len(self.table.items) - self.first_item
            if kind == "FIXED":
                self.numbers[leaf.path.replace(".", "_")] = number
                self.numbers[leaf.path] = number
            run = found[k:k + runs[k]] if runs else []
            counted = kind == "ARRAY" and not keys.get("count_item")
            begins = k == 0 and (counted or (keys.get("when") or " ")[0] == "ROOM")
            self.item(leaf, struct, prefix, run, begins, steps[k])
        when = keys.get("when") or ("ALWAYS", 0, "VCMD_NO_OFFSET")
        length = max((l.place + WIDTHS[l.item.type] * l.item.total() for l in found),
                     default=0) - found[0].place if kind == "FIXED" else 0
        row = (f"VCMD_PART_{kind}, VCMD_WHEN_{when[0]}, {when[1]}, {keys.get('count_item', 0)},"
               f" {keys.get('slot_item', 0)}, {keys.get('spare', 0)},"
               f" {c_bool(keys.get('wire_shaped'))}, {c_bool(keys.get('terminated'))},"
               f" {self.table.name(keys.get('name', ''))}, {first}, {len(found)}, {first_step},"
               f" {keys.get('place', 0)}, {length if when[0] != 'ALWAYS' else 0},"
               f" {keys.get('stride', 0)}, {keys.get('element', 0)}, {keys.get('repeat', 0)},"
               f" {keys.get('offset', 0)}, {keys.get('count_offset', 'VCMD_NO_OFFSET')}, {when[2]},"
               f" {keys.get('min_count', 0)}, {keys.get('max_count', 0)}, {keys.get('slots', 0)},"
               f" {keys.get('least_payload', 0)}")
        self.table.parts.append((self.named, row))

    def steps(self, found):
        """What the checker looks at. It does not check control commands."""
        if self.named.kind != "command":
            return len(found), [(len(found), 0, 0)] * len(found)
        return checked.steps(self.protocol, found)

    def item(self, leaf, struct, prefix, run, begins, step):
        item = leaf.item
        words = sum(other.item.total() for other in run)
        offset = f"offsetof({struct}, {prefix}{leaf.path})" if leaf.path else "0"
        if words > 1:
            last = run[-1].path
            self.table.asserts.append(
                f"offsetof({struct}, {prefix}{last}) + sizeof((({struct} *)0)->{prefix}{last}) =="
                f" offsetof({struct}, {prefix}{leaf.path}) + {words * 4}")
        else:
            words, run = 0, []
        kind = field_type(item)
        width = WIDTHS.get(item.type, 4 if item.kind == "padding" else 1)
        row_length = item.dims[-1] if len(item.dims) > 1 else 0
        least = self.numbers[item.min_field.replace(".", "_")] + 1 if item.min_field else 0
        counts = item.kind == "field" and item.c_name in self.counts
        bits = item.bits if item.kind == "field" and item.type else width * 8
        reserved = self.table.reserved.setdefault(step[2], len(self.table.reserved))
        row = (f"{self.table.name(leaf.name)}, {leaf.place}, {offset},"
               f" {item.total() if item.kind == 'field' else 1}, {words}, {self.rule(item)},"
               f" {release(item.since)}, {len(run)}, VCMD_FIELD_{kind}, {width}, {item.shift},"
               f" {bits}, {row_length}, {enum_constant(item.enum)}, {handle_constant(item.handle)},"
               f" {least}, {c_bool(counts)}, {c_bool(item.terminated)}, {c_bool(begins)},"
               f" {step[0]}, {step[1]}, {reserved}")
        self.table.items.append((leaf.name, row))

    def rule(self, item):
        return self.table.rule_row(item) if item.kind in ("field", "values") else 0


def size_rule(text):
    """The host's size rule: kind, base, step, most, remainder, sizes."""
    if text == "any":
        return "VCMD_SIZE_ANY, 0, 0, 0, false, 0"
    if text.isdigit():
        return f"VCMD_SIZE_EXACT, {text}, 0, 0, false, 0"
    match = re.match(r"^at least ([0-9]+)$", text)
    if match:
        return f"VCMD_SIZE_AT_LEAST, {match.group(1)}, 0, 0, false, 0"
    match = re.match(r"^one of ([0-9, ]+)$", text)
    if match:
        bits = sum(1 << int(n) for n in match.group(1).split(","))
        return f"VCMD_SIZE_ONE_OF, 0, 0, 0, false, 0x{bits:x}"
    match = re.match(r"^([0-9]+) \+ ([0-9]+)\*n, n <= ([0-9]+)(, remainder ignored)?$", text)
    base, step, most, remainder = match.groups()
    return f"VCMD_SIZE_STEPS, {base}, {step}, {most}, {c_bool(remainder)}, 0"


def select_rule(protocol, command):
    """How a variant is told from what it varies: select="field=VALUE" or "field&lt;field"."""
    text = command.get("select")
    if not text:
        return "VCMD_SELECT_SIZE, 0, 0, 0, 0, 0"
    base = next(o for o in protocol.commands if command.name.startswith(o.name + "."))
    fields = {i.c_name: i for i in base.items if i.kind == "field"}
    name, sign, other = re.match(r"^([a-z_]+)([=<])([a-z_0-9]+)$", text).groups()
    field = fields[name]
    place = f"{field.place * 4}, {field.shift}, {field.bits}"
    if sign == "=":
        return f"VCMD_SELECT_EQUAL, {place}, {other}, 0"
    return f"VCMD_SELECT_LESS, {place}, 0, {fields[other].shift}"


def layout_row(table, named):
    layout = Layout(table, named)
    layout.build()
    is_command = named.kind == "command"
    fixed = 4 + 4 * payload_size(None, named)[0] if is_command else int(named.get("size"))
    if is_command:
        obj = {None: "VCMD_OBJECT_NONE", "any": "VCMD_OBJECT_ANY"}.get(
            named.get("object"), f"VCMD_OBJECT_{named.get('object')}")
        number, offset = named.opcode, "0"
        if named.get("object") == "any":
            offset = f"offsetof({layout.struct}, object_type)"
        host = size_rule(named.get("host-size") or named.get("size"))
        select, response = select_rule(table.protocol, named), 0
    else:
        obj, number, offset = "VCMD_OBJECT_NONE", f"0x{named.type:04x}", "0"
        host, select = "VCMD_SIZE_ANY, 0, 0, 0, false, 0", "VCMD_SELECT_SIZE, 0, 0, 0, 0, 0"
        response = next((f"0x{r.type:04x}" for r in table.protocol.responses
                         if r.name == named.get("response")), 0)
    return (f"{table.name(named.name)}, {number}, {obj}, {len(table.parts) - layout.first_part},"
            f" {layout.first_part}, {layout.first_item}, {len(table.items) - layout.first_item},"
            f" {fixed}, sizeof({layout.struct}), {offset}, {release(named.get('since'))},"
            f" {response}, {{{host}}}, {{{select}}}")


def members(kind):
    """The members of a struct of src/decode/table.h: what the columns of its table are called."""
    text = re.sub(r"/\*.*?\*/", "", TABLE_H.read_text(encoding="utf-8"), flags=re.DOTALL)
    body = re.search(rf"struct {kind} {{(.*?)}};", text, re.DOTALL).group(1)
    return re.findall(r"(\w+)[,;]", body)


def rows(name, kind, entries):
    lines = ["", f"/* {', '.join(members(kind))}: see table.h */",
             f"const struct {kind} {name}[] = {{"]
    for note, row in entries:
        if note:
            lines.append(f"    /* {note} */")
        lines.append(f"    {{{row}}},")
    return lines + ["};"]


def assert_neighbours(commands):
    """Who looks for a layout stops behind the variants of its object."""
    keys = [(command.opcode, command.get("object")) for command in commands]
    starts = [key for before, key in zip([None] + keys, keys) if key != before]
    assert len(starts) == len(set(starts)), "variants of one object are apart"
    for opcode in {key[0] for key in keys}:
        objects = {key[1] for key in keys if key[0] == opcode}
        assert len(objects) == 1 or not objects & {None, "any"}, "one is for all objects"


def source(protocol):
    table = Table(protocol)
    packets = [(None, "0, 0, VCMD_OBJECT_NONE, 0, 0, 0, 0, 4, 0, 0, 0, 0,"
                " {VCMD_SIZE_ANY, 0, 0, 0, false, 0}, {VCMD_SELECT_SIZE, 0, 0, 0, 0, 0}")]
    commands = sorted(protocol.commands, key=lambda command: command.opcode)
    assert_neighbours(commands)
    packets += [(k.name, layout_row(table, k)) for k in commands]
    control = sorted(protocol.requests + protocol.responses, key=lambda named: named.type)
    control_rows = [(k.name, layout_row(table, k)) for k in control]
    top = max(command.opcode for command in commands)
    opcodes = [1 + sum(1 for k in commands if k.opcode < n) for n in range(top + 2)]
    enums, enum_rows = enum_tables(protocol, table)
    lines = c.header("virgl.xml and virtio-gpu.xml")
    lines += ["/* clang-format off */", "", '#include "../decode/table.h"',
              "#include <virglcmd/virglcmd.h>"]
    lines += [""] + [f'_Static_assert({text}, "members are in a row");'
                     for text in dict.fromkeys(table.asserts)]
    lines += rows("vcmd_table_items", "vcmd_item", table.items)
    lines += rows("vcmd_table_rules", "vcmd_item_rule", [(None, row) for row in table.rules])
    masks = wrapped(f"0x{mask:08x}u" for mask in table.reserved)
    lines += ["", "const uint32_t vcmd_table_reserved[] = {"] + masks + ["};"]
    shown, parts = None, []
    for named, row in table.parts:
        parts.append((named.name if named is not shown else None, row))
        shown = named
    lines += rows("vcmd_table_parts", "vcmd_part", parts)
    lines += rows("vcmd_table_packets", "vcmd_layout", packets)
    lines += rows("vcmd_table_control", "vcmd_layout", control_rows)
    lines += ["", f"const uint32_t vcmd_table_control_count = {len(control)};"]
    lines += ["", "const uint8_t vcmd_table_opcodes[] = {"] + wrapped(opcodes) + ["};"]
    lines += ["", f"const uint32_t vcmd_table_opcode_count = {top + 1};"]
    lines += rows("vcmd_table_enums", "vcmd_enum_table", enums)
    lines += rows("vcmd_table_enum_rows", "vcmd_enum_row", enum_rows)
    lines += ["", f"const uint32_t vcmd_table_enum_count = {len(enums)};"]
    handles = [table.name((name or "").replace("-", "_")) for name in (None,) + HANDLES]
    lines += ["", "const uint16_t vcmd_table_handles[] = {"] + wrapped(handles) + ["};"]
    # Not as one string: compilers may stop at 4095 characters.
    lines += ["", "const char vcmd_table_names[] = {"]
    for text in table.pool:
        lines += [f"    /* {table.names[text]}: {text} */",
                  "    " + ", ".join([f"'{char}'" for char in text] + ["0"]) + ","]
    lines += ["};"]
    return lines


def wrapped(numbers):
    numbers = list(numbers)
    return ["    " + ", ".join(map(str, numbers[k:k + 16])) + "," for k in range(0, len(numbers), 16)]


def enum_tables(protocol, table):
    enums, enum_rows = [(None, "0, 0, 0, false")], []
    # Formats are in vcmd_format_info.
    enums.append(("format", f"{table.name('format')}, 0, 0, false"))
    for name, flags, values in all_enums(protocol):
        unique = {}
        for value, text in values:
            unique.setdefault(value, text)
        # A name that says what another says is read, but not written: it stands behind.
        ordered = sorted(unique.items())
        enums.append((name, f"{table.name(name)}, {len(enum_rows)}, {len(ordered)},"
                      f" {c_bool(flags)}"))
        enum_rows += [(None, f"0x{value:x}u, {table.name(text)}") for value, text in ordered]
    return enums, enum_rows


def encode_source(protocol):
    """vcmd_encode_packet: the encoder of each kind."""
    lines = c.header("virgl.xml") + ["", '#include "../core/encode.h"',
                                     "#include <virglcmd/decode.h>", ""]
    lines += ["enum vcmd_status vcmd_encode_packet(struct vcmd_buffer *buf,"
              " const struct vcmd_packet *packet)", "{",
              "    static const struct vcmd_rule unknown = {\"packet\", \"kind\", 0,"
              " VCMD_STATUS_UNKNOWN_VALUE,", f"                                            "
              f"  {len(protocol.commands)}}};", "",
              '    if (!vcmd_encode_begin(buf, packet))',
              '        return vcmd_encode_refused(buf, packet, "packet");', "    switch (packet->kind) {"]
    for command in sorted(protocol.commands, key=lambda command: command.opcode):
        member, constant = packet_names(command)
        lines += [f"    case {constant}:",
                  f"        return vcmd_{command.c_name}(buf, &packet->{member});"]
    return lines + ["    default:",
                    "        return vcmd_reject(buf, &unknown, 0, (uint64_t)packet->kind);",
                    "    }", "}"]


def packet_header(protocol):
    """packet.h: the numbers that the table goes by, and every packet in one struct."""
    commands = sorted(protocol.commands, key=lambda command: command.opcode)
    body = c.comment("Every packet of the stream, each variant apart. Their numbers may change"
                     " between releases of the library; those of the wire are enum vcmd_ccmd.")
    body += ["enum vcmd_packet_kind {", "    VCMD_PACKET_UNKNOWN = 0,"]
    body += [f"    {packet_names(k)[1]} = {n + 1}," for n, k in enumerate(commands)]
    body += [f"    VCMD_PACKET_KIND_COUNT = {len(commands) + 1}", "};", ""]
    body += c.comment("Every enumeration that a field can have, for vcmd_enum_name().")
    names = ["none", "format"] + [name for name, _, _ in all_enums(protocol)]
    body += ["enum vcmd_enum_id {"]
    body += [f"    {enum_constant(name)} = {n}," for n, name in enumerate(names)]
    body += [f"    VCMD_ENUM_COUNT = {len(names)}", "};", ""]
    body += c.comment("What a number names, when it names something.")
    body += ["enum vcmd_handle_kind {", "    VCMD_HANDLE_NONE = 0,"]
    body += [f"    {handle_constant(name)} = {n + 1}," for n, name in enumerate(HANDLES)]
    body += [f"    VCMD_HANDLE_KIND_COUNT = {len(HANDLES) + 1}", "};", ""]
    body += c.comment(["A decoded packet: what its header says, and the arguments that its encoder"
                       " takes. Pointers in them go into the input, or into the decoder's scratch"
                       " memory, and are valid as long as both are."])
    body += ["struct vcmd_packet {",
             "    enum vcmd_packet_kind kind;",
             "    uint8_t opcode;    /* enum vcmd_ccmd, when it is one */",
             "    uint8_t object;    /* bits 15:8 of the header: enum vcmd_object_type */",
             "    uint32_t payload;  /* dwords after the header */",
             "    uint32_t trailing; /* dwords at the end that the description does not have */",
             "    size_t position;   /* dword of the header in the stream */",
             "    union {"]
    body += [f"        struct vcmd_{k.c_name} {packet_names(k)[0]};" for k in commands]
    body += ["    };", "};"]
    groups = sorted({k.get("group") for k in commands})
    includes = [f"<virglcmd/{group}.h>" for group in groups]
    return c.header("virgl.xml", "All packets under one roof, for <virglcmd/decode.h>.") + \
        c.guarded("packet.h", includes, body)


NOTICE = "# SPDX-License-Identifier: MIT\n# Generated by src/protocol/generate.py. Do not edit."


def binary_dictionary(protocol):
    """For libFuzzer: the header of each packet at its least size, and of each control command."""
    lines = NOTICE.split("\n")
    objects = {v.short: v.value for v in protocol.enums["object_type"].values}
    headers = []
    for command in sorted(protocol.commands, key=lambda command: command.opcode):
        size = payload_size(None, command)[0]
        number = size << 16 | objects.get(command.get("object"), 0) << 8 | command.opcode
        headers.append((command.name, number))
    headers += [(n.name, n.type) for n in protocol.requests + protocol.responses]
    for name, number in headers:
        text = "".join(f"\\x{byte:02x}" for byte in number.to_bytes(4, "little"))
        lines.append(f'{name.replace(".", "_")}="{text}"')
    return lines


def text_dictionary(protocol):
    """The words of the assembler."""
    table = Table(protocol)
    words = ["RAW", "@size=", "@1=", "object_type=", "x\\\"00\\\"", "0x7fc00000", "-inf", "1e-45"]
    for command in sorted(protocol.commands, key=lambda command: command.opcode):
        words.append(command.name)
        layout_row(table, command)
    for name, _ in table.items:
        words.append(name + "=")
        if "." in name:
            words.append(name.replace(".", "[1].", 1) + "=")
    for name, _, values in all_enums(protocol):
        words += [text for _, text in values] if not name.startswith("ctrl") else []
    return NOTICE.split("\n") + [f'"{word}"' for word in dict.fromkeys(words)]
