#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A broken description is refused, with the file and the line where it is broken.

Each case copies the description, changes one place in it, and runs the generator on the copy.
There is a case for each rule of generator/load.py, model.py and check.py.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import described

END = object()  # of the file

NEW_COMMAND = """
  <command id="{id}" opcode="{opcode}" object="BLEND" group="state" size="1">
    <summary>Made up.</summary>
    <field name="made_up" dword="1" type="u32">Made up.</field>
  </command>
"""


class Case:
    """One edit: old becomes new in file. The message must name the line of the edit, or that of
    mark in the edited file."""

    def __init__(self, name, file, old, new, message, mark=None):
        self.name, self.file, self.old, self.new = name, file, old, new
        self.message, self.mark = message, mark


def after(anchor, text):
    """An insertion: (old, new)"""
    return anchor, anchor + text


STENCIL = ('<field name="back" dword="1" shift="8" bits="8" type="u32">')
CLEAR_STENCIL = '<field name="stencil" dword="8" type="u32">'
BLEND_RT = '<field name="rgb_func" dword="4" shift="1" bits="3" type="u32" enum="blend_func">'
FIRST_STRUCT = '<struct name="box" layout="dwords" dwords="6">'

XML = [
    Case("malformed XML", "virgl.xml", 'opcode="13"', 'opcode="13', "not well-formed"),
    Case("element never closed", "virtio-gpu.xml", "</protocol>", "", "no element found",
         mark=END),
    Case("unknown element", "virgl.xml", *after(FIRST_STRUCT, "<comment>No.</comment>"),
         "unknown element <comment>"),
    Case("unknown attribute", "virgl.xml", STENCIL, STENCIL.replace("shift", "shfit"),
         "<field> has no attribute shfit"),
    Case("missing attribute", "virgl.xml", STENCIL, STENCIL.replace(' type="u32"', ""),
         "<field> lacks attribute type"),
    Case("missing import", "virgl.xml", 'file="virgl-caps.xml"', 'file="virgl-cups.xml"',
         "no such file: virgl-cups.xml"),
]

NUMBERS = [
    Case("number", "virgl.xml", STENCIL, STENCIL.replace('"8"', '"eight"', 1),
         'shift="eight" is not a number'),
    Case("value of a constant", "virgl-enums.xml", '<value name="POINTS" value="0"',
         '<value name="POINTS" value="0b0"', 'value="0b0" is not a number'),
    Case("opcode", "virgl.xml", 'opcode="13"', 'opcode="0xg"', 'opcode="0xg" is not a number'),
    Case("type of a message", "virtio-gpu.xml", 'type="0x0100"', 'type="O100"',
         'type="O100" is not a number'),
    Case("number of a format", "virgl-formats.xml", 'name="L8_UNORM" value="9"',
         'name="L8_UNORM" value="nine"', 'value="nine" is not a number'),
    Case("count", "virgl-caps.xml", '<field name="bitmask" offset="0" type="u32" count="16">',
         '<field name="bitmask" offset="0" type="u32" count="4x4">',
         'count="4x4" is not a list of numbers'),
]

PLACES = [
    Case("field at the root", "virgl.xml", FIRST_STRUCT,
         '<field name="x" dword="1" type="u32">No.</field>\n  ' + FIRST_STRUCT,
         "<field> has no place here", mark='<field name="x" dword="1" type="u32">No.'),
    Case("value in a layout", "virgl.xml", STENCIL,
         '<value name="X" value="1">No.</value>\n    ' + STENCIL,
         "<value> has no place in a layout", mark='<value name="X"'),
]

