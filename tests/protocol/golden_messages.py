# SPDX-License-Identifier: MIT
"""Golden requests and responses of the control queue."""

import described
import facts
from golden_values import (ONES, initialiser, noise, numbers, place, signed, unsigned, within,
                           wrap)

COMMANDS = {c["name"][len("VIRTIO_GPU_CMD_"):]: c for c in facts.CONTROL["commands"]}
RESPONSES = {r["name"][len("VIRTIO_GPU_RESP_"):]: r for r in facts.CONTROL["responses"]}
STREAM = bytes(range(0x11, 0x11 + 12))  # what a caller appends to SUBMIT_3D or OK_CAPSET


def list_of(enum):
    """The facts' values of an enumeration."""
    for names, lists in ((facts.CONTROL_ENUMS, facts.CONTROL["constants"]),
                         (facts.ENUMS, facts.constant_lists())):
        for fact, mine in names.items():
            if mine == enum:
                return [e["value"] for e in lists[fact]]
    raise AssertionError(enum)


class Message:
    """One variant of a request or response: values, and bytes by the offsets of the facts."""

    def __init__(self, protocol, message, variant):
        self.message, self.variant, self.protocol = message, variant, protocol
        self.request = message.kind == "request"
        self.fact = (COMMANDS if self.request else RESPONSES)[message.name]
        struct = facts.CONTROL["structs"][self.fact["request" if self.request else "struct"]]
        self.size = struct["size"]
        self.fields = {}
        for field in struct["fields"]:
            bare = struct["name"] == "virtio_gpu_ctrl_hdr"
            self.fields["hdr." + field["name"] if bare else field["name"]] = field
        self.rows = [r for r in described.message_rows(protocol, message) if r.type != "pad"]
        self.tail = next((i for i in message.items if i.kind == "tail"), None)
        self.entries = 2 + variant if self.tail is not None and self.tail.struct else 0
        self.values = {}
        for row in self.rows:
            for index in self.indices(row):
                self.values[row.name, index] = self.choose(row, index)

    @staticmethod
    def indices(row):
        tuples = [()]
        for count, _ in row.repeats:
            tuples = [t + (k,) for t in tuples for k in range(count)]
        return tuples

    def choose(self, row, index):
        seed = noise(self.message.name, row.name, index, self.variant)
        if row.name == "hdr.type":
            return unsigned(self.fact["value"])
        if row.name == "hdr.flags":
            mask = sum(e["value"] for e in facts.CONTROL["constants"]["header_flags"])
            return unsigned(mask if self.variant == ONES else 1 + seed % 2)
        if self.tail is not None and self.tail.count == row.name:
            return unsigned(self.entries or len(STREAM))
        if row.item.enum:
            return self.choose_constant(row, seed)
        width = 8 * described.BYTES[row.type]
        if row.type == "i32":
            return signed(-1 if self.variant == ONES else seed % (1 << 32) - (1 << 31))
        if row.type == "char":
            return unsigned(within(seed, 1, 127, self.variant))
        high = (1 << width) - 1 if row.item.max is None else row.item.max
        return unsigned(within(seed, row.minimum or 0, high, self.variant), row.type)

    def choose_constant(self, row, seed):
        values = list_of(row.item.enum)
        if row.item.enum == "format" or self.protocol.enums[row.item.enum].kind != "flags":
            return unsigned(max(values) if self.variant == ONES else values[seed % len(values)])
        mask = 0
        for value in values:
            mask |= value
        return unsigned(mask if self.variant == ONES else seed & mask)

    def encode(self):
        """The fixed part, then the memory entries."""
        result = bytearray(self.size)
        for (name, index), value in self.values.items():
            field = self.fields[name]
            size = described.BYTES[field["type"]]
            strides = [field["outer_stride"]] if "outer_count" in field else []
            strides += [size] if "count" in field else []
            assert len(strides) == len(index), name
            at = field["offset"] + sum(k * s for k, s in zip(index, strides))
            result[at:at + size] = value.bits.to_bytes(size, "little")
        for k in range(self.entries):
            result += self.entry(k)
        return bytes(result)

    def entry_values(self, k):
        return noise("addr", k, self.variant), noise("length", k, self.variant) & 0xffffffff

    def entry(self, k):
        struct = facts.CONTROL["structs"]["virtio_gpu_mem_entry"]
        result = bytearray(struct["size"])
        for field, value in zip(struct["fields"], self.entry_values(k)):
            end = field["offset"] + field["size"]
            result[field["offset"]:end] = value.to_bytes(field["size"], "little")
        return result

    # -- C --

    def c_lines(self):
        name = self.message.c_name
        tree = {}
        for row in self.rows:
            for index in self.indices(row):
                place(tree, row.c.format(*index), self.values[row.name, index].text)
        tree[".hdr"][".type"] = "0xbadu"  # the encoder knows better
        lines = ["", f"static void test_{name}_{self.variant}(void **state)", "{"]
        if self.entries:
            entries = {k: {".addr": f"0x{a:x}ull", ".length": f"0x{n:x}u"} for k, (a, n) in
                       enumerate(self.entry_values(k) for k in range(self.entries))}
            lines += wrap("static const struct vcmd_ctrl_mem_entry entries[] = "
                          + initialiser(entries) + ";")
            tree[".entries"] = "entries"
        lines += wrap(f"static const struct vcmd_{name} args = {initialiser(tree)};")
        expected = self.encode()
        lines.append("    static const uint8_t expected[] = {")
        lines += numbers(expected, 16, "0x%02x") + ["    };"]
        whole, source = expected, "expected"
        if self.tail is not None and self.tail.by == "caller":
            whole, source = expected + STREAM, "whole"
            lines.append("    static const uint8_t whole[] = {")
            lines += numbers(whole, 16, "0x%02x") + ["    };"]
        least = self.size if self.tail is None or not self.tail.count else len(whole)
        kind = "request" if self.request else "response"
        lines += [f"    struct vcmd_ctrl_{kind} back;"] + self.c_index() + [
            "", "    (void)state;", f"    GOLDEN_BYTES(vcmd_{name}, args, expected);",
            f"    GOLDEN_DECODE(vcmd_ctrl_decode_{kind}, back, {source}, {least});"]
        return lines + self.c_compare(len(whole) - self.size, source) + ["}"]

    def c_index(self):
        depth = max(len(r.repeats) for r in self.rows)
        assert depth <= 1
        return ["    size_t i;"] if depth or self.entries else []

    def c_compare(self, tail, source):
        """Each field of the decoded message against the arguments, and the tail."""
        member = self.message.name.lower()
        lines = [f"    assert_int_equal(back.type, 0x{self.fact['value']:04x});",
                 f"    assert_int_equal(back.{member}.hdr.type, 0x{self.fact['value']:04x});"]
        for row in self.rows:
            if row.name == "hdr.type":
                continue
            if row.repeats:
                lines.append(f"    for (i = 0; i < {row.repeats[0][0]}; i++)")
                lines.append(f"        SAME(&back.{member}, &args, {row.c.format('i')});")
            else:
                lines.append(f"    SAME(&back.{member}, &args, {row.c});")
        lines.append(f"    assert_int_equal(back.tail_size, {tail});")
        if tail:
            lines.append(f"    assert_ptr_equal(back.tail, {source} + {self.size});")
        if self.entries:
            lines += [f"    for (i = 0; i < {self.entries}; i++) {{",
                      "        struct vcmd_ctrl_mem_entry entry;", "",
                      "        assert_int_equal(vcmd_unpack_ctrl_mem_entry(&entry,"
                      " back.tail + 16 * i, 16), 0);",
                      "        SAME(&entry, &entries[i], addr);",
                      "        SAME(&entry, &entries[i], length);", "    }"]
        return lines


def source(protocol, kind):
    """(lines of the tests, names of the tests)"""
    lines, names = [], []
    for message in protocol.requests if kind == "request" else protocol.responses:
        for variant in (0, ONES):
            lines += Message(protocol, message, variant).c_lines()
            names.append(f"test_{message.c_name}_{variant}")
    return lines, names
