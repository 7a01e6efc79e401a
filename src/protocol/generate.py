#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes headers, encoders, decoders, tables and the reference from the protocol description.

    generate.py            writes every generated file that has changed
    generate.py --check    writes nothing; names the files that differ and fails

Needs nothing beyond Python 3 itself. The same description gives the same bytes.
"""

import argparse
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from generator import bytestructs, diagnostics, docs, encoders  # noqa: E402
from generator import explain, headers, inline, table  # noqa: E402
from generator.c import fold  # noqa: E402
from generator.check import check  # noqa: E402
from generator.load import DescriptionError  # noqa: E402
from generator.model import load  # noqa: E402

FILES = ["virgl.xml", "virtio-gpu.xml"]


def outputs(protocol, registry):
    """{path from the top of the tree: lines}"""
    public = "include/virglcmd/"
    private = "src/generated/"
    result = {
        public + "enums.h": headers.enums(protocol, "virgl-enums.xml", "enums.h"),
        public + "formats.h": headers.formats(protocol),
        public + "structs.h": headers.plain_structs(protocol),
        public + "caps_fields.h": headers.caps(protocol),
        public + "video_descriptors.h": headers.video(protocol),
        public + "control.h": headers.control(protocol),
        public + "inline.h": inline.header(protocol),
        public + "packet.h": table.packet_header(protocol),
        "tests/fuzz/binary.dict": table.binary_dictionary(protocol),
        "tests/fuzz/text.dict": table.text_dictionary(protocol),
        private + "table.c": table.source(protocol),
        private + "packet.c": table.encode_source(protocol),
        private + "formats.c": bytestructs.formats(protocol),
        private + "caps.c": bytestructs.caps(protocol),
        private + "host_structs.c": bytestructs.host_structs(protocol),
        private + "video_descriptors.c": bytestructs.video(protocol),
        private + "control.c": bytestructs.control(protocol),
        private + "control_structs.c": bytestructs.control_structs(protocol),
        public + "diagnostics.h": diagnostics.header(registry),
        private + "diagnostics.c": diagnostics.source(registry),
        "docs/diagnostics.md": diagnostics.page(registry),
        "src/tool/generated/explain_table.c": explain.source(protocol),
    }
    for group in headers.GROUPS:
        result[f"{public}{group}.h"] = headers.commands(protocol, group)
        result[f"{private}{group}.c"] = encoders.source(protocol, group)
    for name, lines in docs.pages(protocol).items():
        result[f"docs/reference/{name}"] = lines
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    here = os.path.dirname(os.path.abspath(__file__))
    parser.add_argument("--check", action="store_true", help="write nothing, fail on a difference")
    parser.add_argument("--description", default=here, metavar="DIR",
                        help="folder of the description (default: beside this program)")
    parser.add_argument("--output", default=os.path.join(here, "..", ".."), metavar="DIR",
                        help="top of the tree to write into (default: this one)")
    parser.add_argument("--diagnostics", metavar="FILE",
                        default=os.path.join(here, "..", "check", "diagnostics.xml"),
                        help="registry of the checker's faults (default: this tree's)")
    arguments = parser.parse_args()
    try:
        protocol = load(arguments.description, FILES)
        check(protocol)
        registry = diagnostics.load(arguments.diagnostics)
    except DescriptionError as error:
        print(error, file=sys.stderr)
        return 1
    return write(outputs(protocol, registry), arguments.output, arguments.check)


def write(files, top, only_check):
    differing = 0
    for path, lines in sorted(files.items()):
        if path.endswith((".c", ".h")):
            lines = [part for line in lines for part in fold(line)]
        text = "\n".join(lines) + "\n"
        full = os.path.join(top, path)
        old = None
        if os.path.exists(full):
            with open(full, encoding="utf-8") as file:
                old = file.read()
        if old == text:
            continue
        differing += 1
        if only_check:
            print(f"{path} is not what the description says: run src/protocol/generate.py",
                  file=sys.stderr)
            continue
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    if only_check:
        return 1 if differing else 0
    print(f"{len(files)} files, {differing} written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
