# SPDX-License-Identifier: MIT
"""What the tests of the tool share: running it, and streams to give it."""

import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/fuzz"))

import seeds  # noqa: E402

# Where the programs are; the command line says it.
folder = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else "."


def program(name="virglcmd"):
    return os.path.join(folder, name)


def words(*numbers):
    return struct.pack(f"<{len(numbers)}I", *numbers)


def record(kind, payload):
    """A record of a capture, by docs/capture-format.md."""
    head = words(kind, 0x8000, len(payload), len(payload), 0, 0, zlib.crc32(payload))
    return head + words(zlib.crc32(head)) + payload


def golden():
    """Packets that the golden tests hold, each by itself: the wire as facts about hosts say it."""
    return seeds.golden()[0]


class Tool(unittest.TestCase):
    """Base of the tests: a folder to write in, and runs of the tool in it."""

    def setUp(self):
        self.place = self.enterContext(tempfile.TemporaryDirectory()) if hasattr(
            self, "enterContext") else self.own_place()

    def own_place(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        return place.name

    def write(self, name, content):
        path = os.path.join(self.place, name)
        with open(path, "wb") as file:
            file.write(content)
        return path

    def read(self, name):
        with open(os.path.join(self.place, name), "rb") as file:
            return file.read()

    def run_tool(self, *arguments, stdin=b"", env=None):
        """(exit status, stdout as bytes, stderr as text)"""
        done = subprocess.run([program(), *arguments], cwd=self.place, input=stdin,
                              capture_output=True, timeout=300, check=False,
                              env=dict(os.environ, **(env or {})))
        err = done.stderr.decode(errors="replace")
        self.assertNotIn("Sanitizer", err)
        self.assertGreaterEqual(done.returncode, 0, f"{arguments}: {err}")
        return done.returncode, done.stdout, err

    def good(self, *arguments, stdin=b"", status=0):
        """What the tool prints; it ends with status."""
        got, out, err = self.run_tool(*arguments, stdin=stdin)
        self.assertEqual(got, status, f"{arguments}: {err}{out[-2000:].decode(errors='replace')}")
        return out

    def text(self, *arguments, stdin=b"", status=0):
        return self.good(*arguments, stdin=stdin, status=status).decode()

    def bad(self, *arguments, stdin=b"", status=2, says=()):
        """stderr of a run that ends with status; each of says is in it."""
        got, _, err = self.run_tool(*arguments, stdin=stdin)
        self.assertEqual(got, status, f"{arguments}: {err}")
        for word in says:
            self.assertIn(word, err)
        return err


def main():
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
