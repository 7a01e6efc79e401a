# SPDX-License-Identifier: MIT
"""What the examples print, against what must be true whatever they say."""

import ctypes.util
import json
import math
import os
import re
import struct
import subprocess
import sys
import time

from support import Example, run


class Query(Example):
    """A wall and three cards, in fractions of the picture's width and height."""

    WALL = (0.2, 0.6, 0.1, 0.9)
    CARDS = ((0.25, 0.45), (0.5, 0.7), (0.75, 0.95))

    def seen(self, card, size):
        """Pixels of a card, which is half as high as the picture, right of the wall."""
        left, right = self.CARDS[card]
        columns = right * size[0] - max(left, self.WALL[1]) * size[0] if card else 0
        return round(columns * size[1] / 2)

    def expected(self, x, y, size):
        x, y = (x + 0.5) / size[0], (y + 0.5) / size[1]
        left, right, top, bottom = self.WALL
        if left < x < right and top < y < bottom:
            return (102, 102, 102)
        if 0.25 < y < 0.75 and any(a < x < b for a, b in self.CARDS):
            return (255, 153, 0)
        return (51, 102, 153)

    def check(self, size):
        start = time.monotonic_ns()
        picture, out = self.render("query", "--size", "%dx%d" % size)
        taken = time.monotonic_ns() - start
        counts = [int(n) for n in re.findall(r"^card \d: (\d+) samples are seen$", out, re.M)]
        self.assertEqual(counts, [self.seen(card, size) for card in range(3)])
        (nanoseconds,) = re.findall(r"^the host took (\d+) ns$", out, re.M)
        self.assertTrue(0 < int(nanoseconds) < taken, f"{nanoseconds} of {taken} ns")
        self.assert_picture(picture, size, lambda x, y: self.expected(x, y, size))

    def test_samples_and_time(self):
        for size in ((640, 480), (320, 160)):
            with self.subTest(size=size):
                self.check(size)


class Compute(Example):
    # Known to number theory: no number below 10971 has a longer way than 6171.
    EXPECTED = "10048 of 10048 answers are right\nthe longest way has 6171: 261 steps\n"

    def test_answers(self):
        self.assertEqual(self.output("compute"), self.EXPECTED)
        self.assertEqual(self.output("compute", "--options", "gles=1"), self.EXPECTED)


class Streamout(Example):
    def check(self, *arguments):
        lines = self.output("streamout", *arguments).splitlines()
        self.assertEqual(lines[0], "2 triangles")
        numbers = [[float(n) for n in re.findall(r"-?\d\.\d+", line)] for line in lines[1:]]
        self.assertEqual([len(n) for n in numbers], [4] * 6)
        # A strip of corners 0 to 3 is the triangles of 0, 1, 2 and of 1, 2, 3.
        turn = math.radians(30)
        cos, sin = math.cos(turn), math.sin(turn)
        corners = [
            (x * cos - y * sin, x * sin + y * cos) for x, y in ((-1, -1), (1, -1), (-1, 1), (1, 1))
        ]
        for triangle, which in ((numbers[:3], {0, 1, 2}), (numbers[3:], {1, 2, 3})):
            found = [min(range(4), key=lambda i: math.dist(corners[i], v[:2])) for v in triangle]
            self.assertEqual(set(found), which)
            for corner, vertex in zip(found, triangle):
                self.assertLess(math.dist(corners[corner], vertex[:2]), 1e-5)
                self.assertLess(math.dist((2 * vertex[0], 2 * vertex[1]), vertex[2:]), 2e-5)
            (ax, ay), (bx, by), (cx, cy) = (v[:2] for v in triangle)
            turned = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
            self.assertGreater(turned, 0, "counter-clockwise, as the strip begins")

    def test_captured_vertices(self):
        self.check()
        self.check("--options", "gles=1")


