# SPDX-License-Identifier: MIT
"""test_text.py FOLDER: dump, asm, roundtrip, diff and stats on packets of the golden tests."""

import json
import re
import struct
import unittest

import support
from support import words

# SET_STENCIL_REF, NOP and a packet that nobody knows; numbers from the protocol's headers.
STENCIL = words(0x0001000d, 0x00000201)
NOP = words(0x00010000, 0)
UNKNOWN = words(0x000200ee, 1, 2)
DRAW = words(0x000c0008, 0, 3, 4, 0, 1, 0, 0, 0, 0, 0, 2, 0)
CLEAR = words(0x00080007, 4, 0, 0, 0, 0, 0, 0x3ff00000, 0)
BLEND_COLOR = words(0x0004000e, 0x7f800000, 0xff800000, 0x7fc00001, 0x3dcccccd)


def packets_of(stream):
    """Lengths of the packets, in dwords, by the headers alone."""
    position, result = 0, []
    while position < len(stream):
        header, = struct.unpack_from("<I", stream, position)
        result.append((header & 0xff, (header >> 16) + 1))
        position += 4 * ((header >> 16) + 1)
    return result


class Text(support.Tool):
    def test_identity(self):
        """What is dumped and assembled again is what was there, in each form."""
        streams = [b"".join(support.golden()), STENCIL + UNKNOWN + DRAW, UNKNOWN[:8],
                   CLEAR + BLEND_COLOR]
        for stream in streams:
            path = self.write("in", stream)
            for form in ((), ("--full",), ("--positions",), ("--full", "--positions")):
                text = self.run_tool("dump", "--raw", *form, path)[1]
                self.assertEqual(self.good("asm", "-", stdin=text), stream)

    def test_golden_is_large(self):
        self.assertGreater(len(support.golden()), 200)
        self.assertGreater(len({struct.unpack("<I", p[:4])[0] & 0xff
                                for p in support.golden()}), 50)

    def test_lines(self):
        text = self.text("dump", "--raw", "--packets-only", "-", stdin=STENCIL + DRAW)
        self.assertEqual(text, "SET_STENCIL_REF front=1 back=2\n"
                               "DRAW_VBO count=3 mode=TRIANGLES instance_count=1 max_index=2\n")

    def test_one_submit(self):
        first = self.write("first", b"NOP\n")
        second = self.write("second", b"SET_STENCIL_REF front=1\n")
        self.good("asm", "-c", "-o", "one.vcap", first, second)
        self.good("asm", "-c", "-o", "two.vcap", second, first, first)
        text = self.text("dump", "--submit", "1", "one.vcap")
        self.assertIn("SET_STENCIL_REF", text)
        self.assertNotIn("NOP", text)
        self.bad("dump", "--submit", "2", "one.vcap", says=["no submit 2; there are 2"])
        text = self.text("dump", "--submit", "2", "one.vcap", "two.vcap")
        self.assertEqual(text.splitlines(), ["# one.vcap", "# two.vcap",
                                             "# submit 2: context 1, 1 dwords", "NOP"])
        self.bad("dump", "--submit", "3", "one.vcap", "two.vcap", says=["no submit 3; there are 3"])

    def test_numbers_begin_anew(self):
        """Submits and frames are numbered in their file: a number fits it alone, too."""
        self.write("text", b"NOP\n")
        self.good("asm", "-c", "-o", "x.vcap", "text", "text")
        for command in ("dump", "dump --json"):
            lines = self.text(*command.split(), "x.vcap", "x.vcap").splitlines()
            numbers = [n for line in lines for n in re.findall(r'submit"?[: ](\d+)', line)]
            self.assertEqual(numbers, ["0", "1", "0", "1"], command)
        self.write("bad", b"RAW 0x200ee 0x1 0x2\n")
        self.good("asm", "-c", "-o", "bad.vcap", "text", "bad")
        for command in ("check", "roundtrip"):
            out = self.text(command, "x.vcap", "bad.vcap", status=1)
            self.assertIn("bad.vcap: submit 1", out)

    def test_not_decodable_is_a_fault(self):
        text = self.text("dump", "--raw", "-", stdin=UNKNOWN, status=1)
        self.assertIn("RAW", text)

    def test_files(self):
        """asm of several files, to a file."""
        self.write("a", b"NOP\n")
        self.write("b", b"SET_STENCIL_REF front=1 back=2\n")
        self.good("asm", "-o", "out", "a", "b")
        self.assertEqual(self.read("out"), words(0) + STENCIL)

    def test_large_nop(self):
        """A short text may stand for many dwords."""
        out = self.good("asm", "-", stdin=b"NOP padding=65535\n" * 30)
        self.assertEqual(out, (words(0xffff0000) + bytes(4 * 65535)) * 30)

    def test_asm_to_capture(self):
        self.write("a", b"NOP\n")
        self.write("b", b"SET_STENCIL_REF front=1 back=2\n")
        capture = self.good("asm", "--capture", "a", "b")
        self.assertEqual(capture[1:5], b"VCAP")
        out = self.good("dump", "--packets-only", "-", stdin=capture)
        self.assertEqual(self.good("asm", "-", stdin=out), words(0) + STENCIL)
        self.assertIn("submits 2, packets 2, bytes 12,", self.text("stats", "-", stdin=capture))