TWICE = [
    Case("struct", "virgl.xml", FIRST_STRUCT,
         '<struct name="caps" layout="bytes" size="4"><doc>No.</doc></struct>\n  ' + FIRST_STRUCT,
         "struct caps is described twice", mark='<struct name="caps"'),
    Case("enum", "virgl-enums.xml", '<enum name="face" ', '<enum name="tex_face" ',
         "enum tex_face is described twice"),
    Case("command", "virgl.xml", 'id="END_QUERY" opcode="20"', 'id="BEGIN_QUERY" opcode="19"',
         "BEGIN_QUERY is described twice"),
    Case("constant", "virgl-enums.xml", '<value name="LINES" value="1"',
         '<value name="POINTS" value="1"', "VCMD_PRIM_POINTS is described at line"),
    Case("command numbers", "virgl-enums.xml", '<enum name="face" ', '<enum name="ccmd" ',
         "enum ccmd is made from the commands"),
    Case("number of a format", "virgl-formats.xml", 'name="L8_UNORM" value="9"',
         'name="L8_UNORM" value="8"', "format 8 is described at line"),
    Case("name of a format", "virgl-formats.xml", 'name="L8_UNORM" value="9"',
         'name="B5G6R5_UNORM" value="9"', "format B5G6R5_UNORM is described at line"),
    Case("fourcc", "virgl-formats.xml", 'fourcc="XR24"', 'fourcc="AR24"',
         "format AR24 is described at line"),
    Case("opcode of two commands", "virgl.xml", 'opcode="13"', 'opcode="14"',
         "opcode 14 belongs to SET_STENCIL_REF already", mark='id="SET_BLEND_COLOR"'),
    Case("two opcodes of a command", "virgl.xml", 'id="DRAW_VBO.TESS" opcode="8"',
         'id="DRAW_VBO.TESS" opcode="99"', "DRAW_VBO has opcode 8 elsewhere"),
    Case("type of two requests", "virtio-gpu.xml", 'type="0x0102"', 'type="0x0101"',
         "type 0x0101 belongs to RESOURCE_CREATE_2D already"),
    Case("type of request and response", "virtio-gpu.xml", 'type="0x1100"', 'type="0x0100"',
         "type 0x0100 belongs to GET_DISPLAY_INFO already"),
    Case("member", "virgl.xml", STENCIL, STENCIL.replace("back", "front"),
         "SET_STENCIL_REF has front more than once",
         mark='<field name="front" dword="1" shift="0" bits="8"'),
    Case("member, one of them optional", "virgl.xml", '<field name="max_references"',
         '<field name="level"', "CREATE_VIDEO_CODEC has level more than once",
         mark='<field name="level" dword="5" type="u32">\n      Level of the video standard'),
    Case("header and size", "virgl.xml", *after("</command>", NEW_COMMAND.format(
        id="CREATE_OBJECT.ONE", opcode=1) + NEW_COMMAND.format(id="CREATE_OBJECT.TWO", opcode=1)),
         "CREATE_OBJECT.TWO has the header and size of CREATE_OBJECT.ONE",
         mark='<command id="CREATE_OBJECT.TWO"'),
]

PROSE = [
    Case("command", "virgl.xml", "<summary>Does nothing; any payload is skipped.</summary>",
         "<summary> </summary>", "command NOP has no prose", mark='<command id="NOP"'),
    Case("field", "virgl.xml", ">Left edge.<", "><", "x of box has no prose",
         mark='<field name="x" dword="0"'),
    Case("group", "virgl.xml", "<doc>Depth test.</doc>", "<doc/>",
         "depth of CREATE_OBJECT.DSA has no prose", mark='<group name="depth">'),
    Case("field of a group", "virgl.xml", "1 = run the depth test; 0 = every fragment passes.", "",
         "enabled of CREATE_OBJECT.DSA has no prose",
         mark='<field name="enabled" dword="2" shift="0"'),
    Case("request", "virtio-gpu.xml", "<summary>Creates a 2D image.</summary>", "",
         "request RESOURCE_CREATE_2D has no prose", mark='<request id="RESOURCE_CREATE_2D"'),
    Case("response", "virtio-gpu.xml",
         "<summary>Done; the answer is a bare header.</summary>", "",
         "response OK_NODATA has no prose", mark='<response id="OK_NODATA"'),
    Case("struct", "virtio-gpu.xml", "<doc>Rectangle in pixels, origin at the top left.</doc>", "",
         "struct ctrl_rect has no prose", mark='<struct name="ctrl_rect"'),
    Case("enum", "virtio-gpu.xml", "<doc>Where the memory of a blob lives.</doc>", "",
         "enum ctrl_blob_mem has no prose", mark='<enum name="ctrl_blob_mem"'),
]

