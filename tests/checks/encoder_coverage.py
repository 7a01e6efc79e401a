#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every encoder that the headers declare is in the tables of tests/core."""

import argparse
import pathlib
import re
import sys

# These have tests of their own: one takes an argument more, the others write any packet.
ELSEWHERE = {"create_shader_some", "encode_packet", "assemble"}


def declared(root):
    """Names of the functions that append to a buffer."""
    names = set()
    for path in sorted((root / "include/virglcmd").glob("*.h")):
        names |= set(re.findall(r"^enum vcmd_status vcmd_(\w+)\(\s*struct vcmd_buffer \*buf",
                                path.read_text(), re.M))
    return names


def tabled(root):
    """Names of the functions that the tables call."""
    names = set()
    for path in sorted((root / "tests/core").glob("cases_*.c")):
        names |= set(re.findall(r"^ENCODER\((\w+),", path.read_text(), re.M))
    text = (root / "tests/core/test_control.c").read_text()
    names |= {f"ctrl_{name}" for name in re.findall(r"^(?:REQUEST|BARE)\((\w+)[,)]", text, re.M)}
    return names


def main():
    """Prints what is missing; the exit status says whether anything is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=pathlib.Path, required=True)
    root = parser.parse_args().root
    names = declared(root)
    missing = names - tabled(root) - ELSEWHERE
    print(f"{len(names)} encoders")
    for name in sorted(missing):
        print(f"vcmd_{name} is in no table of tests/core", file=sys.stderr)
    return 1 if missing or not names else 0


if __name__ == "__main__":
    sys.exit(main())
