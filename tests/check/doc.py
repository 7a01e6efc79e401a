#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The programs of docs/checking.md are compiled, and print what stands below them.

    doc.py extract DOC OUTPUT...    writes the C programs of the document, in their order
    doc.py run DOC NUMBER PROGRAM   runs one of them, and compares what it prints
"""

import difflib
import pathlib
import re
import subprocess
import sys


def blocks(doc, language):
    """What stands in the fenced blocks of a language."""
    text = pathlib.Path(doc).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


def extract(doc, outputs):
    """One file for each program."""
    programs = blocks(doc, "c")
    if len(programs) != len(outputs):
        sys.exit(f"{doc} has {len(programs)} programs, and {len(outputs)} are wanted")
    for program, output in zip(programs, outputs):
        pathlib.Path(output).write_text(program, encoding="utf-8")


def run(doc, number, program):
    """What it prints is what the document says; the document may break a line, with two spaces."""
    wanted = re.sub(r" *\n  ", " ", blocks(doc, "text")[int(number)]).splitlines()
    done = subprocess.run([program], stdout=subprocess.PIPE, text=True, timeout=120, check=False)
    printed = [" ".join(line.split()) for line in done.stdout.splitlines()]
    wanted = [" ".join(line.split()) for line in wanted]
    if done.returncode != 0:
        sys.exit(f"{program} ended with {done.returncode}")
    if printed != wanted:
        sys.exit("\n".join(difflib.unified_diff(wanted, printed, doc, program, lineterm="")))


def main():
    """As the arguments say."""
    if len(sys.argv) > 3 and sys.argv[1] == "extract":
        extract(sys.argv[2], sys.argv[3:])
    elif len(sys.argv) == 5 and sys.argv[1] == "run":
        run(*sys.argv[2:])
    else:
        sys.exit(__doc__)


main()