BITS = [
    Case("overlap of bits", "virgl.xml", STENCIL, STENCIL.replace('"8"', '"7"', 1),
         "back overlaps front"),
    Case("overlap of dwords", "virgl.xml", CLEAR_STENCIL, CLEAR_STENCIL.replace("8", "7"),
         "stencil overlaps depth"),
    Case("overlap in a repeated group", "virgl.xml", BLEND_RT, BLEND_RT.replace('"3"', '"4"'),
         "rgb_src_factor overlaps rgb_func", mark='<field name="rgb_src_factor"'),
    Case("overlap with a repeated group", "virgl.xml", '<field name="ref_value" dword="5"',
         '<field name="ref_value" dword="4"', "enabled overlaps ref_value",
         mark='<field name="enabled" dword="3"'),
    Case("overlap of bytes", "virtio-gpu.xml", '<field name="ring_idx" offset="20"',
         '<field name="ring_idx" offset="19"', "ring_idx overlaps ctx_id"),
    Case("overlap with a member", "virtio-gpu.xml",
         '<member name="r" struct="ctrl_rect" offset="24">',
         '<member name="r" struct="ctrl_rect" offset="28">', "scanout_id overlaps r",
         mark='<field name="scanout_id" offset="40"'),
    Case("bits that the type has not", "virgl.xml", STENCIL, STENCIL.replace('"8"', '"28"', 1),
         r"bits 28..35 do not fit u32"),
    Case("bits of a narrow type", "virgl-video.xml",
         'name="segment_reference_skipped" offset="0" type="u16" shift="3" bits="1"',
         'name="segment_reference_skipped" offset="0" type="u16" shift="16" bits="1"',
         r"bits 16..16 do not fit u16"),
    Case("unknown type", "virgl.xml", 'type="i32">Left edge', 'type="s32">Left edge',
         "unknown type s32"),
    Case("before the payload", "virgl.xml", CLEAR_STENCIL, CLEAR_STENCIL.replace("8", "0"),
         "stencil lies before the payload of CLEAR"),
    Case("before the payload of a request", "virtio-gpu.xml",
         '<field name="capset_index" offset="24"', '<field name="capset_index" offset="20"',
         "capset_index lies before the payload of GET_CAPSET_INFO"),
    Case("beyond the payload", "virgl.xml", CLEAR_STENCIL, CLEAR_STENCIL.replace("8", "9"),
         r"stencil lies beyond the payload of CLEAR \(8 dwords\)"),
    Case("wide field beyond the payload", "virgl.xml", '<field name="depth" dword="6" type="f64">',
         '<field name="depth" dword="8" type="f64">', "depth lies beyond the payload of CLEAR"),
    Case("repeated group beyond the payload", "virgl.xml",
         '<group name="rt" dword="4" count="8" stride="1">',
         '<group name="rt" dword="4" count="9" stride="1">',
         "blend_enable lies beyond the payload of CREATE_OBJECT.BLEND",
         mark='<field name="blend_enable"'),
    Case("beyond the structure", "virgl-caps.xml",
         '<field name="max_shader_storage_blocks" offset="1384"',
         '<field name="max_shader_storage_blocks" offset="1388"',
         r"max_shader_storage_blocks lies beyond the payload of caps \(1408 bytes\)"),
    Case("gap", "virgl.xml", '<field name="samples" dword="2" shift="16"',
         '<field name="samples" dword="1" shift="16"', "samples overlaps height"),
    Case("dword without a field", "virgl.xml",
         'opcode="7" group="draw" size="8"', 'opcode="7" group="draw" size="9"',
         "no field of CLEAR is in dword 9"),
    Case("byte without a field", "virtio-gpu.xml", 'type="0x0102" size="32"',
         'type="0x0102" size="40"', "no field of RESOURCE_UNREF is in byte 32"),
    Case("values upon a field", "virgl.xml", '<values name="view_handle" dword="3"',
         '<values name="view_handle" dword="2"',
         "view_handle is at dword 2, what comes before it ends at 2"),
    Case("bytes behind a gap", "virgl.xml", '<bytes name="data" dword="12"',
         '<bytes name="data" dword="13"', "data is at dword 13, what comes before it ends at 11"),
    Case("optional field upon a field", "virgl.xml", '<field name="so_info.stride" dword="6"',
         '<field name="so_info.stride" dword="5"',
         "so_info.stride is at dword 5, what comes before it ends at 5"),
    Case("overlap in an element", "virgl.xml", '<field name="miny" dword="2" shift="16"',
         '<field name="miny" dword="2" shift="8"', "miny overlaps minx"),
    Case("outside of the element", "virgl.xml",
         '<field name="res_handle" dword="3" type="u32" handle="resource">',
         '<field name="res_handle" dword="4" type="u32" handle="resource">',
         r"res_handle lies outside an element of buffers \(3 dwords\)"),
    Case("stride that the size has not", "virgl.xml", 'size="1 + 6*n" host-size',
         'size="1 + 7*n" host-size', "stride 6 is not in the size of SET_VIEWPORT_STATE",
         mark='<array name="viewports"'),
    Case("size", "virgl.xml", 'size="1 + 6*n" host-size', 'size="n + 1" host-size',
         'size="n \\+ 1" is neither a number nor a sum'),
    Case("size over all limits", "virgl.xml", 'size="11 + data_dwords"',
         'size="65536 + data_dwords"', "size 65536 is over 65535 dwords"),
    Case("maximum", "virgl.xml",
         '<field name="output_buffer" dword="10" shift="13" bits="3" type="u32" max="3">',
         '<field name="output_buffer" dword="10" shift="13" bits="3" type="u32" max="8">',
         "max=8 does not fit 3 bits"),
    Case("minimum over maximum", "virgl.xml", 'type="u32" max="262136"',
         'type="u32" min="262137" max="262136"', "min=262137 is over max=262136"),
    Case("constants that do not fit", "virgl.xml", BLEND_RT, BLEND_RT.replace("blend_func", "prim"),
         "value 14 of prim does not fit 3 bits"),
    Case("opcode over a byte", "virgl.xml", 'opcode="64"', 'opcode="256"',
         "opcode 256 does not fit 8 bits"),
]

