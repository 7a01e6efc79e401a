#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes small captures for the fuzzer, from docs/capture-format.md and nothing else.

    capture_seeds.py DIRECTORY
"""

import pathlib
import struct
import sys
import zlib


def header(creator=b"seeds"):
    """The header of a file."""
    head = struct.pack("<8sHHIQI", b"\x89VCAP\r\n\x1a", 1, 0, len(creator), 0, 0) + creator
    return head + struct.pack("<I", zlib.crc32(head))


def record(kind, payload, compress=False, essential=0):
    """A record of a type with its payload."""
    stored = zlib.compress(payload) if compress else payload
    head = struct.pack("<IIIIQI", kind, essential | compress, len(stored), len(payload), 7,
                       zlib.crc32(stored))
    return head + struct.pack("<I", zlib.crc32(head)) + stored


def words(*numbers):
    """u32 fields."""
    return struct.pack(f"<{len(numbers)}I", *numbers)


def text(*parts):
    """Sizes, then texts."""
    return words(*map(len, parts)) + b"".join(parts)


def rows(offset, row_bytes, row_stride, count):
    """Rows of one layer."""
    return struct.pack("<Q5I", offset, row_bytes, row_stride, count, 0, 1)


def samples():
    """One record of each type, in an order that can be replayed."""
    surface = words(5 << 16 | 8 << 8 | 1, 4, 2, 67, 0, 0)
    framebuffer = words(3 << 16 | 5, 1, 0, 4)
    transfer = words(13 << 16 | 43, 2, 0, 0, 0, 0, 0, 0, 0, 4, 4, 1, 0, 1)
    stream = surface + framebuffer + transfer
    return [
        record(1, text(b"a comment")),
        record(2, text(b"program", b"seeds")),
        record(4, words(1, 1, 308) + bytes(308), True),
        record(5, words(1, 0, 4) + b"name"),
        record(7, words(2, 2, 67, 10, 8, 8, 1, 1, 0, 0, 0) + struct.pack("<Q", 256)),
        record(9, words(1, 2)),
        record(11, words(1, 2, 1, 0, 0, 0, 0, 4, 4, 1, 0, 0) + struct.pack("<Q", 0)
               + rows(0, 16, 32, 4) + words(64) + bytes(64)),
        record(12, words(2, 0) + rows(3, 100, 0, 1) + words(100) + bytes(100), True),
        record(13, words(1, len(stream) // 4) + stream),
        record(14, words(1) + struct.pack("<Q", 1)),
        record(15, struct.pack("<QQ", 1, 1000)),
        record(3, words(1, 2, 0, 0, 0, 0, 0, 0, 0)),
        record(11, words(1, 2, 2, 0, 0, 0, 0, 8, 8, 1, 0, 0) + struct.pack("<Q", 0)
               + rows(0, 32, 32, 8) + words(256) + bytes(256)),
        record(17, words(64) + text(b"why")),
        record(10, words(1, 2)),
        record(1000, b"unknown"),
        record(8, words(2)),
        record(6, words(1)),
        record(16, words(4, 2) + b"abcdef"),
    ]


def main():
    """Writes the folder."""
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    records = samples()
    for number, one in enumerate(records):
        (folder / f"one{number}").write_bytes(header() + one)
    (folder / "all").write_bytes(header() + b"".join(records))


if __name__ == "__main__":
    main()
