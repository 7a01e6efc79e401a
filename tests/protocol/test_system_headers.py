#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares with the system's own headers: <linux/virtio_gpu.h> and <libdrm/drm_fourcc.h>.

A compiler does the comparing: each number becomes a _Static_assert, so that nothing has to run.
VCMD_CC names the compiler (default: cc).
"""

import os
import re
import subprocess
import sys
import unittest

import described

COMPILER = os.environ.get("VCMD_CC", "cc").split()
INCLUDE = os.path.join(described.TOP, "include")


def preprocess(header, package):
    """The header's text with all that it includes, or a failure that names the package."""
    result = subprocess.run([*COMPILER, "-E", "-dD", "-x", "c", "-"], text=True,
                            input=f"#include <{header}>\n", capture_output=True, check=False)
    if result.returncode != 0:
        raise AssertionError(f"<{header}> is missing: install the package {package}")
    return result.stdout


def compile_errors(includes, asserts):
    """The assertions that do not hold, as the compiler words them."""
    lines = ["#include <stddef.h>"] + [f"#include {i}" for i in includes]
    lines += [f'_Static_assert({condition}, "{text}");' for condition, text in asserts]
    result = subprocess.run([*COMPILER, "-std=c11", "-fsyntax-only", "-fmax-errors=0",
                             f"-I{INCLUDE}", "-x", "c", "-"], input="\n".join(lines) + "\n",
                            capture_output=True, text=True, check=False)
    return result.stderr if result.returncode else ""


def end_of_block(text, start):
    """Where the brace closes that was opened before start."""
    depth = 1
    for position in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        if depth == 0:
            return position
    raise AssertionError("a brace that nothing closes")


class Names:
    """What a header has: its identifiers, and the members of its structures."""

    def __init__(self, text):
        self.words = set(re.findall(r"[A-Za-z_]\w*", text))
        self.members = {}
        for match in re.finditer(r"struct (\w+) \{", text):
            body = text[match.end():end_of_block(text, match.end())]
            self.members[match.group(1)] = set(re.findall(r"[A-Za-z_]\w*", body))
        self.lacking = []

    def has(self, word):
        if word in self.words:
            return True
        self.lacking.append(word)
        return False

    def has_member(self, struct, member):
        if member in self.members.get(struct, ()):
            return True
        self.lacking.append(f"{struct}.{member}")
        return False


