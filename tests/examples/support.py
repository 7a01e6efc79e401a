# SPDX-License-Identifier: MIT
"""What the tests of the examples share: running one, and looking at its picture."""

import os
import subprocess
import tempfile
import unittest

import png

# Where the programs are; the command line sets it.
folder = "."


def run(program, *arguments):
    """Exit status, stdout and stderr of a program, run in a folder where it may write."""
    with tempfile.TemporaryDirectory() as place:
        path = os.path.join(os.path.abspath(folder), program)
        done = subprocess.run(
            [path, *arguments], cwd=place, capture_output=True, text=True, timeout=300
        )
    return done.returncode, done.stdout, done.stderr


class Example(unittest.TestCase):
    """Base of the tests: each says what it looks at, and where it differs at most."""

    def output(self, program, *arguments):
        """What a program prints; it must succeed."""
        status, out, err = run(program, *arguments)
        self.assertEqual(status, 0, f"{program} {' '.join(arguments)}: {err}")
        return out

    def render(self, program, *arguments):
        """The picture, and what was printed besides."""
        with tempfile.TemporaryDirectory() as place:
            path = os.path.join(place, "picture.png")
            out = self.output(program, "--output", path, *arguments)
            self.assertEqual(out.splitlines()[-1], path)
            return png.read(path), out

    def assert_picture(self, picture, size, expected, tolerance=0):
        """
        expected(x, y) is red, green and blue of the pixel in column x of row y, row 0 on top; None
        where arithmetic may fall on either side. All pixels that are wrong are counted.
        """
        self.assertEqual((picture.width, picture.height), size)
        wrong, seen, first = 0, 0, None
        for y in range(picture.height):
            for x in range(picture.width):
                want = expected(x, y)
                if want is None:
                    continue
                seen += 1
                got = picture[x, y]
                if max(abs(a - b) for a, b in zip(want, got)) > tolerance:
                    wrong += 1
                    first = first or f"({x}, {y}) is {got}, not {want}"
        self.assertEqual(wrong, 0, f"{wrong} of {seen} pixels are wrong, the first: {first}")
        self.assertGreater(seen, 0.95 * size[0] * size[1], "too few pixels are certain")
