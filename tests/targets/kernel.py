#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The core compiles as kernels compile: no floating point registers, no large frames.

    kernel.py --build DIR

The flags are those of Linux for its own code. Both forms that a kernel can take are tried: the
folders without float_bits.c, and the two files with VCMD_WITHOUT_FLOAT_BITS.
"""

import argparse
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
COMMON = ["-std=gnu11", "-O2", "-ffreestanding", "-fno-builtin", "-fno-pic", "-fno-strict-aliasing",
          "-fno-common", "-fshort-wchar", "-Wall", "-Wextra", "-Wvla", "-Wframe-larger-than=512",
          "-Werror", "-DVCMD_WITHOUT_FLOAT_BITS"]
X86 = ["-m64", "-mno-sse", "-mno-sse2", "-mno-mmx", "-mno-3dnow", "-mno-avx", "-mno-80387",
       "-mno-red-zone", "-mcmodel=kernel"]
KERNELS = {"x86_64, gcc": ("gcc", X86), "x86_64, clang": ("clang", X86),
           "arm64, gcc": ("aarch64-linux-gnu-gcc", ["-mgeneral-regs-only"])}
SKIPPED = 77  # what CMakeLists.txt calls SKIP_RETURN_CODE
ALLOWED_SYMBOLS = {"memcpy", "memmove", "memset", "memcmp"}
# The flags must refuse these, or need a function for them that ALLOWED_SYMBOLS does not have: clang
# computes with floats by calls then. Else they prove nothing.
REFUSED = ["float f(float a);\nfloat f(float a) { return a * 2; }",
           "void memset(char *p);\nint f(void);\n"
           "int f(void) { char a[2000]; memset(a); return *a; }"]


def complaints_about(compiler, flags, source, output, text=None):
    """What the compiler refuses in a source, or in a text when the source is -."""
    done = subprocess.run([compiler, *COMMON, *flags, "-I", str(ROOT / "include"), "-xc", "-c",
                           str(source), "-o", str(output)], input=text, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return (done.stdout or "no reason given") if done.returncode else ""


def undefined(objects):
    """The symbols that the objects together lack."""
    done = subprocess.run(["nm", *map(str, objects)], check=True, text=True, stdout=subprocess.PIPE)
    kinds = [line.split()[-2:] for line in done.stdout.splitlines() if len(line.split()) > 1]
    defined = {name for kind, name in kinds if kind.isupper() and kind != "U"}
    return {name for kind, name in kinds if kind == "U"} - defined


def check(compiler, flags, forms, build):
    """Complaints about one kernel."""
    for text in REFUSED:
        output = build / "refused.o"
        if not complaints_about(compiler, flags, "-", output, text) and not undefined(
                [output]) - ALLOWED_SYMBOLS:
            yield f"the flags let pass: {text}"
    for form, sources in forms.items():
        objects = [build / f"{form}-{source.parent.name}-{source.stem}.o" for source in sources]
        said = [complaints_about(compiler, flags, source, output)
                for source, output in zip(sources, objects)]
        yield from filter(None, said)
        if not any(said):
            yield from (f"the {form} need {name}" for name in undefined(objects) - ALLOWED_SYMBOLS)


def main():
    """Prints what is wrong; the exit status says whether anything is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    build = parser.parse_args().build
    build.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, str(ROOT / "src/amalgamate.py"), str(build)], check=True)
    folders = [path for folder in ("src/check", "src/core", "src/decode", "src/generated", "src/print")
               for path in sorted((ROOT / folder).glob("*.c")) if path.name != "float_bits.c"]
    forms = {"folders": folders, "two files": [build / "virglcmd.c"]}
    bad, left_out = [], False
    for name, (compiler, flags) in KERNELS.items():
        if not shutil.which(compiler):
            print(f"{name}: left out, {compiler} is missing")
            left_out = True
            continue
        found = list(check(compiler, flags, forms, build))
        print(f"{name}: {len(folders)} sources, {len(found)} complaints")
        bad += [f"{name}: {complaint}" for complaint in found]
    for complaint in bad:
        print(complaint, file=sys.stderr)
    if bad or not folders:
        return 1
    return SKIPPED if left_out else 0


if __name__ == "__main__":
    sys.exit(main())