class VirtioGpu(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.protocol = described.load()
        cls.names = Names(preprocess("linux/virtio_gpu.h", "linux-libc-dev"))
        cls.total = 0

    @classmethod
    def tearDownClass(cls):
        print(f"{cls.total} comparisons with linux/virtio_gpu.h; it lacks "
              + ", ".join(cls.names.lacking), file=sys.stderr)

    def check_all(self, asserts, least):
        self.assertGreaterEqual(len(asserts), least, "the header lacks nearly all")
        VirtioGpu.total += len(asserts)
        errors = compile_errors(["<linux/virtio_gpu.h>", "<virglcmd/control.h>"], asserts)
        self.assertEqual(errors, "")

    def constants(self):
        """(name in the header, name here, value)"""
        for enum in self.protocol.enums.values():
            if enum.file == "virtio-gpu.xml":
                for value in enum.values:
                    yield value.origin, value.c_name, value.value
        for limit in self.protocol.limits:
            if limit.file == "virtio-gpu.xml" and " " not in limit.origin:
                yield limit.origin, limit.c_name, limit.value
        for message, word in [(m, "CMD") for m in self.protocol.requests] + [
                (m, "RESP") for m in self.protocol.responses]:
            yield (f"VIRTIO_GPU_{word}_{message.name}", f"VCMD_CTRL_{word}_{message.name}",
                   message.type)

    def test_constants(self):
        asserts = []
        for name, mine, value in self.constants():
            if self.names.has(name):
                asserts.append((f"{name} == {value}", f"{name} is {value} in the description"))
                asserts.append((f"(long long){name} == (long long){mine}", f"{name} is {mine}"))
        self.check_all(asserts, 130)

    def layouts(self):
        """(structure in the header, size, rows)"""
        for struct in self.protocol.structs.values():
            if struct.file == "virtio-gpu.xml":
                yield (struct.get("origin"), described.struct_size(struct),
                       described.struct_rows(self.protocol, struct))
        box = self.protocol.structs["box"]
        yield "virtio_gpu_box", 24, described.struct_rows(self.protocol, box)
        for message in self.protocol.requests + self.protocol.responses:
            rows = described.message_rows(self.protocol, message)
            if message.get("origin") == "virtio_gpu_ctrl_hdr":
                rows = []
            yield message.get("origin"), int(message.get("size")), rows

    def test_structures(self):
        asserts = []
        for struct, size, rows in self.layouts():
            if not self.names.has(struct):
                continue
            whole = True
            for row in rows:
                first = re.split(r"[.\[]", row.c)[0]
                if self.names.has_member(struct, first):
                    asserts += member_asserts(struct, row)
                else:
                    whole = False
            if whole:
                asserts.append((f"sizeof(struct {struct}) == {size}", f"size of {struct}"))
        self.check_all(asserts, 600)


def member_asserts(struct, row):
    """Offset and size of the first element of a row and the offset of its last one."""
    kind = f"struct {struct}"
    first = row.c.format(*(0 for _ in row.repeats))
    last = row.c.format(*(count - 1 for count, _ in row.repeats))
    end = row.place + sum((count - 1) * stride for count, stride in row.repeats)
    size = 4 if row.type == "pad" else described.BYTES[row.type]
    if row.type == "pad" and row.repeats:  # bytes, compared as a whole
        first = last = row.c.replace("[{0}]", "")
        size, end = row.item.total(), row.place
    return [(f"offsetof({kind}, {first}) == {row.place}", f"{struct}: offset of {first}"),
            (f"offsetof({kind}, {last}) == {end}", f"{struct}: offset of {last}"),
            (f"sizeof((({kind} *)0)->{first}) == {size}", f"{struct}: size of {first}")]


class DrmFourcc(unittest.TestCase):
    """The codes by number, and their meaning by the comments of the header."""

    @classmethod
    def setUpClass(cls):
        cls.formats = described.load().formats
        text = preprocess("libdrm/drm_fourcc.h", "libdrm-dev")
        path = re.search(r'"([^"]*libdrm/drm_fourcc\.h)"', text).group(1)
        cls.known = {}  # code: (name, comment)
        with open(path, encoding="utf-8") as file:
            for line in file:
                match = re.match(r"#define (DRM_FORMAT_\w+)\s+fourcc_code\('(.)', *'(.)', *'(.)',"
                                 r" *'(.)'\)\s*(?:/\* *(.*?) *\*/)?", line)
                if match:
                    cls.known["".join(match.group(2, 3, 4, 5))] = (match.group(1),
                                                                   match.group(6) or "")

    def coded(self):
        for node in self.formats:
            code = node.get("fourcc")
            if code in self.known:
                yield node, code, *self.known[code]

    def test_numbers(self):
        asserts, lacking = [], []
        for node in self.formats:
            code = node.get("fourcc")
            if code and code not in self.known:
                lacking.append(code)
            elif code:
                number = sum(ord(c) << (8 * k) for k, c in enumerate(code))
                asserts.append((f"{self.known[code][0]} == 0x{number:08x}u", node.get("name")))
        print(f"{len(asserts)} codes of libdrm/drm_fourcc.h; it lacks " + ", ".join(lacking),
              file=sys.stderr)
        self.assertGreater(len(asserts), 60)
        self.assertEqual(compile_errors(["<libdrm/drm_fourcc.h>"], asserts), "")

    def test_channels(self):
        compared = 0
        for node, _, name, comment in self.coded():
            mine = rgb_channels(node)
            if mine:
                self.assertEqual(mine, packed_channels(comment), f"{node.get('name')}: {name}")
                compared += 1
        self.assertGreater(compared, 35)

    def test_no_code_is_missing(self):
        """Each DRM format that has the bytes of a plain colour format is some format's code."""
        given = {n.get("fourcc") for n in self.formats}
        for node in self.formats:
            kinds = {c.rstrip("0123456789") for c in (node.get("channels") or "").split()}
            if node.get("colorspace") != "rgb" or not kinds or not kinds <= {"unorm", "void"}:
                continue
            for code, (name, comment) in self.known.items():
                if packed_channels(comment) == rgb_channels(node) and not name.endswith("F"):
                    self.assertIn(code, given, f"{node.get('name')} has the bytes of {name}")

    def test_luma_and_chroma(self):
        compared = 0
        for node, _, name, comment in self.coded():
            if node.get("colorspace") == "yuv":
                self.assertEqual(yuv_of_name(node.get("name"), node.get("layout")),
                                 yuv_of_comment(comment), f"{node.get('name')}: {name}: {comment}")
                compared += 1
        self.assertGreater(compared, 20)


def packed_channels(comment):
    """'[31:0] A:R:G:B 8:8:8:8' as (name, bits) from the lowest bit up; None for other texts."""
    match = re.match(r"\[(\d+):0\] ([A-Za-z0-9:]+)(?: ([\d:]+))?", comment)
    if not match:
        return None
    names = match.group(2).split(":")
    even = [(int(match.group(1)) + 1) // len(names)] * len(names)
    bits = [int(b) for b in match.group(3).split(":")] if match.group(3) else even
    return [(n.upper(), b) for n, b in zip(names, bits)][::-1]


def rgb_channels(node):
    """The same of a format, from its channels and who reads them; None for other formats."""
    if not node.get("channels") or node.get("colorspace") == "zs":
        return None
    result = []
    for channel, text in zip("xyzw", node.get("channels").split()):
        kind = text.rstrip("0123456789")
        readers = "".join(c for c, s in zip("RGBA", node.get("swizzle")) if s == channel)
        result.append(("X" if kind == "void" else readers, int(text[len(kind):])))
    return result


SUBSAMPLING = {"non": "444", "2x1": "422", "2x2": "420"}
LETTERS = {"Y": "Y", "Cb": "U", "Cr": "V", "A": "A", "0": "X"}


def yuv_of_name(name, layout):
    """X6Y10_X6U10X6V10_420_UNORM: (Y, then UV, 420). The unused X count in packed formats only."""
    parts = name.split("_")
    sampling = next(p for p in parts if p.isdigit())
    planes = parts[:parts.index(sampling)]
    if layout.startswith("planar"):
        return ["".join(dict.fromkeys(re.findall(r"[YUV]", p))) for p in planes[1:]], sampling
    return [(letter, int(bits)) for letter, bits in re.findall(r"([A-Z])(\d+)", planes[0])]


def yuv_of_comment(comment):
    packed = packed_channels(comment)
    if packed:
        return [(LETTERS[re.sub(r"(?<=\D)\d$", "", n.replace("CR", "Cr").replace("CB", "Cb"))], b)
                for n, b in packed]
    sampling = SUBSAMPLING[comment[:3]]
    order = [LETTERS[c] for c in re.findall(r"C[rb]", comment)]
    if ":" in comment:  # one plane with both, the low bits last
        return ["".join(reversed(order))], sampling
    return order, sampling


if __name__ == "__main__":
    unittest.main()
