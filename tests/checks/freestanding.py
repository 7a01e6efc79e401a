#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The core is freestanding: proves it for a 64-bit and a 32-bit machine.

Every source of the core, and a driver's that has encoders inline, is compiled without any header of
a C library, only with those that come with the compiler. What the objects then lack, all together, must be four functions.
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys

ALLOWED_SYMBOLS = {"memcpy", "memmove", "memset", "memcmp"}
# C11, 4 paragraph 6: what a freestanding implementation has.
ALLOWED_HEADERS = {"float.h", "iso646.h", "limits.h", "stdalign.h", "stdarg.h", "stdbool.h",
                   "stddef.h", "stdint.h", "stdnoreturn.h"}
# The one place where a hosted compiler gets its declarations from.
STRING_HEADER_IN = "src/core/memory.h"
# A driver's file with encoders of its own from the header: compiled and counted with the sources.
INLINE_USER = """\
#include <virglcmd/inline.h>
#include <virglcmd/virglcmd.h>

enum vcmd_status draw(struct vcmd_buffer *buf, const struct vcmd_draw_vbo *args);
enum vcmd_status draw(struct vcmd_buffer *buf, const struct vcmd_draw_vbo *args)
{
    struct vcmd_batch batch = vcmd_batch_begin(buf);

    vcmd_batch_draw_vbo(&batch, args);
    return vcmd_batch_end(&batch);
}
"""
TARGETS = {
    "x86_64": ("gcc", ["-m64"], "gcc"),
    "i686": ("i686-linux-gnu-gcc", [], "gcc-i686-linux-gnu"),
    # For size, where gcc asks its library for a division of 64 bits, as clang always does.
    "i686-small": ("i686-linux-gnu-gcc", ["-Os"], "gcc-i686-linux-gnu"),
}


def core_sources(root):
    """The sources of the core."""
    return [path for folder in ("check", "core", "decode", "generated", "print")
            for path in sorted((root / "src" / folder).glob("*.c"))]


def reachable(root, sources):
    """The sources and what they include of this repository."""
    seen, waiting = set(), list(sources)
    while waiting:
        path = waiting.pop().resolve()
        if path in seen:
            continue
        seen.add(path)
        includes = re.findall(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', path.read_text(), re.M)
        for kind, name in includes:
            if kind == '"':
                waiting.append(path.parent / name)
            elif name.startswith("virglcmd/"):
                waiting.append(root / "include" / name)
    return sorted(seen)


def check_includes(root, sources):
    """Complaints about headers that a freestanding compiler does not have."""
    complaints = []
    for path in reachable(root, sources):
        name = path.relative_to(root).as_posix()
        for header in re.findall(r"^\s*#\s*include\s*<([^>]+)>", path.read_text(), re.M):
            if header.startswith("virglcmd/") or header in ALLOWED_HEADERS:
                continue
            if header == "string.h" and name == STRING_HEADER_IN:
                continue
            complaints.append(f"{name} includes <{header}>")
    return complaints


def compile_all(root, sources, target, build):
    """Compiles the sources for a target; returns the objects."""
    compiler, flags, package = TARGETS[target]
    if shutil.which(compiler) is None:
        sys.exit(f"{compiler} is missing: install the Debian package {package}")
    own = subprocess.run([compiler, "-print-file-name=include"], check=True, text=True,
                         stdout=subprocess.PIPE).stdout.strip()
    shutil.rmtree(build, ignore_errors=True)
    build.mkdir(parents=True)
    user = build / "inline_user.c"
    user.write_text(INLINE_USER)
    objects = []
    for source in [*sources, user]:
        target_file = build / f"{source.parent.name}-{source.stem}.o"
        subprocess.run([compiler, "-std=c11", "-ffreestanding", "-fno-builtin", "-O2", *flags,
                        "-fno-pic", "-nostdinc", "-isystem", own, "-I", str(root / "include"),
                        "-Wall", "-Wextra", "-Werror", "-c", str(source), "-o", str(target_file)],
                       check=True)
        objects.append(target_file)
    return objects


def missing_symbols(objects):
    """What is undefined in the objects after what they give each other, and who wants it."""
    defined, wanted = set(), {}
    for path in objects:
        lines = subprocess.run(["nm", str(path)], check=True, text=True,
                               stdout=subprocess.PIPE).stdout.splitlines()
        for line in lines:
            *_, kind, name = line.split()
            if kind == "U":
                wanted.setdefault(name, set()).add(path.stem)
            elif kind.isupper():
                defined.add(name)
    return {name: users for name, users in wanted.items() if name not in defined}


def print_size(objects):
    """One line with the bytes of all objects together."""
    lines = subprocess.run(["size", "-t", *map(str, objects)], check=True, text=True,
                           stdout=subprocess.PIPE).stdout.splitlines()
    text, data, bss = lines[-1].split()[:3]
    print(f"  {len(objects)} objects: {text} bytes of code and constants, {data} of data, "
          f"{bss} of zeroed data")
    return int(data) + int(bss)


def check_target(root, sources, target, build):
    """Complaints about one machine."""
    objects = compile_all(root, sources, target, build / target)
    missing = missing_symbols(objects)
    print(f"{target}: needs {', '.join(sorted(missing))}")
    complaints = [f"{target}: {name} is needed by {', '.join(sorted(users))}"
                  for name, users in sorted(missing.items()) if name not in ALLOWED_SYMBOLS]
    if print_size(objects) != 0:
        complaints.append(f"{target}: the core has global state")
    return complaints


def main():
    """Prints what is wrong; the exit status says whether anything is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=pathlib.Path, required=True)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    args = parser.parse_args()
    root = args.root.resolve()
    sources = core_sources(root)
    complaints = check_includes(root, sources)
    for target in TARGETS:
        complaints += check_target(root, sources, target, args.build)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints or not sources else 0


if __name__ == "__main__":
    sys.exit(main())