NAMES = [
    Case("enum of a field", "virgl.xml", 'type="u32" enum="prim">', 'type="u32" enum="primitive">',
         "unknown enum primitive"),
    Case("enum in also", "virgl.xml", 'also="0 advanced_blend"', 'also="0 advanced_bland"',
         "unknown enum advanced_bland"),
    Case("struct of a member", "virgl.xml", '<member name="box" struct="box" dword="3">',
         '<member name="box" struct="bax" dword="3">', "unknown struct bax"),
    Case("struct of a tail", "virtio-gpu.xml",
         '<tail name="entries" struct="ctrl_mem_entry"', '<tail name="entries" struct="mem_entry"',
         "unknown struct mem_entry"),
    Case("first slot", "virgl.xml", 'count="num_viewports" max-count="16" slot="start_slot"',
         'count="num_viewports" max-count="16" slot="first_slot"',
         "viewports names first_slot, which SET_VIEWPORT_STATE has not"),
    Case("field that is the least", "virgl.xml", 'min-field="first_layer"',
         'min-field="last_level_but_one"',
         "last_layer names last_level_but_one, which CREATE_OBJECT.SAMPLER_VIEW has not"),
    Case("field that says whether", "virgl.xml", '<optional when="so_info.num_outputs">',
         '<optional when="so_info.outputs">',
         "optional depends on so_info.outputs, which CREATE_OBJECT.SHADER has not"),
    Case("command extended", "virgl.xml", 'extends="DRAW_VBO.TESS"', 'extends="DRAW_VBO.TASS"',
         "extends DRAW_VBO.TASS, which is not described above"),
    Case("command extended, described below", "virgl.xml", 'extends="DRAW_VBO"',
         'extends="DRAW_VBO.INDIRECT"', "extends DRAW_VBO.INDIRECT, which is not described above"),
    Case("object", "virgl.xml", 'object="DSA" group="objects" size="5"',
         'object="DEPTH" group="objects" size="5"', "unknown object type DEPTH"),
    Case("group", "virgl.xml", 'opcode="13" group="state"', 'opcode="13" group="states"',
         "unknown group states"),
    Case("handle", "virgl.xml", 'handle="sampler_view"', 'handle="sampler"',
         "unknown kind of handle sampler"),
    Case("union", "virgl.xml", 'union="color"', 'union="colour"', "unknown union colour"),
    Case("count of a tail", "virtio-gpu.xml", 'struct="ctrl_mem_entry" count="nr_entries"',
         'struct="ctrl_mem_entry" count="entries_nr"',
         "entries is counted by entries_nr, which RESOURCE_ATTACH_BACKING has not"),
    Case("queue", "virtio-gpu.xml", 'queue="cursor"', 'queue="control"', "unknown queue control"),
    Case("response", "virtio-gpu.xml", 'response="OK_DISPLAY_INFO"', 'response="OK_DISPLAY"',
         "unknown response OK_DISPLAY"),
]