class Json(support.Tool):
    def lines(self, stream, status=0):
        out = self.text("dump", "--raw", "--json", "-", stdin=stream, status=status)

        def refuse(constant):
            raise AssertionError(f"{constant} is not JSON")
        return [json.loads(line, parse_constant=refuse) for line in out.splitlines()]

    def test_every_packet(self):
        stream = b"".join(support.golden())
        out = self.run_tool("dump", "--raw", "--json", "-", stdin=stream)[1].decode()
        lines = [json.loads(line) for line in out.splitlines()]
        expected = packets_of(stream)
        self.assertEqual(len(lines), len(expected))
        self.assertEqual([line["size"] + 1 for line in lines], [size for _, size in expected])
        position = 0
        for number, (line, (_, size)) in enumerate(zip(lines, expected)):
            self.assertEqual((line["packet"], line["dword"]), (number, position))
            position += size

    def test_values(self):
        draw, = self.lines(DRAW)
        self.assertEqual(draw["command"], "DRAW_VBO")
        self.assertEqual(draw["fields"]["mode"], "TRIANGLES")
        self.assertEqual(draw["fields"]["count"], 3)

    def test_floats(self):
        """Infinities and NaN are strings, and other floats are exact."""
        blend, clear = self.lines(BLEND_COLOR + CLEAR)
        self.assertEqual(clear["fields"]["buffers"], ["COLOR0"])
        colour = blend["fields"]["color"]
        self.assertTrue(all(isinstance(value, str) for value in colour[:3]), colour)
        self.assertEqual(len(set(colour[:3])), 3)
        self.assertEqual(struct.pack("<f", colour[3]), words(0x3dcccccd))
        self.assertEqual(clear["fields"]["depth"], 1.0)

    def test_text(self):
        """Quotes, control characters, UTF-8 and bytes that are none."""
        content = 'a"\\\n\t\x01é€'.encode() + b"\xff\xc0\x80\xed\xa0\x80"
        size = (len(content) + 3) // 4
        stream = words((size + 1) << 16 | 0x33, len(content)) + content.ljust(4 * size, b"\0")
        marker, = self.lines(stream)
        self.assertEqual(marker["command"], "SEND_STRING_MARKER")
        field = next(v for v in marker["fields"].values() if isinstance(v, str))
        self.assertEqual(field, 'a"\\\n\t\x01é€' + "\xff\xc0\x80\xed\xa0\x80")

    def test_errors(self):
        lines = self.lines(UNKNOWN + STENCIL, status=1)
        self.assertIn("error", lines[0])
        self.assertEqual(lines[0]["dwords"], list(struct.unpack("<3I", UNKNOWN)))
        self.assertNotIn("error", lines[1])
        self.assertNotIn("dwords", lines[1])
        cut, = self.lines(DRAW[:-4], status=1)
        self.assertEqual(words(*cut["dwords"]), DRAW[:-4])

    def test_overrides(self):
        """What the text form has behind an @, the size aside."""
        lines = self.lines(words(0x0003001d, 1, 7, 0) + words(0x0001000d, 0xffff0201) + STENCIL)
        self.assertEqual(lines[0]["size"], 3)
        self.assertEqual(lines[0]["fields"], {"sub_ctx_id": 1})
        self.assertEqual(lines[0]["overrides"], [{"dword": 2, "value": 7}])
        self.assertEqual(lines[1]["overrides"], [{"dword": 1, "value": 0xffff0201}])
        self.assertNotIn("overrides", lines[2])


class Info(support.Tool):
    def test_numbers(self):
        """Signed limits are signed and bits hexadecimal; offsets from virgl_hw.h."""
        self.good("info", "--save", "capset", str(support.ROOT / "tests/mesa/captures/ubo.vcap"))
        capset = bytearray(self.read("capset"))
        for offset, number in ((288, 0x7fff), (364, 0xfffffff8), (372, 0xffffffe0),
                               (396, 0xae2ae662)):
            capset[offset:offset + 4] = words(number)
        out = self.text("info", self.write("capset", capset))
        self.assertRegex(out, r"\n  prim_mask +0x00007fff\n")
        self.assertRegex(out, r"\n  min_texel_offset +-8\n")
        self.assertRegex(out, r"\n  min_texture_gather_offset +-32\n")
        self.assertRegex(out, r"\n  sample_locations +0xae2ae662 ")


