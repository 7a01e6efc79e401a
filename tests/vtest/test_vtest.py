# SPDX-License-Identifier: MIT
"""test_vtest.py FOLDER [TEST...]: the vtest transport against Debian's server, by the examples."""

import os
import re
import subprocess
import sys
import tempfile
import time
import unittest

from server import Server, full_socket, stray_connection

PICTURES = ("triangle", "gears", "texture", "instancing", "query", "msaa", "multi-context")
# What a version of the protocol cannot say; the README of the transport tells why.
BEYOND = {0: ("texture", "query"), 2: ("texture",), 3: ()}
folder = "."


def start(program, *arguments):
    """A process, whose output is to be read."""
    return subprocess.Popen([os.path.join(folder, program), *arguments], text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def run(program, *arguments):
    """Exit status, stdout and stderr."""
    process = start(program, *arguments)
    out, err = process.communicate(timeout=300)
    return process.returncode, out, err


def vtest(path, *options):
    """Arguments of an example for a server."""
    return ["--transport", "vtest", "--options", ",".join([f"socket={path}", *options])]


class Pixels(unittest.TestCase):
    """The loopback is the same virglrenderer, so the files must be the same."""

    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.place = place.name

    def picture(self, name, program, *arguments):
        path = os.path.join(self.place, name)
        status, _, err = run(program, "--output", path, *arguments)
        self.assertEqual((status, err), (0, ""), program)
        with open(path, "rb") as file:
            return file.read()

    def compare(self, version, *options):
        with Server(*options) as server:
            for program in PICTURES:
                with self.subTest(program=program):
                    arguments = vtest(server.socket, f"version={version}")
                    if program in BEYOND[version]:
                        status, _, err = run(program, *arguments)
                        self.assertEqual(status, 1)
                        self.assertIn("version", err)
                        continue
                    self.assertEqual(self.picture("vtest.png", program, *arguments),
                                     self.picture("loopback.png", program))

    def test_version_3(self):
        self.compare(3)

    def test_version_2(self):
        self.compare(2)

    def test_version_0(self):
        self.compare(0)

    def test_clients_in_one_process(self):
        self.compare(3, "--multi-clients", "--no-fork")


class Opening(unittest.TestCase):
    """Each failure is one sentence that says what to do, and ends the program."""

    def refused(self, status, words, arguments):
        got, out, err = run("triangle", *arguments)
        self.assertEqual((got, out), (status, ""), err)
        self.assertRegex(err, words)

    def test_nobody_listens(self):
        with tempfile.TemporaryDirectory() as place:
            self.refused(1, "No such file.*virgl_test_server", vtest(place + "/none"))
            path = os.path.join(place, "file")
            with open(path, "w", encoding="utf-8"):
                pass
            self.refused(1, "no server answers", vtest(path))

    def test_options(self):
        for option, words in (("version=4", "0 to 3"), ("version=", "0 to 3"),
                              ("timeout=-1", "seconds"), ("sync=2", "0 or 1"),
                              ("socket=", "1 to 107"), ("socket=" + "x" * 108, "1 to 107"),
                              ("colour=blue", "unknown")):
            self.refused(2, words, ["--transport", "vtest", "--options", option])

    def test_the_environment_names_the_socket(self):
        with Server() as server:
            os.environ["VTEST_SOCKET_NAME"] = server.socket
            try:
                status, _, err = run("caps", "--transport", "vtest")
            finally:
                del os.environ["VTEST_SOCKET_NAME"]
            self.assertEqual(status, 0, err)

    def test_a_version_that_the_server_does_not_take(self):
        with Server("--multi-clients", "--no-fork") as server:
            self.refused(1, "--multi-clients serves version 3 only",
                         vtest(server.socket, "version=2"))
            self.assertIn("protocol version too low", server.said())

    def test_a_server_that_is_busy_with_another(self):
        with Server("--no-fork") as server:
            other = stray_connection(server.socket)
            time.sleep(1)  # for the server to take it
            begin = time.monotonic()
            self.refused(1, "has not answered in time", vtest(server.socket, "timeout=2"))
            self.assertLess(time.monotonic() - begin, 30)
            other.close()

    def test_a_server_that_accepts_nobody(self):
        with tempfile.TemporaryDirectory() as place:
            listener, others = full_socket(place + "/full")
            begin = time.monotonic()
            self.refused(1, "has not taken the connection in time",
                         vtest(place + "/full", "timeout=1"))
            self.assertLess(time.monotonic() - begin, 20)
            # As soon as there is room it gets through, to a server that says nothing.
            process = start("triangle", *vtest(place + "/full", "timeout=5"))
            time.sleep(0.5)
            self.assertIsNone(process.poll())
            listener.accept()[0].close()
            listener.accept()[0].close()
            _, err = process.communicate(timeout=60)
            self.assertIn("has not answered in time", err)
            for client in others + [listener]:
                client.close()


class Errors(unittest.TestCase):
    """What the server does with a stream that the host rejects: it closes the connection."""

    def test_the_example(self):
        with Server() as server:
            status, out, err = run("error", *vtest(server.socket, "sync"))
            said = server.said()
        self.assertEqual((status, err), (0, ""))
        sections, lines = {}, []
        for line in out.splitlines():
            if line.startswith(" "):
                lines.append(line)
            else:
                sections[line] = lines = []
        statuses = {title: [int(number) for number in re.findall(r"\(status (\d+)\)", "\n".join(s))]
                    for title, s in sections.items()}
        # 3 and 16 are the encoder's; 39 is DEVICE_LOST, at once because of the option.
        self.assertEqual(statuses, {
            "a primitive that does not exist": [3, 0],
            "more than the buffer holds": [16, 0],
            "a surface of a resource that does not exist": [39, 39],
            "a shader with an instruction that does not exist": [39, 39],
            "a draw with nothing bound": [0, 0],
            "a shader that does not exist is bound": [0, 0],
        })
        self.assertIn("its stderr tells more", out)
        self.assertIn("Illegal resource 4711", said)

    def check_kill(self, *options):
        with Server() as server:
            process = start("gears", "--frames", "100000", *vtest(server.socket, *options))
            time.sleep(2)
            self.assertIsNone(process.poll(), "too fast for this test")
            server.kill()
            begin = time.monotonic()
            _, err = process.communicate(timeout=60)
            self.assertLess(time.monotonic() - begin, 20)
        # A signal would be negative: SIGPIPE is -13.
        self.assertEqual(process.returncode, 1, err)
        self.assertRegex(err, "vtest: .*(has closed the connection|broke)")

    def test_a_server_that_is_killed(self):
        self.check_kill()

    def test_a_server_that_is_killed_and_no_shared_memory(self):
        self.check_kill("version=0")


if __name__ == "__main__":
    folder = sys.argv.pop(1)
    unittest.main(verbosity=2)
