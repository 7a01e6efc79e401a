#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""protocol.rng accepts the description, refuses a broken one, and agrees with the loader."""

import glob
import os
import re
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

import described
from generator.load import ATTRIBUTES

SCHEMA = os.path.join(described.DESCRIPTION, "protocol.rng")
RNG = "{http://relaxng.org/ns/structure/1.0}"

# (file, text, what stands there instead, the element that is to blame; None where xmllint points
# at a neighbour)
BROKEN = [
    ("virgl.xml", '<field name="front" dword="1"', '<field name="front" word="1"', "field"),
    ("virgl.xml", 'type="i32">Left edge', 'type="s32">Left edge', "field"),
    ("virgl.xml", 'opcode="13"', 'opcode="thirteen"', "command"),
    ("virgl.xml", 'since="0.4.0"', 'since="0.4"', "command"),
    ("virgl.xml", 'host-size="at least 12"', 'host-size="12 or more"', "command"),
    ("virgl.xml", 'handle="sampler_view"', 'handle="sampler"', "values"),
    ("virgl.xml", "<summary>Destroys a video codec.</summary>", "", None),
    ("virgl-enums.xml", 'kind="flags"', 'kind="bits"', "enum"),
    ("virgl-formats.xml", 'colorspace="rgb"', 'colorspace="red"', "format"),
    ("virgl-formats.xml", 'channels="unorm8', 'channels="norm8', "format"),
    ("virgl-caps.xml", 'layout="bytes" size="4"', 'layout="bytes"', "struct"),
    ("virgl-video.xml", 'offset="260" type="u32"', 'dword="65" type="u32"', None),
    ("virtio-gpu.xml", 'type="0x0100"', 'type="256"', "request"),
    ("virtio-gpu.xml", 'by="caller"', 'by="nobody"', "tail"),
]


def xmllint(path):
    return subprocess.run(["xmllint", "--noout", "--relaxng", SCHEMA, path], capture_output=True,
                          text=True, check=False)


class Schema(unittest.TestCase):
    def test_every_file_is_valid(self):
        files = glob.glob(os.path.join(described.DESCRIPTION, "*.xml"))
        self.assertEqual(len(files), 6)
        for path in files:
            with self.subTest(os.path.basename(path)):
                result = xmllint(path)
                self.assertEqual(result.returncode, 0, result.stderr)

    def test_broken_files_are_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, old, new, element in BROKEN:
                with self.subTest(new or old):
                    self.refuse(folder, name, old, new, element)

    def refuse(self, folder, name, old, new, element):
        with open(os.path.join(described.DESCRIPTION, name), encoding="utf-8") as file:
            text = file.read()
        self.assertIn(old, text)
        path = os.path.join(folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace(old, new, 1))
        result = xmllint(path)
        self.assertEqual(result.returncode, 3, result.stderr)  # 3: validation failed
        if element is None:
            return
        line = text[:text.index(old)].count("\n") + 1
        self.assertRegex(result.stderr, rf"{name}:{line}: element {element}:")

    def test_elements_and_attributes_are_those_of_the_loader(self):
        """Two lists say what an element may carry: the schema, and the loader for its messages."""
        found = {}
        grammar = ElementTree.parse(SCHEMA).getroot()
        defines = {d.get("name"): d for d in grammar.findall(RNG + "define")}
        for element in grammar.iter(RNG + "element"):
            names = found.setdefault(element.get("name"), set())
            names |= attributes(element, defines, element)
        self.assertEqual(set(found), set(ATTRIBUTES))
        for name, text in ATTRIBUTES.items():
            allowed = set(re.findall(r"[a-z-]+", text))
            # More in the loader is what the schema forbids in every place that has the element.
            self.assertEqual(found[name] - allowed, set(), f"<{name}>: not in the loader")


def attributes(node, defines, top):
    """Names of the attributes of one element, without those of elements inside it."""
    names = set()
    for child in node:
        if child.tag == RNG + "attribute":
            names.add(child.get("name"))
        elif child.tag == RNG + "ref":
            define = defines[child.get("name")]
            if define.find(RNG + "element") is None and not holds_elements(define, defines):
                names |= attributes(define, defines, top)
        elif child.tag != RNG + "element":
            names |= attributes(child, defines, top)
    return names


def holds_elements(define, defines):
    refs = [defines[r.get("name")] for r in define.iter(RNG + "ref")]
    return any(r.find(RNG + "element") is not None or holds_elements(r, defines) for r in refs)


if __name__ == "__main__":
    unittest.main()