class RoundTrip(support.Tool):
    def test_golden(self):
        out = self.text("roundtrip", "--raw", "-q", "-", stdin=b"".join(support.golden()))
        count = len(packets_of(b"".join(support.golden())))
        self.assertIn(f"of {count} packets identical", out)

    def test_padding(self):
        """Bytes behind a text that are not zero are told, and a fault only where asked for."""
        stream = words(0x00020033, 1) + b"aXYZ"
        self.assertIn("identical but for padding", self.text("roundtrip", "--raw", "-",
                                                             stdin=stream))
        self.assertIn("by the description 0x00000061",
                      self.text("roundtrip", "--raw", "--strict", "-", stdin=stream, status=1))

    def test_padding_and_header(self):
        """Object bits of a command without objects, dwords behind the end, and both at once."""
        clear = CLEAR[4:]
        for stream in (words(0x000a0f07) + clear + words(0, 0), words(0x00080f07) + clear,
                       words(0x000a0007) + clear + words(0, 0), words(0x000a0f07) + clear
                       + words(1, 2)):
            self.assertIn("identical but for padding", self.text("roundtrip", "--raw", "-",
                                                                 stdin=stream))

    def test_not_decodable(self):
        out = self.text("roundtrip", "--raw", "-q", "-", stdin=STENCIL + UNKNOWN, status=1)
        self.assertIn("\n8 bytes decoded", out)
        self.assertIn("1 of 2 packets not decodable", out)
        self.assertIn("1 of 2 packets identical", out)

    def test_refused(self):
        """An encoder does not take what the host would refuse."""
        stream = words(0x000c0008, 0, 3, 99, 0, 1, 0, 0, 0, 0, 0, 2, 0)
        self.assertIn("refused by the encoder", self.text("roundtrip", "--raw", "-", stdin=stream,
                                                          status=1))


