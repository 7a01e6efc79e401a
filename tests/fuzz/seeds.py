#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the seeds of the fuzzers: the wire of all golden tests, and text with their packets.

    seeds.py DIRECTORY
"""

import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
ARRAY = re.compile(r"static const (uint32_t|uint8_t) expected\[\] = \{([^}]*)\}")


def golden():
    """(dwords, bytes): the contents of the tables, each as bytes."""
    packets, control = [], []
    for path in sorted((HERE.parent / "protocol").glob("golden_*.c")):
        for kind, text in ARRAY.findall(path.read_text()):
            size = 4 if kind == "uint32_t" else 1
            wire = b"".join(int(n, 0).to_bytes(size, "little")
                            for n in text.replace(",", " ").split())
            (packets if size == 4 else control).append(wire)
    return packets, control


def texts():
    """Each packet by its name, once alone and once with each of its fields."""
    lines = (HERE / "text.dict").read_text().splitlines()
    words = [line[1:-1] for line in lines if line.startswith('"')]
    return [f"{word} {other}1".encode() for word, other in zip(words, words[1:])]


def main():
    """Writes a folder for each fuzzer."""
    top = pathlib.Path(sys.argv[1])
    packets, control = golden()
    if not packets or not control:
        sys.exit("the golden tests have no tables")
    streams = [b"".join(packets[k:k + 5]) for k in range(0, len(packets), 5)]
    for name, seeds in (("decode", packets + streams), ("check", streams), ("control", control),
                        ("assemble", texts())):
        folder = top / name
        folder.mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(seeds):
            (folder / f"seed{number}").write_bytes(seed)


if __name__ == "__main__":
    main()
