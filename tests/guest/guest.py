#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
The DRM transport on a real kernel: boots a virtual machine with a virtio-gpu device, runs the
examples and the tests of the transport there, and compares their pictures with the loopback's.
"""

import argparse
import collections
import functools
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
UPLOADS = ["transfer", "copy", "inline"]
FACTS = ["caps", "compute", "streamout", "query", "msaa"]

# What a run may print that the next one does not.
CHANGING = re.compile(r"the host took \d+ ns|frames in|^renderer:", re.MULTILINE)

options = None


def find_kernel(series):
    return kernel.Kernel(options.cache, kernel.newest_package(series))


def program(name):
    return os.path.join(options.build, "bin", name)


@functools.lru_cache(maxsize=None)
def loopback(name, *arguments):
    """Output of an example on the loopback, and its picture, None where it makes none."""
    with tempfile.TemporaryDirectory() as place:
        done = subprocess.run(
            [program(name), "--transport", "loopback", *arguments],
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


def calls(trace):
    """System calls by name, in what strace has written; EXECBUFFER by its own name."""
    counted = collections.Counter()
    for line in trace.splitlines():
        match = re.match(r"(?:\d+ +)?(\w+)\((.*)", line)
        if match:
            is_exec = match[1] == "ioctl" and "0x64, 0x42" in match[2] or "EXECBUFFER" in match[2]
            counted["EXECBUFFER" if is_exec else match[1]] += 1
    return counted


class Guest(unittest.TestCase):
    """Base: one boot for all tests of a class."""

    GPU = "virtio-gpu-gl-pci"
    KERNEL = None  # the series; None: as the command line says
    ROOT = None
    result = None

    @classmethod
    def prepare(cls, guest):
        """Adds the steps."""

    @classmethod
    def setUpClass(cls):
        used = find_kernel(cls.KERNEL or options.kernel)
        guest = machine.Machine(used, cls.GPU, cls.ROOT)
        cls.prepare(guest)
        cls.result = result = cls.boot(guest)
        print(
            f"{cls.__name__}: Linux {used.version} with {cls.GPU}, "
            f"booted after {result.text('booted').strip()} s, finished after "
            f"{result.text('finished').strip()} s, {result.seconds:.1f} s in all",
            flush=True,
        )

    @classmethod
    def boot(cls, guest):
        return guest.run()

    def assert_step(self, step, status=0):
        log = self.result.text(step + ".log")
        self.assertEqual(self.result.status(step), status, f"{step}:\n{log}")
        return log


class With3d(Guest):
    """All that the transport can do."""

    OFFERS = "old"  # what test_guest is to expect

    @classmethod
    def prepare(cls, guest):
        guest.step("nodes", "ls -l /dev/dri")
        guest.step("transport", f"{guest.program(program('test_guest'))} {cls.OFFERS}")
        bench, strace = guest.program(program("bench_drm")), guest.program("/usr/bin/strace")
        for method in UPLOADS:
            guest.step(f"uploads-{method}", f"{bench} frames 10 {method}")
        for frames in (1, 11):
            guest.step(f"count-{frames}", f"{strace} -f -o trace-{frames} {bench} frames {frames}")
            guest.step(
                f"buffers-{frames}", f"{strace} -f -o reuse-{frames} {bench} create {frames}"
            )
        guest.step("roundtrip", f"{bench} roundtrip 2")
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
        wrong = [] if picture == expected else [
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

    def test_transport(self):
        log = self.assert_step("transport")
        print("".join(line for line in log.splitlines(True) if line.startswith("offers")), end="")

    def test_uploads_in_the_stream(self):
        """The program looks at each of the thousand draws itself."""
        for method in UPLOADS:
            with self.subTest(method):
                log = self.assert_step("uploads-" + method)
                self.assertIn("0 draws are wrong", log)
                print(log, end="")

    def per_piece(self, name):
        more, less = (calls(self.result.text(f"{name}-{count}")) for count in (11, 1))
        self.assertGreater(less["EXECBUFFER"] + less["ioctl"], 0, "strace has seen nothing")
        return {call: (more[call] - less[call]) / 10 for call in more if more[call] != less[call]}

    def test_a_frame_is_one_submit(self):
        frame = self.per_piece("trace")
        print("system calls of a frame, its wait included:", frame)
        self.assertEqual(frame.pop("EXECBUFFER"), 1)
        self.assertEqual(frame, self.WAITING)

    # Waiting for a fence that is a file.
    WAITING = {"ppoll": 1, "close": 1}

    def test_buffers_are_reused(self):
        """Of creating, uploading and freeing only the upload is left: a transfer and its wait."""
        buffers = self.per_piece("reuse")
        print("system calls of a buffer that is created, uploaded and freed:", buffers)
        self.assertEqual(buffers, {"ioctl": 2})

    def test_roundtrip(self):
        print(self.assert_step("roundtrip"), end="")

    def test_kernel_is_content(self):
        self.assertEqual(self.result.kernel_complaints(), [])


class Newer(With3d):
    """A newer host and kernel, where blobs, contexts with rings and syncobjs are real."""

    GPU = "virtio-gpu-gl-pci,blob=on,hostmem=256M"
    KERNEL = "6.12"
    OFFERS = "new"
    # Waiting for a point of a timeline.
    WAITING = {"ioctl": 1}

    @classmethod
    def setUpClass(cls):
        if not options.tree:
            raise unittest.SkipTest("no --tree of a newer system was asked for")
        cls.ROOT = options.tree
        super().setUpClass()

    def test_facts(self):
        """The host's caps are not those of the loopback here; what is computed is the same."""
        for name in ("compute", "streamout"):
            with self.subTest(name):
                self.assert_step(name)
                expected, _ = loopback(name)
                self.assertEqual(steady(self.result.text(name + ".log")), steady(expected))


