# SPDX-License-Identifier: MIT
"""
Pictures of the examples against geometry: what each pixel must be follows from what the example
says it draws, never from a picture that was made before.
"""

import math
import re

from support import Example

BACKGROUND = (51, 102, 153)


def position(x, y, size):
    """The middle of a pixel where positions run from -1 to 1, upwards."""
    return 2 * (x + 0.5) / size[0] - 1, 1 - 2 * (y + 0.5) / size[1]


def edge(a, b, point):
    """Positive on the left of the way from a to b."""
    return (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0])


class Triangle(Example):
    SIZE = (640, 480)
    TOP, LEFT, RIGHT = (0.0, 0.75), (-0.75, -0.75), (0.75, -0.75)

    def expected(self, x, y):
        point = position(x, y, self.SIZE)
        area = edge(self.TOP, self.LEFT, self.RIGHT)
        # Shares of the corners: each is the area of the triangle with the opposite side.
        shares = (
            edge(self.LEFT, self.RIGHT, point) / area,
            edge(self.RIGHT, self.TOP, point) / area,
            edge(self.TOP, self.LEFT, point) / area,
        )
        if abs(min(shares)) < 0.001:
            return None
        if min(shares) < 0:
            return BACKGROUND
        return tuple(255 * share for share in shares)

    def test_colours_of_the_corners_are_interpolated(self):
        picture, _ = self.render("triangle")
        self.assert_picture(picture, self.SIZE, self.expected, tolerance=2)


class Texture(Example):
    """Squares of 160 pixels in cells of 200; see docs/orientation.md for the rules."""

    SIZE = (600, 400)
    CELL, MARGIN, SIDE = 200, 20, 160
    PAPER, INK, RED = (250, 240, 230), (30, 40, 90), (230, 60, 40)
    LETTER = (
        "........",
        ".#####..",
        ".#......",
        ".#......",
        ".####...",
        ".#......",
        ".#......",
        "........",
    )

    def in_backing(self, column, row):
        """The texel in a row of the backing; the first row was overwritten."""
        if row == 0:
            return self.RED
        return self.INK if self.LETTER[row][column] == "#" else self.PAPER

    def texel(self, column, row, y_0_top):
        """The texel where the shader sees it: row 0 has v from 0 to 1/8."""
        return self.in_backing(column % 8, 7 - row % 8 if y_0_top else row % 8)

    def nearest(self, u, v, y_0_top):
        return self.texel(math.floor(u * 8), math.floor(v * 8), y_0_top)

    def linear(self, u, v, y_0_top):
        left, low = math.floor(u * 8 - 0.5), math.floor(v * 8 - 0.5)
        x, y = u * 8 - 0.5 - left, v * 8 - 0.5 - low
        total = [0.0, 0.0, 0.0]
        for i, across in ((0, 1 - x), (1, x)):
            for j, along in ((0, 1 - y), (1, y)):
                for channel, value in enumerate(self.texel(left + i, low + j, y_0_top)):
                    total[channel] += across * along * value
        return tuple(total)

    def expected(self, x, y):
        column, row = x // self.CELL, y // self.CELL
        right = (x % self.CELL - self.MARGIN + 0.5) / self.SIDE
        down = (y % self.CELL - self.MARGIN + 0.5) / self.SIDE
        if not (0 < right < 1 and 0 < down < 1):
            return BACKGROUND
        if column == 0:
            return self.nearest(right, down, row == 1)
        if column == 1:
            return self.nearest(right, 1 - down, row == 1)
        return self.linear(2 * right, 2 * down, row == 1)

    def test_each_square_lies_as_the_rules_say(self):
        for arguments in ((), ("--options", "gles=1")):
            with self.subTest(arguments=arguments):
                picture, _ = self.render("texture", *arguments)
                # Weights of the linear filter have 8 bits; the rest is exact anyway.
                self.assert_picture(picture, self.SIZE, self.expected, tolerance=3)


