# SPDX-License-Identifier: MIT
"""test_captures.py FOLDER: programs on a virgl_test_server, recorded, played, looked into."""

import json
import os
import pathlib
import re
import signal
import struct
import subprocess
import sys
import unittest
import zlib

import support

sys.path.insert(0, str(support.ROOT / "tests/examples"))

import png  # noqa: E402

# The examples find the proxy by themselves.
RECORD = ("record", "--no-redirect", "-o", "x.vcap")


def records(capture):
    """(position, type) of each record, by docs/capture-format.md."""
    position = 32 + struct.unpack_from("<I", capture, 12)[0]
    while position < len(capture):
        yield position, struct.unpack_from("<I", capture, position)[0]
        position += 32 + struct.unpack_from("<I", capture, position + 8)[0]


def wrong_byte(capture):
    """
    (the capture with the last byte of the last transfer from the host inverted, where that record
    is, bytes of the transfer).
    """
    found = None
    for position, kind in records(capture):
        flags, stored, size = struct.unpack_from("<3I", capture, position + 4)
        payload = capture[position + 32:position + 32 + stored]
        payload = zlib.decompress(payload) if flags & 15 else payload
        assert len(payload) == size
        if kind == 11 and struct.unpack_from("<I", payload, 8)[0] == 2:
            found = position, position + 32 + stored, payload
    begin, end, payload = found
    payload = payload[:-1] + bytes([payload[-1] ^ 0xff])
    head = struct.pack("<4I", 11, struct.unpack_from("<I", capture, begin + 4)[0] & ~15,
                       len(payload), len(payload)) + capture[begin + 16:begin + 24]
    head += struct.pack("<I", zlib.crc32(payload))
    record = head + struct.pack("<I", zlib.crc32(head)) + payload
    return capture[:begin] + record + capture[end:], begin, 640 * 480 * 4


