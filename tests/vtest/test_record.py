# SPDX-License-Identifier: MIT
"""test_record.py FOLDER [TEST...]: programs behind the proxy, by record_log in FOLDER."""

import contextlib
import glob
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest

from server import OldServer, Server, full_socket

folder = "."
ASKER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "asker.py")
CARD_PROGRAMS = ("triangle", "texture", "instancing", "query", "msaa", "multi-context")


def path(program):
    """A program of the build."""
    return os.path.join(os.path.abspath(folder), program)


class Recorded(unittest.TestCase):
    """Base: a folder of its own, and no sockets may be left in it."""

    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.place = place.name
        self.log = os.path.join(self.place, "log")
        # Programs with a sanitizer do not like a library before it; this one does no harm.
        sanitizer = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
        self.env = {**os.environ, "TMPDIR": self.place, "ASAN_OPTIONS": sanitizer}

    def record(self, *arguments, options=(), env=None):
        """Exit status, stderr and the lines of the log."""
        done = subprocess.run(
            [path("record_log"), *options, self.log, *arguments], cwd=self.place,
            env=env or self.env, capture_output=True, text=True, timeout=120, check=False)
        self.nothing_left()
        return done.returncode, done.stderr, self.lines()

    def nothing_left(self):
        self.assertEqual(glob.glob(self.place + "/virglcmd-record-*"), [])

    def lines(self):
        if not os.path.exists(self.log):
            return []
        with open(self.log, encoding="utf-8") as file:
            return file.read().splitlines()

    def picture(self, name):
        with open(os.path.join(self.place, name), "rb") as file:
            return file.read()


class Transparent(Recorded):
    """A program sees through the proxy what it sees without it."""

    def check(self, program, version, *options):
        arguments = ["--transport", "vtest", "--options", f"version={version}", "--output"]
        status, err, lines = self.record(path(program), *arguments, "proxy.png", options=options)
        self.assertEqual((status, err), (0, ""))
        subprocess.run([path(program), "--output", "plain.png"], cwd=self.place, check=True,
                       capture_output=True)
        self.assertEqual(self.picture("proxy.png"), self.picture("plain.png"))
        return lines

    def test_version_3(self):
        for program in CARD_PROGRAMS:
            with self.subTest(program=program):
                self.assertIn("1 version 3", self.check(program, 3))

    def test_version_2(self):
        lines = self.check("triangle", 2)
        self.assertIn("1 version 2", lines)
        self.assertRegex("\n".join(lines), r"1 get2 \d+ box 640x480x1 memory 1228800 ")

    def test_version_0(self):
        lines = self.check("triangle", 0)
        self.assertIn("1 version 0", lines)
        self.assertRegex("\n".join(lines), r"1 get \d+ box 640x480x1 bytes 1228800 ")

    def test_a_server_that_runs_already(self):
        with Server() as server:
            self.check("triangle", 3, "-s", server.socket)

    def answers(self, seconds, *words, options=()):
        """What a client that waits for each answer gets; "none" for none."""
        status, err, lines = self.record(
            "sh", "-c", f"'{sys.executable}' -B '{ASKER}' {seconds} {' '.join(words)} >answers",
            options=options)
        self.assertEqual((status, err), (0, ""))
        self.assertIn("1 name asker", lines)
        with open(self.place + "/answers", encoding="utf-8") as file:
            return file.read().split()

    def test_a_client_that_waits(self):
        """Mesa sends a ping and a question about the capset together with the next request."""
        self.assertEqual(self.answers(60, "ping", "busy", "version", "caps2", "caps"),
                         ["10", "7", "11", "2", "1"])
        self.assertEqual(self.answers(60, "caps2", "busy", "caps2", "caps", "ping"),
                         ["2", "7", "2", "1", "10"])
        self.assertEqual(self.answers(60, "ping+busy")[0], "10")

    def test_a_client_that_waits_for_an_old_server(self):
        """The one that does not answer, and the one that it does."""
        server = OldServer(self.place + "/old")
        options = ("-s", server.listener.getsockname())
        self.assertEqual(self.answers(1, "ping", "busy", "caps2", "caps", options=options),
                         ["none", "7", "none", "1"])
        self.assertEqual(self.answers(60, "ping+busy", "caps2+caps", options=options),
                         ["7", "1"])

    def test_what_is_seen_is_what_is_sent(self):
        """The same stream and pixels twice; and triangle.c sends 3 vertices of 8 floats."""
        seen = []
        for _ in range(2):
            lines = self.check("triangle", 2)
            seen.append([line for line in lines if "idle" not in line])
        self.assertEqual(seen[0], seen[1])
        self.assertRegex("\n".join(lines), r"1 put2 \d+ box 96x1x1 memory 96 ")

    def test_several_at_once(self):
        script = " & ".join(f"'{path('triangle')}' --transport vtest --output {i}.png"
                            for i in range(6)) + " & wait"
        status, err, lines = self.record("sh", "-c", script)
        self.assertEqual((status, err), (0, ""))
        pictures = {self.picture(f"{i}.png") for i in range(6)}
        self.assertEqual(len(pictures), 1)
        for what in ("connect", "disconnect"):
            self.assertEqual(sorted(line for line in lines if line.endswith(" " + what)),
                             [f"{i} {what}" for i in range(1, 7)])