class Instancing(Example):
    """Cells of 120 pixels, squares above and diamonds below."""

    SIZE = (600, 240)

    def expected(self, x, y):
        column, row = x // 120, y // 120
        half = 60 * (column + 4) / 10
        right, up = abs(x % 120 + 0.5 - 60), abs(y % 120 + 0.5 - 60)
        distance = max(right, up) if row == 0 else right + up
        if abs(distance - half) < 0.05:
            return None
        if distance > half:
            return (0, 0, 0)
        growing = 51 + 51 * column
        return (growing, 51, 204) if row == 0 else (51, growing, 204)

    def test_shapes_places_sizes_and_colours(self):
        for arguments in ((), ("--options", "gles=1")):
            with self.subTest(arguments=arguments):
                picture, _ = self.render("instancing", *arguments)
                self.assert_picture(picture, self.SIZE, self.expected)


class Msaa(Example):
    """Pixels of 8x8, 40x40 of them on either side; a pixel is the share of its samples inside."""

    SIZE = (640, 320)
    SMALL, ZOOM, RAYS = 40, 8, 9

    def setUp(self):
        self.rays = []
        for ray in range(self.RAYS):
            corners = [self.small(0, 0)]
            for part in (0, 0.25):
                turn = 2 * math.pi / self.RAYS * (ray + part)
                corners.append(self.small(0.9 * math.cos(turn), 0.9 * math.sin(turn)))
            self.rays.append(corners)

    def small(self, x, y):
        """A place in the small texture, in its pixels, upwards."""
        return (x + 1) * self.SMALL / 2, (y + 1) * self.SMALL / 2

    def inside(self, point):
        """None when rounding decides: nearer to a side than a hundredth of a pixel."""
        hit = False
        for corners in self.rays:
            distances = [
                edge(a, b, point) / math.dist(a, b)
                for a, b in zip(corners, corners[1:] + corners[:1])
            ]
            if abs(min(distances)) < 0.01:
                return None
            hit = hit or min(distances) > 0
        return hit

    def share(self, column, row, samples):
        """row counts upwards."""
        hits = [self.inside((column + x, row + y)) for x, y in samples]
        return None if None in hits else sum(hits) / len(hits)

    def test_one_sample_and_four(self):
        picture, out = self.render("msaa")
        places = re.findall(r"\(([\d.]+), ([\d.]+)\)", out)
        samples = [(float(x), float(y)) for x, y in places]
        self.assertEqual(len(set(samples)), 4)
        shares = {}
        for row in range(self.SMALL):
            for column in range(self.SMALL):
                shares[column, row] = self.share(column, row, [(0.5, 0.5)])
                shares[column + self.SMALL, row] = self.share(column, row, samples)

        def expected(x, y):
            share = shares[x // self.ZOOM, self.SMALL - 1 - y // self.ZOOM]
            return None if share is None else (255 * share,) * 3

        self.assert_picture(picture, self.SIZE, expected, tolerance=1)
        between = sum(share not in (0, 1, None) for share in shares.values())
        self.assertGreater(between, 100, "there are hardly any edges to smooth")

    def test_gles(self):
        picture, _ = self.render("msaa", "--options", "gles=1")
        again, _ = self.render("msaa")
        self.assert_picture(picture, self.SIZE, lambda x, y: again[x, y], tolerance=1)


class MultiContext(Example):
    """64x64 texels, painted by one context, two pixels each and twice across in the other."""

    SIZE = (320, 320)

    def expected(self, x, y):
        if not (32 <= x < 288 and 32 <= y < 288):
            return (0, 0, 0)
        right = (x - 32) // 2 % 64
        up = (287 - y) // 2 % 64
        return ((right + 0.5) / 64 * 255, (up + 0.5) / 64 * 255, 127.5)

    def test_what_one_paints_the_other_shows(self):
        for arguments in ((), ("--options", "gles=1")):
            with self.subTest(arguments=arguments):
                picture, _ = self.render("multi-context", *arguments)
                self.assert_picture(picture, self.SIZE, self.expected, tolerance=1)