class OnScreen(Guest):
    """The gears on the guest's screen, seen from outside."""

    GPU = "virtio-gpu-gl-pci,xres=640,yres=480"
    FRAMES = 8
    shots = []

    @classmethod
    def prepare(cls, guest):
        # It ends when its input does. The console tells when there is something to see.
        guest.step(
            "kms",
            f"sleep 3 | {guest.program(program('kms'))} --frames {cls.FRAMES} | "
            'while read -r line; do echo "$line"; echo "kms: $line" >/dev/console; done',
        )

    @classmethod
    def boot(cls, guest):
        def watch(console, screen):
            if f"kms: frame {cls.FRAMES - 1} is on the screen" in console and len(cls.shots) < 10:
                cls.shots.append(screen.pixels())

        return guest.run(screen=(640, 480), watch=watch)

    def test_screen_shows_the_frame(self):
        """Every pixel, beside the picture of that frame on the loopback."""
        self.assertIn("640x480", self.assert_step("kms"))
        _, picture = loopback("gears", "--frames", str(self.FRAMES))
        wanted = [[picture[x, y] for x in range(640)] for y in range(480)]
        different = min(
            sum(a != b for got, want in zip(shot, wanted) for a, b in zip(got, want))
            for shot in self.shots
        )
        self.assertEqual(different, 0, "so many pixels of the screen differ")
        _, other = loopback("gears", "--frames", str(self.FRAMES - 1))
        self.assertFalse(picture == other, "the frames look the same: nothing is proved")

    def test_kernel_is_content(self):
        """Linux 6.1 forgets to announce that its planes take damage clips, and says so itself."""
        found = self.result.kernel_complaints()
        self.assertEqual([line for line in found if "enable_fb_damage_clips" not in line], [])


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
    global options
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, help="the build tree with the programs in bin/")
    parser.add_argument("--cache", required=True, help="where kernels are kept")
    parser.add_argument("--kernel", default="6.1", help="series of Debian's kernel, default 6.1")
    parser.add_argument("--tree", help="root of a newer Debian with QEMU, for the tests Newer")
    parser.add_argument("tests", nargs="*", help="names of tests, as With3d.test_pictures")
    options = parser.parse_args()
    options.build = os.path.abspath(options.build)
    try:
        find_kernel(options.kernel)
        if options.tree:
            find_kernel(Newer.KERNEL)
    except kernel.Missing as missing:
        sys.exit(f"tests/guest: {missing}")
    unittest.main(argv=[sys.argv[0], *options.tests], verbosity=2)


if __name__ == "__main__":
    main()
