#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
The DRM transport on a real kernel: boots a virtual machine with a virtio-gpu device, runs the
examples and the tests of the transport there, and compares their pictures with the loopback's.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../examples"))

import kernel  # noqa: E402
import machine  # noqa: E402
import png  # noqa: E402

PICTURES = ["triangle", "gears", "texture", "instancing", "msaa", "multi-context", "query"]
FACTS = ["caps", "compute", "streamout", "query", "msaa"]

# What a run may print that the next one does not.
CHANGING = re.compile(r"the host took \d+ ns|frames in|^renderer:", re.MULTILINE)

options = None
guest_kernel = None


def program(name):
    return os.path.join(options.build, "bin", name)


def loopback(name):
    """Output of an example on the loopback, and its picture, None where it makes none."""
    with tempfile.TemporaryDirectory() as place:
        done = subprocess.run(
            [program(name), "--transport", "loopback"],
            cwd=place, capture_output=True, text=True, timeout=300, check=True,
        )  # fmt: skip
        path = os.path.join(place, name + ".png")
        return done.stdout, png.read(path) if os.path.exists(path) else None


def guest_picture(result, name):
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        file.write(result.files.get(name, b""))
        file.flush()
        return png.read(file.name)


def steady(text):
    """The lines of an output that are the same in each run."""
    return [line for line in text.splitlines() if not CHANGING.search(line)]


class Guest(unittest.TestCase):
    """Base: one boot for all tests of a class."""

    GPU = "virtio-gpu-gl-pci"
    result = None

    @classmethod
    def prepare(cls, guest):
        """Adds the steps."""

    @classmethod
    def setUpClass(cls):
        guest = machine.Machine(guest_kernel, cls.GPU)
        cls.prepare(guest)
        cls.result = guest.run()
        result = cls.result
        print(
            f"{cls.__name__}: Linux {guest_kernel.version} with {cls.GPU}, "
            f"booted after {result.text('booted').strip()} s, finished after "
            f"{result.text('finished').strip()} s, {result.seconds:.1f} s in all",
            flush=True,
        )

    def assert_step(self, step, status=0):
        log = self.result.text(step + ".log")
        self.assertEqual(self.result.status(step), status, f"{step}:\n{log}")
        return log


class With3d(Guest):
    """All that the transport can do."""

    @classmethod
    def prepare(cls, guest):
        guest.step("nodes", "ls -l /dev/dri")
        for name in sorted({*PICTURES, *FACTS, "error"}):
            guest.step(name, guest.program(program(name)) + " --transport drm")
        triangle = guest.program(program("triangle")) + " --transport drm"
        guest.step("path", triangle + " --output path.png --options path=/dev/dri/renderD128")
        guest.step("fd", triangle + " --output fd.png --options fd=7 7<>/dev/dri/renderD128")
        guest.step("nowhere", triangle + " --options path=/dev/dri/renderD999")
        guest.step("not-drm", triangle + " --options path=/dev/zero")
        guest.step("bad-fd", triangle + " --options fd=77")

    def test_pictures(self):
        for name in PICTURES:
            with self.subTest(name):
                self.assert_step(name)
                self.assert_same(name, guest_picture(self.result, name + ".png"))

    def assert_same(self, name, picture):
        _, expected = loopback(name)
        size = (expected.width, expected.height)
        self.assertEqual((picture.width, picture.height), size)
        wrong = [
            f"({x}, {y}) is {picture[x, y]}, on the loopback {expected[x, y]}"
            for y in range(size[1])
            for x in range(size[0])
            if picture[x, y] != expected[x, y]
        ]
        self.assertEqual(len(wrong), 0, f"{name}: {len(wrong)} pixels differ, first {wrong[:1]}")
        # A picture of one colour proves nothing.
        colours = {picture[x, y] for x in range(0, size[0], 3) for y in range(0, size[1], 3)}
        self.assertGreater(len(colours), 1, f"{name} shows nothing")

    def test_facts(self):
        for name in FACTS:
            with self.subTest(name):
                self.assert_step(name)
                expected, _ = loopback(name)
                self.assertEqual(steady(self.result.text(name + ".log")), steady(expected))

    def test_errors_are_not_heard(self):
        """What the example shows on the loopback as refused by the host "succeeds" here."""
        log = self.assert_step("error")
        self.assertIn("a primitive that does not exist", log)
        self.assertNotIn("virglrenderer:", log)

    def test_options(self):
        for name in ("path", "fd"):
            self.assert_step(name)
            self.assert_same("triangle", guest_picture(self.result, name + ".png"))
        self.assertIn("No such file or directory", self.assert_step("nowhere", 1))
        self.assertIn("Inappropriate ioctl", self.assert_step("not-drm", 1))
        self.assertIn("fd=77: cannot duplicate it: Bad file descriptor",
                      self.assert_step("bad-fd", 1))  # fmt: skip

    def test_kernel_is_content(self):
        self.assertEqual(self.result.kernel_complaints(), [])


class Without3d(Guest):
    """The negative control: a device without 3D has the same node, and says so."""

    GPU = "virtio-gpu-pci"

    @classmethod
    def prepare(cls, guest):
        guest.step("nodes", "ls /dev/dri")
        guest.step("triangle", guest.program(program("triangle")) + " --transport drm")

    def test_says_why(self):
        self.assertIn("renderD128", self.assert_step("nodes"))
        log = self.assert_step("triangle", 1)
        self.assertIn("/dev/dri/renderD128: virtio_gpu without 3D", log)
        self.assertNotIn("triangle.png", self.result.files)

    def test_kernel_is_content(self):
        self.assertEqual(self.result.kernel_complaints(), [])


def main():
    global options, guest_kernel
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, help="the build tree with the programs in bin/")
    parser.add_argument("--cache", required=True, help="where kernels are kept")
    parser.add_argument("--kernel", default="6.1", help="series of Debian's kernel, default 6.1")
    parser.add_argument("tests", nargs="*", help="names of tests, as With3d.test_pictures")
    options = parser.parse_args()
    options.build = os.path.abspath(options.build)
    try:
        guest_kernel = kernel.Kernel(options.cache, kernel.newest_package(options.kernel))
    except kernel.Missing as missing:
        sys.exit(f"tests/guest: {missing}")
    unittest.main(argv=[sys.argv[0], *options.tests], verbosity=2)


if __name__ == "__main__":
    main()
