#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes two files of the core, virglcmd.c and virglcmd.h, for projects that copy what they use.

    python3 src/amalgamate.py DIRECTORY

virglcmd.h is <virglcmd/virglcmd.h> with everything that it includes; virglcmd.c is all of the core
(SOURCE_FOLDERS below). A third file beside them, virglcmd_inline.h, is <virglcmd/inline.h>, for
those who want it. The result depends on the sources alone. Device layer and transports are not in
it: link those.
"""

import argparse
import collections
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCE_FOLDERS = ("src/check", "src/core", "src/decode", "src/generated", "src/print")
# These belong to the device layer, not to the core.
OTHER_HEADERS = {"check_device.h", "device.h", "transport.h", "capture.h", "record.h",
                 "replay.h"}
# Of the core, and of use only to those who include it by name.
INLINE_HEADER = ROOT / "include/virglcmd/inline.h"
# What a kernel without floating point has to leave out.
FLOAT_SOURCE = ROOT / "src/core/float_bits.c"

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"][^\n]*\n', re.M)
DEFINE = re.compile(r"^[ \t]*#[ \t]*define[ \t]+(\w+)", re.M)
# A name that a file keeps to itself: what it declares static at the left margin.
STATIC = re.compile(r"^static\b[^;={(]*?\b(\w+)\s*(?:\[[^;={(]*)?[=({;]", re.M)
TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
                   r"|(?:->|\.)\s*[A-Za-z_]\w*|[A-Za-z_]\w*|.", re.S)


def relative(path):
    """A path as the comments name it."""
    return path.relative_to(ROOT).as_posix()


class Writer:
    """Puts files one after the other, each header once, where it is first included."""

    def __init__(self, done=()):
        self.done = set(done)
        self.text = []

    def resolve(self, path, kind, name):
        """The file of this project that an include means, or None for one of the system."""
        if kind == '"':
            return (path.parent / name).resolve()
        if name.startswith("virglcmd/"):
            return ROOT / "include" / name
        return None

    def add(self, path, text=None):
        """A file, with the project's own headers put in where it includes them."""
        if path in self.done:
            return
        self.done.add(path)
        text = path.read_text() if text is None else text
        at = 0
        self.text.append(f"\n/* ---- {relative(path)} ---- */\n")
        for match in INCLUDE.finditer(text):
            target = self.resolve(path, *match.groups())
            if target is None:
                continue
            self.text.append(text[at:match.start()])
            at = match.end()
            if target not in self.done:
                self.add(target)
                self.text.append(f"/* ---- {relative(path)}, continued ---- */\n")
        self.text.append(text[at:])


def rename(text, names, prefix):
    """The text with a prefix at each of the names, but not at members called the same."""
    return TOKEN.sub(lambda m: f"{prefix}_{m.group()}" if m.group() in names else m.group(), text)


def prepare(sources):
    """The text of each source: no static name twice, no macro left over at its end."""
    users = collections.defaultdict(set)
    texts = {path: path.read_text() for path in sources}
    for path, text in texts.items():
        for name in STATIC.findall(text):
            users[name].add(path)
    for path in sources:
        shared = {name for name, paths in users.items() if len(paths) > 1 and path in paths}
        texts[path] = rename(texts[path], shared, path.stem)
        macros = DEFINE.findall(texts[path])
        if macros:
            texts[path] += "\n" + "".join(f"#undef {name}\n" for name in dict.fromkeys(macros))
    return texts


def banner(name, what):
    """The top of a file, with the licence that has to go with a copy."""
    version = re.search(r'VCMD_VERSION_STRING "(.*)"',
                        (ROOT / "include/virglcmd/version.h").read_text()).group(1)
    licence = "".join(f" * {line}".rstrip() + "\n"
                      for line in (ROOT / "LICENSE").read_text().rstrip().splitlines())
    return (f"/* SPDX-License-Identifier: MIT */\n/*\n * {name}: {what} of libvirglcmd {version}, "
            f"made by src/amalgamate.py. Do not edit.\n *\n{licence} */\n")


def make_header():
    """The text of virglcmd.h and the headers that are in it."""
    writer = Writer()
    writer.add(ROOT / "include/virglcmd/virglcmd.h")
    wanted = {path for path in (ROOT / "include/virglcmd").glob("*.h")
              if path.name not in OTHER_HEADERS and path != INLINE_HEADER}
    if wanted != writer.done:
        odd = ", ".join(sorted(path.name for path in wanted ^ writer.done))
        sys.exit(f"virglcmd/virglcmd.h does not include exactly the core's headers: {odd}")
    guard = "#ifndef VIRGLCMD_AMALGAMATION_H\n#define VIRGLCMD_AMALGAMATION_H\n"
    return (banner("virglcmd.h", "the core's interface") + guard + "".join(writer.text) +
            "\n#endif\n"), writer.done


def make_inline(headers):
    """The text of virglcmd_inline.h."""
    writer = Writer(headers)
    writer.add(INLINE_HEADER)
    return (banner("virglcmd_inline.h", "encoders to compile into the caller,") +
            '#include "virglcmd.h"\n' + "".join(writer.text))


def make_source(headers):
    """The text of virglcmd.c, after a header that has those headers in it."""
    sources = [path for folder in SOURCE_FOLDERS for path in sorted((ROOT / folder).glob("*.c"))]
    writer = Writer(headers)
    for path, text in prepare(sources).items():
        if path == FLOAT_SOURCE:
            text = f"#ifndef VCMD_WITHOUT_FLOAT_BITS\n{text}#endif\n"
        writer.add(path, text)
    return banner("virglcmd.c", "the core") + '#include "virglcmd.h"\n' + "".join(writer.text)


def main():
    """Writes the two files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", type=pathlib.Path, help="where virglcmd.c and virglcmd.h go")
    directory = parser.parse_args().directory
    header, headers = make_header()
    directory.mkdir(parents=True, exist_ok=True)
    texts = {"virglcmd.h": header, "virglcmd.c": make_source(headers)}
    if INLINE_HEADER.exists():
        texts["virglcmd_inline.h"] = make_inline(headers)
    for name, text in texts.items():
        (directory / name).write_bytes(text.encode())


if __name__ == "__main__":
    main()
