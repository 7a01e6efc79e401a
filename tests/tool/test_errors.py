# SPDX-License-Identifier: MIT
"""test_errors.py FOLDER: wrong use, bad files, pipes that break, and what check says."""

import glob
import os
import pty
import re
import subprocess
import time
import unittest
import zlib

import support
from support import words

STENCIL = words(0x0001000d, 0x00000201)
CAPTURE = support.ROOT / "tests/mesa/captures/ubo.vcap"
READERS = ("dump", "check", "roundtrip", "stats")
COMMANDS = ("info", "dump", "asm", "check", "roundtrip", "explain", "diff", "stats", "record",
            "replay")


class Files(support.Tool):
    def test_missing(self):
        for command in READERS + ("asm",):
            self.bad(command, "nowhere", says=["nowhere: cannot be opened: No such file"])
        self.bad("diff", "nowhere", "nowhere", says=["nowhere: cannot be opened"])
        self.bad("replay", "nowhere", says=["nowhere: cannot be opened"])
        self.bad("info", "nowhere", says=["nowhere: cannot be opened"])

    def test_no_rate_of_nothing(self):
        """What was not read did not come back, and a stream without packets has no rate."""
        self.write("text", b"")
        self.good("asm", "-c", "-o", "none.vcap", "text")
        self.write("empty", b"")
        for file, status in (("nowhere", 2), ("empty", 2), ("none.vcap", 0)):
            _, out, _ = self.run_tool("roundtrip", file)
            self.assertNotIn(b"%", out, file)
            self.assertNotIn(b"identical", out, file)
            self.assertEqual(self.run_tool("roundtrip", file)[0], status)

    def test_folder(self):
        for command in READERS:
            for raw in ((), ("--raw",)):
                self.bad(command, *raw, ".", says=[".: is a folder"])
        self.bad("asm", ".", says=["is a folder"])

    def test_empty(self):
        path = self.write("empty", b"")
        for command in READERS:
            self.bad(command, "--raw", path, says=["byte 0: the file is empty"])
            self.bad(command, path, says=["empty: byte 0: the file is empty"])
        for command in (("info",), ("check", "-c", path), ("replay",), ("diff", path)):
            self.bad(*command, path, says=["empty: byte 0: the file is empty"])

    def test_no_capture(self):
        """The way out is only told to commands that have it."""
        path = self.write("bare", STENCIL)
        for command in READERS:
            self.bad(command, path, says=["no capture", "bare dwords need --raw"])
        self.assertNotIn("--raw", self.bad("replay", path, says=["no capture"]))

    def test_odd_size(self):
        """The whole dwords are shown, then the rest is an error."""
        for command in READERS:
            status, out, err = self.run_tool(command, "--raw", "-", stdin=STENCIL + b"\1\2")
            self.assertEqual(status, 2)
            self.assertIn("standard input: byte 8: the file ends inside of a dword", err)
            if command == "dump":
                self.assertIn(b"SET_STENCIL_REF", out)

    def test_garbage(self):
        path = self.write("garbage", bytes(range(7, 7 + 64)) * 3)
        for command in READERS:
            self.bad(command, path, says=["garbage: byte 0: ", "bare dwords need --raw"])

    def test_capture_as_dwords(self):
        self.write("text", b"NOP\n")
        self.good("asm", "-c", "-o", "x.vcap", "text")
        for command in READERS:
            self.bad(command, "--raw", "x.vcap", says=["this is a capture; leave out --raw"])

    def test_damaged_header(self):
        """It is a capture: --raw would refuse it, too."""
        damaged = bytearray(CAPTURE.read_bytes())
        damaged[9] ^= 1
        path = self.write("damaged.vcap", bytes(damaged))
        for command in READERS:
            err = self.bad(command, path, says=["damaged.vcap: byte 0: the header"])
            self.assertNotIn("--raw", err)

    def test_capture_as_text(self):
        self.bad("asm", "-o", "out", str(CAPTURE),
                 says=["ubo.vcap: byte 0: this is a capture; asm takes the text"])
        self.assertEqual(os.listdir(self.place), [])

    def test_capset_of_cut_capture(self):
        """It comes first: what is missing behind it does not matter, and is not told."""
        whole = CAPTURE.read_bytes()
        status, out, err = self.run_tool("info", self.write("cut", whole[:len(whole) // 2]))
        self.assertEqual((status, err), (0, ""))
        self.assertIn(b"capset: VIRGL2", out)

    def test_output_is_looked_at_first(self):
        """Before the device is opened, let alone played on; what is there is as it was."""
        self.write("there", b"as it was")
        for output, why in (("nowhere/x", "No such file"), (".", "Is a directory")):
            status, out, err = self.run_tool("replay", "-o", output, "-t", "vtest", "-O",
                                             "socket=/nowhere", str(CAPTURE))
            self.assertEqual((status, out), (2, b""))
            self.assertIn(f"{output}: cannot be opened for writing: {why}", err)
            self.assertEqual(len(err.splitlines()), 1, err)
        self.bad("replay", "-t", "vtest", "-O", "socket=/nowhere", "nowhere",
                 says=["virglcmd: nowhere: cannot be opened"])
        self.bad("replay", "-o", "there", "-t", "vtest", "-O", "socket=/nowhere", str(CAPTURE))
        self.assertEqual(self.read("there"), b"as it was")
        self.assertEqual(os.listdir(self.place), ["there"])

    @unittest.skipUnless(os.path.exists("/dev/full"), "no /dev/full")
    def test_full_disk(self):
        """One line with the reason, however much was written before it was noticed."""
        for text in (b"NOP\n", b"NOP padding=65535\n"):
            self.write("text", text)
            for options in ((), ("-c",)):
                err = self.bad("asm", *options, "-o", "/dev/full", "text",
                               says=["/dev/full: cannot be written: No space left"])
                self.assertEqual(len(err.splitlines()), 1, err)
                with open("/dev/full", "wb") as full:
                    done = subprocess.run([support.program(), "asm", *options, "text"],
                                          cwd=self.place, stdout=full, stderr=subprocess.PIPE,
                                          timeout=60, check=False)
                self.assertEqual(done.returncode, 2)
                self.assertIn(b"standard output: cannot be written (No space left", done.stderr)
                self.assertEqual(done.stderr.count(b"\n"), 1)

    def test_reader_of_asm_goes_away(self):
        self.write("text", b"NOP padding=65535\n" * 8)
        for options in ((), ("-c",)):
            reading, writing = os.pipe()
            os.close(reading)
            done = subprocess.run([support.program(), "asm", *options, "text"], cwd=self.place,
                                  stdout=writing, stderr=subprocess.PIPE, timeout=60, check=False)
            os.close(writing)
            self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_cut_capture(self):
        """All whole records are shown, then where and why it ends."""
        self.write("text", b"SET_STENCIL_REF front=1\n")
        capture = self.good("asm", "-c", "text", "text", "text")
        status, out, err = self.run_tool("dump", "-", stdin=capture[:-3])
        self.assertEqual(status, 2)
        self.assertEqual(out.count(b"SET_STENCIL_REF"), 2)
        self.assertRegex(err, r"standard input: byte [0-9]+: .*ends in the middle of this record")
        self.assertEqual(len(re.findall(r"\bbyte [0-9]", err)), 1, err)

    def test_damage_behind(self):
        """What is missing behind the submit that was asked for does not matter."""
        self.write("text", b"NOP\n")
        self.good("asm", "-c", "-o", "x.vcap", "text", "text", "text")
        self.write("cut.vcap", self.read("x.vcap")[:-3])
        for submit in "01":
            status, out, err = self.run_tool("dump", "-s", submit, "cut.vcap", "x.vcap")
            self.assertEqual((status, out.count(b"\nNOP\n"), err), (0, 2, ""))
        self.bad("dump", "-s", "2", "cut.vcap", says=["cut.vcap: byte "])

    def test_others_are_read(self):
        """A file that cannot be read, or not to its end, ends itself alone, and all with 2."""
        self.write("text", b"CREATE_SUB_CTX sub_ctx_id=1\n")
        whole = self.good("asm", "-c", "-o", "whole.vcap", "text") or self.read("whole.vcap")
        self.write("cut.vcap", whole + b"half of a header")
        self.write("bare", STENCIL)
        files = ("nowhere", "cut.vcap", "bare", "whole.vcap")
        for command, shown in (("dump", b"CREATE_SUB_CTX"), ("roundtrip", b"CREATE_SUB_CTX"),
                               ("stats", b"packets 2,"), ("check", b"2 submits, 2 packets")):
            status, out, err = self.run_tool(command, *files)
            self.assertEqual((status, len(err.splitlines())), (2, 3), err)
            self.assertIn("nowhere: cannot be opened", err)
            self.assertRegex(err, "cut.vcap: byte [0-9]+: ")
            self.assertIn("bare: byte 0: this is no capture", err)
            self.assertIn(shown, out)
            self.assertEqual(out.count(b"CREATE_SUB_CTX "), 2 * (shown == b"CREATE_SUB_CTX"))
        # Only the file that was read to its end has one.
        self.assertRegex(out, rb"^whole.vcap: at the end: [^\n]*LEAK_SUB_CTX")
        self.assertEqual(out.count(b"LEAK_SUB_CTX"), 1)
        _, out, _ = self.run_tool("check", "-b", "whole.vcap", "cut.vcap")
        self.assertEqual(re.findall(rb"(?m)^(\w+).*LEAK_SUB_CTX", out), [b"whole"])
        status, out, _ = self.run_tool("dump", "--raw", "--packets-only", "nowhere", "-", "bare",
                                       stdin=STENCIL + b"\1")
        self.assertEqual((status, out.count(b"SET_STENCIL_REF")), (2, 2))

    def test_damaged_capture(self):
        self.write("text", b"SET_STENCIL_REF front=1\n")
        capture = bytearray(self.good("asm", "-c", "text"))
        capture[-2] ^= 0x40
        self.bad("dump", "-", stdin=bytes(capture), says=["standard input: byte "])

    def test_text(self):
        """Line and column of a mistake; nothing is written."""
        path = self.write("text", b"NOP\nDRAW_VBO mode=TRIANGEL\n")
        self.bad("asm", "-o", "out", path, says=["text:2:", "TRIANGEL"])
        self.assertFalse(os.path.exists(os.path.join(self.place, "out")))
        self.assertEqual(sorted(os.listdir(self.place)), ["text"])

    def test_second_text(self):
        """An output that was there stays when a later text is bad."""
        self.write("a", b"NOP\n")
        self.write("b", b"POP\n")
        self.write("out", b"as it was")
        self.bad("asm", "-o", "out", "a", "b", says=["b:1:"])
        self.assertEqual(self.read("out"), b"as it was")
        status, out, _ = self.run_tool("asm", "a", "b")
        self.assertEqual((status, out), (2, b""))

    def test_output_folder(self):
        self.write("a", b"NOP\n")
        self.bad("asm", "-o", "nowhere/out", "a", says=["nowhere/out: cannot be opened"])
        self.bad("asm", "-o", ".", "a", says=[".: cannot be opened"])

    def test_output_behind_link(self):
        """The file that a link leads to is replaced and keeps its mode, the link stays."""
        self.write("a", b"NOP\n")
        for name, mode in (("there", 0o640), ("new", None)):
            path = os.path.join(self.place, name)
            if mode:
                os.chmod(self.write(name, b"as it was"), mode)
            os.mkdir(path + ".d")
            os.symlink(os.path.join("..", name), os.path.join(path + ".d", "link"))
            self.good("asm", "-o", f"{name}.d/link", "a")
            self.assertEqual(self.read(name), words(0))
            self.assertEqual(os.listdir(path + ".d"), ["link"])
            self.assertTrue(os.path.islink(os.path.join(path + ".d", "link")))
            if mode:
                self.assertEqual(os.stat(path).st_mode & 0o777, mode)

    def test_output_with_two_names(self):
        """Both names stay names of one file; a failure before the writing leaves it alone."""
        self.write("a", b"NOP\n")
        os.link(self.write("one", b"as it was"), os.path.join(self.place, "two"))
        self.bad("replay", "-o", "one", "-t", "vtest", "-O", "socket=/nowhere", str(CAPTURE))
        self.assertEqual(self.read("two"), b"as it was")
        self.good("asm", "-o", "one", "a")
        self.assertEqual(self.read("two"), words(0))

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere")
    def test_output_in_closed_folder(self):
        """A file that may be written to is, where no other can be put beside it."""
        self.write("a", b"NOP\n")
        folder = os.path.join(self.place, "closed")
        os.mkdir(folder)
        self.write("closed/out", b"as it was")
        os.chmod(folder, 0o555)
        self.addCleanup(os.chmod, folder, 0o755)
        self.good("asm", "-o", "closed/out", "a")
        self.assertEqual(self.read("closed/out"), words(0))
        self.bad("asm", "-o", "closed/new", "a", says=["closed/new: cannot be opened"])

    @unittest.skipUnless(os.path.exists("/dev/fd/1"), "no /dev/fd")
    def test_output_is_standard(self):
        """By a link, so that nothing in /dev is at stake: what was written before stays."""
        self.write("a", b"NOP\n")
        link = os.path.join(self.place, "link")
        os.symlink("/dev/fd/1", link)
        for again in range(3):
            with open(os.path.join(self.place, "out"), "ab") as out:
                done = subprocess.run([support.program(), "asm", "-o", "link", "a"],
                                      cwd=self.place, stdout=out, check=False, timeout=60)
            self.assertEqual(done.returncode, 0)
            self.assertEqual(self.read("out"), words(0) * (again + 1))
            self.assertTrue(os.path.islink(link))
        self.assertEqual(self.good("asm", "-o", "link", "a"), words(0))

    @unittest.skipUnless(os.path.exists("/dev/fd/1"), "no /dev/fd")
    def test_output_is_open(self):
        """A file that somebody has open is not put aside."""
        self.write("a", b"NOP\n")
        with open(os.path.join(self.place, "out"), "w+b") as out:
            done = subprocess.run([support.program(), "asm", "-o", f"/dev/fd/{out.fileno()}", "a"],
                                  cwd=self.place, pass_fds=[out.fileno()], check=False,
                                  timeout=60)
            self.assertEqual((done.returncode, out.read()), (0, words(0)))
        self.assertEqual(sorted(os.listdir(self.place)), ["a", "out"])


    def test_output_of_record(self):
        """A wrong path is found before the program runs; no file without a recording."""
        touch = ("--", "touch", "ran")
        self.write("there", b"as it was")
        for output, why in (("nowhere/x", "No such file"), (".", "Is a directory"),
                            ("there/x", "Not a directory")):
            self.bad("record", "-o", output, *touch,
                     says=[f"virglcmd: {output}: cannot be opened for writing: {why}"])
        self.bad("record", "-o", "-", *touch, says=["goes into a file"])
        self.bad("record", "-o", "new", "--redirect", "nowhere", *touch,
                 says=["nowhere: cannot be read: No such file"])
        for output in ("there", "new"):
            err = self.bad("record", "--server", "/nowhere", "-o", output, *touch, status=125,
                           says=["virglcmd: record: cannot start /nowhere"])
            self.assertEqual(len(err.splitlines()), 1, err)
        self.assertEqual(self.read("there"), b"as it was")
        self.assertEqual(os.listdir(self.place), ["there"])


class Use(support.Tool):
    def test_no_command(self):
        self.bad(says=["Usage:"])
        self.bad("frobnicate", says=['no command "frobnicate"'])

    def test_unknown_option(self):
        for command in COMMANDS:
            self.bad(command, "--frobnicate", says=["frobnicate", f"virglcmd {command} --help"])

    def test_no_arguments(self):
        for command in COMMANDS[1:]:
            self.bad(command, says=["Usage: virglcmd " + command])

    def test_numbers(self):
        for number in ("", "x", "-1", "1x", "0x", "+1", " 1", "99999999999999999999999"):
            self.bad("dump", "--raw", "--submit", number, "-", says=["--submit is"])

    def test_stdin_twice(self):
        self.bad("dump", "--raw", "-", "-", says=["only once"])
        self.bad("diff", "-", "-", says=["only once"])
        self.bad("asm", "-", "-", stdin=b"NOP\n", says=["only once", "Usage: virglcmd asm"])

    def test_transports(self):
        """All that were built are there; a machine without what they need gets a sentence."""
        told = self.bad("info", "--transport", "pigeon")
        names = [line.split()[0] for line in told.splitlines() if line.startswith("  ")]
        self.assertEqual(names, os.environ["TOOL_TRANSPORTS"].split())
        if "drm" in names:
            for command in (("info",), ("replay", str(CAPTURE))):
                self.bad(*command, "-t", "drm", "-O", "path=/dev/null",
                         says=["virglcmd: drm: /dev/null", "transport drm cannot be opened"])
            if not glob.glob("/dev/dri/renderD*"):
                self.bad("info", "-t", "drm", says=["drm: there is no render node in /dev/dri",
                                                    "virtio-gpu"])

    def test_values(self):
        self.bad("check", "--host", "0.1.7", "-", says=['"0.1.7"', "0.10.4"])
        self.bad("check", "--severity", "bad", "-", says=["reject, error"])
        self.bad("info", "--transport", "pigeon", says=['no transport "pigeon"'])
        self.bad("replay", "--until", "x", "-", says=["SUBMIT:PACKET"])
        self.bad("replay", "--frame", "0", "--until", "0", "-", says=["--frame and --until"])
        for wrong in ("", ":", "1:", ":1", "0:x", "-1", "18446744073709551616", "1" * 40 + ":0"):
            self.bad("replay", "--until", wrong, "-", says=["SUBMIT:PACKET"])
        self.bad("dump", "--json", "--full", "-", says=["--json"])
        self.bad("check", "-c", "-", "-", says=["standard input can be read only once"])
        self.bad("replay", "-R", "4294967296", str(CAPTURE), says=["32 bits"])
        self.bad("replay", "-R", "1", str(CAPTURE), says=["--resource says which picture"])
        self.bad("record", "true", says=["-o FILE"])
        self.bad("record", "-o", "x", says=["no program"])
        self.bad("record", "-o", "x", "-l", "10", "--", "true", says=["0 to 9"])

    def test_capset_file(self):
        path = self.write("capset", b"\1" * 100)
        self.bad("info", path, says=["100 bytes are no capset"])
        self.bad("check", "--raw", "-c", path, "-", stdin=STENCIL, says=["are no capset"])

    def test_capset_of_pipe(self):
        """Bytes of a capset or a capture, by what is in it."""
        self.good("info", "--save", "capset", str(CAPTURE))
        saved = self.good("info", "capset")
        self.assertEqual(self.good("info", "-", stdin=self.read("capset")), saved)
        self.assertEqual(self.good("info", "-", stdin=CAPTURE.read_bytes()),
                         self.good("info", str(CAPTURE)))
        self.write("stream", STENCIL)
        self.good("check", "--raw", "-c", "-", "stream", stdin=self.read("capset"))
        self.bad("info", "-", says=["standard input: byte 0: the file is empty"])

    def test_no_capset(self):
        """Of a size that one could have; the version in front gives it away."""
        for version in (0, 3, 0x1000d):
            path = self.write("other", words(version) + bytes(1372))
            self.bad("info", path, says=[f"version would be {version}"])
            self.bad("check", "--raw", "-c", path, "-", stdin=STENCIL, says=["no capset"])
            self.bad("info", "-", stdin=self.read("other"), says=["standard input: byte 0: "])

    def test_large_capset(self):
        """In a capture: it is not passed over as if there were none, but by --capset."""
        payload = words(2, 2, 5000) + bytes(5000)
        head = words(4, 0, len(payload), len(payload), 0, 0, zlib.crc32(payload))
        record = head + words(zlib.crc32(head)) + payload
        self.write("text", b"NOP\n")
        capture = self.good("asm", "-c", "text")
        begin = 32 + int.from_bytes(capture[12:16], "little")
        path = self.write("large.vcap", capture[:begin] + record + capture[begin:])
        for command in ("info", "check"):
            self.bad(command, path, says=["large.vcap: a capset of 5000 bytes; at most 4096"])
        self.good("check", "--capset", str(CAPTURE), path)

    def test_capture_without_capset(self):
        self.write("text", b"NOP\n")
        self.good("asm", "-c", "-o", "x.vcap", "text")
        self.bad("info", "x.vcap", says=["x.vcap: there is no capset"])


class Names(support.Tool):
    def test_control_characters(self):
        """The name of a file neither ends a line, where asm would read on, nor moves a cursor."""
        name, shown = "a\nNOP\x1b[2J.vcap", "a\\x0aNOP\\x1b[2J.vcap"
        self.write("text", b"SET_STENCIL_REF front=1\nRAW 0x200ee 0x1 0x2\n")
        self.write("other", b"SET_STENCIL_REF front=2\n")
        self.good("asm", "-c", "-o", name, "text")
        self.good("asm", "-c", "-o", "b.vcap", "other")
        for arguments in (("dump", name), ("check",), ("roundtrip",), ("stats", "-f", name)):
            out = self.text(*arguments, name, status=int(arguments[0] != "stats"))
            self.assertIn(shown, out, arguments)
            self.assertNotIn(name, out)
        for options in ((), ("--brief",)):
            out = self.text("diff", *options, name, "b.vcap", status=1)
            self.assertIn(shown, out)
            self.assertNotIn(name, out)
        text = self.run_tool("dump", "b.vcap", name)[1]
        self.assertEqual(self.good("asm", "-", stdin=text),
                         words(0x0001000d, 2, 0x0001000d, 1, 0x000200ee, 1, 2))
        self.assertIn("ä.vcap: cannot be opened", self.bad("dump", "ä.vcap"))
        self.assertIn("# ä.vcap\n", self.text("dump", self.write("ä.vcap", self.read("b.vcap")),
                                              "b.vcap").replace(self.place + "/", ""))


class Output(support.Tool):
    def test_reader_gone(self):
        """dump | head: quiet, and no signal."""
        path = self.write("large", STENCIL * 200000)
        for arguments in (("dump", "--raw"), ("dump", "--json", "--raw"), ("roundtrip", "--raw"),
                          ("check", "--raw")):
            with subprocess.Popen([support.program(), *arguments, path], stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE) as tool:
                tool.stdout.readline()
                tool.stdout.close()
                err = tool.stderr.read()
                self.assertEqual((tool.wait(60), err), (0, b""), arguments)

    def test_closed(self):
        path = self.write("in", STENCIL)
        done = subprocess.run(f"'{support.program()}' dump --raw '{path}' >&-", shell=True,
                              stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"standard output: cannot be written", done.stderr)

    def test_full(self):
        if not os.path.exists("/dev/full"):
            return
        path = self.write("in", STENCIL * 10000)
        for command in ("dump", "roundtrip"):
            with open("/dev/full", "wb") as full:
                done = subprocess.run([support.program(), command, "--raw", path], stdout=full,
                                      stderr=subprocess.PIPE, check=False)
            self.assertEqual(done.returncode, 2)
            self.assertIn(b"No space left", done.stderr)
        text = self.write("text", b"NOP\n")
        self.bad("asm", "-o", "/dev/full", text, says=["/dev/full: cannot be written"])

    def test_no_progress_in_files(self):
        path = self.write("large", STENCIL * 300000)
        self.assertEqual(self.run_tool("roundtrip", "--raw", "-q", path)[2], "")

    def test_terminal(self):
        """asm does not write dwords to a terminal."""
        path = self.write("text", b"NOP\n")
        ours, theirs = pty.openpty()
        try:
            done = subprocess.run([support.program(), "asm", path], stdout=theirs,
                                  stderr=subprocess.PIPE, check=False)
        finally:
            os.close(theirs)
            os.close(ours)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"not for a terminal", done.stderr)


class Progress(support.Tool):
    """On a terminal, and about work of more than half a second."""

    def on_terminal(self, *arguments, feed=(), pause=0.0):
        """
        What the terminal got. What is fed goes to standard input, with pauses of 0.6 s; what comes
        is read after the pause: the tool waits, too, when it has written what a pipe holds.
        """
        ours, theirs = pty.openpty()
        with subprocess.Popen([support.program(), *arguments], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=theirs) as tool:
            os.close(theirs)
            for number, part in enumerate(feed):
                time.sleep(0.6 if number else 0)
                tool.stdin.write(part)
                tool.stdin.flush()
            tool.stdin.close()
            time.sleep(pause)
            tool.stdout.read()
            self.assertEqual(tool.wait(60), 0)
            shown = self.rest_of(ours)
        os.close(ours)
        return shown.decode()

    @staticmethod
    def rest_of(terminal):
        """What it has got, once nobody writes to it any more."""
        shown = b""
        while True:
            try:
                part = os.read(terminal, 4096)
            except OSError: # Linux's way to say that the other side is closed
                return shown
            if not part:
                return shown
            shown += part

    def test_pipe(self):
        """Without a known end: bytes; the line is cleared at the end."""
        path = self.write("text", b"SET_STENCIL_REF front=1\n")
        capture = self.good("asm", "-c", path, path, path)
        shown = self.on_terminal("roundtrip", "-", feed=[capture[:-8], capture[-8:]])
        self.assertRegex(shown, r"^(\rroundtrip: [1-9][0-9]* bytes\x1b\[K)+\r\x1b\[K$")

    def test_file(self):
        """Of a file: how much of it, which only grows, and not for each packet."""
        path = self.write("large", STENCIL * 50000)
        for command in ("dump", "roundtrip"):
            shown = self.on_terminal(command, "--raw", path, pause=0.7)
            parts = re.fullmatch(rf"((?:\r{command}: [0-9]+ %\x1b\[K)+)\r\x1b\[K", shown)
            self.assertTrue(parts, repr(shown))
            numbers = [int(number) for number in re.findall("[0-9]+(?= %)", parts.group(1))]
            self.assertEqual(numbers, sorted(numbers))
            self.assertLessEqual(numbers[-1], 100)
            self.assertLess(len(numbers), 100)

    def test_text_on_terminal(self):
        """Both go to one: nothing gets into text that is printed meanwhile."""
        path = self.write("large", STENCIL * 50000)
        for command, shown in (("dump", False), ("stats", True)):
            ours, theirs = pty.openpty()
            with subprocess.Popen([support.program(), command, "--raw", path, "-"], stdout=theirs,
                                  stderr=theirs, stdin=subprocess.PIPE) as tool:
                os.close(theirs)
                time.sleep(0.7) # it waits: with the terminal, or for its input
                tool.stdin.write(STENCIL)
                tool.stdin.close()
                got = self.rest_of(ours)
                self.assertEqual(tool.wait(60), 0)
            os.close(ours)
            self.assertEqual(b"\x1b[K" in got, shown, command)

    def test_short(self):
        path = self.write("short", STENCIL)
        self.assertEqual(self.on_terminal("roundtrip", "--raw", path), "")


class Check(support.Tool):
    def test_nothing(self):
        """A capture without a record is good; one that could not be read is not summed up."""
        self.write("text", b"NOP\n")
        capture = self.good("asm", "-c", "text")
        empty = capture[:32 + int.from_bytes(capture[12:16], "little")]
        self.write("empty.vcap", empty)
        self.assertEqual(self.text("check", "empty.vcap"), "0 submits, 0 packets: no faults\n")
        self.assertEqual(self.run_tool("check", "nowhere")[:2], (2, b""))
        self.assertEqual(self.run_tool("check", "-", stdin=empty + b"cut")[:2], (2, b""))

    def test_good(self):
        self.assertIn("1 packet: no faults", self.text("check", "--raw", "-", stdin=STENCIL))

    def test_rejected(self):
        out = self.text("check", "--raw", "-", stdin=STENCIL + words(0x000000ee) + STENCIL,
                        status=1)
        self.assertIn("UNKNOWN_COMMAND", out)
        self.assertIn("the host rejects this submit at packet 1 (dword 2)", out)

    def test_all_faults(self):
        out = self.text("check", "--raw", "-b", "-", stdin=words(0x000000ee, 0x000000ef),
                        status=1)
        self.assertEqual(out.count("UNKNOWN_COMMAND"), 2)

    def test_severity(self):
        stream = words(0x0001000d, 0xffff0201)
        everything = self.run_tool("check", "--raw", "-", stdin=stream)[1]
        less = self.good("check", "--raw", "-s", "reject", "-", stdin=stream)
        self.assertIn(b"RESERVED_BITS", everything)
        self.assertIn(b"no faults, 1 remark (harmless, and not needed)\n", everything)
        self.assertIn(b"no faults; 1 less severe left out\n", less)
        draw = words(0x000c0008, 0, 3, 4, 0, 1, 0, 0, 0, 0, 0, 2, 0)
        out = self.text("check", "--raw", "-b", "-", stdin=draw + stream, status=1)
        self.assertIn("1 fault (the host ignores it), 1 remark (harmless, and not needed)\n", out)
        out = self.text("check", "--raw", "-b", "-s", "error", "-", stdin=draw + stream)
        self.assertEqual(out, "1 submit, 2 packets: no faults; 2 less severe left out\n")

    def test_host(self):
        """LINK_SHADER, opcode 52, came with 0.10.0."""
        stream = words(0x00060034, 0, 0, 0, 0, 0, 0)
        self.assertIn("UNKNOWN_COMMAND", self.text("check", "--raw", "-H", "0.8.2", "-",
                                                   stdin=stream, status=1))
        self.assertNotIn("UNKNOWN_COMMAND", self.run_tool("check", "--raw", "-", stdin=stream)[1]
                         .decode())

    def test_resources_of_dwords(self):
        """Bare dwords name resources that nobody created: that is no fault; handles are."""
        stream = words(0x00030006, 16, 0, 77, 0x00010302, 5)
        out = self.text("check", "--raw", "-b", "-", stdin=stream[:16])
        self.assertIn("no faults", out)

    def requests(self, *requests, answer=0x1100):
        """A capture with requests of a control queue; numbers and layouts from virtio_gpu.h."""
        self.write("none", b"SET_SUB_CTX sub_ctx_id=0\n")
        capture = self.good("asm", "-c", "none")
        for kind, context, body in requests:
            request = words(kind, 0, 0, 0, context, 0) + body
            response = words(answer, 0, 0, 0, 0, 0)
            capture += support.record(16, words(len(request), len(response)) + request + response)
        return capture

    def test_control(self):
        """What raw requests create, attach and submit is there; what they failed to is not."""
        create = (0x204, 0, words(7, 0, 64, 16, 256, 1, 1, 1, 0, 0, 0, 0))
        attach = (0x202, 1, words(7, 0))
        index = words(0x0003000b, 7, 2, 0)
        submit = support.record(13, words(1, 4) + index)
        out = self.text("check", "-b", "-", stdin=self.requests(create, attach) + submit)
        self.assertNotIn("RESOURCE_UNKNOWN", out)
        self.assertIn("LEAK_RESOURCE", out)
        for part, fault in (((create,), b"401 RESOURCE_NOT_ATTACHED"),
                            ((attach,), b"400 RESOURCE_UNKNOWN"),
                            ((create, attach, (0x102, 0, words(7, 0))), b"400 RESOURCE_UNKNOWN")):
            out = self.run_tool("check", "-b", "-", stdin=self.requests(*part) + submit)[1]
            self.assertIn(fault, out)
        out = self.run_tool("check", "-b", "-", stdin=self.requests(create, attach, answer=0x1205)
                            + submit)[1]
        self.assertIn(b"400 RESOURCE_UNKNOWN", out)
        request = (0x207, 1, words(len(index) + 4, 0) + index + words(0xee))
        out = self.text("check", "-b", "-", stdin=self.requests(create, attach, request), status=1)
        self.assertIn("byte", out)
        self.assertIn("100 UNKNOWN_COMMAND", out)
        self.assertIn("2 submits, 3 packets: 1 fault (the host rejects the stream)", out)

    def test_unknown_state(self):
        """After what is not understood no fault is made up, which is told once."""
        submit = support.record(13, words(1, 4) + words(0x0003000b, 7, 2, 0))
        capture = self.requests() + support.record(0x80000001, b"????") * 2 + submit
        out = self.text("check", "-b", "-", stdin=capture)
        self.assertEqual(out.count("is not known from here on"), 1)
        self.assertIn("2 submits, 2 packets: no faults", out)
        out = self.text("check", "-b", "-", stdin=self.requests((0x999, 0, b"")) + submit)
        self.assertIn("a control request that cannot be decoded", out)

    def test_no_context(self):
        """Rejected for its context, and not for a packet of it."""
        submit = support.record(13, words(9, len(STENCIL) // 4) + STENCIL)
        out = self.text("check", "-b", "-", stdin=self.requests() + submit, status=1)
        self.assertIn("context 9, no such context [902 CONTEXT_UNKNOWN", out)
        self.assertIn("the host rejects this submit as a whole", out)
        self.assertNotIn("NOP", out)

    def test_dump_of_control(self):
        out = self.text("dump", "-", stdin=self.requests((0x202, 1, words(7, 0))))
        self.assertIn("# control: CTX_ATTACH_RESOURCE hdr.type=514 hdr.ctx_id=1 resource_id=7; "
                      "answered by OK_NODATA", out)

    def test_every_host(self):
        words_of = next(line.split("\t")[4] for line in self.text("--options").splitlines()
                        if line.startswith("check\thost\t"))
        for host in words_of.split():
            self.good("check", "--raw", "-H", host, "-", stdin=STENCIL)
        known = self.bad("check", "--raw", "-H", "x", "-").splitlines()[-1].strip().split(", ")
        self.assertEqual(known, words_of.split())


if __name__ == "__main__":
    support.main()
