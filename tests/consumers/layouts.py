#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The layout of every public struct and union, against a list: what programs were built with.

    layouts.py            compares with layouts.txt, and says which structs differ
    layouts.py --write    makes layouts.txt anew: after a change that is meant

A program that was built before and a library that was built after a change of a struct misread each
other, without a word from compiler or linker. docs/linking.md says what such a change needs. The
layouts are those of 64-bit Linux; other machines follow from the same members.
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LIST = HERE / "layouts.txt"
FOLDERS = [ROOT / "include", *sorted(ROOT.glob("transports/*/include"))]
SKIPPED = 77  # what CMakeLists.txt calls SKIP_RETURN_CODE
HEAD = ["# Offset, type and name of each member; size and alignment. Written by layouts.py --write."]


def dump():
    """What clang says of all records that the public headers have."""
    headers = sorted(path.relative_to(folder).as_posix() for folder in FOLDERS
                     for path in folder.rglob("*.h"))
    with tempfile.TemporaryDirectory() as scratch:
        source = pathlib.Path(scratch) / "all.c"
        source.write_text("".join(f"#include <{header}>\n" for header in headers))
        return subprocess.run(
            ["clang", "--target=x86_64-linux-gnu", "-std=c11", "-fsyntax-only", "-Xclang",
             "-fdump-record-layouts-complete", *(f"-I{folder}" for folder in FOLDERS), source],
            check=True, text=True, stdout=subprocess.PIPE).stdout


def layouts():
    """{name: lines} of the structs and unions that are ours and have a name."""
    found = {}
    for record in dump().split("*** Dumping AST Record Layout")[1:]:
        lines = [line.strip() for line in record.strip().splitlines()]
        name = re.match(r"0 \| ((?:struct|union) vcmd_\w+)$", lines[0])
        if name:
            # Structs without a name are called after their file's place.
            found[name.group(1)] = [re.sub(r"\((?:unnamed|anonymous)[^)]*\)", "(unnamed)", line)
                                    for line in lines if line]
    return found


def text_of(found):
    """The list."""
    return "\n\n".join("\n".join(lines) for lines in [HEAD, *(found[name] for name in sorted(found))
                                                      ]) + "\n"


def listed():
    """{name: lines} of the list."""
    blocks = [block.splitlines() for block in LIST.read_text().split("\n\n")[1:]]
    return {block[0].removeprefix("0 | "): [line for line in block if line] for block in blocks}


def main():
    """Prints what differs; the exit status says whether anything does."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    if not shutil.which("clang"):
        print("skipped: clang is missing")
        return SKIPPED
    found = layouts()
    if args.write:
        LIST.write_text(text_of(found))
        return 0
    known = listed()
    bad = [f"{name} is new: add it by layouts.py --write" for name in sorted(found.keys() - known)]
    bad += [f"{name} is gone" for name in sorted(known.keys() - found)]
    for name in sorted(found.keys() & known):
        bad += [f"{name}: {was} has become {now}" for was, now in zip(known[name], found[name])
                if was != now]
        if len(found[name]) != len(known[name]):
            bad.append(f"{name} has {len(found[name])} lines, {len(known[name])} in the list")
    for complaint in bad:
        print(complaint, file=sys.stderr)
    print(f"{len(found)} structs and unions, {len(bad)} differences")
    return 1 if bad or not found else 0


if __name__ == "__main__":
    sys.exit(main())
