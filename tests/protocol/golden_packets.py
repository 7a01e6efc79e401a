# SPDX-License-Identifier: MIT
"""Golden packets of the command stream: places from the facts, C names from the description."""

import re

import described
import facts
from generator import c
from golden_values import (ONES, boolean, float32, float64, initialiser, noise, numbers, place,
                           signed, unsigned, within, wrap)

COUNTS = (2, ONES, 3, 0, 1)  # elements of counted parts in variant 0, 1, ...
LENGTHS = (5, 10, 7, 8, 0)   # bytes of texts and data
TEXT = "FRAG-DCL-OUT[0],COLOR-MOV-OUT[0],IN[0]-END"
MOST_VARIANTS = 14

FACTS = {command["id"]: command for command in facts.COMMANDS["commands"]}
LISTS = facts.constant_lists()


class Packet:
    """One variant of a command: the values of all its fields, and the dwords for them."""

    def __init__(self, protocol, command, variant):
        self.command, self.variant, self.fact = command, variant, FACTS[command.name]
        self.protocol = protocol
        self.fields = {f["name"]: f for f in self.fact["fields"]}
        self.rows = described.command_rows(protocol, command)
        self.counts, self.texts = {}, {}
        self.values = {}  # (name, index): Value
        self.object_type = None
        self.choose_counts()
        self.choose_values()
        self.dwords = self.encode()

    # -- choosing --

    def parts(self):
        seen = {}
        for row in self.rows:
            if row.pointer is not None:
                seen.setdefault(row.pointer.name, row.pointer)
        return list(seen.values())

    def choose_counts(self):
        for part in self.parts():
            step = self.variant % len(COUNTS)
            if part.kind in ("array", "values"):
                count = 3 if COUNTS[step] == ONES and step == ONES else COUNTS[step]
                most = part.max_count or count
                self.counts[part.count] = max(part.min_count, min(count, most))
            elif part.kind == "padding":
                self.counts[part.count] = (3, 0, 1, 2, 4)[step]
            else:
                length = max(part.min_count, LENGTHS[step])
                self.counts[part.count] = length
                self.texts[part.name] = TEXT[:length]
        for item in self.command.items:
            if item.kind == "optional" and item.flag:
                self.counts[item.flag] = 1 if self.variant < 2 else 0

    def present(self, row):
        return row.when is None or self.counts[row.when] != 0

    def indices(self, row):
        """All index tuples of a row."""
        tuples = [()]
        for count, _ in row.repeats:
            count = self.counts[count] if isinstance(count, str) else count
            tuples = [t + (k,) for t in tuples for k in range(count)]
        return tuples

    def choose_values(self):
        flags = 0  # how many fields of one bit there were
        for row in self.rows:
            if row.kind in ("bytes", "padding") or not self.present(row):
                continue
            for index in self.indices(row):
                self.values[row.name, index] = self.choose(row, index, flags)
                flags += row.bits == 1
        if self.fact.get("object_type") == "any":
            self.object_type = 1 + (self.variant * 7 + 4) % 11

    def choose(self, row, index, flags):
        item, variant = row.item, self.variant
        seed = noise(self.command.name, row.name, index, variant)
        if item.c_name in self.counts:
            return unsigned(self.counts[item.c_name])
        for part in self.parts():
            if part.slot == item.c_name:
                last = part.slots - self.counts[part.count]
                return unsigned(within(seed, min(1, last), last, variant))
        if row.type == "f32" or (item.union and variant % 3 == 2):
            return float32(seed, variant)
        if row.type == "f64":
            return float64(seed, variant)
        if row.bits == 1:
            # The number of the field in binary: any two fields differ in some variant.
            bit = flags >> (variant - 2) & 1 if variant >= 2 else variant == ONES or seed & 1
            return boolean(int(bit)) if c.is_bool(item) else unsigned(int(bit))
        number = self.choose_number(row, seed)
        if row.type == "i32":
            return signed(number)
        return unsigned(number, row.type)

    def choose_number(self, row, seed):
        item, variant = row.item, self.variant
        width = (1 << row.bits) - 1
        low = row.minimum or 0
        high = min(width, item.max) if item.max is not None else width
        name = self.fields[row.name].get("enum")
        if name and not item.open:
            return choose_constant(name, self.protocol, low, high, seed, variant)
        if row.type == "i32":
            if row.minimum is None:
                return -1 if variant == ONES else seed % (1 << 32) - (1 << 31)
            return within(seed, row.minimum, (1 << 31) - 1, variant)
        if item.min_field:  # as large as that field at least
            low = self.values[item.min_field, ()].bits
        return within(seed, low, high, variant)

    # -- encoding, from the facts alone --

    def variables(self):
        """What the formulas of the facts are about."""
        known = {"num_outputs": self.counts.get("so_info_num_outputs", 0),
                 "max_ref_present": self.counts.get("max_ref_present", 0)}
        known["so_hdr"] = 4 + 2 * known["num_outputs"] if known["num_outputs"] else 0
        for part in self.parts():
            if part.kind in ("array", "values"):
                known["n"] = self.counts[part.count]
        for text in self.texts.values():
            dwords = (len(text) + 3) // 4
            known.update(text_dwords=dwords, data_dwords=dwords, n=dwords)
        if self.command.name == "SET_DEBUG_FLAGS":
            known["n"] = debug_flags_dwords(len(self.texts["flagstring"]))
        return known

    def evaluate(self, formula):
        if isinstance(formula, int):
            return formula
        assert re.fullmatch(r"[a-z_0-9+* ]+", formula), formula
        return eval(formula, {"__builtins__": {}}, self.variables())  # pylint: disable=eval-used

    def length(self):
        payload = self.fact["payload"]
        if payload["kind"] == "exact":
            return payload["dwords"]
        if payload["kind"] == "any":
            return self.counts.get("num_dwords", 0)
        return self.evaluate(payload["expr"])

    def encode(self):
        dwords = [0] * (self.length() + 1)
        taken = [0] * len(dwords)
        for (name, index), value in self.values.items():
            fact = self.fields[name]
            repeats = fact.get("repeat", [])
            assert len(repeats) == len(index), name
            at = self.evaluate(fact["dword"])
            at += sum(k * r["stride_dwords"] for k, r in zip(index, repeats))
            put(dwords, taken, at, fact["shift"], fact["bits"], value.bits)
        for name, text in self.texts.items():
            at = self.evaluate(self.fields[name]["dword"])
            for k, byte in enumerate(text.encode()):
                put(dwords, taken, at + k // 4, 8 * (k % 4), 8, byte)
        dwords[0] = self.header()
        return dwords

    def header(self):
        known = {"command": self.fact["opcode"], "length": self.length(),
                 "object_type": self.object_type or self.fact.get("object_type") or 0}
        result = 0
        for field in facts.COMMANDS["header"]["fields"]:
            assert known[field["name"]] < 1 << field["bits"]
            result |= known[field["name"]] << field["shift"]
        return result

    # -- C --

    def tree(self):
        """The argument struct as nested dictionaries, and the arrays it points to."""
        tree, arrays = {}, {}
        for row in self.rows:
            if row.kind in ("bytes", "padding"):
                continue
            path = row.c
            if row.item.union and self.variant % 3 == 2:
                path = path.replace(".u[", ".f[")
            for index in self.indices(row) if self.present(row) else []:
                target = arrays if row.pointer is not None else tree
                place(target, path.format(*index), self.values[row.name, index].text)
        return tree, arrays

    def c_lines(self):
        name = self.command.c_name
        tree, arrays = self.tree()
        lines = ["", f"static void test_{name}_{self.variant}(void **state)", "{"]
        if self.object_type is not None:
            tree = {".object_type": f"{self.object_type}u", **tree}
        for part in self.parts():
            lines += self.part_lines(part, arrays, tree)
        for item in self.command.items:
            if item.kind == "optional" and item.flag:
                tree["." + item.flag] = "true" if self.counts[item.flag] else "false"
        if not tree:
            tree[".unused"] = "0"
        lines += wrap(f"static const struct vcmd_{name} args = {initialiser(tree)};")
        lines.append("    static const uint32_t expected[] = {")
        lines += numbers(self.dwords, 8, "0x%08x")
        return lines + ["    };", "", "    (void)state;",
                        f"    GOLDEN(vcmd_{name}, args, expected);", "}"]

    def part_lines(self, part, arrays, tree):
        """The array of a counted part, which args then points to."""
        count = self.counts[part.count]
        if "." + part.count not in tree:
            tree["." + part.count] = f"{count}u"
        if count == 0 or part.kind == "padding":
            return []
        tree["." + part.c_name] = part.c_name
        if part.kind == "bytes":
            text = self.texts[part.name]
            if part.type == "string":
                return [f"    static const char {part.c_name}[] = \"{text}\";"]
            array = ", ".join(str(b) for b in text.encode())
            return wrap(f"static const uint8_t {part.c_name}[] = {{{array}}};")
        kind = f"struct vcmd_{part.struct}" if part.kind == "array" else c.c_type(part)
        array = initialiser(arrays["." + part.c_name])
        return wrap(f"static const {kind} {part.c_name}[] = {array};")


def choose_constant(name, protocol, low, high, seed, variant):
    """One of a list of the facts; any bits of it, where the list is one of flags."""
    values = [e["value"] for e in LISTS[name] if low <= e["value"] <= high]
    enum = protocol.enums.get(facts.ENUMS[name])
    if enum is not None and enum.kind == "flags":
        mask = 0
        for entry in LISTS[name]:
            mask |= entry["value"] & high
        return mask if variant == ONES else seed & mask
    return max(values) if variant == ONES else values[seed % len(values)]


def debug_flags_dwords(length):
    """Two disagreements between hosts: fewer than 2 dwords are rejected, and hosts since 1.0.0 do
    not read the last one."""
    known = {d["id"]: d["advice"] for d in facts.COMMANDS["disagreements"]}
    assert "at least 2 dwords" in known["debug-flags-short"]
    assert "append one zero dword" in known["debug-flags-last-dword"]
    return max(2, (length + 1 + 3) // 4 + 1)


def put(dwords, taken, at, shift, bits, value):
    assert value < 1 << bits
    if bits == 64:
        put(dwords, taken, at, 0, 32, value & 0xffffffff)
        put(dwords, taken, at + 1, 0, 32, value >> 32)
        return
    mask = ((1 << bits) - 1) << shift
    assert at > 0 and shift + bits <= 32 and taken[at] & mask == 0
    taken[at] |= mask
    dwords[at] |= value << shift


def packets(protocol, command):
    """Variants until any two fields of the same width differ in one of them, so that a swap shows;
    two at least."""
    result, undecided = [], None
    while len(result) < 2 or undecided:
        assert len(result) < MOST_VARIANTS, f"{command.name}: {sorted(undecided)[:3]}"
        packet = Packet(protocol, command, len(result))
        result.append(packet)
        undecided = alike(packet, undecided)
    # Counts of 0 and 1 as well, where a part may have them.
    while any(p.kind != "padding" for p in result[0].parts()) and len(result) < len(COUNTS):
        result.append(Packet(protocol, command, len(result)))
    return result


def alike(packet, before):
    """The pairs of fields that no variant so far tells apart."""
    widths = {r.name: r.bits for r in packet.rows}
    if before is None:
        keys = sorted(packet.values)
        before = {(a, b) for k, a in enumerate(keys) for b in keys[k + 1:]
                  if widths[a[0]] == widths[b[0]]}
    return {(a, b) for a, b in before
            if a not in packet.values or b not in packet.values
            or packet.values[a].bits == packet.values[b].bits}


def source(protocol, group):
    """(lines of the tests, names of the tests)"""
    lines, names = [], []
    for command in protocol.commands:
        if command.get("group") != group:
            continue
        assert {r.name for r in described.command_rows(protocol, command)} - {"padding"} \
            == {f["name"] for f in FACTS[command.name]["fields"]} - {"padding"}
        for packet in packets(protocol, command):
            lines += packet.c_lines()
            names.append(f"test_{command.c_name}_{packet.variant}")
    return lines, names