class Endings(Recorded):
    """Whatever becomes of the program: its exit status, no hang, nothing left."""

    def test_exit_statuses(self):
        for script, expected in (("exit 0", 0), ("exit 42", 42), ("kill -9 $$", 137),
                                 ("kill -11 $$", 139)):
            self.assertEqual(self.record("sh", "-c", script)[0], expected, script)

    def test_a_program_that_is_not_there(self):
        status, err, _ = self.record("/nowhere/at/all")
        self.assertEqual(status, 127)
        self.assertIn("/nowhere/at/all", err)
        self.assertEqual(self.record(self.place)[0], 126)

    def test_a_server_that_is_not_there(self):
        status, err, _ = self.record("true", env={"PATH": "/nowhere", "TMPDIR": self.place})
        self.assertEqual(status, 125)
        self.assertIn("package virgl-server", err)

    def test_a_server_that_nobody_runs(self):
        status, err, _ = self.record(
            path("triangle"), "--transport", "vtest", options=("-s", self.place + "/none"))
        self.assertEqual(status, 1)
        self.assertIn(f"connection 1: no server answers on {self.place}/none: No such file", err)

    def start(self, *arguments, options=()):
        """The program in the middle of its work."""
        process = subprocess.Popen(
            [path("record_log"), *options, self.log, *arguments], cwd=self.place, env=self.env, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        time.sleep(3)
        self.assertIsNone(process.poll(), "too fast for this test")
        return process

    def gears(self):
        return self.start(path("gears"), "--transport", "vtest", "--frames", "100000")

    def end(self, process, status):
        process.communicate(timeout=30)
        self.assertEqual(process.returncode, status)
        self.nothing_left()
        lines = self.lines()
        self.assertEqual(lines[-1], "1 disconnect")
        self.assertGreater(sum("submit" in line for line in lines), 10)

    def test_interrupted_at_the_terminal(self):
        process = self.gears()
        os.killpg(process.pid, signal.SIGINT)  # as the terminal does: to all of the group
        self.end(process, 128 + signal.SIGINT)

    def test_terminated(self):
        process = self.gears()
        process.send_signal(signal.SIGTERM)
        self.end(process, 128 + signal.SIGTERM)

    def test_ended_before_the_program_began(self):
        """While the server does not listen yet: no folder, no server, no program is left."""
        server = os.path.join(self.place, "virgl_test_server")
        with open(server, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\necho $$ >'{self.place}/pid'\nexec /bin/sleep 60\n")
        os.chmod(server, 0o700)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            with self.subTest(number=number):
                process = subprocess.Popen(
                    [path("record_log"), self.log, "/bin/touch", self.place + "/ran"],
                    env={**self.env, "PATH": self.place}, text=True, stderr=subprocess.PIPE,
                    start_new_session=True)
                end = time.monotonic() + 20
                while not os.path.exists(self.place + "/pid"):
                    self.assertLess(time.monotonic(), end)
                    time.sleep(0.05)
                self.assertNotEqual(glob.glob(self.place + "/virglcmd-record-*"), [])
                os.killpg(process.pid, number)
                _, err = process.communicate(timeout=20)
                self.assertEqual(process.returncode, 128 + number)
                self.assertIn("before the program was started", err)
                self.nothing_left()
                self.assertFalse(os.path.exists(self.place + "/ran"))
                with open(self.place + "/pid", encoding="utf-8") as file:
                    self.assertRaises(ProcessLookupError, os.kill, int(file.read()), 0)
                os.unlink(self.place + "/pid")

    def test_many_clients(self):
        """A client that has left leaves nothing; one that cannot be taken costs no time."""
        server = OldServer(self.place + "/old")
        visitor = os.path.join(os.path.dirname(ASKER), "visitor.py")
        status, err, _ = self.record(
            "sh", "-c", f"exec '{sys.executable}' -B '{visitor}' >numbers",
            options=("-s", server.listener.getsockname()))
        self.assertEqual((status, err), (0, ""))
        with open(self.place + "/numbers", encoding="utf-8") as file:
            grown, spent = file.read().split()
        self.assertLess(int(grown), 50)
        self.assertLess(float(spent), 0.1)

    def test_what_the_program_leaves_behind_is_cut_off(self):
        """A grandchild holds its connection for ever: the recording ends all the same."""
        script = f"'{path('gears')}' --transport vtest --frames 100000 >out 2>&1 & sleep 2"
        begin = time.monotonic()
        status, _, _ = self.record("sh", "-c", script)
        self.assertEqual(status, 0)
        self.assertLess(time.monotonic() - begin, 20)

    def test_a_server_that_accepts_nobody(self):
        """The program gives up, is ended or leaves a child that waits: the recording ends, too."""
        listener, others = full_socket(self.place + "/full")
        options = ("-s", listener.getsockname())
        triangle = f"'{path('triangle')}' --transport vtest"
        for script, expected in ((f"{triangle} --options timeout=1", 1),
                                 (f"{triangle} & sleep 1", 0)):
            begin = time.monotonic()
            status, err, _ = self.record("sh", "-c", script + " 2>/dev/null", options=options)
            self.assertEqual(status, expected, err)
            self.assertIn("connection 1: the server on ", err)
            self.assertIn(" has not taken it", err)
            self.assertLess(time.monotonic() - begin, 20)
        process = self.start(path("triangle"), "--transport", "vtest", options=options)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
        self.assertEqual(process.returncode, 128 + signal.SIGTERM)
        self.nothing_left()
        for client in others + [listener]:
            client.close()

    def test_a_server_that_accepts_late(self):
        """As without the proxy: the program waits for it."""
        listener, others = full_socket(self.place + "/full")
        for client in others:
            client.close()
        process = self.start(path("triangle"), "--transport", "vtest", "--options", "timeout=30",
                             options=("-s", listener.getsockname()))
        for _ in others:
            client = listener.accept()[0]
            name = client.recv(8)
            client.close()
        self.assertEqual(name, struct.pack("<2I", 9, 8))  # of CREATE_RENDERER
        process.communicate(timeout=20)
        self.assertEqual(process.returncode, 1)
        listener.close()


@contextlib.contextmanager
def screen():
    """An X server of one's own; the display."""
    if not shutil.which("Xvfb"):
        raise RuntimeError("Xvfb is missing: it is in Debian's package xvfb")
    reader, writer = os.pipe()
    with subprocess.Popen(["Xvfb", "-displayfd", str(writer), "-screen", "0", "640x480x24"],
                          pass_fds=[writer], stderr=subprocess.DEVNULL) as server:
        os.close(writer)
        with os.fdopen(reader) as display:
            number = display.readline().strip()
        try:
            yield ":" + number
        finally:
            server.terminate()


class Mesa(Recorded):
    """Mesa's virpipe driver, the client that the protocol was made for."""

    def test_glxgears(self):
        if not shutil.which("glxgears"):
            self.fail("glxgears is missing: it is in Debian's package mesa-utils")
        with screen() as display:
            env = {**self.env, "DISPLAY": display}
            status, err, lines = self.record("timeout", "5", "glxgears", env=env)
        text = "\n".join(lines)
        self.assertEqual((status, err), (124, ""))  # timeout's own
        self.assertIn("name glxgears", text)
        self.assertRegex(text, r"\d version [23]")
        frames = re.findall(r"get2 (\d+) box 300x300x1 memory 360000 (\w+)", text)
        self.assertGreater(len(frames), 20)
        # The gears turn.
        self.assertGreater(len({pixels for _, pixels in frames}), 10)


class Captures(Recorded):
    """A capture, replayed on the loopback, brings back the bytes that the program got."""

    COUNTS = re.compile(r"submits (\d+) frames (\d+) compared (\d+) different (\d+) "
                        r"failures (\d+) unknown (\d+)")

    def capture(self, *arguments, env=None):
        """Exit status; the capture is in self.file."""
        self.file = os.path.join(self.place, "test.vcap")
        done = subprocess.run(
            [path("record_main"), self.file, *arguments], cwd=self.place, env=env or self.env,
            capture_output=True, text=True, timeout=120, check=False)
        self.nothing_left()
        self.assertRegex(done.stderr, "frames: success")
        return done.returncode

    def replay(self, file=None):
        """Submits, frames, compared; nothing may differ."""
        done = subprocess.run([path("replay_main"), file or self.file], capture_output=True,
                              text=True, timeout=300, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        counts = [int(number) for number in self.COUNTS.search(done.stdout).groups()]
        self.assertEqual(counts[3:], [0, 0, 0], done.stdout)
        return counts[:3]

    def test_examples(self):
        for program in (*CARD_PROGRAMS, "compute", "streamout"):
            for version in (2, 3):
                if program == "texture" and version < 3:
                    continue  # its resources have flags
                with self.subTest(program=program, version=version):
                    status = self.capture(path(program), "--transport", "vtest", "--options",
                                          f"version={version}")
                    self.assertEqual(status, 0)
                    submits, _, compared = self.replay()
                    self.assertGreater(submits, 0)
                    if program in CARD_PROGRAMS:
                        self.assertGreater(compared, 0)

    def test_without_shared_memory(self):
        self.capture(path("triangle"), "--transport", "vtest", "--options", "version=0")
        self.assertGreater(self.replay()[2], 0)

    def test_two_connections_are_two_captures(self):
        one = f"'{path('triangle')}' --transport vtest"
        self.assertEqual(self.capture("sh", "-c", f"{one} && {one} --size 32x32"), 0)
        self.assertEqual(sorted(os.path.basename(name) for name in
                                glob.glob(self.place + "/*.vcap")),
                         ["test.2.vcap", "test.vcap"])
        self.replay()
        self.replay(self.place + "/test.2.vcap")

    def test_glxgears_that_crashes(self):
        with screen() as display:
            status = self.capture("timeout", "-s", "KILL", "4", "glxgears",
                                  env={**self.env, "DISPLAY": display})
        self.assertEqual(status, 137)
        submits, frames, compared = self.replay()
        self.assertGreater(frames, 20)
        self.assertGreaterEqual(compared, frames)
        self.assertGreater(submits, frames)


if __name__ == "__main__":
    folder = sys.argv.pop(1)
    unittest.main(verbosity=2)
