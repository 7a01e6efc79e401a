#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The export lists say what the headers promise, and shared libraries show what the lists say.

    exports.py [--write] [LIBRARY...]

Compares each exports.txt with the prototypes of the public headers that it belongs to, and each
shared library or DLL with the lists of its parts. --write makes the lists from the headers first:
a new function is then one line of a diff, which a reviewer sees, and a lost one a line that nobody
may take away without a new SONAME (docs/linking.md).
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DEVICE_HEADERS = {"check_device.h", "device.h", "transport.h"}
CAPTURE_HEADERS = {"capture.h", "record.h", "replay.h"}


def parts():
    """For each library the parts it is made of: an export list, and the headers that promise it."""
    headers = sorted((ROOT / "include/virglcmd").glob("*.h"))
    found = {"virglcmd": [
        (ROOT / "src/core/exports.txt",
         [h for h in headers if h.name not in DEVICE_HEADERS | CAPTURE_HEADERS]),
        (ROOT / "src/device/exports.txt", [h for h in headers if h.name in DEVICE_HEADERS]),
    ], "virglcmd-capture": [
        (ROOT / "src/capture/exports.txt", [h for h in headers if h.name in CAPTURE_HEADERS]),
    ]}
    for folder in sorted(path.parent for path in ROOT.glob("transports/*/CMakeLists.txt")):
        found[f"virglcmd-{folder.name}"] = [
            (folder / "exports.txt", sorted((folder / "include/virglcmd").glob("*.h")))]
    return found


def declared(header):
    """The functions that a header declares for the linker, in its order."""
    text = header.read_text()
    text = re.sub(r"/\*.*?\*/|//[^\n]*", " ", text, flags=re.S)
    text = re.sub(r'extern\s+"C"\s*\{', " ", text)
    # Directives go; what an #if chooses between stays, all of it.
    text = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", " ", text, flags=re.M)
    outside, depth = [], 0
    for char in text:
        if char == "{":
            depth += 1
            if depth == 1:
                outside.append("{}")
        elif char == "}":
            depth = max(depth - 1, 0)
        elif depth == 0:
            outside.append(char)
    names = []
    for statement in re.split(r";|\{\}", "".join(outside)):
        statement = " ".join(statement.split())
        found = re.search(r"\b(vcmd_\w+) ?\(", statement)
        if found and not re.match(r"(typedef|static)\b", statement):
            names.append(found.group(1))
    return names


def read_list(path):
    """The names in an export list, as library.cmake reads it."""
    return [line for line in path.read_text().splitlines() if line and not line.startswith("#")]


def shown(library):
    """The functions and data that a shared library or DLL gives others, without its version."""
    if library.suffix == ".dll":
        tool = next((name for name in ("x86_64-w64-mingw32-objdump", "i686-w64-mingw32-objdump",
                                       "objdump") if shutil.which(name)), "objdump")
        out = subprocess.run([tool, "-p", str(library)], check=True, text=True,
                             stdout=subprocess.PIPE).stdout
        table = out.split("[Ordinal/Name Pointer] Table", 1)[1].split("\n\n", 1)[0]
        return re.findall(r"^\s*\[\s*\d+\]\s+(?:\+base\[\s*\d+\]\s+\w+\s+)?(\S+)$", table, re.M)
    out = subprocess.run(["nm", "--dynamic", "--defined-only", str(library)], check=True, text=True,
                         stdout=subprocess.PIPE).stdout
    # A (absolute) is the symbol that stands for the version itself.
    return [name.split("@")[0] for _, kind, name in map(str.split, out.splitlines()) if kind != "A"]


def differences(what, wanted, got):
    """Sentences about two sets of names."""
    return ([f"{what} lacks {name}" for name in sorted(wanted - got)] +
            [f"{what} has {name} besides" for name in sorted(got - wanted)])


def write_list(path, headers):
    """Makes a list from the headers; the comment at its top stays."""
    comment = [line for line in path.read_text().splitlines() if line.startswith("#")]
    names = sorted({name for header in headers for name in declared(header)})
    path.write_text("\n".join(comment + names) + "\n")


def check_list(path, headers):
    """Complaints about one list, and its names."""
    what, names = path.relative_to(ROOT).as_posix(), read_list(path)
    complaints = []
    if names != sorted(set(names)):
        complaints.append(f"{what} is not sorted, or has a name twice")
    promised = {name for header in headers for name in declared(header)}
    if not promised:
        complaints.append(f"no prototypes in the headers for {what}")
    return complaints + differences(what, promised, set(names)), set(names)


def library_name(path, known):
    """Which library a file is: libvirglcmd.so.0.1, libvirglcmd-loopback-0.dll."""
    found = re.match(r"(?:lib)?(virglcmd[\w-]*?)(?:-\d+)?\.(?:so|dll)", path.name)
    if not found or found.group(1) not in known:
        sys.exit(f"{path} is none of {', '.join(known)}")
    return found.group(1)


def main():
    """Prints what differs; the exit status says whether anything does."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("libraries", type=pathlib.Path, nargs="*", metavar="LIBRARY")
    parser.add_argument("--write", action="store_true", help="make the lists from the headers")
    args = parser.parse_args()
    complaints, names = [], {}
    for library, lists in parts().items():
        names[library] = set()
        for path, headers in lists:
            if args.write:
                write_list(path, headers)
            more, listed = check_list(path, headers)
            complaints += more
            names[library] |= listed
    for path in args.libraries:
        complaints += differences(path.name, names[library_name(path, names)], set(shown(path)))
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    print(", ".join(f"{library}: {len(listed)} functions" for library, listed in names.items()))
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