class Captures(support.Tool):
    """One recording for all tests: a program that draws one triangle over two submits or more."""

    capture = None

    def setUp(self):
        super().setUp()
        if Captures.capture is None:
            self.record("triangle")
            Captures.capture = self.read("triangle.vcap")
            Captures.picture = self.read("triangle.png")
        self.path = self.write("c.vcap", Captures.capture)

    def record(self, program, *options):
        return self.good("record", "--no-redirect", "-o", f"{program}.vcap", *options, "--",
                         support.program(program), "--transport", "vtest", "--output",
                         f"{program}.png")

    def pixels(self, name):
        picture = png.read(os.path.join(self.place, name))
        return [picture[x, y] for y in range(picture.height) for x in range(picture.width)]

    def test_pixels(self):
        """What is played on the loopback is what the program saw on the server."""
        self.write("expected.png", Captures.picture)
        self.good("replay", "--transport", "loopback", "-o", "replay.png", self.path)
        self.assertEqual(self.pixels("replay.png"), self.pixels("expected.png"))
        self.assertGreater(len(set(self.pixels("replay.png"))), 100)

    def test_compare(self):
        out = self.text("replay", "--compare", self.path)
        self.assertRegex(out, r"compared [1-9][0-9]* transfers from the host: 0 differ")

    def test_difference(self):
        """A capture with one wrong byte in what came back: the report says which, of what."""
        changed, offset, size = wrong_byte(Captures.capture)
        before = self.text("dump", self.path).rsplit("# transfer from host", 1)[0]
        submit = re.findall("(?m)^# submit ([0-9]+):", before)[-1]
        out = self.text("replay", "--compare", self.write("wrong.vcap", changed), status=1)
        self.assertRegex(out, rf"wrong.vcap: byte {offset}, behind submit {submit}: "
                              rf"resource [0-9]+: 1 of {size} bytes "
                              rf"differ; the first is byte {size - 1}: ")
        self.assertIn("transfers from the host: 1 differ", out)
        self.good("replay", "wrong.vcap")

    def test_picture_to_standard_output(self):
        """Nothing but the picture is there, what is told is on stderr; the same of a capset."""
        changed, _, _ = wrong_byte(Captures.capture)
        self.write("wrong.vcap", changed)
        self.good("replay", "-o", "picture.png", self.path)
        self.good("info", "--save", "capset", self.path)
        os.symlink("/dev/fd/1", os.path.join(self.place, "link"))
        for output in ("-", "link"):
            status, out, err = self.run_tool("replay", "-c", "-o", output, "wrong.vcap")
            self.assertEqual((status, out), (1, self.read("picture.png")))
            self.assertRegex(err, r"(?s)wrong.vcap: byte .* bytes differ.*\nframes .* 1 differ")
            self.assertEqual(self.good("info", "--save", output, self.path), self.read("capset"))

    def test_until(self):
        """Up to the clear only: one colour."""
        lines = [json.loads(line) for line in
                 self.text("dump", "--json", self.path).splitlines()]
        clear = next(line for line in lines if line["command"] == "CLEAR")
        self.good("replay", "-o", "clear.png", "--until",
                  f"{clear['submit']}:{clear['packet']}", self.path)
        self.assertEqual(len(set(self.pixels("clear.png"))), 1)
        before = sum(1 for line in lines[:lines.index(clear)])
        self.good("replay", "-o", "too.png", "--until", str(before), self.path)
        self.assertEqual(self.pixels("too.png"), self.pixels("clear.png"))

    def test_beyond(self):
        self.bad("replay", "--until", "0:100000", self.path,
                 says=["submit 0 has no packet 100000: the replay stops at its end"])
        self.bad("replay", "--until", "100000:0", self.path, says=["ends before packet 100000:0"])
        count = self.text("dump", "--json", self.path).count('"submit":0,')
        self.good("replay", "--until", f"0:{count - 1}", self.path)
        self.bad("replay", "--until", f"0:{count}", self.path, says=[f"has no packet {count}"])
        for option, value in (("--frame", "1000"), ("--until", "100000"), ("--until", "0:100000")):
            self.write("there", b"as it was")
            self.bad("replay", option, value, "-o", "there", self.path)
            self.assertEqual(self.read("there"), b"as it was")
        self.bad("replay", "--until", "100000", self.path, says=["ends before packet 100000"])
        self.bad("replay", "--frame", "1000", self.path, says=["ends before frame 1000;"])
        self.bad("replay", "-o", "x.png", "-R", "4000", self.path, says=["no picture"])
        self.assertFalse(os.path.exists(os.path.join(self.place, "x.png")))

    def test_fault(self):
        """A submit that fails is told once, by its number, and ends with 1, picture or not."""
        self.write("text", b"NOP\n")
        self.write("bad", b"RAW 0x200ee 0x1 0x2\n")
        self.good("asm", "-c", "-o", "bad.vcap", "text", "bad")
        for options in ((), ("-o", "x.png")):
            err = self.bad("replay", *options, "bad.vcap", status=1)
            self.assertRegex(err, "bad.vcap: byte [0-9]+: submit 1 fails on this device")
            self.assertEqual(err.count("fails on this device"), 1, err)
        self.assertIn("bad.vcap: no picture: ", err)
        self.assertFalse(os.path.exists(os.path.join(self.place, "x.png")))

    def test_vtest(self):
        """No server: an error that says so."""
        self.bad("replay", "-t", "vtest", "-O", f"socket={self.place}/none", self.path,
                 says=[f"{self.place}/none"])

    def test_cut_off(self):
        """What could be read is played, and the end is an error."""
        cut = self.write("cut.vcap", Captures.capture[:-5])
        self.bad("replay", "-o", "cut.png", cut, says=["cut.vcap: byte "])
        self.write("expected.png", Captures.picture)
        self.assertEqual(self.pixels("cut.png"), self.pixels("expected.png"))

    def test_check(self):
        out = self.text("check", self.path)
        self.assertRegex(out, r"[1-9][0-9]* packets: ")
        self.assertNotIn("rejects", out)

    def test_info(self):
        """Of the capture, of the saved bytes and of the loopback itself."""
        of_capture = self.text("info", self.path)
        self.assertIn("capset: VIRGL2, version", of_capture)
        self.assertRegex(of_capture, r"  max_texture_2d_size +[1-9][0-9]+\n")
        self.assertRegex(of_capture, r"  67 R8G8B8A8_UNORM +s")
        self.good("info", "--save", "capset", self.path)
        saved = self.text("info", "capset")
        self.assertEqual(saved.replace("capset: ", "capset: VIRGL2, "), of_capture)
        size = len(self.read("capset"))
        self.assertIn(f", {size} bytes", of_capture)
        limit = re.search(r"max_texture_2d_size +([0-9]+)", of_capture).group(1)
        offset = next(i for i in range(0, size - 3, 4)
                      if struct.unpack_from("<I", self.read("capset"), i)[0] == int(limit))
        self.assertGreater(offset, 300)
        self.assertIn(f"max_texture_2d_size                  {limit}\n",
                      self.text("info", "-t", "loopback"))
        self.assertIn("Largest", self.text("info", "--explain", self.path))
        self.assertIn("no faults", self.text("check", "--raw", "-c", "capset", "-",
                                             stdin=support.words(0x0001000d, 1)))

    def test_dump(self):
        text = self.good("dump", self.path)
        for word in (b"# context-create", b"# resource-create", b"# submit 0: context",
                     b"DRAW_VBO"):
            self.assertIn(word, text)
        whole = self.good("asm", "-", stdin=text)
        out = self.text("stats", self.path)
        self.assertIn(f"bytes {len(whole)},", out)
        self.assertIn("draws 1,", out)
        self.assertIn("packets identical (100.0000 %)", self.text("roundtrip", "-q", self.path))

    def test_frames(self):
        """A program that draws one picture after the other: a row for each that it showed."""
        done = subprocess.run([support.program("gears"), "--frames", "5", "--record", "g.vcap",
                               "--output", "g.png"], cwd=self.place, stdout=subprocess.DEVNULL,
                              timeout=300, check=False)
        self.assertEqual(done.returncode, 0)
        out = self.text("stats", "--frames", "g.vcap")
        rows = re.findall(r"^ +[0-9]+(?: +[0-9]+){7}$", out, re.M)
        self.assertIn("frames 5; each: ", out)
        self.assertEqual([row.split()[0] for row in rows], ["0", "1", "2", "3", "4"])
        self.assertEqual(re.findall("^# frame ([0-9]+):", self.text("dump", "g.vcap"), re.M),
                         ["0", "1", "2", "3", "4"])
        self.assertIn("frames 1,", self.text("replay", "--frame", "0", "g.vcap"))
        self.assertIn("frames 5,", self.text("replay", "--frame", "4", "g.vcap"))
        self.bad("replay", "--frame", "5", "g.vcap", says=["ends before frame 5; it has 5 frames"])

    def test_check_of_several(self):
        """What was not destroyed is told with its file; not when the file was cut off before."""
        text = self.write("text", b"CREATE_SUB_CTX sub_ctx_id=1")
        self.good("asm", "--capture", "-o", "a.vcap", text)
        self.good("asm", "--capture", "-o", "b.vcap", text)
        out = self.text("check", "a.vcap", "b.vcap")
        for name in "ab":
            self.assertRegex(out, rf"(?m)^{name}\.vcap: at the end: .*\[1002 LEAK_SUB_CTX")
        self.write("cut.vcap", self.read("a.vcap") + b"half of a header")
        status, out, _ = self.run_tool("check", "cut.vcap")
        self.assertEqual((status, out), (2, b"1 submit, 1 packet: no faults\n"))

    def test_diff(self):
        self.assertIn("all the same", self.text("diff", self.path, self.path))
        self.write("cut.vcap", Captures.capture + b"half of a header")
        status, out, err = self.run_tool("diff", self.path, "cut.vcap")
        self.assertRegex(err, "cut.vcap: byte [0-9]+: ")
        self.assertEqual(status, 2)
        self.assertRegex(out, rb"^[1-9][0-9]* packets, all the same as far as could be read\n$")

    def test_diff_of_cut(self):
        """What is missing is a difference; without any submit there is nothing to compare."""
        submits = [at for at, kind in records(Captures.capture) if kind == 13]
        for at, differs in ((submits[-1] + 40, True), (submits[0] + 40, False)):
            self.write("cut.vcap", Captures.capture[:at])
            status, out, err = self.run_tool("diff", self.path, "cut.vcap")
            self.assertRegex(err, "cut.vcap: byte [0-9]+: ")
            self.assertEqual((status, out != b""), (2, differs))
            self.assertEqual(b" | the end (0) @@" in out, differs)

    def test_stdin(self):
        for command in ("dump", "check", "roundtrip", "stats", "replay", "info"):
            self.good(command, "-", stdin=Captures.capture)

    def test_exit_status(self):
        """That of the program, once something was recorded."""
        script = (f"'{support.program('triangle')}' --transport vtest --output t.png; exit 7")
        self.bad(*RECORD, "--", "sh", "-c", script, status=7, says=["records"])

    def test_nothing_recorded(self):
        self.bad(*RECORD, "--", "true", says=["nothing was recorded"])
        self.bad(*RECORD, "--", "/nowhere/at/all", status=127)
        self.bad(*RECORD, "--server", "/nowhere", "--", "true", status=125)

    def test_reader_that_leaves(self):
        """Of a capture in a named pipe: an error as of a full disk, and nothing is left behind."""
        os.mkfifo(os.path.join(self.place, "pipe"))
        reader = subprocess.Popen(["head", "-c", "10", "pipe"], cwd=self.place,
                                  stdout=subprocess.DEVNULL)
        status, _, err = self.run_tool(
            "record", "--no-redirect", "-o", "pipe", "--", "sh", "-c",
            f"sleep 1; '{support.program('gears')}' --transport vtest --frames 50 --output g.png",
            env={"TMPDIR": self.place})
        reader.wait(timeout=60)
        self.assertEqual(status, 2, err)
        self.assertIn("pipe: cannot be written", err)
        self.assertTrue(os.path.exists(os.path.join(self.place, "g.png")))
        self.assertEqual([name for name in os.listdir(self.place)
                          if name.startswith("virglcmd-record-")], [])

    def test_signals_of_broken_pipes(self):
        """The tool ignores them; program and server do not get that from it."""
        look = "grep SigIgn /proc/self/status"
        server = self.write("server", f"#!/bin/sh\n{look} >'{self.place}/of-server'\n"
                                      'exec virgl_test_server "$@"\n'.encode())
        os.chmod(server, 0o700)
        self.bad(*RECORD, "--server", server, "--", "sh", "-c", look + " >of-program",
                 says=["nothing was recorded"])
        for name in ("of-server", "of-program"):
            self.assertEqual(int(self.read(name).split()[1], 16) & 1 << (signal.SIGPIPE - 1), 0)

    def test_levels(self):
        sizes = []
        for level in ("0", "9"):
            self.record("triangle", "-l", level)
            sizes.append(len(self.read("triangle.vcap")))
            self.good("stats", "triangle.vcap")
        self.assertGreater(sizes[0], 2 * sizes[1])

    def test_committed(self):
        """Captures of other programs, where the project has some."""
        paths = sorted(pathlib.Path(support.ROOT, "tests/mesa/captures").glob("*.vcap"))
        self.assertGreater(len(paths), 10)
        for path in paths:
            self.assertIn("packets identical", self.text("roundtrip", "-q", str(path)))
            self.good("asm", "-", stdin=self.good("dump", str(path)))


if __name__ == "__main__":
    support.main()