class Diff(support.Tool):
    def diff(self, a, b, *options, status=1):
        self.write("a", a)
        self.write("b", b)
        return self.text("diff", "--raw", *options, "a", "b", status=status)

    def test_same(self):
        self.assertIn("all the same", self.diff(DRAW + STENCIL, DRAW + STENCIL, status=0))

    def test_fields(self):
        out = self.diff(NOP + DRAW + STENCIL,
                        NOP + words(0x000c0008, 0, 6, 5, *struct.unpack("<9I", DRAW[16:]))
                        + STENCIL)
        self.assertIn("~ DRAW_VBO count: 3 -> 6, mode: TRIANGLES -> TRIANGLE_STRIP\n", out)
        self.assertEqual(out.count("@@ "), 1)
        self.assertIn("@@ submit 0 packet 1 (1) | submit 0 packet 1 (1) @@", out)

    def test_added_and_removed(self):
        out = self.diff(NOP + STENCIL + NOP, NOP + NOP + DRAW)
        self.assertIn("\n- SET_STENCIL_REF", out)
        self.assertIn("\n+ DRAW_VBO", out)

    def test_padding(self):
        out = self.diff(words(0x00020033, 1) + b"aXYZ", words(0x00020033, 1) + b"aXYW")
        self.assertIn("dword 2: 0x5a595861 -> 0x57595861", out)

    def test_beside_fields(self):
        """What no field shows is told where fields differ, too."""
        self.assertIn("~ CREATE_SUB_CTX sub_ctx_id: 1 -> 2, dword 2: 0x00000007 -> nothing\n",
                      self.diff(words(0x0002001d, 1, 7), words(0x0001001d, 2)))
        self.assertIn("~ SET_STENCIL_REF front: 1 -> 2, dword 1: 0x00010001 -> 0x00020002\n",
                      self.diff(words(0x0001000d, 0x10001), words(0x0001000d, 0x20002)))
        out = self.diff(words(0x001400ee, *range(20)), words(0x001400ee, *range(1, 21)))
        self.assertIn(" dword 8: 0x00000007 -> 0x00000008, and 12 more dwords\n", out)
        self.assertNotIn("dword", self.diff(words(0x00030000, 0, 0, 0) + DRAW,
                                            words(0x00030000, 0, 0, 0) + DRAW[:8] + words(7)
                                            + DRAW[12:]))

    def test_lines_of_text(self):
        """Of long text the first line that differs, on both sides."""
        def marker(line):
            content = (b"FRAG\n" + b"MOV OUT[0], IN[0]\n" * 5 + line + b"END\n").ljust(200, b"#")
            return words(51 << 16 | 0x33, 200) + content
        self.assertIn('different from byte 99 on, line 7: "ADD b" -> "ADD c"\n',
                      self.diff(marker(b"ADD b\n"), marker(b"ADD c\n")))

    def capture(self, *submits):
        """The bytes of a capture with submits of (context, text)."""
        self.write("text", b"NOP\n")
        capture = self.good("asm", "-c", "text")
        for context, text in submits:
            dwords = self.good("asm", "-", stdin=text)
            capture += support.record(13, words(context, len(dwords) // 4) + dwords)
        return capture

    def test_submits(self):
        """The same packets, in submits of other contexts or in other submits."""
        a, b, c = (f"SET_SUB_CTX sub_ctx_id={i}\n".encode() for i in range(3))
        self.write("one", self.capture((1, a), (2, b), (1, c)))
        self.write("two", self.capture((2, a), (1, b), (1, c)))
        self.write("three", self.capture((1, a + b + c)))
        self.assertIn("all the same", self.text("diff", "one", "one"))
        out = self.text("diff", "one", "two", status=1)
        self.assertIn("@@ submit 1 packet 0 (0) | submit 1 packet 0 (0) @@\n"
                      "~ context of the submit: 1 -> 2\n", out)
        self.assertEqual(out.count("@@ "), 2)
        self.assertIn("differ in 2 places, 0 packets; the first is at submit 1 packet 0",
                      self.text("diff", "-b", "one", "two", status=1))
        out = self.text("diff", "three", "one", status=1)
        self.assertIn("@@ submit 1 packet 1 (0) | submit 2 packet 0 (0) @@\n"
                      "~ submits that begin here: 0 -> 1\n", out)

    def test_brief(self):
        out = self.diff(NOP + STENCIL, NOP + DRAW, "--brief")
        self.assertEqual(len(out.splitlines()), 1)

    def test_long(self):
        """Streams that have nothing in common, longer than what is searched at once."""
        a = b"".join(words(0x0001000d, i) for i in range(6000))
        b = b"".join(words(0x0001001b, i) for i in range(5000))
        out = self.diff(a, b)
        lines = out.splitlines()
        self.assertEqual(sum(line.startswith("- ") for line in lines), 6000)
        self.assertEqual(sum(line.startswith("+ ") for line in lines), 5000)


class Stats(support.Tool):
    def test_several(self):
        """Frames are those of their file, whatever the order; the rows add up to the whole."""
        gears = str(support.ROOT / "tests/mesa/captures/es2gears.vcap")
        frames = re.search("(?m)^frames .*", self.text("stats", gears)).group()
        seconds = float(re.search("recorded in (.*) s", self.text("stats", gears)).group(1))
        self.write("text", b"NOP\n")
        self.good("asm", "-c", "-o", "x.vcap", "text", "text")
        for files in ((gears, "x.vcap"), ("x.vcap", gears)):
            out = self.text("stats", "--frames", *files)
            self.assertIn("\n" + frames + "\n", out)
            self.assertGreaterEqual(float(re.search("recorded in (.*) s", out).group(1)), seconds)
            rows = re.findall(r"(?m)^(\S+\.vcap)$|^ +(\d+|rest) +(\d+) +(\d+)(?: +\d+){5}$", out)
            self.assertEqual([file for file, *_ in rows if file], list(files))
            alone = rows.index(("x.vcap", "", "", ""))
            self.assertEqual(rows[alone + 1], ("", "rest", "2", "2"))
            self.assertEqual([frame for _, frame, *_ in rows if frame.isdecimal()],
                             [str(frame) for frame in range(67)])
            self.assertIn(f"submits {sum(int(row[2] or 0) for row in rows)}, "
                          f"packets {sum(int(row[3] or 0) for row in rows)},", out)

    def test_of_cut_capture(self):
        """What was read is summed up, if it is only what comes before the first submit."""
        whole = (support.ROOT / "tests/mesa/captures/ubo.vcap").read_bytes()
        status, out, err = self.run_tool("stats", "-", stdin=whole[:4000])
        self.assertEqual(status, 2)
        self.assertIn(b"submits 0, packets 0,", out)
        self.assertIn("in the middle of this record", err)

    def test_counts(self):
        out = self.text("stats", "--raw", "-", stdin=DRAW * 3 + STENCIL + CLEAR)
        self.assertIn("submits 1, packets 5, bytes 200, draws 3, clears 1", out)
        self.assertRegex(out, r"\n +3 +156 +78\.0%  DRAW_VBO\n")

    def test_cut_off(self):
        _, out, err = self.run_tool("stats", "--raw", "-", stdin=DRAW[:-4])
        self.assertIn("packets 1", out.decode())
        self.assertIn("13 dwords, and 12 are left", err)


if __name__ == "__main__":
    support.main()
