# SPDX-License-Identifier: MIT
"""Reads PNG pictures, with nothing but the standard library."""

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"


class Picture:
    """Pixels of 8 bits each; (0, 0) is the upper left one."""

    def __init__(self, width, height, channels, rows):
        self.width = width
        self.height = height
        self._channels = channels
        self._rows = rows

    def __getitem__(self, place):
        """Red, green and blue of picture[x, y]."""
        x, y = place
        start = x * self._channels
        return tuple(self._rows[y][start : start + 3])

    def __eq__(self, other):
        return self._channels == other._channels and self._rows == other._rows

    def alpha(self, x, y):
        return 255 if self._channels == 3 else self._rows[y][x * 4 + 3]


def _chunks(data):
    position = len(SIGNATURE)
    while position < len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        body = data[position + 8 : position + 8 + length]
        (crc,) = struct.unpack_from(">I", data, position + 8 + length)
        if zlib.crc32(kind + body) != crc:
            raise ValueError(f"chunk {kind}: wrong checksum")
        yield kind, body
        position += 12 + length


def _paeth(left, up, corner):
    guess = left + up - corner
    nearest = min(abs(guess - left), abs(guess - up), abs(guess - corner))
    if nearest == abs(guess - left):
        return left
    return up if nearest == abs(guess - up) else corner


def _unfilter(kind, row, above, step):
    for i in range(len(row)):
        left = row[i - step] if i >= step else 0
        up = above[i]
        corner = above[i - step] if i >= step else 0
        prediction = (0, left, up, (left + up) // 2, _paeth(left, up, corner))[kind]
        row[i] = (row[i] + prediction) & 255


def read(path):
    """A Picture. Takes RGB and RGBA of 8 bits without interlace, else ValueError."""
    with open(path, "rb") as file:
        data = file.read()
    if not data.startswith(SIGNATURE):
        raise ValueError("not a PNG")
    header, packed = None, b""
    for kind, body in _chunks(data):
        if kind == b"IHDR":
            header = struct.unpack(">IIBBBBB", body)
        elif kind == b"IDAT":
            packed += body
    width, height, depth, color, _, _, interlace = header
    if depth != 8 or color not in (2, 6) or interlace:
        raise ValueError(f"unknown kind of PNG: depth {depth}, colour {color}")
    channels = 3 if color == 2 else 4
    stride = width * channels
    raw = zlib.decompress(packed)
    if len(raw) != height * (stride + 1):
        raise ValueError("wrong amount of pixels")
    rows, above = [], bytearray(stride)
    for y in range(height):
        start = y * (stride + 1)
        row = bytearray(raw[start + 1 : start + 1 + stride])
        if raw[start]:
            _unfilter(raw[start], row, above, channels)
        rows.append(row)
        above = row
    return Picture(width, height, channels, rows)