WORDS = [
    Case("kind of an enum", "virgl-enums.xml", '<enum name="prim" kind="enum"',
         '<enum name="prim" kind="list"', 'kind="list" is neither enum nor flags'),
    Case("enum without values", "virtio-gpu.xml",
         re.compile(r'(<enum name="ctrl_event".*?</doc>).*?(</enum>)', re.S), r"\1 \2",
         "enum ctrl_event has no values", mark='<enum name="ctrl_event"'),
    Case("release of a command", "virgl.xml", 'since="0.4.0"', 'since="0.4"',
         'since="0.4" is not a release'),
    Case("release of a constant", "virgl-enums.xml",
         '<value name="DEPTH_STENCIL" value="0x1" since="0.7.0"',
         '<value name="DEPTH_STENCIL" value="0x1" since="v0.7.0"',
         'since="v0.7.0" is not a release'),
    Case("release of a format", "virgl-formats.xml", 'name="NONE" value="0" since="0.8.1"',
         'name="NONE" value="0" since="old"', 'since="old" is not a release'),
    Case("release of a field", "virgl-caps.xml", 'type="u32" since="0.7.0"',
         'type="u32" since="0.7"', 'since="0.7" is not a release'),
    Case("release of a structure", "virgl-video.xml", 'since="0.10.4"', 'since="new"',
         'since="new" is not a release'),
    Case("block", "virgl-formats.xml", 'block="4x4x1"', 'block="4x4"', 'block="4x4" is not like'),
    Case("fourcc", "virgl-formats.xml", 'fourcc="AR24"', 'fourcc="AR2"',
         'fourcc "AR2" has not four characters'),
]

GROUPS = {"XML": XML, "numbers": NUMBERS, "places": PLACES, "twice": TWICE, "prose": PROSE,
          "bits": BITS, "unknown names": NAMES, "words": WORDS}


def edit(case, text):
    if isinstance(case.old, str):
        return text.replace(case.old, case.new, 1)
    return case.old.sub(case.new, text, count=1)


def line_of(case, text, broken):
    """Where the message must point: at the mark, at the end of the file, or at the edit."""
    if case.mark == END:
        return broken.count("\n") + 1
    if case.mark:
        return broken[:broken.index(case.mark)].count("\n") + 1
    # An edit may begin with lines of its surroundings: the first new character counts.
    same = len(os.path.commonprefix([text, broken]))
    return broken[:same].count("\n") + 1


class Broken(unittest.TestCase):
    def check_group(self, name):
        for case in GROUPS[name]:
            with self.subTest(case.name), tempfile.TemporaryDirectory() as folder:
                self.refuse(case, folder)

    def refuse(self, case, folder):
        for name in os.listdir(described.DESCRIPTION):
            if name.endswith(".xml"):
                shutil.copy(os.path.join(described.DESCRIPTION, name), folder)
        path = os.path.join(folder, case.file)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        broken = edit(case, text)
        self.assertTrue(broken != text, "the description has no such text")
        with open(path, "w", encoding="utf-8") as file:
            file.write(broken)
        result = subprocess.run([sys.executable, "-B", described.GENERATE, "--check",
                                 "--description", folder], capture_output=True, text=True,
                                check=False)
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertNotIn("Traceback", result.stderr)
        place = f"{re.escape(case.file)}:{line_of(case, text, broken)}"
        self.assertRegex(result.stderr, rf"(?m)^{place}: .*{case.message}")

    def test_enough_cases(self):
        count = sum(len(g) for g in GROUPS.values())
        print(f"{count} broken descriptions", file=sys.stderr)
        self.assertGreaterEqual(count, 60)

    def test_whole_description_is_good(self):
        """So that a case fails for its edit and for nothing else."""
        result = subprocess.run([sys.executable, "-B", described.GENERATE, "--check"],
                                capture_output=True, text=True, check=False)
        self.assertEqual((result.returncode, result.stderr), (0, ""))


def add_tests():
    for name in GROUPS:
        def test(self, name=name):
            self.check_group(name)
        setattr(Broken, "test_" + name.replace(" ", "_"), test)


add_tests()

if __name__ == "__main__":
    unittest.main()
