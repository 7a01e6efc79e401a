#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every public header compiles alone, as C11 and as C++17, without a warning."""

import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile

WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]
COMPILERS = [
    ("gcc", ["-std=c11", "-xc"], "gcc"),
    ("clang", ["-std=c11", "-xc"], "clang"),
    ("g++", ["-std=c++17", "-xc++"], "g++"),
    ("clang++", ["-std=c++17", "-xc++"], "clang"),
]


def include_folders(root):
    """The folders that users have on their include path."""
    return [root / "include", *sorted((root / "transports").glob("*/include"))]


def public_headers(folders):
    """The headers, as a program names them."""
    return sorted(path.relative_to(folder).as_posix()
                  for folder in folders for path in folder.rglob("*.h"))


def check(compiler, flags, folders, header, scratch):
    """Whether a program of this one header compiles."""
    # Twice: a header that is included again must do no harm.
    source = scratch / "alone.c"
    source.write_text(f"#include <{header}>\n#include <{header}>\nint alone;\n")
    command = [compiler, *flags, *WARNINGS, "-fsyntax-only"]
    for folder in folders:
        command += ["-I", str(folder)]
    return subprocess.run([*command, str(source)], check=False).returncode == 0


def main():
    """Prints what is wrong; the exit status says whether anything is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=pathlib.Path, required=True)
    root = parser.parse_args().root.resolve()
    folders = include_folders(root)
    headers = public_headers(folders)
    for compiler, _, package in COMPILERS:
        if shutil.which(compiler) is None:
            sys.exit(f"{compiler} is missing: install the Debian package {package}")
    with tempfile.TemporaryDirectory() as scratch:
        bad = [f"{header} with {compiler} {flags[0]}"
               for header in headers for compiler, flags, _ in COMPILERS
               if not check(compiler, flags, folders, header, pathlib.Path(scratch))]
    print(f"{len(headers)} headers, {len(COMPILERS)} compilers")
    for complaint in bad:
        print(f"does not compile alone: {complaint}", file=sys.stderr)
    return 1 if bad or not headers else 0


if __name__ == "__main__":
    sys.exit(main())
