# SPDX-License-Identifier: MIT
"""fuzz_seeds.py FOLDER CAPSET1 CAPSET2: what good servers say, for tests/fuzz/fuzz_vtest.c."""

import pathlib
import struct
import sys

MEMORY = b"\xf0"
IDLE = (1, 7, 0)


def say(*parts):
    """Pieces as the fuzzer takes them; dwords are tuples."""
    out = b""
    for part in parts:
        if part is MEMORY:
            out += part
            continue
        data = struct.pack(f"<{len(part)}I", *part) if isinstance(part, tuple) else part
        for at in range(0, len(data), 239):
            piece = data[at : at + 239]
            out += bytes([len(piece)]) + piece
    return out


def main():
    """Writes a seed for each version, and for a server before 0.7.0."""
    folder, caps1, caps2 = (pathlib.Path(argument) for argument in sys.argv[1:])
    one, two = caps1.read_bytes(), caps2.read_bytes()
    folder.mkdir(parents=True, exist_ok=True)
    caps = say((len(two) + 1, 2), two, (len(one) + 1, 1), one)
    new = say((0, 10), IDLE)
    old = say(IDLE, (len(one) + 1, 1), one)
    # Of two resources: transfers through the socket, waiting, and the answers to destroying.
    inline = say(b"x" * 256, b"x" * 16, IDLE, b"y" * 64, b"y" * 16, IDLE, IDLE)
    shared = say(MEMORY, IDLE, IDLE, b"x" * 16, IDLE)
    capsets = say((1 + len(one) // 4, 16, 1), one, (1 + len(two) // 4, 16, 1), two)
    third = say((1, 12, 1), MEMORY, IDLE, IDLE, b"x" * 16, IDLE,
                (1, 18, 2), MEMORY, b"y" * 64, b"y" * 16, IDLE, IDLE)
    seeds = {
        "old": b"\0" + old + inline,
        "version0": b"\0" + new + say((1, 11, 0)) + caps + inline,
        "version2": b"\2" + new + say((1, 11, 2)) + caps + shared + say(IDLE),
        "version3": b"\3" + new + say((1, 11, 3)) + capsets + third,
        # The handshake is the fuzzer's own.
        "hello0": b"\x80" + inline,
        "hello2": b"\x82" + shared,
        "hello3": b"\x83" + third,
    }
    for name, data in seeds.items():
        (folder / name).write_bytes(data)


if __name__ == "__main__":
    main()