def capset(number, gles, more_flags=0):
    """The capset's bytes from virglrenderer itself, in a process of its own."""
    flags = 0x9 | (0x10 if gles else 0) | more_flags  # USE_EGL, USE_SURFACELESS, USE_GLES
    script = f"""
import ctypes, sys
class Callbacks(ctypes.Structure):
    _fields_ = [("version", ctypes.c_int), ("calls", ctypes.c_void_p * 16)]
def ignore(cookie, fence):
    pass
write_fence = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_uint32)(ignore)
callbacks = Callbacks(version=1)
callbacks.calls[0] = ctypes.cast(write_fence, ctypes.c_void_p).value
lib = ctypes.CDLL({ctypes.util.find_library("virglrenderer")!r})
cookie = ctypes.c_int()
assert lib.virgl_renderer_init(ctypes.byref(cookie), {flags}, ctypes.byref(callbacks)) == 0
version, size = ctypes.c_uint32(), ctypes.c_uint32()
lib.virgl_renderer_get_cap_set({number}, ctypes.byref(version), ctypes.byref(size))
memory = ctypes.create_string_buffer(size.value)
lib.virgl_renderer_fill_caps({number}, version, memory)
sys.stdout.write(memory.raw.hex())
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=300, check=True
    )
    return bytes.fromhex(done.stdout)


class Caps(Example):
    """Against the capset that virglrenderer gives us, read by the offsets in tests/facts."""

    FACTS = os.path.join(os.path.dirname(__file__), "..", "facts", "virgl-constants.json")
    FEATURES = {
        "compute shaders": "COMPUTE_SHADER",
        "transfers in the stream": "TRANSFER",
        "clears of textures": "CLEAR_TEXTURE",
        "memory barriers": "MEMORY_BARRIER",
        "framebuffers without attachments": "FB_NO_ATTACH",
        "OpenGL ES on the host": "HOST_IS_GLES",
        "buffers that stay mapped": "ARB_BUFFER_STORAGE",
        "views of a texture in other formats": "TEXTURE_VIEW",
        "copies between formats of one size": "COPY_IMAGE",
        "query results in buffers": "QBO",
        "several indirect draws at once": "MULTI_DRAW_INDIRECT",
        "stream output of several streams": "TRANSFORM_FEEDBACK3",
        "depth from 0 to 1 in clip space": "CLIP_HALFZ",
        "sRGB that can be switched off on writes": "SRGB_WRITE_CONTROL",
        "transfers through a staging resource": "COPY_TRANSFER",
    }
    # The letters of a format whose meaning is one bit of a mask. All others have rules.
    MASKS = {
        0: "sampler.bitmask",
        1: "render.bitmask",
        4: "supported_readback_formats.bitmask",
        5: "scanout.bitmask",
        6: "supported_multisample_formats.bitmask",
    }

    @classmethod
    def setUpClass(cls):
        with open(cls.FACTS, encoding="utf-8") as file:
            cls.facts = json.load(file)
        cls.fields = {}
        for part in ("virgl_caps_v1", "virgl_caps_v2"):
            for field in cls.facts["caps"][part]["fields"]:
                cls.fields[field["name"]] = field

    def section(self, out, title):
        """The lines of a section, cut at the first run of blanks: name and value."""
        lines = out.split("\n" + title)[1].split("\n\n")[0].splitlines()[1:]
        return dict(re.split(r"\s{2,}", line.strip(), maxsplit=1) for line in lines)

    def word(self, caps, name, index=0):
        return struct.unpack_from("<I", caps, self.fields[name]["offset"] + 4 * index)[0]

    def check_limits(self, out, caps):
        limits = {}
        for line in out.split("\nlimits\n")[1].split("\n\n")[0].splitlines():
            name, value = line.split(maxsplit=1)
            limits[name] = value
        self.assertGreater(len(limits), 20)
        for name, value in limits.items():
            told = self.fields[name]["offset"] + 4 <= len(caps)
            self.assertEqual(value, str(self.word(caps, name)) if told else "not told", name)

    def check_features(self, out, caps):
        bits = {bit["name"]: bit["value"] for bit in self.facts["cap_bits"]["bits"]}
        word = self.word(caps, "capability_bits")
        printed = self.section(out, "features")
        self.assertEqual(set(printed), set(self.FEATURES))
        for text, name in self.FEATURES.items():
            has = word & bits["VIRGL_CAP_" + name] != 0
            self.assertEqual(printed[text], "yes" if has else "no", text)

    def check_formats(self, out, caps):
        printed = self.section(out, "formats")
        for form in self.facts["formats"]:
            name = form["name"].replace("VIRGL_FORMAT_", "")
            number = form["value"]
            # What can only be scanned out is left out, and so is number 0, which is no format.
            letters = printed.get(name, ".....?.")
            for place, mask in self.MASKS.items():
                bit = self.word(caps, mask, number // 32) >> number % 32 & 1
                if number != 0 and letters[place] != "?":
                    want = "srdvbom"[place] if bit else "."
                    self.assertEqual(letters[place], want, (name, mask))
        self.assertEqual(printed["Z24X8_UNORM"][2], "d")
        self.assertEqual(printed["R32G32B32A32_FLOAT"][3], "v")
        self.assertEqual(printed["B8G8R8A8_UNORM"][:4], "sr.v")

    def check(self, gles):
        caps = capset(2, gles)
        out = self.output("caps", *(["--options", "gles=1"] if gles else []))
        offset = self.fields["renderer"]["offset"]
        renderer = caps[offset : offset + 64].split(b"\0")[0].decode()
        lines = out.splitlines()
        self.assertEqual(lines[0], "renderer: " + renderer)
        self.assertIn(f"version {self.word(caps, 'max_version')}, {len(caps)} bytes", lines[1])
        self.check_limits(out, caps)
        self.check_features(out, caps)
        self.check_formats(out, caps)

    def test_opengl(self):
        self.check(False)

    def test_gles(self):
        self.check(True)


class Error(Example):
    """What virglrenderer 0.10.4 does with each mistake was measured without this library."""

    OK, UNKNOWN_VALUE, BUFFER_FULL, UNSPEC, INVALID = 0, 3, 16, 64, 69

    @classmethod
    def setUpClass(cls):
        status, out, err = run("error")
        assert status == 0, err
        cls.sections = {}
        for line in out.splitlines():
            if not line.startswith(" "):
                cls.sections[line] = lines = []
            else:
                lines.append(line.strip())

    def check(self, title, submitted, afterwards, *said):
        lines = self.sections[title]
        ends = [re.search(r"\(status (\d+)\)$", line) for line in lines]
        statuses = [int(end[1]) for end in ends if end]
        self.assertEqual(statuses, [submitted, afterwards], lines)
        for text in said:
            self.assertIn(text, "\n".join(lines))
        return "\n".join(lines)

    def test_the_encoder_refuses(self):
        self.check(
            "a primitive that does not exist", self.UNKNOWN_VALUE, self.OK,
            "DRAW_VBO: mode (dword 3) is 99", "the largest is 14",
        )
        # 256 dwords less 8 of headroom; 1000 constants after a header, a stage and a slot.
        self.check(
            "more than the buffer holds", self.BUFFER_FULL, self.OK,
            "1003 dwords", "dwords left: 248",
        )

    def test_the_host_rejects_and_the_context_is_dead(self):
        # The host names the header that it stumbled over: length, object type, command.
        self.check(
            "a surface of a resource that does not exist", self.INVALID, self.UNSPEC,
            "Illegal resource 4711", f"Illegal command buffer {5 << 16 | 8 << 8 | 1}",
        )
        text = self.check(
            "a shader with an instruction that does not exist", self.INVALID, self.UNSPEC,
            "Illegal command buffer",
        )
        header = int(re.search(r"Illegal command buffer (\d+)", text)[1])
        self.assertEqual(header & 0xFFFF, 4 << 8 | 1)

    def test_the_host_keeps_quiet(self):
        self.check("a draw with nothing bound", self.OK, self.OK, "log, warning: virglrenderer")
        text = self.check("a shader that does not exist is bound", self.OK, self.OK)
        self.assertNotIn("log", text)

    def test_each_mistake_is_looked_at(self):
        self.assertEqual(len(self.sections), 6)
